// The four ways to run a statement. Each borrows the prepared statement, binds, steps and gives it back, also when
// something throws: a statement left halfway would hold its snapshot open and stop every checkpoint.

extension Connection {
    /// Runs a statement to its end and tells how many rows it inserted, updated or deleted (undefined for others).
    ///
    /// - Throws: `SQLiteError`.
    @inlinable @discardableResult
    package func run<each Argument: Bindable>(
        _ sql: SQL, _ arguments: repeat each Argument
    ) throws(SQLiteError) -> Int {
        let statement = try lend(sql)
        defer { takeBack(statement) }
        repeat try statement.bind(each arguments)
        statement.endBinding()
        while try statement.step() {}
        return changes
    }

    /// The first row, read by `read`; nil when there is none.
    ///
    /// - Throws: `SQLiteError`, or what `read` throws.
    @inlinable
    package func first<Result, each Argument: Bindable>(
        _ sql: SQL, _ arguments: repeat each Argument, read: (borrowing Row) throws -> Result
    ) throws -> Result? {
        let statement = try lend(sql)
        defer { takeBack(statement) }
        repeat try statement.bind(each arguments)
        statement.endBinding()
        guard try statement.step() else { return nil }
        let result = try read(Row(statement))
        try statement.checkColumns()
        return result
    }

    /// Every row in order, read by `read`.
    ///
    /// - Throws: `SQLiteError`, or what `read` throws.
    @inlinable
    package func all<Result, each Argument: Bindable>(
        _ sql: SQL, _ arguments: repeat each Argument, read: (borrowing Row) throws -> Result
    ) throws -> [Result] {
        var results: [Result] = []
        try forEach(sql, repeat each arguments) { row in results.append(try read(row)) }
        return results
    }

    /// Calls `visit` with every row in order; stop early by throwing.
    ///
    /// - Throws: `SQLiteError`, or what `visit` throws.
    @inlinable
    package func forEach<each Argument: Bindable>(
        _ sql: SQL, _ arguments: repeat each Argument, visit: (borrowing Row) throws -> Void
    ) throws {
        let statement = try lend(sql)
        defer { takeBack(statement) }
        repeat try statement.bind(each arguments)
        statement.endBinding()
        while try statement.step() {
            try visit(Row(statement))
            try statement.checkColumns()
        }
    }

    /// Compiles a statement without running it, so that a test can hold every statement against the schema.
    ///
    /// - Throws: `SQLiteError`.
    package func prepare(_ sql: SQL) throws(SQLiteError) {
        takeBack(try lend(sql))
    }
}
