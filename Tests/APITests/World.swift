// A region with four lives in it, so that every role has something of its own, something it was assigned or offered,
// something of somebody else's, and nothing. The tests of access walk over it.

import Domain
import HTTPWire
import TestKit

@testable import API

/// How somebody stands to a thing.
enum Relation: Int, CaseIterable, Sendable {
    /// It is theirs: posted, let, a resident, oneself.
    case own
    /// Their support for the person is accepted.
    case assigned
    /// They were asked or offered, and have not been taken on yet (a landlord: the person was offered to it).
    case offered
    /// Somebody else's.
    case other
    /// There is no such thing.
    case none
}

/// What a path can be about.
enum Kind: String, CaseIterable, Sendable {
    case referral = "referrals"
    case dwelling = "dwellings"
    case match = "matches"
    case supportRequest = "support-requests"
    case tenancy = "tenancies"
    case task = "tasks"
    case consultation = "consultations"
    case matchRun = "match-runs"
    case signal = "signals"
    case handover = "handovers"
}

struct World: Sendable {
    let bench: Bench
    /// Posted by the referrer, a resident of the policymaker's municipality, supported by the supporter, housed by the
    /// allocator.
    let first: Journey
    /// All of it at other organisations.
    let second: Journey
    /// Housed by the resident panel, and otherwise other people's.
    let third: Journey
    /// Other people's too, offered to the allocator, with the supporter asked and not answered.
    let fourth: Journey

    /// A task about each of the first two, for the intake point.
    let tasks: [String: String]
    /// A consultation of who posted each of the first two.
    let consultations: [String: String]
    /// Every task there is.
    let everyTask: [String]
    /// Every referral, those that are handed over among them.
    let everyReferral: [String]
    /// A signal about each of the first three, from who lets them their home.
    let signals: [String: String]
    /// A handover asked of the referrer's organisation, and one asked of the other's, under the first two.
    let handovers: [String: String]

    /// A run that is done.
    let run: String

    static let missing = "01a19b98-1e3b-7c03-9b11-7d20e5a8c4f6"

    init() async throws {
        bench = try await Bench()
        first = try await Journey.reaching(.housed, on: bench)
        second = try await Self.journey(
            .housed, on: bench, .other(.referrer), .other(.allocator), .other(.supporter), "Second")
        third = try await Self.journey(.housed, on: bench, .other(.referrer), .panel, .other(.supporter), "Third")
        var last = try await Self.journey(
            .offered, on: bench, .other(.referrer), .allocator, .supporter, "Fourth")
        _ = try await last.take(.supportAsked)
        fourth = last
        var tasks: [String: String] = [:]
        for journey in [first, second] {
            let given = try await bench.client.post(journey.path + "/consents", as: .intaker, ["purpose": "network"])
            let consent = given.json["/id"]?.text ?? ""
            try await bench.client.post(journey.path + "/consents/\(consent)/withdrawals", as: .intaker, [:])
            let open = try await bench.client.get("/v1/tasks?referral=\(journey.referral)", as: .intaker)
            tasks[journey.referral] = open.json["/items/0/id"]?.text
        }
        self.tasks = tasks
        var consultations: [String: String] = [:]
        for journey in [first, second] {
            let asked = try await bench.client.post(
                "/v1/consultations", as: journey.poster, Drafts.consultation)
            consultations[journey.referral] = asked.json["/id"]?.text
        }
        self.consultations = consultations
        run = try await bench.client.askRun().json["/id"]?.text ?? ""
        var signals: [String: String] = [:]
        for journey in [first, second, third] {
            let given = try await bench.client.post(
                "/v1/signals", as: journey.landlord,
                ["kind": "nuisance", "tenancy": .text(journey.tenancy), "note": "Noise."])
            signals[journey.referral] = given.json["/id"]?.text
        }
        self.signals = signals
        handovers = try await Self.handovers(bench, first, second)
        let open = try await bench.client.get("/v1/tasks?limit=100", as: .coordinator).json["/items"]?.elements ?? []
        everyTask = open.compactMap { $0["/id"]?.text }
        everyReferral = try bench.scratch.ids(in: "referral")
    }

