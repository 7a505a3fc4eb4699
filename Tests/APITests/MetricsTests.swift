// What the application counts, and whom it tells: known requests give known numbers, nothing of a person or a request
// becomes a label, and each address answers its own audience.

import HTTPWire
import Metrics
import TestKit
import Testing

@testable import API

@Suite struct MetricsTests {
    private func page(_ bench: Bench) async throws -> MetricsText {
        let reply = try await bench.client.get("/metrics")
        #expect(reply.status == 200)
        #expect(reply["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(reply["Cache-Control"] == "no-store")
        return try MetricsText(reply.body)
    }

    @Test(arguments: Bench.Transport.allCases)
    func knownRequestsGiveKnownNumbers(transport: Bench.Transport) async throws {
        let bench = try await Bench(transport)
        let client = bench.client
        for _ in 0..<3 { try await client.get("/v1/me", as: .intaker) }
        try await client.get("/v1/me")
        try await client.send(.head, "/v1/me", as: .intaker)
        try await client.send(.delete, "/v1/me", as: .intaker)
        try await client.get("/v1/referrals/none", as: .intaker)
        try await client.get("/nowhere", as: .intaker)
        try await client.get("/healthz")
        try await client.send(.post, "/healthz")
        try await client.post("/v1/referrals", as: .referrer, Drafts.plainReferral)
        try await client.post("/v1/referrals", as: .referrer, [:])

        let page = try await page(bench)
        let expected: [(method: String, route: String, status: String, count: Double)] = [
            ("GET", "/v1/me", "200", 4), ("GET", "/v1/me", "401", 1), ("any", "unmatched", "405", 1),
            ("GET", "/v1/referrals/{id}", "404", 1), ("any", "unmatched", "404", 1), ("GET", "/healthz", "200", 1),
            ("GET", "/healthz", "405", 1), ("POST", "/v1/referrals", "201", 1), ("POST", "/v1/referrals", "400", 1),
        ]
        for (method, route, status, count) in expected {
            let labels = ["method": method, "route": route, "status": status]
            #expect(page["thuispunt_http_requests_total", labels] == count, "\(labels)")
        }
        let family = { (name: String) in page.samples.filter { $0.name == name } }
        #expect(family("thuispunt_http_requests_total").map(\.value).reduce(0, +) == 12)
        #expect(family("thuispunt_http_request_duration_seconds_count").map(\.value).reduce(0, +) == 12)
        // The one that asks.
        #expect(page["thuispunt_http_requests_in_flight"] == 1)
        let problems = [
            "unauthorized": 1, "method-not-allowed": 2, "not-found": 2, "invalid-body": 1, "forbidden": 0, "other": 0,
        ]
        for (slug, count) in problems {
            #expect(page["thuispunt_http_problems_total", ["slug": slug]] == Double(count), "\(slug)")
        }
        #expect(page["thuispunt_writer_jobs_total"] ?? 0 >= 1)
        #expect(page["thuispunt_database_writable"] == 1)
        #expect(page["thuispunt_database_wal_bytes"] ?? 0 > 0)
    }

    @Test func durationsGoByTheClockThatIsHandedIn() async throws {
        let metrics = RequestMetrics(loops: 2)
        for (loop, microseconds) in [(0, 400), (1, 600), (1, 61_000_000), (0, -5)] {
            metrics.begin(loop: loop)
            metrics.count(loop: loop, route: 0, status: 299, microseconds: Int64(microseconds))
        }
        metrics.begin(loop: 1)
        metrics.count(loop: 0, refusal: "bare-lf")
        metrics.count(loop: 1, refusal: "bare-lf")
        metrics.count(loop: 1, refusal: "never heard of")
        metrics.count(loop: 0, problem: "never heard of")
        let page = try MetricsText(Exposition.page([metrics.expose]))
        let route = ["method": Routes.all[0].method.rawValue, "route": Routes.all[0].template]
        let bucket = { (bound: String) in
            page["thuispunt_http_request_duration_seconds_bucket", route.merging(["le": bound]) { $1 }]
        }
        #expect([bucket("0.0005"), bucket("0.001"), bucket("60"), bucket("+Inf")] == [2, 3, 3, 4])
        #expect(page["thuispunt_http_request_duration_seconds_sum", route] == 61.001)
        #expect(page["thuispunt_http_requests_total", route.merging(["status": "other"]) { $1 }] == 4)
        #expect(page["thuispunt_http_requests_in_flight"] == 1)
        #expect(page["thuispunt_http_refusals_total", ["slug": "bare-lf"]] == 2)
        #expect(page["thuispunt_http_refusals_total", ["slug": "other"]] == 1)
        #expect(page["thuispunt_http_problems_total", ["slug": "other"]] == 1)
    }

