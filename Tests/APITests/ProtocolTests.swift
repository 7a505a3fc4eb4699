// What every answer has and every route refuses, whatever it is about: methods, paths, media types, sizes, header
// fields. Both transports where the wire has a say in it.

import Domain
import HTTPWire
import TestKit
import Testing

@testable import API

@Suite struct ProtocolTests {
    private static let standard: [(String, String)] = [
        ("API-Version", "1.0.0"), ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"), ("Referrer-Policy", "no-referrer"),
        ("Strict-Transport-Security", "max-age=31536000"),
    ]

    private func expectStandardFields(_ reply: Reply, _ what: String, isPublic: Bool = false) {
        for (name, value) in Self.standard {
            #expect(reply.fields.filter { $0.name == name }.map(\.value) == [value], "\(what): \(name)")
        }
        #expect(reply["Cache-Control"] == (isPublic ? "no-cache" : "no-store"), "\(what)")
        #expect(reply["X-Request-Id"]?.isEmpty == false, "\(what)")
        #expect(reply["Server"] == nil, "\(what)")
    }

    @Test(arguments: Bench.Transport.allCases)
    func everyAnswerCarriesTheStandardFields(transport: Bench.Transport) async throws {
        let bench = try await Bench(transport)
        let client = bench.client
        let long = String(repeating: "a", count: 9000)
        let replies: [(String, Reply)] = [
            ("200", try await client.get("/v1/me", as: .intaker)),
            ("201", try await client.post("/v1/referrals", as: .referrer, Drafts.plainReferral)),
            ("204", try await client.send(.options, "/v1/me")), ("400", try await client.get("/v1/me?%zz")),
            ("401", try await client.get("/v1/me")), ("403", try await client.get("/v1/referrals", as: .admin)),
            ("404", try await client.get("/v2")), ("405", try await client.send(.delete, "/v1/me", as: .intaker)),
            ("406", try await client.get("/v1/me", as: .intaker, fields: [("Accept", "text/csv")])),
            ("414", try await client.get("/v1/" + long)),
            ("431", try await client.get("/v1/me", fields: [("X-Long", long)])),
            ("health", try await client.get("/healthz")), ("ready", try await client.get("/readyz")),
        ]
        for (what, reply) in replies {
            if let status = Int(what) { #expect(reply.status == status, "\(what)") }
            expectStandardFields(reply, what)
            guard reply.status >= 400 else { continue }
            #expect(reply["Content-Type"] == "application/problem+json", "\(what)")
            #expect(reply.json["/status"] == .number(Int64(reply.status)), "\(what)")
            #expect(reply.json["/title"]?.text?.isEmpty == false, "\(what)")
            #expect(reply.json["/detail"]?.text?.isEmpty == false, "\(what)")
            #expect(reply.json["/instance"]?.text == "urn:request:" + (reply["X-Request-Id"] ?? ""), "\(what)")
        }
    }

    @Test func theRequestIdIsTakenOverWhenItIsOneAndMadeWhenNot() async throws {
        let bench = try await Bench()
        let given = try await bench.client.get("/v1/me", as: .intaker, fields: [("X-Request-Id", "job-42.a_B")])
        #expect(given["X-Request-Id"] == "job-42.a_B")
        for bad in ["", "with space", "a/b", String(repeating: "a", count: 65), "é"] {
            let made = try await bench.client.get("/v1/me", as: .intaker, fields: [("X-Request-Id", bad)])
            #expect(made["X-Request-Id"]?.count == 15, "\(bad)")
        }
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        try await bench.client.get(
            "/v1/me", as: .intaker, fields: [("traceparent", "00-\(trace)-00f067aa0ba902b7-01")])
        try await bench.client.get(
            "/v1/me", as: .intaker, fields: [("traceparent", "00-\(trace)-0000000000000000-01")])
        #expect(bench.log.access.suffix(2).first?.traceID == trace)
        #expect(bench.log.access.last?.traceID != trace, "what is not valid is not taken over")
        #expect(bench.log.access.last?.route == "/v1/me")
        #expect(bench.log.access.last?.role == "intaker")
    }

    @Test func pathsAreExact() async throws {
        let bench = try await Bench()
        let paths = [
            "/v1/referrals/", "/v1/me/", "/healthz/", "/v1//me", "/v1/Referrals", "/v1/referrals/x/unknown", "/v1",
            "/v1/referrals/not-an-id", "/v1/referrals/01a19b98-1e3b-7c03-9b11-7d20e5a8c4f6/", "/v1/openapi.json/",
            "/v1/referrals/01a19b98-1e3b-7c03-9b11-7d20e5a8c4f6%2Fevents", "/v1/m%65/x",
        ]
        for path in paths {
            let reply = try await bench.client.get(path, as: .intaker)
            #expect(reply.status == 404, "\(path): \(reply.status)")
            #expect(reply.problem == "not-found", "\(path)")
        }
        #expect(bench.log.access.allSatisfy { !$0.route.contains("not-an-id") && !$0.route.contains("01a19b98") })
    }

    @Test func everyPathSaysWhichMethodsItKnows() async throws {
        let bench = try await Bench()
        let templates = Set(Routes.all.map(\.template))
        for template in templates {
            let known = Routes.all.filter { $0.template == template }.map(\.method)
            let path = template.filled("x", "y")
            let expected = Set(known.map(\.rawValue) + ["OPTIONS"] + (known.contains(.get) ? ["HEAD"] : []))
            let options = try await bench.client.send(.options, path)
            #expect(options.status == 204, "\(template)")
            #expect(Set(methods(options)) == expected, "\(template)")
            for method in Method.allCases where !expected.contains(method.rawValue) {
                let reply = try await bench.client.send(method, path, as: .intaker)
                #expect(reply.status == 405, "\(method) \(template)")
                #expect(Set(methods(reply)) == expected, "\(method) \(template)")
            }
        }
        for path in OpenRoutes.paths.map({ $0.replacing("{slug}", with: "not-found") }) {
            #expect(methods(try await bench.client.send(.options, path)) == ["GET", "HEAD", "OPTIONS"])
            let reply = try await bench.client.send(.post, path)
            #expect(reply.status == 405, "\(path)")
            #expect(methods(reply) == ["GET", "HEAD", "OPTIONS"])
        }
    }

    private func methods(_ reply: Reply) -> [String] {
        reply["Allow"]?.split(separator: ",").map { String($0.drop { $0 == " " }) } ?? []
    }

    @Test(arguments: Bench.Transport.allCases)
    func headIsGetWithoutTheBody(transport: Bench.Transport) async throws {
        let bench = try await Bench(transport)
        let journey = try await Journey.reaching(.posted, on: bench)
        let targets = [
            "/v1/me", "/v1/referrals", journey.path, journey.path + "/events", "/healthz", "/v1/openapi.json",
        ]
        for target in targets + ["/v1/referrals/none", "/v1/referrals?limit=0"] {
            let got = try await bench.client.get(target, as: .intaker)
            let head = try await bench.client.send(.head, target, as: .intaker)
            #expect(head.status == got.status, "\(target)")
            #expect(head.body.isEmpty, "\(target)")
            for name in ["ETag", "Content-Type", "Content-Length", "Link", "Cache-Control"] {
                // A problem names its own request, so its length is the same and its text is not.
                #expect(head[name] == got[name], "\(target): \(name)")
            }
        }
    }

    @Test func whoCanNotReadJSONIsToldSo() async throws {
        let bench = try await Bench()
        let answers: [(String, Int)] = [
            ("*/*", 200), ("application/*", 200), ("application/json", 200), ("text/html, application/json;q=0.1", 200),
            ("APPLICATION/JSON", 200), ("text/html", 406), ("application/json;q=0", 406),
            ("*/*, application/json;q=0.0", 406), ("application/json;q=0, */*", 406), ("application/problem+json", 406),
            ("text/html, */*;q=0.01", 200),
        ]
        for (accept, status) in answers {
            let reply = try await bench.client.get("/v1/me", as: .intaker, fields: [("Accept", accept)])
            #expect(reply.status == status, "\(accept)")
        }
    }

    @Test func onlyJSONInUTF8IsTaken() async throws {
        let bench = try await Bench()
        let body = Drafts.plainReferral.bytes
        let types: [(String?, [(String, String)], Int)] = [
            ("application/json", [], 201), ("application/json; charset=utf-8", [], 201),
            ("Application/JSON ; charset=\"UTF-8\"", [], 201), (nil, [], 415), ("text/plain", [], 415),
            ("application/merge-patch+json", [], 415), ("application/json; charset=iso-8859-1", [], 415),
            ("application/json", [("Content-Encoding", "gzip")], 415), ("application/jsonx", [], 415),
            ("application/json", [("Content-Encoding", "identity")], 201), ("multipart/form-data; boundary=x", [], 415),
        ]
        for (type, fields, status) in types {
            let reply = try await bench.client.send(
                .post, "/v1/referrals", as: .referrer, body, type: type, fields: fields)
            #expect(reply.status == status, "\(type ?? "none") \(fields)")
            if status == 415 { #expect(reply["Accept"] == "application/json", "\(type ?? "none")") }
        }
        let journey = try await Journey.reaching(.posted, on: bench)
        let patch = try await bench.client.send(
            .patch, journey.path, as: .referrer, Array("{}".utf8), type: "text/plain", fields: [("If-Match", "*")])
        #expect(patch.status == 415)
        #expect(patch["Accept-Patch"] == "application/merge-patch+json, application/json")
    }

    @Test(arguments: Bench.Transport.allCases)
    func aBodyIsAtMostAMebibyte(transport: Bench.Transport) async throws {
        let bench = try await Bench(transport)
        let most = Application.bodyLimitBytes
        let padded = { (count: Int) in
            let json = Drafts.plainReferral.bytes
            return json + [UInt8](repeating: 0x20, count: count - json.count)
        }
        let fits = try await bench.client.send(
            .post, "/v1/referrals", as: .referrer, padded(most), type: "application/json")
        #expect(fits.status == 201)
        let before = try bench.scratch.rowCounts()
        let tooLarge = try await bench.client.send(
            .post, "/v1/referrals", as: .referrer, padded(most + 1), type: "application/json")
        #expect(tooLarge.status == 413)
        #expect(tooLarge.problem == "body-too-large")
        #expect(try bench.scratch.rowCounts() == before)
    }

    @Test func theDescriptionIsForEverybody() async throws {
        let bench = try await Bench(.socket)
        for path in ["/v1/openapi.json", "/v1/openapi.yaml"] {
            let reply = try await bench.client.get(path)
            #expect(reply.status == 200)
            #expect(reply["Access-Control-Allow-Origin"] == "*")
            #expect(reply["Date"] != nil)
            expectStandardFields(reply, path, isPublic: true)
            let again = try await bench.client.get(path, fields: [("If-None-Match", reply["ETag"] ?? "")])
            #expect(again.status == 304)
            #expect(again["Content-Type"] == nil)
            #expect(again["ETag"] == reply["ETag"])
        }
    }

    @Test func aServiceThatCanNotWriteSaysSo() async throws {
        let bench = try await Bench()
        bench.scratch.close()
        let reply = try await bench.client.post("/v1/referrals", as: .referrer, Drafts.plainReferral)
        #expect(reply.status == 503)
        #expect(reply.problem == "unavailable")
        #expect(reply["Retry-After"].flatMap { Int($0) } != nil)
        #expect(bench.log.failures.count == 1)
    }
}
