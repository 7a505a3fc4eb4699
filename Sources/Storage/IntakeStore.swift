// What belongs to the conversation besides report and wishes: records, risks in their versions, advice that was told.
// Callers have seen to it that the referral may be known of.

package import Domain
package import SQLite

/// The tables `intake_record`, `risk_version` and `advice_told`.
package struct IntakeStore {
    private let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    // MARK: Records

    /// Adds a record.
    package func insert(_ record: IntakeRecord, about referral: ReferralID, by token: TokenID) throws {
        try db.run(
            """
            INSERT INTO intake_record (id, referral_id, kind, happened_on, text, written_at, token_id, role)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            record.id, referral, Code(record.kind), record.on, record.text, record.writtenAt, token,
            Code(record.writtenBy))
    }

    /// The records about a referral, newest first.
    package func records(of referral: ReferralID) throws -> [IntakeRecord] {
        try db.all(
            """
            SELECT id, kind, happened_on, text, written_at, role FROM intake_record
            WHERE referral_id = ? ORDER BY id DESC
            """, referral
        ) { row in
            IntakeRecord(
                id: row.id(0), kind: row.code(1, otherwise: .conversation), on: row.date(2), text: row.text(3),
                writtenAt: row.instant(4), writtenBy: row.code(5, otherwise: .intaker))
        }
    }

    // MARK: Risks

    /// Adds a version of the risks and gives its number.
    package func insert(
        risks: [RiskFactor], note: String?, id: Identifier<RiskVersion>, about referral: ReferralID, by role: Role,
        at now: Instant
    ) throws -> Int {
        let number =
            try db.first("SELECT coalesce(max(number), 0) + 1 FROM risk_version WHERE referral_id = ?", referral) {
                $0.int(0)
            } ?? 1
        try db.run(
            """
            INSERT INTO risk_version (id, referral_id, number, risks, note, written_at, role)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, id, referral, number, risks.codes, note, now, Code(role))
        return number
    }

    /// The versions of the risks, newest first.
    package func risks(of referral: ReferralID) throws -> [RiskVersion] {
        try db.all(
            """
            SELECT number, risks, note, written_at, role FROM risk_version
            WHERE referral_id = ? ORDER BY number DESC
            """, referral
        ) { row in
            RiskVersion(
                number: row.int(0), risks: row.codes(1), note: row.optionalText(2), writtenAt: row.instant(3),
                writtenBy: row.code(4, otherwise: .intaker))
        }
    }

    // MARK: Advice

    /// Adds that an advice was told.
    package func insert(_ told: AdviceTold, about referral: ReferralID, by token: TokenID) throws {
        try db.run(
            """
            INSERT INTO advice_told (id, referral_id, advice, note, told_at, token_id, role)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, told.id, referral, Code(told.advice), told.note, told.at, token, Code(told.by))
    }

    /// What was told to the person of a referral, oldest first.
    package func told(of referral: ReferralID) throws -> [AdviceTold] {
        try db.all(
            "SELECT id, advice, note, told_at, role FROM advice_told WHERE referral_id = ? ORDER BY id", referral
        ) { row in
            AdviceTold(
                id: row.id(0), advice: row.code(1, otherwise: .neighbourhoodTeam), note: row.optionalText(2),
                at: row.instant(3), by: row.code(4, otherwise: .intaker))
        }
    }
}
