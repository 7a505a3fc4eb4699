// The outcome when caps cross: best first, branch and bound. The nested pass within a box of cell limits gives the
// very outcome that `MatchOutcome` defines for the wider question without the crossing caps, so it bounds everything
// in the box: if it happens to keep the crossing caps it is the answer, else the box is split. It stops proving,
// never searching wrongly, once `stepLimit` edges and nodes have been looked at.

struct CrossingSearch {
    private struct Node {
        let box: CrossingCaps.Box
        let seats: [Int]
        let counts: [Int]

        var served: Int { seats.count { $0 != FlowNetwork.none } }

        func serves(sameAs other: Node) -> Bool {
            zip(seats, other.seats).allSatisfy { ($0 == FlowNetwork.none) == ($1 == FlowNetwork.none) }
        }
    }

    private let instance: MatchInstance
    /// The caps as the tightest of several forests sees them.
    private var caps: CrossingCaps
    private let stepLimit: Int
    private var steps = 0

    init(_ instance: MatchInstance, stepLimit: Int) {
        self.instance = instance
        self.stepLimit = stepLimit
        caps = CrossingCaps(instance, family: CapFamily(instance))
    }

    /// The outcome, with what of it is certain.
    mutating func plan() -> MatchEngine.Plan {
        let edges = instance.edges
        var widest = solve(edges, within: caps.wholeBox)
        var mostServed = widest.served
        for preference in CapFamily.Preference.allCases.dropFirst() {
            let first = caps
            caps = CrossingCaps(instance, family: CapFamily(instance, preferring: preference))
            let other = solve(edges, within: caps.wholeBox)
            mostServed = min(mostServed, other.served)
            if Self.isBetter(widest, than: other, by: edges) { widest = other } else { caps = first }
        }
        let best: Node
        let bound: Node
        switch search(edges, from: widest) {
        case .best(let node): (best, bound) = (node, node)
        case .undecided(let node): (best, bound) = (dive(edges, from: node), node)
        case .nothing: preconditionFailure("proposing nothing keeps every cap")
        }
        let orderIsProven = best.serves(sameAs: bound)
        let (outAt, isExact) = cutOffs(of: best)
        return MatchEngine.Plan(
            seats: best.seats, outAt: outAt,
            proof: .init(
                capsNest: false, sizeIsProven: best.served == mostServed, orderIsProven: orderIsProven,
                scoreIsProven: best.seats == bound.seats, explanationsAreProven: orderIsProven && isExact))
    }

    private enum Finding {
        case best(Node)
        /// Nothing keeps every cap and serves all.
        case nothing
        /// The search gave up; the node bounds what there is.
        case undecided(Node)
    }

    /// The best outcome that keeps every cap (and, with `servingAll`, leaves nobody out).
    private mutating func search(
        _ edges: Rows<MatchInstance.Edge>, from widest: Node, servingAll: Bool = false
    ) -> Finding {
        var open = [widest]
        while let node = open.popLast() {
            // Bounds only fall: once the best leaves someone out, nobody can serve all.
            if servingAll, node.served < node.seats.count { return .nothing }
            guard let broken = caps.broken(by: node.counts) else { return .best(node) }
            guard steps < stepLimit, open.count < MatchBounds.openBoxes else { return .undecided(node) }
            for box in caps.split(node.box, at: broken, counts: node.counts) {
                let part = solve(edges, within: box)
                open.insert(part, at: open.partitioningIndex { !Self.isBetter(part, than: $0, by: edges) })
            }
        }
        return .nothing
    }

    /// Something good that keeps every cap, without proof: always into the best part.
    private mutating func dive(_ edges: Rows<MatchInstance.Edge>, from bound: Node) -> Node {
        steps = 0
        var node = bound
        while let broken = caps.broken(by: node.counts) {
            guard steps < stepLimit else {
                return solve(edges, within: caps.closed(around: node.counts))
            }
            var parts: [Node] = []
            for box in caps.split(node.box, at: broken, counts: node.counts) { parts.append(solve(edges, within: box)) }
            for (place, part) in parts.enumerated() where place == 0 || Self.isBetter(part, than: node, by: edges) {
                node = part
            }
        }
        return node
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

    /// Per dwelling, the turn from which it is out of reach, and whether that is exact or only surely not too late.
    ///
    /// Two nested runs over those who joined bracket it: without the crossing caps it goes out no sooner, within a
    /// closed box around the outcome no later. In between, reach only ends once, so halving finds the turn.
    private mutating func cutOffs(of best: Node) -> (outAt: [Int], isExact: Bool) {
        steps = 0
        let joined = best.seats.indices.filter { best.seats[$0] != FlowNetwork.none }
        var rows = Rows<MatchInstance.Edge>()
        for person in joined { rows.append(instance.edges[person]) }
        let inside = outAt(rows, within: caps.closed(around: best.counts))
        let outside = outAt(rows, within: caps.wholeBox)
        var isExact = true
        let outAt = instance.capacities.indices.map { dwelling in
            var (low, high) = (inside[dwelling], outside[dwelling])
            while low < high {
                let middle = (low + high) / 2
                guard let isWithin = isWithinReach(dwelling, after: middle, of: joined) else {
                    isExact = false
                    break
                }
                if isWithin { low = middle + 1 } else { high = middle }
            }
            // Out once `low` people have joined: the first turn after the last of them.
            return low > joined.count ? FlowNetwork.never : low == 0 ? 0 : joined[low - 1] + 1
        }
        return (outAt, isExact)
    }

    /// Per dwelling, after how many of these people it is out of reach; one more than all when never.
    private mutating func outAt(_ edges: Rows<MatchInstance.Edge>, within box: CrossingCaps.Box) -> [Int] {
        var network = FlowNetwork(edges: edges, tree: caps.tree(within: box))
        network.run()
        steps += network.steps + edges.items.count
        return network.outAt.prefix(instance.capacities.count).map { min($0, edges.count + 1) }
    }

    /// Whether the first `count` people who joined and one more, for whom only `dwelling` fits, are servable; nil when
    /// the search gave up.
    private mutating func isWithinReach(_ dwelling: Int, after count: Int, of joined: [Int]) -> Bool? {
        guard steps < stepLimit else { return nil }
        var rows = Rows<MatchInstance.Edge>()
        for person in joined.prefix(count) { rows.append(instance.edges[person]) }
        rows.append([MatchInstance.Edge(dwelling: dwelling, score: 0)])
        return switch search(rows, from: solve(rows, within: caps.wholeBox), servingAll: true) {
        case .best: true
        case .nothing: false
        case .undecided: nil
        }
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
