// The read side: lanes for short reads on the caller's own thread, and a small pool of threads for long ones. Both
// see one snapshot per closure and can't write.

internal import Domain
internal import Lock
internal import SQLite

/// One read-only connection, for one thread at a time.
final class ReadLane: Sendable {
    private struct State {
        /// Nil once closed.
        var connection: Connection?
        /// What was found at the last question for the version.
        var version: DataVersion?
    }
    private let state: Lock<State>

    init(path: String) throws {
        let settings = ConnectionSettings(
            access: .readOnly, busyTimeoutMilliseconds: EngineLimits.lockWaitMilliseconds)
        state = Lock(State(connection: try Connection(path: path, settings: settings)))
    }

    /// Runs `body` on one snapshot.
    ///
    /// - Throws: what `body` throws; `StorageFault` for failures of the store.
    func read<Value>(_ now: Instant, _ body: (ReadTransaction) throws -> Value) throws -> Value {
        do {
            return try state.withLock { state in
                guard let connection = state.connection else { throw StorageFault.closed }
                return try connection.transaction(.deferred) { try body(ReadTransaction(db: connection, now: now)) }
            }
        } catch let error as SQLiteError {
            throw StorageFault(error) ?? error
        }
    }

    /// What the file's content is called at this moment. Touches no row while nobody commits, and one when somebody has.
    ///
    /// - Throws: `StorageFault` for failures of the store.
    func version() throws -> DataVersion {
        do {
            return try state.withLock { state in
                guard let connection = state.connection else { throw StorageFault.closed }
                let commits = try connection.first("PRAGMA data_version") { $0.int64(0) } ?? 0
                if let known = state.version, known.commits == commits { return known }
                // A commit in between gives its own generation to the number before it, and another number next time.
                let version = DataVersion(generation: try Generation.current(connection), commits: commits)
                state.version = version
                return version
            }
        } catch let error as SQLiteError {
            throw StorageFault(error) ?? error
        }
    }

    /// Lets go of the file after the read that is under way.
    func close() {
        state.withLock { $0.connection = nil }
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
