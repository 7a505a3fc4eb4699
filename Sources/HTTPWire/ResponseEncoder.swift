// A response's head as bytes. It decides which fields the wire owns and refuses values that would break the message;
// when to send, and what becomes of the connection, is the server's business.

/// How an answer's content is delimited.
package enum AnswerFraming: Sendable, Equatable {
    /// The status allows no content (204, 304): neither content nor length.
    case empty
    /// Content-Length.
    case length(Int)
    /// The chunked coding.
    case chunked
    /// Until the connection closes (HTTP/1.0).
    case untilClose
}

/// What an answer says about its connection.
package enum AnswerPersistence: Sendable, Equatable {
    /// Nothing: HTTP/1.1 stays open.
    case implied
    /// "Connection: keep-alive", for HTTP/1.0.
    case keepAlive
    /// "Connection: close".
    case close
}

/// Writes response heads and chunks.
package enum ResponseEncoder {
    /// The "Date: …" line with its CRLF, to be cached for the second it is true.
    package static func dateLine(unixSeconds: Int64) -> [UInt8] {
        Array("Date: \(HTTPDate.text(unixSeconds: unixSeconds))\r\n".utf8)
    }

    /// The delimiting of `response`; nil when the status is none that a handler may send.
    package static func framing(of response: Response, minorVersion: Int) -> AnswerFraming? {
        guard (200...599).contains(response.status) else { return nil }
        // RFC 9110 section 8.6: 204 has no Content-Length; in 304 it would describe what is not sent.
        if response.status == 204 || response.status == 304 { return .empty }
        return switch response.body {
        case .none, .later: .length(0)
        case .bytes(let bytes): .length(bytes.count)
        case .stream, .exchange: minorVersion >= 1 ? .chunked : .untilClose
        }
    }

    /// Whether a handler asks for the connection's end.
    package static func asksClose(_ response: Response) -> Bool {
        response.fields.contains {
            $0.name.utf8.count == 10 && owner(of: $0.name) == .connection && $0.value == "close"
        }
    }

    /// Appends the head; false, with nothing appended, when a field name or value may not be sent (RFC 9110 section
    /// 5.5).
    package static func appendHead(
        of response: Response, framing: AnswerFraming, persistence: AnswerPersistence, dateLine: [UInt8],
        to output: inout ByteBuffer
    ) -> Bool {
        let start = output.count
        if response.status == 200 {
            output.append("HTTP/1.1 200 OK\r\n")
        } else {
            output.append("HTTP/1.1 ")
            output.append(decimal: response.status)
            output.append(Bytes.space)
            output.append(ReasonPhrase.of(response.status))
            output.append("\r\n")
        }
        output.append(dateLine)
        if let common = response.common { output.append(common.bytes) }
        guard appendFields(of: response, to: &output) else {
            output.truncate(to: start)
            return false
        }
        switch framing {
        case .empty, .untilClose: break
        case .length(let length):
            output.append("Content-Length: ")
            output.append(decimal: length)
            output.append("\r\n")
        case .chunked: output.append("Transfer-Encoding: chunked\r\n")
        }
        switch persistence {
        case .implied: output.append("\r\n")
        case .keepAlive: output.append("Connection: keep-alive\r\n\r\n")
        case .close: output.append("Connection: close\r\n\r\n")
        }
        return true
    }

    /// Appends one chunk; nothing for no bytes, since an empty chunk would end the body.
    package static func appendChunk(_ bytes: [UInt8], to output: inout ByteBuffer) {
        guard !bytes.isEmpty else { return }
        output.append(hexadecimal: bytes.count)
        output.append("\r\n")
        output.append(bytes)
        output.append("\r\n")
    }

    /// Appends the last chunk and an empty trailer section.
    package static func appendLastChunk(to output: inout ByteBuffer) {
        output.append("0\r\n\r\n")
    }

    private enum Owner { case handler, connection, wire }

    /// Fields that the wire writes itself; the length of the name tells most others apart at once.
    private static func owner(of name: String) -> Owner {
        switch name.utf8.count {
        case 4 where isNamed(name, "date"), 7 where isNamed(name, "upgrade") || isNamed(name, "trailer"),
            10 where isNamed(name, "keep-alive"), 14 where isNamed(name, "content-length"),
            17 where isNamed(name, "transfer-encoding"):
            .wire
        case 10 where isNamed(name, "connection"): .connection
        default: .handler
        }
    }

    private static func isNamed(_ name: String, _ lowercased: StaticString) -> Bool {
        var index = 0
        for byte in name.utf8 {
            if Bytes.lowered(byte) != lowercased.utf8Start[index] { return false }
            index += 1
        }
        return true
    }

    private static func appendFields(of response: Response, to output: inout ByteBuffer) -> Bool {
        for field in response.fields where !appendField(field.name, field.value, to: &output) { return false }
        if let left = response.rateLimit {
            output.append("RateLimit: \"default\";r=")
            output.append(decimal: left.remaining)
            output.append(";t=")
            output.append(decimal: left.seconds)
            output.append("\r\n")
        }
        guard !response.requestID.isEmpty else { return true }
        output.append("X-Request-Id: ")
        return appendValue(response.requestID, to: &output)
    }

    /// Appends one field line; false when it may not be sent. Fields of the wire are left out.
    static func appendField(_ name: String, _ value: String, to output: inout ByteBuffer) -> Bool {
        guard owner(of: name) == .handler else { return true }
        guard !name.isEmpty, name.utf8.allSatisfy(ByteSet.token.contains) else { return false }
        output.append(name)
        output.append(": ")
        return appendValue(value, to: &output)
    }

    /// Appends a value and the line's end; false when the value may not be sent.
    private static func appendValue(_ value: String, to output: inout ByteBuffer) -> Bool {
        let start = output.count
        output.append(value)
        guard output.withBytes({ isSendable($0.extracting(start..<$0.count)) }) else { return false }
        output.append("\r\n")
        return true
    }

    /// No control character but HTAB.
    private static func isSendable(_ value: Span<UInt8>) -> Bool {
        var index = Bytes.firstControl(in: value, from: 0)
        while index < value.count, value[index] == Bytes.tab {
            index = Bytes.firstControl(in: value, from: index + 1)
        }
        return index == value.count
    }
}
