// Support is asked for and answered, and the key is handed over: never without a match that both sides accepted, and
// never before support starts.

import Domain
import Storage
import Testing
import UseCases

@Suite struct ArrangeSupportTests {
    let region: Region
    init() async throws { region = try await Region() }

    private func ask(_ id: ReferralID, _ provider: OrganisationID, by actor: Actor? = nil) async throws -> Refusal? {
        try await region.refusal(actor ?? region.intaker) {
            try ArrangeSupport.ask(
                SupportAsk(provider: provider, hoursPerWeek: 2, needs: [], wantedFrom: nil, note: nil), for: id, by: $0,
                in: $1)
        }
    }

    private func answer(_ id: SupportRequestID, _ answer: SupportAnswer, by actor: Actor) async throws -> Refusal? {
        try await region.refusal(actor) { try ArrangeSupport.answer(id, answer, by: $0, in: $1) }
    }

    private var yes: SupportAnswer {
        .accept(startsOn: region.today, hoursPerWeek: nil, contactName: "Kim", contactPhone: "0612345678")
    }

    @Test func askedAndAccepted() async throws {
        let id = try await region.open()
        #expect(try await ask(id, region.provider) == .conflict(.other))
        try await region.move(id, .startIntake)
        let provider = region.provider
        let asked = try await region.trail(region.intaker, about: id) {
            try ArrangeSupport.ask(
                SupportAsk(provider: provider, hoursPerWeek: 2, needs: [.money], wantedFrom: nil, note: "Soon"),
                for: id,
                by: $0, in: $1)
        }
        #expect(asked.events == ["support_asked"] && asked.ledger == ["support_asked"])
        #expect(asked.value.answerDueOn.description == "2026-06-08" && asked.value.provider.name == "Zorg Een")
        let request = asked.value.id
        // Until it commits itself, the provider knows the question and not the person.
        let question = try region.look(region.supporter) { try Look.supportRequest(request, by: $0, in: $1) }.value
        #expect(question.note == "Soon")
        #expect(try region.refusal(looking: region.supporter) { try Look.referral(id, by: $0, in: $1) } == .notFound)
        let yes = yes
        let answered = try await region.trail(region.supporter, about: id) {
            try ArrangeSupport.answer(request, yes, by: $0, in: $1)
        }
        #expect(answered.events == ["support_accepted"] && answered.versions == 1)
        #expect(answered.value.state == .accepted && answered.value.hoursPerWeek == 2)
        let view = try region.look(region.supporter) { try Look.referral(id, by: $0, in: $1) }.value
        #expect(view.identity?.givenName == "Sanne" && view.support?.contactName == "Kim")
        #expect(try await answer(request, yes, by: region.supporter) == .conflict(.other))
        #expect(try await ask(id, region.otherProvider) == .conflict(.other))
    }

    @Test func theNextProviderAfterADecline() async throws {
        let id = try await region.waiting()
        let first = try await region.ask(id, region.provider)
        #expect(try await ask(id, region.provider) == .conflict(.other))
        let declined = try await region.trail(region.supporter, about: id) {
            try ArrangeSupport.answer(first, .decline(.noCapacity, note: "Full"), by: $0, in: $1)
        }
        #expect(declined.events == ["support_declined"] && declined.value.declineReason == .noCapacity)
        let second = try await region.ask(id, region.otherProvider)
        let third = try await region.ask(id, region.provider)
        let yes = yes
        try await region.run(region.otherSupporter) { _ = try ArrangeSupport.answer(second, yes, by: $0, in: $1) }
        #expect(try await answer(third, yes, by: region.supporter) == .conflict(.other))
        #expect(try region.request(third).state == .asked)
    }

    @Test func refused() async throws {
        let id = try await region.waiting()
        let request = try await region.ask(id, region.provider)
        let candidate = try await region.candidate(of: id)
        for actor in region.staff + [candidate] where ![.intaker, .coordinator].contains(actor.role) {
            #expect(try await ask(id, region.otherProvider, by: actor) == .forbidden)
        }
        for actor in region.staff + [candidate] where actor.role != .supporter {
            #expect(try await answer(request, yes, by: actor) == .forbidden)
        }
        #expect(try await answer(request, yes, by: region.otherSupporter) == .notFound)
        #expect(try await answer(SupportRequestID(high: 1, low: 1), yes, by: region.supporter) == .notFound)
        #expect(try await ask(ReferralID(high: 1, low: 1), region.provider) == .notFound)
        for provider in [OrganisationID(high: 9, low: 9), region.corporation, region.intakePoint] {
            #expect(try await ask(id, provider) == .invalid("/provider", "unknown"))
        }
        let closed = region.otherProvider
        try await region.database.write { _ = try OrganisationStore($0.db).disable(closed, at: $0.now) }
        #expect(try await ask(id, closed) == .invalid("/provider", "unknown"))
        try await region.move(id, .withdraw(reason: "?"))
        #expect(try await ask(id, region.provider) == .conflict(.other))
    }
}

