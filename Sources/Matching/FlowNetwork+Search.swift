// One person's turn: the cheapest path from the person to the sink, by Dijkstra's algorithm on reduced costs
// (Edmonds and Karp 1972, section 1.2; Tomizawa 1971). It does not decide whose turn it is.

extension FlowNetwork {
    /// Seats `person`, moving others but unseating nobody; false when no dwelling of theirs is within reach.
    mutating func seat(_ person: Int) -> Bool {
        guard edges[person].contains(where: { outAt[$0.dwelling] == Self.never }) else { return false }
        search += 1
        distances[tree.sink] = .max
        var frontier = Frontier()
        var settled: [Int] = []
        expand(person, except: Self.none, costSoFar: 0, from: Self.none, &frontier)
        while let entry = frontier.pop(), entry.distance < distances[tree.sink] {
            let node = entry.node
            guard distances[node] == entry.distance else { continue }
            settled.append(node)
            let cost = entry.distance + potentials[node]
            if flow[node] < tree.limits[node] { label(tree.parents[node], cost: cost, from: node, &frontier) }
            if node >= tree.dwellingCount {
                for child in tree.children[node] where flow[child] > 0 {
                    label(child, cost: cost, from: node, &frontier)
                }
            } else {
                var sitter = firstSitter[node]
                while sitter != Self.none {
                    let score = edges.items[seats[sitter]].score
                    expand(sitter, except: node, costSoFar: cost + score, from: node, &frontier)
                    sitter = nextSitter[sitter]
                }
            }
        }
        precondition(visits[tree.sink] == search, "a dwelling within reach has a path to the sink")
        // Unsettled nodes keep their price; the others move with their distance below the sink's.
        for node in settled { potentials[node] += distances[node] - distances[tree.sink] }
        apply(pathTo: tree.sink)
        return true
    }

    /// Labels the dwellings that `person` could move to.
    private mutating func expand(
        _ person: Int, except current: Int, costSoFar: Int64, from node: Int, _ frontier: inout Frontier
    ) {
        let range = edges.range(person)
        steps += range.count
        for edge in range {
            let target = edges.items[edge]
            if target.dwelling == current { continue }
            label(target.dwelling, cost: costSoFar - target.score, from: node, by: person, along: edge, &frontier)
        }
    }

    /// Notes a path of true cost `cost` to `node` when it is the best so far, and better than the best to the sink.
    @inline(__always)
    private mutating func label(
        _ node: Int, cost: Int64, from before: Int, by person: Int = FlowNetwork.none,
        along edge: Int = FlowNetwork.none, _ frontier: inout Frontier
    ) {
        guard outAt[node] == Self.never else { return }
        let distance = cost - potentials[node]
        guard distance < distances[tree.sink], visits[node] != search || distance < distances[node] else { return }
        visits[node] = search
        distances[node] = distance
        fromNodes[node] = before
        byPersons[node] = person
        byEdges[node] = edge
        if node != tree.sink { frontier.push(node, at: distance) }
    }
}
