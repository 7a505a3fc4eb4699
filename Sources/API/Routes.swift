// Every route in one table: method, path, the action it needs and its handler. openapi.yaml describes the same routes;
// ContractTests hold the two against each other both ways.

package import Domain
package import HTTPWire

/// One route.
package struct Route: Sendable {
    package var method: Method
    /// The path with variable segments in braces.
    package var template: String
    /// What the caller's role must be allowed to do; nil for routes that need no token.
    package var action: Action?
    /// The body the route takes.
    package var body: BodyKind
    /// Whether the handler reads a query; elsewhere there is no parameter that could be meant.
    package var readsQuery: Bool
    /// What it takes from the limit of the caller's token.
    package var cost: RouteCost
    /// The media type it answers in besides JSON; nil for none.
    package var alternative: String?
    /// What a caller may wait for by `Prefer: wait`, by kind; nil where nobody waits.
    var waitsFor: Set<FeedKind>?
    /// Whether the loops may remember its answers: not where an answer tells of looks, which are no change, of what is in
    /// no table, or depends on what the caller accepts.
    var isRemembered: Bool
    /// That it is on its way out; nil for none. The description says `deprecated` of the same routes.
    var deprecation: Deprecation?
    let handler: @Sendable (Exchange) async throws -> Answer
    /// Its place in the table, under which it is counted.
    var number = 0

    /// The path's segments.
    var segments: [String] { template.split(separator: "/").map(String.init) }

    init(
        _ method: Method, _ template: String, _ action: Action?, body: BodyKind = .none, query: Bool = false,
        alternative: String? = nil, cost: RouteCost? = nil, remembered: Bool = true, waitsFor: Set<FeedKind>? = nil,
        deprecated deprecation: Deprecation? = nil,
        _ handler: @escaping @Sendable (Exchange) async throws -> Answer
    ) {
        self.method = method
        self.template = template
        self.action = action
        self.body = body
        readsQuery = query
        self.alternative = alternative
        // A query chooses among many; reading one thing is the only thing that costs less.
        self.cost = cost ?? (method == .get && !query ? .read : .work)
        isRemembered = method == .get && remembered && alternative == nil
        self.waitsFor = waitsFor
        self.deprecation = deprecation
        self.handler = handler
    }
}

/// What a route takes as a body.
package enum BodyKind: Sendable, Equatable {
    case none
    case json
    case mergePatch
    /// JSON, or nothing at all, which counts as `{}`.
    case optionalJSON
    /// Records without end, each JSON on a line of its own or a row of CSV; the handler reads them as they come.
    case records

    /// The media types it may have, the first as an example.
    package var mediaTypes: [String] {
        switch self {
        case .none: []
        case .json, .optionalJSON: ["application/json"]
        case .mergePatch: ["application/merge-patch+json", "application/json"]
        case .records: [MediaTypes.lines, MediaTypes.csv]
        }
    }
}

