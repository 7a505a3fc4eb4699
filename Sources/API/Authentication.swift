// From the Authorization field to an actor. A token that is missing, misspelt, expired, revoked or of a closed
// organisation gets the same answer.

internal import Domain
internal import HTTPWire
internal import Storage
internal import UseCases

enum Authentication {
    /// The caller of a request.
    ///
    /// - Throws: `Problem` 401 (RFC 6750, section 3).
    static func caller(of request: Request, trace: RequestTrace, in database: Database) throws -> Caller {
        guard let secret = bearer(request),
            let actor = try database.read(
                lane: request.loop,
                {
                    try AccessTokens.authenticate(secret, in: $0)
                })
        else { throw unauthorized }
        return Caller(actor: actor, trace: trace)
    }

    private static func bearer(_ request: Request) -> String? {
        let fields = request.fields("authorization")
        guard fields.count == 1, let field = fields.first else { return nil }
        let parts = field.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }

    private static var unauthorized: Problem {
        var problem = Problem(.unauthorized, "Send a valid token as: Authorization: Bearer TOKEN.")
        problem.fields = [("WWW-Authenticate", "Bearer realm=\"thuispunt\"")]
        return problem
    }
}
