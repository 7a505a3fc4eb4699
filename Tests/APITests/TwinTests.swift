// What is there and hidden against what is not there: the same bytes, and the same work of the database, so that neither
// an answer nor a clock tells the two apart. Work is counted in statements and in instructions of SQLite's machine, which
// unlike time are the same in every run.

import Domain
import HTTPWire
import TestKit
import Testing

@testable import API

@Suite struct TwinTests {
    private struct Work: Equatable {
        var runs: Int
        var instructions: Int
    }

    /// A request whose body is accepted, so that no fault of it answers first.
    private func ask(_ route: Route, _ target: String, as speaker: Speaker, _ world: World) async throws -> Reply {
        let bodies: [Action: JSONTree] = [
            .changeReferral: ["route": "clinic_exit"], .moveReferral: ["move": "withdraw", "reason": "No."],
            .writeReport: Drafts.report, .answerReport: ["agrees": true],
            .writeWishes: ["wishes": [["form": "shared"]]], .changeDwelling: ["rooms": 2],
            .restrictReferral: ["reason": "No.", "ended": true], .breakGlass: ["reason": "Somebody is in danger."],
            .decideErasure: ["outcome": "granted"], .answerSignal: ["outcome": "not_reached"],
            .answerHandover: ["answer": "decline", "reason": "no_capacity"],
            .trust: ["name": "My sister"],
            .linkReferrals: ["referral": .text(World.missing), "outcome": "same_person"],
            .runMatches: ["all": true], .reviewDecline: ["outcome": "uphold", "reason": "It stands."],
            .setViewing: ["at": "2026-12-10T10:00:00Z"], .introduce: ["text": "I cook well."],
            .reviewEmergency: ["outcome": "justified", "note": "Yes."],
            .changeTasks: route.template.hasSuffix("answers")
                ? ["reason": "capacity", "until": "2026-12-01"]
                : route.template.hasSuffix("completions")
                    ? ["note": "Yes."] : ["note": "Yes.", "token": .text(World.missing)],
            .answerMatch: ["answer": "accept"], .answerSupport: Drafts.supportAccepted,
            .askSupport: ["provider": .text(world.bench.region.id(of: .careProvider)), "hoursPerWeek": 2],
        ]
        let isConsent = route.action == .writeConsents && !route.template.contains("{consentId}")
        let body =
            isConsent
            ? ["purpose": "network"] : Drafts.talk(route.template) ?? route.action.flatMap { bodies[$0] } ?? [:]
        guard route.body != .none else { return try await world.bench.client.send(route.method, target, as: speaker) }
        return try await world.bench.client.send(
            route.method, target, as: speaker, body.bytes,
            type: route.body.mediaTypes[0],
            fields: [("If-Match", "*")])
    }

    private func work(_ world: World, _ body: () async throws -> Reply) async throws -> (Reply, Work) {
        let before = try await world.bench.scratch.work()
        let reply = try await body()
        let after = try await world.bench.scratch.work()
        return (reply, Work(runs: after.runs - before.runs, instructions: after.instructions - before.instructions))
    }

    /// All that is not the request's own: the status, the fields and the body, without its request id and what is left of
    /// its token's account.
    private func bytes(_ reply: Reply) -> String {
        let id = reply["X-Request-Id"] ?? "none"
        let fields = reply.fields.filter { !["Date", "X-Request-Id", "RateLimit"].contains($0.name) }
            .map { "\($0.name): \($0.value)" }
        return (["\(reply.status)"] + fields + [reply.text.replacing(id, with: "ID")]).joined(separator: "\n")
    }

    /// A request for support does not say who posted its referral: it is found before its poster is looked at, which takes
    /// these instructions more, less than a microsecond.
    private static let known = ["referrer GET /v1/support-requests/{id}": 8]

    /// What is told of all pairs together.
    private struct Tally {
        var pairs = 0
        var instructions: Set<Int> = []
        var slower: [String: Int] = [:]
    }

