// The tables `task` and `task_event`: what is to be done, by whom and by when, and everything that happened to each task, one
// row a change. Which rule asks for a task is said in UseCases.

package import Domain
package import SQLite

/// What a list of tasks is narrowed to.
package struct TaskFilter: Sendable, Equatable {
    package var state = TaskState.open
    package var kind: TaskKind?
    package var referral: ReferralID?
    /// Only those whose last day was before this one.
    package var dueBefore: CivilDate?

    /// Every open task.
    package init() {}
}

/// A place in a list of tasks.
package struct TaskKey: Sendable, Equatable {
    package var dueOn: CivilDate
    package var id: TaskID

    /// A place after a task.
    package init(dueOn: CivilDate, id: TaskID) {
        self.dueOn = dueOn
        self.id = id
    }
}

/// The tasks.
package struct TaskStore {
    let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    /// Adds an open task, unless the same is open already; whether it was added.
    package func insert(_ task: CaseTask, by token: TokenID) throws -> Bool {
        let added =
            try db.run(
                """
                INSERT INTO task (id, referral_id, kind, object_id, role, organisation_id, token_id, created_at, due_on, status,
                    version)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', 1)
                ON CONFLICT DO NOTHING
                """,
                task.id, task.referral, Code(task.kind), task.object, Code(task.role), task.organisation, task.token,
                task.createdAt, task.dueOn) > 0
        if added { try note(.made, task.id, by: token, at: task.createdAt) }
        return added
    }

    private func note(
        _ deed: TaskDeed, _ task: TaskID, by token: TokenID, at now: Instant, note: String? = nil,
        answer: TaskAnswer? = nil
    ) throws {
        try db.run(
            """
            INSERT INTO task_event (task_id, kind, at, token_id, reason, until_on, note) VALUES (?, ?, ?, ?, ?, ?, ?)
            """, task, Code(deed), now, token, (answer?.reason).code, answer?.until, answer?.note ?? note)
    }

    /// Everything that happened to a task, oldest first.
    package func history(of task: TaskID) throws -> [TaskEvent] {
        try db.all(
            "SELECT kind, at, reason, until_on, note FROM task_event WHERE task_id = ? ORDER BY number", task
        ) { row in
            let reason: StallReason? = row.optionalCode(2)
            let answer = reason.map { TaskAnswer(reason: $0, until: row.date(3), note: row.optionalText(4)) }
            return TaskEvent(
                row.code(0, otherwise: .made), at: row.instant(1), answer: answer,
                note: answer == nil ? row.optionalText(4) : nil)
        }
    }

    /// The latest answer about each clock of a referral that was let pass.
    package func delays(of referral: ReferralID) throws -> [ClockID: TaskAnswer] {
        var delays: [ClockID: TaskAnswer] = [:]
        try db.forEach(
            """
            SELECT t.object_id, e.reason, e.until_on FROM task t JOIN task_event e ON e.task_id = t.id
            WHERE t.referral_id = ? AND t.kind = 'stalled_step' AND e.kind = 'answered' ORDER BY e.number
            """, referral
        ) { delays[$0.id(0)] = TaskAnswer(reason: $0.code(1, otherwise: .other), until: $0.date(2)) }
        return delays
    }

    private static let head = """
        SELECT t.id, t.referral_id, t.kind, t.object_id, t.role, t.organisation_id, t.token_id, t.created_at, t.due_on,
            t.status, t.ended_at, t.note, t.version,
            (SELECT k.kind FROM clock k
                WHERE k.referral_id = t.referral_id AND k.id = t.object_id AND t.kind = 'stalled_step')
        FROM task t
        """

    /// The open tasks about a referral, oldest first.
    package func open(about referral: ReferralID) throws -> [CaseTask] {
        try db.all(
            SQL(dynamic: Self.head + " WHERE t.referral_id = ? AND t.status = 'open' ORDER BY t.id"), referral,
            read: Self.task)
    }

    /// A task, if it is in what may be known of.
    package func find(_ id: TaskID, in visibility: TaskVisibility) throws -> CaseTask? {
        var select = SelectSQL(
            Self.head + " LEFT JOIN referral r ON r.id = t.referral_id", where: ScopeSQL.tasks(visibility))
        select.and("t.id = ?", id.value)
        return try select.first(db, read: Self.task)
    }

    /// A page of tasks: open ones by their last day, the most pressing first; others newest first.
    package func list(
        _ filter: TaskFilter, in visibility: TaskVisibility, page: PageRequest<TaskKey>
    ) throws -> Page<CaseTask, TaskKey> {
        var select = SelectSQL(
            Self.head + " LEFT JOIN referral r ON r.id = t.referral_id", where: ScopeSQL.tasks(visibility))
        // A literal, for the index of open tasks is of those alone.
        select.and("t.status = '\(filter.state.rawValue)'")
        if let kind = filter.kind { select.and("t.kind = ?", .text(kind.rawValue)) }
        if let referral = filter.referral { select.and("t.referral_id = ?", referral.value) }
        if let day = filter.dueBefore { select.and("t.due_on < ?", day.value) }
        if filter.state == .open {
            if let key = page.after { select.and("(t.due_on, t.id) > (?, ?)", key.dueOn.value, key.id.value) }
            select.order(by: "t.due_on, t.id", limit: page.limit)
        } else {
            if let key = page.after { select.and("t.id < ?", key.id.value) }
            select.order(by: "t.id DESC", limit: page.limit)
        }
        return Page(try select.all(db, read: Self.task), limit: page.limit) { TaskKey(dueOn: $0.dueOn, id: $0.id) }
    }

    /// The open tasks of some kinds whose last day was before one, from a place on, in the order of their last days.
    package func overdue(
        _ kinds: [TaskKind], before day: CivilDate, after key: TaskKey?, limit: Int
    ) throws -> [CaseTask] {
        var select = SelectSQL(Self.head, where: Scope(clause: "t.status = 'open'", values: []))
        select.and("t.due_on < ?", day.value)
        if let key { select.and("(t.due_on, t.id) > (?, ?)", key.dueOn.value, key.id.value) }
        select.and("t.kind", in: kinds.map(\.rawValue))
        select.order(by: "t.due_on, t.id", limit: limit)
        return Array(try select.all(db, read: Self.task).prefix(limit))
    }

    /// Writes a task after a change, if its row still has the version it was read at; false when somebody was first. What
    /// has ended takes its escalation with it.
    package func update(
        _ task: CaseTask, _ deed: TaskDeed, answer: TaskAnswer? = nil, by actor: Actor, at now: Instant
    ) throws -> Bool {
        let written =
            try db.run(
                """
                UPDATE task SET role = ?, token_id = ?, due_on = ?, status = ?, ended_at = ?, ended_by = ?, note = ?,
                    version = ?
                WHERE id = ? AND version = ?
                """,
                Code(task.role), task.token, task.dueOn, Code(task.state), task.endedAt,
                task.endedAt.map { _ in actor.token }, task.note, task.version, task.id, task.version - 1) > 0
        guard written else { return false }
        try note(deed, task.id, by: actor.token, at: now, note: task.note, answer: answer)
        if task.state != .open || answer != nil { try endEscalation(of: task.id, by: actor, at: now) }
        return true
    }

    /// Writes down that a task was left to the coordinator.
    package func noteEscalation(of task: TaskID, at now: Instant) throws {
        try note(.escalated, task, by: Actor.clockwork.token, at: now)
    }

    private static func task(_ row: borrowing Row) -> CaseTask {
        var task = CaseTask(
            row.code(2, otherwise: .consentWithdrawn), id: row.id(0), about: row.optionalID(1),
            object: row.optionalID(3),
            role: row.code(4, otherwise: .intaker), of: row.optionalID(5), at: row.instant(7))
        task.token = row.optionalID(6)
        task.dueOn = row.date(8)
        task.state = row.code(9, otherwise: .open)
        task.endedAt = row.optionalInstant(10)
        task.note = row.optionalText(11)
        task.version = row.int(12)
        task.clock = row.optionalCode(13)
        return task
    }

    /// The ids of the tasks about things, which a query gives, and of those about such a task.
    static func about(_ things: String) -> String {
        """
        WITH thing (id) AS (\(things)), about_it (id) AS (SELECT t.id FROM task t JOIN thing ON t.object_id = thing.id)
        SELECT id FROM about_it UNION SELECT t.id FROM task t JOIN about_it a ON t.object_id = a.id
        """
    }

    /// Gives the open tasks of one token's bearer to that of another.
    package func handOn(from old: TokenID, to new: TokenID) throws {
        try db.run(
            "UPDATE task SET token_id = ?, version = version + 1 WHERE token_id = ? AND status = 'open'", new, old)
    }

    /// Drops every open task of a kind about one thing, whosever referral it is.
    package func endAll(_ kind: TaskKind, about object: Identifier<Any>, by actor: Actor, at now: Instant) throws {
        let open: [TaskID] = try db.all(
            "SELECT id FROM task WHERE kind = ? AND object_id = ? AND status = 'open'", Code(kind), object
        ) { $0.id(0) }
        for task in open { try end(task, as: .dropped, by: actor, note: nil, at: now) }
    }

    /// Ends every open task of a kind about one thing of a referral, because it is done or no longer needed.
    package func end(
        _ kind: TaskKind, of referral: ReferralID?, object: Identifier<Any>? = nil, as state: TaskState,
        by actor: Actor,
        note: String? = nil, at now: Instant
    ) throws {
        let open: [TaskID] = try db.all(
            "SELECT id FROM task WHERE referral_id IS ? AND kind = ? AND object_id IS ? AND status = 'open'", referral,
            Code(kind), object
        ) { $0.id(0) }
        for task in open {
            try end(task, as: state, by: actor, note: note, at: now)
            try endEscalation(of: task, by: actor, at: now)
        }
    }

    /// Drops every open task of some kinds about a referral, because nobody needs to do them any more.
    package func end(
        _ kinds: [TaskKind], about referral: ReferralID, by actor: Actor, at now: Instant
    ) throws {
        for task in try open(about: referral) where kinds.contains(task.kind) {
            try end(task.id, as: .dropped, by: actor, note: nil, at: now)
            try endEscalation(of: task.id, by: actor, at: now)
        }
    }

    private func endEscalation(of task: TaskID, by actor: Actor, at now: Instant) throws {
        let open: [TaskID] = try db.all(
            "SELECT id FROM task WHERE object_id = ? AND kind = 'escalation' AND status = 'open'", task
        ) { $0.id(0) }
        for escalation in open { try end(escalation, as: .done, by: actor, note: nil, at: now) }
    }

    private func end(_ task: TaskID, as state: TaskState, by actor: Actor, note: String?, at now: Instant) throws {
        try db.run(
            """
            UPDATE task SET status = ?, ended_at = ?, ended_by = ?, note = coalesce(?, note), version = version + 1
            WHERE id = ? AND status = 'open'
            """, Code(state), now, actor.token, note, task)
        try self.note(state == .done ? .done : .dropped, task, by: actor.token, at: now, note: note)
    }
}