    /// The whole main job, and then every label value is a word of the code.
    @Test func noLabelHoldsWhatSomebodySent() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.housed, on: bench)
        try await bench.client.get("/v1/" + Canary.familyName, as: .intaker)
        try await bench.client.get("/v1/me", fields: [("X-Request-Id", "canary-id"), ("Authorization", "Bearer x")])
        try await bench.client.post("/v1/referrals/_search", as: .intaker, ["bsn": .text(Canary.bsn)])
        let page = try await page(bench)
        let words =
            Set(Routes.all.map(\.template) + OpenRoutes.paths + ["pages", "unmatched", "any", "other", "+Inf"])
            .union(Method.allCases.map(\.rawValue)).union(Refusal.all.map(\.slug))
        for sample in page.samples {
            for (name, value) in sample.labels {
                let isWord =
                    words.contains(value) || value.wholeMatch(of: /[0-9]+(\.[0-9]+)?/) != nil
                    || (name == "slug" && value.wholeMatch(of: /[a-z-]+/) != nil)
                #expect(isWord, "\(sample.name) \(name)=\(value)")
            }
        }
        let text = "\(page.samples.map { "\($0.labels) \($0.text)" })"
        let planted = [
            Canary.givenName, Canary.familyName, Canary.bsn, Canary.phone, Canary.email, Canary.reference, "canary-id",
            journey.referral, journey.match, "127.0.0.1",
        ]
        #expect(planted.filter { text.contains($0) } == [])
        #expect(page.samples.contains { $0.labels["route"] == "/v1/tenancies" })
    }

    @Test(.enabled(if: Promtool.isInstalled, "skipped, because promtool is not installed"))
    func prometheusItselfTakesIt() async throws {
        let bench = try await Bench()
        _ = try await Journey.reaching(.reported, on: bench)
        #expect(try Promtool.check(try await bench.client.get("/metrics").body) == "")
    }

    /// Each audience finds its own routes, and those who watch are not counted themselves.
    @Test func eachAddressAnswersItsAudience() async throws {
        let bench = try await Bench()
        let users = Application(
            database: bench.scratch.database, environment: bench.clock.environment(), log: bench.log.sinks,
            audience: .users, pages: { $0.path == "/" ? Response(status: 200) : nil })
        let operators = users.forOperators()
        let token = ("Authorization", "Bearer " + bench.region.secret(of: .intaker))
        let answers: [(path: String, users: Int, operators: Int)] = [
            ("/metrics", 404, 200), ("/healthz", 200, 200), ("/readyz", 200, 200), ("/v1/openapi.json", 200, 404),
            ("/v1/openapi.yaml", 200, 404), ("/v1/me", 200, 404), ("/v1/referrals", 200, 404), ("/", 200, 404),
            ("/problems", 200, 200), ("/problems/not-found", 200, 200), ("/problems/none", 404, 404),
            ("/nowhere", 404, 404),
        ]
        for (path, byUsers, byOperators) in answers {
            let request = try Request(method: .get, target: path, fields: [token])
            #expect(await users.respond(to: request, body: RequestBody(bytes: [])).status == byUsers, "\(path)")
            #expect(await operators.respond(to: request, body: RequestBody(bytes: [])).status == byOperators, "\(path)")
        }
        for (path, status) in [("/metrics", 405), ("/v1/referrals", 404)] {
            let post = try Request(method: .post, target: path, fields: [token])
            #expect(await operators.respond(to: post, body: RequestBody(bytes: [])).status == status, "\(path)")
        }
        let asked = try Request(method: .get, target: "/metrics")
        let reply = await operators.respond(to: asked, body: RequestBody(bytes: []))
        let page = try MetricsText(try await reply.body.collect())
        let counted = page.samples.filter { $0.name == "thuispunt_http_requests_total" }.map(\.value).reduce(0, +)
        #expect(counted == Double(answers.count))
        #expect(page["thuispunt_http_requests_in_flight"] == 0)
    }

    @Test func routesAreNumberedByTheirPlace() {
        #expect(Routes.all.map(\.number) == Array(Routes.all.indices))
    }

    /// An answer to a match that can't be given any more is refused before a row is changed, so that nobody else's write of that
    /// commit is made twice.
    @Test func aSecondAnswerCostsNobody() async throws {
        let bench = try await Bench()
        var journey = try await Journey.reaching(.offered, on: bench)
        try await journey.advance(to: .landlordAccepted)
        let again = try await bench.client.post(
            "/v1/matches/\(journey.match)/responses", as: .allocator, ["answer": "accept"])
        #expect(again.status == 409)
        #expect(try await page(bench)["thuispunt_writer_commits_begun_anew_total"] == 0)
    }
}
