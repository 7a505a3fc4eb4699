// What went wrong in SQLite, fit for a log: the code, a message, the statement. Never a bound value, as those are
// people's data.

internal import CSQLite

/// A failure SQLite reported, or a column that did not hold what the code expects.
package struct SQLiteError: Error, Hashable, Sendable {
    /// The extended result code.
    package let code: ResultCode
    /// What SQLite says about it, without bound values.
    package let message: String
    /// The statement as written, with its question marks, cut off when long; nil when there was none.
    package let sql: String?

    /// An error from its parts.
    package init(code: ResultCode, message: String, sql: String? = nil) {
        self.code = code
        self.message = message
        self.sql = sql.map { String($0.prefix(Limits.sqlExcerptCharacters)) }
    }

    /// The last error of `connection`, or SQLite's general text for `code` when there is no connection.
    init(code: Int32, connection: OpaquePointer?, sql: String? = nil) {
        let text = connection.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
        self.init(code: ResultCode(rawValue: code), message: text.map { String(cString: $0) } ?? "", sql: sql)
    }

    /// An error of a prepared statement.
    ///
    /// Messages at run time can repeat a bound value (full-text search quotes the query it can't parse), so for a
    /// statement with parameters only the constraint messages, which name tables and columns, are kept.
    init(code: Int32, statement: OpaquePointer) {
        let code32 = ResultCode(rawValue: code)
        let safe = sqlite3_bind_parameter_count(statement) == 0 || .constraint ~= code32
        let connection = safe ? sqlite3_db_handle(statement) : nil
        self.init(code: code, connection: connection, sql: sqlite3_sql(statement).map { String(cString: $0) })
    }
}

extension SQLiteError: CustomStringConvertible {
    /// One line for a log: `SQLite 2067: UNIQUE constraint failed: t.a, in INSERT …`.
    package var description: String {
        let place = sql.map { ", in \($0.split(whereSeparator: \.isWhitespace).joined(separator: " "))" } ?? ""
        return "SQLite \(code.rawValue): \(message)\(place)"
    }
}
