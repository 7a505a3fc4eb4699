// Why (not) this home, for one person; and who fits a home, or would but for one limit. Held against what is free and who
// waits at this moment, with what the last run said beside it.

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
}

/// What stands between somebody and a home.
package struct Explanation: Sendable, Equatable {
    package var standing: ReferralStanding
    package var asOf: Instant
    /// The place in the queue, from 1; nil for who does not wait.
    package var place: Int?
    package var homes: [HomeExplanation]
    /// What the last run said of this person; nil when they were not in it.
    package var lastRun: RunLine?

    /// Somebody's line in the last run.
    package struct RunLine: Sendable, Equatable {
        package var run: MatchRunID
        package var asOf: Instant
        package var people: Int
        package var line: MatchRunLine
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
    /// How many homes fit.
    package var fitting: Int { homes.count { $0.limits.isEmpty } }

    /// Each limit that stands in the way of a home, in the order of limits.
    package var limits: [LimitCount] {
        MatchLimit.allCases.compactMap { limit in
            let failing = homes.filter { $0.limits.contains(limit.rawValue) }
            guard !failing.isEmpty else { return nil }
            let alone = failing.filter { $0.limits.count == 1 }
            let gap = limit == .rent ? alone.map(\.rentGapCents).min() : nil
            let words = LimitWords.person(limit, homes: failing.count, alone: alone.count, rentGapCents: gap)
            return LimitCount(
                limit: limit.rawValue, count: failing.count, alone: alone.count, english: words.english,
                dutch: words.dutch)
        }
    }

    /// How it stands, in a few sentences.
    package var summary: (english: String, dutch: String) {
        let run = lastRun.flatMap { $0.line.dwelling == nil ? LimitWords.lastRun($0.line.person.unlocks) : nil }
        let here = LimitWords.supply(homes.count, fitting: fitting)
        return (
            [here.english, run?.english].compactMap(\.self).joined(separator: " "),
            [here.dutch, run?.dutch].compactMap(\.self).joined(separator: " ")
        )
    }
}

/// Somebody as they stand to a home.
package struct PersonForHome: Sendable, Equatable {
    package var referral: ReferralID
    package var number: Int
    /// The place in the queue, from 1.
    package var place: Int
    /// The one limit that fails; nil when the home fits.
    package var limit: String?
}

/// Who fits a home, or would but for one limit.
package struct HomeForPeople: Sendable, Equatable {
    package var dwelling: Dwelling
    package var waiting: Int
    package var fits: Int
    /// How many it would fit but for one limit, by that limit.
    package var butForOne: [LimitCount]
    /// The first in the queue of those, and of whom it fits; none for who may not know of people.
    package var people: [PersonForHome]?
}

/// Explains matches.
package enum Explain {
    /// The most people named about a home.
    package static let peopleLimit = 25

    /// What stands between somebody and the homes that are free.
    ///
    /// - Throws: `UseCaseFault`.
    package static func person(
        _ id: ReferralID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<Explanation> {
        try caller.require(.readExplanations)
        let referrals = ReferralStore(tx.db)
        guard let standing = try referrals.find(id, in: AccessPolicy.referrals(visibleTo: caller.actor)),
            let person = try MatchFactsStore(tx.db).candidates(.one(id)).first
        else { throw UseCaseFault.notFound }
        let today = AmsterdamTime.day(of: tx.now)
        var maker = try FactsMaker(on: today, in: tx)
        let dwellings = try MatchFactsStore(tx.db).supply()
        let facts = dwellings.map { maker.facts($0) }
        let candidate = maker.facts(person)
        let runs = MatchRunStore(tx.db)
        let run = try runs.latest()
        let outOfReach = try run.map { try cutOffs(of: $0.id, runs) } ?? [:]
        let homes = zip(dwellings, facts).map { dwelling, home in
            var offered = dwelling.offered
            offered.address = nil
            return HomeExplanation(
                home: offered,
                limits: Feasibility.failingLimits(candidate: candidate, dwelling: home, on: today.dayNumber)
                    .map(\.rawValue),
                wishRank: WishScore.wishRank(candidate, home), score: WishScore.score(candidate, home),
                rentGapCents: Feasibility.rentGapCents(candidate, home), outOfReachFrom: outOfReach[dwelling.id])
        }
        var explanation = Explanation(
            standing: standing, asOf: tx.now, place: try referrals.queuePlace(of: standing), homes: homes, lastRun: nil)
        if let run, let outcome = run.outcome, let line = try runs.line(of: id, in: run.id) {
            explanation.lastRun = Explanation.RunLine(
                run: run.id, asOf: outcome.asOf, people: outcome.counts.candidates, line: line)
        }
        let groups = AccessPolicy.groups(ofReferralFor: caller.actor.role)
            .intersection([.status, .decision, .housingNeeds, .wishes, .finances])
        return Reading(
            explanation, disclosures: [Disclosure("read_explanations", of: groups, about: id)].compactMap(\.self))
    }

    private static func cutOffs(of run: MatchRunID, _ runs: MatchRunStore) throws -> [DwellingID: Int] {
        var found: [DwellingID: Int] = [:]
        for home in try runs.homes(of: run) { found[home.dwelling] = home.cutOff.map { $0 + 1 } }
        return found
    }

    /// Who fits a home, or would but for one limit: people for the intake point, and for its landlord counts alone.
    ///
    /// - Throws: `UseCaseFault`.
    package static func home(
        _ id: DwellingID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<HomeForPeople> {
        try caller.require(.readDwellingExplanations)
        guard let dwelling = try DwellingStore(tx.db).find(id, in: AccessPolicy.dwellings(visibleTo: caller.actor))
        else {
            throw UseCaseFault.notFound
        }
        let today = AmsterdamTime.day(of: tx.now)
        let people = try MatchFactsStore(tx.db).candidates(.queue(AccessPolicy.queue(countedBy: caller.actor)))
        var maker = try FactsMaker(on: today, in: tx)
        let home = maker.facts(dwelling)
        let failing = people.map {
            Feasibility.failing(candidate: maker.facts($0), dwelling: home, on: today.dayNumber)
        }
        let singles = failing.map(\.single)
        let counts = MatchLimit.allCases.compactMap { limit -> LimitCount? in
            let count = singles.count { $0 == limit }
            guard count > 0 else { return nil }
            let words = LimitWords.home(limit, people: count)
            return LimitCount(
                limit: limit.rawValue, count: count, alone: count, english: words.english, dutch: words.dutch)
        }
        var answer = HomeForPeople(
            dwelling: dwelling, waiting: people.count, fits: failing.count(where: \.isEmpty), butForOne: counts,
            people: nil)
        guard AccessPolicy.referrals(visibleTo: caller.actor).isRegionWide else { return Reading(answer) }
        let named = people.indices.filter { failing[$0].isEmpty || singles[$0] != nil }.prefix(peopleLimit)
        answer.people = named.map { place in
            PersonForHome(
                referral: people[place].id, number: people[place].number, place: place + 1,
                limit: singles[place]?.rawValue)
        }
        let groups = RunMatches.groups(caller)
        return Reading(
            answer, disclosures: named.compactMap { Disclosure("list", of: groups, about: people[$0].id) })
    }
}
