// Made questions from a seed: small enough to enumerate, or larger, with nested or crossing caps. The same seed makes
// the same question everywhere.

import Matching

/// SplitMix64 (Steele, Lea and Flood 2014): tiny, good enough, the same on every platform.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}

/// How large a made question is and what it stresses.
struct InstanceShape {
    var people: Int
    var dwellings: Int
    /// Levels of caps, each a split of the level above.
    var levels: Int
    /// Scores are drawn from so many values: few make many ties.
    var scores: Int
    /// One in so many pairs is feasible.
    var sparsity: Int
    /// Largest capacity and priority spread.
    var capacity: Int
    var crossing: Bool = false

    /// A shape small enough to enumerate, drawn at random.
    static func tiny(crossing: Bool = false, using random: inout SeededRandom) -> InstanceShape {
        let least = crossing ? 3 : 0
        return InstanceShape(
            people: least + random.below(crossing ? 4 : 6), dwellings: least + random.below(crossing ? 4 : 5),
            levels: crossing ? 3 : random.below(4), scores: 1 + random.below(4), sparsity: 1 + random.below(3),
            capacity: 1 + random.below(2), crossing: crossing)
    }

    func make(using random: inout SeededRandom) -> MatchInput {
        var input = MatchInput()
        var cells = Array(repeating: 0, count: dwellings)
        var memberships = Array(repeating: [String](), count: dwellings)
        for level in 0..<levels {
            // Each level splits the cells of the one above, unless caps are to cross: then it starts afresh.
            if crossing { cells = cells.map { _ in 0 } }
            cells = cells.map { $0 * 2 + random.below(2) }
            for cell in Set(cells).sorted() where random.below(4) > 0 {
                let id = "\(level):\(cell)"
                let size = cells.count { $0 == cell }
                input.groups.append(.init(id: id, cap: Int64(random.below(size + 2))))
                for dwelling in cells.indices where cells[dwelling] == cell { memberships[dwelling].append(id) }
            }
        }
        for dwelling in 0..<dwellings {
            let places = capacity > 1 ? random.below(capacity + 1) : 1
            input.dwellings.append(
                .init(id: "d\(dwelling)", groups: memberships[dwelling], capacity: Int64(places)))
        }
        for person in 0..<people {
            var candidate = MatchInput.Candidate(
                id: "c\(person)", priority: Int64(random.below(max(1, people))), edges: [])
            for dwelling in 0..<dwellings {
                if random.below(sparsity) == 0 {
                    candidate.edges.append(.init(dwelling: "d\(dwelling)", score: Int64(random.below(scores)) - 1))
                } else if random.below(2) == 0 {
                    candidate.near.append(
                        .init(dwelling: "d\(dwelling)", limit: ["rent", "pets", "form"][random.below(3)]))
                }
            }
            input.candidates.append(candidate)
        }
        return input
    }
}

extension MatchInput {
    /// Homes at random places of a square, one for each row and one for each column: three-dimensional matching.
    static func square(people: Int, lines: Int, fits: Int, using random: inout SeededRandom) -> MatchInput {
        var places: Set<Int> = []
        for _ in 0..<(4 * lines) { places.insert(random.below(lines) * lines + random.below(lines)) }
        var input = MatchInput()
        for (index, place) in places.sorted().enumerated() {
            let (row, column) = place.quotientAndRemainder(dividingBy: lines)
            input.dwellings.append(.init(id: "d\(index)", groups: ["row\(row)", "column\(column)"]))
        }
        for id in Set(input.dwellings.flatMap(\.groups)).sorted() { input.groups.append(.init(id: id, cap: 1)) }
        for person in 0..<people {
            let homes = input.dwellings.shuffled(using: &random).prefix(fits)
            let edges = homes.map { MatchInput.Edge(dwelling: $0.id, score: Int64(random.below(100))) }
            input.candidates.append(.init(id: "p\(person)", priority: Int64(person), edges: edges))
        }
        return input
    }

    /// The same question with every list in another order.
    func shuffled(using random: inout SeededRandom) -> MatchInput {
        var other = self
        other.candidates.shuffle(using: &random)
        other.dwellings.shuffle(using: &random)
        other.groups.shuffle(using: &random)
        for index in other.candidates.indices {
            other.candidates[index].edges.shuffle(using: &random)
            other.candidates[index].near.shuffle(using: &random)
        }
        for index in other.dwellings.indices { other.dwellings[index].groups.shuffle(using: &random) }
        return other
    }

    /// People in queue order and dwellings in id order, by code points, found without the engine.
    var sortedByHand: MatchInput {
        var other = self
        func precedes(_ left: String, _ right: String) -> Bool {
            left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars)
        }
        other.candidates.sort { $0.priority != $1.priority ? $0.priority < $1.priority : precedes($0.id, $1.id) }
        other.dwellings.sort { precedes($0.id, $1.id) }
        return other
    }
}
