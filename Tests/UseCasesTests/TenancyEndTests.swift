// The end of a tenancy when nothing is done for its tenant any more: the home is free, and nobody goes on seeing them.

import Domain
import Storage
import Testing
import UseCases

@Suite struct TenancyEndTests {
    let region: Region
    init() async throws { region = try await Region() }

    /// Somebody housed, whose referral is closed with light support.
    private func closed() async throws -> (
        referral: ReferralID, dwelling: DwellingID, tenancy: TenancyID, match: MatchID
    ) {
        let made = try await region.accepted()
        try await region.support(made.referral)
        let day = region.today
        let tenancy = try await region.run(region.allocator) {
            try RegisterTenancy.run(match: made.match, startsOn: day, kind: nil, convertOn: nil, by: $0, in: $1).id
        }
        #expect(
            try await refusal(tenancy, region.allocator) == .conflict(.other),
            "while the referral goes on its moves end it")
        try await region.move(
            made.referral, .close(outcome: .settledWithLightSupport, reason: nil), by: region.coordinator)
        region.wait(days: 100)
        return (made.referral, made.dwelling, tenancy, made.match)
    }

    private func end(_ tenancy: TenancyID, _ actor: Actor, on day: CivilDate? = nil) async throws -> Tenancy {
        let day = day ?? region.today
        return try await region.run(actor) { try EndTenancy.run(tenancy, on: day, by: $0, in: $1) }
    }

    private func refusal(_ tenancy: TenancyID, _ actor: Actor, on day: CivilDate? = nil) async throws -> Refusal? {
        let day = day ?? region.today
        return try await region.refusal(actor) { _ = try EndTenancy.run(tenancy, on: day, by: $0, in: $1) }
    }

    private func free(_ dwelling: DwellingID) async throws {
        let wanted = DwellingChanges(state: .free) { $0 }
        try await region.run(region.allocator) {
            _ = try OfferDwelling.change(dwelling, wanted, if: .any, by: $0, in: $1)
        }
    }

    @Test func theHomeIsOfferedAgainAndNobodySeesThePerson() async throws {
        let (referral, dwelling, tenancy, match) = try await closed()
        let seen = { try region.look(region.allocator) { try Look.match(match, by: $0, in: $1) }.value.identity }
        #expect(try seen() != nil)
        #expect(try region.look(region.supporter) { try Look.referral(referral, by: $0, in: $1) }.value.identity != nil)
        for actor in [region.otherAllocator, region.panel] {
            #expect(try await refusal(tenancy, actor) == .notFound)
        }
        #expect(try await refusal(tenancy, region.supporter) == .forbidden)
        for day in [region.today.adding(days: 1), region.today.adding(days: -101)] {
            #expect(try await refusal(tenancy, region.allocator, on: day) == .invalid("/endedOn", "range"))
        }
        let ended = try await end(tenancy, region.allocator)
        #expect(ended.endedOn == region.today && ended.version == 2)
        #expect(try await refusal(tenancy, region.coordinator) == .conflict(.other), "once")
        #expect(try region.events(referral).last?.kind == "tenancy_ended")
        #expect(try seen() == nil)
        #expect(
            try region.refusal(looking: region.supporter) { try Look.referral(referral, by: $0, in: $1) } == .notFound)
        try await free(dwelling)
        #expect(try region.dwelling(dwelling).state == .free)
    }

    /// Who lived in a home is known to nobody once the dossier is gone: its landlord says that it is free.
    @Test func aHomeOutlivesTheDossier() async throws {
        let (referral, dwelling, _, _) = try await closed()
        let due = DueErasure(referral: referral, number: 1, ground: .request, since: region.today)
        try await region.database.write { tx in
            try Forget.erase(due, trace: RequestTrace(requestID: "retention", address: "local"), in: tx)
        }
        try await free(dwelling)
        #expect(try region.dwelling(dwelling).state == .free)
    }
}
