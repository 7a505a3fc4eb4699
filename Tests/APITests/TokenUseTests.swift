// From where and when tokens are used: one from outside its ranges is a wrong one and is written down as such, and the
// day of the last use is kept without making writes of reads.

import Domain
import HTTPWire
import Storage
import TestKit
import Testing

@testable import API

@Suite struct TokenUseTests {
    private func ask(
        _ bench: Bench, _ secret: String, from address: String, tag: String? = nil
    ) async throws -> (status: Int, atOnce: Bool, tag: String?, body: String) {
        let fields = [("Authorization", "Bearer " + secret)] + (tag.map { [("If-None-Match", $0)] } ?? [])
        let request = try Request(method: .get, target: "/v1/me", fields: fields, peerAddress: address)
        let quick = bench.application.respondAtOnce(to: request)
        let response =
            if let quick { quick } else { await bench.application.respond(to: request, body: RequestBody(bytes: [])) }
        let body = String(decoding: try await response.body.collect(), as: UTF8.self)
        return (
            response.status, quick != nil, response.allFields.first { $0.name == "ETag" }?.value,
            body.replacing(/urn:request:[0-9a-z]+/, with: "")
        )
    }

    @Test func aTokenHoldsForItsAddressesAlone() async throws {
        let bench = try await Bench()
        let ranges = AddressList("192.0.2.0/24,2001:db8::/32")
        let issued = try await bench.region.issueNamed(role: .intaker, to: .intakePoint, addresses: ranges)
        let wrong = try await ask(bench, "thp_wrong", from: "198.51.100.1")
        for address in ["192.0.2.1", "2001:db8::1", "::ffff:192.0.2.9"] {
            #expect(try await ask(bench, issued.secret, from: address).status == 200, "\(address)")
        }
        let outside = ["198.51.100.1", "192.0.3.1", "2001:db9::1", "127.0.0.1", "unix", "192.0.2.01", ""]
        for address in outside {
            let reply = try await ask(bench, issued.secret, from: address)
            #expect(reply.status == 401 && reply.body == wrong.body, "\(address)")
        }
        #expect(bench.log.failures.count == outside.count)
        let lines = zip(bench.log.failures, outside)
        #expect(lines.allSatisfy { $0.hasSuffix("token \(issued.id) came from \($1)") })
        #expect(!bench.log.failures.joined().contains(issued.secret))
        #expect(bench.log.access.last?.status == 401 && bench.log.access.last?.role == nil)
    }

    /// What the loop remembers of a token does not open the door elsewhere.
    @Test func notEvenFromMemory() async throws {
        let bench = try await Bench()
        let issued = try await bench.region.issueNamed(
            role: .intaker, to: .intakePoint, addresses: AddressList("192.0.2.1"))
        let tag = try #require(try await ask(bench, issued.secret, from: "192.0.2.1").tag)
        // Its first use is written down, after which the loop has to read again.
        try await bench.scratch.database.write { _ in }
        _ = try await ask(bench, issued.secret, from: "192.0.2.1")
        let known = try await ask(bench, issued.secret, from: "192.0.2.1", tag: tag)
        #expect(known.status == 304 && known.atOnce)
        let elsewhere = try await ask(bench, issued.secret, from: "192.0.2.2", tag: tag)
        #expect(elsewhere.status == 401 && !elsewhere.atOnce)
    }

    @Test func theDayOfTheLastUseIsWrittenDownOnce() async throws {
        // Without limits, for which a clock that goes back has only just begun.
        let bench = try await Bench(limits: nil)
        let database = bench.scratch.database
        let issued = try await bench.region.issueNamed(role: .intaker, to: .intakePoint)
        func lastUsed() throws -> CivilDate? {
            try database.read(lane: 1) { try TokenStore($0.db).find(issued.id)?.lastUsedOn }
        }
        #expect(try lastUsed() == nil)
        let wrong = try await ask(bench, String(issued.secret.dropLast()), from: "192.0.2.1")
        try await database.write { _ in }
        #expect(try wrong.status == 401 && lastUsed() == nil)

        for day in 0..<3 {
            #expect(try await ask(bench, issued.secret, from: "192.0.2.1").status == 200)
            try await database.write { _ in }
            #expect(try lastUsed() == bench.clock.today)
            let jobs = database.statistics.jobs
            // The loop reads once more, because something was committed, and then it remembers.
            let tag = try #require(try await ask(bench, issued.secret, from: "192.0.2.1").tag)
            for _ in 0..<20 { #expect(try await ask(bench, issued.secret, from: "192.0.2.1", tag: tag).atOnce) }
            #expect(database.statistics.jobs == jobs, "day \(day)")
            bench.clock.advance(days: 1)
        }
        bench.clock.advance(days: -7)
        let jobs = database.statistics.jobs
        #expect(try await ask(bench, issued.secret, from: "192.0.2.1").status == 200)
        #expect(database.statistics.jobs == jobs, "a clock that went back changes nothing")
    }

    /// A disk that takes nothing does not keep anybody from reading.
    @Test func nobodyWaitsForIt() async throws {
        let bench = try await Bench()
        let issued = try await bench.region.issueNamed(role: .intaker, to: .intakePoint)
        let gate = WriterGate()
        async let held: Void = gate.hold(bench.scratch)
        await gate.isHeld()
        #expect(try await ask(bench, issued.secret, from: "192.0.2.1").status == 200)
        gate.open()
        try await held
    }
}

@Suite struct SecurityContactTests {
    @Test(arguments: [
        "mailto:security@example.org", "https://example.org/report", "tel:+31-53-1234567", "MAILTO:a@example.org",
    ])
    func takenContacts(text: String) throws {
        let start = try #require(Instant(rfc3339: "2026-11-23T09:00:00Z"))
        let file = String(decoding: try #require(SecurityContact(text)).file(startedAt: start), as: UTF8.self)
        #expect(
            file == "Contact: \(text)\nExpires: 2027-11-18T09:00:00.000Z\nPreferred-Languages: nl, en\n")
    }

    @Test(arguments: [
        "", "mailto:", "security@example.org", "http://example.org", "javascript:alert(1)", "https://",
        "mailto:a@example.org\nContact: mailto:b@example.org", "mailto:a b@example.org", "mailto:é@example.org",
        "https://example.org/" + String(repeating: "x", count: 500),
    ])
    func refusedContacts(text: String) { #expect(SecurityContact(text) == nil) }

    @Test func theFileIsWhereItBelongs() async throws {
        let bench = try await Bench()
        let path = "/.well-known/security.txt"
        let reply = try await bench.client.get(path)
        #expect(reply.status == 200 && reply["Content-Type"] == "text/plain; charset=utf-8")
        #expect(reply.text.hasPrefix("Contact: mailto:security@thuispunt.example.org\nExpires: 2027-"))
        #expect(try await bench.client.send(.head, path).status == 200)
        #expect(try await bench.client.send(.post, path).status == 405)
        let silent = Application(
            database: bench.scratch.database, environment: bench.clock.environment(), log: bench.log.sinks)
        let request = try Request(method: .get, target: path)
        for application in [silent, bench.application.forOperators()] {
            #expect(await application.respond(to: request, body: RequestBody(bytes: [])).status == 404)
        }
    }
}
