// How lines of quoted, plain and block texts become one text: the folding rules of YAML 1.2.2 (sections 6.5 and 8.1.3)
// and the escapes of double quotes. It sees lines that were cut already, no cursor.

/// Text of a quoted scalar while it is put together: white space before a line's end is dropped, escapes are not.
struct YAMLText {
    private var text = ""
    /// Blanks at the end of `text` that go when the line ends here.
    private var looseBlanks = ""

    var finished: String { text + looseBlanks }

    /// Adds what an escape stands for.
    mutating func append(_ escaped: String) {
        text += looseBlanks + escaped
        looseBlanks = ""
    }

    /// Adds text as it stands on the line.
    mutating func appendRun(_ run: String) {
        let blanks = run.reversed().prefix { $0 == " " || $0 == "\t" }.count
        let solid = run.dropLast(blanks)
        if !solid.isEmpty { append(String(solid)) }
        looseBlanks += run.suffix(blanks)
    }

    /// Folds line ends: one is a space, more are one less.
    mutating func fold(lineEnds: Int) {
        looseBlanks = ""
        text += lineEnds <= 1 ? " " : String(repeating: "\n", count: lineEnds - 1)
    }

    /// Joins lines at an escaped line end: the blanks before it stay, and only the empty lines behind it count.
    mutating func join(lineEnds: Int) {
        append(String(repeating: "\n", count: max(lineEnds - 1, 0)))
    }

    /// Folds plain lines, where empty ones stand for line feeds.
    static func folded(_ lines: [String]) -> String {
        var text = ""
        var emptyLines = 0
        for (place, line) in lines.enumerated() {
            if line.isEmpty {
                emptyLines += 1
            } else {
                if place > 0 { text += emptyLines == 0 ? " " : String(repeating: "\n", count: emptyLines) }
                text += line
                emptyLines = 0
            }
        }
        return text
    }

    /// Folds the lines of a `>` text; lines that start with white space keep the line ends around them (section 8.1.3).
    static func foldedBlock(_ lines: ArraySlice<String>) -> String {
        var text = ""
        var emptyLines = 0
        var previous: String?
        for line in lines {
            guard !line.isEmpty else {
                emptyLines += 1
                continue
            }
            if let previous {
                let isKept = isMoreIndented(previous) || isMoreIndented(line)
                if isKept { emptyLines += 1 }
                text += emptyLines == 0 ? " " : String(repeating: "\n", count: emptyLines)
            } else {
                text += String(repeating: "\n", count: emptyLines)
            }
            text += line
            previous = line
            emptyLines = 0
        }
        return text
    }

    private static func isMoreIndented(_ line: String) -> Bool { line.hasPrefix(" ") || line.hasPrefix("\t") }

    /// The escapes of one letter.
    static let escapes: [UInt8: String] = [
        UInt8(ascii: "0"): "\0", UInt8(ascii: "a"): "\u{7}", UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "t"): "\t",
        UInt8(ascii: "n"): "\n", UInt8(ascii: "v"): "\u{B}", UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "r"): "\r",
        UInt8(ascii: "e"): "\u{1B}", UInt8(ascii: " "): " ", UInt8(ascii: "\""): "\"", UInt8(ascii: "/"): "/",
        UInt8(ascii: "\\"): "\\", UInt8(ascii: "N"): "\u{85}", UInt8(ascii: "_"): "\u{A0}",
        UInt8(ascii: "L"): "\u{2028}", UInt8(ascii: "P"): "\u{2029}", UInt8(ascii: "\t"): "\t",
    ]
}
