// Whether people can all be seated, straight from the caps and without a network: depth first, the person with the
// fewest dwellings left first, weighed by how often each ran out before (Boussemart, Hemery, Lecoutre and Sais 2004),
// and afresh after ever longer tries. Strong where caps cross tightly, which is where boxes are weak.

struct CrossingSeats {
    /// Dwellings, then caps: how much more each takes.
    private var room: [Int]
    /// Per dwelling, itself and its caps.
    private let uses: Rows<Int>
    /// Per dwelling or cap, the dwellings that use it.
    private let users: [[Int]]
    /// Per dwelling, how many of its uses have no room.
    private var blocks: [Int]
    private let edges: Rows<MatchInstance.Edge>
    /// Per dwelling, the people it fits.
    private let fitted: [[Int]]

    /// Per person, the dwellings that are open, and the one taken.
    private var open: [Int]
    private var taken: [Int]
    private var weights: [Int]
    private var steps = 0

    init(_ edges: Rows<MatchInstance.Edge>, _ caps: CrossingCaps) {
        let (rooms, uses) = (caps.rooms, caps.uses)
        self.edges = edges
        self.uses = uses
        room = rooms
        users = caps.users
        blocks = (0..<uses.count).map { uses[$0].count { rooms[$0] <= 0 } }
        var fitted = Array(repeating: [Int](), count: uses.count)
        for person in 0..<edges.count { for edge in edges[person] { fitted[edge.dwelling].append(person) } }
        self.fitted = fitted
        let blocks = blocks
        open = (0..<edges.count).map { edges[$0].count { blocks[$0.dwelling] == 0 } }
        taken = Array(repeating: FlowNetwork.none, count: edges.count)
        weights = Array(repeating: 1, count: edges.count)
    }

    /// Tries for about so many steps: `isWhole` when the answer is certain, with no seats when there are none.
    mutating func answer(steps most: Int) -> (isWhole: Bool, seats: [Int]?, steps: Int) {
        steps = 0
        guard !open.contains(0) else { return (true, nil, 0) }
        var path: [Choice] = []
        while let person = next() {
            path.append(Choice(person: person, dwellings: edges[person].map(\.dwelling).filter { blocks[$0] == 0 }))
            while !goOn(&path) {
                if path.isEmpty { return (true, nil, steps) }
            }
            if steps >= most {
                for choice in path { release(choice.person) }
                return (false, nil, steps)
            }
        }
        return (true, taken, steps)
    }

    /// Someone with a dwelling, and those still to be tried.
    private struct Choice {
        let person: Int
        var dwellings: [Int]
    }

    /// Gives the last person the next dwelling; false when that leaves someone without any. Who has tried all is taken
    /// off the path.
    private mutating func goOn(_ path: inout [Choice]) -> Bool {
        guard var last = path.popLast() else { return false }
        if taken[last.person] != FlowNetwork.none { release(last.person) }
        guard let dwelling = last.dwellings.popLast() else { return false }
        path.append(last)
        return take(last.person, dwelling)
    }

    private mutating func next() -> Int? {
        steps += taken.count
        var best: Int?
        for person in taken.indices where taken[person] == FlowNetwork.none {
            guard let other = best else {
                best = person
                continue
            }
            if open[person] * weights[other] < open[other] * weights[person] { best = person }
        }
        return best
    }

    private mutating func take(_ person: Int, _ dwelling: Int) -> Bool {
        taken[person] = dwelling
        var isPossible = true
        for use in uses[dwelling] {
            room[use] -= 1
            guard room[use] == 0 else { continue }
            for other in users[use] {
                blocks[other] += 1
                guard blocks[other] == 1 else { continue }
                steps += fitted[other].count
                for loser in fitted[other] {
                    open[loser] -= 1
                    guard open[loser] == 0, taken[loser] == FlowNetwork.none else { continue }
                    weights[loser] += 1
                    isPossible = false
                }
            }
        }
        return isPossible
    }

    /// Takes back exactly what `take` did; in any order.
    private mutating func release(_ person: Int) {
        for use in uses[taken[person]] {
            room[use] += 1
            guard room[use] == 1 else { continue }
            for other in users[use] {
                blocks[other] -= 1
                guard blocks[other] == 0 else { continue }
                for winner in fitted[other] { open[winner] += 1 }
            }
        }
        taken[person] = FlowNetwork.none
    }
}
