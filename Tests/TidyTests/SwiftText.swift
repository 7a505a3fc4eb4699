// A Swift file taken apart into code, string literals and comments, so that a rule about calls does not trip over a
// sentence. Knows Swift's lexical grammar only as far as that needs: nested comments, raw and multi-line strings,
// interpolations. A regex literal that holds a quote is read as a string up to the end of its line.

/// A file's code with literals and comments left out, and those apart, each with the line it starts on.
struct SwiftText: Sendable {
    /// A literal or a comment.
    struct Piece: Sendable, Equatable {
        let line: Int
        let text: String
    }

    /// The code, line by line as in the file; each literal is `""` and each comment a space.
    let code: String
    /// What stands between the quotes, escapes as written, interpolations left out.
    let literals: [Piece]
    /// What stands in comments, with their slashes.
    let comments: [Piece]

    init(_ text: String) {
        var reader = SwiftReader(bytes: Array(text.utf8))
        reader.readCode(insideInterpolation: false)
        code = String(decoding: reader.code, as: UTF8.self)
        literals = reader.literals
        comments = reader.comments
    }
}

private struct SwiftReader {
    let bytes: [UInt8]
    var position = 0
    var line = 1
    var code: [UInt8] = []
    var literals: [SwiftText.Piece] = []
    var comments: [SwiftText.Piece] = []

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func readCode(insideInterpolation: Bool) {
        var depth = 1
        while position < bytes.count {
            if starts(with: "//") {
                readLineComment()
            } else if starts(with: "/*") {
                readBlockComment()
            } else if let hashes = hashesOfLiteral() {
                readLiteral(hashes: hashes)
            } else {
                let byte = take()
                code.append(byte)
                if byte == UInt8(ascii: "(") { depth += 1 }
                if byte == UInt8(ascii: ")") { depth -= 1 }
                if insideInterpolation && depth == 0 { return }
            }
        }
    }

    private mutating func readLineComment() {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
        comments.append(SwiftText.Piece(line: line, text: String(decoding: bytes[start..<position], as: UTF8.self)))
    }

    private mutating func readBlockComment() {
        let start = position
        let startLine = line
        var depth = 0
        repeat {
            if starts(with: "/*") {
                depth += 1
                skip(2)
            } else if starts(with: "*/") {
                depth -= 1
                skip(2)
            } else {
                keepLine(take())
            }
        } while depth > 0 && position < bytes.count
        code.append(UInt8(ascii: " "))
        comments.append(
            SwiftText.Piece(line: startLine, text: String(decoding: bytes[start..<position], as: UTF8.self)))
    }

    /// How many `#` stand before the quote of a literal that starts here; nil when none starts here.
    private func hashesOfLiteral() -> Int? {
        var next = position
        while next < bytes.count, bytes[next] == UInt8(ascii: "#") { next += 1 }
        return next < bytes.count && bytes[next] == UInt8(ascii: "\"") ? next - position : nil
    }

    private mutating func readLiteral(hashes: Int) {
        let fence = String(repeating: "#", count: hashes)
        skip(hashes)
        let isMultiline = starts(with: "\"\"\"")
        let quotes = isMultiline ? "\"\"\"" : "\""
        skip(quotes.utf8.count)
        code.append(UInt8(ascii: "\""))
        let startLine = line
        var text: [UInt8] = []
        while position < bytes.count {
            if starts(with: quotes + fence) {
                skip(quotes.utf8.count + hashes)
                break
            }
            if !isMultiline && bytes[position] == UInt8(ascii: "\n") { break }
            if starts(with: "\\" + fence + "(") {
                skip(hashes + 2)
                code.append(UInt8(ascii: "("))
                readCode(insideInterpolation: true)
            } else if starts(with: "\\" + fence) {
                text += bytes[position..<min(position + hashes + 1, bytes.count)]
                skip(hashes + 1)
                if position < bytes.count { text.append(keepLine(take())) }
            } else {
                text.append(keepLine(take()))
            }
        }
        code.append(UInt8(ascii: "\""))
        literals.append(SwiftText.Piece(line: startLine, text: String(decoding: text, as: UTF8.self)))
    }

    private func starts(with text: String) -> Bool {
        bytes[position...].starts(with: text.utf8)
    }

    private mutating func take() -> UInt8 {
        let byte = bytes[position]
        position += 1
        if byte == UInt8(ascii: "\n") { line += 1 }
        return byte
    }

    private mutating func skip(_ count: Int) { position = min(position + count, bytes.count) }

    /// Leaves a line break of a literal or comment in the code, so that lines keep their numbers.
    @discardableResult
    private mutating func keepLine(_ byte: UInt8) -> UInt8 {
        if byte == UInt8(ascii: "\n") { code.append(byte) }
        return byte
    }
}
