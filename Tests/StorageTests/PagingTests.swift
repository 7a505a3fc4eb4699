// Pages stay whole while rows come in between them: no repeats, no gaps, in each order and through each filter.

import Domain
import Storage
import Testing

@Suite struct PagingTests {
    let region: Region
    init() throws { region = try Region(seed: 7) }

    /// Lists page by page, with a change after each.
    private func walk(
        _ filter: ReferralFilter, limit: Int, between change: () throws -> Void = {}
    ) throws -> [ReferralSummary] {
        var items: [ReferralSummary] = []
        var request = PageRequest<ReferralKey>(limit: limit)
        for _ in 0..<1000 {
            let page = try ReferralStore(region.db).list(
                filter, in: .everything, groups: [.status, .identity, .origin], page: request)
            items += page.items
            guard let next = page.next else { return items }
            request.after = next
            try change()
        }
        Issue.record("the list does not end")
        return items
    }

    @Test(arguments: [1, 2, 5, 30, 31, 100]) func newcomersBetweenPages(limit: Int) throws {
        let present = try (0..<30).map { _ in
            region.now = region.now.adding(seconds: 1)
            return try region.addReferral()
        }
        func come() throws {
            region.now = region.now.adding(seconds: 1)
            _ = try region.addReferral()
        }
        var filter = ReferralFilter()
        let newest = try walk(filter, limit: limit, between: come).map(\.standing.id)
        #expect(newest == present.reversed())
        filter.order = .oldestFirst
        var left = 10
        let oldest = try walk(filter, limit: limit) {
            left -= 1
            if left > 0 { try come() }
        }.map(\.standing.id)
        // Those who come in while one walks towards them are met at the end, each once.
        #expect(Array(oldest.prefix(30)) == present && oldest == oldest.sorted() && Set(oldest).count == oldest.count)
    }

    @Test(arguments: [1, 3, 7, 50]) func theQueueWithItsTies(limit: Int) throws {
        var ids: [ReferralID] = []
        for _ in 0..<40 {
            let id = try region.addReferral()
            ids.append(id)
            if region.dice.chance(75) { try region.admit(id) }
        }
        var filter = ReferralFilter()
        filter.order = .queue
        let listed = try walk(filter, limit: limit).map(\.standing)
        let expected = try ids.compactMap { try ReferralStore(region.db).find($0, in: .everything) }
            .filter { $0.state == .waiting }
            .sorted {
                ($0.urgency?.rank ?? 9, $0.waitingSince?.milliseconds ?? 0, $0.id)
                    < ($1.urgency?.rank ?? 9, $1.waitingSince?.milliseconds ?? 0, $1.id)
            }
        #expect(listed == expected)
    }

    @Test func filters() throws {
        var ids: [ReferralID] = []
        for _ in 0..<60 {
            let id = try region.addReferral()
            ids.append(id)
            if region.dice.chance(50) { try region.admit(id) }
        }
        let all = try ids.compactMap { try ReferralStore(region.db).find($0, in: .everything) }
        for states in [[], [ReferralState.waiting], [.waiting, .submitted], [.closed]] {
            for route in [nil] + ReferralRoute.allCases.map(Optional.some) {
                for place in [nil] + Region.municipalities.map(Optional.some) {
                    var filter = ReferralFilter()
                    filter.states = states
                    filter.route = route
                    filter.municipality = place
                    let expected = all.filter {
                        (states.isEmpty || states.contains($0.state)) && (route == nil || $0.route == route)
                            && (place == nil || $0.municipality == place)
                    }
                    #expect(try walk(filter, limit: 4).map(\.standing.id) == expected.map(\.id).reversed())
                }
            }
        }
    }

    @Test func otherLists() throws {
        let referral = try region.addReferral()
        var dwellings: [DwellingID] = []
        var matches: [MatchID] = []
        var events: [EventID] = []
        for number in 0..<23 {
            let landlord = Region.landlords[number % 3]
            dwellings.append(try region.addDwelling(landlord: landlord))
            matches.append(try region.addMatch(referral, dwellings[number], landlord: landlord))
            let id = region.newID(of: EventTag.self)
            try EventStore(region.db).insert(
                id, about: referral, kind: "patch", from: nil, to: nil, by: region.actor(), reason: nil, at: region.now)
            events.append(id)
            try LedgerStore(region.db).append(
                [Disclosure(referral: referral, object: id.retyped(), action: "patch", groups: .identity)],
                by: region.actor(), trace: RequestTrace(requestID: "r", address: "a"), at: region.now)
        }
        for limit in [1, 5, 23, 24] {
            let homes = try allPages(of: limit) {
                try DwellingStore(region.db).list(DwellingFilter(), in: .everything, page: $0)
            }
            #expect(homes.map(\.id) == dwellings.reversed())
            let offers = try allPages(of: limit) {
                try MatchStore(region.db).list(
                    states: [.proposed], in: .everything, for: .coordinator, on: Region.day, page: $0)
            }
            #expect(offers.map(\.id) == matches.reversed())
            let timeline = try allPages(of: limit) {
                try #require(
                    try EventStore(region.db).list(
                        of: referral, in: .everything, timeline: .everything, groups: .status, page: $0))
            }
            #expect(timeline.map(\.id) == events)
            let looks = try allPages(of: limit) { try LedgerStore(region.db).list(about: referral, page: $0) }
            #expect(looks.map(\.sequence) == (1...23).reversed())
        }
        var filter = DwellingFilter()
        filter.states = [.free]
        filter.form = .shared
        filter.municipality = Region.municipalities[0]
        let all = try allPages(of: 5) {
            try DwellingStore(region.db).list(DwellingFilter(), in: .everything, page: $0)
        }
        let some = try allPages(of: 2) { try DwellingStore(region.db).list(filter, in: .everything, page: $0) }
        #expect(
            some
                == all.filter {
                    $0.state == .free && $0.content.form == .shared
                        && $0.content.municipality == Region.municipalities[0]
                })
    }
}