@Suite struct RegisterTenancyTests {
    let region: Region
    init() async throws { region = try await Region() }

    private func refusal(
        _ match: MatchID, startsOn day: CivilDate, kind: TenancyKind? = nil, convertOn: CivilDate? = nil,
        by actor: Actor? = nil
    ) async throws -> Refusal? {
        try await region.refusal(actor ?? region.allocator) {
            try RegisterTenancy.run(match: match, startsOn: day, kind: kind, convertOn: convertOn, by: $0, in: $1)
        }
    }

    @Test func theKey() async throws {
        let made = try await region.accepted()
        try await region.support(made.referral, startingIn: 3)
        let day = region.today.adding(days: 3)
        let trail = try await region.trail(region.allocator, about: made.referral) {
            try RegisterTenancy.run(match: made.match, startsOn: day, kind: nil, convertOn: nil, by: $0, in: $1)
        }
        #expect(trail.events == ["move_in"] && trail.versions == 1)
        #expect(trail.value.kind == .regular && trail.value.startsOn == day)
        #expect(trail.value.landlord.name == "Wonen Een" && trail.value.supportProvider.name == "Zorg Een")
        #expect(try region.standing(made.referral).state == .housed)
        #expect(try region.match(made.match).standing.state == .fulfilled)
        #expect(try region.dwelling(made.dwelling).state == .let)
        #expect(try await refusal(made.match, startsOn: day) == .conflict(.other))
        let own = try region.look(try await region.candidate(of: made.referral)) {
            try Look.tenancies(page: PageRequest(limit: 10), by: $0, in: $1)
        }.value.items
        #expect(own == [trail.value])
    }

    @Test func onlyWithAMatchBothAccepted() async throws {
        let made = try await region.matched()
        try await region.support(made.referral)
        #expect(try await refusal(made.match, startsOn: region.today) == .conflict(.other))
        try await region.answer(made.match, .accept, by: region.allocator)
        #expect(try await refusal(made.match, startsOn: region.today) == .conflict(.other))
        try await region.answer(
            made.match, .decline(.wantsToWait, note: nil), by: region.coordinator, onBehalfOf: .candidate)
        #expect(try await refusal(made.match, startsOn: region.today) == .conflict(.other))
    }

    @Test func onlyWithSupportInTime() async throws {
        let made = try await region.accepted()
        let day = region.today.adding(days: 5)
        #expect(try await refusal(made.match, startsOn: day) == .conflict(.supportMissing))
        let asked = try await region.ask(made.referral, region.otherProvider)
        #expect(try await refusal(made.match, startsOn: day) == .conflict(.supportMissing))
        try await region.run(region.otherSupporter) {
            _ = try ArrangeSupport.answer(asked, .decline(.other, note: nil), by: $0, in: $1)
        }
        try await region.support(made.referral, startingIn: 6)
        #expect(try await refusal(made.match, startsOn: day) == .conflict(.supportStartsTooLate))
        #expect(try region.standing(made.referral).state == .accepted)
        try await region.run(region.coordinator) {
            _ = try RegisterTenancy.run(
                match: made.match, startsOn: day.adding(days: 1), kind: nil, convertOn: nil, by: $0, in: $1)
        }
    }

    @Test func refused() async throws {
        let made = try await region.accepted()
        try await region.support(made.referral)
        let day = region.today
        for actor in [
            region.referrer, region.supporter, region.policymaker, region.intaker, region.auditor, region.admin,
            try await region.candidate(of: made.referral),
        ] {
            #expect(try await refusal(made.match, startsOn: day, by: actor) == .forbidden)
        }
        for actor in [region.otherAllocator, region.panel] {
            #expect(try await refusal(made.match, startsOn: day, by: actor) == .invalid("/match", "unknown"))
        }
        #expect(try await refusal(MatchID(high: 1, low: 1), startsOn: day) == .invalid("/match", "unknown"))
        let later = day.adding(days: 365)
        #expect(try await refusal(made.match, startsOn: day, convertOn: later) == .invalid("/convertOn", "range"))
        #expect(
            try await refusal(made.match, startsOn: day, kind: .viaProvider, convertOn: day)
                == .invalid("/convertOn", "range"))
        let tenancy = try await region.run(region.allocator) {
            try RegisterTenancy.run(
                match: made.match, startsOn: day, kind: .viaProvider, convertOn: later, by: $0, in: $1)
        }
        #expect(tenancy.kind == .viaProvider && tenancy.convertOn == later)
    }
}
