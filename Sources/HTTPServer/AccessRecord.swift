// What is known of a request once it is over. What of it goes into a log is the application's decision.

package import HTTPWire

/// One finished request, for the access log.
package struct AccessRecord: Sendable {
    /// The request, nil when the wire refused it before it had one.
    package var request: Request?
    /// The peer's address.
    package var peerAddress: String
    /// The event loop.
    package var loop: Int
    /// The status answered, 0 when the peer went away before an answer.
    package var status: Int
    /// The slug of the wire's refusal, nil when a handler answered.
    package var refusal: String?
    /// Bytes of content in the answer.
    package var contentBytes: Int
    /// From the complete head to the end of the answer; 0 for a refusal.
    package var durationMicroseconds: Int64
}

/// Writes one record; called on the event loop, so it must not block.
package typealias AccessLog = @Sendable (AccessRecord) -> Void
