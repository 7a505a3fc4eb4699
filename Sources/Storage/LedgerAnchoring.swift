// Has the ledger's head written outside the database: at the start, when many entries or much time went by, and at the
// end. A thread of its own looks once a second through a connection of its own, so that no commit waits for it; a head
// that can be read is on disk, as a commit is seen only once it was synced.

internal import Domain
internal import Lock
internal import SQLite

/// Keeps the anchors of one open database.
final class LedgerAnchoring: Sendable {
    private let file: LedgerAnchorFile
    private let environment: Environment
    private let notice: @Sendable (String) -> Void
    private let looking: Lock<LookingThread?> = Lock(nil)
    private struct State {
        var last: LedgerAnchor?
        var isFailing = false
    }
    private let state = Lock(State())

    /// Opens the file and writes the first line.
    ///
    /// - Throws: `StorageFault` when it can't be opened or written.
    init(
        _ path: String, of database: ReadLane, environment: Environment, notice: @escaping @Sendable (String) -> Void
    ) throws {
        file = try LedgerAnchorFile(path)
        self.environment = environment
        self.notice = notice
        let before = file.last
        let head = try database.read(environment.now()) { tx in
            if let before, before.sequence > 0, try LedgerStore(tx.db).hash(of: before.sequence) != before.hash {
                notice(
                    "the ledger does not hold entry \(before.sequence) as \(path) has it of \(before.at); see: "
                        + "thuispunt ledger verify")
            }
            return try LedgerStore(tx.db).head()
        }
        try write(head.sequence, head.hash)
        let started = try LookingThread(everyMilliseconds: EngineLimits.anchorLookMilliseconds) { [self] in
            lookAndWrite(database)
        } end: {
            database.close()
        }
        looking.withLock { $0 = started }
    }

    /// Ends the thread and lets go of its connection.
    func stop() {
        looking.withLock { looking -> LookingThread? in
            defer { looking = nil }
            return looking
        }?.stop()
    }

    /// Writes the last line, for the writer's thread to call when it has written all there was.
    func end(_ db: Connection) {
        guard let head = try? LedgerStore(db).head() else { return }
        guard state.withLock({ $0.last?.sequence != head.sequence }) else { return }
        tryToWrite(head.sequence, head.hash)
    }

    private func lookAndWrite(_ database: ReadLane) {
        let now = environment.now()
        guard let head = try? database.read(now, { try LedgerStore($0.db).head() }) else { return }
        let isDue = state.withLock { state in
            guard let last = state.last else { return true }
            let entries = head.sequence - last.sequence
            let waited = now.seconds - last.at.seconds
            return entries >= EngineLimits.entriesPerAnchor
                || entries != 0 && !(0..<EngineLimits.anchorSeconds).contains(waited)
        }
        if isDue { tryToWrite(head.sequence, head.hash) }
    }

    private func tryToWrite(_ sequence: Int64, _ hash: [UInt8]) {
        do {
            try write(sequence, hash)
            if state.withLock({ state in (state.isFailing, state.isFailing = false).0 }) {
                notice("anchors of the ledger are written again")
            }
        } catch {
            guard state.withLock({ state in (!state.isFailing, state.isFailing = true).0 }) else { return }
            notice(StorageFault(error).logText)
        }
    }

    private func write(_ sequence: Int64, _ hash: [UInt8]) throws(StorageFault) {
        let anchor = LedgerAnchor(sequence: sequence, hash: hash, at: environment.now())
        try file.append(anchor)
        state.withLock { $0.last = anchor }
    }
}
