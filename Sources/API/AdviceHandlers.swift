// The routes of advice: where a person is pointed to besides, and that they were told.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum AdviceHandlers {
    static func list(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        return try await exchange.look {
            try GiveAdvice.list(id, by: exchange.caller, in: $0)
        } answer: { found in
            Answer.ok { $0.items(found) { write($1, to: &$0) } }
        }
    }

    static func tell(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let (advice, note) = try exchange.form { form -> (Advice, String?)? in
            let advice = form.choice("advice", as: Advice.self)
            let note = form.string("note", .optional, length: 1...1000)
            return advice.map { ($0, note) }
        }
        let caller = exchange.caller
        return try await exchange.write { tx in
            let line = try GiveAdvice.tell(advice, note: note, of: id, by: caller, in: tx)
            return .created(at: "/v1/referrals/\(id)/advice", showing: Showing(.care, of: id)) {
                $0.object { write(line, to: &$0) }
            }
        }
    }

    static func write(_ line: AdviceLine, to writer: inout JSONWriter) {
        writer.field("advice", line.contact.advice)
        writer.field("name", line.contact.name)
        writer.field("why", line.contact.why)
        writer.field("phone", ifPresent: line.contact.phone)
        writer.field("url", ifPresent: line.contact.url)
        writer.field("source", line.source)
        writer.field("regionVersion", line.regionVersion)
        writer.field("criteriaVersion", ifPresent: line.criteriaVersion)
        writer.array("told") { writer in
            for told in line.told {
                writer.object { writer in
                    writer.field("at", told.at)
                    writer.field("by", told.by)
                    writer.field("note", ifPresent: told.note)
                }
            }
        }
    }
}
