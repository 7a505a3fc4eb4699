// migrate and what looks after a database: status, up, verify, new, backup, and refusals of databases that are not this
// program's.

import Commands
import Foundation
import JSON
import SQLite
import Testing

@Suite struct MigrateTests {
    @Test func statusSaysWhatWaitsAndWhatWasApplied() async throws {
        let scratch = try Scratch()
        let before = await scratch.run("migrate", "status", "--json")
        #expect(before.code == .no)
        #expect(try before.document()["pending"]?[0]?.string == "0001_initial.sql")
        #expect(!FileManager.default.fileExists(atPath: scratch.database))
        #expect(await scratch.run("migrate", "status").said == Migrations.files.map { "pending  \($0)" })

        let up = await scratch.run("migrate", "up")
        #expect(up.code == .done)
        #expect(up.said == [Migrations.applied])
        #expect(await scratch.run("migrate", "up", "--json").said == [#"{"applied":[]}"#])
        #expect(await scratch.run("migrate", "up").said == ["\(scratch.database) is up to date"])

        let after = await scratch.run("migrate", "status", "--json")
        #expect(after.code == .done)
        #expect(try after.document()["applied"]?[0]?["intact"]?.boolean == true)
        #expect(try after.document()["pending"]?.count == 0)
        #expect(await scratch.run("migrate", "verify").code == .done)
        #expect(try await scratch.run("migrate", "verify", "--json").document()["ok"]?.boolean == true)
    }

    @Test func theFolderIsMadeForItsOwnerAlone() async throws {
        let scratch = try Scratch()
        let path = scratch.folder + "/deep/er/thuispunt.db"
        #expect(await Ran.of(["migrate", "up", "--database", path]).code == .done)
        #expect(try mode(scratch.folder + "/deep/er") == 0o700)
        #expect(try mode(path) == 0o600)
    }

    @Test func aTargetThatIsNotThereIsRefused() async throws {
        let ran = await (try Scratch()).run("migrate", "up", "--to", "99")
        #expect(ran.code == .failed)
        #expect(ran.told == ["thuispunt: there is no migration 99; the last one is \(Migrations.files.count)"])
    }

    /// What somebody may have done to a database, and what it is refused with.
    static let harms: [(sql: SQL, text: String)] = [
        ("UPDATE schema_migration SET checksum = 'x'", "was changed after it was applied"),
        ("UPDATE schema_migration SET name = 'other'", "is not in this program"),
        (
            "UPDATE schema_migration SET number = 99 WHERE number = (SELECT max(number) FROM schema_migration)",
            "version 99 and this program knows \(Migrations.files.count)"
        ),
        ("PRAGMA user_version = 77", "version 77 and this program knows"),
        ("PRAGMA application_id = 42", "is not a Thuispunt database"),
    ]

    @Test(arguments: harms.indices)
    func aDatabaseThatIsNotOursIsRefusedByEveryCommand(index: Int) async throws {
        let (sql, text) = Self.harms[index]
        let scratch = try await Scratch.migrated()
        try scratch.open { _ = try $0.first(sql) { _ in } }
        for words in [
            ["migrate", "status"], ["migrate", "up"], ["serve"], ["organisation", "list"], ["token", "list"],
            ["demo", "load"], ["ledger", "verify"],
        ] {
            let ran = await Ran.of(words + ["--database", scratch.database])
            #expect(ran.code == .failed, "\(words)")
            #expect(ran.told.count == 1 && ran.told[0].contains(text), "\(words): \(ran.told)")
        }
    }

    @Test func anEditedHistoryDoesNotVerify() async throws {
        let scratch = try await Scratch.migrated()
        try scratch.open { _ = try $0.run("UPDATE schema_migration SET checksum = 'x'") }
        let plain = await scratch.run("migrate", "verify")
        #expect(plain.code == .no)
        let json = try await scratch.run("migrate", "verify", "--json").document()
        #expect(json["ok"]?.boolean == false)
        #expect(json["reason"]?.string == plain.said.first)
        #expect(await scratch.run("verify").code != .done)
    }

