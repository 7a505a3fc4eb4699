// Legal terms that stand still on a ground somebody gives: which may, which may not, and what it does to the last day.

import Domain
import Storage
import Testing
import UseCases

@Suite struct PauseTests {
    let region: Region

    init() async throws { region = try await Region() }

    private func clock(_ kind: ClockKind, _ id: ReferralID) throws -> Clock {
        let all = try region.look(region.intaker) { try Look.clocks(id, by: $0, in: $1) }.value.clocks
        return try #require(all.last { $0.kind == kind })
    }

    private func refusal(_ clock: ClockID, _ id: ReferralID, _ ground: PauseGround) async throws -> Refusal? {
        try await region.refusal(region.intaker) {
            try PauseClock.pause(clock, of: id, ground, reason: "Why", by: $0, in: $1)
        }
    }

    @Test func theInvestigationStandsStill() async throws {
        let id = try await region.open()
        let before = try clock(.investigation, id)
        let due = before.dueOn(on: region.today)
        region.wait(days: 3)
        try await region.run(region.intaker) {
            _ = try PauseClock.pause(before.id, of: id, .agreedInWriting, reason: "A letter", by: $0, in: $1)
        }
        #expect(try clock(.investigation, id).state(on: region.today) == .paused)
        #expect(try await refusal(before.id, id, .forceMajeure) == .conflict(.other), "it stands still already")
        region.wait(days: 7)
        try await region.run(region.coordinator) { _ = try PauseClock.resume(before.id, of: id, by: $0, in: $1) }
        #expect(try clock(.investigation, id).dueOn(on: region.today) == due.adding(days: 7))
        let events = try region.events(id)
        #expect(events.map(\.kind) == ["submit", "clock_paused", "clock_resumed"] && events[1].reason == "A letter")
    }

    @Test func whatMayNotStandStill() async throws {
        let id = try await region.open()
        let investigation = try clock(.investigation, id).id
        for ground in [PauseGround.informationAwaited, .candidatesWish] {
            #expect(try await refusal(investigation, id, ground) == .invalid("/ground", "follows"))
        }
        #expect(try await refusal(try clock(.completeness, id).id, id, .forceMajeure) == .conflict(.other))
        #expect(try await refusal(ClockID(high: 1, low: 1), id, .forceMajeure) == .notFound)
        let waits = try await region.waiting(try Sample.draft(familyName: "Smit"))
        #expect(
            try await refusal(try clock(.promise, waits).id, waits, .candidatesDelay) == .conflict(.other),
            "the promise is no legal term")
        try await region.move(id, .askInformation(question: "Which?"))
        #expect(
            try await region.refusal(region.intaker) { try PauseClock.resume(investigation, of: id, by: $0, in: $1) }
                == .conflict(.other), "a move brought it, and a move ends it")
        try await region.move(id, .giveInformation(note: nil))
        region.wait(days: 60)
        #expect(try await refusal(investigation, id, .forceMajeure) == .conflict(.other), "late stays late")
    }
}
