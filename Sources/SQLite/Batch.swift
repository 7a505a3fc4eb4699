// One statement run many times in a row, for rows that share most of their values: what was bound stays bound until it
// is bound anew. Borrowed and given back like every other statement.

/// A lent statement whose values stay from one run to the next.
package struct Batch: ~Copyable {
    @usableFromInline let statement: Statement

    @usableFromInline init(_ statement: Statement) { self.statement = statement }

    /// The first question mark after the one that was bound last.
    @usableFromInline var next: Int { statement.nextPlace }

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

    /// Adds rows by one statement: `head`, which ends with VALUES, and `row`, its question marks in brackets, for each of
    /// `items`; `bind` gets every item with the number of its first question mark. For rows that triggers follow: SQLite prepares
    /// to undo each such statement.
    ///
    /// - Throws: `SQLiteError`, or what `bind` throws; then no row is there.
    @inlinable
    package func insert<Item>(
        _ head: StaticString, _ row: StaticString, for items: [Item],
        bind: (Item, borrowing Batch, _ place: Int) throws -> Void
    ) throws {
        guard !items.isEmpty else { return }
        var text = head.description
        text.reserveCapacity(text.utf8.count + items.count * (row.utf8CodeUnitCount + 2))
        let marks = row.description
        for place in items.indices {
            text += place == 0 ? " " : ", "
            text += marks
        }
        try batch(SQL(dynamic: text)) { batch in
            var place = 1
            for item in items {
                try bind(item, batch, place)
                place = batch.next
            }
            batch.statement.endBinding()
            try batch.run()
        }
    }
}
