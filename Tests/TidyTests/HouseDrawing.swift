// Package.swift read as text: which targets there are, where they stand, what they may import and which files they
// embed. It reads this package's own way of writing rows (`room`, `tests`, `.target`, …), not any manifest.

/// The targets that Package.swift draws.
struct HouseDrawing: Sendable {
    /// One row of the drawing.
    struct Room: Sendable, Equatable {
        let name: String
        let folder: String
        let dependencies: [String]
        let embedded: [String]
    }

    let rooms: [Room]

    init(manifest: String) {
        let bare = SwiftText(manifest).comments.reduce(manifest) { $0.replacing($1.text, with: "") }
        rooms = Self.rows.flatMap { row in
            Self.calls(of: row.call, in: bare).compactMap { arguments in Self.room(row, arguments) }
        }
    }

    /// How a row is written, and where its target stands unless it says so.
    private struct Row {
        let call: String
        let parent: String
        let isShort: Bool
    }

    private static let rows = [
        Row(call: "room(", parent: "Sources/", isShort: true),
        Row(call: "tests(", parent: "Tests/", isShort: true),
        Row(call: ".target(", parent: "Sources/", isShort: false),
        Row(call: ".executableTarget(", parent: "Sources/", isShort: false),
        Row(call: ".testTarget(", parent: "Tests/", isShort: false),
    ]

    private static func room(_ row: Row, _ arguments: Substring) -> Room? {
        let nameLabel = row.isShort ? "" : "name: "
        guard let name = literals(in: value(after: nameLabel, in: arguments)).first, arguments.hasPrefix(nameLabel)
        else { return nil }
        let list = row.isShort ? "[" : "dependencies: ["
        return Room(
            name: name,
            folder: literals(in: value(after: "path: ", in: arguments)).first ?? row.parent + name,
            dependencies: literals(in: bracketed(after: list, in: arguments)),
            embedded: literals(in: bracketed(after: "resources: [", in: arguments)))
    }

    /// The arguments of every call written so, up to the parenthesis that closes it; definitions are left out.
    private static func calls(of call: String, in text: String) -> [Substring] {
        text.ranges(of: call).compactMap { range in
            let before = text[..<range.lowerBound].suffix(5)
            if before.hasSuffix("func ") || before.last.map({ $0.isLetter }) == true { return nil }
            let arguments = text[range.upperBound...].drop { $0.isWhitespace }
            return balanced(arguments, "(", ")")
        }
    }

    /// The text up to the closing mark that belongs to an opening one before it.
    private static func balanced(_ text: Substring, _ open: Character, _ close: Character) -> Substring {
        var depth = 1
        for index in text.indices {
            if text[index] == open { depth += 1 }
            if text[index] == close { depth -= 1 }
            if depth == 0 { return text[..<index] }
        }
        return text
    }

    /// The text between a label's bracket and the one that closes it, or nothing.
    private static func bracketed(after label: String, in text: Substring) -> Substring {
        guard let start = text.firstRange(of: label) else { return "" }
        return balanced(text[start.upperBound...], "[", "]")
    }

    /// The text after a label up to the next comma, or nothing.
    private static func value(after label: String, in text: Substring) -> Substring {
        if label.isEmpty { return text.prefix { $0 != "," } }
        guard let start = text.firstRange(of: label) else { return "" }
        return text[start.upperBound...].prefix { $0 != "," }
    }

    private static func literals(in text: Substring) -> [String] {
        SwiftText(String(text)).literals.map(\.text)
    }
}
