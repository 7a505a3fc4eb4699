// The name every stored thing goes by: a UUID of version 7 (RFC 9562, section 5.7), typed by what it names so that a
// dwelling's id can't be handed in where a referral's is wanted. Knows no randomness; see Environment.

/// A 128-bit identifier of a `Subject`, ordered by the moment it was made.
package struct Identifier<Subject>: Hashable, Comparable, Sendable {
    /// The first eight bytes, most significant first: 48 bits of milliseconds, version, 12 bits of sequence.
    package let high: UInt64
    /// The last eight bytes: variant and randomness.
    package let low: UInt64

    /// An identifier from its two halves, as read from the database.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The 16 bytes, most significant first.
    package var bytes: [UInt8] { withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { [UInt8]($0) } }

    package static func < (left: Identifier, right: Identifier) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    /// The same bits as the name of something else; only for records that share the key of their owner.
    package func retyped<Other>(as other: Other.Type = Other.self) -> Identifier<Other> {
        Identifier<Other>(high: high, low: low)
    }
}

extension Identifier: CustomStringConvertible {
    /// RFC 9562 section 4: 32 lower-case hexadecimal digits in groups of 8-4-4-4-12.
    package var description: String {
        String(unsafeUninitializedCapacity: 36) { text in
            var at = 0
            for index in 0..<16 {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    text[at] = UInt8(ascii: "-")
                    at += 1
                }
                let half = index < 8 ? high : low
                let byte = UInt8(truncatingIfNeeded: half >> UInt64(56 - 8 * (index & 7)))
                text[at] = hexDigit(byte >> 4)
                text[at + 1] = hexDigit(byte & 15)
                at += 2
            }
            return 36
        }
    }

    /// Reads the canonical form, in either case of letters; nil for anything else.
    package init?(_ text: String) {
        var halves: (UInt64, UInt64) = (0, 0)
        var position = 0
        var digits = 0
        for byte in text.utf8 {
            if position == 8 || position == 13 || position == 18 || position == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                guard digits < 32, let value = hexValue(byte) else { return nil }
                if digits < 16 { halves.0 = halves.0 << 4 | value } else { halves.1 = halves.1 << 4 | value }
                digits += 1
            }
            position += 1
        }
        guard position == 36, digits == 32 else { return nil }
        self.init(high: halves.0, low: halves.1)
    }
}

private func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

private func hexValue(_ byte: UInt8) -> UInt64? {
    switch byte {
    case 0x30...0x39: UInt64(byte - 0x30)
    case 0x61...0x66: UInt64(byte - 0x57)
    case 0x41...0x46: UInt64(byte - 0x37)
    default: nil
    }
}
