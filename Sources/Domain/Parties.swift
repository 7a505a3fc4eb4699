// Who takes part: organisations, the roles their tokens speak in, and the actor of one request. Knows nothing of what
// a role may see or do; that is AccessPolicy, alone.

/// A stored organisation, as the subject of an identifier.
package enum OrganisationTag {}
/// A stored access token, as the subject of an identifier.
package enum TokenTag {}
/// The name of an organisation.
package typealias OrganisationID = Identifier<OrganisationTag>
/// The name of an access token; never the secret itself.
package typealias TokenID = Identifier<TokenTag>

/// The five kinds of organisation that meet at the intake point.
package enum OrganisationKind: String, CaseIterable, Sendable {
    /// Gemeente.
    case municipality
    /// Woningcorporatie.
    case housingCorporation = "housing_corporation"
    /// Zorgaanbieder.
    case careProvider = "care_provider"
    /// Centrale toegang: the intake point itself.
    case intakePoint = "intake_point"
    /// Opvang in zelfbeheer: a facility whose residents admit people.
    case selfManagedFacility = "self_managed_facility"
}

/// The ten roles; each token speaks in exactly one.
package enum Role: String, CaseIterable, Sendable {
    /// Verwijzer: posts referrals for a care provider or a municipality.
    case referrer
    /// Begeleider: a care provider's support worker.
    case supporter
    /// Beleidsmedewerker of a municipality.
    case policymaker
    /// Intaker of the intake point.
    case intaker
    /// Aandachtsfunctionaris wonen: coordinates the queue.
    case coordinator
    /// Woonconsulent: lets a corporation's dwellings.
    case allocator
    /// Bewonersgroep: the resident panel of a self-managed facility.
    case panel
    /// Kandidaat: the person of one referral.
    case candidate
    /// Looks into who saw what; never at the dossiers themselves.
    case auditor
    /// Runs the service: organisations, tokens, settings; never dossiers.
    case admin

    /// The kinds of organisation that may hold a token in this role.
    package var organisationKinds: [OrganisationKind] {
        switch self {
        case .referrer: [.careProvider, .municipality]
        case .supporter: [.careProvider]
        case .policymaker: [.municipality]
        case .intaker, .coordinator, .candidate, .admin: [.intakePoint]
        case .allocator: [.housingCorporation]
        case .panel: [.selfManagedFacility]
        case .auditor: [.intakePoint, .municipality]
        }
    }

    /// Whether it works at the intake point.
    package var isIntakePoint: Bool { self == .intaker || self == .coordinator }
}

/// Who makes a request: what a valid token says of its bearer.
package struct Actor: Sendable, Equatable {
    /// The token spoken with.
    package var token: TokenID
    /// The organisation that answers for what is done with it.
    package var organisation: OrganisationID
    /// The role the token speaks in.
    package var role: Role
    /// The organisation's municipality, where it has one.
    package var municipality: Municipality?
    /// A candidate's own referral; nil for every other role.
    package var referral: ReferralID?
    /// The moment of the request, at which an emergency access may have ended; for ever later when nobody said.
    package var asOf = Instant.endOfTime
    /// Whether they are somebody whom a candidate trusts to look along: they look, and never do.
    package var isDelegate = false
    /// Whether they broke the glass somewhere lately: then what they see of it is marked.
    package var hasBrokenGlass = false

    /// An actor from what the token table says.
    package init(
        token: TokenID, organisation: OrganisationID, role: Role, municipality: Municipality? = nil,
        referral: ReferralID? = nil
    ) {
        self.token = token
        self.organisation = organisation
        self.role = role
        self.municipality = municipality
        self.referral = referral
    }
}

extension Actor {
    /// Who acts when a term has passed and nobody asked: the service's own clock. It has no secret, and no request can be
    /// its; what it does is told as its deed.
    package static let clockwork = Actor(
        token: TokenID(high: .max, low: .max), organisation: OrganisationID(high: .max, low: .max), role: .coordinator)

    /// Whether it is the service's own clock.
    package var isClockwork: Bool { token == Actor.clockwork.token }
}

/// A municipality by the code of Statistics Netherlands (CBS): `GM0153` is Enschede.
package struct Municipality: Hashable, Sendable, CustomStringConvertible {
    /// `GM` and four digits.
    package let code: String

    /// A municipality from its code; nil when the text does not have the form of one.
    package init?(code: String) {
        let bytes = Array(code.utf8)
        guard bytes.count == 6, bytes[0] == UInt8(ascii: "G"), bytes[1] == UInt8(ascii: "M"),
            decimal(bytes[2...]) != nil
        else { return nil }
        self.code = code
    }

    package var description: String { code }

    /// The code's number, 153 for `GM0153`: how the matching engine counts municipalities.
    package var number: UInt16 { UInt16(code.dropFirst(2)) ?? 0 }
}

extension Municipality {
    /// `GM0000`, which Statistics Netherlands gives to nobody; stands in a row that is being refused.
    package static let unknown = Municipality(validCode: "GM0000")

    private init(validCode code: String) { self.code = code }
}
