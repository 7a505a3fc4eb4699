// Early warnings: somebody notices that a home may be lost, of a person who is known here or of one who is not yet. What each
// kind is called is shared by all; what was written beside it is not. Knows no table.

/// A signal, as the subject of an identifier.
package enum SignalTag {}
/// The name of a signal.
package typealias SignalID = Identifier<SignalTag>

/// What was noticed; the words that support and landlord share.
package enum SignalKind: String, CaseIterable, Sendable {
    /// Huurachterstand.
    case arrears
    /// Overlast.
    case nuisance
    /// Schade.
    case damage
    /// De woning lijkt leeg.
    case emptyHome = "empty_home"
    /// Ontruiming aangekondigd.
    case evictionAnnounced = "eviction_announced"
    /// Geen contact meer.
    case lostContact = "lost_contact"
    case crisis
    /// Terugval.
    case relapse
    /// Ontslag uit kliniek, opvang of detentie zonder woning.
    case dischargeWithoutHome = "discharge_without_home"

    /// Whether it is about the home, and so something that a landlord may hear from others: the rest is about the person.
    package var isAboutTheHome: Bool {
        switch self {
        case .arrears, .nuisance, .damage, .emptyHome, .evictionAnnounced: true
        case .lostContact, .crisis, .relapse, .dischargeWithoutHome: false
        }
    }

    /// Who may say it. How somebody's recovery goes is not for who lets them a home to say.
    package var roles: RoleSet {
        switch self {
        case .relapse, .dischargeWithoutHome: [.referrer, .supporter, .intaker, .coordinator, .candidate]
        case .arrears, .nuisance, .damage, .emptyHome, .evictionAnnounced, .lostContact, .crisis:
            [.referrer, .supporter, .intaker, .coordinator, .allocator, .panel, .candidate]
        }
    }
}

/// What has to be done before anybody but the tenant may report arrears (Besluit gemeentelijke schuldhulpverlening,
/// article 2).
package enum ArrearsPrecondition: String, CaseIterable, Sendable {
    case writtenReminder
    case personalContactTried
    case pointedToDebtHelp
    case noObjection

    /// The condition in words.
    package var words: String {
        switch self {
        case .writtenReminder: "a written reminder was sent"
        case .personalContactTried: "personal contact was tried"
        case .pointedToDebtHelp: "the tenant was pointed to debt help"
        case .noObjection: "the tenant did not object to this report"
        }
    }
}

/// How a signal stands.
package enum SignalState: String, CaseIterable, Sendable {
    case open
    case closed
}

/// What was done about a signal.
package enum SignalOutcome: String, CaseIterable, Sendable {
    /// Nobody was reached; it stays open.
    case notReached = "not_reached"
    /// It is about this referral: one that was opened to prevent the loss, or one that was there. It stays open.
    case linked
    case helped
    /// Help elsewhere, with an advice.
    case advised
    case unfounded

    /// Whether it ends the signal.
    package var closes: Bool {
        switch self {
        case .notReached, .linked: false
        case .helped, .advised, .unfounded: true
        }
    }
}

/// Somebody who is not known here yet: a name and a way to reach them, and no more.
package struct SignalPerson: Sendable, Equatable {
    package var givenName: String?
    package var infix: String?
    package var familyName: String
    package var birthDate: CivilDate?
    package var contact: Contact

    /// A person from what is known of them.
    package init(
        givenName: String?, infix: String?, familyName: String, birthDate: CivilDate?, contact: Contact
    ) {
        self.givenName = givenName
        self.infix = infix
        self.familyName = familyName
        self.birthDate = birthDate
        self.contact = contact
    }

    /// As somebody whose earlier referral can be looked for; nil when too little is known.
    package var identity: Identity? {
        guard let givenName, let birthDate else { return nil }
        return Identity(givenName: givenName, infix: infix, familyName: familyName, birthDate: birthDate)
    }
}

/// Whom a signal is about.
package enum SignalSubject: Sendable, Equatable {
    case referral(ReferralID)
    case tenancy(TenancyID)
    case person(SignalPerson, Municipality)
}

/// A signal as somebody gives it.
package struct SignalDraft: Sendable, Equatable {
    package var kind: SignalKind
    package var subject: SignalSubject
    package var note: String?
    /// What of the preconditions is said; only asked of arrears.
    package var preconditions: Set<ArrearsPrecondition>

    /// A signal from its parts.
    package init(
        kind: SignalKind, subject: SignalSubject, note: String? = nil, preconditions: Set<ArrearsPrecondition> = []
    ) {
        self.kind = kind
        self.subject = subject
        self.note = note
        self.preconditions = preconditions
    }

    /// The preconditions that somebody in a role still has to meet.
    package func missing(for role: Role) -> [ArrearsPrecondition] {
        guard kind == .arrears, role != .candidate else { return [] }
        return ArrearsPrecondition.allCases.filter { !preconditions.contains($0) }
    }
}

/// What somebody did about a signal.
package struct SignalResponse: Sendable, Equatable {
    package var outcome: SignalOutcome
    package var at: Instant
    package var role: Role
    package var note: String?

    /// A response from its parts.
    package init(outcome: SignalOutcome, at: Instant, role: Role, note: String?) {
        self.outcome = outcome
        self.at = at
        self.role = role
        self.note = note
    }
}

/// Whose a signal is to its reader.
package enum SignalStage: String, CaseIterable, Sendable {
    /// Given by the reader's own organisation.
    case own
    /// Given by others.
    case others
}

/// A signal, as its reader may see it.
package struct Signal: Sendable, Equatable {
    package var id: SignalID
    package var kind: SignalKind
    package var state: SignalState
    package var referral: ReferralID?
    /// Whether the intake point found out later whose it is.
    package var isLinked = false
    package var tenancy: TenancyID?
    package var municipality: Municipality
    package var organisation: OrganisationID
    package var role: Role
    package var at: Instant
    package var closedAt: Instant?
    package var version: Int
    /// Nil when the reader may not see it, or nothing was written.
    package var note: String?
    /// Nil when the reader may not see them, and for who is known here.
    package var person: SignalPerson?
    package var responses: [SignalResponse]
    /// Earlier referrals that may be this person's; for the intake point.
    package var possibleReferrals: [PossibleDuplicate]

    /// A signal that is given now.
    package init(
        id: SignalID, kind: SignalKind, referral: ReferralID?, tenancy: TenancyID?, municipality: Municipality,
        organisation: OrganisationID, role: Role, at: Instant
    ) {
        self.id = id
        self.kind = kind
        state = .open
        self.referral = referral
        self.tenancy = tenancy
        self.municipality = municipality
        self.organisation = organisation
        self.role = role
        self.at = at
        version = 1
        responses = []
        possibleReferrals = []
    }

    /// Whether its reader gave it.
    package func stage(for actor: Actor) -> SignalStage {
        // A candidate's organisation is the intake point's: it is the role that tells.
        let isOwn = organisation == actor.organisation && (role == .candidate) == (actor.role == .candidate)
        return isOwn ? .own : .others
    }
}
