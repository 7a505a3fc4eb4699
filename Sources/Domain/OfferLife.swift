// What can happen to an offer besides a yes or a no: the coordinator reviews a landlord's decline, a viewing is set, a
// resident panel votes. Pure values.

/// What the coordinator makes of a landlord's decline.
package enum DeclineReviewOutcome: String, CaseIterable, Sendable {
    /// The decline stands.
    case uphold
    /// The landlord is asked once more, with the reason.
    case askAgain = "ask_again"
    /// The landlord's yes is given in its place, with the reason; the candidate still answers.
    case override
}

/// A review of a landlord's decline.
package struct DeclineReview: Sendable, Equatable {
    package var outcome: DeclineReviewOutcome
    /// Shown to the landlord.
    package var reason: String
    package var at: Instant
    /// The match that came of it.
    package var next: MatchID?

    /// A review from its parts.
    package init(outcome: DeclineReviewOutcome, reason: String, at: Instant, next: MatchID? = nil) {
        self.outcome = outcome
        self.reason = reason
        self.at = at
        self.next = next
    }
}

/// How the residents of a self-managed facility voted on an applicant.
package struct PanelVote: Sendable, Equatable {
    package var present: Int
    package var inFavour: Int

    /// The fewest residents who decide for all.
    package static let quorum = 3

    /// A vote from its counts.
    package init(present: Int, inFavour: Int) {
        self.present = present
        self.inFavour = inFavour
    }

    /// Whether enough residents were there.
    package var hasQuorum: Bool { present >= Self.quorum }

    /// Whether more than half of them said yes.
    package var admits: Bool { inFavour * 2 > present }
}

extension MatchStanding {
    /// Whether a side went back on its word, or said no after its last day.
    package func isLateDecline(endedOn: CivilDate?, dueOn: CivilDate?) -> Bool {
        if state == .fallenThrough { return landlord == .declined || candidate == .declined }
        guard state == .declined, let endedOn, let dueOn else { return false }
        return endedOn > dueOn
    }
}
