// What starts, pauses and ends which clock: one table of what happens in a referral's life and what it does to its clocks.

/// Something that happens and moves clocks.
package enum ClockEvent: Sendable, Equatable {
    /// A referral came in; in an urgent need somebody looks at once.
    case submitted(isUrgent: Bool)
    case objected
    case moved(ReferralMove)
    case reportAnswered
    case wishesWritten
    case planReceived
    case offered
    case answered(MatchParty)
    case matchEnded
    case supportAsked
    case supportAnswered
}

/// What is done to a clock.
package enum ClockEffect: Sendable, Equatable {
    case start(ClockKind)
    /// Starts with a term of its own, whatever the region's is.
    case startFor(ClockKind, ClockTerm)
    case pause(ClockKind, PauseGround)
    case resume(ClockKind, PauseGround)
    case end(ClockKind, ClockOutcome)
    /// Ends every clock that runs, as no longer needed.
    case endAll
}

/// The table.
package enum ClockRules {
    /// What something does to the referral's clocks, in order. A clock that is to be paused, resumed or ended and does
    /// not run is left alone.
    package static func effects(of event: ClockEvent) -> [ClockEffect] {
        switch event {
        case .submitted(let isUrgent):
            [
                isUrgent ? .startFor(.completeness, ClockKind.urgentTerm) : .start(.completeness),
                .start(.personalPlan), .start(.investigation),
            ]
        case .objected: [.end(.objection, .done)]
        case .moved(let move): effects(of: move)
        case .reportAnswered: [.start(.decision)]
        case .wishesWritten: [.end(.wishes, .done), .start(.wishes)]
        case .planReceived: [.end(.personalPlan, .done)]
        case .offered: [.start(.landlordAnswer), .start(.candidateAnswer)]
        case .answered(.landlord): [.end(.landlordAnswer, .done)]
        case .answered(.candidate): [.end(.candidateAnswer, .done)]
        case .matchEnded: [.end(.landlordAnswer, .dropped), .end(.candidateAnswer, .dropped)]
        case .supportAsked: [.start(.supportAnswer)]
        case .supportAnswered: [.end(.supportAnswer, .done)]
        }
    }

    private static func effects(of move: ReferralMove) -> [ClockEffect] {
        switch move {
        case .askInformation:
            [
                .end(.completeness, .done), .pause(.investigation, .informationAwaited),
                .pause(.decision, .informationAwaited),
            ]
        case .giveInformation:
            [.resume(.investigation, .informationAwaited), .resume(.decision, .informationAwaited)]
        case .startIntake: [.end(.completeness, .done)]
        case .completeReport: [.end(.investigation, .done)]
        case .admit: [.end(.decision, .done), .end(.personalPlan, .dropped), .start(.promise)]
        case .redirect: [.end(.completeness, .done), .end(.decision, .done), .endAll]
        // The objection is the person's, and outlives the referral.
        case .reject: [.end(.decision, .done), .endAll, .start(.objection)]
        case .hold: [.pause(.promise, .candidatesWish)]
        case .resume: [.resume(.promise, .candidatesWish)]
        // Who has a home is not asked what home they wish for, until it is lost.
        case .moveIn: [.end(.promise, .done), .end(.wishes, .dropped)]
        case .loseHome: [.start(.promise), .start(.wishes)]
        case .close, .withdraw: [.endAll]
        case .offer, .returnToQueue, .accept, .fallThrough: []
        }
    }

    /// Whose move it was when, from what happened: kinds of events with the state they led to, in the order of time.
    package static func turns(of events: [(kind: String, to: ReferralState?, on: CivilDate)]) -> [Turn] {
        var turns: [Turn] = []
        var state: ReferralState?
        for event in events {
            let party: ClockParty?
            switch (event.kind, event.to) {
            case (_, let next?):
                state = next
                party = Self.party(in: next, reportAnswered: false)
            case ("report_response", nil) where state == .reported: party = .intakePoint
            case ("report", nil) where state == .reported: party = .candidate
            case ("landlord_accepted", nil) where state == .matched: party = .candidate
            case ("candidate_accepted", nil) where state == .matched: party = .landlord
            default: continue
            }
            guard let party, turns.last?.party != party else { continue }
            turns.append(Turn(party: party, from: event.on))
        }
        return turns
    }

    /// Whose move it is in a state; nil when it is nobody's. `reported` is the candidate's until the report is answered,
    /// and `matched` both sides' until they answer: the clocks of the match say more.
    package static func party(in state: ReferralState, reportAnswered: Bool) -> ClockParty? {
        switch state {
        case .submitted, .intake, .waiting: .intakePoint
        case .awaitingInformation: .referrer
        case .reported: reportAnswered ? .intakePoint : .candidate
        case .matched, .accepted: .landlord
        case .housed: .provider
        case .onHold: .candidate
        case .closed, .redirected, .rejected, .withdrawn: nil
        }
    }
}
