// An independent verifier of outcomes with nested caps: one plain residual graph, breadth first search for the set,
// the cut-offs and the unlocks, Bellman and Ford for the score and the ties. It shares no code with the engine.

import Matching

/// Finds what is wrong with an outcome.
struct OutcomeCheck {
    private struct Arc {
        let from: Int
        let to: Int
        var room: Int64
        let cost: Int64
    }

    private let input: MatchInput
    private var personNode: [String: Int] = [:]
    private var dwellingNode: [String: Int] = [:]
    private let source = 0
    private let sink = 1
    /// Pairs: an arc and, next to it, its reverse.
    private var arcs: [Arc] = []
    private var arcsFrom: [[Int]] = []
    private var arcOfEdge: [[String: Int]] = []

    /// The faults of `outcome` as an answer to `input`; none when it is the one outcome.
    static func faults(_ outcome: MatchOutcome, for input: MatchInput) -> [String] {
        var check = OutcomeCheck(input)
        let shape = check.shapeFaults(outcome)
        guard shape.isEmpty else { return shape }
        return check.setFaults(outcome) + check.scoreFaults(outcome)
    }

    /// The faults that can be seen without asking for the best: these hold with crossing caps too.
    static func shapeFaults(_ outcome: MatchOutcome, for input: MatchInput) -> [String] {
        OutcomeCheck(input).shapeFaults(outcome)
    }

    private init(_ input: MatchInput) {
        self.input = input.sortedByHand
        var nodes = 2
        func newNode() -> Int {
            nodes += 1
            return nodes - 1
        }
        for dwelling in self.input.dwellings { dwellingNode[dwelling.id] = newNode() }
        var groupNode: [String: Int] = [:]
        for group in self.input.groups { groupNode[group.id] = newNode() }
        for candidate in self.input.candidates { personNode[candidate.id] = newNode() }
        arcsFrom = Array(repeating: [], count: nodes)

        var sizes: [String: Int] = [:]
        for dwelling in input.dwellings { for group in dwelling.groups { sizes[group, default: 0] += 1 } }
        var outer: [String: Int] = [:]
        for dwelling in self.input.dwellings {
            let chain = dwelling.groups.sorted { (sizes[$0] ?? 0, $0) < (sizes[$1] ?? 0, $1) }
            let path = chain.compactMap { groupNode[$0] } + [sink]
            addArc(dwellingNode[dwelling.id] ?? sink, path[0], room: dwelling.capacity, cost: 0)
            for (group, next) in zip(chain, path.dropFirst()) { outer[group] = next }
        }
        for group in self.input.groups {
            addArc(groupNode[group.id] ?? sink, outer[group.id] ?? sink, room: group.cap, cost: 0)
        }
        for candidate in self.input.candidates {
            let node = personNode[candidate.id] ?? source
            addArc(source, node, room: 0, cost: 0)
            var row: [String: Int] = [:]
            for edge in candidate.edges {
                row[edge.dwelling] = arcs.count
                addArc(node, dwellingNode[edge.dwelling] ?? sink, room: 1, cost: -edge.score)
            }
            arcOfEdge.append(row)
        }
    }

    private mutating func addArc(_ from: Int, _ to: Int, room: Int64, cost: Int64) {
        arcsFrom[from].append(arcs.count)
        arcs.append(Arc(from: from, to: to, room: room, cost: cost))
        arcsFrom[to].append(arcs.count)
        arcs.append(Arc(from: to, to: from, room: 0, cost: -cost))
    }

    private mutating func push(_ arc: Int) {
        arcs[arc].room -= 1
        arcs[arc ^ 1].room += 1
    }

    /// Ids, edges, sums, capacities, caps, and that everybody and every dwelling is spoken of once.
    private func shapeFaults(_ outcome: MatchOutcome) -> [String] {
        var faults: [String] = []
        let served = outcome.assignments.map(\.candidate)
        let place = Dictionary(uniqueKeysWithValues: input.candidates.enumerated().map { ($0.element.id, $0.offset) })
        if Set(served).count != served.count { faults.append("someone has two proposals") }
        if outcome.assignments.reduce(0, { $0 + $1.score }) != outcome.totalScore { faults.append("wrong total") }
        var perGroup: [String: Int64] = [:]
        for assignment in outcome.assignments {
            guard let person = place[assignment.candidate],
                input.candidates[person].edges.contains(where: {
                    $0.dwelling == assignment.dwelling && $0.score == assignment.score
                })
            else {
                faults.append("no such edge")
                continue
            }
            perGroup["dwelling " + assignment.dwelling, default: 0] += 1
            for group in input.dwellings.first(where: { $0.id == assignment.dwelling })?.groups ?? [] {
                perGroup["group " + group, default: 0] += 1
            }
        }
        for dwelling in input.dwellings where perGroup["dwelling " + dwelling.id] ?? 0 > dwelling.capacity {
            faults.append("a dwelling is too full")
        }
        for group in input.groups where perGroup["group " + group.id] ?? 0 > group.cap {
            faults.append("a cap is broken")
        }
        return faults
    }

