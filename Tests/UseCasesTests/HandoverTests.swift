// A warm transfer: asked, and the person stays ours; answered by the other side or on its word; and what is sent is what was
// listed, no more, with every look in the ledger.

import Domain
import Storage
import Testing
import UseCases

@Suite struct HandoverTests {
    let region: Region

    init() async throws { region = try await Region() }

    private static let parts: [HandoverItem] = [
        HandoverItem(.origin, on: .municipalTask), HandoverItem(.identity, on: .municipalTask),
        HandoverItem(.care, on: .consent),
    ]

    private func draft(_ id: ReferralID, to organisation: OrganisationID? = nil) -> HandoverDraft {
        HandoverDraft(
            referral: id, recipient: HandoverRecipient(name: "Regio Zuid", organisation: organisation),
            reason: "Family is there", advice: .otherRegion, items: Self.parts, consentGivenOn: region.today)
    }

    private func ask(_ draft: HandoverDraft) async throws -> Handover {
        try await region.run(region.intaker) { try HandOver.ask(draft, by: $0, in: $1) }
    }

    private func answer(_ id: HandoverID, _ answer: HandoverAnswer, by actor: Actor) async throws -> Handover {
        try await region.run(actor) { try HandOver.answer(id, answer, by: $0, in: $1) }
    }

    private func openTasks(_ id: ReferralID) throws -> [TaskKind] {
        try region.database.read(lane: 0) { try TaskStore($0.db).open(about: id) }.map(\.kind)
            .filter { $0 == .answerHandover || $0 == .handoverDeclined }
    }

    @Test func theSenderStaysResponsibleUntilAYes() async throws {
        let id = try await region.open()
        let asked = try await ask(draft(id))
        #expect(asked.answerDueOn == DutchCalendar.adding(workingDays: 10, to: region.today))
        #expect(try region.standing(id).state == .submitted && openTasks(id) == [.answerHandover])
        // It goes on here meanwhile.
        try await region.move(id, .startIntake)
        let done = try await answer(asked.id, .accept(reference: "Z-17"), by: region.intaker)
        #expect(done.state == .accepted && done.reference == "Z-17")
        #expect(try region.standing(id).state == .redirected && openTasks(id).isEmpty)
        let view = try region.look(region.coordinator) { try Look.referral(id, by: $0, in: $1) }.value
        #expect(view.decision?.kind == .redirect && view.decision?.advice == [.otherRegion])
        let events = try region.events(id).map(\.kind)
        #expect(events == ["submit", "handover_asked", "start_intake", "handover_accepted", "redirect"])
        #expect(
            try await region.refusal(region.intaker) {
                try HandOver.answer(asked.id, .withdraw(note: nil), by: $0, in: $1)
            } == .conflict(.other))
    }

    @Test func aNoMakesATaskAndNothingElse() async throws {
        let id = try await region.open()
        let asked = try await ask(draft(id))
        let second = draft(id)
        #expect(
            try await region.refusal(region.intaker) { try HandOver.ask(second, by: $0, in: $1) } == .conflict(.other))
        _ = try await answer(asked.id, .decline(.noCapacity, note: "Full"), by: region.coordinator)
        #expect(try region.standing(id).state == .submitted && openTasks(id) == [.handoverDeclined])
        let again = try await ask(draft(id))
        _ = try await answer(again.id, .withdraw(note: "They wish to stay"), by: region.intaker)
        #expect(try region.standing(id).state == .submitted)
    }

    /// The other side has a token here: it sees what is asked of it, reads what was listed, and answers itself.
    @Test func theOtherSideReadsWhatIsListed() async throws {
        let id = try await region.open(by: region.referrer, try Sample.draft(bsn: Sample.bsns[0]))
        let asked = try await ask(draft(id, to: region.otherProvider))
        let theirs = region.otherReferrer
        let package = try region.look(theirs) { try HandOver.package(asked.id, by: $0, in: $1) }
        #expect(package.value.view.identity?.familyName == "Jansen" && package.value.view.care != nil)
        #expect(package.value.view.contact == nil && package.value.view.finances == nil)
        #expect(package.value.view.wishes == nil && package.value.view.bsn == nil)
        #expect(package.disclosures.map(\.action) == ["export_handover"])
        #expect(package.disclosures.map(\.groups) == [[.origin, .identity, .care]])
        // And nothing of the referral besides.
        #expect(
            try await region.refusal(theirs) {
                try MoveReferral.run(
                    id, .withdraw(reason: "x"), if: .any, by: $0, in: $1)
            } == .notFound)
        for actor in [region.referrer, region.supporter, region.allocator] {
            #expect(throws: UseCaseFault.self) {
                try region.look(actor) { try HandOver.package(asked.id, by: $0, in: $1) }
            }
        }
        let mine = try region.look(theirs) {
            try DoTask.list(TaskFilter(), page: PageRequest(limit: 9), by: $0, in: $1)
        }
        #expect(mine.value.items.map(\.kind) == [.answerHandover] && mine.value.items.map(\.referral) == [nil])
        #expect(
            try await region.refusal(theirs) {
                try HandOver.answer(
                    asked.id, .withdraw(note: nil), by: $0, in: $1)
            } == .forbidden)
        _ = try await answer(asked.id, .decline(.notOurTask, note: nil), by: theirs)
        #expect(throws: UseCaseFault.notFound) {
            try region.look(theirs) { try HandOver.package(asked.id, by: $0, in: $1) }
        }
    }

    @Test func anEndTakesItBack() async throws {
        let id = try await region.open()
        let asked = try await ask(draft(id))
        try await region.move(id, .withdraw(reason: "Found a home"))
        let seen = try region.look(region.intaker) { try HandOver.find(asked.id, by: $0, in: $1) }.value
        #expect(seen.state == .withdrawn)
        #expect(try openTasks(id).isEmpty)
    }

    @Test func whoWaitsIsNotHandedOver() async throws {
        let id = try await region.waiting()
        let draft = draft(id)
        let refusal = try await region.refusal(region.intaker) { try HandOver.ask(draft, by: $0, in: $1) }
        guard case .moveNotAllowed = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
    }

    @Test func whereAReferralCameFrom() async throws {
        var draft = try Sample.draft()
        draft.handedOverFrom = Provenance(name: "Regio Noord", reference: "K-000007")
        let id = try await region.open(by: region.referrer, draft)
        for actor in [region.intaker, region.referrer] {
            let origin = try region.look(actor) { try Look.referral(id, by: $0, in: $1) }.value.origin
            #expect(origin?.handedOverFrom == draft.handedOverFrom)
        }
    }
}
