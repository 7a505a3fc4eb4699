// Answers that a loop gives again from memory: byte for byte what reading would give, to nobody else, no longer than they
// are true, and each time only after it is in the ledger who saw whom.

import Domain
import HTTPWire
import SQLite
import Storage
import TestKit
import Testing

@testable import API

@Suite struct RememberedTests {
    private static let list = "/v1/matches?limit=25"

    private func ask(
        _ bench: Bench, _ speaker: Speaker, _ target: String = list, loop: Int = 0, _ method: HTTPWire.Method = .get,
        fields: [(name: String, value: String)] = [], by application: Application? = nil
    ) async throws -> Response {
        let request = try Request(
            method: method, target: target,
            fields: [("Authorization", "Bearer " + bench.region.secret(of: speaker))] + fields, loop: loop)
        return await (application ?? bench.application).respond(to: request, body: RequestBody(bytes: []))
    }

    /// The same service without anything to remember.
    private func forgetful(_ bench: Bench) -> Application {
        Application(
            database: bench.scratch.database, environment: bench.clock.environment(), log: bench.log.sinks, limits: nil)
    }

    private func bytes(_ response: Response) -> [UInt8] {
        if case .bytes(let bytes) = response.body { bytes } else { [] }
    }

    /// All fields but those of the single request.
    private func lasting(_ response: Response) -> [String] {
        response.allFields.filter { !["X-Request-Id", "RateLimit"].contains($0.name) }.map { "\($0.name): \($0.value)" }
    }

    /// Changes a row as nobody may: without the writer, so that only a reading shows it.
    private func changeInSecret(_ bench: Bench) throws {
        let db = try Connection(
            path: bench.scratch.database.path,
            settings: ConnectionSettings(access: .readWrite, busyTimeoutMilliseconds: 1000))
        try db.run("UPDATE dwelling SET rooms = rooms + 1")
    }

