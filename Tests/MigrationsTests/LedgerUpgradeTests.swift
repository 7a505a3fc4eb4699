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
        try OldLedger.append(1...Self.count, form: 1, to: db)
        try Migrator().up(at: bench.path, to: 10, now: bench.now)
        try OldLedger.append(Self.count + 1...2 * Self.count, form: 2, to: db)
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
