// What a broken glass lets its bearer do over HTTP: look, and keep somebody safe, each time with a mark; not what outlasts
// it, whether the person stands in the path or in the body.

import Domain
import HTTPWire
import TestKit
import Testing

@testable import API

@Suite struct EmergencyTests {
    @Test func whatIsNamedInABodyIsHiddenToo() async throws {
        let bench = try await Bench()
        let client = bench.client
        let journey = try await Journey.reaching(.dwellingOffered, on: bench)
        let other = try await client.post("/v1/referrals", as: .coordinator, Drafts.plainReferral)
        let links = "/v1/referrals/\(other.json["/id"]?.text ?? "")/links"
        try await client.post(journey.path + "/restriction", as: .intaker, ["reason": "Threats.", "people": []])
        let access = try await client.post(
            journey.path + "/emergency-access", as: .coordinator, ["reason": "Somebody is in danger."])
        #expect(access.status == 201)
        func bodies(_ id: String) -> [(path: String, body: JSONTree)] {
            [
                ("/v1/matches", ["referral": .text(id), "dwelling": .text(journey.dwelling), "reason": "A draft."]),
                ("/v1/handovers", Drafts.handover.setting("/referral", .text(id))),
                (links, ["referral": .text(id), "outcome": "same_person"]),
            ]
        }
        for (hidden, missing) in zip(bodies(journey.referral), bodies(World.missing)) {
            let there = try await client.post(hidden.path, as: .coordinator, hidden.body)
            let absent = try await client.post(missing.path, as: .coordinator, missing.body)
            #expect(there.status == 400 && absent.status == 400, "\(hidden.path): \(there.text)")
            #expect(there.json.removing("/instance") == absent.json.removing("/instance"), "\(hidden.path)")
        }
    }

    @Test func whatIsDoneInAnEmergencyIsMarkedAndEndsWithIt() async throws {
        let bench = try await Bench()
        let client = bench.client
        let journey = try await Journey.reaching(.waiting, on: bench)
        try await client.post(journey.path + "/restriction", as: .intaker, ["reason": "Threats.", "people": []])
        try await client.post(
            journey.path + "/emergency-access", as: .coordinator, ["reason": "Somebody is in danger."])
        let before = try bench.scratch.rowCounts()["access_token"]
        let friend = try await client.post(
            journey.path + "/trusted-people", as: .coordinator, ["name": "A friend"])
        let over = try await client.post(
            journey.path + "/restriction", as: .coordinator, ["reason": "Over.", "ended": true])
        #expect(friend.status == 404 && over.status == 404)
        #expect(try bench.scratch.rowCounts()["access_token"] == before)
        let patch = try await client.patch(
            journey.path, as: .coordinator, ["person": ["phone": "+31600000123"]], ifMatch: "*")
        let look = try await client.get(journey.path, as: .coordinator)
        #expect(patch.status == 200 && look.status == 200, "\(patch.text)")

        let looks = try await client.get(journey.path + "/disclosures?limit=100", as: journey.candidate)
        let theirs = (looks.json["/items"]?.elements ?? []).filter { $0["/role"] == "coordinator" }
        let marked = theirs.filter { $0["/emergency"] == true }
        // The opening, the change, what that showed, and the look.
        #expect(marked.count == 4 && Array(theirs.prefix(4)) == marked, "\(theirs.prefix(6).map { $0["/action"] })")

        bench.clock.advance(seconds: EmergencyAccess.seconds)
        #expect(try await client.get(journey.path, as: .coordinator).status == 404)
        #expect(try await client.get(journey.path + "/restriction", as: .intaker).status == 200)
    }
}
