// Which caps can bind at all, and which of those nest. It does not know people's queue or scores; it only looks at
// which dwellings count for which groups.

/// The groups of an instance, sorted into those that form a forest and those that cross it.
struct CapFamily {
    /// Per group: part of the forest.
    private(set) var isNested: [Bool]
    /// The groups that can bind and cross the forest, ascending.
    private(set) var crossing: [Int] = []
    /// Per group, the number of its dwellings.
    private let sizes: [Int]

    init(_ instance: MatchInstance) {
        var sizes = Array(repeating: 0, count: instance.caps.count)
        for group in instance.groups.items { sizes[group] += 1 }
        self.sizes = sizes
        isNested = Self.canBind(instance)

        var crossed = Array(repeating: [Int](), count: sizes.count)
        for (left, right) in Self.crossingPairs(instance, among: isNested, sizes: sizes) {
            crossed[left].append(right)
            crossed[right].append(left)
        }
        // Greedy: the groups that cross fewest others come first into the forest, ties by id.
        let order = sizes.indices.filter { !crossed[$0].isEmpty }
            .sorted { (crossed[$0].count, $0) < (crossed[$1].count, $1) }
        for group in order { isNested[group] = false }
        for group in order {
            if crossed[group].allSatisfy({ !isNested[$0] }) { isNested[group] = true } else { crossing.append(group) }
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

    /// Per group, whether its cap can ever matter.
    ///
    /// It cannot when it is at least the places its dwellings can fill. A dwelling fills at most as many places as
    /// people fit it, and one more: the person asked about in a cut-off or an unlock need not fit it today.
    private static func canBind(_ instance: MatchInstance) -> [Bool] {
        var fitting = Array(repeating: 0, count: instance.capacities.count)
        for edge in instance.edges.items { fitting[edge.dwelling] += 1 }
        var places = Array(repeating: 0, count: instance.caps.count)
        for (dwelling, capacity) in instance.capacities.enumerated() {
            for group in instance.groups[dwelling] { places[group] += min(capacity, fitting[dwelling] + 1) }
        }
        return instance.caps.indices.map { instance.caps[$0] < places[$0] }
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
