// The change feed: who follows it knows, at any moment, what they may know, and nothing else.

import Domain
import Storage
import TestKit
import Testing

@testable import API

@Suite struct FeedTests {
    /// Random steps of everybody; every follower's copy is what a look at everything gives.
    @Test(arguments: [UInt64](11...12))
    func whoFollowsKnowsWhatThereIs(seed: UInt64) async throws {
        var walk = try await CanaryWalk(seed: seed)
        var mirrors = (Region.speakers + walk.journeys.map(\.candidate)).map(FeedMirror.init)
        for step in 0..<200 {
            try await walk.step(step)
            guard step % 10 == 0 else { continue }
            for place in mirrors.indices { try await mirrors[place].catchUp(walk.bench) }
        }
        var events: [Role: Int] = [:]
        for place in mirrors.indices {
            try await mirrors[place].catchUp(walk.bench)
            let differences = try await mirrors[place].differences(walk.bench)
            #expect(differences == [], "\(mirrors[place].speaker), seed \(seed)")
            events[mirrors[place].speaker.role, default: 0] += mirrors[place].events
        }
        for role in [Role.referrer, .intaker, .coordinator, .candidate] {
            #expect(events[role, default: 0] > 0, "\(role), seed \(seed)")
        }
        for role in [Role.auditor, .admin] { #expect(events[role] == 0, "\(role), seed \(seed)") }
    }

    /// What came since the last look, as `type subject`.
    private func news(_ bench: Bench, _ speaker: Speaker, _ after: inout String?) async throws -> [String] {
        let page = try await bench.client.get(
            "/v1/changes?limit=100" + (after.map { "&after=\($0)" } ?? ""), as: speaker)
        #expect(page.status == 200, "\(page.text)")
        after = page.json["/after"]?.text
        return page.json["/items"]?.elements.map { event in
            let type = event["/type"]?.text?.replacing("nl.thuispunt.v1.", with: "") ?? ""
            return type + " " + (event["/subject"]?.text ?? "")
        } ?? []
    }

    @Test func anEventNamesWhatChangedAndNothingElse() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.posted, on: bench)
        let page = try await bench.client.get("/v1/changes", as: .referrer)
        let events = try #require(page.json["/items"]?.elements)
        let event = try #require(events.first)
        #expect(event.members.map(\.name) == ["specversion", "id", "source", "type", "subject", "time", "dataref"])
        #expect(event["/type"] == "nl.thuispunt.v1.referral.changed")
        #expect(event["/subject"] == .text(journey.referral))
        #expect(event["/dataref"] == .text(journey.path))
        #expect(event["/source"] == "urn:nld:systeem:thuispunt")
        let last = try #require(events.last?["/id"]?.text)
        let rest = try await bench.client.get("/v1/changes?after=\(last)", as: .referrer).json
        #expect(rest["/items"]?.elements == [], "the name of the last is where to go on")
        #expect(rest["/after"] == page.json["/after"])
        #expect(page.next == "/v1/changes?after=" + (page.json["/after"]?.text ?? ""))
        #expect(try await bench.client.get("/v1/changes", as: .other(.referrer)).json["/items"]?.elements == [])
    }

    /// Who is kept out is told that it is gone; who is named is told of it, and the person is told nothing new.
    @Test func aRestrictionTakesItFromSight() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.offered, on: bench)
        var (referrer, landlord, named, other, person): (String?, String?, String?, String?, String?)
        _ = try await news(bench, .referrer, &referrer)
        _ = try await news(bench, .allocator, &landlord)
        _ = try await news(bench, .coordinator, &named)
        _ = try await news(bench, .intaker, &other)
        _ = try await news(bench, journey.candidate, &person)
        let done = try await bench.client.post(
            journey.path + "/restriction", as: .coordinator,
            ["reason": "Somebody looks for this person.", "people": [.text(bench.region.token(of: .coordinator))]])
        #expect(done.status == 200, "\(done.text)")
        #expect(try await news(bench, .referrer, &referrer).contains("referral.gone \(journey.referral)"))
        #expect(try await news(bench, .allocator, &landlord).contains("match.gone \(journey.match)"))
        let gone = try await news(bench, .intaker, &other)
        #expect(gone.contains("referral.gone \(journey.referral)") && gone.contains("match.gone \(journey.match)"))
        let kept = try await news(bench, .coordinator, &named)
        #expect(kept.last { $0.hasSuffix(journey.referral) } == "referral.changed \(journey.referral)")
        #expect(try await news(bench, journey.candidate, &person).allSatisfy { !$0.contains(".gone") })
        let ended = try await bench.client.post(
            journey.path + "/restriction", as: .coordinator, ["reason": "The threat is over.", "ended": true])
        #expect(ended.status == 200, "\(ended.text)")
        #expect(try await news(bench, .referrer, &referrer).contains("referral.changed \(journey.referral)"))
        #expect(try await news(bench, .intaker, &other).contains("match.changed \(journey.match)"))
    }

    /// What is shown of a person's dossier is written down, what is not shown is not.
    @Test func readingTheFeedIsInTheLedger() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.posted, on: bench)
        var after: String?
        for expected in [1, 1] {
            _ = try await news(bench, .referrer, &after)
            let looks = try bench.scratch.ledger().filter { $0.action == "follow" }
            #expect(looks.map(\.referral) == Array(repeating: journey.referral, count: expected))
        }
    }

    @Test func aPositionOfNothingIsRefused() async throws {
        let bench = try await Bench()
        for wrong in ["x", "BoqQ1woAAAAAAAAAKg%3D", "AZqyABPHfiCx1Jaj8Ch8Ww"] {
            let reply = try await bench.client.get("/v1/changes?after=\(wrong)", as: .intaker)
            #expect(reply.status == 400)
            #expect(reply.faults == ["after format"])
        }
        let strange = Cursor.encode(FeedPosition(epoch: 7, sequence: 1))
        let reply = try await bench.client.get("/v1/changes?after=\(strange)", as: .intaker)
        #expect(reply.status == 410)
        #expect(reply.problem == "position-lost")
    }
}
