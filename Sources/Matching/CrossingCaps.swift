// Caps that cross the forest, seen through cells: the dwellings that count for the same crossing groups and hang at
// the same place in the forest. A cap on a cell nests, so any limit on cells keeps the network solvable exactly; a
// crossing cap is a sum over its cells. It knows no people.

struct CrossingCaps {
    /// The most and the least that may pass each cell. `lower` is used to reason, not enforced by the network.
    struct Box {
        var lower: [Int]
        var upper: [Int]
    }

    /// The forest with one more, innermost, group per cell: the last `cellCount` groups.
    let tree: CapTree
    let cellCount: Int
    /// Per crossing group: how much it takes, and its cells.
    let caps: [Int]
    let cells: [[Int]]
    /// Per cell, the crossing groups it counts for, as positions in `caps`.
    private let groups: [[Int]]

    init(_ instance: MatchInstance, family: CapFamily) {
        let position = Dictionary(uniqueKeysWithValues: zip(family.crossing, family.crossing.indices))
        let chains = family.chains(instance)
        // A cell's key: its innermost nested group, then its crossing groups.
        var keyed: [(key: [Int], dwelling: Int)] = []
        for dwelling in instance.capacities.indices {
            let crossing = instance.groups[dwelling].compactMap { position[$0] }
            if !crossing.isEmpty { keyed.append(([chains[dwelling].first ?? -1] + crossing, dwelling)) }
        }
        keyed.sort { $0.key != $1.key ? $0.key.lexicographicallyPrecedes($1.key) : $0.dwelling < $1.dwelling }

        var groups: [[Int]] = []
        var cellOf = Array(repeating: FlowNetwork.none, count: instance.capacities.count)
        for (place, entry) in keyed.enumerated() {
            if place == 0 || keyed[place - 1].key != entry.key { groups.append(Array(entry.key.dropFirst())) }
            cellOf[entry.dwelling] = groups.count - 1
        }
        var cells = Array(repeating: [Int](), count: family.crossing.count)
        for (cell, row) in groups.enumerated() {
            for group in row { cells[group].append(cell) }
        }
        var rows = Rows<Int>()
        for (dwelling, cell) in cellOf.enumerated() {
            let inner = cell == FlowNetwork.none ? [] : [instance.caps.count + cell]
            rows.append(inner + chains[dwelling])
        }
        // No cell passes more than the strictest of its caps.
        let caps = family.crossing.map { instance.caps[$0] }
        let cellCaps = groups.map { row in row.map { caps[$0] }.min() ?? 0 }
        tree = CapTree(capacities: instance.capacities, chains: rows, caps: instance.caps + cellCaps)
        cellCount = groups.count
        self.caps = caps
        self.cells = cells
        self.groups = groups
    }

    /// The nodes of the cells in `tree`.
    var cellNodes: Range<Int> { tree.sink - cellCount..<tree.sink }

    /// Everything the tree allows.
    var wholeBox: Box {
        Box(lower: Array(repeating: 0, count: cellCount), upper: Array(tree.limits[cellNodes]))
    }

    /// The tree limited to `box`.
    func tree(within box: Box) -> CapTree {
        var limited = tree
        for (cell, node) in cellNodes.enumerated() { limited.limits[node] = box.upper[cell] }
        return limited
    }

    /// The first crossing cap that these counts per cell break.
    func broken(by counts: [Int]) -> Int? {
        caps.indices.first { group in cells[group].reduce(0) { $0 + counts[$1] } > caps[group] }
    }

    /// Splits `box` into disjoint boxes without `counts`, which break the cap `group`, and without loss.
    ///
    /// Give each cell of the group a threshold between its lower bound and its count, the thresholds adding up to
    /// the cap plus one. Whoever keeps the cap stays below the threshold of some cell; take the first such cell.
    func split(_ box: Box, at group: Int, counts: [Int]) -> [Box] {
        let row = cells[group]
        let spans = row.map { max(0, counts[$0] - box.lower[$0]) }
        let total = spans.reduce(0, +)
        let wanted = caps[group] + 1 - row.reduce(0) { $0 + box.lower[$1] }
        precondition(total >= wanted && wanted > 0, "only a broken cap splits a box that is not empty")
        var boxes: [Box] = []
        var rest = box
        var spanSoFar = 0
        var givenSoFar = 0
        for (cell, span) in zip(row, spans) {
            spanSoFar += span
            let given = wanted * spanSoFar / total - givenSoFar
            givenSoFar += given
            guard given > 0 else { continue }
            let threshold = box.lower[cell] + given
            var below = rest
            below.upper[cell] = min(below.upper[cell], threshold - 1)
            boxes.append(below)
            rest.lower[cell] = threshold
        }
        return boxes.compactMap(tightened)
    }

    /// The same box with upper bounds lowered to what the other cells' lower bounds leave; nil when it is empty.
    private func tightened(_ box: Box) -> Box? {
        var box = box
        for (group, row) in cells.enumerated() {
            let room = caps[group] - row.reduce(0) { $0 + box.lower[$1] }
            guard room >= 0 else { return nil }
            for cell in row { box.upper[cell] = min(box.upper[cell], box.lower[cell] + room) }
        }
        return box.lower.indices.allSatisfy { box.lower[$0] <= box.upper[$0] } ? box : nil
    }

    /// A box within which no crossing cap can break: `counts` as far as the caps allow, then the spare room.
    func closed(around counts: [Int]) -> Box {
        var room = caps
        var upper = Array(repeating: 0, count: cellCount)
        for wanted in [counts, Array(tree.limits[cellNodes])] {
            for cell in 0..<cellCount {
                let most = groups[cell].map { room[$0] }.min() ?? 0
                let given = min(max(0, wanted[cell] - upper[cell]), most)
                upper[cell] += given
                for group in groups[cell] { room[group] -= given }
            }
        }
        return Box(lower: Array(repeating: 0, count: cellCount), upper: upper)
    }
}
