// The routes of a person's requests for corrections.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum CorrectionHandlers {
    static func list(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        return try await exchange.look {
            try CorrectData.list(id, by: exchange.caller, in: $0)
        } answer: { found in
            Answer.ok { $0.items(found) { write($1, to: &$0) } }
        }
    }

    static func request(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let (groups, text) = try exchange.form(form)
        let caller = exchange.caller
        return try await exchange.write { tx in
            let request = try CorrectData.request(groups, text, of: id, by: caller, in: tx)
            return .created(at: "/v1/referrals/\(id)/correction-requests", showing: showing(request, id, caller)) {
                $0.object { write(request, to: &$0) }
            }
        }
    }

    static func decide(_ exchange: Exchange) async throws -> Answer {
        let (outcome, note) = try exchange.form(decision)
        return try await changed(exchange) { id, request, caller, tx in
            try CorrectData.decide(request, of: id, outcome, note: note, by: caller, in: tx)
        }
    }

    static func state(_ exchange: Exchange) async throws -> Answer {
        let statement = try exchange.form { $0.string("statement", length: 1...4000) }
        return try await changed(exchange) { id, request, caller, tx in
            try CorrectData.state(statement, on: request, of: id, by: caller, in: tx)
        }
    }

    private static func changed(
        _ exchange: Exchange,
        _ change:
            @escaping @Sendable (ReferralID, CorrectionID, Caller, WriteTransaction) throws -> CorrectionRequest
    ) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let request = try exchange.id(1, of: CorrectionTag.self)
        let caller = exchange.caller
        return try await exchange.write { tx in
            let changed = try change(id, request, caller, tx)
            return .ok(showing: showing(changed, id, caller)) { $0.object { write(changed, to: &$0) } }
        }
    }

    private static func showing(_ request: CorrectionRequest, _ id: ReferralID, _ caller: Caller) -> Showing {
        let seen = AccessPolicy.groups(ofReferralFor: caller.actor.role)
        return Showing(CorrectionRequest.named(request.groups, for: seen), of: id)
    }

    private static let names = CorrectionRequest.correctable.names

    private static func form(_ form: inout ObjectReader) -> (FieldGroups, String)? {
        let fields = form.customs(
            "fields", count: 1...names.count, expecting: "one of: \(names.joined(separator: ", "))"
        ) {
            names.contains($0) ? $0 : nil
        }
        let text = form.string("text", length: 1...4000)
        guard let fields, let text else { return nil }
        return (FieldGroups(names: fields), text)
    }

    private static func decision(_ form: inout ObjectReader) -> (CorrectionOutcome, note: String?)? {
        let outcome = form.choice("outcome", as: CorrectionOutcome.self)
        let note = form.string("note", outcome == .refused ? .required : .optional, length: 1...2000)
        guard let outcome else { return nil }
        return (outcome, note)
    }

    static func write(_ request: CorrectionRequest, to writer: inout JSONWriter) {
        writer.field("id", request.id)
        writer.field("requestedAt", request.requestedAt)
        writer.field("requestedBy", request.role)
        writer.field("fields", request.groups.names)
        writer.field("text", ifPresent: request.text)
        writer.field("dueOn", request.dueOn)
        writer.field("outcome", ifPresent: request.outcome)
        writer.field("note", ifPresent: request.note)
        writer.field("decidedAt", ifPresent: request.decidedAt)
        writer.field("statement", ifPresent: request.statement)
    }
}
