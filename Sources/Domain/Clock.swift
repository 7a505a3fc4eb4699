// One clock as it runs: it knows when it is due, for how long it stood still and on which ground, whether it was kept, and
// how many days each party has used of it. Pure sums over days; what starts and stops clocks stands in ClockRules.

/// A clock, as the subject of an identifier.
package enum ClockTag {}
/// The name of a clock.
package typealias ClockID = Identifier<ClockTag>

/// A time in which a clock stands still: from a day on, until another or to this day.
package struct ClockPause: Sendable, Equatable {
    package var ground: PauseGround
    package var from: CivilDate
    package var until: CivilDate?

    /// A pause from its parts.
    package init(ground: PauseGround, from: CivilDate, until: CivilDate? = nil) {
        self.ground = ground
        self.from = from
        self.until = until
    }
}

/// How a clock ended.
package enum ClockOutcome: String, CaseIterable, Sendable {
    /// What it is for was done, in time or late.
    case done
    /// It no longer matters.
    case dropped
}

/// How a clock stands on a day.
package enum ClockState: String, CaseIterable, Sendable {
    case running
    case paused
    /// It runs, and its last day has passed.
    case breached
    case kept
    /// What it is for was done after its last day.
    case late
    case dropped
}

/// A clock of a referral.
package struct Clock: Sendable, Equatable {
    package var id: ClockID
    package var kind: ClockKind
    /// What it is about besides the referral: a match, a request for support.
    package var object: Identifier<Any>?
    package var startedOn: CivilDate
    package var term: ClockTerm
    /// In the order of time; only the last can be open.
    package var pauses: [ClockPause]
    package var endedOn: CivilDate?
    package var outcome: ClockOutcome?
    /// The version of the region's settings that the term is from.
    package var regionVersion: Int
    /// Why it takes longer and until when, as whoever's move it is said once its last day had passed; without the words.
    package var delay: TaskAnswer?

    /// A clock that starts.
    package init(
        _ kind: ClockKind, id: ClockID, object: Identifier<Any>? = nil, startedOn: CivilDate, term: ClockTerm,
        regionVersion: Int
    ) {
        self.id = id
        self.kind = kind
        self.object = object
        self.startedOn = startedOn
        self.term = term
        self.regionVersion = regionVersion
        pauses = []
    }

    /// The pause it is in; nil when it runs.
    package var pause: ClockPause? { pauses.last.flatMap { $0.until == nil ? $0 : nil } }

    /// The days for which it stood still, up to a day. A pause that began after the last day had passed pauses nothing:
    /// what is breached stays so.
    package func pausedDays(on day: CivilDate) -> Int {
        pauses.reduce(0) { paused, pause in
            guard pause.from <= lastDay(paused) else { return paused }
            return paused + max(0, Int(min(pause.until ?? day, day).dayNumber - pause.from.dayNumber))
        }
    }

    /// The last day, as it looks on a day: while the clock stands still it moves along.
    package func dueOn(on day: CivilDate) -> CivilDate { lastDay(pausedDays(on: endedOn.map { min($0, day) } ?? day)) }

    private func lastDay(_ paused: Int) -> CivilDate {
        term.lastDay(from: startedOn, pausedDays: paused, isLegal: kind.isLegal)
    }

    /// How it stands on a day.
    package func state(on day: CivilDate) -> ClockState {
        let due = dueOn(on: day)
        switch outcome {
        case .dropped: return .dropped
        case .done: return endedOn.map { $0 <= due } ?? true ? .kept : .late
        case nil: return day > due ? .breached : pause == nil ? .running : .paused
        }
    }

    /// Whether its last day passed before it was done.
    package func isBreached(on day: CivilDate) -> Bool { [.breached, .late].contains(state(on: day)) }

    /// Days from a day to the last one; negative once that has passed.
    package func daysLeft(on day: CivilDate) -> Int { Int(dueOn(on: day).dayNumber - day.dayNumber) }

    /// Stands still from a day on; false when it may not on this ground, or stands still already.
    package mutating func pause(_ ground: PauseGround, on day: CivilDate) -> Bool {
        guard endedOn == nil, pause == nil, kind.pauseGrounds.contains(ground) else { return false }
        pauses.append(ClockPause(ground: ground, from: day))
        return true
    }

    /// Runs again from a day on; false when it did not stand still on this ground.
    package mutating func resume(_ ground: PauseGround, on day: CivilDate) -> Bool {
        guard let open = pause, open.ground == ground else { return false }
        pauses[pauses.count - 1].until = max(day, open.from)
        return true
    }

    /// Ends on a day.
    package mutating func end(_ outcome: ClockOutcome, on day: CivilDate) {
        if let open = pause { pauses[pauses.count - 1].until = max(day, open.from) }
        endedOn = day
        self.outcome = outcome
    }
}

/// Since when it was somebody's move.
package struct Turn: Sendable, Equatable {
    package var party: ClockParty
    package var from: CivilDate

    /// A turn from its parts.
    package init(party: ClockParty, from: CivilDate) {
        self.party = party
        self.from = from
    }
}

extension Clock {
    /// The days of this clock up to a day that each party has used, given whose move it was when, in the order of time.
    /// Days on which it stood still are nobody's; a day belongs to whoever's move it was when the day ended.
    package func daysUsed(_ turns: [Turn], on day: CivilDate) -> [ClockParty: Int] {
        let end = endedOn.map { min($0, day) } ?? day
        var used: [ClockParty: Int] = [:]
        for (place, turn) in turns.enumerated() {
            let next = place + 1 < turns.count ? turns[place + 1].from : end
            let days = running(from: max(turn.from, startedOn), until: min(next, end))
            if days > 0 { used[turn.party, default: 0] += days }
        }
        return used
    }

    /// The days between two days on which the clock did not stand still.
    private func running(from: CivilDate, until: CivilDate) -> Int {
        guard until > from else { return 0 }
        let still = pauses.reduce(0) { days, pause in
            let start = max(pause.from, from)
            let end = min(pause.until ?? until, until)
            return days + max(0, Int(end.dayNumber - start.dayNumber))
        }
        return Int(until.dayNumber - from.dayNumber) - still
    }
}

/// A clock as it stands beside a referral in a list.
package struct ClockLine: Sendable, Equatable {
    package var kind: ClockKind
    package var dueOn: CivilDate

    /// A line from its parts.
    package init(kind: ClockKind, dueOn: CivilDate) {
        self.kind = kind
        self.dueOn = dueOn
    }
}
