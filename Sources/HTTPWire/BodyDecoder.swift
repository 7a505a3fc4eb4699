// The body of a request, from bytes to content: a known length or the chunked coding (RFC 9112 section 7.1), read
// strictly. It says where content lies; it copies nothing and does no I/O.

/// The state of one body.
package struct BodyDecoder: Sendable {
    private enum State {
        case length(remaining: Int)
        case chunkLine
        case chunkData(remaining: Int)
        case chunkEnd
        case trailers
        case done
    }

    /// What `next` found.
    package enum Step: Equatable {
        /// Content, at these indices.
        case data(Range<Int>)
        /// Nothing until more bytes arrive.
        case needMore
        /// The body is complete.
        case end
    }

    private let limits: WireLimits
    private var state: State
    private var scanner = LineScanner()
    private var received = 0
    private var extensionBytes = 0
    private var trailerBytes = 0
    private var trailerCount = 0

    /// A decoder for a body with this framing.
    package init(framing: BodyFraming, limits: WireLimits) {
        self.limits = limits
        switch framing {
        case .none: state = .done
        case .length(let length): state = .length(remaining: length)
        case .chunked: state = .chunkLine
        }
    }

    /// Whether the whole body has passed.
    package var isComplete: Bool {
        if case .done = state { true } else { false }
    }

    /// How many bytes are still to come, nil when only the chunks will tell.
    package var remainingLength: Int? {
        switch state {
        case .length(let remaining): remaining
        case .done: 0
        case .chunkLine, .chunkData, .chunkEnd, .trailers: nil
        }
    }

    /// Reads on in `input` from `offset`, which it moves past what it used; bytes from there on must be given again.
    ///
    /// Throws 400 for a coding fault, 413 for a body that is too long, 431 for its trailers.
    package mutating func next(_ input: Span<UInt8>, _ offset: inout Int) throws(Refusal) -> Step {
        while true {
            switch state {
            case .done: return .end
            case .length(let remaining):
                guard let data = take(remaining, input, &offset) else { return .needMore }
                state = data.count == remaining ? .done : .length(remaining: remaining - data.count)
                return .data(data)
            case .chunkData(let remaining):
                guard let data = take(remaining, input, &offset) else { return .needMore }
                state = data.count == remaining ? .chunkEnd : .chunkData(remaining: remaining - data.count)
                return .data(data)
            case .chunkEnd:
                guard offset < input.count else { return .needMore }
                guard input[offset] == Bytes.carriageReturn else { throw .chunk }
                guard offset + 1 < input.count else { return .needMore }
                guard input[offset + 1] == Bytes.lineFeed else { throw .chunk }
                offset += 2
                state = .chunkLine
            case .chunkLine:
                guard let line = try line(input, &offset, limit: 18 + limits.chunkExtensionBytes, .chunk) else {
                    return .needMore
                }
                try readChunkLine(input, line)
            case .trailers:
                guard let line = try line(input, &offset, limit: limits.trailerBytes, .headerTooLarge) else {
                    return .needMore
                }
                try readTrailer(input, line)
            }
        }
    }

    private func take(_ remaining: Int, _ input: Span<UInt8>, _ offset: inout Int) -> Range<Int>? {
        guard offset < input.count else { return nil }
        let data = offset..<offset + min(remaining, input.count - offset)
        offset = data.upperBound
        return data
    }

    private mutating func line(
        _ input: Span<UInt8>, _ offset: inout Int, limit: Int, _ tooLong: @autoclosure () -> Refusal
    ) throws(Refusal) -> Range<Int>? {
        guard let end = try scanner.lineEnd(in: input, from: offset, limit: limit, tooLong()) else { return nil }
        defer { offset = end + 2 }
        return offset..<end
    }

    /// `chunk-size [ chunk-ext ]`: at most 16 hexadecimal digits, so that the size cannot overflow unseen.
    private mutating func readChunkLine(_ input: Span<UInt8>, _ line: Range<Int>) throws(Refusal) {
        var index = line.lowerBound
        var size = 0
        while index < line.upperBound, let digit = Bytes.hexValue(input[index]) {
            guard index - line.lowerBound < 16, size <= Int.max >> 4 else { throw .chunk }
            size = size << 4 | Int(digit)
            index += 1
        }
        guard index > line.lowerBound else { throw .chunk }
        try ChunkExtensions.check(input, index..<line.upperBound)
        extensionBytes += line.upperBound - index
        guard extensionBytes <= limits.chunkExtensionBytes else { throw .chunk }
        guard size <= limits.bodyBytes - received else { throw .bodyTooLarge }
        received += size
        state = size == 0 ? .trailers : .chunkData(remaining: size)
    }

    /// Trailer fields are checked and dropped: nothing in them is ever honoured (RFC 9110 section 6.5.1).
    private mutating func readTrailer(_ input: Span<UInt8>, _ line: Range<Int>) throws(Refusal) {
        guard !line.isEmpty else {
            state = .done
            return
        }
        trailerBytes += line.count + 2
        trailerCount += 1
        guard trailerBytes <= limits.trailerBytes, trailerCount <= limits.fieldCount else { throw .headerTooLarge }
        _ = try FieldSpan.parse(input, line)
    }
}

/// `*( BWS ";" BWS name [ BWS "=" BWS value ] )`, RFC 9112 section 7.1.1; checked and ignored.
enum ChunkExtensions {
    /// Throws 400 when `input[range]` is anything else, white space before the line's end included.
    static func check(_ input: Span<UInt8>, _ range: Range<Int>) throws(Refusal) {
        var cursor = Cursor(index: range.lowerBound, end: range.upperBound)
        while cursor.index < cursor.end {
            cursor.skipSpace(input)
            guard cursor.skip(UInt8(ascii: ";"), input) else { throw .chunk }
            cursor.skipSpace(input)
            guard cursor.skipToken(input) else { throw .chunk }
            let afterName = cursor
            cursor.skipSpace(input)
            guard cursor.skip(UInt8(ascii: "="), input) else {
                cursor = afterName
                continue
            }
            cursor.skipSpace(input)
            guard cursor.skipQuoted(input) || cursor.skipToken(input) else { throw .chunk }
        }
    }

    private struct Cursor {
        var index: Int
        let end: Int

        mutating func skip(_ byte: UInt8, _ input: Span<UInt8>) -> Bool {
            guard index < end, input[index] == byte else { return false }
            index += 1
            return true
        }

        mutating func skipSpace(_ input: Span<UInt8>) {
            while index < end, input[index] == Bytes.space || input[index] == Bytes.tab { index += 1 }
        }

        mutating func skipToken(_ input: Span<UInt8>) -> Bool {
            let start = index
            while index < end, ByteSet.token.contains(input[index]) { index += 1 }
            return index > start
        }

        /// A quoted-string (RFC 9110 section 5.6.4); control characters were refused with the line.
        mutating func skipQuoted(_ input: Span<UInt8>) -> Bool {
            guard index < end, input[index] == UInt8(ascii: "\"") else { return false }
            var position = index + 1
            while position < end {
                switch input[position] {
                case UInt8(ascii: "\""):
                    index = position + 1
                    return true
                case UInt8(ascii: "\\"): position += 2
                default: position += 1
                }
            }
            return false
        }
    }
}
