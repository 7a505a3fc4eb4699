// Match runs over HTTP: begun behind the answer, begun once for one key, followed to their end, read with every look in the
// ledger, and what each role may learn of them.

import Domain
import TestKit
import Testing

@testable import API

@Suite struct MatchRunTests {
    /// Somebody who waits, and a home that fits.
    private func setting() async throws -> (bench: Bench, waiting: Journey) {
        let bench = try await Bench()
        return (bench, try await Journey.reaching(.dwellingOffered, on: bench))
    }

    @Test func aRunGoesOnBehindItsAnswer() async throws {
        let (bench, waiting) = try await setting()
        let client = bench.client
        let key = [("Idempotency-Key", "once")]
        let asked = try await client.post("/v1/match-runs", as: .coordinator, [:], fields: key)
        #expect(asked.status == 201 && asked.json["/status"] == "queued" && asked.json["/dry"] == true)
        let again = try await client.post("/v1/match-runs", as: .coordinator, [:], fields: key)
        #expect(again.json["/id"] == asked.json["/id"] && again["Idempotency-Replayed"] == "true")
        var run = try await client.get(asked["Location"] ?? "", as: .coordinator)
        for _ in 0..<4000 where run.json["/outcome"] == nil {
            try await Task.sleep(for: .milliseconds(5))
            run = try await client.get(asked["Location"] ?? "", as: .coordinator)
        }
        #expect(run.json["/status"] == "done" && run.json["/progress"] == nil)
        #expect(run.json["/outcome/candidates"] == 1 && run.json["/outcome/proposals"] == 1)
        #expect(try await client.get("/v1/match-runs", as: .coordinator).json["/items"]?.elements.count == 1)

        let people = try await client.get("\(asked["Location"] ?? "")/candidates", as: .coordinator)
        #expect(people.json["/items/0/referral"]?.text == waiting.referral)
        #expect(people.json["/items/0/dwelling"]?.text == waiting.dwelling && people.json["/items/0/place"] == 1)
        for word in [Canary.givenName, Canary.familyName, Canary.bsn, Canary.health, Canary.risk] {
            #expect(!people.text.contains(word))
        }
        let looks = try await client.get(waiting.path + "/disclosures?limit=1", as: waiting.candidate).json
        #expect(looks["/items/0/action"] == "list" && looks["/items/0/role"] == "coordinator")
    }

    @Test func offersComeFromTheRunAndATrialHasNone() async throws {
        let (bench, waiting) = try await setting()
        let client = bench.client
        let trial = try await client.askRun(["rules": ["rentSharePercent": 1]])
        #expect(trial.json["/trial"] == true && trial.json["/outcome/comparison/lost"] == 1)
        let none = try await client.post(
            "/v1/match-runs/\(trial.json["/id"]?.text ?? "")/offers", as: .coordinator, ["all": true])
        #expect(none.status == 409)
        let run = try await client.askRun(["dry": false])
        #expect(run.json["/status"] == "done" && run.json["/dry"] == false)
        let replay = try await client.get("/v1/match-runs/\(run.json["/id"]?.text ?? "")/replay", as: .coordinator).json
        #expect(replay["/same"] == true && replay["/differingPeople"] == 0)
        let seen = try await client.get("/v1/matches", as: .allocator).json
        #expect(seen["/items/0/origin"] == "run" && seen["/items/0/run"] == nil, "which run is the intake point's")
        #expect(seen["/items/0/status"] == "offered")
        let own = try await client.get("/v1/matches", as: waiting.candidate).json
        #expect(own["/items/0/dwelling/id"]?.text == waiting.dwelling && own["/items/0/reason"] == nil)
        let later = try await client.post(
            "/v1/match-runs/\(run.json["/id"]?.text ?? "")/offers", as: .coordinator, ["all": true])
        #expect(later.status == 201 && later.json["/offered"]?.elements.isEmpty == true)
        #expect(later.json["/refused/0/code"] == "referral-not-waiting")
    }

    @Test func eachRoleIsToldItsPart() async throws {
        let (bench, waiting) = try await setting()
        let client = bench.client
        try await client.askRun()
        let own = try await client.get(waiting.path + "/explanations", as: waiting.candidate).json
        #expect(own["/dwellings"] == nil && own["/lastRun"] == nil && own["/text/nl"]?.text?.isEmpty == false)
        #expect(own["/freeDwellings"] == 1 && own["/fitting"] == 1)
        let staff = try await client.get(waiting.path + "/explanations", as: .coordinator).json
        #expect(staff["/dwellings/0/dwelling/id"]?.text == waiting.dwelling && staff["/lastRun/place"] == 1)
        #expect(staff["/dwellings/0/dwelling/address"] == nil)
        let home = "/v1/dwellings/\(waiting.dwelling)/explanations"
        let landlords = try await client.get(home, as: .allocator)
        #expect(landlords.json["/people"] == nil && landlords.json["/waiting"] == nil)
        #expect(landlords.json["/fits"] == nil, "fewer than five are not counted for a landlord")
        #expect(!landlords.text.contains(waiting.referral))
        let known = try await client.get(home, as: .coordinator).json
        #expect(known["/fits"] == 1 && known["/people/0/referral"]?.text == waiting.referral)
    }
}
