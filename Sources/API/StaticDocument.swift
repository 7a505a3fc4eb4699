// A document that is the same for everybody until the next version of the program: the description of the API, the
// pages about problems. Its entity tag is worked out once: to hash 200 KB at every request would be a gift to whoever
// wants to keep the service busy without a token.

internal import HTTPWire

/// Bytes of the program itself, ready to be answered without a token.
struct StaticDocument: Sendable {
    let body: [UInt8]
    /// Its content type.
    let type: String
    /// What every answer with it says, a 304 too.
    let fields: [(name: String, value: String)]
    private let tag: String

    /// A document; `fields` are those that it has besides its type, its tag and how it may be kept.
    init(_ body: [UInt8], _ type: String, _ fields: [(name: String, value: String)]) {
        self.body = body
        self.type = type
        tag = EntityTag.of(body, version: nil)
        self.fields = [(name: "ETag", value: tag), (name: "Cache-Control", value: "no-cache")] + fields
    }

    /// The answer with it, 304 to whoever has it.
    ///
    /// - Throws: `Problem` 400 for an `If-None-Match` that is no list of tags.
    func response(to request: Request) throws(Problem) -> Response {
        if let known = request.field("if-none-match") {
            guard EntityTag.isWellFormed(known) else { throw EntityTag.malformed("If-None-Match") }
            if EntityTag.matches(known, tag) { return Response(status: 304, fields: fields) }
        }
        return Response(status: 200, fields: fields + [(name: "Content-Type", value: type)], body: .bytes(body))
    }
}
