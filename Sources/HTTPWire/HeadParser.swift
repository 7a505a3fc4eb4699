// The head of a request, from bytes to `Request`: request line, field lines, and the facts about framing that they
// establish. Incremental: it may be fed as bytes arrive and looks at each about once. It reads no body and does no I/O.

/// Where a field's name and value lie in the head's bytes.
struct FieldSpan: Sendable {
    var name: Range<Int> { Int(nameStart)..<Int(nameEnd) }
    var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }
    private let nameStart: UInt32
    private let nameEnd: UInt32
    private let valueStart: UInt32
    private let valueEnd: UInt32

    init(name: Range<Int>, value: Range<Int>) {
        nameStart = UInt32(clamping: name.lowerBound)
        nameEnd = UInt32(clamping: name.upperBound)
        valueStart = UInt32(clamping: value.lowerBound)
        valueEnd = UInt32(clamping: value.upperBound)
    }

    /// Reads `input[line]`, which has no control characters but HTAB, as "name: value" (RFC 9112 section 5.1).
    @inline(__always)
    static func parse(_ input: Span<UInt8>, _ line: Range<Int>) throws(Refusal) -> FieldSpan {
        var colon = line.lowerBound
        while colon < line.upperBound, ByteSet.token.contains(input[colon]) { colon &+= 1 }
        guard colon > line.lowerBound, colon < line.upperBound, input[colon] == UInt8(ascii: ":") else {
            let first = input[line.lowerBound]
            throw first == Bytes.space || first == Bytes.tab ? .foldedField : .fieldName
        }
        return FieldSpan(name: line.lowerBound..<colon, value: Bytes.trimmed(input, colon + 1..<line.upperBound))
    }
}

/// How a request's body is delimited (RFC 9112 section 6.3).
package enum BodyFraming: Sendable, Equatable {
    /// No body.
    case none
    /// This many bytes, at least one.
    case length(Int)
    /// The chunked transfer coding.
    case chunked
}

