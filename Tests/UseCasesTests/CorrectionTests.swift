// A person asks to have something put right: the intake point decides and changes it, whosever words it is; what stood there
// stays for who may see it; and what is refused carries the person's own statement.

import Domain
import Storage
import Testing
import UseCases

@Suite struct CorrectionTests {
    let region: Region

    init() async throws { region = try await Region() }

    private func timeline(_ id: ReferralID, _ actor: Actor) throws -> [FieldTrace] {
        try region.look(actor) {
            try Look.events(id, page: PageRequest(limit: 100), by: $0, in: $1)
        }.value.items.flatMap(\.replaced)
    }

    private func ask(_ groups: FieldGroups, _ id: ReferralID, _ actor: Actor) async throws -> CorrectionRequest {
        try await region.run(actor) { try CorrectData.request(groups, "It is wrong", of: id, by: $0, in: $1) }
    }

    /// How a change is refused; nil when it is made.
    private func change(_ id: ReferralID, _ actor: Actor, _ changes: ReferralChanges) async throws -> Refusal? {
        try await outcome {
            try await self.region.run(actor) { try ChangeReferral.run(id, changes, if: .any, by: $0, in: $1) }
        }
    }

    private func outcome<Value>(_ deed: () async throws -> Value) async throws -> Refusal? {
        do {
            _ = try await deed()
            return nil
        } catch let fault as UseCaseFault {
            return Refusal(fault)
        }
    }

    @Test func whatStoodThereStaysForWhoMaySeeIt() async throws {
        let bsn = Sample.bsns[0]
        let id = try await region.open(by: region.referrer, try Sample.draft(familyName: "Jansen", bsn: bsn))
        let candidate = try await region.candidate(of: id)
        var changes = ReferralChanges()
        changes.familyName = "Janssen"
        changes.bsn = .set(try #require(CitizenServiceNumber(Sample.bsns[1])))
        #expect(try await change(id, region.intaker, changes) == nil)
        let name = FieldTrace(.familyName, before: "Jansen")
        #expect(try timeline(id, region.intaker) == [FieldTrace(.bsn, before: bsn), name])
        #expect(try timeline(id, candidate) == [FieldTrace(.bsn, before: "******" + bsn.suffix(3)), name])
        #expect(try timeline(id, region.referrer).isEmpty, "a change by others is none of its own")
        #expect(try timeline(id, region.policymaker).isEmpty)

        var own = ReferralChanges()
        own.health = .set("Better")
        own.bsn = .clear
        #expect(try await change(id, region.referrer, own) == nil)
        #expect(try timeline(id, region.referrer).map(\.field) == [.health], "it can write a BSN and not read one")
        let dossier = try region.look(candidate) { try ReadDossier.run(id, by: $0, in: $1) }.value
        #expect(dossier.events.flatMap(\.replaced).map(\.field) == [.bsn, .familyName, .health, .bsn])
    }

    /// The ledger says which earlier values were seen.
    @Test func aLookAtEarlierValuesIsInTheLedger() async throws {
        let id = try await region.open()
        var changes = ReferralChanges()
        changes.phone = .set("+31611111111")
        _ = try await change(id, region.intaker, changes)
        let looks = try region.look(region.coordinator) {
            try Look.events(id, page: PageRequest(limit: 100), by: $0, in: $1)
        }.disclosures
        #expect(looks.map(\.groups) == [[.status, .contact]])
    }

    @Test func theIntakePointPutsRightWhatThePersonAskedFor() async throws {
        let id = try await region.open()
        let candidate = try await region.candidate(of: id)
        var changes = ReferralChanges()
        changes.health = .set("Never had that")
        #expect(try await change(id, region.intaker, changes) == .forbidden, "the referrer's own words")
        let asked = try await ask(.care, id, candidate)
        #expect(asked.dueOn == TaskKind.decideCorrection.dueOn(madeAt: region.machine.now))
        let task = try region.database.read(lane: 0) { try TaskStore($0.db).open(about: id) }
        #expect(task.map(\.kind) == [.decideCorrection] && task.first?.object == asked.id.retyped())
        #expect(try await change(id, region.otherReferrer, changes) == .notFound)
        var more = changes
        more.debts = .set(1)
        #expect(try await change(id, region.intaker, more) == .forbidden, "no more than was asked")
        let early = try await region.refusal(region.intaker) {
            _ = try CorrectData.decide(asked.id, of: id, .corrected, note: nil, by: $0, in: $1)
        }
        #expect(early == .conflict(.other), "nothing has been corrected yet")
        #expect(try await change(id, region.intaker, changes) == nil)
        let done = try await region.run(region.intaker) {
            try CorrectData.decide(asked.id, of: id, .corrected, note: nil, by: $0, in: $1)
        }
        #expect(done.outcome == .corrected && done.decidedAt == region.machine.now)
        #expect(try region.database.read(lane: 0) { try TaskStore($0.db).open(about: id) }.isEmpty)
        #expect(try await change(id, region.intaker, changes) == .forbidden, "the request is closed")
        #expect(
            try await region.refusal(region.intaker) {
                _ = try CorrectData.decide(asked.id, of: id, .refused, note: "No", by: $0, in: $1)
            } == .conflict(.other))
        #expect(try region.events(id).map(\.kind).suffix(3) == ["correction_requested", "patch", "correction_done"])
    }

