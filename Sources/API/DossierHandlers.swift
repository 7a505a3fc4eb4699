// The route of a whole dossier: one JSON document, or the same as a page to read. Its parts are written by the writers of
// their own routes.

internal import Domain
internal import HTTPWire
internal import JSON
internal import Storage
internal import UseCases

enum DossierHandlers {
    static func read(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let (caller, now) = (exchange.caller, exchange.now)
        let accept = exchange.request.field("accept") ?? "*/*"
        let wantsPage = !MediaTypes.accepts(accept, "application/json")
        return try await exchange.lookLong { tx in
            let reading = try ReadDossier.run(id, toPrint: wantsPage, by: caller, in: tx)
            let number = reading.value.referral.standing.candidateNumber
            var writer = JSONWriter(reservingBytes: 64 << 10)
            writer.object { DossierJSON.write(reading.value, for: caller.actor, at: now, to: &$0) }
            let document = writer.finish()
            var answer = Answer(200, body: document)
            if wantsPage {
                let municipalities = try RegionStore(tx.db).current().settings.municipalities
                let places = Dictionary(municipalities.map { ($0.code.description, $0.name) }) { first, _ in first }
                answer.body = try DossierPage.page(of: document, number, places)
            }
            if wantsPage { answer.contentType = "text/html; charset=utf-8" }
            let file = "dossier-\(number).\(wantsPage ? "html" : "json")"
            answer.fields = [("Content-Disposition", "attachment; filename=\"\(file)\""), ("Vary", "Accept")]
            return (answer, reading.disclosures)
        }
    }
}

enum DossierJSON {
    static func write(_ dossier: Dossier, for actor: Actor, at now: Instant, to writer: inout JSONWriter) {
        let role = actor.role
        let today = AmsterdamTime.day(of: now)
        writer.object("referral") { ReferralJSON.write(dossier.referral, to: &$0) }
        list("events", dossier.events, &writer) { ReferralJSON.write($0, to: &$1) }
        list("reports", dossier.reports, &writer) { ConversationJSON.write($0, to: &$1) }
        list("wishes", dossier.wishes, &writer) { ConversationJSON.write($0, now: now, to: &$1) }
        list("consents", dossier.consents, &writer) { ConversationJSON.write($0, today: today, to: &$1) }
        list("clocks", dossier.clocks, &writer) { ClockJSON.write($0, turns: dossier.turns, on: today, to: &$1) }
        list("matches", dossier.matches, &writer) { MatchJSON(now: now).write($0, to: &$1) }
        list("supportRequests", dossier.supportRequests, &writer) { SupportJSON.write($0, for: role, to: &$1) }
        list("tenancies", dossier.tenancies, &writer) { TenancyJSON.write($0, for: role, to: &$1) }
        list("signals", dossier.signals, &writer) { SignalJSON.write($0, for: actor, isWhole: true, to: &$1) }
        list("handovers", dossier.handovers, &writer) { HandoverJSON.write($0, for: role, to: &$1) }
        list("emergencies", dossier.emergencies, &writer) { RestrictionJSON.write($0, to: &$1) }
        list("correctionRequests", dossier.corrections, &writer) { CorrectionHandlers.write($0, to: &$1) }
        list("erasureRequests", dossier.erasureRequests, &writer) { ErasureHandlers.write($0, to: &$1) }
        list("advice", dossier.advice, &writer) { AdviceHandlers.write($0, to: &$1) }
        list("records", dossier.records, &writer) { IntakeJSON.write($0, to: &$1) }
        list("measurements", dossier.measurements, &writer) { IntakeJSON.write($0, to: &$1) }
        writer.object("risks") { IntakeJSON.write(dossier.risks, to: &$0) }
        list("network", dossier.network, &writer) { IntakeJSON.write($0, to: &$1) }
        list("exclusionZones", dossier.exclusionZones, &writer) { IntakeJSON.write($0, on: today, to: &$1) }
        list("objections", dossier.objections, &writer) { ObjectionHandlers.write($0, to: &$1) }
        list("trustedPeople", dossier.trustedPeople, &writer) { TrustHandlers.write($0, to: &$1) }
        list("disclosures", dossier.disclosures, &writer) { DisclosureJSON.write($0, to: &$1) }
        writer.array("cutShort") { writer in
            for part in dossier.cutShort { writer.value(part.rawValue) }
        }
        writer.field("hasMoreDisclosures", dossier.hasMoreDisclosures)
    }

    private static func list<Item>(
        _ name: StaticString, _ items: [Item], _ writer: inout JSONWriter, _ write: (Item, inout JSONWriter) -> Void
    ) {
        writer.array(name) { writer in
            for item in items { writer.object { write(item, &$0) } }
        }
    }
}
