// The table `session`: what stands for a token in a browser. Whom one speaks for is TokenStore's to say.

package import Domain
package import SQLite

/// A session that holds.
package struct LiveSession: Sendable, Equatable {
    /// The SHA-256 of its secret.
    package var hash: [UInt8]
    /// The SHA-256 of its token's secret.
    package var tokenHash: [UInt8]
    /// Until when it holds if it is not used again.
    package var livesUntil: Instant
    package var endsAt: Instant
}

/// The sessions.
package struct SessionStore {
    let db: Connection

    /// Days for which an ended session is remembered, so that a browser which still sends it is no guesser.
    private static let rememberedDays: Int64 = 7

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    /// Adds a session by the SHA-256 of its secret, and forgets those that ended long ago.
    package func insert(
        _ hash: [UInt8], of token: TokenID, livesUntil: Instant, endsAt end: Instant, at now: Instant
    ) throws {
        try db.run("DELETE FROM session WHERE ends_at < ?", now.adding(seconds: -Self.rememberedDays * 86_400))
        try db.run(
            "INSERT INTO session (hash, token_id, created_at, lives_until, ends_at) VALUES (?, ?, ?, ?, ?)", hash,
            token, now, livesUntil, end)
    }

    /// Whether there is or was such a session.
    package func isKnown(_ hash: [UInt8]) throws -> Bool {
        try db.first("SELECT 1 FROM session WHERE hash = ?", hash) { _ in true } ?? false
    }

    /// Lets a session that still holds go on until a moment; changes nothing when it goes on for longer already.
    package func extend(_ hash: [UInt8], until moment: Instant, at now: Instant) throws {
        try db.run(
            """
            UPDATE session SET lives_until = min(?1, ends_at)
            WHERE hash = ?2 AND lives_until > ?3 AND lives_until < min(?1, ends_at)
            """, moment, hash, now)
    }

    /// Ends a session now.
    package func end(_ hash: [UInt8], at now: Instant) throws {
        try db.run("UPDATE session SET lives_until = min(lives_until, ?) WHERE hash = ?", now, hash)
    }
}
