// Matches by hand: what stands in their way, the answers of both sides, and what each answer means for the dwelling, the
// candidate's other matches and the place in the queue.

import Domain
import Storage
import Testing
import UseCases

@Suite struct ProposeMatchTests {
    let region: Region
    init() async throws { region = try await Region() }

    private func refusal(_ id: ReferralID, _ dwelling: DwellingID, by actor: Actor? = nil) async throws -> Refusal? {
        try await region.refusal(actor ?? region.coordinator) {
            try ProposeMatch.run(referral: id, dwelling: dwelling, reason: "?", offering: true, by: $0, in: $1)
        }
    }

    @Test func proposedThenOffered() async throws {
        let id = try await region.waiting()
        let dwelling = try await region.offerDwelling()
        let proposed = try await region.trail(region.coordinator, about: id) {
            try ProposeMatch.run(
                referral: id, dwelling: dwelling, reason: "Fits", offering: false, by: $0, in: $1)
        }
        #expect(proposed.events == ["match_proposed"] && proposed.ledger == ["match_proposed", "read"])
        #expect(proposed.versions == 0)
        #expect(proposed.value.standing == MatchStanding() && proposed.value.workings?.reason == "Fits")
        #expect(proposed.value.workings?.failingLimits == [])
        #expect(try region.dwelling(dwelling).state == .reserved)
        #expect(try region.standing(id).state == .waiting)
        let match = proposed.value.id
        // A draft is the intake point's own.
        for actor in [region.allocator, try await region.candidate(of: id)] {
            #expect(try region.refusal(looking: actor) { try Look.match(match, by: $0, in: $1) } == .notFound)
        }
        region.wait(days: 1)
        let offered = try await region.trail(region.coordinator, about: id) {
            try ProposeMatch.offer(match, by: $0, in: $1)
        }
        #expect(offered.events == ["offer"] && offered.versions == 1)
        #expect(offered.value.offeredAt == region.machine.now)
        // Five working days after Tuesday 2 June 2026.
        #expect(offered.value.answerDueOn?.description == "2026-06-09")
        #expect(try region.standing(id).state == .matched)
        let again = try await region.refusal(region.coordinator) { try ProposeMatch.offer(match, by: $0, in: $1) }
        #expect(again == .conflict(.other))
    }

    @Test func refused() async throws {
        let id = try await region.waiting()
        let dwelling = try await region.offerDwelling()
        for actor in region.staff + [try await region.candidate(of: id)] where actor.role != .coordinator {
            #expect(try await refusal(id, dwelling, by: actor) == .forbidden)
            let offer = try await region.refusal(actor) {
                try ProposeMatch.offer(MatchID(high: 1, low: 1), by: $0, in: $1)
            }
            #expect(offer == .forbidden)
        }
        #expect(try await refusal(ReferralID(high: 1, low: 1), dwelling) == .invalid("/referral", "unknown"))
        #expect(try await refusal(id, DwellingID(high: 1, low: 1)) == .invalid("/dwelling", "unknown"))
        let unknown = try await region.refusal(region.coordinator) {
            try ProposeMatch.offer(MatchID(high: 1, low: 1), by: $0, in: $1)
        }
        #expect(unknown == .notFound)
        let early = try await region.open()
        #expect(try await refusal(early, dwelling) == .conflict(.referralNotWaiting))
        _ = try await region.propose(id, dwelling)
        let second = try await region.waiting(try Sample.draft(familyName: "Smit"))
        #expect(try await refusal(second, dwelling) == .conflict(.dwellingNotFree))
        let withdrawn = try await region.offerDwelling()
        let back = DwellingChanges(state: .withdrawn) { $0 }
        try await region.run(region.allocator) {
            _ = try OfferDwelling.change(withdrawn, back, if: .any, by: $0, in: $1)
        }
        #expect(try await refusal(second, withdrawn) == .conflict(.dwellingNotFree))
    }

    @Test func consentCantBeSetAside() async throws {
        let id = try await region.waiting(try Sample.draft(consents: [.matching]))
        let dwelling = try await region.offerDwelling()
        #expect(try await refusal(id, dwelling) == .conflict(.consentMissing))
        let other = region.otherCorporation
        try await region.run(region.intaker) {
            _ = try Converse.give(.shareWithLandlord, to: other, until: nil, of: id, by: $0, in: $1)
        }
        #expect(try await refusal(id, dwelling) == .conflict(.consentMissing))
        let theirs = try await region.offerDwelling(by: region.otherAllocator)
        _ = try await region.propose(id, theirs)
    }

