// A match run as a value: what was asked, by which rules, how far it is, what came of it, and how that differs from what
// there was before. It does not know how proposals are found.

/// A match run, as the subject of an identifier.
package enum MatchRunTag {}
/// The name of a match run.
package typealias MatchRunID = Identifier<MatchRunTag>

/// How far a run is.
package enum MatchRunState: String, CaseIterable, Sendable {
    case queued
    case running
    case done
    case failed
}

/// What is certain about a run's outcome. With nested caps everything is.
package enum MatchRunCertainty: String, CaseIterable, Sendable {
    /// The caps that can bind nest.
    case nested
    /// No other set of proposals is larger.
    case size
    /// Nobody is passed over for somebody later in the queue.
    case order
    /// Wishes can not be met better for these people.
    case score
    /// The explanations are exact.
    case explanations
}

/// How somebody stands to what a run is compared with.
package enum MatchRunChange: String, CaseIterable, Sendable {
    /// Was not in it.
    case first
    case same
    /// Has a proposal now and had none.
    case gained
    /// Had a proposal and has none now.
    case lost
    /// Has another dwelling.
    case moved

    /// From the dwelling somebody had, if any, to the one they have.
    package init(from before: DwellingID?, to now: DwellingID?) {
        switch (before, now) {
        case (nil, nil): self = .same
        case (nil, .some): self = .gained
        case (.some, nil): self = .lost
        case (.some(let old), .some(let new)): self = old == new ? .same : .moved
        }
    }
}

/// What came of a run, in numbers.
package struct MatchRunCounts: Sendable, Equatable {
    package var candidates = 0
    package var dwellings = 0
    /// The pairs of people and homes that fit.
    package var pairs = 0
    package var proposals = 0
    package var totalScore: Int64 = 0
    package var gained = 0
    package var lost = 0
    package var moved = 0

    /// Nothing yet.
    package init() {}
}

/// A run.
package struct MatchRun: Sendable, Equatable {
    package var id: MatchRunID
    package var state: MatchRunState
    package var askedAt: Instant
    package var rules: MatchRunRules
    /// Whether what it proposes is offered at once.
    package var offers: Bool
    package var outcome: MatchRunOutcome?
    package var fault: String?

    /// A run that is asked for.
    package init(id: MatchRunID, askedAt: Instant, rules: MatchRunRules, offers: Bool) {
        self.id = id
        state = .queued
        self.askedAt = askedAt
        self.rules = rules
        self.offers = offers
    }
}

/// What a finished run says of itself as a whole.
package struct MatchRunOutcome: Sendable, Equatable {
    /// The version of the limits and scores, as the program has them.
    package static let currentRulesVersion = 2

    package var rulesVersion: Int
    package var regionVersion: Int
    /// The moment that it is about.
    package var asOf: Instant
    package var finishedAt: Instant?
    package var counts: MatchRunCounts
    package var certain: [MatchRunCertainty]
    /// The run before; nil for the first, and for a trial.
    package var comparedWith: MatchRunID?

    /// An outcome from its parts.
    package init(
        rulesVersion: Int = currentRulesVersion, regionVersion: Int, asOf: Instant, finishedAt: Instant? = nil,
        counts: MatchRunCounts, certain: [MatchRunCertainty], comparedWith: MatchRunID?
    ) {
        self.rulesVersion = rulesVersion
        self.regionVersion = regionVersion
        self.asOf = asOf
        self.finishedAt = finishedAt
        self.counts = counts
        self.certain = certain
        self.comparedWith = comparedWith
    }
}

/// A cap of a run: where and when, and the moves it still allowed; each lies within the one that is its parent.
package struct MatchRunCap: Sendable, Equatable {
    /// Nil in runs of before there were other years than that of the run.
    package var year: Int?
    /// Nil for the region.
    package var municipality: Municipality?
    /// Nil for a whole municipality and for the region.
    package var neighbourhood: String?
    package var places: Int
    /// The number of the cap around it.
    package var parent: Int?

    /// A cap from its parts.
    package init(year: Int?, municipality: Municipality?, neighbourhood: String?, places: Int, parent: Int? = nil) {
        self.year = year
        self.municipality = municipality
        self.neighbourhood = neighbourhood
        self.places = places
        self.parent = parent
    }
}

/// A home in a run; people and homes are numbers from 0, in the order of the queue and of ids.
package struct MatchRunHome: Sendable, Equatable {
    package var dwelling: DwellingID
    package var version: Int
    /// The number of the innermost cap that it is under.
    package var cap: Int?
    /// The place of whom it is proposed to.
    package var place: Int?
    /// The first place for which it was out of reach.
    package var cutOff: Int?

    /// A home from its parts.
    package init(dwelling: DwellingID, version: Int, cap: Int?, place: Int? = nil, cutOff: Int? = nil) {
        self.dwelling = dwelling
        self.version = version
        self.cap = cap
        self.place = place
        self.cutOff = cutOff
    }
}

/// A person in a run.
package struct MatchRunPerson: Sendable, Equatable {
    /// Nil once the dossier was destroyed.
    package var referral: ReferralID?
    package var version: Int
    /// For each home the limits that fail, as bits.
    package var limits: [UInt16]
    /// For each home that fits, in order, the score.
    package var scores: [Int32]
    /// The number of the home proposed.
    package var home: Int?
    package var score: Int64?
    /// Without a home, the codes of the limits of which each alone, lifted, would have given one.
    package var unlocks: [String]
    package var change: MatchRunChange

    /// A person from their parts.
    package init(
        referral: ReferralID?, version: Int, limits: [UInt16], scores: [Int32], home: Int? = nil, score: Int64? = nil,
        unlocks: [String] = [], change: MatchRunChange = .first
    ) {
        self.referral = referral
        self.version = version
        self.limits = limits
        self.scores = scores
        self.home = home
        self.score = score
        self.unlocks = unlocks
        self.change = change
    }
}

/// A finished run, whole.
package struct MatchRunResult: Sendable, Equatable {
    package var outcome: MatchRunOutcome
    package var caps: [MatchRunCap]
    package var homes: [MatchRunHome]
    package var people: [MatchRunPerson]

    /// A result from its parts.
    package init(outcome: MatchRunOutcome, caps: [MatchRunCap], homes: [MatchRunHome], people: [MatchRunPerson]) {
        self.outcome = outcome
        self.caps = caps
        self.homes = homes
        self.people = people
    }
}
