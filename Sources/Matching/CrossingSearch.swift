// Branch and bound among crossing caps. A nested pass within a box of cell limits, for each forest of the caps, bounds
// everything in the box: when it happens to keep all caps it is an answer, else the box is split. It stops proving,
// never searching wrongly, when the steps for it are spent. It does not decide whose turn it is.

struct CrossingSearch {
    /// A way to seat people within a box of one forest; it may break caps that the forest leaves out.
    struct Node {
        let box: CrossingCaps.Box
        let forest: Int
        let seats: [Int]
        let counts: [Int]

        fileprivate init(box: CrossingCaps.Box, forest: Int, _ network: FlowNetwork, cells: Range<Int>) {
            self.box = box
            self.forest = forest
            seats = network.seats
            counts = Array(network.flow[cells])
        }

        var served: Int { seats.count { $0 != FlowNetwork.none } }
    }

    enum Finding {
        case found(Node)
        case nothing
        /// The steps ran out; the node bounds what there is.
        case undecided(Node)
    }

    enum Answer {
        /// Everybody has a seat, and so many pass each cell.
        case counts([Int])
        case impossible
        case undecided
    }

    let caps: CrossingCaps
    /// Edges and nodes that may still be looked at.
    var stepsLeft: Int

    /// Whether everybody in `edges` can be seated at once, and how many then pass each cell.
    ///
    /// Boxes and plain seats take turns at it, ever longer ones: each is strong where the other is weak. One question
    /// takes at most its share of the steps left, so that none starves those after it.
    mutating func isServable(_ edges: Rows<MatchInstance.Edge>) -> Answer {
        let last = stepsLeft - stepsLeft / MatchBounds.shares
        var turn = MatchBounds.firstTurn
        var boxes = [caps.wholeBox]
        var seats: CrossingSeats?
        while true {
            if let answer = answer(edges, &boxes, until: max(last, stepsLeft - turn)) { return answer }
            guard stepsLeft > last else { return .undecided }
            var trying = seats ?? CrossingSeats(edges, caps)
            let answer = trying.answer(steps: min(turn, stepsLeft - last))
            seats = trying
            stepsLeft -= answer.steps
            if answer.isWhole { return answer.seats.map { .counts(caps.counts(of: $0)) } ?? .impossible }
            turn *= 2
        }
    }

    /// Goes on with the boxes that are left; nil when the steps ran out first.
    private mutating func answer(
        _ edges: Rows<MatchInstance.Edge>, _ boxes: inout [CrossingCaps.Box], until last: Int
    ) -> Answer? {
        while let box = boxes.popLast() {
            guard let tries = seatings(of: edges, within: box) else { continue }
            for counts in tries where caps.broken(by: counts) == nil { return .counts(counts) }
            if let counts = tries.last, let broken = caps.broken(by: counts) {
                boxes += caps.split(box, at: broken, counts: counts).reversed()
            }
            guard stepsLeft > last else { return boxes.isEmpty ? .impossible : nil }
        }
        return .impossible
    }

    /// Everybody seated within `box`, by each forest, as counts per cell; nil when one of them can not.
    private mutating func seatings(of edges: Rows<MatchInstance.Edge>, within box: CrossingCaps.Box) -> [[Int]]? {
        var counts: [[Int]] = []
        for tree in caps.trees {
            var network = FlowNetwork(edges: edges, tree: caps.limited(tree, to: box))
            network.findWays()
            let seatsAll = (0..<edges.count).allSatisfy { network.join($0) }
            spend(on: network)
            guard seatsAll else { return nil }
            counts.append(Array(network.flow[caps.cellNodes]))
        }
        return counts
    }

    /// The lowest bound on `edges` that a forest gives.
    mutating func lowest(_ edges: Rows<MatchInstance.Edge>) -> Node {
        var lowest = solve(edges, within: caps.wholeBox, forest: 0)
        for forest in caps.trees.indices.dropFirst() {
            let other = solve(edges, within: caps.wholeBox, forest: forest)
            if Self.isBetter(lowest, than: other, by: edges) { lowest = other }
        }
        return lowest
    }

    /// The best way to seat all of `edges`, who are known to be servable.
    mutating func best(_ edges: Rows<MatchInstance.Edge>) -> Finding {
        // Bounds only fall in smaller boxes: the lowest to begin with is the one to stay with.
        var open = [lowest(edges)]
        while let node = open.popLast() {
            guard let broken = caps.broken(by: node.counts) else { return .found(node) }
            guard stepsLeft > 0, open.count < MatchBounds.openBoxes else { return .undecided(node) }
            for box in caps.split(node.box, at: broken, counts: node.counts) {
                let part = solve(edges, within: box, forest: node.forest)
                guard part.served == edges.count else { continue }
                open.insert(part, at: open.partitioningIndex { !Self.isBetter(part, than: $0, by: edges) })
            }
        }
        return .nothing
    }

    /// Something good that keeps every cap, without proof: always into the best part, as long as it serves everybody.
    mutating func dive(_ edges: Rows<MatchInstance.Edge>, from bound: Node) -> Node {
        var node = bound
        while let broken = caps.broken(by: node.counts) {
            let parts = caps.split(node.box, at: broken, counts: node.counts).map {
                solve(edges, within: $0, forest: node.forest)
            }
            guard stepsLeft > 0, let best = parts.min(by: { Self.isBetter($0, than: $1, by: edges) }),
                best.served == node.served
            else {
                return solve(edges, within: caps.closed(around: node.counts))
            }
            node = best
        }
        return node
    }

    mutating func solve(_ edges: Rows<MatchInstance.Edge>, within box: CrossingCaps.Box, forest: Int = 0) -> Node {
        var network = FlowNetwork(edges: edges, tree: caps.limited(caps.trees[forest], to: box))
        network.run()
        spend(on: network)
        return Node(box: box, forest: forest, network, cells: caps.cellNodes)
    }

    /// What making a network costs beside the steps in it, in steps of about the same time.
    private mutating func spend(on network: FlowNetwork) {
        stepsLeft -= network.steps + 4 * network.edges.items.count + 16 * network.tree.sink
    }

    /// The order of outcomes that `MatchOutcome` defines: set, total score, then person by person.
    static func isBetter(_ one: Node, than other: Node, by edges: Rows<MatchInstance.Edge>) -> Bool {
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
