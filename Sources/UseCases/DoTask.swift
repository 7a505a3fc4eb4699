// Tasks: seen by who may do them, done or handed on with a note, or answered with a reason and a new day. What makes one is
// said where it happens.

package import Domain
package import Storage

/// Looks at tasks and ends them.
package enum DoTask {
    /// A page of the tasks that the caller may do or look after, the most pressing first.
    ///
    /// - Throws: `UseCaseFault`.
    package static func list(
        _ filter: TaskFilter, page: PageRequest<TaskKey>, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<Page<CaseTask, TaskKey>> {
        try caller.require(.readTasks)
        let found = try TaskStore(tx.db).list(filter, in: AccessPolicy.tasks(visibleTo: caller.actor), page: page)
        return Reading(
            found, disclosures: found.items.compactMap { look("list_tasks", $0) })
    }

    private static func look(_ action: String, _ task: CaseTask) -> Disclosure? {
        task.referral.flatMap { Disclosure(action, of: .status, about: $0) }
    }

    /// One task, with everything that happened to it.
    ///
    /// - Throws: `UseCaseFault`.
    package static func find(
        _ id: TaskID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<(task: CaseTask, history: [TaskEvent])> {
        try caller.require(.readTasks)
        guard let task = try TaskStore(tx.db).find(id, in: AccessPolicy.tasks(visibleTo: caller.actor)) else {
            throw UseCaseFault.notFound
        }
        return Reading(
            (task, try TaskStore(tx.db).history(of: id)), disclosures: [look("read_task", task)].compactMap(\.self))
    }

    /// Says that a task is done.
    ///
    /// - Throws: `UseCaseFault`; `.conflict` for one that ends with a decision of its own.
    package static func complete(
        _ id: TaskID, note: String, if precondition: Precondition, by caller: Caller, in tx: WriteTransaction
    ) throws -> CaseTask {
        try change(id, .done, note, precondition, caller, tx) { task in
            guard !task.kind.endsWithDecision else {
                throw UseCaseFault.conflict(.other, "This task ends with the decision that it asks for.")
            }
            task.state = .done
            task.endedAt = tx.now
            task.note = note
        }
    }

    /// Hands a task on: to somebody, by their token, or to a role of another organisation.
    ///
    /// - Throws: `UseCaseFault`.
    package static func assign(
        _ id: TaskID, to token: TokenID, note: String, if precondition: Precondition, by caller: Caller,
        in tx: WriteTransaction
    ) throws -> CaseTask {
        try change(id, .assigned, note, precondition, caller, tx) { task in
            guard let record = try AccessTokens.live(token, in: tx),
                record.role != .candidate || record.referral == task.referral && !record.isDelegate
            else {
                throw UseCaseFault.invalid(pointer: "/token", code: "unknown", text: "There is no such token.")
            }
            guard record.role.isIntakePoint || record.organisation == task.organisation else {
                throw UseCaseFault.invalid(
                    pointer: "/token", code: "scope", text: "Must be of the intake point or of the task's organisation."
                )
            }
            task.token = token
            task.role = record.role
            task.note = note
        }
    }

    /// Answers why a task takes longer, and until when; it stays open, and if it was left to the coordinator that ends.
    ///
    /// - Throws: `UseCaseFault`; `.conflict` for one that takes no answer.
    package static func answer(
        _ id: TaskID, _ answer: TaskAnswer, if precondition: Precondition, by caller: Caller, in tx: WriteTransaction
    ) throws -> CaseTask {
        let today = AmsterdamTime.day(of: tx.now)
        guard answer.until > today, answer.until <= today.adding(days: TaskAnswer.longestDays) else {
            throw UseCaseFault.invalid(
                pointer: "/until", code: "range", text: "Must be a day after today and at most 13 weeks away.")
        }
        return try change(id, .answered, nil, answer: answer, precondition, caller, tx) { task in
            guard task.kind.takesAnswer else {
                throw UseCaseFault.conflict(.other, "This task is done or handed on; it takes no answer.")
            }
            task.dueOn = answer.until
        }
    }

    private static func change(
        _ id: TaskID, _ deed: TaskDeed, _ note: String?, answer: TaskAnswer? = nil, _ precondition: Precondition,
        _ caller: Caller, _ tx: WriteTransaction, _ apply: (inout CaseTask) throws -> Void
    ) throws -> CaseTask {
        try caller.require(.changeTasks)
        let store = TaskStore(tx.db)
        guard var task = try store.find(id, in: AccessPolicy.tasks(visibleTo: caller.actor)) else {
            throw UseCaseFault.notFound
        }
        try precondition.check(task.version)
        guard task.state == .open else {
            throw UseCaseFault.conflict(.other, "The task is \(task.state.rawValue) already.")
        }
        try apply(&task)
        task.version += 1
        guard try store.update(task, deed, answer: answer, by: caller.actor, at: tx.now) else {
            throw UseCaseFault.preconditionFailed
        }
        if let referral = task.referral {
            _ = try Journal(caller: caller, tx: tx).record(
                "task_\(deed.rawValue)", of: referral, reason: note ?? answer?.reason.rawValue, groups: .status,
                object: id.retyped())
        }
        return task
    }
}
