// Two referrals that may be one person's: found by names that are alike, decided by a person, remembered, and nobody
// else's business.

import Domain
import Storage
import Testing
import UseCases

@Suite struct LinkTests {
    let region: Region

    init() async throws { region = try await Region() }

    private func likely(_ id: ReferralID, _ actor: Actor? = nil) throws -> [PossibleDuplicate] {
        try region.look(actor ?? region.intaker) { try Look.referral(id, by: $0, in: $1) }.value.possibleDuplicates
    }

    private func open(_ given: String, _ infix: String?, _ family: String) async throws -> ReferralID {
        var draft = try Sample.draft(familyName: family)
        draft.identity.givenName = given
        draft.identity.infix = infix
        return try await region.open(by: region.otherReferrer, draft)
    }

    @Test(arguments: [
        ("Sanne", String?.none, "Jansne", true), ("Sanne", nil, "Janzen", true), ("Sanne", nil, "Janssens", false),
        ("Sanne", "van der", "Jansen-de Boer", true), ("Sanne", nil, "Bakker-Jansen", true),
        ("Sanne", nil, "Vanderjansen", true), ("Sjanie", nil, "Jansne", false), ("Sanne", nil, "Pietersen", false),
    ])
    func namesThatAreAlike(given: String, infix: String?, family: String, alike: Bool) async throws {
        let first = try await region.open()
        let second = try await open(given, infix, family)
        #expect(try likely(second) == (alike ? [PossibleDuplicate(id: first, basis: .similarName)] : []))
        #expect(try likely(first).isEmpty == !alike)
        #expect(try likely(second, region.otherReferrer).isEmpty)
        let tasks = try region.database.read(lane: 0) { try TaskStore($0.db).open(about: second) }
        #expect(tasks.map(\.kind) == (alike ? [.decideDuplicate] : []))
    }

    private func decide(_ outcome: LinkOutcome, _ id: ReferralID, _ other: ReferralID) async throws {
        try await region.run(region.intaker) {
            _ = try LinkReferrals.decide(outcome, about: id, and: other, note: "Asked", by: $0, in: $1)
        }
    }

    @Test func aSplitIsRememberedAndCanBeUndone() async throws {
        let first = try await region.open()
        let second = try await open("Sanne", "van der", "Jansen")
        #expect(try likely(second).map(\.basis) == [.nameAndBirthDate])
        try await decide(.differentPeople, second, first)
        #expect(try likely(second).isEmpty && likely(first).isEmpty)
        #expect(try region.database.read(lane: 0) { try TaskStore($0.db).open(about: second) }.isEmpty)
        try await decide(.undecided, first, second)
        #expect(try likely(second).map(\.basis) == [.nameAndBirthDate])
        try await decide(.samePerson, first, second)
        #expect(try likely(second) == [PossibleDuplicate(id: first, basis: .linked)])
        let history = try region.look(region.intaker) { try LinkReferrals.list(second, by: $0, in: $1) }.value
        #expect(history.map(\.outcome) == [.differentPeople, .undecided, .samePerson])
        #expect(history.allSatisfy { $0.other == first })
    }

    /// Somebody who was here before under another name is linked all the same.
    @Test func anEarlierReferralIsLinked() async throws {
        let earlier = try await region.open()
        try await region.move(earlier, .withdraw(reason: "Went to family"))
        let now = try await open("Alex", nil, "Bos")
        #expect(try likely(now).isEmpty)
        try await decide(.samePerson, now, earlier)
        #expect(try likely(now) == [PossibleDuplicate(id: earlier, basis: .linked)])
        let events = [try region.events(now).last?.kind, try region.events(earlier).last?.kind]
        #expect(events == ["link", "link"])
    }

    @Test func onlyTheIntakePointDecides() async throws {
        let first = try await region.open()
        let second = try await open("Sanne", nil, "Jansen")
        for actor in [region.referrer, region.supporter, region.allocator, region.auditor, region.admin] {
            #expect(
                try await region.refusal(actor) {
                    try LinkReferrals.decide(.samePerson, about: first, and: second, note: nil, by: $0, in: $1)
                } == .forbidden)
        }
        for other in [first, ReferralID(high: 3, low: 3)] {
            #expect(
                try await region.refusal(region.intaker) {
                    try LinkReferrals.decide(.samePerson, about: first, and: other, note: nil, by: $0, in: $1)
                } == .invalid("/referral", "unknown"))
        }
    }
}
