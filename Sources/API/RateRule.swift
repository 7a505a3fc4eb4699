// The arithmetic of a bucket that fills by itself: how much is taken out at once, and how soon that is there again. It
// is pure: the moment is handed in, and whose bucket it is somebody else's business (see RateTable).

/// How large a bucket is and how fast it fills.
///
/// A bucket is one number, the moment at which it is full again (the generic cell rate algorithm, ITU-T I.371, annex A):
/// 0 for one that nobody has taken from, so buckets need no filling and no clock of their own.
package struct RateRule: Sendable, Equatable {
    /// What can be taken at once.
    package let burst: Int
    /// Nanoseconds in which one unit comes back.
    package let unitNanoseconds: Int64

    /// Nanoseconds in which an empty bucket fills. Two of them on top of the last moment still fit in 64 bits.
    private var windowNanoseconds: Int64 { Int64(burst) * unitNanoseconds }
    /// The last moment that is told from those after it: 142 years from the clock's start.
    private static let lastMicrosecond: Int64 = 1 << 52

    /// A rule; the product of the two is at most 2^60.
    package init(burst: Int, unitNanoseconds: Int64) {
        let (window, overflowed) = Int64(burst).multipliedReportingOverflow(by: unitNanoseconds)
        precondition(burst > 0 && unitNanoseconds > 0 && !overflowed && window <= 1 << 60, "a bucket that can fill")
        self.burst = burst
        self.unitNanoseconds = unitNanoseconds
    }

    /// A rule of so many units a second.
    package init(burst: Int, perSecond: Int) {
        self.init(burst: burst, unitNanoseconds: 1_000_000_000 / Int64(perSecond))
    }

    /// A rule of one unit every so many seconds.
    package init(burst: Int, secondsPerUnit: Int) {
        self.init(burst: burst, unitNanoseconds: Int64(secondsPerUnit) * 1_000_000_000)
    }

    /// Seconds in which an empty bucket fills.
    package var windowSeconds: Int { Self.seconds(windowNanoseconds) }

    /// A bucket after somebody wanted to take from it.
    package struct Outcome: Sendable, Equatable {
        /// Whether it was taken; otherwise nothing was.
        package var isGranted: Bool
        /// What can still be taken.
        package var remaining: Int
        /// Seconds until the bucket is full, rounded up.
        package var secondsToFull: Int
        /// Seconds until there is enough for what was wanted; 0 when it was granted, else at least 1.
        package var secondsToEnough: Int
        /// The bucket's number from now on.
        package var fullAt: Int64
    }

    /// Takes `cost` units at a moment, if the bucket has them; whoever wants more than it can hold gets it when full.
    ///
    /// A bucket that would be full later than an empty one is from before the clock went back: it counts as empty, so
    /// that nobody waits longer than the window for it.
    package func take(_ cost: Int, from fullAt: Int64, atMicroseconds microseconds: Int64) -> Outcome {
        let now = nanoseconds(microseconds)
        let before = min(max(fullAt, now), now + windowNanoseconds)
        let after = before + Int64(min(max(cost, 0), burst)) * unitNanoseconds
        let missing = after - now - windowNanoseconds
        let kept = missing <= 0 ? after : before
        return Outcome(
            isGranted: missing <= 0, remaining: Int((windowNanoseconds - (kept - now)) / unitNanoseconds),
            secondsToFull: Self.seconds(kept - now), secondsToEnough: max(0, Self.seconds(missing)), fullAt: kept)
    }

    /// Whether a bucket is full, and so as good as none.
    package func isFull(_ fullAt: Int64, atMicroseconds microseconds: Int64) -> Bool {
        fullAt <= nanoseconds(microseconds)
    }

    private func nanoseconds(_ microseconds: Int64) -> Int64 { min(max(microseconds, 0), Self.lastMicrosecond) * 1000 }

    /// Whole seconds, rounded up; nothing for what is over.
    private static func seconds(_ nanoseconds: Int64) -> Int {
        nanoseconds <= 0 ? 0 : Int((nanoseconds - 1) / 1_000_000_000) + 1
    }
}