    @Test func anAnswerIsGivenAgainAndWrittenDownAgain() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.housed, on: bench)
        let first = try await ask(bench, .allocator)
        try changeInSecret(bench)
        for number in 1...3 {
            let last = try bench.scratch.rowCounts()["ledger"] ?? 0
            bench.clock.advance(seconds: 1)
            let again = try await ask(
                bench, .allocator, fields: [("X-Request-Id", "again-\(number)"), ("If-None-Match", "\"other\"")])
            #expect(again.status == 200 && bytes(again) == bytes(first), "from memory, or it would tell of the change")
            #expect(lasting(again) == lasting(first))
            let entries = try bench.scratch.ledger(after: last)
            #expect(entries.map(\.referral) == [journey.referral] && entries.map(\.requestID) == ["again-\(number)"])
            #expect(entries.first?.role == "allocator" && entries.first?.action == "list")
        }
        _ = try await bench.client.post("/v1/dwellings", as: .other(.allocator), Drafts.dwelling)
        #expect(bytes(try await ask(bench, .allocator)) != bytes(first), "after a change it is read")
        #expect(try bench.scratch.firstBrokenLedgerEntry() == nil)
    }

    @Test func whoHoldsItAlreadyIsShownNothing() async throws {
        let bench = try await Bench()
        _ = try await Journey.reaching(.housed, on: bench)
        let first = try await ask(bench, .allocator)
        let tag = try #require(first.fields.first { $0.name == "ETag" }?.value)
        let entries = try bench.scratch.rowCounts()["ledger"]
        for held in [tag, "W/" + tag, "\"other\", \(tag)", "*"] {
            let reply = try await ask(bench, .allocator, fields: [("If-None-Match", held)])
            #expect(reply.status == 304 && bytes(reply).isEmpty)
        }
        #expect(try bench.scratch.rowCounts()["ledger"] == entries)
        #expect(try await ask(bench, .allocator, fields: [("If-None-Match", "bad")]).status == 400)
        #expect(try await ask(bench, .allocator, fields: [("Accept", "text/html")]).status == 406)
        let head = try await ask(bench, .allocator, Self.list, loop: 0, .head)
        #expect(head.status == 200 && lasting(head) == lasting(first), "the wire leaves its body away")
        #expect(try bench.scratch.rowCounts()["ledger"] == entries.map { $0 + 1 }, "HEAD is a look as GET is")
    }

    /// An answer whose entries can not be written does not leave, remembered or not.
    @Test func withoutTheLedgerThereIsNoAnswer() async throws {
        let bench = try await Bench()
        _ = try await Journey.reaching(.housed, on: bench)
        #expect(try await ask(bench, .allocator).status == 200)
        let db = try Connection(path: bench.scratch.database.path, settings: ConnectionSettings(access: .readWrite))
        try db.run("CREATE TRIGGER shut BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'no room'); END")
        let refused = try await ask(bench, .allocator)
        #expect(refused.status >= 500)
        #expect(!String(decoding: bytes(refused), as: UTF8.self).contains("items"))
        try db.run("DROP TRIGGER shut")
        #expect(try await ask(bench, .allocator).status == 200)
    }

    @Test func itIsNobodyElsesAndOfNoOtherTarget() async throws {
        let bench = try await Bench()
        _ = try await Journey.reaching(.housed, on: bench)
        let mine = try await ask(bench, .allocator)
        let others = try await ask(bench, .other(.allocator))
        #expect(others.status == 200 && bytes(others) != bytes(mine))
        #expect(bytes(try await ask(bench, .allocator, "/v1/matches?limit=25&status=offered")) != bytes(mine))
        #expect(try await ask(bench, .auditor).status == 403)
        #expect(bytes(try await ask(bench, .allocator)) == bytes(mine))
    }

    @Test func itEndsWithTheHourTheChangeAndTheToken() async throws {
        let bench = try await Bench()
        _ = try await Journey.reaching(.housed, on: bench)
        let first = try await ask(bench, .allocator)
        try changeInSecret(bench)
        #expect(bytes(try await ask(bench, .allocator)) == bytes(first))
        bench.clock.advance(seconds: 3600)
        let later = try await ask(bench, .allocator)
        #expect(bytes(later) != bytes(first), "another hour")
        #expect(bytes(try await ask(bench, .allocator, loop: 1)) == bytes(later))
        let elsewhere = try Database(
            path: bench.scratch.database.path, lanes: 1, environment: bench.clock.environment())
        try await elsewhere.write { tx in
            let store = TokenStore(tx.db)
            for token in try store.list() where token.role == .allocator { _ = try store.revoke(token.id, at: tx.now) }
        }
        elsewhere.close()
        for loop in 0...1 { #expect(try await ask(bench, .allocator, loop: loop).status == 401) }
    }

    /// A broken glass ends at a moment that no commit marks: its bearer is read to each time.
    @Test func whoHasBrokenTheGlassIsReadToEachTime() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.housed, on: bench)
        let target = "/v1/matches/\(journey.match)"
        for isBroken in [false, true] {
            if isBroken {
                let done = try await bench.client.post(
                    journey.path + "/restriction", as: .coordinator,
                    [
                        "reason": "Somebody looks for this person.",
                        "people": [.text(bench.region.token(of: .coordinator))],
                    ])
                #expect(done.status == 200, "\(done.text)")
                let opened = try await bench.client.post(
                    journey.path + "/emergency-access", as: .intaker, ["reason": "Somebody is in danger now."])
                #expect(opened.status == 201, "\(opened.text)")
            }
            let first = try await ask(bench, .intaker, target)
            #expect(first.status == 200)
            try changeInSecret(bench)
            #expect((bytes(try await ask(bench, .intaker, target)) == bytes(first)) == !isBroken)
        }
    }

    /// What tells of looks is true until somebody looks, which is no change: no such answer is remembered. Every route that
    /// reads, as everybody who may, twice from one loop with looks in between, beside a loop that remembers nothing.
    @Test func noAnswerOutlivesWhatItTells() async throws {
        let world = try await World()
        var (asked, remembered) = (0, 0)
        for route in Routes.all where route.method == .get {
            for role in route.action?.roles.roles ?? [] {
                let id = route.kind.flatMap { kind in
                    [Relation.own, .assigned, .offered, .other].lazy.compactMap { world.id(kind, role, $0) }.first
                }
                if route.kind != nil && id == nil { continue }
                let target = route.template.replacing("{id}", with: id ?? "")
                guard try await ask(world.bench, world.speaker(role), target).status == 200 else { continue }
                // Who looked, at everybody there is, and at the one that this is about.
                for journey in [world.first, world.second, world.third, world.fourth] {
                    _ = try await ask(world.bench, .coordinator, journey.path + "/wishes", loop: 1)
                }
                let fresh = try await ask(world.bench, world.speaker(role), target, by: forgetful(world.bench))
                let again = try await ask(world.bench, world.speaker(role), target)
                #expect(again.status == 200 && fresh.status == 200)
                if route.isRemembered { #expect(bytes(again) == bytes(fresh), "\(route.template) as \(role)") }
                asked += 1
                remembered += route.isRemembered ? 1 : 0
            }
        }
        #expect(asked > 80 && remembered > 60)
        print("remembered: \(asked) answers asked for twice, \(remembered) of them remembered")
    }

    @Test func aMemoryHasABound() throws {
        let memory = LoopMemory(randomBits: 1)
        let scratch = try ScratchDatabase(environment: TestClock().environment())
        let version = try scratch.database.version(lane: 0)
        let (now, token) = (Instant(milliseconds: 0), TokenID(high: 1, low: 1))
        let route = try #require(Routes.all.first { $0.template == "/v1/matches" })
        func keep(_ bytes: Int, _ target: String) {
            var answer = Answer(200, body: [UInt8](repeating: 7, count: bytes))
            memory.keep(LoopMemory.Remembered(route, &answer), target, to: token, at: version, now)
        }
        _ = memory.answer("/", to: token, at: version, now)
        for number in 0..<40 { keep(100 << 10, "/\(number)") }
        #expect(memory.answer("/0", to: token, at: version, now)?.answer?.body.count == 100 << 10)
        #expect(memory.answer("/39", to: token, at: version, now)?.answer != nil)
        keep(100 << 10, "/39")
        #expect(memory.answer("/0", to: token, at: version, now) != nil, "the same again takes no more")
        keep(200 << 10, "/40")
        #expect(memory.answer("/0", to: token, at: version, now) == nil, "past four MiB all are forgotten")
        #expect(memory.answer("/40", to: token, at: version, now) != nil)
        keep(300 << 10, "/41")
        let large = memory.answer("/41", to: token, at: version, now)
        #expect(large != nil && large?.answer == nil, "of a large one only the tag is kept")
        keep(1, "/" + String(repeating: "x", count: 600))
        #expect(memory.answer("/" + String(repeating: "x", count: 600), to: token, at: version, now) == nil)
    }
}
