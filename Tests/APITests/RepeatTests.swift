// Safe to repeat: a POST with an Idempotency-Key gives its first answer again and does nothing twice; the same
// reference twice leads to the one that is there.

import Domain
import HTTPWire
import TestKit
import Testing

@testable import API

@Suite struct RepeatTests {
    private let key = [("Idempotency-Key", "order 66/b")]

    @Test(arguments: Bench.Transport.allCases)
    func theSameKeyAndBodyGiveTheFirstAnswerAgain(transport: Bench.Transport) async throws {
        let bench = try await Bench(transport)
        let first = try await bench.client.post("/v1/referrals", as: .referrer, Drafts.referral, fields: key)
        #expect(first.status == 201)
        #expect(first["Idempotency-Replayed"] == nil)
        let before = try bench.scratch.rowCounts().filter { !$0.key.hasPrefix("ledger") }
        let again = try await bench.client.post("/v1/referrals", as: .referrer, Drafts.referral, fields: key)
        #expect(again.status == 201)
        #expect(again.body == first.body)
        #expect(again["Idempotency-Replayed"] == "true")
        for name in ["Location", "ETag", "Content-Type"] { #expect(again[name] == first[name], "\(name)") }
        #expect(again["X-Request-Id"] != first["X-Request-Id"])
        #expect(try bench.scratch.rowCounts().filter { !$0.key.hasPrefix("ledger") } == before)
    }

    @Test func anAnswerGivenAgainIsALookOfItsOwn() async throws {
        let bench = try await Bench()
        let first = try await bench.client.post("/v1/referrals", as: .referrer, Drafts.referral, fields: key)
        let last = try bench.scratch.rowCounts()["ledger"] ?? 0
        let again = try await bench.client.post("/v1/referrals", as: .referrer, Drafts.referral, fields: key)
        let entries = try bench.scratch.ledger(after: last)
        #expect(entries.map(\.referral) == [first.json["/id"]?.text])
        #expect(entries.first?.requestID == again["X-Request-Id"])
    }

    @Test(arguments: Bench.Transport.allCases)
    func ofManyEqualRequestsAtOnceOneIsCarriedOut(transport: Bench.Transport) async throws {
        let bench = try await Bench(transport)
        let client = bench.client
        let before = try bench.scratch.rowCounts()["referral"] ?? 0
        let key = key
        let replies = try await withThrowingTaskGroup(of: Reply.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try await client.post("/v1/referrals", as: .referrer, Drafts.plainReferral, fields: key)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(try bench.scratch.rowCounts()["referral"] == before + 1)
        #expect(replies.allSatisfy { $0.status == 201 || $0.problem == "idempotency-in-flight" })
        #expect(replies.count { $0.status == 201 && $0["Idempotency-Replayed"] == nil } == 1)
        #expect(Set(replies.filter { $0.status == 201 }.map(\.text)).count == 1)
    }

    /// A stranger whose signal turns out to be about a referral is named by no kept answer.
    @Test func aLinkedSignalIsNotAnsweredAgain() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.posted, on: bench)
        let stranger: JSONTree = [
            "kind": "crisis", "municipality": "GM0153",
            "person": ["givenName": "Vreemd", "familyName": "Kanarievogel", "phone": "+31611111111"],
        ]
        let first = try await bench.client.post("/v1/signals", as: .intaker, stranger, fields: key)
        #expect(first.status == 201 && first.text.contains("Kanarievogel"))
        let id = first.json["/id"]?.text ?? ""
        #expect(try bench.scratch.rowCounts()["idempotency"] == 1)
        let linked = try await bench.client.post(
            "/v1/signals/\(id)/responses", as: .intaker, ["outcome": "linked", "referral": .text(journey.referral)])
        #expect(linked.status == 201)
        #expect(try bench.scratch.rowCounts()["idempotency"] == 0)
    }

    @Test func theFirstAnswerStandsWhenTheResourceHasChanged() async throws {
        let bench = try await Bench()
        let first = try await bench.client.post("/v1/referrals", as: .referrer, Drafts.referral, fields: key)
        let id = try #require(first.json["/id"]?.text)
        try await bench.client.move(id, as: .intaker, ["move": "start_intake"])
        let again = try await bench.client.post("/v1/referrals", as: .referrer, Drafts.referral, fields: key)
        #expect(again.body == first.body)
        #expect(again.json["/status"] == "submitted")
    }

