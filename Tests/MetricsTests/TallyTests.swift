// Counting: sums over shards while their owners write, and the edges of buckets.

import Foundation
import Testing

@testable import Metrics

@Suite struct TallyTests {
    @Test func shardsAreSummedAndCellsStayApart() {
        let tally = Tally(cells: 9, shards: 3)
        for shard in 0..<3 {
            tally.add(shard + 1, to: 0, shard: shard)
            tally.add(10, to: 8, shard: shard)
        }
        tally.add(-3, to: 8, shard: 1)
        #expect((0..<9).map { tally[$0] } == [6, 0, 0, 0, 0, 0, 0, 0, 27])
    }

    /// Each thread on its own shard loses nothing, and a reader meanwhile never sees a sum go back.
    @Test func nothingIsLostWhileSomebodyReads() {
        let (writers, rounds) = (4, 50_000)
        let tally = Tally(cells: 2, shards: writers)
        let histogram = Histogram(bounds: [10, 20], scale: 0, shards: writers)
        let done = DispatchGroup()
        for writer in 0..<writers {
            done.enter()
            Thread.detachNewThread {
                for round in 0..<rounds {
                    tally.add(1, to: 0, shard: writer)
                    histogram.note(round % 30, shard: writer)
                }
                done.leave()
            }
        }
        var last = 0
        while done.wait(timeout: .now()) == .timedOut {
            let sum = tally[0]
            #expect(sum >= last && sum <= writers * rounds)
            let reading = histogram.reading()
            #expect(reading.counts.allSatisfy { $0 >= 0 } && reading.count <= writers * rounds)
            last = sum
        }
        #expect(tally[0] == writers * rounds)
        #expect(tally[1] == 0)
        let expected = (0..<rounds).map { $0 % 30 }
        let reading = histogram.reading()
        #expect(reading.counts[0] == writers * expected.count { $0 <= 10 })
        #expect(reading.counts[1] == writers * expected.count { $0 > 10 && $0 <= 20 })
        #expect(reading.count == writers * rounds)
        #expect(reading.sum == writers * expected.reduce(0, +))
    }
}

@Suite struct HistogramTests {
    @Test func aBoundBelongsToItsBucket() {
        let bounds = Histogram.requestMicroseconds
        let histogram = Histogram(bounds: bounds, scale: 6, shards: 1)
        for bound in bounds { histogram.note(bound, shard: 0) }
        #expect(histogram.reading().counts == bounds.map { _ in 1 } + [0])
        for bound in bounds { histogram.note(bound + 1, shard: 0) }
        #expect(histogram.reading().counts == [1] + bounds.dropFirst().map { _ in 2 } + [1])
        histogram.note(0, shard: 0)
        histogram.note(.max / 4, shard: 0)
        #expect(histogram.reading().counts.first == 2)
        #expect(histogram.reading().counts.last == 2)
        #expect(histogram.reading().count == 2 * bounds.count + 2)
        #expect(histogram.reading().sum == 2 * bounds.reduce(0, +) + bounds.count + .max / 4)
    }

    @Test func rowsStayApart() {
        let histogram = Histogram(bounds: [1, 2, 3], scale: 0, rows: 3, shards: 2)
        histogram.note(3, row: 0, shard: 0)
        histogram.note(4, row: 0, shard: 1)
        histogram.note(1, row: 2, shard: 1)
        #expect(histogram.reading(row: 0) == Histogram.Reading(counts: [0, 0, 1, 1], sum: 7))
        #expect(histogram.reading(row: 1) == Histogram.Reading(counts: [0, 0, 0, 0], sum: 0))
        #expect(histogram.reading(row: 2) == Histogram.Reading(counts: [1, 0, 0, 0], sum: 1))
    }
}
