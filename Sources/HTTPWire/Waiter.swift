// How a handler waits for news as long as its client does. Who wakes it, and how the peer and the clock end the wait, is
// the server's business.

/// How a wait ended.
package enum WaitEnd: Sendable {
    /// Somebody woke it.
    case woken
    /// Nobody did in time.
    case timedOut
    /// The peer sends nothing any more: it went away, or closed its side.
    case left
    /// The server is about to end.
    case drained
}

/// One wait, made before it is known whether there is anything to wait for, so that a call in between is not lost.
package protocol Waiter: AnyObject, Sendable {
    /// Ends the wait, now or as soon as it begins; from any thread.
    func wake()
    /// Waits until woken, the time is over, the peer leaves or the server drains; to be called once at most.
    func wait(atMostMilliseconds milliseconds: Int64) async -> WaitEnd
}

/// An answer that comes when there is news. Whoever waits so has left the handler, which keeps nothing alive meanwhile but
/// what `answer` holds: thousands may wait at once.
package final class Later: Sendable {
    /// The longest wait.
    package let milliseconds: Int64
    /// The wait, begun before the handler looked.
    package let waiter: any Waiter
    /// Makes the answer when the wait is over, which may be to wait on; it gets the next wait for that.
    package let answer: @Sendable (WaitEnd, any Waiter) async -> Response

    /// An answer after a wait.
    package init(
        _ waiter: any Waiter, atMostMilliseconds milliseconds: Int64,
        answer: @escaping @Sendable (WaitEnd, any Waiter) async -> Response
    ) {
        self.waiter = waiter
        self.milliseconds = milliseconds
        self.answer = answer
    }
}

/// Where a handler may wait.
package protocol WaitPoint: AnyObject {
    /// A wait of the request under way.
    func makeWaiter() -> any Waiter
}
