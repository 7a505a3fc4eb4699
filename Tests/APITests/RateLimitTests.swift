// What callers may ask for: what each kind of question costs, that both loops share one account, that wrong tokens are
// held against their address and not against those who share it, and what the answers say of it.

import Domain
import HTTPWire
import Storage
import TestKit
import Testing

@testable import API

@Suite struct RateLimitTests {
    /// A bench with few units: 20 at once, one a second.
    private func bench() async throws -> Bench {
        var settings = RateSettings()
        settings.tokenBurst = 20
        settings.tokenPerSecond = 1
        settings.signInBurst = 3
        return try await Bench(limits: settings)
    }

    private func ask(
        _ bench: Bench, _ secret: String, _ target: String = "/v1/me", from address: String = "192.0.2.1",
        loop: Int = 0, tag: String? = nil
    ) async throws -> Response {
        let fields = [("Authorization", "Bearer " + secret)] + (tag.map { [("If-None-Match", $0)] } ?? [])
        let request = try Request(method: .get, target: target, fields: fields, peerAddress: address, loop: loop)
        if let response = bench.application.respondAtOnce(to: request) { return response }
        return await bench.application.respond(to: request, body: RequestBody(bytes: []))
    }

    private func left(_ reply: Reply) -> Int? {
        reply["RateLimit"]?.firstMatch(of: /r=([0-9]+)/).flatMap { Int($0.1) }
    }

    @Test func everyQuestionCosts() async throws {
        let bench = try await bench()
        let first = try await bench.client.get("/v1/me", as: .intaker)
        #expect(first["RateLimit-Policy"] == "\"default\";q=20;w=20")
        #expect(first["RateLimit"] == "\"default\";r=19;t=1")
        #expect(left(try await bench.client.get("/v1/referrals", as: .intaker)) == 14)
        #expect(left(try await bench.client.post("/v1/referrals/_search", as: .intaker, ["bsn": "999990019"])) == 9)
        let forbidden = try await bench.client.get("/v1/tenancies", as: .intaker)
        #expect(left(forbidden) == 4)
        let before = try bench.scratch.rowCounts()
        let spent = try await bench.client.post("/v1/referrals", as: .intaker, Drafts.plainReferral)
        #expect(spent.status == 429 && spent.problem == "too-many-requests")
        #expect(spent["Retry-After"] == "1" && spent["RateLimit"] == "\"default\";r=4;t=16")
        #expect(try bench.scratch.rowCounts() == before)
        #expect(left(try await bench.client.get("/v1/me", as: .coordinator)) == 19, "each token has its own")
        bench.clock.advance(seconds: 1)
        #expect(try await bench.client.post("/v1/referrals", as: .intaker, Drafts.plainReferral).status == 201)
        bench.clock.advance(seconds: -3_600)
        let back = try await bench.client.get("/v1/me", as: .intaker)
        #expect(back.status == 429 && back["RateLimit"] == "\"default\";r=0;t=20")
        bench.clock.advance(seconds: 20)
        #expect(left(try await bench.client.get("/v1/me", as: .intaker)) == 19)
    }

    /// Costs follow from what a route does; the table has a second opinion where one thing takes a walk through the queue.
    @Test func routesCostWhatTheyDo() {
        let walks = [
            "/v1/referrals/{id}/explanations", "/v1/dwellings/{id}/explanations", "/v1/forecasts/promise",
            "/v1/match-runs/{id}/replay",
        ]
        for route in Routes.all where route.cost != .bulk {
            let isOneThing = route.method == .get && !route.readsQuery && !walks.contains(route.template)
            #expect(route.cost == (isOneThing ? .read : .work), "\(route.method) \(route.template)")
        }
        #expect(RouteCost.allCases.map(\.rawValue) == [1, 5, 50])
    }

    @Test func everyAnswerToATokenSaysWhatIsLeftAndNoOtherDoes() async throws {
        let bench = try await Bench()
        let client = bench.client
        let journey = try await Journey.reaching(.posted, on: bench)
        let tag = try #require(try await client.get("/v1/matches", as: .allocator)["ETag"])
        try await client.get("/v1/matches", as: .allocator, fields: [("If-None-Match", tag)])
        try await client.get("/v1/matches", as: .allocator, fields: [("If-None-Match", tag)])
        try await client.get(journey.path, as: .other(.referrer))
        try await client.get(journey.path + "?surplus=1", as: .intaker)
        try await client.post("/v1/referrals", as: .referrer, [:])
        try await client.get("/v1/me", as: .intaker, fields: [("Accept", "text/html")])
        try await client.move(journey.referral, as: .intaker, Drafts.admission)
        try await client.patch(journey.path, as: .referrer, [:], ifMatch: nil)
        try await client.get("/v1/me")
        try await client.get("/healthz", as: .intaker)
        try await client.get("/v1/openapi.json", as: .intaker)
        try await client.get("/nowhere", as: .intaker)
        try await client.send(.delete, "/v1/me", as: .intaker)
        var statuses: Set<Int> = []
        for exchange in client.exchanges {
            let isOpen = ["/healthz", "/v1/openapi.json", "/nowhere"].contains(exchange.question.path)
            let counts = exchange.speaker != nil && !isOpen && exchange.reply.status != 405
            if counts { statuses.insert(exchange.reply.status) }
            for name in ["RateLimit", "RateLimit-Policy"] {
                #expect((exchange.reply[name] != nil) == counts, "\(exchange.question.target) \(exchange.reply.status)")
            }
        }
        #expect(statuses.isSuperset(of: [200, 201, 304, 400, 404, 406, 409, 428]), "\(statuses)")
    }

