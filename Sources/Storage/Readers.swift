// The read side: lanes for short reads on the caller's own thread, and a small pool of threads for long ones. Both
// see one snapshot per closure and can't write.

internal import Domain
internal import SQLite

/// One read-only connection, for whoever holds its lock.
///
/// `@unchecked Sendable`: `connection` is touched only within `lock`.
final class ReadLane: @unchecked Sendable {
    private let lock = Lock()
    private var connection: Connection?

    init(path: String) throws {
        let settings = ConnectionSettings(
            access: .readOnly, busyTimeoutMilliseconds: EngineLimits.lockWaitMilliseconds)
        connection = try Connection(path: path, settings: settings)
    }

    /// Runs `body` on one snapshot.
    ///
    /// - Throws: what `body` throws; `StorageFault` for failures of the store.
    func read<Value>(_ now: Instant, _ body: (ReadTransaction) throws -> Value) throws -> Value {
        do {
            return try lock.withLock {
                guard let connection else { throw StorageFault.closed }
                return try connection.transaction(.deferred) { try body(ReadTransaction(db: connection, now: now)) }
            }
        } catch let error as SQLiteError {
            throw StorageFault(error) ?? error
        }
    }

    /// Lets go of the file after the read that is under way.
    func close() {
        lock.withLock { connection = nil }
    }
}

/// A long read that waits for a thread.
private struct LongRead: Sendable {
    let run: @Sendable (ReadLane) -> Void
}

/// A few threads, each with its lane, for reads that would keep an event loop from its sockets.
final class ReaderPool: Sendable {
    private let queue = JobQueue<LongRead>(capacity: EngineLimits.queuedLongReads)
    private let lanes: [ReadLane]
    private let threads: [WorkerThread]

    init(path: String, threads count: Int) throws {
        lanes = try (0..<count).map { _ in try ReadLane(path: path) }
        threads = try lanes.map { [queue] lane in
            try WorkerThread {
                while let jobs = queue.take(atMost: 1) { for job in jobs { job.run(lane) } }
            }
        }
    }

    deinit { close() }

    /// How many long reads wait.
    var waiting: Int { queue.count }

    /// Runs `body` on a thread of the pool, on one snapshot.
    ///
    /// - Throws: what `body` throws; `StorageFault`, `.busy` when too many wait.
    func read<Value: Sendable>(
        _ now: @escaping @Sendable () -> Instant, _ body: @escaping @Sendable (ReadTransaction) throws -> Value
    ) async throws -> Value {
        try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Value, any Error>) in
            let job = LongRead { lane in
                continuation.resume(with: Result { try lane.read(now(), body) })
            }
            switch queue.put(job) {
            case .accepted: break
            case .full:
                continuation.resume(
                    throwing: StorageFault.busy(retryAfterSeconds: EngineLimits.retryAfterSeconds))
            case .closed: continuation.resume(throwing: StorageFault.closed)
            }
        }
    }

    /// Finishes what waits, then lets go of the file.
    func close() {
        queue.close()
        for thread in threads { thread.join() }
        for lane in lanes { lane.close() }
    }
}
