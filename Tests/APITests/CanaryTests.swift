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

    /// From which stage on a word is there at all, and from which a role may meet what it may meet.
    private static let written: [(words: [String], from: Journey.Stage)] = [
        ([summary, Canary.risk], .reportWritten), ([Canary.remarks], .agreed), ([Canary.urgencyGround], .waiting),
        ([Canary.matchReason], .proposed),
    ]
    private static let summary = Canary.summary
    private static let begins: [Role: Journey.Stage] = [
        .supporter: .supported, .allocator: .bothAccepted, .panel: .housed,
    ]

    private static func expected(_ role: Role, _ stage: Journey.Stage) -> Set<String> {
        guard stage >= begins[role] ?? .posted, role != .panel else { return [] }
        return Set(allowed(role)).filter { word in written.allSatisfy { !$0.words.contains(word) || $0.from <= stage } }
    }

    /// At every stage every role meets just the words that are its own by then: one more is a leak, one less a hole in
    /// the table.
    @Test func everyRoleMeetsAtEveryStageWhatItMayAndNothingElse() async throws {
        let bench = try await Bench()
        var journey = Journey(on: bench)
        for stage in Journey.Stage.allCases {
            _ = try await journey.take(stage)
            for speaker in Region.speakers + [journey.candidate] {
                var met: Set<String> = []
                for (_, reply) in try await answers(speaker, journey, bench) {
                    met.formUnion(Self.all.filter { reply.text.contains($0) })
                }
                var expected = Self.expected(speaker.role, stage)
                if case .other = speaker { expected = [] }
                #expect(met == expected, "\(stage) \(speaker)")
            }
        }
        try expectCleanLogs(bench)
    }

    /// A consent that has run out is one that is not there: the landlord sees nothing of the person any more, and again
    /// when there is another one; who has moved in is its tenant, whatever was agreed to before.
    @Test func whatRestsOnConsentEndsWithIt() async throws {
        let bench = try await Bench()
        let draft = Drafts.referral.setting("/consents", ["intake", "matching"])
        var journey = try await Journey.reaching(.posted, on: bench, draft)
        let share: JSONTree = [
            "purpose": "share_with_landlord", "recipient": .text(bench.region.id(of: .housingCorporation)),
            "endsOn": "2026-11-30",
        ]
        #expect(
            try await bench.client.post(journey.path + "/consents", as: journey.candidate, share).status == 201)
        try await journey.advance(to: .bothAccepted)
        let match = "/v1/matches/" + journey.match
        let seen = { () async throws -> Set<String> in
            let one = try await bench.client.get(match, as: .allocator).text
            let list = try await bench.client.get("/v1/matches", as: .allocator).text
            let met = Set(Self.all.filter { one.contains($0) })
            #expect(met == Set(Self.all.filter { list.contains($0) }))
            #expect(one.contains("wantedForms") == !met.isEmpty && one.contains("rentFitsIncome") == !met.isEmpty)
            return met
        }
        #expect(try await seen() == Set(Self.identity + Self.contact))
        bench.clock.advance(days: 7)
        #expect(try await seen() == Set(Self.identity + Self.contact), "the last day counts")
        bench.clock.advance(days: 1)
        #expect(try await seen() == [])
        #expect(try await bench.client.get(match, as: .coordinator).text.contains(Canary.familyName))
        #expect(
            try await bench.client.post(
                journey.path + "/consents", as: journey.candidate, share.setting("/endsOn", "2026-12-02")
            ).status == 201)
        #expect(try await seen() == Set(Self.identity + Self.contact))
        try await journey.advance(to: .housed)
        bench.clock.advance(days: 30)
        #expect(try await seen() == Set(Self.identity + Self.contact), "a tenant")
    }

    /// A refusal tells nobody what they may not read: a landlord learns that it can't accept, the candidate why.
    @Test func aRefusalDoesNotTellWhatWasAgreedTo() async throws {
        let bench = try await Bench()
        let draft = Drafts.referral.setting("/consents", ["intake", "matching"])
        var journey = try await Journey.reaching(.posted, on: bench, draft)
        let share: JSONTree = ["purpose": "share_with_landlord", "endsOn": "2026-11-30"]
        #expect(
            try await bench.client.post(journey.path + "/consents", as: journey.candidate, share).status == 201)
        try await journey.advance(to: .offered)
        bench.clock.advance(days: 8)
        let landlord = try await journey.respond(as: .allocator)
        #expect(landlord.status == 409 && landlord.problem == "conflict")
        #expect(!landlord.text.contains("consent"))
        let candidate = try await journey.respond(as: journey.candidate)
        #expect(candidate.problem == "consent-missing")
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
            let voted: JSONTree = ["answer": "accept", "vote": ["present": 5, "inFavour": 4]]
            let answer: JSONTree = speaker == .panel ? voted : ["answer": "accept"]
            let reply = try await bench.client.post(path + "/responses", as: speaker, answer)
            #expect(reply.status == 201, "\(reply.text)")
        }
        let accepted = try await bench.client.get(path, as: .panel)
        #expect(
            Set(Self.all.filter { accepted.text.contains($0) }) == Set(Self.identity + Self.contact + [Canary.wishNote])
        )
        let fell = try await bench.client.post(
            path + "/responses", as: .panel,
            [
                "answer": "decline", "reason": "panel_did_not_admit", "vote": ["present": 5, "inFavour": 1],
            ])
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
