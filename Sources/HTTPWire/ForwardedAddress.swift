// Who the client is behind a reverse proxy. Only what a listed proxy wrote is believed, and of that only the hop it
// added itself: the rightmost. It does not know which addresses are listed.

/// Reads the address that the nearest proxy saw, from Forwarded (RFC 7239) or X-Forwarded-For.
///
/// Byte by byte: as a `Character`, a comma can melt into a letter that the client put before it (U+0600 for one), and
/// the proxy's own hop with it.
package enum ForwardedAddress {
    private typealias Text = Substring.UTF8View

    /// The rightmost hop's address, nil when no field names one; nil also when both fields are there, because a proxy
    /// writes one of them and passes on what a client put into the other.
    package static func rightmost(of request: Request) -> String? {
        let fields = (standard: request.fields("forwarded").last, common: request.fields("x-forwarded-for").last)
        switch fields {
        case (let forwarded?, nil): return pieces(forwarded[...].utf8, separator: ",").last.flatMap(forParameter)
        case (nil, let hops?): return pieces(hops[...].utf8, separator: ",", heedsQuotes: false).last.flatMap(address)
        case (nil, nil), (_?, _?): return nil
        }
    }

    /// The "for" parameter of one forwarded-element, RFC 7239 section 4.
    private static func forParameter(_ element: Text) -> String? {
        for pair in pieces(element, separator: ";") {
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            guard name.count < pair.count, name.map(Bytes.lowered).elementsEqual("for".utf8) else { continue }
            let value = pair.dropFirst(name.count + 1)
            let quote = UInt8(ascii: "\"")
            let isQuoted = value.count >= 2 && value.first == quote && value.last == quote
            return address(isQuoted ? value.dropFirst().dropLast() : value)
        }
        return nil
    }

    /// "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]:80": the address alone; nil for "unknown" and names.
    private static func address(_ text: Text) -> String? {
        let colon = UInt8(ascii: ":")
        var text = text
        if text.first == UInt8(ascii: "[") {
            guard let end = text.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            text = text[..<end].dropFirst()
        } else if text.count(where: { $0 == colon }) == 1 {
            text = text.prefix { $0 != colon }
        }
        let isAddress = text.allSatisfy { Bytes.hexValue($0) != nil || $0 == Bytes.dot || $0 == colon }
        let hasSeparator = text.contains { $0 == Bytes.dot || $0 == colon }
        return isAddress && hasSeparator && text.count <= 45 ? String(Substring(text)) : nil
    }

    /// The pieces between separators, without white space at their ends. Where quotes are heeded a separator within them is
    /// none, and an open quote takes all the rest; X-Forwarded-For has no quotes, only clients who write some.
    private static func pieces(_ text: Text, separator: Unicode.Scalar, heedsQuotes: Bool = true) -> [Text] {
        var isQuoted = false
        var isEscaped = false
        let parts = text.split(omittingEmptySubsequences: false) { byte in
            if isEscaped {
                isEscaped = false
            } else if heedsQuotes, byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if isQuoted, byte == UInt8(ascii: "\\") {
                isEscaped = true
            }
            return !isQuoted && byte == UInt8(ascii: separator)
        }
        return parts.map { piece in
            var piece = piece.drop(while: isSpace)
            while let last = piece.last, isSpace(last) { piece.removeLast() }
            return piece
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == Bytes.space || byte == Bytes.tab }
}
