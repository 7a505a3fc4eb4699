// Keeping and forgetting: the terms to the day, requests with their decision, and a destruction that leaves no word in the
// file and a region that goes on.

import Domain
import Foundation
import Storage
import TestKit
import Testing
import UseCases

@Suite struct ForgetTests {
    let region: Region

    init() async throws { region = try await Region() }

    @Test(arguments: [
        ("2011-11-23", true, "2026-11-24"), ("2011-11-24", true, "2026-11-25"), ("2021-11-23", false, "2026-11-24"),
        ("2012-02-29", true, "2027-03-01"), ("2020-02-29", false, "2025-03-01"),
    ])
    func termsToTheDay(ended: String, hadProvision: Bool, goes: String) throws {
        let day = try #require(CivilDate(iso: ended))
        #expect(RetentionTerms.standard.goesOn(endedOn: day, hadProvision: hadProvision).description == goes)
    }

    private func due(after years: Int) throws -> [DueErasure] {
        let day = region.today.adding(months: 12 * years).adding(days: 1)
        return try region.database.read(lane: 0) { try Forget.due(on: day, in: $0) }
    }

    @Test func whatHadSupportIsKeptLonger() async throws {
        let without = try await region.open()
        let with = try await region.waiting(try Sample.draft(familyName: "Smit"))
        _ = try await region.open(by: region.otherReferrer, try Sample.draft(familyName: "Open"))
        try await region.support(with)
        for id in [without, with] { try await region.move(id, .withdraw(reason: "Went to family")) }
        #expect(try due(after: 4).isEmpty)
        #expect(try due(after: 5).map(\.referral) == [without])
        #expect(try due(after: 15).map(\.ground) == [.withoutProvision, .withProvision])
    }

