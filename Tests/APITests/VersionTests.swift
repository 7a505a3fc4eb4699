// Versions: strong tags that change with what is shown, a 304 that costs nothing and discloses nothing, no update that
// gets lost, and one ledger entry per person before an answer leaves.

import Domain
import TestKit
import Testing

@Suite struct VersionTests {
    private func readable(_ journey: Journey) -> [(Speaker, String)] {
        [
            (.intaker, "/v1/me"), (.coordinator, "/v1/organisations"), (.intaker, "/v1/referrals"),
            (.intaker, journey.path), (journey.candidate, journey.path), (.policymaker, journey.path),
            (.referrer, journey.path + "/transitions"), (.intaker, journey.path + "/events"),
            (.supporter, journey.path + "/intake"), (.referrer, journey.path + "/wishes"),
            (.intaker, journey.path + "/consents"), (.intaker, journey.path + "/support-requests"),
            (.allocator, "/v1/dwellings"), (.allocator, "/v1/dwellings/\(journey.dwelling)"),
            (.allocator, "/v1/matches"), (.allocator, "/v1/matches/\(journey.match)"),
            (.supporter, "/v1/support-requests"), (.supporter, "/v1/support-requests/\(journey.supportRequest)"),
            (.allocator, "/v1/tenancies"), (.allocator, "/v1/tenancies/\(journey.tenancy)"),
        ]
    }

    @Test(arguments: Bench.Transport.allCases)
    func whatIsAtHandIsNotSentAgain(transport: Bench.Transport) async throws {
        let bench = try await Bench(transport)
        let journey = try await Journey.reaching(.housed, on: bench)
        for (speaker, target) in readable(journey) {
            let first = try await bench.client.get(target, as: speaker)
            let tag = try #require(first["ETag"], "\(target)")
            #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""), "\(target): strong")
            let entries = try bench.scratch.rowCounts()["ledger"]
            for known in [tag, "W/" + tag, "\"other\", \(tag)", "*"] {
                let again = try await bench.client.get(target, as: speaker, fields: [("If-None-Match", known)])
                #expect(again.status == 304, "\(target) \(known)")
                #expect(again["ETag"] == tag, "\(target)")
                #expect(again.body.isEmpty, "\(target)")
            }
            #expect(try bench.scratch.rowCounts()["ledger"] == entries, "\(target): 304 is not a look")
            let other = try await bench.client.get(target, as: speaker, fields: [("If-None-Match", "\"other\"")])
            #expect(other.status == 200, "\(target)")
            #expect(other.body == first.body, "\(target)")
        }
    }

