// What a text that people write may hold, wherever it comes from: a body, a table, a command line. Knows characters and no
// field.

/// Looks at the characters of a text.
package enum PlainText {
    /// What is said of a text that is forbidden.
    package static let rule = "Must not hold control characters, or characters that turn the direction of writing."

    /// Whether a text holds a control character other than a line feed or a tab (C0, DEL and C1), or one that turns the
    /// direction of writing and so lets a name read as another (UAX 9, sections 2.1 to 2.3; Trojan Source, CVE-2021-42574).
    package static func isForbidden(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            switch scalar.value {
            case 0x09, 0x0A: false
            case 0..<0x20, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: true
            default: false
            }
        }
    }

    /// Whether a text shows nothing: white space, and what only joins or parts other characters.
    package static func isBlank(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            guard !("!"..."~").contains(scalar) else { return false }
            return scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint
        }
    }
}
