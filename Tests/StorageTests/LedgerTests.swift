// The ledger only grows, and shows what was done to it by somebody who got past its triggers: any edited column of any row,
// any removal but of the newest entries (whose hash has to be kept elsewhere to miss them), any swap, and any edit of the
// list of whom the entries are about.

import Domain
import SQLite
import Storage
import Testing

@Suite struct LedgerTests {
    let region: Region
    let referrals: [ReferralID]
    /// The numbers of the rows' last entries: ten rows of one and two entries, three of which show the same people again.
    static let rows = [1, 3, 4, 6, 7, 9, 10, 12, 13, 15]

    init() throws {
        let region = try Region()
        let referrals = [try region.addReferral(), try region.addReferral()]
        let recent = RecentLooks()
        for number in 0..<10 {
            region.now = region.now.adding(seconds: 1)
            let disclosures = (0...(number % 2)).map { place in
                Disclosure(
                    referral: referrals[place], object: referrals[place].retyped(), action: "read",
                    groups: number == 4 ? [] : [.identity, .contact])
            }
            let trace = RequestTrace(
                requestID: "r\(number)", traceID: number == 4 ? "0af7651916cd43dd8448eb211c80319c" : "", address: "::1")
            try LedgerStore(region.db).append(
                disclosures, by: region.actor(1, .referrer), trace: trace, at: region.now,
                among: number == 5 ? nil : recent)
        }
        self.region = region
        self.referrals = referrals
    }

    private var store: LedgerStore { LedgerStore(region.db) }

    /// A connection without the guards, as somebody with the file in hand can make.
    private func unguarded() throws -> Connection {
        let db = try region.connect()
        let triggers = try db.all(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('ledger', 'ledger_person')"
        ) {
            $0.text(0)
        }
        #expect(triggers.count == 5)
        for trigger in triggers { try db.run(SQL(dynamic: "DROP TRIGGER \(trigger)")) }
        try db.set("ignore_check_constraints", to: 1)
        return db
    }

    /// The number of a row's first entry, by that of its last.
    private func first(of row: Int) -> Int64 {
        Int64(row) - (row % 3 == 0 ? 1 : 0)
    }

