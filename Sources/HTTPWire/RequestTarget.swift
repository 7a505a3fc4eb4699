// The request target: its four forms, its characters, percent-encoding and dot segments. It finds and checks ranges;
// what a path means is the router's business.

/// Where the parts of a target lie in the head's bytes.
struct RequestTarget: Sendable {
    var path: Range<Int>
    var query: Range<Int>?
    /// The authority of an absolute-form, which replaces Host (RFC 9112 section 3.2.2).
    var authority: Range<Int>?
    /// Set when dot segments were removed: this text stands for the path then.
    var normalizedPath: [UInt8]?

    /// Reads and checks the target; throws 400 for anything outside RFC 3986's characters or RFC 9112 section 3.2's
    /// forms.
    init(_ input: Span<UInt8>, _ range: Range<Int>, isOptions: Bool) throws(Refusal) {
        var start = range.lowerBound
        authority = nil
        query = nil
        if range.count == 1, input[start] == UInt8(ascii: "*") {
            guard isOptions else { throw .target }
            path = range
            return
        }
        if input[start] != Bytes.slash {
            guard let found = Self.authority(input, range) else { throw .target }
            try Authority.check(input, found)
            authority = found
            start = found.upperBound
        }
        let pathEnd = Self.end(of: ByteSet.path, input, start..<range.upperBound)
        path = start..<pathEnd
        if pathEnd < range.upperBound {
            guard input[pathEnd] == UInt8(ascii: "?") else { throw .target }
            let query = pathEnd + 1..<range.upperBound
            guard Self.end(of: ByteSet.query, input, query) == range.upperBound else { throw .target }
            try PercentCoding.check(input, query)
            self.query = query
        }
        if path.isEmpty {
            // RFC 9110 section 7.1: an absolute-form of OPTIONS without path and query means the server as a whole.
            normalizedPath = isOptions && query == nil ? [UInt8(ascii: "*")] : [Bytes.slash]
        } else {
            try PercentCoding.check(input, path)
            normalizedPath = DotSegments.removed(input, path)
        }
    }

    /// The authority of "http://authority…" or "https://authority…", nil for any other text.
    private static func authority(_ input: Span<UInt8>, _ range: Range<Int>) -> Range<Int>? {
        for scheme: StaticString in ["http://", "https://"] {
            let start = range.lowerBound + scheme.utf8CodeUnitCount
            guard start < range.upperBound, Bytes.matchesFolded(input, range.lowerBound..<start, scheme) else {
                continue
            }
            var end = start
            while end < range.upperBound, input[end] != Bytes.slash, input[end] != UInt8(ascii: "?") { end += 1 }
            return start..<end
        }
        return nil
    }

    private static func end(of set: ByteSet, _ input: Span<UInt8>, _ range: Range<Int>) -> Int {
        var index = range.lowerBound
        while index < range.upperBound, set.contains(input[index]) { index += 1 }
        return index
    }
}

/// `uri-host [ ":" port ]` (RFC 9110 section 7.2), without user information.
enum Authority {
    /// Throws 400 unless `input[range]` is a host name, IPv4 address or bracketed IPv6 address with an optional port.
    static func check(_ input: Span<UInt8>, _ range: Range<Int>) throws(Refusal) {
        var index = range.lowerBound
        if index < range.upperBound, input[index] == UInt8(ascii: "[") {
            index += 1
            let start = index
            while index < range.upperBound, isAddressCharacter(input[index]) { index += 1 }
            guard index - start >= 2, index < range.upperBound, input[index] == UInt8(ascii: "]") else { throw .host }
            index += 1
        } else {
            while index < range.upperBound, ByteSet.host.contains(input[index]) { index += 1 }
            guard index > range.lowerBound else { throw .host }
        }
        guard index < range.upperBound else { return }
        guard input[index] == UInt8(ascii: ":"), range.upperBound - index <= 6 else { throw .host }
        var port = 0
        for position in index + 1..<range.upperBound {
            guard let digit = Bytes.hexValue(input[position]), digit < 10 else { throw .host }
            port = port * 10 + Int(digit)
        }
        guard port <= 65_535 else { throw .host }
    }

    private static func isAddressCharacter(_ byte: UInt8) -> Bool {
        Bytes.hexValue(byte) != nil || byte == UInt8(ascii: ":") || byte == Bytes.dot
    }
}

/// Percent-encoding, decoded once and after splitting (RFC 3986 section 2.4).
enum PercentCoding {
    /// Throws 400 when `input[range]` holds a bad %XX, %00, or decodes to something that is not UTF-8.
    static func check(_ input: Span<UInt8>, _ range: Range<Int>) throws(Refusal) {
        guard range.contains(where: { input[$0] == Bytes.percent }) else { return }
        guard let bytes = decoded(input, range), String(validating: bytes, as: UTF8.self) != nil else { throw .percent }
    }

    /// The decoded bytes, nil for a bad %XX or %00.
    static func decoded(_ input: Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            if input[index] == Bytes.percent {
                guard index + 2 < range.upperBound, let high = Bytes.hexValue(input[index + 1]),
                    let low = Bytes.hexValue(input[index + 2]), high | low != 0
                else { return nil }
                bytes.append(high << 4 | low)
                index += 3
            } else {
                bytes.append(input[index])
                index += 1
            }
        }
        return bytes
    }
}

/// Dot segments, removed before routing and never above the root (RFC 3986 section 5.2.4); "%2e" is a dot too
/// (6.2.2.2).
enum DotSegments {
    /// The path without dot segments, nil when it had none.
    static func removed(_ input: Span<UInt8>, _ path: Range<Int>) -> [UInt8]? {
        guard mayHaveDots(input, path) else { return nil }
        var kept: [Range<Int>] = []
        var found = false
        var start = path.lowerBound + 1
        for index in start..<path.upperBound + 1 where index == path.upperBound || input[index] == Bytes.slash {
            let segment = start..<index
            let isLast = index == path.upperBound
            switch dots(input, segment) {
            case 0: kept.append(segment)
            case 1:
                found = true
                if isLast { kept.append(index..<index) }
            default:
                found = true
                _ = kept.popLast()
                if isLast { kept.append(index..<index) }
            }
            start = index + 1
        }
        guard found else { return nil }
        var bytes: [UInt8] = []
        for segment in kept {
            bytes.append(Bytes.slash)
            for index in segment { bytes.append(input[index]) }
        }
        return bytes.isEmpty ? [Bytes.slash] : bytes
    }

    private static func mayHaveDots(_ input: Span<UInt8>, _ path: Range<Int>) -> Bool {
        var afterSlash = false
        for index in path {
            let byte = input[index]
            if afterSlash, byte == Bytes.dot || byte == Bytes.percent { return true }
            afterSlash = byte == Bytes.slash
        }
        return false
    }

    /// 1 for ".", 2 for "..", also when encoded; 0 for anything else.
    private static func dots(_ input: Span<UInt8>, _ segment: Range<Int>) -> Int {
        guard !segment.isEmpty, segment.count <= 6, let bytes = PercentCoding.decoded(input, segment) else { return 0 }
        return bytes.count <= 2 && bytes.allSatisfy { $0 == Bytes.dot } ? bytes.count : 0
    }
}
