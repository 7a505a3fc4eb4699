// From the Authorization field, or a session's cookie, to an actor. A token or session that is missing, misspelt, expired,
// revoked, of a closed organisation or from an address it does not hold for gets the same answer.

internal import Domain
internal import HTTPWire
internal import Storage
internal import UseCases

/// Recognises callers by their tokens, and browsers by their sessions.
struct Authentication: Sendable {
    /// Somebody with a token that holds.
    struct Bearer {
        let actor: Actor
        /// Whose bucket pays: the token's, also for its sessions.
        let key: RateLimits.TokenKey
        /// The session that stands for it; nil when the token itself was sent.
        let session: LiveSession?

        fileprivate init(_ token: LiveToken, _ hash: [UInt8]) {
            actor = token.actor
            session = token.session
            key = RateLimits.key(of: token.session?.tokenHash ?? hash)
        }
    }

    let database: Database
    /// Nil when nothing is limited.
    let limits: RateLimits?
    let sessions: SessionTerms
    let log: ApplicationLog

    /// Whose token a request carries. What the loop remembers takes no look-up; what it does not is looked up once, and
    /// a wrong token as a right one: by the hash, which tells a guesser nothing about how near it came.
    ///
    /// - Throws: `Problem` 401 (RFC 6750, section 3), 403 for a session's cookie that another site's page sent, or 429 when
    ///   too many wrong ones came from the same address.
    func bearer(
        of request: Request, _ memory: LoopMemory, at version: DataVersion, _ record: AccessRecord, _ clock: Int64
    ) throws -> Bearer {
        guard let claim = Self.claim(request) else { throw Self.unauthorized }
        if case .session = claim, !SessionCookie.isOwn(request) { throw Self.foreign }
        let hash = claim.hash
        let now = record.startedAt
        let address = request.peerAddress
        var token = memory.token(hash, at: version, now)
        var isGuess = true
        if token == nil {
            (token, isGuess) = try lookUp(claim, hash, from: address, clock)
            if let token {
                memory.keep(token, hash, at: version, now)
                if token.isUsable(from: address) { AccessTokens.noteUse(of: token, at: now, in: database) }
            }
        }
        guard let token, token.isUsable(from: address) else {
            var refusal = Self.unauthorized
            if isGuess, let limits {
                refusal.fields += try limits.noteFailure(
                    of: RateLimits.key(of: hash), from: address, atMicroseconds: clock)
            }
            if let token { log.failure(record.requestID, "token \(token.actor.token) came from \(address)") }
            throw refusal
        }
        if let session = token.session { Sessions.noteUse(of: session, terms: sessions, at: now, in: database) }
        return Bearer(token, hash)

        func lookUp(
            _ claim: Claim, _ hash: [UInt8], from address: String, _ clock: Int64
        ) throws -> (LiveToken?, isGuess: Bool) {
            let key = RateLimits.key(of: hash)
            try limits?.admit(key, from: address, atMicroseconds: clock)
            switch claim {
            case .token(let secret):
                let token = try database.read(lane: request.loop) { tx in
                    try AccessTokens.authenticate(secret, hash: hash, in: tx)
                }
                if token == nil { limits?.forget(key) }
                return (token, true)
            case .session(let secret):
                guard Sessions.isWellFormed(secret) else { return (nil, true) }
                let found = try database.read(lane: request.loop) { try Sessions.authenticate(hash: hash, in: $0) }
                // Known from now on, as a token is by what it pays; the payment itself is the token's.
                if found.token != nil { _ = limits?.charge(.read, to: key, atMicroseconds: clock) }
                // A browser that still sends what has ended guesses nothing.
                return (found.token, !found.isKnown)
            }
        }
    }

    /// Whose token a request carries, when that takes no look-up and nothing need be written down.
    func rememberedBearer(
        of request: Request, _ memory: LoopMemory, at version: DataVersion, _ now: Instant
    ) -> Bearer? {
        guard let claim = Self.claim(request) else { return nil }
        let hash = claim.hash
        guard let token = memory.token(hash, at: version, now), token.isUsable(from: request.peerAddress) else {
            return nil
        }
        if let session = token.session {
            let isDue = sessions.isUseDue(livesUntil: session.livesUntil, endsAt: session.endsAt, at: now)
            guard !isDue, SessionCookie.isOwn(request) else { return nil }
        }
        return Bearer(token, hash)
    }

    // MARK: What a request says

    /// What a request names its caller by.
    private enum Claim {
        case token(String)
        case session(String)

        var hash: [UInt8] {
            switch self {
            case .token(let secret), .session(let secret): AccessTokens.hash(secret)
            }
        }
    }

    /// Whether a request names a caller at all.
    static func isClaimed(_ request: Request) -> Bool {
        request.field("authorization") != nil || request.field("cookie") != nil
    }

    // The Authorization field goes before a cookie, also when it is no good: a program put it there on purpose, and a
    // browser sends a cookie by itself.
    private static func claim(_ request: Request) -> Claim? {
        let fields = request.fields("authorization")
        guard !fields.isEmpty else { return SessionCookie.secret(request).map { .session($0) } }
        guard fields.count == 1, let field = fields.first else { return nil }
        // auth-scheme 1*SP token68 (RFC 9110, section 11.4); the scheme in any case.
        let bytes = field.utf8
        guard let space = bytes.firstIndex(of: UInt8(ascii: " ")), field[..<space].lowercased() == "bearer" else {
            return nil
        }
        let secret = bytes[space...].drop { $0 == UInt8(ascii: " ") }
        return secret.isEmpty || secret.contains(UInt8(ascii: " ")) ? nil : .token(String(Substring(secret)))
    }

    private static var unauthorized: Problem {
        var problem = Problem(.unauthorized, "Send a valid token as: Authorization: Bearer TOKEN.")
        problem.fields = [("WWW-Authenticate", "Bearer realm=\"thuispunt\"")]
        return problem
    }

    private static var foreign: Problem {
        Problem(.forbidden, "A session is for the page of this service alone; send a token instead.")
    }
}
