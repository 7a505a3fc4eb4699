// A referral at the moment at which it comes in: what reading it back would give, made from what was sent, as a post is answered
// by the thread that all writes wait for.

extension ReferralStanding {
    /// Where a draft stands that has just been stored.
    package init(opened draft: ReferralDraft, id: ReferralID, number: Int, owner: OrganisationID, at now: Instant) {
        self.init(
            id: id, number: number, owner: owner, municipality: draft.municipality, route: draft.route,
            state: .submitted, resuming: nil, receivedAt: now, updatedAt: now, waitingSince: nil, promiseDueOn: nil,
            holdStartedOn: nil, holdUntil: nil, urgency: nil, form: nil, outcome: nil, version: 1)
    }
}

extension ReferralView {
    /// The groups of a draft that has just been stored by somebody of a role, under the version of the region's settings of that
    /// moment; without its origin and its possible duplicates, which the draft does not know.
    package init(
        opened draft: ReferralDraft, as standing: ReferralStanding, by role: Role, groups: FieldGroups,
        under settings: RegionSettings, version: Int
    ) {
        self.init(standing: standing, groups: groups, readAt: standing.receivedAt)
        let today = AmsterdamTime.day(of: standing.receivedAt)
        if groups.contains(.identity) { identity = draft.identity }
        if groups.contains(.contact) { contact = draft.contact }
        if groups.contains(.bsn) { bsn = draft.bsn }
        if groups.contains(.bsnTail) { bsnLastDigits = draft.bsn.map { String($0.disclosedDigits.suffix(3)) } }
        if groups.contains(.care) {
            let (advice, criteria) = draft.screening.advice(
                bornOn: draft.identity.birthDate, from: draft.municipality, today: today, in: settings)
            care = CareWords(
                screening: draft.screening, advice: advice, regionVersion: version, criteriaVersion: criteria,
                supportNeeds: draft.supportNeeds, health: draft.health)
        }
        if groups.contains(.finances) { finances = draft.finances }
        if groups.contains(.housingNeeds) {
            household = draft.household
            accessibility = draft.accessibility
        }
        if groups.contains(.wishes), !draft.wishes.isEmpty {
            wishes = WishVersion(
                number: 1, phase: nil, writtenAt: standing.receivedAt, writtenBy: role,
                askAgainAfter: settings.term(of: .wishes).lastDay(from: today), wishes: draft.wishes)
        }
    }
}
