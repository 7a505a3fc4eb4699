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
    /// The copy is not whole.
    case notWhole(path: String, problem: String)

    /// One line that says what to do.
    package var description: String {
        switch self {
        case .exists(let path): "\(path) exists; to put it aside and restore: --force"
        case .inUse(let path): "\(path) is in use; stop the service first"
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

    /// Puts a copy of `copy` at `path`.
    ///
    /// - Parameters:
    ///   - anchors: The file of the ledger's anchors. When it knows entries that the copy lacks it is put aside as well,
    ///     as the proof of what was lost.
    ///   - replacing: Whether a database that is there is put aside; else it is refused.
    ///   - now: Names what is put aside.
    ///   - progress: Told what is being done, and the pages copied with their total.
    /// - Throws: `RestoreRefusal`; `StorageFault`. Whatever is thrown, `path` is what it was.
    package static func run(
        _ copy: String, to path: String, anchors: String, replacing: Bool, now: Instant,
        progress: (_ step: String, _ done: Int, _ total: Int) -> Void
    ) throws -> Outcome {
        guard access(copy, F_OK) == 0 else { throw StorageFault.noDatabase(path: copy) }
        let exists = access(path, F_OK) == 0
        guard !exists || replacing else { throw RestoreRefusal.exists(path: path) }
        let claim = exists ? try Claim(path) : nil
        _ = try wholeness(of: copy) { progress("checking \($0)", 0, 0) }
        let fresh = path + ".restoring"
        unlink(fresh)
        defer { unlink(fresh) }
        try Backup.copy(copy, to: fresh) { progress("copying", $0, $1) }
        try beginEpoch(in: fresh)
        let health = try wholeness(of: fresh) { progress("checking \($0) once more", 0, 0) }
        var outcome = Outcome(entries: health.ledger?.entries, pendingMigrations: health.pendingMigrations)
        let suffix = ".before-restore-" + Migrator.stamp(now)
        let losesEntries = try LedgerAnchorFile.read(anchors).map { try isBehind(fresh, $0.all) } ?? false
        if exists { outcome.aside = path + suffix }
        // A log without its database too: SQLite would write what it holds over the copy.
        try putAside(path, suffix)
        do {
            try move(fresh, to: path)
        } catch {
            if exists { try? move(path + suffix, to: path) }
            throw error
        }
        if losesEntries {
            outcome.anchorsAside = anchors + suffix
            try move(anchors, to: anchors + suffix)
            let newest = NewestAnchorFile.path(beside: anchors)
            if access(newest, F_OK) == 0 { try move(newest, to: NewestAnchorFile.path(beside: anchors + suffix)) }
        }
        withExtendedLifetime(claim) {}
        return outcome
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

    private static func wholeness(of path: String, _ step: (String) -> Void) throws -> DatabaseHealth {
        let health = try DatabaseHealth(of: path, step: step)
        if let problem = health.problem { throw RestoreRefusal.notWhole(path: path, problem: problem) }
        return health
    }

    /// Whether the anchors know a ledger that this one is not, or not any more.
    private static func isBehind(_ path: String, _ anchors: [LedgerAnchor]) throws -> Bool {
        try DatabaseHealth(of: path, against: anchors).ledger.map { $0.broken != nil } ?? !anchors.isEmpty
    }

    /// The file with its log and index, whose names SQLite finds by the file's.
    private static func putAside(_ path: String, _ suffix: String) throws {
        for tail in ["", "-wal", "-shm", "-journal"] where access(path + tail, F_OK) == 0 {
            try move(path + tail, to: path + suffix + tail)
        }
    }

    private static func move(_ old: String, to new: String) throws {
        guard rename(old, new) == 0, Backup.synchroniseFolder(of: new) else {
            throw StorageFault.cannotOpen(path: new, reason: String(cString: strerror(errno)))
        }
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
