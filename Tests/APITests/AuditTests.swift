// The ledger of everybody, for who checks on those who look: which token it was, by which filters, page by page; for no
// other role, within an auditor's own municipality, and itself in the ledger.

import Domain
import TestKit
import Testing

@Suite struct AuditTests {
    private struct World {
        let bench: Bench
        let first: Journey
        let second: Journey

        init() async throws {
            bench = try await Bench()
            first = try await Journey.reaching(.waiting, on: bench)
            second = try await Journey.reaching(
                .posted, on: bench, Drafts.plainReferral.setting("/municipality", "GM0164"))
        }

        func lines(_ query: String, as speaker: Speaker = .auditor) async throws -> [JSONTree] {
            let reply = try await bench.client.get("/v1/disclosures?limit=100" + query, as: speaker)
            #expect(reply.status == 200, "\(query)")
            return reply.json["/items"]?.elements ?? []
        }
    }

    @Test func twoOfOneRoleAreToldApart() async throws {
        let world = try await World()
        let client = world.bench.client
        let colleague = try await world.bench.region.issueNamed(role: .intaker, to: .intakePoint)
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        let look = try await client.get(
            world.first.path,
            fields: [
                ("Authorization", "Bearer " + colleague.secret), ("traceparent", "00-\(trace)-00f067aa0ba902b7-01"),
            ])
        #expect(look.status == 200)
        try await client.get(world.first.path, as: .intaker)
        let lines = try await world.lines("&role=intaker&action=read&referral=" + world.first.referral)
        #expect(lines.count >= 2)
        #expect(lines.first?["/token"] != .text(colleague.id.description))
        let theirs = try await world.lines("&token=\(colleague.id)")
        #expect(theirs.count == 1)
        #expect(theirs.first?["/token"] == .text(colleague.id.description))
        #expect(theirs.first?["/requestId"]?.text == look["X-Request-Id"])
        #expect(theirs.first?["/traceId"]?.text == trace)
        #expect(theirs.first?["/address"]?.text?.isEmpty == false)
        #expect(theirs.first?["/referral"]?.text == world.first.referral)
        // So are they in the list of one referral; but to nobody else.
        for (speaker, isTold) in [(Speaker.auditor, true), (.intaker, false), (world.first.candidate, false)] {
            let items = try await client.get(world.first.path + "/disclosures?limit=100", as: speaker).json["/items"]
            for member in ["token", "requestId", "traceId", "address"] {
                #expect(items?.elements.allSatisfy { ($0["/\(member)"] != nil) == isTold } == true, "\(speaker)")
            }
        }
        let dossier = try await client.get(world.first.path + "/dossier", as: world.first.candidate)
        #expect(!dossier.text.contains(colleague.id.description))
    }

