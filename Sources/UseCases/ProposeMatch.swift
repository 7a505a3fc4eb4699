// A match by hand: the coordinator brings one candidate and one dwelling together, with a reason that everybody at the
// intake point can read. Consent and places to avoid can't be set aside; other limits can, visibly.

package import Domain
package import Storage

/// Proposes and offers matches.
package enum ProposeMatch {
    /// Proposes a match, and offers it to both sides at once when asked to.
    ///
    /// - Throws: `UseCaseFault`.
    package static func run(
        referral id: ReferralID, dwelling dwellingID: DwellingID, reason: String, offering: Bool, by caller: Caller,
        in tx: WriteTransaction
    ) throws -> MatchView {
        try caller.require(.proposeMatch)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let referrals = AccessPolicy.referrals(visibleTo: caller.actor)
        guard let standing = try steps.referrals.find(id, in: referrals) else {
            throw UseCaseFault.invalid(pointer: "/referral", code: "unknown", text: "There is no such referral.")
        }
        let dwellings = AccessPolicy.dwellings(visibleTo: caller.actor)
        guard let dwelling = try DwellingStore(tx.db).find(dwellingID, in: dwellings) else {
            throw UseCaseFault.invalid(pointer: "/dwelling", code: "unknown", text: "There is no such dwelling.")
        }
        try requireWaiting(standing)
        guard dwelling.state == .free else {
            throw UseCaseFault.conflict(.dwellingNotFree, "The dwelling is \(dwelling.state.rawValue).")
        }
        try requireNoNuisance(dwelling)
        try requireConsent(of: id, to: dwelling.landlord.id, steps)
        try requireAllowedPlace(of: id, dwelling, steps)

        guard let person = try MatchFactsStore(tx.db).candidates(.one(id)).first else { throw UseCaseFault.notFound }
        let limits = try MatchRules.failingLimits(of: person, for: dwelling, on: steps.today, in: tx.reading)
        let match = try make(person, dwelling, reason: reason, failing: limits, steps)
        if offering { try offer(match, steps) }
        return try MatchReader.view(match, steps)
    }

    /// Makes a proposal of a dwelling that is free to somebody who waits; both have been looked at.
    static func make(
        _ person: MatchCandidate, _ dwelling: Dwelling, reason: String, failing: [String], run: MatchRunID? = nil,
        _ steps: ReferralSteps
    ) throws -> MatchID {
        let match = steps.tx.newIdentifier(of: MatchTag.self)
        let region = try steps.region()
        let draft = MatchDraft(
            referral: person.id, dwelling: dwelling.id, landlord: dwelling.landlord.id, reason: reason,
            failingLimits: failing, wishVersion: person.wishVersion, referralVersion: person.version,
            dwellingVersion: dwelling.version, run: run, regionVersion: region.version,
            profileVersion: region.settings.profile(of: dwelling.content.form)?.version)
        try MatchStore(steps.tx.db).insert(draft, id: match, at: steps.tx.now)
        try DwellingStore(steps.tx.db).update(state: .reserved, of: dwelling.id)
        try TaskStore(steps.tx.db).endAll(
            .dwellingFree, about: dwelling.id.retyped(), by: steps.caller.actor, at: steps.tx.now)
        // The reason stays with the match, for the intake point; the timeline is read by more people.
        _ = try steps.journal.record(
            "match_proposed", of: person.id, groups: [.status, .housingNeeds, .wishes], object: match.retyped())
        return match
    }

    /// Offers a proposal to both sides.
    ///
    /// - Throws: `UseCaseFault`.
    package static func offer(_ match: MatchID, by caller: Caller, in tx: WriteTransaction) throws -> MatchView {
        try caller.require(.offerMatch)
        let steps = ReferralSteps(caller: caller, tx: tx)
        try offer(match, steps)
        return try MatchReader.view(match, steps)
    }

    static func offer(_ match: MatchID, _ steps: ReferralSteps) throws {
        let store = MatchStore(steps.tx.db)
        guard let row = try store.row(match, in: AccessPolicy.matches(visibleTo: steps.caller.actor)) else {
            throw UseCaseFault.notFound
        }
        guard let next = row.standing.after(.offer) else {
            throw UseCaseFault.conflict(.other, "The match is \(row.standing.state.rawValue) already.")
        }
        let standing = try steps.find(row.referral)
        try requireWaiting(standing)
        try requireConsent(of: row.referral, to: row.landlord, steps)
        guard let dwelling = try DwellingStore(steps.tx.db).find(row.dwelling, in: .everything) else {
            throw UseCaseFault.notFound
        }
        try requireNoNuisance(dwelling)
        try requireAllowedPlace(of: row.referral, dwelling, steps)
        // A BSN may have become known after admission.
        try MoveReferral.requireNotTakenInElsewhere(standing, steps)
        // The moment first: a match that is offered always says since when.
        let due = max(try steps.lastDay(of: .candidateAnswer), try steps.lastDay(of: .landlordAnswer))
        try store.markOffered(match, answerDueOn: due, at: steps.tx.now)
        guard try store.update(row, to: next, at: steps.tx.now) else { throw UseCaseFault.preconditionFailed }
        _ = try steps.make(.offer, on: standing, reason: nil, groups: [.status, .housingNeeds])
        try steps.keepClocks([.offered], of: row.referral, object: match.retyped())
    }

    private static func requireWaiting(_ standing: ReferralStanding) throws {
        guard ReferralLifecycle.state(after: .offer, from: standing.state) != nil else {
            throw UseCaseFault.conflict(
                .referralNotWaiting, "The referral is \(standing.state.rawValue); only who waits can be matched.")
        }
    }

    private static func requireNoNuisance(_ dwelling: Dwelling) throws {
        guard !dwelling.hasNuisanceFile else {
            throw UseCaseFault.conflict(
                .dwellingNotFree,
                "A nuisance file is open on the dwelling; it is offered to nobody until that is closed.")
        }
    }

    /// Nobody is brought to a place where they must not come, for whatever reason: it may be somebody else's safety.
    static func requireAllowedPlace(of id: ReferralID, _ dwelling: Dwelling, _ steps: ReferralSteps) throws {
        let offer = dwelling.content
        let zones = try NetworkStore(steps.tx.db).zones(of: id, inForceOn: steps.today)
        guard
            !zones.contains(where: {
                $0.excludes(offer.municipality, neighbourhood: offer.neighbourhood, on: steps.today)
            })
        else {
            throw UseCaseFault.conflict(.other, "The home stands where this person must not or will not come.")
        }
    }

    private static func requireConsent(
        of id: ReferralID, to landlord: OrganisationID, _ steps: ReferralSteps
    ) throws {
        let consents = try ConversationStore(steps.tx.db).consents(of: id)
        guard consents.allowOffer(to: landlord, on: steps.today) else {
            throw UseCaseFault.conflict(
                .consentMissing,
                "The candidate's consent to matching and to sharing with this landlord is not in force.")
        }
    }
}

/// Reads a match back for an answer, with the look written down.
enum MatchReader {
    static func view(_ id: MatchID, _ steps: ReferralSteps) throws -> MatchView {
        let actor = steps.caller.actor
        let found = try MatchStore(steps.tx.db).find(
            id, in: AccessPolicy.matches(visibleTo: actor), for: actor.role, on: steps.today)
        guard let view = found else { throw UseCaseFault.notFound }
        try steps.journal.disclose(
            Disclosure("read", of: view.groups, about: view.referral, object: id.retyped(), as: .match(view.stage)))
        return view
    }
}
