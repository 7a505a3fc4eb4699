// The world as a test wants it: a clock that stands still until it is moved, and dice that fall the same every time.

package import Domain
internal import Synchronization

/// A clock that tests move.
package final class TestClock: Sendable {
    /// Monday 23 November 2026, ten o'clock in Enschede: no holiday is near.
    package static let start = Instant(milliseconds: 1_795_424_400_000)
    private let milliseconds: Atomic<Int64>

    /// A clock that stands at a moment.
    package init(at start: Instant = TestClock.start) { milliseconds = Atomic(start.milliseconds) }

    /// The moment it shows.
    package var now: Instant { Instant(milliseconds: milliseconds.load(ordering: .relaxed)) }

    /// The day it shows in the Netherlands.
    package var today: CivilDate { AmsterdamTime.day(of: now) }

    /// Moves on, or back when negative.
    package func advance(seconds: Int64) { milliseconds.add(seconds * 1000, ordering: .relaxed) }

    /// Moves on by whole days.
    package func advance(days: Int64) { advance(seconds: days * 86_400) }
}

/// Reproducible bits: SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
package final class SeededBits: Sendable {
    private let state: Atomic<UInt64>

    /// Bits that follow from a seed.
    package init(seed: UInt64) { state = Atomic(seed) }

    /// The next 64.
    package func next() -> UInt64 {
        var bits = state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}

extension TestClock {
    /// An environment of this clock and bits from a seed.
    package func environment(seed: UInt64 = 1) -> Environment {
        let bits = SeededBits(seed: seed)
        return Environment(now: { self.now }, randomBits: { bits.next() })
    }
}
