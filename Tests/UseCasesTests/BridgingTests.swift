// Support before the queue and while waiting: who is asked next when a provider says no, with the candidate's word; and support
// that bridges, which is no support of a tenancy until its provider says so.

import Domain
import Storage
import Testing
import UseCases

@Suite struct BridgingTests {
    let region: Region
    init() async throws { region = try await Region() }

    private func ask(
        _ id: ReferralID, _ provider: OrganisationID, _ kind: SupportKind = .tenancy, agreed: Bool = false
    ) async throws -> SupportRequestID {
        try await region.run(region.intaker) {
            try ArrangeSupport.ask(
                SupportAsk(
                    provider: provider, kind: kind, hoursPerWeek: 3, needs: [.money], wantedFrom: nil, note: nil,
                    isAgreed: agreed), for: id, by: $0, in: $1)
        }.id
    }

    private func accept(_ request: SupportRequestID, _ actor: Actor) async throws {
        let day = region.today
        try await region.run(actor) {
            _ = try ArrangeSupport.answer(
                request, .accept(startsOn: day, hoursPerWeek: nil, contactName: "Kim", contactPhone: "0612345678"),
                by: $0, in: $1)
        }
    }

    private func decline(_ request: SupportRequestID, _ actor: Actor) async throws {
        try await region.run(actor) {
            _ = try ArrangeSupport.answer(request, .decline(.noCapacity, note: nil), by: $0, in: $1)
        }
    }

    private func tasks(_ id: ReferralID) throws -> [CaseTask] {
        try region.database.read(lane: 0) { try TaskStore($0.db).open(about: id) }
    }

    @Test func aNoLeadsToTheNextWithTheCandidatesWord() async throws {
        let id = try await region.open()
        try await region.move(id, .startIntake)
        func proposals() throws -> [OrganisationID] {
            try region.look(region.intaker) { try ArrangeSupport.proposals(for: id, .tenancy, by: $0, in: $1) }.value
                .fits
                .map(\.provider.id)
        }
        #expect(try proposals() == [region.provider, region.otherProvider])
        let first = try await ask(id, region.provider)
        #expect(try proposals() == [region.otherProvider])
        let state = try region.standing(id).state
        try await decline(first, region.supporter)
        #expect(try region.standing(id).state == state, "no restart")
        #expect(try tasks(id).map(\.kind) == [.nextProvider])
        #expect(try tasks(id).map(\.object) == [region.otherProvider.retyped()])
        let (intaker, next) = (region.intaker, region.otherProvider)
        #expect(
            try await region.refusal(intaker) {
                _ = try ArrangeSupport.ask(
                    SupportAsk(provider: next, hoursPerWeek: 3, needs: [], wantedFrom: nil, note: nil), for: id,
                    by: $0, in: $1)
            } == .conflict(.consentMissing))
        let second = try await ask(id, next, agreed: true)
        #expect(try tasks(id).isEmpty)
        try await decline(second, region.otherSupporter)
        #expect(try tasks(id).map(\.object) == [nil], "nobody is left to ask")
        #expect(
            try region.refusal(looking: region.supporter) {
                try ArrangeSupport.proposals(for: id, .tenancy, by: $0, in: $1)
            } == .forbidden)
    }

    @Test func bridgingIsNoSupportOfATenancy() async throws {
        let made = try await region.accepted()
        let id = made.referral
        let bridge = try await ask(id, region.provider, .bridging)
        try await accept(bridge, region.supporter)
        // Who bridges sees the person; the home still has no support.
        let view = try region.look(region.supporter) { try Look.referral(id, by: $0, in: $1) }.value
        #expect(view.identity != nil && view.support == nil)
        let day = region.today
        func moveIn() async throws -> Refusal? {
            try await region.refusal(region.allocator) {
                _ = try RegisterTenancy.run(match: made.match, startsOn: day, kind: nil, convertOn: nil, by: $0, in: $1)
            }
        }
        #expect(try await moveIn() == .conflict(.supportMissing))
        let home = try await ask(id, region.otherProvider)
        try await accept(home, region.otherSupporter)
        try await region.run(region.allocator) {
            _ = try RegisterTenancy.run(match: made.match, startsOn: day, kind: nil, convertOn: nil, by: $0, in: $1)
        }
        #expect(try region.request(bridge).state == .withdrawn && region.request(home).state == .accepted)
        #expect(try region.events(id).contains { $0.kind == "bridging_ended" })
        #expect(try region.refusal(looking: region.supporter) { try Look.referral(id, by: $0, in: $1) } == .notFound)
        let (intaker, provider) = (region.intaker, region.provider)
        #expect(
            try await region.refusal(intaker) {
                _ = try ArrangeSupport.ask(
                    SupportAsk(
                        provider: provider, kind: .bridging, hoursPerWeek: 1, needs: [], wantedFrom: nil, note: nil),
                    for: id, by: $0, in: $1)
            } == .conflict(.other))
    }

    /// Two were asked and both say yes: the second is told so, whichever kind it is.
    @Test(arguments: SupportKind.allCases) func oneOfAKind(kind: SupportKind) async throws {
        let id = try await region.waiting()
        let first = try await ask(id, region.provider, kind)
        let second = try await ask(id, region.otherProvider, kind)
        try await accept(first, region.supporter)
        let day = region.today
        #expect(
            try await region.refusal(region.otherSupporter) {
                _ = try ArrangeSupport.answer(
                    second, .accept(startsOn: day, hoursPerWeek: nil, contactName: "A", contactPhone: "123"), by: $0,
                    in: $1)
            } == .conflict(.other))
    }

    @Test func whoBridgesCanGoOn() async throws {
        let made = try await region.accepted()
        let bridge = try await ask(made.referral, region.provider, .bridging)
        func convert(_ actor: Actor) async throws -> Refusal? {
            try await region.refusal(actor) {
                _ = try ArrangeSupport.convert(bridge, hoursPerWeek: nil, by: $0, in: $1)
            }
        }
        #expect(try await convert(region.supporter) == .conflict(.other), "not accepted yet")
        try await accept(bridge, region.supporter)
        #expect(try await convert(region.otherSupporter) == .notFound)
        #expect(try await convert(region.coordinator) == .forbidden)
        let trail = try await region.trail(region.supporter, about: made.referral) {
            try ArrangeSupport.convert(bridge, hoursPerWeek: 5, by: $0, in: $1)
        }
        #expect(trail.events == ["support_converted"] && trail.versions == 1)
        #expect(trail.value.kind == .tenancy && trail.value.hoursPerWeek == 5)
        #expect(try await convert(region.supporter) == .conflict(.other), "once")
        let day = region.today
        try await region.run(region.allocator) {
            _ = try RegisterTenancy.run(match: made.match, startsOn: day, kind: nil, convertOn: nil, by: $0, in: $1)
        }
        #expect(try region.request(bridge).state == .accepted)
        #expect(try region.standing(made.referral).state == .housed)
    }
}
