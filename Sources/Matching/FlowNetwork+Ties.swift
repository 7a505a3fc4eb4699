// The canonical step: of all best outcomes for the seated people, the one that `MatchOutcome` defines. Two best
// outcomes differ by cycles whose arcs are all tight (reduced cost zero), so it only walks tight arcs; a cycle never
// leaves the nodes that went out of reach at one turn. Whoever has been settled does not move again.

extension FlowNetwork {
    /// Gives each seated person in queue order the best dwelling that keeps the total and everyone before.
    mutating func settleTies() {
        for person in seats.indices where seats[person] != Self.none {
            let home = dwelling(of: person)
            search += 1
            for edge in betterTightEdges(of: person) where findTightPath(person, along: edge, home: home) {
                apply(pathTo: home)
                break
            }
        }
    }

    /// The person's tight edges that beat the present seat, best first: higher score, then smaller dwelling.
    private mutating func betterTightEdges(of person: Int) -> [Int] {
        let seat = seats[person]
        let home = edges.items[seat]
        let better = edges.range(person).filter { edge in
            let other = edges.items[edge]
            let wins = other.score > home.score || (other.score == home.score && other.dwelling < home.dwelling)
            return wins && isTight(from: home.dwelling, leaving: home.score, to: other.dwelling, taking: other.score)
        }
        steps += edges.range(person).count
        return better.sorted { left, right in
            let (one, two) = (edges.items[left], edges.items[right])
            return one.score != two.score ? one.score > two.score : one.dwelling < two.dwelling
        }
    }

    /// Whether the arc between two nodes, with the scores of the seats left and taken, has reduced cost zero.
    @inline(__always)
    private func isTight(from node: Int, leaving: Int64 = 0, to other: Int, taking: Int64 = 0) -> Bool {
        outAt[node] == outAt[other] && potentials[node] + leaving == potentials[other] + taking
    }

    /// Looks for a tight path from the far end of `edge` back to `home` that moves only people after `person`.
    ///
    /// What an earlier edge of the same person reached in vain is not walked again.
    private mutating func findTightPath(_ person: Int, along edge: Int, home: Int) -> Bool {
        var open: [Int] = []
        step(to: edges.items[edge].dwelling, from: Self.none, by: person, along: edge, &open)
        while let node = open.popLast() {
            if node == home { return true }
            if node < tree.sink, flow[node] < tree.limits[node], isTight(from: node, to: tree.parents[node]) {
                step(to: tree.parents[node], from: node, &open)
            }
            if node >= tree.dwellingCount {
                for child in tree.children[node] where flow[child] > 0 && isTight(from: node, to: child) {
                    step(to: child, from: node, &open)
                }
            } else {
                stepThroughSitters(of: node, after: person, &open)
            }
        }
        return false
    }

    private mutating func stepThroughSitters(of node: Int, after person: Int, _ open: inout [Int]) {
        var sitter = firstSitter[node]
        while sitter != Self.none {
            if sitter > person {
                let leaving = edges.items[seats[sitter]].score
                steps += edges.range(sitter).count
                for edge in edges.range(sitter) {
                    let other = edges.items[edge]
                    if isTight(from: node, leaving: leaving, to: other.dwelling, taking: other.score) {
                        step(to: other.dwelling, from: node, by: sitter, along: edge, &open)
                    }
                }
            }
            sitter = nextSitter[sitter]
        }
    }

    private mutating func step(
        to node: Int, from before: Int, by person: Int = FlowNetwork.none, along edge: Int = FlowNetwork.none,
        _ open: inout [Int]
    ) {
        guard visits[node] != search else { return }
        visits[node] = search
        fromNodes[node] = before
        byPersons[node] = person
        byEdges[node] = edge
        open.append(node)
    }
}
