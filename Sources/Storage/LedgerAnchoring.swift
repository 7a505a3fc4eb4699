// Has the ledger's head written outside the database. A thread of its own looks once a second through a connection of its
// own, so that no commit waits for it; a head that can be read is on disk, as a commit is seen only once it was synced.
// What is new goes into the file of the newest anchor at once; it becomes a line for good at the start, when many entries or
// much time went by, and at the end. And each time the newest is held against the ledger: what no longer holds is kept as a
// line too, as the proof.

internal import Domain
internal import Lock
internal import SQLite

/// Keeps the anchors of one open database.
final class LedgerAnchoring: Sendable {
    private let file: LedgerAnchorFile
    private let environment: Environment
    private let notice: @Sendable (String) -> Void
    private let looking: Lock<LookingThread?> = Lock(nil)
    private let newestFile: NewestAnchorFile
    private struct State {
        var line: LedgerAnchor?
        var newest: LedgerAnchor?
        var isFailing = false
    }
    private let state = Lock(State())

    /// Opens the files and writes the first line.
    ///
    /// - Throws: `StorageFault` when they can't be opened or written.
    init(
        _ path: String, of database: ReadLane, environment: Environment, notice: @escaping @Sendable (String) -> Void
    ) throws {
        let before = try LedgerAnchorFile.read(path)?.all.max { $0.sequence < $1.sequence }
        file = try LedgerAnchorFile(path)
        newestFile = try NewestAnchorFile(beside: path)
        self.environment = environment
        self.notice = notice
        state.withLock { $0.newest = before }
        let head = try head(database)
        try write(head.sequence, head.hash, asLine: true)
        let started = try LookingThread(everyMilliseconds: EngineLimits.anchorLookMilliseconds) { [self] in
            lookAndWrite(database)
        } end: {
            database.close()
        }
        looking.withLock { $0 = started }
    }

    /// Ends the thread and lets go of its connection.
    func stop() {
        looking.stop()
    }

    /// Writes the last line, for the writer's thread to call when it has written all there was.
    func end(_ db: Connection) {
        guard let head = try? LedgerStore(db).head() else { return }
        guard state.withLock({ $0.line?.sequence != head.sequence }) else { return }
        tryToWrite(head.sequence, head.hash, asLine: true)
    }

    private func lookAndWrite(_ database: ReadLane) {
        guard let head = try? head(database) else { return }
        let now = environment.now()
        let (isNew, isDue) = state.withLock { state in
            let isNew = state.newest?.sequence != head.sequence || state.newest?.hash != head.hash
            guard let line = state.line else { return (isNew, true) }
            let entries = head.sequence - line.sequence
            let waited = now.seconds - line.at.seconds
            let isDue =
                entries >= EngineLimits.entriesPerAnchor
                || entries != 0 && !(0..<EngineLimits.anchorSeconds).contains(waited)
            return (isNew, isDue)
        }
        if isNew || isDue { tryToWrite(head.sequence, head.hash, asLine: isDue) }
    }

    /// The ledger's head, once what was known of it before has been held against it.
    private func head(_ database: ReadLane) throws -> (sequence: Int64, hash: [UInt8]) {
        let newest = state.withLock { $0.newest }
        let (head, isHeld) = try database.read(environment.now()) { tx in
            let store = LedgerStore(tx.db)
            let isHeld = try newest.map { try $0.sequence == 0 || store.hash(of: $0.sequence) == $0.hash } ?? true
            return (try store.head(), isHeld)
        }
        if let newest, !isHeld {
            notice(
                "the ledger does not hold entry \(newest.sequence) as \(file.path) has it of \(newest.at); see: "
                    + "thuispunt ledger verify")
            if file.last != newest { try file.append(newest) }
        }
        return (head.sequence, head.hash)
    }

    private func tryToWrite(_ sequence: Int64, _ hash: [UInt8], asLine: Bool) {
        do {
            try write(sequence, hash, asLine: asLine)
            if state.withLock({ state in (state.isFailing, state.isFailing = false).0 }) {
                notice("anchors of the ledger are written again")
            }
        } catch {
            guard state.withLock({ state in (!state.isFailing, state.isFailing = true).0 }) else { return }
            notice(StorageFault(error).logText)
        }
    }

    private func write(_ sequence: Int64, _ hash: [UInt8], asLine: Bool) throws(StorageFault) {
        let anchor = LedgerAnchor(sequence: sequence, hash: hash, at: environment.now())
        try newestFile.write(anchor)
        state.withLock { $0.newest = anchor }
        guard asLine else { return }
        try file.append(anchor)
        state.withLock { $0.line = anchor }
    }
}
