// What a job gets to work with: one connection within one transaction, at one moment. The transaction itself is begun
// and ended by the engine (Writer, Readers), never by a job.

package import Domain
package import SQLite

/// One snapshot of the database, for one closure.
package struct ReadTransaction {
    /// The connection, for the stores.
    package let db: Connection
    /// The moment this read is about.
    package let now: Instant
}

/// A part of a transaction without savepoints failed after it had changed something.
struct FailedHalfWay: Error {}

/// The single writer's transaction, shared by the jobs of one commit.
package final class WriteTransaction {
    /// The connection, for the stores.
    package let db: Connection
    /// The moment of every change in this transaction.
    package let now: Instant
    /// Where the moment and chance come from.
    package let environment: Environment
    private(set) var identifiers: IdentifierSource
    private let undoesParts: Bool
    /// Whether something was forgotten.
    private(set) var isForgetting = false

    /// The transaction that `db` has begun; `undoesParts` when a part of it that fails must be undone alone.
    init(db: Connection, environment: Environment, identifiers: IdentifierSource, undoesParts: Bool) {
        self.db = db
        self.undoesParts = undoesParts
        now = environment.now()
        self.environment = environment
        self.identifiers = identifiers
    }

    /// An identifier later than every one this writer has made, also when the clock went back.
    package func newIdentifier<Subject>(of subject: Subject.Type = Subject.self) -> Identifier<Subject> {
        identifiers.next(at: now, randomBits: environment.randomBits())
    }

    /// Says that a job takes out of the file what is to be nowhere any more. The log still has it, and the file until the log is
    /// copied over it: that is done, and the log emptied, after the commit, as soon as no reader is in the way.
    package func forget() { isForgetting = true }

    /// Runs a part of the writer's work that may fail alone: when it throws, its changes are undone and the rest goes on.
    ///
    /// A savepoint has SQLite copy every page that is changed within it, and nearly nothing fails once it has changed a row. So
    /// there is none at first: a part that fails with changes made has the writer begin its whole commit again, with savepoints.
    ///
    /// - Throws: what `body` throws; `FailedHalfWay`, for the writer alone.
    package func attempt<Value>(_ body: () throws -> Value) throws -> Value {
        guard !undoesParts else { return try db.savepoint(body) }
        let before = db.totalChanges
        do {
            return try body()
        } catch {
            let isOfTheFile = (error as? SQLiteError).map { StorageFault($0) != nil } ?? false
            guard db.isInTransaction, db.totalChanges != before, !isOfTheFile else { throw error }
            throw FailedHalfWay()
        }
    }

    /// This transaction as one that only looks, for finders that both kinds share.
    package var reading: ReadTransaction { ReadTransaction(db: db, now: now) }
}
