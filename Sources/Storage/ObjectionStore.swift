// The table `objection`: what a person said against a refusal, and what came of it.

package import Domain
package import SQLite

/// The objections.
package struct ObjectionStore {
    private let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    /// The refusal that somebody can object to: the newest decision, when it is one.
    package func refusal(of referral: ReferralID) throws -> (id: Identifier<Decision>, objectionDueOn: CivilDate)? {
        let newest = try db.first(
            "SELECT id, kind, objection_due_on FROM decision WHERE referral_id = ? ORDER BY id DESC LIMIT 1", referral
        ) { row in
            (
                id: row.id(0, of: Decision.self), kind: row.code(1, otherwise: Decision.Kind.redirect),
                due: row.optionalDate(2)
            )
        }
        guard let newest, newest.kind == .reject, let due = newest.due else { return nil }
        return (newest.id, due)
    }

    /// Adds an objection to a decision.
    ///
    /// - Throws: `SQLiteError`, a unique violation when there is one already.
    package func insert(
        _ objection: Objection, to decision: Identifier<Decision>, of referral: ReferralID
    ) throws {
        try db.run(
            """
            INSERT INTO objection (id, referral_id, decision_id, lodged_at, role, text, due_on)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            objection.id, referral, decision, objection.lodgedAt, Code(objection.lodgedBy), objection.text,
            objection.dueOn)
    }

    /// The objections about a referral, oldest first.
    package func list(of referral: ReferralID) throws -> [Objection] {
        try db.all(
            """
            SELECT id, lodged_at, role, text, due_on, outcome, note, decided_at FROM objection
            WHERE referral_id = ? ORDER BY id
            """, referral
        ) { row in
            var objection = Objection(
                id: row.id(0), lodgedAt: row.instant(1), lodgedBy: row.code(2, otherwise: .candidate),
                text: row.optionalText(3), objectionDueOn: row.date(4))
            objection.dueOn = row.date(4)
            objection.outcome = row.optionalCode(5)
            objection.note = row.optionalText(6)
            objection.decidedAt = row.optionalInstant(7)
            return objection
        }
    }

    /// Whether there is one to a decision.
    package func exists(to decision: Identifier<Decision>) throws -> Bool {
        try db.first("SELECT 1 FROM objection WHERE decision_id = ?", decision) { _ in true } ?? false
    }

    /// Writes the decision on an objection; false when it was decided before.
    package func decide(_ objection: Objection) throws -> Bool {
        try db.run(
            "UPDATE objection SET outcome = ?, note = ?, decided_at = ? WHERE id = ? AND outcome IS NULL",
            objection.outcome.code, objection.note, objection.decidedAt, objection.id) > 0
    }
}
