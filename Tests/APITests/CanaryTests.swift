// Planted words: every role asks every question it can, at every stage, and no answer, access record or failure line may
// hold a word of a group that the role may not see. The table is the one of the README, by hand.

import Domain
import HTTPWire
import TestKit
import Testing

@testable import API

@Suite struct CanaryTests {
    /// Words that a role may meet at some stage; everything else planted it may never meet.
    private static let identity = [Canary.givenName, Canary.familyName, Canary.birthDate]
    private static let contact = [Canary.phone, Canary.email]
    private static let origin = [Canary.missedSignals, Canary.neededTwoYearsAgo, Canary.reference]
    private static let money = [String(Canary.income), String(Canary.debts)]
    private static let report = [Canary.summary, Canary.risk, Canary.remarks]
    private static let all =
        identity + contact + origin + money + report + [
            Canary.bsn, Canary.health, Canary.wishNote, Canary.urgencyGround, Canary.matchReason, "bsnLastDigits",
        ]

    private static func allowed(_ role: Role) -> [String] {
        switch role {
        case .intaker, .coordinator: all.filter { $0 != "bsnLastDigits" }
        case .supporter:
            identity + contact + money + report + [Canary.bsn, Canary.health, Canary.wishNote, Canary.urgencyGround]
        case .referrer: identity + contact + origin + money + [Canary.health, Canary.wishNote]
        case .candidate:
            identity + contact + origin + money + report + [
                Canary.health, Canary.wishNote, Canary.urgencyGround, "bsnLastDigits",
            ]
        case .allocator: identity + contact
        case .panel: identity + contact + [Canary.wishNote]
        case .policymaker, .auditor, .admin: []
        }
    }

    /// Every answer that a role gets from every GET route and every list, for the ids of a journey.
    private func answers(_ speaker: Speaker, _ journey: Journey, _ bench: Bench) async throws -> [(String, Reply)] {
        let ids = [
            "referrals": journey.referral, "dwellings": journey.dwelling, "matches": journey.match,
            "support-requests": journey.supportRequest, "tenancies": journey.tenancy,
        ]
        var answers: [(String, Reply)] = []
        for route in Routes.all where route.method == .get {
            let noun = route.template.split(separator: "/").dropFirst().first.map(String.init) ?? ""
            let target = route.template.replacing("{id}", with: ids[noun] ?? "")
            guard !target.contains("//"), !target.hasSuffix("/") else { continue }
            answers.append((target, try await bench.client.get(target, as: speaker)))
        }
        let searches: [JSONTree] = [["bsn": .text(Canary.bsn)], ["familyName": .text(Canary.familyName)]]
        for search in searches {
            answers.append(("search", try await bench.client.post("/v1/referrals/_search", as: speaker, search)))
        }
        return answers
    }

    @Test func noRoleMeetsAWordItMayNotSee() async throws {
        let bench = try await Bench()
        var journey = Journey(on: bench)
        var met: [Role: Set<String>] = [:]
        for stage in Journey.Stage.allCases {
            _ = try await journey.take(stage)
            let speakers = Region.speakers + [journey.candidate]
            for speaker in speakers {
                var may = Set(Self.allowed(speaker.role))
                if case .other = speaker { may = [] }
                for (target, reply) in try await answers(speaker, journey, bench) {
                    let found = Self.all.filter { reply.text.contains($0) }
                    met[speaker.role, default: []].formUnion(found)
                    let extra = Set(found).subtracting(may)
                    #expect(extra.isEmpty, "\(stage) \(speaker) \(target)")
                }
            }
        }
        // The walk would prove nothing if nobody had seen anything.
        for role in [Role.referrer, .supporter, .intaker, .coordinator, .candidate, .allocator] {
            #expect(met[role] == Set(Self.allowed(role)), "\(role)")
        }
        try expectCleanLogs(bench)
    }

