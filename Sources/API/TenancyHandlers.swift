// The routes of tenancies: the key, and who holds one.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum TenancyHandlers {
    static func list(_ exchange: Exchange) async throws -> Answer {
        var query = QueryReader(exchange.request)
        let page = query.page { Cursor.id($0, of: TenancyTag.self) }
        try query.finish()
        let role = exchange.caller.actor.role
        return try await exchange.look {
            try Look.tenancies(page: page, by: exchange.caller, in: $0)
        } answer: { found in
            return Answer.page(found, of: exchange.request, cursor: { Cursor.encode($0) }) {
                TenancyJSON.write($1, for: role, to: &$0)
            }
        }
    }

    static func read(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: TenancyTag.self)
        let role = exchange.caller.actor.role
        return try await exchange.look {
            try Look.tenancy(id, by: exchange.caller, in: $0)
        } answer: { tenancy in
            Answer.ok(version: tenancy.version) { $0.object { TenancyJSON.write(tenancy, for: role, to: &$0) } }
        }
    }

    static func create(_ exchange: Exchange) async throws -> Answer {
        let (match, startsOn, kind, convertOn) = try exchange.form(Self.form)
        let caller = exchange.caller
        return try await exchange.write { tx in
            let tenancy = try RegisterTenancy.run(
                match: match, startsOn: startsOn, kind: kind, convertOn: convertOn, by: caller, in: tx)
            let groups = AccessPolicy.groups(caller.actor.role, .tenancy)
            let showing = Showing(groups, of: .tenancy(tenancy.id), about: tenancy.referral)
            return .created(at: "/v1/tenancies/\(tenancy.id)", version: tenancy.version, showing: showing) { writer in
                writer.object { TenancyJSON.write(tenancy, for: caller.actor.role, to: &$0) }
            }
        }
    }

    static func end(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: TenancyTag.self)
        let day = try exchange.form { $0.date("endedOn") }
        let caller = exchange.caller
        return try await exchange.write { tx in
            let tenancy = try EndTenancy.run(id, on: day, by: caller, in: tx)
            let groups = AccessPolicy.groups(caller.actor.role, .tenancy)
            let showing = Showing(groups, of: .tenancy(id), about: tenancy.referral)
            return .ok(version: tenancy.version, showing: showing) { writer in
                writer.object { TenancyJSON.write(tenancy, for: caller.actor.role, to: &$0) }
            }
        }
    }

    private static func form(
        _ form: inout ObjectReader
    ) -> (match: MatchID, startsOn: CivilDate, kind: TenancyKind?, convertOn: CivilDate?)? {
        let match = form.identifier("match", of: MatchTag.self)
        let startsOn = form.date("startsOn")
        let kind = form.choice("kind", .optional, as: TenancyKind.self)
        let convertOn = form.date("convertOn", .optional)
        guard let match, let startsOn else { return nil }
        return (match, startsOn, kind, convertOn)
    }
}

enum TenancyJSON {
    /// A tenancy as a role sees it: a landlord knows its tenant through the match, not through the dossier.
    static func write(_ tenancy: Tenancy, for role: Role, to writer: inout JSONWriter) {
        writer.field("id", tenancy.id)
        writer.field("match", tenancy.match)
        if AccessPolicy.groups(role, .tenancy).contains(.dossier) { writer.field("referral", tenancy.referral) }
        writer.organisation("landlord", tenancy.landlord)
        writer.field("dwelling", tenancy.dwelling)
        writer.field("kind", tenancy.kind)
        writer.field("startsOn", tenancy.startsOn)
        writer.field("convertOn", ifPresent: tenancy.convertOn)
        writer.field("registeredAt", tenancy.registeredAt)
        writer.field("endedOn", ifPresent: tenancy.endedOn)
        writer.organisation("supportProvider", tenancy.supportProvider)
        writer.field("version", tenancy.version)
    }
}
