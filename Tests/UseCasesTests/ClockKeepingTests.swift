// The clocks of a referral as it goes its way: started, paused and ended in the commit of what happens, by the terms of the
// region's settings in force, and listed by what is most urgent.

import Domain
import Storage
import Testing
import UseCases

@Suite struct ClockKeepingTests {
    let region: Region

    init() async throws { region = try await Region() }

    /// The clocks of a referral, each as its kind with how it stands.
    private func clocks(_ id: ReferralID, _ actor: Actor? = nil) throws -> [String] {
        try region.look(actor ?? region.intaker) { try Look.clocks(id, by: $0, in: $1) }.value.clocks
            .map { "\($0.kind.rawValue) \($0.state(on: region.today).rawValue)" }
    }

    private func clock(_ kind: ClockKind, _ id: ReferralID) throws -> Clock {
        let all = try region.look(region.intaker) { try Look.clocks(id, by: $0, in: $1) }.value.clocks
        return try #require(all.last { $0.kind == kind })
    }

    @Test func fromTheDoorToTheKey() async throws {
        let id = try await region.open()
        #expect(
            try clocks(id) == [
                "completeness running", "personal_plan running", "investigation running", "wishes running",
            ])
        region.wait(days: 1)
        try await region.move(id, .askInformation(question: "Which income?"))
        #expect(try clock(.investigation, id).state(on: region.today) == .paused)
        region.wait(days: 5)
        try await region.move(id, .giveInformation(note: nil), by: region.referrer)
        #expect(try clock(.investigation, id).dueOn(on: region.today).description == "2026-07-20")
        try await region.report(id)
        #expect(
            try clocks(id) == [
                "completeness kept", "personal_plan kept", "investigation kept", "wishes running", "decision running",
            ])
        try await region.move(id, Region.admission)
        #expect(try clock(.promise, id).dueOn(on: region.today) == region.standing(id).promiseDueOn)

        let match = try await region.propose(id, try await region.offerDwelling())
        #expect(try clocks(id).suffix(3) == ["promise running", "landlord_answer running", "candidate_answer running"])
        let answer = try clock(.candidateAnswer, id)
        #expect(
            try answer.dueOn(on: region.today) == region.match(match).answerDueOn && answer.object == match.retyped())
        try await region.move(id, .withdraw(reason: "?"))
        #expect(try clocks(id).suffix(3) == ["promise dropped", "landlord_answer dropped", "candidate_answer dropped"])
        #expect(try clock(.wishes, id).endedOn == region.today)
    }

    @Test func aHoldMovesThePromise() async throws {
        let id = try await region.waiting()
        let due = try clock(.promise, id).dueOn(on: region.today)
        try await region.move(id, .hold(reason: "Winter with family", until: region.today.adding(days: 60)))
        region.wait(days: 30)
        #expect(try clock(.promise, id).state(on: region.today) == .paused)
        try await region.move(id, .resume)
        #expect(try clock(.promise, id).dueOn(on: region.today) == due.adding(days: 30))
        #expect(try region.standing(id).promiseDueOn == due.adding(days: 30))
        let seen = try region.look(region.referrer) { try Look.clocks(id, by: $0, in: $1) }.value
        let promise = try #require(seen.clocks.last { $0.kind == .promise })
        #expect(promise.daysUsed(seen.turns, on: region.today).isEmpty && promise.pausedDays(on: region.today) == 30)
        #expect(seen.clocks.allSatisfy { $0.object == nil })
    }

    @Test func aRefusalLeavesTheObjection() async throws {
        let id = try await region.open()
        try await region.report(id)
        try await region.move(id, .reject(advice: [.neighbourhoodTeam], grounds: "Manages alone"))
        let running = try clocks(id).filter { $0.hasSuffix("running") }
        #expect(running == ["objection running"])
        region.wait(days: 60)
        // Nobody's duty: it lapses, and is not in the list of what is late.
        #expect(try list(.breached(before: region.today)).isEmpty)
    }

    private func list(_ clock: ClockFilter?) throws -> [(ReferralID, ClockKind?)] {
        var filter = ReferralFilter()
        filter.order = .dueOn
        filter.clock = clock
        return try region.look(region.intaker) {
            try Look.referrals(filter, page: PageRequest(limit: 100), by: $0, in: $1)
        }.value.items.map { ($0.standing.id, $0.clock?.kind) }
    }

    @Test func theMostUrgentComesFirst() async throws {
        let early = try await region.open()
        region.wait(days: 10)
        let late = try await region.open(by: nil, try Sample.draft(familyName: "Bakker"))
        let waits = try await region.waiting(try Sample.draft(familyName: "Smit"))
        #expect(try list(nil).map(\.0) == [early, late, waits])
        #expect(try list(nil).map(\.1) == [.completeness, .completeness, .wishes])
        #expect(try list(.breached(before: region.today)).isEmpty)
        #expect(try list(.due(region.today...region.today.adding(days: 7))).map(\.0) == [early])
        region.wait(days: 6)
        #expect(try list(.breached(before: region.today)).map(\.0) == [early])
        try await region.move(early, .startIntake)
        #expect(try list(.breached(before: region.today)).isEmpty && list(nil).last?.0 == waits)
    }

    /// A clock keeps the term it started with, and a decision the version it rested on.
    @Test func settingsCountFromWhenTheyAreApplied() async throws {
        let before = try await region.waiting()
        var settings = RegionSettings.standard
        settings.name = "R"
        let town = try #require(Municipality(code: "GM0153"))
        settings.municipalities = [RegionMunicipality(code: town, name: "Enschede", central: town)]
        settings.terms[.promise] = .days(90)
        settings.terms[.candidateAnswer] = .workingDays(2)
        let changed = settings
        let version = try await region.database.write { try RegionStore($0.db).insert(changed, at: $0.now) }
        #expect(version == 1)
        #expect(try await region.database.write { try RegionStore($0.db).insert(changed, at: $0.now) } == nil)
        let after = try await region.waiting(try Sample.draft(familyName: "Smit"))
        #expect(try clock(.promise, before).dueOn(on: region.today) == region.today.adding(days: 182))
        #expect(try clock(.promise, before).regionVersion == 0)
        #expect(try clock(.promise, after).dueOn(on: region.today) == region.today.adding(days: 90))
        #expect(try clock(.promise, after).regionVersion == 1)
        let decisions = try [before, after].map { id in
            try region.look(region.intaker) { try Look.referral(id, by: $0, in: $1) }.value.decision?.regionVersion
        }
        #expect(decisions == [0, 1])
        #expect(try region.database.read(lane: 0) { try RegionStore($0.db).find(7) } == nil)
    }
}
