// Copies a live database into another, page by page (https://www.sqlite.org/backup.html). Knows nothing of files.

internal import CSQLite

extension Connection {
    /// Copies everything this connection sees into `target`, whose contents are replaced.
    ///
    /// One snapshot is held from start to end, so that writers neither stop nor make the copy start over; the
    /// write-ahead log can't be emptied meanwhile.
    ///
    /// - Parameters:
    ///   - pagesPerStep: How many pages between two calls of `progress`.
    ///   - progress: Called with the pages done and the total; throws to give up.
    /// - Throws: `SQLiteError`, or what `progress` throws.
    package func copyAll(
        to target: Connection, pagesPerStep: Int, progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws {
        try transaction(.deferred) {
            // A deferred transaction has its snapshot from the first read on.
            _ = try first("SELECT count(*) FROM sqlite_schema") { row in row.int(0) }
            guard let backup = sqlite3_backup_init(target.handle, "main", handle, "main") else {
                throw SQLiteError(code: sqlite3_extended_errcode(target.handle), connection: target.handle)
            }
            var code: Int32
            do {
                repeat {
                    code = sqlite3_backup_step(backup, Int32(clamping: max(1, pagesPerStep)))
                    let total = Int(sqlite3_backup_pagecount(backup))
                    try progress(total - Int(sqlite3_backup_remaining(backup)), total)
                } while code == SQLITE_OK
            } catch {
                sqlite3_backup_finish(backup)
                throw error
            }
            sqlite3_backup_finish(backup)
            guard code == SQLITE_DONE else { throw SQLiteError(code: code, connection: nil) }
        }
    }
}
