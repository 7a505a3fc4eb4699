// One statement run many times in a row, for rows that share most of their values: what was bound stays bound until it
// is bound anew. Borrowed and given back like every other statement.

/// A lent statement whose values stay from one run to the next.
package struct Batch: ~Copyable {
    @usableFromInline let statement: Statement

    @usableFromInline init(_ statement: Statement) { self.statement = statement }

    /// Binds values to the question marks from number `place` (from 1) on.
    ///
    /// - Throws: `SQLiteError`.
    @inlinable
    package func bind<each Argument: Bindable>(
        from place: Int, _ arguments: repeat each Argument
    ) throws(SQLiteError) {
        statement.seek(place)
        repeat try statement.bind(each arguments)
    }

    /// Runs the statement to its end with what is bound now; a question mark that was never bound is NULL.
    ///
    /// - Throws: `SQLiteError`.
    @inlinable
    package func run() throws(SQLiteError) {
        while try statement.step() {}
        statement.again()
    }
}

extension Connection {
    /// Lends `body` a statement to run as often as it likes.
    ///
    /// - Throws: `SQLiteError`, or what `body` throws.
    @inlinable
    package func batch<Result>(_ sql: SQL, _ body: (borrowing Batch) throws -> Result) throws -> Result {
        let statement = try lend(sql)
        defer { takeBack(statement) }
        return try body(Batch(statement))
    }
}