    /// Compares the answers about what is hidden and what is missing; nothing when it is not hidden.
    private func compare(
        _ route: Route, _ hidden: String, as speaker: Speaker, _ world: World, _ tally: inout Tally
    ) async throws {
        let missing = route.template.filled(World.missing)
        // Twice each: the first time statements are compiled and tokens looked up.
        guard try await ask(route, hidden, as: speaker, world).status == 404 else { return }
        _ = try await ask(route, missing, as: speaker, world)
        let there = try await work(world) { try await ask(route, hidden, as: speaker, world) }
        let absent = try await work(world) { try await ask(route, missing, as: speaker, world) }
        let place = "\(speaker.role) \(route.method.rawValue) \(route.template)"
        #expect(bytes(there.0) == bytes(absent.0), "\(place)")
        #expect(there.1.runs == absent.1.runs, "\(place)")
        tally.instructions.insert(absent.1.instructions)
        let difference = there.1.instructions - absent.1.instructions
        if difference != 0 { tally.slower[place] = difference }
        tally.pairs += 1
    }

    private func tell(_ what: String, _ tally: Tally) {
        let bounds = "\(tally.instructions.min() ?? 0) to \(tally.instructions.max() ?? 0)"
        print("twins: \(tally.pairs) \(what) pairs compared, of \(bounds) instructions each")
    }

    @Test func whatIsHiddenIsLikeWhatIsNot() async throws {
        let world = try await World()
        // A match that is drawn up and not offered is hidden from its own landlord, its own candidate and their helper.
        let drawn = try await proposal(world)
        var tally = Tally()
        for route in Routes.all {
            guard let kind = route.kind, let action = route.action else { continue }
            // From the intake point nothing is hidden but what is restricted.
            for role in action.roles.subtracting([.intaker, .coordinator]).roles {
                let things = [Relation.offered, .other].compactMap { world.id(kind, role, $0) }
                for id in things + (kind == .match ? [drawn] : []) {
                    try await compare(route, route.template.filled(id), as: world.speaker(role), world, &tally)
                }
            }
        }
        #expect(tally.slower == Self.known)
        tell("hidden", tally)
        #expect(tally.pairs >= 60)
    }

    /// That somebody is restricted is seen in their row: so many instructions more than when there is none, about a
    /// microsecond, which no network tells from its own noise.
    private static let restriction = 30
    /// A landlord's signals are looked for in two ways, each of which comes upon the row.
    private static let knownOfRestricted = ["allocator GET /v1/signals/{id}": 89]

    /// The same of restricted people, for their own parties and the intake point, and of what a broken glass does not give.
    /// Only to break it is to learn of them.
    @Test func whatIsRestrictedIsLikeWhatIsNot() async throws {
        let world = try await World()
        var nested = Nested(world)
        var tally = Tally()
        for route in Routes.all where route.action != .breakGlass {
            guard let kind = route.kind, let action = route.action else { continue }
            for role in action.roles.subtracting([.candidate, .auditor]).roles {
                for relation in [Relation.restricted, .emergency] {
                    guard let id = world.id(kind, role, relation) else { continue }
                    let speaker = world.speaker(Seat(role: role), kind, relation)
                    try await compare(route, nested.path(route, id), as: speaker, world, &tally)
                }
            }
        }
        #expect(tally.slower.filter { abs($0.value) > Self.restriction } == Self.knownOfRestricted)
        tell("restricted", tally)
        #expect(tally.pairs >= 150)
    }

    private func proposal(_ world: World) async throws -> String {
        let client = world.bench.client
        let dwelling = try await client.post(
            "/v1/dwellings", as: .allocator, Drafts.dwelling.removing("/externalReference"))
        let draft = Drafts.plainReferral.setting("/consents", ["intake", "matching", "share_with_landlord"])
        let waiting = try await Journey.reaching(.waiting, on: world.bench, draft)
        let match = try await client.post(
            "/v1/matches", as: .coordinator,
            [
                "referral": .text(waiting.referral), "dwelling": dwelling.json["/id"] ?? .null, "reason": "A draft.",
                "offer": false,
            ])
        return try #require(match.json["/id"]?.text)
    }
}
