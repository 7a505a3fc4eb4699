// Sessions of browsers: opened with a token, used in its stead, ended by signing out, by time or with the token. The secret
// is 256 random bits and is given once; only its SHA-256 is kept, as a token's is.

internal import Digest
package import Domain
package import Storage

/// Opens, recognises and ends sessions.
package enum Sessions {
    /// Base64url characters of a secret: 256 bits.
    private static let secretCharacters = 43

    /// A session that was opened.
    package struct Opened: Sendable {
        package var secret: String
        package var endsAt: Instant
        package var idleSeconds: Int64
    }

    /// Whether a text has the form of a secret; saves a look-up for what can't be one.
    package static func isWellFormed(_ secret: String) -> Bool {
        secret.utf8.count == secretCharacters
            && secret.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
                default: false
                }
            }
    }

    /// Opens a session for a caller that sent its token, in the place of one that the browser had.
    ///
    /// - Throws: `UseCaseFault.forbidden` to a caller in a session: it would never have to end.
    package static func open(
        replacing old: [UInt8]?, terms: SessionTerms, by caller: Caller, session: LiveSession?,
        in tx: WriteTransaction
    ) throws -> Opened {
        try caller.require(.openSession)
        guard session == nil else { throw UseCaseFault.forbidden("Sign in with your token, not with a session.") }
        let store = SessionStore(tx.db)
        if let old { try store.end(old, at: tx.now) }
        let secret = Base64URL.encode(tx.environment.randomBytes(32))
        let end = terms.end(openedAt: tx.now)
        try store.insert(
            AccessTokens.hash(secret), of: caller.actor.token,
            livesUntil: terms.livesUntil(usedAt: tx.now, endsAt: end), endsAt: end, at: tx.now)
        return Opened(secret: secret, endsAt: end, idleSeconds: terms.idleSeconds)
    }

    /// Ends a session.
    ///
    /// - Throws: `UseCaseFault`.
    package static func close(_ session: LiveSession?, by caller: Caller, in tx: WriteTransaction) throws {
        try caller.require(.closeSession)
        if let session { try SessionStore(tx.db).end(session.hash, at: tx.now) }
    }

    /// Whom a session with this hash speaks for, or whether it did once.
    package static func authenticate(
        hash: [UInt8], in tx: ReadTransaction
    ) throws -> (token: LiveToken?, isKnown: Bool) {
        if let token = try TokenStore(tx.db).live(session: hash, at: tx.now) { return (token, true) }
        return (nil, try SessionStore(tx.db).isKnown(hash))
    }

    /// Writes down, without waiting for it, that a session is used.
    package static func noteUse(of session: LiveSession, terms: SessionTerms, at now: Instant, in database: Database) {
        guard terms.isUseDue(livesUntil: session.livesUntil, endsAt: session.endsAt, at: now) else { return }
        let until = terms.livesUntil(usedAt: now, endsAt: session.endsAt)
        database.writeLater { try SessionStore($0.db).extend(session.hash, until: until, at: now) }
    }
}
