// Caps that cross, seen through cells: the dwellings that count for exactly the same caps. A cap on a cell nests in any
// forest of caps, so limits on cells keep a network solvable exactly; a crossing cap is a sum over its cells. It knows
// no people.

struct CrossingCaps {
    /// The most and the least that may pass each cell. `lower` is used to reason, not enforced by the networks.
    struct Box {
        var lower: [Int]
        var upper: [Int]
    }

    /// Forests of the caps, each leaving out others of those that cross, with one more, innermost, group per cell: the
    /// last `cellCount` groups. Each allows everything that all caps allow, and more.
    let trees: [CapTree]
    let cellCount: Int
    /// Per cap that some other crosses: how much it takes, and its cells.
    let caps: [Int]
    let cells: [[Int]]
    /// Per cell, the caps it counts for, as positions in `caps`.
    private let groups: [[Int]]
    /// Per dwelling, its cell or `FlowNetwork.none`.
    let cellOf: [Int]
    /// Dwellings, then all groups: how much each takes; and per dwelling, itself and the groups it counts for.
    let rooms: [Int]
    let uses: Rows<Int>
    /// Per dwelling or group, the dwellings that use it.
    let users: [[Int]]

    init(_ instance: MatchInstance, family: CapFamily) {
        let position = Dictionary(uniqueKeysWithValues: zip(family.crossed, family.crossed.indices))
        var keyed: [(key: [Int], dwelling: Int)] = []
        for dwelling in instance.capacities.indices {
            let key = instance.groups[dwelling].filter { family.isBinding[$0] }
            if key.contains(where: { position[$0] != nil }) { keyed.append((key, dwelling)) }
        }
        keyed.sort { $0.key != $1.key ? $0.key.lexicographicallyPrecedes($1.key) : $0.dwelling < $1.dwelling }

        var groups: [[Int]] = []
        var cellOf = Array(repeating: FlowNetwork.none, count: instance.capacities.count)
        for (place, entry) in keyed.enumerated() {
            if place == 0 || keyed[place - 1].key != entry.key { groups.append(entry.key.compactMap { position[$0] }) }
            cellOf[entry.dwelling] = groups.count - 1
        }
        var cells = Array(repeating: [Int](), count: family.crossed.count)
        for (cell, row) in groups.enumerated() {
            for group in row { cells[group].append(cell) }
        }
        // No cell passes more than the strictest of its caps.
        let caps = family.crossed.map { instance.caps[$0] }
        let limits = instance.caps + groups.map { row in row.map { caps[$0] }.min() ?? 0 }
        var forests: [CapFamily] = []
        for preference in CapFamily.Preference.allCases {
            let other = CapFamily(instance, preferring: preference)
            if !forests.contains(where: { $0.crossing == other.crossing }) { forests.append(other) }
        }
        trees = forests.map { forest in
            let chains = forest.chains(instance)
            var rows = Rows<Int>()
            for (dwelling, cell) in cellOf.enumerated() {
                rows.append((cell == FlowNetwork.none ? [] : [instance.caps.count + cell]) + chains[dwelling])
            }
            return CapTree(capacities: instance.capacities, chains: rows, caps: limits)
        }
        cellCount = groups.count
        self.caps = caps
        self.cells = cells
        self.groups = groups
        self.cellOf = cellOf
        rooms = instance.capacities + instance.caps
        var uses = Rows<Int>()
        for dwelling in instance.capacities.indices {
            let binding = instance.groups[dwelling].filter { family.isBinding[$0] }
            uses.append([dwelling] + binding.map { $0 + instance.capacities.count })
        }
        self.uses = uses
        var users = Array(repeating: [Int](), count: rooms.count)
        for dwelling in 0..<uses.count { for use in uses[dwelling] { users[use].append(dwelling) } }
        self.users = users
    }

    /// The nodes of the cells in each of `trees`.
    var cellNodes: Range<Int> { trees[0].sink - cellCount..<trees[0].sink }

    /// How many of these dwellings lie in each cell.
    func counts(of dwellings: [Int]) -> [Int] {
        var counts = Array(repeating: 0, count: cellCount)
        for dwelling in dwellings where cellOf[dwelling] != FlowNetwork.none { counts[cellOf[dwelling]] += 1 }
        return counts
    }

    /// Everything the trees allow.
    var wholeBox: Box {
        Box(lower: Array(repeating: 0, count: cellCount), upper: Array(trees[0].limits[cellNodes]))
    }

    /// A tree limited to `box`.
    func limited(_ tree: CapTree, to box: Box) -> CapTree {
        var limited = tree
        limited.limits.replaceSubrange(cellNodes, with: box.upper)
        return limited
    }

    /// The first cap that these counts per cell break.
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

    /// A box within which no cap can break: `counts` as far as the caps allow, then the spare room, first to
    /// `favoured` cells.
    func closed(around counts: [Int], favouring favoured: [Int] = []) -> Box {
        var room = caps
        var upper = Array(repeating: 0, count: cellCount)
        let most = Array(trees[0].limits[cellNodes])
        func give(_ wanted: [Int], to cell: Int) {
            let given = min(max(0, wanted[cell] - upper[cell]), groups[cell].map { room[$0] }.min() ?? 0)
            upper[cell] += given
            for group in groups[cell] { room[group] -= given }
        }
        for cell in 0..<cellCount { give(counts, to: cell) }
        for cell in favoured { give(most, to: cell) }
        for cell in 0..<cellCount { give(most, to: cell) }
        return Box(lower: Array(repeating: 0, count: cellCount), upper: upper)
    }
}