    @Test func aMoveCanBeRepeatedOnTheVersionItWasMadeOn() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.posted, on: bench)
        let tag = try await bench.client.get(journey.path, as: .intaker)["ETag"] ?? ""
        let fields = key + [("If-Match", tag)]
        let path = journey.path + "/transitions"
        let first = try await bench.client.post(path, as: .intaker, ["move": "start_intake"], fields: fields)
        let again = try await bench.client.post(path, as: .intaker, ["move": "start_intake"], fields: fields)
        #expect(first.status == 200)
        #expect(again.status == 200)
        #expect(again.body == first.body)
        let bare = try await bench.client.post(
            path, as: .intaker, ["move": "start_intake"], fields: [("If-Match", tag)])
        #expect(bare.status == 412)
    }

    @Test func anotherRequestWithTheKeyIsRefused() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.posted, on: bench)
        let consents = journey.path + "/consents"
        #expect(try await bench.client.post(consents, as: .referrer, ["purpose": "network"], fields: key).status == 201)
        let otherBody = try await bench.client.post(consents, as: .referrer, ["purpose": "intake"], fields: key)
        #expect(otherBody.status == 400)
        #expect(otherBody.problem == "idempotency-key-reused")
        let otherPath = try await bench.client.post(
            journey.path + "/wishes", as: .referrer, ["wishes": [["form": "shared"]]], fields: key)
        #expect(otherPath.problem == "idempotency-key-reused")
    }

    @Test func keysBelongToATokenAndEndAfterTwoDays() async throws {
        let bench = try await Bench()
        let body = Drafts.plainReferral
        let first = try await bench.client.post("/v1/referrals", as: .referrer, body, fields: key)
        let others = try await bench.client.post("/v1/referrals", as: .other(.referrer), body, fields: key)
        #expect(others.status == 201)
        #expect(others.json["/id"] != first.json["/id"])
        bench.clock.advance(seconds: 48 * 3600 - 1)
        let kept = try await bench.client.post("/v1/referrals", as: .referrer, body, fields: key)
        #expect(kept.json["/id"] == first.json["/id"])
        bench.clock.advance(seconds: 1)
        let forgotten = try await bench.client.post("/v1/referrals", as: .referrer, body, fields: key)
        #expect(forgotten.status == 201)
        #expect(forgotten.json["/id"] != first.json["/id"])
    }

    @Test func aRefusedRequestDoesNotUseTheKeyUp() async throws {
        let bench = try await Bench()
        let bad = Drafts.plainReferral.removing("/route")
        #expect(try await bench.client.post("/v1/referrals", as: .referrer, bad, fields: key).status == 400)
        let good = try await bench.client.post("/v1/referrals", as: .referrer, Drafts.plainReferral, fields: key)
        #expect(good.status == 201)
    }

    @Test func aKeyThatIsNoneIsRefused() async throws {
        let bench = try await Bench()
        let before = try bench.scratch.rowCounts()
        for bad in ["", String(repeating: "k", count: 256), "k\u{E9}"] {
            let reply = try await bench.client.post(
                "/v1/referrals", as: .referrer, Drafts.plainReferral, fields: [("Idempotency-Key", bad)])
            #expect(reply.status == 400, "\(bad.count)")
            #expect(reply.faults == ["Idempotency-Key format"], "\(bad.count)")
        }
        #expect(try bench.scratch.rowCounts() == before)
        let longest = try await bench.client.post(
            "/v1/referrals", as: .referrer, Drafts.plainReferral,
            fields: [("Idempotency-Key", String(repeating: "k", count: 255))])
        #expect(longest.status == 201)
    }

    /// The first request is kept waiting in the writer while the second comes.
    @Test func oneInFlightIsAConflict() async throws {
        let bench = try await Bench()
        let gate = WriterGate()
        let holding = Task { try await gate.hold(bench.scratch) }
        await gate.isHeld()
        let first = Task {
            try await bench.client.post("/v1/referrals", as: .referrer, Drafts.plainReferral, fields: key)
        }
        // Until the first has taken its key and waits in the queue, the second could be the one to do so.
        while bench.scratch.waitingWrites < 1 { await Task.yield() }
        let second = try await bench.client.post(
            "/v1/referrals", as: .referrer, Drafts.plainReferral, fields: key)
        #expect(second.status == 409)
        #expect(second.problem == "idempotency-in-flight")
        gate.open()
        try await holding.value
        #expect(try await first.value.status == 201)
        let third = try await bench.client.post("/v1/referrals", as: .referrer, Drafts.plainReferral, fields: key)
        #expect(third["Idempotency-Replayed"] == "true")
    }

    @Test func oneReferenceOneReferral() async throws {
        let bench = try await Bench()
        let body = Drafts.plainReferral.setting("/externalReference", "ZORG-1")
        let first = try await bench.client.post("/v1/referrals", as: .referrer, body)
        let again = try await bench.client.post("/v1/referrals", as: .referrer, body)
        #expect(again.status == 409)
        #expect(again.problem == "duplicate-external-reference")
        #expect(again["Location"] == first["Location"])
        #expect(again.json["/existing"]?.text == first["Location"])
        let elsewhere = try await bench.client.post("/v1/referrals", as: .other(.referrer), body)
        #expect(elsewhere.status == 201)
        let dwelling = try await bench.client.post("/v1/dwellings", as: .allocator, Drafts.dwelling)
        let twin = try await bench.client.post("/v1/dwellings", as: .allocator, Drafts.dwelling)
        #expect(twin.status == 409)
        #expect(twin["Location"] == dwelling["Location"])
    }

    /// To refuse would tell a stranger of the other referral, and lose this one.
    @Test func aPersonKnownElsewhereIsShownToTheIntakePointAlone() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.inIntake, on: bench)
        let body = Drafts.referral
        let own = try await bench.client.post(
            "/v1/referrals", as: .referrer, body.removing("/externalReference"))
        #expect(own.status == 409)
        #expect(own.problem == "duplicate-person")
        #expect(own["Location"] == journey.path)
        let other = try await bench.client.post("/v1/referrals", as: .other(.referrer), body)
        #expect(other.status == 201)
        #expect(!other.text.contains(journey.referral))
        let id = try #require(other.json["/id"]?.text)
        let seen = try await bench.client.get("/v1/referrals/" + id, as: .intaker)
        #expect(seen.json["/possibleDuplicates"] == [["id": .text(journey.referral), "basis": "bsn"]])
        let start = try await bench.client.move(id, as: .intaker, ["move": "start_intake"])
        #expect(start.status == 409)
        #expect(start.problem == "person-in-queue")
    }
}
