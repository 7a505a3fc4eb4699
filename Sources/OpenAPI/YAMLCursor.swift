// Where the YAML reader stands in its text: bytes, place, line, column, and the ways forward that every part shares.
// It knows white space and comments, and nothing of values.

/// A place in a YAML text.
struct YAMLCursor {
    let bytes: [UInt8]
    private(set) var position = 0
    private(set) var line = 1
    private(set) var lineStart = 0

    /// Starts at the first byte; throws when the text holds bytes no YAML text of ours has.
    init(_ bytes: [UInt8]) throws(YAMLFault) {
        self.bytes = bytes
        var line = 1
        for byte in bytes {
            if byte == Self.lineFeed { line += 1 }
            guard byte >= 0x20 && byte != 0x7F || byte == Self.lineFeed || byte == Self.tab else {
                throw YAMLFault(line: line, reason: .controlCharacter)
            }
        }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            let valid = String(decoding: bytes, as: UTF8.self).prefix { $0 != "\u{FFFD}" }
            throw YAMLFault(line: valid.utf8.count { $0 == Self.lineFeed } + 1, reason: .badUTF8)
        }
        guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { throw YAMLFault(line: 1, reason: .controlCharacter) }
    }

    static let lineFeed = UInt8(ascii: "\n")
    static let space = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")

    /// The byte so far ahead, or nil behind the end.
    func peek(_ distance: Int = 0) -> UInt8? {
        bytes.indices.contains(position + distance) ? bytes[position + distance] : nil
    }

    /// Whether the byte so far ahead is this one.
    func sees(_ letter: Unicode.Scalar, at distance: Int = 0) -> Bool { peek(distance) == UInt8(ascii: letter) }

    /// Whether white space, a line's end or the text's end stands so far ahead.
    func seesGap(at distance: Int) -> Bool {
        guard let byte = peek(distance) else { return true }
        return byte == Self.space || byte == Self.tab || byte == Self.lineFeed
    }

    var isAtEnd: Bool { position == bytes.count }
    var isAtLineEnd: Bool { isAtEnd || bytes[position] == Self.lineFeed }
    /// Bytes before this one on its line.
    var column: Int { position - lineStart }

    /// A fault on this line.
    func fault(_ reason: YAMLFault.Reason) -> YAMLFault { YAMLFault(line: line, reason: reason) }

    /// Goes one byte on, over a line's end too; stays at the text's end.
    mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where !isAtEnd {
            position += 1
            if bytes[position - 1] == Self.lineFeed {
                line += 1
                lineStart = position
            }
        }
    }

    /// Passes spaces and tabs on this line.
    mutating func skipBlanks() {
        while peek() == Self.space || peek() == Self.tab { advance() }
    }

    /// Takes the rest of the line as it is, without its end.
    mutating func takeLine() -> String {
        let start = position
        while !isAtLineEnd { advance() }
        return text(from: start, to: position)
    }

    func text(from start: Int, to end: Int) -> String { String(decoding: bytes[start..<end], as: UTF8.self) }

    /// Passes white space and a comment up to the end of this line; throws when text stands there.
    mutating func finishLine() throws(YAMLFault) {
        skipBlanks()
        if sees("#"), column == 0 || seesGap(at: -1) { while !isAtLineEnd { advance() } }
        guard isAtLineEnd else { throw fault(.unexpectedText) }
    }

    /// From a line's start or end: passes empty lines and comments, up to the first byte of the next text or the end.
    /// Refuses tabs before it, and document markers.
    mutating func skipToText() throws(YAMLFault) {
        while !isAtEnd {
            while peek() == Self.space { advance() }
            if sees("#") { while !isAtLineEnd { advance() } }
            if peek() == Self.tab {
                skipBlanks()
                guard isAtLineEnd || sees("#") else { throw fault(.tab) }
                continue
            }
            guard isAtLineEnd else { break }
            advance()
        }
        if column == 0, isAtMarker { throw fault(.severalDocuments) }
    }

    /// Whether `---` or `...` stands here as a word.
    var isAtMarker: Bool {
        for letter: Unicode.Scalar in ["-", "."] where sees(letter) {
            return sees(letter, at: 1) && sees(letter, at: 2) && seesGap(at: 3)
        }
        return false
    }
}
