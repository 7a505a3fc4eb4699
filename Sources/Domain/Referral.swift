// A referral as it is handed in and as it is read back. Reading gives a typed projection: a part that the reader may
// not see is nil because it was never read. Knows no storage and no JSON.

/// The two opening answers, or the person's word that they would rather not say.
package enum Opening: Sendable, Equatable {
    case answered(missedSignals: String, neededTwoYearsAgo: String)
    case declined
}

/// Name and birth date.
package struct Identity: Sendable, Equatable {
    package var givenName: String
    /// Tussenvoegsel: "van der".
    package var infix: String?
    package var familyName: String
    package var birthDate: CivilDate

    /// A name and a birth date.
    package init(givenName: String, infix: String? = nil, familyName: String, birthDate: CivilDate) {
        self.givenName = givenName
        self.infix = infix
        self.familyName = familyName
        self.birthDate = birthDate
    }
}

/// How to reach somebody.
package struct Contact: Sendable, Equatable {
    package var phone: String?
    package var email: String?

    /// A phone number and an e-mail address, each if known.
    package init(phone: String? = nil, email: String? = nil) {
        self.phone = phone
        self.email = email
    }
}

/// Who moves in together.
package struct Household: Sendable, Equatable {
    package var adults: Int
    package var children: Int
    package var pets: Bool

    /// A household; one adult without pets unless told otherwise.
    package init(adults: Int = 1, children: Int = 0, pets: Bool = false) {
        self.adults = adults
        self.children = children
        self.pets = pets
    }

    /// Everybody who needs a bed.
    package var size: Int { adults + children }
}

/// Income and debts in euro cents, each if known.
package struct Finances: Sendable, Equatable {
    package var incomePerMonth: Int64?
    package var debts: Int64?

    /// Amounts in euro cents.
    package init(incomePerMonth: Int64? = nil, debts: Int64? = nil) {
        self.incomePerMonth = incomePerMonth
        self.debts = debts
    }
}

/// A referral as a partner hands it in, read and checked.
package struct ReferralDraft: Sendable, Equatable {
    package var opening: Opening
    package var route: ReferralRoute
    package var municipality: Municipality
    package var identity: Identity
    package var contact: Contact
    package var bsn: CitizenServiceNumber?
    package var screening: Screening
    package var wishes: [Wish]
    package var supportNeeds: [SupportNeed]
    package var consents: [ConsentPurpose]
    package var externalReference: String?
    package var household: Household
    package var accessibility: [Accessibility]
    package var health: String?
    package var finances: Finances
    /// The consultation that it goes on from.
    package var consultation: ConsultationID?
    /// Where the person was before, when they are handed over to us.
    package var handedOverFrom: Provenance?

    /// A draft from its parts.
    package init(
        opening: Opening, route: ReferralRoute, municipality: Municipality, identity: Identity, contact: Contact,
        bsn: CitizenServiceNumber?, screening: Screening, wishes: [Wish] = [], supportNeeds: [SupportNeed] = [],
        consents: [ConsentPurpose] = [], externalReference: String? = nil, household: Household = Household(),
        accessibility: [Accessibility] = [], health: String? = nil, finances: Finances = Finances()
    ) {
        self.opening = opening
        self.route = route
        self.municipality = municipality
        self.identity = identity
        self.contact = contact
        self.bsn = bsn
        self.screening = screening
        self.wishes = wishes
        self.supportNeeds = supportNeeds
        self.consents = consents
        self.externalReference = externalReference
        self.household = household
        self.accessibility = accessibility
        self.health = health
        self.finances = finances
    }
}

/// A change to one field: leave it, clear it, or set it (RFC 7396).
package enum FieldChange<Value: Sendable & Equatable>: Sendable, Equatable {
    case keep
    case clear
    case set(Value)

    /// The field after the change.
    package func applied(to old: Value?) -> Value? {
        switch self {
        case .keep: old
        case .clear: nil
        case .set(let new): new
        }
    }

    /// Whether the field is touched at all.
    package var isChange: Bool { self != .keep }
}

