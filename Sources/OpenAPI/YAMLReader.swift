// Reads the YAML subset of openapi.yaml: block mappings and sequences, and what hangs under them. Scalars and flow
// collections stand in files of their own. One document; anchors, aliases, tags, merge and complex keys are refused
// rather than guessed at (https://yaml.org/spec/1.2.2/).

/// A strict reader of a YAML subset.
package struct YAMLReader {
    var cursor: YAMLCursor
    private var depth = 0

    /// Collections inside one another: far above any description, far below the end of the stack.
    private static let depthLimit = 64

    /// Reads one document; an empty text is null. Throws the first fault with its line.
    package static func read(_ bytes: [UInt8]) throws(YAMLFault) -> YAMLNode {
        var reader = YAMLReader(cursor: try YAMLCursor(bytes))
        try reader.startDocument()
        guard !reader.cursor.isAtEnd else { return .null }
        let root = try reader.readBlock(parent: -1)
        try reader.cursor.skipToText()
        guard reader.cursor.isAtEnd else { throw reader.cursor.fault(.indentation) }
        return root
    }

    private init(cursor: YAMLCursor) {
        self.cursor = cursor
    }

    private mutating func startDocument() throws(YAMLFault) {
        // A first pass over comments, in which one `---` may stand.
        while cursor.sees("#") || cursor.isAtLineEnd && !cursor.isAtEnd {
            _ = cursor.takeLine()
            cursor.advance()
        }
        if cursor.sees("%") { throw cursor.fault(.directive) }
        if cursor.isAtMarker, cursor.sees("-") {
            cursor.advance(3)
            try cursor.finishLine()
        }
        try cursor.skipToText()
    }

    /// Runs a step one level deeper.
    mutating func deeper<T>(_ step: (inout YAMLReader) throws(YAMLFault) -> T) throws(YAMLFault) -> T {
        guard depth < Self.depthLimit else { throw cursor.fault(.tooDeep) }
        depth += 1
        defer { depth -= 1 }
        return try step(&self)
    }

    /// The value whose first byte the cursor is at, on a line (or behind a dash) of its own; ends at a line's end.
    private mutating func readBlock(parent: Int) throws(YAMLFault) -> YAMLNode {
        let column = cursor.column
        if isAtDash { return try deeper { (reader) throws(YAMLFault) in try reader.readSequence(column) } }
        if cursor.sees("?"), cursor.seesGap(at: 1) { throw cursor.fault(.complexKey) }
        if try isAtKey() { return try deeper { (reader) throws(YAMLFault) in try reader.readMapping(column) } }
        return try readInline(parent: parent)
    }

    private var isAtDash: Bool { cursor.sees("-") && cursor.seesGap(at: 1) }

    private mutating func readSequence(_ column: Int) throws(YAMLFault) -> YAMLNode {
        var elements: [YAMLNode] = []
        while !cursor.isAtEnd, cursor.column == column, isAtDash {
            cursor.advance()
            let dash = cursor.position
            cursor.skipBlanks()
            if cursor.isAtLineEnd || cursor.sees("#") {
                try cursor.finishLine()
                elements.append(try readBelow(column, mayBeDash: false))
            } else {
                guard !cursor.bytes[dash..<cursor.position].contains(YAMLCursor.tab) else { throw cursor.fault(.tab) }
                elements.append(try readBlock(parent: column))
            }
            try cursor.skipToText()
        }
        try checkEnd(of: column)
        return .sequence(elements)
    }

    private mutating func readMapping(_ column: Int) throws(YAMLFault) -> YAMLNode {
        var mapping = YAMLMapping()
        while !cursor.isAtEnd, cursor.column == column {
            if cursor.sees("?"), cursor.seesGap(at: 1) { throw cursor.fault(.complexKey) }
            if isAtDash { throw cursor.fault(.sequenceInline) }
            guard try isAtKey() else { throw cursor.fault(.keyExpected) }
            let keyLine = cursor.fault(.duplicateKey)
            let key = try readKey()
            cursor.advance()
            cursor.skipBlanks()
            let value: YAMLNode
            if cursor.isAtLineEnd || cursor.sees("#") {
                try cursor.finishLine()
                value = try readBelow(column, mayBeDash: true)
            } else {
                if isAtDash { throw cursor.fault(.sequenceInline) }
                value = try readInline(parent: column)
            }
            guard mapping.append(key, value) else { throw keyLine }
            try cursor.skipToText()
        }
        try checkEnd(of: column)
        return .mapping(mapping)
    }

    /// What stands on the lines below a key or dash; null when they belong to somebody further out. Only the value of
    /// a key may be a sequence at the key's own column.
    private mutating func readBelow(_ column: Int, mayBeDash: Bool) throws(YAMLFault) -> YAMLNode {
        try cursor.skipToText()
        guard !cursor.isAtEnd else { return .null }
        if cursor.column > column { return try readBlock(parent: column) }
        guard mayBeDash, cursor.column == column, isAtDash else { return .null }
        return try deeper { (reader) throws(YAMLFault) in try reader.readSequence(column) }
    }

    /// Behind a collection only something further out may stand; deeper text belongs to nothing.
    private func checkEnd(of column: Int) throws(YAMLFault) {
        guard cursor.isAtEnd || cursor.column <= column else { throw cursor.fault(.indentation) }
    }

    /// A value that starts on a line with something before it, or a lone scalar: flow, quoted, block or plain text.
    private mutating func readInline(parent: Int) throws(YAMLFault) -> YAMLNode {
        switch cursor.peek().map(Unicode.Scalar.init) {
        case "[", "{":
            let node = try readFlow()
            try cursor.finishLine()
            return node
        case "\"", "'":
            let text = try readQuoted(parent: parent)
            cursor.skipBlanks()
            if cursor.sees(":"), cursor.seesGap(at: 1) { throw cursor.fault(.mappingInline) }
            try cursor.finishLine()
            return .string(text)
        case "|", ">": return .string(try readBlockText(parent: parent))
        default: return try YAMLScalar.resolve(try readPlain(parent: parent), at: cursor)
        }
    }

    /// Whether this line starts with a key: a quoted or plain text on one line, a colon and a gap.
    private func isAtKey() throws(YAMLFault) -> Bool {
        var ahead = self
        let line = ahead.cursor.line
        switch cursor.peek().map(Unicode.Scalar.init) {
        case "[", "{", "|", ">": return false
        case "\"", "'":
            _ = try ahead.readQuoted(parent: -1)
            ahead.cursor.skipBlanks()
        default: _ = try ahead.takePlainLine(inFlow: false)
        }
        return ahead.cursor.line == line && ahead.cursor.sees(":") && ahead.cursor.seesGap(at: 1)
    }

    /// Reads a key up to its colon.
    private mutating func readKey() throws(YAMLFault) -> String {
        if cursor.sees("\"") || cursor.sees("'") {
            let key = try readQuoted(parent: -1)
            cursor.skipBlanks()
            return key
        }
        return try checkKey(try takePlainLine(inFlow: false))
    }

    /// Refuses a plain key that means more than its text.
    func checkKey(_ key: String) throws(YAMLFault) -> String {
        if key == "<<" { throw cursor.fault(.mergeKey) }
        if key.isEmpty { throw cursor.fault(.keyExpected) }
        return key
    }
}
