// The table `task`: what is to be done, by whom and by when. Which rule asks for a task is said in UseCases.

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
    package func insert(_ task: CaseTask) throws -> Bool {
        try db.run(
            """
            INSERT INTO task (id, referral_id, kind, object_id, role, organisation_id, token_id, created_at, due_on, status,
                version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', 1)
            ON CONFLICT DO NOTHING
            """,
            task.id, task.referral, Code(task.kind), task.object, Code(task.role), task.organisation, task.token,
            task.createdAt, task.dueOn) > 0
    }

    private static let head = """
        SELECT t.id, t.referral_id, t.kind, t.object_id, t.role, t.organisation_id, t.token_id, t.created_at, t.due_on,
            t.status, t.ended_at, t.note, t.version
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
            Self.head + " JOIN referral r ON r.id = t.referral_id", where: ScopeSQL.tasks(visibility))
        select.and("t.id = ?", id.value)
        return try select.first(db, read: Self.task)
    }

    /// A page of tasks: open ones by their last day, the most pressing first; others newest first.
    package func list(
        _ filter: TaskFilter, in visibility: TaskVisibility, page: PageRequest<TaskKey>
    ) throws -> Page<CaseTask, TaskKey> {
        var select = SelectSQL(
            Self.head + " CROSS JOIN referral r ON r.id = t.referral_id", where: ScopeSQL.tasks(visibility))
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

    /// Writes a task after a change, if its row still has the version it was read at; false when somebody was first.
    package func update(_ task: CaseTask, by actor: Actor) throws -> Bool {
        try db.run(
            """
            UPDATE task SET role = ?, token_id = ?, status = ?, ended_at = ?, ended_by = ?, note = ?, version = ?
            WHERE id = ? AND version = ?
            """,
            Code(task.role), task.token, Code(task.state), task.endedAt, task.endedAt.map { _ in actor.token },
            task.note, task.version, task.id, task.version - 1) > 0
    }

    private static func task(_ row: borrowing Row) -> CaseTask {
        var task = CaseTask(
            row.code(2, otherwise: .consentWithdrawn), id: row.id(0), about: row.id(1), object: row.optionalID(3),
            role: row.code(4, otherwise: .intaker), of: row.optionalID(5), at: row.instant(7))
        task.token = row.optionalID(6)
        task.dueOn = row.date(8)
        task.state = row.code(9, otherwise: .open)
        task.endedAt = row.optionalInstant(10)
        task.note = row.optionalText(11)
        task.version = row.int(12)
        return task
    }

    /// Drops every open task of a kind about one thing, whosever referral it is.
    package func endAll(_ kind: TaskKind, about object: Identifier<Any>, by actor: Actor, at now: Instant) throws {
        try db.run(
            """
            UPDATE task SET status = 'dropped', ended_at = ?, ended_by = ?, version = version + 1
            WHERE kind = ? AND object_id = ? AND status = 'open'
            """, now, actor.token, Code(kind), object)
    }

    /// Ends every open task of a kind about one thing of a referral, because it is done or no longer needed.
    package func end(
        _ kind: TaskKind, of referral: ReferralID, object: Identifier<Any>? = nil, as state: TaskState, by actor: Actor,
        note: String? = nil, at now: Instant
    ) throws {
        try db.run(
            """
            UPDATE task SET status = ?, ended_at = ?, ended_by = ?, note = ?, version = version + 1
            WHERE referral_id = ? AND kind = ? AND object_id IS ? AND status = 'open'
            """,
            Code(state), now, actor.token, note, referral, Code(kind), object)
    }
}
