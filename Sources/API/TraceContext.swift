// The trace that a request belongs to elsewhere (W3C Trace Context, level 1). Here it goes on under a span of its own;
// a request that brought none, or one that is not valid, begins one that its caller is not told of. Knows no header but this.

internal import Domain
internal import Synchronization

/// A trace as it goes on here.
package struct TraceContext: Equatable, Sendable {
    /// 32 hexadecimal digits, the caller's.
    package let traceID: String
    /// 16 hexadecimal digits, of this very request.
    package let spanID: String
    /// Whether the caller said that it keeps what it traces; the one flag that level 1 knows.
    let isSampled: Bool

    /// Goes on with the trace of a `traceparent` field (section 3.2); nil when the field is not valid. A later version
    /// than 00 is read as far as this one goes (section 4.3).
    ///
    /// - Parameter randomBits: become the span's id.
    init?(_ field: String, randomBits: UInt64) {
        let parts = field.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].count == 2, parts[0] != "ff", parts[1].count == 32, parts[2].count == 16,
            parts[3].count == 2, parts[0] != "00" || parts.count == 4,
            parts.prefix(4).joined().utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }),
            parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" }),
            let flags = UInt8(parts[3], radix: 16)
        else { return nil }
        traceID = String(parts[1])
        // All zeros would be no id (section 3.2.2.4).
        let digits = String(max(1, randomBits), radix: 16)
        spanID = String(repeating: "0", count: 16 - digits.count) + digits
        isSampled = flags & 1 == 1
    }

    /// The field that says so, in version 00.
    var field: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }
}

/// Makes trace ids for requests that bring none: what processes personal data belongs to a trace (Logboek
/// Dataverwerkingen). Half of an id is drawn once, the other half is a count that is scattered over all numbers.
final class TraceIDSource: Sendable {
    private let drawn: UInt64
    private let count: Atomic<UInt64>

    /// A source of its own numbers.
    init(randomBits: UInt64) {
        // All zeros would be no id (section 3.2.2.3).
        drawn = Self.scattered(randomBits) | 1
        count = Atomic(Self.scattered(~randomBits))
    }

    /// An id that this source has not given before, nor within 2^64 ids again.
    func next() -> String {
        let low = Self.scattered(count.wrappingAdd(1, ordering: .relaxed).newValue)
        return String(unsafeUninitializedCapacity: 32) { text in
            for place in 0..<16 {
                let shift = UInt64(60 - 4 * place)
                text[place] = digit(drawn >> shift & 15)
                text[16 + place] = digit(low >> shift & 15)
            }
            return 32
        }
    }

    /// Another number for each number (SplitMix64, https://prng.di.unimi.it/splitmix64.c).
    private static func scattered(_ number: UInt64) -> UInt64 {
        var mixed = number &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// Request ids that callers bring along.
enum RequestIDText {
    /// The longest that is taken over.
    private static let lengths = 1...64

    /// Whether a text may be a request id: letters, digits, `-`, `.` and `_`, which are safe wherever an id is shown, and
    /// not digits alone, which might be somebody's number.
    static func isValid(_ text: String) -> Bool {
        lengths.contains(text.utf8.count) && text.utf8.contains { !(0x30...0x39).contains($0) }
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }
}
