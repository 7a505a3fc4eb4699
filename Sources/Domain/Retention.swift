// Keeping and forgetting: how long a dossier is kept, from when, and on which ground it goes. Pure sums over days.

/// How long dossiers are kept, in years after they end.
package struct RetentionTerms: Sendable, Equatable {
    /// A dossier that led to a provision (Wmo 2015, article 5.3.4; selection list of the municipalities).
    package var withProvisionYears: Int
    /// One without any (selection list, result 3.2: not adopted).
    package var withoutProvisionYears: Int

    /// Terms from their parts.
    package init(withProvisionYears: Int, withoutProvisionYears: Int) {
        self.withProvisionYears = withProvisionYears
        self.withoutProvisionYears = withoutProvisionYears
    }

    /// Fifteen years, and five.
    package static let standard = RetentionTerms(withProvisionYears: 15, withoutProvisionYears: 5)

    /// The first day on which a dossier that ended on a day may no longer be kept.
    package func goesOn(endedOn day: CivilDate, hadProvision: Bool) -> CivilDate {
        day.adding(months: 12 * (hadProvision ? withProvisionYears : withoutProvisionYears)).adding(days: 1)
    }
}

/// Why a dossier is destroyed.
package enum ErasureGround: String, CaseIterable, Sendable {
    case withProvision = "with_provision"
    case withoutProvision = "without_provision"
    /// The person asked (Wmo 2015, article 5.3.5).
    case request
}

/// Why a request to destroy a dossier is refused (Wmo 2015, article 5.3.5).
package enum ErasureRefusal: String, CaseIterable, Sendable {
    /// Keeping it is of substantial interest to somebody else than the person.
    case substantialInterest = "substantial_interest"
    /// A law forbids it.
    case legalObligation = "legal_obligation"
}

/// What came of a request.
package enum ErasureOutcome: String, CaseIterable, Sendable {
    case granted
    case refused
}

/// A request to destroy a dossier, as the subject of an identifier.
package enum ErasureTag {}
/// The name of a request to destroy a dossier.
package typealias ErasureRequestID = Identifier<ErasureTag>

/// A person's request to destroy the dossier.
package struct ErasureRequest: Sendable, Equatable {
    /// Months within which it is destroyed (Wmo 2015, article 5.3.5).
    package static let termMonths = 3

    package var id: ErasureRequestID
    package var requestedAt: Instant
    /// Who recorded it: the person, or the intake point on a written word.
    package var role: Role
    package var dueOn: CivilDate
    package var outcome: ErasureOutcome?
    package var ground: ErasureRefusal?
    package var note: String?
    package var decidedAt: Instant?

    /// A request that is made.
    package init(id: ErasureRequestID, requestedAt: Instant, role: Role) {
        self.id = id
        self.requestedAt = requestedAt
        self.role = role
        dueOn = AmsterdamTime.day(of: requestedAt).adding(months: Self.termMonths)
    }
}

/// A dossier that is to go.
package struct DueErasure: Sendable, Equatable {
    package var referral: ReferralID
    package var number: Int
    package var ground: ErasureGround
    /// Since when it may not be kept.
    package var since: CivilDate

    /// A dossier that is to go.
    package init(referral: ReferralID, number: Int, ground: ErasureGround, since: CivilDate) {
        self.referral = referral
        self.number = number
        self.ground = ground
        self.since = since
    }
}
