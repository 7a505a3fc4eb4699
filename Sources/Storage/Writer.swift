// The one thread that changes rows. It takes what waits, runs it in one transaction, commits once and only then answers:
// one sync for many, and an answer means "on disk". A job that fails is undone alone. When the disk fails it answers nobody,
// lets go of the file, and accepts writes again only after the file has proved itself. Knows no table; what commits are
// counted in is Generation's.

internal import Domain
internal import Metrics
internal import SQLite
internal import Synchronization

/// The queue's side of the writer: what any thread may touch.
final class Writer: Sendable {
    fileprivate let queue = JobQueue<any WriteJob>(capacity: EngineLimits.queuedWrites)
    fileprivate let canWrite = Atomic(true)
    fileprivate let metrics = WriterMetrics()
    fileprivate let logPages = Atomic(0)

    /// Whether writes are accepted; false between a failed commit and the file's recovery.
    var isWritable: Bool { canWrite.load(ordering: .acquiring) }

    /// What the writer has done so far.
    var statistics: WriterStatistics {
        let batches = metrics.batches.reading()
        return WriterStatistics(
            commits: batches.count, jobs: batches.sum, waiting: queue.count,
            logPages: logPages.load(ordering: .relaxed))
    }

    /// Adds the writer's families.
    func expose(in page: inout Exposition) {
        page.gauge(
            "thuispunt_database_writable", "1 while writes are accepted, 0 while reads alone work.", isWritable ? 1 : 0)
        page.gauge("thuispunt_writer_queue_jobs", "Writes that wait for the writer.", queue.count)
        page.gauge(
            "thuispunt_writer_queue_limit", "Writes that may wait; more are answered 503.", EngineLimits.queuedWrites)
        metrics.expose(in: &page)
    }

    /// Queues `body` and returns its value once it is committed.
    ///
    /// - Throws: what `body` throws, after the commit of the others; `StorageFault`.
    func write<Value: Sendable>(
        _ effect: WriteEffect, _ body: @escaping @Sendable (WriteTransaction) throws -> Value
    ) async throws -> Value {
        try await queue(effect) { tx in try tx.attempt { try body(tx) } }
    }

    /// Queues `steps` as one job, each undone by itself and none with the others: SQLite keeps the pages that an
    /// open savepoint could go back to in a list, and walks it from the start whenever a savepoint within is released.
    ///
    /// - Throws: what the first step throws that does; those before it are stored, those after it are not run.
    ///   `StorageFault`: then none is stored.
    func writeAll<Value: Sendable>(
        _ steps: [@Sendable (WriteTransaction) throws -> Value]
    ) async throws -> [Value] {
        try await queue(.change, leavesParts: true) { tx in
            try steps.map { step in try tx.attempt { try step(tx) } }
        }
    }

    private func queue<Value: Sendable>(
        _ effect: WriteEffect, leavesParts: Bool = false, _ run: @escaping @Sendable (WriteTransaction) throws -> Value
    ) async throws -> Value {
        try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Value, any Error>) in
            let job = Job(effect: effect, leavesParts: leavesParts, perform: run, continuation: continuation)
            guard isWritable else { return job.conclude(.unavailable(reason: "the writer is waiting for the disk")) }
            switch queue.put(job) {
            case .accepted: break
            case .full: job.conclude(.busy(retryAfterSeconds: EngineLimits.retryAfterSeconds))
            case .closed: job.conclude(.closed)
            }
        }
    }

    /// Queues `body` and waits for nothing: for what may be lost, and is not written when the queue is full.
    func writeLater(
        _ effect: WriteEffect, _ body: @escaping @Sendable (WriteTransaction) throws -> Void
    ) {
        guard isWritable else { return }
        _ = queue.put(
            Job(effect: effect, perform: { tx in try tx.attempt { try body(tx) } }, continuation: nil))
    }

    /// Accepts nothing any more; what waits is still written.
    func close() { queue.close() }
}

/// Counts for the metrics.
package struct WriterStatistics: Hashable, Sendable {
    /// Transactions committed.
    package let commits: Int
    /// Jobs that were part of a commit.
    package let jobs: Int
    /// Jobs that wait now.
    package let waiting: Int
    /// Pages in the write-ahead log after the last commit.
    package let logPages: Int
}

/// A job as the writer's thread sees it: run it, and later tell it how the commit went.
private protocol WriteJob: Sendable {
    /// What it leaves behind.
    var effect: WriteEffect { get }
    /// Whether a part of it stays when another part fails.
    var leavesParts: Bool { get }
    /// Runs the job, in one part or more, and keeps its outcome, in the place of an earlier one; returns the error when it
    /// failed.
    func run(in transaction: WriteTransaction) -> (any Error)?
    /// Answers with the outcome, or with `fault` instead.
    func conclude(_ fault: StorageFault?)
}