    @Test func alsoWhenTheReferralHasEnded() async throws {
        let id = try await region.open()
        let candidate = try await region.candidate(of: id)
        try await region.move(id, .withdraw(reason: "Family"), by: candidate)
        var changes = ReferralChanges()
        changes.familyName = "Janssen"
        #expect(try await change(id, region.intaker, changes) == .conflict(.other))
        _ = try await ask(.identity, id, candidate)
        #expect(try await change(id, region.intaker, changes) == nil)
        #expect(try await change(id, region.referrer, changes) == .conflict(.other), "only the intake point")
        _ = try await ask(.bsnTail, id, region.intaker)
        var bsn = ReferralChanges()
        bsn.bsn = .clear
        #expect(try await change(id, region.intaker, bsn) == nil, "the end of a BSN stands for the whole")
    }

    @Test func aRefusalCarriesTheStatementForWhoSeesTheField() async throws {
        let id = try await region.waiting()
        let candidate = try await region.candidate(of: id)
        try await region.support(id)
        let asked = try await ask(.care, id, candidate)
        let own = try await ask(.decision, id, candidate)
        func state(_ request: CorrectionID, by actor: Actor) async throws -> Refusal? {
            try await outcome {
                try await region.run(actor) {
                    try CorrectData.state("Mixed up with somebody", on: request, of: id, by: $0, in: $1)
                }
            }
        }
        func seen(by actor: Actor) throws -> [CorrectionRequest] {
            try region.look(actor) { try CorrectData.list(id, by: $0, in: $1) }.value
        }
        #expect(try await state(asked.id, by: candidate) == .conflict(.other), "not before it is refused")
        for request in [asked.id, own.id] {
            _ = try await region.run(region.coordinator) {
                try CorrectData.decide(request, of: id, .refused, note: "The clinic says so", by: $0, in: $1)
            }
        }
        #expect(try seen(by: region.supporter).isEmpty && seen(by: region.referrer).isEmpty, "nothing is stated yet")
        for request in [asked.id, own.id] { #expect(try await state(request, by: candidate) == nil) }
        #expect(try await state(asked.id, by: candidate) == .conflict(.other), "once")
        #expect(try await state(CorrectionID(high: 1, low: 1), by: candidate) == .notFound)

        let supporter = try seen(by: region.supporter)
        #expect(supporter.map(\.statement) == ["Mixed up with somebody", "Mixed up with somebody"])
        #expect(supporter.allSatisfy { $0.text == nil && $0.note == nil })
        #expect(try seen(by: region.referrer).map(\.groups) == [.care], "a referrer sees no decision")
        for actor in [candidate, region.intaker, region.coordinator] {
            #expect(try seen(by: actor).map(\.text) == ["It is wrong", "It is wrong"])
        }
        let looks = try region.look(region.intaker) { try CorrectData.list(id, by: $0, in: $1) }.disclosures
        #expect(looks.map(\.groups) == [[.status, .care, .decision]])
        for actor in [region.policymaker, region.allocator, region.panel, region.auditor, region.admin] {
            #expect(
                try await region.refusal(actor) { _ = try CorrectData.list(id, by: $0, in: $1.reading) } == .forbidden)
        }
    }

    @Test func soManyWaitAtOnce() async throws {
        let id = try await region.open()
        for _ in 0..<CorrectionRequest.openLimit { _ = try await ask(.contact, id, region.intaker) }
        #expect(
            try await region.refusal(region.intaker) {
                _ = try CorrectData.request(.contact, "Again", of: id, by: $0, in: $1)
            } == .conflict(.other))
    }
}
