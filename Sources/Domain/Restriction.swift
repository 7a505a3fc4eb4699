// Restricted people, and the look in an emergency: who may know of somebody under threat, for how long the glass stays
// broken, and what the judgement of it can be. Pure values; the part of all referrals that a reader sees is Visibility's.

/// A restriction: named people only.
package struct Restriction: Sendable, Equatable {
    package var reason: String
    package var since: Instant
    /// Bearers of these tokens, and the person, know of the referral.
    package var people: [NamedPerson]
    package var version: Int

    /// A restriction from its parts.
    package init(reason: String, since: Instant, people: [NamedPerson], version: Int) {
        self.reason = reason
        self.since = since
        self.people = people
        self.version = version
    }
}

/// Somebody who may know of a restricted person.
package struct NamedPerson: Sendable, Equatable {
    package var token: TokenID
    package var label: String
    package var role: Role
    package var organisation: OrganisationName

    /// A named person from its parts.
    package init(token: TokenID, label: String, role: Role, organisation: OrganisationName) {
        self.token = token
        self.label = label
        self.role = role
        self.organisation = organisation
    }
}

/// An access in an emergency, as the subject of an identifier.
package enum EmergencyTag {}
/// The name of an access in an emergency.
package typealias EmergencyID = Identifier<EmergencyTag>

/// What a review makes of an access in an emergency.
package enum EmergencyOutcome: String, CaseIterable, Sendable {
    case justified
    case unjustified
}

/// Somebody broke the glass.
package struct EmergencyAccess: Sendable, Equatable {
    /// How long the glass stays broken, in seconds: an evening's crisis, not a working day.
    package static let seconds: Int64 = 4 * 3600

    package var id: EmergencyID
    package var referral: ReferralID
    package var token: TokenID
    package var reason: String
    package var openedAt: Instant
    package var endsAt: Instant
    package var outcome: EmergencyOutcome?
    package var note: String?
    package var reviewedAt: Instant?

    /// An access that begins.
    package init(id: EmergencyID, referral: ReferralID, token: TokenID, reason: String, openedAt: Instant) {
        self.id = id
        self.referral = referral
        self.token = token
        self.reason = reason
        self.openedAt = openedAt
        endsAt = openedAt.adding(seconds: Self.seconds)
    }
}