    @Test func eachFilterNarrows() async throws {
        let world = try await World()
        try await world.bench.client.get(world.second.path, as: .coordinator)
        let all = try await world.lines("")
        #expect(Set(all.compactMap { $0["/referral"]?.text }) == [world.first.referral, world.second.referral])
        for (parameter, member) in [
            ("referral", "/referral"), ("role", "/role"), ("organisation", "/organisation/id"), ("token", "/token"),
            ("action", "/action"), ("requestId", "/requestId"),
        ] {
            let value = try #require(all.last?[member]?.text)
            let expected = all.filter { $0[member]?.text == value }.compactMap { $0["/sequence"]?.number }
            let found = try await world.lines("&\(parameter)=\(value)").filter {
                $0["/action"]?.text != "search_disclosures"
            }
            #expect(found.compactMap { $0["/sequence"]?.number } == expected, "\(parameter)")
        }
        #expect(try await world.lines("&emergency=true").isEmpty)
        #expect(try await world.lines("&from=2027-01-01").isEmpty)
        for query in ["token=7", "role=king", "action=Read", "requestId=%20", "emergency=yes", "folded=true"] {
            #expect(
                try await world.bench.client.get("/v1/disclosures?" + query, as: .auditor).status == 400, "\(query)")
        }
        for role in Role.allCases where role != .auditor && role != .candidate {
            #expect(try await world.bench.client.get("/v1/disclosures", as: .role(role)).status == 403, "\(role)")
        }
    }

    @Test func anAuditorOfAMunicipalityHasItsResidentsAlone() async throws {
        let world = try await World()
        let auditor = try await world.bench.region.issueNamed(role: .auditor, to: .municipality)
        func find(_ query: String) async throws -> [String?] {
            let reply = try await world.bench.client.get(
                "/v1/disclosures?limit=100" + query, fields: [("Authorization", "Bearer " + auditor.secret)])
            #expect(reply.status == 200)
            return reply.json["/items"]?.elements.map { $0["/referral"]?.text } ?? []
        }
        let found = try await find("")
        #expect(found.count > 3 && Set(found) == [world.first.referral])
        #expect(try await !find("&referral=" + world.first.referral).isEmpty)
        #expect(try await find("&referral=" + world.second.referral).isEmpty)
        #expect(
            try await world.lines("&token=\(auditor.id)").allSatisfy { $0["/referral"]?.text != world.second.referral })
    }

    @Test func anEmergencyIsFound() async throws {
        let world = try await World()
        let client = world.bench.client
        try await client.post(world.first.path + "/restriction", as: .intaker, ["reason": "Bedreigd.", "people": []])
        try await client.post(
            world.first.path + "/emergency-access", as: .coordinator, ["reason": "Er is brand in het huis."])
        try await client.get(world.first.path, as: .coordinator)
        let lines = try await world.lines("&emergency=true")
        let actions = Set(lines.compactMap { $0["/action"]?.text })
        #expect(actions.isSuperset(of: ["break_glass", "read"]))
        #expect(lines.allSatisfy { $0["/emergency"] == true && $0["/referral"]?.text == world.first.referral })
        // An emergency in which nobody is found leaves its entry too.
        let last = try world.bench.scratch.rowCounts()["ledger"] ?? 0
        try await client.post(
            "/v1/referrals/_search", as: .coordinator,
            ["bsn": "111222333", "emergency": ["reason": "Er is brand in het huis."]])
        let entries = try world.bench.scratch.ledger(after: last)
        #expect(entries.map(\.action) == ["search"] && entries.map(\.referral) == [ReferralID.nobody.description])
    }

    /// Pages of any length give every entry once, and each leaves its own entries behind.
    @Test(arguments: [1, 3, 7, 100]) func pagesLoseNothing(limit: Int) async throws {
        let world = try await World()
        for _ in 0..<3 { try await world.bench.client.get("/v1/referrals", as: .coordinator) }
        let entries = try world.bench.scratch.rowCounts()["ledger"] ?? 0
        var found: [Int] = []
        var next: String? = "/v1/disclosures?limit=\(limit)"
        while let target = next {
            let reply = try await world.bench.client.get(target, as: .auditor)
            found += reply.json["/items"]?.elements.compactMap { $0["/sequence"]?.number.map { Int($0) } } ?? []
            next = reply.next
        }
        #expect(found == (1...entries).reversed())
        let own = try world.bench.scratch.ledger(after: entries)
        #expect(!own.isEmpty && own.allSatisfy { $0.role == "auditor" && $0.action == "search_disclosures" })
        #expect(Set(own.map(\.referral)) == [world.first.referral, world.second.referral])
    }

    @Test func aLookThatShowsNobodyIsWrittenDownToo() async throws {
        let world = try await World()
        let last = try world.bench.scratch.rowCounts()["ledger"] ?? 0
        #expect(try await world.lines("&until=2000-01-01").isEmpty)
        let entries = try world.bench.scratch.ledger(after: last)
        #expect(entries.map(\.action) == ["search_disclosures"])
        #expect(entries.map(\.referral) == [ReferralID.nobody.description])
    }
}
