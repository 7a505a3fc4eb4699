// A region through three rounds: 400 people, 300 homes, runs that offer, declines by both sides, offers that lapse, people
// who move in, homes that come free. After every step everything that must always hold is looked for in the tables.

import Domain
import Storage
import Testing
import UseCases

/// What has happened so far, beside the database.
private struct Ledger {
    var people: [ReferralID] = []
    var homes: [DwellingID] = []
    var waitingSince: [ReferralID: Instant] = [:]
    var declined: Set<[String]> = []
    var counts: [String: Int] = [:]
}

@Suite struct RegionYearTests {
    private static let people = 400
    private static let homes = 300
    private static let perNeighbourhood = 6
    private static let places = ["GM0153", "GM0141"].compactMap { Municipality(code: $0) }
    private static let forms: [HousingForm] = [.independent, .independentAmbulatory, .shared]

    private let region: Region
    private let caller: Caller
    private let corporation: Caller

    init() async throws {
        region = try await Region()
        let trace = RequestTrace(requestID: "r-1", address: "127.0.0.1")
        caller = Caller(actor: region.coordinator, trace: trace)
        corporation = Caller(actor: region.allocator, trace: trace)
    }

    // MARK: A region

    private static func draft(_ number: Int) throws -> ReferralDraft {
        var draft = try Sample.draft(familyName: "N\(number)")
        // Nobody is anybody's double.
        draft.identity.birthDate = CivilDate(dayNumber: Int32(number) * 11)
        let place = places[number % 2]
        draft.wishes = [
            Wish(form: forms[number % 3], municipalities: [place]),
            Wish(form: forms[(number + 1) % 3], municipalities: []),
        ]
        draft.household = Household(adults: 1 + number % 2, children: number % 3, pets: number % 11 == 0)
        draft.accessibility = number % 7 == 0 ? [.lift] : []
        draft.finances.incomePerMonth = 150_000 + Int64(number % 9) * 10_000
        return draft
    }

    private static func home(_ number: Int) throws -> DwellingDraft {
        var draft = try Sample.dwelling()
        draft.form = forms[number % 3]
        draft.municipality = places[number / 3 % 2]
        draft.neighbourhood = "Wijk \(number % 20)"
        draft.rent = 50_000 + Int64(number % 8) * 4_000
        draft.accessibility = number % 3 == 0 ? [.lift] : []
        draft.householdMaximum = 1 + number % 5
        draft.petsAllowed = number % 4 == 0
        return draft
    }

