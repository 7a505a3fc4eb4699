// ledger verify and ledger search, and the anchors that a running service leaves: at its start, and at its end.

import Domain
import Foundation
import JSON
import SQLite
import Testing

@testable import Commands

@Suite(.serialized) struct LedgerCommandTests {
    private func loaded() async throws -> Scratch {
        let scratch = try await Scratch.migrated()
        #expect(await scratch.run("demo", "load", "--referrals", "2").code == .done)
        return scratch
    }

    private func anchorLines(_ scratch: Scratch) throws -> [Substring] {
        try String(contentsOfFile: scratch.database + ".anchors", encoding: .utf8).split(separator: "\n")
    }

    private func count(_ scratch: Scratch) throws -> Int {
        try scratch.open { try $0.first("SELECT max(sequence) FROM ledger") { $0.int(0) } ?? 0 }
    }

    /// Serves for a moment.
    private func serve(_ scratch: Scratch, _ more: String..., ending: (Running) throws -> Void = { _ in }) throws {
        let running = try Running(["serve", "--listen", "127.0.0.1:0"] + more, in: scratch)
        _ = try running.port()
        try ending(running)
        running.send(SIGTERM)
        #expect(try running.wait().code == 0)
    }

    @Test func aServiceLeavesAnchors() async throws {
        let scratch = try await loaded()
        let entries = try count(scratch)
        let without = await scratch.run("ledger", "verify")
        #expect(without.code == .done && without.said == ["\(entries) entries, the chain is whole"])
        #expect(without.told.count == 1 && without.told[0].hasPrefix("there are no anchors at "))
        try serve(scratch)
        // Nothing was added meanwhile: the line of the start says it all.
        #expect(try anchorLines(scratch).map { $0.prefix { $0 != " " } } == ["\(entries)"])
        #expect(await scratch.run("ledger", "search", "--limit", "1").code == .done)
        try serve(scratch)
        #expect(try anchorLines(scratch).map { $0.prefix { $0 != " " } } == ["\(entries)", "\(entries + 1)"])
        let verified = await scratch.run("ledger", "verify")
        #expect(verified.said == ["\(entries + 1) entries, the chain is whole and fits 2 anchors"])
        #expect(verified.told == [])
        let json = try await scratch.run("ledger", "verify", "--json").document()
        #expect(json["ok"]?.boolean == true && json["anchors"]?.integer == 2)
        #expect(json["entries"]?.integer == Int64(entries + 1))
    }

    @Test func whatIsMissingFromTheEndIsFound() async throws {
        let scratch = try await loaded()
        let entries = try count(scratch)
        try serve(scratch)
        try scratch.open { db in
            _ = try db.run("DROP TRIGGER ledger_is_never_shortened")
            _ = try db.run("DELETE FROM ledger WHERE sequence > ?", entries - 3)
        }
        let ran = await scratch.run("ledger", "verify")
        #expect(ran.code == .no)
        #expect(ran.said.first?.hasPrefix("entry \(entries - 2) is missing: the ledger ends at entry ") == true)
        #expect(await scratch.run("verify").code == .no)
        let json = try await scratch.run("ledger", "verify", "--json").document()
        #expect(json["firstBroken"]?.integer == Int64(entries - 2))
        // The service says so too, and goes on.
        let running = try Running(["serve", "--listen", "127.0.0.1:0"], in: scratch)
        _ = try running.port()
        running.send(SIGTERM)
        let ended = try running.wait()
        #expect(ended.code == 0 && (ended.said + ended.told).contains("the ledger does not hold entry \(entries) as"))
    }