/// What a PATCH of a referral changes.
package struct ReferralChanges: Sendable, Equatable {
    package var externalReference: FieldChange<String> = .keep
    package var route: ReferralRoute?
    package var municipality: Municipality?
    package var givenName: String?
    package var infix: FieldChange<String> = .keep
    package var familyName: String?
    package var birthDate: CivilDate?
    package var bsn: FieldChange<CitizenServiceNumber> = .keep
    package var phone: FieldChange<String> = .keep
    package var email: FieldChange<String> = .keep
    package var adults: Int?
    package var children: Int?
    package var pets: Bool?
    package var accessibility: [Accessibility]?
    package var supportNeeds: [SupportNeed]?
    package var health: FieldChange<String> = .keep
    package var incomePerMonth: FieldChange<Int64> = .keep
    package var debts: FieldChange<Int64> = .keep

    /// Changes nothing yet.
    package init() {}

    /// Whether any field is touched that only the posting organisation may write: what others know of health and
    /// money stands in the intake report, so that a referrer is shown what it wrote and no more.
    package var touchesOwnWords: Bool {
        supportNeeds != nil || health.isChange || incomePerMonth.isChange || debts.isChange
    }

    /// Whether identity, contact or BSN is touched.
    package var touchesPerson: Bool {
        givenName != nil || infix.isChange || familyName != nil || birthDate != nil || bsn.isChange || phone.isChange
            || email.isChange
    }

    /// The groups of fields that are touched, for the ledger.
    package var groups: FieldGroups {
        var groups: FieldGroups = []
        if externalReference.isChange { groups.insert(.origin) }
        if route != nil || municipality != nil { groups.insert(.status) }
        if givenName != nil || infix.isChange || familyName != nil || birthDate != nil { groups.insert(.identity) }
        if bsn.isChange { groups.insert(.bsn) }
        if phone.isChange || email.isChange { groups.insert(.contact) }
        if adults != nil || children != nil || pets != nil || accessibility != nil { groups.insert(.housingNeeds) }
        if supportNeeds != nil || health.isChange { groups.insert(.care) }
        if incomePerMonth.isChange || debts.isChange { groups.insert(.finances) }
        return groups
    }
}

/// The facts of a referral that decisions rest on; no person in it.
package struct ReferralStanding: Sendable, Equatable {
    package var id: ReferralID
    package var number: Int
    package var owner: OrganisationID
    package var municipality: Municipality
    package var route: ReferralRoute
    package var state: ReferralState
    package var resuming: ReferralState?
    package var receivedAt: Instant
    package var updatedAt: Instant
    package var waitingSince: Instant?
    package var promiseDueOn: CivilDate?
    package var holdStartedOn: CivilDate?
    package var holdUntil: CivilDate?
    package var urgency: UrgencyClass?
    package var form: HousingForm?
    package var outcome: ClosingOutcome?
    package var version: Int

    /// A standing from its parts, as read from the database.
    package init(
        id: ReferralID, number: Int, owner: OrganisationID, municipality: Municipality, route: ReferralRoute,
        state: ReferralState, resuming: ReferralState?, receivedAt: Instant, updatedAt: Instant,
        waitingSince: Instant?, promiseDueOn: CivilDate?, holdStartedOn: CivilDate?, holdUntil: CivilDate?,
        urgency: UrgencyClass?, form: HousingForm?, outcome: ClosingOutcome?, version: Int
    ) {
        self.id = id
        self.number = number
        self.owner = owner
        self.municipality = municipality
        self.route = route
        self.state = state
        self.resuming = resuming
        self.receivedAt = receivedAt
        self.updatedAt = updatedAt
        self.waitingSince = waitingSince
        self.promiseDueOn = promiseDueOn
        self.holdStartedOn = holdStartedOn
        self.holdUntil = holdUntil
        self.urgency = urgency
        self.form = form
        self.outcome = outcome
        self.version = version
    }

    /// The number people use for a candidate without saying a name: `K-000123`.
    package var candidateNumber: String { CandidateNumber.text(number) }
}

