// The moves asked for by name: what each needs, what each brings about, and the refusals of each.

import Domain
import Storage
import Testing
import UseCases

@Suite struct MoveReferralTests {
    let region: Region
    init() async throws { region = try await Region() }

    private func refusal(
        _ id: ReferralID, _ request: MoveRequest, by actor: Actor? = nil, if precondition: Precondition = .any
    ) async throws -> Refusal? {
        try await region.refusal(actor ?? region.intaker) {
            try MoveReferral.run(id, request, if: precondition, by: $0, in: $1)
        }
    }

    private func trail(_ id: ReferralID, _ request: MoveRequest, by actor: Actor? = nil) async throws -> Trail<MadeMove>
    {
        try await region.trail(actor ?? region.intaker, about: id) {
            try MoveReferral.run(id, request, if: .any, by: $0, in: $1)
        }
    }

    @Test func fromTheDoorToTheQueue() async throws {
        let id = try await region.open()
        let asked = try await trail(id, .askInformation(question: "Which school?"))
        #expect(asked.events == ["ask_information"] && asked.ledger == ["ask_information"] && asked.versions == 1)
        #expect(asked.value.from == .submitted && asked.value.standing.state == .awaitingInformation)
        #expect(asked.value.standing.resuming == .submitted)
        #expect(try region.events(id).last?.reason == "Which school?")
        let given = try await trail(id, .giveInformation(note: "The one on the corner"), by: region.referrer)
        #expect(given.value.standing.state == .submitted && given.value.standing.resuming == nil)
        let started = try await trail(id, .startIntake)
        #expect(started.events == ["start_intake"] && started.value.standing.state == .intake)
        try await region.move(id, .askInformation(question: "And?"))
        #expect(try region.standing(id).resuming == .intake)
        try await region.move(id, .giveInformation(note: nil), by: try await region.candidate(of: id))
        #expect(try await refusal(id, .completeReport) == .conflict(.reportMissing))
        try await region.run(region.intaker) { _ = try Converse.write(report: Sample.report, of: id, by: $0, in: $1) }
        let completed = try await trail(id, .completeReport)
        #expect(completed.value.standing.state == .reported)
        #expect(try await refusal(id, Region.admission) == .conflict(.agreementMissing))
        try await region.run(region.intaker) {
            _ = try Converse.respond(agrees: false, remarks: "Not my words", of: id, by: $0, in: $1)
        }
        #expect(try await refusal(id, Region.admission) == .conflict(.agreementMissing))
        region.wait(days: 1)
        let admitted = try await trail(
            id,
            .admit(
                urgency: .acute, ground: "Streets", form: .clustered, agreementWaived: "Remarks stand", reason: "Yes"))
        #expect(admitted.events == ["admit"] && admitted.versions == 1)
        let standing = try region.standing(id)
        #expect(standing.state == .waiting && standing.waitingSince == region.machine.now)
        #expect(standing.promiseDueOn == region.today.adding(days: 182))
        #expect(standing.urgency == .acute && standing.form == .clustered)
        let seer = try await region.supporterOf(id)
        let decision = try region.look(seer) { try Look.referral(id, by: $0, in: $1) }.value.decision
        #expect(decision?.kind == .admit && decision?.agreementWaived == "Remarks stand")
        #expect(decision?.profileVersion == 1 && decision?.at == region.machine.now)
    }

    @Test func admissionNeedsConsent() async throws {
        let id = try await region.open(try Sample.draft(consents: [.intake]))
        try await region.report(id)
        #expect(try await refusal(id, Region.admission) == .conflict(.consentMissing))
        let last = region.today
        try await region.run(region.intaker) {
            _ = try Converse.give(.matching, to: nil, until: last, of: id, by: $0, in: $1)
        }
        region.wait(days: 1)
        #expect(try await refusal(id, Region.admission) == .conflict(.consentMissing))
        try await region.run(region.intaker) {
            _ = try Converse.give(.matching, to: nil, until: nil, of: id, by: $0, in: $1)
        }
        try await region.move(id, Region.admission)
    }

