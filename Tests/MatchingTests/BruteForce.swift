// The outcome straight from its definition, by trying everything. Slow, plain, and sharing nothing with the engine.

import Matching

/// Enumerates all matchings of a tiny question.
struct BruteForce {
    private let input: MatchInput
    private let dwellingIndex: [String: Int]
    private let capOf: [String: Int64]

    init(_ input: MatchInput) {
        self.input = input.sortedByHand
        dwellingIndex = Dictionary(
            uniqueKeysWithValues: self.input.dwellings.enumerated().map { ($0.element.id, $0.offset) })
        capOf = Dictionary(uniqueKeysWithValues: input.groups.map { ($0.id, $0.cap) })
    }

    /// Everything but the proof.
    func outcome() -> MatchOutcome {
        let people = input.candidates.indices
        let options = input.candidates.map { candidate in candidate.edges.map { index($0.dwelling) } }
        var joined: [Int] = []
        var joinedBefore: [[Int]] = []
        for person in people {
            joinedBefore.append(joined)
            if isServable((joined + [person]).map { options[$0] }) { joined.append(person) }
        }
        let seats = canonical(joined)

        func isWithinReach(_ dwelling: Int, at turn: Int) -> Bool {
            isServable(joinedBefore[turn].map { options[$0] } + [[dwelling]])
        }
        let assignments = zip(joined, seats).map { person, edge in
            MatchOutcome.Assignment(
                candidate: input.candidates[person].id, dwelling: edge.dwelling, score: edge.score)
        }
        let rest = people.filter { !joined.contains($0) }
        let unlocks = rest.map { person in
            let candidate = input.candidates[person]
            let codes = Set(candidate.near.map(\.limit)).sorted()
            return MatchOutcome.Unlock(
                candidate: candidate.id,
                limits: codes.filter { code in
                    let lifted = candidate.near.filter { $0.limit == code }.map { index($0.dwelling) }
                    return isServable(joinedBefore[person].map { options[$0] } + [options[person] + lifted])
                })
        }
        let cutOffs = input.dwellings.indices.compactMap { dwelling in
            people.first { !isWithinReach(dwelling, at: $0) }.map {
                MatchOutcome.CutOff(dwelling: input.dwellings[dwelling].id, candidate: input.candidates[$0].id)
            }
        }
        return MatchOutcome(
            assignments: assignments, totalScore: seats.reduce(0) { $0 + $1.score }, unlocks: unlocks,
            cutOffs: cutOffs, emptyDwellings: emptyDwellings(assignments, rest),
            proof: .nested)
    }

    /// The size of the largest set of proposals.
    func largestSize() -> Int {
        let options = input.candidates.map { candidate in candidate.edges.map { index($0.dwelling) } }
        var largest = 0
        for chosen in 0..<(1 << options.count) where chosen.nonzeroBitCount > largest {
            if isServable(options.indices.filter { chosen & (1 << $0) != 0 }.map { options[$0] }) {
                largest = chosen.nonzeroBitCount
            }
        }
        return largest
    }

    private func emptyDwellings(
        _ assignments: [MatchOutcome.Assignment], _ rest: [Int]
    ) -> [MatchOutcome.EmptyDwelling] {
        input.dwellings.filter { dwelling in !assignments.contains { $0.dwelling == dwelling.id } }.map { dwelling in
            let fits = rest.flatMap { person in
                input.candidates[person].near.filter { $0.dwelling == dwelling.id }.map {
                    MatchOutcome.NearFit(candidate: input.candidates[person].id, limit: $0.limit)
                }
            }
            return MatchOutcome.EmptyDwelling(dwelling: dwelling.id, nearFits: fits)
        }
    }

    /// All ways to serve exactly `people`, narrowed to the best total and then person by person.
    private func canonical(_ people: [Int]) -> [MatchInput.Edge] {
        var ways: [[MatchInput.Edge]] = [[]]
        for person in people {
            ways = ways.flatMap { way in
                input.candidates[person].edges.map { way + [$0] }.filter { keepsLimits($0.map { index($0.dwelling) }) }
            }
        }
        let best = ways.map { $0.reduce(0) { $0 + $1.score } }.max()
        ways = ways.filter { $0.reduce(0) { $0 + $1.score } == best }
        for place in people.indices {
            let score = ways.map { $0[place].score }.max()
            ways = ways.filter { $0[place].score == score }
            let dwelling = ways.map { index($0[place].dwelling) }.min()
            ways = ways.filter { index($0[place].dwelling) == dwelling }
        }
        return ways.first ?? []
    }

    private func index(_ id: String) -> Int { dwellingIndex[id] ?? -1 }

    private func isServable(_ options: [[Int]], taken: [Int] = []) -> Bool {
        guard keepsLimits(taken) else { return false }
        guard let first = options.first else { return true }
        return first.contains { isServable(Array(options.dropFirst()), taken: taken + [$0]) }
    }

    private func keepsLimits(_ taken: [Int]) -> Bool {
        var perGroup: [String: Int64] = [:]
        var perDwelling: [Int: Int64] = [:]
        for dwelling in taken {
            perDwelling[dwelling, default: 0] += 1
            for group in input.dwellings[dwelling].groups { perGroup[group, default: 0] += 1 }
        }
        return perDwelling.allSatisfy { $0.value <= input.dwellings[$0.key].capacity }
            && perGroup.allSatisfy { $0.value <= capOf[$0.key] ?? 0 }
    }
}
