// The life of a referral: every state, every move, who may make it, and where it leads. One table in one place; the
// schema's CHECK and openapi.yaml repeat its words, and a test holds it against a literal matrix. Knows no storage.

/// A referral, as the subject of an identifier.
package enum ReferralTag {}
/// The name of a referral.
package typealias ReferralID = Identifier<ReferralTag>

/// Where a referral stands.
package enum ReferralState: String, CaseIterable, Sendable {
    case submitted
    case awaitingInformation = "awaiting_information"
    case intake
    case reported
    case waiting
    case matched
    case accepted
    case housed
    case onHold = "on_hold"
    case closed
    case redirected
    case rejected
    case withdrawn

    /// Whether the referral still goes on.
    package var isOpen: Bool {
        switch self {
        case .submitted, .awaitingInformation, .intake, .reported, .waiting, .matched, .accepted, .housed, .onHold: true
        case .closed, .redirected, .rejected, .withdrawn: false
        }
    }
}

/// What can happen to a referral.
package enum ReferralMove: String, CaseIterable, Sendable {
    case askInformation = "ask_information"
    case giveInformation = "give_information"
    case startIntake = "start_intake"
    case completeReport = "complete_report"
    case admit
    case redirect
    case reject
    case offer
    case returnToQueue = "return_to_queue"
    case accept
    case fallThrough = "fall_through"
    case moveIn = "move_in"
    case loseHome = "lose_home"
    case close
    case hold
    case resume
    case withdraw

    /// The route that makes this move, when it follows from something else than a transition of its own.
    package var madeBy: MoveOrigin {
        switch self {
        case .offer, .returnToQueue, .accept, .fallThrough: .match
        case .moveIn: .tenancy
        case .askInformation, .giveInformation, .startIntake, .completeReport, .admit, .redirect, .reject, .loseHome,
            .close, .hold, .resume, .withdraw:
            .transition
        }
    }

    /// The roles that may ever make this move.
    package var roles: RoleSet {
        switch self {
        case .askInformation, .startIntake, .completeReport, .admit, .redirect, .reject: [.intaker, .coordinator]
        case .giveInformation: [.referrer, .candidate, .intaker, .coordinator]
        case .offer: [.coordinator]
        // An answer or, from whoever writes consents, the withdrawal of the consent that a match rests on.
        case .returnToQueue, .fallThrough:
            [.allocator, .panel, .candidate, .supporter, .referrer, .intaker, .coordinator]
        case .accept: [.allocator, .panel, .candidate, .supporter, .coordinator]
        case .moveIn: [.allocator, .panel, .coordinator]
        case .loseHome, .close: [.supporter, .intaker, .coordinator]
        case .hold, .resume: [.candidate, .intaker, .coordinator]
        case .withdraw: [.candidate, .referrer, .intaker, .coordinator]
        }
    }
}

/// What brings a move about.
package enum MoveOrigin: Sendable {
    /// Asked for by name, with `POST /v1/referrals/{id}/transitions`.
    case transition
    /// Follows from a match and the answers to it.
    case match
    /// Follows from a tenancy.
    case tenancy
}

/// The table of the lifecycle.
package enum ReferralLifecycle {
    /// The state a move leads to, or nil when it can't be made from here.
    ///
    /// `resuming` is the state that was left to await information; only `giveInformation` looks at it.
    package static func state(
        after move: ReferralMove, from state: ReferralState, resuming: ReferralState? = nil
    ) -> ReferralState? {
        switch (state, move) {
        case (.submitted, .askInformation), (.intake, .askInformation), (.reported, .askInformation):
            .awaitingInformation
        case (.awaitingInformation, .giveInformation): resuming
        case (.submitted, .startIntake): .intake
        case (.intake, .completeReport): .reported
        case (.reported, .admit): .waiting
        case (.submitted, .redirect), (.awaitingInformation, .redirect), (.intake, .redirect), (.reported, .redirect):
            .redirected
        case (.reported, .reject): .rejected
        case (.waiting, .offer), (.matched, .offer): .matched
        case (.matched, .returnToQueue): .waiting
        case (.matched, .accept): .accepted
        case (.accepted, .fallThrough): .waiting
        case (.accepted, .moveIn): .housed
        case (.housed, .loseHome): .waiting
        case (.housed, .close): .closed
        case (.waiting, .hold): .onHold
        case (.onHold, .resume): .waiting
        case (_, .withdraw): state.isOpen ? .withdrawn : nil
        case (_, .askInformation), (_, .giveInformation), (_, .startIntake), (_, .completeReport), (_, .admit),
            (_, .redirect), (_, .reject), (_, .offer), (_, .returnToQueue), (_, .accept), (_, .fallThrough),
            (_, .moveIn), (_, .loseHome), (_, .close), (_, .hold), (_, .resume):
            nil
        }
    }

    /// The moves a role may ask for by name from a state, in the order of the table.
    package static func moves(
        from state: ReferralState, by role: Role, resuming: ReferralState? = nil
    ) -> [ReferralMove] {
        ReferralMove.allCases.filter {
            $0.madeBy == .transition && $0.roles.contains(role)
                && self.state(after: $0, from: state, resuming: resuming) != nil
        }
    }
}
