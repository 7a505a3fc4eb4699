// The life of an offer: a landlord's decline that is upheld, asked again or overridden, a home that falls free and tells the
// next, offers that lapse, viewings, late declines, and residents who vote on what an applicant chose to show.

import Domain
import Storage
import Testing
import UseCases

@Suite struct OfferLifeTests {
    let region: Region
    init() async throws { region = try await Region() }

    private func declined() async throws -> (referral: ReferralID, dwelling: DwellingID, match: MatchID) {
        let made = try await region.matched()
        try await region.answer(made.match, .decline(.openTenancyDebt, note: "See the file"), by: region.allocator)
        return made
    }

    private func review(_ match: MatchID, _ outcome: DeclineReviewOutcome, by actor: Actor? = nil) async throws
        -> MatchView
    {
        try await region.run(actor ?? region.coordinator) {
            try TendOffer.review(match, outcome, reason: "The debt was settled", by: $0, in: $1)
        }
    }

    private func tasks(_ kind: TaskKind, about id: ReferralID) throws -> [CaseTask] {
        try region.database.read(lane: 0) { try TaskStore($0.db).open(about: id) }.filter { $0.kind == kind }
    }

    @Test func aDeclineIsReviewedOnce() async throws {
        let made = try await declined()
        #expect(try tasks(.reviewDecline, about: made.referral).map(\.object) == [made.match.retyped()])
        #expect(try region.dwelling(made.dwelling).state == .free && region.standing(made.referral).state == .waiting)
        let upheld = try await review(made.match, .uphold)
        #expect(upheld.id == made.match && upheld.review?.outcome == .uphold && upheld.review?.next == nil)
        #expect(try tasks(.reviewDecline, about: made.referral).isEmpty)
        let landlords = try region.look(region.allocator) { try Look.match(made.match, by: $0, in: $1) }.value
        #expect(landlords.review?.reason == "The debt was settled", "the reason is shown to the landlord")
        let again = try await region.refusal(region.coordinator) {
            try TendOffer.review(made.match, .override, reason: "?", by: $0, in: $1)
        }
        #expect(again == .conflictWith(.other, .match(made.match)))
        for actor in [region.allocator, region.intaker] {
            let refusal = try await region.refusal(actor) {
                try TendOffer.review(made.match, .uphold, reason: "?", by: $0, in: $1)
            }
            #expect(refusal == .forbidden)
        }
    }

    @Test func askedAgainTheLandlordAnswersAnew() async throws {
        let made = try await declined()
        let next = try await review(made.match, .askAgain)
        #expect(next.id != made.match && next.standing == MatchStanding(state: .offered))
        #expect(next.workings?.reason == "The debt was settled" && next.workings?.failingLimits == ["declined_before"])
        #expect(!next.isFromRun && next.review?.outcome == .askAgain && next.review?.next == next.id)
        try await region.answer(next.id, .accept, by: region.allocator)
        #expect(try region.match(next.id).standing.landlord == .accepted)
    }

    @Test func overriddenTheCandidateStillAnswers() async throws {
        let made = try await declined()
        let next = try await review(made.match, .override)
        #expect(next.standing == MatchStanding(state: .offered, landlord: .accepted))
        let candidate = try await region.candidate(of: made.referral)
        try await region.answer(next.id, .accept, by: candidate)
        #expect(try region.standing(made.referral).state == .accepted)
    }

    @Test func whoMovedOnIsNotAskedAgain() async throws {
        let made = try await declined()
        try await region.move(made.referral, .withdraw(reason: "Found a home"))
        let refusal = try await region.refusal(region.coordinator) {
            try TendOffer.review(made.match, .askAgain, reason: "?", by: $0, in: $1)
        }
        #expect(refusal == .conflict(.referralNotWaiting))
        let live = try await region.matched()
        let early = try await region.refusal(region.coordinator) {
            try TendOffer.review(live.match, .uphold, reason: "?", by: $0, in: $1)
        }
        #expect(early == .conflict(.other), "nobody declined")
    }

