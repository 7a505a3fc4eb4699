// The life of a match against a literal table, and what each step of it means for the referral.

import Domain
import Testing

@Suite struct MatchLifecycleTests {
    static let fresh = MatchStanding()
    static let offered = MatchStanding(state: .offered)
    static let landlordFirst = MatchStanding(state: .offered, landlord: .accepted)
    static let candidateFirst = MatchStanding(state: .offered, candidate: .accepted)
    static let accepted = MatchStanding(state: .accepted, landlord: .accepted, candidate: .accepted)
    static let ended: [MatchStanding] = [
        MatchStanding(state: .declined, landlord: .declined), MatchStanding(state: .expired),
        MatchStanding(state: .withdrawn),
        MatchStanding(state: .fallenThrough, landlord: .accepted, candidate: .declined),
        MatchStanding(state: .fulfilled, landlord: .accepted, candidate: .accepted),
    ]
    static let events: [MatchEvent] = [
        .offer, .accept(.landlord), .accept(.candidate), .decline(.landlord), .decline(.candidate), .expire, .withdraw,
        .moveIn,
    ]

    struct Step: Sendable {
        var from: MatchStanding
        var event: MatchEvent
        var to: MatchStanding
    }

    /// Every step there is; what is not listed can't happen.
    static let steps: [Step] = [
        Step(from: fresh, event: .offer, to: offered),
        Step(from: fresh, event: .withdraw, to: MatchStanding(state: .withdrawn)),
        Step(from: offered, event: .accept(.landlord), to: landlordFirst),
        Step(from: offered, event: .accept(.candidate), to: candidateFirst),
        Step(from: offered, event: .decline(.landlord), to: MatchStanding(state: .declined, landlord: .declined)),
        Step(from: offered, event: .decline(.candidate), to: MatchStanding(state: .declined, candidate: .declined)),
        Step(from: offered, event: .expire, to: MatchStanding(state: .expired)),
        Step(from: offered, event: .withdraw, to: MatchStanding(state: .withdrawn)),
        Step(from: landlordFirst, event: .accept(.candidate), to: accepted),
        Step(
            from: landlordFirst, event: .decline(.landlord), to: MatchStanding(state: .declined, landlord: .declined)),
        Step(
            from: landlordFirst, event: .decline(.candidate),
            to: MatchStanding(state: .declined, landlord: .accepted, candidate: .declined)),
        Step(from: landlordFirst, event: .expire, to: MatchStanding(state: .expired, landlord: .accepted)),
        Step(from: landlordFirst, event: .withdraw, to: MatchStanding(state: .withdrawn, landlord: .accepted)),
        Step(from: candidateFirst, event: .accept(.landlord), to: accepted),
        Step(
            from: candidateFirst, event: .decline(.landlord),
            to: MatchStanding(state: .declined, landlord: .declined, candidate: .accepted)),
        Step(
            from: candidateFirst, event: .decline(.candidate),
            to: MatchStanding(state: .declined, candidate: .declined)),
        Step(from: candidateFirst, event: .expire, to: MatchStanding(state: .expired, candidate: .accepted)),
        Step(from: candidateFirst, event: .withdraw, to: MatchStanding(state: .withdrawn, candidate: .accepted)),
        Step(
            from: accepted, event: .decline(.landlord),
            to: MatchStanding(state: .fallenThrough, landlord: .declined, candidate: .accepted)),
        Step(
            from: accepted, event: .decline(.candidate),
            to: MatchStanding(state: .fallenThrough, landlord: .accepted, candidate: .declined)),
        Step(
            from: accepted, event: .withdraw,
            to: MatchStanding(state: .fallenThrough, landlord: .accepted, candidate: .accepted)),
        Step(
            from: accepted, event: .moveIn,
            to: MatchStanding(state: .fulfilled, landlord: .accepted, candidate: .accepted)),
    ]

    @Test(arguments: [fresh, offered, landlordFirst, candidateFirst, accepted] + ended)
    func everyEventFromEveryStanding(standing: MatchStanding) {
        for event in Self.events {
            let expected = Self.steps.first { $0.from == standing && $0.event == event }?.to
            #expect(standing.after(event) == expected, "\(standing) \(event)")
        }
    }

    @Test func liveAndStage() {
        let live: Set<MatchState> = [.proposed, .offered, .accepted]
        for state in MatchState.allCases { #expect(state.isLive == live.contains(state)) }
        #expect(Self.fresh.stage == .proposed)
        #expect(Self.offered.stage == .offered)
        #expect(Self.landlordFirst.stage == .offered)
        #expect(Self.candidateFirst.stage == .candidateAccepted)
        #expect(Self.accepted.stage == .bothAccepted)
        #expect(Self.ended.map(\.stage) == [.ended, .ended, .ended, .ended, .movedIn])
    }

    @Test(arguments: steps)
    func consequences(step: Step) {
        let alone: ReferralMove? =
            switch (step.from.state, step.to.state) {
            case (.proposed, .offered): .offer
            case (.offered, .accepted): .accept
            case (.accepted, .fulfilled): .moveIn
            case (.accepted, .fallenThrough): .fallThrough
            case (.offered, .declined), (.offered, .expired), (.offered, .withdrawn): .returnToQueue
            default: nil
            }
        #expect(step.to.consequence(from: step.from, otherLiveMatches: false) == alone)
        // With another match going on, the end of this one leaves the referral matched.
        let accompanied = alone == .returnToQueue ? nil : alone
        #expect(step.to.consequence(from: step.from, otherLiveMatches: true) == accompanied)
    }

    @Test func reasonsBelongToOneSide() {
        let candidate: Set<DeclineReason> = [
            .doesNotFitWishes, .tooFarFromNetwork, .tooExpensive, .placeFeelsUnsafe, .wantsToWait,
        ]
        for reason in DeclineReason.allCases {
            #expect(reason.parties == (candidate.contains(reason) ? [.candidate] : [.landlord]))
        }
    }
}
