// Histories that fit, histories that do not, two at once, and failures halfway.

import Foundation
import Migrations
import SQLite
import Storage
import Testing

@Suite struct MigratorTests {
    let bench: MigratorBench
    init() throws { bench = try MigratorBench() }

    private typealias Bench = MigratorBench

    private func up(_ migrations: [Migration], to target: Int? = nil) throws -> [Int] {
        try Migrator(migrations: migrations).up(at: bench.path, to: target, now: bench.now).map(\.number)
    }

    private func refusal(_ migrations: [Migration], to target: Int? = nil) throws -> MigrationRefusal? {
        let fault = #expect(throws: StorageFault.self) { try up(migrations, to: target) }
        guard case .migration(let refusal) = fault else {
            Issue.record("\(String(describing: fault))")
            return nil
        }
        #expect(!refusal.description.contains("\n"))
        return refusal
    }

    @Test func fromNothingToAll() throws {
        let migrator = Migrator(migrations: Bench.all)
        #expect(try migrator.status(at: bench.path).pending == Bench.all)
        #expect(!FileManager.default.fileExists(atPath: bench.path))
        #expect(try up(Bench.all) == [1, 2, 3])
        #expect(try up(Bench.all) == [])
        let status = try migrator.status(at: bench.path)
        #expect(status.pending.isEmpty && status.refusal == nil && status.version == 3)
        #expect(status.applied.map(\.fileName) == Bench.all.map(\.fileName))
        #expect(status.applied.allSatisfy { $0.isIntact && $0.appliedAt == bench.now() })
        #expect(try bench.connect().foreignKeyCheck().isEmpty)
        #expect(try bench.connect().pragma("user_version") == 3)
        #expect(try bench.connect().pragma("application_id") == EngineLimits.applicationID)
        #expect(try bench.connect().journalMode() == "wal")
        let mode = try FileManager.default.attributesOfItem(atPath: bench.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func stepByStep() throws {
        #expect(try up(Bench.all, to: 1) == [1])
        #expect(try Migrator(migrations: Bench.all).plan(at: bench.path).map(\.number) == [2, 3])
        #expect(try Migrator(migrations: Bench.all).plan(at: bench.path, to: 2).map(\.number) == [2])
        #expect(try up(Bench.all, to: 1) == [])
        #expect(try up(Bench.all, to: 2) == [2])
        #expect(try up(Bench.all) == [3])
        #expect(try refusal(Bench.all, to: 4) == .unknownTarget(number: 4, known: 3))
        #expect(try refusal(Bench.all, to: -1) == .unknownTarget(number: -1, known: 3))
    }

    @Test func aCopyBeforeTheFirstChange() throws {
        #expect(try up(Bench.all, to: 1) == [1])
        #expect(try bench.backups.isEmpty)
        #expect(try up(Bench.all) == [2, 3])
        #expect(try bench.backups == ["region.db.before-0002-20270115T080000000Z.backup"])
        #expect(try up(Bench.all) == [])
        let copy = bench.folder + "/" + (try #require(try bench.backups.first))
        let db = try Connection(path: copy, settings: ConnectionSettings(access: .readOnly))
        #expect(try db.pragma("user_version") == 1)
        #expect(try db.integrityCheck().isEmpty)
        #expect(try Migrator(migrations: Bench.all).status(at: copy).pending.map(\.number) == [2, 3])
        let mode = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func editedFile() throws {
        _ = try up(Bench.all, to: 2)
        let edited = Bench.file(1, "parents", "CREATE TABLE parent(id INTEGER PRIMARY KEY, x TEXT) STRICT;")
        #expect(try refusal([edited, Bench.two, Bench.three]) == .edited(file: "0001_parents.sql"))
        let status = try Migrator(migrations: [edited, Bench.two]).status(at: bench.path)
        #expect(status.applied.map(\.isIntact) == [false, true])
    }

    @Test func verification() throws {
        let migrator = Migrator(migrations: Bench.all)
        #expect(throws: StorageFault.noDatabase(path: bench.path)) { try migrator.verify(at: bench.path) }
        _ = try up(Bench.all, to: 2)
        try migrator.verify(at: bench.path)
        #expect(throws: StorageFault.migration(.newerDatabase(version: 2, known: 1))) {
            try Migrator(migrations: [Bench.one]).verify(at: bench.path)
        }
    }

    @Test func missingFile() throws {
        _ = try up(Bench.all, to: 2)
        let other = Bench.file(2, "others", "SELECT 1;")
        #expect(try refusal([Bench.one, other]) == .missing(file: "0002_children.sql"))
    }

    @Test func newerDatabase() throws {
        _ = try up(Bench.all)
        #expect(try refusal([Bench.one, Bench.two]) == .newerDatabase(version: 3, known: 2))
    }

    @Test func gaps() throws {
        #expect(
            try refusal([Bench.one, Bench.three]) == .gapInFiles(expected: 2, found: "0003_parents_with_names.sql"))
        #expect(!FileManager.default.fileExists(atPath: bench.path))
        _ = try up(Bench.all)
        try bench.connect(.readWrite).run("DELETE FROM schema_migration WHERE number = 2")
        #expect(try refusal(Bench.all) == .gapInRecord(expected: 2))
    }

    @Test func versionsThatDiffer() throws {
        _ = try up(Bench.all, to: 2)
        try bench.connect(.readWrite).set("user_version", to: 1)
        #expect(try refusal(Bench.all) == .versionMismatch(header: 1, record: 2))
    }

    /// SQLite would delete a log that it finds beside a new file, and with it what was acknowledged.
    @Test(arguments: ["-wal", ".restoring", ".aB3xYz.restoring", ".before-restore-20270115T080000000Z"])
    func whatIsLeftOfADatabaseIsNotWrittenOver(tail: String) throws {
        let left = bench.path + tail
        try Data("what was acknowledged".utf8).write(to: URL(fileURLWithPath: left))
        for _ in 0..<2 {
            let fault = StorageFault.remains(path: bench.path, file: left)
            #expect(throws: fault) { try up(Bench.all) }
            #expect(throws: fault) {
                try Migrator(migrations: Bench.all).rehearse(at: bench.path, now: bench.now)
            }
            #expect(fault.logText.contains("thuispunt restore") && !fault.logText.contains("\n"))
            #expect(try Data(contentsOf: URL(fileURLWithPath: left)) == Data("what was acknowledged".utf8))
            // Nor when an empty file stands there.
            try Data().write(to: URL(fileURLWithPath: bench.path))
        }
        try FileManager.default.moveItem(atPath: left, toPath: bench.folder + "/elsewhere")
        #expect(try up(Bench.all) == [1, 2, 3])
    }

    @Test func notOurs() throws {
        try bench.connect(.readWriteCreate).run("CREATE TABLE photo(id INTEGER)")
        let before = try Data(contentsOf: URL(fileURLWithPath: bench.path))
        let fault = #expect(throws: StorageFault.self) { try up(Bench.all) }
        #expect(fault == .notOurs(path: bench.path))
        #expect(try Data(contentsOf: URL(fileURLWithPath: bench.path)) == before)
    }

    @Test func aFailureMidwayLeavesNothingOfIt() throws {
        let bad = Bench.file(
            2, "bad",
            """
            -- Adds a table, then trips.
            CREATE TABLE extra(id INTEGER);

            INSERT INTO parent(id) VALUES(1);
            INSERT INTO parent(id)
                VALUES(1);
            """)
        let reason = "UNIQUE constraint failed: parent.id"
        let expected = MigrationRefusal.failed(
            file: "0002_bad.sql", line: 5, statement: "INSERT INTO parent(id)\n    VALUES(1)", reason: reason)
        #expect(try refusal([Bench.one, bad]) == expected)
        #expect(expected.description.hasPrefix("0002_bad.sql, line 5: UNIQUE"))
        #expect(try bench.tables == ["parent", "schema_migration"])
        #expect(try up(Bench.all) == [2, 3])
    }

    @Test func aFailureOfTheFirstLeavesAnEmptyDatabase() throws {
        #expect(try refusal([Bench.file(1, "bad", "CREATE TABLE a(x INTEGER);\nCOMMIT;")]) != nil)
        #expect(try bench.tables.isEmpty)
        #expect(try up(Bench.all) == [1, 2, 3])
    }

    @Test func danglingReferencesAreRefused() throws {
        let bad = Bench.file(3, "bad", "DELETE FROM parent;")
        let expected = MigrationRefusal.danglingReferences(
            file: "0003_bad.sql", first: "child row 1 → parent", count: 1)
        #expect(try refusal([Bench.one, Bench.two, bad]) == expected)
        #expect(try up(Bench.all) == [3])
    }

    @Test func ofManyAtOnceOneDoesTheWork() async throws {
        for _ in 0..<10 {
            let bench = try MigratorBench()
            let applied = try await withThrowingTaskGroup(of: [Int].self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try Migrator(migrations: Bench.all).up(at: bench.path, now: bench.now).map(\.number)
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied.sorted() == [1, 2, 3])
            #expect(try bench.connect().integrityCheck().isEmpty)
        }
    }

    @Test func names() throws {
        let migrator = Migrator(migrations: Bench.all)
        #expect(try migrator.newFile(named: "more_rooms").fileName == "0004_more_rooms.sql")
        for name in ["", "More", "more rooms", "../x", "1st", "a.sql", "é", String(repeating: "a", count: 65)] {
            #expect(throws: StorageFault.migration(.badName(name))) { try migrator.newFile(named: name) }
        }
        #expect(try refusal([Bench.file(1, "Bad Name", "SELECT 1;")]) == .badName("0001_Bad Name.sql"))
    }
}