/// The number that stands for a candidate where no name may stand.
package enum CandidateNumber {
    /// `K-` and at least six digits.
    package static func text(_ number: Int) -> String {
        let digits = String(number)
        return "K-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// Reads `K-000123`; nil for anything else.
    package static func parse(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 8, bytes[0] == UInt8(ascii: "K"), bytes[1] == UInt8(ascii: "-") else { return nil }
        return decimal(bytes[2...]).flatMap { Int(exactly: $0) }.flatMap { $0 > 0 && self.text($0) == text ? $0 : nil }
    }
}

/// An organisation as others see it.
package struct OrganisationName: Sendable, Equatable {
    package var id: OrganisationID
    package var name: String

    /// An organisation's id and name.
    package init(id: OrganisationID, name: String) {
        self.id = id
        self.name = name
    }
}

/// Who posted the referral and what they sent along to recognise it by.
package struct Origin: Sendable, Equatable {
    package var referrer: OrganisationName
    package var externalReference: String?
    package var opening: Opening?
    /// The consultation that it went on from.
    package var consultation: ConsultationID?
    /// Where the person was before; nil when it began here.
    package var handedOverFrom: Provenance?

    /// An origin from its parts.
    package init(referrer: OrganisationName, externalReference: String?, opening: Opening?) {
        self.referrer = referrer
        self.externalReference = externalReference
        self.opening = opening
    }
}

/// Care data as the referrer wrote it.
package struct CareWords: Sendable, Equatable {
    package var screening: Screening
    package var advice: [Advice]
    /// The versions of the region's settings and of its criteria that the advice rests on.
    package var regionVersion: Int
    package var criteriaVersion: Int
    package var supportNeeds: [SupportNeed]
    package var health: String?

    /// Care data from its parts.
    package init(
        screening: Screening, advice: [Advice], regionVersion: Int, criteriaVersion: Int, supportNeeds: [SupportNeed],
        health: String?
    ) {
        self.screening = screening
        self.advice = advice
        self.regionVersion = regionVersion
        self.criteriaVersion = criteriaVersion
        self.supportNeeds = supportNeeds
        self.health = health
    }
}

/// A referral as one role may see it: every part but the standing is nil unless its field group was asked for.
package struct ReferralView: Sendable, Equatable {
    package var standing: ReferralStanding
    package var groups: FieldGroups
    package var origin: Origin?
    package var identity: Identity?
    package var contact: Contact?
    package var bsn: CitizenServiceNumber?
    package var bsnLastDigits: String?
    package var care: CareWords?
    package var finances: Finances?
    package var household: Household?
    package var accessibility: [Accessibility]?
    package var wishes: WishVersion?
    package var support: SupportCommitment?
    package var decision: Decision?
    package var possibleDuplicates: [PossibleDuplicate] = []
    /// Who at the intake point does the intake.
    package var assignee: Assignee?
    /// The themes of the opening, once the intake point has given them.
    package var themes: [SignalTheme]?
    /// When it was read: what is stale or overdue is so at this moment.
    package var readAt: Instant

    /// A view with the standing alone.
    package init(standing: ReferralStanding, groups: FieldGroups, readAt: Instant) {
        self.standing = standing
        self.groups = groups
        self.readAt = readAt
    }
}

/// Who at the intake point does an intake: the bearer of a token, by what it is called.
package struct Assignee: Sendable, Equatable {
    package var token: TokenID
    package var label: String

    /// An assignee from its parts.
    package init(token: TokenID, label: String) {
        self.token = token
        self.label = label
    }
}

/// A referral as a line in a list.
package struct ReferralSummary: Sendable, Equatable {
    package var standing: ReferralStanding
    package var groups: FieldGroups
    package var externalReference: String?
    package var identity: Identity?
    /// Its most urgent clock, in a list by clocks.
    package var clock: ClockLine?

    /// A line from its parts.
    package init(standing: ReferralStanding, groups: FieldGroups, externalReference: String?, identity: Identity?) {
        self.standing = standing
        self.groups = groups
        self.externalReference = externalReference
        self.identity = identity
    }
}
