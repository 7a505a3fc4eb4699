// The change feed: what changed for the caller, as events that hold ids and nothing else (CloudEvents 1.0.2, JSON format;
// the Dutch government's profile: a source that names a system, a reversed domain as the type, nothing personal in
// attributes).

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum FeedHandlers {
    static func list(_ exchange: Exchange) async throws -> Answer {
        var query = QueryReader(exchange.request)
        let page = query.page(Cursor.position, named: "after")
        try query.finish()
        return try await exchange.look {
            try FollowChanges.list(page, by: exchange.caller, in: $0)
        } answer: { page in
            let reached = Cursor.encode(page.position)
            var answer = Answer.ok { writer in
                writer.object { writer in
                    writer.array("items") { writer in
                        for entry in page.entries {
                            writer.object { write(entry, of: page, exchange.eventSource, to: &$0) }
                        }
                    }
                    writer.field("after", reached)
                    writer.field("more", page.isMore)
                }
            }
            answer.next = PageLink.next(exchange.request, "after", cursor: reached)
            answer.hasNoNews = page.entries.isEmpty
            return answer
        }
    }

    private static func write(_ entry: FeedEntry, of page: FeedPage, _ source: String, to writer: inout JSONWriter) {
        writer.field("specversion", "1.0")
        // Where reading goes on after it: whoever handles one event at a time keeps the id of the last.
        let place = FeedPosition(
            epoch: page.position.epoch, sequence: entry.sequence, floor: entry.sequence < page.floor ? page.floor : 0)
        writer.field("id", Cursor.encode(place))
        writer.field("source", source)
        writer.field("type", "nl.thuispunt.v1.\(entry.kind.word).\(entry.isGone ? "gone" : "changed")")
        writer.field("subject", entry.resource)
        writer.field("time", entry.at)
        if !entry.isGone { writer.field("dataref", entry.kind.path + entry.resource.description) }
    }
}
