// Transactions and savepoints. The closure is the transaction: it ends with the closure, kept when it returns and
// undone when it throws. The bare verbs are for the writer, whose transaction spans many jobs.

extension Connection {
    /// When a transaction takes the write lock (https://www.sqlite.org/lang_transaction.html).
    package enum TransactionKind: Sendable {
        /// Never, for one that only reads: one snapshot from the first SELECT.
        case deferred
        /// At once, so that nothing in it can fail for another writer.
        case immediate
        /// At once, and nobody else reads meanwhile either, of a file without write-ahead log.
        case exclusive
    }

    /// Starts a transaction.
    ///
    /// - Throws: `SQLiteError`; `.busy` when another connection kept the write lock too long.
    package func begin(_ kind: TransactionKind) throws(SQLiteError) {
        switch kind {
        case .deferred: try run("BEGIN DEFERRED")
        case .immediate: try run("BEGIN IMMEDIATE")
        case .exclusive: try run("BEGIN EXCLUSIVE")
        }
    }

    /// Ends the transaction and keeps its changes: with `synchronous = FULL` they are on disk when this returns.
    ///
    /// - Throws: `SQLiteError`; the transaction may still be open then.
    package func commit() throws(SQLiteError) { try run("COMMIT") }

    /// Ends the transaction, if SQLite has not done so already, and undoes its changes.
    ///
    /// - Throws: `SQLiteError`.
    package func rollback() throws(SQLiteError) {
        if isInTransaction { try run("ROLLBACK") }
    }

    /// Runs `body` in a transaction.
    ///
    /// - Throws: what `body` throws, or `SQLiteError`.
    package func transaction<Result>(_ kind: TransactionKind, _ body: () throws -> Result) throws -> Result {
        try begin(kind)
        do {
            let result = try body()
            try commit()
            return result
        } catch {
            try? rollback()
            throw error
        }
    }

    /// Runs `body` in a savepoint: when it throws, its changes alone are undone and the transaction goes on.
    ///
    /// - Throws: what `body` throws, or `SQLiteError`; look at `isInTransaction` to see whether there is still
    ///   a transaction to go on with.
    package func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
        try run("SAVEPOINT part")
        do {
            let result = try body()
            try run("RELEASE part")
            return result
        } catch {
            if isInTransaction {
                try run("ROLLBACK TO part")
                try run("RELEASE part")
            }
            throw error
        }
    }
}