    /// Every move from every state reached, by every role: 403 before 404 before 412 before 409.
    @Test(arguments: Role.allCases) func rolesComeFirst(role: Role) async throws {
        let id = try await region.open()
        let candidate = try await region.candidate(of: id)
        let actor = try #require((region.staff + [candidate]).first { $0.role == role })
        let day = region.today.adding(days: 10)
        let requests: [MoveRequest] = [
            .askInformation(question: "?"), .giveInformation(note: nil), .startIntake, .completeReport,
            Region.admission, .redirect(advice: [.shelterFirst], reason: "?"), .loseHome(reason: "?"),
            .reject(advice: [.otherRegion], grounds: "?"), .close(outcome: .settled, reason: nil),
            .hold(reason: "?", until: day), .resume, .withdraw(reason: "?"),
        ]
        let strange = ReferralID(high: 5, low: 5)
        let mayMove: Set<Role> = [.referrer, .supporter, .intaker, .coordinator, .candidate]
        for request in requests {
            let may = mayMove.contains(role) && request.move.roles.contains(role)
            let unseen = try await refusal(strange, request, by: actor, if: .versions([]))
            #expect(unseen == (may ? .notFound : .forbidden), "\(request.move)")
            guard may, role != .supporter else { continue }
            #expect(try await refusal(id, request, by: actor, if: .versions([9])) == .preconditionFailed)
            guard ReferralLifecycle.state(after: request.move, from: .submitted) == nil else { continue }
            let allowed = ReferralLifecycle.moves(from: .submitted, by: role)
            #expect(try await refusal(id, request, by: actor) == .moveNotAllowed(allowed), "\(request.move)")
        }
        // The supporter of another provider does not know of the referral.
        if role == .supporter { #expect(try await refusal(id, .loseHome(reason: "?"), by: actor) == .notFound) }
    }

    @Test func redirectTakesBackWhatWasAsked() async throws {
        let id = try await region.open()
        try await region.move(id, .startIntake)
        let request = try await region.ask(id, region.provider)
        let trail = try await trail(id, .redirect(advice: [.longTermCare, .otherRegion], reason: "Needs more"))
        #expect(trail.events == ["redirect"] && trail.value.standing.state == .redirected)
        #expect(try region.request(request).state == .withdrawn)
        let view = try region.look(region.intaker) { try Look.referral(id, by: $0, in: $1) }.value
        #expect(view.decision?.kind == .redirect && view.decision?.advice == [.longTermCare, .otherRegion])
        #expect(view.decision?.objectionDueOn == nil)
    }

    @Test func rejectionSaysUntilWhenToObject() async throws {
        let id = try await region.open()
        try await region.report(id)
        try await region.move(id, .reject(advice: [.neighbourhoodTeam], grounds: "Lives well"))
        let view = try region.look(region.intaker) { try Look.referral(id, by: $0, in: $1) }.value
        #expect(view.standing.state == .rejected && view.decision?.kind == .reject)
        // Six weeks from Monday 1 June 2026.
        #expect(view.decision?.objectionDueOn?.description == "2026-07-13")
        #expect(try region.events(id).last?.reason == "Lives well")
    }

    @Test func holdPausesThePromise() async throws {
        let id = try await region.waiting()
        let before = try region.standing(id)
        for day in [region.today, region.today.adding(days: -1), region.today.adding(months: 12).adding(days: 1)] {
            #expect(try await refusal(id, .hold(reason: "Clinic", until: day)) == .invalid("/until", "range"))
        }
        region.wait(days: 3)
        let until = region.today.adding(days: 30)
        let held = try await trail(id, .hold(reason: "Clinic", until: until))
        #expect(held.events == ["hold"] && held.versions == 1)
        #expect(try region.standing(id).holdUntil == until && region.standing(id).holdStartedOn == region.today)
        region.wait(days: 10)
        try await region.move(id, .resume, by: try await region.candidate(of: id))
        let after = try region.standing(id)
        #expect(after.state == .waiting && after.waitingSince == before.waitingSince)
        #expect(after.promiseDueOn == before.promiseDueOn?.adding(days: 10))
        #expect(after.holdUntil == nil && after.holdStartedOn == nil)
        // A second pause adds to the first; one within a day adds nothing.
        let again = region.today.adding(days: 5)
        try await region.move(id, .hold(reason: "Family", until: again))
        try await region.move(id, .resume)
        #expect(try region.standing(id).promiseDueOn == before.promiseDueOn?.adding(days: 10))
    }

    @Test func withdrawnFromHold() async throws {
        let id = try await region.waiting()
        let until = region.today.adding(days: 30)
        try await region.move(id, .hold(reason: "Clinic", until: until))
        try await region.move(id, .withdraw(reason: "Moves abroad"))
        let standing = try region.standing(id)
        #expect(standing.state == .withdrawn && standing.holdUntil == nil && standing.holdStartedOn == nil)
    }

    @Test func withdrawFreesDwellingsAndTakesBackSupport() async throws {
        let id = try await region.waiting()
        let dwellings = [try await region.offerDwelling(), try await region.offerDwelling()]
        let offered = try await region.propose(id, dwellings[0])
        let proposed = try await region.propose(id, dwellings[1], offering: false)
        let request = try await region.ask(id, region.provider)
        let trail = try await trail(id, .withdraw(reason: "Found a home"), by: region.referrer)
        #expect(trail.events == ["match_withdrawn", "draft_withdrawn", "withdraw"] && trail.versions == 1)
        for match in [offered, proposed] { #expect(try region.match(match).standing.state == .withdrawn) }
        for dwelling in dwellings { #expect(try region.dwelling(dwelling).state == .free) }
        #expect(try region.request(request).state == .withdrawn)
        let late = try await region.refusal(region.supporter) {
            try ArrangeSupport.answer(request, .decline(.noCapacity, note: nil), by: $0, in: $1)
        }
        #expect(late == .conflict(.other))
    }

    @Test func withdrawnAfterBothAccepted() async throws {
        let made = try await region.accepted()
        try await region.move(made.referral, .withdraw(reason: "Moves in with a friend"))
        #expect(try region.match(made.match).standing.state == .fallenThrough)
        #expect(try region.dwelling(made.dwelling).state == .free)
    }

    @Test func losingAHomeKeepsThePlaceInTheQueue() async throws {
        let made = try await region.housed()
        let before = try region.standing(made.referral)
        region.wait(days: 100)
        let trail = try await trail(made.referral, .loseHome(reason: "Fire"), by: region.supporter)
        #expect(trail.events == ["lose_home"] && trail.versions == 1)
        let after = try region.standing(made.referral)
        #expect(after.state == .waiting && after.waitingSince == before.waitingSince)
        #expect(after.promiseDueOn == region.today.adding(days: 182))
        // The dwelling is its landlord's again, who says when it is free.
        let free = DwellingChanges(state: .free) { $0 }
        try await region.run(region.allocator) {
            _ = try OfferDwelling.change(made.dwelling, free, if: .any, by: $0, in: $1)
        }
        // The way to a second home is open, the same dwelling included.
        let match = try await region.propose(made.referral, made.dwelling)
        #expect(try region.match(match).standing.state == .offered)
    }

    @Test func closingEndsWhatWasAsked() async throws {
        let made = try await region.accepted()
        let open = try await region.ask(made.referral, region.otherProvider)
        try await region.support(made.referral)
        let day = region.today
        try await region.run(region.allocator) {
            _ = try RegisterTenancy.run(match: made.match, startsOn: day, kind: nil, convertOn: nil, by: $0, in: $1)
        }
        let trail = try await trail(made.referral, .close(outcome: .settled, reason: nil), by: region.supporter)
        #expect(trail.events == ["close"] && trail.versions == 1)
        #expect(try region.standing(made.referral).outcome == .settled)
        #expect(try region.request(open).state == .withdrawn)
        #expect(try await refusal(made.referral, .withdraw(reason: "?")) == .moveNotAllowed([]))
    }
}

extension Region {
    /// The support worker of the own provider, once it has committed itself to somebody.
    func supporterOf(_ id: ReferralID) async throws -> Actor {
        try await support(id)
        return supporter
    }
}
