// Match runs over a small region: asked for, computed, kept whole, made again from what was kept, compared, tried with
// other rules, and offered from, with what has changed since refused and the rest made.

import Domain
import Storage
import Testing
import UseCases

extension Region {
    /// Asks for a run, computes and keeps it.
    @discardableResult
    func makeRun(
        _ rules: MatchRunRules = .inForce, offering: Bool = false, by actor: Actor? = nil
    ) async throws -> MatchRun {
        let actor = actor ?? coordinator
        let asked = try await run(actor) { try RunMatches.ask(rules, offering: offering, by: $0, in: $1) }
        let result = try look(actor) { try RunMatches.compute(asked.id, by: $0, in: $1) }
        try await run(actor) { caller, tx in
            var offering = try RunMatches.finish(asked.id, result, by: caller, in: tx)
            for number in 0..<result.outcome.counts.proposals { try offering?.offer(number, in: tx) }
        }
        return try look(actor) { try RunMatches.find(asked.id, by: $0, in: $1) }
    }

    func people(of run: MatchRun, by actor: Actor? = nil) throws -> [MatchRunLine] {
        try look(actor ?? coordinator) {
            try RunMatches.people(of: run.id, MatchRunFilter(), page: PageRequest(limit: 1000), by: $0, in: $1)
        }.value.items
    }

    func offers(from run: MatchRun, _ choice: RunChoice = .all) async throws -> RunOffers {
        try await self.run(coordinator) { caller, tx in
            var offering = try OfferFromRun.prepare(run.id, choice, by: caller, in: tx.reading)
            for number in offering.proposals.indices { try offering.offer(number, in: tx) }
            return offering.result
        }
    }

    /// A run as it was kept.
    func kept(_ run: MatchRun) throws -> MatchRunResult {
        try database.read(lane: 0) { tx in
            let store = MatchRunStore(tx.db)
            return MatchRunResult(
                outcome: try #require(try store.find(run.id)?.outcome), caps: try store.caps(of: run.id),
                homes: try store.homes(of: run.id), people: try store.people(of: run.id))
        }
    }

    /// Puts settings of the region's own in force.
    func apply(_ change: @escaping @Sendable (inout RegionSettings) -> Void) async throws {
        try await database.write { tx in
            var settings = RegionSettings.standard
            settings.name = "Twente"
            settings.municipalities = ["GM0153", "GM0141"].compactMap { Municipality(code: $0) }
                .map { RegionMunicipality(code: $0, name: $0.code, central: $0) }
            change(&settings)
            _ = try RegionStore(tx.db).insert(settings, at: tx.now)
        }
    }
}

@Suite struct RunTests {
    let region: Region
    init() async throws { region = try await Region() }

    private func waiting(_ name: String, _ change: (inout ReferralDraft) -> Void = { _ in }) async throws -> ReferralID
    {
        var draft = try Sample.draft(familyName: name)
        change(&draft)
        region.wait(seconds: 60)
        return try await region.waiting(draft)
    }

    private func home(_ change: (inout DwellingDraft) -> Void = { _ in }) async throws -> DwellingID {
        var draft = try Sample.dwelling()
        change(&draft)
        return try await region.offerDwelling(draft)
    }

