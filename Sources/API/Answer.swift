// What a handler gives back: a status, a body and what the answer is a version of. The standard fields, ETag and 304 are
// added once, in Application.

internal import Domain
internal import HTTPWire
internal import JSON
internal import Storage
internal import UseCases

/// An answer of a handler.
struct Answer: Sendable {
    var status: Int
    var body: [UInt8]
    var contentType = "application/json"
    var location: String?
    /// The version of the single resource the body shows; part of its ETag, and what If-Match is held against.
    var version: Int?
    /// The entity tag, once somebody has asked for it: it takes a hash of the body.
    private var knownTag: String?
    /// What the answer to a write shows and of what; before it is given again that is held against the policy.
    var showing: Showing?
    /// Whose data a read shows: what has to be in the ledger before the answer leaves, each time that it does.
    var disclosures: [Disclosure] = []
    /// What writes the rest of the body, for an answer that grows while the request is read.
    var stream: (@Sendable (RequestBody, BodySink) async throws -> Void)?
    /// Whether it says only that there is nothing: a caller who waits for news may wait on.
    var hasNoNews = false
    /// Link to the next page.
    var next: String?
    var fields: [(name: String, value: String)] = []

    init(_ status: Int, body: [UInt8], version: Int? = nil) {
        self.status = status
        self.body = body
        self.version = version
    }

    /// The entity tag of the body.
    var tag: String {
        mutating get {
            let tag = knownTag ?? EntityTag.of(body, version: version)
            knownTag = tag
            return tag
        }
    }

    /// 200 with what the closure writes.
    static func ok(
        version: Int? = nil, showing: Showing? = nil, _ write: (inout JSONWriter) -> Void
    ) -> Answer {
        var answer = Answer(200, body: encoded(write), version: version)
        answer.showing = showing
        return answer
    }

    /// 201 with what the closure writes and where it is from now on.
    static func created(
        at location: String, version: Int? = nil, showing: Showing, _ write: (inout JSONWriter) -> Void
    ) -> Answer {
        var answer = Answer(201, body: encoded(write), version: version)
        answer.location = location
        answer.showing = showing
        return answer
    }

    /// 200 with a page of a list, and the way to the next one while there is more.
    static func page<Item, Key>(
        _ page: Page<Item, Key>, of request: Request, cursor: (Key) -> String,
        _ write: (inout JSONWriter, Item) -> Void
    ) -> Answer {
        var answer = ok { $0.items(page.items, write) }
        answer.hasNoNews = page.items.isEmpty
        answer.next = page.next.map { PageLink.next(request, cursor: cursor($0)) }
        return answer
    }

    private static func encoded(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter(reservingBytes: 2048)
        write(&writer)
        return writer.finish()
    }
}
