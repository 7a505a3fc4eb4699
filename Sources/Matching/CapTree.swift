// Dwellings and nested caps as one tree that drains into a sink: nodes 0..<dwellings are dwellings, then groups, and
// the sink last. It holds capacities, not what flows.

struct CapTree: Sendable {
    let dwellingCount: Int
    /// Per node below the sink, the node it drains into.
    let parents: [Int]
    /// Per node below the sink, how much may pass: a dwelling's capacity or a group's cap.
    var limits: [Int]
    /// Per node, the nodes that drain into it; the sink's row is last.
    let children: Rows<Int>

    var sink: Int { parents.count }

    /// A tree over dwellings with these `capacities`, each under a chain of groups, innermost first.
    ///
    /// The chains must nest: a group has the same outer neighbour in every chain.
    init(capacities: [Int], chains: Rows<Int>, caps: [Int]) {
        let sink = capacities.count + caps.count
        var parents = Array(repeating: sink, count: sink)
        for dwelling in capacities.indices {
            var node = dwelling
            for group in chains[dwelling] {
                let parent = capacities.count + group
                precondition(parents[node] == sink || parents[node] == parent, "caps do not nest")
                parents[node] = parent
                node = parent
            }
        }
        var rows = Array(repeating: [Int](), count: sink + 1)
        for (node, parent) in parents.enumerated() { rows[parent].append(node) }
        var children = Rows<Int>()
        for row in rows { children.append(row) }
        dwellingCount = capacities.count
        self.parents = parents
        self.limits = capacities + caps
        self.children = children
    }
}