    @Test func anEditedAnchorIsFoundAndATornOneIsNot() async throws {
        let scratch = try await loaded()
        for _ in 0..<3 { try serve(scratch) }
        let path = scratch.database + ".anchors"
        let lines = try anchorLines(scratch).map(String.init)
        #expect(lines.count == 3)
        try Data((lines.joined(separator: "\n") + "\n12 ab").utf8).write(to: URL(filePath: path))
        #expect(await scratch.run("ledger", "verify").code == .done)
        try serve(scratch)
        #expect(await scratch.run("ledger", "verify").code == .done)
        var parts = lines[1].split(separator: " ").map(String.init)
        parts[2] = "1999" + parts[2].dropFirst(4)
        let edited = parts.joined(separator: " ")
        try Data([lines[0], edited, lines[2], ""].joined(separator: "\n").utf8).write(to: URL(filePath: path))
        let ran = await scratch.run("ledger", "verify")
        #expect(ran.code == .no && ran.said == ["line 2 of \(path) is not as it was written"])
        #expect(try await scratch.run("ledger", "verify", "--json").document()["brokenAnchorLine"]?.integer == 2)
    }

    /// A service that was killed wrote no last line; what it added since its first is cut off, and found all the same.
    @Test func whatIsCutOffBehindTheLastLineIsFound() async throws {
        let scratch = try await loaded()
        let newest = scratch.database + ".anchors.newest"
        func newestEntry() throws -> Int? {
            try String(contentsOfFile: newest, encoding: .utf8).split(separator: " ").first.flatMap { Int($0) }
        }
        let running = try Running(["serve", "--listen", "127.0.0.1:0"], in: scratch)
        _ = try running.port()
        #expect(await scratch.run("ledger", "search", "--limit", "50").code == .done)
        let entries = try count(scratch)
        for _ in 0..<300 where try newestEntry() != entries { try await Task.sleep(for: .milliseconds(50)) }
        #expect(try newestEntry() == entries)
        running.send(SIGKILL)
        _ = try running.wait()
        #expect(try anchorLines(scratch).count == 1)
        #expect(await scratch.run("ledger", "verify").code == .done)
        let first = try scratch.open { db in
            let row = "SELECT sequence - entries + 1 FROM ledger WHERE sequence = ?"
            let first = try #require(try db.first(SQL(dynamic: row), entries) { $0.int(0) })
            for table in ["ledger", "ledger_person"] {
                _ = try db.run(SQL(dynamic: "DROP TRIGGER \(table)_is_never_shortened"))
                _ = try db.run(SQL(dynamic: "DELETE FROM \(table) WHERE sequence >= ?"), first)
            }
            return first
        }
        let ran = await scratch.run("ledger", "verify")
        #expect(ran.code == .no && ran.said.first?.hasPrefix("entry \(first) is missing") == true)
        #expect(await scratch.run("verify").code == .no)
        // Without the newest anchor it would not show, which is said; one that was edited is found.
        let line = try Data(contentsOf: URL(filePath: newest))
        try FileManager.default.removeItem(atPath: newest)
        let without = await scratch.run("ledger", "verify")
        #expect(without.code == .done && without.told.first?.hasPrefix("there is no newest anchor beside ") == true)
        for place in stride(from: 0, to: line.count, by: 11) {
            var edited = line
            edited[place] = edited[place] == UInt8(ascii: "7") ? UInt8(ascii: "8") : UInt8(ascii: "7")
            try edited.write(to: URL(filePath: newest))
            #expect(await scratch.run("ledger", "verify").code == .no, "byte \(place)")
        }
        // The next service says so, and keeps the proof among the lines.
        try line.write(to: URL(filePath: newest))
        let next = try Running(["serve", "--listen", "127.0.0.1:0"], in: scratch)
        _ = try next.port()
        next.send(SIGTERM)
        let ended = try next.wait()
        #expect((ended.said + ended.told).contains("the ledger does not hold entry \(entries) as"))
        #expect(try newestEntry() == first - 1)
        #expect(await scratch.run("ledger", "verify").code == .no)
    }

    @Test func theFileMayStandElsewhere() async throws {
        let scratch = try await loaded()
        let path = scratch.folder + "/elsewhere"
        try serve(scratch, "--ledger-anchor", path)
        #expect(!FileManager.default.fileExists(atPath: scratch.database + ".anchors"))
        let ran = await scratch.run("ledger", "verify", "--ledger-anchor", path)
        #expect(ran.said.first?.hasSuffix("the chain is whole and fits 1 anchors") == true)
        let nowhere = try Running(
            ["serve", "--listen", "127.0.0.1:0", "--ledger-anchor", scratch.folder + "/none/x"], in: scratch
        ).wait()
        #expect(nowhere.code == 3 && nowhere.told.contains("/none/x can't be opened"))
    }

