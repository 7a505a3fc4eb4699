// Answers kept so that a POST can be repeated: the same key and request give the first answer again, in the commit
// that made it. Knows nothing of what an answer means.

package import Domain
package import SQLite

/// An answer as it was given the first time.
package struct StoredAnswer: Sendable, Equatable {
    /// SHA-256 of method, path and body.
    package var requestHash: [UInt8]
    package var status: Int
    /// Header fields, one `name: value` a line.
    package var fields: String
    package var body: [UInt8]
    /// Whom the answer is about.
    package var referral: ReferralID?

    /// An answer from its parts.
    package init(requestHash: [UInt8], status: Int, fields: String, body: [UInt8], referral: ReferralID?) {
        self.requestHash = requestHash
        self.status = status
        self.fields = fields
        self.body = body
        self.referral = referral
    }
}

/// The table `idempotency`.
package struct IdempotencyStore {
    /// How long an answer is kept: 48 hours, in seconds.
    package static let keptSeconds: Int64 = 48 * 3600
    private let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    /// The answer given under a key, if it is kept still.
    package func find(_ key: String, of token: TokenID, at now: Instant) throws -> StoredAnswer? {
        try db.first(
            """
            SELECT request_hash, status, fields, body, referral_id FROM idempotency
            WHERE token_id = ? AND key = ? AND created_at > ?
            """, token, key, now.adding(seconds: -Self.keptSeconds)
        ) { row in
            StoredAnswer(
                requestHash: row.blob(0), status: row.int(1), fields: row.text(2), body: row.blob(3),
                referral: row.optionalID(4))
        }
    }

    /// Keeps an answer, in the place of one that is too old, and forgets a few that are old.
    package func insert(_ answer: StoredAnswer, key: String, of token: TokenID, at now: Instant) throws {
        _ = try forget(keptBefore: now, limit: 20)
        let oldest = now.adding(seconds: -Self.keptSeconds)
        try db.run("DELETE FROM idempotency WHERE token_id = ? AND key = ? AND created_at <= ?", token, key, oldest)
        try db.run(
            """
            INSERT INTO idempotency (token_id, key, request_hash, status, fields, body, referral_id, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, token, key, answer.requestHash, answer.status, answer.fields, answer.body, answer.referral, now)
    }

    /// Forgets answers that are too old at a moment, of those that were kept first. One from a time to come was kept when the
    /// clock was wrong; it is as old as those about it.
    ///
    /// - Returns: How many.
    package func forget(keptBefore now: Instant, limit: Int) throws -> Int {
        let (oldest, latest) = (now.adding(seconds: -Self.keptSeconds), now.adding(seconds: Self.keptSeconds))
        let first = try db.first(
            "SELECT created_at FROM idempotency WHERE number = (SELECT min(number) FROM idempotency)"
        ) { $0.instant(0) }
        guard let first, first <= oldest || first > latest else { return 0 }
        return try db.run(
            """
            DELETE FROM idempotency WHERE (created_at <= ? OR created_at > ?)
                AND number IN (SELECT number FROM idempotency ORDER BY number LIMIT ?)
            """, oldest, latest, limit)
    }

    /// Forgets the kept answers about a signal that was nobody's referral: they name a person whom the signal itself no longer
    /// knows.
    package func forget(about signal: SignalID) throws {
        try db.run("DELETE FROM idempotency WHERE referral_id IS NULL AND instr(fields, ?) > 0", signal.description)
    }

    /// Forgets the kept answers that name people around somebody; those answers alone, as the others keep a POST safe to
    /// repeat.
    package func forgetNetwork(of referral: ReferralID) throws {
        try db.run("DELETE FROM idempotency WHERE referral_id = ? AND instr(fields, '/network') > 0", referral)
    }
}
