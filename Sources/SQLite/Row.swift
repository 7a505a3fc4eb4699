// One row of a result, valid only inside the closure that gets it. A getter does not throw: when a column holds
// another type than asked for, it gives an empty value and the query that runs the closure throws
// `ResultCode.mismatch`, so a wrong column can't pass for an empty one.

internal import CSQLite

/// The row a statement stands on.
package struct Row: ~Copyable {
    let statement: Statement

    @usableFromInline init(_ statement: Statement) { self.statement = statement }

    /// Whether column `column` (from 0) is NULL.
    package func isNull(_ column: Int) -> Bool { type(column) == SQLITE_NULL }

    /// An INTEGER.
    package func int64(_ column: Int) -> Int64 {
        guard expect(SQLITE_INTEGER, column) else { return 0 }
        return sqlite3_column_int64(statement.handle, index(column))
    }

    /// An INTEGER as Swift's everyday integer, of the same 64 bits.
    package func int(_ column: Int) -> Int { Int(int64(column)) }

    /// An INTEGER, false when 0.
    package func bool(_ column: Int) -> Bool { int64(column) != 0 }

    /// A REAL, or an INTEGER as one.
    package func double(_ column: Int) -> Double {
        guard type(column) == SQLITE_INTEGER || expect(SQLITE_FLOAT, column) else { return 0 }
        return sqlite3_column_double(statement.handle, index(column))
    }

    /// A TEXT; bytes that are not UTF-8 are replaced by U+FFFD.
    package func text(_ column: Int) -> String {
        withText(column) { String(decoding: $0, as: UTF8.self) }
    }

    /// A BLOB.
    package func blob(_ column: Int) -> [UInt8] {
        withBlob(column) { [UInt8]($0) }
    }

    /// The UTF-8 bytes of a TEXT, in place; empty for a column of another type.
    package func withText<Result, Failure: Error>(
        _ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard expect(SQLITE_TEXT, column) else { return try body(UnsafeBufferPointer(start: nil, count: 0)) }
        // The text first, its length after: the other way round the length may be of another encoding.
        let start = sqlite3_column_text(statement.handle, index(column))
        let count = start == nil ? 0 : sqlite3_column_bytes(statement.handle, index(column))
        return try body(UnsafeBufferPointer(start: start, count: Int(count)))
    }

    /// The bytes of a BLOB, in place; empty for a column of another type.
    package func withBlob<Result, Failure: Error>(
        _ column: Int, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard expect(SQLITE_BLOB, column) else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        let start = sqlite3_column_blob(statement.handle, index(column))
        let count = start == nil ? 0 : sqlite3_column_bytes(statement.handle, index(column))
        return try body(UnsafeRawBufferPointer(start: start, count: Int(count)))
    }

    /// An INTEGER, nil for NULL.
    package func optionalInt64(_ column: Int) -> Int64? { isNull(column) ? nil : int64(column) }

    /// An INTEGER as Swift's everyday integer, nil for NULL.
    package func optionalInt(_ column: Int) -> Int? { isNull(column) ? nil : int(column) }

    /// An INTEGER, false when 0, nil for NULL.
    package func optionalBool(_ column: Int) -> Bool? { isNull(column) ? nil : bool(column) }

    /// A REAL, or an INTEGER as one, nil for NULL.
    package func optionalDouble(_ column: Int) -> Double? { isNull(column) ? nil : double(column) }

    /// A TEXT, nil for NULL.
    package func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }

    /// A BLOB, nil for NULL.
    package func optionalBlob(_ column: Int) -> [UInt8]? { isNull(column) ? nil : blob(column) }

    /// Says that `column` holds bytes its reader can't use, such as an identifier of 15; the query then throws
    /// `ResultCode.mismatch`.
    package func reject(_ column: Int) { statement.noteMismatch(index(column)) }

    private func index(_ column: Int) -> Int32 { Int32(truncatingIfNeeded: column) }

    private func type(_ column: Int) -> Int32 { sqlite3_column_type(statement.handle, index(column)) }

    private func expect(_ expected: Int32, _ column: Int) -> Bool {
        if type(column) == expected { return true }
        statement.noteMismatch(index(column))
        return false
    }
}
