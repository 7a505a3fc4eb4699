// The routes of a person's request to destroy the dossier.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum ErasureHandlers {
    static func list(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        return try await exchange.look {
            try Forget.requests(id, by: exchange.caller, in: $0)
        } answer: { found in
            Answer.ok { $0.items(found) { write($1, to: &$0) } }
        }
    }

    static func request(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        _ = try exchange.form { _ in true }
        let caller = exchange.caller
        return try await exchange.write { tx in
            let request = try Forget.request(id, by: caller, in: tx)
            return .created(at: "/v1/referrals/\(id)/erasure-requests", showing: Showing(.status, of: id)) {
                $0.object { write(request, to: &$0) }
            }
        }
    }

    static func decide(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let request = try exchange.id(1, of: ErasureTag.self)
        let (outcome, ground, note) = try exchange.form(decision)
        let caller = exchange.caller
        return try await exchange.write { tx in
            let decided = try Forget.decide(
                request, of: id, outcome, ground: ground, note: note, by: caller, in: tx)
            return .ok(showing: Showing(.status, of: id)) { $0.object { write(decided, to: &$0) } }
        }
    }

    private static func decision(
        _ form: inout ObjectReader
    ) -> (ErasureOutcome, ErasureRefusal?, note: String?)? {
        let outcome = form.choice("outcome", as: ErasureOutcome.self)
        let isRefused = outcome == .refused
        let ground = form.choice("ground", isRefused ? .required : .optional, as: ErasureRefusal.self)
        let note = form.string("note", isRefused ? .required : .optional, length: 1...2000)
        if outcome == .granted, form.has("ground") {
            form.fault("ground", code: "conflict", text: "Only a refusal has a ground.")
        }
        guard let outcome else { return nil }
        return (outcome, ground, note)
    }

    static func write(_ request: ErasureRequest, to writer: inout JSONWriter) {
        writer.field("id", request.id)
        writer.field("requestedAt", request.requestedAt)
        writer.field("requestedBy", request.role)
        writer.field("dueOn", request.dueOn)
        writer.field("outcome", ifPresent: request.outcome)
        writer.field("ground", ifPresent: request.ground)
        writer.field("note", ifPresent: request.note)
        writer.field("decidedAt", ifPresent: request.decidedAt)
    }
}