    /// Who joined, the unlocks and the cut-offs, by a plain maximum flow in queue order.
    private mutating func setFaults(_ outcome: MatchOutcome) -> [String] {
        let clean = arcs
        defer { arcs = clean }
        var joined: [String] = []
        var unlocks: [MatchOutcome.Unlock] = []
        var cutOff: [String: String] = [:]
        for candidate in input.candidates {
            let reaching = nodesReachingSink()
            for dwelling in input.dwellings where cutOff[dwelling.id] == nil {
                if !reaching[dwellingNode[dwelling.id] ?? source] { cutOff[dwelling.id] = candidate.id }
            }
            if augment(from: personNode[candidate.id] ?? source) {
                joined.append(candidate.id)
            } else {
                let open = candidate.near.filter { reaching[dwellingNode[$0.dwelling] ?? source] }
                unlocks.append(.init(candidate: candidate.id, limits: Set(open.map(\.limit)).sorted()))
            }
        }
        let cutOffs = input.dwellings.compactMap { dwelling in
            cutOff[dwelling.id].map { MatchOutcome.CutOff(dwelling: dwelling.id, candidate: $0) }
        }
        var faults: [String] = []
        if joined != outcome.assignments.map(\.candidate) { faults.append("not the best set in queue order") }
        if unlocks != outcome.unlocks { faults.append("wrong unlocks") }
        if cutOffs != outcome.cutOffs { faults.append("wrong cut-offs") }
        return faults
    }

    private func nodesReachingSink() -> [Bool] {
        var reached = Array(repeating: false, count: arcsFrom.count)
        reached[sink] = true
        var open = [sink]
        while let node = open.popLast() {
            for arc in arcsFrom[node] where arcs[arc ^ 1].room > 0 && !reached[arcs[arc].to] {
                reached[arcs[arc].to] = true
                open.append(arcs[arc].to)
            }
        }
        return reached
    }

    private mutating func augment(from start: Int) -> Bool {
        var arrival = Array(repeating: -1, count: arcsFrom.count)
        var queue = [start]
        var next = 0
        while next < queue.count, arrival[sink] < 0 {
            for arc in arcsFrom[queue[next]] where arcs[arc].room > 0 {
                let node = arcs[arc].to
                if node != start, arrival[node] < 0 {
                    arrival[node] = arc
                    queue.append(node)
                }
            }
            next += 1
        }
        guard arrival[sink] >= 0 else { return false }
        var node = sink
        while node != start {
            push(arrival[node])
            node = arcs[arrival[node]].from
        }
        return true
    }

    /// No negative cycle (the total is the highest), and no cycle of cost zero that suits anyone earlier better.
    private mutating func scoreFaults(_ outcome: MatchOutcome) -> [String] {
        let chainArc = Dictionary(grouping: arcs.indices.filter { $0 % 2 == 0 && arcs[$0].cost == 0 }) { arcs[$0].from }
        let place = Dictionary(uniqueKeysWithValues: input.candidates.enumerated().map { ($0.element.id, $0.offset) })
        for assignment in outcome.assignments {
            guard let person = place[assignment.candidate], let edge = arcOfEdge[person][assignment.dwelling] else {
                return ["no such edge"]
            }
            push(edge)
            var node = dwellingNode[assignment.dwelling] ?? sink
            while node != sink, let up = chainArc[node]?.first {
                push(up)
                node = arcs[up].to
            }
        }
        guard distances(from: nil) != nil else { return ["a higher total exists"] }

        for assignment in outcome.assignments {
            guard let person = place[assignment.candidate], let home = arcOfEdge[person][assignment.dwelling] else {
                continue
            }
            // Settled from here on, this person's arcs are gone; the cycle is theirs to close.
            for arc in arcsFrom[arcs[home].from] {
                arcs[arc].room = 0
                arcs[arc ^ 1].room = 0
            }
            for edge in input.candidates[person].edges {
                let better =
                    edge.score > assignment.score
                    || (edge.score == assignment.score
                        && edge.dwelling.unicodeScalars.lexicographicallyPrecedes(assignment.dwelling.unicodeScalars))
                guard better, let start = dwellingNode[edge.dwelling] else { continue }
                if let back = distances(from: start)?[arcs[home].to], back == edge.score - assignment.score {
                    return ["someone could have a better dwelling at the same total"]
                }
            }
        }
        return []
    }

    /// Bellman and Ford over arcs with room: from one node, or from all at once; nil when a negative cycle exists.
    private func distances(from start: Int?) -> [Int64?]? {
        var distance = [Int64?](repeating: start == nil ? 0 : nil, count: arcsFrom.count)
        if let start { distance[start] = 0 }
        for _ in 0...arcsFrom.count {
            var changed = false
            for arc in arcs where arc.room > 0 {
                guard let here = distance[arc.from] else { continue }
                if here + arc.cost < distance[arc.to] ?? Int64.max {
                    distance[arc.to] = here + arc.cost
                    changed = true
                }
            }
            if !changed { return distance }
        }
        return nil
    }
}