    private func enter(_ numbers: Range<Int>, _ ledger: inout Ledger) async throws {
        let (caller, intaker) = (caller, Caller(actor: region.intaker, trace: caller.trace))
        for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 50) {
            let part = start..<min(start + 50, numbers.upperBound)
            ledger.people += try await region.database.write { tx in
                try part.map { number in
                    let id = try OpenReferral.run(Self.draft(number), by: intaker, in: tx).standing.id
                    _ = try MoveReferral.run(id, .startIntake, if: .any, by: intaker, in: tx)
                    var report = Sample.report
                    report.incomePerMonth = nil
                    _ = try Converse.write(report: report, of: id, by: intaker, in: tx)
                    _ = try MoveReferral.run(id, .completeReport, if: .any, by: intaker, in: tx)
                    _ = try Converse.respond(agrees: true, remarks: nil, of: id, by: intaker, in: tx)
                    let urgency = UrgencyClass.allCases[number % 3]
                    _ = try MoveReferral.run(
                        id,
                        .admit(
                            urgency: urgency, ground: "g", form: Self.forms[number % 3], agreementWaived: nil,
                            reason: nil),
                        if: .any, by: caller, in: tx)
                    return id
                }
            }
            region.wait(seconds: 60)
        }
    }

    private func supply(_ numbers: Range<Int>, _ ledger: inout Ledger) async throws {
        let corporation = corporation
        ledger.homes += try await region.database.write { tx in
            try numbers.map { try OfferDwelling.run(Self.home($0), of: nil, by: corporation, in: tx).id }
        }
    }

    // MARK: What must always hold

    private struct Sight {
        var standings: [ReferralID: ReferralStanding]
        var dwellings: [DwellingID: Dwelling]
        var live: [MatchView]
    }

    private func sight(_ ledger: Ledger) throws -> Sight {
        try region.database.read(lane: 0) { tx in
            let store = ReferralStore(tx.db)
            var standings: [ReferralID: ReferralStanding] = [:]
            for id in ledger.people { standings[id] = try store.find(id, in: .everything) }
            let dwellings = try DwellingStore(tx.db).list(
                DwellingFilter(), in: .everything, page: PageRequest(limit: 10_000)
            ).items
            let live = try MatchStore(tx.db).list(
                states: [.proposed, .offered, .accepted], in: .everything, for: .coordinator,
                on: AmsterdamTime.day(of: tx.now), page: PageRequest(limit: 10_000)
            ).items
            return Sight(
                standings: standings, dwellings: Dictionary(uniqueKeysWithValues: dwellings.map { ($0.id, $0) }),
                live: live)
        }
    }

    private func check(_ ledger: Ledger, after step: String) throws {
        let now = try sight(ledger)
        let perHome = Dictionary(grouping: now.live, by: \.dwelling.id)
        let perPerson = Dictionary(grouping: now.live, by: \.referral)
        for (id, dwelling) in now.dwellings {
            let matches = perHome[id]?.count ?? 0
            try #require(matches <= 1, "\(step): two live matches for one home")
            try #require(
                (dwelling.state == .reserved) == (matches == 1), "\(step): \(dwelling.state) with \(matches) matches")
        }
        for (id, standing) in now.standings {
            let matches = perPerson[id] ?? []
            try #require(matches.count { $0.standing.state == .accepted } <= 1, "\(step): two homes accepted")
            switch standing.state {
            case .waiting: try #require(matches.isEmpty, "\(step): waits with a match")
            case .matched:
                try #require(matches.contains { $0.standing.state == .offered }, "\(step): matched with nothing")
            case .accepted:
                try #require(matches.contains { $0.standing.state == .accepted }, "\(step): accepted nothing")
            default: try #require(matches.isEmpty, "\(step): \(standing.state) with a match")
            }
            if let since = ledger.waitingSince[id] {
                try #require(standing.waitingSince == since, "\(step): lost the place in the queue")
            }
        }
        for match in now.live {
            try #require(match.isFromRun && match.workings?.failingLimits == [], "\(step): a match from nowhere")
            let pair = [match.referral.description, match.dwelling.id.description]
            try #require(!ledger.declined.contains(pair), "\(step): the same pair after a no")
        }
        let taken = now.dwellings.values.filter { $0.state == .reserved || $0.state == .let }
        for (place, homes) in Dictionary(
            grouping: taken, by: { [$0.content.municipality.code, $0.content.neighbourhood] })
        {
            try #require(homes.count <= Self.perNeighbourhood, "\(step): \(place) takes too many")
        }
    }

    /// Nobody waits without a proposal while a home that fits is proposed to nobody and its neighbourhood has room; and
    /// made again from what was kept the run is the same.
    private func check(_ run: MatchRun, _ ledger: Ledger) throws {
        let kept = try region.kept(run)
        var room = kept.caps.map(\.places)
        for home in kept.homes where home.place != nil { if let cap = home.cap { room[cap] -= 1 } }
        try #require(room.allSatisfy { $0 >= 0 })
        for (place, person) in kept.people.enumerated() where person.home == nil {
            for (number, home) in kept.homes.enumerated() where home.place == nil && person.limits[number] == 0 {
                try #require(
                    home.cap.map { room[$0] == 0 } ?? false, "place \(place) and home \(number) fit and are left")
            }
        }
        #expect(try region.look(region.coordinator) { try RunMatches.again(run.id, by: $0, in: $1) } == kept)
    }

    // MARK: Rounds

    private func round(_ number: Int, _ ledger: inout Ledger) async throws {
        let run = try await region.makeRun()
        try check(run, ledger)
        let offers = try await region.offers(from: run)
        #expect(offers.refused.isEmpty && offers.offered.count == run.outcome?.counts.proposals)
        ledger.counts["offered", default: 0] += offers.offered.count
        try check(ledger, after: "round \(number), offers")
        for (place, offer) in offers.offered.enumerated() {
            let (caller, corporation, match) = (caller, corporation, offer.match)
            let pair = [offer.referral.description, offer.dwelling.description]
            switch place % 5 {
            case 0:
                try await region.database.write { tx in
                    _ = try AnswerMatch.run(
                        match, .decline(.doesNotFitWishes, note: nil), onBehalfOf: .candidate, by: caller, in: tx)
                }
                ledger.declined.insert(pair)
                ledger.counts["declined by the person", default: 0] += 1
            case 1 where place % 10 == 1:
                try await region.database.write { tx in
                    _ = try AnswerMatch.run(
                        match, .decline(.dwellingUnsuitable, note: nil), onBehalfOf: nil, by: corporation, in: tx)
                }
                ledger.declined.insert(pair)
                ledger.counts["declined by the landlord", default: 0] += 1
            case 2: ledger.counts["left to lapse", default: 0] += 1
            default:
                try await region.database.write { tx in
                    _ = try AnswerMatch.run(match, .accept, onBehalfOf: .candidate, by: caller, in: tx)
                    _ = try AnswerMatch.run(match, .accept, onBehalfOf: nil, by: corporation, in: tx)
                }
                ledger.counts["accepted", default: 0] += 1
            }
        }
        try check(ledger, after: "round \(number), answers")
        region.wait(days: 12)
        let caller = caller
        let expired = try await region.database.write { try ExpireOffers.run(by: caller, in: $0, limit: 1000) }
        ledger.counts["expired", default: 0] += expired
        try check(ledger, after: "round \(number), lapsed")
        try await moveIn(offers, &ledger)
        try check(ledger, after: "round \(number), moved in")
    }

    private func moveIn(_ offers: RunOffers, _ ledger: inout Ledger) async throws {
        let accepted = try sight(ledger).live.filter { $0.standing.state == .accepted }
        let (caller, corporation) = (caller, corporation)
        let supporter = Caller(actor: region.supporter, trace: caller.trace)
        let (provider, today) = (region.provider, region.today)
        for match in accepted.prefix(accepted.count * 4 / 5) {
            let (id, referral) = (match.id, match.referral)
            try await region.database.write { tx in
                let asked = try ArrangeSupport.ask(
                    SupportAsk(provider: provider, hoursPerWeek: 6, needs: [.money], wantedFrom: nil, note: nil),
                    for: referral, by: caller, in: tx)
                _ = try ArrangeSupport.answer(
                    asked.id, .accept(startsOn: today, hoursPerWeek: 6, contactName: "Kim", contactPhone: "0612345678"),
                    by: supporter, in: tx)
                _ = try RegisterTenancy.run(
                    match: id, startsOn: today, kind: nil, convertOn: nil, by: corporation, in: tx)
            }
            ledger.counts["moved in", default: 0] += 1
        }
        // What both accepted falls through now and then; the person keeps the place in the queue.
        for match in accepted.suffix(accepted.count / 10) {
            let id = match.id
            try await region.database.write { tx in
                _ = try AnswerMatch.run(
                    id, .decline(.wantsToWait, note: nil), onBehalfOf: .candidate, by: caller, in: tx)
            }
            ledger.declined.insert([match.referral.description, match.dwelling.id.description])
            ledger.counts["fell through", default: 0] += 1
        }
    }

    @Test func threeRounds() async throws {
        try await region.apply { settings in
            settings.caps = Self.places.map {
                SpreadCap(municipality: $0, neighbourhood: nil, perYear: Self.perNeighbourhood)
            }
        }
        var ledger = Ledger()
        try await enter(0..<250, &ledger)
        try await supply(0..<120, &ledger)
        for (id, standing) in try sight(ledger).standings { ledger.waitingSince[id] = standing.waitingSince }
        try check(ledger, after: "the start")
        try await round(1, &ledger)
        try await enter(250..<Self.people, &ledger)
        try await supply(120..<220, &ledger)
        try await round(2, &ledger)
        try await supply(220..<Self.homes, &ledger)
        try await round(3, &ledger)
        #expect(ledger.people.count == Self.people && ledger.homes.count == Self.homes)
        for kind in [
            "offered", "accepted", "declined by the person", "declined by the landlord", "expired", "moved in",
            "fell through",
        ] {
            #expect(ledger.counts[kind] ?? 0 > 0, "\(kind)")
        }
        #expect(ledger.counts["left to lapse"] == ledger.counts["expired"])
        print(
            "a region: "
                + ledger.counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
    }
}
