// The answer of a match run, by ids. The definitions stand here, because this is what a reader of a result opens.
// It does not know how the answer was found.

/// The one outcome of a question.
///
/// - **Queue**: candidates by priority, then by id (Unicode code points). *Turn* is a place in it.
/// - **Servable**: a set of people is servable when each can have a feasible dwelling at the same time within all
///   capacities and caps. A part of a servable set is servable.
/// - **Lexicographically best set**: walk the queue; each person joins exactly if those who joined before, with this
///   person, are servable. So nobody is left out for someone later. With nested caps it is also a largest servable set.
/// - **Canonical outcome**: among all ways to serve exactly that set with the highest possible total score, walk the
///   queue again; each person gets the highest score, and then the smallest dwelling id, that still allows that total
///   given the dwellings of everyone before. Exactly one outcome is left.
/// - **Within reach**: a dwelling is within reach at a turn when those who joined before that turn, together with one
///   more person for whom only this dwelling fits, are servable. Once out of reach it stays out of reach.
/// - **Cut-off** of a dwelling: the first turn at which it is out of reach, whether or not it fits the person there.
///   Never out of reach at anyone's turn: no cut-off.
/// - **Unlock** of a person without a proposal: the limits for which, if all near edges of that one limit became
///   feasible for this person alone, the person would join the set; that is, one of those dwellings is within reach
///   at the person's turn.
package struct MatchOutcome: Equatable, Sendable {
    /// One proposal.
    package struct Assignment: Equatable, Sendable {
        /// The candidate's id.
        package var candidate: String
        /// The dwelling's id.
        package var dwelling: String
        /// The score of this edge.
        package var score: Int64

        /// A proposal of `dwelling` to `candidate`.
        package init(candidate: String, dwelling: String, score: Int64) {
            self.candidate = candidate
            self.dwelling = dwelling
            self.score = score
        }
    }

    /// Which single limits stood between one person and a proposal.
    package struct Unlock: Equatable, Sendable {
        /// The id of a candidate without a proposal.
        package var candidate: String
        /// The limits' codes in the order of their code points; empty says plainly that none would have helped.
        package var limits: [String]

        /// The limits that would have given `candidate` a proposal.
        package init(candidate: String, limits: [String]) {
            self.candidate = candidate
            self.limits = limits
        }
    }

    /// From which place in the queue a dwelling could no longer be had.
    package struct CutOff: Equatable, Sendable {
        /// The dwelling's id.
        package var dwelling: String
        /// The id of the first candidate for whom it was out of reach.
        package var candidate: String

        /// The cut-off of `dwelling`.
        package init(dwelling: String, candidate: String) {
            self.dwelling = dwelling
            self.candidate = candidate
        }
    }

    /// A dwelling that nobody was proposed for, and who would have fitted but for one limit.
    package struct EmptyDwelling: Equatable, Sendable {
        /// The dwelling's id.
        package var dwelling: String
        /// People without a proposal who have a near edge to it, in queue order.
        package var nearFits: [NearFit]

        /// A dwelling without a candidate.
        package init(dwelling: String, nearFits: [NearFit]) {
            self.dwelling = dwelling
            self.nearFits = nearFits
        }
    }

    /// One person whom a dwelling fits but for one limit.
    package struct NearFit: Equatable, Sendable {
        /// The candidate's id.
        package var candidate: String
        /// The code of the limit.
        package var limit: String

        /// A candidate barred by `limit` alone.
        package init(candidate: String, limit: String) {
            self.candidate = candidate
            self.limit = limit
        }
    }

    /// What is certain about this outcome. With nested caps everything is.
    package struct Proof: Equatable, Sendable {
        /// Everything is certain.
        package static let nested = Proof(
            capsNest: true, sizeIsProven: true, orderIsProven: true, scoreIsProven: true, explanationsAreProven: true)

        /// Whether the caps that can bind nest: of any two, one contains the other or they share no dwelling.
        package var capsNest: Bool
        /// Whether it is certain that no other set of proposals is larger. If caps cross, priority goes before size.
        package var sizeIsProven: Bool
        /// Whether the set is certainly the best in queue order; false only when a search among crossing caps gave up.
        package var orderIsProven: Bool
        /// Whether total and ties are certainly the best for this set; false only when that search gave up.
        package var scoreIsProven: Bool
        /// Whether cut-offs and unlocks are exact for the set; if not, a dwelling may have stayed within reach longer,
        /// and more limits may unlock, than said. What is said to unlock does.
        package var explanationsAreProven: Bool

        /// A statement of what is certain.
        package init(
            capsNest: Bool, sizeIsProven: Bool, orderIsProven: Bool, scoreIsProven: Bool, explanationsAreProven: Bool
        ) {
            self.capsNest = capsNest
            self.sizeIsProven = sizeIsProven
            self.orderIsProven = orderIsProven
            self.scoreIsProven = scoreIsProven
            self.explanationsAreProven = explanationsAreProven
        }
    }

    /// The proposals, in queue order.
    package var assignments: [Assignment]
    /// The sum of the proposals' scores.
    package var totalScore: Int64
    /// Everyone without a proposal, in queue order.
    package var unlocks: [Unlock]
    /// The dwellings that went out of reach, in the order of their ids.
    package var cutOffs: [CutOff]
    /// The dwellings without a candidate, in the order of their ids.
    package var emptyDwellings: [EmptyDwelling]
    /// What is certain.
    package var proof: Proof

    /// An outcome made of its parts.
    package init(
        assignments: [Assignment], totalScore: Int64, unlocks: [Unlock], cutOffs: [CutOff],
        emptyDwellings: [EmptyDwelling], proof: Proof
    ) {
        self.assignments = assignments
        self.totalScore = totalScore
        self.unlocks = unlocks
        self.cutOffs = cutOffs
        self.emptyDwellings = emptyDwellings
        self.proof = proof
    }
}
