// Which nodes can still reach the sink. Each node within reach holds one way: the first step of a residual path there,
// so that the ways form a tree that ends in the sink. A seating can only spoil the ways of nodes on its own path; those
// look for another one, up to the first node that has its way. What such a search visits in vain is out of reach for
// good, since no later path can come out of it; that turn is the dwelling's cut-off.

extension FlowNetwork {
    /// Finds every node's way by what passes now, beginning with its parent, and marks those that have none.
    mutating func findWays() {
        for node in flow.indices { (wayNodes[node], wayPersons[node]) = (tree.parents[node], Self.none) }
        mendWays(of: flow.indices.filter { flow[$0] >= tree.limits[$0] }, turn: 0)
    }

    /// Mends the ways that the last seating spoiled, and marks what has gone out of reach as out from `turn` on.
    mutating func mendWays(alongPathTo end: Int, turn: Int) {
        var spoiled: [Int] = []
        var node = fromNodes[end]
        while node != Self.none {
            if !hasWay(node) { spoiled.append(node) }
            node = fromNodes[node]
        }
        mendWays(of: spoiled, turn: turn)
    }

    /// Whether the arc that the node's way begins with is still there.
    private func hasWay(_ node: Int) -> Bool {
        let next = wayNodes[node]
        if wayPersons[node] != Self.none { return dwelling(of: wayPersons[node]) == node }
        return tree.parents[node] == next ? flow[node] < tree.limits[node] : flow[next] > 0
    }

    private mutating func mendWays(of spoiled: [Int], turn: Int) {
        var lost = spoiled
        for node in lost { wayNodes[node] = Self.none }
        while let node = lost.popLast() {
            // Another search may have passed here meanwhile: then the node has its way again, or is out.
            guard wayNodes[node] == Self.none, outAt[node] == Self.never else { continue }
            search += 1
            var seen = [node]
            visits[node] = search
            fromNodes[node] = Self.none
            if let end = findWay(&seen) {
                layWay(to: end)
            } else {
                for other in seen { outAt[other] = turn }
                for other in seen { loseWays(through: other, &lost) }
            }
        }
    }

    /// Walks on from `seen` to a node that has its way; nil once everything that can be reached is seen.
    private mutating func findWay(_ seen: inout [Int]) -> Int? {
        var done = 0
        while done < seen.count {
            let node = seen[done]
            done += 1
            if flow[node] < tree.limits[node], look(tree.parents[node], from: node, &seen) { return tree.parents[node] }
            if node >= tree.dwellingCount {
                for child in tree.children[node] where flow[child] > 0 && look(child, from: node, &seen) {
                    return child
                }
                continue
            }
            var sitter = firstSitter[node]
            while sitter != Self.none {
                for edge in edges.range(sitter) {
                    steps += 1
                    let other = edges.items[edge].dwelling
                    if look(other, from: node, by: sitter, &seen) { return other }
                }
                sitter = nextSitter[sitter]
            }
        }
        return nil
    }

    /// Labels `node`; true when it has its way to the sink, and the walk can end there.
    private mutating func look(
        _ node: Int, from before: Int, by person: Int = FlowNetwork.none, _ seen: inout [Int]
    ) -> Bool {
        guard outAt[node] == Self.never, visits[node] != search else { return false }
        visits[node] = search
        fromNodes[node] = before
        byPersons[node] = person
        if leadsToSink(node) { return true }
        seen.append(node)
        return false
    }

    /// Whether the ways from `node` on end in the sink; they do not when one of them is lost.
    private mutating func leadsToSink(_ start: Int) -> Bool {
        var node = start
        while node != tree.sink, wayNodes[node] != Self.none, strays[node] != search { node = wayNodes[node] }
        guard node != tree.sink else { return true }
        // What ends in a lost way is not walked again in this search.
        let end = node
        node = start
        while node != end {
            strays[node] = search
            node = wayNodes[node]
        }
        strays[end] = search
        return false
    }

    private mutating func layWay(to end: Int) {
        var node = end
        while fromNodes[node] != Self.none {
            let before = fromNodes[node]
            wayNodes[before] = node
            wayPersons[before] = byPersons[node]
            node = before
        }
    }

    /// Takes the way from every node whose next step was `node`, which has gone out of reach.
    private mutating func loseWays(through node: Int, _ lost: inout [Int]) {
        func lose(_ other: Int) {
            guard outAt[other] == Self.never, wayNodes[other] == node else { return }
            wayNodes[other] = Self.none
            lost.append(other)
        }
        for child in tree.children[node] { lose(child) }
        if node < tree.sink { lose(tree.parents[node]) }
        guard node < tree.dwellingCount else { return }
        let start = fittedStarts[node]
        steps += fittedCounts[node]
        for slot in start..<start + fittedCounts[node] { lose(dwelling(of: fitted[slot])) }
    }
}