    @Test(arguments: ["organisation list", "token list", "serve", "verify", "ledger verify", "demo load"])
    func aDatabaseThatIsNotThereIsNotMade(name: String) async throws {
        let scratch = try Scratch()
        let ran = await Ran.of(name.split(separator: " ").map(String.init) + ["--database", scratch.database])
        #expect(ran.code == .failed)
        #expect(
            ran.told == ["thuispunt: there is no database at \(scratch.database); make it with: thuispunt migrate up"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder).isEmpty)
    }

    @Test func aTextFileIsNoDatabase() async throws {
        let scratch = try Scratch()
        _ = try scratch.write(String(repeating: "not a database\n", count: 100), to: "thuispunt.db")
        for words in [["migrate", "up"], ["migrate", "status"], ["verify"]] {
            let ran = await Ran.of(words + ["--database", scratch.database])
            #expect(ran.code == .failed)
            #expect(ran.told.count == 1 && ran.told[0].contains("is not a Thuispunt database"), "\(ran.told)")
        }
    }

    @Test(arguments: ["status", "up"])
    func whatAKilledProcessLeftHalfDoneIsUndone(verb: String) async throws {
        let scratch = try Scratch()
        let other = scratch.folder + "/other.db"
        try scratch.write("", to: "other.db")
        let db = try Connection(path: other, settings: ConnectionSettings(access: .readWrite, cacheKibibytes: 100))
        try db.begin(.immediate)
        try db.run("CREATE TABLE half (done BLOB)")
        for _ in 0..<100 { try db.run("INSERT INTO half (done) VALUES (randomblob(10000))") }
        // More than the cache holds: file and journal are as they would be after a kill at this moment.
        for suffix in ["", "-journal"] {
            try FileManager.default.copyItem(atPath: other + suffix, toPath: scratch.database + suffix)
        }
        try db.rollback()
        let ran = await scratch.run("migrate", verb)
        #expect(ran.code == (verb == "up" ? .done : .no))
        #expect(ran.said == (verb == "up" ? [Migrations.applied] : Migrations.files.map { "pending  \($0)" }))
        #expect(
            try scratch.open { try $0.first("SELECT count(*) FROM sqlite_schema WHERE name = 'half'") { $0.int(0) } }
                == 0)
    }

    @Test func newStartsTheNextFile() async throws {
        let scratch = try Scratch()
        let ran = await Ran.of(["migrate", "new", "add_rooms", "--directory", scratch.folder])
        #expect(ran.code == .done)
        let number = String(10_001 + Migrations.files.count).dropFirst()
        #expect(ran.said == [scratch.folder + "/\(number)_add_rooms.sql"])
        #expect(FileManager.default.fileExists(atPath: scratch.folder + "/\(number)_add_rooms.sql"))
        #expect(await Ran.of(["migrate", "new", "add_rooms", "--directory", scratch.folder]).code == .failed)
        #expect(await Ran.of(["migrate", "new", "Bad Name", "--directory", scratch.folder]).code == .failed)
        #expect(await Ran.of(["migrate", "new", "x", "--directory", scratch.folder + "/none"]).code == .failed)
    }
}

@Suite struct MaintenanceTests {
    @Test func aSoundDatabaseVerifies() async throws {
        let scratch = try await Scratch.migrated()
        let ran = await scratch.run("verify", "--json")
        #expect(ran.code == .done)
        #expect(try ran.documents().map { $0["check"]?.string } == ["migrations", "integrity", "references", "ledger"])
        #expect(try ran.documents().allSatisfy { $0["ok"]?.boolean == true })
        #expect(await scratch.run("ledger", "verify").said == ["0 entries, the chain is whole"])
    }

    @Test func aBrokenChainIsFound() async throws {
        let scratch = try await Scratch.migrated()
        #expect(await scratch.run("demo", "load", "--referrals", "1").code == .done)
        #expect(try await scratch.run("ledger", "verify", "--json").document()["ok"]?.boolean == true)
        try scratch.open { db in
            _ = try db.run("DROP TRIGGER ledger_is_never_changed")
            _ = try db.run("UPDATE ledger SET action = 'nothing' WHERE sequence = 3")
        }
        let ran = await scratch.run("ledger", "verify")
        #expect(ran.code == .no)
        #expect(ran.said == ["entry 3 is not as it was written: its hash is not that of its fields"])
        #expect(await scratch.run("verify").code == .no)
        let json = try await scratch.run("ledger", "verify", "--json").document()
        #expect(json["ok"]?.boolean == false)
        #expect(json["firstBroken"]?.integer == 3)
    }

    @Test func danglingReferencesAreFound() async throws {
        let scratch = try await Scratch.migrated()
        try scratch.open { db in
            _ = try db.first("PRAGMA foreign_keys = OFF") { _ in }
            _ = try db.run(
                """
                INSERT INTO consent (id, referral_id, purpose, given_at, role)
                VALUES (x'00000000000000000000000000000001', x'00000000000000000000000000000002', 'intake', 1, 'intaker')
                """)
        }
        let ran = await scratch.run("verify", "--json")
        #expect(ran.code == .no)
        #expect(try ran.documents().first { $0["check"]?.string == "references" }?["ok"]?.boolean == false)
    }

    @Test func aBackupIsAWholeDatabase() async throws {
        let scratch = try await Scratch.migrated()
        let copy = scratch.folder + "/copy.db"
        #expect(await scratch.run("backup", copy).code == .done)
        #expect(try mode(copy) == 0o600)
        #expect(await Ran.of(["verify", "--database", copy]).code == .done)
        #expect(await scratch.run("backup", copy).code == .failed)
        #expect(await Ran.of(["backup", copy, "--database", scratch.folder + "/none.db"]).code == .failed)
    }

    @Test func theDescriptionAndTheVersionArePrinted() async throws {
        #expect(await Ran.of(["openapi"]).said.contains { $0.hasPrefix("openapi: 3.") })
        #expect(try await Ran.of(["openapi", "--json"]).document()["openapi"]?.string?.hasPrefix("3.") == true)
        #expect(await Ran.of(["version"]).said == ["thuispunt \(Thuispunt.version)"])
        #expect(await Ran.of(["--version"]).said == ["thuispunt \(Thuispunt.version)"])
        #expect(try await Ran.of(["version", "--json"]).document()["version"]?.string == Thuispunt.version)
    }
}

/// The rights on a file, as in `chmod`.
func mode(_ path: String) throws -> Int {
    let value = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    return try #require(value as? NSNumber).intValue
}
