// What a request's fields say about its framing and its connection. Wherever two parsers could disagree about where a
// message ends, the answer is a refusal. It knows five field names and leaves all others alone.

/// The facts collected while a head's field lines pass.
struct FieldFacts: Sendable {
    private(set) var hostIndex: Int?
    private var hostCount = 0
    private var lengthIndex: Int?
    private var lengthCount = 0
    private var hasTransferEncoding = false
    private var hasExpect = false
    private var saysClose = false
    private var saysKeepAlive = false

    /// Notes a field; the name's length tells most others apart at once. Underscores are never dashes.
    @inline(__always)
    mutating func note(_ input: Span<UInt8>, _ span: FieldSpan, at index: Int) {
        switch span.name.count {
        case 4 where Bytes.matchesFolded(input, span.name, "host"):
            hostIndex = index
            hostCount += 1
        case 6 where Bytes.matchesFolded(input, span.name, "expect"): hasExpect = true
        case 10 where Bytes.matchesFolded(input, span.name, "connection"): noteConnection(input, span.value)
        case 14 where Bytes.matchesFolded(input, span.name, "content-length"):
            lengthIndex = index
            lengthCount += 1
        case 17 where Bytes.matchesFolded(input, span.name, "transfer-encoding"): hasTransferEncoding = true
        default: break
        }
    }

    private mutating func noteConnection(_ input: Span<UInt8>, _ value: Range<Int>) {
        ListElements.forEach(input, value) { element in
            if Bytes.matchesFolded(input, element, "close") { saysClose = true }
            if Bytes.matchesFolded(input, element, "keep-alive") { saysKeepAlive = true }
        }
    }

    /// RFC 9112 section 9.3: 1.1 stays unless told to close, 1.0 closes unless asked to stay.
    func keepsAlive(minorVersion: Int) -> Bool {
        !saysClose && (minorVersion >= 1 || saysKeepAlive)
    }

    /// How the body is delimited (RFC 9112 sections 6.1 and 6.3); throws 400 or 501.
    func framing(_ input: Span<UInt8>, _ spans: [FieldSpan], minorVersion: Int) throws(Refusal) -> BodyFraming {
        if hasTransferEncoding {
            guard lengthCount == 0 else { throw .framing }
            guard minorVersion >= 1 else { throw .transferEncoding }
            return try transferCoding(input, spans)
        }
        guard let lengthIndex else { return .none }
        // Equal duplicates could be merged (RFC 9110 section 8.6); nobody honest sends them.
        guard lengthCount == 1, spans[lengthIndex].value.count > 0 else { throw .contentLength }
        var length = 0
        for index in spans[lengthIndex].value {
            guard let digit = Bytes.hexValue(input[index]), digit < 10 else { throw .contentLength }
            let (tens, overflow) = length.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Int(digit))
            guard !overflow, !carry else { throw .contentLength }
            length = sum
        }
        return length == 0 ? .none : .length(length)
    }

    /// Exactly one "chunked"; another coding before a final chunked is 501, everything else 400.
    private func transferCoding(_ input: Span<UInt8>, _ spans: [FieldSpan]) throws(Refusal) -> BodyFraming {
        var codings: [Range<Int>] = []
        var hasEmpty = false
        for span in spans where Bytes.matchesFolded(input, span.name, "transfer-encoding") {
            ListElements.forEach(input, span.value) { element in
                if element.isEmpty { hasEmpty = true } else { codings.append(element) }
            }
        }
        let chunked = codings.filter { Bytes.matchesFolded(input, $0, "chunked") }
        guard !hasEmpty, let last = codings.last, chunked == [last] else { throw .transferEncoding }
        guard codings.count == 1 else { throw .coding }
        return .chunked
    }

    /// Exactly one valid Host in HTTP/1.1; at most one in 1.0 (RFC 9112 section 3.2).
    func checkHost(_ input: Span<UInt8>, _ spans: [FieldSpan], minorVersion: Int) throws(Refusal) {
        guard let hostIndex else {
            if minorVersion >= 1 { throw .host }
            return
        }
        guard hostCount == 1 else { throw .host }
        try Authority.check(input, spans[hostIndex].value)
    }

    /// Whether the client waits for 100 (Continue); throws 417 for any other expectation (RFC 9110 section 10.1.1).
    func expectsContinue(
        _ input: Span<UInt8>, _ spans: [FieldSpan], minorVersion: Int, framing: BodyFraming
    ) throws(Refusal) -> Bool {
        guard hasExpect, minorVersion >= 1 else { return false }
        var waits = false
        var isKnown = true
        for span in spans where Bytes.matchesFolded(input, span.name, "expect") {
            ListElements.forEach(input, span.value) { element in
                if Bytes.matchesFolded(input, element, "100-continue") {
                    waits = true
                } else if !element.isEmpty {
                    isKnown = false
                }
            }
        }
        guard isKnown else { throw .expectation }
        return waits && framing != .none
    }
}

/// Comma-separated lists (RFC 9110 section 5.6.1).
enum ListElements {
    /// Calls `body` with each element, trimmed; empty ones too.
    static func forEach(_ input: Span<UInt8>, _ value: Range<Int>, _ body: (Range<Int>) -> Void) {
        var start = value.lowerBound
        for index in value where input[index] == UInt8(ascii: ",") {
            body(Bytes.trimmed(input, start..<index))
            start = index + 1
        }
        body(Bytes.trimmed(input, start..<value.upperBound))
    }
}
