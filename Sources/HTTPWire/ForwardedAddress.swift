// Who the client is behind a reverse proxy. Only what a listed proxy wrote is believed, and of that only the hop it
// added itself: the rightmost. It does not know which addresses are listed.

/// Reads the address that the nearest proxy saw, from Forwarded (RFC 7239) or X-Forwarded-For.
package enum ForwardedAddress {
    /// The rightmost hop's address, nil when neither field names one; Forwarded wins when both are there.
    package static func rightmost(of request: Request) -> String? {
        if let forwarded = request.fields("forwarded").last {
            return pieces(forwarded, separator: ",").last.flatMap(forParameter)
        }
        return request.fields("x-forwarded-for").last.flatMap { pieces($0, separator: ",").last }.flatMap(address)
    }

    /// The "for" parameter of one forwarded-element, RFC 7239 section 4.
    private static func forParameter(_ element: String) -> String? {
        for pair in pieces(element, separator: ";") {
            guard let equals = pair.firstIndex(of: "="), pair[..<equals].lowercased() == "for" else { continue }
            var value = String(pair[pair.index(after: equals)...])
            if value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") {
                value = String(value.dropFirst().dropLast())
            }
            return address(value)
        }
        return nil
    }

    /// "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]:80": the address alone; nil for "unknown" and names.
    private static func address(_ text: String) -> String? {
        var text = text
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            text = String(text[text.index(after: text.startIndex)..<end])
        } else if text.utf8.count(where: { $0 == UInt8(ascii: ":") }) == 1, let colon = text.firstIndex(of: ":") {
            text = String(text[..<colon])
        }
        let isAddress = text.utf8.allSatisfy { Bytes.hexValue($0) != nil || $0 == Bytes.dot || $0 == UInt8(ascii: ":") }
        let hasSeparator = text.utf8.contains { $0 == Bytes.dot || $0 == UInt8(ascii: ":") }
        return isAddress && hasSeparator && text.utf8.count <= 45 ? text : nil
    }

    private static func pieces(_ text: String, separator: Character) -> [String] {
        text.split(separator: separator, omittingEmptySubsequences: false).map {
            String($0.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
        }
    }
}
