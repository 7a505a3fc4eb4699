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
    private func ask(_ route: Route, _ id: String, as speaker: Speaker, _ world: World) async throws -> Reply {
        let target = route.template.filled(id)
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

    @Test func whatIsHiddenIsLikeWhatIsNot() async throws {
        let world = try await World()
        // A match that is drawn up and not offered is hidden from its own landlord, its own candidate and their helper.
        let drawn = try await proposal(world)
        var pairs = 0
        var instructions: Set<Int> = []
        var slower: [String: Int] = [:]
        for route in Routes.all {
            guard let kind = route.kind, let action = route.action else { continue }
            // From the intake point nothing is hidden.
            for role in action.roles.subtracting([.intaker, .coordinator]).roles {
                let things = [Relation.offered, .other].compactMap { world.id(kind, role, $0) }
                for id in things + (kind == .match ? [drawn] : []) {
                    let speaker = world.speaker(role)
                    // Twice each: the first time statements are compiled and tokens looked up.
                    let first = try await ask(route, id, as: speaker, world)
                    guard first.status == 404 else { continue }
                    _ = try await ask(route, World.missing, as: speaker, world)
                    let hidden = try await work(world) { try await ask(route, id, as: speaker, world) }
                    let absent = try await work(world) { try await ask(route, World.missing, as: speaker, world) }
                    let place = "\(role) \(route.method.rawValue) \(route.template)"
                    #expect(bytes(hidden.0) == bytes(absent.0), "\(place)")
                    #expect(hidden.1.runs == absent.1.runs, "\(place)")
                    instructions.formUnion([absent.1.instructions])
                    let difference = hidden.1.instructions - absent.1.instructions
                    if difference != 0 { slower[place] = difference }
                    pairs += 1
                }
            }
        }
        #expect(slower == Self.known)
        let bounds = "\(instructions.min() ?? 0) to \(instructions.max() ?? 0)"
        print("twins: \(pairs) pairs compared, of \(bounds) instructions each")
        #expect(pairs >= 60)
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