    // MARK: search

    @Test func aSearchFindsAndIsFound() async throws {
        let scratch = try await loaded()
        let entries = try count(scratch)
        let all = try await scratch.run("ledger", "search", "--limit", "100000", "--json").documents()
        #expect(all.compactMap { $0["sequence"]?.integer } == (1...Int64(entries)).reversed())
        #expect(all.allSatisfy { $0["localOperator"]?.boolean == false && $0["result"]?.string == "ok" })
        #expect(all.allSatisfy { $0["grounds"]?.elements.contains { _ in true } == true })
        let people = Set(all.compactMap { $0["referral"]?.string })
        #expect(people.count == 2)
        // The search itself: a line for each person it found, by nobody's token.
        let mine = try await scratch.run("ledger", "search", "--action", "search_disclosures", "--json").documents()
        #expect(mine.count == 2 && Set(mine.compactMap { $0["referral"]?.string }) == people)
        for line in mine {
            #expect(line["localOperator"]?.boolean == true && line["role"]?.string == "admin")
            #expect(line["deed"]?.string == "search" && line["address"]?.string == "local")
            #expect(line["grounds"]?.elements.map(\.string) == ["accountability"])
        }
        #expect(await scratch.run("ledger", "verify").code == .done)
        let text = await scratch.run("ledger", "search", "--role", "admin", "--limit", "1")
        #expect(text.said.count == 1 && text.said[0].contains("  local operator  "))
    }

    @Test func eachFilterNarrows() async throws {
        let scratch = try await loaded()
        let all = try await scratch.run("ledger", "search", "--limit", "100000", "--json").documents()
        func found(_ words: String...) async throws -> [JSONValue] {
            try await Ran.of(
                ["ledger", "search", "--json", "--limit", "100000", "--database", scratch.database] + words
            )
            .documents()
        }
        for (option, member) in [
            ("--referral", "referral"), ("--organisation", "organisation"), ("--role", "role"), ("--action", "action"),
            ("--token", "token"), ("--request", "requestId"),
        ] {
            let value = try #require(all.first?[member]?.string)
            let expected = all.filter { $0[member]?.string == value }.compactMap { $0["sequence"]?.integer }
            let lines = try await found(option, value).filter { $0["action"]?.string != "search_disclosures" }
            #expect(lines.compactMap { $0["sequence"]?.integer } == expected, "\(option)")
        }
        let day = try #require(all.last?["at"]?.string?.prefix(10))
        #expect(try await !found("--from", String(day)).isEmpty)
        #expect(try await found("--until", "2000-01-01").isEmpty)
        #expect(try await found("--from", "2999-01-01").isEmpty)
        #expect(try await found("--emergency").isEmpty)
        // A search that found nothing is in the ledger as one about nobody.
        let fruitless = try #require(try await found("--action", "search_disclosures").first)
        #expect(fruitless["referral"] == nil && fruitless["traceId"]?.string?.utf8.count == 32)
        let unknown = await scratch.run("ledger", "search", "--action", "raed")
        #expect(unknown.said.isEmpty && unknown.told == ["no entry of the ledger has the action raed"])
        #expect(await scratch.run("ledger", "search", "--action", "read", "--until", "2000-01-01").told.isEmpty)
        for words in [
            ["--role", "king"], ["--from", "soon"], ["--referral", "7"], ["--limit", "0"],
            ["--from", "2026-02-01", "--until", "2026-01-31"], ["--action", "Read it"],
        ] {
            let ran = await Ran.of(["ledger", "search", "--database", scratch.database] + words)
            #expect(ran.code == .usage && ran.told.count == 1, "\(words)")
        }
    }
}
