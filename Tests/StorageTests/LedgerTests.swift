// The ledger only grows, and shows what was done to it by somebody who got past its triggers: any edited column, any
// removal but of the newest entries (whose hash has to be kept elsewhere to miss them), any swap.

import Domain
import SQLite
import Storage
import Testing

@Suite struct LedgerTests {
    let region: Region
    let referrals: [ReferralID]

    init() throws {
        let region = try Region()
        let referrals = [try region.addReferral(), try region.addReferral()]
        for number in 0..<10 {
            region.now = region.now.adding(seconds: 1)
            let disclosures = (0...(number % 2)).map { place in
                Disclosure(
                    referral: referrals[place], object: region.newID(), action: "read",
                    groups: number == 3 ? [] : [.identity, .contact])
            }
            let trace = RequestTrace(
                requestID: "r\(number)", traceID: number == 4 ? "0af7651916cd43dd8448eb211c80319c" : "", address: "::1")
            try LedgerStore(region.db).append(disclosures, by: region.actor(1, .referrer), trace: trace, at: region.now)
        }
        self.region = region
        self.referrals = referrals
    }

    private var store: LedgerStore { LedgerStore(region.db) }

    /// A connection without the triggers, as somebody with the file in hand can make.
    private func unguarded() throws -> Connection {
        let db = try region.connect()
        let triggers = try db.all("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'ledger'") {
            $0.text(0)
        }
        #expect(triggers.count == 3)
        for trigger in triggers { try db.run(SQL(dynamic: "DROP TRIGGER \(trigger)")) }
        return db
    }

    @Test func whatIsWritten() throws {
        #expect(try store.count() == 15)
        #expect(try store.firstBrokenSequence() == nil)
        let lines = try store.list(about: referrals[1], page: PageRequest(limit: 100)).items
        #expect(lines.map(\.sequence) == [15, 12, 9, 6, 3])
        let line = try #require(lines.first)
        #expect(line.at == region.now && line.role == .referrer && line.action == "read" && line.purpose == "referral")
        #expect(line.organisation == OrganisationName(id: Region.organisation(1), name: "O1"))
        #expect(line.fields == ["identity", "contact"])
        #expect(line.grounds == [.consent] && line.result == .ok && !line.isEmergency && line.count == 1)
        try store.append([], by: region.actor(), trace: RequestTrace(requestID: "", address: ""), at: region.now)
        #expect(try store.count() == 15)
    }

    @Test func anEmptyLedgerIsWhole() throws {
        let empty = try Region()
        #expect(try LedgerStore(empty.db).firstBrokenSequence() == nil)
        #expect(try LedgerStore(empty.db).count() == 0)
    }

    @Test(arguments: [
        "UPDATE ledger SET action = 'x' WHERE sequence = 3", "UPDATE ledger SET sequence = 99 WHERE sequence = 15",
        "UPDATE OR REPLACE ledger SET sequence = 2 WHERE sequence = 3", "DELETE FROM ledger WHERE sequence = 15",
        "DELETE FROM ledger", "INSERT OR REPLACE INTO ledger SELECT * FROM ledger WHERE sequence = 3",
        "REPLACE INTO ledger SELECT sequence, at, token_id, organisation_id, role, 'x', purpose, referral_id, object_id, "
            + "field_groups, request_id, trace_id, address, previous_hash, hash, form, responsible_id, ground, result "
            + "FROM ledger WHERE sequence = 15",
        "INSERT INTO ledger SELECT 99, at, token_id, organisation_id, role, action, purpose, referral_id, object_id, "
            + "field_groups, request_id, trace_id, address, previous_hash, hash, form, responsible_id, ground, result "
            + "FROM ledger WHERE sequence = 15",
    ])
    func itOnlyGrows(sql: String) throws {
        let error = #expect(throws: SQLiteError.self) { try region.db.run(SQL(dynamic: sql)) }
        #expect(error?.code == .constraintTrigger)
        #expect(try store.count() == 15 && store.firstBrokenSequence() == nil)
    }

