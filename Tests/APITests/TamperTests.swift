// Somebody with the file in hand: the ledger of a journey through the API, on disk, with its triggers dropped. Every edit
// of one column of one entry, every removal, swap and truncation is made, found at the right place, and undone.

import Domain
import Foundation
import SQLite
import Storage
import TestKit
import Testing

@Suite(.serialized) struct TamperTests {
    /// A ledger that the API wrote, open without its guards, and its anchors.
    private struct Opened {
        let db: Connection
        let anchors: [LedgerAnchor]
        let count: Int

        func verdict() throws -> LedgerVerdict { try LedgerStore(db).check(against: anchors) }

        /// Makes a change, says where the check finds it, and undoes the change.
        func found(after change: () throws -> Void) throws -> Int64? {
            try db.begin(.immediate)
            defer { try? db.rollback() }
            try change()
            return try verdict().broken?.sequence
        }
    }

    /// Runs `body` with the ledger of two journeys and their readers.
    private func withLedger(looks: Int, _ body: (Opened) throws -> Void) async throws {
        let bench = try await Bench(isAnchored: true)
        let journey = try await Journey.reaching(.housed, on: bench)
        let second = try await Journey.reaching(
            .waiting, on: bench, Drafts.plainReferral.setting("/consents", ["matching"]))
        let speakers: [Speaker] = [.intaker, .coordinator, .referrer, journey.candidate, .supporter, .allocator]
        for number in 0..<looks {
            bench.clock.advance(seconds: 7)
            let path = number % 3 == 0 ? second.path : journey.path
            let target = ["", "/events", "/disclosures", "/wishes"][number % 4]
            _ = try await bench.client.get(path + target, as: speakers[number % speakers.count])
            _ = try await bench.client.get("/v1/matches", as: .allocator)
        }
        // The writer's last deed is the last anchor.
        bench.scratch.close()
        let lines = try #require(try LedgerAnchorFile.read(bench.scratch.anchors))
        #expect(lines.brokenLine == nil && lines.anchors.count >= 2)
        let db = try Connection(path: bench.scratch.database.path, settings: ConnectionSettings(access: .readWrite))
        for name in ["ledger_is_never_changed", "ledger_is_never_shortened", "ledger_only_grows"] {
            try db.run(SQL(dynamic: "DROP TRIGGER \(name)"))
        }
        let opened = Opened(db: db, anchors: lines.anchors, count: Int(try LedgerStore(db).count()))
        let before = try opened.verdict()
        #expect(before.broken == nil && before.anchors == lines.anchors.count)
        #expect(Int(before.entries) == opened.count && opened.count > looks)
        #expect(lines.anchors.last?.sequence == before.entries)
        try body(opened)
        #expect(try opened.verdict() == before, "every change was undone")
    }

    /// A value of the same kind that is another one.
    private static func other(than column: String, of type: String) -> String {
        switch column {
        case "form": "3 - form"
        case "result": "CASE result WHEN 'ok' THEN 'refused' ELSE 'ok' END"
        case "responsible_id": "CASE WHEN responsible_id IS NULL THEN zeroblob(16) ELSE NULL END"
        case "sequence": "sequence + 100000"
        default:
            switch type {
            case "INTEGER": "\(column) + 1"
            case "TEXT": "CAST(\(column) || 'x' AS TEXT)"
            default:
                "CAST(substr(\(column), 1, length(\(column)) - 1) || "
                    + "CASE substr(\(column), -1) WHEN x'A7' THEN x'A8' ELSE x'A7' END AS BLOB)"
            }
        }
    }

    @Test func everyEditIsFound() async throws {
        try await withLedger(looks: 170) { ledger in
            let columns = try ledger.db.all("SELECT name, type FROM pragma_table_info('ledger')") {
                ($0.text(0), $0.text(1))
            }
            #expect(columns.count == 19)
            var edits = 0
            for sequence in 1...ledger.count {
                for (column, type) in columns {
                    let change = SQL(
                        dynamic:
                            "UPDATE ledger SET \(column) = \(Self.other(than: column, of: type)) WHERE sequence = ?")
                    let place = try ledger.found { try ledger.db.run(change, sequence) }
                    #expect(place == Int64(sequence), "\(column) of entry \(sequence)")
                    edits += 1
                }
            }
            #expect(edits == ledger.count * 19)
            print("tamper: \(edits) edits of one column, in a ledger of \(ledger.count) entries, all found in place")
        }
    }

    @Test func everyRemovalSwapAndTruncationIsFound() async throws {
        try await withLedger(looks: 170) { ledger in
            var (removals, swaps, cuts) = (0, 0, 0)
            for sequence in 1...ledger.count {
                let gone = try ledger.found {
                    try ledger.db.run("DELETE FROM ledger WHERE sequence = ?", sequence)
                }
                #expect(gone == Int64(sequence), "removal of entry \(sequence)")
                removals += 1
                let cut = try ledger.found { try ledger.db.run("DELETE FROM ledger WHERE sequence >= ?", sequence) }
                #expect(cut == Int64(sequence), "truncation at entry \(sequence)")
                cuts += 1
                for distance in [1, 2, 37] where sequence + distance <= ledger.count {
                    let swapped = try ledger.found {
                        try ledger.db.run("UPDATE ledger SET sequence = 1000000 WHERE sequence = ?", sequence)
                        try ledger.db.run(
                            "UPDATE ledger SET sequence = ? WHERE sequence = ?", sequence, sequence + distance)
                        try ledger.db.run(
                            "UPDATE ledger SET sequence = ? WHERE sequence = 1000000", sequence + distance)
                    }
                    #expect(swapped == Int64(sequence), "swap of entries \(sequence) and \(sequence + distance)")
                    swaps += 1
                }
            }
            print(
                "tamper: \(removals) removals, \(swaps) swaps and \(cuts) truncations, in a ledger of "
                    + "\(ledger.count) entries, all found in place")
        }
    }
}
