// Brings a database from one version of the schema to the next: each file in one transaction together with its record,
// under the write lock, after a copy. Refuses, with the reason, whatever does not fit its history. Knows the table
// `schema_migration` and no other.

package import Domain
internal import Glibc
package import Migrations
internal import SQLite

/// Applies a list of migrations to database files.
package struct Migrator: Sendable {
    let migrations: [Migration]
    private let checksum: @Sendable ([UInt8]) -> String

    /// A migrator of the embedded migrations, or of others for a test.
    package init(
        migrations: [Migration] = EmbeddedMigrations.all,
        checksum: @escaping @Sendable ([UInt8]) -> String = Migrator.sha256
    ) {
        self.migrations = migrations
        self.checksum = checksum
    }

    // MARK: Looking

    /// Where the database at `path` stands; all is pending when there is no file. Changes nothing, but for undoing what
    /// a killed process left half done.
    ///
    /// - Throws: `StorageFault`, but for a history that does not fit: that is in the status.
    package func status(at path: String) throws(StorageFault) -> MigrationStatus {
        guard try FileSystem.hasDatabase(at: path) else { return status(records: [], version: 0) }
        do {
            do {
                return try look(at: path, .readOnly)
            } catch ResultCode.readOnly {
                // A process that was killed before the write-ahead log was in use left a rollback journal; only who
                // may write can put back what it says (https://www.sqlite.org/lockingv3.html#hot_journals).
                return try look(at: path, .readWrite)
            }
        } catch {
            throw StorageFault(opening: path, error)
        }
    }

    private func look(at path: String, _ access: ConnectionSettings.Access) throws -> MigrationStatus {
        let db = try Connection(path: path, settings: ConnectionSettings(access: access))
        return try db.transaction(.deferred) { try read(db, path: path) }
    }

    /// As `status`, of a file that must be there and be a database of ours already.
    ///
    /// - Throws: `StorageFault`, `.noDatabase` and `.notOurs` among them.
    package func history(at path: String) throws(StorageFault) -> MigrationStatus {
        let status = try status(at: path)
        guard FileSystem.isThere(path) else { throw .noDatabase(path: path) }
        guard !status.applied.isEmpty || status.refusal != nil else { throw .notOurs(path: path) }
        return status
    }

    /// Holds every applied migration against its file.
    ///
    /// - Throws: `StorageFault`: `.noDatabase`, `.notOurs`, or `.migration` with what does not fit.
    package func verify(at path: String) throws(StorageFault) {
        if let refusal = try history(at: path).refusal { throw .migration(refusal) }
    }

    /// What `up` would apply, in order.
    ///
    /// - Throws: `StorageFault`; `.migration` when it would be refused.
    package func plan(at path: String, to target: Int? = nil) throws(StorageFault) -> [Migration] {
        try plan(try status(at: path), to: target)
    }

    /// The status of an open database, whose history must fit.
    ///
    /// - Throws: `StorageFault`, `.notOurs` and `.migration` among them; `SQLiteError`.
    func examine(_ db: Connection, path: String) throws -> MigrationStatus {
        let status = try db.transaction(.deferred) { try read(db, path: path) }
        if let refusal = status.refusal { throw StorageFault.migration(refusal) }
        return status
    }

    private func plan(_ status: MigrationStatus, to target: Int?) throws(StorageFault) -> [Migration] {
        if let refusal = status.refusal { throw .migration(refusal) }
        guard let target else { return status.pending }
        guard target >= 0, target <= migrations.count else {
            throw .migration(.unknownTarget(number: target, known: migrations.count))
        }
        return status.pending.filter { $0.number <= target }
    }

    /// - Precondition: a transaction is open, as identity, version and records belong together.
    private func read(_ db: Connection, path: String) throws -> MigrationStatus {
        precondition(db.isInTransaction, "one snapshot")
        let identity = try db.pragma("application_id") ?? 0
        let version = try db.pragma("user_version") ?? 0
        if identity != EngineLimits.applicationID {
            let tables = try db.first("SELECT count(*) FROM sqlite_schema") { row in row.int(0) }
            guard identity == 0, version == 0, tables == 0 else { throw StorageFault.notOurs(path: path) }
            return status(records: [], version: 0)
        }
        let sql: SQL = "SELECT number, name, checksum, applied_at, duration FROM schema_migration ORDER BY number"
        let records = try db.all(sql) { row in
            let number = row.int(0)
            let name = row.text(1)
            let sum = row.text(2)
            let known = migrations.first { $0.number == number && $0.name == name }
            return AppliedMigration(
                number: number, name: name, checksum: sum, appliedAt: Instant(milliseconds: row.int64(3)),
                durationMilliseconds: row.int(4), isIntact: known.map { checksum($0.sql) == sum } ?? false)
        }
        return status(records: records, version: version)
    }

    private func status(records: [AppliedMigration], version: Int) -> MigrationStatus {
        MigrationStatus(
            applied: records, pending: migrations.filter { $0.number > records.last?.number ?? 0 },
            refusal: refusalOfFiles() ?? refusal(of: records, version: version))
    }

    private func refusalOfFiles() -> MigrationRefusal? {
        for (expected, migration) in zip(1..., migrations) {
            if migration.number != expected { return .gapInFiles(expected: expected, found: migration.fileName) }
            if !Migrator.isName(migration.name) { return .badName(migration.fileName) }
        }
        return nil
    }

    private func refusal(of records: [AppliedMigration], version: Int) -> MigrationRefusal? {
        let newest = max(version, records.last?.number ?? 0)
        if newest > migrations.count { return .newerDatabase(version: newest, known: migrations.count) }
        for (expected, record) in zip(1..., records) {
            if record.number != expected { return .gapInRecord(expected: expected) }
            if migrations[expected - 1].name != record.name { return .missing(file: record.fileName) }
            if !record.isIntact { return .edited(file: record.fileName) }
        }
        return newest == version && version == records.count
            ? nil : .versionMismatch(header: version, record: records.count)
    }

    // MARK: Doing

    /// Applies what is pending, up to and including number `target`, making the file when there is none.
    ///
    /// Of two processes at once, each waits for the other and applies what that has not.
    ///
    /// - Parameters:
    ///   - keepsCopy: Whether a database that is not empty is copied first.
    ///   - now: The clock, for the records, the durations and the copy's name.
    ///   - progress: Told what is done, step by step and within long ones.
    /// - Returns: What this call applied.
    /// - Throws: `StorageFault`; `.migration` with the reason when refused or failed. What was applied before
    ///   the failure stays.
    @discardableResult
    package func up(
        at path: String, to target: Int? = nil, keepsCopy: Bool = true, now: () -> Instant,
        progress: (MigrationStep) -> Void = { _ in }
    ) throws(StorageFault) -> [Migration] {
        // Before the file is made or touched.
        _ = try plan(at: path, to: target)
        do {
            let settings = ConnectionSettings(
                access: .readWriteCreate, busyTimeoutMilliseconds: EngineLimits.migrationLockWaitMilliseconds,
                enforcesForeignKeys: false)
            let db = try Connection(path: path, settings: settings)
            try useWriteAheadLog(db)
            var applied: [Migration] = []
            while let migration = try applyNext(
                db, path: path, to: target, copies: keepsCopy && applied.isEmpty, now, progress)
            {
                applied.append(migration)
            }
            return applied
        } catch {
            throw StorageFault(opening: path, error)
        }
    }

    /// Tries what `up` would do on a copy beside the database, which is thrown away.
    ///
    /// - Returns: What was applied there, with how long each took.
    /// - Throws: as `up` does.
    package func rehearse(
        at path: String, to target: Int? = nil, now: () -> Instant, progress: (MigrationStep) -> Void = { _ in }
    ) throws(StorageFault) -> [AppliedMigration] {
        let before = try status(at: path)
        let copy = try UnfinishedFile(for: path, kind: .rehearsal)
        defer { copy.remove() }
        if FileSystem.isThere(path) {
            try Backup.fill(copy, from: path) { progress(.copying(done: $0, total: $1)) }
        }
        try up(at: copy.path, to: target, keepsCopy: false, now: now, progress: progress)
        return Array(try status(at: copy.path).applied.dropFirst(before.applied.count))
    }

    /// A change of journal mode does not wait for its lock as statements do: two on one new file give SQLITE_BUSY.
    private func useWriteAheadLog(_ db: Connection) throws {
        let pause = EngineLimits.journalModeRetryMilliseconds
        for _ in 0..<EngineLimits.migrationLockWaitMilliseconds / pause {
            do {
                return try db.useWriteAheadLog()
            } catch {
                guard .busy ~= error.code else { throw error }
            }
            usleep(UInt32(pause) * 1000)
        }
        throw StorageFault.busy(retryAfterSeconds: EngineLimits.retryAfterSeconds)
    }

    /// Applies the first of what is pending, looking again under the lock; nil when there is nothing.
    private func applyNext(
        _ db: Connection, path: String, to target: Int?, copies: Bool, _ now: () -> Instant,
        _ progress: (MigrationStep) -> Void
    ) throws -> Migration? {
        try db.transaction(.immediate) {
            let status = try read(db, path: path)
            guard let migration = try plan(status, to: target).first else { return nil }
            if copies, status.version > 0 {
                // Another connection sees the last commit, whatever happens within this transaction.
                let name = Migrator.copyName(of: path, before: migration, at: now())
                try Backup.copy(path, to: name) { progress(.copying(done: $0, total: $1)) }
                progress(.copied(path: name))
            }
            progress(.applying(migration))
            try apply(migration, to: db, now, progress)
            return migration
        }
    }

    private func apply(
        _ migration: Migration, to db: Connection, _ now: () -> Instant, _ progress: (MigrationStep) -> Void
    ) throws {
        let start = now()
        if migration.number == 1 {
            try db.run(
                """
                CREATE TABLE schema_migration (
                    number INTEGER NOT NULL PRIMARY KEY,
                    name TEXT NOT NULL,
                    checksum TEXT NOT NULL,
                    applied_at INTEGER NOT NULL, -- milliseconds since 1970
                    duration INTEGER NOT NULL -- milliseconds
                ) STRICT
                """)
            try db.set("application_id", to: EngineLimits.applicationID)
        }
        do {
            try db.runScript(migration.sql) { progress(.running(migration, $0)) }
        } catch {
            if let fault = StorageFault(error.error) { throw fault }
            throw StorageFault.migration(
                .failed(
                    file: migration.fileName, line: error.line, statement: error.statement,
                    reason: error.error.message))
        }
        progress(.checking(migration, isDone: false))
        let dangling = try db.watched(by: { progress(.checking(migration, isDone: false)) }) {
            try db.foreignKeyCheck()
        }
        progress(.checking(migration, isDone: true))
        if let example = dangling.first {
            throw StorageFault.migration(
                .danglingReferences(file: migration.fileName, first: example, count: dangling.count))
        }
        let duration = now().milliseconds - start.milliseconds
        try db.run(
            "INSERT INTO schema_migration(number, name, checksum, applied_at, duration) VALUES(?, ?, ?, ?, ?)",
            migration.number, migration.name, checksum(migration.sql), start.milliseconds, max(0, duration))
        try db.set("user_version", to: migration.number)
        // For a service that has the file open meanwhile.
        try Generation.advanceIfCounted(db)
    }
}