    private static func handovers(_ bench: Bench, _ first: Journey, _ second: Journey) async throws -> [String: String]
    {
        var handovers: [String: String] = [:]
        for (journey, recipient) in [(first, Speaker.referrer), (second, .other(.referrer))] {
            let name = "Handed over \(handovers.count)"
            let referral = try await bench.client.post(
                "/v1/referrals", as: .intaker, Drafts.plainReferral.setting("/person/familyName", .text(name)))
            let asked = try await bench.client.post(
                "/v1/handovers", as: .intaker,
                Drafts.handover.setting("/referral", referral.json["/id"])
                    .setting("/to", ["organisation": .text(bench.region.organisation(of: recipient))]))
            handovers[journey.referral] = asked.json["/id"]?.text
        }
        return handovers
    }

    private static func journey(
        _ stage: Journey.Stage, on bench: Bench, _ poster: Speaker, _ landlord: Speaker, _ supporter: Speaker,
        _ name: String
    ) async throws -> Journey {
        var journey = Journey(on: bench)
        (journey.poster, journey.landlord, journey.supporter) = (poster, landlord, supporter)
        journey.draft = Drafts.plainReferral.setting("/person/familyName", .text(name))
            .setting("/municipality", "GM0164").setting("/consents", ["intake", "matching", "share_with_landlord"])
        journey.dwellingDraft = Drafts.dwelling.removing("/externalReference")
        try await journey.advance(to: stage)
        return journey
    }

    /// Who speaks in a role.
    func speaker(_ role: Role) -> Speaker { role == .candidate ? first.candidate : .role(role) }

    /// The id of something that a role stands to in a way; nil when for that role there is no such thing.
    func id(_ kind: Kind, _ role: Role, _ relation: Relation) -> String? {
        switch relation {
        case .none: Self.missing
        case .other: id(kind, of: second)
        default: journey(kind, role, relation).map { id(kind, of: $0) }
        }
    }

    private func journey(_ kind: Kind, _ role: Role, _ relation: Relation) -> Journey? {
        switch (kind, role, relation) {
        case (.referral, .referrer, .own), (.referral, .policymaker, .own), (.supportRequest, .referrer, .own): first
        case (.consultation, .referrer, .own), (.consultation, .supporter, .own): first
        case (.consultation, _, _): nil
        case (.matchRun, _, _): nil
        case (.handover, .referrer, .own), (.signal, .allocator, .own): first
        case (.signal, .panel, .own): third
        case (.handover, .candidate, .own), (.handover, .supporter, .assigned): nil
        case (_, .candidate, .own) where kind != .dwelling: first
        case (_, .supporter, .assigned) where kind != .dwelling: first
        case (.dwelling, .allocator, .own), (.match, .allocator, .own), (.tenancy, .allocator, .own): first
        case (.dwelling, .panel, .own), (.tenancy, .panel, .own): third
        case (.referral, .panel, .offered), (.match, .panel, .offered): third
        case (.referral, .allocator, .offered), (.match, .allocator, .offered): fourth
        case (.referral, .supporter, .offered), (.match, .supporter, .offered): fourth
        case (.supportRequest, .supporter, .offered): fourth
        default: nil
        }
    }

    private func id(_ kind: Kind, of journey: Journey) -> String {
        switch kind {
        case .referral: journey.referral
        case .dwelling: journey.dwelling
        case .match: journey.match
        case .supportRequest: journey.supportRequest
        case .tenancy: journey.tenancy
        case .task: tasks[journey.referral] ?? ""
        case .consultation: consultations[journey.referral] ?? ""
        case .matchRun: journey.referral == second.referral ? run : ""
        case .signal: signals[journey.referral] ?? ""
        case .handover: handovers[journey.referral] ?? ""
        }
    }

    /// Everything of a kind there is.
    func all(_ kind: Kind) -> [String] {
        if kind == .task { return everyTask }
        if kind == .referral { return everyReferral }
        return [first, second, third, fourth].map { id(kind, of: $0) }.filter { !$0.isEmpty }
    }
}

extension Route {
    /// What the path's first variable names; nil when it has none.
    var kind: Kind? {
        let words = segments
        guard words.count > 2, words[2] == "{id}" else { return nil }
        return Kind(rawValue: words[1])
    }
}
