// What time brings about by itself: a task for whoever's move it is, an answer with a reason and a new day, the coordinator
// when nobody answers; each once, in bounded steps, for restricted people too.

import Domain
import Storage
import Testing
import UseCases

@testable import UseCases

@Suite struct ClockworkTests {
    let region: Region

    init() async throws { region = try await Region() }

    /// What these tests are about; what ends by itself is tested where it begins.
    private static let watched = ["stalled_steps", "ended_holds", "escalations"]

    /// Asks for each of the duties once; how much each did.
    @discardableResult
    private func pass() async throws -> [Int] {
        var done: [Int] = []
        for duty in Clockwork.duties where Self.watched.contains(duty.name) {
            done.append(try await region.database.write { try Clockwork.run(duty, in: $0) })
        }
        return done
    }

    private func open(_ id: ReferralID) throws -> [CaseTask] {
        try region.database.read(lane: 0) { try TaskStore($0.db).open(about: id) }
    }

    private func task(_ kind: TaskKind, _ id: ReferralID) throws -> CaseTask {
        try #require(try open(id).first { $0.kind == kind })
    }

    private func history(_ task: CaseTask) throws -> [TaskEvent] {
        try region.database.read(lane: 0) { try TaskStore($0.db).history(of: task.id) }
    }

    private func answer(_ task: CaseTask, inDays days: Int, by actor: Actor) async throws {
        let answer = TaskAnswer(reason: .capacity, until: region.today.adding(days: days), note: "Ill")
        try await region.run(actor) { try DoTask.answer(task.id, answer, if: .any, by: $0, in: $1) }
    }

