// Where scalars of YAML begin and end: plain, quoted and block texts (YAML 1.2.2 chapters 7 and 8). How their lines fold
// is YAMLText's work, and what a plain text means YAMLScalar's.

extension YAMLReader {
    /// Plain text on this line, without the white space behind it; stops before a key's colon, a comment, and in flow
    /// collections before their punctuation.
    mutating func takePlainLine(inFlow: Bool) throws(YAMLFault) -> String {
        try refuseStart(inFlow: inFlow)
        let start = cursor.position
        var end = start
        while !cursor.isAtLineEnd {
            if cursor.sees(":"), cursor.seesGap(at: 1) || inFlow && isFlowMark(at: 1) { break }
            if inFlow, isFlowMark(at: 0) { break }
            if cursor.sees("#"), end < cursor.position || cursor.position == start { break }
            let isBlank = cursor.seesGap(at: 0)
            cursor.advance()
            if !isBlank { end = cursor.position }
        }
        return cursor.text(from: start, to: end)
    }

    private func isFlowMark(at distance: Int) -> Bool {
        guard let byte = cursor.peek(distance) else { return false }
        return ",[]{}".utf8.contains(byte)
    }

    /// The characters with which a plain text can not start (section 7.3.3).
    private func refuseStart(inFlow: Bool) throws(YAMLFault) {
        guard let byte = cursor.peek() else { return }
        switch Unicode.Scalar(byte) {
        case "&": throw cursor.fault(.anchor)
        case "*": throw cursor.fault(.alias)
        case "!": throw cursor.fault(.tag)
        case "%", "@", "`", ",", "]", "}", "|", ">": throw cursor.fault(.reserved)
        case "?" where inFlow || cursor.seesGap(at: 1): throw cursor.fault(.complexKey)
        case "-", ":":
            guard !cursor.seesGap(at: 1), !(inFlow && isFlowMark(at: 1)) else { throw cursor.fault(.reserved) }
        default: break
        }
    }

    /// Plain text over as many lines as stand deeper than `parent`, folded (section 7.3.3).
    mutating func readPlain(parent: Int) throws(YAMLFault) -> String {
        var lines = [try takePlainLine(inFlow: false)]
        while true {
            if cursor.sees(":") { throw cursor.fault(.mappingInline) }
            guard cursor.isAtLineEnd else { break }
            var ahead = cursor
            var emptyLines = -1
            while !ahead.isAtEnd, ahead.isAtLineEnd {
                ahead.advance()
                emptyLines += 1
                while ahead.peek() == YAMLCursor.space { ahead.advance() }
            }
            guard !ahead.isAtEnd, ahead.column > parent, !ahead.sees("#") else { break }
            guard ahead.column > 0 || !ahead.isAtMarker else { break }
            if ahead.peek() == YAMLCursor.tab { throw ahead.fault(.tab) }
            cursor = ahead
            lines += Array(repeating: "", count: emptyLines)
            lines.append(try continuePlainLine())
        }
        try cursor.finishLine()
        return YAMLText.folded(lines)
    }

    /// A further line of a plain text may start with what a first one may not, except a key's colon.
    private mutating func continuePlainLine() throws(YAMLFault) -> String {
        let start = cursor.position
        var end = start
        while !cursor.isAtLineEnd {
            if cursor.sees(":"), cursor.seesGap(at: 1) { break }
            if cursor.sees("#"), end < cursor.position { break }
            let isBlank = cursor.seesGap(at: 0)
            cursor.advance()
            if !isBlank { end = cursor.position }
        }
        return cursor.text(from: start, to: end)
    }

    /// Quoted text from its opening quote to behind its closing one; further lines stand deeper than `parent`.
    mutating func readQuoted(parent: Int) throws(YAMLFault) -> String {
        let opening = cursor.fault(.unterminatedQuote)
        let isDouble = cursor.sees("\"")
        cursor.advance()
        var text = YAMLText()
        while !cursor.isAtEnd {
            if cursor.isAtLineEnd {
                text.fold(lineEnds: try passLineEnds(parent: parent))
            } else if isDouble ? cursor.sees("\"") : cursor.sees("'") && !cursor.sees("'", at: 1) {
                cursor.advance()
                return text.finished
            } else if cursor.sees("'"), !isDouble {
                cursor.advance(2)
                text.append("'")
            } else if cursor.sees("\\"), isDouble {
                cursor.advance()
                if cursor.isAtLineEnd {
                    text.join(lineEnds: try passLineEnds(parent: parent))
                } else {
                    text.append(try readEscape())
                }
            } else {
                let start = cursor.position
                while !cursor.isAtLineEnd, !cursor.sees("\""), !cursor.sees("'"), !cursor.sees("\\") {
                    cursor.advance()
                }
                if cursor.position == start { cursor.advance() }
                text.appendRun(cursor.text(from: start, to: cursor.position))
            }
        }
        throw opening
    }

