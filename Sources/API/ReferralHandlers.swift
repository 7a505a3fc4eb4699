// The routes of a referral: read the request, one call, write the answer. Says nothing of roles, states or tables.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum ReferralHandlers {
    static func create(_ exchange: Exchange) async throws -> Answer {
        let draft = try exchange.form { ReferralForms.draft(&$0, today: exchange.today) }
        let caller = exchange.caller
        return try await exchange.write { tx in
            let view = try OpenReferral.run(draft, by: caller, in: tx)
            let id = view.standing.id
            return .created(
                at: "/v1/referrals/\(id)", version: view.standing.version, showing: Showing(view.groups, of: id)
            ) { writer in
                writer.object { ReferralJSON.write(view, to: &$0) }
            }
        }
    }

    static func list(_ exchange: Exchange) async throws -> Answer {
        var query = QueryReader(exchange.request)
        var filter = ReferralFilter()
        filter.states = query.choices("status", as: ReferralState.self)
        filter.route = query.choice("route", as: ReferralRoute.self)
        filter.municipality = query.municipality("municipality")
        filter.assignee = query.identifier("assignee", of: TokenTag.self)
        let state = query.choice("clock", as: ReferralForms.ClockQuery.self)
        filter.clock = state?.filter(on: exchange.today)
        filter.hasOpenSignal = query.choice("signal", as: ReferralForms.SignalQuery.self) != nil
        filter.order = query.choice("sort", as: ReferralOrder.self) ?? (state == nil ? .newestFirst : .dueOn)
        if state != nil && filter.order != .dueOn {
            query.fault("sort", "conflict", "Referrals by their clocks come in the order of dueOn.")
        }
        let page = query.page { Cursor.referralKey($0, order: filter.order) }
        try query.finish()
        return try await exchange.look {
            try Look.referrals(filter, page: page, by: exchange.caller, in: $0)
        } answer: { found in
            return Answer.page(found, of: exchange.request, cursor: { Cursor.encode($0) }) {
                ReferralJSON.write($1, to: &$0)
            }
        }
    }

    static func clocks(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        return try await exchange.look {
            try Look.clocks(id, by: exchange.caller, in: $0)
        } answer: { found in
            Answer.ok {
                $0.items(found.clocks) { ClockJSON.write($1, turns: found.turns, on: exchange.today, to: &$0) }
            }
        }
    }

    static func search(_ exchange: Exchange) async throws -> Answer {
        let (search, emergency) = try exchange.form(ReferralForms.search)
        if let emergency {
            let caller = exchange.caller
            return try await exchange.writeAnew { tx in
                let found = try BreakGlass.search(search, reason: emergency, by: caller, in: tx)
                return Answer.ok { $0.items(found) { ReferralJSON.write($1, to: &$0) } }
            }
        }
        return try await exchange.look {
            try Look.search(search, by: exchange.caller, in: $0)
        } answer: { found in
            Answer.ok { $0.items(found) { ReferralJSON.write($1, to: &$0) } }
        }
    }

    static func read(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        return try await exchange.look {
            try Look.referral(id, by: exchange.caller, in: $0)
        } answer: { view in
            Answer.ok(version: view.standing.version) { $0.object { ReferralJSON.write(view, to: &$0) } }
        }
    }

    static func change(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let precondition = try exchange.precondition()
        let changes = try exchange.form { ReferralForms.changes(&$0, today: exchange.today) }
        let caller = exchange.caller
        return try await exchange.write { tx in
            let view = try ChangeReferral.run(id, changes, if: precondition, by: caller, in: tx)
            return .ok(version: view.standing.version) { $0.object { ReferralJSON.write(view, to: &$0) } }
        }
    }

    static func assign(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let (token, note) = try exchange.form { form -> (TokenID, String?)? in
            let token = form.identifier("token", of: TokenTag.self)
            let note = form.string("note", .optional, length: 1...1000)
            return token.map { ($0, note) }
        }
        let caller = exchange.caller
        return try await exchange.write { tx in
            let view = try AssignReferral.run(id, to: token, note: note, by: caller, in: tx)
            return .ok(version: view.standing.version, showing: Showing(view.groups, of: id)) {
                $0.object { ReferralJSON.write(view, to: &$0) }
            }
        }
    }

    static func transitions(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        return try await exchange.look {
            try Look.transitions(id, by: exchange.caller, in: $0)
        } answer: { found in
            Answer.ok(version: found.standing.version) { writer in
                writer.object { ReferralJSON.write(found.moves, from: found.standing, to: &$0) }
            }
        }
    }

    static func move(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let request = try exchange.form(ReferralForms.move)
        try MoveReferral.requireRole(for: request.move, exchange.caller)
        let precondition = try exchange.precondition()
        let caller = exchange.caller
        return try await exchange.write { tx in
            let made = try MoveReferral.run(id, request, if: precondition, by: caller, in: tx)
            return .ok(version: made.standing.version, showing: Showing(.status, of: id)) { writer in
                writer.object { writer in
                    writer.field("id", made.event)
                    writer.field("move", made.move)
                    writer.field("from", made.from)
                    writer.field("to", made.standing.state)
                    writer.field("at", made.at)
                    writer.object("referral") { writer in
                        writer.field("id", made.standing.id)
                        writer.field("status", made.standing.state)
                        writer.field("version", made.standing.version)
                    }
                }
            }
        }
    }

    static func events(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        var query = QueryReader(exchange.request)
        let page = query.page { Cursor.id($0, of: EventTag.self) }
        try query.finish()
        return try await exchange.look {
            try Look.events(id, page: page, by: exchange.caller, in: $0)
        } answer: { found in
            return Answer.page(found, of: exchange.request, cursor: { Cursor.encode($0) }) {
                ReferralJSON.write($1, to: &$0)
            }
        }
    }

    static func disclosures(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        var query = QueryReader(exchange.request)
        let page = query.page(Cursor.sequence)
        let period = LedgerPeriod(from: query.day("from"), until: query.day("until"))
        let folded = query.flag("folded")
        try query.finish()
        return try await exchange.look {
            try Look.disclosures(id, during: period, folded: folded, page: page, by: exchange.caller, in: $0)
        } answer: { found in
            Answer.page(found, of: exchange.request, cursor: { Cursor.encode($0) }) {
                DisclosureJSON.write($1, to: &$0)
            }
        }
    }
}