    @Test func whatIsWritten() throws {
        #expect(try store.count() == 15)
        #expect(try store.firstBrokenSequence() == nil)
        let rows = try region.db.all("SELECT sequence, entries, again, length(subjects) FROM ledger ORDER BY sequence")
        {
            [$0.int64(0), $0.int64(1), $0.optionalInt64(2) ?? 0, $0.int64(3)]
        }
        #expect(
            rows == [
                [1, 1, 0, 32], [3, 2, 0, 64], [4, 1, 0, 32], [6, 2, 3, 0], [7, 1, 0, 32], [9, 2, 0, 64],
                [10, 1, 0, 32],
                [12, 2, 3, 0], [13, 1, 0, 32], [15, 2, 3, 0],
            ])
        let lines = try store.list(about: referrals[1], page: PageRequest(limit: 100)).items
        #expect(lines.map(\.sequence) == [15, 12, 9, 6, 3])
        #expect(
            try store.list(about: referrals[0], page: PageRequest(limit: 100)).items.map(\.sequence)
                == [14, 13, 11, 10, 8, 7, 5, 4, 2, 1])
        let line = try #require(lines.first)
        #expect(line.at == region.now && line.role == .referrer && line.action == "read" && line.purpose == "referral")
        #expect(line.organisation == OrganisationName(id: Region.organisation(1), name: "O1"))
        #expect(line.fields == ["identity", "contact"])
        #expect(line.grounds == [.ownRecord] && line.result == .ok && !line.isEmergency && line.count == 1)
        try store.append([], by: region.actor(), trace: RequestTrace(requestID: "", address: ""), at: region.now)
        #expect(try store.count() == 15)
    }

    @Test func anEmptyLedgerIsWhole() throws {
        let empty = try Region()
        #expect(try LedgerStore(empty.db).firstBrokenSequence() == nil)
        #expect(try LedgerStore(empty.db).count() == 0)
    }

    private static let columns = """
        form, entries, at, token_id, organisation_id, responsible_id, role, 'x', purpose, ground, field_groups, result, \
        request_id, trace_id, address, again, subjects, previous_hash, hash FROM ledger
        """

    @Test(arguments: [
        "UPDATE ledger SET action = 'x' WHERE sequence = 3", "UPDATE ledger SET sequence = 99 WHERE sequence = 15",
        "UPDATE OR REPLACE ledger SET sequence = 1 WHERE sequence = 4", "DELETE FROM ledger WHERE sequence = 15",
        "DELETE FROM ledger", "INSERT OR REPLACE INTO ledger SELECT * FROM ledger WHERE sequence = 3",
        "REPLACE INTO ledger SELECT sequence, " + columns + " WHERE sequence = 13",
        "INSERT INTO ledger SELECT 99, " + columns + " WHERE sequence = 13",
        "INSERT INTO ledger SELECT 16, " + columns + " WHERE sequence = 9",
        "UPDATE ledger_person SET sequence = 99 WHERE sequence = 3", "DELETE FROM ledger_person WHERE sequence = 3",
        "UPDATE OR REPLACE ledger_person SET sequence = 1 WHERE sequence = 2", "DELETE FROM ledger_person",
    ])
    func itOnlyGrows(sql: String) throws {
        let error = #expect(throws: SQLiteError.self) { try region.db.run(SQL(dynamic: sql)) }
        #expect(error?.code == .constraintTrigger)
        #expect(try store.count() == 15 && store.firstBrokenSequence() == nil)
    }

    @Test func anyEditedColumnIsFound() throws {
        let db = try unguarded()
        let columns = try db.all("SELECT name, type FROM pragma_table_info('ledger')") { ($0.text(0), $0.text(1)) }
        #expect(columns.count == 20)
        for (column, type) in columns where column != "sequence" {
            for row in Self.rows {
                let change =
                    switch type {
                    case _ where column == "form": "form % 3 + 1"
                    case _ where column == "result": "'refused'"
                    case _ where column == "again": "coalesce(again, 0) + 1"
                    case _ where column == "subjects": "subjects || zeroblob(32)"
                    case "INTEGER": "\(column) + 1"
                    case "TEXT": "\(column) || 'x'"
                    default: "zeroblob(length(\(column)) - 1) || x'07'"
                    }
                try db.begin(.immediate)
                let changed = try db.run(
                    SQL(dynamic: "UPDATE ledger SET \(column) = CAST(\(change) AS \(type)) WHERE sequence = ?"), row)
                #expect(changed == 1)
                #expect(try LedgerStore(db).firstBrokenSequence() == first(of: row), "\(column) of \(row)")
                try db.rollback()
            }
        }
        #expect(try LedgerStore(db).firstBrokenSequence() == nil)
    }

    /// Of a row of several people each byte of whom and what counts.
    @Test func anyEditedPersonIsFound() throws {
        let db = try unguarded()
        for row in Self.rows {
            let length = try db.first("SELECT length(subjects) FROM ledger WHERE sequence = ?", row) { $0.int(0) } ?? 0
            for place in 1...max(1, length) where length > 0 {
                try db.begin(.immediate)
                try db.run(
                    """
                    UPDATE ledger SET subjects = CAST(substr(subjects, 1, ?1 - 1) || iif(substr(subjects, ?1, 1) = x'07',
                        x'08', x'07') || substr(subjects, ?1 + 1) AS BLOB) WHERE sequence = ?2
                    """, place, row)
                #expect(try LedgerStore(db).firstBrokenSequence() == first(of: row), "byte \(place) of \(row)")
                try db.rollback()
            }
        }
    }

    @Test func aVerdictNamesTheEntriesOfARow() throws {
        let db = try unguarded()
        try db.run("UPDATE ledger SET address = '::2' WHERE sequence = 6")
        let verdict = try LedgerStore(db).check()
        #expect(verdict.entries == 4 && verdict.broken?.sequence == 5)
        #expect(
            verdict.broken?.text
                == "entries 5 to 6 are not as they were written: their hash is not that of their fields")
        try db.run("DELETE FROM ledger WHERE sequence = 3")
        #expect(
            try LedgerStore(db).check().broken?.text == "entry 2 is missing; entry 4 stands in its place")
    }

    @Test(arguments: rows.dropLast()) func anyRemovalIsFound(row: Int) throws {
        let db = try unguarded()
        try db.run("DELETE FROM ledger WHERE sequence = ?", row)
        #expect(try LedgerStore(db).firstBrokenSequence() == first(of: row))
        // Closing the gap by renumbering does not help.
        let gone = row - Int(first(of: row)) + 1
        for later in Self.rows where later > row {
            try db.run("UPDATE ledger SET sequence = ?2 - ?3 WHERE sequence = ?1", later, later, gone)
        }
        #expect(try LedgerStore(db).firstBrokenSequence() == first(of: row))
    }

    @Test(arguments: [(1, 4), (3, 6), (6, 12), (4, 13), (12, 15)])
    func anySwapIsFound(one: Int, other: Int) throws {
        let db = try unguarded()
        try db.run("UPDATE ledger SET sequence = 1000 WHERE sequence = ?", one)
        try db.run("UPDATE ledger SET sequence = ? WHERE sequence = ?", one, other)
        try db.run("UPDATE ledger SET sequence = ? WHERE sequence = 1000", other)
        #expect(try LedgerStore(db).firstBrokenSequence() == first(of: one))
    }

    @Test func anEntryPutInBetweenIsFound() throws {
        let db = try unguarded()
        try db.run(SQL(dynamic: "INSERT INTO ledger SELECT 16, " + Self.columns + " WHERE sequence = 4"))
        #expect(try LedgerStore(db).firstBrokenSequence() == 16)
    }

    // MARK: Whom the entries are about

    @Test func whatTheListOfPersonsLacksIsFound() throws {
        let db = try unguarded()
        let listed = try db.all("SELECT sequence FROM ledger_person ORDER BY sequence") { $0.int64(0) }
        #expect(listed == [1, 2, 3, 4, 7, 8, 9, 10, 13])
        for entry in listed {
            try db.begin(.immediate)
            try db.run("DELETE FROM ledger_person WHERE sequence = ?", entry)
            let broken = try LedgerStore(db).check().broken
            #expect(broken?.sequence == entry && broken?.text.contains("is not in the list of persons") == true)
            try db.rollback()
        }
    }

    @Test func whatTheListOfPersonsInventsIsFound() throws {
        let db = try unguarded()
        let stranger = region.newID(of: ReferralTag.self)
        for (referral, entry) in [
            (stranger, 4), (referrals[1], 2), (referrals[0], 5), (referrals[0], 16), (stranger, 0),
        ] {
            try db.begin(.immediate)
            try db.run("INSERT INTO ledger_person (referral_id, sequence) VALUES (?, ?)", referral, entry)
            let broken = try LedgerStore(db).check().broken
            #expect(broken?.sequence == Int64(entry) && broken?.text.contains("does not bear out") == true)
            try db.rollback()
        }
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

    /// An answer that was kept while the clock was years ahead does not keep those behind it from being forgotten.
    @Test func aClockThatWasWrongKeepsNothingForEver() throws {
        let store = IdempotencyStore(region.db)
        let token = region.actor().token
        try store.insert(answer(), key: "ahead", of: token, at: region.now.adding(seconds: 3 * 365 * 86400))
        for number in 0..<9 { try store.insert(answer(), key: "\(number)", of: token, at: region.now) }
        try store.insert(answer(), key: "new", of: token, at: region.now.adding(seconds: 48 * 3600))
        #expect(try region.db.all("SELECT key FROM idempotency") { $0.text(0) } == ["new"])
    }
}
