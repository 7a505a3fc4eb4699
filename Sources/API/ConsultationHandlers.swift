// The routes of consultations, and of the themes that the intake point gives to an opening.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum ConsultationHandlers {
    static func list(_ exchange: Exchange) async throws -> Answer {
        var query = QueryReader(exchange.request)
        let state = query.choice("status", as: ConsultationState.self)
        let page = query.page { Cursor.id($0, of: ConsultationTag.self) }
        try query.finish()
        let found = try exchange.read { try Consult.list(state: state, page: page, by: exchange.caller, in: $0) }
        return Answer.page(found, of: exchange.request, cursor: { Cursor.encode($0) }) { write($1, to: &$0) }
    }

    static func read(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ConsultationTag.self)
        let found = try exchange.read { try Consult.find(id, by: exchange.caller, in: $0) }
        return Answer.ok(version: found.version) { $0.object { write(found, to: &$0) } }
    }

    static func ask(_ exchange: Exchange) async throws -> Answer {
        let draft = try exchange.form(Self.draft)
        let caller = exchange.caller
        return try await exchange.write { tx in
            let asked = try Consult.ask(draft, by: caller, in: tx)
            return .created(
                at: "/v1/consultations/\(asked.id)", version: asked.version,
                showing: Showing([], of: .consultation(asked.id), about: nil)
            ) {
                $0.object { write(asked, to: &$0) }
            }
        }
    }

    static func answer(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ConsultationTag.self)
        let (text, advice) = try exchange.form { form -> (String, [Advice])? in
            let text = form.string("text", length: 1...4000)
            let advice = form.choices("advice", .optional, as: Advice.self, count: 0...8)
            return text.map { ($0, advice ?? []) }
        }
        return try await changed(exchange) { try Consult.answer(id, text: text, advice: advice, by: $0, in: $1) }
    }

    static func giveThemes(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ConsultationTag.self)
        let themes = try exchange.form(Self.themes)
        return try await changed(exchange) { try Consult.give(themes, to: id, by: $0, in: $1) }
    }

    private static func changed(
        _ exchange: Exchange, _ change: @escaping @Sendable (Caller, WriteTransaction) throws -> Consultation
    ) async throws -> Answer {
        let caller = exchange.caller
        return try await exchange.write { tx in
            let changed = try change(caller, tx)
            return .ok(version: changed.version, showing: Showing([], of: .consultation(changed.id), about: nil)) {
                $0.object { write(changed, to: &$0) }
            }
        }
    }

    static func giveReferralThemes(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let themes = try exchange.form(Self.themes)
        let caller = exchange.caller
        return try await exchange.write { tx in
            let view = try Consult.give(themes, to: id, by: caller, in: tx)
            return .ok(version: view.standing.version, showing: Showing(view.groups, of: id)) {
                $0.object { ReferralJSON.write(view, to: &$0) }
            }
        }
    }

    // MARK: Forms and JSON

    private static func themes(_ form: inout ObjectReader) -> [SignalTheme]? {
        form.choices("themes", as: SignalTheme.self, count: 0...SignalTheme.allCases.count)
    }

    private static func draft(_ form: inout ObjectReader) -> ConsultationDraft? {
        let opening = form.object("opening", .required, ReferralForms.opening)
        let route = form.choice("route", as: ReferralRoute.self)
        let municipality = form.municipality("municipality")
        let age = form.choice("ageBand", .optional, as: AgeBand.self)
        let question = form.string("question", length: 1...4000)
        if let question, let trace = Anonymity.trace(in: question) { refuse("question", trace, &form) }
        if case .answered(let missed, let needed) = opening,
            let trace = Anonymity.trace(in: missed) ?? Anonymity.trace(in: needed)
        {
            refuse("opening", trace, &form)
        }
        guard let opening, let route, let municipality, let question else { return nil }
        return ConsultationDraft(
            opening: opening, route: route, municipality: municipality, ageBand: age, question: question)
    }

    private static func refuse(_ key: String, _ trace: String, _ form: inout ObjectReader) {
        form.fault(key, code: "identifying", text: "Leave out what somebody can be recognised by: it has \(trace).")
    }

    private static func write(_ consultation: Consultation, to writer: inout JSONWriter) {
        let content = consultation.content
        writer.field("id", consultation.id)
        writer.field("status", consultation.state)
        writer.organisation("askedBy", consultation.asker)
        writer.field("askedAt", consultation.askedAt)
        ReferralJSON.write(content.opening, to: &writer)
        writer.field("route", content.route)
        writer.field("municipality", content.municipality.code)
        writer.field("ageBand", ifPresent: content.ageBand)
        writer.field("question", content.question)
        if let answer = consultation.answer {
            writer.object("answer") { writer in
                writer.field("text", answer.text)
                writer.field("advice", answer.advice)
                writer.field("at", answer.at)
            }
        }
        if let referral = consultation.referral { writer.field("referral", referral) }
        if let themes = consultation.themes { writer.field("themes", themes) }
        writer.field("version", consultation.version)
    }
}
