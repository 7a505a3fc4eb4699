// The engine against enumeration, against an independent check on larger questions, and against its own promises:
// the same outcome from any order of the input, and the small cases one can do in the head.

import Matching
import Testing

private func outcome(_ input: MatchInput) throws -> MatchOutcome { MatchEngine.run(try MatchInstance(input)) }

@Suite struct MatchEngineTests {
    @Test(arguments: 0..<8)
    func agreesWithEnumerationWhenCapsNest(batch: UInt64) throws {
        for seed in (batch * 500)..<(batch * 500 + 500) {
            var random = SeededRandom(seed: seed)
            let input = InstanceShape.tiny(using: &random).make(using: &random)
            let brute = BruteForce(input)
            let expected = brute.outcome()
            try #require(try outcome(input) == expected, "seed \(seed)")
            try #require(expected.assignments.count == brute.largestSize(), "seed \(seed)")
            try #require(OutcomeCheck.faults(expected, for: input).isEmpty, "seed \(seed)")
        }
    }

    @Test(arguments: 0..<4)
    func agreesWithEnumerationWhenCapsCross(batch: UInt64) throws {
        var crossings = 0
        var smaller = 0
        for seed in (batch * 500)..<(batch * 500 + 500) {
            var random = SeededRandom(seed: seed &+ 1_000_000)
            let input = InstanceShape.tiny(crossing: true, using: &random).make(using: &random)
            let found = try outcome(input)
            let brute = BruteForce(input)
            var expected = brute.outcome()
            let isLargest = expected.assignments.count == brute.largestSize()
            if !found.proof.capsNest { crossings += 1 }
            if !isLargest { smaller += 1 }
            try #require(isLargest || !found.proof.sizeIsProven, "seed \(seed)")
            try #require(found.proof.orderIsProven && found.proof.scoreIsProven, "seed \(seed)")
            try #require(found.proof.explanationsAreProven, "seed \(seed)")
            expected.proof = found.proof
            try #require(found == expected, "seed \(seed)")
        }
        #expect(crossings > 20, "the maker must make caps that cross")
    }

    /// Sets and totals that OR-tools CP-SAT found, turn by turn, for the same questions; box by box they take hundreds
    /// of times the steps allowed here.
    @Test(arguments: [
        (seed: 1, served: Array(0...15) + [17, 19], total: 787), (2, Array(0...15), 797),
        (3, Array(0...14) + [29], 796),
    ])
    func decidesTurnByTurnWhereCapsCrossTightly(seed: UInt64, served: [Int], total: Int64) throws {
        var random = SeededRandom(seed: seed)
        let input = MatchInput.square(people: 30, lines: 20, fits: 4, using: &random)
        let found = MatchEngine.run(try MatchInstance(input), crossingSteps: 10_000_000)
        #expect(found.assignments.map(\.candidate) == served.map { "p\($0)" })
        #expect(found.totalScore == total)
        #expect(found.proof.orderIsProven && found.proof.scoreIsProven && found.proof.explanationsAreProven)
        #expect(OutcomeCheck.shapeFaults(found, for: input).isEmpty)
    }

