// A request's body as handlers read it: piece by piece with back-pressure, or whole with a limit. Where the pieces come
// from (a socket, an array) is a `BodySource`'s business.

/// Why a body could not be read on. The server answers for all but `.disconnected` itself and closes.
package enum BodyFault: Error, Sendable, Equatable {
    /// Longer than the limit.
    case tooLarge
    /// The framing is wrong.
    case malformed(Refusal)
    /// It did not arrive in time.
    case timedOut
    /// The peer went away before its end.
    case disconnected
    /// It was read after the exchange was over.
    case closed
}

/// Where a body's pieces come from.
package protocol BodySource: AnyObject {
    /// The next piece, nil at the end; throws a fault, and the same one again after that.
    func nextPiece() async throws(BodyFault) -> [UInt8]?
    /// Told when a limit of the handler's own was passed.
    func exceedLimit()
}

/// The body of one request; it stays with the task that serves the connection.
package final class RequestBody {
    private var source: (any BodySource)?
    private var rest: [UInt8]?
    private let waitPoint: (any WaitPoint)?
    /// The length that Content-Length promised, 0 without a body, nil when chunked.
    package let declaredLength: Int?

    /// A body that comes from `source`.
    package init(source: any BodySource, framing: BodyFraming, waitPoint: (any WaitPoint)? = nil) {
        self.source = source
        self.waitPoint = waitPoint
        rest = nil
        switch framing {
        case .none: declaredLength = 0
        case .length(let length): declaredLength = length
        case .chunked: declaredLength = nil
        }
    }

    /// A body that is already here.
    package init(bytes: [UInt8], waitPoint: (any WaitPoint)? = nil) {
        source = nil
        self.waitPoint = waitPoint
        rest = bytes
        declaredLength = bytes.count
    }

    /// The next piece, never empty; nil at the end. Reading waits for the peer, and the peer waits for reading.
    package func next() async throws(BodyFault) -> [UInt8]? {
        if let source { return try await source.nextPiece() }
        guard let piece = rest else { throw .closed }
        rest = []
        return piece.isEmpty ? nil : piece
    }

    /// The whole body; throws `.tooLarge` beyond `limit` bytes, before reading when the length was declared.
    package func collect(limit: Int) async throws(BodyFault) -> [UInt8] {
        if let declaredLength, declaredLength > limit {
            source?.exceedLimit()
            throw .tooLarge
        }
        guard var bytes = try await next() else { return [] }
        while bytes.count != declaredLength {
            guard bytes.count <= limit else {
                source?.exceedLimit()
                throw .tooLarge
            }
            guard let more = try await next() else { break }
            bytes.append(contentsOf: more)
        }
        return bytes
    }

    /// A wait of the handler as long as the peer waits; nil in process, where nobody does.
    package func makeWaiter() -> (any Waiter)? { waitPoint?.makeWaiter() }

    /// Cuts the tie to the connection once the exchange is over.
    package func close() {
        source = nil
        rest = nil
    }
}
