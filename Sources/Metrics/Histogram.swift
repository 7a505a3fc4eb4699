// How values spread over fixed buckets, counted in whole numbers of a small unit: a duration in microseconds is filed
// without a division or a floating point. The unit people read is the exposition's business.

/// Rows of counts per bucket, one row for each thing that is measured alike.
package struct Histogram: Sendable {
    /// What one row has seen.
    package struct Reading: Sendable, Equatable {
        /// Values per bucket, not yet added up; the last one holds what lies beyond every bound.
        package var counts: [Int]
        /// The sum of all values.
        package var sum: Int

        /// How many values.
        package var count: Int { counts.reduce(0, &+) }
    }

    /// Durations in microseconds from half a millisecond to a minute.
    package static let requestMicroseconds = [
        500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
        10_000_000, 30_000_000, 60_000_000,
    ]

    /// The largest value of each bucket but the last, which has no end.
    package let bounds: [Int]
    /// Decimal places between the values and the unit that is shown: 6 for microseconds shown as seconds.
    package let scale: Int
    private let tally: Tally

    /// Empty rows.
    package init(bounds: [Int], scale: Int, rows: Int = 1, shards: Int) {
        precondition(!bounds.isEmpty && zip(bounds, bounds.dropFirst()).allSatisfy(<), "bounds rise")
        self.bounds = bounds
        self.scale = scale
        tally = Tally(cells: rows * (bounds.count + 2), shards: shards)
    }

    /// Files a value; only ever from the thread that owns the shard.
    package func note(_ value: Int, row: Int = 0, shard: Int) {
        let first = row * (bounds.count + 2)
        tally.add(1, to: first + (bounds.firstIndex { value <= $0 } ?? bounds.count), shard: shard)
        tally.add(value, to: first + bounds.count + 1, shard: shard)
    }

    /// What a row has seen on all shards.
    package func reading(row: Int = 0) -> Reading {
        let first = row * (bounds.count + 2)
        return Reading(counts: (0...bounds.count).map { tally[first + $0] }, sum: tally[first + bounds.count + 1])
    }
}
