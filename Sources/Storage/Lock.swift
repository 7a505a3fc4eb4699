// A lock. The standard library's Mutex would do, but ThreadSanitizer can't see through it on Linux and would call every
// use of it a race; a lock of the system's it knows.

internal import Glibc

/// A mutual exclusion of threads; not to be entered twice by one.
///
/// `@unchecked Sendable`: it is the means by which others are safe.
final class Lock: @unchecked Sendable {
    /// For waiting on a condition within `withLock`.
    let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    init() { pthread_mutex_init(mutex, nil) }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Runs `body` while no other thread is within this lock.
    func withLock<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }
}