/// `@unchecked Sendable`: `outcome` is touched by the writer's thread alone, between queue and answer.
private final class Job<Value: Sendable>: WriteJob, @unchecked Sendable {
    let effect: WriteEffect
    let leavesParts: Bool
    private let perform: @Sendable (WriteTransaction) throws -> Value
    /// Nil when nobody waits.
    private let continuation: UnsafeContinuation<Value, any Error>?
    private var outcome: Result<Value, any Error> = .failure(StorageFault.closed)

    init(
        effect: WriteEffect, leavesParts: Bool = false, perform: @escaping @Sendable (WriteTransaction) throws -> Value,
        continuation: UnsafeContinuation<Value, any Error>?
    ) {
        self.effect = effect
        self.leavesParts = leavesParts
        self.perform = perform
        self.continuation = continuation
    }

    func run(in transaction: WriteTransaction) -> (any Error)? {
        outcome = Result { try perform(transaction) }
        guard case .failure(let error) = outcome else { return nil }
        return error
    }

    func conclude(_ fault: StorageFault?) {
        continuation?.resume(with: fault.map { .failure($0) } ?? outcome)
    }
}

/// The thread's side of the writer.
///
/// `@unchecked Sendable`: made on one thread, handed to the writer's, touched by nobody else after.
final class WriterLoop: @unchecked Sendable {
    private let writer: Writer
    private let environment: Environment
    private let open: @Sendable () throws -> Connection
    private let notice: @Sendable (String) -> Void
    private let tell: @Sendable (Told) -> Void
    private let atEnd: @Sendable (Connection) -> Void
    private let largestLogPages: Int
    /// Whether something is marked for the feed that the last commit has not told.
    private var hasMarks = false
    /// Whether the last commit came to nothing; with marks left it is tried again, but not at once.
    private var hasFailed = false
    /// Whether the log is to be emptied, of what was forgotten: at once, and again when there is time while a reader is in the way.
    private enum Emptying { case no, now, later }
    /// At the start the log may have what was forgotten before a crash.
    private var emptying = Emptying.now
    private var triedEmptyingAt: Int64 = 0
    /// Nil while the file has yet to prove itself again.
    private var connection: Connection?
    private var identifiers = IdentifierSource()
    private let log: LogKeeping

    /// A loop that writes through `connection`, and through what `open` gives after a fault; `notice` gets a line for
    /// the log when writing stops and when it goes on; `tell` hears after each commit whom it concerns; `atEnd` is called when
    /// all is written.
    init(
        _ writer: Writer, connection: Connection, environment: Environment, log: LogKeeping, largestLogPages: Int,
        open: @escaping @Sendable () throws -> Connection, notice: @escaping @Sendable (String) -> Void,
        tell: @escaping @Sendable (Told) -> Void = { _ in },
        atEnd: @escaping @Sendable (Connection) -> Void = { _ in }
    ) {
        self.writer = writer
        self.connection = connection
        self.environment = environment
        self.open = open
        self.notice = notice
        self.tell = tell
        self.log = log
        self.largestLogPages = largestLogPages
        self.atEnd = atEnd
    }

    /// Writes until the queue is closed and empty.
    func run() {
        // A migration may have left more to tell than there was time for.
        hasMarks = connection.map { (try? FeedStore($0).isBehind) ?? false } ?? false
        var jobs: ArraySlice<any WriteJob> = []
        while true {
            if connection == nil { recover() }
            if jobs.isEmpty {
                let isPatient = connection == nil || hasFailed || emptying != .no && !hasMarks
                let wait = isPatient ? EngineLimits.recoveryIntervalMilliseconds : hasMarks ? 0 : nil
                guard let taken = writer.queue.take(atMost: EngineLimits.writesPerCommit, waitMilliseconds: wait) else {
                    break
                }
                jobs = taken[...]
            }
            guard !jobs.isEmpty || hasMarks && connection != nil else {
                if emptying == .later { emptying = .now }
                tidyLog()
                continue
            }
            if let db = connection, let fault = log.takeFault() { lose(db, fault) }
            var told: Told = [:]
            var taken = jobs.count
            let fault =
                connection.map { commit(jobs, on: $0, &taken, &told) }
                ?? .unavailable(reason: "the disk is not back yet")
            for job in jobs.prefix(taken) { job.conclude(fault) }
            jobs = jobs.dropFirst(taken)
            tell(told)
            hasFailed = fault != nil
            tidyLog()
        }
        if let connection { atEnd(connection) }
        // The next start then has no log to read through.
        _ = try? connection?.checkpoint(.truncate)
        connection = nil
    }

