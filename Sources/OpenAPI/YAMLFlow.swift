// Flow collections: `[a, b]` and `{a: b}`, over one line or several (YAML 1.2.2 section 7.4). Stricter than YAML: every
// entry of a mapping has a colon, and a sequence holds no `key: value` pairs.

extension YAMLReader {
    /// A flow collection from its opening bracket to behind its closing one.
    mutating func readFlow() throws(YAMLFault) -> YAMLNode {
        try deeper { (reader) throws(YAMLFault) in
            reader.cursor.sees("[") ? try reader.readFlowSequence() : try reader.readFlowMapping()
        }
    }

    private mutating func readFlowSequence() throws(YAMLFault) -> YAMLNode {
        var elements: [YAMLNode] = []
        cursor.advance()
        try skipFlowGap()
        while !cursor.sees("]") {
            elements.append(try readFlowValue())
            try skipFlowGap()
            if cursor.sees(":") { throw cursor.fault(.mappingInline) }
            try passComma(before: "]")
        }
        cursor.advance()
        return .sequence(elements)
    }

    private mutating func readFlowMapping() throws(YAMLFault) -> YAMLNode {
        var mapping = YAMLMapping()
        cursor.advance()
        try skipFlowGap()
        while !cursor.sees("}") {
            let keyLine = cursor.fault(.duplicateKey)
            let key = try readFlowKey()
            cursor.advance()
            try skipFlowGap()
            let isEmpty = cursor.sees(",") || cursor.sees("}")
            let value = isEmpty ? YAMLNode.null : try readFlowValue()
            guard mapping.append(key, value) else { throw keyLine }
            try skipFlowGap()
            try passComma(before: "}")
        }
        cursor.advance()
        return .mapping(mapping)
    }

    /// A key on one line, up to its colon; behind a quoted one the colon may touch its value, as in JSON.
    private mutating func readFlowKey() throws(YAMLFault) -> String {
        if cursor.sees("[") || cursor.sees("{") { throw cursor.fault(.complexKey) }
        let expected = cursor.fault(.keyExpected)
        let isQuoted = cursor.sees("\"") || cursor.sees("'")
        let key = isQuoted ? try readQuoted(parent: -1) : try checkKey(try takePlainLine(inFlow: true))
        if isQuoted { cursor.skipBlanks() }
        let isColon = isQuoted || cursor.seesGap(at: 1) || cursor.sees(",", at: 1) || cursor.sees("}", at: 1)
        guard cursor.sees(":"), isColon, cursor.line == expected.line else { throw expected }
        return key
    }

    private mutating func readFlowValue() throws(YAMLFault) -> YAMLNode {
        switch cursor.peek().map(Unicode.Scalar.init) {
        case "[", "{": return try readFlow()
        case "\"", "'": return .string(try readQuoted(parent: -1))
        case ",": throw cursor.fault(.flowEntry)
        case nil: throw cursor.fault(.unterminatedFlow)
        default: return try YAMLScalar.resolve(try takePlainLine(inFlow: true), at: cursor)
        }
    }

    private mutating func passComma(before closing: Unicode.Scalar) throws(YAMLFault) {
        if cursor.isAtEnd { throw cursor.fault(.unterminatedFlow) }
        guard !cursor.sees(closing) else { return }
        guard cursor.sees(",") else { throw cursor.fault(.flowComma) }
        cursor.advance()
        try skipFlowGap()
        if cursor.sees(",") { throw cursor.fault(.flowEntry) }
    }

    /// Passes white space, line ends and comments between the parts of a flow collection.
    private mutating func skipFlowGap() throws(YAMLFault) {
        cursor.skipBlanks()
        if cursor.sees("#"), cursor.position > 0, !cursor.seesGap(at: -1) { throw cursor.fault(.unexpectedText) }
        if cursor.isAtLineEnd || cursor.sees("#") { try cursor.skipToText() }
        if cursor.isAtEnd { throw cursor.fault(.unterminatedFlow) }
    }
}
