// A consent with a last day: the day after, what rests on it ends by itself and somebody is asked to talk with the person.

import Domain
import Storage
import Testing

@testable import UseCases

@Suite struct EndedConsentTests {
    let region: Region

    init() async throws { region = try await Region() }

    private func pass() async throws -> Int {
        let duty = try #require(Clockwork.duties.first { $0.name == "ended_consents" })
        return try await region.database.write { try Clockwork.run(duty, in: $0) }
    }

    private func tasks(_ id: ReferralID) throws -> [CaseTask] {
        try region.database.read(lane: 0) { try TaskStore($0.db).open(about: id) }
            .filter { $0.kind == .consentEnded }
    }

    /// Replaces a consent by one with a last day.
    private func limit(_ purpose: ConsentPurpose, of id: ReferralID, days: Int, to recipient: OrganisationID? = nil)
        async throws
    {
        let last = region.today.adding(days: days)
        try await region.run(region.intaker) { caller, tx in
            _ = try Converse.give(purpose, to: recipient, until: last, of: id, by: caller, in: tx)
            let all = try Look.consents(id, by: caller, in: tx.reading).value
            for old in all where old.purpose == purpose && old.endsOn == nil && old.withdrawnAt == nil {
                _ = try Converse.withdraw(old.id, of: id, reason: nil, by: caller, in: tx)
            }
        }
    }

    @Test func whatRestsOnItEndsTheDayAfter() async throws {
        let id = try await region.waiting()
        let dwelling = try await region.offerDwelling()
        let match = try await region.propose(id, dwelling)
        try await limit(.shareWithLandlord, of: id, days: 2)
        region.wait(days: 2)
        #expect(try await pass() == 0, "its last day is one of it")
        #expect(try region.match(match).standing.state.isLive)
        region.wait(days: 1)
        #expect(try await pass() == 1)
        #expect(try await pass() == 0, "once")
        #expect(try !region.match(match).standing.state.isLive)
        #expect(try region.dwelling(dwelling).state == .free)
        #expect(try region.standing(id).state == .waiting)
        let task = try #require(try tasks(id).first)
        #expect(try tasks(id).count == 1 && task.role == .intaker && task.object != nil)
        let event = try #require(try region.events(id).last { $0.kind.hasSuffix("withdrawn") })
        #expect(event.reason == "The consent it rested on has ended.")
    }

    @Test func whatWasGivenAnewGoesOn() async throws {
        let id = try await region.waiting()
        let match = try await region.propose(id, try await region.offerDwelling())
        try await limit(.shareWithLandlord, of: id, days: 1, to: region.corporation)
        try await limit(.matching, of: id, days: 1)
        _ = try await region.run(region.intaker) {
            try Converse.give(.matching, to: nil, until: nil, of: id, by: $0, in: $1)
        }
        _ = try await region.run(region.intaker) {
            try Converse.give(.shareWithLandlord, to: nil, until: nil, of: id, by: $0, in: $1)
        }
        region.wait(days: 2)
        #expect(try await pass() == 2)
        #expect(try region.match(match).standing.state.isLive && tasks(id).isEmpty)
    }

    @Test func ofWhatHasEndedNothingIsSaid() async throws {
        let id = try await region.waiting()
        try await limit(.matching, of: id, days: 1)
        try await region.move(id, .withdraw(reason: "Family"))
        region.wait(days: 2)
        #expect(try await pass() == 1)
        #expect(try tasks(id).isEmpty)
    }
}
