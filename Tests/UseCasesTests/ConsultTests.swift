// Advice on a case that is nobody's: who asks and who sees it, what the intake point answers, and how it becomes a referral
// without anybody learning of that who may not.

import Domain
import Storage
import Testing
import UseCases

@Suite struct ConsultTests {
    let region: Region
    init() async throws { region = try await Region() }

    private func draft() throws -> ConsultationDraft {
        ConsultationDraft(
            opening: .answered(missedSignals: "Arrears", neededTwoYearsAgo: "A call"), route: .prevention,
            municipality: try #require(Municipality(code: "GM0153")), ageBand: .from27, question: "May they come in?")
    }

    private func ask(_ actor: Actor) async throws -> ConsultationID {
        let draft = try draft()
        return try await region.run(actor) { try Consult.ask(draft, by: $0, in: $1) }.id
    }

    private func list(_ actor: Actor) throws -> [ConsultationID] {
        try region.look(actor) {
            try Consult.list(state: nil, page: PageRequest(limit: 10), by: $0, in: $1)
        }.items.map(\.id)
    }

    @Test func whoAskedAndTheIntakePointSeeIt() async throws {
        let id = try await ask(region.referrer)
        let other = try await ask(region.allocator)
        #expect(try list(region.referrer) == [id] && list(region.supporter) == [id], "one organisation")
        #expect(try list(region.allocator) == [other] && list(region.otherReferrer) == [])
        #expect(try list(region.intaker) == [other, id])
        for actor in [region.otherReferrer, region.otherSupporter, region.allocator] {
            #expect(try region.refusal(looking: actor) { try Consult.find(id, by: $0, in: $1) } == .notFound)
        }
        for actor in [region.policymaker, region.panel, region.auditor, region.admin] {
            #expect(try region.refusal(looking: actor) { try Consult.find(id, by: $0, in: $1) } == .forbidden)
        }
    }

    @Test func itIsAnsweredOnceAndItsThemesStayInside() async throws {
        let id = try await ask(region.referrer)
        func answer(_ actor: Actor) async throws -> Consultation {
            try await region.run(actor) {
                try Consult.answer(id, text: "Yes", advice: [.neighbourhoodTeam], by: $0, in: $1)
            }
        }
        let answered = try await answer(region.intaker)
        #expect(answered.state == .answered && answered.answer?.advice == [.neighbourhoodTeam])
        #expect(
            try await region.refusal(region.intaker) {
                _ = try Consult.answer(id, text: "No", advice: [], by: $0, in: $1)
            } == .conflict(.other))
        #expect(
            try await region.refusal(region.referrer) {
                _ = try Consult.answer(id, text: "No", advice: [], by: $0, in: $1)
            } == .forbidden)
        try await region.run(region.coordinator) { _ = try Consult.give([.rentArrears], to: id, by: $0, in: $1) }
        #expect(try region.look(region.intaker) { try Consult.find(id, by: $0, in: $1) }.themes == [.rentArrears])
        let theirs = try region.look(region.referrer) { try Consult.find(id, by: $0, in: $1) }
        #expect(theirs.themes == nil && theirs.answer?.text == "Yes" && theirs.version == 3)
    }

    @Test func itBecomesAReferralOnce() async throws {
        let id = try await ask(region.referrer)
        var draft = try Sample.draft()
        draft.consultation = id
        let post = draft
        // Somebody else's case is like none.
        #expect(
            try await region.refusal(region.otherReferrer) { _ = try OpenReferral.run(post, by: $0, in: $1) }
                == .invalid("/consultation", "unknown"))
        let referral = try await region.open(by: region.intaker, post)
        let view = try region.look(region.intaker) { try Look.referral(referral, by: $0, in: $1) }.value
        #expect(view.origin?.consultation == id)
        #expect(try region.look(region.intaker) { try Consult.find(id, by: $0, in: $1) }.referral == referral)
        // The intake point posted it: who asked does not learn that there is one.
        #expect(try region.look(region.referrer) { try Consult.find(id, by: $0, in: $1) }.referral == nil)
        #expect(
            try await region.refusal(region.intaker) { _ = try OpenReferral.run(post, by: $0, in: $1) }
                == .conflict(.other))
        let own = try await ask(region.referrer)
        draft.consultation = own
        let mine = try await region.open(draft)
        #expect(try region.look(region.referrer) { try Consult.find(own, by: $0, in: $1) }.referral == mine)
        try await region.move(mine, .withdraw(reason: "?"))
        let due = DueErasure(referral: mine, number: 1, ground: .request, since: region.today)
        try await region.database.write { tx in
            try Forget.erase(due, trace: RequestTrace(requestID: "retention", address: "local"), in: tx)
        }
        #expect(try region.look(region.intaker) { try Consult.find(own, by: $0, in: $1) }.referral == nil)
    }

    @Test func signalsAreCountedOnceAndByYear() async throws {
        let policymaker = region.policymaker
        func report(_ actor: Actor, year: Int? = nil, of code: String? = nil) throws -> SignalReport {
            let municipality = code.flatMap { Municipality(code: $0) }
            return try region.look(actor) {
                try ReportSignals.run(year: year, municipality: municipality, by: $0, in: $1)
            }
        }
        for _ in 0..<6 {
            let id = try await region.open()
            try await region.run(region.intaker) {
                _ = try Consult.give([.rentArrears, .longWait], to: id, by: $0, in: $1)
            }
        }
        // A case that became a referral counts as that alone.
        let asked = try await ask(region.referrer)
        try await region.run(region.intaker) { _ = try Consult.give([.rentArrears], to: asked, by: $0, in: $1) }
        let row = try #require(SignalTheme.allCases.firstIndex(of: .rentArrears))
        #expect(try report(policymaker).openings.total == .count(7))
        #expect(try report(policymaker).themes.total(row: row) == .count(7))
        var draft = try Sample.draft()
        draft.consultation = asked
        _ = try await region.open(draft)
        #expect(try report(policymaker).openings.total == .count(7))
        #expect(try report(policymaker).themes.total(row: row) == .count(6))
        #expect(try report(policymaker, year: 2025).openings.total == .count(0))
        #expect(try report(region.elsewhere).openings.total == .count(0))
        #expect(try report(region.coordinator).municipality == nil)
        #expect(try report(region.coordinator, of: "GM0141").openings.total == .count(0))
        #expect(try report(policymaker, of: "GM0153").municipality?.code == "GM0153")
        #expect(throws: UseCaseFault.self) { try report(policymaker, of: "GM0141") }
        for actor in [region.referrer, region.intaker, region.auditor] {
            #expect(throws: UseCaseFault.self) { try report(actor) }
        }
    }
}
