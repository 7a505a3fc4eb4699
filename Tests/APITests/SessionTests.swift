// A browser's session: signed in with a token, known by a cookie that scripts of other sites can't use, and ended by its
// person, by time, or with its token, everywhere at once.

import Domain
import HTTPWire
import SQLite
import Storage
import TestKit
import Testing

@testable import API

@Suite struct SessionTests {
    private static let page = [("Sec-Fetch-Site", "same-origin")]

    private func signIn(_ bench: Bench, as speaker: Speaker = .intaker, _ fields: [(String, String)] = page)
        async throws -> (reply: Reply, cookie: String)
    {
        let reply = try await bench.client.post("/session", as: speaker, fields: fields)
        return (reply, reply["Set-Cookie"].map { String($0.prefix { $0 != ";" }) } ?? "")
    }

    private func ask(
        _ bench: Bench, _ cookie: String, _ target: String = "/v1/me", _ fields: [(String, String)] = page
    ) async throws -> Reply {
        try await bench.client.get(target, fields: [("Cookie", cookie)] + fields)
    }

    @Test(arguments: Bench.Transport.allCases)
    func aPageSignsInAndOut(transport: Bench.Transport) async throws {
        let bench = try await Bench(transport)
        let (opened, cookie) = try await signIn(bench)
        #expect(opened.status == 201 && opened["Cache-Control"] == "no-store")
        let attributes = opened["Set-Cookie"]?.split(separator: "; ").dropFirst().map(String.init)
        #expect(attributes == ["Path=/", "Secure", "HttpOnly", "SameSite=Strict"])
        #expect(cookie.wholeMatch(of: /__Host-thuispunt=[A-Za-z0-9_-]{43}/) != nil)
        #expect(opened.json["/endsAt"] == "2026-11-23T21:00:00.000Z" && opened.json["/idleSeconds"]?.number == 1_800)
        #expect(!opened.text.contains(cookie.suffix(43)), "the secret is in the cookie alone")

        let own = try await bench.client.get("/v1/me", as: .intaker)
        let seen = try await ask(bench, cookie)
        #expect(seen.status == 200 && seen.text == own.text)
        let write = try await bench.client.post(
            "/v1/referrals", Drafts.plainReferral, fields: [("Cookie", cookie)] + Self.page)
        #expect(write.status == 201)
        let id = write.json["/id"]?.text ?? ""
        let candidate = try await bench.region.issueNamed(role: .auditor, to: .intakePoint)
        let looks = try await bench.client.get(
            "/v1/referrals/\(id)/disclosures", fields: [("Authorization", "Bearer \(candidate.secret)")])
        #expect(looks.json["/items/0/role"] == "intaker", "the ledger knows the token")

        let closed = try await bench.client.send(.delete, "/session", fields: [("Cookie", cookie)] + Self.page)
        #expect(closed.status == 204 && closed.body.isEmpty && closed["Content-Type"] == nil)
        #expect(closed["Set-Cookie"]?.hasSuffix("; Max-Age=0") == true)
        #expect(try await ask(bench, cookie).status == 401)
        #expect(try await bench.client.get("/v1/me", as: .intaker).status == 200, "its token goes on")
        #expect(try await bench.client.send(.delete, "/session", as: .intaker).status == 204)
    }

