// The clocks of a referral, with what each is for, how long it runs unless the region says otherwise, and whose move it
// is while it runs. How a clock counts is Clock's.

/// A clock that runs for a referral.
package enum ClockKind: String, CaseIterable, Sendable {
    /// Is there enough to go on with? The intake point asks, or starts.
    case completeness
    /// The candidate may hand in a plan of their own (Wmo 2015, article 2.3.2(2)).
    case personalPlan = "personal_plan"
    /// The investigation (Wmo 2015, article 2.3.2(1)).
    case investigation
    /// The decision after the investigation (Wmo 2015, article 2.3.5(2)).
    case decision
    /// The half-year promise: a home within 26 weeks.
    case promise
    case landlordAnswer = "landlord_answer"
    case candidateAnswer = "candidate_answer"
    case supportAnswer = "support_answer"
    /// The wishes are asked again.
    case wishes
    /// Objection to a refusal (Awb, articles 6:7 and 6:8).
    case objection

    /// How long it runs unless the region sets another term.
    package var defaultTerm: ClockTerm {
        switch self {
        case .completeness: .workingDays(10)
        case .personalPlan: .days(7)
        case .investigation, .objection: .days(6 * 7)
        case .decision: .days(2 * 7)
        case .promise: .days(26 * 7)
        case .landlordAnswer, .candidateAnswer, .supportAnswer: .workingDays(5)
        case .wishes: .days(13 * 7)
        }
    }

    /// How long the question whether there is enough to go on with takes in an urgent need (Wmo 2015, article 2.3.3: without
    /// delay).
    package static let urgentTerm = ClockTerm.days(1)

    /// Whether the term stands in a law, so that the Algemene termijnenwet moves its end. The promise, the answers and
    /// the wishes are agreements.
    package var isLegal: Bool {
        switch self {
        case .personalPlan, .investigation, .decision, .objection: true
        case .completeness, .promise, .landlordAnswer, .candidateAnswer, .supportAnswer, .wishes: false
        }
    }

    /// The grounds on which it may be paused.
    package var pauseGrounds: [PauseGround] {
        switch self {
        case .investigation, .decision: [.informationAwaited, .agreedInWriting, .candidatesDelay, .forceMajeure]
        case .promise: [.candidatesWish]
        case .completeness, .personalPlan, .landlordAnswer, .candidateAnswer, .supportAnswer, .wishes, .objection: []
        }
    }

    /// Whether letting it run out is somebody's failing: a right that is not used is not.
    package var isDuty: Bool { self != .personalPlan && self != .objection }

    /// Whose move it is while it runs; nil when that follows from where the referral stands.
    package var party: ClockParty? {
        switch self {
        case .completeness, .decision, .wishes: .intakePoint
        case .personalPlan, .candidateAnswer, .objection: .candidate
        case .landlordAnswer: .landlord
        case .supportAnswer: .provider
        case .investigation, .promise: nil
        }
    }
}

/// Somebody whose move it can be.
package enum ClockParty: String, CaseIterable, Sendable {
    case intakePoint = "intake_point"
    case referrer
    case candidate
    case landlord
    case provider
}

/// Why a clock stands still.
package enum PauseGround: String, CaseIterable, Sendable {
    /// Somebody was asked for what is missing (Awb, article 4:15(1)).
    case informationAwaited = "information_awaited"
    /// The candidate agreed in writing to wait (Awb, article 4:15(2)(a)).
    case agreedInWriting = "agreed_in_writing"
    /// The delay is the candidate's (Awb, article 4:15(2)(b)).
    case candidatesDelay = "candidates_delay"
    /// Nobody could help it (Awb, article 4:15(2)(c)).
    case forceMajeure = "force_majeure"
    /// The referral is on hold at the candidate's wish.
    case candidatesWish = "candidates_wish"
}

/// How long a clock runs, from the day after it starts.
package enum ClockTerm: Hashable, Sendable {
    case workingDays(Int)
    /// Calendar days; a week is seven of them.
    case days(Int)

    /// The last day of the term. A legal one of at most twelve weeks ends on a working day, and one of three days or
    /// more has at least two working days in it (Algemene termijnenwet, articles 1, 2 and 4).
    package func lastDay(from start: CivilDate, pausedDays: Int = 0, isLegal: Bool = false) -> CivilDate {
        switch self {
        case .workingDays(let count):
            return DutchCalendar.adding(workingDays: count, to: start).adding(days: pausedDays)
        case .days(let count):
            let last = start.adding(days: count + pausedDays)
            guard isLegal, count <= 12 * 7 else { return last }
            let moved = DutchCalendar.movedToWorkingDay(last)
            return count < 3 ? moved : max(moved, DutchCalendar.adding(workingDays: 2, to: start))
        }
    }
}
