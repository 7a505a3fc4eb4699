// From what is stored to what stands in the way of a match: each limit comes from the fact it should come from, and from
// nothing about a person's health, risks or life domains.

import Domain
import Storage
import Testing
import UseCases

@Suite struct FeasibleTests {
    let region: Region
    init() async throws { region = try await Region() }

    private func limits(_ id: ReferralID, _ draft: DwellingDraft, by landlord: Actor? = nil) async throws -> [String] {
        let dwelling = try await region.offerDwelling(by: landlord, draft)
        let match = try await region.propose(id, dwelling, offering: false)
        return try #require(try region.match(match).workings).failingLimits
    }

    /// A dwelling that fits the sample person, changed.
    private func home(_ change: (inout DwellingDraft) -> Void = { _ in }) throws -> DwellingDraft {
        var draft = try Sample.dwelling()
        change(&draft)
        return draft
    }

    private func apply(_ change: @escaping @Sendable (inout RegionSettings) -> Void) async throws {
        try await region.database.write { tx in
            var settings = RegionSettings.standard
            settings.name = "Twente"
            settings.municipalities = ["GM0153", "GM0141"].compactMap { Municipality(code: $0) }
                .map { RegionMunicipality(code: $0, name: $0.code, central: $0) }
            change(&settings)
            _ = try RegionStore(tx.db).insert(settings, at: tx.now)
        }
    }

