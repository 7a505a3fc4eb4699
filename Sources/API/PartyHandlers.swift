// Who am I, what may I, and who else is here.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum PartyHandlers {
    static func me(_ exchange: Exchange) async throws -> Answer {
        let (token, organisation) = try exchange.read { try Look.caller(exchange.caller, in: $0) }
        let role = exchange.caller.actor.role
        return .ok { writer in
            writer.object { writer in
                writer.field("role", role)
                writer.field("label", token.label)
                writer.object("organisation") { write(organisation, to: &$0) }
                if let referral = token.referral { writer.field("referral", referral) }
                writer.field("expiresAt", ifPresent: token.expiresAt)
                writer.field("actions", Action.allCases.filter { $0.roles.contains(role) })
                writer.field("referralFields", AccessPolicy.groups(ofReferralFor: role).names)
            }
        }
    }

    static func organisations(_ exchange: Exchange) async throws -> Answer {
        var query = QueryReader(exchange.request)
        let kind = query.choice("kind", as: OrganisationKind.self)
        try query.finish()
        let found = try exchange.read { try Look.organisations(kind: kind, by: exchange.caller, in: $0) }
        return .ok { $0.items(found) { write($1, to: &$0) } }
    }

    private static func write(_ organisation: Organisation, to writer: inout JSONWriter) {
        writer.field("id", organisation.id)
        writer.field("kind", organisation.kind)
        writer.field("name", organisation.name)
        writer.field("municipality", ifPresent: organisation.municipality?.code)
    }
}
