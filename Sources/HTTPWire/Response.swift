// A response as handlers make it. The wire adds Date, the framing and the connection's fate; a handler that sets those
// fields itself is not heard, except for "Connection: close".

/// What is left of a caller's limit, as the field RateLimit says it (draft-ietf-httpapi-ratelimit-headers-10, section
/// 4). Every answer to a token has it, so it goes over the wire as numbers, without a text in between.
package struct RateLimitField: Sendable, Equatable {
    /// Units that can still be spent.
    package var remaining: Int
    /// Seconds until all of them are there again.
    package var seconds: Int

    /// The field, of numbers that are not negative.
    package init(remaining: Int, seconds: Int) {
        self.remaining = remaining
        self.seconds = seconds
    }

    /// Its value, for in-process use.
    var value: String { "\"default\";r=\(remaining);t=\(seconds)" }
}

/// An answer.
package struct Response: Sendable {
    /// What follows the head.
    package enum Body: Sendable {
        /// Nothing.
        case none
        /// These bytes.
        case bytes([UInt8])
        /// What this closure writes: chunked in HTTP/1.1, until the connection closes in 1.0.
        case stream(@Sendable (BodySink) async throws -> Void)
        /// The same, with the request's body at hand: for answers that grow while the request is read.
        case exchange(@Sendable (RequestBody, BodySink) async throws -> Void)
        /// Nothing yet: another answer takes the place of this one, status and all, once a wait is over.
        case later(Later)
    }

    /// The status code, 200 to 599.
    package var status: Int
    /// Fields shared by many answers, sent before `fields`.
    package var common: FieldBlock?
    /// The fields in the order in which they are sent.
    package var fields: [(name: String, value: String)]
    /// What is sent as X-Request-Id, unless it is empty.
    package var requestID = ""
    /// What is sent as RateLimit, if it is known.
    package var rateLimit: RateLimitField?
    /// The content.
    package var body: Body

    /// Makes an answer.
    package init(status: Int, fields: [(name: String, value: String)] = [], body: Body = .none) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// Every field that the application sends, for in-process use.
    package var allFields: [(name: String, value: String)] {
        (common?.fields ?? []) + fields + (rateLimit.map { [(name: "RateLimit", value: $0.value)] } ?? [])
            + (requestID.isEmpty ? [] : [(name: "X-Request-Id", value: requestID)])
    }
}

/// The reason phrases of RFC 9110 section 15, for people who read the wire.
enum ReasonPhrase {
    static func of(_ status: Int) -> StaticString {
        switch status {
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 206: "Partial Content"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 303: "See Other"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 411: "Length Required"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 416: "Range Not Satisfiable"
        case 417: "Expectation Failed"
        case 422: "Unprocessable Content"
        case 428: "Precondition Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        case 507: "Insufficient Storage"
        default: "Status"
        }
    }
}
