// Who may: a wrong role is told so before anything else, and what is out of scope looks exactly like what does not
// exist. Every role is walked over every route.

import Domain
import HTTPWire
import TestKit
import Testing

@testable import API

@Suite struct AccessTests {
    /// A body that is well formed for every route that takes one; what it says does not matter to who may say it.
    private func paths(_ journey: Journey) -> [String: String] {
        [
            "/v1/referrals/{id}": journey.referral, "/v1/dwellings/{id}": journey.dwelling,
            "/v1/matches/{id}": journey.match, "/v1/support-requests/{id}": journey.supportRequest,
            "/v1/tenancies/{id}": journey.tenancy, "/v1/tasks/{id}": World.missing,
            "/v1/consultations/{id}": World.missing,
            "/v1/match-runs/{id}": World.missing, "/v1/signals/{id}": World.missing,
            "/v1/handovers/{id}": World.missing,
        ]
    }

    private func target(_ template: String, _ ids: [String: String]) -> String {
        let known = ids.first { template.hasPrefix($0.key) }
        return template.filled(known?.value ?? World.missing)
    }

    private func ask(_ route: Route, _ target: String, as speaker: Speaker, on bench: Bench) async throws -> Reply {
        switch route.body {
        case .none: try await bench.client.send(route.method, target, as: speaker)
        case .json, .optionalJSON, .mergePatch, .records:
            try await bench.client.send(
                route.method, target, as: speaker, Array("{}".utf8), type: route.body.mediaTypes.last,
                fields: [("If-Match", "\"1\"")])
        }
    }