    @Test func aTagChangesWithWhatIsShownAndDiffersBetweenReaders() async throws {
        let bench = try await Bench()
        var journey = Journey(on: bench)
        var seen: [String: Set<String>] = [:]
        for stage in Journey.Stage.allCases {
            _ = try await journey.take(stage)
            for speaker in [Speaker.intaker, .policymaker] {
                let reply = try await bench.client.get(journey.path, as: speaker)
                seen[reply["ETag"] ?? "none", default: []].insert(reply.text)
            }
        }
        for (tag, bodies) in seen { #expect(bodies.count == 1, "\(tag) stands for several answers") }
    }

    @Test func theTagOfAMatchChangesWhenTheCandidatesDataDo() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.bothAccepted, on: bench)
        let path = "/v1/matches/\(journey.match)"
        let before = try await bench.client.get(path, as: .allocator)["ETag"]
        let patch = try await bench.client.patch(
            journey.path, as: .referrer, ["person": ["phone": "+31611111111"]], ifMatch: "*")
        #expect(patch.status == 200, "\(patch.text)")
        let after = try await bench.client.get(path, as: .allocator)
        #expect(after["ETag"] != before)
        #expect(after.json["/candidate/phone"] == "+31611111111")
    }

    @Test(arguments: Bench.Transport.allCases)
    func noUpdateGetsLost(transport: Bench.Transport) async throws {
        let bench = try await Bench(transport)
        let journey = try await Journey.reaching(.dwellingOffered, on: bench)
        let changes: [(Speaker, String, JSONTree)] = [
            (.referrer, journey.path, ["person": ["phone": "+31622222222"]]),
            (.allocator, "/v1/dwellings/\(journey.dwelling)", ["rent": 60_000]),
        ]
        for (speaker, target, change) in changes {
            let read = try await bench.client.get(target, as: speaker)
            let tag = try #require(read["ETag"])
            let missing = try await bench.client.patch(target, as: speaker, change, ifMatch: nil)
            #expect(missing.status == 428)
            #expect(missing.problem == "precondition-required")
            for bad in ["", "1", "abc", "\"1", "1\"", "\"a\", b"] {
                let reply = try await bench.client.patch(target, as: speaker, change, ifMatch: bad)
                #expect(reply.status == 400, "\(bad)")
                #expect(reply.faults == ["If-Match format"], "\(bad)")
            }
            for stale in ["\"0-0\"", "\"abc\"", "\"\"", "W/" + tag, "\"99\", \"98\""] {
                let reply = try await bench.client.patch(target, as: speaker, change, ifMatch: stale)
                #expect(reply.status == 412, "\(stale)")
                #expect(reply.problem == "precondition-failed", "\(stale)")
            }
            #expect(try await bench.client.get(target, as: speaker)["ETag"] == tag)
            let done = try await bench.client.patch(target, as: speaker, change, ifMatch: "\"0\", " + tag)
            #expect(done.status == 200, "\(done.text)")
            #expect(done["ETag"] != tag)
            #expect(try await bench.client.get(target, as: speaker)["ETag"] == done["ETag"])
            #expect(try await bench.client.patch(target, as: speaker, change, ifMatch: tag).status == 412)
        }
    }

    /// Everybody read the same version and writes at once: one of them was first.
    @Test(arguments: Bench.Transport.allCases)
    func ofManyChangesToOneVersionOneIsMade(transport: Bench.Transport) async throws {
        let bench = try await Bench(transport)
        let journey = try await Journey.reaching(.posted, on: bench)
        let client = bench.client
        let tag = try await client.get(journey.path, as: .referrer)["ETag"]
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let change: JSONTree = ["person": ["phone": .text("+3160000000\(number)")]]
                    return try await client.patch(journey.path, as: .referrer, change, ifMatch: tag).status
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.sorted() == [200] + Array(repeating: 412, count: 7))
        #expect(try await client.get(journey.path, as: .referrer).json["/version"] == 2)
    }

    @Test func aMoveNeedsTheVersionItRestsOn() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.posted, on: bench)
        let path = journey.path + "/transitions"
        let start: JSONTree = ["move": "start_intake"]
        #expect(try await bench.client.post(path, as: .intaker, start).status == 428)
        let tag = try await bench.client.get(path, as: .intaker)["ETag"] ?? ""
        let made = try await bench.client.post(path, as: .intaker, start, fields: [("If-Match", tag)])
        #expect(made.status == 200)
        #expect(made.json["/referral/version"] == 2)
        let late: JSONTree = ["move": "withdraw", "reason": "Too late."]
        #expect(try await bench.client.post(path, as: .referrer, late, fields: [("If-Match", tag)]).status == 412)
        let next = made["ETag"] ?? ""
        #expect(try await bench.client.post(path, as: .referrer, late, fields: [("If-Match", next)]).status == 200)
    }

    /// Who reads, what, and how many entries about whom that is.
    @Test func aLookAtAPersonLeavesOneEntryBeforeItIsAnswered() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.housed, on: bench)
        let second = try await Journey.reaching(
            .waiting, on: bench,
            Drafts.plainReferral.setting(
                "/consents", ["matching"]))
        let looks: [(Speaker, String, [String])] = [
            (.intaker, journey.path, [journey.referral]), (journey.candidate, journey.path, [journey.referral]),
            (.referrer, "/v1/referrals", [second.referral, journey.referral]),
            (.policymaker, "/v1/referrals", [second.referral, journey.referral]),
            (.policymaker, journey.path, [journey.referral]),
            (.referrer, journey.path + "/transitions", [journey.referral]),
            (.auditor, journey.path + "/disclosures", [journey.referral]),
            (.intaker, journey.path + "/intake", [journey.referral]),
            (.referrer, journey.path + "/wishes", [journey.referral]),
            (.allocator, "/v1/matches", [journey.referral]),
            (.allocator, "/v1/matches/\(journey.match)", [journey.referral]),
            (.supporter, "/v1/support-requests", [journey.referral]),
            (.intaker, journey.path + "/support-requests", [journey.referral]),
            (.allocator, "/v1/tenancies/\(journey.tenancy)", [journey.referral]), (.allocator, "/v1/dwellings", []),
            (.intaker, "/v1/organisations", []), (.intaker, "/v1/me", []), (.panel, "/v1/matches", []),
        ]
        for (speaker, target, about) in looks {
            let last = try bench.scratch.rowCounts()["ledger"] ?? 0
            let reply = try await bench.client.get(target, as: speaker)
            #expect(reply.status == 200, "\(target)")
            let entries = try bench.scratch.ledger(after: last)
            #expect(entries.map(\.referral) == about, "\(speaker) \(target)")
            #expect(entries.allSatisfy { $0.role == speaker.role.rawValue }, "\(target)")
            #expect(entries.allSatisfy { $0.requestID == reply["X-Request-Id"] }, "\(target)")
        }
        #expect(try bench.scratch.firstBrokenLedgerEntry() == nil)
    }

    /// A search is a POST: what its caller claims to hold already must not keep the look out of the ledger.
    @Test func noHeaderFieldKeepsALookOutOfTheLedger() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.posted, on: bench)
        for fields in [[], [("If-None-Match", "*")], [("Idempotency-Key", "k")]] {
            let last = try bench.scratch.rowCounts()["ledger"] ?? 0
            let reply = try await bench.client.post(
                "/v1/referrals/_search", as: .intaker, ["bsn": .text(Canary.bsn)], fields: fields)
            #expect(reply.status == 200)
            #expect(reply.json["/items"]?.elements.count == 1)
            #expect(try bench.scratch.ledger(after: last).map(\.referral) == [journey.referral], "\(fields)")
        }
    }

    /// A tag may hold commas (RFC 9110, section 8.8.3); a list may not be taken apart inside one.
    @Test(arguments: ["/v1/me", "/v1/openapi.json", "/problems"]) func aTagIsReadToItsLastQuote(path: String)
        async throws
    {
        let bench = try await Bench()
        let tag = try await bench.client.get(path, as: .intaker)["ETag"] ?? ""
        for (field, status) in [
            ("\"a,b\"", 200), ("\",\", \(tag)", 304), ("W/\"a,b\",\(tag)", 304), ("\",\(tag),\"", 400), ("bad", 400),
            ("\"a\", b", 400), ("\"", 400),
        ] {
            let reply = try await bench.client.get(path, as: .intaker, fields: [("If-None-Match", field)])
            #expect(reply.status == status, "\(field)")
        }
    }

    @Test func theCandidateReadsWhoLooked() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.posted, on: bench)
        try await bench.client.get(journey.path, as: .coordinator)
        let looks = try await bench.client.get(journey.path + "/disclosures?limit=1", as: journey.candidate)
        #expect(looks.json["/items/0/role"] == "coordinator")
        #expect(looks.json["/items/0/action"] == "read")
        #expect(looks.json["/items/0/purpose"] == "allocation")
        #expect(looks.json["/items/0/fields"]?.elements.contains("bsn") == true)
        #expect(looks.next != nil)
        #expect(try await bench.client.get(journey.path + "/disclosures", as: .referrer).status == 403)
        #expect(try await bench.client.get(journey.path + "/disclosures", as: .auditor).status == 200)
    }
}