    @Test func aConsentThatRanOutStopsTheOffer() async throws {
        let id = try await region.waiting(try Sample.draft(consents: [.matching]))
        let last = region.today
        try await region.run(region.intaker) {
            _ = try Converse.give(.shareWithLandlord, to: nil, until: last, of: id, by: $0, in: $1)
        }
        let match = try await region.propose(id, try await region.offerDwelling(), offering: false)
        region.wait(days: 1)
        let late = try await region.refusal(region.coordinator) { try ProposeMatch.offer(match, by: $0, in: $1) }
        #expect(late == .conflict(.consentMissing))
        #expect(try region.match(match).offeredAt == nil)
    }

    /// Limits that do not hold are set aside visibly, each by its code.
    @Test func failingLimitsAreNamed() async throws {
        let id = try await region.waiting()
        var draft = try Sample.dwelling()
        draft.form = .shared
        draft.municipality = try #require(Municipality(code: "GM0141"))
        draft.accessibility = []
        draft.householdMaximum = 1
        draft.rent = 80_000
        let match = try await region.propose(id, try await region.offerDwelling(draft))
        let limits = try #require(try region.match(match).workings).failingLimits
        #expect(Set(limits).isSuperset(of: ["municipality", "accessibility", "household", "rent"]))
        #expect(limits.contains("wish") && !limits.contains("consent"))
        #expect(try region.match(match).rentFitsIncome == false)
    }
}

@Suite struct AnswerMatchTests {
    let region: Region
    init() async throws { region = try await Region() }

    private func refusal(
        _ match: MatchID, _ answer: MatchAnswer, by actor: Actor, onBehalfOf party: MatchParty? = nil
    ) async throws -> Refusal? {
        try await region.refusal(actor) { try AnswerMatch.run(match, answer, onBehalfOf: party, by: $0, in: $1) }
    }

    private func trail(
        _ made: (referral: ReferralID, dwelling: DwellingID, match: MatchID), _ answer: MatchAnswer, by actor: Actor,
        onBehalfOf party: MatchParty? = nil
    ) async throws -> Trail<MatchView> {
        let match = made.match
        return try await region.trail(actor, about: made.referral) {
            try AnswerMatch.run(match, answer, onBehalfOf: party, by: $0, in: $1)
        }
    }

    @Test func bothAccept() async throws {
        let made = try await region.matched()
        let candidate = try await region.candidate(of: made.referral)
        let first = try await trail(made, .accept, by: region.allocator)
        #expect(first.events == ["landlord_accepted"] && first.versions == 0)
        #expect(first.value.identity == nil && first.value.contact == nil && first.value.standing.stage == .offered)
        let second = try await trail(made, .accept, by: candidate)
        #expect(second.events == ["candidate_accepted", "accept"] && second.versions == 1)
        #expect(try region.standing(made.referral).state == .accepted)
        #expect(try region.dwelling(made.dwelling).state == .reserved)
        let seen = try region.look(region.allocator) { try Look.match(made.match, by: $0, in: $1) }.value
        #expect(seen.identity?.familyName == "Jansen" && seen.contact?.phone == "06 12345678")
        #expect(seen.wantedForms == [.independent] && seen.wishes == nil && seen.rentFitsIncome == true)
    }

    @Test func aNameOnceTheCandidateAccepted() async throws {
        let made = try await region.matched()
        try await trail(made, .accept, by: try await region.candidate(of: made.referral)).discard()
        let seen = try region.look(region.allocator) { try Look.match(made.match, by: $0, in: $1) }.value
        #expect(seen.identity != nil && seen.contact == nil)
        try await trail(made, .decline(.dwellingUnavailable, note: nil), by: region.allocator).discard()
        let after = try region.look(region.allocator) { try Look.match(made.match, by: $0, in: $1) }.value
        #expect(after.identity == nil && after.contact == nil && after.household == nil && after.support == nil)
    }

