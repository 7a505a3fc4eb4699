// The routes of people whom somebody trusts to look along.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum TrustHandlers {
    static func list(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        return try await exchange.look {
            try TrustPerson.list(id, by: exchange.caller, in: $0)
        } answer: { found in
            Answer.ok { $0.items(found) { write($1, to: &$0) } }
        }
    }

    /// The answer has a secret, which is not kept to be given again.
    static func add(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let (name, until) = try exchange.form { form -> (String, CivilDate?)? in
            let name = form.string("name", length: 1...100)
            let until = form.date("until", .optional)
            return name.map { ($0, until) }
        }
        let caller = exchange.caller
        return try await exchange.writeAnew { tx in
            let (person, secret) = try TrustPerson.add(name, until: until, to: id, by: caller, in: tx)
            return .created(at: "/v1/referrals/\(id)/trusted-people", showing: Showing(.status, of: id)) { writer in
                writer.object { writer in
                    write(person, to: &writer)
                    writer.field("secret", secret)
                }
            }
        }
    }

    static func end(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let token = try exchange.id(1, of: TokenTag.self)
        _ = try exchange.form { _ in true }
        let caller = exchange.caller
        return try await exchange.write { tx in
            let person = try TrustPerson.end(token, of: id, by: caller, in: tx)
            return .ok(showing: Showing(.status, of: id)) { $0.object { write(person, to: &$0) } }
        }
    }

    static func write(_ person: TrustedPerson, to writer: inout JSONWriter) {
        writer.field("token", person.token)
        writer.field("name", person.name)
        writer.field("since", person.since)
        writer.field("expiresAt", ifPresent: person.expiresAt)
        writer.field("revokedAt", ifPresent: person.revokedAt)
    }
}
