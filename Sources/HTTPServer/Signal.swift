// A handler's wait for news on a connection: woken by anybody on any thread, or ended by the connection's loop, whichever
// comes first.

internal import HTTPWire
internal import Lock

/// One wait of the handler of one request.
final class Signal: Waiter {
    private enum State {
        case idle
        case waiting(UnsafeContinuation<WaitEnd, Never>)
        case ended(WaitEnd)
    }
    private let state = Lock(State.idle)
    private let channel: Channel

    init(_ channel: Channel) { self.channel = channel }

    func wake() { end(.woken) }

    func wait(atMostMilliseconds milliseconds: Int64) async -> WaitEnd {
        await channel.wait(for: self, atMostMilliseconds: milliseconds)
    }

    /// Ends the wait; the first end counts.
    func end(_ end: WaitEnd) {
        let waiting = state.withLock { state -> UnsafeContinuation<WaitEnd, Never>? in
            defer { if case .ended = state {} else { state = .ended(end) } }
            guard case .waiting(let continuation) = state else { return nil }
            return continuation
        }
        waiting?.resume(returning: end)
    }

    /// Suspends until the end.
    func ended() async -> WaitEnd {
        await withUnsafeContinuation { continuation in
            let ended = state.withLock { state -> WaitEnd? in
                if case .ended(let end) = state { return end }
                state = .waiting(continuation)
                return nil
            }
            if let ended { continuation.resume(returning: ended) }
        }
    }
}
