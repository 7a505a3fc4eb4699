// Where a database stands in its history: what was applied, what waits. Plain values, read by Migrator.

package import Domain
package import Migrations
package import SQLite

/// One migration as a database knows it, from its table `schema_migration`.
package struct AppliedMigration: Hashable, Sendable {
    /// Its number.
    package let number: Int
    /// Its name, without number and suffix.
    package let name: String
    /// The SHA-256 of its text when it was applied, in hexadecimal.
    package let checksum: String
    /// When it was applied.
    package let appliedAt: Instant
    /// How long it took.
    package let durationMilliseconds: Int
    /// Whether this binary has it with the same text.
    package let isIntact: Bool

    /// The name of its file.
    package var fileName: String { Migration.fileName(number: number, name: name) }
}

/// Where a database stands.
package struct MigrationStatus: Hashable, Sendable {
    /// What was applied, in order.
    package let applied: [AppliedMigration]
    /// What this binary has and the database has not, in order.
    package let pending: [Migration]
    /// Why nothing may be applied; nil when all is well.
    package let refusal: MigrationRefusal?

    /// The number of the last one applied; 0 for an empty database.
    package var version: Int { applied.last?.number ?? 0 }
}

/// What is done while migrations are applied, told as it goes.
package enum MigrationStep: Hashable, Sendable {
    /// The database is copied: pages done and the total.
    case copying(done: Int, total: Int)
    /// The copy is whole, under this name.
    case copied(path: String)
    /// A migration begins.
    case applying(Migration)
    /// A statement of a migration is about to run, or runs.
    case running(Migration, ScriptMoment)
    /// All references are checked; `isDone` when they are well.
    case checking(Migration, isDone: Bool)
}
