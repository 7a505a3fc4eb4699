// Clocks as pure values: when they are due around weekends, holidays, leap days and the turn of the clock, what a pause
// does, who used which days, and which event starts and ends which.

import Domain
import TestKit
import Testing

@Suite struct ClockTests {
    private func day(_ text: String) throws -> CivilDate { try #require(CivilDate(iso: text)) }

    private func clock(_ kind: ClockKind, _ start: String) throws -> Clock {
        Clock(
            kind, id: ClockID(high: 1, low: 1), startedOn: try day(start), term: kind.defaultTerm, regionVersion: 0)
    }

    @Test(arguments: [
        // 26 weeks later is Christmas Day, a Saturday and Easter Monday: the promise stays where it is.
        (ClockKind.promise, "2026-06-26", "2026-12-25"), (.promise, "2026-06-27", "2026-12-26"),
        (.promise, "2025-10-06", "2026-04-06"), (.promise, "2027-09-01", "2028-03-01"),
        // Legal terms end on a working day.
        (.objection, "2026-06-01", "2026-07-13"), (.objection, "2026-11-13", "2026-12-28"),
        (.objection, "2026-02-20", "2026-04-07"), (.investigation, "2026-03-24", "2026-05-06"),
        (.investigation, "2026-03-23", "2026-05-04"), (.decision, "2026-03-20", "2026-04-07"),
        (.decision, "2026-04-13", "2026-04-28"), (.personalPlan, "2026-12-18", "2026-12-28"),
        // Answers count working days, from the day after.
        (.landlordAnswer, "2026-04-01", "2026-04-10"), (.candidateAnswer, "2026-05-04", "2026-05-12"),
        (.supportAnswer, "2026-12-23", "2026-12-31"), (.completeness, "2026-04-20", "2026-05-06"),
        (.wishes, "2026-01-01", "2026-04-02"), (.wishes, "2023-12-01", "2024-03-01"),
    ])
    func theLastDay(kind: ClockKind, start: String, due: String) throws {
        #expect(try clock(kind, start).dueOn(on: try day(start)).description == due)
    }

    /// A legal term of three days or more has two working days in it (Algemene termijnenwet, article 2).
    @Test(arguments: [
        ("2026-04-02", 3, "2026-04-08"), ("2026-04-02", 4, "2026-04-08"), ("2026-04-02", 7, "2026-04-09"),
        ("2026-12-24", 4, "2026-12-29"), ("2026-04-02", 2, "2026-04-07"), ("2026-06-01", 84, "2026-08-24"),
        // Beyond twelve weeks the law moves nothing: 85 days on is a Sunday.
        ("2026-06-06", 85, "2026-08-30"),
    ])
    func legalTerms(start: String, days: Int, due: String) throws {
        #expect(try ClockTerm.days(days).lastDay(from: day(start), isLegal: true).description == due)
    }

    @Test func aPauseMovesTheLastDay() throws {
        var clock = try clock(.investigation, "2026-01-05")
        #expect(try clock.dueOn(on: day("2026-01-05")).description == "2026-02-16")
        let wrongGround = clock.pause(.candidatesWish, on: try day("2026-01-12"))
        let paused = clock.pause(.informationAwaited, on: try day("2026-01-12"))
        let again = clock.pause(.forceMajeure, on: try day("2026-01-13"))
        #expect([wrongGround, paused, again] == [false, true, false])
        #expect(try clock.state(on: day("2026-03-30")) == .paused)
        #expect(try clock.pausedDays(on: day("2026-01-20")) == 8)
        let otherGround = clock.resume(.forceMajeure, on: try day("2026-01-22"))
        let resumed = clock.resume(.informationAwaited, on: try day("2026-01-22"))
        #expect([otherGround, resumed] == [false, true])
        #expect(try clock.dueOn(on: day("2026-01-22")).description == "2026-02-26")
        #expect(try clock.state(on: day("2026-02-26")) == .running && clock.daysLeft(on: day("2026-02-26")) == 0)
        #expect(try clock.state(on: day("2026-02-27")) == .breached)
        // What is breached stays so, however long the next pause.
        let tooLate = clock.pause(.informationAwaited, on: try day("2026-02-27"))
        #expect(tooLate)
        #expect(try clock.state(on: day("2026-05-01")) == .breached && clock.pausedDays(on: day("2026-05-01")) == 10)
        clock.end(.done, on: try day("2026-05-02"))
        #expect(try clock.state(on: day("2026-12-01")) == .late && clock.isBreached(on: day("2026-12-01")))
        #expect(clock.pause == nil)
    }

    @Test func keptAndDropped() throws {
        var kept = try clock(.candidateAnswer, "2026-06-01")
        kept.end(.done, on: try day("2026-06-08"))
        var late = kept
        late.endedOn = try day("2026-06-09")
        var dropped = kept
        dropped.outcome = .dropped
        let later = try day("2027-01-01")
        #expect([kept, late, dropped].map { $0.state(on: later) } == [.kept, .late, .dropped])
    }

    /// Property: however pauses and turns fall, the days used and the days still add up to the days that passed.
    @Test(arguments: 0..<200) func everyDayIsSomebodysOrStill(seed: Int) throws {
        var dice = SplitMix(seed: UInt64(seed))
        let start = CivilDate(dayNumber: 20_000 + Int32(dice.next(300)))
        var clock = Clock(
            .promise, id: ClockID(high: 1, low: 1), startedOn: start, term: .days(182), regionVersion: 0)
        var turns: [Turn] = [Turn(party: .intakePoint, from: start.adding(days: -Int(dice.next(5))))]
        var now = start
        for _ in 0..<Int(dice.next(12)) {
            now = now.adding(days: Int(dice.next(20)))
            switch dice.next(3) {
            case 0: _ = clock.pause(.candidatesWish, on: now)
            case 1: _ = clock.resume(.candidatesWish, on: now)
            default:
                turns.append(Turn(party: ClockParty.allCases[Int(dice.next(5))], from: now))
            }
        }
        now = now.adding(days: Int(dice.next(20)))
        let used = clock.daysUsed(turns, on: now).values.reduce(0, +)
        let still = clock.pauses.reduce(0) { $0 + Int(($1.until ?? now).dayNumber - $1.from.dayNumber) }
        #expect(used + still == Int(now.dayNumber - start.dayNumber), "seed \(seed)")
        #expect(clock.dueOn(on: now) >= start.adding(days: 182))
        let due = clock.dueOn(on: now)
        #expect(due <= start.adding(days: 182 + still))
    }

    @Test func whoseMoveItWas() throws {
        let events: [(String, ReferralState?, String)] = [
            ("submit", .submitted, "2026-01-05"), ("ask_information", .awaitingInformation, "2026-01-07"),
            ("give_information", .submitted, "2026-01-10"), ("start_intake", .intake, "2026-01-12"),
            ("complete_report", .reported, "2026-01-20"), ("report_response", nil, "2026-01-22"),
            ("admit", .waiting, "2026-01-23"), ("offer", .matched, "2026-02-02"),
            ("candidate_accepted", nil, "2026-02-03"), ("landlord_accepted", nil, "2026-02-05"),
            ("accept", .accepted, "2026-02-05"), ("move_in", .housed, "2026-03-01"),
        ]
        let turns = ClockRules.turns(of: try events.map { ($0.0, $0.1, try day($0.2)) })
        let expected: [(ClockParty, String)] = [
            (.intakePoint, "2026-01-05"), (.referrer, "2026-01-07"), (.intakePoint, "2026-01-10"),
            (.candidate, "2026-01-20"), (.intakePoint, "2026-01-22"), (.landlord, "2026-02-02"),
            (.candidate, "2026-02-05"), (.landlord, "2026-02-05"), (.provider, "2026-03-01"),
        ]
        let awaited = try expected.map { Turn(party: $0.0, from: try day($0.1)) }
        #expect(turns == awaited)
        var promise = try clock(.promise, "2026-01-23")
        promise.end(.done, on: try day("2026-03-01"))
        #expect(try promise.daysUsed(turns, on: day("2026-06-01")) == [.intakePoint: 10, .landlord: 27])
    }

    /// Every state of a referral has somebody whose move it is while it goes on, and nobody when it has ended.
    @Test(arguments: ReferralState.allCases) func somebodysMove(state: ReferralState) {
        for answered in [false, true] {
            #expect((ClockRules.party(in: state, reportAnswered: answered) != nil) == state.isOpen)
        }
    }

    /// What an event starts it does not change: a clock that begins is stored when all else is done.
    @Test func nothingIsChangedThatHasJustBegun() {
        let parties: [ClockEvent] = [.answered(.landlord), .answered(.candidate)]
        let events: [ClockEvent] =
            [
                .submitted(isUrgent: false), .submitted(isUrgent: true), .objected, .reportAnswered, .wishesWritten,
                .planReceived, .offered, .matchEnded, .supportAsked, .supportAnswered,
            ] + parties + ReferralMove.allCases.map { .moved($0) }
        // A post is two of them at once.
        let together = events.map { [$0] } + [[.submitted(isUrgent: true), .wishesWritten]]
        for events in together {
            var begun: [ClockKind] = []
            for effect in events.flatMap({ ClockRules.effects(of: $0) }) {
                switch effect {
                case .start(let kind), .startFor(let kind, _): begun.append(kind)
                case .pause(let kind, _), .resume(let kind, _), .end(let kind, _): #expect(!begun.contains(kind))
                case .endAll: #expect(begun.isEmpty)
                }
            }
        }
    }

    /// Every move that ends a referral stops all its clocks, and only a refusal leaves one: the objection.
    @Test(arguments: ReferralMove.allCases) func endsStopEverything(move: ReferralMove) {
        let effects = ClockRules.effects(of: .moved(move))
        let ends = [.redirect, .reject, .close, .withdraw].contains(move)
        #expect(effects.contains(.endAll) == ends)
        #expect(effects.contains(.start(.objection)) == (move == .reject))
        for case .pause(let kind, let ground) in effects { #expect(kind.pauseGrounds.contains(ground)) }
        for case .resume(let kind, let ground) in effects { #expect(kind.pauseGrounds.contains(ground)) }
    }
}

/// Seeded chance: splitmix64 (Steele, Lea, Flood 2014).
private struct SplitMix {
    var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }
    mutating func next(_ bound: UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return (bits ^ (bits >> 31)) % bound
    }
}
