// A copy of a live database as one closed file: whole under its name or not there. Knows no command and no schedule.

internal import Glibc
internal import SQLite

/// Copies of database files.
package enum Backup {
    /// Copies the database at `path` to the new file `target`, mode 0600, while others read and write it.
    ///
    /// The copy has the rollback journal, so it is a single file that opens anywhere, also read-only.
    ///
    /// - Parameter progress: Called every MiB with the pages done and the total; throws to give up.
    /// - Throws: `StorageFault`; `.cannotOpen` when `target` exists.
    package static func copy(
        _ path: String, to target: String, progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws(StorageFault) {
        let partial = target + ".partial"
        guard access(target, F_OK) != 0 else { throw .cannotOpen(path: target, reason: "it exists already") }
        unlink(partial)
        defer { unlink(partial) }
        do {
            let source = try Connection(path: path, settings: ConnectionSettings(access: .readOnly))
            try fill(partial, from: source, progress: progress)
        } catch {
            throw StorageFault(opening: path, error)
        }
        // A link, unlike a rename, does not replace what somebody else put there meanwhile.
        guard link(partial, target) == 0, synchroniseFolder(of: target) else {
            throw .cannotOpen(path: target, reason: String(cString: strerror(errno)))
        }
    }

    private static func fill(
        _ partial: String, from source: Connection, progress: (Int, Int) throws -> Void
    ) throws {
        do {
            let copy = try Connection(path: partial, settings: ConnectionSettings(access: .readWriteCreate))
            try source.copyAll(to: copy, pagesPerStep: EngineLimits.backupPagesPerStep, progress: progress)
        }
        // A new connection, as the copied header asks for a write-ahead log.
        try Connection(path: partial, settings: ConnectionSettings(access: .readWrite)).useRollbackJournal()
    }

    /// A new name is on disk when its folder is.
    static func synchroniseFolder(of path: String) -> Bool {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }
}