    @Test func fromATermToTheCoordinator() async throws {
        let id = try await region.open(by: nil, try Sample.calmDraft())
        region.wait(days: 14)
        #expect(try await pass() == [0, 0, 0], "ten working days have not passed")
        region.wait(days: 1)
        #expect(try await pass() == [1, 0, 0])
        #expect(try await pass() == [0, 0, 0], "once")
        let stalled = try task(.stalledStep, id)
        #expect(stalled.role == .intaker && stalled.organisation == nil && stalled.clock == .completeness)
        #expect(stalled.dueOn.description == "2026-06-18")

        region.wait(days: 3)
        #expect(try await pass() == [0, 0, 1])
        #expect(try await pass() == [0, 0, 0], "once")
        let left = try task(.escalation, id)
        #expect(left.role == .coordinator && left.object == stalled.id.retyped())

        // An answer gives it until the new day, and takes it back from the coordinator.
        try await answer(stalled, inDays: 7, by: region.intaker)
        #expect(try open(id).map(\.kind) == [.stalledStep])
        let clocks = try region.look(region.referrer) { try Look.clocks(id, by: $0, in: $1) }.value.clocks
        let delay = try #require(clocks.first { $0.kind == .completeness }?.delay)
        #expect(delay == TaskAnswer(reason: .capacity, until: region.today.adding(days: 7)), "without the note")
        region.wait(days: 7)
        #expect(try await pass() == [0, 0, 0])
        region.wait(days: 1)
        #expect(try await pass() == [0, 0, 1], "and then to the coordinator again")

        // The step itself ends both.
        try await region.move(id, .startIntake)
        #expect(try open(id).isEmpty)
        #expect(
            try history(stalled).map(\.deed) == [.made, .escalated, .answered, .escalated, .done])
        #expect(try history(stalled)[2].answer?.reason == .capacity && history(stalled)[2].answer?.note == "Ill")
        #expect(try history(left).map(\.deed) == [.made, .done])
    }

    /// Each clock's task is for whoever's move it is, at their organisation.
    @Test func whoseMoveItIs() async throws {
        let made = try await region.matched()
        _ = try await region.ask(made.referral, region.otherProvider)
        region.wait(days: 8)
        try await pass()
        let tasks = try open(made.referral).filter { $0.kind == .stalledStep }
        let owners = tasks.map { "\($0.clock?.rawValue ?? "") \($0.role.rawValue) \($0.organisation == nil)" }
        #expect(
            Set(owners) == [
                "landlord_answer allocator false", "candidate_answer candidate true", "support_answer supporter false",
            ])
        func seen(_ actor: Actor) throws -> [ClockKind?] {
            try region.look(actor) { try DoTask.list(TaskFilter(), page: PageRequest(limit: 9), by: $0, in: $1) }
                .value.items.map(\.clock)
        }
        #expect(try seen(region.allocator) == [.landlordAnswer] && seen(region.otherAllocator).isEmpty)
        #expect(try seen(region.otherSupporter) == [.supportAnswer] && seen(region.supporter).isEmpty)
        let candidate = try await region.candidate(of: made.referral)
        #expect(try seen(candidate) == [.candidateAnswer])
        // What ends the match drops what was asked because of it.
        try await region.answer(made.match, .expire, by: region.coordinator)
        #expect(try open(made.referral).compactMap(\.clock) == [.supportAnswer])
        region.wait(days: 200)
        try await pass()
        #expect(try open(made.referral).first { $0.clock == .promise }?.role == .coordinator)
    }

    /// Terms pass for restricted people too; of the task only named people learn.
    @Test func restrictedPeopleAreNotForgotten() async throws {
        let id = try await region.open()
        try await region.run(region.coordinator) {
            _ = try RestrictReferral.run(.restrict(people: [], reason: "Threats"), on: id, by: $0, in: $1)
        }
        region.wait(days: 20)
        #expect(try await pass()[0] == 1)
        for (actor, count) in [(region.intaker, 0), (region.coordinator, 1)] {
            let seen = try region.look(actor) {
                try DoTask.list(TaskFilter(), page: PageRequest(limit: 9), by: $0, in: $1)
            }
            #expect(seen.value.items.count { $0.kind == .stalledStep } == count)
        }
    }

    /// What ends by itself goes before what somebody is asked to do.
    @Test func offersLapseBeforeAnybodyIsAsked() async throws {
        let names = Clockwork.duties.map(\.name)
        let (lapse, notice) = (names.firstIndex(of: "expired_offers"), names.firstIndex(of: "stalled_steps"))
        #expect(try #require(lapse) < #require(notice))
        let made = try await region.matched()
        region.wait(days: 8)
        for duty in Clockwork.duties { _ = try await region.database.write { try Clockwork.run(duty, in: $0) } }
        #expect(try region.match(made.match).standing.state == .expired)
        #expect(try region.standing(made.referral).state == .waiting)
        #expect(try open(made.referral).allSatisfy { $0.clock != .landlordAnswer && $0.clock != .candidateAnswer })
        #expect(try region.events(made.referral).last?.organisation?.name == "Thuispunt (klok)")
    }

    @Test func aHoldThatIsOver() async throws {
        let id = try await region.waiting(try Sample.calmDraft())
        try await region.move(id, .hold(reason: "With family", until: region.today.adding(days: 10)))
        region.wait(days: 10)
        #expect(try await pass() == [0, 0, 0])
        region.wait(days: 1)
        #expect(try await pass() == [0, 1, 0])
        #expect(try await pass() == [0, 0, 0], "once")
        let task = try task(.holdEnded, id)
        try await region.run(region.intaker) { try DoTask.complete(task.id, note: "Asked", if: .any, by: $0, in: $1) }
        region.wait(days: 1)
        #expect(try await pass() == [0, 0, 0], "told once")
    }

    /// Held again while the task of the first time is still open: that one went with the first hold, and the clock finds an
    /// end.
    @Test func aHoldOnceMore() async throws {
        let id = try await region.waiting(try Sample.calmDraft())
        for _ in 1...2 {
            try await region.move(id, .hold(reason: "With family", until: region.today.adding(days: 10)))
            region.wait(days: 11)
            #expect(try await pass() == [0, 1, 0])
            #expect(try await pass() == [0, 0, 0], "once")
            try await region.move(id, .resume)
            #expect(try open(id).allSatisfy { $0.kind != .holdEnded })
        }
    }

    /// A day on which a hundred terms end is done in steps, and nobody is left out.
    @Test func manyAtOnce() async throws {
        for number in 0..<230 {
            _ = try await region.open(by: nil, try Sample.draft(familyName: "N\(number)", consents: []))
        }
        region.wait(days: 15)
        var counts: [Int] = []
        while let done = try await pass().first, done > 0 { counts.append(done) }
        #expect(counts.reduce(0, +) == 230 && counts.allSatisfy { $0 <= Clockwork.batch })
        var filter = TaskFilter()
        filter.kind = .stalledStep
        let stalled = filter
        let rows = try region.look(region.intaker) {
            try DoTask.list(stalled, page: PageRequest(limit: 500), by: $0, in: $1)
        }.value.items
        #expect(Set(rows.compactMap(\.referral)).count == 230)
    }

    @Test func whatTakesNoAnswerSaysSo() async throws {
        let id = try await region.open()
        region.wait(days: 20)
        try await pass()
        region.wait(days: 5)
        try await pass()
        let left = try task(.escalation, id)
        let day = region.today.adding(days: 3)
        #expect(
            try await region.refusal(region.coordinator) {
                try DoTask.answer(left.id, TaskAnswer(reason: .other, until: day), if: .any, by: $0, in: $1)
            } == .conflict(.other))
        let stalled = try task(.stalledStep, id)
        for days in [0, TaskAnswer.longestDays + 1] {
            let day = region.today.adding(days: days)
            #expect(
                try await region.refusal(region.intaker) {
                    try DoTask.answer(stalled.id, TaskAnswer(reason: .capacity, until: day), if: .any, by: $0, in: $1)
                } == .invalid("/until", "range"))
        }
    }

    /// What only makes sense while a referral goes on ends with it; danger does not.
    @Test func tasksEndWithTheReferral() async throws {
        var draft = try Sample.draft()
        draft.screening.homelessTonight = true
        let posted = draft
        let id = try await region.open(by: nil, posted)
        try await region.run(region.intaker) { caller, tx in
            let steps = [TaskKind.nextProvider, .decideDuplicate, .dwellingFree]
            for kind in steps {
                _ = try TaskStore(tx.db).insert(
                    CaseTask(kind, id: tx.newIdentifier(), about: id, at: tx.now), by: caller.actor.token)
            }
        }
        #expect(try open(id).count == 4)
        try await region.move(id, .withdraw(reason: "Went to family"))
        #expect(try open(id).map(\.kind) == [.urgentNeed])
    }

    /// An answer that names somebody is gone after 48 hours, whether anybody posts or not.
    @Test func keptAnswersAreForgotten() async throws {
        let duty = try #require(Clockwork.duties.first { $0.name == "kept_answers" })
        let token = region.referrer.token
        try await region.database.write { tx in
            let answer = StoredAnswer(
                requestHash: [UInt8](repeating: 1, count: 32), status: 201, fields: "", body: [1], referral: nil)
            try IdempotencyStore(tx.db).insert(answer, key: "k", of: token, at: tx.now)
        }
        #expect(try await region.database.write { try Clockwork.run(duty, in: $0) } == 0)
        region.wait(days: 2)
        #expect(try await region.database.write { try Clockwork.run(duty, in: $0) } == 1)
        #expect(try await region.database.write { try Clockwork.run(duty, in: $0) } == 0)
    }
}
