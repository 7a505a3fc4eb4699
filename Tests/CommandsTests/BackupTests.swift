// Copies and their return: a rehearsal from a live database to a restored one, and all that must not happen on the way.

import Commands
import Foundation
import JSON
import SQLite
import Testing

@Suite struct BackupTests {
    private func counts(_ scratch: Scratch) throws -> [Int] {
        try scratch.open { db in
            try ["referral", "person", "match", "ledger", "event"].map { table in
                try db.first(SQL(dynamic: "SELECT count(*) FROM \(table)")) { $0.int(0) } ?? 0
            }
        }
    }

    private func names(_ scratch: Scratch, _ part: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: scratch.folder).filter { $0.contains(part) }.sorted()
    }

    @Test func aCopyComesBackAsItWas() async throws {
        let scratch = try await Scratch.migrated()
        #expect(await scratch.run("demo", "load", "--referrals", "60").code == .done)
        let copy = scratch.folder + "/copy.db"
        #expect(await scratch.run("backup", copy).code == .done)
        let before = try counts(scratch)
        // Work goes on after the copy: it is what is lost.
        #expect(await scratch.run("export", "referrals", scratch.folder + "/x.ndjson").code == .done)
        let later = try counts(scratch)
        #expect(later != before)

        let refused = await scratch.run("restore", copy)
        #expect(refused.code == .failed && refused.told.last?.contains("--force") == true)
        #expect(try counts(scratch) == later)
        let restored = await scratch.run("restore", copy, "--force")
        #expect(restored.code == .done, "\(restored.told)")
        #expect(try counts(scratch) == before)
        #expect(await scratch.run("verify").code == .done)
        #expect(try names(scratch, "before-restore").count == 1)
        #expect(try names(scratch, "restoring").isEmpty)

        // Into an empty place no force is needed; and what was put aside can be put back.
        let other = try Scratch()
        #expect(await other.run("restore", copy).code == .done)
        #expect(try counts(other) == before)
        let aside = try #require(try names(scratch, "before-restore").first)
        #expect(await scratch.run("restore", scratch.folder + "/" + aside, "--force").code == .done)
        #expect(try counts(scratch) == later)
    }

    /// The database is gone, its log is not: what the log holds must not be written over the copy.
    @Test func aLogWithoutItsDatabaseIsPutAside() async throws {
        let scratch = try await Scratch.migrated()
        #expect(await scratch.run("demo", "load", "--referrals", "60").code == .done)
        let copy = scratch.folder + "/copy.db"
        #expect(await scratch.run("backup", copy).code == .done)
        let before = try counts(scratch)
        let service = try Running(["serve", "--listen", "127.0.0.1:0"], in: scratch)
        _ = try service.port()
        // Whatever is written while the service has the file stays in the log.
        #expect(await scratch.run("export", "referrals", scratch.folder + "/x.ndjson").code == .done)
        service.send(SIGKILL)
        _ = try service.wait()
        #expect(FileManager.default.fileExists(atPath: scratch.database + "-wal"))
        try FileManager.default.removeItem(atPath: scratch.database)
        #expect(await scratch.run("restore", copy).code == .done)
        #expect(try counts(scratch) == before)
        #expect(await scratch.run("verify").code == .done)
        #expect(try names(scratch, "before-restore").contains { $0.hasSuffix("-wal") })
    }

    /// Anchors that know more than the copy are the proof of what was lost: they are put aside with the newest, not written
    /// over.
    @Test func anchorsThatKnowMoreAreKept() async throws {
        let scratch = try await Scratch.migrated()
        #expect(await scratch.run("demo", "load", "--referrals", "60").code == .done)
        let copy = scratch.folder + "/copy.db"
        #expect(await scratch.run("backup", copy).code == .done)
        #expect(await scratch.run("export", "referrals", scratch.folder + "/x.ndjson").code == .done)
        let service = try Running(["serve", "--listen", "127.0.0.1:0"], in: scratch)
        _ = try service.port()
        // The service has the file: nobody may move it away.
        let inUse = await scratch.run("restore", copy, "--force")
        #expect(inUse.code == .failed && inUse.told.last?.contains("in use") == true, "\(inUse.told)")
        service.send(SIGTERM)
        #expect(try service.wait().code == 0)
        #expect(await scratch.run("restore", copy, "--force").code == .done)
        #expect(try names(scratch, ".anchors.before-restore").count == 2)
        #expect(await scratch.run("verify").code == .done)
    }

    @Test(arguments: ["text", "cut", "flipped", "ledger", "newer"])
    func whatIsNotWholeIsNotPutInPlace(damage: String) async throws {
        let scratch = try await Scratch.migrated()
        #expect(await scratch.run("demo", "load", "--referrals", "60").code == .done)
        let copy = scratch.folder + "/copy.db"
        #expect(await scratch.run("backup", copy).code == .done)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: copy))
        switch damage {
        case "text": bytes = Data("not a database, but long enough to look at".utf8)
        case "cut": bytes = bytes.prefix(bytes.count / 2 / 4096 * 4096)
        case "flipped": for place in stride(from: 40_960, to: bytes.count, by: 4096) { bytes[place] ^= 0xFF }
        default: break
        }
        try bytes.write(to: URL(fileURLWithPath: copy))
        if damage == "ledger" || damage == "newer" {
            let db = try Connection(path: copy, settings: ConnectionSettings(access: .readWrite))
            if damage == "newer" {
                try db.set("user_version", to: 9999)
            } else {
                try db.run("DROP TRIGGER ledger_is_never_changed")
                try db.run("UPDATE ledger SET action = 'nothing' WHERE sequence = 9")
            }
        }
        let before = try scratch.bytes()
        let ran = await scratch.run("restore", copy, "--force")
        #expect(ran.code == .failed)
        #expect(ran.told.last?.isEmpty == false)
        #expect(try scratch.bytes() == before)
        #expect(try names(scratch, "restoring").isEmpty && names(scratch, "before-restore").isEmpty)
    }

    @Test func aFolderKeepsTheNewestCopies() async throws {
        let scratch = try await Scratch.migrated()
        let folder = scratch.folder + "/copies"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in [
            "thuispunt-20200101T000000000Z.db", "thuispunt-20210101T000000000Z.db", "mine.db", "thuispunt-x.db",
        ] {
            try Data("old".utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
        }
        let ran = await scratch.run("backup", "rotate", folder, "--keep", "2")
        #expect(ran.code == .done)
        #expect(ran.told.contains("removed thuispunt-20200101T000000000Z.db"))
        let left = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(left.count == 4 && left.contains("mine.db") && left.contains("thuispunt-x.db"))
        #expect(!left.contains("thuispunt-20200101T000000000Z.db"))
        #expect(await scratch.run("backup", "rotate", folder, "--keep", "0").code == .usage)
    }

    @Test func aCopyOfAnOlderVersionIsRestoredAndSaysWhatWaits() async throws {
        let scratch = try Scratch()
        #expect(await scratch.run("migrate", "up", "--to", "3").code == .done)
        let copy = scratch.folder + "/old.db"
        #expect(await scratch.run("backup", copy).code == .done)
        let other = try Scratch()
        let ran = await other.run("restore", copy)
        #expect(ran.code == .done && ran.said.last?.contains("migrations wait") == true, "\(ran.said)")
        #expect(await other.run("migrate", "up").code == .done)
        #expect(await other.run("verify").code == .done)
    }

    @Test func aDryRunTriesThePlanAndChangesNothing() async throws {
        let scratch = try Scratch()
        #expect(await scratch.run("migrate", "up", "--to", "3").code == .done)
        let file = URL(fileURLWithPath: scratch.database)
        let before = try Data(contentsOf: file)
        let tried = await scratch.run("migrate", "up", "--dry-run")
        let waiting = MigrationFiles.files.dropFirst(3)
        #expect(tried.code == .done && tried.said.last == "nothing was changed")
        #expect(tried.said.dropLast().map { $0.split(separator: " ")[2].dropLast() } == waiting.map { $0[...] })
        #expect(try Data(contentsOf: file) == before)
        #expect(try names(scratch, "rehearsal").isEmpty && names(scratch, ".before-").isEmpty)
        let json = try await scratch.run("migrate", "up", "--dry-run", "--to", "5", "--json").document()
        #expect(json["plan"]?.count == 2)
        #expect(await scratch.run("migrate", "up").code == .done)
        #expect(await scratch.run("migrate", "up", "--dry-run").said.last?.hasSuffix("is up to date") == true)
    }
}
