// Somebody with the file in hand: the ledger of a journey through the API, on disk, with its triggers dropped. Every edit
// of one column of one row and of one person in it, every removal, swap and truncation is made, found at the right place,
// and undone.

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
        /// The rows by the numbers of their first and last entries, in order.
        let rows: [ClosedRange<Int>]

        func verdict() throws -> LedgerVerdict { try LedgerStore(db).check(against: anchors) }

        /// Makes a change, says where the check finds it, and undoes the change.
        func found(after change: () throws -> Void) throws -> Int64? {
            try db.begin(.immediate)
            defer { try? db.rollback() }
            try change()
            return try verdict().broken?.sequence
        }
    }

    /// The first line and the newest anchor of a service that runs: all there is after a crash of one that began not long ago.
    private func anchors(of bench: Bench) async throws -> [LedgerAnchor] {
        let entries = Int64(try bench.scratch.rowCounts()["ledger"] ?? 0)
        let path = bench.scratch.anchors
        for _ in 0..<300 where try LedgerAnchorFile.read(path)?.all.last?.sequence != entries {
            try await Task.sleep(for: .milliseconds(50))
        }
        let lines = try #require(try LedgerAnchorFile.read(path))
        #expect(lines.problem(at: path) == nil && lines.newest?.sequence == entries)
        return [try #require(lines.anchors.first), try #require(lines.newest)]
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
            // Rows of two people, and rows that show the same two again.
            if number % 10 < 4 { _ = try await bench.client.get("/v1/referrals", as: .coordinator) }
        }
        let lines = try await anchors(of: bench)
        bench.scratch.close()
        let db = try Connection(path: bench.scratch.database.path, settings: ConnectionSettings(access: .readWrite))
        let guards = try db.all("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name LIKE 'ledger%'") {
            $0.text(0)
        }
        for name in guards { try db.run(SQL(dynamic: "DROP TRIGGER \(name)")) }
        try db.set("ignore_check_constraints", to: 1)
        let rows = try db.all("SELECT sequence - entries + 1, sequence FROM ledger ORDER BY sequence") {
            $0.int(0)...$0.int(1)
        }
        let opened = Opened(db: db, anchors: lines, count: Int(try LedgerStore(db).count()), rows: rows)
        #expect(guards.count == 5 && rows.filter { $0.count > 1 }.count > 20)
        let before = try opened.verdict()
        #expect(before.broken == nil && before.anchors == lines.count)
        #expect(Int(before.entries) == opened.count && opened.count > looks)
        #expect(lines.last?.sequence == before.entries)
        try body(opened)
        #expect(try opened.verdict() == before, "every change was undone")
    }

    /// A value of the same kind that is another one.
    private static func other(than column: String, of type: String) -> String {
        switch column {
        case "form": "form % 3 + 1"
        case "result": "CASE result WHEN 'ok' THEN 'refused' ELSE 'ok' END"
        case "responsible_id": "CASE WHEN responsible_id IS NULL THEN zeroblob(16) ELSE NULL END"
        case "sequence": "sequence + 100000"
        case "again": "coalesce(again, 0) + 1"
        case "subjects": "CAST(subjects || zeroblob(32) AS BLOB)"
        default:
            switch type {
            case "INTEGER": "\(column) + 1"
            case "TEXT": "CAST(\(column) || 'x' AS TEXT)"
            default: lastByteChanged(column, 1, "length(\(column))")
            }
        }
    }

    /// A blob with another last byte in the part of it that begins at a place.
    private static func lastByteChanged(_ column: String, _ place: Int, _ length: String) -> String {
        """
        CAST(substr(\(column), 1, \(place) + \(length) - 2) || CASE substr(\(column), \(place) + \(length) - 1, 1)
            WHEN x'A7' THEN x'A8' ELSE x'A7' END || substr(\(column), \(place) + \(length)) AS BLOB)
        """
    }

    @Test func everyEditIsFound() async throws {
        try await withLedger(looks: 170) { ledger in
            let columns = try ledger.db.all("SELECT name, type FROM pragma_table_info('ledger')") {
                ($0.text(0), $0.text(1))
            }
            #expect(columns.count == 20)
            var edits = 0
            for row in ledger.rows {
                for (column, type) in columns {
                    let change = SQL(
                        dynamic:
                            "UPDATE ledger SET \(column) = \(Self.other(than: column, of: type)) WHERE sequence = ?")
                    let place = try ledger.found { try ledger.db.run(change, row.upperBound) }
                    #expect(place == Int64(row.lowerBound), "\(column) of entries \(row)")
                    edits += 1
                }
            }
            #expect(edits == ledger.rows.count * 20)
            print(
                "tamper: \(edits) edits of one column, in a ledger of \(ledger.count) entries in \(ledger.rows.count) rows, "
                    + "all found in place")
        }
    }

    /// Of each entry in each row: about whom it is, what was looked at, and that the list of persons has it.
    @Test func everyEditOfAnEntryIsFound() async throws {
        try await withLedger(looks: 60) { ledger in
            var edits = 0
            for row in ledger.rows {
                let isListed = try ledger.db.first(
                    "SELECT 1 FROM ledger WHERE sequence = ? AND again IS NULL", row.upperBound
                ) { _ in true }
                guard isListed == true else { continue }
                for entry in row {
                    for part in [0, 16] {
                        let place = 32 * (entry - row.lowerBound) + part + 1
                        let change = SQL(
                            dynamic: "UPDATE ledger SET subjects = \(Self.lastByteChanged("subjects", place, "16")) "
                                + "WHERE sequence = ?")
                        let found = try ledger.found { try ledger.db.run(change, row.upperBound) }
                        #expect(found == Int64(row.lowerBound), "entry \(entry)")
                    }
                    let unlisted = try ledger.found {
                        try ledger.db.run("DELETE FROM ledger_person WHERE sequence = ?", entry)
                    }
                    #expect(unlisted == Int64(entry), "entry \(entry) is no longer listed")
                    let taken = try ledger.found {
                        try ledger.db.run(
                            "UPDATE ledger_person SET referral_id = zeroblob(16) WHERE sequence = ?", entry)
                    }
                    #expect(taken == Int64(entry), "entry \(entry) is listed of somebody else")
                    edits += 4
                }
            }
            #expect(edits > 400)
            print("tamper: \(edits) edits of single entries and of the list of persons, all found in place")
        }
    }

    @Test func everyRemovalSwapAndTruncationIsFound() async throws {
        try await withLedger(looks: 170) { ledger in
            var (removals, swaps, cuts) = (0, 0, 0)
            for (number, row) in ledger.rows.enumerated() {
                let (first, last) = (Int64(row.lowerBound), row.upperBound)
                let gone = try ledger.found { try ledger.db.run("DELETE FROM ledger WHERE sequence = ?", last) }
                #expect(gone == first, "removal of entries \(row)")
                removals += 1
                let cut = try ledger.found {
                    try ledger.db.run("DELETE FROM ledger WHERE sequence >= ?", first)
                    try ledger.db.run("DELETE FROM ledger_person WHERE sequence >= ?", first)
                }
                #expect(cut == first, "truncation at entry \(first)")
                cuts += 1
                for distance in [1, 2, 37] where number + distance < ledger.rows.count {
                    let other = ledger.rows[number + distance].upperBound
                    let swapped = try ledger.found {
                        try ledger.db.run("UPDATE ledger SET sequence = 1000000 WHERE sequence = ?", last)
                        try ledger.db.run("UPDATE ledger SET sequence = ? WHERE sequence = ?", last, other)
                        try ledger.db.run("UPDATE ledger SET sequence = ? WHERE sequence = 1000000", other)
                    }
                    #expect(swapped == first, "swap of entries \(last) and \(other)")
                    swaps += 1
                }
            }
            print(
                "tamper: \(removals) removals, \(swaps) swaps and \(cuts) truncations, in a ledger of "
                    + "\(ledger.count) entries in \(ledger.rows.count) rows, all found in place")
        }
    }
}
