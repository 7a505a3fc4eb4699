// The open database of a running service: checked at the door, then one writer and several readers. Knows that there
// are migrations and an identity, and no table of the domain.

package import Domain
internal import Glibc
package import Metrics
package import Migrations
internal import SQLite
internal import Synchronization

/// An open database, for any thread.
package final class Database: Sendable {
    /// Where the file is.
    package let path: String
    private let environment: Environment
    private let lanes: [ReadLane]
    private let pool: ReaderPool
    let writer: Writer
    /// Whom the ledger has listed lately.
    let recentLooks = RecentLooks()
    private let writerThread: WorkerThread
    private let log: LogKeeping
    private let anchoring: LedgerAnchoring?
    /// Who waits for changes.
    package let watch: FeedWatch

    /// Opens `path`, after checking that it is ours and neither older nor newer than this binary; changes nothing.
    ///
    /// - Parameters:
    ///   - lanes: How many short reads can run at once; one for each event loop.
    ///   - longReaders: Threads of the pool for `readLong`.
    ///   - writerCacheKibibytes: The writer's page cache; more of it for loading in bulk, so that a large transaction
    ///     does not spill into the log and read itself back.
    ///   - largestLogPages: Pages in the write-ahead log at which no write is accepted until the readers in the way are gone.
    ///   - ledgerAnchors: The file in which the ledger's head is written down from time to time; nil for commands, which
    ///     come and go.
    ///   - migrations: What the database must have seen.
    ///   - notice: Gets one line for the log when writing stops and when it goes on; called on the writer's thread.
    /// - Throws: `StorageFault`, which says what to do.
    package init(
        path: String, lanes laneCount: Int, longReaders: Int = 1, writerCacheKibibytes: Int = 2048,
        largestLogPages: Int? = nil, environment: Environment, ledgerAnchors: String? = nil,
        migrations: [Migration] = EmbeddedMigrations.all, notice: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(StorageFault) {
        let migrator = Migrator(migrations: migrations)
        let open: @Sendable () throws -> Connection = {
            try Database.openForWriting(path, migrator, cacheKibibytes: writerCacheKibibytes)
        }
        do {
            let connection = try open()
            self.path = path
            self.environment = environment
            lanes = try (0..<laneCount).map { _ in try ReadLane(path: path) }
            pool = try ReaderPool(path: path, threads: longReaders)
            let writer = Writer()
            let anchoring = try ledgerAnchors.map {
                try LedgerAnchoring($0, of: ReadLane(path: path), environment: environment, notice: notice)
            }
            self.anchoring = anchoring
            let watch = FeedWatch(path: path, environment: environment)
            self.watch = watch
            let log = try LogKeeping {
                try Connection(
                    path: path,
                    settings: ConnectionSettings(
                        access: .readWrite, busyTimeoutMilliseconds: EngineLimits.lockWaitMilliseconds))
            }
            self.log = log
            let loop = WriterLoop(
                writer, connection: connection, environment: environment, log: log,
                largestLogPages: largestLogPages ?? EngineLimits.largestLogPages, open: open, notice: notice,
                tell: { watch.tell($0) }, atEnd: { anchoring?.end($0) })
            self.writer = writer
            writerThread = try WorkerThread { loop.run() }
        } catch {
            throw StorageFault(opening: path, error)
        }
    }

    deinit { close() }

    /// A connection that may write, to a file that is ours and up to date.
    private static func openForWriting(
        _ path: String, _ migrator: Migrator, cacheKibibytes: Int
    ) throws -> Connection {
        guard try FileSystem.hasDatabase(at: path) else { throw StorageFault.noDatabase(path: path) }
        let settings = ConnectionSettings(
            access: .readWrite, busyTimeoutMilliseconds: EngineLimits.lockWaitMilliseconds,
            cacheKibibytes: cacheKibibytes)
        let connection = try Connection(path: path, settings: settings)
        let pending = try migrator.examine(connection, path: path).pending
        guard pending.isEmpty else {
            throw StorageFault.pendingMigrations(path: path, files: pending.map(\.fileName))
        }
        try connection.useWriteAheadLog()
        return connection
    }

    /// Runs `body` on one snapshot, on the caller's thread: for reads of well under a millisecond.
    ///
    /// - Precondition: `body` does not read on the same lane.
    /// - Throws: what `body` throws; `StorageFault`.
    package func read<Value>(lane: Int, _ body: (ReadTransaction) throws -> Value) throws -> Value {
        precondition(lanes.indices.contains(lane), "a lane for every event loop")
        return try lanes[lane].read(environment.now(), body)
    }

    /// What the lane calls the content of the file now. What was read since a version is still true while the lane
    /// shows the same one, what tells of looks aside; finding that out touches no row, or one after a commit.
    ///
    /// - Throws: `StorageFault`.
    package func version(lane: Int) throws -> DataVersion {
        precondition(lanes.indices.contains(lane), "a lane for every event loop")
        return try lanes[lane].version()
    }

    /// Runs `body` on one snapshot, on a thread of its own: for reports, exports and match runs.
    ///
    /// - Throws: what `body` throws; `StorageFault`, `.busy` when too many wait.
    package func readLong<Value: Sendable>(
        _ body: @escaping @Sendable (ReadTransaction) throws -> Value
    ) async throws -> Value {
        try await pool.read(environment.now, body)
    }

    /// Runs `job` in the writer's transaction and returns its value once that is on disk.
    ///
    /// A job that throws is undone alone, and may run once more when another of its commit does: it leaves nothing behind but
    /// what it writes here and its value. Several jobs share a commit, so constraints must not be deferred: a
    /// violation would only show at the commit, and undo them all.
    ///
    /// - Throws: what `job` throws; `StorageFault`: `.busy` when too many wait, `.unavailable` when nothing could be
    ///   stored.
    @discardableResult
    package func write<Value: Sendable>(
        _ job: @escaping @Sendable (WriteTransaction) throws -> Value
    ) async throws -> Value {
        try await writer.write(.change, job)
    }

    /// Runs `steps` one after another in the writer's transaction, each undone alone when it throws, and returns their values
    /// once they are on disk: for many changes that belong to one request. They may run once more, all from the first.
    ///
    /// - Throws: what the first step throws that does; those before it are stored, those after it are not run.
    ///   `StorageFault`: then none is stored.
    package func writeAll<Value: Sendable>(
        _ steps: [@Sendable (WriteTransaction) throws -> Value]
    ) async throws -> [Value] {
        try await writer.writeAll(steps)
    }

    /// Runs `job` in some commit of the writer, if it can; the caller neither waits nor hears of it. For what may be
    /// lost: it is not written when too many wait or the disk fails.
    package func writeLater(_ job: @escaping @Sendable (WriteTransaction) throws -> Void) {
        writer.writeLater(.change, job)
    }

    /// Whether writes are accepted; false between a failed commit and the file's recovery.
    package var isWritable: Bool { writer.isWritable }

    /// What the writer has done so far.
    package var statistics: WriterStatistics { writer.statistics }

    /// How many short reads can run at once; one for each event loop.
    package var laneCount: Int { lanes.count }

    /// Adds the database's families; looks at the sizes of its files.
    package func expose(in page: inout Exposition) {
        writer.expose(in: &page)
        page.gauge("thuispunt_long_reads_waiting", "Long reads that wait for a thread.", pool.waiting)
        page.gauge("thuispunt_waiting_requests", "Requests that wait for news.", watch.watching)
        page.gauge("thuispunt_database_bytes", "Size of the database file.", Self.fileBytes(path))
        page.gauge("thuispunt_database_wal_bytes", "Size of the write-ahead log.", Self.fileBytes(path + "-wal"))
    }

    /// A file's size, 0 when there is none.
    private static func fileBytes(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Copies the database as it is at this moment to a new file, while reads and writes go on.
    ///
    /// - Throws: `StorageFault`; `.exists` when there is a `target`.
    package func backUp(
        to target: String, progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws(StorageFault) {
        try Backup.copy(path, to: target, progress: progress)
    }

    /// Finishes every write and long read that waits, then lets go of the file; may be called more than once.
    package func close() {
        anchoring?.stop()
        watch.stop()
        pool.close()
        for lane in lanes { lane.close() }
        // The writer last, as only a connection that may write empties and removes the log when it is the last to go.
        log.stop()
        writer.close()
        writerThread.join()
    }
}
