// What a match run is asked, by ids and in any order, as a caller or a file states it. Nothing here is checked yet:
// `MatchInstance` does that. It does not know JSON, nor what a score or a limit stands for.

/// The question of one match run: people, dwellings, caps, in any order.
package struct MatchInput: Equatable, Sendable {
    /// A feasible dwelling for a candidate: every hard limit holds.
    package struct Edge: Equatable, Sendable {
        /// The dwelling's id.
        package var dwelling: String
        /// The wish score, higher is better; at most 10^12 either side of zero.
        package var score: Int64

        /// An edge to `dwelling` worth `score`.
        package init(dwelling: String, score: Int64) {
            self.dwelling = dwelling
            self.score = score
        }
    }

    /// A dwelling for which exactly one hard limit fails.
    package struct NearEdge: Equatable, Sendable {
        /// The dwelling's id.
        package var dwelling: String
        /// The code of the limit that fails, such as a `MatchLimit` raw value; any text that is not empty.
        package var limit: String

        /// A near edge to `dwelling`, barred by `limit` alone.
        package init(dwelling: String, limit: String) {
            self.dwelling = dwelling
            self.limit = limit
        }
    }

    /// A person in the queue.
    package struct Candidate: Equatable, Sendable {
        /// Unique among candidates, compared by Unicode code points.
        package var id: String
        /// Smaller is earlier; ties by id.
        package var priority: Int64
        /// The dwellings that fit, each at most once.
        package var edges: [Edge]
        /// The dwellings that fit but for one limit, each at most once and not among `edges`.
        package var near: [NearEdge]

        /// A candidate at `priority` in the queue.
        package init(id: String, priority: Int64, edges: [Edge], near: [NearEdge] = []) {
            self.id = id
            self.priority = priority
            self.edges = edges
            self.near = near
        }
    }

    /// A dwelling, or several places at one address.
    package struct Dwelling: Equatable, Sendable {
        /// Unique among dwellings, compared by Unicode code points.
        package var id: String
        /// The ids of the caps it counts for, each at most once, in any order.
        package var groups: [String]
        /// How many candidates it takes; not negative.
        package var capacity: Int64

        /// A dwelling with `capacity` places that counts for `groups`.
        package init(id: String, groups: [String] = [], capacity: Int64 = 1) {
            self.id = id
            self.groups = groups
            self.capacity = capacity
        }
    }

    /// A cap: at most so many placements in the dwellings that name it.
    package struct Group: Equatable, Sendable {
        /// Unique among groups, compared by Unicode code points.
        package var id: String
        /// The placements still allowed, what has already happened taken off; not negative.
        package var cap: Int64

        /// A group that takes at most `cap` placements.
        package init(id: String, cap: Int64) {
            self.id = id
            self.cap = cap
        }
    }

    /// The people, in any order.
    package var candidates: [Candidate]
    /// The supply, in any order.
    package var dwellings: [Dwelling]
    /// The caps, in any order.
    package var groups: [Group]

    /// A question made of its three lists.
    package init(candidates: [Candidate] = [], dwellings: [Dwelling] = [], groups: [Group] = []) {
        self.candidates = candidates
        self.dwellings = dwellings
        self.groups = groups
    }
}