    /// Whose turn it is rests on nobody's sight: somebody under threat keeps their place, and nobody hears of them.
    @Test func whoIsRestrictedKeepsTheirTurn() async throws {
        let before = try await region.makeRun()
        let hidden = try await waiting("Een")
        let other = try await waiting("Twee")
        let dwelling = try await home()
        try await region.run(region.intaker) {
            _ = try RestrictReferral.run(.restrict(people: [], reason: "Threats"), on: hidden, by: $0, in: $1)
        }
        let run = try await region.makeRun()
        #expect(run.outcome?.counts.candidates == 2 && run.outcome?.counts.proposals == 1)
        let lines = try region.people(of: run)
        #expect(lines.map(\.referral) == [other] && lines.map(\.place) == [1] && lines.map(\.dwelling) == [nil])
        func homes(_ actor: Actor) throws -> [RunHome] {
            try region.look(actor) { try RunMatches.homes(of: run.id, page: PageRequest(limit: 9), by: $0, in: $1) }
                .items
        }
        #expect(try homes(region.coordinator).map(\.isHeld) == [true])
        let offers = try await region.offers(from: run)
        #expect(offers == RunOffers(run: run.id, withheld: 1))
        #expect(try region.dwelling(dwelling).state == .free)
        let named = try await region.refusal(region.coordinator) {
            try OfferFromRun.prepare(run.id, .people([hidden]), by: $0, in: $1.reading)
        }
        #expect(named == .invalid("/referrals/0", "unknown"))
        let listed = try region.look(region.coordinator) { try RunMatches.list(PageRequest(limit: 9), by: $0, in: $1) }
        #expect(listed.items.map(\.id) == [run.id, before.id])
    }

    @Test func whoseTurnItIsGetsTheHome() async throws {
        let first = try await waiting("Een")
        let second = try await waiting("Twee")
        let dear = try await home { $0.rent = 75_000 }
        let only = try await home()
        let run = try await region.makeRun()
        let outcome = try #require(run.outcome)
        #expect(run.state == .done && !run.rules.isTrial)
        #expect(outcome.counts.candidates == 2 && outcome.counts.dwellings == 2 && outcome.counts.proposals == 1)
        #expect(outcome.counts.pairs == 2 && outcome.certain == MatchRunCertainty.allCases)
        #expect(outcome.regionVersion == 0 && outcome.rulesVersion == MatchRunOutcome.currentRulesVersion)
        let people = try region.people(of: run)
        #expect(people.map(\.referral) == [first, second])
        #expect(people.map(\.dwelling) == [only, nil] && people.map(\.person.score) == [1000, nil])
        #expect(people[1].person.unlocks == ["rent"], "one limit lifted would have given a home")
        let homes = try region.look(region.coordinator) {
            try RunMatches.homes(of: run.id, page: PageRequest(limit: 10), by: $0, in: $1)
        }.items
        let empty = try #require(homes.first { $0.line.home.dwelling == dear })
        #expect(empty.fits == 0 && empty.butForOne.map(\.limit) == ["rent"] && empty.butForOne[0].people == 2)
        let taken = try #require(homes.first { $0.line.home.dwelling == only })
        #expect(taken.line.home.place == 0 && taken.line.home.cutOff == 1)
        // Each look at somebody's place in a run is in the ledger; nothing else was shown or changed.
        #expect(try region.standing(first).state == .waiting && region.dwelling(only).state == .free)
    }

    @Test func aRunIsFrozenAndCanBeMadeAgain() async throws {
        try await region.apply {
            $0.caps = [SpreadScope.neighbourhood, .municipality].map { [place = $0.municipalities[0].code] in
                SpreadCap(municipality: place, neighbourhood: nil, perYear: 2, scope: $0)
            }
        }
        for name in ["A", "B", "C", "D"] { _ = try await waiting(name) }
        for number in 0..<4 { _ = try await home { $0.neighbourhood = number < 3 ? "Centrum" : "Zuid" } }
        let run = try await region.makeRun()
        let kept = try region.kept(run)
        #expect(kept.caps.map(\.neighbourhood) == [nil, "Centrum", "Zuid"] && kept.caps.map(\.parent) == [nil, 0, 0])
        #expect(run.outcome?.counts.proposals == 2, "the municipality takes two, whatever its neighbourhoods take")
        #expect(run.outcome?.regionVersion == 1)
        let again = try region.look(region.coordinator) { try RunMatches.again(run.id, by: $0, in: $1) }
        #expect(again == kept, "the same question has the same answer")
        // A destroyed dossier leaves numbers that are nobody's, and the run is the same.
        let gone = try #require(kept.people[0].referral)
        try await region.move(gone, .withdraw(reason: "Found a home"))
        try await region.database.write { try ErasureStore($0.db).erase(gone, on: .request, at: $0.now) }
        var anonymous = kept
        anonymous.people[0].referral = nil
        #expect(try region.kept(run) == anonymous)
        #expect(try region.look(region.coordinator) { try RunMatches.again(run.id, by: $0, in: $1) } == anonymous)
        #expect(try region.people(of: run).count == 3)
    }

