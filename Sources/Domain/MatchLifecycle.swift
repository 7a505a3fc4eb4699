// The life of a match: one candidate for one dwelling, answered by both sides. What it does to the referral follows
// from `consequence`; who may answer is AccessPolicy's business.

/// A match, as the subject of an identifier.
package enum MatchTag {}
/// The name of a match.
package typealias MatchID = Identifier<MatchTag>

/// Where a match stands.
package enum MatchState: String, CaseIterable, Sendable {
    case proposed
    case offered
    case accepted
    case declined
    case expired
    case withdrawn
    case fallenThrough = "fallen_through"
    case fulfilled

    /// Whether the match still claims its dwelling and may still lead to a home.
    package var isLive: Bool {
        switch self {
        case .proposed, .offered, .accepted: true
        case .declined, .expired, .withdrawn, .fallenThrough, .fulfilled: false
        }
    }
}

/// What one side has said so far.
package enum Answer: String, CaseIterable, Sendable {
    case pending
    case accepted
    case declined
}

/// What happens to a match.
package enum MatchEvent: Sendable, Equatable {
    case offer
    case accept(MatchParty)
    case decline(MatchParty)
    case expire
    case withdraw
    case moveIn
}

/// A match's state together with what both sides have said.
package struct MatchStanding: Sendable, Equatable {
    package var state: MatchState
    package var landlord: Answer
    package var candidate: Answer

    /// A standing; a fresh proposal when nothing is said.
    package init(state: MatchState = .proposed, landlord: Answer = .pending, candidate: Answer = .pending) {
        self.state = state
        self.landlord = landlord
        self.candidate = candidate
    }

    /// How far the match has come, for what its landlord may see.
    package var stage: MatchStage {
        switch state {
        case .proposed: .proposed
        case .offered: candidate == .accepted ? .candidateAccepted : .offered
        case .accepted: .bothAccepted
        case .fulfilled: .movedIn
        case .declined, .expired, .withdrawn, .fallenThrough: .ended
        }
    }

    /// The standing after an event, or nil when the event can't happen now.
    ///
    /// A side that accepted may still decline while the match is offered; once both accepted, a decline makes the
    /// match fall through.
    package func after(_ event: MatchEvent) -> MatchStanding? {
        var next = self
        switch (state, event) {
        case (.proposed, .offer):
            next.state = .offered
        case (.offered, .accept(let party)):
            guard answer(of: party) == .pending else { return nil }
            next.set(.accepted, for: party)
            if next.landlord == .accepted && next.candidate == .accepted { next.state = .accepted }
        case (.offered, .decline(let party)):
            next.set(.declined, for: party)
            next.state = .declined
        case (.accepted, .decline(let party)):
            next.set(.declined, for: party)
            next.state = .fallenThrough
        case (.offered, .expire):
            next.state = .expired
        case (.proposed, .withdraw), (.offered, .withdraw):
            next.state = .withdrawn
        case (.accepted, .withdraw):
            next.state = .fallenThrough
        case (.accepted, .moveIn):
            next.state = .fulfilled
        case (.proposed, _), (.offered, _), (.accepted, _), (.declined, _), (.expired, _), (.withdrawn, _),
            (.fallenThrough, _), (.fulfilled, _):
            return nil
        }
        return next
    }

    /// What one side has said.
    package func answer(of party: MatchParty) -> Answer {
        switch party {
        case .landlord: landlord
        case .candidate: candidate
        }
    }

    private mutating func set(_ answer: Answer, for party: MatchParty) {
        switch party {
        case .landlord: landlord = answer
        case .candidate: candidate = answer
        }
    }

    /// The referral's move that follows from reaching this standing from another; nil when the referral stays as it is.
    ///
    /// `otherLiveMatches` says whether the candidate has another match that still goes on.
    package func consequence(from before: MatchStanding, otherLiveMatches: Bool) -> ReferralMove? {
        switch (before.state, state) {
        case (.proposed, .offered): .offer
        case (.offered, .accepted): .accept
        case (.accepted, .fulfilled): .moveIn
        case (.accepted, .fallenThrough): .fallThrough
        case (.offered, .declined), (.offered, .expired), (.offered, .withdrawn):
            otherLiveMatches ? nil : .returnToQueue
        default: nil
        }
    }
}

/// How far a match has come; decides which field groups its landlord may see.
package enum MatchStage: String, CaseIterable, Sendable {
    case proposed
    case offered
    case candidateAccepted = "candidate_accepted"
    case bothAccepted = "both_accepted"
    case movedIn = "moved_in"
    case ended
}
