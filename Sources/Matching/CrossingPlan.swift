// The outcome when caps cross, in three steps that each may give up by itself: who joins, where they live, and from
// which turn each dwelling was out of reach.

struct CrossingPlan {
    private let instance: MatchInstance
    private let caps: CrossingCaps
    private let stepLimit: Int
    private var search: CrossingSearch

    init(_ instance: MatchInstance, family: CapFamily, stepLimit: Int) {
        self.instance = instance
        self.stepLimit = stepLimit
        caps = CrossingCaps(instance, family: family)
        search = CrossingSearch(caps: caps, stepsLeft: stepLimit)
    }

    /// Who joins, with a way to seat them as counts per cell.
    private struct Joined {
        let people: [Int]
        let counts: [Int]
        let isProven: Bool
        /// Per dwelling, after how many people it is known to be out of reach, or `FlowNetwork.never`.
        let goneAfter: [Int]
    }

    /// The outcome, with what of it is certain.
    mutating func make() -> MatchEngine.Plan {
        let joined = joined()
        let edges = rows(of: joined.people)
        let (best, scoreIsProven) = homes(for: edges, counts: joined.counts)
        let (outAt, isExact) = cutOffs(of: joined, edges, counts: best.counts)

        var seats = Array(repeating: FlowNetwork.none, count: instance.edges.count)
        for (row, person) in joined.people.enumerated() {
            seats[person] = instance.edges.range(person).lowerBound + best.seats[row] - edges.range(row).lowerBound
        }
        return MatchEngine.Plan(
            seats: seats, outAt: outAt,
            proof: .init(
                capsNest: false, sizeIsProven: joined.people.count == mostServed(), orderIsProven: joined.isProven,
                scoreIsProven: joined.isProven && scoreIsProven, explanationsAreProven: joined.isProven && isExact))
    }

    /// Those whom the lowest bound serves, when all caps can be kept for them, for no set is better; else turn by turn.
    private mutating func joined() -> Joined {
        let bound = search.lowest(instance.edges)
        let people = bound.seats.indices.filter { bound.seats[$0] != FlowNetwork.none }
        let edges = rows(of: people)
        search.stepsLeft = stepLimit
        let seated = search.dive(edges, from: search.lowest(edges))
        guard seated.served < people.count else {
            let never = Array(repeating: FlowNetwork.never, count: instance.capacities.count)
            return Joined(people: people, counts: seated.counts, isProven: true, goneAfter: never)
        }
        search.stepsLeft = stepLimit
        var turns = CrossingTurns(instance, caps: caps)
        turns.run(&search)
        return Joined(
            people: turns.joined, counts: turns.counts, isProven: turns.isProven, goneAfter: turns.goneAfter)
    }

    private func rows(of people: [Int]) -> Rows<MatchInstance.Edge> {
        var rows = Rows<MatchInstance.Edge>()
        for person in people { rows.append(instance.edges[person]) }
        return rows
    }

    /// No set of people is larger: what the strictest forest of the caps can serve.
    private func mostServed() -> Int {
        caps.trees.map { tree in
            var network = FlowNetwork(edges: instance.edges, tree: tree)
            network.run()
            return network.seats.count { $0 != FlowNetwork.none }
        }.min() ?? 0
    }

    /// The best homes for exactly these people, or else good ones.
    private mutating func homes(
        for edges: Rows<MatchInstance.Edge>, counts: [Int]
    ) -> (best: CrossingSearch.Node, isProven: Bool) {
        search.stepsLeft = stepLimit
        switch search.best(edges) {
        case .found(let best): return (best, true)
        case .nothing: preconditionFailure("the people who joined have homes")
        case .undecided(let bound):
            search.stepsLeft = stepLimit
            let present = search.solve(edges, within: caps.closed(around: counts))
            let other = search.dive(edges, from: bound)
            return (CrossingSearch.isBetter(other, than: present, by: edges) ? other : present, false)
        }
    }

    /// Per dwelling, the turn from which it is out of reach, and whether that is exact or only surely not too late.
    ///
    /// Two nested runs over those who joined bracket it: by a forest of the caps it goes out no sooner, within a closed
    /// box around the outcome no later. In between, reach only ends once, so halving finds the turn.
    private mutating func cutOffs(
        of joined: Joined, _ edges: Rows<MatchInstance.Edge>, counts: [Int]
    ) -> (outAt: [Int], isExact: Bool) {
        search.stepsLeft = stepLimit
        let people = joined.people
        let inside = outAt(edges, by: caps.limited(caps.trees[0], to: caps.closed(around: counts)))
        let outside = caps.trees.map { outAt(edges, by: $0) } + [joined.goneAfter]
        var isExact = true
        let turnsOut = instance.capacities.indices.map { dwelling in
            var low = inside[dwelling]
            var high = outside.map { $0[dwelling] }.min() ?? low
            while low < high {
                let middle = (low + high) / 2
                guard let isWithin = isWithinReach(dwelling, of: edges, first: middle) else {
                    isExact = false
                    break
                }
                if isWithin { low = middle + 1 } else { high = middle }
            }
            // Out once `low` people have joined: the first turn after the last of them.
            return low > people.count ? FlowNetwork.never : low == 0 ? 0 : people[low - 1] + 1
        }
        return (turnsOut, isExact)
    }

    /// Per dwelling, after how many of these people it is out of reach; one more than all when never.
    private func outAt(_ edges: Rows<MatchInstance.Edge>, by tree: CapTree) -> [Int] {
        var network = FlowNetwork(edges: edges, tree: tree)
        network.run()
        return network.outAt.prefix(instance.capacities.count).map { min($0, edges.count + 1) }
    }

    /// Whether the first `count` people and one more, for whom only `dwelling` fits, are servable; nil when the search
    /// gave up.
    private mutating func isWithinReach(
        _ dwelling: Int, of edges: Rows<MatchInstance.Edge>, first count: Int
    ) -> Bool? {
        var rows = Rows<MatchInstance.Edge>()
        for row in 0..<count { rows.append(edges[row]) }
        rows.append([MatchInstance.Edge(dwelling: dwelling, score: 0)])
        return switch search.isServable(rows) {
        case .counts: true
        case .impossible: false
        case .undecided: nil
        }
    }
}