    @Test func comparedWithTheRunBefore() async throws {
        let first = try await waiting("Een")
        _ = try await home { $0.rent = 75_000 }
        let before = try await region.makeRun()
        #expect(before.outcome?.comparedWith == nil)
        #expect(try region.people(of: before).map(\.person.change) == [.first])
        _ = try await home()
        let second = try await waiting("Twee")
        let after = try await region.makeRun()
        #expect(after.outcome?.comparedWith == before.id && after.outcome?.counts.gained == 1)
        #expect(try region.people(of: after).map(\.person.change) == [.gained, .first])
        _ = (first, second)
    }

    @Test func otherRulesAreTriedWithoutConsequence() async throws {
        let first = try await waiting("Een") { $0.household.pets = true }
        let second = try await waiting("Twee")
        _ = try await home()
        var rules = MatchRunRules()
        rules.leftOut = [.pets]
        let trial = try await region.makeRun(rules)
        #expect(trial.rules.isTrial && trial.outcome?.counts.gained == 1 && trial.outcome?.counts.lost == 1)
        let people = try region.people(of: trial)
        #expect(people.map(\.referral) == [first, second] && people.map(\.person.change) == [.gained, .lost])
        let refusal = try await region.refusal(region.coordinator) {
            try OfferFromRun.prepare(trial.id, .all, by: $0, in: $1.reading)
        }
        #expect(refusal == .conflict(.other))
        let tried = rules
        let atOnce = try await region.refusal(region.coordinator) {
            try RunMatches.ask(tried, offering: true, by: $0, in: $1)
        }
        #expect(atOnce == .invalid("/dry", "trial"))
        // A trial is nobody's run before.
        #expect(try await region.makeRun().outcome?.comparedWith == nil)
        rules = MatchRunRules()
        rules.rentSharePercent = 20
        #expect(try await region.makeRun(rules).outcome?.counts.lost == 1)
        rules = MatchRunRules()
        rules.neighbourhoodCap = 0
        #expect(try await region.makeRun(rules).outcome?.counts.proposals == 0)
        rules = MatchRunRules()
        rules.holdsToAgreements = true
        #expect(
            try await region.makeRun(rules).outcome?.counts.proposals == 1, "nothing was agreed, so nothing is held to")
        rules = MatchRunRules()
        rules.horizonDays = 1
        #expect(try await region.makeRun(rules).outcome?.counts.proposals == 0)
    }

    @Test func whatChangedSinceIsRefusedAndTheRestMade() async throws {
        var people: [ReferralID] = []
        for name in ["A", "B", "C", "D"] { people.append(try await waiting(name)) }
        var homes: [DwellingID] = []
        for _ in 0..<4 { homes.append(try await home()) }
        let run = try await region.makeRun()
        #expect(run.outcome?.counts.proposals == 4)
        let proposed = try region.people(of: run).compactMap(\.dwelling)
        try await region.move(people[0], .hold(reason: "Away", until: region.today.adding(days: 30)))
        let taken = proposed[1]
        try await region.run(region.allocator) {
            _ = try OfferDwelling.change(taken, DwellingChanges(state: .withdrawn) { $0 }, if: .any, by: $0, in: $1)
        }
        let consents = try region.look(region.intaker) { try Look.consents(people[2], by: $0, in: $1) }.value
        let sharing = try #require(consents.first { $0.purpose == .shareWithLandlord })
        let third = people[2]
        try await region.run(region.intaker) {
            _ = try Converse.withdraw(sharing.id, of: third, reason: nil, by: $0, in: $1)
        }
        let offers = try await region.offers(from: run)
        #expect(offers.offered.map(\.referral) == [people[3]])
        #expect(offers.refused.map(\.referral) == Array(people[0...2]))
        #expect(offers.refused.map(\.code) == ["referral-not-waiting", "dwelling-not-free", "limits"])
        #expect(offers.refused[2].limits == ["consent"] && offers.refused[2].text.contains("consent"))
        let match = try region.match(try #require(offers.offered.first).match)
        #expect(match.workings?.regionVersion == 0 && match.workings?.profileVersion == 1)
        #expect(match.isFromRun && match.workings?.run == run.id && match.offeredAt != nil)
        #expect(try region.standing(people[3]).state == .matched)
        let again = try await region.offers(from: run, .people([people[3]]))
        #expect(again.offered.isEmpty && again.refused.map(\.code) == ["referral-not-waiting"])
        let nobody = try await region.refusal(region.coordinator) {
            try OfferFromRun.prepare(run.id, .people([ReferralID(high: 1, low: 1)]), by: $0, in: $1.reading)
        }
        #expect(nobody == .invalid("/referrals/0", "unknown"))
    }

    @Test func aCapThatFillsUpWhileOfferingHolds() async throws {
        try await region.apply {
            $0.caps = [SpreadCap(municipality: $0.municipalities[0].code, neighbourhood: nil, perYear: 2)]
        }
        for name in ["A", "B", "C"] { _ = try await waiting(name) }
        for _ in 0..<3 { _ = try await home() }
        let run = try await region.makeRun(offering: true)
        #expect(run.outcome?.counts.proposals == 2)
        let offered = try region.database.read(lane: 0) { tx in
            try MatchStore(tx.db).list(
                states: [.offered], in: .everything, for: .coordinator, on: AmsterdamTime.day(of: tx.now),
                page: PageRequest(limit: 10)
            ).items
        }
        #expect(offered.count == 2, "dry: false offers in the commit that keeps the run")
        let next = try await region.makeRun()
        #expect(
            next.outcome?.counts.candidates == 1 && next.outcome?.counts.proposals == 0, "live matches lower the cap")
    }

    @Test func whoHasADraftGetsNoSecondHome() async throws {
        let first = try await waiting("Een")
        let taken = try await home()
        _ = try await home()
        let both = try await region.makeRun()
        let draft = try await region.propose(first, taken, offering: false)
        #expect(try await region.makeRun().outcome?.counts.candidates == 0)
        let offers = try await region.offers(from: both)
        #expect(offers.offered.isEmpty && offers.refused.map(\.code) == ["referral-not-waiting"])
        try await region.answer(draft, .withdraw(note: nil), by: region.coordinator)
        #expect(try await region.makeRun().outcome?.counts.proposals == 1)
    }

    @Test func onlyTheCoordinatorMakesRuns() async throws {
        for actor in region.staff where actor.role != .coordinator {
            let refusal = try await region.refusal(actor) {
                try RunMatches.ask(.inForce, offering: false, by: $0, in: $1)
            }
            #expect(refusal == .forbidden)
        }
        let missing = MatchRunID(high: 1, low: 1)
        #expect(
            try region.refusal(looking: region.coordinator) { try RunMatches.find(missing, by: $0, in: $1) }
                == .notFound)
        let asked = try await region.run(region.coordinator) {
            try RunMatches.ask(.inForce, offering: false, by: $0, in: $1)
        }
        let early = try await region.refusal(region.coordinator) {
            try OfferFromRun.prepare(asked.id, .all, by: $0, in: $1.reading)
        }
        #expect(early == .conflict(.other))
        #expect(try await region.database.write { try MatchRunStore($0.db).failInterrupted() } == 1)
        let failed = try region.look(region.coordinator) { try RunMatches.find(asked.id, by: $0, in: $1) }
        #expect(failed.state == .failed && failed.fault?.contains("ask again") == true)
    }
}