    /// What another site's page sends with the cookie is refused before anything is looked up or done.
    @Test(arguments: [
        ([("Sec-Fetch-Site", "cross-site")], 403, 403), ([("Sec-Fetch-Site", "same-site")], 403, 403),
        ([("Sec-Fetch-Site", "none")], 200, 403), ([("Sec-Fetch-Site", "same-origin")], 200, 201),
        ([("Origin", "https://evil.example")], 403, 403), ([("Origin", "null")], 403, 403),
        ([("Origin", "https://localhost")], 200, 201), ([("Origin", "https://localhost.evil.example")], 403, 403),
        ([("Origin", "https://localhost:8443")], 403, 403), ([], 200, 403),
        ([("Sec-Fetch-Site", "cross-site"), ("Origin", "https://localhost")], 403, 403),
        ([("Sec-Fetch-Site", "same-origin, cross-site")], 403, 403),
    ])
    func onlyOurOwnPage(fields: [(String, String)], read: Int, write: Int) async throws {
        let bench = try await Bench()
        let (_, cookie) = try await signIn(bench)
        #expect(try await ask(bench, cookie, "/v1/me", fields).status == read, "\(fields)")
        let reply = try await bench.client.post(
            "/v1/referrals", Drafts.plainReferral, fields: [("Cookie", cookie)] + fields)
        #expect(reply.status == write, "\(fields)")
        if write == 403 { #expect(reply.problem == "forbidden") }
        let held = try #require(try await ask(bench, cookie)["ETag"])
        let known = try await ask(bench, cookie, "/v1/me", fields + [("If-None-Match", held)])
        #expect(known.status == (read == 200 ? 304 : 403), "not from memory either")
    }

    @Test func theTokenGoesBeforeTheCookie() async throws {
        let bench = try await Bench()
        let (_, cookie) = try await signIn(bench, as: .intaker)
        let both = try await bench.client.get("/v1/me", as: .allocator, fields: [("Cookie", cookie)])
        #expect(both.json["/role"] == "allocator")
        let wrong = try await ask(bench, cookie, "/v1/me", Self.page + [("Authorization", "Bearer thp_no")])
        #expect(wrong.status == 401, "also when it is no good")
        let basic = try await ask(bench, cookie, "/v1/me", Self.page + [("Authorization", "Basic eDp5")])
        #expect(basic.status == 401)
        let renewed = try await bench.client.post("/session", fields: [("Cookie", cookie)] + Self.page)
        #expect(renewed.status == 403, "a session does not renew itself")
        let (again, next) = try await signIn(bench, as: .intaker, Self.page + [("Cookie", cookie)])
        #expect(again.status == 201 && next != cookie)
        #expect(try await ask(bench, cookie).status == 401, "the one before has ended")
        #expect(try await ask(bench, next).status == 200)
    }

    @Test func itEndsWhenNobodyUsesItAndInTheEnd() async throws {
        let bench = try await Bench()
        let (_, cookie) = try await signIn(bench)
        let tag = try #require(try await ask(bench, cookie)["ETag"])
        bench.clock.advance(seconds: 1_799)
        #expect(try await ask(bench, cookie).status == 200)
        try await bench.scratch.database.write { _ in }
        bench.clock.advance(seconds: 1_799)
        #expect(try await ask(bench, cookie, "/v1/me", Self.page + [("If-None-Match", tag)]).status == 304)
        try await bench.scratch.database.write { _ in }
        bench.clock.advance(seconds: 1_801)
        #expect(try await ask(bench, cookie).status == 401)

        let (_, second) = try await signIn(bench)
        for _ in 0..<(24 * 60 / 25) where try await ask(bench, second).status == 200 {
            try await bench.scratch.database.write { _ in }
            bench.clock.advance(seconds: 1_500)
        }
        let used = try bench.scratch.database.read(lane: 1) { tx in
            try tx.db.first("SELECT max(lives_until) - min(created_at), max(ends_at - created_at) FROM session") {
                [$0.int64(0), $0.int64(1)]
            }
        }
        #expect(try await ask(bench, second).status == 401)
        #expect(used?.last == 43_200_000)
    }

    /// Reads in a session stay reads: its use is written down once in five minutes, and polls are answered from memory.
    @Test func useIsWrittenDownSeldom() async throws {
        let bench = try await Bench(limits: nil)
        let database = bench.scratch.database
        let (_, cookie) = try await signIn(bench)
        try await database.write { _ in }
        let tag = try #require(try await ask(bench, cookie)["ETag"])
        try await database.write { _ in }
        _ = try await ask(bench, cookie)
        let before = database.statistics.jobs
        for _ in 0..<20 {
            let request = try Request(
                method: .get, target: "/v1/me", fields: [("Cookie", cookie), ("If-None-Match", tag)] + Self.page)
            #expect(bench.application.respondAtOnce(to: request)?.status == 304)
        }
        #expect(database.statistics.jobs == before)
        bench.clock.advance(seconds: 300)
        #expect(try await ask(bench, cookie, "/v1/me", Self.page + [("If-None-Match", tag)]).status == 304)
        try await database.write { _ in }
        #expect(database.statistics.jobs == before + 2, "one for the session, one of this test")
    }

    @Test func itEndsWithItsTokenInEveryLoop() async throws {
        let bench = try await Bench(.socket)
        let issued = try await bench.region.issueNamed(role: .intaker, to: .intakePoint)
        let reply = try await bench.client.post(
            "/session", fields: Self.page + [("Authorization", "Bearer \(issued.secret)")])
        let cookie = String(reply["Set-Cookie"]?.prefix { $0 != ";" } ?? "")
        for _ in 0..<20 { #expect(try await ask(bench, cookie).status == 200) }
        try await bench.scratch.database.write { tx in
            _ = try TokenStore(tx.db).revoke(issued.id, at: tx.now)
        }
        for _ in 0..<20 { #expect(try await ask(bench, cookie).status == 401) }
    }

    @Test func aTokensAddressesAreItsSessions() async throws {
        let bench = try await Bench()
        let issued = try await bench.region.issueNamed(
            role: .intaker, to: .intakePoint, addresses: AddressList("192.0.2.0/24"))
        func send(_ method: HTTPWire.Method, _ target: String, _ field: (String, String), from address: String)
            async throws -> Response
        {
            let request = try Request(
                method: method, target: target, fields: [field] + Self.page, peerAddress: address)
            return await bench.application.respond(to: request, body: RequestBody(bytes: []))
        }
        let bearer = ("Authorization", "Bearer \(issued.secret)")
        #expect(try await send(.post, "/session", bearer, from: "198.51.100.1").status == 401)
        let opened = try await send(.post, "/session", bearer, from: "192.0.2.1")
        let cookie = opened.allFields.first { $0.name == "Set-Cookie" }?.value.prefix { $0 != ";" } ?? ""
        #expect(try await send(.get, "/v1/me", ("Cookie", String(cookie)), from: "192.0.2.9").status == 200)
        #expect(try await send(.get, "/v1/me", ("Cookie", String(cookie)), from: "198.51.100.1").status == 401)
    }

    // MARK: Limits

    /// Guessed sessions and guessed tokens are one record of an address; a browser that still sends an ended one is no
    /// guesser, and what holds is not locked out.
    @Test func guessesCountAgainstTheAddress() async throws {
        var settings = RateSettings()
        settings.signInBurst = 3
        let bench = try await Bench(limits: settings)
        let (_, cookie) = try await signIn(bench)
        #expect(try await ask(bench, cookie).status == 200)
        let (_, ended) = try await signIn(bench, as: .allocator)
        try await bench.client.send(.delete, "/session", fields: [("Cookie", ended)] + Self.page)
        for _ in 0..<10 { #expect(try await ask(bench, ended).status == 401) }
        let guess = "__Host-thuispunt=" + String(repeating: "A", count: 43)
        for _ in 0..<2 { #expect(try await ask(bench, guess).status == 401) }
        #expect(try await ask(bench, "__Host-thuispunt=short").status == 401)
        #expect(try await ask(bench, guess).status == 429)
        let token = try await bench.client.post("/session", fields: [("Authorization", "Bearer thp_no")])
        #expect(token.status == 429 && token["Retry-After"] != nil)
        #expect(try await ask(bench, cookie).status == 200)
        try await bench.scratch.database.write { _ in }
        #expect(try await ask(bench, cookie).status == 200, "also when it has to be looked up again")
    }

    @Test func itSpendsItsTokensLimit() async throws {
        var settings = RateSettings()
        settings.tokenBurst = 20
        let bench = try await Bench(limits: settings)
        let cookies = [try await signIn(bench).cookie, try await signIn(bench).cookie]
        let left = try await ask(bench, cookies[0])["RateLimit"]
        #expect(left?.contains("r=9") == true, "\(left ?? "none")")
        #expect(try await ask(bench, cookies[1])["RateLimit"]?.contains("r=8") == true)
        #expect(try await bench.client.get("/v1/me", as: .intaker)["RateLimit"]?.contains("r=7") == true)
    }

    // MARK: The cookie

    /// Over http a browser keeps Secure cookies on the machine itself alone.
    @Test(arguments: [
        ("localhost:8080", "http://localhost:8080", true), ("127.0.0.1:8080", "http://127.0.0.1:8080", true),
        ("[::1]:8080", "http://[::1]:8080", true), ("localhost", "https://localhost", true),
        ("thuispunt.example.org", "https://thuispunt.example.org", true),
        ("thuispunt.example.org", "http://thuispunt.example.org", false),
        ("127.0.0.1.example", "http://127.0.0.1.example", false), ("10.0.0.1", "http://10.0.0.1", false),
    ])
    func overHTTPOnTheMachineItselfAlone(host: String, origin: String, isKept: Bool) async throws {
        let bench = try await Bench()
        let (reply, cookie) = try await signIn(bench, as: .intaker, [("Host", host), ("Origin", origin)] + Self.page)
        #expect(reply.status == (isKept ? 201 : 403) && cookie.isEmpty == !isKept)
        guard isKept else { return }
        #expect(try await ask(bench, cookie, "/v1/me", [("Host", host)] + Self.page).status == 200)
    }

    @Test func amongOtherCookies() async throws {
        let bench = try await Bench()
        let (_, cookie) = try await signIn(bench)
        let other = "__Host-thuispunt=" + String(repeating: "A", count: 43)
        for (text, status) in [
            ("a=b; \(cookie); c", 200), (" \(cookie) ", 200), ("x\(cookie)", 401), ("\(cookie)x", 401),
            ("=; ;\(cookie)", 200),
            ("\(cookie); \(other)", 401), ("\(cookie); \(cookie)", 200), ("", 401), (cookie.uppercased(), 401),
            ("thuispunt=\(cookie.suffix(43))", 401), ("\(cookie); thuispunt=x", 200),
        ] {
            #expect(try await ask(bench, text).status == status, "\(text)")
        }
    }

    @Test func nothingOfItIsWrittenDown() async throws {
        let bench = try await Bench()
        let (_, cookie) = try await signIn(bench)
        _ = try await ask(bench, cookie)
        let secret = String(cookie.suffix(43))
        #expect(!"\(bench.log.access)\(bench.log.failures)".contains(secret))
        let rows = try bench.scratch.database.read(lane: 1) { tx in
            try tx.db.all("SELECT hash FROM session") { $0.blob(0) }
        }
        #expect(rows.count == 1 && rows[0].count == 32 && rows[0] != Array(secret.utf8))
        let key = [("Idempotency-Key", "once")]
        let first = try await signIn(bench, as: .intaker, Self.page + key)
        let second = try await signIn(bench, as: .intaker, Self.page + key)
        #expect(first.cookie != second.cookie, "no answer is kept that holds a secret")
    }
}
