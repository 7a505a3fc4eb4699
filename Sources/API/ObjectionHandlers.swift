// The routes of objections to a refusal: lodged by the person or on their word, and decided by the coordinator. Which term
// they have to keep, and what a decision brings about, is the use case's.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum ObjectionHandlers {
    static func list(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        return try await exchange.look {
            try Object.list(id, by: exchange.caller, in: $0)
        } answer: { found in
            Answer.ok { $0.items(found) { write($1, to: &$0) } }
        }
    }

    static func lodge(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let text = try exchange.form { $0.string("text", length: 1...10_000) }
        let caller = exchange.caller
        return try await exchange.write { tx in
            let objection = try Object.lodge(text, about: id, by: caller, in: tx)
            return .created(at: "/v1/referrals/\(id)/objections", showing: Showing(.decision, of: id)) {
                $0.object { write(objection, to: &$0) }
            }
        }
    }

    static func decide(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let objection = try exchange.id(1, of: ObjectionTag.self)
        let (outcome, note) = try exchange.form { form -> (ObjectionOutcome, String)? in
            let outcome = form.choice("outcome", as: ObjectionOutcome.self)
            let note = form.string("note", length: 1...4000)
            guard let outcome, let note else { return nil }
            return (outcome, note)
        }
        let caller = exchange.caller
        return try await exchange.write { tx in
            let decided = try Object.decide(objection, of: id, outcome, note: note, by: caller, in: tx)
            return .ok(showing: Showing(.decision, of: id)) { $0.object { write(decided, to: &$0) } }
        }
    }

    static func write(_ objection: Objection, to writer: inout JSONWriter) {
        writer.field("id", objection.id)
        writer.field("lodgedAt", objection.lodgedAt)
        writer.field("lodgedBy", objection.lodgedBy)
        writer.field("text", ifPresent: objection.text)
        writer.field("dueOn", objection.dueOn)
        writer.field("outcome", ifPresent: objection.outcome)
        writer.field("note", ifPresent: objection.note)
        writer.field("decidedAt", ifPresent: objection.decidedAt)
    }
}