    @Test func everyRouteRefusesEveryRoleThatMayNeverUseIt() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.housed, on: bench)
        let ids = paths(journey)
        let before = try bench.scratch.rowCounts()
        for route in Routes.all {
            let action = try #require(route.action)
            for role in Role.allCases where !action.roles.contains(role) {
                let speaker = role == .candidate ? journey.candidate : .role(role)
                let reply = try await ask(route, target(route.template, ids), as: speaker, on: bench)
                #expect(reply.status == 403, "\(role) \(route.method) \(route.template)")
                #expect(reply.problem == "forbidden")
            }
        }
        #expect(try bench.scratch.rowCounts() == before)
    }

    @Test func noRoleIsRefusedWhatItMay() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.housed, on: bench)
        let ids = paths(journey)
        for route in Routes.all where route.method == .get {
            let action = try #require(route.action)
            for role in action.roles.roles {
                let speaker = role == .candidate ? journey.candidate : .role(role)
                let reply = try await ask(route, target(route.template, ids), as: speaker, on: bench)
                // The panel has no part in this journey: what it may ask for is not its own.
                let isStranger =
                    role == .panel && route.template.contains("{id}")
                    // Nor is there a task about it, a run, a consultation, a signal, a handover or a restriction.
                    || ids.contains { $0.value == World.missing && route.template.hasPrefix($0.key) }
                    || route.template.hasSuffix("/restriction")
                #expect(reply.status == (isStranger ? 404 : 200), "\(role) \(route.template): \(reply.text)")
            }
        }
    }

    /// What somebody else's thing answers is what nothing answers, but for the request's own name.
    @Test func outOfScopeLooksLikeMissing() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.housed, on: bench)
        let stranger = try await Journey.reaching(
            .posted, on: bench, Drafts.plainReferral.setting("/municipality", "GM0164"))
        let missing = "01a19b98-1e3b-7c03-9b11-7d20e5a8c4f6"
        let ids = paths(journey)
        let outsiders: [Speaker] = [
            .other(.referrer), .other(.supporter), .other(.policymaker), .other(.allocator), .panel, .other(.panel),
            stranger.candidate,
        ]
        for route in Routes.all where route.template.contains("{id}") {
            let action = try #require(route.action)
            let nowhere = target(route.template, ids.mapValues { _ in missing })
            for speaker in outsiders where action.roles.contains(speaker.role) {
                let hidden = try await ask(route, target(route.template, ids), as: speaker, on: bench)
                let absent = try await ask(route, nowhere, as: speaker, on: bench)
                let place = "\(speaker) \(route.method) \(route.template)"
                #expect(hidden.status == absent.status, "\(place)")
                #expect(hidden.status == 404 || route.body != .none, "\(place)")
                #expect(hidden.json.removing("/instance") == absent.json.removing("/instance"), "\(place)")
            }
        }
    }

    /// The same with bodies that are accepted, so that no fault of the body answers first.
    @Test func nothingCanBeDoneToWhatIsOutOfScope() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.offered, on: bench)
        let decline: JSONTree = ["answer": "decline", "reason": "dwelling_unavailable"]
        let tries: [(Speaker, String, JSONTree)] = [
            (.other(.referrer), journey.path + "/transitions", ["move": "withdraw", "reason": "No."]),
            (.other(.referrer), journey.path + "/wishes", ["wishes": [["form": "shared"]]]),
            (.other(.referrer), journey.path + "/consents", ["purpose": "network"]),
            (.other(.allocator), "/v1/matches/\(journey.match)/responses", decline),
            (.panel, "/v1/matches/\(journey.match)/responses", decline),
            (.supporter, "/v1/matches/\(journey.match)/responses", ["answer": "accept", "onBehalfOf": "candidate"]),
        ]
        let before = try bench.scratch.rowCounts()
        for (speaker, path, body) in tries {
            let fields = [("If-Match", "*")]
            let reply = try await bench.client.post(path, as: speaker, body, fields: fields)
            #expect(reply.status == 404, "\(speaker) \(path): \(reply.text)")
            #expect(reply.problem == "not-found")
        }
        let patch = try await bench.client.patch(journey.path, as: .other(.referrer), [:], ifMatch: "*")
        #expect(patch.status == 404)
        let dwelling = "/v1/dwellings/\(journey.dwelling)"
        #expect(try await bench.client.patch(dwelling, as: .other(.allocator), [:], ifMatch: "*").status == 404)
        #expect(try bench.scratch.rowCounts() == before)
    }

    @Test func aMoveThatTheRoleMayNeverMakeIsForbiddenAndOneItMayNotMakeNowIsAConflict() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.posted, on: bench)
        let admit = try await bench.client.move(journey.referral, as: .referrer, Drafts.admission)
        #expect(admit.status == 403)
        let early = try await bench.client.move(journey.referral, as: .intaker, Drafts.admission)
        #expect(early.status == 409)
        #expect(early.problem == "move-not-allowed")
        #expect(early.json["/allowed"] == ["ask_information", "start_intake", "redirect", "withdraw"])
    }

    @Test func onlyTheIntakePointSeesTheQueueInItsOrder() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.waiting, on: bench)
        #expect(try await bench.client.get("/v1/referrals?sort=queue", as: .referrer).status == 403)
        let queue = try await bench.client.get("/v1/referrals?sort=queue", as: .coordinator)
        #expect(queue.json["/items/0/id"] == .text(journey.referral))
        #expect(queue.json["/items/0/urgency"] == "urgent")
    }

    @Test func aTokenThatDoesNotHoldGetsOneAnswer() async throws {
        let bench = try await Bench()
        let region = bench.region
        let good = region.secret(of: .referrer)
        let expired = try await region.issue(
            role: .referrer, to: .careProvider, expiresAt: bench.clock.now.adding(seconds: 60))
        let revoked = try await region.issueRevoked(role: .referrer, to: .careProvider)
        let closed = region.secret(of: .other(.referrer))
        bench.clock.advance(seconds: 60)
        try await region.disable(.careProvider, other: true)
        let altered = String(good.dropLast()) + (good.hasSuffix("A") ? "B" : "A")
        let fields: [(String, [(String, String)])] = [
            ("none", []), ("empty", [("Authorization", "")]), ("other scheme", [("Authorization", "Basic " + good)]),
            ("no secret", [("Authorization", "Bearer")]), ("malformed", [("Authorization", "Bearer thp_x")]),
            ("altered", [("Authorization", "Bearer " + altered)]),
            ("unknown", [("Authorization", "Bearer " + String(repeating: "a", count: 53))]),
            ("too many words", [("Authorization", "Bearer \(good) \(good)")]),
            ("twice", [("Authorization", "Bearer " + good), ("Authorization", "Bearer " + good)]),
            ("expired", [("Authorization", "Bearer " + expired)]),
            ("revoked", [("Authorization", "Bearer " + revoked)]),
            ("closed organisation", [("Authorization", "Bearer " + closed)]),
        ]
        for (name, field) in fields {
            for target in ["/v1/me", "/v1/referrals/01a19b98-1e3b-7c03-9b11-7d20e5a8c4f6"] {
                let reply = try await bench.client.get(target, fields: field)
                #expect(reply.status == 401, "\(name)")
                #expect(reply.problem == "unauthorized", "\(name)")
                #expect(reply["WWW-Authenticate"] == "Bearer realm=\"thuispunt\"", "\(name)")
            }
        }
        let lower = try await bench.client.get("/v1/me", fields: [("authorization", "bearer " + good)])
        #expect(lower.status == 200)
    }

    @Test func whoIAmSaysWhatIMay() async throws {
        let bench = try await Bench()
        let landlord = try await bench.client.get("/v1/me", as: .allocator).json
        #expect(landlord["/role"] == "allocator")
        #expect(landlord["/organisation/name"] == "Woonstichting De Brug")
        #expect(landlord["/referralFields"] == [])
        #expect(landlord["/actions"]?.elements.contains("answerMatch") == true)
        #expect(landlord["/actions"]?.elements.contains("readReferral") == false)
        let journey = try await Journey.reaching(.posted, on: bench)
        let candidate = try await bench.client.get("/v1/me", as: journey.candidate).json
        #expect(candidate["/referral"] == .text(journey.referral))
    }
}