    /// Passes a line's end and the empty lines behind it, up to the quoted text's next line; how many ends there were.
    private mutating func passLineEnds(parent: Int) throws(YAMLFault) -> Int {
        var lineEnds = 0
        while !cursor.isAtEnd, cursor.isAtLineEnd {
            cursor.advance()
            lineEnds += 1
            cursor.skipBlanks()
        }
        guard cursor.isAtEnd || cursor.column > parent else { throw cursor.fault(.indentation) }
        guard cursor.column > 0 || !cursor.isAtMarker else { throw cursor.fault(.severalDocuments) }
        return lineEnds
    }

    /// An escape of double quotes, behind its backslash (section 5.7).
    private mutating func readEscape() throws(YAMLFault) -> String {
        guard let letter = cursor.peek() else { throw cursor.fault(.unterminatedQuote) }
        cursor.advance()
        if let plain = YAMLText.escapes[letter] { return plain }
        let lengths: [UInt8: Int] = [UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8]
        guard let length = lengths[letter] else { throw cursor.fault(.badEscape) }
        var value: UInt32 = 0
        for _ in 0..<length {
            guard let byte = cursor.peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw cursor.fault(.badEscape)
            }
            value = value << 4 | UInt32(digit)
            cursor.advance()
        }
        guard let scalar = Unicode.Scalar(value) else { throw cursor.fault(.badEscape) }
        return String(Character(scalar))
    }

    /// A literal or folded block text, from its `|` or `>` (section 8.1).
    mutating func readBlockText(parent: Int) throws(YAMLFault) -> String {
        let isFolded = cursor.sees(">")
        cursor.advance()
        var chomping: UInt8?
        var indentation: Int?
        while let byte = cursor.peek(), !cursor.seesGap(at: 0) {
            switch byte {
            case UInt8(ascii: "+"), UInt8(ascii: "-"):
                guard chomping == nil else { throw cursor.fault(.badBlockHeader) }
                chomping = byte
            case UInt8(ascii: "1")...UInt8(ascii: "9"):
                guard indentation == nil else { throw cursor.fault(.badBlockHeader) }
                indentation = max(parent, 0) + Int(byte - UInt8(ascii: "0"))
            default: throw cursor.fault(.badBlockHeader)
            }
            cursor.advance()
        }
        try cursor.finishLine()
        cursor.advance()
        let lines = try takeBlockLines(parent: parent, indentation: indentation)
        let body = lines.lastIndex { !$0.isEmpty }.map { lines[...$0] } ?? []
        let text = isFolded ? YAMLText.foldedBlock(body) : body.joined(separator: "\n")
        let lineEnd = body.isEmpty ? 0 : 1
        let kept =
            switch chomping {
            case UInt8(ascii: "-"): 0
            case UInt8(ascii: "+"): lines.count - body.count + lineEnd
            default: lineEnd
            }
        return text + String(repeating: "\n", count: kept)
    }

    /// The lines of a block text without their indentation; empty ones as "". Ends at a line's start.
    private mutating func takeBlockLines(parent: Int, indentation: Int?) throws(YAMLFault) -> [String] {
        var indentation = indentation
        var lines: [String] = []
        var widestBlank = 0
        while !cursor.isAtEnd {
            var ahead = cursor
            while ahead.peek() == YAMLCursor.space, ahead.column < indentation ?? .max { ahead.advance() }
            if ahead.isAtLineEnd {
                widestBlank = max(widestBlank, ahead.column)
            } else {
                let least = indentation ?? ahead.column
                guard ahead.column >= least, ahead.column > parent else { break }
                guard indentation != nil || widestBlank <= least else { throw ahead.fault(.indentation) }
                indentation = least
                if ahead.column == 0, ahead.isAtMarker { throw ahead.fault(.severalDocuments) }
            }
            cursor = ahead
            lines.append(cursor.takeLine())
            cursor.advance()
        }
        return lines
    }
}
