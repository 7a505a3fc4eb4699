// Rows of many people, and rows that show the same people again, against a ledger kept as plain entries in memory: the same
// pages, counts, searches and folds, wherever a page ends and however many entries lie between a row and its repeats.

import Domain
import SQLite
import Storage
import Testing

@Suite struct LedgerPageTests {
    /// An entry as the model keeps it.
    private struct Entry {
        var referral: ReferralID
        var object: Identifier<Any>
        var action: String
        var groups: FieldGroups
        var at: Instant
        var request: String
    }

    /// A ledger of random requests, with its model: entry number n is `entries[n - 1]`.
    private final class Book {
        let region: Region
        let people: [ReferralID]
        var entries: [Entry] = []
        private let recent = RecentLooks()

        init(seed: UInt64, people count: Int) throws {
            region = try Region(seed: seed)
            people = (0..<count).map { ReferralID(high: 7, low: UInt64($0 + 1)) }
        }

        var store: LedgerStore { LedgerStore(region.db) }

        /// One request that shows some people, on terms that may differ among them.
        func ask(_ shown: [ReferralID], terms: Int = 1) throws {
            region.now = region.now.adding(seconds: Int64(entries.count % 5 == 0 ? 9_000 : 1))
            let request = "r\(entries.count)"
            let looks = shown.enumerated().map { place, referral in
                Disclosure(
                    referral: referral, object: referral.retyped(), action: "list",
                    groups: place % terms == 0 ? .identity : [.identity, .contact])
            }
            try store.append(
                looks, by: region.actor(), trace: RequestTrace(requestID: request, address: ""), at: region.now,
                among: recent)
            for groups in [FieldGroups.identity, [.identity, .contact]] {
                for look in looks where look.groups == groups {
                    entries.append(
                        Entry(
                            referral: look.referral, object: look.object, action: look.action, groups: look.groups,
                            at: region.now, request: request))
                }
            }
        }

        /// The numbers of the entries about somebody, newest first.
        func numbers(_ referral: ReferralID, where fits: (Entry) -> Bool = { _ in true }) -> [Int64] {
            entries.indices.reversed().filter { entries[$0].referral == referral && fits(entries[$0]) }
                .map { Int64($0 + 1) }
        }
    }

    /// Several landlords who poll pages of their own, and single looks in between.
    private func busy(seed: UInt64, requests: Int) throws -> Book {
        let book = try Book(seed: seed, people: 40)
        var pages: [[ReferralID]] = []
        for _ in 0..<requests {
            if pages.isEmpty || book.region.dice.chance(6) {
                let size = Int.random(in: 2...25, using: &book.region.dice)
                // Somebody may be on a page twice.
                pages.append(try (0..<size).map { _ in try book.region.dice.pick(book.people) })
            }
            if book.region.dice.chance(30) {
                try book.ask([try book.region.dice.pick(book.people)])
            } else {
                try book.ask(try book.region.dice.pick(pages.suffix(5)))
            }
        }
        return book
    }

    @Test(arguments: 1...6) func pagesAreThoseOfPlainEntries(seed: UInt64) throws {
        let book = try busy(seed: seed, requests: 120)
        let verdict = try book.store.check()
        #expect(verdict.broken == nil && verdict.entries == Int64(book.entries.count))
        let repeats = try book.region.db.first("SELECT count(*) FROM ledger WHERE again IS NOT NULL") { $0.int(0) } ?? 0
        #expect(repeats > 30)
        for referral in book.people {
            let expected = book.numbers(referral)
            for limit in [1, 3, 50] {
                var found: [Int64] = []
                var after: Int64?
                repeat {
                    let page = try book.store.list(about: referral, page: PageRequest(limit: limit, after: after))
                    found += page.items.map(\.sequence)
                    after = page.next
                } while after != nil
                #expect(found == expected, "pages of \(limit)")
            }
            for line in try book.store.list(about: referral, page: PageRequest(limit: 1000)).items {
                let entry = book.entries[Int(line.sequence) - 1]
                #expect(line.at == entry.at && line.fields == entry.groups.names)
            }
        }
    }

