// Seating people straight from the caps, against enumeration: the engine asks it only where boxes are slow, which tiny
// questions seldom are.

import Testing

@testable import Matching

@Suite struct CrossingSeatsTests {
    @Test func agreesWithEnumeration() throws {
        var impossible = 0
        for seed in 0..<1500 as Range<UInt64> {
            var random = SeededRandom(seed: seed &+ 3_000_000)
            let input = InstanceShape.tiny(crossing: true, using: &random).make(using: &random)
            let instance = try MatchInstance(input)
            let caps = CrossingCaps(instance, family: CapFamily(instance))
            let isServable = BruteForce(input).outcome().assignments.count == input.candidates.count
            var seats = CrossingSeats(instance.edges, caps)
            var steps = 1
            while true {
                let answer = seats.answer(steps: steps)
                steps *= 2
                guard answer.isWhole else { continue }
                try #require((answer.seats != nil) == isServable, "seed \(seed)")
                if let taken = answer.seats {
                    try #require(caps.broken(by: caps.counts(of: taken)) == nil, "seed \(seed)")
                }
                break
            }
            if !isServable { impossible += 1 }
        }
        #expect(impossible > 100 && impossible < 1400)
    }
}