    /// Runs and commits the first of `jobs`, as many as fit in the time of a commit; returns the fault that undid them all, if
    /// any. A fault of the file is that of all who wait.
    private func commit(
        _ jobs: ArraySlice<any WriteJob>, on db: Connection, _ taken: inout Int, _ told: inout Told
    ) -> StorageFault? {
        let startedAt = environment.microseconds()
        do {
            // What is all copied costs nothing to look at, and begins anew with this commit however long it is.
            guard try db.walPages < largestLogPages || log.copy(through: db) else {
                throw StorageFault.busy(retryAfterSeconds: EngineLimits.retryAfterSeconds)
            }
            let done: Done
            do {
                done = try run(jobs, on: db, undoingParts: false)
            } catch is FailedHalfWay {
                writer.metrics.noteBegunAnew()
                try db.rollback()
                done = try run(jobs, on: db, undoingParts: true)
            }
            if done.isChange || hasMarks {
                let published = try FeedPublisher(db).publish(at: done.now)
                try Generation.advance(db)
                try db.commit()
                hasMarks = published.isMore
                told = published.told
            } else {
                try db.commit()
            }
            taken = done.jobs
            if done.isForgetting { emptying = .now }
        } catch {
            let fault = StorageFault(error)
            writer.metrics.noteFailure()
            lose(db, fault)
            return fault
        }
        if !jobs.isEmpty {
            writer.metrics.noteCommit(jobs: taken, microseconds: environment.microseconds() - startedAt)
        }
        writer.logPages.store(db.walPages, ordering: .relaxed)
        return nil
    }

    /// What a transaction holds before its commit.
    private struct Done {
        /// How many jobs.
        var jobs = 0
        /// Whether one of them changed something.
        var isChange = false
        /// Whether one of them forgot something.
        var isForgetting = false
        /// The moment of it all.
        let now: Instant
    }

    /// Begins a transaction and runs the first of `jobs` in it, as many as fit in the time of a commit.
    ///
    /// - Throws: A fault of the file; `FailedHalfWay` unless it undoes parts.
    private func run(_ jobs: ArraySlice<any WriteJob>, on db: Connection, undoingParts: Bool) throws -> Done {
        try db.begin(.immediate)
        // Not what was waited for the log or for another process.
        let begunAt = environment.microseconds()
        let transaction = WriteTransaction(
            db: db, environment: environment, identifiers: identifiers, undoesParts: undoingParts)
        defer { identifiers = transaction.identifiers }
        var done = Done(now: transaction.now)
        for job in jobs {
            guard done.jobs == 0 || environment.microseconds() - begunAt < EngineLimits.commitMicroseconds else {
                break
            }
            done.jobs += 1
            let error = job.run(in: transaction)
            if let error = error as? FailedHalfWay { throw error }
            if job.effect == .change, error == nil || job.leavesParts { done.isChange = true }
            if job.leavesParts, let fault = error as? StorageFault { throw fault }
            if let error = error as? SQLiteError, StorageFault(error) != nil { throw error }
            guard db.isInTransaction else {
                throw StorageFault.unavailable(reason: "the transaction ended within a job")
            }
        }
        done.isForgetting = transaction.isForgetting
        return done
    }

    /// After a fault: the lock of another process only undoes the transaction, everything else lets go of the file.
    private func lose(_ db: Connection, _ fault: StorageFault) {
        let undone: Void? = try? db.rollback()
        if case .busy = fault, undone != nil { return }
        writer.canWrite.store(false, ordering: .releasing)
        connection = nil
        notice("writing stopped: \(fault.logText)")
    }

    /// Opens the file again and has it prove that it keeps what it is given.
    private func recover() {
        guard let fresh = try? open(), (try? prove(fresh)) == true else { return }
        connection = fresh
        writer.canWrite.store(true, ordering: .releasing)
        notice("writing goes on")
    }

    /// A commit of its own that reaches the disk (the version number, rewritten), and for a file that is not too
    /// large a look at every page: after a failed sync the kernel may have forgotten what it could not write.
    private func prove(_ db: Connection) throws -> Bool {
        let bytes = (try db.pragma("page_count") ?? 0) * (try db.pragma("page_size") ?? 0)
        if bytes <= EngineLimits.quickCheckBytes {
            guard try db.quickCheck().isEmpty else { return false }
        }
        try db.transaction(.immediate) {
            try db.set("user_version", to: try db.pragma("user_version") ?? 0)
        }
        return true
    }

    /// Keeps the write-ahead log short, after the answers are out: a look each time it has grown by a step, so that a
    /// reader in the way does not cost every commit a checkpoint that can't get far.
    private func tidyLog() {
        let retry = Int64(EngineLimits.recoveryIntervalMilliseconds) * 1000
        if emptying == .later, environment.microseconds() - triedEmptyingAt >= retry { emptying = .now }
        guard let db = connection, emptying == .now || log.isDue(pages: db.walPages) else { return }
        let startedAt = environment.microseconds()
        do {
            if emptying != .no {
                emptying = try log.copy(through: db, emptying: true) ? .no : .later
                triedEmptyingAt = startedAt
            } else {
                log.note(try db.checkpoint(.passive))
            }
        } catch ResultCode.full {
            // The commits themselves fit in the log; the next one tells when it no longer does.
        } catch {
            lose(db, StorageFault(error))
        }
        writer.metrics.noteCheckpoint(microseconds: environment.microseconds() - startedAt)
        writer.logPages.store(db.walPages, ordering: .relaxed)
    }
}
