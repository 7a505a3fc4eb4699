// From the bytes between two quotes to text. It relies on the parser having checked escapes and UTF-8, yet stays
// total: bytes the parser would have refused come out as something, never as a trap.

/// Unescapes strings (RFC 8259 section 7).
enum JSONText {
    /// The text of a string or key node.
    static func string(_ node: JSONNode, _ bytes: [UInt8]) -> String {
        node.isEscaped
            ? String(decoding: unescaped(bytes[node.range]), as: UTF8.self)
            : String(decoding: bytes[node.range], as: UTF8.self)
    }

    /// The UTF-8 bytes meant by the bytes between two quotes.
    static func unescaped(_ raw: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(raw.count)
        var rest = raw
        while let byte = rest.popFirst() {
            guard byte == Byte.backslash, let letter = rest.popFirst() else {
                result.append(byte)
                continue
            }
            if letter == UInt8(ascii: "u") {
                result.append(contentsOf: String(scalar(&rest)).utf8)
            } else {
                result.append(shortEscape(letter) ?? letter)
            }
        }
        return result
    }

    /// What the letter after a backslash stands for, or nil when it is none of the eight.
    static func shortEscape(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case Byte.quote, Byte.backslash, UInt8(ascii: "/"): letter
        default: nil
        }
    }

    /// The value of a hexadecimal digit.
    static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case Byte.digits: UInt32(byte - Byte.zero)
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    private static func scalar(_ rest: inout ArraySlice<UInt8>) -> Unicode.Scalar {
        let replacement: Unicode.Scalar = "\u{FFFD}"
        let first = unit(&rest)
        guard (0xD800...0xDBFF).contains(first) else { return Unicode.Scalar(first) ?? replacement }
        guard rest.popFirst() == Byte.backslash, rest.popFirst() == UInt8(ascii: "u") else { return replacement }
        let second = unit(&rest)
        guard (0xDC00...0xDFFF).contains(second) else { return replacement }
        return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)) ?? replacement
    }

    private static func unit(_ rest: inout ArraySlice<UInt8>) -> UInt32 {
        let digits = rest.prefix(4)
        rest = rest.dropFirst(4)
        return digits.reduce(0) { $0 << 4 | (hexDigit($1) ?? 0) }
    }
}
