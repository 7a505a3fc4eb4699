// When an answer is due: the default terms of the region, as pure sums over days. Knows whose days they are, not what
// happens when they pass.

/// The region's default terms.
package enum Clocks {
    /// Working days a landlord or a candidate has to answer an offered match.
    package static let answerWorkingDays = 5
    /// Working days a provider has to answer a request for support.
    package static let supportAnswerWorkingDays = 5
    /// The half-year promise, in days: 26 weeks from admission to a home.
    package static let promiseDays = 26 * 7
    /// Days in which a refusal can be objected to: six weeks (Awb 6:7).
    package static let objectionDays = 6 * 7
    /// Days after which wishes are asked again: 13 weeks.
    package static let wishesFreshDays = 13 * 7

    /// The last day to answer a match offered at a moment.
    package static func matchAnswerDue(offeredAt: Instant) -> CivilDate {
        DutchCalendar.adding(workingDays: answerWorkingDays, to: AmsterdamTime.day(of: offeredAt))
    }

    /// The last day for a provider to answer a request made at a moment.
    package static func supportAnswerDue(askedAt: Instant) -> CivilDate {
        DutchCalendar.adding(workingDays: supportAnswerWorkingDays, to: AmsterdamTime.day(of: askedAt))
    }

    /// The day by which somebody admitted at a moment has a home. An agreement, not a legal term: never moved for
    /// weekends or holidays (Algemene termijnenwet, article 4: terms over twelve weeks).
    package static func promiseDue(admittedAt: Instant) -> CivilDate {
        AmsterdamTime.day(of: admittedAt).adding(days: promiseDays)
    }

    /// The last day to object to a decision sent at a moment; a legal term, so it ends on a working day.
    package static func objectionDue(decidedAt: Instant) -> CivilDate {
        DutchCalendar.movedToWorkingDay(AmsterdamTime.day(of: decidedAt).adding(days: objectionDays))
    }

    /// Whether wishes written at a moment should be asked again by `now`.
    package static func wishesAreStale(writtenAt: Instant, now: Instant) -> Bool {
        AmsterdamTime.day(of: writtenAt).adding(days: wishesFreshDays) < AmsterdamTime.day(of: now)
    }
}
