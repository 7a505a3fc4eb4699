// The route of a person's own view: how far am I, whose move is it.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum OverviewHandlers {
    static func read(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        return try await exchange.look {
            try ReadOverview.run(id, by: exchange.caller, in: $0)
        } answer: { overview in
            Answer.ok { $0.object { write(overview, on: exchange.today, to: &$0) } }
        }
    }

    private static func write(_ overview: Overview, on today: CivilDate, to writer: inout JSONWriter) {
        writer.field("candidateNumber", overview.standing.candidateNumber)
        writer.field("status", overview.standing.state)
        writer.object("next") { writer in
            writer.field("party", ifPresent: overview.next.party)
            writer.field("dueOn", ifPresent: overview.next.dueOn)
            text(overview.next.english, overview.next.dutch, &writer)
        }
        if let place = overview.place { writer.object("queue") { queue(place, &$0) } }
        if let promise = overview.promise { writer.object("promise") { self.promise(promise, today, &$0) } }
        writer.array("offers") { writer in
            for offer in overview.offers {
                writer.object { writer in
                    writer.field("match", offer.id)
                    writer.field("status", offer.standing.state)
                    writer.field("answer", offer.standing.candidate)
                    writer.field("answerDueOn", ifPresent: offer.answerDueOn)
                }
            }
        }
        if let wishes = overview.wishes {
            writer.object("wishes") { writer in
                writer.field("version", wishes.number)
                writer.field("askAgainAfter", wishes.askAgainAfter)
                writer.field("stale", today > wishes.askAgainAfter)
            }
        }
        if let report = overview.report {
            writer.object("report") { writer in
                writer.field("version", report.number)
                writer.field("answered", report.response != nil)
            }
        }
        writer.field("consents", overview.consents)
        writer.array("corrections") { writer in
            for request in overview.corrections {
                writer.object { writer in
                    writer.field("id", request.id)
                    writer.field("fields", request.groups.names)
                    writer.field("dueOn", request.dueOn)
                    writer.field("outcome", ifPresent: request.outcome)
                }
            }
        }
        writer.field("looksInThirtyDays", overview.looks)
    }

    private static func queue(_ place: Int, _ writer: inout JSONWriter) {
        writer.field("place", place)
        let before = place - 1
        text(
            before == 0
                ? "You are the first in the queue. Who needs a home more urgently goes before you; otherwise the date counts."
                : "\(before) people stand before you. Who needs a home more urgently goes first, and then who has waited longer. "
                    + "A home has to fit too, so it can be your turn sooner or later.",
            before == 0
                ? "U staat vooraan. Wie dringender een woning nodig heeft, gaat voor; anders telt de datum."
                : "Er staan \(before) mensen voor u. Wie dringender een woning nodig heeft, gaat voor, en daarna wie langer "
                    + "wacht. Een woning moet ook passen, dus u kunt eerder of later aan de beurt zijn.", &writer)
    }

    private static func promise(_ clock: Clock, _ today: CivilDate, _ writer: inout JSONWriter) {
        let due = clock.dueOn(on: today)
        let day = due.words
        writer.field("dueOn", due)
        writer.field("daysLeft", clock.daysLeft(on: today))
        let state = clock.state(on: today)
        writer.field("state", state)
        switch state {
        case .breached:
            text(
                "We promised you a home by \(day.en). That did not work out. The coordinator of the intake point is on it.",
                "Wij hebben u een woning beloofd voor \(day.nl). Dat is niet gelukt. De coördinator is ermee bezig.",
                &writer)
        case .paused:
            text(
                "The half year that we promised stands still while you want to wait.",
                "Het halve jaar dat wij beloofden, staat stil zolang u wilt wachten.", &writer)
        case .running, .kept, .late, .dropped:
            text(
                "We promise you a home by \(day.en).", "Wij beloven u een woning voor \(day.nl).", &writer)
        }
    }

    private static func text(_ english: String, _ dutch: String, _ writer: inout JSONWriter) {
        writer.object("text") { writer in
            writer.field("en", english)
            writer.field("nl", dutch)
        }
    }
}
