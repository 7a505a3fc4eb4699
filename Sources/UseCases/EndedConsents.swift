// What rests on a consent ends with its last day: no commit marks that, so time does. Whoever may not see any more does so
// from that day on anyway; this frees the home and tells the intake point.

internal import Domain
internal import Storage

enum EndedConsents {
    /// Ends the live matches that rest on no consent any more, and makes a task for each consent that has run out and was
    /// not given anew.
    static func end(_ steps: ReferralSteps, limit: Int) throws -> Int {
        let mark = DutyMark<ConsentTag>(name: "ended_consents")
        let store = ConversationStore(steps.tx.db)
        let ended = try store.ended(before: steps.today, after: try mark.find(steps.tx), limit: limit)
        for (referral, consent) in ended {
            guard let standing = try steps.referrals.find(referral, in: .everything), standing.state.isOpen else {
                continue
            }
            try Converse.endMatchesWithoutConsent(of: standing, "The consent it rested on has ended.", steps)
            let isGivenAnew = try store.consents(of: referral).allow(
                consent.purpose, to: consent.recipient, on: steps.today)
            if !isGivenAnew { try steps.raise(.consentEnded, about: referral, object: consent.id.retyped()) }
        }
        if let last = ended.last?.consent, let day = last.endsOn { try mark.update(to: day, last.id, steps.tx) }
        return ended.count
    }
}
