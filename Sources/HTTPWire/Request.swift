// A request as handlers see it: cheap to make, since it keeps the head's bytes and makes strings only when asked.
// It knows no body; that is `RequestBody`.

/// One name and value of a query, decoded; "+" stays "+".
package struct QueryItem: Sendable, Equatable {
    /// The text before the first "=".
    package var name: String
    /// The text after it, empty without one.
    package var value: String

    /// Makes an item.
    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// The head of a request that passed every check of the wire.
package struct Request: Sendable {
    /// The method.
    package var method: Method
    /// The client's address as text ("127.0.0.1", "2001:db8::1", "unix"); behind a listed proxy, what that proxy said.
    package var peerAddress: String
    /// The event loop that serves the connection, from 0.
    package var loop: Int
    /// The minor version: 0 for HTTP/1.0, 1 or more for what is handled as HTTP/1.1.
    package let minorVersion: Int
    /// How the body is delimited.
    package let framing: BodyFraming
    /// Whether the client waits for 100 (Continue) before it sends the body.
    package let expectsContinue: Bool
    /// Whether the client lets the connection stay open.
    package let keepsAlive: Bool

    private let bytes: [UInt8]
    private let spans: [FieldSpan]
    private let parts: RequestTarget

    init(
        method: Method, bytes: [UInt8], spans: [FieldSpan], target: RequestTarget, peerAddress: String, loop: Int,
        minorVersion: Int, framing: BodyFraming, expectsContinue: Bool, keepsAlive: Bool
    ) {
        self.method = method
        self.bytes = bytes
        self.spans = spans
        parts = target
        self.peerAddress = peerAddress
        self.loop = loop
        self.minorVersion = minorVersion
        self.framing = framing
        self.expectsContinue = expectsContinue
        self.keepsAlive = keepsAlive
    }

    /// A request for in-process use, put through the same checks as on the wire (a Host is added when there is none).
    ///
    /// Throws the refusal that the wire would answer.
    package init(
        method: Method, target: String, fields: [(String, String)] = [], peerAddress: String = "127.0.0.1",
        loop: Int = 0
    ) throws(Refusal) {
        var text = "\(method.rawValue) \(target) HTTP/1.1\r\n"
        if !fields.contains(where: { $0.0.lowercased() == "host" }) { text += "Host: localhost\r\n" }
        for (name, value) in fields {
            guard !(name + value).utf8.contains(where: { $0 == Bytes.carriageReturn || $0 == Bytes.lineFeed }) else {
                throw .controlCharacter
            }
            text += "\(name): \(value)\r\n"
        }
        let bytes = Array((text + "\r\n").utf8)
        var parser = HeadParser(limits: WireLimits())
        guard let (request, length) = try parser.advance(bytes.span, peerAddress: peerAddress, loop: loop),
            length == bytes.count
        else { throw .requestLine }
        self = request
    }

    /// The path as sent, without dot segments; "/" at least, or "*" for the server as a whole (OPTIONS).
    package var path: String { text(parts.path) }

    /// The path and the query, as sent.
    package var target: String { rawQuery.map { "\(path)?\($0)" } ?? path }

    /// Whether the path is this text, without making a string of it.
    package func isPath(_ text: StaticString) -> Bool { Bytes.matches(bytes.span, parts.path, text) }

    /// Whether the target is the server as a whole: "OPTIONS *".
    package var addressesServer: Bool {
        parts.path.count == 1 && bytes[parts.path.lowerBound] == UInt8(ascii: "*")
    }

    /// The path's segments, percent-decoded after splitting at "/"; "%2F" does not split.
    ///
    /// "/v1/referrals" is ["v1", "referrals"], "/v1/referrals/" is ["v1", "referrals", ""], "/" and "*" are [].
    package var segments: [String] {
        let span = bytes.span
        guard parts.path.count > 1 else { return [] }
        var segments: [String] = []
        var start = parts.path.lowerBound + 1
        for index in start..<parts.path.upperBound where span[index] == Bytes.slash {
            segments.append(decoded(start..<index))
            start = index + 1
        }
        segments.append(decoded(start..<parts.path.upperBound))
        return segments
    }

    /// The query as sent, nil without "?".
    package var rawQuery: String? { parts.query.map(text) }

    /// The query's items in order; empty pieces ("a=1&&b=2") are skipped.
    package var query: [QueryItem] {
        guard let range = parts.query else { return [] }
        let span = bytes.span
        var items: [QueryItem] = []
        var start = range.lowerBound
        for end in range.lowerBound..<range.upperBound + 1
        where end == range.upperBound || span[end] == UInt8(ascii: "&") {
            if start < end {
                let equals = (start..<end).first { span[$0] == UInt8(ascii: "=") } ?? end
                items.append(QueryItem(name: decoded(start..<equals), value: decoded(min(equals + 1, end)..<end)))
            }
            start = end + 1
        }
        return items
    }

    /// The field's value, nil when absent; several lines of one name are joined by ", " (RFC 9110 section 5.3).
    package func field(_ lowercasedName: String) -> String? {
        var value: String?
        for span in spans where isNamed(span, lowercasedName) {
            value = value.map { $0 + ", " + text(span.value) } ?? text(span.value)
        }
        return value
    }

    /// The values of every line of this name, in order.
    package func fields(_ lowercasedName: String) -> [String] {
        spans.filter { isNamed($0, lowercasedName) }.map { text($0.value) }
    }

    private func isNamed(_ span: FieldSpan, _ lowercasedName: String) -> Bool {
        let name = lowercasedName.utf8
        guard span.name.count == name.count else { return false }
        var index = span.name.lowerBound
        for byte in name {
            if Bytes.lowered(bytes[index]) != byte { return false }
            index &+= 1
        }
        return true
    }

    /// Bytes as text; the wire lets obs-text through, which becomes U+FFFD where it is not UTF-8.
    private func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    private func decoded(_ range: Range<Int>) -> String {
        guard bytes[range].contains(Bytes.percent), let plain = PercentCoding.decoded(bytes.span, range) else {
            return text(range)
        }
        return String(decoding: plain, as: UTF8.self)
    }
}