/// Reads one request head after another from a connection's bytes.
package struct HeadParser: Sendable {
    private enum Phase {
        case requestLine, fields

        var tooLong: Refusal {
            switch self {
            case .requestLine: .requestLineTooLong
            case .fields: .headerTooLarge
            }
        }
    }

    private let limits: WireLimits
    private var scanner = LineScanner()
    private var phase = Phase.requestLine
    private var lineStart = 0
    private var emptyLines = 0
    private var sectionStart = 0
    private var spans: [FieldSpan] = []
    private var bytes: [UInt8] = []
    private var target: RequestTarget?
    private var method: Method?
    private var minorVersion = 1
    private var facts = FieldFacts()

    /// Whether the request being read is a HEAD, so that a refusal of it has no body either.
    package var isHead: Bool { method == .head }
    /// Whether part of a request has been seen.
    package var isMidway: Bool { phase == .fields || scanner.scanned > 0 }

    /// A parser for one connection.
    package init(limits: WireLimits) {
        self.limits = limits
    }

    /// Reads on in `input`, which starts where the request starts and has grown since the last call.
    ///
    /// Returns the request and the length of its head once the empty line has arrived, nil before that. Throws a
    /// refusal; the connection is then past use.
    package mutating func advance(
        _ input: Span<UInt8>, peerAddress: String, loop: Int
    ) throws(Refusal) -> (request: Request, length: Int)? {
        try checkStart(input)
        while true {
            let phase = phase
            guard let end = try scanner.lineEnd(in: input, from: lineStart, limit: lineLimit, phase.tooLong) else {
                return nil
            }
            let line = lineStart..<end
            lineStart = end + 2
            switch phase {
            case .requestLine:
                if line.isEmpty {
                    emptyLines += 1
                    guard emptyLines <= limits.leadingEmptyLines else { throw .tooManyEmptyLines }
                    try checkStart(input)
                } else {
                    try readRequestLine(input, line)
                    sectionStart = lineStart
                    self.phase = .fields
                }
            case .fields:
                if line.isEmpty { return (try finish(input, peerAddress, loop), end + 2) }
                guard spans.count < limits.fieldCount else { throw .headerTooLarge }
                let span = try FieldSpan.parse(input, line)
                facts.note(input, span, at: spans.count)
                spans.append(span)
            }
        }
    }

    /// Refuses what does not even begin like a request, a TLS hello for one, without waiting for the end of a line.
    private func checkStart(_ input: Span<UInt8>) throws(Refusal) {
        guard phase == .requestLine, lineStart < input.count else { return }
        let first = input[lineStart]
        guard ByteSet.token.contains(first) || first == Bytes.carriageReturn else { throw .requestLine }
    }

    /// How long the current line may be; the empty line that ends the head always fits.
    private var lineLimit: Int {
        switch phase {
        case .requestLine: limits.requestLineBytes
        case .fields: min(limits.fieldLineBytes, max(0, limits.fieldSectionBytes - (lineStart - sectionStart)))
        }
    }

    /// `method SP request-target SP HTTP-version` (RFC 9112 section 3), exactly one space each.
    private mutating func readRequestLine(_ input: Span<UInt8>, _ line: Range<Int>) throws(Refusal) {
        var methodEnd = line.lowerBound
        while methodEnd < line.upperBound, ByteSet.token.contains(input[methodEnd]) { methodEnd &+= 1 }
        let versionStart = line.upperBound - 8
        guard methodEnd > line.lowerBound, methodEnd + 2 < versionStart, input[methodEnd] == Bytes.space,
            input[versionStart - 1] == Bytes.space, Bytes.matches(input, versionStart..<versionStart + 5, "HTTP/"),
            let major = Bytes.hexValue(input[versionStart + 5]), major < 10, input[versionStart + 6] == Bytes.dot,
            let minor = Bytes.hexValue(input[versionStart + 7]), minor < 10
        else { throw .requestLine }
        guard major == 1 else { throw .version }
        minorVersion = Int(minor)
        let methodRange = line.lowerBound..<methodEnd
        method = Method(input, methodRange)
        // The authority-form belongs to CONNECT, which is refused as a whole once the head is complete.
        if method == nil, Bytes.matches(input, methodRange, "CONNECT") { return }
        target = try RequestTarget(input, methodEnd + 1..<versionStart - 1, isOptions: method == .options)
    }

    /// The head is complete: framing first, since a message whose end is unclear must not be answered as anything else.
    private mutating func finish(
        _ input: Span<UInt8>, _ peerAddress: String, _ loop: Int
    ) throws(Refusal) -> Request {
        let framing = try facts.framing(input, spans, minorVersion: minorVersion)
        try facts.checkHost(input, spans, minorVersion: minorVersion)
        guard let method, var target else { throw .method }
        let expectsContinue = try facts.expectsContinue(input, spans, minorVersion: minorVersion, framing: framing)
        if case .length(let length) = framing, length > limits.bodyBytes { throw .bodyTooLarge }

        // Both arrays keep their memory for the next head unless someone still holds this request (copy on write).
        bytes.removeAll(keepingCapacity: true)
        input.extracting(0..<lineStart).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        if let normalized = target.normalizedPath {
            target.path = bytes.count..<bytes.count + normalized.count
            bytes.append(contentsOf: normalized)
        }
        if let authority = target.authority, let index = facts.hostIndex {
            spans[index] = FieldSpan(name: spans[index].name, value: authority)
        }
        let request = Request(
            method: method, bytes: bytes, spans: spans, target: target, peerAddress: peerAddress, loop: loop,
            minorVersion: minorVersion, framing: framing, expectsContinue: expectsContinue,
            keepsAlive: facts.keepsAlive(minorVersion: minorVersion))
        return request
    }

    /// Makes ready for the next head, which starts at the first byte of the next input.
    package mutating func reset() {
        phase = .requestLine
        lineStart = 0
        emptyLines = 0
        spans.removeAll(keepingCapacity: true)
        target = nil
        method = nil
        facts = FieldFacts()
    }
}
