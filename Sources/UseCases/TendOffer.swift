// What can be done about an offer besides answering it: the coordinator reviews a landlord's decline, the landlord sets a
// viewing, the applicant says what the residents may know; and who waited for a home that falls free is told first.

package import Domain
internal import Matching
package import Storage

/// Tends offers.
package enum TendOffer {
    // MARK: A landlord's decline

    /// Reviews a landlord's decline. Asked again, or with its yes given in its place, the same two are matched anew, with the
    /// reason shown to the landlord; the candidate answers as before.
    ///
    /// - Throws: `UseCaseFault`; `.conflict` when it was reviewed before or the person or the home is no longer there.
    package static func review(
        _ id: MatchID, _ outcome: DeclineReviewOutcome, reason: String, by caller: Caller, in tx: WriteTransaction
    ) throws -> MatchView {
        try caller.require(.reviewDecline)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let row = try find(id, steps)
        guard row.standing.landlord == .declined else {
            throw UseCaseFault.conflict(.other, "The landlord has not declined this match.")
        }
        guard try !OfferLifeStore(tx.db).isReviewed(id) else {
            throw UseCaseFault.conflict(.other, "This decline was reviewed before.", existing: .match(id))
        }
        let landlord = try OrganisationStore(tx.db).find(row.landlord)
        guard outcome != .override || landlord?.kind != .selfManagedFacility else {
            throw UseCaseFault.conflict(.other, "The residents decide themselves whom they take in.")
        }
        var review = DeclineReview(outcome: outcome, reason: reason, at: tx.now)
        if outcome != .uphold { review.next = try again(row, outcome, reason, steps) }
        try OfferLifeStore(tx.db).insert(review, of: id, by: caller.actor.token)
        try TaskStore(tx.db).end(
            .reviewDecline, of: row.referral, object: id.retyped(), as: .done, by: caller.actor, note: reason,
            at: tx.now)
        _ = try steps.journal.record("decline_reviewed", of: row.referral, groups: .status, object: id.retyped())
        return try MatchReader.view(review.next ?? id, steps)
    }

    private static func again(
        _ row: MatchRow, _ outcome: DeclineReviewOutcome, _ reason: String, _ steps: ReferralSteps
    ) throws -> MatchID {
        let standing = try steps.find(row.referral)
        guard standing.state == .waiting else {
            throw UseCaseFault.conflict(
                .referralNotWaiting, "The referral is \(standing.state.rawValue); only who waits can be matched.")
        }
        guard let dwelling = try DwellingStore(steps.tx.db).find(row.dwelling, in: .everything),
            dwelling.state == .free,
            !dwelling.hasNuisanceFile
        else { throw UseCaseFault.conflict(.dwellingNotFree, "The dwelling can't be offered now.") }
        guard let person = try MatchFactsStore(steps.tx.db).candidates(.one(row.referral)).first else {
            throw UseCaseFault.notFound
        }
        try ProposeMatch.requireAllowedPlace(of: row.referral, dwelling, steps)
        let failing = try MatchRules.failingLimits(of: person, for: dwelling, on: steps.today, in: steps.tx.reading)
        let match = try ProposeMatch.make(person, dwelling, reason: reason, failing: failing, steps)
        try ProposeMatch.offer(match, steps)
        guard outcome == .override, let offered = try MatchStore(steps.tx.db).row(match, in: .everything) else {
            return match
        }
        try MatchStore(steps.tx.db).insert(
            response: steps.tx.newIdentifier(), to: match, answer: "accept", party: .landlord, onBehalf: true,
            by: steps.caller.actor.role, reason: nil, note: reason, at: steps.tx.now)
        try AnswerMatch.finish(offered, .accept(.landlord), kind: "landlord_accepted", reason: nil, steps)
        return match
    }

    // MARK: A viewing

    /// The furthest ahead that a viewing may be, in days.
    package static let viewingDays = 60

    /// Sets the moment at which the candidate can see the home.
    ///
    /// - Throws: `UseCaseFault`.
    package static func setViewing(
        _ id: MatchID, at moment: Instant, by caller: Caller, in tx: WriteTransaction
    ) throws -> MatchView {
        try caller.require(.setViewing)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let row = try find(id, steps)
        guard row.standing.state == .offered || row.standing.state == .accepted else {
            throw UseCaseFault.conflict(.other, "The match is \(row.standing.state.rawValue); there is nothing to see.")
        }
        let latest = AmsterdamTime.start(of: steps.today.adding(days: viewingDays))
        guard moment > tx.now, moment < latest else {
            throw UseCaseFault.invalid(
                pointer: "/at", code: "range", text: "Must be ahead, and within \(viewingDays) days.")
        }
        try OfferLifeStore(tx.db).insert(viewing: moment, of: id, by: caller.actor.role, at: tx.now)
        _ = try steps.journal.record(
            "viewing_set", of: row.referral, groups: .status, object: id.retyped(), as: .match(row.standing.stage))
        return try MatchReader.view(id, steps)
    }

    // MARK: What the residents may know

    /// Writes what the applicant chose to show the residents of a self-managed facility.
    ///
    /// - Throws: `UseCaseFault`; `.conflict` for a match with another landlord, or one that has ended.
    package static func introduce(
        _ id: MatchID, _ text: String, by caller: Caller, in tx: WriteTransaction
    ) throws -> MatchView {
        try caller.require(.introduce)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let row = try find(id, steps)
        guard row.standing.state.isLive else {
            throw UseCaseFault.conflict(.other, "The match is \(row.standing.state.rawValue).")
        }
        guard try OrganisationStore(tx.db).find(row.landlord)?.kind == .selfManagedFacility else {
            throw UseCaseFault.conflict(.other, "Only the residents of a self-managed facility are shown something.")
        }
        try OfferLifeStore(tx.db).update(introduction: text, to: id)
        _ = try steps.journal.record("introduction", of: row.referral, groups: .wishes, object: id.retyped())
        return try MatchReader.view(id, steps)
    }

    private static func find(_ id: MatchID, _ steps: ReferralSteps) throws -> MatchRow {
        guard let row = try MatchStore(steps.tx.db).row(id, in: AccessPolicy.matches(visibleTo: steps.caller.actor))
        else {
            throw UseCaseFault.notFound
        }
        return row
    }
}

