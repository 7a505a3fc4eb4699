// A referral comes in. It is stored whenever it can be: a person who is already known through another organisation is
// shown to the intake point as a possible duplicate, because to refuse would tell a stranger of that other referral and
// lose this one.

package import Domain
package import Storage

/// Posts a referral.
package enum OpenReferral {
    /// Stores a referral with its wishes and consents, and gives it as its poster may see it.
    ///
    /// - Throws: `UseCaseFault`; `.conflict` when the organisation used the reference before, or has an open referral of
    ///   this person itself.
    package static func run(_ draft: ReferralDraft, by caller: Caller, in tx: WriteTransaction) throws -> ReferralView {
        let steps = ReferralSteps(caller: caller, tx: tx)
        let role = caller.actor.role
        let groups = AccessPolicy.groups(ofReferralFor: role)
        // Whoever is shown no more than it has just written has looked at nothing; nobody supports a new referral yet.
        let isLook = !groups.subtracting(written.union(.support)).isEmpty
        let (standing, region) = try store(draft, steps) { isLook ? steps.look(at: $0) : nil }
        return try steps.referrals.view(
            opened: draft, as: standing, by: role, in: AccessPolicy.referrals(visibleTo: caller.actor),
            groups: groups, under: region)
    }

    /// What a poster writes down of somebody.
    private static let written: FieldGroups = [
        .status, .origin, .identity, .contact, .bsn, .care, .finances, .wishes, .housingNeeds, .consents,
    ]

    /// Stores a referral as `run` does, and gives no more of it than its name: for whoever is not shown the rest.
    ///
    /// - Returns: Its id and candidate number.
    /// - Throws: as `run`.
    package static func store(
        _ draft: ReferralDraft, by caller: Caller, in tx: WriteTransaction
    ) throws -> (id: ReferralID, number: Int) {
        let (standing, _) = try store(draft, ReferralSteps(caller: caller, tx: tx)) { _ in nil }
        return (standing.id, standing.number)
    }

    private static func store(
        _ draft: ReferralDraft, _ steps: ReferralSteps, showing: (ReferralID) -> Disclosure?
    ) throws -> (ReferralStanding, RegionVersion) {
        let (caller, tx) = (steps.caller, steps.tx)
        try caller.require(.createReferral)
        let owner = caller.actor.organisation
        try requireUnused(draft.externalReference, of: owner, in: steps)
        try requireUnknown(draft.bsn, except: nil, in: steps)

        let consultation = try draft.consultation.map { try Consult.open($0, steps) }
        let alike = try LinkReferrals.alike(draft.identity, draft.bsn, steps)
        let id = tx.newIdentifier(of: ReferralTag.self)
        let region = try steps.region()
        let number = try steps.referrals.insert(draft, id: id, owner: owner, under: region, at: tx.now)
        let conversation = ConversationStore(tx.db)
        if !draft.wishes.isEmpty {
            _ = try conversation.insert(
                wishes: draft.wishes, phase: nil, about: id, by: caller.actor.role, at: tx.now)
        }
        let consents = draft.consents.map { purpose in
            Consent(
                id: tx.newIdentifier(), purpose: purpose, recipient: nil, givenAt: tx.now, endsOn: nil,
                withdrawnAt: nil)
        }
        try conversation.insert(consents, about: id, by: caller.actor.role)
        _ = try steps.journal.record(
            "submit", of: id, to: .submitted, groups: written, showing: showing(id))
        let isUrgent = draft.screening.isUrgent
        if let consultation { try Consult.become(consultation, id, steps) }
        let submitted = ClockEvent.submitted(isUrgent: isUrgent)
        try steps.keepClocks(draft.wishes.isEmpty ? [submitted] : [submitted, .wishesWritten], of: id, isNew: true)
        if isUrgent { try steps.raise(.urgentNeed, about: id) }
        try LinkReferrals.ask(about: id, alike, steps)
        return (ReferralStanding(opened: draft, id: id, number: number, owner: owner, at: tx.now), region)
    }

    /// Refuses a reference that the organisation has given to another referral.
    static func requireUnused(_ reference: String?, of owner: OrganisationID, in steps: ReferralSteps) throws {
        guard let reference, let id = try steps.referrals.find(externalReference: reference, of: owner) else { return }
        throw UseCaseFault.conflict(
            .duplicateExternalReference, "Your organisation has posted a referral under this reference already.",
            existing: .referral(id))
    }

    /// Refuses a second open referral of one person (same BSN) to those who may know of the first.
    static func requireUnknown(
        _ bsn: CitizenServiceNumber?, except id: ReferralID?, in steps: ReferralSteps
    ) throws {
        guard let bsn else { return }
        let actor = steps.caller.actor
        let visibility = AccessPolicy.referrals(visibleTo: actor)
        guard let known = try LinkStore(steps.tx.db).open(with: bsn, except: id, in: visibility).first else { return }
        throw UseCaseFault.conflict(
            .duplicatePerson, "This person has an open referral already; go on with that one.",
            existing: .referral(known))
    }
}
