// From the Authorization field to an actor. A token that is missing, misspelt, expired, revoked or of a closed
// organisation gets the same answer.

internal import Domain
internal import HTTPWire
internal import Storage
internal import UseCases

enum Authentication {
    /// The actor whose token a request carries.
    ///
    /// - Throws: `Problem` 401 (RFC 6750, section 3).
    static func actor(of request: Request, in database: Database, _ memory: LoopMemory, at now: Instant) throws -> Actor
    {
        guard let secret = bearer(request) else { throw unauthorized }
        let hash = AccessTokens.hash(secret)
        let version = try database.version(lane: request.loop)
        if let known = memory.token(hash, at: version, now) { return known.actor }
        let found = try database.read(lane: request.loop) { tx in
            try AccessTokens.authenticate(secret, hash: hash, in: tx)
        }
        guard let found else { throw unauthorized }
        memory.keep(found, hash, at: version, now)
        return found.actor
    }

    /// The actor whose token a request carries, when that takes no look-up.
    static func rememberedActor(
        of request: Request, _ memory: LoopMemory, at version: DataVersion, _ now: Instant
    ) -> Actor? {
        bearer(request).flatMap { memory.token(AccessTokens.hash($0), at: version, now)?.actor }
    }

    private static func bearer(_ request: Request) -> String? {
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
