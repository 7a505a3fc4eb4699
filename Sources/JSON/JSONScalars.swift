// The scalar half of the parser: strings with their escapes and UTF-8, numbers, and the three words. It records
// where they stand; their meaning is worked out when somebody asks.

extension JSONParser {
    /// Reads a string or key from its opening quote (RFC 8259 section 7).
    mutating func readString(_ text: RawSpan, limit: Int, tooLong: JSONSyntaxFault.Code) throws(Stop) {
        let start = position + 1
        var isEscaped = false
        position = start
        while true {
            position = text.skipPlain(from: position)
            guard position < text.byteCount else { throw stop(.unexpectedEnd) }
            switch text.byte(position) {
            case Byte.quote:
                guard position - start <= limit else { throw Stop(offset: start - 1, code: tooLong) }
                let (offset, length) = (UInt32(start), UInt32(position - start))
                let next = UInt32(nodes.count + 1)
                try append(
                    JSONNode(start: offset, length: length, next: next, kind: .string, isEscaped: isEscaped))
                position += 1
                return
            case Byte.backslash:
                isEscaped = true
                try skipEscape(text)
            case 0..<0x20: throw stop(.controlCharacter)
            case 0x80...0xFF: try skipMultibyte(text)
            default: position += 1
            }
        }
    }

    private mutating func skipEscape(_ text: RawSpan) throws(Stop) {
        let start = position
        position += 1
        guard let letter = peek(text) else { throw stop(.unexpectedEnd) }
        position += 1
        guard letter == UInt8(ascii: "u") else {
            guard JSONText.shortEscape(letter) != nil else { throw Stop(offset: start, code: .badEscape) }
            return
        }
        switch try readUnit(text, escapeAt: start) {
        case 0xD800...0xDBFF:
            guard peek(text) == Byte.backslash else { throw Stop(offset: start, code: .loneSurrogate) }
            position += 1
            guard peek(text) == UInt8(ascii: "u") else { throw Stop(offset: start, code: .loneSurrogate) }
            position += 1
            let second = try readUnit(text, escapeAt: position - 2)
            guard (0xDC00...0xDFFF).contains(second) else { throw Stop(offset: start, code: .loneSurrogate) }
        case 0xDC00...0xDFFF: throw Stop(offset: start, code: .loneSurrogate)
        default: break
        }
    }

    private mutating func readUnit(_ text: RawSpan, escapeAt start: Int) throws(Stop) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek(text) else { throw stop(.unexpectedEnd) }
            guard let digit = JSONText.hexDigit(byte) else { throw Stop(offset: start, code: .badEscape) }
            unit = unit << 4 | digit
            position += 1
        }
        return unit
    }

    /// One scalar of two to four bytes, well-formed by table 3-7 of the Unicode standard (no overlong forms, no
    /// surrogates, nothing above U+10FFFF).
    private mutating func skipMultibyte(_ text: RawSpan) throws(Stop) {
        let (second, following): (ClosedRange<UInt8>, Int)
        switch text.byte(position) {
        case 0xC2...0xDF: (second, following) = (0x80...0xBF, 0)
        case 0xE0: (second, following) = (0xA0...0xBF, 1)
        case 0xE1...0xEC, 0xEE...0xEF: (second, following) = (0x80...0xBF, 1)
        case 0xED: (second, following) = (0x80...0x9F, 1)
        case 0xF0: (second, following) = (0x90...0xBF, 2)
        case 0xF1...0xF3: (second, following) = (0x80...0xBF, 2)
        case 0xF4: (second, following) = (0x80...0x8F, 2)
        default: throw stop(.badUTF8)
        }
        let end = position + 2 + following
        guard end <= text.byteCount, second.contains(text.byte(position + 1)) else { throw stop(.badUTF8) }
        for index in position + 2..<end {
            guard text.byte(index) & 0xC0 == 0x80 else { throw stop(.badUTF8) }
        }
        position = end
    }

    /// Reads a number by the grammar of RFC 8259 section 6; its value is worked out later.
    mutating func readNumber(_ text: RawSpan) throws(Stop) {
        let start = position
        if text.byte(position) == Byte.minus { position += 1 }
        let isZero = peek(text) == Byte.zero
        let digits = try readDigits(text)
        guard !isZero || digits == 1 else { throw Stop(offset: start, code: .badNumber) }
        if peek(text) == UInt8(ascii: ".") {
            position += 1
            _ = try readDigits(text)
        }
        if let byte = peek(text), byte | 0x20 == UInt8(ascii: "e") {
            position += 1
            if let sign = peek(text), sign == UInt8(ascii: "+") || sign == Byte.minus { position += 1 }
            _ = try readDigits(text)
        }
        let length = position - start
        guard length <= limits.numberBytes else { throw Stop(offset: start, code: .numberTooLong) }
        let next = UInt32(nodes.count + 1)
        try append(
            JSONNode(start: UInt32(start), length: UInt32(length), next: next, kind: .number, isEscaped: false))
    }

    private mutating func readDigits(_ text: RawSpan) throws(Stop) -> Int {
        let start = position
        while let byte = peek(text), Byte.digits.contains(byte) { position += 1 }
        guard position > start else { throw stop(peek(text) == nil ? .unexpectedEnd : .badNumber) }
        return position - start
    }

    /// Reads `true`, `false` or `null`, whose first letter was seen.
    mutating func readWord(_ word: StaticString, _ kind: JSONKind, _ text: RawSpan) throws(Stop) {
        let start = position
        let length = word.utf8CodeUnitCount
        for index in 0..<length {
            guard let byte = peek(text) else { throw stop(.unexpectedEnd) }
            guard byte == word.withUTF8Buffer({ $0[index] }) else { throw stop(.unexpectedCharacter) }
            position += 1
        }
        let next = UInt32(nodes.count + 1)
        try append(JSONNode(start: UInt32(start), length: UInt32(length), next: next, kind: kind, isEscaped: false))
    }
}

extension RawSpan {
    /// The byte at `offset`, bounds-checked.
    @inline(__always)
    func byte(_ offset: Int) -> UInt8 { unsafeLoad(fromByteOffset: offset, as: UInt8.self) }

    /// Whether two ranges hold the same bytes; the ranges are equally long.
    func areEqual(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
        zip(one, other).allSatisfy { byte($0) == byte($1) }
    }

    /// The first offset at or after `offset` that may need a look: a quote, a backslash, a control character, a byte
    /// above ASCII, or one of the last seven bytes. Eight bytes at a time.
    @inline(__always)
    func skipPlain(from offset: Int) -> Int {
        var offset = offset
        while byteCount - offset >= 8 {
            let word = UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
            let special = JSONWord.special(word)
            if special != 0 { return offset + special.trailingZeroBitCount / 8 }
            offset += 8
        }
        return offset
    }
}

/// Eight bytes of text looked at together.
enum JSONWord {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080

    /// The top bit of each byte that can not be copied as it is into a string; only the lowest set bit is exact
    /// (a borrow may mark bytes above it).
    @inline(__always)
    static func mustEscape(_ word: UInt64) -> UInt64 {
        let quote = word ^ (ones &* UInt64(Byte.quote))
        let backslash = word ^ (ones &* UInt64(Byte.backslash))
        let control = (word &- ones &* 0x20) & ~word
        return (control | ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)) & tops
    }

    /// As `mustEscape`, with the bytes above ASCII too.
    @inline(__always)
    static func special(_ word: UInt64) -> UInt64 { mustEscape(word) | (word & tops) }
}
