// The queue in front of a thread: bounded, drained in batches, closed once. Knows nothing of what waits in it.

internal import Lock

/// A bounded queue from many threads to one or a few.
final class JobQueue<Job: Sendable>: Sendable {
    enum Admission { case accepted, full, closed }

    private struct State {
        var waiting: [Job] = []
        var isClosed = false
    }

    private let capacity: Int
    private let state = Lock(State())

    init(capacity: Int) { self.capacity = capacity }

    /// How many jobs wait.
    var count: Int { state.withLock(\.waiting.count) }

    /// Adds a job at the end, if there is room.
    func put(_ job: Job) -> Admission {
        let capacity = capacity
        let admission = state.withLock { state -> Admission in
            if state.isClosed { return .closed }
            if state.waiting.count >= capacity { return .full }
            state.waiting.append(job)
            return .accepted
        }
        if admission == .accepted { state.wakeOne() }
        return admission
    }

    /// Takes at most `limit` jobs from the front; waits for the first one, at most `waitMilliseconds` when given.
    ///
    /// - Returns: No jobs after the wait; nil when the queue is closed and empty.
    func take(atMost limit: Int, waitMilliseconds: Int? = nil) -> [Job]? {
        let taken = state.wait(atMostMilliseconds: waitMilliseconds) { state -> [Job]?? in
            guard !state.waiting.isEmpty else { return state.isClosed ? .some(nil) : nil }
            let taken = Array(state.waiting.prefix(limit))
            state.waiting.removeFirst(taken.count)
            return taken
        }
        return taken ?? []
    }

    /// Admits nothing any more; what waits is still handed out.
    func close() {
        state.withLock { $0.isClosed = true }
        state.wakeAll()
    }
}
