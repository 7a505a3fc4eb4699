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

/// The single writer's transaction, shared by the jobs of one commit.
package final class WriteTransaction {
    /// The connection, for the stores.
    package let db: Connection
    /// The moment of every change in this transaction.
    package let now: Instant
    /// Where the moment and chance come from.
    package let environment: Environment
    private(set) var identifiers: IdentifierSource

    init(db: Connection, environment: Environment, identifiers: IdentifierSource) {
        self.db = db
        now = environment.now()
        self.environment = environment
        self.identifiers = identifiers
    }

    /// An identifier later than every one this writer has made, also when the clock went back.
    package func newIdentifier<Subject>(of subject: Subject.Type = Subject.self) -> Identifier<Subject> {
        identifiers.next(at: now, randomBits: environment.randomBits())
    }

    /// Runs a part of a job that may fail alone: when it throws, its changes are undone and the job goes on.
    ///
    /// - Throws: what `body` throws.
    package func attempt<Value>(_ body: () throws -> Value) throws -> Value { try db.savepoint(body) }

    /// This transaction as one that only looks, for finders that both kinds share.
    package var reading: ReadTransaction { ReadTransaction(db: db, now: now) }
}
