// Who sits where, and how much passes each node of the cap tree: the state of a run and the one way it changes, by
// re-seating along a path. How paths are found stands in the other FlowNetwork files. Nodes and people are numbers.
//
// The residual network, from which all of them read: a node with room leads to its parent; a group (or the sink)
// leads to each child that carries flow, which is how a cap is used again; a dwelling leads, through each person
// who sits there, to the other dwellings of that person. The cost of a seat is minus its score.

struct FlowNetwork: Sendable {
    static let none = -1
    /// The turn at which a node that is still within reach went out of reach.
    static let never = Int.max

    let edges: Rows<MatchInstance.Edge>
    private(set) var tree: CapTree

    /// Per node below the sink, how much passes; for a dwelling, how many sit there.
    var flow: [Int]
    /// Per person, the edge taken, or `none`.
    private(set) var seats: [Int]
    /// Per node, its price: no residual arc costs less than the price difference (among nodes of one `outAt`).
    var potentials: [Int64]
    /// Per node, the turn before which it lost its last residual path to the sink. From then on its price is frozen
    /// and nothing on it moves, so prices compare only between nodes with the same value.
    var outAt: [Int]
    /// Per node within reach, the next node on one residual path to the sink, and the person that step moves, if any.
    var wayNodes: [Int]
    var wayPersons: [Int]

    /// People at each dwelling as doubly linked lists.
    private(set) var firstSitter: [Int]
    private(set) var nextSitter: [Int]
    private var previousSitter: [Int]

    /// Per dwelling, the seated people it fits: a prefix of its slice of `fitted`.
    let fittedStarts: [Int]
    var fittedCounts: [Int]
    var fitted: [Int]

    // The last search: how each node was reached. `visits` holds the number of the search that last labelled it,
    // `strays` that of the last one to which its ways led nowhere.
    var search = 0
    var visits: [Int]
    var strays: [Int]
    var distances: [Int64]
    var fromNodes: [Int]
    var byPersons: [Int]
    var byEdges: [Int]

    /// Edges looked at so far, the measure of work done.
    var steps = 0

    init(edges: Rows<MatchInstance.Edge>, tree: CapTree) {
        self.edges = edges
        self.tree = tree
        let nodes = tree.sink + 1
        flow = Array(repeating: 0, count: tree.sink)
        seats = Array(repeating: Self.none, count: edges.count)
        potentials = Array(repeating: 0, count: nodes)
        outAt = Array(repeating: Self.never, count: nodes)
        wayNodes = Array(repeating: Self.none, count: nodes)
        wayPersons = wayNodes
        firstSitter = Array(repeating: Self.none, count: tree.dwellingCount)
        nextSitter = Array(repeating: Self.none, count: edges.count)
        previousSitter = nextSitter
        visits = Array(repeating: 0, count: nodes)
        strays = visits
        distances = potentials
        fromNodes = Array(repeating: Self.none, count: nodes)
        byPersons = fromNodes
        byEdges = fromNodes

        var starts = Array(repeating: 0, count: tree.dwellingCount + 1)
        for edge in edges.items { starts[edge.dwelling + 1] += 1 }
        for dwelling in 0..<tree.dwellingCount { starts[dwelling + 1] += starts[dwelling] }
        fittedStarts = starts
        fittedCounts = Array(repeating: 0, count: tree.dwellingCount)
        fitted = Array(repeating: Self.none, count: edges.items.count)
    }

    /// Seats everyone in queue order who can be seated, at the highest total score, and settles ties.
    mutating func run() {
        findWays()
        for person in 0..<edges.count { _ = join(person) }
        settleTies()
    }

    /// Seats `person` if that can be, and notes what then goes out of reach.
    mutating func join(_ person: Int) -> Bool {
        guard seat(person) else { return false }
        mendWays(alongPathTo: tree.sink, turn: person + 1)
        return true
    }

    /// Goes on with other limits, none of them below what passes. Only where all scores are zero: then so are all
    /// prices, whatever the limits.
    mutating func reopen(within limits: [Int]) {
        tree.limits = limits
        for node in outAt.indices { outAt[node] = Self.never }
        findWays()
    }

    /// The dwelling a person has, or `none`.
    func dwelling(of person: Int) -> Int {
        seats[person] == Self.none ? Self.none : edges.items[seats[person]].dwelling
    }

    /// Re-seats everyone along the path that the last search found to `end`.
    mutating func apply(pathTo end: Int) {
        var node = end
        while node != Self.none {
            let before = fromNodes[node]
            if byPersons[node] != Self.none {
                move(byPersons[node], to: byEdges[node])
            } else if before < tree.sink, tree.parents[before] == node {
                flow[before] += 1
            } else {
                flow[node] -= 1
            }
            node = before
        }
    }

    private mutating func move(_ person: Int, to edge: Int) {
        if seats[person] == Self.none { noteFits(of: person) } else { unseat(person) }
        let dwelling = edges.items[edge].dwelling
        let first = firstSitter[dwelling]
        if first != Self.none { previousSitter[first] = person }
        nextSitter[person] = first
        previousSitter[person] = Self.none
        firstSitter[dwelling] = person
        seats[person] = edge
    }

    private mutating func unseat(_ person: Int) {
        let next = nextSitter[person]
        let previous = previousSitter[person]
        if next != Self.none { previousSitter[next] = previous }
        if previous == Self.none { firstSitter[dwelling(of: person)] = next } else { nextSitter[previous] = next }
    }

    private mutating func noteFits(of person: Int) {
        for edge in edges.range(person) {
            let dwelling = edges.items[edge].dwelling
            fitted[fittedStarts[dwelling] + fittedCounts[dwelling]] = person
            fittedCounts[dwelling] += 1
        }
    }
}
