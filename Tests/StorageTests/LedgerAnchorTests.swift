// The anchors outside the database: what a crash leaves is no alarm, an edited line is; and what no chain can show by
// itself, entries missing from the end or a chain made anew, shows against them.

import Domain
import Foundation
import SQLite
import Storage
import Testing

@Suite final class LedgerAnchorTests {
    let folder = NSTemporaryDirectory() + "thuispunt-anchors-" + UUID().uuidString
    var path: String { folder + "/region.db.anchors" }

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private static func anchor(_ number: Int64) -> LedgerAnchor {
        LedgerAnchor(
            sequence: number, hash: [UInt8](repeating: UInt8(number), count: 32),
            at: Instant(milliseconds: 1_800_000_000_000 + number))
    }

    /// The bytes of a file with so many anchors.
    private func file(_ count: Int64) throws -> [UInt8] {
        let file = try LedgerAnchorFile(path)
        for number in 1...count { try file.append(Self.anchor(number)) }
        return try bytes()
    }

    private func bytes() throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }

    @Test func whatIsWrittenIsRead() throws {
        #expect(try LedgerAnchorFile.read(path) == nil)
        let bytes = try file(5)
        let lines = try #require(try LedgerAnchorFile.read(path))
        #expect(lines.anchors == (1...5).map(Self.anchor) && lines.brokenLine == nil)
        #expect(String(decoding: bytes, as: UTF8.self).split(separator: "\n").count == 5)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(throws: StorageFault.self) { try LedgerAnchorFile(folder + "/none/x") }
        #expect(throws: StorageFault.self) { try LedgerAnchorFile.read(folder) }
    }

    @Test func twoServicesShareAFile() throws {
        let (one, two) = (try LedgerAnchorFile(path), try LedgerAnchorFile(path))
        for number in Int64(1)...6 { try (number % 3 == 0 ? one : two).append(Self.anchor(number)) }
        #expect(one.last == Self.anchor(6) && two.last == Self.anchor(6))
        let lines = try #require(try LedgerAnchorFile.read(path))
        #expect(lines.anchors == (1...6).map(Self.anchor) && lines.brokenLine == nil)
    }

    /// Cut anywhere: the whole lines still count, nothing is called broken, and the next line goes on from there.
    @Test func whatACrashLeavesIsNoAlarm() throws {
        let whole = try file(3)
        let starts = [0] + whole.indices.filter { whole[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
        for cut in 0...whole.count {
            let lines = LedgerAnchorLines(Array(whole[..<cut]))
            let kept = starts.filter { $0 > 0 && $0 <= cut }.count
            #expect(lines.anchors.count == kept && lines.brokenLine == nil, "cut at \(cut)")
            try Data(whole[..<cut]).write(to: URL(filePath: path))
            try LedgerAnchorFile(path).append(Self.anchor(9))
            let after = LedgerAnchorLines(try bytes())
            #expect(after.brokenLine == nil, "cut at \(cut)")
            // A last line that lacks only its line break gets one.
            let isComplete = cut < whole.count && whole[cut] == UInt8(ascii: "\n")
            #expect(after.anchors.count == kept + 1 + (isComplete ? 1 : 0), "cut at \(cut)")
            #expect(after.anchors.last == Self.anchor(9))
        }
    }

    /// Any other byte than was written, in any line but the last; what is changed in the last one, its beginning included,
    /// is found or takes the line away.
    @Test func anEditedLineIsFound() throws {
        let whole = try file(3)
        let last = (whole.dropLast().lastIndex(of: UInt8(ascii: "\n")) ?? 0) + 1
        for place in whole.indices {
            var edited = whole
            edited[place] = edited[place] == UInt8(ascii: "7") ? UInt8(ascii: "8") : UInt8(ascii: "7")
            let lines = LedgerAnchorLines(edited)
            let isInTheLast = place >= last - 1
            #expect(lines.brokenLine != nil || isInTheLast && lines.anchors.count < 3, "byte \(place)")
        }
        let lines = whole.split(separator: UInt8(ascii: "\n"))
        func joined(_ order: [Int]) -> [UInt8] { order.flatMap { Array(lines[$0]) + [UInt8(ascii: "\n")] } }
        #expect(LedgerAnchorLines(joined([0, 1, 2])).brokenLine == nil)
        #expect(LedgerAnchorLines(joined([1, 2])).brokenLine == 1)
        #expect(LedgerAnchorLines(joined([0, 2])).brokenLine == 2)
        #expect(LedgerAnchorLines(joined([0, 2, 1])).brokenLine == 2)
        #expect(LedgerAnchorLines(joined([0, 0, 1, 2])).brokenLine == 2)
        #expect(LedgerAnchorLines(Array("nonsense\n\n 1 2 3\n".utf8)).anchors == [])
    }

    // MARK: against the ledger

    private func ledger(_ count: Int) throws -> (region: Region, anchors: [LedgerAnchor]) {
        let region = try Region()
        let referral = try region.addReferral()
        var anchors = [LedgerAnchor(sequence: 0, hash: [UInt8](repeating: 0, count: 32), at: region.now)]
        for number in 1...count {
            let look = Disclosure(referral: referral, object: region.newID(), action: "read", groups: .identity)
            try LedgerStore(region.db).append(
                [look], by: region.actor(), trace: RequestTrace(requestID: "r\(number)", address: ""), at: region.now)
            guard number % 5 == 0 else { continue }
            let hash = try region.db.first("SELECT hash FROM ledger WHERE sequence = ?", number) { $0.blob(0) }
            anchors.append(LedgerAnchor(sequence: Int64(number), hash: try #require(hash), at: region.now))
        }
        let triggers = try region.db.all(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('ledger', 'ledger_person')"
        ) {
            $0.text(0)
        }
        for trigger in triggers { try region.db.run(SQL(dynamic: "DROP TRIGGER \(trigger)")) }
        return (region, anchors)
    }

    @Test func aWholeLedgerFits() throws {
        let (region, anchors) = try ledger(12)
        let verdict = try LedgerStore(region.db).check(against: anchors.reversed())
        #expect(verdict.broken == nil && verdict.entries == 12 && verdict.anchors == 3)
    }

    @Test func entriesMissingFromTheEndShow() throws {
        let (region, anchors) = try ledger(20)
        for left in (0..<20).reversed() {
            try region.db.run("DELETE FROM ledger WHERE sequence > ?", left)
            let traces = try LedgerStore(region.db).check()
            #expect(traces.broken?.sequence == Int64(left) + 1, "the list of persons still has it")
            try region.db.run("DELETE FROM ledger_person WHERE sequence > ?", left)
            let verdict = try LedgerStore(region.db).check(against: anchors)
            #expect(verdict.broken?.sequence == Int64(left) + 1)
            #expect(verdict.broken?.text.contains("the ledger ends at entry \(left), but") == true)
            #expect(verdict.entries == Int64(left) && verdict.anchors == left / 5 + 1)
            #expect(try LedgerStore(region.db).check().broken == nil, "by itself the chain can not show it")
        }
    }

    /// Whoever removes entries and writes others in their place makes a chain that holds; not one that fits.
    @Test(arguments: [0, 3, 5, 7, 11, 14]) func aChainMadeAnewShows(kept: Int) throws {
        let (region, anchors) = try ledger(15)
        try region.db.run("DELETE FROM ledger WHERE sequence > ?", kept)
        try region.db.run("DELETE FROM ledger_person WHERE sequence > ?", kept)
        for _ in kept..<25 {
            let look = Disclosure(
                referral: ReferralID(high: 1, low: 1), object: region.newID(), action: "read", groups: .identity)
            try LedgerStore(region.db).append(
                [look], by: region.actor(), trace: RequestTrace(requestID: "x", address: ""), at: region.now)
        }
        #expect(try LedgerStore(region.db).check().broken == nil)
        let verdict = try LedgerStore(region.db).check(against: anchors)
        #expect(verdict.broken?.sequence == Int64(kept / 5 * 5 + 1))
        #expect(verdict.broken?.text.contains("made anew from entry") == true)
    }
}