/// The table.
package enum Routes {
    /// The routes behind a token.
    package static let all: [Route] = table.enumerated().map { number, row in
        var route = row
        route.number = number
        return route
    }

    /// What is on its way out, by its number.
    static let deprecations: [Int: Deprecation] = all.reduce(into: [:]) { $0[$1.number] = $1.deprecation }

    private static let table: [Route] = [
        Route(.post, "/session", .openSession, body: .optionalJSON, SessionHandlers.open),
        Route(.delete, "/session", .closeSession, SessionHandlers.close),

        Route(.get, "/v1/me", .readSelf, PartyHandlers.me),
        Route(
            .get, "/v1/changes", .followChanges, query: true, waitsFor: Set(FeedKind.allCases), FeedHandlers.list),
        Route(.get, "/v1/organisations", .listOrganisations, query: true, PartyHandlers.organisations),
        Route(.get, "/v1/region", .readRegion, PartyHandlers.region),
        Route(.get, "/v1/disclosures", .auditDisclosures, query: true, remembered: false, AuditHandlers.list),

        Route(.post, "/v1/referrals", .createReferral, body: .json, ReferralHandlers.create),
        Route(.get, "/v1/referrals", .listReferrals, query: true, ReferralHandlers.list),
        Route(.post, "/v1/referrals/_search", .searchReferrals, body: .json, ReferralHandlers.search),
        Route(
            .post, "/v1/referrals/batch", .createReferral, body: .records, alternative: MediaTypes.lines, cost: .bulk,
            BatchHandlers.create),
        Route(.get, "/v1/referrals/{id}", .readReferral, ReferralHandlers.read),
        Route(.patch, "/v1/referrals/{id}", .changeReferral, body: .mergePatch, ReferralHandlers.change),
        Route(.get, "/v1/referrals/{id}/transitions", .readTransitions, ReferralHandlers.transitions),
        Route(.post, "/v1/referrals/{id}/transitions", .moveReferral, body: .json, ReferralHandlers.move),
        Route(.get, "/v1/referrals/{id}/events", .readEvents, query: true, ReferralHandlers.events),
        Route(.get, "/v1/referrals/{id}/clocks", .readClocks, ReferralHandlers.clocks),
        Route(.post, "/v1/referrals/{id}/clocks/{clockId}/pauses", .pauseClock, body: .json, ClockHandlers.pause),
        Route(
            .post, "/v1/referrals/{id}/clocks/{clockId}/resumptions", .pauseClock, body: .optionalJSON,
            ClockHandlers.resume),
        Route(.get, "/v1/referrals/{id}/trusted-people", .readTrust, TrustHandlers.list),
        Route(.post, "/v1/referrals/{id}/trusted-people", .trust, body: .json, TrustHandlers.add),
        Route(
            .post, "/v1/referrals/{id}/trusted-people/{tokenId}/revocations", .endTrust, body: .optionalJSON,
            TrustHandlers.end),
        Route(
            .get, "/v1/referrals/{id}/explanations", .readExplanations, query: true, cost: .work,
            ExplanationHandlers.person),
        Route(.get, "/v1/referrals/{id}/overview", .readOverview, remembered: false, OverviewHandlers.read),
        Route(
            .get, "/v1/referrals/{id}/dossier", .readDossier, alternative: "text/html", cost: .bulk, remembered: false,
            DossierHandlers.read),
        Route(.get, "/v1/referrals/{id}/correction-requests", .readCorrections, CorrectionHandlers.list),
        Route(
            .post, "/v1/referrals/{id}/correction-requests", .askCorrection, body: .json, CorrectionHandlers.request),
        Route(
            .post, "/v1/referrals/{id}/correction-requests/{requestId}/decisions", .decideCorrection, body: .json,
            CorrectionHandlers.decide),
        Route(
            .post, "/v1/referrals/{id}/correction-requests/{requestId}/statements", .askCorrection, body: .json,
            CorrectionHandlers.state),
        Route(.get, "/v1/referrals/{id}/erasure-requests", .readErasure, ErasureHandlers.list),
        Route(
            .post, "/v1/referrals/{id}/erasure-requests", .requestErasure, body: .optionalJSON, ErasureHandlers.request),
        Route(
            .post, "/v1/referrals/{id}/erasure-requests/{requestId}/decisions", .decideErasure, body: .json,
            ErasureHandlers.decide),
        Route(.get, "/v1/referrals/{id}/links", .readLinks, LinkHandlers.list),
        Route(.post, "/v1/referrals/{id}/links", .linkReferrals, body: .json, LinkHandlers.decide),
        Route(.get, "/v1/referrals/{id}/restriction", .readRestriction, RestrictionHandlers.read),
        Route(
            .post, "/v1/referrals/{id}/restriction", .restrictReferral, body: .json, RestrictionHandlers.change),
        Route(
            .get, "/v1/referrals/{id}/emergency-access", .readEmergencyAccess, RestrictionHandlers.accesses),
        Route(
            .post, "/v1/referrals/{id}/emergency-access", .breakGlass, body: .json, RestrictionHandlers.breakGlass),
        Route(
            .post, "/v1/referrals/{id}/emergency-access/{accessId}/reviews", .reviewEmergency, body: .json,
            RestrictionHandlers.review),
        Route(
            .get, "/v1/referrals/{id}/disclosures", .readDisclosures, query: true, remembered: false,
            ReferralHandlers.disclosures),

        Route(.get, "/v1/referrals/{id}/intake", .readReport, ConversationHandlers.report),
        Route(.post, "/v1/referrals/{id}/intake", .writeReport, body: .json, ConversationHandlers.writeReport),
        Route(
            .post, "/v1/referrals/{id}/intake/responses", .answerReport, body: .json,
            ConversationHandlers.answerReport),
        Route(.post, "/v1/referrals/{id}/assignments", .assignReferral, body: .json, ReferralHandlers.assign),
        Route(.get, "/v1/referrals/{id}/advice", .readAdvice, AdviceHandlers.list),
        Route(.post, "/v1/referrals/{id}/advice", .tellAdvice, body: .json, AdviceHandlers.tell),
        Route(.get, "/v1/referrals/{id}/records", .readRecords, IntakeHandlers.records),
        Route(.post, "/v1/referrals/{id}/records", .writeRecords, body: .json, IntakeHandlers.record),
        Route(.get, "/v1/referrals/{id}/measurements", .readMeasurements, IntakeHandlers.measurements),
        Route(.post, "/v1/referrals/{id}/measurements", .writeMeasurements, body: .json, IntakeHandlers.measure),
        Route(.get, "/v1/referrals/{id}/risks", .readRisks, IntakeHandlers.risks),
        Route(.post, "/v1/referrals/{id}/risks", .writeRisks, body: .json, IntakeHandlers.writeRisks),
        Route(.get, "/v1/referrals/{id}/network", .readNetwork, IntakeHandlers.network),
        Route(.post, "/v1/referrals/{id}/network", .writeNetwork, body: .json, IntakeHandlers.addPerson),
        Route(
            .post, "/v1/referrals/{id}/network/{personId}/withdrawals", .writeNetwork, body: .optionalJSON,
            IntakeHandlers.withdrawPerson),
        Route(.get, "/v1/referrals/{id}/exclusion-zones", .readZones, IntakeHandlers.zones),
        Route(.post, "/v1/referrals/{id}/exclusion-zones", .writeZones, body: .json, IntakeHandlers.addZone),
        Route(
            .post, "/v1/referrals/{id}/exclusion-zones/{zoneId}/ends", .writeZones, body: .optionalJSON,
            IntakeHandlers.endZone),
        Route(.get, "/v1/referrals/{id}/objections", .readObjections, ObjectionHandlers.list),
        Route(.post, "/v1/referrals/{id}/objections", .object, body: .json, ObjectionHandlers.lodge),
        Route(
            .post, "/v1/referrals/{id}/objections/{objectionId}/decisions", .decideObjection, body: .json,
            ObjectionHandlers.decide),
        Route(.get, "/v1/referrals/{id}/wishes", .readWishes, ConversationHandlers.wishes),
        Route(.post, "/v1/referrals/{id}/wishes", .writeWishes, body: .json, ConversationHandlers.writeWishes),
        Route(.get, "/v1/referrals/{id}/consents", .readConsents, ConversationHandlers.consents),
        Route(.post, "/v1/referrals/{id}/consents", .writeConsents, body: .json, ConversationHandlers.giveConsent),
        Route(
            .post, "/v1/referrals/{id}/consents/{consentId}/withdrawals", .writeConsents, body: .optionalJSON,
            ConversationHandlers.withdrawConsent),
        Route(
            .get, "/v1/referrals/{id}/support-requests", .readReferralSupport, query: true,
            SupportHandlers.listForReferral),
        Route(.post, "/v1/referrals/{id}/support-requests", .askSupport, body: .json, SupportHandlers.ask),

        Route(
            .get, "/v1/referrals/{id}/support-proposals", .readSupportProposals, query: true,
            SupportHandlers.proposals),
        Route(.post, "/v1/referrals/{id}/themes", .giveThemes, body: .json, ConsultationHandlers.giveReferralThemes),

        Route(.get, "/v1/consultations", .readConsultations, query: true, ConsultationHandlers.list),
        Route(.post, "/v1/consultations", .consult, body: .json, ConsultationHandlers.ask),
        Route(.get, "/v1/consultations/{id}", .readConsultations, ConsultationHandlers.read),
        Route(
            .post, "/v1/consultations/{id}/responses", .answerConsultation, body: .json, ConsultationHandlers.answer),
        Route(.post, "/v1/consultations/{id}/themes", .giveThemes, body: .json, ConsultationHandlers.giveThemes),
        Route(
            .get, "/v1/reports/missed-signals", .readMissedSignals, query: true, alternative: "text/csv",
            ReportHandlers.missedSignals),
        Route(.get, "/v1/reports/declines", .readDeclines, query: true, ReportHandlers.declines),

        Route(.get, "/v1/dwellings", .listDwellings, query: true, DwellingHandlers.list),
        Route(.post, "/v1/dwellings", .createDwelling, body: .json, DwellingHandlers.create),
        Route(.get, "/v1/dwellings/{id}", .readDwelling, DwellingHandlers.read),
        Route(
            .get, "/v1/dwellings/{id}/explanations", .readDwellingExplanations, cost: .work, ExplanationHandlers.home),
        Route(.patch, "/v1/dwellings/{id}", .changeDwelling, body: .mergePatch, DwellingHandlers.change),

        Route(.get, "/v1/agreements", .readAgreements, query: true, AgreementHandlers.read),
        Route(.put, "/v1/agreements", .writeAgreements, body: .json, AgreementHandlers.set),

        Route(.post, "/v1/match-runs", .runMatches, body: .optionalJSON, cost: .bulk, MatchRunHandlers.ask),
        Route(.get, "/v1/match-runs", .readMatchRuns, query: true, remembered: false, MatchRunHandlers.list),
        Route(.get, "/v1/match-runs/{id}", .readMatchRuns, remembered: false, MatchRunHandlers.read),
        Route(.get, "/v1/match-runs/{id}/candidates", .readMatchRuns, query: true, MatchRunHandlers.people),
        Route(.get, "/v1/match-runs/{id}/dwellings", .readMatchRuns, query: true, MatchRunHandlers.homes),
        Route(.get, "/v1/match-runs/{id}/replay", .readMatchRuns, cost: .work, MatchRunHandlers.replay),
        Route(.post, "/v1/match-runs/{id}/offers", .runMatches, body: .json, MatchRunHandlers.offer),

        Route(.get, "/v1/matches", .listMatches, query: true, waitsFor: [.match], MatchHandlers.list),
        Route(.post, "/v1/matches", .proposeMatch, body: .json, MatchHandlers.propose),
        Route(.get, "/v1/matches/{id}", .readMatch, MatchHandlers.read),
        Route(.post, "/v1/matches/{id}/offers", .offerMatch, body: .optionalJSON, MatchHandlers.offer),
        Route(.post, "/v1/matches/{id}/responses", .answerMatch, body: .json, MatchHandlers.answer),
        Route(.post, "/v1/matches/{id}/reviews", .reviewDecline, body: .json, MatchHandlers.review),
        Route(.post, "/v1/matches/{id}/viewings", .setViewing, body: .json, MatchHandlers.setViewing),
        Route(.post, "/v1/matches/{id}/introductions", .introduce, body: .json, MatchHandlers.introduce),

        Route(.get, "/v1/support-requests", .listSupportRequests, query: true, SupportHandlers.list),
        Route(.get, "/v1/support-requests/{id}", .readSupportRequest, SupportHandlers.read),
        Route(
            .post, "/v1/support-requests/{id}/conversions", .convertSupport, body: .optionalJSON,
            SupportHandlers.convert),
        Route(.post, "/v1/support-requests/{id}/responses", .answerSupport, body: .json, SupportHandlers.answer),

        Route(.get, "/v1/tasks", .readTasks, query: true, TaskHandlers.list),
        Route(.get, "/v1/tasks/{id}", .readTasks, TaskHandlers.read),
        Route(.post, "/v1/tasks/{id}/completions", .changeTasks, body: .json, TaskHandlers.complete),
        Route(.post, "/v1/tasks/{id}/assignments", .changeTasks, body: .json, TaskHandlers.assign),
        Route(.post, "/v1/tasks/{id}/answers", .changeTasks, body: .json, TaskHandlers.answer),

        Route(.post, "/v1/signals", .giveSignal, body: .json, SignalHandlers.give),
        Route(.get, "/v1/signals", .readSignals, query: true, SignalHandlers.list),
        Route(.get, "/v1/signals/{id}", .readSignals, SignalHandlers.read),
        Route(.post, "/v1/signals/{id}/responses", .answerSignal, body: .json, SignalHandlers.respond),

        Route(.post, "/v1/handovers", .askHandover, body: .json, HandoverHandlers.ask),
        Route(.get, "/v1/handovers", .readHandovers, query: true, HandoverHandlers.list),
        Route(.get, "/v1/handovers/{id}", .readHandovers, HandoverHandlers.read),
        Route(.get, "/v1/handovers/{id}/package", .readHandoverPackage, HandoverHandlers.package),
        Route(.post, "/v1/handovers/{id}/responses", .answerHandover, body: .json, HandoverHandlers.answer),

        Route(.get, "/v1/forecasts/promise", .readForecast, cost: .work, ForecastHandlers.promise),

        Route(.get, "/v1/tenancies", .listTenancies, query: true, TenancyHandlers.list),
        Route(.post, "/v1/tenancies", .createTenancy, body: .json, TenancyHandlers.create),
        Route(.get, "/v1/tenancies/{id}", .readTenancy, TenancyHandlers.read),
        Route(.post, "/v1/tenancies/{id}/ends", .endTenancy, body: .json, TenancyHandlers.end),
    ]
}
