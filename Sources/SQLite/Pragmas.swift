// PRAGMAs as calls: set and read back, the journal mode, checkpoints and the checks of a file's health.

internal import CSQLite

extension Connection {
    /// The number a PRAGMA shows; nil when SQLite does not know it.
    ///
    /// Compiled anew each time: SQLite puts the value into the compiled statement, so a kept one shows an old value.
    ///
    /// - Throws: `SQLiteError`.
    package func pragma(_ name: String) throws(SQLiteError) -> Int? {
        let statement = try prepareOnce("PRAGMA \(name)")
        guard try statement.step() else { return nil }
        return Int(sqlite3_column_int64(statement.handle, 0))
    }

    /// Sets a PRAGMA to a number and reads it back.
    ///
    /// - Throws: `SQLiteError`; `.error` when it did not stick.
    package func set(_ pragma: String, to value: Int) throws(SQLiteError) {
        _ = try self.pragma("\(pragma) = \(value)")
        let now = try self.pragma(pragma)
        guard now == value else {
            let shown = now.map(String.init) ?? "unknown"
            throw SQLiteError(code: .error, message: "PRAGMA \(pragma) is \(shown) after setting it to \(value)")
        }
    }

    /// The journal mode in SQLite's words: `wal`, `delete`, …
    ///
    /// - Throws: `SQLiteError`.
    package func journalMode() throws(SQLiteError) -> String { try journal("journal_mode") }

    /// Puts the file in write-ahead-log mode, which the file remembers (https://www.sqlite.org/wal.html).
    ///
    /// - Throws: `SQLiteError`; `.busy` while another connection uses the file in another mode.
    package func useWriteAheadLog() throws(SQLiteError) {
        try expectJournal(try journal("journal_mode = WAL"), "wal")
    }

    /// Makes the file one file again, without log beside it, as a copy to keep should be.
    ///
    /// - Throws: `SQLiteError`; `.busy` while another connection uses the file.
    package func useRollbackJournal() throws(SQLiteError) {
        try expectJournal(try journal("journal_mode = DELETE"), "delete")
    }

    private func journal(_ pragma: String) throws(SQLiteError) -> String {
        let statement = try prepareOnce("PRAGMA \(pragma)")
        guard try statement.step(), let text = sqlite3_column_text(statement.handle, 0) else { return "" }
        return String(cString: text)
    }

    private func expectJournal(_ mode: String, _ expected: String) throws(SQLiteError) {
        guard mode == expected else {
            throw SQLiteError(code: .error, message: "the journal mode is \(mode), not \(expected)")
        }
    }

    /// How hard a checkpoint tries (https://www.sqlite.org/c3ref/wal_checkpoint_v2.html).
    package enum CheckpointMode: Sendable {
        /// Copies what no reader is in the way of, waits for nobody.
        case passive
        /// Waits, up to the busy time-out, for readers of older pages, then empties the log.
        case truncate
        /// Empties the log if no reader of older pages is in the way just now.
        case truncateAtOnce
    }

    /// How far a checkpoint got.
    package struct Checkpoint {
        /// Pages of the log that are in the database file too.
        package let copied: Int
        /// Whether those are all of it.
        package let isWhole: Bool
    }

    /// Copies pages from the write-ahead log into the database file, which is on disk when the whole log is copied.
    ///
    /// - Throws: `SQLiteError`, but not for readers in the way.
    @discardableResult
    package func checkpoint(_ mode: CheckpointMode) throws(SQLiteError) -> Checkpoint {
        var frames: Int32 = 0
        var copied: Int32 = 0
        let number = mode == .passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE
        if mode == .truncateAtOnce { sqlite3_busy_timeout(handle, 0) }
        defer { if mode == .truncateAtOnce { sqlite3_busy_timeout(handle, busyTimeoutMilliseconds) } }
        let code = sqlite3_wal_checkpoint_v2(handle, nil, number, &frames, &copied)
        let result = ResultCode(rawValue: code)
        guard code == SQLITE_OK || .busy ~= result else { throw SQLiteError(code: code, connection: handle) }
        if frames >= 0 { walPages = Int(frames) }
        return Checkpoint(copied: max(0, Int(copied)), isWhole: code == SQLITE_OK && frames == copied)
    }

    /// Waits until what was copied into the database file is on disk.
    ///
    /// - Throws: `SQLiteError`.
    package func syncFile() throws(SQLiteError) {
        let code = csqlite_sync_file(handle)
        guard code == SQLITE_OK else { throw SQLiteError(code: code, connection: handle) }
    }

    /// What a full check of the file finds wrong; empty when all is well. Reads the whole file.
    ///
    /// - Throws: `SQLiteError`, `.corrupt` and `.notADatabase` among them.
    package func integrityCheck() throws -> [String] {
        try findings("PRAGMA integrity_check(\(Limits.integrityFindings))")
    }

    /// As `integrityCheck`, without holding indexes against their tables; several times faster.
    ///
    /// - Throws: `SQLiteError`, `.corrupt` and `.notADatabase` among them.
    package func quickCheck() throws -> [String] {
        try findings("PRAGMA quick_check(\(Limits.integrityFindings))")
    }

    private func findings(_ sql: String) throws -> [String] {
        let lines = try all(SQL(dynamic: sql)) { row in row.text(0) }
        return lines == ["ok"] ? [] : lines
    }

    /// Rows that refer to something absent, as `child row 3 → parent`; empty when all is well.
    ///
    /// - Throws: `SQLiteError`.
    package func foreignKeyCheck() throws -> [String] {
        try all("PRAGMA foreign_key_check") { row in
            let number = row.optionalInt64(1).map { " row \($0)" } ?? ""
            return "\(row.text(0))\(number) → \(row.text(2))"
        }
    }
}
