// The match run: from a checked question to its one outcome. It chooses between the exact pass for nested caps and
// the search for crossing ones, and words the result by ids. It knows no housing rules and no clock.

/// The allocation engine.
package enum MatchEngine {
    /// The outcome of `instance`, as `MatchOutcome` defines it.
    ///
    /// With nested caps one exact pass: successive shortest paths in queue order. When caps cross, which is NP-hard
    /// (three-dimensional matching is a special case), a search that takes the nested pass as its bound; if it gives
    /// up, the outcome keeps to all edges, capacities and caps, and its `proof` says what is not certain.
    ///
    /// - Parameter crossingSteps: edges and nodes to look at, for the outcome and again for its explanations, before
    ///   a search among crossing caps gives up; the default takes tens of seconds at most.
    package static func run(_ instance: MatchInstance, crossingSteps: Int? = nil) -> MatchOutcome {
        let family = CapFamily(instance)
        guard family.crossing.isEmpty else {
            var plan = CrossingPlan(
                instance, family: family, stepLimit: crossingSteps ?? MatchBounds.crossingSteps)
            return outcome(of: instance, plan.make())
        }
        var network = FlowNetwork(
            edges: instance.edges,
            tree: CapTree(capacities: instance.capacities, chains: family.chains(instance), caps: instance.caps))
        network.run()
        let plan = Plan(
            seats: network.seats, outAt: Array(network.outAt.prefix(instance.capacities.count)),
            proof: .nested)
        return outcome(of: instance, plan)
    }

    /// An outcome in numbers.
    struct Plan {
        /// Per person, the edge taken or `FlowNetwork.none`.
        let seats: [Int]
        /// Per dwelling, the turn from which it is out of reach, or `FlowNetwork.never`.
        let outAt: [Int]
        let proof: MatchOutcome.Proof
    }

    private static func outcome(of instance: MatchInstance, _ plan: Plan) -> MatchOutcome {
        var assignments: [MatchOutcome.Assignment] = []
        var unlocks: [MatchOutcome.Unlock] = []
        var total: Int64 = 0
        var isEmpty = Array(repeating: true, count: instance.dwellingIDs.count)
        for (person, id) in instance.candidateIDs.enumerated() {
            if plan.seats[person] == FlowNetwork.none {
                unlocks.append(.init(candidate: id, limits: unlock(person, instance, plan)))
                continue
            }
            let edge = instance.edges.items[plan.seats[person]]
            isEmpty[edge.dwelling] = false
            total += edge.score
            let dwelling = instance.dwellingIDs[edge.dwelling]
            assignments.append(.init(candidate: id, dwelling: dwelling, score: edge.score))
        }
        var cutOffs: [MatchOutcome.CutOff] = []
        for (dwelling, turn) in plan.outAt.enumerated() where turn < instance.candidateIDs.count {
            cutOffs.append(.init(dwelling: instance.dwellingIDs[dwelling], candidate: instance.candidateIDs[turn]))
        }
        return MatchOutcome(
            assignments: assignments, totalScore: total, unlocks: unlocks, cutOffs: cutOffs,
            emptyDwellings: emptyDwellings(isEmpty, instance, plan), proof: plan.proof)
    }

    /// The codes of which a near edge leads to a dwelling within reach at the person's turn.
    private static func unlock(_ person: Int, _ instance: MatchInstance, _ plan: Plan) -> [String] {
        var limits: [Int] = []
        for edge in instance.near[person] where plan.outAt[edge.dwelling] > person && !limits.contains(edge.limit) {
            limits.append(edge.limit)
        }
        return limits.sorted().map { instance.limitCodes[$0] }
    }

    private static func emptyDwellings(
        _ isEmpty: [Bool], _ instance: MatchInstance, _ plan: Plan
    ) -> [MatchOutcome.EmptyDwelling] {
        var nearFits = Array(repeating: [MatchOutcome.NearFit](), count: isEmpty.count)
        for (person, id) in instance.candidateIDs.enumerated() where plan.seats[person] == FlowNetwork.none {
            for edge in instance.near[person] where isEmpty[edge.dwelling] {
                nearFits[edge.dwelling].append(.init(candidate: id, limit: instance.limitCodes[edge.limit]))
            }
        }
        return isEmpty.indices.filter { isEmpty[$0] }
            .map { .init(dwelling: instance.dwellingIDs[$0], nearFits: nearFits[$0]) }
    }
}
