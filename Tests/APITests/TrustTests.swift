// Somebody whom a person trusts looks along: sees what the person sees, does nothing, is told apart in the ledger, and stops
// seeing anything the moment the person says so.

import Domain
import HTTPWire
import TestKit
import Testing

@testable import API

@Suite struct TrustTests {
    private func bearer(_ secret: String) -> [(String, String)] { [("Authorization", "Bearer \(secret)")] }

    @Test func aSisterLooksAlong() async throws {
        let bench = try await Bench()
        let client = bench.client
        let journey = try await Journey.reaching(.offered, on: bench)
        let added = try await client.post(
            journey.path + "/trusted-people", as: journey.candidate, ["name": "Mijn zus"],
            fields: [("Idempotency-Key", "once")])
        #expect(added.status == 201)
        let secret = added.json["/secret"]?.text ?? ""
        let token = added.json["/token"]?.text ?? ""
        #expect(added.json["/expiresAt"]?.text == "2027-11-23T23:00:00.000Z")

        for route in Routes.all {
            guard let action = route.action, action.roles.contains(.candidate) else { continue }
            let target = route.template.filled(route.kind == .match ? journey.match : journey.referral)
            let reply = try await client.send(
                route.method, target, Array("{}".utf8), type: route.body == .none ? nil : "application/json",
                fields: bearer(secret) + [("If-Match", "*")])
            let mayLook = action.isForTrustedPeople
            #expect((reply.status == 403) == !mayLook, "\(route.method) \(route.template): \(reply.status)")
            // Signing in and out is no deed in anybody's dossier.
            if mayLook { #expect(route.method == .get || route.template == "/session", "\(route.template)") }
        }
        let me = try await client.get("/v1/me", fields: bearer(secret)).json
        #expect(me["/looksAlong"] == true && me["/referral"]?.text == journey.referral)
        #expect(me["/actions"]?.elements.contains("writeWishes") == false)
        let seen = try await client.get(journey.path, fields: bearer(secret))
        let own = try await client.get(journey.path, as: journey.candidate)
        #expect(seen.status == 200 && seen.text == own.text)

        let looks = try await client.get(journey.path + "/disclosures?limit=5", as: journey.candidate).json
        let theirs = looks["/items"]?.elements.first { $0["/trustedPerson"]?.text == "Mijn zus" }
        #expect(theirs?["/text/nl"]?.text?.hasPrefix("Mijn zus, die met u meekijkt, heeft op") == true)
        let audited = try await client.get(journey.path + "/disclosures?limit=100", as: .role(.auditor))
        #expect(audited.status == 200 && !audited.text.contains("Mijn zus"), "a name is not an auditor's to know")
        #expect(audited.json["/items"]?.elements.contains { $0["/trustedPerson"] == "***" } == true)

        let people = try await client.get(journey.path + "/trusted-people", as: journey.candidate)
        #expect(people.json["/items/0/name"]?.text == "Mijn zus" && !people.text.contains(secret))
        let ended = try await client.post(
            journey.path + "/trusted-people/\(token)/revocations", as: journey.candidate, [:])
        #expect(ended.status == 200 && ended.json["/revokedAt"] != nil)
        #expect(try await client.get(journey.path, fields: bearer(secret)).status == 401)
        #expect(
            try await client.post(
                journey.path + "/trusted-people/\(token)/revocations", as: journey.candidate, [:]
            ).status == 409)
    }

    @Test func fiveAtOnceAndAYearAtMost() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.posted, on: bench)
        let path = journey.path + "/trusted-people"
        for (until, status) in [("2026-11-22", 400), ("2027-11-24", 400), ("2027-11-23", 201), ("2026-11-23", 201)] {
            let reply = try await bench.client.post(path, as: .intaker, ["name": "A", "until": .text(until)])
            #expect(reply.status == status, "\(until)")
        }
        for status in [201, 201, 201, 409] {
            #expect(try await bench.client.post(path, as: journey.candidate, ["name": "B"]).status == status)
        }
    }
}
