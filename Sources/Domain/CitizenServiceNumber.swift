// The BSN (burgerservicenummer): read, checked, and kept from being printed by accident. Knows nothing of who may see
// one; that is AccessPolicy.

/// A Dutch citizen service number that passes the eleven-test.
package struct CitizenServiceNumber: Hashable, Sendable {
    /// Nine digits. Named so that every place that takes the number out can be found.
    package let disclosedDigits: String

    /// Reads nine digits, or eight with the leading zero left out; nil when the eleven-test fails.
    ///
    /// 9A+8B+7C+6D+5E+4F+3G+2H−I must be a multiple of eleven and not zero (Logisch Ontwerp BSN).
    package init?(_ text: String) {
        var digits = text.utf8.map { Int($0) - 0x30 }
        guard digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
        if digits.count == 8 { digits.insert(0, at: 0) }
        guard digits.count == 9, digits[0] != 0 || digits[1] != 0 else { return nil }
        let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1]
        let sum = zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 }
        guard sum != 0, sum % 11 == 0 else { return nil }
        disclosedDigits = String(decoding: digits.map { UInt8($0 + 0x30) }, as: UTF8.self)
    }

    /// The last three digits: what a candidate is shown to recognise their own number by.
    package var lastThreeDigits: String { String(disclosedDigits.suffix(3)) }
}

extension CitizenServiceNumber: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Never the number: what lands in a log or an error says only that there was one.
    package var description: String { "BSN withheld" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
