// The independent check must be able to refuse: right outcomes are harmed in every way that still looks like one.

import Matching
import Testing

@Suite struct DamagedOutcomeTests {
    private typealias Damage = (name: String, harm: @Sendable (inout MatchOutcome) -> Bool)

    /// Each takes a right outcome and makes it wrong; false when this outcome cannot be harmed so.
    private static let damages: [Damage] = [
        (
            "total",
            {
                $0.totalScore += 1; return true
            }
        ),
        (
            "a proposal gone",
            { outcome in
                guard let gone = outcome.assignments.popLast() else { return false }
                outcome.totalScore -= gone.score
                outcome.unlocks.append(.init(candidate: gone.candidate, limits: []))
                return true
            }
        ),
        (
            "twice",
            { outcome in
                guard let first = outcome.assignments.first else { return false }
                outcome.assignments.append(first)
                outcome.totalScore += first.score
                return true
            }
        ),
        (
            "a dwelling that does not fit",
            { outcome in
                guard !outcome.assignments.isEmpty else { return false }
                outcome.assignments[0].dwelling = "nowhere"
                return true
            }
        ),
        (
            "an unlock too many",
            { outcome in
                guard !outcome.unlocks.isEmpty else { return false }
                outcome.unlocks[0].limits.append("zeal")
                return true
            }
        ),
        ("a cut-off gone", { $0.cutOffs.popLast() != nil }),
        (
            "a cut-off moved",
            { outcome in
                guard !outcome.cutOffs.isEmpty, let last = outcome.unlocks.last?.candidate,
                    outcome.cutOffs[0].candidate != last
                else { return false }
                outcome.cutOffs[0].candidate = last
                return true
            }
        ),
    ]

    @Test(arguments: 0..<7)
    func refusesDamage(kind: Int) throws {
        var harmed = 0
        for seed in 0..<60 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let shape = InstanceShape(people: 12, dwellings: 6, levels: 2, scores: 3, sparsity: 3, capacity: 1)
            let input = shape.make(using: &random)
            var outcome = MatchEngine.run(try MatchInstance(input))
            guard Self.damages[kind].harm(&outcome) else { continue }
            harmed += 1
            try #require(!OutcomeCheck.faults(outcome, for: input).isEmpty, "\(Self.damages[kind].name), seed \(seed)")
        }
        #expect(harmed > 10)
    }

    /// Every other valid set of proposals for the same people is refused: a lower total, or a tie the wrong way.
    @Test func refusesEveryOtherSeating() throws {
        var refused = 0
        for seed in 0..<60 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let shape = InstanceShape(people: 8, dwellings: 8, levels: 1, scores: 2, sparsity: 2, capacity: 1)
            let input = shape.make(using: &random)
            let right = MatchEngine.run(try MatchInstance(input))
            let edges = Dictionary(uniqueKeysWithValues: input.candidates.map { ($0.id, $0.edges) })
            for index in right.assignments.indices {
                for edge in edges[right.assignments[index].candidate] ?? []
                where edge.dwelling != right.assignments[index].dwelling {
                    var other = right
                    let old = other.assignments[index]
                    other.assignments[index].dwelling = edge.dwelling
                    other.assignments[index].score = edge.score
                    other.totalScore += edge.score - old.score
                    // Whoever sat there takes the vacated dwelling, when it fits.
                    if let sitter = right.assignments.firstIndex(where: { $0.dwelling == edge.dwelling }),
                        let swap = edges[right.assignments[sitter].candidate]?.first(where: {
                            $0.dwelling == old.dwelling
                        })
                    {
                        other.totalScore += swap.score - right.assignments[sitter].score
                        other.assignments[sitter].dwelling = swap.dwelling
                        other.assignments[sitter].score = swap.score
                    }
                    refused += 1
                    try #require(!OutcomeCheck.faults(other, for: input).isEmpty, "seed \(seed)")
                }
            }
        }
        #expect(refused > 300)
    }
}
