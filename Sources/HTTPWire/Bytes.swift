// Looking at bytes: character classes as two words, and a search for control characters eight bytes at a time.
// It knows ASCII and nothing of HTTP's structure.

/// A set of ASCII characters; anything from 0x80 up is outside.
struct ByteSet: Sendable {
    let low: UInt64
    let high: UInt64

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        byte < 128 && ((byte < 64 ? low : high) &>> UInt64(byte & 63)) & 1 == 1
    }

    /// `tchar`, RFC 9110 section 5.6.2.
    static let token = ByteSet(low: 0x03ff_6cfa_0000_0000, high: 0x57ff_ffff_c7ff_fffe)
    /// `pchar`, "/" and "%": what a path may hold, RFC 3986 section 3.3.
    static let path = ByteSet(low: 0x2fff_fff2_0000_0000, high: 0x47ff_fffe_87ff_ffff)
    /// A path's characters and "?": what a query may hold, RFC 3986 section 3.4.
    static let query = ByteSet(low: 0xafff_fff2_0000_0000, high: 0x47ff_fffe_87ff_ffff)
    /// `reg-name` without percent-encoding and without ",", RFC 3986 section 3.2.2: what names a host in practice.
    static let host = ByteSet(low: 0x2bff_6fd2_0000_0000, high: 0x47ff_fffe_87ff_fffe)
}

enum Bytes {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let slash = UInt8(ascii: "/")
    static let dot = UInt8(ascii: ".")
    static let percent = UInt8(ascii: "%")

    /// The first index from `start` whose byte is below 0x20 or 0x7F, or `input.count`.
    ///
    /// Eight bytes at a time: in `word - 0x20…` a byte's top bit appears when it was below 0x20 (and was not set
    /// before); borrows only disturb bytes above the first hit, so the lowest flag is exact.
    static func firstControl(in input: Span<UInt8>, from start: Int) -> Int {
        let count = input.count
        var index = start
        let raw = input.bytes
        while index &+ 8 <= count {
            let word = UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
            let below = (word &- 0x2020_2020_2020_2020) & ~word
            let delete = word ^ 0x7f7f_7f7f_7f7f_7f7f
            let isDelete = (delete &- 0x0101_0101_0101_0101) & ~delete
            let hits = (below | isDelete) & 0x8080_8080_8080_8080
            if hits != 0 { return index &+ hits.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < count {
            let byte = input[index]
            if byte < 0x20 || byte == 0x7f { return index }
            index &+= 1
        }
        return count
    }

    /// `byte` in lower case when it is an ASCII capital.
    @inline(__always)
    static func lowered(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    /// Whether `input[range]` is `text`, byte for byte.
    @inline(__always)
    static func matches(_ input: Span<UInt8>, _ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { expected in
            for index in 0..<expected.count where input[range.lowerBound + index] != expected[index] { return false }
            return true
        }
    }

    /// Whether `input[range]` is `text`, which is in lower case, whatever the case of ASCII letters.
    @inline(__always)
    static func matchesFolded(_ input: Span<UInt8>, _ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { expected in
            for index in 0..<expected.count where lowered(input[range.lowerBound + index]) != expected[index] {
                return false
            }
            return true
        }
    }

    /// `range` without spaces and tabs at both ends (OWS, RFC 9110 section 5.6.3).
    static func trimmed(_ input: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, input[start] == space || input[start] == tab { start += 1 }
        while end > start, input[end - 1] == space || input[end - 1] == tab { end -= 1 }
        return start..<end
    }

    /// The value of a hexadecimal digit, nil for any other byte.
    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
        default: nil
        }
    }
}

/// Finds the end of a line, looking at each byte once however the bytes arrive.
struct LineScanner: Sendable {
    /// Bytes of the current line already looked at.
    private(set) var scanned = 0

    /// The index of the CRLF that ends the line starting at `start`, or nil when it has not arrived yet.
    ///
    /// Throws `tooLong` for a line of more than `limit` bytes, and another refusal for a bare CR, a bare LF or any
    /// control character but HTAB: accepting them is where two parsers begin to disagree (RFC 9112 section 2.2, RFC
    /// 9110 section 5.5). The first offending byte decides which, so that it is the same however the bytes arrive.
    @inline(__always)
    mutating func lineEnd(
        in input: Span<UInt8>, from start: Int, limit: Int, _ tooLong: @autoclosure () -> Refusal
    ) throws(Refusal) -> Int? {
        var index = start + scanned
        while true {
            index = Bytes.firstControl(in: input, from: index)
            guard index - start <= limit else { throw tooLong() }
            guard index < input.count else { break }
            let byte = input[index]
            if byte == Bytes.carriageReturn {
                guard index + 1 < input.count else { break }
                guard input[index + 1] == Bytes.lineFeed else { throw .bareCarriageReturn }
                scanned = 0
                return index
            }
            guard byte == Bytes.tab else { throw byte == Bytes.lineFeed ? .bareLineFeed : .controlCharacter }
            index += 1
        }
        scanned = index - start
        return nil
    }
}
