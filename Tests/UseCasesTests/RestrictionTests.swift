// Named people only: whoever is not named finds a restricted person nowhere; in an emergency the glass is broken for a
// while, marked, and judged by somebody else.

import Domain
import Storage
import Testing
import UseCases

@Suite struct RestrictionTests {
    let region: Region

    init() async throws { region = try await Region() }

    private func restrict(_ id: ReferralID, to people: [Actor] = [], by actor: Actor? = nil) async throws {
        let named = people.map(\.token)
        try await region.run(actor ?? region.coordinator) {
            _ = try RestrictReferral.run(.restrict(people: named, reason: "Threats"), on: id, by: $0, in: $1)
        }
    }

    private func sees(_ actor: Actor, _ id: ReferralID) throws -> Bool {
        do {
            _ = try region.look(actor) { try Look.referral(id, by: $0, in: $1) }
            return true
        } catch UseCaseFault.notFound {
            return false
        }
    }

    private func found(_ actor: Actor) throws -> [ReferralID] {
        var search = ReferralStore.Search()
        search.familyName = "Jansen"
        search.birthDate = CivilDate(iso: "1990-02-28")
        let searched = try region.look(actor) { try Look.search(search, by: $0, in: $1) }.value.map(\.standing.id)
        let listed = try region.look(actor) {
            try Look.referrals(ReferralFilter(), page: PageRequest(limit: 100), by: $0, in: $1)
        }.value.items.map(\.standing.id)
        #expect(searched == listed)
        return listed
    }

