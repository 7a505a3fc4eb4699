// Explanations: in words for the person, with every limit for staff, counts alone for a landlord, and each look written
// down.

import Domain
import Storage
import Testing
import UseCases

@Suite struct ExplainTests {
    let region: Region
    init() async throws { region = try await Region() }

    private func home(_ change: (inout DwellingDraft) -> Void = { _ in }) async throws -> DwellingID {
        var draft = try Sample.dwelling()
        change(&draft)
        return try await region.offerDwelling(draft)
    }

    private func explanation(_ id: ReferralID, by actor: Actor? = nil) throws -> Reading<Explanation> {
        try region.look(actor ?? region.coordinator) { try Explain.person(id, by: $0, in: $1) }
    }

    @Test func inWordsThatAPersonUnderstands() async throws {
        let id = try await region.waiting()
        let empty = try explanation(id).value
        #expect(
            empty.summary.dutch == "Er is op dit moment geen woning vrij." && empty.limits.isEmpty && empty.place == 1)
        // An income of 1900 euros: 760 for rent and service cost.
        _ = try await home { $0.rent = 75_150 }
        _ = try await home { $0.rent = 90_000 }
        _ = try await home {
            $0.accessibility = []
            $0.rent = 80_000
        }
        try await region.makeRun()
        let candidate = try await region.candidate(of: id)
        let reading = try explanation(id, by: candidate)
        let found = reading.value
        #expect(found.homes.count == 3 && found.fitting == 0)
        #expect(found.limits.map(\.limit) == ["accessibility", "rent"])
        #expect(found.limits.map(\.count) == [1, 3] && found.limits.map(\.alone) == [0, 2])
        #expect(
            found.limits[1].dutch
                == "Bij 3 woningen is de huur te hoog voor uw inkomen. Bij 2 daarvan is dat de enige reden. "
                + "Het kleinste verschil is 12 euro per maand.")
        #expect(
            found.limits[0].english == "With 1 home something that you need in a home is missing.")
        #expect(
            found.summary.english
                == "3 homes are free at this moment. None of them fits yet. In the last round there was no home for you. "
                + "There would have been one with a lower rent or a higher income. Your place stays yours.")
        #expect(
            found.summary.dutch
                == "Er zijn nu 3 woningen vrij. Er past nog geen bij u. In de laatste ronde was er geen woning voor u. "
                + "Er was er wel een geweest met een lagere huur of een hoger inkomen. U houdt uw plaats.")
        #expect(reading.disclosures.map(\.action) == ["read_explanations"])
    }

    @Test func staffSeeEveryLimitAndWhoseTurnItWas() async throws {
        let first = try await region.waiting()
        region.wait(seconds: 60)
        let second = try await region.waiting(try Sample.draft(familyName: "Smit"))
        let only = try await home()
        try await region.makeRun()
        let found = try explanation(second).value
        #expect(found.place == 2 && found.fitting == 1)
        let line = try #require(found.homes.first)
        #expect(line.home.id == only && line.limits.isEmpty && line.wishRank == 1 && line.score == 1000)
        #expect(line.home.address == nil, "no address before an offer")
        #expect(line.outOfReachFrom == 2, "out of reach from this very place on")
        #expect(found.lastRun?.line.place == 1 && found.lastRun?.people == 2)
        #expect(
            found.summary.english
                == "1 home is free at this moment. One fits what you asked for. In the last round 1 home fitted you. "
                + "It went to somebody whose turn came before yours. Your place stays yours.")
        let themselves = try await region.candidate(of: second)
        let told = try explanation(second, by: themselves).value
        #expect(told.fittingHomes.map(\.home.id) == [only] && told.fittingHomes.map(\.outOfReachFrom) == [2])
        #expect(
            told.fittingHomes.first?.dutch == "Die ging in de laatste ronde naar iemand die eerder aan de beurt was.")
        #expect(try explanation(first).value.lastRun?.line.dwelling == only)
        for actor in [region.allocator, region.panel, region.auditor] {
            #expect(try region.refusal(looking: actor) { try Explain.person(first, by: $0, in: $1) } == .forbidden)
        }
        let other = try await region.candidate(of: first)
        #expect(try region.refusal(looking: other) { try Explain.person(second, by: $0, in: $1) } == .notFound)
    }

    /// Who referred somebody, and their municipality, are told as much as they may see of a person.
    @Test func noLimitTellsMoreThanItsReaderMaySee() async throws {
        let id = try await region.waiting()
        _ = try await home { $0.rent = 90_000 }
        let today = region.today
        _ = try await home { $0.availableFrom = today.adding(days: 200) }
        try await region.makeRun()
        let referrers = try explanation(id, by: region.referrer).value
        #expect(referrers.limits.map(\.limit) == ["rent", "availability"] && referrers.fittingHomes.isEmpty)
        let counts = try explanation(id, by: region.policymaker).value
        #expect(counts.limits.map(\.limit) == ["availability"] && !counts.summary.english.contains("income"))
    }

    @Test func whoSaidNoIsSaid() async throws {
        let made = try await region.matched()
        try await region.answer(made.match, .decline(.openTenancyDebt, note: nil), by: region.allocator)
        let found = try explanation(made.referral).value
        #expect(
            found.limits.map(\.dutch) == ["Bij 1 woning heeft de verhuurder eerder nee gezegd. Dat is de enige reden."])
        #expect(found.homes.map(\.declinedBy) == [.landlord])
    }

    @Test func aHomeWithoutACandidate() async throws {
        for name in ["A", "B", "C", "D", "E", "F"] {
            region.wait(seconds: 60)
            _ = try await region.waiting(try Sample.draft(familyName: name))
        }
        let dear = try await home { $0.rent = 90_000 }
        let reading = try region.look(region.coordinator) { try Explain.home(dear, by: $0, in: $1) }
        let found = reading.value
        #expect(found.waiting == 6 && found.fits == 0 && found.butForOne.map(\.limit) == ["rent"])
        #expect(found.butForOne[0].english == "6 people would fit but for one thing: the rent does not fit the income.")
        #expect(
            found.people?.map(\.place) == [1, 2, 3, 4, 5, 6] && found.people?.allSatisfy { $0.limit == "rent" } == true)
        #expect(reading.disclosures.count == 6, "a look at each of them")
        let own = try region.look(region.allocator) { try Explain.home(dear, by: $0, in: $1) }
        #expect(own.value.people == nil && own.disclosures.isEmpty)
        #expect(
            try region.refusal(looking: region.otherAllocator) { try Explain.home(dear, by: $0, in: $1) } == .notFound)
    }

    /// A landlord who turns the rent learns nothing of what anybody earns.
    @Test func whatRestsOnThePersonIsNotCountedForALandlord() async throws {
        for name in ["A", "B", "C", "D", "E", "F"] {
            _ = try await region.waiting(try Sample.draft(familyName: name))
        }
        func counts(by actor: Actor, _ change: (inout DwellingDraft) -> Void) async throws -> [String] {
            let home = try await home(change)
            let found = try region.look(actor) { try Explain.home(home, by: $0, in: $1) }.value
            return ["\(found.fits)"] + found.butForOne.map { "\($0.limit) \($0.count)" }
        }
        #expect(try await counts(by: region.coordinator) { $0.rent = 90_000 } == ["0", "rent 6"])
        for rent: Int64 in [10_000, 60_000, 90_000] {
            #expect(try await counts(by: region.allocator) { $0.rent = rent } == ["6"])
        }
        #expect(try await counts(by: region.allocator) { $0.petsAllowed = false } == ["6"])
    }
}
