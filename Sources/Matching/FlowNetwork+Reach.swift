// Which nodes can still reach the sink: one walk backwards from the sink after each seating. What it does not find is
// out of reach for good, since no later path can come out of it; that turn is the dwelling's cut-off.

extension FlowNetwork {
    /// Marks every node that has just gone out of reach as out from `turn` on.
    mutating func markOutOfReach(turn: Int) {
        var walk = BackwardWalk(unseen: outAt.count { $0 == Self.never })
        search += 1
        steps += walk.unseen
        reach(tree.sink, &walk)
        // Tree arcs first, they are few; people's arcs only as long as some node is still to be found.
        while walk.unseen > 0 {
            if walk.treeDone < walk.found.count {
                let node = walk.found[walk.treeDone]
                walk.treeDone += 1
                reachAlongTree(node, &walk)
            } else if walk.peopleDone < walk.found.count {
                let node = walk.found[walk.peopleDone]
                walk.peopleDone += 1
                if node < tree.dwellingCount { reachThroughPeople(node, &walk) }
            } else {
                break
            }
        }
        guard walk.unseen > 0 else { return }
        for node in outAt.indices where outAt[node] == Self.never && visits[node] != search { outAt[node] = turn }
    }

    private struct BackwardWalk {
        var unseen: Int
        var found: [Int] = []
        var treeDone = 0
        var peopleDone = 0
    }

    private mutating func reach(_ node: Int, _ walk: inout BackwardWalk) {
        guard outAt[node] == Self.never, visits[node] != search else { return }
        visits[node] = search
        walk.found.append(node)
        walk.unseen -= 1
    }

    private mutating func reachAlongTree(_ node: Int, _ walk: inout BackwardWalk) {
        for child in tree.children[node] where flow[child] < tree.limits[child] { reach(child, &walk) }
        if node < tree.sink, flow[node] > 0, tree.parents[node] != tree.sink { reach(tree.parents[node], &walk) }
    }

    private mutating func reachThroughPeople(_ node: Int, _ walk: inout BackwardWalk) {
        let start = fittedStarts[node]
        steps += fittedCounts[node]
        for slot in start..<start + fittedCounts[node] { reach(dwelling(of: fitted[slot]), &walk) }
    }
}
