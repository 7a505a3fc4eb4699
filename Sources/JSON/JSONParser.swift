// The strict reader of RFC 8259: bytes in, flat nodes out, or one stop with its place. It makes no text, keeps no
// bytes, and knows no form. Every access goes through a bounds-checked span; recursion is bounded by the depth limit.

/// Reads one JSON text into nodes; used once.
struct JSONParser {
    /// Why and where reading stopped.
    struct Stop: Error {
        let offset: Int
        let code: JSONSyntaxFault.Code
    }

    /// The tree so far; complete when `readDocument` returns.
    var nodes: [JSONNode] = []
    /// The next byte to look at.
    var position = 0
    /// What the text may cost.
    let limits: JSONLimits
    /// Keys of the objects that are open, each a fingerprint in the high half and a node index in the low one.
    private var keys: [UInt64] = []

    init(limits: JSONLimits) {
        self.limits = limits
    }

    /// Reads the whole text: exactly one value, and white space around it.
    mutating func readDocument(_ text: RawSpan) throws(Stop) {
        guard text.byteCount <= min(limits.bytes, Int(UInt32.max) - 1) else { throw stop(.tooLarge) }
        if text.byteCount >= 3, text.byte(0) == 0xEF, text.byte(1) == 0xBB, text.byte(2) == 0xBF {
            throw stop(.byteOrderMark)
        }
        nodes.reserveCapacity(min(limits.nodes, text.byteCount / 16 + 8))
        skipWhitespace(text)
        guard position < text.byteCount else { throw stop(.empty) }
        try readValue(text, depth: 0)
        skipWhitespace(text)
        guard position == text.byteCount else { throw stop(.trailingText) }
    }

    private mutating func readValue(_ text: RawSpan, depth: Int) throws(Stop) {
        guard position < text.byteCount else { throw stop(.unexpectedEnd) }
        switch text.byte(position) {
        case Byte.quote: try readString(text, limit: limits.stringBytes, tooLong: .stringTooLong)
        case Byte.openObject: try readObject(text, depth: depth + 1)
        case Byte.openArray: try readArray(text, depth: depth + 1)
        case Byte.minus, Byte.digits: try readNumber(text)
        case UInt8(ascii: "t"): try readWord("true", .boolean, text)
        case UInt8(ascii: "f"): try readWord("false", .boolean, text)
        case UInt8(ascii: "n"): try readWord("null", .null, text)
        default: throw stop(.unexpectedCharacter)
        }
    }

    private mutating func readObject(_ text: RawSpan, depth: Int) throws(Stop) {
        let container = try open(.object, depth: depth)
        let firstKey = keys.count
        skipWhitespace(text)
        if peek(text) == Byte.closeObject { return close(container) }
        while true {
            guard let byte = peek(text) else { throw stop(.unexpectedEnd) }
            guard byte == Byte.quote else { throw stop(.unexpectedCharacter) }
            keys.append(UInt64(nodes.count))
            try readString(text, limit: limits.keyBytes, tooLong: .keyTooLong)
            if let key = nodes.last { keys[keys.count - 1] |= fingerprint(of: key, text) }
            skipWhitespace(text)
            try expect(Byte.colon, text)
            skipWhitespace(text)
            try readValue(text, depth: depth)
            skipWhitespace(text)
            if peek(text) == Byte.closeObject { break }
            try expect(Byte.comma, text)
            skipWhitespace(text)
        }
        try refuseDuplicates(from: firstKey, text)
        keys.removeLast(keys.count - firstKey)
        close(container)
    }

    private mutating func readArray(_ text: RawSpan, depth: Int) throws(Stop) {
        let container = try open(.array, depth: depth)
        skipWhitespace(text)
        if peek(text) == Byte.closeArray { return close(container) }
        while true {
            try readValue(text, depth: depth)
            skipWhitespace(text)
            if peek(text) == Byte.closeArray { return close(container) }
            try expect(Byte.comma, text)
            skipWhitespace(text)
        }
    }

