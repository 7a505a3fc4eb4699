// The one seam between the wire and the application.

/// Answers requests. One value serves all connections of all loops at once.
package protocol Responder: Sendable {
    /// The answer to a request without a body that can be given without any waiting; nil when `respond` is to give it.
    /// The commonest questions (are you alive, has anything changed) then cost no more than reading them.
    func respondAtOnce(to request: Request) -> Response?
    /// Answers a request. Runs on the connection's loop: what blocks must be awaited elsewhere. The task is cancelled
    /// when the peer resets the connection or the request's deadline passes.
    func respond(to request: Request, body: RequestBody) async -> Response
    /// How a refusal by the wire itself looks; the connection closes after it.
    func refuse(_ refusal: Refusal) -> Response
    /// The answer to "OPTIONS *" (RFC 9110 section 9.3.7).
    func describeServer() -> Response
}

extension Responder {
    /// Nothing is answered at once.
    package func respondAtOnce(to request: Request) -> Response? { nil }

    /// 204 with the methods that exist here.
    package func describeServer() -> Response {
        Response(status: 204, fields: [(name: "Allow", value: Method.allowed)])
    }
}
