// A value behind a pthread mutex. `Synchronization.Mutex` would do, but on Linux it is a futex that ThreadSanitizer
// cannot see, and then the sanitizer reports every guarded access as a race.

internal import Glibc

/// A value that one thread at a time may touch.
///
/// `@unchecked Sendable`: `value` is reached only inside `withLock`, with the mutex held.
final class Lock<Value>: @unchecked Sendable {
    private var value: Value
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    init(_ value: sending Value) {
        self.value = value
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Calls `body` with the value while no other thread can.
    func withLock<R>(_ body: (inout Value) -> R) -> R {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&value)
    }
}
