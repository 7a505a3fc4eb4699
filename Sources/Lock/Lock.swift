// The house's one lock: a value behind a pthread mutex, and a way to wait for what others do to it. The standard
// library's `Mutex` would do for most, but on Linux it is a futex that ThreadSanitizer cannot see, and then the
// sanitizer calls every guarded access a race. It knows nothing of what it guards.

internal import Glibc

/// A value that one thread at a time may touch; not to be entered twice by one.
///
/// `@unchecked Sendable`: `value` is reached only with the mutex held.
package final class Lock<Value: ~Copyable>: @unchecked Sendable {
    private var value: Value
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    /// A lock around a value that nobody else holds.
    package init(_ value: consuming sending Value) {
        self.value = value
        pthread_mutex_init(mutex, nil)
        // The monotonic clock, so that setting the machine's clock can't stretch a wait.
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(change, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(change)
        pthread_mutex_destroy(mutex)
        change.deallocate()
        mutex.deallocate()
    }

    /// Calls `body` with the value while no other thread can.
    package func withLock<R: ~Copyable, E: Error>(_ body: (inout Value) throws(E) -> R) throws(E) -> R {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }

    /// Calls `body` with the value, and again after each `wakeOne` or `wakeAll`, until it gives something.
    ///
    /// - Parameter milliseconds: The longest wait; nil for no end.
    /// - Returns: What `body` gave, nil when the time was over.
    package func wait<R>(atMostMilliseconds milliseconds: Int? = nil, for body: (inout Value) -> R?) -> R? {
        let deadline = milliseconds.map(Self.moment(inMilliseconds:))
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            // Each look is an access of its own: others may change the value in between.
            if let result = body(&value) { return result }
            if var deadline {
                if pthread_cond_timedwait(change, mutex, &deadline) == ETIMEDOUT { return nil }
            } else {
                pthread_cond_wait(change, mutex)
            }
        }
    }

    /// Has one thread that waits look again.
    package func wakeOne() { pthread_cond_signal(change) }

    /// Has every thread that waits look again.
    package func wakeAll() { pthread_cond_broadcast(change) }

    private static func moment(inMilliseconds milliseconds: Int) -> timespec {
        var moment = timespec()
        clock_gettime(CLOCK_MONOTONIC, &moment)
        let nanoseconds = moment.tv_nsec + milliseconds % 1000 * 1_000_000
        return timespec(
            tv_sec: moment.tv_sec + milliseconds / 1000 + nanoseconds / 1_000_000_000,
            tv_nsec: nanoseconds % 1_000_000_000)
    }
}
