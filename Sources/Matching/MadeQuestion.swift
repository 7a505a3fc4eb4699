// Made questions of any size from a seed, shaped as a region is: people want a few municipalities, caps nest. The same
// seed makes the same question on every machine, so that measurements and checks elsewhere can be about the same one.

/// A made question: how large it is, and from which seed.
package struct MadeQuestion: Sendable, Equatable {
    /// People in the queue.
    package var candidates: Int
    /// Dwellings offered.
    package var dwellings: Int
    /// Everything else follows from it.
    package var seed: UInt64

    /// A question of a size.
    package init(candidates: Int, dwellings: Int, seed: UInt64) {
        self.candidates = candidates
        self.dwellings = dwellings
        self.seed = seed
    }

    /// As many as a central region has.
    private static let municipalities = 14
    private static let dwellingsPerNeighbourhood = 12
    /// How many dwellings fit one person, and how many fit but for one limit.
    private static let fits = 25
    private static let nearFits = 8
    private static let limits = ["rent", "household", "accessibility", "pets", "availability"]

    /// The question: with 10,000 people and 1,000 dwellings 250,000 pairs and 97 caps.
    package func make() -> MatchInput {
        var dice = Dice(seed: seed)
        let neighbourhoods = max(1, dwellings / Self.dwellingsPerNeighbourhood)
        var input = MatchInput()
        input.candidates.reserveCapacity(candidates)
        input.dwellings.reserveCapacity(dwellings)
        var here = Array(repeating: [Int](), count: Self.municipalities)
        var sizes = Array(repeating: 0, count: neighbourhoods)
        for dwelling in 0..<dwellings {
            let neighbourhood = dice.below(neighbourhoods)
            let municipality = neighbourhood % Self.municipalities
            here[municipality].append(dwelling)
            sizes[neighbourhood] += 1
            input.dwellings.append(
                .init(id: "d\(dwelling)", groups: ["nb:\(neighbourhood)", "mu:\(municipality)"]))
        }
        for (neighbourhood, size) in sizes.enumerated() {
            input.groups.append(.init(id: "nb:\(neighbourhood)", cap: Int64(size - size / 4)))
        }
        for (municipality, list) in here.enumerated() {
            input.groups.append(.init(id: "mu:\(municipality)", cap: Int64(list.count - list.count / 5)))
        }
        let places = here.indices.filter { !here[$0].isEmpty }
        for person in 0..<candidates {
            input.candidates.append(candidate(person, among: here, places, &dice))
        }
        return input
    }

    private func candidate(
        _ person: Int, among here: [[Int]], _ places: [Int], _ dice: inout Dice
    ) -> MatchInput.Candidate {
        var candidate = MatchInput.Candidate(id: "c\(person)", priority: Int64(dice.below(candidates)), edges: [])
        guard !places.isEmpty else { return candidate }
        let wanted = (0...dice.below(3)).map { _ in places[dice.below(places.count)] }
        var named: Set<Int> = []
        for turn in 0..<(Self.fits + Self.nearFits) {
            let rank = dice.below(wanted.count)
            let list = here[wanted[rank]]
            let dwelling = list[dice.below(list.count)]
            guard named.insert(dwelling).inserted else { continue }
            if turn < Self.fits {
                let score = 1000 - 100 * rank + dice.below(6) * 10
                candidate.edges.append(.init(dwelling: "d\(dwelling)", score: Int64(score)))
            } else {
                let limit = Self.limits[dice.below(Self.limits.count)]
                candidate.near.append(.init(dwelling: "d\(dwelling)", limit: limit))
            }
        }
        return candidate
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014), and the remainder for a bound: tiny, and the same everywhere.
private struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int(truncatingIfNeeded: (mixed ^ (mixed >> 31)) % UInt64(bound))
    }
}
