// Puts a copy in the place of a database: looked at whole before and after, and what stood there before is kept under
// another name. Knows no command.

package import Domain
internal import Glibc
internal import SQLite

/// Why a copy was not put in place.
package enum RestoreRefusal: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is a database already.
    case exists(path: String)
    /// Another process has it open.
    case inUse(path: String)
    /// What stands in the way can't have the name it would be kept under.
    case noLinks(path: String)
    /// There is no file to restore.
    case noFile(path: String)
    /// The copy is not whole.
    case notWhole(path: String, problem: String)

    /// One line that says what to do.
    package var description: String {
        switch self {
        case .exists(let path): "\(path) exists; to put it aside and restore: --force"
        case .inUse(let path): "\(path) is in use; stop the service first"
        case .noLinks(let path):
            "\(path) can't be kept under another name, as its file system has no hard links; nothing was changed: move it "
                + "away yourself, with its -wal and -journal, and restore again"
        case .noFile(let path): "there is no copy at \(path), or it is no file; nothing was changed"
        case .notWhole(let path, let problem): "\(path) is not whole, nothing was changed: \(problem)"
        }
    }
}

/// Brings back a copy.
package enum Restore {
    /// What was done.
    package struct Outcome: Sendable, Equatable {
        /// Where the database stands that was there before; nil when there was none.
        package var aside: String?
        /// Where the anchors stand that know a later ledger; nil when they were left where they are.
        package var anchorsAside: String?
        /// Entries of the ledger that was brought back; nil when it waits for migrations.
        package var entries: Int64?
        package var pendingMigrations: Int
    }

    /// Puts a copy of `copy` at `path`, or where the link at `path` leads.
    ///
    /// - Parameters:
    ///   - anchors: The file of the ledger's anchors. When it knows entries that the copy lacks it is put aside as well,
    ///     as the proof of what was lost.
    ///   - replacing: Whether a database that is there is put aside; else it is refused.
    ///   - now: Names what is put aside.
    ///   - prepare: Called once the copy is known to be whole, before anything is written.
    ///   - attempt: Called before each change of the folder; a test throws there, or looks.
    ///   - progress: Told what is being done, and the pages copied with their total.
    /// - Throws: `RestoreRefusal`; `StorageFault`. Whatever is thrown, `path` holds what it held.
    package static func run(
        _ copy: String, to path: String, anchors: String, replacing: Bool, now: Instant,
        prepare: () throws -> Void = {}, attempt: @escaping () throws -> Void = {},
        progress: (_ step: String, _ done: Int, _ total: Int) -> Void
    ) throws -> Outcome {
        let path = FileSystem.end(of: path)
        guard FileSystem.size(of: copy) != nil else { throw RestoreRefusal.noFile(path: copy) }
        let exists = FileSystem.isThere(path)
        guard !exists || replacing else { throw RestoreRefusal.exists(path: path) }
        // A folder or a device is nobody's database.
        guard !exists || FileSystem.size(of: path) != nil else { throw StorageFault.notOurs(path: path) }
        var claim = exists ? try Claim(path) : nil
        _ = try wholeness(of: copy, called: copy) { progress("checking \($0)", 0, 0) }
        try prepare()
        let fresh = try UnfinishedFile(for: path, kind: .restoring)
        defer { fresh.remove() }
        guard fresh.canBeLinked || !FileSystem.databaseTails.contains(where: { FileSystem.isThere(path + $0) }) else {
            throw RestoreRefusal.noLinks(path: path)
        }
        try Backup.fill(fresh, from: copy) { progress("copying", $0, $1) }
        try beginEpoch(in: fresh.path)
        let health = try wholeness(of: fresh.path, called: copy) { progress("checking \($0) once more", 0, 0) }
        let suffix = FileSystem.aside + Migrator.stamp(now)
        let losesEntries = try LedgerAnchorFile.read(anchors).map { try isBehind(fresh.path, $0.all) } ?? false
        // SQLite's own lock goes when another descriptor of the file is closed, so the one ends before the other begins.
        withExtendedLifetime(claim) {}
        claim = nil
        let owner = exists ? try settle(path) : nil
        try Swap(attempt).run(
            fresh, replacing: exists, suffix: suffix,
            proofs: losesEntries ? [(anchors, anchors + suffix)] + newest(beside: anchors, suffix) : [])
        if exists { FileSystem.sweepRestore(of: path, suffix: suffix) }
        withExtendedLifetime(owner) {}
        return Outcome(
            aside: exists ? path + suffix : nil, anchorsAside: losesEntries ? anchors + suffix : nil,
            entries: health.ledger?.entries, pendingMigrations: health.pendingMigrations)
    }

    private static func newest(beside anchors: String, _ suffix: String) -> [(String, String)] {
        let newest = NewestAnchorFile.path(beside: anchors)
        return FileSystem.isThere(newest) ? [(newest, NewestAnchorFile.path(beside: anchors + suffix))] : []
    }

    /// Makes a database a single file, with nothing left in its log, unless SQLite can't read it.
    ///
    /// - Returns: What keeps everybody else out of it while it lives.
    private static func settle(_ path: String) throws -> AnyObject {
        // Of an empty file SQLite would delete the log.
        guard FileSystem.size(of: path) != 0 else { return try Claim(path) }
        do {
            let db = try Connection(
                path: path, settings: ConnectionSettings(access: .readWrite, busyTimeoutMilliseconds: 0))
            try db.useRollbackJournal()
            try db.begin(.exclusive)
            return db
        } catch ResultCode.busy {
            throw RestoreRefusal.inUse(path: path)
        } catch ResultCode.corrupt, ResultCode.notADatabase, ResultCode.inputOutput {
            // Damaged, or on a disk that fails: what the restore is for.
            return try Claim(path)
        } catch {
            throw StorageFault(opening: path, error)
        }
    }

    /// What changes from now on is not what changed after the copy was made, and who followed that has to be told so.
    private static func beginEpoch(in path: String) throws {
        let db = try Connection(path: path, settings: ConnectionSettings(access: .readWrite))
        // A copy from before there was a feed has none yet.
        guard try db.first("SELECT 1 FROM sqlite_schema WHERE name = 'feed_epoch'", read: { _ in true }) != nil else {
            return
        }
        try db.transaction(.immediate) {
            try FeedStore(db).beginEpoch(nonce: .random(in: .min ... .max), restored: true)
        }
    }

    private static func wholeness(
        of path: String, called name: String, _ step: (String) -> Void
    ) throws -> DatabaseHealth {
        let health: DatabaseHealth
        do {
            health = try DatabaseHealth(of: path, step: step)
        } catch StorageFault.notOurs {
            throw RestoreRefusal.notWhole(path: name, problem: "it is not a Thuispunt database")
        }
        if let problem = health.problem { throw RestoreRefusal.notWhole(path: name, problem: problem) }
        return health
    }

    /// Whether the anchors know a ledger that this one is not, or not any more.
    private static func isBehind(_ path: String, _ anchors: [LedgerAnchor]) throws -> Bool {
        try DatabaseHealth(of: path, against: anchors).ledger.map { $0.broken != nil } ?? !anchors.isEmpty
    }

    /// A file that nobody else has open, for as long as this lives: every connection holds a shared lock on these bytes
    /// (https://www.sqlite.org/lockingv3.html), one in write-ahead-log mode all the time.
    private final class Claim {
        private static let sharedFirst = 0x4000_0002
        private static let sharedCount = 510
        private let descriptor: Int32

        init(_ path: String) throws {
            descriptor = open(path, O_RDWR | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw StorageFault.cannotOpen(path: path, reason: String(cString: strerror(errno)))
            }
            var lock = flock()
            lock.l_type = Int16(F_WRLCK)
            lock.l_whence = Int16(SEEK_SET)
            lock.l_start = off_t(Self.sharedFirst)
            lock.l_len = off_t(Self.sharedCount)
            guard fcntl(descriptor, F_SETLK, &lock) == 0 else { throw RestoreRefusal.inUse(path: path) }
        }

        deinit { close(descriptor) }
    }
}
