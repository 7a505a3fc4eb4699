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
    /// A consent has run out and was not given anew: what rested on it has ended.
    case consentEnded = "consent_ended"
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
    /// A nuisance file was opened on a home that somebody is matched with.
    case nuisanceOnOffer = "nuisance_on_offer"
    /// The last day of a clock has passed: whoever's move it is does it, or says why not yet and until when.
    case stalledStep = "stalled_step"
    /// A task was neither done nor answered in time: the coordinator takes it up.
    case escalation
    /// The day until which a referral was on hold has passed.
    case holdEnded = "hold_ended"
    /// Somebody gave an early warning.
    case followUpSignal = "follow_up_signal"
    /// Another region or organisation was asked to go on with a person.
    case answerHandover = "answer_handover"
    /// The other side said no.
    case handoverDeclined = "handover_declined"

    /// Whether it ends only with the decision it asks for, taken where that belongs.
    package var endsWithDecision: Bool {
        switch self {
        case .reviewEmergencyAccess, .decideCorrection, .decideErasure, .decideDuplicate, .decideObjection,
            .reviewDecline, .followUpSignal, .answerHandover:
            true
        case .consentWithdrawn, .consentEnded, .urgentNeed, .decideAnew, .nextProvider, .dwellingFree, .nuisanceOnOffer,
            .stalledStep,
            .escalation, .holdEnded, .handoverDeclined:
            false
        }
    }

    /// Whether there is nothing left to do once the referral has ended.
    package var endsWithReferral: Bool {
        switch self {
        case .consentWithdrawn, .consentEnded, .decideDuplicate, .nextProvider, .dwellingFree, .nuisanceOnOffer,
            .stalledStep, .holdEnded, .handoverDeclined, .reviewDecline:
            true
        // Danger does not end with a referral; what a person asks for, or somebody warns of, is answered all the same.
        case .urgentNeed, .reviewEmergencyAccess, .decideCorrection, .decideErasure, .decideObjection, .decideAnew,
            .followUpSignal,
            .answerHandover, .escalation:
            false
        }
    }

    /// Whether whoever is to do it can answer why it takes longer, and until when; left open and unanswered it goes to
    /// the coordinator.
    package var takesAnswer: Bool {
        switch self {
        case .stalledStep, .holdEnded, .followUpSignal, .answerHandover, .urgentNeed, .nextProvider: true
        case .consentWithdrawn, .consentEnded, .reviewEmergencyAccess, .decideCorrection, .decideErasure,
            .decideDuplicate, .decideObjection, .decideAnew, .reviewDecline, .dwellingFree, .nuisanceOnOffer,
            .escalation,
            .handoverDeclined:
            false
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

    /// How many working days somebody has to answer for what has stalled, before it goes to the coordinator.
    package static let answerWorkingDays = 2

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
        case .consentEnded:
            Rule(
                role: .intaker, term: .workingDays(2),
                english: "Talk with the candidate about the consent that has ended: give it anew, or go on without it.",
                dutch: "Bespreek met de kandidaat de toestemming die is verlopen: opnieuw geven, of zonder verder.")
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
        case .nuisanceOnOffer:
            Rule(
                role: .coordinator, term: .workingDays(1),
                english:
                    "A nuisance file was opened on a home that is matched. Decide with the landlord whether that goes on.",
                dutch:
                    "Op een woning met een match is een overlastdossier geopend. Beslis met de verhuurder of die doorgaat."
            )
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
        case .stalledStep:
            Rule(
                role: .intaker, term: .workingDays(Self.answerWorkingDays),
                english: "A term has passed. Take the step, or say why it takes longer and until when.",
                dutch: "Een termijn is voorbij. Zet de stap, of zeg waarom het langer duurt en tot wanneer.")
        case .escalation:
            Rule(
                role: .coordinator, term: .workingDays(Self.answerWorkingDays),
                english: "A task was neither done nor answered in time. Find out what is needed.",
                dutch: "Een taak is niet op tijd gedaan of beantwoord. Zoek uit wat er nodig is.")
        case .followUpSignal:
            Rule(
                role: .intaker, term: .workingDays(2),
                english: "A home may be lost. Get in touch with the person, and say what was done about the signal.",
                dutch: "Iemand dreigt een woning te verliezen. Neem contact op en zeg wat er met het signaal is gedaan."
            )
        case .answerHandover:
            Rule(
                role: .intaker, term: .workingDays(10),
                english:
                    "Find out whether the other side goes on with this person; until then nothing changes for them.",
                dutch:
                    "Ga na of de andere partij met deze persoon verder gaat; tot dan verandert er voor de persoon niets."
            )
        case .handoverDeclined:
            Rule(
                role: .intaker, term: .workingDays(2),
                english: "The handover was declined. Talk with the candidate about how to go on here.",
                dutch: "De overdracht is afgewezen. Bespreek met de kandidaat hoe het hier verder gaat.")
        case .holdEnded:
            Rule(
                role: .intaker, term: .workingDays(Self.answerWorkingDays),
                english: "The candidate asked to wait until now. Ask whether the search goes on.",
                dutch: "De kandidaat wilde tot nu wachten. Vraag of het zoeken verder gaat.")
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
    /// Nil for what is about nobody's referral.
    package var referral: ReferralID?
    package var kind: TaskKind
    /// What it is about besides the referral.
    package var object: Identifier<Any>?
    /// Of a stalled step, the clock whose last day has passed.
    package var clock: ClockKind?
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
        _ kind: TaskKind, id: TaskID, about referral: ReferralID?, object: Identifier<Any>? = nil, role: Role? = nil,
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

/// Why something takes longer.
package enum StallReason: String, CaseIterable, Sendable {
    case capacity
    case informationMissing = "information_missing"
    case waitsForOtherParty = "waits_for_other_party"
    case candidateNotReached = "candidate_not_reached"
    case candidatesWish = "candidates_wish"
    case noFittingHome = "no_fitting_home"
    case noSupportAvailable = "no_support_available"
    /// Said in the note.
    case other
}

/// Why something takes longer, and until when.
package struct TaskAnswer: Sendable, Equatable {
    package var reason: StallReason
    package var until: CivilDate
    package var note: String?

    /// The latest day that can be named, in days from now: as long as the wishes stay fresh.
    package static let longestDays = 13 * 7

    /// An answer from its parts.
    package init(reason: StallReason, until: CivilDate, note: String? = nil) {
        self.reason = reason
        self.until = until
        self.note = note
    }
}

/// What can happen to a task.
package enum TaskDeed: String, CaseIterable, Sendable {
    case made
    case assigned
    case answered
    /// It was left, and the coordinator has a task about it.
    case escalated
    case done
    case dropped
}

/// Something that happened to a task.
package struct TaskEvent: Sendable, Equatable {
    package var deed: TaskDeed
    package var at: Instant
    package var answer: TaskAnswer?
    package var note: String?

    /// What happened, from its parts.
    package init(_ deed: TaskDeed, at: Instant, answer: TaskAnswer? = nil, note: String? = nil) {
        self.deed = deed
        self.at = at
        self.answer = answer
        self.note = note
    }
}
