// The routes of support: what providers are asked and what they answer.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum SupportHandlers {
    static func list(_ exchange: Exchange) async throws -> Answer { try await page(exchange, about: nil) }

    static func listForReferral(_ exchange: Exchange) async throws -> Answer {
        try await page(exchange, about: try exchange.id(of: ReferralTag.self))
    }

    private static func page(_ exchange: Exchange, about referral: ReferralID?) async throws -> Answer {
        var query = QueryReader(exchange.request)
        let states = query.choices("status", as: SupportState.self)
        let page = query.page { Cursor.id($0, of: SupportRequestTag.self) }
        try query.finish()
        let role = exchange.caller.actor.role
        return try await exchange.look {
            try Look.supportRequests(states: states, about: referral, page: page, by: exchange.caller, in: $0)
        } answer: { found in
            return Answer.page(found, of: exchange.request, cursor: { Cursor.encode($0) }) {
                SupportJSON.write($1, for: role, to: &$0)
            }
        }
    }

    static func read(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: SupportRequestTag.self)
        let role = exchange.caller.actor.role
        return try await exchange.look {
            try Look.supportRequest(id, by: exchange.caller, in: $0)
        } answer: { request in
            Answer.ok(version: request.version) { $0.object { SupportJSON.write(request, for: role, to: &$0) } }
        }
    }

    static func ask(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let ask = try exchange.form(SupportForms.ask)
        return try await changed(exchange) { try ArrangeSupport.ask(ask, for: id, by: $0, in: $1) }
    }

    static func proposals(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        var query = QueryReader(exchange.request)
        let kind = query.choice("kind", as: SupportKind.self) ?? .tenancy
        try query.finish()
        return try await exchange.look {
            try ArrangeSupport.proposals(for: id, kind, by: exchange.caller, in: $0)
        } answer: { found in
            Answer.ok { writer in
                writer.object { writer in
                    writer.array("items") { writer in
                        for fit in found.fits {
                            writer.object { writer in
                                writer.organisation("provider", fit.provider)
                                writer.field("municipality", ifPresent: fit.municipality?.code)
                                writer.field("nearness", fit.nearness)
                            }
                        }
                    }
                    writer.field("regionVersion", found.regionVersion)
                }
            }
        }
    }

    static func convert(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: SupportRequestTag.self)
        let hours = try exchange.form { form -> (Int?, Bool)? in
            (form.integer("hoursPerWeek", .optional, in: 1...168).map { Int($0) }, true)
        }.0
        let precondition = try exchange.optionalPrecondition()
        return try await changed(exchange) {
            try ArrangeSupport.convert(id, hoursPerWeek: hours, if: precondition, by: $0, in: $1)
        }
    }

    static func answer(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: SupportRequestTag.self)
        let answer = try exchange.form(SupportForms.answer)
        let precondition = try exchange.optionalPrecondition()
        return try await changed(exchange) { try ArrangeSupport.answer(id, answer, if: precondition, by: $0, in: $1) }
    }

    private static func changed(
        _ exchange: Exchange, _ change: @escaping @Sendable (Caller, WriteTransaction) throws -> SupportRequest
    ) async throws -> Answer {
        let caller = exchange.caller
        return try await exchange.write { tx in
            let request = try change(caller, tx)
            let groups = AccessPolicy.groups(caller.actor.role, .supportRequest(request.state.stage))
            let showing = Showing(groups, of: .supportRequest(request.id), about: request.referral)
            let location = "/v1/support-requests/\(request.id)"
            return .created(at: location, version: request.version, showing: showing) { writer in
                writer.object { SupportJSON.write(request, for: caller.actor.role, to: &$0) }
            }
        }
    }
}

enum SupportForms {
    static func ask(_ form: inout ObjectReader) -> SupportAsk? {
        let provider = form.identifier("provider", of: OrganisationTag.self)
        let hours = form.integer("hoursPerWeek", in: 1...168)
        let needs = form.choices("needs", .optional, as: SupportNeed.self, count: 0...12)
        let from = form.date("wantedFrom", .optional)
        let note = form.string("note", .optional, length: 1...2000)
        let kind = form.choice("kind", .optional, as: SupportKind.self)
        let agreed = form.boolean("agreedWithCandidate", .optional)
        guard let provider, let hours else { return nil }
        return SupportAsk(
            provider: provider, kind: kind ?? .tenancy, hoursPerWeek: Int(hours), needs: needs ?? [],
            wantedFrom: from, note: note, isAgreed: agreed ?? false)
    }

    private enum Word: String, CaseIterable {
        case accept
        case decline
    }

    static func answer(_ form: inout ObjectReader) -> SupportAnswer? {
        switch form.choice("answer", as: Word.self) {
        case .accept:
            let startsOn = form.date("startsOn")
            let hours = form.integer("hoursPerWeek", .optional, in: 1...168)
            let contact = form.object("contact") { form -> (name: String, phone: String)? in
                let name = form.string("name", length: 1...100)
                let phone = form.phone("phone")
                guard let name, let phone else { return nil }
                return (name, phone)
            }
            guard let startsOn, let contact else { return nil }
            return .accept(
                startsOn: startsOn, hoursPerWeek: hours.map { Int($0) }, contactName: contact.name,
                contactPhone: contact.phone)
        case .decline:
            let reason = form.choice("reason", as: SupportDeclineReason.self)
            let note = form.string("note", .optional, length: 1...2000)
            return reason.map { .decline($0, note: note) }
        case nil:
            for key in ["startsOn", "hoursPerWeek", "contact", "reason", "note"] { _ = form.anything(key, .optional) }
            return nil
        }
    }
}

enum SupportJSON {
    /// A request as a reader sees it: a provider learns whom it is about when it has said yes.
    static func write(_ request: SupportRequest, for role: Role, to writer: inout JSONWriter) {
        writer.field("id", request.id)
        writer.field("kind", request.kind)
        writer.field("status", request.state)
        writer.organisation("provider", request.provider)
        let groups = AccessPolicy.groups(role, .supportRequest(request.state.stage))
        if groups.contains(.dossier) { writer.field("referral", request.referral) }
        writer.field("municipality", request.municipality.code)
        writer.field("needs", request.needs)
        writer.field("hoursPerWeek", request.hoursPerWeek)
        writer.field("wantedFrom", ifPresent: request.wantedFrom)
        if groups.contains(.decision) { writer.field("note", ifPresent: request.note) }
        writer.field("askedAt", request.askedAt)
        writer.field("answerDueOn", request.answerDueOn)
        writer.field("answeredAt", ifPresent: request.answeredAt)
        writer.field("startsOn", ifPresent: request.startsOn)
        if let name = request.contactName, let phone = request.contactPhone {
            writer.object("contact") { writer in
                writer.field("name", name)
                writer.field("phone", phone)
            }
        }
        writer.field("declineReason", ifPresent: request.declineReason)
        if groups.contains(.decision) { writer.field("declineNote", ifPresent: request.declineNote) }
        writer.field("version", request.version)
    }
}