    @Test func eachLimitAlone() async throws {
        let id = try await region.waiting()
        #expect(try await limits(id, home()) == [])
        #expect(try await limits(id, home { $0.form = .clustered }) == ["wish"])
        #expect(
            try await limits(id, home { $0.municipality = Municipality(code: "GM0141") ?? $0.municipality }) == [
                "municipality"
            ])
        #expect(try await limits(id, home { $0.accessibility = [] }) == ["accessibility"])
        #expect(try await limits(id, home { $0.householdMaximum = 1 }) == ["household"])
        #expect(try await limits(id, home { $0.rent = 80_000 }) == ["rent"])
        let today = region.today
        #expect(try await limits(id, home { $0.availableFrom = today.adding(days: 91) }) == [])
        #expect(try await limits(id, home { $0.availableFrom = today.adding(days: 92) }) == ["availability"])
    }

    @Test func aPlaceToBeCloseTo() async throws {
        var draft = try Sample.draft()
        // Words are for people: from these a program would read the contrary.
        draft.wishes[0].closeTo = "Far from Noord"
        draft.wishes[0].near = [WishPlace(try Sample.dwelling().municipality, "zuid")]
        let id = try await region.waiting(draft)
        _ = try await region.offerDwelling(home { $0.neighbourhood = "Zuid" })
        _ = try await region.offerDwelling(home { $0.neighbourhood = "Noord" })
        let found = try region.look(region.coordinator) { try Explain.person(id, by: $0, in: $1) }.value
        #expect(
            found.homes.map(\.home.neighbourhood) == ["Zuid", "Noord"] && found.homes.map(\.score) == [1050, 1030])
    }

    /// The form that people decided on fits; another asks its own profile, which agreed support can make up for.
    @Test func agreedSupportMakesUpForASkill() async throws {
        var draft = try Sample.draft()
        draft.wishes.append(Wish(form: .independentAmbulatory, municipalities: draft.wishes[0].municipalities))
        let id = try await region.waiting(draft)
        try await apply { settings in
            for place in settings.profiles.indices where settings.profiles[place].form == .independentAmbulatory {
                settings.profiles[place].minimumLevels[.money] = 3
            }
        }
        #expect(try await limits(id, home()) == [], "decided at admission, whatever the levels")
        #expect(try await limits(id, home { $0.form = .independentAmbulatory }) == ["form"])
        try await region.support(id)
        #expect(try await limits(id, home { $0.form = .independentAmbulatory }) == [])
    }

    @Test func aNeighbourhoodTakesSoManyMovesAYear() async throws {
        let place = try #require(Municipality(code: "GM0153"))
        try await apply { $0.caps = [SpreadCap(municipality: place, neighbourhood: "centrum", perYear: 1)] }
        let first = try await region.waiting()
        let second = try await region.waiting(try Sample.draft(familyName: "Smit"))
        #expect(try await limits(second, home { $0.neighbourhood = "Zuid" }) == [])
        let taken = try await region.propose(first, try await region.offerDwelling())
        #expect(try await limits(second, home()) == ["cap"])
        try await region.answer(taken, .decline(.dwellingUnavailable, note: nil), by: region.allocator)
        let others = try region.database.read(lane: 0) { try MatchStore($0.db).live(of: second) }
        for match in others { try await region.answer(match.id, .withdraw(note: nil), by: region.coordinator) }
        #expect(try await limits(second, home()) == [], "what came to nothing does not count")
    }

    /// A municipality's cap and the region's hold beside those of neighbourhoods, and a move next year is next year's.
    @Test func capsLieWithinOneAnother() async throws {
        let place = try #require(Municipality(code: "GM0153"))
        let today = region.today
        let nextYear = try #require(CivilDate(year: today.parts.year + 1, month: 1, day: 1))
        let id = try await region.waiting()
        for (scope, municipality) in [(SpreadScope.municipality, place), (.region, nil)]
            as [(SpreadScope, Municipality?)]
        {
            try await apply {
                $0.caps = [SpreadCap(municipality: municipality, neighbourhood: nil, perYear: 0, scope: scope)]
            }
            #expect(try await limits(id, home()) == ["cap"])
        }
        try await apply {
            $0.caps = [
                SpreadCap(municipality: place, neighbourhood: nil, perYear: 9),
                SpreadCap(municipality: place, neighbourhood: nil, perYear: 1, scope: .municipality),
            ]
        }
        // The two drafts above are the year's moves already.
        #expect(try await limits(id, home { $0.neighbourhood = "Zuid" }) == ["cap"])
        let later = try await limits(id, home { $0.availableFrom = nextYear })
        #expect(!later.contains("cap"), "a move next year is held against next year's cap")
    }

    /// A provider that agreed to more people than it has places for can't have one of them move in.
    @Test func aProviderHasSoManyPlaces() async throws {
        let id = try await region.waiting()
        try await region.support(id)
        let provider = region.provider
        let name = try region.database.read(lane: 0) { try #require(try OrganisationStore($0.db).find(provider)).name }
        for (places, expected) in [(1, []), (0, ["cap"])] as [(Int, [String])] {
            try await apply { $0.providers = [ProviderPlaces(provider: name, places: places)] }
            #expect(try await limits(id, home()) == expected)
        }
    }

    /// What came beyond an agreement is matched with nobody, unless the region says otherwise; what nothing was agreed for is.
    @Test func agreementsAreALimit() async throws {
        let id = try await region.waiting()
        let agreed = try home()
        let name = try region.database.read(lane: 0) { [corporation = region.corporation] in
            try #require(try OrganisationStore($0.db).find(corporation)).name
        }
        func apply(_ dwellings: Int, holds: Bool = true, form: HousingForm? = nil) async throws {
            let year = region.today.parts.year
            try await self.apply {
                $0.holdsToAgreements = holds
                $0.agreements = [
                    YearlyAgreement(
                        year: year, corporation: name, municipality: agreed.municipality, form: form ?? agreed.form,
                        dwellings: dwellings)
                ]
            }
        }
        try await apply(1)
        #expect(try await limits(id, agreed) == [])
        #expect(try await limits(id, agreed) == ["agreement"])
        try await apply(0, holds: false)
        #expect(try await limits(id, agreed) == [])
        try await apply(0, form: .shared)
        #expect(try await limits(id, agreed) == [], "nothing was agreed for this form")
    }

    @Test func aDwellingWithANuisanceFileIsOfferedToNobody() async throws {
        let id = try await region.waiting()
        let dwelling = try await region.offerDwelling()
        func say(_ isOpen: Bool) async throws {
            try await region.run(region.allocator) {
                _ = try OfferDwelling.change(
                    dwelling, DwellingChanges(nuisanceFile: isOpen) { $0 }, if: .any, by: $0, in: $1)
            }
        }
        try await say(true)
        #expect(try region.dwelling(dwelling).hasNuisanceFile)
        let refusal = try await region.refusal(region.coordinator) {
            try ProposeMatch.run(referral: id, dwelling: dwelling, reason: "?", offering: true, by: $0, in: $1)
        }
        #expect(refusal == .conflict(.dwellingNotFree))
        try await say(false)
        let offer = try await region.propose(id, dwelling)
        try await say(true)
        let tasks = try region.database.read(lane: 0) { try TaskStore($0.db).open(about: id) }
        #expect(tasks.filter { $0.kind == .nuisanceOnOffer }.map(\.object) == [offer.retyped()])
    }

    // MARK: Agreements

    private func agreements(_ actor: Actor, year: Int = 2026) throws -> [AgreementLine] {
        try region.look(actor) { try Agreements.read(year: year, by: $0, in: $1) }.lines
    }

    @Test func aDwellingCountsFromTheDayItIsOffered() async throws {
        #expect(try agreements(region.coordinator).isEmpty)
        let one = try await region.offerDwelling()
        _ = try await region.offerDwelling(by: region.otherAllocator)
        #expect(try agreements(region.coordinator).map(\.offered) == [1, 1])
        #expect(try agreements(region.allocator).map(\.key.corporation) == ["Wonen Een"], "a landlord sees its own")
        #expect(try agreements(region.panel).isEmpty)
        func become(_ state: DwellingState) async throws {
            try await region.run(region.allocator) {
                _ = try OfferDwelling.change(one, DwellingChanges(state: state) { $0 }, if: .any, by: $0, in: $1)
            }
        }
        try await become(.withdrawn)
        #expect(try agreements(region.allocator).isEmpty, "taken back before anybody lived there")
        try await become(.free)
        #expect(try agreements(region.allocator).map(\.offered) == [1])
        #expect(try agreements(region.allocator, year: 2027).isEmpty)
    }

    @Test func whatIsAgreedIsPartOfTheSettings() async throws {
        let place = try #require(Municipality(code: "GM0153"))
        let term = AgreementTerm(
            landlord: region.corporation, municipality: place, form: .independent, dwellings: 12)
        func set(_ terms: [AgreementTerm], _ version: Precondition = .any) async throws -> Refusal? {
            try await region.refusal(region.coordinator) {
                try Agreements.set(terms, year: 2026, if: version, by: $0, in: $1)
            }
        }
        #expect(try await set([term]) == .conflict(.other), "the defaults are nobody's agreement")
        try await apply { _ in }
        #expect(try await set([term], .versions([7])) == .preconditionFailed)
        var bad = term
        bad.landlord = region.provider
        #expect(try await set([bad]) == .invalid("/agreements/0/organisation", "unknown"))
        bad = term
        bad.municipality = try #require(Municipality(code: "GM9999"))
        #expect(try await set([term, bad]) == .invalid("/agreements/1/municipality", "unknown"))
        #expect(try await set([term, term]) == .invalid("/agreements/1/form", "unknown"))
        let own = region.coordinator
        try await region.run(own) { _ = try Agreements.set([term], year: 2026, if: .any, by: $0, in: $1) }
        #expect(try agreements(region.allocator).map(\.agreed) == [12])
        #expect(try agreements(region.otherAllocator).isEmpty)
        try await region.run(own) { _ = try Agreements.set([], year: 2026, if: .any, by: $0, in: $1) }
        #expect(try agreements(region.coordinator).isEmpty)
    }
}
