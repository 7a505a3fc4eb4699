// The routes of restricted people: who alone may know of them, and the look in an emergency with its judgement.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum RestrictionHandlers {
    static func read(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        return try await exchange.look {
            try RestrictReferral.find(id, by: exchange.caller, in: $0)
        } answer: { restriction in
            Answer.ok(version: restriction.version) { $0.object { RestrictionJSON.write(restriction, to: &$0) } }
        }
    }

    static func change(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let request = try exchange.form(RestrictionForms.request)
        let caller = exchange.caller
        return try await exchange.write { tx in
            let restriction = try RestrictReferral.run(request, on: id, by: caller, in: tx)
            return .ok(showing: Showing(.status, of: id)) { writer in
                writer.object { writer in
                    if let restriction {
                        RestrictionJSON.write(restriction, to: &writer)
                    } else {
                        writer.field("restricted", false)
                    }
                }
            }
        }
    }

    static func breakGlass(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let reason = try exchange.form { $0.string("reason", length: 10...1000) }
        let caller = exchange.caller
        return try await exchange.write { tx in
            let access = try BreakGlass.run(id, reason: reason, by: caller, in: tx)
            return .created(
                at: "/v1/referrals/\(id)", showing: Showing(.status, of: id)
            ) { $0.object { RestrictionJSON.write(access, to: &$0) } }
        }
    }

    static func accesses(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        return try await exchange.look {
            try BreakGlass.list(id, by: exchange.caller, in: $0)
        } answer: { found in
            Answer.ok { $0.items(found) { RestrictionJSON.write($1, to: &$0) } }
        }
    }

    static func review(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let access = try exchange.id(1, of: EmergencyTag.self)
        let (outcome, note) = try exchange.form { form -> (EmergencyOutcome, String)? in
            let outcome = form.choice("outcome", as: EmergencyOutcome.self)
            let note = form.string("note", length: 1...2000)
            guard let outcome, let note else { return nil }
            return (outcome, note)
        }
        let caller = exchange.caller
        return try await exchange.write { tx in
            let reviewed = try BreakGlass.review(access, of: id, outcome, note: note, by: caller, in: tx)
            return .ok(showing: Showing(.status, of: .emergency(access), about: id)) {
                $0.object { RestrictionJSON.write(reviewed, to: &$0) }
            }
        }
    }
}

enum RestrictionForms {
    /// Restrict to some people, or end it.
    static func request(_ form: inout ObjectReader) -> RestrictionRequest? {
        let reason = form.string("reason", length: 1...1000)
        if form.has("ended") {
            if form.boolean("ended") == false { form.fault("ended", code: "enum", text: "Must be true, or left out.") }
            return reason.map { .end(reason: $0) }
        }
        let people = form.customs(
            "people", count: 0...RestrictReferral.peopleLimit, expecting: "an id, a UUID of 36 characters"
        ) { TokenID($0) }
        guard let reason, let people else { return nil }
        return .restrict(people: people, reason: reason)
    }
}

enum RestrictionJSON {
    static func write(_ restriction: Restriction, to writer: inout JSONWriter) {
        writer.field("restricted", true)
        writer.field("reason", restriction.reason)
        writer.field("since", restriction.since)
        writer.array("people") { writer in
            for person in restriction.people {
                writer.object { writer in
                    writer.field("token", person.token)
                    writer.field("label", person.label)
                    writer.field("role", person.role)
                    writer.organisation("organisation", person.organisation)
                }
            }
        }
        writer.field("version", restriction.version)
    }

    static func write(_ access: EmergencyAccess, to writer: inout JSONWriter) {
        writer.field("id", access.id)
        writer.field("referral", access.referral)
        writer.field("reason", access.reason)
        writer.field("openedAt", access.openedAt)
        writer.field("endsAt", access.endsAt)
        writer.field("outcome", ifPresent: access.outcome)
        writer.field("note", ifPresent: access.note)
        writer.field("reviewedAt", ifPresent: access.reviewedAt)
    }
}