    @Test func acceptingWithdrawsTheOtherMatches() async throws {
        let made = try await region.matched()
        let dwellings = [try await region.offerDwelling(), try await region.offerDwelling(by: region.otherAllocator)]
        let offered = try await region.propose(made.referral, dwellings[0])
        let proposed = try await region.propose(made.referral, dwellings[1], offering: false)
        try await region.answer(made.match, .accept, by: region.allocator)
        let trail = try await trail(made, .accept, by: region.coordinator, onBehalfOf: .candidate)
        #expect(trail.events == ["candidate_accepted", "match_withdrawn", "draft_withdrawn", "accept"])
        for match in [offered, proposed] { #expect(try region.match(match).standing.state == .withdrawn) }
        for dwelling in dwellings { #expect(try region.dwelling(dwelling).state == .free) }
        #expect(try region.match(made.match).standing.state == .accepted)
        #expect(try await refusal(offered, .accept, by: region.allocator) == .conflict(.other))
    }

    struct Ending: Sendable {
        var answer: MatchAnswer
        var role: Role
        var kind: String
        var state: MatchState
    }

    static let endings = [
        Ending(
            answer: .decline(.rentDoesNotFit, note: "Too dear, says our file"), role: .allocator,
            kind: "landlord_declined", state: .declined),
        Ending(
            answer: .decline(.tooFarFromNetwork, note: nil), role: .candidate, kind: "candidate_declined",
            state: .declined),
        Ending(answer: .withdraw(note: "Mistake"), role: .coordinator, kind: "match_withdrawn", state: .withdrawn),
        Ending(answer: .expire, role: .coordinator, kind: "match_expired", state: .expired),
    ]

    private func actor(_ role: Role, _ id: ReferralID) async throws -> Actor {
        let candidate = try await region.candidate(of: id)
        return try #require((region.staff + [candidate]).first { $0.role == role })
    }

    @Test(arguments: endings) func backToTheQueueWithTheOriginalDate(ending: Ending) async throws {
        let made = try await region.matched()
        let before = try region.standing(made.referral)
        region.wait(days: 20)
        let trail = try await trail(made, ending.answer, by: try await actor(ending.role, made.referral))
        #expect(trail.events == [ending.kind, "return_to_queue"] && trail.versions == 1)
        let match = try region.match(made.match)
        #expect(match.standing.state == ending.state && match.endedAt == region.machine.now)
        #expect(try region.dwelling(made.dwelling).state == .free)
        let after = try region.standing(made.referral)
        #expect(after.state == .waiting && after.waitingSince == before.waitingSince)
        #expect(after.promiseDueOn == before.promiseDueOn && after.urgency == before.urgency)
        // Another match follows at once, with the same home too; that it was declined before shows.
        let next = try await region.propose(made.referral, made.dwelling)
        #expect(
            try region.match(next).workings?.failingLimits.contains("declined_before") == (ending.state == .declined))
    }

    @Test(arguments: endings.prefix(3)) func withAnotherMatchItStaysMatched(ending: Ending) async throws {
        let made = try await region.matched()
        let other = try await region.propose(made.referral, try await region.offerDwelling())
        let trail = try await trail(made, ending.answer, by: try await actor(ending.role, made.referral))
        #expect(trail.events == [ending.kind] && trail.versions == 0)
        #expect(try region.standing(made.referral).state == .matched)
        #expect(try region.match(other).standing.state == .offered)
    }

    @Test(arguments: endings.prefix(3)) func anAcceptedMatchFallsThrough(ending: Ending) async throws {
        let made = try await region.accepted()
        let before = try region.standing(made.referral)
        region.wait(days: 20)
        let trail = try await trail(made, ending.answer, by: try await actor(ending.role, made.referral))
        #expect(trail.events == [ending.kind, "fall_through"] && trail.versions == 1)
        #expect(try region.match(made.match).standing.state == .fallenThrough)
        #expect(try region.dwelling(made.dwelling).state == .free)
        #expect(try region.standing(made.referral).state == .waiting)
        #expect(try region.standing(made.referral).waitingSince == before.waitingSince)
    }

    /// A note to a decline is for the intake point and for its writer: the timeline has the reason's code.
    @Test func aNoteStaysOutOfTheTimeline() async throws {
        let made = try await region.matched()
        try await region.answer(made.match, .decline(.openTenancyDebt, note: "Neighbours talk"), by: region.allocator)
        #expect(try region.match(made.match).declineNote == "Neighbours talk")
        #expect(try region.match(made.match).declineReason == .openTenancyDebt)
        let reasons = try region.events(made.referral).compactMap(\.reason)
        #expect(!reasons.contains { $0.contains("Neighbours") || $0.contains("Longest") })
        #expect(reasons.suffix(2) == ["open_tenancy_debt", "open_tenancy_debt"])
    }

    @Test func whoMaySayWhat() async throws {
        let made = try await region.matched()
        let candidate = try await region.candidate(of: made.referral)
        let match = made.match
        for actor in [region.referrer, region.policymaker, region.intaker, region.auditor, region.admin] {
            #expect(try await refusal(match, .accept, by: actor) == .forbidden)
        }
        for actor in [region.otherAllocator, region.panel, region.supporter] {
            #expect(try await refusal(match, .accept, by: actor, onBehalfOf: .candidate) == .notFound)
        }
        #expect(try await refusal(match, .accept, by: region.allocator, onBehalfOf: .candidate) == .forbidden)
        #expect(try await refusal(match, .accept, by: candidate, onBehalfOf: .landlord) == .forbidden)
        for actor in [region.allocator, candidate] {
            #expect(try await refusal(match, .withdraw(note: nil), by: actor) == .forbidden)
            #expect(try await refusal(match, .expire, by: actor) == .forbidden)
        }
        for party in [nil, MatchParty.landlord] {
            #expect(
                try await refusal(match, .accept, by: region.coordinator, onBehalfOf: party)
                    == .invalid("/onBehalfOf", "required"))
        }
        #expect(
            try await refusal(match, .decline(.tooExpensive, note: nil), by: region.allocator)
                == .invalid("/reason", "enum"))
        #expect(
            try await refusal(match, .decline(.balanceInBuilding, note: nil), by: candidate)
                == .invalid("/reason", "enum"))
        #expect(try await refusal(match, .expire, by: region.coordinator) == .conflict(.other))
        try await region.answer(match, .accept, by: region.allocator)
        #expect(try await refusal(match, .accept, by: region.allocator) == .conflict(.other))
        try await region.support(made.referral)
        #expect(
            try await refusal(match, .accept, by: region.supporter) == .invalid("/onBehalfOf", "required"))
        #expect(try await refusal(match, .expire, by: region.supporter) == .forbidden)
        try await region.answer(match, .accept, by: region.supporter, onBehalfOf: .candidate)
        #expect(try region.match(match).standing.state == .accepted)
    }

    @Test func expiryWaitsForTheTerm() async throws {
        let made = try await region.matched()
        let due = try #require(try region.match(made.match).answerDueOn)
        while region.today < due { region.wait(days: 1) }
        #expect(try await refusal(made.match, .expire, by: region.coordinator) == .conflict(.other))
        region.wait(days: 1)
        try await region.answer(made.match, .expire, by: region.coordinator)
        #expect(try await refusal(made.match, .expire, by: region.coordinator) == .conflict(.other))
        #expect(try await refusal(made.match, .accept, by: region.allocator) == .conflict(.other))
    }

    @Test func aResidentPanelAnswersForItsFacility() async throws {
        let id = try await region.waiting()
        let draft = try Sample.dwelling()
        let facility = region.facility
        let dwelling = try await region.run(region.coordinator) {
            try OfferDwelling.run(draft, of: facility, by: $0, in: $1)
        }.id
        let match = try await region.propose(id, dwelling)
        let seen = try region.look(region.panel) { try Look.match(match, by: $0, in: $1) }.value
        #expect(seen.wishes != nil && seen.identity == nil)
        let (panel, asked) = (region.panel, match)
        try await region.run(panel) {
            _ = try AnswerMatch.run(
                asked, .decline(.panelDidNotAdmit, note: nil), onBehalfOf: nil,
                vote: PanelVote(present: 3, inFavour: 1),
                by: $0, in: $1)
        }
        #expect(try region.match(match).standing.state == .declined)
    }
}

extension Trail {
    /// For a change whose trail says nothing new.
    func discard() {}
}
