// A ledger from before its entries told of grounds, and from before a row could hold several: it is still whole after the
// upgrade, goes on in the new form, and what somebody changes in the old entries, the new columns included, is found.

import Domain
import Migrations
import SQLite
import Storage
import Testing

@Suite struct LedgerUpgradeTests {
    let bench: MigratorBench
    private static let count = 6

    /// A database of the first version with entries as that version hashed them, and as the third did.
    init() throws {
        bench = try MigratorBench()
        try Migrator().up(at: bench.path, to: 1, now: bench.now)
        let db = try bench.connect(.readWrite)
        var previous = [UInt8](repeating: 0, count: 32)
        for number in 1...Self.count {
            let id = [UInt8](repeating: UInt8(number), count: 16)
            let texts = Self.texts(number)
            var bytes = previous + Self.big(number) + Self.big(1000 + number)
            for field in [id, id, id, id] + texts.map({ Array($0.utf8) }) { bytes += Self.big(field.count) + field }
            let hash = Self.digest(bytes)
            try db.run(
                """
                INSERT INTO ledger (sequence, at, token_id, organisation_id, role, action, purpose, referral_id,
                    object_id, field_groups, request_id, trace_id, address, previous_hash, hash)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                number, 1000 + number, id, id, texts[0], texts[1], texts[2], id, id, texts[3], texts[4], texts[5],
                texts[6], previous, hash)
            previous = hash
        }
        try Migrator().up(at: bench.path, to: 10, now: bench.now)
        for number in Self.count + 1...2 * Self.count {
            let id = [UInt8](repeating: UInt8(number), count: 16)
            let texts = Self.texts(number)
            var shared = Self.big(1000 + number)
            for field in [id, id, id] + (texts + ["consent", "ok"]).map({ Array($0.utf8) }) {
                shared += Self.big(field.count) + field
            }
            let hash = Self.digest([2] + Self.big(number) + previous + Self.digest(shared) + id + id)
            try db.run(
                """
                INSERT INTO ledger (sequence, at, token_id, organisation_id, role, action, purpose, referral_id,
                    object_id, field_groups, request_id, trace_id, address, previous_hash, hash, form, responsible_id,
                    ground, result)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 2, ?, 'consent', 'ok')
                """,
                number, 1000 + number, id, id, texts[0], texts[1], texts[2], id, id, texts[3], texts[4], texts[5],
                texts[6], previous, hash, id)
            previous = hash
        }
    }

    /// Role, action, purpose, groups, request, trace, address.
    private static func texts(_ number: Int) -> [String] {
        ["referrer", "read", "referral", "identity contact", "r\(number)", "", "::1"]
    }

    private static func big(_ number: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }

    private static func digest(_ bytes: [UInt8]) -> [UInt8] {
        let text = Array(Migrator.sha256(bytes).utf8)
        return stride(from: 0, to: 64, by: 2).map { place in
            UInt8(String(decoding: text[place..<place + 2], as: UTF8.self), radix: 16) ?? 0
        }
    }

    private func upgraded() throws -> Connection {
        try Migrator().up(at: bench.path, now: bench.now)
        let db = try bench.connect(.readWrite)
        let look = Disclosure(
            referral: ReferralID(high: 1, low: 1), object: Identifier(high: 2, low: 2), action: "read",
            groups: [.identity, .bsn])
        let actor = Actor(
            token: TokenID(high: 3, low: 3), organisation: OrganisationID(high: 4, low: 4), role: .intaker)
        for number in 1...3 {
            try LedgerStore(db).append(
                [look, look], by: actor, trace: RequestTrace(requestID: "n\(number)", address: ""), at: bench.now())
        }
        return db
    }

    @Test func itIsWholeAndGoesOn() throws {
        let db = try upgraded()
        let verdict = try LedgerStore(db).check()
        #expect(verdict.broken == nil && verdict.entries == 18)
        let forms = try db.all("SELECT form FROM ledger ORDER BY sequence") { $0.int(0) }
        #expect(forms == [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3])
        let old = ReferralID(high: 0x0202_0202_0202_0202, low: 0x0202_0202_0202_0202)
        let lines = try LedgerStore(db).list(about: old, page: PageRequest(limit: 9)).items
        #expect(lines.map(\.sequence) == [2] && lines.first?.grounds == [] && lines.first?.result == .ok)
        let younger = ReferralID(high: 0x0808_0808_0808_0808, low: 0x0808_0808_0808_0808)
        let line = try LedgerStore(db).list(about: younger, page: PageRequest(limit: 9)).items
        #expect(line.map(\.sequence) == [8] && line.first?.grounds == [.consent])
        let new = try LedgerStore(db).list(about: ReferralID(high: 1, low: 1), page: PageRequest(limit: 9)).items
        #expect(new.count == 6 && new.allSatisfy { $0.grounds == [.municipalTask, .citizenServiceNumber] })
    }

    @Test(arguments: [
        "at = at + 1", "role = 'intaker'", "field_groups = 'identity'", "address = ''", "form = form % 2 + 1",
        "ground = 'own_right'",
        "result = 'refused'", "responsible_id = zeroblob(16)", "previous_hash = CAST(zeroblob(31) || x'07' AS BLOB)",
        "hash = zeroblob(32)",
        "subjects = zeroblob(32)", "subjects = x'01'", "entries = 2", "form = 3", "again = sequence - 1",
    ])
    func whatIsChangedInItIsFound(change: String) throws {
        let db = try upgraded()
        try db.run("DROP TRIGGER ledger_is_never_changed")
        try db.set("ignore_check_constraints", to: 1)
        for sequence in [1, 2, Self.count, Self.count + 1, 2 * Self.count] {
            try db.begin(.immediate)
            try db.run(SQL(dynamic: "UPDATE ledger SET \(change) WHERE sequence = ?"), sequence)
            #expect(try LedgerStore(db).firstBrokenSequence() == Int64(sequence))
            try db.rollback()
        }
    }
}
