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
    /// Who alone may know of it; nil when it is not restricted.
    package var namedPeople: Set<TokenID>?

    /// The facts of one referral.
    package init(
        id: ReferralID, owner: OrganisationID, municipality: Municipality, supporters: [OrganisationID] = [],
        namedPeople: Set<TokenID>? = nil
    ) {
        self.id = id
        self.owner = owner
        self.municipality = municipality
        self.supporters = supporters
        self.namedPeople = namedPeople
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

/// Through whose eyes: what is restricted shows to named people only, and in an emergency until a moment.
package struct Reader: Sendable, Equatable {
    package var token: TokenID
    package var asOf: Instant

    /// The bearer of a token, at a moment.
    package init(token: TokenID, asOf: Instant) {
        self.token = token
        self.asOf = asOf
    }
}

/// A part of something, through somebody's eyes; through nobody's, nothing is restricted.
package struct Visible<Part: Sendable & Equatable>: Sendable, Equatable {
    package var part: Part
    package var reader: Reader?

    /// A part through somebody's eyes.
    package init(_ part: Part, by reader: Reader? = nil) {
        self.part = part
        self.reader = reader
    }

    /// Whether the reader may know of what is restricted to these people.
    fileprivate func passes(_ namedPeople: Set<TokenID>?) -> Bool {
        guard let namedPeople, let reader else { return true }
        return namedPeople.contains(reader.token)
    }
}

/// The referrals somebody may know of.
package typealias ReferralVisibility = Visible<ReferralPart>
/// The matches somebody may know of.
package typealias MatchVisibility = Visible<MatchPart>
/// The support requests somebody may know of.
package typealias SupportVisibility = Visible<SupportPart>
/// The tenancies somebody may know of.
package typealias TenancyVisibility = Visible<TenancyPart>

/// A part of all referrals.
package enum ReferralPart: Sendable, Equatable {
    case nothing
    case everything
    case owned(by: OrganisationID)
    case residents(of: Municipality)
    case supported(by: OrganisationID)
    case single(ReferralID)

    fileprivate func contains(_ facts: ReferralFacts) -> Bool {
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

extension Visible where Part == ReferralPart {
    /// None.
    package static let nothing = Visible(.nothing)
    /// All, restricted or not.
    package static let everything = Visible(.everything)
    /// Those that an organisation posted.
    package static func owned(by organisation: OrganisationID) -> Visible { Visible(.owned(by: organisation)) }
    /// Those of a municipality's residents.
    package static func residents(of municipality: Municipality) -> Visible { Visible(.residents(of: municipality)) }
    /// Those of whom a provider has accepted the support.
    package static func supported(by provider: OrganisationID) -> Visible { Visible(.supported(by: provider)) }
    /// One.
    package static func single(_ id: ReferralID) -> Visible { Visible(.single(id)) }

    /// Whether it is the whole region's but for what is restricted: the intake point's own view.
    package var isRegionWide: Bool { part == .everything }

    /// Whether a referral is in this part.
    package func contains(_ facts: ReferralFacts) -> Bool { part.contains(facts) && passes(facts.namedPeople) }
}

/// A part of all matches.
package enum MatchPart: Sendable, Equatable {
    case nothing
    case everything
    case offeredTo(landlord: OrganisationID)
    case offeredAbout(ReferralPart)
}

extension Visible where Part == MatchPart {
    /// None.
    package static let nothing = Visible(.nothing)
    /// All, restricted or not.
    package static let everything = Visible(.everything)
    /// Those offered to a landlord.
    package static func offeredTo(landlord: OrganisationID) -> Visible { Visible(.offeredTo(landlord: landlord)) }

    /// Whether a match is in this part.
    package func contains(_ facts: MatchFacts) -> Bool {
        guard passes(facts.referral.namedPeople) else { return false }
        return switch part {
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

/// A part of all consultations.
package enum ConsultationVisibility: Sendable, Equatable {
    case nothing
    case everything
    case askedBy(OrganisationID)
}

/// A part of all support requests.
package enum SupportPart: Sendable, Equatable {
    case provider(OrganisationID)
    case about(ReferralPart)
}

extension Visible where Part == SupportPart {
    /// Those asked of a provider.
    package static func provider(_ provider: OrganisationID) -> Visible { Visible(.provider(provider)) }
    /// Those about some referrals.
    package static func about(_ referrals: ReferralPart) -> Visible { Visible(.about(referrals)) }

    /// Whether a request to a provider about a referral is in this part.
    package func contains(provider: OrganisationID, referral: ReferralFacts) -> Bool {
        guard passes(referral.namedPeople) else { return false }
        return switch part {
        case .provider(let own): provider == own
        case .about(let referrals): referrals.contains(referral)
        }
    }
}

/// A part of one referral's timeline.
package enum TimelineVisibility: Sendable, Equatable {
    /// All of it, drafts of matches too.
    case everything
    /// All but the intake point's own business: drafts, links, tasks and restrictions.
    case withoutDrafts
    /// Changes of status, and what the reader's own organisation did; only that with its reasons.
    case movesAndOwn(OrganisationID)
    /// Changes of status alone, without who made them and why.
    case moves
}

/// The signals somebody may know of.
package typealias SignalVisibility = Visible<SignalPart>

/// A part of all signals.
package enum SignalPart: Sendable, Equatable {
    case nothing
    case everything
    /// Those that an organisation gave as the poster of referrals.
    case given(by: OrganisationID)
    /// Those that an organisation gave as a provider of support, and those about the people it supports.
    case givenOrSupported(by: OrganisationID)
    /// Those that a landlord gave, and those of others about its homes that are about the home.
    case givenOrLet(by: OrganisationID)
    /// Those about one referral.
    case about(ReferralID)
}

/// The handovers somebody may know of.
package typealias HandoverVisibility = Visible<HandoverScope>

/// A part of all handovers.
package enum HandoverScope: Sendable, Equatable {
    case nothing
    case everything
    /// Those asked of an organisation.
    case asked(of: OrganisationID)
    /// Those of one referral.
    case about(ReferralID)
}

/// The tasks somebody may know of.
package typealias TaskVisibility = Visible<TaskPart>

/// A part of all tasks.
package enum TaskPart: Sendable, Equatable {
    case nothing
    case everything
    /// Those of a role of an organisation.
    case of(OrganisationID, Role)
    /// Those of the person of a referral.
    case ofCandidate(ReferralID)
}

/// A part of all tenancies.
package enum TenancyPart: Sendable, Equatable {
    case landlord(OrganisationID)
    case about(ReferralPart)
}

extension Visible where Part == TenancyPart {
    /// Those with a landlord.
    package static func landlord(_ landlord: OrganisationID) -> Visible { Visible(.landlord(landlord)) }
    /// Those about some referrals.
    package static func about(_ referrals: ReferralPart) -> Visible { Visible(.about(referrals)) }

    /// Whether a landlord's tenancy with the person of a referral is in this part.
    package func contains(landlord: OrganisationID, referral: ReferralFacts) -> Bool {
        guard passes(referral.namedPeople) else { return false }
        return switch part {
        case .landlord(let own): landlord == own
        case .about(let referrals): referrals.contains(referral)
        }
    }
}