    @Test func theLandlordsAnswersGrowOnlyWithTheStages() async throws {
        let bench = try await Bench()
        var journey = Journey(on: bench)
        var seen: Set<String> = []
        for stage in Journey.Stage.allCases where stage != .landlordAccepted {
            let reply =
                stage == .bothAccepted
                ? try await journey.respond(as: journey.candidate) : try await journey.take(stage)
            #expect((200...201).contains(reply.status))
            for (_, reply) in try await answers(.allocator, journey, bench) {
                seen.formUnion(Self.all.filter { reply.text.contains($0) })
            }
            let mayKnow: Set<String> = stage < .bothAccepted ? [] : Set(Self.identity)
            #expect(seen == mayKnow, "\(stage)")
            if stage == .bothAccepted { break }
        }
        #expect(try await journey.respond(as: .allocator).status == 201)
        for (_, reply) in try await answers(.allocator, journey, bench) {
            seen.formUnion(Self.all.filter { reply.text.contains($0) })
        }
        #expect(seen == Set(Self.identity + Self.contact))
    }

    /// A panel sees the wishes of who is offered to it, and what a landlord sees; never more.
    @Test func aPanelSeesTheWishesAndNeverTheDossier() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.waiting, on: bench)
        var draft = Drafts.dwelling.removing("/externalReference")
        draft = draft.setting("/organisation", .text(bench.region.id(of: .selfManagedFacility)))
        let dwelling = try await bench.client.post("/v1/dwellings", as: .coordinator, draft)
        let proposal: JSONTree = [
            "referral": .text(journey.referral), "dwelling": dwelling.json["/id"] ?? .null,
            "reason": .text(Canary.matchReason),
        ]
        let match = try await bench.client.post("/v1/matches", as: .coordinator, proposal)
        #expect(match.status == 201, "\(match.text)")
        let path = "/v1/matches/" + (match.json["/id"]?.text ?? "")
        let offered = try await bench.client.get(path, as: .panel)
        #expect(Self.all.filter { offered.text.contains($0) } == [Canary.wishNote])
        for speaker in [Speaker.panel, journey.candidate] {
            let reply = try await bench.client.post(path + "/responses", as: speaker, ["answer": "accept"])
            #expect(reply.status == 201, "\(reply.text)")
        }
        let accepted = try await bench.client.get(path, as: .panel)
        #expect(
            Set(Self.all.filter { accepted.text.contains($0) }) == Set(Self.identity + Self.contact + [Canary.wishNote])
        )
        let fell = try await bench.client.post(
            path + "/responses", as: .panel, ["answer": "decline", "reason": "panel_did_not_admit"])
        #expect(fell.status == 201)
        #expect(Self.all.filter { fell.text.contains($0) } == [])
    }

    /// What a write answers is held to the same table as what a read does; so is what it refuses.
    @Test func answersToWritesHoldNoForbiddenWordEither() async throws {
        let bench = try await Bench()
        _ = try await Journey.reaching(.housed, on: bench)
        for exchange in bench.client.exchanges {
            guard let speaker = exchange.speaker else { continue }
            let extra = Set(Self.all.filter { exchange.reply.text.contains($0) })
                .subtracting(Self.allowed(speaker.role))
            #expect(extra.isEmpty, "\(speaker) \(exchange.question.method) \(exchange.question.target)")
            for field in exchange.reply.fields {
                #expect(!Self.all.contains { field.value.contains($0) }, "\(field.name)")
            }
        }
        try expectCleanLogs(bench)
    }

    private func expectCleanLogs(_ bench: Bench) throws {
        let log = "\(bench.log.access)" + bench.log.failures.joined()
        #expect(Self.all.filter { log.contains($0) } == [])
        let secrets = Region.speakers.map { bench.region.secret(of: $0) }
        #expect(secrets.filter { log.contains($0) } == [])
        let answers = bench.client.exchanges.map(\.reply.text).joined()
        #expect(secrets.filter { answers.contains($0) } == [])
    }
}
