// Which caps can bind at all, and which of those nest. It does not know people's queue or scores; it only looks at
// which dwellings count for which groups.

/// The groups of an instance, sorted into those that form a forest and those that cross it.
struct CapFamily {
    /// Per group: part of the forest.
    private(set) var isNested: [Bool]
    /// The groups that can bind and cross the forest, ascending.
    private(set) var crossing: [Int] = []
    /// Per group: it can bind.
    let isBinding: [Bool]
    /// The groups that can bind and cross some other one, ascending.
    let crossed: [Int]
    /// Per group, the number of its dwellings.
    private let sizes: [Int]

    /// Which groups come first into the forest when they cross; ties by id. Any forest gives the same outcome; a good
    /// one gives a tight bound for the search.
    enum Preference: CaseIterable {
        /// Those that cross the fewest others.
        case fewestCrossings
        /// Those with the smallest share of their places allowed.
        case smallestShare
        /// Those with the most dwellings.
        case mostDwellings
    }

    init(_ instance: MatchInstance, preferring preference: Preference = .fewestCrossings) {
        var sizes = Array(repeating: 0, count: instance.caps.count)
        for group in instance.groups.items { sizes[group] += 1 }
        self.sizes = sizes
        let places = Self.places(instance)
        let caps = instance.caps
        isBinding = caps.indices.map { caps[$0] < places[$0] }
        isNested = isBinding

        var rivals = Array(repeating: [Int](), count: sizes.count)
        for (left, right) in Self.crossingPairs(instance, among: isNested, sizes: sizes) {
            rivals[left].append(right)
            rivals[right].append(left)
        }
        crossed = sizes.indices.filter { !rivals[$0].isEmpty }
        let order = crossed.sorted { left, right in
            let difference =
                switch preference {
                case .fewestCrossings: rivals[left].count - rivals[right].count
                case .smallestShare: caps[left] * places[right] - caps[right] * places[left]
                case .mostDwellings: sizes[right] - sizes[left]
                }
            return difference != 0 ? difference < 0 : left < right
        }
        for group in order { isNested[group] = false }
        for group in order {
            if rivals[group].allSatisfy({ !isNested[$0] }) { isNested[group] = true } else { crossing.append(group) }
        }
        crossing.sort()
    }

    /// The forest's groups over each dwelling, innermost first.
    func chains(_ instance: MatchInstance) -> Rows<Int> {
        var rows = Rows<Int>()
        for dwelling in instance.capacities.indices {
            // Of two nested groups the smaller is inside; equal sets take the order of their ids.
            rows.append(
                instance.groups[dwelling].filter { isNested[$0] }.sorted { (sizes[$0], $0) < (sizes[$1], $1) })
        }
        return rows
    }

    /// Per group, the places that its dwellings can fill; a cap of at least that can never matter.
    ///
    /// A dwelling fills at most as many places as people fit it, and one more: the person asked about in a cut-off or
    /// an unlock need not fit it today.
    private static func places(_ instance: MatchInstance) -> [Int] {
        var fitting = Array(repeating: 0, count: instance.capacities.count)
        for edge in instance.edges.items { fitting[edge.dwelling] += 1 }
        var places = Array(repeating: 0, count: instance.caps.count)
        for (dwelling, capacity) in instance.capacities.enumerated() {
            for group in instance.groups[dwelling] { places[group] += min(capacity, fitting[dwelling] + 1) }
        }
        return places
    }

    /// The pairs of binding groups that share a dwelling while neither contains the other.
    private static func crossingPairs(
        _ instance: MatchInstance, among binding: [Bool], sizes: [Int]
    ) -> [(Int, Int)] {
        var shared: [Int] = []
        for dwelling in instance.capacities.indices {
            let groups = instance.groups[dwelling].filter { binding[$0] }
            for (position, left) in groups.enumerated() {
                for right in groups.dropFirst(position + 1) { shared.append(left * sizes.count + right) }
            }
        }
        shared.sort()
        var pairs: [(Int, Int)] = []
        var start = 0
        while start < shared.count {
            var end = start
            while end < shared.count, shared[end] == shared[start] { end += 1 }
            let (left, right) = shared[start].quotientAndRemainder(dividingBy: sizes.count)
            if end - start < min(sizes[left], sizes[right]) { pairs.append((left, right)) }
            start = end
        }
        return pairs
    }
}