    @Test func anyEditedColumnIsFound() throws {
        let db = try unguarded()
        let columns = try db.all("SELECT name, type FROM pragma_table_info('ledger')") { ($0.text(0), $0.text(1)) }
        #expect(columns.count == 19)
        for (column, type) in columns where column != "sequence" {
            for sequence in [1, 8, 15] {
                let change =
                    switch type {
                    case _ where column == "form": "3 - form"
                    case _ where column == "result": "'refused'"
                    case "INTEGER": "\(column) + 1"
                    case "TEXT": "\(column) || 'x'"
                    default: "zeroblob(length(\(column)) - 1) || x'07'"
                    }
                try db.begin(.immediate)
                let changed = try db.run(
                    SQL(dynamic: "UPDATE ledger SET \(column) = CAST(\(change) AS \(type)) WHERE sequence = ?"),
                    sequence)
                #expect(changed == 1)
                let broken = try LedgerStore(db).firstBrokenSequence()
                #expect(broken == Int64(sequence), "\(column)")
                try db.rollback()
            }
        }
        #expect(try LedgerStore(db).firstBrokenSequence() == nil)
    }

    @Test(arguments: 1...14) func anyRemovalIsFound(sequence: Int) throws {
        let db = try unguarded()
        try db.run("DELETE FROM ledger WHERE sequence = ?", sequence)
        #expect(try LedgerStore(db).firstBrokenSequence() == Int64(sequence))
        // Closing the gap by renumbering does not help.
        for later in (sequence + 1)...15 {
            try db.run("UPDATE ledger SET sequence = ?2 - 1 WHERE sequence = ?1", later, later)
        }
        #expect(try LedgerStore(db).firstBrokenSequence() == Int64(sequence))
    }

    @Test(arguments: [(1, 2), (3, 4), (7, 8), (2, 14), (14, 15)]) func anySwapIsFound(first: Int, second: Int) throws {
        let db = try unguarded()
        try db.run("UPDATE ledger SET sequence = 1000 WHERE sequence = ?", first)
        try db.run("UPDATE ledger SET sequence = ? WHERE sequence = ?", first, second)
        try db.run("UPDATE ledger SET sequence = ? WHERE sequence = 1000", second)
        #expect(try LedgerStore(db).firstBrokenSequence() == Int64(first))
    }

    @Test func anEntryPutInBetweenIsFound() throws {
        let db = try unguarded()
        try db.run(
            """
            INSERT INTO ledger SELECT 16, at, token_id, organisation_id, role, action, purpose, referral_id, object_id,
                field_groups, request_id, trace_id, address, previous_hash, hash, form, responsible_id, ground, result
            FROM ledger WHERE sequence = 5
            """)
        #expect(try LedgerStore(db).firstBrokenSequence() == 16)
    }
}

@Suite struct IdempotencyTests {
    let region: Region
    init() throws { region = try Region() }

    private func answer(_ status: Int = 201) -> StoredAnswer {
        StoredAnswer(
            requestHash: [UInt8](repeating: 7, count: 32), status: status, fields: "Location: /x\nETag: \"1\"",
            body: [0, 1, 255], referral: nil)
    }

    @Test func keptFor48Hours() throws {
        let store = IdempotencyStore(region.db)
        let token = region.actor().token
        let made = region.now
        #expect(try store.find("k", of: token, at: made) == nil)
        try store.insert(answer(), key: "k", of: token, at: made)
        #expect(try store.find("k", of: token, at: made) == answer())
        #expect(try store.find("K", of: token, at: made) == nil)
        #expect(try store.find("k", of: region.actor(1).token, at: made) == nil)
        #expect(try store.find("k", of: token, at: made.adding(seconds: 48 * 3600 - 1)) == answer())
        #expect(try store.find("k", of: token, at: made.adding(seconds: 48 * 3600)) == nil)
        let twice = #expect(throws: SQLiteError.self) { try store.insert(answer(), key: "k", of: token, at: made) }
        #expect(twice.map { ResultCode.constraint ~= $0.code } == true)
        try store.insert(answer(409), key: "k", of: token, at: made.adding(seconds: 48 * 3600))
        #expect(try store.find("k", of: token, at: made.adding(seconds: 48 * 3600)) == answer(409))
    }

    @Test func oldAnswersAreForgottenAFewAtATime() throws {
        let store = IdempotencyStore(region.db)
        let token = region.actor().token
        for number in 0..<50 { try store.insert(answer(), key: "\(number)", of: token, at: region.now) }
        func count() throws -> Int {
            try region.db.first("SELECT count(*) FROM idempotency") { $0.int(0) } ?? 0
        }
        let later = region.now.adding(seconds: 48 * 3600)
        var counts: [Int] = []
        for number in 0..<4 {
            try store.insert(answer(), key: "new \(number)", of: token, at: later)
            counts.append(try count())
        }
        #expect(counts == [31, 12, 3, 4])
    }
}
