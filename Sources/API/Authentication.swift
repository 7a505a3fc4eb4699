// From the Authorization field to an actor. A token that is missing, misspelt, expired, revoked, of a closed
// organisation or from an address it does not hold for gets the same answer.

internal import Domain
internal import HTTPWire
internal import Storage
internal import UseCases

/// Recognises callers by their tokens.
struct Authentication: Sendable {
    /// Somebody with a token that holds.
    struct Bearer {
        let actor: Actor
        /// Whose bucket pays.
        let key: RateLimits.TokenKey
    }

    let database: Database
    /// Nil when nothing is limited.
    let limits: RateLimits?
    let log: ApplicationLog

    /// Whose token a request carries. What the loop remembers takes no look-up; what it does not is looked up once, and
    /// a wrong token as a right one: by the hash, which tells a guesser nothing about how near it came.
    ///
    /// - Throws: `Problem` 401 (RFC 6750, section 3), or 429 when too many wrong ones came from the same address.
    func bearer(
        of request: Request, _ memory: LoopMemory, at version: DataVersion, _ record: AccessRecord, _ clock: Int64
    ) throws -> Bearer {
        guard let secret = Self.secret(request) else { throw Self.unauthorized }
        let hash = AccessTokens.hash(secret)
        let key = RateLimits.key(of: hash)
        let now = record.startedAt
        let address = request.peerAddress
        var token = memory.token(hash, at: version, now)
        if token == nil {
            try limits?.admit(key, from: address, atMicroseconds: clock)
            token = try database.read(lane: request.loop) { tx in
                try AccessTokens.authenticate(secret, hash: hash, in: tx)
            }
            if let token {
                memory.keep(token, hash, at: version, now)
                if token.isUsable(from: address) { AccessTokens.noteUse(of: token, at: now, in: database) }
            } else {
                limits?.forget(key)
            }
        }
        guard let token, token.isUsable(from: address) else {
            try limits?.noteFailure(of: key, from: address, atMicroseconds: clock)
            if let token { log.failure(record.requestID, "token \(token.actor.token) came from \(address)") }
            throw Self.unauthorized
        }
        return Bearer(actor: token.actor, key: key)
    }

    /// Whose token a request carries, when that takes no look-up.
    func rememberedBearer(
        of request: Request, _ memory: LoopMemory, at version: DataVersion, _ now: Instant
    ) -> Bearer? {
        guard let secret = Self.secret(request) else { return nil }
        let hash = AccessTokens.hash(secret)
        guard let token = memory.token(hash, at: version, now), token.isUsable(from: request.peerAddress) else {
            return nil
        }
        return Bearer(actor: token.actor, key: RateLimits.key(of: hash))
    }

    private static func secret(_ request: Request) -> String? {
        let fields = request.fields("authorization")
        guard fields.count == 1, let field = fields.first else { return nil }
        // auth-scheme 1*SP token68 (RFC 9110, section 11.4); the scheme in any case.
        let bytes = field.utf8
        guard let space = bytes.firstIndex(of: UInt8(ascii: " ")), field[..<space].lowercased() == "bearer" else {
            return nil
        }
        let secret = bytes[space...].drop { $0 == UInt8(ascii: " ") }
        return secret.isEmpty || secret.contains(UInt8(ascii: " ")) ? nil : String(Substring(secret))
    }

    private static var unauthorized: Problem {
        var problem = Problem(.unauthorized, "Send a valid token as: Authorization: Bearer TOKEN.")
        problem.fields = [("WWW-Authenticate", "Bearer realm=\"thuispunt\"")]
        return problem
    }
}
