// Tasks: seen by who may do them, done or handed on with a note. What makes one is said where it happens.

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
            found, disclosures: found.items.compactMap { Disclosure("list_tasks", of: .status, about: $0.referral) })
    }

    /// One task.
    ///
    /// - Throws: `UseCaseFault`.
    package static func find(_ id: TaskID, by caller: Caller, in tx: ReadTransaction) throws -> Reading<CaseTask> {
        try caller.require(.readTasks)
        guard let task = try TaskStore(tx.db).find(id, in: AccessPolicy.tasks(visibleTo: caller.actor)) else {
            throw UseCaseFault.notFound
        }
        return Reading(
            task, disclosures: [Disclosure("read_task", of: .status, about: task.referral)].compactMap(\.self))
    }

    /// Says that a task is done.
    ///
    /// - Throws: `UseCaseFault`; `.conflict` for one that ends with a decision of its own.
    package static func complete(
        _ id: TaskID, note: String, if precondition: Precondition, by caller: Caller, in tx: WriteTransaction
    ) throws -> CaseTask {
        try change(id, "task_done", note, precondition, caller, tx) { task in
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
        try change(id, "task_assigned", note, precondition, caller, tx) { task in
            guard let record = try TokenStore(tx.db).find(token), record.revokedAt == nil,
                record.role != .candidate || record.referral == task.referral
            else {
                throw UseCaseFault.invalid(pointer: "/token", code: "unknown", text: "There is no such token.")
            }
            let isIntakePoint = record.role == .intaker || record.role == .coordinator
            guard isIntakePoint || record.organisation == task.organisation else {
                throw UseCaseFault.invalid(
                    pointer: "/token", code: "scope", text: "Must be of the intake point or of the task's organisation."
                )
            }
            task.token = token
            task.role = record.role
            task.note = note
        }
    }

    private static func change(
        _ id: TaskID, _ kind: String, _ note: String, _ precondition: Precondition, _ caller: Caller,
        _ tx: WriteTransaction, _ apply: (inout CaseTask) throws -> Void
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
        guard try store.update(task, by: caller.actor) else { throw UseCaseFault.preconditionFailed }
        _ = try Journal(caller: caller, tx: tx).record(
            kind, of: task.referral, reason: note, groups: .status, object: id.retyped())
        return task
    }
}