    @Test(arguments: 1...6) func countsFoldsAndSearchesAreThoseOfPlainEntries(seed: UInt64) throws {
        let book = try busy(seed: seed, requests: 120)
        let moment = book.entries[book.entries.count / 2].at
        let days = LedgerPeriod(from: AmsterdamTime.day(of: moment), until: AmsterdamTime.day(of: moment))
        func isThatDay(_ entry: Entry) -> Bool { AmsterdamTime.day(of: entry.at) == days.from }
        for referral in book.people {
            #expect(
                try book.store.count(about: referral, since: moment) == book.numbers(referral) { $0.at >= moment }.count
            )
            let period = try book.store.list(about: referral, during: days, page: PageRequest(limit: 1000)).items
            #expect(period.map(\.sequence) == book.numbers(referral, where: isThatDay))
            let folded = try book.store.list(
                about: referral, during: days, folded: true, page: PageRequest(limit: 1000)
            ).items
            #expect(folded.map(\.count).reduce(0, +) == period.count)
            var search = LedgerSearch()
            search.referral = referral
            let found = try book.store.search(search, limit: 7)
            #expect(found.map(\.disclosure.sequence) == Array(book.numbers(referral).prefix(7)))
            #expect(found.allSatisfy { $0.referral == referral && $0.object == referral.retyped() })
        }
        let all = try book.store.search(LedgerSearch(), limit: 100_000)
        #expect(all.map(\.disclosure.sequence) == (1...Int64(book.entries.count)).reversed())
        #expect(all.map(\.referral) == book.entries.reversed().map(\.referral))
        #expect(all.map(\.source.trace.requestID) == book.entries.reversed().map(\.request))
    }

    /// A page of a search ends where it is told to, or where it has looked through enough; nothing is lost or told twice.
    @Test(arguments: 1...3) func pagesOfASearchAreThoseOfPlainEntries(seed: UInt64) throws {
        let book = try busy(seed: seed, requests: 120)
        func pages(_ search: LedgerSearch, _ limit: Int) throws -> [Int64] {
            var found: [Int64] = []
            var after: Int64?
            repeat {
                let page = try book.store.search(
                    search, in: .everything, page: PageRequest(limit: limit, after: after))
                #expect(page.items.count <= limit)
                found += page.items.map(\.disclosure.sequence)
                after = page.next
            } while after != nil
            return found
        }
        let all = Array((1...Int64(book.entries.count)).reversed())
        for limit in [1, 4, 30, 1000] { #expect(try pages(LedgerSearch(), limit) == all, "pages of \(limit)") }
        var search = LedgerSearch()
        for referral in book.people.prefix(8) {
            search.referral = referral
            for limit in [1, 4, 1000] { #expect(try pages(search, limit) == book.numbers(referral)) }
        }
        search = LedgerSearch()
        search.requestID = book.entries.last?.request
        let last = all.filter { book.entries[Int($0) - 1].request == search.requestID }
        #expect(try pages(search, 2) == last)
        search.requestID = "none"
        #expect(try pages(search, 2).isEmpty)
        let nobody = try book.store.search(
            LedgerSearch(), in: .residents(of: .unknown), page: PageRequest(limit: 5))
        #expect(nobody.items.isEmpty && nobody.next == nil)
    }

    /// People on one page of whom more is shown of some than of others come in two rows.
    @Test func termsThatDifferAreRowsOfTheirOwn() throws {
        let book = try Book(seed: 1, people: 25)
        for _ in 0..<3 { try book.ask(book.people, terms: 2) }
        let rows = try book.region.db.all("SELECT entries, again, field_groups FROM ledger ORDER BY sequence") {
            "\($0.int(0)) \($0.optionalInt(1) ?? 0) \($0.text(2))"
        }
        #expect(
            rows == [
                "13 0 identity", "12 0 identity contact", "13 13 identity", "12 25 identity contact", "13 13 identity",
                "12 25 identity contact",
            ])
        #expect(
            try book.store.search(LedgerSearch(), limit: 100).map(\.referral) == book.entries.reversed().map(\.referral)
        )
        #expect(try book.store.check().broken == nil)
    }

    @Test func aRowHoldsAHundredAtMost() throws {
        let book = try Book(seed: 1, people: 230)
        try book.ask(book.people)
        let rows = try book.region.db.all("SELECT entries FROM ledger ORDER BY sequence") { $0.int(0) }
        #expect(rows == [100, 100, 30])
        #expect(try book.store.check().broken == nil)
        #expect(try book.store.count() == 230)
    }

    /// A row is repeated as long as it is near; then the people are listed anew, and the order of entries holds all the same.
    @Test func aRepeatIsNeverFarFromItsRow() throws {
        let book = try Book(seed: 1, people: 60)
        let pages = [Array(book.people[..<30]), Array(book.people[20..<50])]
        for number in 0..<400 { try book.ask(pages[number % 2]) }
        let furthest = try book.region.db.first("SELECT max(sequence - again) FROM ledger") { $0.int(0) } ?? 0
        #expect((3900...4096).contains(furthest))
        let listed = try book.region.db.first("SELECT count(*) FROM ledger WHERE again IS NULL") { $0.int(0) }
        #expect(listed == 6)
        for person in [5, 25, 45, 55] {
            let referral = book.people[person]
            let found = try book.store.list(about: referral, page: PageRequest(limit: 500)).items
            #expect(found.map(\.sequence) == Array(book.numbers(referral).prefix(500)))
        }
        #expect(try book.store.check().broken == nil)
    }

    /// What the writer remembers may have been undone: then it is not believed.
    @Test func aRowThatWasUndoneIsNotRepeated() throws {
        let region = try Region()
        let recent = RecentLooks()
        let store = LedgerStore(region.db)
        let people = (1...3).map { ReferralID(high: 1, low: UInt64($0)) }
        func ask(_ shown: [ReferralID]) throws {
            let looks = shown.map { Disclosure(referral: $0, object: $0.retyped(), action: "list", groups: .identity) }
            try store.append(
                looks, by: region.actor(), trace: RequestTrace(requestID: "r", address: ""), at: region.now,
                among: recent)
        }
        try region.db.begin(.immediate)
        try ask(people)
        try region.db.rollback()
        try ask(people.reversed())
        try ask(people)
        let rows = try region.db.all("SELECT again FROM ledger") { $0.optionalInt(0) }
        #expect(rows == [nil, nil])
        #expect(try store.check().broken == nil)
        #expect(try store.list(about: people[0], page: PageRequest(limit: 9)).items.map(\.sequence) == [4, 3])
    }

    /// A repeat that names a row which lists other people, or as many of none, has no hash that fits; and somebody who makes
    /// the hash anew as well is told from the number of people.
    @Test func aRepeatOfAnotherRowIsFound() throws {
        let book = try Book(seed: 1, people: 10)
        try book.ask(Array(book.people[..<4]))
        try book.ask(Array(book.people[..<3]))
        try book.ask(Array(book.people[..<4]))
        let db = book.region.db
        try db.run("DROP TRIGGER ledger_is_never_changed")
        try db.set("ignore_check_constraints", to: 1)
        for other in [7, 3, 11] {
            try db.begin(.immediate)
            try db.run("UPDATE ledger SET again = ? WHERE sequence = 11", other)
            #expect(try book.store.check().broken?.sequence == 8)
            try db.rollback()
        }
        #expect(try book.store.check().broken == nil)
    }
}
