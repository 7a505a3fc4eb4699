// A response as handlers make it. The wire adds Date, the framing and the connection's fate; a handler that sets those
// fields itself is not heard, except for "Connection: close".

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
    }

    /// The status code, 200 to 599.
    package var status: Int
    /// Fields shared by many answers, sent before `fields`.
    package var common: FieldBlock?
    /// The fields in the order in which they are sent.
    package var fields: [(name: String, value: String)]
    /// What is sent as X-Request-Id, unless it is empty.
    package var requestID = ""
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
        (common?.fields ?? []) + fields + (requestID.isEmpty ? [] : [(name: "X-Request-Id", value: requestID)])
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
