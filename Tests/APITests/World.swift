// A region with seven lives in it, so that every role has something of its own, something it was assigned or offered,
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
    /// As what is their own, of somebody restricted to named people, and they are named.
    case named
    /// The same, and they are not named.
    case restricted
    /// The same, and they broke the glass.
    case emergency
    /// There is no such thing.
    case none
}

/// Who asks: a role, or somebody whom a candidate lets look along.
struct Seat: Sendable, CustomStringConvertible {
    var role: Role
    var looksAlong = false

    static let all = Role.allCases.map { Seat(role: $0) } + [Seat(role: .candidate, looksAlong: true)]

    var description: String { looksAlong ? "delegate" : role.rawValue }
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

    /// The table that holds them.
    var table: String {
        switch self {
        case .match: "match"
        case .supportRequest: "support_request"
        case .tenancy: "tenancy"
        case .matchRun: "match_run"
        case .referral, .dwelling, .task, .consultation, .signal, .handover: String(rawValue.dropLast())
        }
    }
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

    /// As the first, and restricted: to everybody of the story, and to nobody; in the last the glass was broken.
    let guarded: [Relation: Journey]
    /// A task about each of the first two and the restricted ones, for the intake point.
    let tasks: [String: String]
    /// A task for each party that is no part of the intake point, by its role and the referral.
    let ownTasks: [String: String]
    /// A consultation of who posted each of the first two.
    let consultations: [String: String]
    /// A signal about each of the first three and the restricted ones, from who lets them their home.
    let signals: [String: String]
    /// A handover of somebody else, by the referral of each of the first two and the restricted ones; asked of the
    /// referrer's organisation, that of the second of the other's.
    let handovers: [String: String]
    /// Whom those handovers are of.
    let handed: [String: String]

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
        var guarded: [Relation: Journey] = [:]
        for relation in Self.guards {
            guarded[relation] = try await Self.journey(
                .housed, on: bench, .referrer, .allocator, .supporter, "\(relation)", "GM0153")
        }
        self.guarded = guarded
        let behindGlass = guarded.values
        var tasks: [String: String] = [:]
        for journey in [first, second] + behindGlass {
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
        for journey in [first, second, third] + behindGlass {
            let given = try await bench.client.post(
                "/v1/signals", as: journey.landlord,
                ["kind": "nuisance", "tenancy": .text(journey.tenancy), "note": "Noise."])
            signals[journey.referral] = given.json["/id"]?.text
        }
        self.signals = signals
        (handovers, handed) = try await Self.handovers(bench, [first, second] + behindGlass)
        ownTasks = try await Self.ownTasks(bench, [first, third] + behindGlass)
        for journey in [first] + behindGlass {
            for referral in [journey.referral, handed[journey.referral] ?? ""] {
                try await Self.addDelegate(of: referral, bench)
            }
        }
        for (relation, journey) in guarded {
            for referral in [journey.referral, handed[journey.referral] ?? ""] {
                try await bench.scratch.restrict(referral, to: relation == .named ? everybody : [])
            }
        }
        for role in [Role.intaker, .coordinator] {
            bench.region.keep(try await bench.region.issue(role: role, to: .intakePoint), of: .other(role))
            guard let journey = guarded[.emergency] else { continue }
            for referral in [journey.referral, handed[journey.referral] ?? ""] {
                try await bench.client.post(
                    "/v1/referrals/\(referral)/emergency-access", as: .other(role), ["reason": "Somebody is in danger."]
                )
            }
        }
    }

    private static let guards: [Relation] = [.named, .restricted, .emergency]

    /// Every journey there is.
    var journeys: [Journey] { [first, second, third, fourth] + guarded.values }

    /// The tokens of everybody of the story.
    var everybody: [String] {
        Role.allCases.filter { $0 != .candidate }.map { bench.region.token(of: .role($0)) }
    }

    private static func addDelegate(of referral: String, _ bench: Bench) async throws {
        let added = try await bench.client.post(
            "/v1/referrals/\(referral)/trusted-people", as: try await bench.region.admit(candidateOf: referral),
            ["name": "My brother"])
        bench.region.keep(added.json["/secret"]?.text ?? "", of: .delegate(of: referral))
    }

    private static func ownTasks(_ bench: Bench, _ journeys: [Journey]) async throws -> [String: String] {
        var tasks: [String: String] = [:]
        for journey in journeys {
            for role in [Role.referrer, .supporter, .allocator, .panel, .candidate] {
                let owner = role == .candidate ? nil : bench.region.organisation(of: .role(role))
                tasks["\(role) \(journey.referral)"] = try await bench.scratch.addTask(
                    about: journey.referral, for: role, of: owner)
            }
        }
        return tasks
    }

