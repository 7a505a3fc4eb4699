// Keeps the write-ahead log short without keeping anybody who posts: a thread beside the writer copies it into the file, through
// a connection of its own, while the writer goes on. Only the writer can bring the log back to its beginning while it goes on, so
// the last pages, those that came meanwhile, it copies itself, after its answers are out, which takes a millisecond or two.

internal import Lock
internal import SQLite
internal import Synchronization

/// The log of one open database.
final class LogKeeping: Sendable {
    private let open: @Sendable () throws -> Connection
    /// Pages in the log as of the last commit.
    private let pages = Atomic(0)
    /// Pages of it that are in the file too.
    private let copied = Atomic(0)
    /// Pages in the log when the thread was last called, and when the writer last copied it; touched by the writer alone.
    private let called = Atomic(0)
    private let tidied = Atomic(0)
    /// What the thread met and the writer has not heard of.
    private let fault: Lock<StorageFault?> = Lock(nil)
    /// The thread's own; held while it copies, as only one can.
    private let connection: Lock<Connection?> = Lock(nil)
    private let looking: Lock<LookingThread?> = Lock(nil)

    /// Starts the thread, which opens the file by `open` when there is something to do.
    ///
    /// - Throws: `StorageFault.unavailable` when the system gives no thread.
    init(open: @escaping @Sendable () throws -> Connection) throws(StorageFault) {
        self.open = open
        let started = try LookingThread(everyMilliseconds: EngineLimits.logLookMilliseconds) { [self] in
            look()
        } end: { [self] in
            connection.withLock { $0 = nil }
        }
        looking.withLock { $0 = started }
    }

    /// Ends the thread and lets go of its connection.
    func stop() {
        looking.stop()
    }

    /// What went wrong with the file on the thread since the last time it was asked.
    func takeFault() -> StorageFault? {
        fault.withLock { fault in
            defer { fault = nil }
            return fault
        }
    }

    /// For the writer, after each commit.
    ///
    /// - Returns: Whether the log has grown by a step since the writer last copied it, and the thread has left so little that
    ///   the writer can copy it now.
    func isDue(pages now: Int) -> Bool {
        // Shorter than before: the log has started again from its beginning.
        if now < pages.exchange(now, ordering: .acquiringAndReleasing) {
            copied.store(0, ordering: .releasing)
            called.store(0, ordering: .relaxed)
            tidied.store(0, ordering: .relaxed)
        }
        // By steps, so that a reader in the way does not cost every commit a look that can't get far.
        guard now >= EngineLimits.checkpointPages else { return false }
        if now - called.load(ordering: .relaxed) >= EngineLimits.checkpointPages {
            called.store(now, ordering: .relaxed)
            looking.withLock { $0?.call() }
        }
        guard now - copied.load(ordering: .acquiring) <= Self.last(of: now),
            now - tidied.load(ordering: .relaxed) >= EngineLimits.lastLogPages
        else { return false }
        // Whoever reads just now may keep the log from its beginning once more: so not by the whole step again.
        tidied.store(now, ordering: .relaxed)
        return true
    }

    /// Takes in how far a copy got; one that got nowhere, as another was at it, says nothing.
    func note(_ done: Connection.Checkpoint) {
        if done.copied > 0 { copied.store(done.copied, ordering: .releasing) }
    }

    /// How many pages the writer copies itself: of a log that the thread can't keep short, because as much is written as it
    /// copies, the more the longer it is.
    private static func last(of pages: Int) -> Int {
        min(max(EngineLimits.lastLogPages, pages / 8), EngineLimits.mostLastLogPages)
    }

    /// Copies what can be copied, for the writer that can't go on before, or is to empty the log; waits for what the thread is
    /// at, and for no reader.
    ///
    /// - Returns: Whether that is all, so that the next commit begins the log anew.
    /// - Throws: `SQLiteError`.
    func copy(through db: Connection, emptying: Bool = false) throws -> Bool {
        try connection.withLock { _ in try db.checkpoint(emptying ? .truncateAtOnce : .passive).isWhole }
    }

    private func look() {
        do {
            // Again at once while it gets on: what came meanwhile is less each time.
            var before = -1
            while pages.load(ordering: .acquiring) >= EngineLimits.checkpointPages,
                case let now = pages.load(ordering: .acquiring),
                now - copied.load(ordering: .acquiring) > Self.last(of: now),
                copied.load(ordering: .acquiring) != before
            {
                before = copied.load(ordering: .acquiring)
                try copy()
            }
        } catch ResultCode.full {
            // As for the writer: the commits themselves fit in the log, and the next one tells when it no longer does.
        } catch {
            connection.withLock { $0 = nil }
            let met = StorageFault(error)
            if case .busy = met { return }
            fault.withLock { $0 = met }
        }
    }

    private func copy() throws {
        try connection.withLock { connection in
            let db = try connection ?? open()
            connection = db
            let done = try db.checkpoint(.passive)
            // SQLite brings the file to disk only when it has copied all, and then in one go; the writer, who does the rest,
            // shall not wait for it.
            if !done.isWhole { try db.syncFile() }
            note(done)
        }
    }
}
