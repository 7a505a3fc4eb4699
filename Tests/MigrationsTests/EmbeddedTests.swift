// The embedded list against the folder it comes from, and the whole of it on an empty database.

import Foundation
import Migrations
import SQLite
import Storage
import Testing

@Suite struct EmbeddedTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Migrations")

    @Test func theListIsTheFolder() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
            .filter { $0.hasSuffix(".sql") }.sorted()
        #expect(EmbeddedMigrations.all.map(\.fileName) == files)
        for migration in EmbeddedMigrations.all {
            let bytes = try Data(contentsOf: Self.folder.appendingPathComponent(migration.fileName))
            #expect(migration.sql == [UInt8](bytes))
        }
    }

    @Test func fromEmptyToEachVersion() throws {
        for target in 1...EmbeddedMigrations.all.count {
            let bench = try MigratorBench()
            let migrator = Migrator()
            #expect(try migrator.up(at: bench.path, to: target, now: bench.now).count == target)
            let rest = try migrator.up(at: bench.path, now: bench.now)
            #expect(rest.count == EmbeddedMigrations.all.count - target)
            let db = try bench.connect()
            #expect(try db.integrityCheck().isEmpty)
            #expect(try db.foreignKeyCheck().isEmpty)
            let loose = try db.all(
                "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'"
            ) { row in
                row.text(0)
            }
            #expect(loose.isEmpty)
        }
    }

    /// FIPS 180-4's own examples.
    @Test(arguments: [
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ]) func checksum(text: String, sum: String) { #expect(Migrator.sha256([UInt8](text.utf8)) == sum) }
}
