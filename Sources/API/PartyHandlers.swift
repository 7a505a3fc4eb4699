// Who am I, what may I, and who else is here.

internal import Domain
internal import JSON
internal import RegionFile
internal import Storage
internal import UseCases

enum PartyHandlers {
    static func me(_ exchange: Exchange) async throws -> Answer {
        let (token, organisation) = try exchange.read { try Look.caller(exchange.caller, in: $0) }
        let role = exchange.caller.actor.role
        let actions = Action.allCases.filter { AccessPolicy.decide(exchange.caller.actor, $0) == .allow }
        return .ok { writer in
            writer.object { writer in
                writer.field("role", role)
                writer.field("label", token.label)
                writer.object("organisation") { write(organisation, to: &$0) }
                if let referral = token.referral { writer.field("referral", referral) }
                if token.isDelegate { writer.field("looksAlong", true) }
                writer.field("expiresAt", ifPresent: token.expiresAt)
                writer.field("actions", actions)
                writer.field("referralFields", AccessPolicy.groups(ofReferralFor: role).names)
                policy(of: role, actions, to: &writer)
            }
        }
    }

    /// The policy as far as it concerns a role: what it may ask, what it sees and when, and what it never does.
    private static func policy(of role: Role, _ actions: [Action], to writer: inout JSONWriter) {
        writer.array("routes") { writer in
            for route in Routes.all {
                guard let action = route.action, actions.contains(action) else { continue }
                writer.object { writer in
                    writer.field("action", action)
                    writer.field("method", route.method)
                    writer.field("path", route.template)
                }
            }
        }
        writer.array("sees") { writer in
            for sight in Sight.allCases {
                guard let grant = AccessPolicy.grant(role, sight) else { continue }
                writer.object { writer in
                    writer.field("resource", sight.resource)
                    writer.field("stage", ifPresent: sight.stage)
                    writer.field("fields", grant.groups.names)
                    writer.field("ground", grant.ground)
                    writer.field("condition", grant.condition)
                }
            }
        }
        let seen = Sight.allCases.reduce(into: FieldGroups()) { $0.formUnion(AccessPolicy.groups(role, $1)) }
        writer.array("fields") { writer in
            for group in FieldGroup.all where seen.contains(group.group) {
                writer.object { writer in
                    writer.field("name", group.name)
                    writer.field("holds", group.holds)
                    writer.field("law", group.law)
                }
            }
        }
        writer.field("never", FieldGroup.all.filter { $0.barred.contains(role) }.map(\.name))
    }

    static func region(_ exchange: Exchange) async throws -> Answer {
        let region = try exchange.read { try Look.region(by: exchange.caller, in: $0) }
        return .ok(version: region.version) { writer in
            writer.object { writer in
                writer.field("version", region.version)
                writer.field("appliedAt", ifPresent: region.appliedAt)
                RegionWriter.write(region.settings, to: &writer)
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
