// Writes CSV records (RFC 4180) that are safe to open in a spreadsheet.

/// A growing CSV text: a record a line, by commas, with CRLF.
package struct CSVWriter: Sendable {
    private var bytes: [UInt8] = []
    private var isAtStart = true

    /// An empty text.
    package init() {}

    /// Hands over what was written and starts anew behind it.
    package mutating func take() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    /// What makes a spreadsheet take a text for a formula (https://owasp.org/www-community/attacks/CSV_Injection).
    private static let formulaStarts = Set("=+-@\t\r\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars)

    /// Whether a text begins as a formula does, behind any number of apostrophes. Such a field gets an apostrophe in front,
    /// also when it has one, so that what was written can be told from what was put there.
    private static func needsGuard(_ text: some StringProtocol) -> Bool {
        text.unicodeScalars.first { $0 != "'" }.map(formulaStarts.contains) ?? false
    }

    private static let special = Set("\",;\r\n\t ".utf8)

    /// Adds a field; `nil` and the empty text are the same.
    package mutating func field(_ text: String?) {
        if !isAtStart { bytes.append(Mark.comma) }
        isAtStart = false
        guard let text, !text.isEmpty else { return }
        let content = Self.needsGuard(text) ? "'" + text : text
        guard content.utf8.contains(where: Self.special.contains) else {
            bytes += content.utf8
            return
        }
        bytes.append(Mark.quote)
        for byte in content.utf8 {
            if byte == Mark.quote { bytes.append(Mark.quote) }
            bytes.append(byte)
        }
        bytes.append(Mark.quote)
    }

    /// Adds a number, which no spreadsheet takes for anything else.
    package mutating func field(_ number: Int64) {
        if !isAtStart { bytes.append(Mark.comma) }
        isAtStart = false
        bytes += String(number).utf8
    }

    /// Ends the record.
    package mutating func endRecord() {
        bytes += [Mark.carriageReturn, Mark.lineFeed]
        isAtStart = true
    }

    /// A text as it was before it was made safe for a spreadsheet.
    package static func unguarded(_ text: String) -> String {
        text.unicodeScalars.first == "'" && needsGuard(text) ? String(text.unicodeScalars.dropFirst()) : text
    }
}
