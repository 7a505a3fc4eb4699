// A person follows their own referral from the door to the key with a token of their own, and does what is theirs to do.

import Domain
import TestKit
import Testing

@Suite struct OverviewTests {
    @Test func fromTheDoorToTheKey() async throws {
        let bench = try await Bench()
        let client = bench.client
        var journey = try await Journey.reaching(.posted, on: bench)
        let candidate = journey.candidate
        func overview() async throws -> JSONTree {
            let reply = try await client.get(journey.path + "/overview", as: candidate)
            #expect(reply.status == 200, "\(reply.text)")
            return reply.json
        }
        var now = try await overview()
        #expect(now["/next/party"]?.text == "intake_point" && now["/queue"] == nil && now["/promise"] == nil)
        let wishes = try await client.post(
            journey.path + "/wishes", as: candidate, ["wishes": [["form": "shared"]], "phase": "rebuilding"])
        #expect(wishes.status == 201)
        #expect(try await overview()["/wishes/version"]?.number == 2)

        try await journey.advance(to: .reportWritten)
        now = try await overview()
        #expect(now["/next/party"]?.text == "candidate" && now["/report/answered"] == false)
        #expect(now["/next/text/nl"]?.text?.contains("verslag") == true)

        try await journey.advance(to: .waiting)
        now = try await overview()
        #expect(now["/queue/place"]?.number == 1 && now["/promise/state"]?.text == "running")
        #expect(now["/promise/daysLeft"]?.number == 182)
        #expect(now["/consents"]?.elements.count == 3 && (now["/looksInThirtyDays"]?.number ?? 0) > 3)

        try await journey.advance(to: .offered)
        now = try await overview()
        #expect(now["/next/party"]?.text == "candidate" && now["/next/dueOn"] != nil)
        #expect(now["/offers/0/match"]?.text == journey.match && now["/offers/0/answer"]?.text == "pending")
        try await journey.advance(to: .housed)
        #expect(try await overview()["/next/party"]?.text == "provider")
    }

    /// A more urgent person goes before, a later one does not.
    @Test func thePlaceInTheQueue() async throws {
        let bench = try await Bench()
        let first = try await Journey.reaching(.waiting, on: bench)
        let plain = Drafts.plainReferral.setting("/consents", ["intake", "matching", "share_with_landlord"])
        _ = try await Journey.reaching(.waiting, on: bench, plain)
        let third = try await Journey.reaching(
            .waiting, on: bench, plain.setting("/person/familyName", "Later"))
        var places: [Int64?] = []
        for journey in [first, third] {
            places.append(
                try await bench.client.get(journey.path + "/overview", as: journey.candidate).json["/queue/place"]?
                    .number)
        }
        #expect(places == [1, 3])
    }
}