    @Test func withoutLimitsNothingIsSaidAndNothingRefused() async throws {
        let bench = try await Bench(limits: nil)
        for _ in 0..<50 {
            let reply = try await bench.client.get("/v1/me", as: .intaker)
            #expect(reply.status == 200 && reply["RateLimit"] == nil && reply["RateLimit-Policy"] == nil)
            #expect(try await ask(bench, "thp_wrong").status == 401)
        }
    }

    @Test func bothLoopsShareOneAccount() async throws {
        let bench = try await bench()
        let secret = bench.region.secret(of: .intaker)
        var statuses: [Int] = []
        for turn in 0..<21 { statuses.append(try await ask(bench, secret, loop: turn % 2).status) }
        #expect(statuses == Array(repeating: 200, count: 20) + [429])
    }

    @Test func nothingNewCostsOneUnitUntilTheyAreSpent() async throws {
        let bench = try await bench()
        let secret = bench.region.secret(of: .allocator)
        let first = try await ask(bench, secret, "/v1/matches")
        let tag = try #require(first.allFields.first { $0.name == "ETag" }?.value)
        var statuses: [Int] = []
        for _ in 0..<16 { statuses.append(try await ask(bench, secret, "/v1/matches", tag: tag).status) }
        #expect(statuses == Array(repeating: 304, count: 15) + [429])
        bench.clock.advance(seconds: 1)
        #expect(try await ask(bench, secret, "/v1/matches", tag: tag).status == 304)
    }

    // MARK: Wrong tokens

    @Test func wrongTokensAreHeldAgainstTheirAddress() async throws {
        let bench = try await bench()
        let known = bench.region.secret(of: .intaker)
        let unknown = bench.region.secret(of: .coordinator)
        let wellFormed = known.dropLast().appending(known.hasSuffix("A") ? "B" : "A")
        #expect(try await ask(bench, known).status == 200)
        var statuses: [Int] = []
        for secret in ["thp_wrong", wellFormed, "x", "y"] { statuses.append(try await ask(bench, secret).status) }
        #expect(statuses == [401, 401, 401, 429])
        let refused = try await ask(bench, "thp_wrong")
        #expect(refused.allFields.first { $0.name == "Retry-After" }?.value == "6")
        #expect(limits(refused) == ["\"sign-in\";q=3;w=18", "\"sign-in\";r=0;t=18"])
        // Nobody looks whether it would have held; but who held before is not locked out by a neighbour.
        #expect(try await ask(bench, unknown).status == 429)
        #expect(try await ask(bench, known).status == 200)
        #expect(try await ask(bench, unknown, from: "192.0.2.2").status == 200)
        #expect(try await ask(bench, unknown).status == 200, "it held elsewhere")
        bench.clock.advance(seconds: 6)
        #expect(try await ask(bench, "x").status == 401)
        #expect(try await ask(bench, "x").status == 429)
        let metrics = try MetricsText(try await bench.client.get("/metrics").body)
        #expect(metrics["thuispunt_http_problems_total", ["slug": "too-many-requests"]] == 4)
    }

    @Test func aWrongTokenIsToldWhatIsLeftOfItsAddress() async throws {
        let bench = try await bench()
        for left in [2, 1, 0] {
            let refused = try await ask(bench, "thp_wrong")
            #expect(refused.status == 401)
            #expect(limits(refused) == ["\"sign-in\";q=3;w=18", "\"sign-in\";r=\(left);t=\(18 - 6 * left)"])
        }
        #expect(try await limits(ask(bench, "thp_wrong", from: "unix")).isEmpty)
    }

    private func limits(_ response: Response) -> [String] {
        ["RateLimit-Policy", "RateLimit"].compactMap { name in response.allFields.first { $0.name == name }?.value }
    }

    @Test func askingWithoutATokenIsNoAttempt() async throws {
        let bench = try await bench()
        for _ in 0..<9 { #expect(try await bench.client.get("/v1/me").status == 401) }
        #expect(try await bench.client.get("/v1/me", as: .intaker).status == 200)
    }

    @Test(arguments: [
        (["2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::3"], "2001:db8::4", 429),
        (["2001:db8::1", "2001:db8::2", "2001:db8::3"], "2001:db8:0:1::4", 401),
        (["192.0.2.1", "::ffff:192.0.2.1", "192.0.2.1"], "::ffff:c000:201", 429),
        (["192.0.2.1", "192.0.2.1", "192.0.2.1"], "192.0.2.2", 401), (["unix", "unix", "unix"], "unix", 401),
        (["1.2", ":::", "1.2.3.4.5"], "99.99", 429),
    ])
    func addressesAreCountedAsTheyAreGivenOut(addresses: [String], next: String, status: Int) async throws {
        let bench = try await bench()
        for address in addresses { #expect(try await ask(bench, "x", from: address).status == 401) }
        #expect(try await ask(bench, "x", from: next).status == status)
    }

    @Test func aTokenThatHasEndedIsAWrongOne() async throws {
        let bench = try await bench()
        let issued = try await bench.region.issueNamed(role: .intaker, to: .intakePoint)
        #expect(try await ask(bench, issued.secret).status == 200)
        try await bench.scratch.database.write { _ = try TokenStore($0.db).revoke(issued.id, at: $0.now) }
        var statuses: [Int] = []
        for _ in 0..<4 { statuses.append(try await ask(bench, issued.secret).status) }
        #expect(statuses == [401, 401, 401, 429])
    }
}

extension Substring {
    fileprivate func appending(_ text: String) -> String { String(self) + text }
}
