// What is known of a request that the wire answered itself. What of it goes into a log is the application's decision; of
// every other request the application knows more than the wire does.

/// One refusal by the wire: of a message, or of a handler's answer that could not be sent.
package struct RefusalRecord: Sendable {
    /// The peer's address; behind a listed proxy, what that proxy said.
    package var peerAddress: String
    /// The event loop.
    package var loop: Int
    /// The status answered.
    package var status: Int
    /// The slug of the refusal.
    package var reason: String
}

/// Writes one record; called on the event loop, so it must not block.
package typealias RefusalLog = @Sendable (RefusalRecord) -> Void
