// The outcome when caps cross: best first, branch and bound. The nested pass within a box of cell limits gives the
// very outcome that `MatchOutcome` defines for the wider question without the crossing caps, so it bounds everything
// in the box: if it happens to keep the crossing caps it is the answer, else the box is split. It stops proving,
// never searching wrongly, once `MatchBounds.crossingSteps` edges have been looked at.

struct CrossingSearch {
    private struct Node {
        let box: CrossingCaps.Box
        let seats: [Int]
        let counts: [Int]
    }

    private let instance: MatchInstance
    private let caps: CrossingCaps
    private var steps = 0
    private var gaveUp = false

    init(_ instance: MatchInstance, family: CapFamily) {
        self.instance = instance
        caps = CrossingCaps(instance, family: family)
    }

    /// The outcome, with what of it is certain.
    mutating func plan() -> MatchEngine.Plan {
        let edges = instance.edges
        let widest = solve(edges, within: caps.wholeBox)
        let best = search(edges, from: widest) ?? solve(edges, within: caps.closed(around: widest.counts))
        let orderIsProven = !gaveUp
        let outAt = cutOffs(of: best)
        let size = best.seats.count { $0 != FlowNetwork.none }
        return MatchEngine.Plan(
            seats: best.seats, outAt: outAt,
            proof: .init(
                capsNest: false, sizeIsProven: size == widest.seats.count { $0 != FlowNetwork.none },
                orderIsProven: orderIsProven, explanationsAreProven: !gaveUp))
    }

    /// The best node that keeps every cap, or nil when there is none (`servingAll`) or the search gave up.
    private mutating func search(
        _ edges: Rows<MatchInstance.Edge>, from widest: Node, servingAll: Bool = false
    ) -> Node? {
        var open = [widest]
        while let node = open.popLast() {
            // Bounds only fall: once the best leaves someone out, nobody can serve all.
            if servingAll, node.seats.contains(FlowNetwork.none) { return nil }
            guard let broken = caps.broken(by: node.counts) else { return node }
            guard steps < MatchBounds.crossingSteps else {
                gaveUp = true
                return nil
            }
            for box in caps.split(node.box, at: broken, counts: node.counts) {
                let part = solve(edges, within: box)
                open.insert(part, at: open.partitioningIndex { !Self.isBetter(part, than: $0, by: edges) })
            }
        }
        return nil
    }

    private mutating func solve(_ edges: Rows<MatchInstance.Edge>, within box: CrossingCaps.Box) -> Node {
        var network = FlowNetwork(edges: edges, tree: caps.tree(within: box))
        network.run()
        steps += network.steps + edges.items.count
        return Node(box: box, seats: network.seats, counts: Array(network.flow[caps.cellNodes]))
    }

    /// The order of outcomes that `MatchOutcome` defines: set, total score, then person by person.
    private static func isBetter(_ one: Node, than other: Node, by edges: Rows<MatchInstance.Edge>) -> Bool {
        var gain: Int64 = 0
        var firstDifference: Bool?
        for (left, right) in zip(one.seats, other.seats) where left != right {
            if left == FlowNetwork.none || right == FlowNetwork.none { return right == FlowNetwork.none }
            let (mine, theirs) = (edges.items[left], edges.items[right])
            gain += mine.score - theirs.score
            if firstDifference == nil {
                firstDifference =
                    mine.score != theirs.score ? mine.score > theirs.score : mine.dwelling < theirs.dwelling
            }
        }
        return gain != 0 ? gain > 0 : firstDifference ?? false
    }

    // MARK: Explanations

    /// Per dwelling, the turn from which it is out of reach.
    ///
    /// Two nested runs over those who joined bracket it: without the crossing caps it goes out no sooner, within a
    /// closed box around the outcome no later. In between, reach only ends once, so halving finds the turn.
    private mutating func cutOffs(of best: Node) -> [Int] {
        let joined = best.seats.indices.filter { best.seats[$0] != FlowNetwork.none }
        var rows = Rows<MatchInstance.Edge>()
        for person in joined { rows.append(instance.edges[person]) }
        let inside = outAt(rows, within: caps.closed(around: best.counts))
        let outside = outAt(rows, within: caps.wholeBox)
        return instance.capacities.indices.map { dwelling in
            var (low, high) = (inside[dwelling], outside[dwelling])
            while low < high, steps < MatchBounds.crossingSteps {
                let middle = (low + high) / 2
                if isWithinReach(dwelling, after: middle, of: joined) { low = middle + 1 } else { high = middle }
            }
            if low < high { gaveUp = true }
            // Out once `high` people have joined: the first turn after the last of them.
            return high > joined.count ? FlowNetwork.never : high == 0 ? 0 : joined[high - 1] + 1
        }
    }

    /// Per dwelling, after how many of these people it is out of reach; one more than all when never.
    private mutating func outAt(_ edges: Rows<MatchInstance.Edge>, within box: CrossingCaps.Box) -> [Int] {
        var network = FlowNetwork(edges: edges, tree: caps.tree(within: box))
        network.run()
        steps += network.steps + edges.items.count
        return network.outAt.prefix(instance.capacities.count).map { min($0, edges.count + 1) }
    }

    /// Whether the first `count` people who joined and one more, for whom only `dwelling` fits, are servable.
    private mutating func isWithinReach(_ dwelling: Int, after count: Int, of joined: [Int]) -> Bool {
        var rows = Rows<MatchInstance.Edge>()
        for person in joined.prefix(count) { rows.append(instance.edges[person]) }
        rows.append([MatchInstance.Edge(dwelling: dwelling, score: 0)])
        return search(rows, from: solve(rows, within: caps.wholeBox), servingAll: true) != nil
    }
}

extension Array {
    /// The first place whose element satisfies `belongsAfter`; those that do must all stand behind those that don't.
    fileprivate func partitioningIndex(where belongsAfter: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if belongsAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
