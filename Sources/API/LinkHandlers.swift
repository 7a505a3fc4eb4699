// The routes of links: whether two referrals are one person's, as somebody decided.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum LinkHandlers {
    static func list(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        return try await exchange.look {
            try LinkReferrals.list(id, by: exchange.caller, in: $0)
        } answer: { found in
            Answer.ok { $0.items(found) { write($1, to: &$0) } }
        }
    }

    static func decide(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let (other, outcome, note) = try exchange.form { form -> (ReferralID, LinkOutcome, String?)? in
            let other = form.identifier("referral", of: ReferralTag.self)
            let outcome = form.choice("outcome", as: LinkOutcome.self)
            let note = form.string("note", .optional, length: 1...1000)
            guard let other, let outcome else { return nil }
            return (other, outcome, note)
        }
        let caller = exchange.caller
        return try await exchange.write { tx in
            let link = try LinkReferrals.decide(outcome, about: id, and: other, note: note, by: caller, in: tx)
            return .created(at: "/v1/referrals/\(id)/links", showing: Showing(.duplicates, of: id)) {
                $0.object { write(link, to: &$0) }
            }
        }
    }

    private static func write(_ link: PersonLink, to writer: inout JSONWriter) {
        writer.field("id", link.id)
        writer.field("referral", link.other)
        writer.field("outcome", link.outcome)
        writer.field("note", ifPresent: link.note)
        writer.field("at", link.at)
    }
}
