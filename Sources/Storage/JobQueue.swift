// The queue in front of a thread: bounded, drained in batches, closed once. Knows nothing of what waits in it.

internal import Glibc

/// A bounded queue from many threads to one or a few.
///
/// `@unchecked Sendable`: everything below `lock` is touched only within it.
final class JobQueue<Job: Sendable>: @unchecked Sendable {
    enum Admission { case accepted, full, closed }

    private let capacity: Int
    private let lock = Lock()
    private let arrival = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var waiting: [Job] = []
    private var isClosed = false

    init(capacity: Int) {
        self.capacity = capacity
        // The monotonic clock, so that setting the machine's clock can't stretch a wait.
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(arrival, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(arrival)
        arrival.deallocate()
    }

    /// How many jobs wait.
    var count: Int { lock.withLock { waiting.count } }

    /// Adds a job at the end, if there is room.
    func put(_ job: Job) -> Admission {
        lock.withLock {
            if isClosed { return .closed }
            if waiting.count >= capacity { return .full }
            waiting.append(job)
            pthread_cond_signal(arrival)
            return .accepted
        }
    }

    /// Takes at most `limit` jobs from the front; waits for the first one, at most `waitMilliseconds` when given.
    ///
    /// - Returns: No jobs after the wait; nil when the queue is closed and empty.
    func take(atMost limit: Int, waitMilliseconds: Int? = nil) -> [Job]? {
        let deadline = waitMilliseconds.map(Self.moment(inMilliseconds:))
        return lock.withLock {
            while waiting.isEmpty, !isClosed {
                if var deadline {
                    if pthread_cond_timedwait(arrival, lock.mutex, &deadline) == ETIMEDOUT { return [] }
                } else {
                    pthread_cond_wait(arrival, lock.mutex)
                }
            }
            guard !waiting.isEmpty else { return nil }
            let taken = Array(waiting.prefix(limit))
            waiting.removeFirst(taken.count)
            return taken
        }
    }

    /// Admits nothing any more; what waits is still handed out.
    func close() {
        lock.withLock {
            isClosed = true
            pthread_cond_broadcast(arrival)
        }
    }

    private static func moment(inMilliseconds milliseconds: Int) -> timespec {
        var moment = timespec()
        clock_gettime(CLOCK_MONOTONIC, &moment)
        let nanoseconds = moment.tv_nsec + milliseconds % 1000 * 1_000_000
        return timespec(
            tv_sec: moment.tv_sec + milliseconds / 1000 + nanoseconds / 1_000_000_000,
            tv_nsec: nanoseconds % 1_000_000_000)
    }
}
