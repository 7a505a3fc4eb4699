// A question that has been checked, as flat arrays of numbers: people in queue order, dwellings, groups and limits in
// the order of their ids. From here on the order in which the caller gave things is gone, so it cannot decide anything.

/// A valid question for `MatchEngine`: sorted, unique, in range.
package struct MatchInstance: Sendable {
    /// A feasible dwelling and its score.
    struct Edge: Sendable {
        let dwelling: Int
        let score: Int64
    }

    /// A dwelling barred by one limit.
    struct NearEdge: Sendable {
        let dwelling: Int
        let limit: Int
    }

    /// The candidates' ids in queue order: priority, then id.
    package let candidateIDs: [String]
    /// The dwellings' ids in the order of their code points.
    package let dwellingIDs: [String]

    let limitCodes: [String]
    /// Per candidate, by dwelling.
    let edges: Rows<Edge>
    /// Per candidate, in the order given.
    let near: Rows<NearEdge>
    /// Per dwelling, at most the number of candidates, so that sums cannot overflow.
    let capacities: [Int]
    /// Per dwelling, the groups it counts for, ascending.
    let groups: Rows<Int>
    /// Per group, at most the number of candidates.
    let caps: [Int]

    /// Checks `input` and lays it out.
    ///
    /// - Throws: the first fault: dwellings and groups before candidates, each list from the front.
    package init(_ input: MatchInput) throws(MatchInstanceError) {
        try Self.check(input.groups.count <= MatchBounds.groups, .tooMany) { "groups" }
        try Self.check(input.dwellings.count <= MatchBounds.dwellings, .tooMany) { "dwellings" }
        try Self.check(input.candidates.count <= MatchBounds.candidates, .tooMany) { "candidates" }
        let groupOrder = try IDOrder(input.groups.map(\.id), list: "groups")
        let dwellingOrder = try IDOrder(input.dwellings.map(\.id), list: "dwellings")
        let queue = try IDOrder(
            input.candidates.map(\.id), list: "candidates", before: input.candidates.map(\.priority))
        let people = Int64(queue.sorted.count)

        caps = try Self.caps(input.groups, in: groupOrder, atMost: people)
        (capacities, groups) = try Self.supply(input.dwellings, in: dwellingOrder, groups: groupOrder, atMost: people)

        var wishes = WishReader(dwellings: dwellingOrder)
        for (index, candidate) in input.candidates.enumerated() { try wishes.read(candidate, at: index) }
        let limits = wishes.limitRanks()
        var edges = Rows<Edge>()
        var near = Rows<NearEdge>()
        for index in queue.sorted {
            edges.append(wishes.edges[index].sorted { $0.dwelling < $1.dwelling })
            near.append(
                wishes.near[index].map { NearEdge(dwelling: $0.dwelling, limit: limits.rank[$0.limit]) })
        }
        self.edges = edges
        self.near = near
        limitCodes = limits.codes
        candidateIDs = queue.sorted.map { input.candidates[$0].id }
        dwellingIDs = dwellingOrder.sorted.map { input.dwellings[$0].id }
    }

    /// Throws `fault` unless `holds`; the place is only spelled out when it is needed.
    fileprivate static func check(
        _ holds: Bool, _ fault: MatchInstanceError.Fault, at place: () -> String
    ) throws(MatchInstanceError) {
        if !holds { throw MatchInstanceError(place: place(), fault: fault) }
    }

    private static func caps(
        _ given: [MatchInput.Group], in order: IDOrder, atMost people: Int64
    ) throws(MatchInstanceError) -> [Int] {
        for (index, group) in given.enumerated() {
            try check(group.cap >= 0, .negative) { "groups[\(index)].cap" }
        }
        return order.sorted.map { Int(min(given[$0].cap, people)) }
    }

    private static func supply(
        _ given: [MatchInput.Dwelling], in order: IDOrder, groups: IDOrder, atMost people: Int64
    ) throws(MatchInstanceError) -> (capacities: [Int], groups: Rows<Int>) {
        var chains: [[Int]] = []
        chains.reserveCapacity(given.count)
        for (index, dwelling) in given.enumerated() {
            try check(dwelling.capacity >= 0, .negative) { "dwellings[\(index)].capacity" }
            try check(dwelling.groups.count <= MatchBounds.groupsPerDwelling, .tooMany) { "dwellings[\(index)].groups" }
            var chain: [Int] = []
            for (position, id) in dwelling.groups.enumerated() {
                let place = { "dwellings[\(index)].groups[\(position)]" }
                guard let group = groups.rank(of: id) else {
                    throw MatchInstanceError(place: place(), fault: .unknownGroup)
                }
                try check(!chain.contains(group), .repeatedGroup, at: place)
                chain.append(group)
            }
            chains.append(chain.sorted())
        }
        var rows = Rows<Int>()
        for index in order.sorted { rows.append(chains[index]) }
        return (order.sorted.map { Int(min(given[$0].capacity, people)) }, rows)
    }
}

