// Who joins when caps cross: turn by turn, as `MatchOutcome` defines it. Most turns need no search: the present seating
// often takes one more, and whom one forest of the caps cannot seat no seating can. It does not look at scores.

struct CrossingTurns {
    /// Everybody who joined, in queue order.
    private(set) var joined: [Int] = []
    /// Whether every turn was decided; if not, someone who could have joined may have been left out.
    private(set) var isProven = true
    /// Per dwelling, after how many people had joined it was known to be out of reach, or `FlowNetwork.never`.
    private(set) var goneAfter: [Int]

    private let caps: CrossingCaps
    /// The edges without their scores.
    private let edges: Rows<MatchInstance.Edge>
    /// A seating of all who joined that keeps every cap, within a box that can break none.
    private var inner: FlowNetwork
    /// The same people, by each forest of the caps: what is out of reach there is so for certain.
    private var outers: [FlowNetwork]
    /// Per dwelling, whether a search for somebody whom it fits gave up.
    private var isUnsure: [Bool]

    init(_ instance: MatchInstance, caps: CrossingCaps) {
        self.caps = caps
        var edges = Rows<MatchInstance.Edge>()
        for person in 0..<instance.edges.count { edges.append(instance.edges[person].map { .init($0.dwelling) }) }
        self.edges = edges
        goneAfter = Array(repeating: FlowNetwork.never, count: instance.capacities.count)
        isUnsure = Array(repeating: false, count: instance.capacities.count)
        outers = caps.trees.map { FlowNetwork(edges: edges, tree: $0) }
        inner = FlowNetwork(edges: edges, tree: caps.trees[0])
        for forest in outers.indices { outers[forest].findWays() }
        inner.reopen(within: limits(of: caps.closed(around: Array(repeating: 0, count: caps.cellCount))))
    }

    /// Everybody's turn.
    mutating func run(_ search: inout CrossingSearch) {
        for person in 0..<edges.count where joins(person, &search) {
            joined.append(person)
            for forest in outers.indices {
                let isSeated = outers[forest].join(person)
                precondition(isSeated, "who can be seated within all caps can be within some")
            }
        }
    }

    /// A seating of all who joined, as counts per cell.
    var counts: [Int] { Array(inner.flow[caps.cellNodes]) }

    /// Whether `person` can be seated along with everybody who joined; then the present seating seats them.
    private mutating func joins(_ person: Int, _ search: inout CrossingSearch) -> Bool {
        let open = edges[person].filter { edge in
            goneAfter[edge.dwelling] == FlowNetwork.never
                && outers.allSatisfy { $0.outAt[edge.dwelling] == FlowNetwork.never }
        }
        guard !open.isEmpty else { return false }
        if inner.join(person) { return true }
        let favoured = open.map { caps.cellOf[$0.dwelling] }.filter { $0 != FlowNetwork.none }
        inner.reopen(within: limits(of: caps.closed(around: counts, favouring: favoured)))
        if inner.join(person) { return true }
        guard !open.allSatisfy({ isUnsure[$0.dwelling] }) else { return false }

        var rows = Rows<MatchInstance.Edge>()
        for other in joined { rows.append(edges[other]) }
        rows.append(open)
        switch search.isServable(rows) {
        case .counts(let counts):
            reseat(with: person, counts: counts)
            return true
        case .impossible:
            for edge in open { goneAfter[edge.dwelling] = joined.count }
        case .undecided:
            for edge in open { isUnsure[edge.dwelling] = true }
            isProven = false
        }
        return false
    }

    private mutating func reseat(with person: Int, counts: [Int]) {
        inner = FlowNetwork(edges: edges, tree: caps.limited(caps.trees[0], to: caps.closed(around: counts)))
        inner.findWays()
        let seatsAll = (joined + [person]).allSatisfy { inner.join($0) }
        precondition(seatsAll, "the box is made around a seating of them")
    }

    private func limits(of box: CrossingCaps.Box) -> [Int] { caps.limited(caps.trees[0], to: box).limits }
}

extension MatchInstance.Edge {
    /// An edge worth nothing.
    fileprivate init(_ dwelling: Int) { self.init(dwelling: dwelling, score: 0) }
}
