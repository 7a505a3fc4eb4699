// Match runs: asked for, computed on one snapshot away from the sockets, kept whole, and compared with what there was
// before. A run only proposes; what is offered from it is OfferFromRun's.

package import Domain
internal import Matching
package import Storage

/// Makes and reads match runs.
package enum RunMatches {
    /// Asks for a run.
    ///
    /// - Throws: `UseCaseFault`.
    package static func ask(
        _ rules: MatchRunRules, offering: Bool, by caller: Caller, in tx: WriteTransaction
    ) throws -> MatchRun {
        try caller.require(.runMatches)
        guard !(offering && rules.isTrial) else {
            throw UseCaseFault.invalid(
                pointer: "/dry", code: "trial", text: "Rules that are only tried can't be offered from.")
        }
        let run = MatchRun(id: tx.newIdentifier(), askedAt: tx.now, rules: rules, offers: offering)
        try MatchRunStore(tx.db).insert(run, by: caller.actor.token)
        return run
    }

    /// Computes a run on one snapshot, with everybody in it, restricted or not: whose turn it is rests on nobody's sight.
    /// `note` hears how many people of how many have been held against the homes.
    ///
    /// - Throws: `UseCaseFault`, or `MatchInstanceError` for more than a run may have.
    package static func compute(
        _ id: MatchRunID, by caller: Caller, in tx: ReadTransaction, note: (Int, Int) -> Void = { _, _ in }
    ) throws -> MatchRunResult {
        try caller.require(.runMatches)
        guard let run = try MatchRunStore(tx.db).find(id) else { throw UseCaseFault.notFound }
        let region = try RegionStore(tx.db).current()
        let today = AmsterdamTime.day(of: tx.now)
        let store = MatchFactsStore(tx.db)
        let people = try store.candidates(.queue(.everything))
        let homes = try store.supply()
        let rounds = run.rules.isTrial ? 2 : 1
        func ask(_ rules: MatchRunRules, round: Int) throws -> (RunQuestion, Int64, [MatchRunCertainty]) {
            var question = RunQuestion(
                people, homes, rules, try FactsMaker(rules, on: today, in: tx), on: today
            ) { note(round * people.count + $0, rounds * people.count) }
            let (total, certain) = try question.answer()
            return (question, total, certain)
        }
        var (question, total, certain) = try ask(run.rules, round: 0)
        let previous = try MatchRunStore(tx.db).latest(before: id)
        let before: [ReferralID: DwellingID?]
        if run.rules.isTrial {
            let inForce = try ask(.inForce, round: 1).0
            before = Dictionary(
                inForce.people.compactMap { person in
                    person.referral.map { ($0, person.home.map { inForce.homes[$0].dwelling }) }
                }, uniquingKeysWith: { first, _ in first })
        } else {
            before = try previous.map { try proposed(by: $0.id, tx) } ?? [:]
        }
        var counts = MatchRunCounts()
        compare(&question, with: before, &counts)
        counts.candidates = people.count
        counts.dwellings = homes.count
        counts.pairs = question.pairs
        counts.proposals = question.people.count { $0.home != nil }
        counts.totalScore = total
        let outcome = MatchRunOutcome(
            regionVersion: region.version, asOf: tx.now, counts: counts, certain: certain,
            comparedWith: run.rules.isTrial ? nil : previous?.id)
        return MatchRunResult(outcome: outcome, caps: question.caps, homes: question.homes, people: question.people)
    }

    private static func proposed(by run: MatchRunID, _ tx: ReadTransaction) throws -> [ReferralID: DwellingID?] {
        Dictionary(
            try MatchRunStore(tx.db).proposals(of: run).map { ($0.referral, $0.dwelling) },
            uniquingKeysWith: { first, _ in first })
    }

    private static func compare(
        _ question: inout RunQuestion, with before: [ReferralID: DwellingID?], _ counts: inout MatchRunCounts
    ) {
        for place in question.people.indices {
            guard let referral = question.people[place].referral, let old = before[referral] else { continue }
            let now = question.people[place].home.map { question.homes[$0].dwelling }
            let change = MatchRunChange(from: old, to: now)
            question.people[place].change = change
            switch change {
            case .gained: counts.gained += 1
            case .lost: counts.lost += 1
            case .moved: counts.moved += 1
            case .first, .same: break
            }
        }
    }

    /// Keeps the result of a run.
    ///
    /// - Returns: With a run that offers at once, what is to be offered in the same commit.
    /// - Throws: `UseCaseFault`.
    package static func finish(
        _ id: MatchRunID, _ result: MatchRunResult, by caller: Caller, in tx: WriteTransaction
    ) throws -> RunOffering? {
        try caller.require(.runMatches)
        let store = MatchRunStore(tx.db)
        guard let run = try store.find(id), try store.finish(id, result, at: tx.now) else {
            throw UseCaseFault.notFound
        }
        guard run.offers, try AccessTokens.stillHolds(caller.actor, in: tx) else { return nil }
        return try OfferFromRun.prepare(id, .all, by: caller, in: tx.reading)
    }

    /// Makes a kept run again from what was kept of it, with its outcome anew.
    ///
    /// - Throws: `UseCaseFault`, or `MatchInstanceError`.
    package static func again(_ id: MatchRunID, by caller: Caller, in tx: ReadTransaction) throws -> MatchRunResult {
        try caller.require(.readMatchRuns)
        let store = MatchRunStore(tx.db)
        guard let outcome = try store.find(id)?.outcome else { throw UseCaseFault.notFound }
        var question = RunQuestion(
            caps: try store.caps(of: id), homes: try store.homes(of: id), people: try store.people(of: id))
        for place in question.people.indices {
            question.people[place].home = nil
            question.people[place].score = nil
            question.people[place].unlocks = []
        }
        for number in question.homes.indices {
            question.homes[number].place = nil
            question.homes[number].cutOff = nil
        }
        _ = try question.answer()
        return MatchRunResult(outcome: outcome, caps: question.caps, homes: question.homes, people: question.people)
    }

    /// Makes a kept run again and holds it against what was kept.
    ///
    /// - Throws: `UseCaseFault`; `.conflict` for a run that is not done. `MatchInstanceError`.
    package static func replay(_ id: MatchRunID, by caller: Caller, in tx: ReadTransaction) throws -> RunReplay {
        guard try find(id, by: caller, in: tx).state == .done else {
            throw UseCaseFault.conflict(.other, "The run is not done; there is nothing to make again.")
        }
        let anew = try again(id, by: caller, in: tx)
        let store = MatchRunStore(tx.db)
        let people = zip(try store.people(of: id), anew.people).count { $0 != $1 }
        let homes = zip(try store.homes(of: id), anew.homes).count { $0 != $1 }
        return RunReplay(
            run: id, rulesVersion: anew.outcome.rulesVersion, differingPeople: people, differingHomes: homes)
    }

    // MARK: Looking

    /// A run.
    ///
    /// - Throws: `UseCaseFault`.
    package static func find(_ id: MatchRunID, by caller: Caller, in tx: ReadTransaction) throws -> MatchRun {
        try caller.require(.readMatchRuns)
        guard let run = try MatchRunStore(tx.db).find(id) else { throw UseCaseFault.notFound }
        return run
    }

    /// A page of runs, newest first.
    ///
    /// - Throws: `UseCaseFault`.
    package static func list(
        _ page: PageRequest<MatchRunID>, by caller: Caller, in tx: ReadTransaction
    ) throws -> Page<MatchRun, MatchRunID> {
        try caller.require(.readMatchRuns)
        return try MatchRunStore(tx.db).list(page)
    }

    /// What a look at somebody's place in a run shows.
    static func groups(_ caller: Caller) -> FieldGroups {
        AccessPolicy.groups(ofReferralFor: caller.actor.role).intersection([.status, .decision, .housingNeeds])
    }

    /// A page of the people of a run, in the queue's order; whom the caller may not know of is left out, and keeps their place.
    ///
    /// - Throws: `UseCaseFault`.
    package static func people(
        of id: MatchRunID, _ filter: MatchRunFilter, page: PageRequest<Int64>, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<Page<MatchRunLine, Int64>> {
        _ = try find(id, by: caller, in: tx)
        let found = try MatchRunStore(tx.db).lines(
            of: id, filter, in: AccessPolicy.referrals(visibleTo: caller.actor), page: page)
        return Reading(
            found, disclosures: found.items.compactMap { Disclosure("list", of: groups(caller), about: $0.referral) })
    }

    /// A page of the homes of a run: from which place each was out of reach, and how many it would fit but for one limit.
    /// No person is in it.
    ///
    /// - Throws: `UseCaseFault`.
    package static func homes(
        of id: MatchRunID, page: PageRequest<Int64>, by caller: Caller, in tx: ReadTransaction
    ) throws -> Page<RunHome, Int64> {
        _ = try find(id, by: caller, in: tx)
        let store = MatchRunStore(tx.db)
        let found = try store.homeLines(of: id, page: page)
        let people = try store.people(of: id)
        let hidden = try store.hidden(of: id, from: AccessPolicy.referrals(visibleTo: caller.actor))
        return found.map { line in
            RunHome(line: line, among: people, isHeld: line.home.place.map(hidden.contains) ?? false)
        }
    }
}

/// How a run that was made again stands to what was kept of it.
package struct RunReplay: Sendable, Equatable {
    package var run: MatchRunID
    /// The version of limits and scores that it was made by.
    package var rulesVersion: Int
    package var differingPeople: Int
    package var differingHomes: Int

    /// Whether it is the same.
    package var isSame: Bool { differingPeople == 0 && differingHomes == 0 }
}

/// A home of a run with what stood between it and people.
package struct RunHome: Sendable, Equatable {
    package var line: MatchRunHomeLine
    /// Whether it is proposed to somebody whom the reader may not know of; then neither is their place shown.
    package var isHeld: Bool
    /// How many it fits.
    package var fits: Int
    /// How many it would fit but for one limit, by the limit's code; in the order of limits.
    package var butForOne: [(limit: String, people: Int)]

    init(line: MatchRunHomeLine, among people: [MatchRunPerson], isHeld: Bool) {
        self.line = line
        self.isHeld = isHeld
        let all = people.map { MatchLimits(rawValue: $0.limits[line.number]) }
        fits = all.count(where: \.isEmpty)
        let singles = all.compactMap(\.single)
        butForOne = MatchLimit.allCases.compactMap { limit in
            let count = singles.count { $0 == limit }
            return count == 0 ? nil : (limit.rawValue, count)
        }
    }

    package static func == (left: RunHome, right: RunHome) -> Bool {
        left.line == right.line && left.isHeld == right.isHeld && left.fits == right.fits
            && left.butForOne.elementsEqual(right.butForOne) { $0 == $1 }
    }
}

/// What stood between somebody and the homes of a run.
package enum RunPerson {
    /// Each limit that fails somewhere: for how many homes, and for how many it alone; in the order of limits.
    package static func failing(_ person: MatchRunPerson) -> [(limit: String, dwellings: Int, alone: Int)] {
        let all = person.limits.map { MatchLimits(rawValue: $0) }
        return MatchLimit.allCases.compactMap { limit in
            let one = MatchLimits(limit)
            let count = all.count { $0.contains(one) }
            return count == 0 ? nil : (limit.rawValue, count, all.count { $0 == one })
        }
    }
}