    private mutating func open(_ kind: JSONKind, depth: Int) throws(Stop) -> Int {
        guard depth <= limits.depth else { throw stop(.tooDeep) }
        try append(JSONNode(start: UInt32(position), length: 0, next: 0, kind: kind, isEscaped: false))
        position += 1
        return nodes.count - 1
    }

    private mutating func close(_ container: Int) {
        position += 1
        nodes[container].length = UInt32(position) - nodes[container].start
        nodes[container].next = UInt32(nodes.count)
    }

    /// Adds a node, within the limit.
    mutating func append(_ node: JSONNode) throws(Stop) {
        guard nodes.count < limits.nodes else { throw stop(.tooManyValues) }
        nodes.append(node)
    }

    /// A stop at the current byte.
    func stop(_ code: JSONSyntaxFault.Code) -> Stop { Stop(offset: position, code: code) }

    /// The current byte, or nil at the end.
    func peek(_ text: RawSpan) -> UInt8? { position < text.byteCount ? text.byte(position) : nil }

    private mutating func expect(_ byte: UInt8, _ text: RawSpan) throws(Stop) {
        guard let found = peek(text) else { throw stop(.unexpectedEnd) }
        guard found == byte else { throw stop(.unexpectedCharacter) }
        position += 1
    }

    private mutating func skipWhitespace(_ text: RawSpan) {
        while position < text.byteCount {
            switch text.byte(position) {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }
}

// Duplicate keys: RFC 8259 section 4 leaves them open, and two readers that choose differently are a way past a check.
extension JSONParser {
    /// Above this many members pairs cost more than a set; also what bounds the quadratic work.
    private static let pairwiseKeys = 16

    /// Length and three bytes of a key, so that most pairs differ without touching the text; never 0.
    private func fingerprint(of key: JSONNode, _ text: RawSpan) -> UInt64 {
        let (start, length) = (Int(key.start), Int(key.length))
        guard length > 0 else { return 1 << 63 }
        let first = UInt64(text.byte(start))
        let middle = UInt64(text.byte(start + length / 2))
        let last = UInt64(text.byte(start + length - 1))
        return (UInt64(length & 0xFF) << 24 | first << 16 | middle << 8 | last) << 32
    }

    private mutating func refuseDuplicates(from firstKey: Int, _ text: RawSpan) throws(Stop) {
        let indices = firstKey..<keys.count
        let isPlain = indices.allSatisfy { !nodes[Int(keys[$0] & 0xFFFF_FFFF)].isEscaped }
        guard isPlain, indices.count <= Self.pairwiseKeys else { return try refuseDuplicatesBySet(indices, text) }
        for later in indices.dropFirst() {
            let key = keys[later]
            for earlier in firstKey..<later where keys[earlier] >> 32 == key >> 32 {
                let one = nodes[Int(keys[earlier] & 0xFFFF_FFFF)]
                let other = nodes[Int(key & 0xFFFF_FFFF)]
                guard one.length != other.length || !text.areEqual(one.range, other.range) else {
                    throw duplicate(at: Int(key & 0xFFFF_FFFF))
                }
            }
        }
    }

    private mutating func refuseDuplicatesBySet(_ indices: Range<Int>, _ text: RawSpan) throws(Stop) {
        var seen: Set<[UInt8]> = []
        seen.reserveCapacity(indices.count)
        for index in indices {
            let node = Int(keys[index] & 0xFFFF_FFFF)
            let raw = nodes[node].range.map { text.byte($0) }
            let name = nodes[node].isEscaped ? JSONText.unescaped(raw[...]) : raw
            guard seen.insert(name).inserted else { throw duplicate(at: node) }
        }
    }

    /// Forgets all after the second key, so that the fault's pointer ends at it.
    private mutating func duplicate(at node: Int) -> Stop {
        nodes.removeLast(nodes.count - node - 1)
        return Stop(offset: Int(nodes[node].start) - 1, code: .duplicateKey)
    }
}
