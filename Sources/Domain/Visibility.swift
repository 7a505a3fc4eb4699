// What part of each table an actor may know of, as values that both a policy decision and a WHERE clause are made
// from. Says nothing about which role has which; see AccessPolicy.

/// What the policy needs to know of a referral.
package struct ReferralFacts: Sendable, Equatable {
    package var id: ReferralID
    /// The organisation that posted it.
    package var owner: OrganisationID
    package var municipality: Municipality
    /// The providers whose support is accepted for it.
    package var supporters: [OrganisationID]

    /// The facts of one referral.
    package init(id: ReferralID, owner: OrganisationID, municipality: Municipality, supporters: [OrganisationID] = []) {
        self.id = id
        self.owner = owner
        self.municipality = municipality
        self.supporters = supporters
    }
}

/// What the policy needs to know of a match.
package struct MatchFacts: Sendable, Equatable {
    package var landlord: OrganisationID
    package var referral: ReferralFacts
    package var isProposal: Bool

    /// The facts of one match.
    package init(landlord: OrganisationID, referral: ReferralFacts, isProposal: Bool) {
        self.landlord = landlord
        self.referral = referral
        self.isProposal = isProposal
    }
}

/// One thing that somebody wants to see or change.
package enum Resource: Sendable {
    case referral(ReferralFacts)
    case match(MatchFacts)
    case dwelling(landlord: OrganisationID)
    case supportRequest(provider: OrganisationID, referral: ReferralFacts)
    case tenancy(landlord: OrganisationID, referral: ReferralFacts)
}

/// A part of all referrals.
package enum ReferralVisibility: Sendable, Equatable {
    case nothing
    case everything
    case owned(by: OrganisationID)
    case residents(of: Municipality)
    case supported(by: OrganisationID)
    case single(ReferralID)

    /// Whether a referral is in this part.
    package func contains(_ facts: ReferralFacts) -> Bool {
        switch self {
        case .nothing: false
        case .everything: true
        case .owned(let organisation): facts.owner == organisation
        case .residents(let municipality): facts.municipality == municipality
        case .supported(let provider): facts.supporters.contains(provider)
        case .single(let id): facts.id == id
        }
    }
}

/// A part of all matches.
package enum MatchVisibility: Sendable, Equatable {
    case nothing
    case everything
    case offeredTo(landlord: OrganisationID)
    case offeredAbout(ReferralVisibility)

    /// Whether a match is in this part.
    package func contains(_ facts: MatchFacts) -> Bool {
        switch self {
        case .nothing: false
        case .everything: true
        case .offeredTo(let landlord): facts.landlord == landlord && !facts.isProposal
        case .offeredAbout(let referrals): referrals.contains(facts.referral) && !facts.isProposal
        }
    }
}

/// A part of all dwellings.
package enum DwellingVisibility: Sendable, Equatable {
    case nothing
    case everything
    case owned(by: OrganisationID)

    /// Whether a landlord's dwellings are in this part.
    package func contains(landlord: OrganisationID) -> Bool {
        switch self {
        case .nothing: false
        case .everything: true
        case .owned(let organisation): landlord == organisation
        }
    }
}

/// A part of all support requests.
package enum SupportVisibility: Sendable, Equatable {
    case provider(OrganisationID)
    case about(ReferralVisibility)

    /// Whether a request to a provider about a referral is in this part.
    package func contains(provider: OrganisationID, referral: ReferralFacts) -> Bool {
        switch self {
        case .provider(let own): provider == own
        case .about(let referrals): referrals.contains(referral)
        }
    }
}

/// A part of one referral's timeline.
package enum TimelineVisibility: Sendable, Equatable {
    /// All of it, drafts of matches too.
    case everything
    /// All but the intake point's drafts: a proposal is nobody else's to know of before it is offered.
    case withoutDrafts
    /// Changes of status, and what the reader's own organisation did; only that with its reasons.
    case movesAndOwn(OrganisationID)
    /// Changes of status alone, without who made them and why.
    case moves
}

/// A part of all tenancies.
package enum TenancyVisibility: Sendable, Equatable {
    case landlord(OrganisationID)
    case about(ReferralVisibility)

    /// Whether a landlord's tenancy with the person of a referral is in this part.
    package func contains(landlord: OrganisationID, referral: ReferralFacts) -> Bool {
        switch self {
        case .landlord(let own): landlord == own
        case .about(let referrals): referrals.contains(referral)
        }
    }
}
