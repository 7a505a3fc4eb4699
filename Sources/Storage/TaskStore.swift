// The table `task`: what is to be done, by whom and by when. Which rule asks for a task is said in UseCases.

package import Domain
package import SQLite

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

    /// The open tasks about a referral, oldest first.
    package func open(about referral: ReferralID) throws -> [CaseTask] {
        try db.all(
            """
            SELECT id, referral_id, kind, object_id, role, organisation_id, token_id, created_at, due_on, status, ended_at,
                note, version
            FROM task WHERE referral_id = ? AND status = 'open' ORDER BY id
            """, referral, read: Self.task)
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