    @Test func nobodyElseFindsThePerson() async throws {
        let id = try await region.waiting()
        let match = try await region.propose(id, try await region.offerDwelling())
        let candidate = try await region.candidate(of: id)
        try await restrict(id, to: [region.referrer])
        #expect(try sees(region.coordinator, id) && sees(region.referrer, id) && sees(candidate, id))
        #expect(try !sees(region.intaker, id) && !sees(region.policymaker, id))
        #expect(try found(region.intaker).isEmpty && found(region.referrer) == [id])
        for actor in [region.intaker, region.allocator] {
            let matches = try region.look(actor) {
                try Look.matches(states: [], page: PageRequest(limit: 100), by: $0, in: $1)
            }
            #expect(matches.value.items.isEmpty)
            #expect(try await region.refusal(actor) { _ = try Look.match(match, by: $0, in: $1.reading) } == .notFound)
        }
        // What another of the intake point would have been told of a second referral, it is not told now.
        _ = try await region.open(by: region.intaker, try Sample.draft())
        let auditor = try region.look(region.auditor) {
            try Look.disclosures(id, page: PageRequest(limit: 5), by: $0, in: $1)
        }
        #expect(!auditor.value.items.isEmpty)

        try await region.run(region.coordinator) {
            _ = try RestrictReferral.run(.end(reason: "Over"), on: id, by: $0, in: $1)
        }
        #expect(try sees(region.intaker, id))
        #expect(
            try await region.refusal(region.coordinator) {
                try RestrictReferral.run(.end(reason: "Over"), on: id, by: $0, in: $1)
            } == .conflict(.other))
    }

    @Test func whoRestrictsIsNamedAndWhoIsNamedMustBe() async throws {
        let id = try await region.open()
        try await restrict(id, by: region.intaker)
        let restriction = try region.look(region.intaker) { try RestrictReferral.find(id, by: $0, in: $1) }.value
        #expect(restriction.people.map(\.token) == [region.intaker.token] && restriction.reason == "Threats")
        let refusal = try await region.refusal(region.intaker) {
            try RestrictReferral.run(
                .restrict(people: [TokenID(high: 7, low: 7)], reason: "x"), on: id, by: $0, in: $1)
        }
        #expect(refusal == .invalid("/people/0", "unknown"))
        for actor in [region.referrer, region.supporter, region.allocator, region.admin] {
            #expect(
                try await region.refusal(actor) {
                    try RestrictReferral.run(.end(reason: "Over"), on: id, by: $0, in: $1)
                } == .forbidden)
        }
    }

    private func breakGlass(_ actor: Actor, _ id: ReferralID) async throws -> EmergencyAccess {
        try await region.run(actor) { try BreakGlass.run(id, reason: "Crisis service calls", by: $0, in: $1) }
    }

    /// The intaker as the next request finds them: at this moment, with the glass broken.
    private var intakerNow: Actor {
        var actor = region.intaker
        actor.asOf = region.machine.now
        actor.hasBrokenGlass = true
        return actor
    }

    @Test func theGlassIsBrokenForAWhileAndJudgedByAnother() async throws {
        let id = try await region.open()
        #expect(
            try await region.refusal(region.intaker) {
                try BreakGlass.run(id, reason: "Crisis service calls", by: $0, in: $1)
            } == .conflict(.other), "what is not restricted needs none")
        try await restrict(id)
        let access = try await breakGlass(region.intaker, id)
        #expect(access.endsAt == region.machine.now.adding(seconds: 4 * 3600))
        #expect(try sees(intakerNow, id) && !sees(region.supporter, id))
        let looks = try region.look(intakerNow) { try Look.referral(id, by: $0, in: $1) }.disclosures
        let reader = intakerNow
        try await region.run(reader) { caller, tx in
            try LedgerStore(tx.db).append(looks, by: caller.actor, trace: caller.trace, at: tx.now)
        }
        let entries = try region.ledger(id)
        #expect(entries.last?.grounds.contains(.vitalInterests) == true)
        #expect(entries.contains { $0.action == "break_glass" && $0.grounds.contains(.vitalInterests) })
        #expect(!entries.contains { $0.action == "restricted" && $0.grounds.contains(.vitalInterests) })

        let tasks = try region.look(region.coordinator) {
            try DoTask.list(TaskFilter(), page: PageRequest(limit: 10), by: $0, in: $1)
        }.value.items
        #expect(tasks.map(\.kind) == [.reviewEmergencyAccess] && tasks.first?.object == access.id.retyped())
        func review(_ actor: Actor) async throws -> Refusal? {
            try await region.refusal(actor) {
                try BreakGlass.review(access.id, of: id, .justified, note: "Checked", by: $0, in: $1)
            }
        }
        #expect(try await review(region.intaker) == .notFound, "who sees only by it judges nothing")
        let judged = try await region.run(region.coordinator) {
            try BreakGlass.review(access.id, of: id, .justified, note: "It could not wait", by: $0, in: $1)
        }
        #expect(judged.outcome == .justified && judged.endsAt == access.endsAt)
        #expect(try await review(region.coordinator) == .conflict(.other))
        #expect(try region.database.read(lane: 0) { try TaskStore($0.db).open(about: id) }.isEmpty)

        region.wait(seconds: 4 * 3600 - 1)
        #expect(try sees(intakerNow, id))
        region.wait(seconds: 1)
        #expect(try !sees(intakerNow, id))
    }

    @Test func nobodyJudgesTheirOwn() async throws {
        let id = try await region.open()
        try await restrict(id, by: region.intaker)
        let access = try await breakGlass(region.coordinator, id)
        #expect(
            try await region.refusal(region.coordinator) {
                try BreakGlass.review(access.id, of: id, .justified, note: "Mine", by: $0, in: $1)
            } == .conflict(.other))
    }

    @Test func anEmergencySearchFindsAndOpens() async throws {
        let id = try await region.open(try Sample.draft(bsn: Sample.bsns[0]))
        try await restrict(id)
        var search = ReferralStore.Search()
        search.familyName = "Jansen"
        let name = search
        #expect(
            try await region.refusal(region.intaker) {
                try BreakGlass.search(name, reason: "Crisis service calls", by: $0, in: $1)
            } == .invalid("", "required"))
        search.familyName = nil
        search.bsn = CitizenServiceNumber(Sample.bsns[0])
        let bsn = search
        let reader = intakerNow
        for _ in 0..<2 {
            let found = try await region.run(reader) {
                try BreakGlass.search(bsn, reason: "Crisis service calls", by: $0, in: $1)
            }
            #expect(found.map(\.standing.id) == [id])
        }
        let accesses = try region.look(region.coordinator) { try BreakGlass.list(id, by: $0, in: $1) }.value
        #expect(accesses.count == 1, "a second search opens nothing more")
    }

    @Test func tasksAreDoneAndHandedOn() async throws {
        let id = try await region.open()
        let consent = try region.look(region.intaker) { try Look.consents(id, by: $0, in: $1) }.value[0].id
        try await region.run(region.intaker) { try Converse.withdraw(consent, of: id, reason: nil, by: $0, in: $1) }
        let task = try #require(try region.database.read(lane: 0) { try TaskStore($0.db).open(about: id).first })
        let coordinator = region.coordinator.token
        let stranger = region.otherReferrer.token
        #expect(
            try await region.refusal(region.intaker) {
                try DoTask.assign(task.id, to: stranger, note: "x", if: .any, by: $0, in: $1)
            } == .invalid("/token", "scope"))
        let handed = try await region.run(region.intaker) {
            try DoTask.assign(task.id, to: coordinator, note: "Yours", if: .versions([1]), by: $0, in: $1)
        }
        #expect(handed.role == .coordinator && handed.token == coordinator && handed.version == 2)
        #expect(
            try await region.refusal(region.coordinator) {
                try DoTask.complete(task.id, note: "Done", if: .versions([1]), by: $0, in: $1)
            } == .preconditionFailed)
        let trail = try await region.trail(region.coordinator, about: id) {
            try DoTask.complete(task.id, note: "Done", if: .any, by: $0, in: $1)
        }
        #expect(trail.value.state == .done && trail.events == ["task_done"])
        #expect(
            try await region.refusal(region.coordinator) {
                try DoTask.complete(task.id, note: "Again", if: .any, by: $0, in: $1)
            } == .conflict(.other))
        #expect(
            try await region.refusal(region.referrer) { _ = try DoTask.find(task.id, by: $0, in: $1.reading) }
                == .notFound)
    }
}