    @Test func aRequestIsDecidedWithAGroundInLaw() async throws {
        let id = try await region.open()
        let candidate = try await region.candidate(of: id)
        #expect(
            try await region.refusal(candidate) { _ = try Forget.request(id, by: $0, in: $1) } == .conflict(.other),
            "what goes on is withdrawn first")
        try await region.move(id, .withdraw(reason: "Went to family"), by: candidate)
        let request = try await region.run(candidate) { try Forget.request(id, by: $0, in: $1) }
        #expect(request.dueOn == region.today.adding(months: 3))
        #expect(
            try await region.refusal(candidate) { _ = try Forget.request(id, by: $0, in: $1) } == .conflict(.other))
        let task = try region.database.read(lane: 0) { try TaskStore($0.db).open(about: id) }
        #expect(task.map(\.kind) == [.decideErasure])
        func decide(_ actor: Actor) async throws -> Refusal? {
            try await region.refusal(actor) {
                _ = try Forget.decide(
                    request.id, of: id, .refused, ground: .legalObligation, note: "A law", by: $0, in: $1)
            }
        }
        #expect(try await decide(region.intaker) == .forbidden)
        try await region.run(region.coordinator) {
            _ = try Forget.decide(
                request.id, of: id, .refused, ground: .legalObligation, note: "A law", by: $0, in: $1)
        }
        #expect(try await decide(region.coordinator) == .conflict(.other))
        #expect(try due(after: 1).isEmpty)
        let again = try await region.run(candidate) { try Forget.request(id, by: $0, in: $1) }
        try await region.run(region.coordinator) {
            _ = try Forget.decide(again.id, of: id, .granted, ground: nil, note: nil, by: $0, in: $1)
        }
        #expect(try due(after: 0).map(\.ground) == [.request])
        let duty = try #require(Clockwork.duties.first { $0.name == "granted_erasures" })
        func pass() async throws -> Int { try await region.database.write { try Clockwork.run(duty, in: $0) } }
        #expect(try await pass() == 0, "a night is left to see a mistake")
        region.wait(days: 1)
        #expect(try await pass() == 1)
        #expect(try await pass() == 0)
        #expect(try due(after: 0).isEmpty)
    }

    /// Every word that was written about somebody, in the files of the database.
    private func words(in path: String, _ words: [String]) throws -> [String] {
        let files = try ["", "-wal"].map { path + $0 }.filter { FileManager.default.fileExists(atPath: $0) }
            .map { try Data(contentsOf: URL(filePath: $0)) }
        return words.filter { word in files.contains { $0.range(of: Data(word.utf8)) != nil } }
    }

    @Test func noWordRemains() async throws {
        var draft = try Sample.draft(familyName: "Kanariegeel", bsn: Sample.bsns[0], reference: "KANARIE-7")
        draft.health = "Kanarieziekte"
        draft.opening = .answered(missedSignals: "Kanariesignaal", neededTwoYearsAgo: "Kanariehulp")
        draft.wishes[0].note = "Kanariewens"
        draft.wishes[0].closeTo = "Kanariezus"
        draft.wishes[0].near = [WishPlace(try #require(Municipality(code: "GM0141")), "Kanariedijk")]
        draft.consultation = try await consult()
        draft.contact.email = "kanarie@example.org"
        draft.handedOverFrom = Provenance(name: "Kanarieregio", reference: "KANARIE-8")
        let id = try await region.open(by: region.intaker, draft)
        try await handOverAndBack(id)
        try await region.report(id)
        try await region.move(id, Region.admission)
        let match = try await region.propose(id, try await region.offerDwelling())
        try await region.support(id)
        try await warn(id)
        let candidate = try await region.candidate(of: id)
        try await talk(about: id)
        try await region.run(region.intaker) {
            try Converse.withdraw(try Self.consent(id, $0, $1), of: id, reason: "Kanarietoestemming", by: $0, in: $1)
        }
        var changes = ReferralChanges()
        changes.phone = .set("+31611111111")
        changes.email = .set("vogel@example.org")
        let corrected = changes
        try await region.run(region.intaker) { try ChangeReferral.run(id, corrected, if: .any, by: $0, in: $1) }
        let asked = try await region.run(candidate) {
            try CorrectData.request(.care, "Kanarieverzoek", of: id, by: $0, in: $1)
        }
        try await region.run(region.intaker) {
            try CorrectData.decide(asked.id, of: id, .refused, note: "Kanarieweigering", by: $0, in: $1)
        }
        try await region.run(candidate) {
            try CorrectData.state("Kanarieverklaring", on: asked.id, of: id, by: $0, in: $1)
        }
        try await region.move(id, .withdraw(reason: "Kanariereden"))
        let planted = [
            "Kanariegeel", "kanariegeel", Sample.bsns[0], "KANARIE-7", "Kanarieziekte", "Kanariesignaal", "Kanariehulp",
            "Kanariewens", "Kanariezus", "Kanariegesprek", "Kanarienoodzaak", "Kanarierisico", "Kanariebuur",
            "Kanariewijk", "Kanariedijk", "Kanarievraag", "Kanarieantwoord", "Kanarieschuld", "Kanarieaanloop",
            "kanarie@example.org", "Kanarietoestemming", "Kanariereden", "Ready for a home",
            "Kanarieverzoek", "Kanarieweigering", "Kanarieverklaring", "vogel@example.org",
            "Kanarieregio", "KANARIE-8", "Kanarieoverdracht", "Kanarieterug", "Kanarieoverlast", "Kanariebezoek",
        ]
        #expect(try words(in: region.database.path, planted) == planted, "all of it was there")
        let before = try region.ledgerCount()
        let due = DueErasure(referral: id, number: 1, ground: .request, since: region.today)
        try await region.database.write { tx in
            try Forget.erase(due, trace: RequestTrace(requestID: "retention", address: "local"), in: tx)
        }
        #expect(try region.ledgerCount() == before + 1)
        try await eventually { try words(in: region.database.path, planted).isEmpty }
        for actor in [region.intaker, region.coordinator, region.referrer, region.policymaker, region.supporter] {
            #expect(
                try await region.refusal(actor) { _ = try Look.referral(id, by: $0, in: $1.reading) } == .notFound)
            let listed = try region.look(actor) {
                try Look.referrals(ReferralFilter(), page: PageRequest(limit: 100), by: $0, in: $1)
            }
            #expect(listed.value.items.isEmpty)
        }
        #expect(
            try await region.refusal(region.allocator) { _ = try Look.match(match, by: $0, in: $1.reading) }
                == .notFound)
        #expect(
            try await region.refusal(region.intaker) {
                _ = try BreakGlass.run(id, reason: "Crisis service calls", by: $0, in: $1)
            } == .notFound)
        let token = try region.database.read(lane: 0) { try TokenStore($0.db).find(candidate.token) }
        #expect(token?.revokedAt != nil)
        region.database.close()
        #expect(try words(in: region.database.path, planted).isEmpty)
    }

    /// A case that was asked about first, with its answer.
    private func consult() async throws -> ConsultationID {
        let draft = ConsultationDraft(
            opening: .answered(missedSignals: "Kanarieschuld", neededTwoYearsAgo: "Kanarieaanloop"), route: .prevention,
            municipality: try #require(Municipality(code: "GM0153")), ageBand: nil, question: "Kanarievraag")
        let id = try await region.run(region.referrer) { try Consult.ask(draft, by: $0, in: $1) }.id
        try await region.run(region.intaker) {
            _ = try Consult.answer(id, text: "Kanarieantwoord", advice: [.shelterFirst], by: $0, in: $1)
        }
        return id
    }

    /// What was counted of somebody's opening stays counted once their dossier is gone, as it was.
    @Test func whatWasCountedStays() async throws {
        func counted() throws -> [String] {
            let report = try region.look(region.coordinator) {
                try ReportSignals.run(year: nil, municipality: nil, by: $0, in: $1)
            }
            return ["\(report.openings)", "\(report.themes)"]
        }
        var ids: [ReferralID] = []
        for place in 0..<12 {
            var draft = try Sample.draft(familyName: "Kanarie")
            draft.consultation = try await consult()
            if place % 2 == 1 { draft.opening = .declined }
            let id = try await region.open(by: region.intaker, draft)
            try await region.run(region.intaker) { _ = try Consult.give([.rentArrears], to: id, by: $0, in: $1) }
            try await region.move(id, .withdraw(reason: "Went to family"))
            ids.append(id)
        }
        let before = try counted()
        let gone = ids.map { DueErasure(referral: $0, number: 1, ground: .request, since: region.today) }
        try await region.database.write { tx in
            let trace = RequestTrace(requestID: "retention", address: "local")
            for due in gone { try Forget.erase(due, trace: trace, in: tx) }
        }
        #expect(try counted() == before)
    }

    /// Words in every part of the conversation.
    private func talk(about id: ReferralID) async throws {
        let (today, now) = (region.today, region.machine.now)
        let municipality = try #require(Municipality(code: "GM0141"))
        let person = NetworkPerson(
            id: NetworkPersonID(high: 0, low: 0), name: "Kanariebuur", relation: .neighbour, phone: nil, helpsWith: nil,
            consentGivenOn: today, recordedAt: now, recordedBy: .intaker)
        let zone = ExclusionZone(
            id: ExclusionZoneID(high: 0, low: 0), municipality: municipality, neighbourhood: "Kanariewijk",
            ground: .unsafe, until: nil, writtenAt: now, writtenBy: .intaker)
        let domain = AskedDomain(domain: .justice, level: 3, necessity: "Kanarienoodzaak")
        try await region.run(region.intaker) {
            _ = try NoteIntake.record(.conversation, on: nil, text: "Kanariegesprek", of: id, by: $0, in: $1)
            _ = try NoteIntake.measure(.start, on: nil, mix: [:], domains: [domain], of: id, by: $0, in: $1)
            _ = try NoteIntake.write(risks: [.lastingDebts], note: "Kanarierisico", of: id, by: $0, in: $1)
            _ = try NoteIntake.add(person, to: id, by: $0, in: $1)
            _ = try NoteIntake.add(zone, to: id, by: $0, in: $1)
        }
    }

    private func handOverAndBack(_ id: ReferralID) async throws {
        let items = HandoverPart.needed.map { HandoverItem($0, on: .municipalTask) }
        let draft = HandoverDraft(
            referral: id, recipient: HandoverRecipient(name: "Zuid"), reason: "Kanarieoverdracht", advice: .otherRegion,
            items: items, consentGivenOn: nil)
        try await region.run(region.intaker) {
            let asked = try HandOver.ask(draft, by: $0, in: $1)
            _ = try HandOver.answer(asked.id, .withdraw(note: "Kanarieterug"), by: $0, in: $1)
        }
    }

    private func warn(_ id: ReferralID) async throws {
        try await region.run(region.supporter) {
            let draft = SignalDraft(kind: .crisis, subject: .referral(id), note: "Kanarieoverlast")
            let signal = try GiveSignal.run(draft, by: $0, in: $1)
            _ = try Signals.respond(to: signal.id, .helped, referral: nil, note: "Kanariebezoek", by: $0, in: $1)
        }
    }

    private static func consent(_ id: ReferralID, _ caller: Caller, _ tx: WriteTransaction) throws -> ConsentID {
        let all = try Look.consents(id, by: caller, in: tx.reading).value
        return try #require(all.first { $0.purpose == .intake }).id
    }
}
