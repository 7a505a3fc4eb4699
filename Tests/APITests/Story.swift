// What the stories are told with: a region, somebody whose story it is, and short verbs for what the parties do and read. A verb
// that is refused stops the story with the answer.

import Domain
import HTTPWire
import TestKit
import Testing

/// One person's story, as it goes over the API.
struct Story {
    let bench: Bench
    var journey: Journey
    var client: Client { bench.client }

    /// Somebody by name, who comes by a route.
    init(of given: String, _ family: String, born: String = "1984-05-09", by route: String, on bench: Bench) {
        self.bench = bench
        journey = Journey(on: bench)
        journey.draft = Drafts.plainReferral.setting("/person/givenName", .text(given))
            .setting("/person/familyName", .text(family)).setting("/person/birthDate", .text(born))
            .setting("/route", .text(route)).setting("/consents", ["intake", "matching", "share_with_landlord"])
            .setting(
                "/opening",
                ["missedSignals": "Letters stayed unopened.", "neededTwoYearsAgo": "Somebody who came by."]
            )
            .setting("/wishes", [["form": "independent_ambulatory", "municipalities": ["GM0153"]]])
        journey.dwellingDraft = Drafts.dwelling.removing("/externalReference")
        journey.report = Drafts.report
    }

    /// What was answered when it should not have been.
    struct Refused: Error, CustomStringConvertible {
        var description: String
    }

    /// Somebody does something, and it is done.
    @discardableResult
    func does(_ speaker: Speaker, _ path: String, _ body: JSONTree = [:]) async throws -> JSONTree {
        let reply = try await client.post(path, as: speaker, body, fields: [("If-Match", "*")])
        guard (200...201).contains(reply.status) else {
            throw Refused(description: "\(speaker) \(path): \(reply.status) \(reply.text)")
        }
        return reply.json
    }

    /// Somebody asks for something and is told no, with a status.
    func isRefused(_ speaker: Speaker, _ path: String, _ body: JSONTree) async throws -> Reply {
        try await client.post(path, as: speaker, body, fields: [("If-Match", "*")])
    }

    /// Somebody reads something.
    func reads(_ speaker: Speaker, _ path: String) async throws -> JSONTree {
        let reply = try await client.get(path, as: speaker)
        guard reply.status == 200 else {
            throw Refused(description: "\(speaker) \(path): \(reply.status) \(reply.text)")
        }
        return reply.json
    }

    /// The referral makes a move.
    func moves(_ speaker: Speaker, _ body: JSONTree) async throws {
        try await does(speaker, journey.path + "/transitions", body)
    }

    /// Takes every step up to a stage, as the parties do when nothing is in the way.
    mutating func comes(to stage: Journey.Stage) async throws { try await journey.advance(to: stage) }

    /// Where the referral stands.
    func status() async throws -> String { try await reads(.intaker, journey.path)["/status"]?.text ?? "" }

    /// Days go by, and what is due by itself is done.
    func later(days: Int64) async throws {
        bench.clock.advance(days: days)
        try await bench.scratch.runClockwork()
    }

    /// The tasks somebody has of a kind.
    func tasks(_ speaker: Speaker, _ kind: TaskKind) async throws -> [JSONTree] {
        try await reads(speaker, "/v1/tasks?kind=\(kind.rawValue)")["/items"]?.elements ?? []
    }

    /// The kinds of what happened, in order.
    func timeline() async throws -> [String] {
        try await reads(.intaker, journey.path + "/events?limit=100")["/items"]?.elements
            .compactMap { $0["/kind"]?.text } ?? []
    }

    /// The clocks that run, with whose move it is and whether the last day has passed.
    func clocks() async throws -> [String: String] {
        let all = try await reads(.intaker, journey.path + "/clocks")["/items"]?.elements ?? []
        return all.filter { $0["/endedOn"] == nil }.reduce(into: [:]) {
            $0[$1["/kind"]?.text ?? ""] = "\($1["/party"]?.text ?? "") \($1["/state"]?.text ?? "")"
        }
    }
}
