// Every kind of problem has a page at the address that its `type` names, for everybody, and the page says nothing that
// depends on who asks. That each kind stands in openapi.yaml is held by ContractTests.

import HTTPWire
import TestKit
import Testing

@testable import API

@Suite struct ProblemPageTests {
    /// What a page says of its kind, as HTML shows it.
    private func texts(_ type: ProblemType) -> [String] {
        let parts = [type.title, type.dutch, type.happened, type.remedy].flatMap { $0.split(separator: "`") }
        return parts.map { DossierPage.escaped(String($0)) } + [type.path]
    }

    @Test func everyTypeHasItsPage() async throws {
        let bench = try await Bench()
        for type in ProblemType.all {
            let reply = try await bench.client.get(type.path)
            #expect(reply.status == 200, "\(type.slug)")
            for text in texts(type) { #expect(reply.text.contains(text), "\(type.slug): \(text)") }
        }
        #expect(Set(ProblemType.all.map(\.dutch)).count == ProblemType.all.count)
    }

    @Test func everyPageHasItsType() async throws {
        let bench = try await Bench()
        #expect(Set(ProblemPages.pages.keys) == Set(ProblemType.all.map { "/problems/" + $0.slug }))
        let linked = try await bench.client.get("/problems").text.matches(of: /href="(\/problems\/[a-z-]+)"/)
        #expect(linked.map { String($0.1) }.sorted() == ProblemType.all.map(\.path).sorted())
        for path in ["/problems/", "/problems/none", "/problems/not-found/", "/problems/not-found/x", "/problems/%2e"] {
            #expect(try await bench.client.get(path).status == 404, "\(path)")
        }
    }

    /// A refusal leads to the page of its own kind.
    @Test func aRefusalLeadsToItsPage() async throws {
        let bench = try await Bench()
        for refusal in [
            try await bench.client.get("/v1/me"), try await bench.client.get("/nowhere"),
            try await bench.client.post("/v1/referrals", as: .referrer), try await bench.client.send(.post, "/healthz"),
        ] {
            let page = try await bench.client.get(refusal.json["/type"]?.text ?? "")
            #expect(page.status == 200)
            #expect(page.text.contains("<h1>\(refusal.json["/title"]?.text ?? "?")</h1>"))
        }
    }

    /// The same bytes to everybody, whoever's dossier has just been looked at.
    @Test func nothingOnItIsAboutAnybody() async throws {
        let bench = try await Bench()
        let before = try await bench.client.get("/problems/duplicate-person")
        let journey = try await Journey.reaching(.posted, on: bench)
        for speaker in Region.speakers + [journey.candidate] {
            #expect(try await bench.client.get("/problems/duplicate-person", as: speaker).body == before.body)
        }
        let texts = ProblemType.all.flatMap { [$0.happened, $0.remedy] }.joined()
        #expect(texts.firstMatch(of: /[0-9]{5}|@/) == nil)
    }

    @Test(arguments: ["/problems", "/problems/not-found"]) func aBrowserMayDoNothingElseWithIt(path: String)
        async throws
    {
        let bench = try await Bench()
        let reply = try await bench.client.get(path)
        #expect(reply["Content-Type"] == "text/html; charset=utf-8")
        let policy = reply["Content-Security-Policy"]?.split(separator: ";").map { $0.drop { $0 == " " } } ?? []
        #expect(
            Set(policy) == [
                "default-src 'none'", "style-src 'self'", "form-action 'none'", "frame-ancestors 'none'",
                "base-uri 'none'",
            ])
        for field in StandardFields.all where field.name != "Content-Security-Policy" {
            #expect(reply[field.name] == field.value)
        }
        #expect(!reply.text.contains("<script") && !reply.text.contains("style="))
        let known = try await bench.client.get(path, fields: [("If-None-Match", reply["ETag"] ?? "")])
        #expect(known.status == 304 && known.body.isEmpty)
        #expect(try await bench.client.send(.head, path)["Content-Length"] == reply["Content-Length"])
    }

    /// The log and the metrics know the template, not the path.
    @Test func theyAreOneRoute() async throws {
        let bench = try await Bench()
        for slug in ["not-found", "unheard-of"] { try await bench.client.get("/problems/" + slug) }
        #expect(bench.log.access.map(\.route) == ["/problems/{slug}", "/problems/{slug}"])
    }
}
