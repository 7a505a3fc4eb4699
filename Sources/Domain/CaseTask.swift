// Tasks: who must do what by when. A task is made by a rule in the commit of what called for it, is done or handed on
// with a note, and names no person: it points to a referral, and who may do it may read that. The kinds, with whose they
// are and how long they may take, are one table.

/// A task, as the subject of an identifier.
package enum TaskTag {}
/// The name of a task.
package typealias TaskID = Identifier<TaskTag>

/// What there is to do; the raw value is the code in the API.
package enum TaskKind: String, CaseIterable, Sendable {
    /// A consent was withdrawn: what rested on it has ended, and somebody talks with the person about what goes on.
    case consentWithdrawn = "consent_withdrawn"
    /// Somebody broke the glass: another person judges whether that was needed.
    case reviewEmergencyAccess = "review_emergency_access"
    /// The person asked for a correction.
    case decideCorrection = "decide_correction"
    /// The person asked for the dossier to be destroyed.
    case decideErasure = "decide_erasure"
    /// Two referrals may be one person's.
    case decideDuplicate = "decide_duplicate"
    /// Somebody is in danger, or has no place to sleep tonight.
    case urgentNeed = "urgent_need"
    /// The person objects to a refusal.
    case decideObjection = "decide_objection"
    /// An objection was founded: the referral is taken up again.
    case decideAnew = "decide_anew"
    /// A provider said no: the next fitting one is asked, if the candidate agrees.
    case nextProvider = "next_provider"
    /// A landlord declined a match: whether that stands.
    case reviewDecline = "review_decline"
    /// A home has fallen free that fits somebody who waits.
    case dwellingFree = "dwelling_free"

    /// Whether it ends only with the decision it asks for, taken where that belongs.
    package var endsWithDecision: Bool {
        switch self {
        case .reviewEmergencyAccess, .decideCorrection, .decideErasure, .decideDuplicate, .decideObjection,
            .reviewDecline:
            true
        case .dwellingFree, .consentWithdrawn, .urgentNeed, .decideAnew, .nextProvider: false
        }
    }

    /// Whose task it is, when no organisation is named: a role of the intake point.
    package var role: Role { rule.role }

    /// The last day for a task that is made at a moment: a working day, but for what can not wait until tomorrow.
    package func dueOn(madeAt moment: Instant) -> CivilDate {
        rule.term.lastDay(from: AmsterdamTime.day(of: moment), isLegal: rule.term != .days(0))
    }

    /// What is to be done, in English and in Dutch.
    package var words: (english: String, dutch: String) { (rule.english, rule.dutch) }

    private struct Rule {
        let role: Role
        let term: ClockTerm
        let english: String
        let dutch: String
    }

    private var rule: Rule {
        switch self {
        case .consentWithdrawn:
            Rule(
                role: .intaker, term: .workingDays(2),
                english: "Talk with the candidate about the consent that was withdrawn and what can go on without it.",
                dutch: "Bespreek met de kandidaat de ingetrokken toestemming en wat zonder die toestemming doorgaat.")
        case .reviewEmergencyAccess:
            Rule(
                role: .coordinator, term: .workingDays(2),
                english: "Judge whether the emergency access was needed.",
                dutch: "Beoordeel of de noodtoegang nodig was.")
        case .decideCorrection:
            // GDPR article 12(3): within one month; the person hears sooner.
            Rule(
                role: .intaker, term: .days(28), english: "Decide on the correction that the candidate asks for.",
                dutch: "Beslis op het correctieverzoek van de kandidaat.")
        case .decideErasure:
            // Wmo 2015, article 5.3.5: destroyed within three months of the request.
            Rule(
                role: .coordinator, term: .days(28),
                english: "Decide on the candidate's request to destroy the dossier.",
                dutch: "Beslis op het verzoek van de kandidaat om het dossier te vernietigen.")
        case .reviewDecline:
            Rule(
                role: .coordinator, term: .workingDays(2),
                english: "A landlord declined. Uphold it, ask again, or override it with a reason.",
                dutch: "Een verhuurder zegt nee. Laat dat staan, vraag opnieuw, of beslis anders met een reden.")
        case .dwellingFree:
            Rule(
                role: .coordinator, term: .workingDays(1),
                english: "A home that fits has fallen free. Offer it, or make a new match run.",
                dutch: "Er is een passende woning vrijgekomen. Bied die aan, of maak een nieuwe ronde.")
        case .decideDuplicate:
            Rule(
                role: .intaker, term: .workingDays(5),
                english: "Decide whether two referrals are about the same person.",
                dutch: "Beslis of twee aanmeldingen over dezelfde persoon gaan.")
        case .urgentNeed:
            // Wmo 2015, article 2.3.3: without delay.
            Rule(
                role: .intaker, term: .days(0),
                english: "Act today: this person is in danger or has no place to sleep tonight.",
                dutch: "Handel vandaag: deze persoon is in gevaar of heeft vannacht geen slaapplek.")
        case .decideObjection:
            // Awb, article 7:10(1): six weeks after the term for objecting; people hear sooner.
            Rule(
                role: .coordinator, term: .days(28), english: "Decide on the objection to the refusal.",
                dutch: "Beslis op het bezwaar tegen de afwijzing.")
        case .decideAnew:
            Rule(
                role: .coordinator, term: .workingDays(5),
                english: "The objection was founded: take the referral up again with the candidate.",
                dutch: "Het bezwaar was gegrond: pak de aanmelding met de kandidaat weer op.")
        case .nextProvider:
            Rule(
                role: .intaker, term: .workingDays(2),
                english: "A provider declined. Ask the candidate about the next one, and then that provider.",
                dutch: "Een aanbieder zei nee. Bespreek de volgende met de kandidaat en vraag die dan.")
        }
    }
}

/// How far a task is.
package enum TaskState: String, CaseIterable, Sendable {
    case open
    case done
    /// No longer needed.
    case dropped
}

/// One task.
package struct CaseTask: Sendable, Equatable {
    package var id: TaskID
    package var referral: ReferralID
    package var kind: TaskKind
    /// What it is about besides the referral.
    package var object: Identifier<Any>?
    /// The role that is to do it.
    package var role: Role
    /// The organisation that is to do it; nil for the intake point.
    package var organisation: OrganisationID?
    /// The bearer it was handed to; nil for whoever takes it.
    package var token: TokenID?
    package var createdAt: Instant
    package var dueOn: CivilDate
    package var state: TaskState
    package var endedAt: Instant?
    package var note: String?
    package var version: Int

    /// A task that is to be done, for a role of the intake point or of an organisation.
    package init(
        _ kind: TaskKind, id: TaskID, about referral: ReferralID, object: Identifier<Any>? = nil, role: Role? = nil,
        of organisation: OrganisationID? = nil, at now: Instant
    ) {
        self.id = id
        self.referral = referral
        self.kind = kind
        self.object = object
        self.role = role ?? kind.role
        self.organisation = organisation
        createdAt = now
        dueOn = kind.dueOn(madeAt: now)
        state = .open
        version = 1
    }
}
