// Whether two referrals are one person's: what makes them alike, and what somebody decided about a pair. Knows no storage and
// compares no names.

/// Another referral that may be the same person's.
package struct PossibleDuplicate: Sendable, Equatable {
    /// What makes them alike.
    package enum Basis: String, CaseIterable, Sendable {
        case bsn
        case nameAndBirthDate = "name_and_birth_date"
        /// Names that are alike, and the same birth date.
        case similarName = "similar_name"
        /// Somebody decided that it is the same person.
        case linked
    }
    package var id: ReferralID
    package var basis: Basis

    /// A possible duplicate.
    package init(id: ReferralID, basis: Basis) {
        self.id = id
        self.basis = basis
    }
}

/// What somebody decided about two referrals.
package enum LinkOutcome: String, CaseIterable, Sendable {
    case samePerson = "same_person"
    case differentPeople = "different_people"
    /// An earlier decision is taken back.
    case undecided
}

/// A decision about two referrals.
package struct PersonLink: Sendable, Equatable {
    package var id: Identifier<PersonLink>
    package var referral: ReferralID
    package var other: ReferralID
    package var outcome: LinkOutcome
    package var note: String?
    package var at: Instant

    /// A decision from its parts.
    package init(
        id: Identifier<PersonLink>, referral: ReferralID, other: ReferralID, outcome: LinkOutcome, note: String?,
        at: Instant
    ) {
        self.id = id
        self.referral = referral
        self.other = other
        self.outcome = outcome
        self.note = note
        self.at = at
    }
}
