// What stands between somebody and a home, as a value and in words: how many homes fit, which limits stand in the way, which
// homes went to whose turn it was. A reader is told of no limit that speaks of what they may not see.

package import Domain
internal import Matching
package import Storage

/// A home as it stands to somebody.
package struct HomeExplanation: Sendable, Equatable {
    package var home: OfferedDwelling
    /// The limits that fail, by their codes; none when it fits.
    package var limits: [String]
    /// Which wish it meets first, from 1.
    package var wishRank: Int?
    package var score: Int64
    /// How much higher the rent is than what fits the income, in euro cents; zero when it fits.
    package var rentGapCents: Int64
    /// From which place in the last run's queue on it was out of reach.
    package var outOfReachFrom: Int?
    /// Who said no to it before.
    package var declinedBy: MatchParty?
}

/// A home that fits somebody, or did in the last run, and why it is not theirs.
package struct FittingHome: Sendable, Equatable {
    package var home: OfferedDwelling
    package var outOfReachFrom: Int?
    package var english: String
    package var dutch: String
}

/// What stands between somebody and a home.
package struct Explanation: Sendable, Equatable {
    package var standing: ReferralStanding
    package var asOf: Instant
    /// The place in the queue, from 1; nil for who does not wait.
    package var place: Int?
    /// What its reader may see of a person: no limit speaks of anything else.
    package var groups: FieldGroups
    package var homes: [HomeExplanation]
    /// What the last run said of this person; nil when they were not in it.
    package var lastRun: RunLine?
    /// Whether its reader may be told of homes one by one.
    package var showsHomes = false

    init(standing: ReferralStanding, asOf: Instant, place: Int?, groups: FieldGroups, homes: [HomeExplanation]) {
        self.standing = standing
        self.asOf = asOf
        self.place = place
        self.groups = groups
        self.homes = homes
    }

    /// Somebody's line in the last run.
    package struct RunLine: Sendable, Equatable {
        package var run: MatchRunID
        package var asOf: Instant
        package var people: Int
        package var line: MatchRunLine
        /// When it had nothing for them, the homes that fitted.
        package var fitted: [MatchRunHomeLine]

        /// Whether a home was out of reach when it was their turn.
        func isOutOfReach(from place: Int?) -> Bool { place.map { $0 <= line.place + 1 } ?? false }
    }
}

/// A limit in the way of a home, or a person: how often, how often alone, and in plain words.
package struct LimitCount: Sendable, Equatable {
    package var limit: String
    package var count: Int
    package var alone: Int
    package var english: String
    package var dutch: String
}

extension Explanation {
    /// The most homes that a person is told of one by one.
    package static let fittingLimit = 25

    /// How many homes fit.
    package var fitting: Int { homes.count { $0.limits.isEmpty } }

    /// The homes, those with the fewest limits in the way first, then by score.
    package var ranked: [HomeExplanation] {
        homes.enumerated().sorted { left, right in
            (left.element.limits.count, -left.element.score, left.offset)
                < (right.element.limits.count, -right.element.score, right.offset)
        }.map(\.element)
    }

    private func isTold(_ limit: MatchLimit) -> Bool { groups.isSuperset(of: limit.groups) }

    /// Each limit that stands in the way of a home and that the reader may know of, in the order of limits.
    package var limits: [LimitCount] {
        MatchLimit.allCases.filter(isTold).compactMap { limit in
            let failing = homes.filter { $0.limits.contains(limit.rawValue) }
            guard !failing.isEmpty else { return nil }
            let alone = failing.filter { $0.limits.count == 1 }
            // What is told is what would have helped: not a home that was somebody else's by their turn.
            let inReach = alone.filter { !(lastRun?.isOutOfReach(from: $0.outOfReachFrom) ?? false) }
            let words = LimitWords.person(
                limit, homes: failing.count, alone: alone.count,
                rentGapCents: limit == .rent ? inReach.map(\.rentGapCents).min() : nil,
                declinedBy: Set(failing.compactMap(\.declinedBy)))
            return LimitCount(
                limit: limit.rawValue, count: failing.count, alone: alone.count, english: words.english,
                dutch: words.dutch)
        }
    }

    /// The homes that fit, or fitted in the last run, each with why it is not this person's; none for who is not told of
    /// homes.
    package var fittingHomes: [FittingHome] {
        guard showsHomes else { return [] }
        let now = Dictionary(homes.map { ($0.home.id, $0) }, uniquingKeysWith: { first, _ in first })
        let then = lastRun?.fitted ?? []
        // What has come to fail since is told by its limit.
        var found = then.filter { now[$0.offered.id]?.limits.isEmpty ?? true }.map { line -> FittingHome in
            let from = line.home.cutOff.map { $0 + 1 }
            let words = LimitWords.fitting(
                wasGiven: line.home.place != nil, isFree: now[line.offered.id] != nil,
                isOutOfReach: lastRun?.isOutOfReach(from: from) ?? false)
            return FittingHome(home: line.offered, outOfReachFrom: from, english: words.english, dutch: words.dutch)
        }
        let told = Set(then.map(\.offered.id))
        let fresh = LimitWords.fitting(wasGiven: false, isFree: true, isOutOfReach: false)
        for home in ranked where home.limits.isEmpty && !told.contains(home.home.id) {
            found.append(
                FittingHome(home: home.home, outOfReachFrom: nil, english: fresh.english, dutch: fresh.dutch))
        }
        return Array(found.prefix(Self.fittingLimit))
    }

    /// How it stands, in a few sentences.
    package var summary: (english: String, dutch: String) {
        let run = lastRun.flatMap { run -> LimitWords.Words? in
            guard run.line.dwelling == nil else { return nil }
            let unlocks = run.line.person.unlocks.compactMap { MatchLimit(rawValue: $0) }.filter(isTold)
            return LimitWords.lastRun(
                unlocks, fitted: run.fitted.count, given: run.fitted.count { $0.home.place != nil })
        }
        let here = LimitWords.supply(homes.count, fitting: fitting)
        return (
            [here.english, run?.english].compactMap(\.self).joined(separator: " "),
            [here.dutch, run?.dutch].compactMap(\.self).joined(separator: " ")
        )
    }
}

extension MatchLimit {
    /// What of a person it speaks of.
    fileprivate var groups: FieldGroups {
        switch self {
        case .availability, .cap, .agreement, .nuisance: []
        case .form: .support
        case .wish, .municipality: .wishes
        case .accessibility, .household, .pets: .housingNeeds
        case .rent: .finances
        case .consent: .consents
        case .exclusion, .declinedBefore: .decision
        }
    }
}
