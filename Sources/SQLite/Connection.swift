// One connection to one database file, for one thread at a time, with its prepared statements. Opens with settings
// that it reads back, and refuses to go on when one did not stick. Knows no table.

internal import CSQLite
internal import Glibc

/// An open database; not thread-safe, so whoever shares one holds a lock.
package final class Connection {
    let handle: OpaquePointer
    let busyTimeoutMilliseconds: Int32
    private var literals: [UInt: Statement] = [:]
    private var dynamics: [String: Statement] = [:]
    /// Frames in the write-ahead log after the last commit of this connection; see `walPages`.
    private let walFrames: UnsafeMutablePointer<Int32>

    /// Opens `path` and makes it behave as `settings` say.
    ///
    /// - Throws: `SQLiteError`; `.cannotOpen`, `.notADatabase`, `.readOnly` when writing was asked and is not
    ///   possible (SQLite falls back silently), `.error` when a setting did not stick.
    package init(path: String, settings: ConnectionSettings) throws(SQLiteError) {
        precondition(Library.version >= 3_037_000, "SQLite 3.37 or later, for STRICT tables")
        handle = try Connection.open(path, settings.access)
        busyTimeoutMilliseconds = Int32(clamping: settings.busyTimeoutMilliseconds)
        walFrames = .allocate(capacity: 1)
        walFrames.initialize(to: 0)
        try harden()
        for pragma in settings.pragmas {
            try set(pragma.name, to: pragma.value)
        }
        guard settings.access == .readOnly || sqlite3_db_readonly(handle, "main") == 0 else {
            throw SQLiteError(code: .readOnly, message: "the file or its folder can't be written")
        }
        if settings.access != .readOnly {
            // Counts only; see https://www.sqlite.org/c3ref/wal_hook.html.
            sqlite3_wal_hook(
                handle,
                { frames, _, _, count in
                    frames?.storeBytes(of: count, as: Int32.self)
                    return SQLITE_OK
                }, walFrames)
        }
    }

    deinit {
        literals.removeAll()
        dynamics.removeAll()
        let code = sqlite3_close(handle)
        precondition(code == SQLITE_OK, "a connection outlives its statements")
        walFrames.deallocate()
    }

    private static func open(_ path: String, _ access: ConnectionSettings.Access) throws(SQLiteError) -> OpaquePointer {
        let mode =
            switch access {
            case .readWriteCreate: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .readWrite: SQLITE_OPEN_READWRITE
            case .readOnly: SQLITE_OPEN_READONLY
            }
        if access == .readWriteCreate { createPrivately(path) }
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK, let opened else {
            let error = SQLiteError(code: code, connection: opened)
            sqlite3_close(opened)
            throw error
        }
        return opened
    }

    /// Makes an absent file with mode 0600, which SQLite copies to the log and index beside it; it would make 0644
    /// itself. A failure shows when SQLite opens the file.
    private static func createPrivately(_ path: String) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }

    /// Shuts the doors nobody needs: no writes to internal tables, no double-quoted strings (a misspelt column would
    /// become a text), no extensions (https://www.sqlite.org/security.html).
    private func harden() throws(SQLiteError) {
        let switches: [(option: Int32, value: Int32)] = [
            (SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_DQS_DDL, 0), (SQLITE_DBCONFIG_DQS_DML, 0),
            (SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0), (SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0),
        ]
        for (option, value) in switches {
            var now: Int32 = -1
            let code = csqlite_db_config_int(handle, option, value, &now)
            guard code == SQLITE_OK, now == value else {
                throw SQLiteError(code: .error, message: "database option \(option) is \(now), not \(value)")
            }
        }
    }

    // MARK: Statements

    /// The prepared statement for `sql`, made now or earlier; a second one when the first is in use further up.
    @usableFromInline func lend(_ sql: SQL) throws(SQLiteError) -> Statement {
        let statement: Statement
        switch sql.text {
        case .literal(let literal):
            precondition(literal.hasPointerRepresentation, "a statement, not a scalar")
            let bytes = UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount)
            let key = UInt(bitPattern: literal.utf8Start)
            if let known = literals[key], !known.isLent {
                statement = known
            } else {
                statement = try Statement(bytes, on: handle, persistent: true)
                if literals[key] == nil { literals[key] = statement }
            }
        case .dynamic(let text):
            if let known = dynamics[text], !known.isLent {
                statement = known
            } else {
                statement = try prepareOnce(text)
                if dynamics.count >= Limits.dynamicStatements { dynamics.removeAll() }
                if dynamics[text] == nil { dynamics[text] = statement }
            }
        }
        statement.isLent = true
        return statement
    }

    /// A statement that is not kept.
    func prepareOnce(_ sql: String) throws(SQLiteError) -> Statement {
        var copy = sql
        let outcome = copy.withUTF8 { utf8 in
            Result { () throws(SQLiteError) in try Statement(utf8, on: handle, persistent: false) }
        }
        return try outcome.get()
    }

    @usableFromInline func takeBack(_ statement: Statement) {
        statement.rewind()
        statement.isLent = false
    }

    // MARK: Facts

    /// Rows the last INSERT, UPDATE or DELETE touched.
    package var changes: Int { Int(sqlite3_changes64(handle)) }

    /// Rows that were changed since the connection was opened, those by triggers too; what a statement undid itself when it
    /// failed is not among them (https://www.sqlite.org/c3ref/total_changes.html).
    package var totalChanges: Int64 { sqlite3_total_changes64(handle) }

    /// Whether a transaction is open; SQLite ends one by itself after some failures
    /// (https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction).
    package var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// What the statements that are kept have done so far: how often they ran, and through how many instructions of SQLite's
    /// machine. Equal work can't be told apart by a clock; see https://www.sqlite.org/c3ref/c_stmtstatus_counter.html.
    package var work: (runs: Int, instructions: Int) {
        var sum = (runs: 0, instructions: 0)
        var statement = sqlite3_next_stmt(handle, nil)
        while let each = statement {
            sum.runs += Int(sqlite3_stmt_status(each, SQLITE_STMTSTATUS_RUN, 0))
            sum.instructions += Int(sqlite3_stmt_status(each, SQLITE_STMTSTATUS_VM_STEP, 0))
            statement = sqlite3_next_stmt(handle, each)
        }
        return sum
    }

    /// Pages in the write-ahead log as of this connection's last commit or checkpoint; 0 before the first.
    package var walPages: Int {
        get { Int(walFrames.pointee) }
        set { walFrames.pointee = Int32(clamping: newValue) }
    }
}
