// Where a streamed answer is written. Where the bytes go (a socket, an array) is a `BodyTarget`'s business.

/// Why a streamed answer could not be written on: the peer is gone or reads too slowly.
package enum SinkFault: Error, Sendable {
    case disconnected
}

/// Where a streamed answer's bytes go.
package protocol BodyTarget: AnyObject {
    /// Takes bytes and waits while the peer is behind.
    func write(_ bytes: [UInt8]) async throws(SinkFault)
}

/// The writing end of one streamed answer; it stays with the task that serves the connection.
package final class BodySink {
    private let target: (any BodyTarget)?
    /// What was written, for a sink without a target.
    package private(set) var collected: [UInt8] = []

    /// A sink that writes to `target`.
    package init(target: any BodyTarget) {
        self.target = target
    }

    /// A sink that collects, for in-process use.
    package init() {
        target = nil
    }

    /// Writes bytes; each call becomes one chunk, so write pages, not single lines. What was written is sent at the
    /// latest when the closure waits for something. Throws when the peer is gone.
    package func write(_ bytes: [UInt8]) async throws(SinkFault) {
        guard let target else {
            collected.append(contentsOf: bytes)
            return
        }
        try await target.write(bytes)
    }
}

extension Response.Body {
    /// The content in one piece, for in-process use: runs a stream's closure against a collecting sink.
    ///
    /// `request` is what an `.exchange` reads. Throws what the closure throws.
    package func collect(request: RequestBody = RequestBody(bytes: [])) async throws -> [UInt8] {
        let sink = BodySink()
        switch self {
        case .none, .later: return []
        case .bytes(let bytes): return bytes
        case .stream(let write): try await write(sink)
        case .exchange(let write): try await write(request, sink)
        }
        return sink.collected
    }
}