extension ReferralSteps {
    /// How many of the queue are looked at, and how many at a time: some tens of microseconds of the writer each.
    private static let (peopleTold, peopleAtOnce) = (500, 25)

    /// A home has fallen free: the first of today's queue whom it fits now is brought to the coordinator's notice.
    func tellNext(about dwelling: DwellingID) throws {
        guard let home = try DwellingStore(tx.db).find(dwelling, in: .everything), home.state == .free else { return }
        var maker = try FactsMaker(on: today, in: tx.reading)
        let facts = maker.facts(home)
        guard facts.isOpen else { return }
        let store = MatchFactsStore(tx.db)
        let waiting = try store.waiting(for: home, limit: Self.peopleTold)
        for start in stride(from: 0, to: waiting.count, by: Self.peopleAtOnce) {
            let some = waiting[start..<min(start + Self.peopleAtOnce, waiting.count)]
            let next = try store.candidates(.some(Array(some))).first { person in
                Feasibility.failing(candidate: maker.facts(person), dwelling: facts, on: today.dayNumber).isEmpty
            }
            if let next { return try raise(.dwellingFree, about: next.id, object: dwelling.retyped()) }
        }
    }
}

extension DwellingFacts {
    /// Whether there is room for anybody at all.
    fileprivate var isOpen: Bool { capPlacesLeft > 0 && agreementPlacesLeft > 0 && !hasOpenNuisanceFile }
}
