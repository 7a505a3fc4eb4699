// The one seam between the wire and the application.

/// Answers requests. One value serves all connections of all loops at once.
package protocol Responder: Sendable {
    /// Answers a request. Runs on the connection's loop: what blocks must be awaited elsewhere. The task is cancelled
    /// when the peer resets the connection or the request's deadline passes.
    func respond(to request: Request, body: RequestBody) async -> Response
    /// How a refusal by the wire itself looks; the connection closes after it.
    func refuse(_ refusal: Refusal) -> Response
    /// The answer to "OPTIONS *" (RFC 9110 section 9.3.7).
    func describeServer() -> Response
}

extension Responder {
    /// 204 with the methods that exist here.
    package func describeServer() -> Response {
        Response(status: 204, fields: [(name: "Allow", value: Method.allowed)])
    }
}
