// Bodies that can't be taken, on every route that takes one: spoilt in one place at a time, and in many at once. The
// answer is 400 with the place, repeats nothing that was sent, and leaves no row behind.

import HTTPWire
import TestKit
import Testing

@testable import API

@Suite struct BodyTests {
    private func prepared() async throws -> (bench: Bench, routes: [BodyRoute]) {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.supported, on: bench)
        let consents = try await bench.client.get(journey.path + "/consents", as: .intaker).json
        let consent = consents["/items/0/id"]?.text ?? ""
        return (bench, BodyRoutes.all(journey, consent: consent, bench))
    }

    /// Sends a spoilt body and expects a fault; nothing may be stored.
    private func expect(
        _ fault: String, for body: [UInt8], _ route: BodyRoute, on bench: Bench, _ what: String
    ) async throws {
        let reply = try await route.send(body, on: bench)
        #expect(reply.status == 400, "\(route.name) \(what): \(reply.text)")
        #expect(reply.problem == "invalid-body", "\(route.name) \(what)")
        #expect(reply["Content-Type"] == "application/problem+json", "\(route.name) \(what)")
        #expect(reply.faults.contains(fault), "\(route.name) \(what): \(reply.faults)")
    }

    @Test func theTableHasEveryRouteThatTakesABody() async throws {
        let (_, routes) = try await prepared()
        // Records are judged one by one: BatchTests.
        #expect(routes.count == Routes.all.count { $0.body != .none && $0.body != .records })
    }

    @Test func whatIsRequiredIsMissed() async throws {
        let (bench, routes) = try await prepared()
        let before = try bench.scratch.rowCounts()
        for route in routes {
            for pointer in route.required {
                let body = route.draft.removing(pointer).bytes
                try await expect(pointer + " required", for: body, route, on: bench, "without \(pointer)")
            }
        }
        #expect(try bench.scratch.rowCounts() == before)
    }

    @Test func anotherKindOfValueIsRefusedEverywhere() async throws {
        let (bench, routes) = try await prepared()
        let before = try bench.scratch.rowCounts()
        for route in routes {
            for pointer in route.draft.pointers {
                let wrong: JSONTree = if case .text = route.draft[pointer] { 7 } else { "wrong" }
                let body = route.draft.setting(pointer, wrong).bytes
                try await expect(pointer + " type", for: body, route, on: bench, "wrong kind at \(pointer)")
                guard !route.clearable.contains(pointer) else { continue }
                let null = route.draft.setting(pointer, .some(.null)).bytes
                try await expect(pointer + " type", for: null, route, on: bench, "null at \(pointer)")
            }
        }
        #expect(try bench.scratch.rowCounts() == before)
    }

    @Test func unknownMembersAreFoundInEveryObject() async throws {
        let (bench, routes) = try await prepared()
        for route in routes {
            let objects = [""] + route.draft.pointers.filter { route.draft[$0]?.members.isEmpty == false }
            for pointer in objects {
                let body = route.draft.setting(pointer + "/surplus", 1).bytes
                try await expect(pointer + "/surplus unknown-field", for: body, route, on: bench, "surplus")
            }
        }
    }

    @Test func textsAreHeldToTheirForm() async throws {
        let (bench, routes) = try await prepared()
        let before = try bench.scratch.rowCounts()
        for route in routes {
            for pointer in route.draft.pointers {
                guard case .text = route.draft[pointer] else { continue }
                let control = route.draft.setting(pointer, "a\u{0}b").bytes
                try await expect(pointer + " control-character", for: control, route, on: bench, "NUL at \(pointer)")
            }
            for pointer in route.words {
                let body = route.draft.setting(pointer, "no_such_word").bytes
                try await expect(pointer + " enum", for: body, route, on: bench, "word at \(pointer)")
            }
            for (pointer, day) in route.days.flatMap({ pointer in
                ["2026-02-29", "2026-13-01", "26-01-01", "2026-1-1", "2026-01-01T00:00:00Z", ""].map { (pointer, $0) }
            }) {
                let body = route.draft.setting(pointer, .text(day)).bytes
                try await expect(pointer + " format", for: body, route, on: bench, "day \(day)")
            }
            for (pointer, value, code) in route.refused {
                let body = route.draft.setting(pointer, value).bytes
                try await expect(pointer + " " + code, for: body, route, on: bench, "\(code) at \(pointer)")
            }
        }
        #expect(try bench.scratch.rowCounts() == before)
    }

    /// Texts that are no JSON, and JSON that is no body, by the code that says so.
    private static let broken: [(code: String, bytes: [UInt8])] = [
        ("type", Array("[]".utf8)), ("type", Array("\"text\"".utf8)), ("type", Array("null".utf8)),
        ("unexpected-end", Array("{".utf8)), ("trailing-text", Array("{} {}".utf8)),
        ("trailing-text", Array("{}x".utf8)), ("unexpected-character", Array("{'a':1}".utf8)),
        ("unexpected-character", Array("{\"a\":1,}".utf8)), ("duplicate-key", Array("{\"a\":1,\"a\":2}".utf8)),
        ("duplicate-key", Array("{\"a\":1,\"\\u0061\":2}".utf8)), ("byte-order-mark", [0xEF, 0xBB, 0xBF, 0x7B, 0x7D]),
        ("bad-utf8", Array("{\"a\":\"".utf8) + [0xC0, 0xAF] + Array("\"}".utf8)),
        ("bad-utf8", Array("{\"a\":\"".utf8) + [0xFF] + Array("\"}".utf8)),
        ("lone-surrogate", Array("{\"a\":\"\\ud800\"}".utf8)), ("bad-number", Array("{\"a\":01}".utf8)),
        ("control-character", Array("{\"a\":\"\n\"}".utf8)), ("bad-escape", Array("{\"a\":\"\\x\"}".utf8)),
        ("too-deep", Array((String(repeating: "[", count: 40) + String(repeating: "]", count: 40)).utf8)),
        ("unexpected-character", [0]),
    ]

    @Test func whatIsNoBodyIsRefusedWithItsPlace() async throws {
        let (bench, routes) = try await prepared()
        let before = try bench.scratch.rowCounts()
        for route in routes {
            for (code, bytes) in Self.broken {
                let reply = try await route.send(bytes, on: bench)
                #expect(reply.status == 400, "\(route.name) \(code)")
                #expect(reply.faults.first?.hasSuffix(" " + code) == true, "\(route.name) \(code): \(reply.faults)")
            }
            let isOptional = [
                "offerMatch", "withdrawConsent", "requestErasure", "endTrust", "withdrawNetworkPerson",
                "endExclusionZone", "convertSupport", "openSession", "askMatchRun", "resumeClock",
            ].contains(route.name)
            if !isOptional {
                #expect(try await route.send([], on: bench).faults == [" empty"], "\(route.name)")
            }
        }
        #expect(try bench.scratch.rowCounts() == before)
    }

    @Test func allFaultsAreToldAtOnce() async throws {
        let bench = try await Bench()
        let body = Drafts.referral.removing("/opening").setting("/route", "by_train").setting(
            "/person/bsn", "123456789"
        )
        .setting("/person/familyName", 7).setting("/screening/acuteDanger", "no").setting("/wishes/1/form", "castle")
        .setting("/surplus", true).setting("/household/adults", 0)
        let reply = try await bench.client.post("/v1/referrals", as: .referrer, body)
        #expect(reply.status == 400)
        #expect(
            Set(reply.faults) == [
                "/opening required", "/route enum", "/person/bsn eleven-test", "/person/familyName type",
                "/screening/acuteDanger type", "/wishes/1/form enum", "/surplus unknown-field",
                "/household/adults range",
            ])
        #expect(reply.faults.count == 8)
        #expect(reply.json["/detail"] == "The body has 8 faults.")
    }

    @Test func nothingThatWasSentIsRepeated() async throws {
        let bench = try await Bench()
        let secret = "987654321"
        let body = Drafts.referral.setting("/person/bsn", .text(secret)).setting("/person/birthDate", "geheim-2")
            .setting("/person/phone", "geheim-3").setting("/municipality", "geheim-4").setting("/route", "geheim-5")
        for reply in [
            try await bench.client.post("/v1/referrals", as: .referrer, body),
            try await bench.client.post("/v1/referrals/_search", as: .referrer, ["bsn": .text(secret)]),
            try await bench.client.send(
                .post, "/v1/referrals", as: .referrer, Array("{\"bsn\":\"\(secret)\" geheim-6".utf8),
                type: "application/json"),
        ] {
            #expect(reply.status == 400)
            #expect(!reply.text.contains(secret))
            #expect(!reply.text.contains("geheim"))
        }
        #expect(bench.log.failures == [])
        #expect(!"\(bench.log.access)".contains(secret))
    }

    @Test func aSearchNeedsSomethingToSearchBy() async throws {
        let bench = try await Bench()
        #expect(try await bench.client.post("/v1/referrals/_search", as: .intaker, [:]).faults == [" required"])
        let birthDateAlone = try await bench.client.post(
            "/v1/referrals/_search", as: .intaker, ["birthDate": .text(Canary.birthDate)])
        #expect(birthDateAlone.faults == ["/familyName required"])
    }

    @Test func whoDoesNotAgreeSaysWhy() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.reportWritten, on: bench)
        let reply = try await bench.client.post(
            journey.path + "/intake/responses", as: journey.candidate, ["agrees": false])
        #expect(reply.faults == ["/remarks required"])
    }

    @Test func aReferralIsTakenWithTheOpeningDeclinedAndNotWithoutIt() async throws {
        let bench = try await Bench()
        let before = try bench.scratch.rowCounts()
        for opening: JSONTree in [[:], ["declined": false], ["missedSignals": "x"], ["declined": "yes"]] {
            let body = Drafts.plainReferral.setting("/opening", opening)
            #expect(try await bench.client.post("/v1/referrals", as: .referrer, body).status == 400)
        }
        #expect(try bench.scratch.rowCounts() == before)
        let reply = try await bench.client.post("/v1/referrals", as: .referrer, Drafts.plainReferral)
        #expect(reply.status == 201)
        #expect(reply.json["/opening"] == ["declined": true])
    }

    /// What a body may hold besides the usual: the edges of each limit are still inside.
    @Test func theEdgesOfTheLimitsAreTaken() async throws {
        let bench = try await Bench()
        let long = String(repeating: "ü", count: 4000)
        let body = Drafts.referral.setting("/opening/missedSignals", .text(long)).setting("/health", .text(long))
            .setting("/person/givenName", .text(String(repeating: "漢", count: 100))).setting("/person/bsn", "111222333")
            .setting("/person/phone", "06-12 34 56 78").setting(
                "/externalReference", .text(String(repeating: "a", count: 64))
            )
            .setting("/opening/neededTwoYearsAgo", "Two\nlines\tand \"quotes\" \\ / 👩‍👩‍👧")
            .setting("/finances/debts", 100_000_000_000)
        let reply = try await bench.client.post("/v1/referrals", as: .referrer, body)
        #expect(reply.status == 201, "\(reply.text)")
        let seen = try await bench.client.get(reply["Location"] ?? "", as: .intaker).json
        for pointer in ["/opening", "/health", "/person/givenName", "/person/phone", "/finances/debts"] {
            #expect(seen[pointer] == body[pointer], "\(pointer)")
        }
    }
}
