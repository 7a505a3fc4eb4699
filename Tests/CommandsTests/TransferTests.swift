// import and export: in, again, out, and in elsewhere; what is refused is told with its line; and what leaves is in the
// ledger first.

import Commands
import Foundation
import Glibc
import JSON
import SQLite
import Testing

@Suite struct TransferTests {
    private static func line(_ number: Int, born: String = "1979-10-30") -> String {
        """
        {"opening":{"declined":true},"route":"clinic_exit","municipality":"GM0153",\
        "person":{"givenName":"=Robin","familyName":"Bakker\(number)","birthDate":"\(born)","phone":"+31612345678"},\
        "screening":{"legalResidence":true,"acuteDanger":false,"lasting24hSupervision":false,\
        "ownStrengthSuffices":false,"homelessTonight":false},"externalReference":"T-\(number)"}
        """
    }

    private func provider(_ scratch: Scratch) async throws -> String {
        let ran = await scratch.run(
            "organisation", "add", "--kind", "care_provider", "--name", "Zorggroep Noord", "--json")
        return try #require(try ran.document()["id"]?.string)
    }

    @Test func whatIsImportedIsThereOnceHoweverOften() async throws {
        let scratch = try await Scratch.migrated()
        let owner = try await provider(scratch)
        let lines = (1...230).map { Self.line($0) } + [Self.line(231, born: "soon"), "{", Self.line(7)]
        let file = try scratch.write(lines.joined(separator: "\n"), to: "many.ndjson")
        let report = scratch.folder + "/refused.csv"
        let first = await scratch.run("import", "referrals", file, "--organisation", owner, "--refused", report)
        #expect(first.code == .no)
        #expect(first.said == ["\(file): 230 created, 1 existing, 2 refused"])
        let text = try String(contentsOfFile: report, encoding: .utf8)
        let rows = text.split(whereSeparator: \.isNewline)
        #expect(rows.map { $0.prefix { $0 != "," } } == ["line", "231", "232"])
        #expect(rows.dropFirst().first?.contains("/person/birthDate") == true)
        #expect(!text.contains("Bakker"))
        let again = await scratch.run("import", "referrals", file, "--organisation", owner, "--json")
        #expect(again.code == .no)
        #expect(again.said.count == 233)
        #expect(again.told.last == "0 created, 231 existing, 2 refused")
        #expect(await scratch.run("verify").code == .done)
        #expect(try scratch.open { try $0.first("SELECT count(*) FROM referral") { $0.int(0) } } == 230)
        // The token that the timeline names ended with the import.
        #expect(
            try scratch.open {
                try $0.first("SELECT count(*) FROM access_token WHERE revoked_at IS NULL") { $0.int(0) }
            } == 0)
    }

    @Test func whatGoesOutAsATableComesInElsewhere() async throws {
        let scratch = try await Scratch.migrated()
        let owner = try await provider(scratch)
        let file = try scratch.write((1...120).map { Self.line($0) }.joined(separator: "\n"), to: "in.ndjson")
        #expect(await scratch.run("import", "referrals", file, "--organisation", owner).code == .done)
        let before = try scratch.open { try $0.first("SELECT max(sequence) FROM ledger") { $0.int(0) } ?? 0 }
        let out = scratch.folder + "/out.csv"
        let ran = await scratch.run("export", "referrals", out)
        #expect(ran.code == .done, "\(ran.told)")
        let entries = try scratch.open { try $0.first("SELECT max(sequence) FROM ledger") { $0.int(0) } ?? 0 }
        #expect(entries == before + 120)
        let text = try String(contentsOfFile: out, encoding: .utf8)
        #expect(text.split(whereSeparator: \.isNewline).count == 121)
        #expect(text.contains(",'=Robin,") && text.contains(",'+31612345678,"))
        #expect(!text.contains(",=") && !text.contains(",+"))
        #expect(await scratch.run("export", "referrals", out).code == .failed)

        // The members that a post takes, in another database.
        let table = text.split(whereSeparator: \.isNewline).map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let header = try #require(table.first)
        let kept =
            header.indices.filter { header[$0] == "externalReference" || header[$0].contains(where: { $0 == "." }) }
            .filter {
                !["referrer.name", "decision.kind", "decision.urgency", "decision.form"].contains(String(header[$0]))
            }
            .filter { !header[$0].hasPrefix("support.") }
            + header.indices.filter { ["route", "municipality"].contains(header[$0]) }
        let rows = table.map { row in kept.map { String(row[$0]) }.joined(separator: ";") }
        let other = try await Scratch.migrated()
        let back = try other.write(rows.joined(separator: "\r\n"), to: "back.csv")
        let second = await other.run("import", "referrals", back, "--organisation", try await provider(other))
        #expect(second.said == ["\(back): 120 created, 0 existing, 0 refused"], "\(second.told)")
        #expect(
            try other.open { try $0.first("SELECT given_name || phone FROM person LIMIT 1") { $0.text(0) } }
                == "=Robin+31612345678")
    }

    @Test func everyKindGoesOutWhole() async throws {
        let scratch = try await Scratch.migrated()
        #expect(await scratch.run("demo", "load", "--referrals", "60").code == .done)
        for (kind, table) in [("referrals", "referral"), ("dwellings", "dwelling"), ("matches", "match")] {
            let count = try scratch.open { db in
                try db.first(.init(dynamic: "SELECT count(*) FROM \(table)")) { $0.int(0) } ?? 0
            }
            let lines = "\(scratch.folder)/\(kind).ndjson"
            let rows = "\(scratch.folder)/\(kind).csv"
            #expect(try await scratch.run("export", kind, lines, "--json").document()["rows"]?.integer == Int64(count))
            #expect(await scratch.run("export", kind, rows).code == .done)
            let documents = try String(contentsOfFile: lines, encoding: .utf8).split(separator: "\n")
            #expect(documents.count == count && count > 0)
            #expect(Set(try documents.map { try JSONDocument(Array($0.utf8)).root["id"]?.string }).count == count)
        }
        #expect(await scratch.run("ledger", "verify").code == .done)
    }

    private func liveTokens(_ scratch: Scratch) throws -> Int {
        try scratch.open {
            try $0.first("SELECT count(*) FROM access_token WHERE revoked_at IS NULL") { $0.int(0) } ?? 0
        }
    }

    private func referrals(_ scratch: Scratch) throws -> Int {
        try scratch.open { try $0.first("SELECT count(*) FROM referral") { $0.int(0) } ?? 0 }
    }

    /// The report says what a line called itself and which referral is there already, and where in its line JSON breaks.
    @Test func theReportNamesWhatItIsAbout() async throws {
        let scratch = try await Scratch.migrated()
        let owner = try await provider(scratch)
        let known = Self.line(1).replacing("\"phone\"", with: "\"bsn\":\"999990019\",\"phone\"")
        let lines = [known, known.replacing("T-1", with: "T-2"), "{\"a\":}", Self.line(4, born: "soon")]
        let file = try scratch.write(lines.joined(separator: "\n"), to: "some.ndjson")
        let report = scratch.folder + "/refused.csv"
        let ran = await scratch.run("import", "referrals", file, "--organisation", owner, "--refused", report)
        #expect(ran.said == ["\(file): 1 created, 0 existing, 3 refused"])
        let id = try scratch.open { try $0.first("SELECT lower(hex(id)) FROM referral") { $0.text(0) } ?? "" }
        let rows = try String(contentsOfFile: report, encoding: .utf8).split(whereSeparator: \.isNewline)
        #expect(rows.count == 4)
        #expect(rows[0] == "line,externalReference,existing,reason")
        #expect(rows[1].hasPrefix("2,T-2,") && rows[1].replacing("-", with: "").contains(",\(id),"))
        #expect(rows[2] == "3,,,\"/a: Column 6: This character can not stand here.\"")
        #expect(rows[3].hasPrefix("4,T-4,,"))
        let told = await scratch.run("import", "referrals", file, "--organisation", owner).told
        #expect(told.first?.replacing("-", with: "").hasSuffix("It is \(id).") == true)
        #expect(told.contains { $0 == "line 3: /a: Column 6: This character can not stand here." })
    }

    /// A fault in the midst: the token is no more, the report is there, and what is stored is told before the fault.
    @Test func whatStopsAnImportIsToldAfterWhatIsStored() async throws {
        let scratch = try await Scratch.migrated()
        let owner = try await provider(scratch)
        let lines = ["{"] + (1...230).map { Self.line($0) }
        let file = try scratch.write(lines.joined(separator: "\n"), to: "many.ndjson")
        let report = scratch.folder + "/refused.csv"
        _ = try scratch.open {
            try $0.run(
                """
                CREATE TRIGGER ended AFTER INSERT ON referral WHEN new.external_reference = 'T-150'
                BEGIN UPDATE access_token SET revoked_at = created_at; END
                """)
        }
        let ran = await scratch.run("import", "referrals", file, "--organisation", owner, "--refused", report)
        #expect(ran.code == .failed && ran.said.isEmpty)
        #expect(
            ran.told.suffix(2) == [
                "\(file): stopped after 199 created, 0 existing, 1 refused; run it again, nothing is stored twice",
                "thuispunt: The token ended while the batch went on.",
            ])
        #expect(try referrals(scratch) == 199 && liveTokens(scratch) == 0)
        #expect(
            try String(contentsOfFile: report, encoding: .utf8).hasPrefix(
                "line,externalReference,existing,reason\r\n1,"))
    }

    @Test func aFileThatCantBeReadLeavesNoToken() async throws {
        let scratch = try await Scratch.migrated()
        let owner = try await provider(scratch)
        let file = scratch.folder + "/memory.csv"
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: "/proc/self/mem")
        let ran = await scratch.run("import", "referrals", file, "--organisation", owner)
        #expect(ran.code == .failed)
        #expect(ran.told.last == "thuispunt: can't read \(file): Input/output error")
        #expect(try liveTokens(scratch) == 0)
    }

    @Test func anOutputThatIsFullLeavesNoToken() async throws {
        let scratch = try await Scratch.migrated()
        let owner = try await provider(scratch)
        try scratch.write((1...150).map { Self.line($0) }.joined(separator: "\n"), to: "many.ndjson")
        let world = try ShellWorld(in: scratch)
        let ran = try world.run("thuispunt import referrals many.ndjson --organisation \(owner) --json > /dev/full")
        #expect(ran.code == 3)
        #expect(ran.told.hasSuffix("nothing is stored twice\nthuispunt: can't write the output\n"))
        #expect(ran.told.contains("many.ndjson: stopped after 100 created"))
        #expect(try referrals(scratch) == 100 && liveTokens(scratch) == 0)
        let again = try world.run("thuispunt import referrals many.ndjson --organisation \(owner) > /dev/full")
        #expect(again.code == 3 && again.told.contains("stopped after 50 created, 100 existing, 0 refused"))
    }

    /// A signal between two commits, while the file still comes.
    @Test func aSignalStopsAnImportBetweenCommits() async throws {
        let scratch = try await Scratch.migrated()
        let owner = try await provider(scratch)
        let file = scratch.folder + "/slow.ndjson"
        #expect(mkfifo(file, 0o600) == 0)
        signal(SIGPIPE, SIG_IGN)
        let report = scratch.folder + "/refused.csv"
        let running = try Running(
            ["import", "referrals", file, "--organisation", owner, "--refused", report], in: scratch)
        let pipe = try #require(FileHandle(forWritingAtPath: file))
        try pipe.write(contentsOf: Data((["{"] + (1...150).map { Self.line($0) }).joined(separator: "\n").utf8))
        try running.waitUntil("a commit is there") { (try? referrals(scratch)) ?? 0 >= 99 }
        running.send(SIGINT)
        var number = 151
        try running.waitUntil("it has ended") {
            number += 1
            try? pipe.write(contentsOf: Data("\n\(Self.line(number))".utf8))
            return !running.isRunning
        }
        let ended = try running.wait()
        #expect(ended.code == 3)
        #expect(ended.told.contains("stopped after \(try referrals(scratch)) created, 0 existing, 1 refused"))
        #expect(ended.told.hasSuffix("thuispunt: a signal stopped it\n"))
        #expect(try liveTokens(scratch) == 0)
        #expect(FileManager.default.fileExists(atPath: report))
    }

    @Test func wrongWordsAreToldAsSuch() async throws {
        let scratch = try await Scratch.migrated()
        let owner = try await provider(scratch)
        let file = try scratch.write(Self.line(1), to: "one.ndjson")
        #expect(await scratch.run("import", "referrals", file).code == .usage)
        #expect(await scratch.run("import", "referrals", file, "--organisation", "nobody").code == .usage)
        #expect(await scratch.run("import", "referrals", "one.txt", "--organisation", owner).code == .usage)
        #expect(await scratch.run("import", "referrals", "none.csv", "--organisation", owner).code == .failed)
        #expect(
            await scratch.run("import", "referrals", file, "--organisation", owner, "--refused", "-").code == .usage)
        let unknown = "01a19b98-1e3b-7c03-9b11-7d20e5a8c4f6"
        #expect(await scratch.run("import", "referrals", file, "--organisation", unknown).code == .failed)
        #expect(await scratch.run("export", "referrals", "all.txt").code == .usage)
        #expect(await scratch.run("export", "referrals", "/nowhere/all.csv").code == .failed)
    }
}
