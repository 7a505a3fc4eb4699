// Why (not) this home, for one person; and who fits a home, or would but for one limit. Held against what is free and who
// waits at this moment, with what the last run said beside it. What an explanation is and says is in Explanation.

package import Domain
internal import Matching
package import Storage

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
                rentGapCents: Feasibility.rentGapCents(candidate, home), outOfReachFrom: outOfReach[dwelling.id],
                declinedBy: person.declined.last { $0.dwelling == dwelling.id }?.party)
        }
        let groups = AccessPolicy.groups(ofReferralFor: caller.actor.role)
        var explanation = Explanation(
            standing: standing, asOf: tx.now, place: try referrals.queuePlace(of: standing), groups: groups,
            homes: homes)
        if let run, let outcome = run.outcome, let line = try runs.line(of: id, in: run.id) {
            explanation.lastRun = Explanation.RunLine(
                run: run.id, asOf: outcome.asOf, people: outcome.counts.candidates, line: line,
                fitted: line.dwelling == nil ? try fitted(line, in: run.id, runs) : [])
        }
        explanation.showsHomes = AccessPolicy.decide(caller.actor, .readMatch) == .allow
        return Reading(
            explanation,
            disclosures: [
                Disclosure(
                    "read_explanations",
                    of: groups.intersection([.status, .decision, .housingNeeds, .wishes, .finances]), about: id)
            ].compactMap(\.self))
    }

    // The homes of a run that fitted somebody, as far as they are told of one by one.
    private static func fitted(
        _ line: MatchRunLine, in run: MatchRunID, _ runs: MatchRunStore
    ) throws -> [MatchRunHomeLine] {
        let numbers = line.person.limits.indices.filter { line.person.limits[$0] == 0 }
        return try runs.homeLines(of: run, numbered: numbers)
    }

    private static func cutOffs(of run: MatchRunID, _ runs: MatchRunStore) throws -> [DwellingID: Int] {
        var found: [DwellingID: Int] = [:]
        for home in try runs.homes(of: run) { found[home.dwelling] = home.cutOff.map { $0 + 1 } }
        return found
    }

    /// What rests on facts about a person that no landlord may have: support, a contact ban, income, consent, earlier answers.
    /// Whoever turns the terms of a home and reads the counts each time would find them one by one.
    private static let notForLandlords = [MatchLimit.form, .exclusion, .rent, .consent, .declinedBefore]
        .reduce(into: MatchLimits()) { $0.formUnion(MatchLimits($1)) }

    /// Who fits a home, or would but for one limit: people for the intake point, and for its landlord counts alone, of what a
    /// landlord may know.
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
        let isStaff = AccessPolicy.referrals(visibleTo: caller.actor).isRegionWide
        let failing = people.map {
            Feasibility.failing(candidate: maker.facts($0), dwelling: home, on: today.dayNumber)
                .subtracting(isStaff ? [] : notForLandlords)
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
        guard isStaff else { return Reading(answer) }
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
