// One prepared statement, lent by a Connection for the length of one call. Only Queries.swift uses it, and gives it
// back whatever happens: nothing outside this module can hold a statement that is halfway.

internal import CSQLite

/// A prepared statement and what one use of it leaves behind.
package final class Statement {
    let handle: OpaquePointer
    private let parameterCount: Int32
    /// Lent and not yet given back.
    var isLent = false
    /// Parameters bound so far.
    private var bound: Int32 = 0
    /// The first column that did not hold what was asked of it; -1 for none.
    private var mismatch: Int32 = -1

    /// Prepares `sql`, which must be one statement; `persistent` for one that will be kept.
    init(_ sql: UnsafeBufferPointer<UInt8>, on connection: OpaquePointer, persistent: Bool) throws(SQLiteError) {
        var prepared: OpaquePointer?
        var tail: UnsafePointer<CChar>?
        let flags = persistent ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
        let start = UnsafeRawPointer(sql.baseAddress)?.assumingMemoryBound(to: CChar.self)
        let code = sqlite3_prepare_v3(connection, start, Int32(clamping: sql.count), flags, &prepared, &tail)
        guard code == SQLITE_OK, let prepared else {
            let text = String(decoding: sql, as: UTF8.self)
            if code == SQLITE_OK { throw SQLiteError(code: .error, message: "no statement", sql: text) }
            throw SQLiteError(code: code, connection: connection, sql: text)
        }
        if let start, let tail, tail - start < sql.count, sql[(tail - start)...].contains(where: { $0 > 0x20 }) {
            sqlite3_finalize(prepared)
            let text = String(decoding: sql, as: UTF8.self)
            throw SQLiteError(code: .error, message: "more than one statement", sql: text)
        }
        handle = prepared
        parameterCount = sqlite3_bind_parameter_count(prepared)
    }

    deinit { sqlite3_finalize(handle) }

    /// Takes the next parameter's number, from 1.
    func nextParameter() -> Int32 {
        precondition(bound < parameterCount, "more values than question marks")
        bound += 1
        return bound
    }

    /// Throws when SQLite refused a bound value.
    func check(_ code: Int32) throws(SQLiteError) {
        guard code != SQLITE_OK else { return }
        throw SQLiteError(code: code, statement: handle)
    }

    @usableFromInline func bind(_ value: borrowing some Bindable) throws(SQLiteError) {
        try value.bind(to: Binder(statement: self))
    }

    /// To be called once, between the last value and the first step.
    @usableFromInline func endBinding() {
        precondition(bound == parameterCount, "fewer values than question marks")
    }

    /// The question mark that the next value goes to, from 1.
    @usableFromInline var nextPlace: Int { Int(bound) + 1 }

    /// Has the next value go to the question mark number `place`, from 1.
    @usableFromInline func seek(_ place: Int) {
        precondition(place >= 1 && place <= Int(parameterCount), "no such question mark")
        bound = Int32(place - 1)
    }

    /// Makes the statement ready to run again with the same values.
    @usableFromInline func again() { sqlite3_reset(handle) }

    /// Goes to the next row; false at the end.
    @usableFromInline func step() throws(SQLiteError) -> Bool {
        let code = sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        throw SQLiteError(code: code, statement: handle)
    }

    /// Remembers that `column` did not hold what was asked of it.
    func noteMismatch(_ column: Int32) {
        if mismatch < 0 { mismatch = column }
    }

    /// Throws when a column of the row just read did not hold what was asked of it.
    @usableFromInline func checkColumns() throws(SQLiteError) {
        guard mismatch >= 0 else { return }
        let name = sqlite3_column_name(handle, mismatch).map { String(cString: $0) } ?? "none such"
        let text = sqlite3_sql(handle).map { String(cString: $0) }
        let message = "column \(mismatch) (\(name)) holds another type than the code reads"
        throw SQLiteError(code: .mismatch, message: message, sql: text)
    }

    /// Makes the statement ready for its next use and forgets the values of this one.
    func rewind() {
        sqlite3_reset(handle)
        if parameterCount > 0 { sqlite3_clear_bindings(handle) }
        bound = 0
        mismatch = -1
    }
}
