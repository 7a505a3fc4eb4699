// Rules that keep people's data where it belongs when things move on: the terms of an offer, a consent that has run out,
// support that ends with the referral, and a landlord whose tenant has left.

import Domain
import Storage
import Testing
import UseCases

@Suite struct PrivacyRuleTests {
    private let region: Region

    init() async throws { region = try await Region() }

    @Test func theTermsOfAnOfferStay() async throws {
        let made = try await region.matched()
        for actor in [region.allocator, region.coordinator] {
            let refusal = try await region.refusal(actor) {
                let dearer = DwellingChanges { draft in
                    var new = draft
                    new.rent += 1
                    return new
                }
                return try OfferDwelling.change(made.dwelling, dearer, if: .any, by: $0, in: $1)
            }
            #expect(refusal == .conflict(.dwellingNotFree))
        }
        let noted = DwellingChanges { draft in
            var new = draft
            new.remarks = "The key is with the caretaker."
            return new
        }
        try await region.run(region.allocator) {
            _ = try OfferDwelling.change(made.dwelling, noted, if: .any, by: $0, in: $1)
        }
        #expect(try region.dwelling(made.dwelling).content.remarks == "The key is with the caretaker.")
    }

    @Test func supportEndsWithTheReferral() async throws {
        let id = try await region.waiting()
        try await region.support(id)
        let before = try region.look(region.supporter) { try Look.referral(id, by: $0, in: $1) }.value
        #expect(before.identity != nil)
        try await region.move(id, .withdraw(reason: "Found a home"))
        #expect(
            try region.refusal(looking: region.supporter) { try Look.referral(id, by: $0, in: $1) } == .notFound)
    }

    /// Light support goes on after the referral has ended, and its provider with it; nobody else's does.
    @Test(arguments: ClosingOutcome.allCases) func supportEndsWithWhatWasToBeDone(outcome: ClosingOutcome) async throws
    {
        let made = try await region.accepted()
        try await region.support(made.referral)
        let day = region.today
        try await region.run(region.allocator) {
            _ = try RegisterTenancy.run(match: made.match, startsOn: day, kind: nil, convertOn: nil, by: $0, in: $1)
        }
        try await region.move(made.referral, .close(outcome: outcome, reason: nil), by: region.coordinator)
        let seen = try? region.look(region.supporter) { try Look.referral(made.referral, by: $0, in: $1) }
        #expect((seen != nil) == (outcome == .settledWithLightSupport))
    }

    @Test func supportStartsWithinAYear() async throws {
        let id = try await region.waiting()
        let request = try await region.ask(id, region.provider)
        let never = try #require(CivilDate(iso: "9999-12-31"))
        let refusal = try await region.refusal(region.supporter) {
            try ArrangeSupport.answer(
                request, .accept(startsOn: never, hoursPerWeek: nil, contactName: "A", contactPhone: "123"), by: $0,
                in: $1)
        }
        #expect(refusal == .invalid("/startsOn", "range"))
    }
}
