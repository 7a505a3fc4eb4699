// The arithmetic of buckets against a slow and simple model, at the edges of its numbers, and with a clock that goes
// back; and the table of buckets: exact for many threads, and bounded whoever comes.

import Foundation
import TestKit
import Testing

@testable import API

@Suite struct RateRuleTests {
    @Test func whatIsTakenComesBackBitByBit() {
        let rule = RateRule(burst: 10, perSecond: 2)
        #expect(rule.windowSeconds == 5)
        var full: Int64 = 0
        func take(_ cost: Int, at seconds: Double) -> [Int] {
            let outcome = rule.take(cost, from: full, atMicroseconds: 1_000_000_000 + Int64(seconds * 1_000_000))
            full = outcome.fullAt
            return [outcome.isGranted ? 1 : 0, outcome.remaining, outcome.secondsToFull, outcome.secondsToEnough]
        }
        #expect(take(0, at: 0) == [1, 10, 0, 0])
        #expect(take(1, at: 0) == [1, 9, 1, 0])
        #expect(take(9, at: 0) == [1, 0, 5, 0])
        #expect(take(1, at: 0) == [0, 0, 5, 1])
        #expect(take(10, at: 0) == [0, 0, 5, 5])
        #expect(take(1, at: 0.499) == [0, 0, 5, 1])
        #expect(take(1, at: 0.5) == [1, 0, 5, 0])
        #expect(take(5, at: 2.999) == [0, 4, 3, 1])
        #expect(take(5, at: 3) == [1, 0, 5, 0])
        #expect(take(1, at: 1_000) == [1, 9, 1, 0])
    }

    @Test func whoeverWantsMoreThanABucketHoldsGetsItWhenItIsFull() {
        let rule = RateRule(burst: 4, perSecond: 1)
        let first = rule.take(50, from: 0, atMicroseconds: 0)
        #expect(first.isGranted && first.remaining == 0)
        let second = rule.take(50, from: first.fullAt, atMicroseconds: 1_000_000)
        #expect(!second.isGranted && second.secondsToEnough == 3)
        #expect(rule.take(50, from: first.fullAt, atMicroseconds: 4_000_000).isGranted)
    }

    /// Nothing is given for a clock that jumps, and nobody waits for longer than the window.
    @Test func aClockThatGoesBack() {
        let rule = RateRule(burst: 5, perSecond: 1)
        let hour: Int64 = 3_600_000_000
        let spent = rule.take(5, from: 0, atMicroseconds: hour)
        let back = rule.take(1, from: spent.fullAt, atMicroseconds: 0)
        #expect(!back.isGranted && back.secondsToFull == 5 && back.secondsToEnough == 1)
        #expect(rule.take(1, from: back.fullAt, atMicroseconds: 1_000_000).isGranted)
        #expect(!rule.isFull(spent.fullAt, atMicroseconds: 0))
    }

    @Test func noNumberIsTooLargeOrTooSmall() {
        let rules = [
            RateRule(burst: 1, perSecond: 1_000_000_000), RateRule(burst: 1_000_000_000, perSecond: 1),
            RateRule(burst: 10_000, secondsPerUnit: 3_600), RateRule(burst: 1 << 60, unitNanoseconds: 1),
        ]
        for rule in rules {
            for moment in [Int64.min, -1, 0, 1, 1 << 52, .max] {
                for full in [Int64.min, 0, 1 << 60, .max] {
                    for cost in [Int.min, -1, 0, 1, 50, .max] {
                        let outcome = rule.take(cost, from: full, atMicroseconds: moment)
                        #expect((0...rule.burst).contains(outcome.remaining))
                        #expect((0...rule.windowSeconds).contains(outcome.secondsToFull))
                        #expect((0...rule.windowSeconds).contains(outcome.secondsToEnough))
                        #expect(outcome.isGranted == (outcome.secondsToEnough == 0))
                    }
                }
            }
        }
    }

    /// A bucket as one would write it without thinking of memory or speed: units and thousandths of them.
    @Test func theSameAsASlowModel() {
        let bits = SeededBits(seed: 7)
        for _ in 0..<200 {
            let burst = Int(bits.next() % 20) + 1
            let milliseconds = Int64(bits.next() % 3_000) + 1
            let rule = RateRule(burst: burst, unitNanoseconds: milliseconds * 1_000_000)
            var (full, held, last, now) = (Int64(0), Int64(burst) * milliseconds, Int64(0), Int64(0))
            for _ in 0..<100 {
                now += Int64(bits.next() % UInt64(2 * milliseconds))
                held = min(Int64(burst) * milliseconds, held + now - last)
                last = now
                let cost = Int(bits.next() % 6)
                let wanted = Int64(min(cost, burst)) * milliseconds
                let outcome = rule.take(cost, from: full, atMicroseconds: now * 1000)
                #expect(outcome.isGranted == (held >= wanted))
                if held >= wanted { held -= wanted }
                #expect(outcome.remaining == Int(held / milliseconds))
                full = outcome.fullAt
            }
        }
    }
}

@Suite struct RateTableTests {
    private static func key(_ number: Int) -> RateTable.Key { RateTable.Key(high: 0, low: UInt64(number)) }

    /// Whatever the order in which threads come, together they get what one would have got.
    @Test func manyThreadsGetExactlyTheBurst() {
        let table = RateTable(RateRule(burst: 10_000, perSecond: 1))
        let granted = (0..<4).map { _ in Tally() }
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for round in 0..<20_000 where table.take(1, of: Self.key(round % 2), atMicroseconds: 0).isGranted {
                granted[thread].count += 1
            }
        }
        #expect(granted.map(\.count).reduce(0, +) == 20_000)
        #expect(!table.take(1, of: Self.key(0), atMicroseconds: 0).isGranted)
        #expect(table.count == 2)
    }

    /// Written by one thread each.
    private final class Tally: @unchecked Sendable { var count = 0 }

    @Test func lookingTakesNothingAndMakesNoBucket() {
        let table = RateTable(RateRule(burst: 2, perSecond: 1))
        for _ in 0..<9 { #expect(table.look(1, of: Self.key(1), atMicroseconds: 0).remaining == 1) }
        #expect(table.count == 0 && !table.knows(Self.key(1)))
        _ = table.take(2, of: Self.key(1), atMicroseconds: 0)
        #expect(table.knows(Self.key(1)) && !table.look(1, of: Self.key(1), atMicroseconds: 0).isGranted)
        table.forget(Self.key(1))
        #expect(!table.knows(Self.key(1)) && table.look(1, of: Self.key(1), atMicroseconds: 0).isGranted)
    }

    /// A flood takes no more than so much memory, makes nobody wait who was not wrong before, and those who are full
    /// are the first to go.
    @Test func aFloodIsBounded() {
        let table = RateTable(RateRule(burst: 10, secondsPerUnit: 6))
        for number in 0..<200_000 {
            #expect(table.take(1, of: Self.key(number), atMicroseconds: Int64(number)).isGranted)
        }
        #expect(table.count <= 64 * RateTable.bucketsPerStripe)
        #expect(table.count > 32 * RateTable.bucketsPerStripe, "the stripes are filled alike")
        #expect(table.look(10, of: Self.key(1_000_000), atMicroseconds: 200_000).isGranted)

        let later: Int64 = 10_000_000
        for number in 0..<5_000 { _ = table.take(10, of: Self.key(1_000_000 + number), atMicroseconds: later) }
        let kept = (0..<5_000).filter { !table.look(1, of: Self.key(1_000_000 + $0), atMicroseconds: later).isGranted }
        #expect(kept.count == 5_000, "whoever was full again made room")
    }
}