    @Test func aHomeThatFallsFreeTellsTheNext() async throws {
        let first = try await region.waiting()
        region.wait(seconds: 60)
        let second = try await region.waiting(try Sample.draft(familyName: "Twee"))
        region.wait(seconds: 60)
        let third = try await region.waiting(try Sample.draft(familyName: "Drie"))
        let dwelling = try await region.offerDwelling()
        let run = try await region.makeRun(offering: true)
        let match = try #require(
            try region.database.read(lane: 0) { try MatchStore($0.db).live(of: first) }.first)
        #expect(run.outcome?.counts.proposals == 1)
        try await region.answer(
            match.id, .decline(.wantsToWait, note: nil), by: region.coordinator, onBehalfOf: .candidate)
        #expect(try tasks(.dwellingFree, about: first).isEmpty, "who said no is not told")
        #expect(try tasks(.dwellingFree, about: second).map(\.object) == [dwelling.retyped()])
        #expect(try tasks(.dwellingFree, about: third).isEmpty)
        _ = try await region.propose(third, dwelling)
        #expect(try tasks(.dwellingFree, about: second).isEmpty, "taken, so there is nothing to tell")
    }

    /// What somebody is told rests on today's queue, not on what a run happened to hold.
    @Test func aLaterRunOrANewcomerHindersNobody() async throws {
        let first = try await region.waiting()
        let dwelling = try await region.offerDwelling()
        try await region.makeRun(offering: true)
        let match = try #require(try region.database.read(lane: 0) { try MatchStore($0.db).live(of: first) }.first)
        region.wait(seconds: 60)
        let newcomer = try await region.waiting(try Sample.draft(familyName: "Later"))
        try await region.makeRun()
        try await region.answer(match.id, .decline(.openTenancyDebt, note: nil), by: region.allocator)
        #expect(try tasks(.dwellingFree, about: newcomer).map(\.object) == [dwelling.retyped()])
    }

    /// A decline that was set aside does not stand between the two for ever.
    @Test func anOverriddenDeclineIsNoDecline() async throws {
        let made = try await declined()
        let next = try await review(made.match, .override)
        try await region.answer(next.id, .withdraw(note: nil), by: region.coordinator)
        let again = try await region.propose(made.referral, made.dwelling)
        #expect(try region.match(again).workings?.failingLimits == [])
    }

    @Test func nobodyIsBroughtWhereTheyMustNotCome() async throws {
        let id = try await region.waiting()
        let dwelling = try await region.offerDwelling()
        let draft = try await region.propose(id, dwelling, offering: false)
        let place = try region.dwelling(dwelling).content.municipality
        let zone = ExclusionZone(
            id: ExclusionZoneID(high: 0, low: 1), municipality: place, neighbourhood: nil, ground: .contactBan,
            until: nil,
            writtenAt: region.machine.now, writtenBy: .intaker)
        try await region.run(region.intaker) { _ = try NoteIntake.add(zone, to: id, by: $0, in: $1) }
        let late = try await region.refusal(region.coordinator) { try ProposeMatch.offer(draft, by: $0, in: $1) }
        #expect(late == .conflict(.other), "also when it was written after the draft")
        try await region.answer(draft, .withdraw(note: nil), by: region.coordinator)
        let refusal = try await region.refusal(region.coordinator) {
            try ProposeMatch.run(referral: id, dwelling: dwelling, reason: "?", offering: false, by: $0, in: $1)
        }
        #expect(refusal == .conflict(.other))
    }

    @Test func offersLapseOnceTheirTermHasPassed() async throws {
        let made = try await region.matched()
        let caller = Caller(actor: region.coordinator, trace: RequestTrace(requestID: "r", address: "local"))
        func lapse() async throws -> Int {
            try await region.database.write { try ExpireOffers.run(by: caller, in: $0, limit: 10) }
        }
        try await region.answer(made.match, .accept, by: region.allocator)
        region.wait(days: 7)
        #expect(try await lapse() == 0, "the last day counts")
        region.wait(days: 1)
        #expect(try await lapse() == 1)
        #expect(try region.match(made.match).standing.state == .expired)
        #expect(try region.dwelling(made.dwelling).state == .free && region.standing(made.referral).state == .waiting)
        #expect(try await lapse() == 0)
    }

    @Test func whoGoesBackOnTheirWordIsLate() async throws {
        let made = try await region.accepted()
        let before = try region.match(made.match)
        #expect(!before.standing.isLateDecline(endedOn: nil, dueOn: before.answerDueOn))
        try await region.answer(made.match, .decline(.dwellingUnavailable, note: nil), by: region.allocator)
        let after = try region.match(made.match)
        #expect(after.standing.isLateDecline(endedOn: region.today, dueOn: after.answerDueOn))
        let day = region.today
        let declined = MatchStanding(state: .declined, landlord: .declined)
        #expect(!declined.isLateDecline(endedOn: day, dueOn: day))
        #expect(declined.isLateDecline(endedOn: day.adding(days: 1), dueOn: day))
    }

    @Test func whoSaidNoIsCounted() async throws {
        _ = try await declined()
        let late = try await region.accepted()
        try await region.answer(late.match, .decline(.dwellingUnavailable, note: nil), by: region.allocator)
        let (year, lines) = try region.look(region.coordinator) { try ReportDeclines.run(year: nil, by: $0, in: $1) }
        #expect(year == region.today.parts.year && lines.map(\.landlord.id) == [region.corporation])
        let line = try #require(lines.first)
        #expect(line.offered == 2 && line.byLandlord == 2 && line.lateByLandlord == 1 && line.byCandidate == 0)
        #expect(line.reasons == [.openTenancyDebt: 1, .dwellingUnavailable: 1])
        #expect(try region.look(region.allocator) { try ReportDeclines.run(year: year, by: $0, in: $1) }.1 == lines)
        #expect(try region.look(region.otherAllocator) { try ReportDeclines.run(year: year, by: $0, in: $1) }.1.isEmpty)
        #expect(try region.look(region.coordinator) { try ReportDeclines.run(year: 2025, by: $0, in: $1) }.1.isEmpty)
    }

    @Test func aViewingIsSetByWhoLets() async throws {
        let made = try await region.matched()
        let moment = region.machine.now.adding(seconds: 3 * 86_400)
        let candidate = try await region.candidate(of: made.referral)
        let early = try await region.refusal(candidate) {
            try TendOffer.setViewing(made.match, at: moment, by: $0, in: $1)
        }
        #expect(early == .forbidden)
        let past = region.machine.now
        for bad in [past, past.adding(seconds: 61 * 86_400)] {
            let refusal = try await region.refusal(region.allocator) {
                try TendOffer.setViewing(made.match, at: bad, by: $0, in: $1)
            }
            #expect(refusal == .invalid("/at", "range"))
        }
        for moment in [moment.adding(seconds: -3600), moment] {
            try await region.run(region.allocator) {
                _ = try TendOffer.setViewing(made.match, at: moment, by: $0, in: $1)
            }
        }
        let seen = try region.look(candidate) { try Look.match(made.match, by: $0, in: $1) }.value
        #expect(seen.viewingAt == moment && seen.dwelling.address == nil)
        let other = try await region.refusal(region.otherAllocator) {
            try TendOffer.setViewing(made.match, at: moment, by: $0, in: $1)
        }
        #expect(other == .notFound)
    }

    // MARK: Residents

    private func applied() async throws -> (referral: ReferralID, match: MatchID) {
        let id = try await region.waiting()
        let (draft, facility) = (try Sample.dwelling(), region.facility)
        let dwelling = try await region.run(region.coordinator) {
            try OfferDwelling.run(draft, of: facility, by: $0, in: $1)
        }.id
        return (id, try await region.propose(id, dwelling))
    }

    private func vote(_ match: MatchID, _ answer: MatchAnswer, _ vote: PanelVote?) async throws -> Refusal? {
        do {
            try await region.run(region.panel) {
                _ = try AnswerMatch.run(match, answer, onBehalfOf: nil, vote: vote, by: $0, in: $1)
            }
            return nil
        } catch let fault as UseCaseFault {
            return Refusal(fault)
        }
    }

    @Test func nobodyAdmitsInTheResidentsPlace() async throws {
        let made = try await applied()
        let no = MatchAnswer.decline(.panelDidNotAdmit, note: nil)
        #expect(try await vote(made.match, no, PanelVote(present: 3, inFavour: 0)) == nil)
        let refusal = try await region.refusal(region.coordinator) {
            try TendOffer.review(made.match, .override, reason: "A pity", by: $0, in: $1)
        }
        #expect(refusal == .conflict(.other))
        #expect(try await review(made.match, .uphold).review?.outcome == .uphold)
    }

    @Test func residentsDecideByMoreThanHalfOfEnough() async throws {
        let made = try await applied()
        let no = MatchAnswer.decline(.panelDidNotAdmit, note: nil)
        for (answer, given, code) in [
            (.accept, nil, "required"), (.accept, PanelVote(present: 2, inFavour: 2), "quorum"),
            (.accept, PanelVote(present: 4, inFavour: 2), "majority"),
            (no, PanelVote(present: 5, inFavour: 3), "majority"),
            (no, nil, "required"),
        ] as [(MatchAnswer, PanelVote?, String)] {
            #expect(try await vote(made.match, answer, given) == .invalid("/vote", code))
        }
        #expect(try await vote(made.match, .accept, PanelVote(present: 3, inFavour: 2)) == nil)
        let seen = try region.look(region.panel) { try Look.match(made.match, by: $0, in: $1) }.value
        #expect(seen.vote == PanelVote(present: 3, inFavour: 2) && seen.standing.landlord == .accepted)
        let corporation = try await region.matched()
        let refusal = try await region.refusal(region.allocator) {
            try AnswerMatch.run(
                corporation.match, .accept, onBehalfOf: nil, vote: PanelVote(present: 3, inFavour: 3), by: $0, in: $1)
        }
        #expect(refusal == .invalid("/vote", "unknown-field"))
    }

    @Test func residentsSeeWhatTheApplicantChose() async throws {
        let made = try await applied()
        let candidate = try await region.candidate(of: made.referral)
        func panels() throws -> MatchView {
            try region.look(region.panel) { try Look.match(made.match, by: $0, in: $1) }.value
        }
        #expect(try panels().introduction == nil)
        try await region.run(candidate) { _ = try TendOffer.introduce(made.match, "I cook well.", by: $0, in: $1) }
        #expect(try panels().introduction == "I cook well." && panels().identity == nil)
        let id = made.match
        let corporation = try await region.matched()
        let refusal = try await region.refusal(region.coordinator) {
            try TendOffer.introduce(corporation.match, "?", by: $0, in: $1)
        }
        #expect(refusal == .conflict(.other), "a corporation is shown nothing")
        try await region.answer(id, .withdraw(note: nil), by: region.coordinator)
        #expect(try panels().introduction == nil, "nothing of the person once the match has ended")
    }
}
