// Polling that costs nothing: 304 from the loop's memory, and how soon the memory is wrong. A memory that outlives a
// change would keep a candidate from a home, or a withdrawn token in service. What is remembered whole is in
// RememberedTests.

import Domain
import HTTPWire
import Storage
import TestKit
import Testing

@testable import API

@Suite struct PollingTests {
    private static let list = "/v1/matches?limit=25"

    /// Polls and gives the tag, after which the loop remembers the answer.
    private func tag(_ bench: Bench, _ speaker: Speaker, _ target: String = list) async throws -> String {
        let first = try await bench.client.get(target, as: speaker)
        let tag = try #require(first["ETag"])
        #expect(try await poll(bench, speaker, tag, target).status == 304)
        return tag
    }

    private func poll(_ bench: Bench, _ speaker: Speaker, _ tag: String, _ target: String = list) async throws -> Reply
    {
        try await bench.client.get(target, as: speaker, fields: [("If-None-Match", tag)])
    }

    /// What the wire would be answered at once, nil when that takes reading.
    private func atOnce(
        _ bench: Bench, _ speaker: Speaker, _ tag: String, _ target: String = list, loop: Int = 0
    ) throws -> Response? {
        bench.application.respondAtOnce(to: try request(bench, speaker, tag, target, loop: loop))
    }

    private func request(
        _ bench: Bench, _ speaker: Speaker, _ tag: String, _ target: String = list, loop: Int
    ) throws -> Request {
        try Request(
            method: .get, target: target,
            fields: [("Authorization", "Bearer " + bench.region.secret(of: speaker)), ("If-None-Match", tag)],
            loop: loop)
    }

    @Test func theSameAnswerIsGivenAtOnceUntilSomethingChanges() async throws {
        let bench = try await Bench()
        let tag = try await tag(bench, .allocator)
        let known = try #require(try atOnce(bench, .allocator, tag))
        #expect(known.status == 304)
        #expect(known.fields.map(\.value) == [tag])
        #expect(known.rateLimit?.seconds == 1)
        #expect(known.requestID.utf8.count == 15)
        _ = try await Journey.reaching(.posted, on: bench)
        #expect(try atOnce(bench, .allocator, tag) == nil, "anything may have changed")
        #expect(try await poll(bench, .allocator, tag).status == 304, "but it had not")
        #expect(try atOnce(bench, .allocator, tag)?.status == 304)
    }

    /// That somebody looked changes nothing that others see.
    @Test func aLookIsNoChange() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.housed, on: bench)
        let tag = try await tag(bench, .allocator)
        let entries = try bench.scratch.rowCounts()["ledger"] ?? 0
        for speaker in [Speaker.intaker, .supporter, journey.candidate] {
            #expect(try await bench.client.get(journey.path, as: speaker).status == 200)
        }
        #expect(try bench.scratch.rowCounts()["ledger"] == entries + 3)
        #expect(try atOnce(bench, .allocator, tag)?.status == 304)
    }

    @Test func onlyTheVeryAnswerIsKnown() async throws {
        let bench = try await Bench()
        let tag = try await tag(bench, .allocator)
        #expect(try atOnce(bench, .allocator, "\"other\"") == nil)
        #expect(try atOnce(bench, .allocator, tag, "/v1/matches?limit=26") == nil, "another target")
        #expect(try atOnce(bench, .coordinator, tag) == nil, "another token")
        let request = try Request(
            method: .get, target: Self.list,
            fields: [
                ("Authorization", "Bearer " + bench.region.secret(of: .allocator)), ("If-None-Match", tag),
                ("Accept", "text/html"),
            ])
        #expect(bench.application.respondAtOnce(to: request) == nil, "406 is not 304")
    }

    @Test func anotherDayIsAnotherAnswer() async throws {
        let bench = try await Bench()
        let tag = try await tag(bench, .allocator)
        bench.clock.advance(seconds: 3600)
        #expect(try atOnce(bench, .allocator, tag) == nil)
    }

    @Test func aTokenEndsAtOnce() async throws {
        let bench = try await Bench()
        let tag = try await tag(bench, .allocator)
        #expect(try atOnce(bench, .allocator, tag) != nil)
        let other = try request(bench, .allocator, tag, loop: 1)
        _ = await bench.application.respond(to: other, body: RequestBody(bytes: []))
        #expect(try atOnce(bench, .allocator, tag, loop: 1) != nil, "the other loop has its own memory")
        // By somebody else with the file open, as the command line is.
        let path = bench.scratch.database.path
        let elsewhere = try Database(path: path, lanes: 1, environment: bench.clock.environment())
        try await elsewhere.write { tx in
            let store = TokenStore(tx.db)
            for token in try store.list() where token.role == .allocator { _ = try store.revoke(token.id, at: tx.now) }
        }
        elsewhere.close()
        for loop in 0...1 {
            #expect(try atOnce(bench, .allocator, tag, loop: loop) == nil)
            let request = try request(bench, .allocator, tag, loop: loop)
            #expect(await bench.application.respond(to: request, body: RequestBody(bytes: [])).status == 401)
        }
        #expect(try await poll(bench, .allocator, tag).status == 401)
    }

    @Test func requestIDsAreDifferent() {
        let source = RequestIDSource(randomBits: 0x0123_4567_89AB_CDEF)
        let ids = (0..<2_000).map { _ in source.next() }
        #expect(Set(ids).count == ids.count)
        #expect(Set(ids.map { $0.prefix(8) }) == ["04hkaps9"], "eight letters drawn")
        #expect(ids != ids.sorted(), "and seven that do not say how many there were")
        #expect(ids.allSatisfy { $0.utf8.count == 15 && RequestIDText.isValid($0) })
        #expect(RequestIDSource(randomBits: 1 << 63).next() != ids[0])
    }
}