    private static func handovers(
        _ bench: Bench, _ journeys: [Journey]
    ) async throws -> (asked: [String: String], handed: [String: String]) {
        var (handovers, handed): ([String: String], [String: String]) = ([:], [:])
        for journey in journeys {
            let recipient = journey.poster
            let name = "Handed over \(handovers.count)"
            let referral = try await bench.client.post(
                "/v1/referrals", as: .intaker, Drafts.plainReferral.setting("/person/familyName", .text(name)))
            let asked = try await bench.client.post(
                "/v1/handovers", as: .intaker,
                Drafts.handover.setting("/referral", referral.json["/id"])
                    .setting("/to", ["organisation": .text(bench.region.organisation(of: recipient))]))
            handovers[journey.referral] = asked.json["/id"]?.text
            handed[journey.referral] = referral.json["/id"]?.text
        }
        return (handovers, handed)
    }

    private static func journey(
        _ stage: Journey.Stage, on bench: Bench, _ poster: Speaker, _ landlord: Speaker, _ supporter: Speaker,
        _ name: String, _ municipality: JSONTree = "GM0164"
    ) async throws -> Journey {
        var journey = Journey(on: bench)
        (journey.poster, journey.landlord, journey.supporter) = (poster, landlord, supporter)
        journey.draft = Drafts.plainReferral.setting("/person/familyName", .text(name))
            .setting("/municipality", municipality).setting("/consents", ["intake", "matching", "share_with_landlord"])
        journey.dwellingDraft = Drafts.dwelling.removing("/externalReference")
        try await journey.advance(to: stage)
        return journey
    }

    /// Who speaks in a role, about the first of them where it matters.
    func speaker(_ role: Role) -> Speaker { role == .candidate ? first.candidate : .role(role) }

    /// Who speaks from a seat about something that they stand to in a way.
    func speaker(_ seat: Seat, _ kind: Kind?, _ relation: Relation) -> Speaker {
        guard seat.role == .candidate else { return relation == .emergency ? .other(seat.role) : .role(seat.role) }
        let own = guarded[relation]?.referral ?? first.referral
        let referral = kind == .handover ? handed[own] ?? own : own
        return seat.looksAlong ? .delegate(of: referral) : .candidate(of: referral)
    }

    /// The id of something that a role stands to in a way; nil when for that role there is no such thing.
    func id(_ kind: Kind, _ role: Role, _ relation: Relation) -> String? {
        switch relation {
        case .none: Self.missing
        case .other: id(kind, of: second)
        case .own, .assigned, .offered: journey(kind, role, relation).map { id(kind, role, of: $0) }
        case .named, .restricted, .emergency: guarded(kind, role, relation).map { id(kind, role, of: $0) }
        }
    }

    private func id(_ kind: Kind, _ role: Role, of journey: Journey) -> String {
        (kind == .task ? ownTasks["\(role) \(journey.referral)"] : nil) ?? id(kind, of: journey)
    }

    /// What would be theirs, were nobody restricted. A candidate's own is theirs all the same, and an auditor sees who looked.
    private func guarded(_ kind: Kind, _ role: Role, _ relation: Relation) -> Journey? {
        guard ![.dwelling, .consultation, .matchRun].contains(kind) else { return nil }
        let isIntakePoint = role == .intaker || role == .coordinator
        let isParty = [Relation.own, .assigned].contains { journey(kind, role, $0)?.referral == first.referral }
        let isThere =
            switch relation {
            case .emergency: isIntakePoint
            case .named: isIntakePoint || isParty && role != .candidate
            default: isIntakePoint || isParty || role == .auditor
            }
        return isThere ? guarded[relation] : nil
    }

    private func journey(_ kind: Kind, _ role: Role, _ relation: Relation) -> Journey? {
        switch (kind, role, relation) {
        case (.referral, .referrer, .own), (.referral, .policymaker, .own), (.supportRequest, .referrer, .own): first
        case (.consultation, .referrer, .own), (.consultation, .supporter, .own): first
        case (.consultation, _, _): nil
        case (.matchRun, _, _): nil
        case (.handover, .referrer, .own), (.signal, .allocator, .own): first
        case (.signal, .panel, .own): third
        case (.handover, .supporter, .assigned), (.task, .supporter, .assigned): nil
        case (.task, .panel, .own): third
        case (.task, .referrer, .own), (.task, .supporter, .own), (.task, .allocator, .own): first
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
    func all(_ kind: Kind) throws -> [String] {
        try bench.scratch.ids(in: kind.table)
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
