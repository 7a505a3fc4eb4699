// A consultation: a professional asks advice on a case that stays anonymous. It begins with the same two questions as a
// referral, and can become one. And the themes that the intake point gives to an opening, by which missed signals are counted.

/// A consultation, as the subject of an identifier.
package enum ConsultationTag {}
/// The name of a consultation.
package typealias ConsultationID = Identifier<ConsultationTag>

/// How old somebody is, roughly.
package enum AgeBand: String, CaseIterable, Sendable {
    case under18 = "under_18"
    case from18 = "18_22"
    case from23 = "23_26"
    case from27 = "27_44"
    case from45 = "45_64"
    case from65 = "65_plus"
}

/// What went unseen, or was needed and not there: the closed list by which openings are counted. The words of an opening go
/// to nobody but the intake point.
package enum SignalTheme: String, CaseIterable, Sendable {
    case rentArrears = "rent_arrears"
    case otherDebts = "other_debts"
    /// Letters that nobody opened or understood.
    case unreadMail = "unread_mail"
    case incomeLost = "income_lost"
    case mentalHealth = "mental_health"
    case substanceUse = "substance_use"
    case disability
    case separation
    case violence
    case loneliness
    case nuisance
    /// Leaving care, a clinic or detention without a home.
    case dischargeWithoutHome = "discharge_without_home"
    case turningEighteen = "turning_eighteen"
    /// Waiting too long for help that was known to be needed.
    case longWait = "long_wait"
    /// Many helpers, and nobody who held on.
    case nobodyHeldOn = "nobody_held_on"
    case notBelieved = "not_believed"
    case noAffordableHome = "no_affordable_home"
    case other
}

/// Where a consultation stands.
package enum ConsultationState: String, CaseIterable, Sendable {
    case asked
    case answered
}

/// A case as it is put to the intake point: nobody can be recognised in it.
package struct ConsultationDraft: Sendable, Equatable {
    package var opening: Opening
    package var route: ReferralRoute
    package var municipality: Municipality
    package var ageBand: AgeBand?
    package var question: String

    /// A draft from its parts.
    package init(
        opening: Opening, route: ReferralRoute, municipality: Municipality, ageBand: AgeBand?, question: String
    ) {
        self.opening = opening
        self.route = route
        self.municipality = municipality
        self.ageBand = ageBand
        self.question = question
    }
}

/// What the intake point answers.
package struct ConsultationAnswer: Sendable, Equatable {
    package var text: String
    package var advice: [Advice]
    package var at: Instant

    /// An answer from its parts.
    package init(text: String, advice: [Advice], at: Instant) {
        self.text = text
        self.advice = advice
        self.at = at
    }
}

/// One consultation.
package struct Consultation: Sendable, Equatable {
    package var id: ConsultationID
    package var asker: OrganisationName
    package var askedAt: Instant
    package var content: ConsultationDraft
    package var answer: ConsultationAnswer?
    /// What it became, to who may know of that.
    package var referral: ReferralID?
    /// The themes of its opening; nil until the intake point has given them.
    package var themes: [SignalTheme]?
    package var version: Int

    /// A consultation that was just asked.
    package init(id: ConsultationID, asker: OrganisationName, askedAt: Instant, content: ConsultationDraft) {
        self.id = id
        self.asker = asker
        self.askedAt = askedAt
        self.content = content
        version = 1
    }

    /// Where it stands.
    package var state: ConsultationState { answer == nil ? .asked : .answered }
}

/// What gives somebody away in a text that is to name nobody.
package enum Anonymity {
    /// What a text has in it by which somebody can be recognised; nil for nothing that a program can find.
    package static func trace(in text: String) -> String? {
        if text.contains("@") { return "an e-mail address" }
        for run in numbers(in: text) {
            if run.count == 9, CitizenServiceNumber(run) != nil { return "a citizen service number" }
            if run.count >= 10 { return "a phone number" }
        }
        return hasDate(text) ? "a date, such as one of birth" : nil
    }

    /// The runs of digits, with what people put between the digits of one number left out.
    private static func numbers(in text: String) -> [String] {
        var runs: [String] = []
        var run = ""
        for scalar in text.unicodeScalars {
            if ("0"..."9").contains(scalar) {
                run.unicodeScalars.append(scalar)
            } else if ![" ", "-", ".", "(", ")", "+"].contains(scalar) {
                runs.append(run)
                run = ""
            }
        }
        return (runs + [run]).filter { !$0.isEmpty }
    }

    /// Whether a whole date stands in it: 12-04-1988, 12/4/1988, 1988-04-12.
    private static func hasDate(_ text: String) -> Bool {
        let parts = text.split { !(("0"..."9").contains($0) || "-/.".contains($0)) }
        return parts.contains { part in
            let numbers = part.split { "-/.".contains($0) }
            guard numbers.count == 3, numbers.allSatisfy({ $0.count <= 4 }) else { return false }
            return numbers.first?.count == 4 || numbers.last?.count == 4
        }
    }
}