    @Test(arguments: [0, 50, 300])
    func isHonestWhenItGivesUp(crossingSteps: Int) throws {
        var unproven = 0
        for seed in 0..<600 as Range<UInt64> {
            var random = SeededRandom(seed: seed &+ 2_000_000)
            let input = InstanceShape.tiny(crossing: true, using: &random).make(using: &random)
            let found = MatchEngine.run(try MatchInstance(input), crossingSteps: crossingSteps)
            let right = BruteForce(input).outcome()
            try #require(OutcomeCheck.shapeFaults(found, for: input).isEmpty, "seed \(seed)")
            let sameSet = found.assignments.map(\.candidate) == right.assignments.map(\.candidate)
            if found.proof.orderIsProven { try #require(sameSet, "seed \(seed)") }
            if found.proof.scoreIsProven { try #require(found.assignments == right.assignments, "seed \(seed)") }
            if found.proof.explanationsAreProven {
                try #require(found.unlocks == right.unlocks && found.cutOffs == right.cutOffs, "seed \(seed)")
            } else if sameSet {
                for (said, exact) in zip(found.unlocks, right.unlocks) {
                    try #require(Set(said.limits).isSubset(of: exact.limits), "seed \(seed)")
                }
            }
            if found.proof != .nested && !(found.proof.scoreIsProven && found.proof.explanationsAreProven) {
                unproven += 1
            }
        }
        #expect(unproven > 5)
    }

    @Test(arguments: [
        InstanceShape(people: 60, dwellings: 20, levels: 3, scores: 3, sparsity: 3, capacity: 1),
        InstanceShape(people: 80, dwellings: 40, levels: 4, scores: 1, sparsity: 5, capacity: 1),
        InstanceShape(people: 80, dwellings: 15, levels: 2, scores: 40, sparsity: 2, capacity: 4),
        InstanceShape(people: 40, dwellings: 60, levels: 0, scores: 5, sparsity: 4, capacity: 1),
        InstanceShape(people: 120, dwellings: 50, levels: 3, scores: 1000, sparsity: 6, capacity: 2),
    ])
    func passesTheIndependentCheckWhenLarger(shape: InstanceShape) throws {
        for seed in 0..<6 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let input = shape.make(using: &random)
            let found = try outcome(input)
            try #require(OutcomeCheck.faults(found, for: input).isEmpty, "seed \(seed)")
            #expect(found.proof.capsNest)
        }
    }

    @Test(arguments: [false, true])
    func doesNotDependOnTheOrderOfTheInput(crossing: Bool) throws {
        for seed in 0..<200 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            var shape = InstanceShape.tiny(crossing: crossing, using: &random)
            shape.people += 8
            shape.dwellings += 4
            let input = shape.make(using: &random)
            let first = try outcome(input)
            for _ in 0..<3 { try #require(try outcome(input.shuffled(using: &random)) == first, "seed \(seed)") }
        }
    }

    @Test func answersAnEmptyQuestion() throws {
        let found = try outcome(MatchInput())
        #expect(found.assignments.isEmpty && found.unlocks.isEmpty && found.cutOffs.isEmpty && found.totalScore == 0)
    }

    @Test func seatsTheExampleOfTheFileFormat() throws {
        let input = MatchInput(
            candidates: [
                .init(
                    id: "c1", priority: 17, edges: [.init(dwelling: "d42", score: 830)],
                    near: [.init(dwelling: "d77", limit: "rent")])
            ],
            dwellings: [.init(id: "d42", groups: ["nb:3", "mu:1"]), .init(id: "d77")],
            groups: [.init(id: "nb:3", cap: 2), .init(id: "mu:1", cap: 2)])
        let found = try outcome(input)
        #expect(found.assignments == [.init(candidate: "c1", dwelling: "d42", score: 830)])
        #expect(found.totalScore == 830)
        #expect(found.cutOffs.isEmpty)
        #expect(found.emptyDwellings == [.init(dwelling: "d77", nearFits: [])])
    }

    @Test func movesSomeoneRatherThanLeaveALaterPersonOut() throws {
        let input = MatchInput(
            candidates: [
                .init(
                    id: "early", priority: 1, edges: [.init(dwelling: "a", score: 9), .init(dwelling: "b", score: 1)]),
                .init(id: "late", priority: 2, edges: [.init(dwelling: "a", score: 9)]),
                .init(
                    id: "last", priority: 3, edges: [.init(dwelling: "a", score: 99)],
                    near: [.init(dwelling: "b", limit: "pets"), .init(dwelling: "c", limit: "rent")]),
            ],
            dwellings: [.init(id: "a"), .init(id: "b"), .init(id: "c")])
        let found = try outcome(input)
        #expect(
            found.assignments == [
                .init(candidate: "early", dwelling: "b", score: 1), .init(candidate: "late", dwelling: "a", score: 9),
            ])
        #expect(found.unlocks == [.init(candidate: "last", limits: ["rent"])])
        #expect(
            found.cutOffs == [.init(dwelling: "a", candidate: "last"), .init(dwelling: "b", candidate: "last")])
        #expect(
            found.emptyDwellings
                == [.init(dwelling: "c", nearFits: [.init(candidate: "last", limit: "rent")])])
    }

    @Test func usesACapAgainByMovingSomeoneOutOfIt() throws {
        // The street takes one. The first prefers it by score; only then the second, who fits nowhere else.
        let input = MatchInput(
            candidates: [
                .init(
                    id: "1", priority: 1, edges: [.init(dwelling: "s1", score: 9), .init(dwelling: "x", score: 1)]),
                .init(id: "2", priority: 2, edges: [.init(dwelling: "s2", score: 1)]),
            ],
            dwellings: [.init(id: "s1", groups: ["street"]), .init(id: "s2", groups: ["street"]), .init(id: "x")],
            groups: [.init(id: "street", cap: 1)])
        #expect(try outcome(input).assignments.map(\.dwelling) == ["x", "s2"])
    }

    @Test func putsTheQueueBeforeSizeWhereCapsCross() throws {
        // The first takes the one dwelling that counts for both caps and so costs two others their place.
        let input = MatchInput(
            candidates: [
                .init(id: "1", priority: 1, edges: [.init(dwelling: "both", score: 0)]),
                .init(id: "2", priority: 2, edges: [.init(dwelling: "left", score: 0)]),
                .init(id: "3", priority: 3, edges: [.init(dwelling: "right", score: 0)]),
            ],
            dwellings: [
                .init(id: "both", groups: ["L", "R"]), .init(id: "left", groups: ["L"]),
                .init(id: "right", groups: ["R"]),
            ], groups: [.init(id: "L", cap: 1), .init(id: "R", cap: 1)])
        let found = try outcome(input)
        #expect(found.assignments.map(\.candidate) == ["1"])
        #expect(!found.proof.capsNest && !found.proof.sizeIsProven && found.proof.orderIsProven)
    }

    @Test func breaksTiesInQueueOrderByScoreThenSmallestID() throws {
        let both: [MatchInput.Edge] = [.init(dwelling: "z", score: 5), .init(dwelling: "é", score: 5)]
        let input = MatchInput(
            candidates: [.init(id: "b", priority: 1, edges: both), .init(id: "a", priority: 1, edges: both)],
            dwellings: [.init(id: "é"), .init(id: "z")])
        #expect(
            try outcome(input).assignments == [
                .init(candidate: "a", dwelling: "z", score: 5), .init(candidate: "b", dwelling: "é", score: 5),
            ])
    }

    @Test func survivesTheLargestNumbers() throws {
        let most: Int64 = 1_000_000_000_000
        let people = (0..<40).map { person in
            MatchInput.Candidate(
                id: "\(person)", priority: person.isMultiple(of: 2) ? Int64.min : Int64.max,
                edges: (0..<20).map {
                    .init(dwelling: "\($0)", score: (person + $0).isMultiple(of: 3) ? most : -most)
                })
        }
        let input = MatchInput(
            candidates: people,
            dwellings: (0..<20).map { .init(id: "\($0)", groups: ["all"], capacity: Int64.max) },
            groups: [.init(id: "all", cap: 35)])
        let found = try outcome(input)
        #expect(found.assignments.count == 35)
        #expect(found.totalScore == 35 * most)
        #expect(OutcomeCheck.faults(found, for: input).isEmpty)
    }
}
