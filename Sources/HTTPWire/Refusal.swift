// A refusal: why the wire itself will not take a message. It knows the status and a stable slug; how the answer looks
// is the responder's business (`Responder.refuse`).

/// Why a message was refused by the wire, before or besides any handler.
package struct Refusal: Error, Sendable, Equatable {
    /// The status code of the answer, for example 431.
    package var status: Int
    /// A stable kebab-case name for the kind of fault, for example "header-too-large".
    package var slug: String
    /// One English sentence for a person; it never repeats what the peer sent.
    package var detail: String

    /// Makes a refusal.
    package init(status: Int, slug: String, detail: String) {
        self.status = status
        self.slug = slug
        self.detail = detail
    }

    /// A 400 with the given slug and sentence.
    package static func malformed(_ slug: String, _ detail: String) -> Refusal {
        Refusal(status: 400, slug: slug, detail: detail)
    }
}

extension Refusal {
    /// Every refusal there is, so that they can be counted by their slugs.
    package static let all: [Refusal] = [
        .bareCarriageReturn, .bareLineFeed, .controlCharacter, .requestLine, .tooManyEmptyLines, .target, .percent,
        .foldedField, .fieldName, .host, .contentLength, .framing, .transferEncoding, .chunk, .version, .method,
        .coding, .expectation, .requestLineTooLong, .headerTooLarge, .bodyTooLarge, .tooSlow, .tooManyConnections,
        .unsendable, .brokenStream,
    ]

    static let bareCarriageReturn = malformed("bare-cr", "A CR must be followed by LF.")
    static let bareLineFeed = malformed("bare-lf", "Lines end in CRLF.")
    static let controlCharacter = malformed("control-character", "Control characters are not allowed here.")
    static let requestLine = malformed("request-line", "The request line is not 'METHOD target HTTP/1.1'.")
    static let tooManyEmptyLines = malformed("empty-lines", "Too many empty lines before the request.")
    static let target = malformed("target", "The request target is not valid.")
    static let percent = malformed("percent-encoding", "The request target has an invalid percent-encoding.")
    static let foldedField = malformed("folded-field", "Field lines may not start with white space.")
    static let fieldName = malformed("field-name", "A field line is not 'name: value'.")
    static let host = malformed("host", "Exactly one valid Host field is required.")
    static let contentLength = malformed("content-length", "Content-Length must be one decimal number.")
    static let framing = malformed("framing", "Transfer-Encoding and Content-Length exclude each other.")
    static let transferEncoding = malformed("transfer-encoding", "Transfer-Encoding must be exactly 'chunked'.")
    static let chunk = malformed("chunk", "The chunked coding of the body is not valid.")

    static let version = Refusal(
        status: 505, slug: "http-version", detail: "Only HTTP/1.1 and HTTP/1.0 are spoken here.")
    static let method = Refusal(status: 501, slug: "method", detail: "This method is not implemented.")
    static let coding = Refusal(
        status: 501, slug: "transfer-coding", detail: "Only the chunked transfer coding is implemented.")
    static let expectation = Refusal(
        status: 417, slug: "expectation", detail: "The only known expectation is 100-continue.")
    static let requestLineTooLong = Refusal(
        status: 414, slug: "request-line-too-long", detail: "The request line is too long.")
    static let headerTooLarge = Refusal(
        status: 431, slug: "header-too-large", detail: "The header fields are too large or too many.")

    /// 413: the body is, or says it will be, longer than the limit.
    package static let bodyTooLarge = Refusal(status: 413, slug: "body-too-large", detail: "The body is too large.")
    /// 408: the request did not arrive within its deadline.
    package static let tooSlow = Refusal(
        status: 408, slug: "request-timeout", detail: "The request did not arrive in time.")
    /// 503: the server holds as many connections as it may; worth a retry.
    package static let tooManyConnections = Refusal(
        status: 503, slug: "too-many-connections", detail: "The server has too many connections, try again later.")
    /// 500: a handler made an answer that cannot be sent.
    package static let unsendable = Refusal(
        status: 500, slug: "unsendable-answer", detail: "The server made an answer that cannot be sent.")
    /// 500: a handler failed before the first byte of a streamed answer.
    package static let brokenStream = Refusal(
        status: 500, slug: "broken-answer", detail: "The server could not produce the answer.")
}
