// A copy of a live database as one closed file: whole under its name or not there. Knows no command and no schedule.

internal import SQLite

/// Copies of database files.
package enum Backup {
    /// Copies the database at `path` to the new file `target`, mode 0600, while others read and write it.
    ///
    /// The copy has the rollback journal, so it is a single file that opens anywhere, also read-only.
    ///
    /// - Parameter progress: Called every MiB with the pages done and the total; throws to give up.
    /// - Throws: `StorageFault`; `.exists` when there is a `target`.
    package static func copy(
        _ path: String, to target: String, progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws(StorageFault) {
        let draft = try draft(of: path, for: target, progress: progress)
        defer { draft.remove() }
        try draft.publish()
    }

    /// As `copy`, but looks at the copy before it has its name; one that something is wrong with gets none.
    ///
    /// - Returns: What the look found.
    /// - Throws: As `copy` does.
    package static func verifiedCopy(
        _ path: String, to target: String, progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws(StorageFault) -> DatabaseHealth {
        let draft = try draft(of: path, for: target, progress: progress)
        defer { draft.remove() }
        let health = try DatabaseHealth(of: draft.path)
        if health.problem == nil { try draft.publish() }
        return health
    }

    /// A copy that has no name yet, for `target`, which must not be there.
    private static func draft(
        of path: String, for target: String, progress: (Int, Int) throws -> Void
    ) throws(StorageFault) -> UnfinishedFile {
        guard !FileSystem.isThere(target) else { throw .exists(path: target) }
        let draft = try UnfinishedFile(for: target)
        do throws(StorageFault) {
            try fill(draft, from: path, progress: progress)
        } catch {
            draft.remove()
            throw error
        }
        return draft
    }

    /// Makes an empty file a copy of the database at `path`.
    static func fill(
        _ draft: UnfinishedFile, from path: String, progress: (Int, Int) throws -> Void
    ) throws(StorageFault) {
        let source: Connection
        do {
            source = try Connection(path: path, settings: ConnectionSettings(access: .readOnly))
            // It opens its log with the first read, and what fails from then on is the copy.
            _ = try source.pragma("schema_version")
        } catch {
            throw StorageFault(opening: path, error)
        }
        do {
            do {
                let copy = try Connection(path: draft.path, settings: ConnectionSettings(access: .readWrite))
                try source.copyAll(to: copy, pagesPerStep: EngineLimits.backupPagesPerStep, progress: progress)
            }
            // A new connection, as the copied header asks for a write-ahead log.
            try Connection(path: draft.path, settings: ConnectionSettings(access: .readWrite)).useRollbackJournal()
        } catch ResultCode.full, ResultCode.cannotOpen, ResultCode.readOnly {
            // Nothing is written but the copy.
            throw .cannotMake(path: draft.target, reason: "there is no room for it, or it may not be written")
        } catch {
            throw StorageFault(opening: path, error)
        }
    }
}