/// The ids of one list, unique, with the order they sort in.
private struct IDOrder {
    /// Positions in the given list, in sorted order.
    let sorted: [Int]
    /// Looked up only; never iterated, for its order is not ours.
    private let ranks: [ExactID: Int]

    /// Sorts by `keys` (when given) and then by id; throws at the first empty or repeated id.
    init(_ ids: [String], list: String, before keys: [Int64]? = nil) throws(MatchInstanceError) {
        let exact = ids.map(ExactID.init)
        var seen: [ExactID: Int] = [:]
        seen.reserveCapacity(ids.count)
        for (index, id) in exact.enumerated() {
            try MatchInstance.check(!id.text.isEmpty, .empty) { "\(list)[\(index)].id" }
            try MatchInstance.check(seen.updateValue(index, forKey: id) == nil, .duplicateID) { "\(list)[\(index)].id" }
        }
        sorted = exact.indices.sorted { left, right in
            if let keys, keys[left] != keys[right] { return keys[left] < keys[right] }
            return exact[left] < exact[right]
        }
        for (rank, index) in sorted.enumerated() { seen[exact[index]] = rank }
        ranks = seen
    }

    func rank(of id: String) -> Int? { ranks[ExactID(id)] }
}

/// Reads each candidate's edges and near edges, in the order given.
private struct WishReader {
    let dwellings: IDOrder
    private(set) var edges: [[MatchInstance.Edge]] = []
    private(set) var near: [[MatchInstance.NearEdge]] = []
    /// Limit codes in the order met, and where each stands; looked up only.
    private var codes: [ExactID] = []
    private var positions: [ExactID: Int] = [:]
    /// Per dwelling, the last candidate that named it, plus one.
    private var namedBy: [Int]

    init(dwellings: IDOrder) {
        self.dwellings = dwellings
        namedBy = Array(repeating: 0, count: dwellings.sorted.count)
    }

    mutating func read(_ candidate: MatchInput.Candidate, at index: Int) throws(MatchInstanceError) {
        var edgeRow: [MatchInstance.Edge] = []
        edgeRow.reserveCapacity(candidate.edges.count)
        for (position, edge) in candidate.edges.enumerated() {
            let place = { "candidates[\(index)].edges[\(position)]" }
            let dwelling = try name(edge.dwelling, candidate: index, at: place)
            try MatchInstance.check(edge.score.magnitude <= MatchBounds.score.magnitude, .scoreOutOfRange, at: place)
            edgeRow.append(MatchInstance.Edge(dwelling: dwelling, score: edge.score))
        }
        var nearRow: [MatchInstance.NearEdge] = []
        nearRow.reserveCapacity(candidate.near.count)
        for (position, edge) in candidate.near.enumerated() {
            let place = { "candidates[\(index)].near[\(position)]" }
            let dwelling = try name(edge.dwelling, candidate: index, at: place)
            try MatchInstance.check(!edge.limit.isEmpty, .empty, at: place)
            nearRow.append(MatchInstance.NearEdge(dwelling: dwelling, limit: codePosition(of: edge.limit)))
        }
        edges.append(edgeRow)
        near.append(nearRow)
    }

    /// The codes in sorted order, and for each position met the rank in that order.
    func limitRanks() -> (codes: [String], rank: [Int]) {
        let order = codes.indices.sorted { codes[$0] < codes[$1] }
        var rank = Array(repeating: 0, count: codes.count)
        for (place, position) in order.enumerated() { rank[position] = place }
        return (order.map { codes[$0].text }, rank)
    }

    private mutating func name(
        _ id: String, candidate: Int, at place: () -> String
    ) throws(MatchInstanceError) -> Int {
        guard let dwelling = dwellings.rank(of: id) else {
            throw MatchInstanceError(place: place(), fault: .unknownDwelling)
        }
        try MatchInstance.check(namedBy[dwelling] != candidate + 1, .repeatedDwelling, at: place)
        namedBy[dwelling] = candidate + 1
        return dwelling
    }

    private mutating func codePosition(of code: String) -> Int {
        let exact = ExactID(code)
        if let known = positions[exact] { return known }
        positions[exact] = codes.count
        codes.append(exact)
        return codes.count - 1
    }
}
