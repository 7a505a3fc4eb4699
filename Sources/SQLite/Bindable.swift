// How values become parameters of a statement. Knows the five kinds of value SQLite stores, and leaves to others how
// their own types look in a column.

internal import CSQLite

/// A value that can stand for a question mark (or, as `Values` does, for several in a row).
package protocol Bindable {
    /// Hands the value to `binder`, once per question mark.
    func bind(to binder: borrowing Binder) throws(SQLiteError)
}

/// The question marks of one statement that still wait for a value, in order.
package struct Binder: ~Copyable {
    let statement: Statement

    /// Binds NULL to the next question mark.
    package func null() throws(SQLiteError) {
        try statement.check(sqlite3_bind_null(statement.handle, statement.nextParameter()))
    }

    /// Binds an integer to the next question mark.
    package func integer(_ value: Int64) throws(SQLiteError) {
        try statement.check(sqlite3_bind_int64(statement.handle, statement.nextParameter(), value))
    }

    /// Binds a floating-point number to the next question mark; NaN becomes NULL, as SQLite has none.
    package func real(_ value: Double) throws(SQLiteError) {
        try statement.check(sqlite3_bind_double(statement.handle, statement.nextParameter(), value))
    }

    /// Binds a copy of UTF-8 bytes as text to the next question mark.
    package func text(_ utf8: UnsafeBufferPointer<UInt8>) throws(SQLiteError) {
        let count = UInt64(utf8.count)
        try statement.check(
            csqlite_bind_text(statement.handle, statement.nextParameter(), utf8.baseAddress, count))
    }

    /// Binds a copy of bytes as a blob to the next question mark.
    package func blob(_ bytes: UnsafeRawBufferPointer) throws(SQLiteError) {
        let count = UInt64(bytes.count)
        try statement.check(
            csqlite_bind_blob(statement.handle, statement.nextParameter(), bytes.baseAddress, count))
    }
}

extension Int64: Bindable {
    package func bind(to binder: borrowing Binder) throws(SQLiteError) { try binder.integer(self) }
}

extension Int: Bindable {
    package func bind(to binder: borrowing Binder) throws(SQLiteError) { try binder.integer(Int64(self)) }
}

extension Bool: Bindable {
    package func bind(to binder: borrowing Binder) throws(SQLiteError) { try binder.integer(self ? 1 : 0) }
}

extension Double: Bindable {
    package func bind(to binder: borrowing Binder) throws(SQLiteError) { try binder.real(self) }
}

extension String: Bindable {
    package func bind(to binder: borrowing Binder) throws(SQLiteError) {
        var copy = self
        let outcome = copy.withUTF8 { utf8 in
            Result { () throws(SQLiteError) in try binder.text(utf8) }
        }
        try outcome.get()
    }
}

extension StaticString: Bindable {
    package func bind(to binder: borrowing Binder) throws(SQLiteError) {
        precondition(hasPointerRepresentation, "a text, not a scalar")
        try binder.text(UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount))
    }
}

extension [UInt8]: Bindable {
    package func bind(to binder: borrowing Binder) throws(SQLiteError) {
        let outcome = withUnsafeBytes { bytes in
            Result { () throws(SQLiteError) in try binder.blob(bytes) }
        }
        try outcome.get()
    }
}

extension Optional: Bindable where Wrapped: Bindable {
    package func bind(to binder: borrowing Binder) throws(SQLiteError) {
        if let self { try self.bind(to: binder) } else { try binder.null() }
    }
}

/// One value of any of the kinds SQLite stores, for SQL put together at run time.
package enum Value: Bindable, Hashable, Sendable {
    /// NULL.
    case null
    /// An INTEGER.
    case integer(Int64)
    /// A REAL.
    case real(Double)
    /// A TEXT.
    case text(String)
    /// A BLOB.
    case blob([UInt8])

    package func bind(to binder: borrowing Binder) throws(SQLiteError) {
        switch self {
        case .null: try binder.null()
        case .integer(let value): try binder.integer(value)
        case .real(let value): try binder.real(value)
        case .text(let value): try value.bind(to: binder)
        case .blob(let value): try value.bind(to: binder)
        }
    }
}

/// Values for as many question marks in a row, for SQL put together at run time.
package struct Values: Bindable, Hashable, Sendable {
    /// The values in the order of their question marks.
    package var list: [Value]

    /// Values in the order of their question marks.
    package init(_ list: [Value] = []) { self.list = list }

    package func bind(to binder: borrowing Binder) throws(SQLiteError) {
        for value in list { try value.bind(to: binder) }
    }
}
