// Waiting for news: `Prefer: wait` on live sockets. Who waits is woken by what concerns them, and by nothing else.

import Domain
import Foundation
import HTTPWire
import SQLite
import Storage
import TestKit
import Testing

@testable import API

@Suite struct WaitTests {
    /// Asks on a thread of its own, as an answer that waits would keep one of the pool's.
    private func ask(
        _ server: LiveServer, _ bench: Bench, _ target: String, _ speaker: Speaker, _ fields: [(String, String)],
        isLast: Bool = false
    ) -> Task<Reply, any Error> {
        let secret = bench.region.secret(of: speaker)
        return Task {
            try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread {
                    continuation.resume(
                        with: Result {
                            var head =
                                "GET \(target) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(secret)\r\n"
                            for (name, value) in fields { head += "\(name): \(value)\r\n" }
                            if isLast {
                                return try server.reply(
                                    server.exchange(Array((head + "\r\n").utf8), isLast: true), isHead: false)
                            }
                            return try server.reply(
                                server.exchange(Array((head + "Connection: close\r\n\r\n").utf8)), isHead: false)
                        })
                }
            }
        }
    }

    /// Until so many wait.
    private func until(_ count: Int, wait bench: Bench) async throws {
        for _ in 0..<2_000 where bench.scratch.database.watch.watching != count {
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(bench.scratch.database.watch.watching == count)
    }

    @Test func anOfferWakesItsLandlordAndNobodyElse() async throws {
        let bench = try await Bench()
        let server = try LiveServer(bench.application, threads: 2)
        defer { server.stop() }
        var journey = try await Journey.reaching(.dwellingOffered, on: bench)
        let tag = try #require(try await bench.client.get("/v1/matches", as: .allocator)["ETag"])
        let landlord = ask(server, bench, "/v1/matches", .allocator, [("Prefer", "wait=30"), ("If-None-Match", tag)])
        let other = ask(server, bench, "/v1/matches", .other(.allocator), [("Prefer", "respond-async, wait=2")])
        try await until(2, wait: bench)
        try await journey.advance(to: .offered)
        let news = try await landlord.value
        #expect(news.status == 200)
        #expect(news.text.contains(journey.match))
        #expect(news["Preference-Applied"] == "wait=30")
        let none = try await other.value
        #expect(none.status == 200)
        #expect(none.json["/items"]?.elements == [])
        #expect(none["Preference-Applied"] == "wait=2")
        try await until(0, wait: bench)
    }

    @Test func whoHasNewsIsNotKept() async throws {
        let bench = try await Bench()
        let server = try LiveServer(bench.application, threads: 1)
        defer { server.stop() }
        let journey = try await Journey.reaching(.offered, on: bench)
        let reply = try await ask(server, bench, "/v1/matches", .allocator, [("Prefer", "wait=60")]).value
        #expect(reply.text.contains(journey.match))
        let stale = [("Prefer", "wait=60"), ("If-None-Match", "\"x\"")]
        #expect(try await ask(server, bench, "/v1/matches", .allocator, stale).value.status == 200)
        let after = try #require(
            try await bench.client.get("/v1/changes?limit=100", as: .allocator).json["/after"]?.text)
        let end = try await ask(server, bench, "/v1/changes?after=\(after)", .allocator, [("Prefer", "wait=1")]).value
        #expect(end.json["/items"]?.elements == [])
        #expect(end.json["/after"] == .text(after))
    }

    /// A client that has closed its side, or goes away, is not waited with.
    @Test func whoHasLeftIsNotWaitedFor() async throws {
        let bench = try await Bench()
        let server = try LiveServer(bench.application, threads: 1)
        defer { server.stop() }
        let reply = try await ask(server, bench, "/v1/changes", .allocator, [("Prefer", "wait=60")], isLast: true).value
        #expect(reply.status == 200)
        try await until(0, wait: bench)
    }

    @Test func aDrainAnswersWhoWaits() async throws {
        let bench = try await Bench()
        let server = try LiveServer(bench.application, threads: 2)
        let waiting = ask(server, bench, "/v1/changes", .allocator, [("Prefer", "wait=60")])
        try await until(1, wait: bench)
        server.drain()
        #expect(try await waiting.value.status == 200)
        server.stop()
    }

    /// One change may concern more than the writer takes at once, as each look is in the ledger: they wait on.
    @Test func whoWaitsWaitsForTheWriterToo() async throws {
        let bench = try await Bench()
        let server = try LiveServer(bench.application, threads: 1)
        defer { server.stop() }
        let journey = try await Journey.reaching(.offered, on: bench)
        let database = bench.scratch.database
        let gate = DispatchSemaphore(value: 0)
        // Whatever fails below, the writer is let go.
        defer { gate.signal() }
        let stalled = Task { try await database.write { _ in gate.wait() } }
        // More than may be queued: the last of them are refused, which says that it is full.
        let queued = (0..<6_000).map { _ in Task { try await database.write { _ in } } }
        for _ in 0..<2_000 where database.statistics.waiting < 4_096 { try await Task.sleep(for: .milliseconds(5)) }
        try #require(database.statistics.waiting == 4_096)
        #expect(try await bench.client.get("/v1/matches", as: .allocator).status == 503)
        let waiting = ask(server, bench, "/v1/matches", .allocator, [("Prefer", "wait=30")])
        // The look is over by then, and met a full queue.
        try await Task.sleep(for: .milliseconds(150))
        gate.signal()
        let reply = try await waiting.value
        #expect(reply.status == 200)
        #expect(reply.text.contains(journey.match))
        try await stalled.value
        for job in queued { _ = await job.result }
    }

    /// A token that is revoked while its bearer waits gives nothing any more.
    @Test func aRevokedTokenHearsNothing() async throws {
        let bench = try await Bench()
        let server = try LiveServer(bench.application, threads: 2)
        defer { server.stop() }
        var journey = try await Journey.reaching(.dwellingOffered, on: bench)
        let waiting = ask(server, bench, "/v1/matches", .allocator, [("Prefer", "wait=60")])
        try await until(1, wait: bench)
        let token = try #require(TokenID(bench.region.token(of: .allocator)))
        try await bench.scratch.database.write { tx in _ = try TokenStore(tx.db).revoke(token, at: tx.now) }
        try await journey.advance(to: .offered)
        #expect(try await waiting.value.status == 401)
    }

    /// What another process commits is heard of too.
    @Test func whatAnotherProcessCommitsIsHeard() async throws {
        let bench = try await Bench()
        let server = try LiveServer(bench.application, threads: 2)
        defer { server.stop() }
        let journey = try await Journey.reaching(.posted, on: bench)
        let after = try #require(
            try await bench.client.get("/v1/changes?limit=100", as: .referrer).json["/after"]?.text)
        let waiting = ask(server, bench, "/v1/changes?after=\(after)", .referrer, [("Prefer", "wait=60")])
        try await until(1, wait: bench)
        let other = try Database(
            path: bench.scratch.database.path, lanes: 1, environment: bench.clock.environment())
        defer { other.close() }
        try await other.write { tx in
            try tx.db.run("UPDATE referral SET version = version + 1")
        }
        let news = try await waiting.value
        #expect(news.json["/items/0/subject"] == .text(journey.referral))
    }

    @Test(
        arguments: [
            ("wait=5", 5), ("wait=600", 60), ("respond-async; x=1, wait=\"7\"", 7), ("WAIT = 9;x", 9), ("wait=0", nil),
            ("wait=-1", nil), ("wait=", nil), ("wait", nil), ("wait=1.5", nil), ("wait=5, wait=9", 5), ("", nil),
            ("wait=99999999999999999999", nil), ("waiting=5", nil), ("return=minimal", nil),
        ] as [(String, Int?)])
    func aPreferenceIsRead(field: String, seconds: Int?) throws {
        let request = try Request(method: .get, target: "/v1/changes", fields: [("Prefer", field)])
        #expect(Preference.wait(request) == seconds)
    }
}
