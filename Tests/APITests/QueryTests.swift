// Queries and pages: every fault at once, nothing unknown let through, and pages that neither repeat nor skip while rows
// come in between.

import Domain
import TestKit
import Testing

@Suite struct QueryTests {
    @Test func everyFaultOfAQueryIsTold() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.posted, on: bench)
        let faults: [(String, [String])] = [
            ("/v1/referrals?limit=0", ["limit range"]), ("/v1/referrals?limit=101", ["limit range"]),
            ("/v1/referrals?limit=ten", ["limit range"]), ("/v1/referrals?limit=%2B5", ["limit range"]),
            ("/v1/referrals?limit=99999999999999999999", ["limit range"]), ("/v1/referrals?limit=", ["limit range"]),
            ("/v1/referrals?limit=1&limit=1", ["limit duplicate"]),
            ("/v1/referrals?status=submitted,gone", ["status enum"]), ("/v1/referrals?status=", ["status enum"]),
            ("/v1/referrals?status=submitted,", ["status enum"]), ("/v1/referrals?route=bus", ["route enum"]),
            ("/v1/referrals?municipality=Enschede", ["municipality format"]),
            ("/v1/referrals?sort=name", ["sort enum"]), ("/v1/referrals?bsn=1", ["bsn unknown-parameter"]),
            ("/v1/referrals?Limit=5", ["Limit unknown-parameter"]),
            (
                "/v1/referrals?limit=0&status=x&sort=y&z=1",
                ["status enum", "sort enum", "limit range", "z unknown-parameter"]
            ),
            ("/v1/referrals?clock=late", ["clock enum"]),
            ("/v1/referrals?clock=due&sort=receivedAt", ["sort conflict"]),
            ("/v1/organisations?kind=club", ["kind enum"]), ("/v1/dwellings?form=castle", ["form enum"]),
            ("/v1/matches?status=open", ["status enum"]), ("/v1/support-requests?status=x", ["status enum"]),
            ("/v1/tenancies?status=x", ["status unknown-parameter"]),
            (journey.path + "/events?after=1", ["after unknown-parameter"]),
            (journey.path + "/disclosures?cursor=!", ["cursor format"]),
            (journey.path + "?fields=person", ["fields unknown-parameter"]),
            (journey.path + "/wishes?limit=1", ["limit unknown-parameter"]),
            ("/v1/me?x", ["x unknown-parameter"]),
        ]
        for (target, expected) in faults {
            let reply = try await bench.client.get(target, as: .coordinator)
            #expect(reply.status == 400, "\(target): \(reply.status)")
            #expect(reply.problem == "invalid-query", "\(target)")
            #expect(reply.faults.sorted() == expected.sorted(), "\(target)")
        }
        let post = try await bench.client.post("/v1/referrals?dryRun=true", as: .referrer, Drafts.plainReferral)
        #expect(post.faults == ["dryRun unknown-parameter"])
    }

    @Test func aCursorHoldsForItsOwnListAndSort() async throws {
        let bench = try await Bench()
        let client = bench.client
        let journey = try await Journey.reaching(.waiting, on: bench)
        _ = try await Journey.reaching(
            .waiting, on: bench, Drafts.referral.removing("/person/bsn").removing("/externalReference"))
        let cursor = { (reply: Reply) in reply.next?.split(separator: "cursor=").last.map(String.init) ?? "none" }
        let queue = cursor(try await client.get("/v1/referrals?sort=queue&limit=1", as: .intaker))
        let newest = cursor(try await client.get("/v1/referrals?limit=1", as: .intaker))
        let looks = cursor(try await client.get(journey.path + "/disclosures?limit=1", as: .intaker))
        #expect(Set([queue, newest, looks, "none"]).count == 4)
        for target in [
            "/v1/referrals?cursor=\(queue)", "/v1/referrals?sort=queue&cursor=\(newest)",
            "/v1/referrals?cursor=\(looks)", journey.path + "/disclosures?cursor=\(newest)",
            journey.path + "/events?cursor=\(looks)", "/v1/matches?cursor=AAAA", "/v1/matches?cursor=",
            "/v1/dwellings?cursor=\(newest)x",
        ] {
            #expect(try await client.get(target, as: .intaker).faults == ["cursor format"], "\(target)")
        }
    }

    @Test func pagesNeitherRepeatNorSkipWhileRowsComeIn() async throws {
        let bench = try await Bench()
        let client = bench.client
        var posted: [JSONTree] = []
        for _ in 0..<7 {
            bench.clock.advance(seconds: 1)
            let reply = try await client.post("/v1/referrals", as: .referrer, Drafts.plainReferral)
            posted.append(reply.json["/id"] ?? .null)
        }
        for (sort, expected) in [("-receivedAt", Array(posted.reversed())), ("receivedAt", posted)] {
            var seen: [JSONTree] = []
            var target: String? = "/v1/referrals?sort=\(sort)&status=submitted&limit=3"
            while let next = target, seen.count < 50 {
                let page = try await client.get(next, as: .referrer)
                #expect(page.status == 200)
                #expect(page.json["/items"]?.elements.count ?? 0 <= 3)
                seen += page.json["/items"]?.elements.compactMap { $0["/id"] } ?? []
                target = page.next
                bench.clock.advance(seconds: 1)
                try await client.post("/v1/referrals", as: .other(.referrer), Drafts.plainReferral)
            }
            #expect(seen == expected, "\(sort)")
        }
    }

    @Test func theNextLinkKeepsWhatWasAsked() async throws {
        let bench = try await Bench()
        for _ in 0..<2 { try await bench.client.post("/v1/referrals", as: .referrer, Drafts.plainReferral) }
        let page = try await bench.client.get("/v1/referrals?status=submitted,intake&limit=1", as: .intaker)
        let next = try #require(page.next)
        #expect(next.hasPrefix("/v1/referrals?status=submitted,intake&limit=1&cursor="))
        #expect(page["Link"]?.hasSuffix(">; rel=\"next\"") == true)
        #expect(try await bench.client.get(next, as: .intaker)["Link"] == nil)
    }

    @Test func filtersHold() async throws {
        let bench = try await Bench()
        let client = bench.client
        let here = try await Journey.reaching(.waiting, on: bench)
        try await client.post(
            "/v1/referrals", as: .referrer, Drafts.plainReferral.setting("/municipality", "GM0164"))
        let counts: [(String, Int)] = [
            ("", 2), ("?status=waiting", 1), ("?status=submitted,waiting", 2), ("?status=housed", 0),
            ("?route=clinic_exit", 1), ("?municipality=GM0164", 1), ("?municipality=GM0164&status=waiting", 0),
            ("?sort=queue", 1),
        ]
        for (query, count) in counts {
            let found = try await client.get("/v1/referrals" + query, as: .coordinator).json["/items"]?.elements
            #expect(found?.count == count, "\(query)")
        }
        let residents = try await client.get("/v1/referrals", as: .policymaker).json["/items"]?.elements
        #expect(residents?.map { $0["/id"] } == [.text(here.referral)])
        #expect(residents?.first?["/person"] == nil)
        let kinds = try await client.get("/v1/organisations?kind=care_provider", as: .coordinator).json["/items"]
        #expect(kinds?.elements.count == 2)
    }
}
