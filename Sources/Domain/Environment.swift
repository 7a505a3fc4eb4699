// What the service takes from the world that is not input: the time and randomness. Handed in, so that tests use a
// fixed clock and a seed; nothing else in the house may ask the machine for either.

/// The moment and the dice.
package struct Environment: Sendable {
    /// The moment it is.
    package var now: @Sendable () -> Instant
    /// 64 unpredictable bits; from the system's cryptographic source outside tests.
    package var randomBits: @Sendable () -> UInt64
    /// Microseconds of a clock that never jumps, for durations; where it starts means nothing.
    package var microseconds: @Sendable () -> Int64

    /// An environment from its sources; durations are those of `now` unless there is a better clock.
    package init(
        now: @escaping @Sendable () -> Instant, randomBits: @escaping @Sendable () -> UInt64,
        microseconds: (@Sendable () -> Int64)? = nil
    ) {
        self.now = now
        self.randomBits = randomBits
        self.microseconds = microseconds ?? { now().milliseconds * 1000 }
    }

    /// `count` unpredictable bytes.
    package func randomBytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 7)
        while bytes.count < count {
            let bits = randomBits()
            for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(8 * shift))) }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}

/// Makes identifiers that never go back, also when the clock does (RFC 9562, section 6.2, method 1).
///
/// Owned by the single writer; a value type because nobody else may make ids from it.
package struct IdentifierSource: Sendable {
    private var last: UInt64 = 0

    /// A source that has made nothing yet.
    package init() {}

    /// A new identifier, later than every one this source has made.
    ///
    /// The 12 bits below the version number count within a millisecond; when they run over, or the clock has stepped
    /// back, the time part goes on from the last one.
    package mutating func next<Subject>(at now: Instant, randomBits: UInt64) -> Identifier<Subject> {
        let clock = UInt64(clamping: now.milliseconds) & 0xFFFF_FFFF_FFFF
        last = max(clock << 12, last &+ 1)
        let high = (last >> 12) << 16 | 0x7000 | (last & 0xFFF)
        let low = 0x8000_0000_0000_0000 | randomBits & 0x3FFF_FFFF_FFFF_FFFF
        return Identifier(high: high, low: low)
    }
}
