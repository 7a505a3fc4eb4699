// The Dutch API design rules, one test a rule, on the description and on answers of every kind; each check is tried on a
// planted breach. The list of all rules in ARCHITECTURE.md is made from the table; `THUISPUNT_RECORD=1` writes it anew.

import Domain
import Foundation
import HTTPWire
import TestKit
import Testing

@testable import API

@Suite struct DesignRuleTests {
    private static let technical = DesignRule.all.filter(\.isTechnical)

    /// Answers of every kind: each route well and badly asked, refused by the wire, and told to come from elsewhere.
    private static func exchanges() async throws -> [Client.Exchange] {
        let bench = try await Bench()
        let client = bench.client
        let journey = try await Journey.reaching(.housed, on: bench)
        let elsewhere = [("Origin", "https://elsewhere.example.org")]
        for operation in Description.served.operations {
            guard let method = Method(rawValue: operation.method.uppercased()) else { continue }
            let target = operation.path.filled(journey.referral, "not-found")
            let type = method == .get ? nil : "application/json"
            for (path, speaker) in [(target, Speaker.coordinator), (target, .admin), (target + "/", .coordinator)] {
                try await client.send(method, path, as: speaker, type: type, fields: elsewhere)
            }
            try await client.send(method, target, type: type)
            try await client.send(method, target + "?surplus=1", as: .coordinator, Array("{\"a\":".utf8), type: type)
            for other in [Method.head, .options, .delete] {
                try await client.send(other, target, as: .coordinator, fields: elsewhere)
            }
        }
        for target in [
            "/v1/referrals?limit=0", "/nowhere", "/", "/v1/me?%zz", "/v1/" + String(repeating: "a", count: 9000),
        ] {
            try await client.get(target, as: .coordinator)
        }
        try await client.get("/v1/me", as: .coordinator, fields: [("Accept", "text/html")])
        try await client.post("/v1/referrals", as: .referrer, Drafts.plainReferral)
        return client.exchanges
    }

    @Test func theListIsWhole() {
        #expect(DesignRule.all.count == 36)
        #expect(Set(DesignRule.all.map(\.id)).count == 36)
        #expect(Self.technical.count == 16)
    }

    @Test(arguments: technical) func theDescriptionKeeps(rule: DesignRule) throws {
        guard let check = rule.description else { return }
        #expect(check(.served) == [])
        let spoil = try #require(rule.spoilsDescription)
        #expect(check(Description(root: spoil(Description.served.root))) != [], "a planted breach is found")
    }

    @Test func theAnswersKeepEveryRule() async throws {
        let exchanges = try await Self.exchanges()
        #expect(Set(exchanges.map(\.reply.status)).isSuperset(of: [200, 201, 204, 400, 401, 403, 404, 405, 406, 415]))
        for rule in Self.technical {
            guard let check = rule.exchange else { continue }
            let faults = exchanges.flatMap { exchange in
                check(exchange).map {
                    "\(exchange.question.method.rawValue) \(exchange.question.target.prefix(80)): \($0)"
                }
            }
            #expect(Set(faults) == [], "\(rule.id)")
        }
    }

    @Test(arguments: technical) func aBreachInAnAnswerIsFound(rule: DesignRule) async throws {
        guard let check = rule.exchange else { return }
        let bench = try await Bench()
        try await bench.client.get("/v1/me", as: .intaker)
        var exchange = try #require(bench.client.exchanges.last)
        #expect(check(exchange) == [])
        let spoil = try #require(rule.spoilsExchange)
        spoil(&exchange)
        #expect(check(exchange) != [])
    }

    @Test(arguments: DesignLint.all) func theLinterFindsNothing(lint: DesignLint) {
        #expect(lint.faults(.served) == [])
        #expect(lint.faults(Description(root: lint.spoils(Description.served.root))) != [], "a planted breach is found")
    }

    // MARK: The page

    private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "ARCHITECTURE.md")
    private static let begin = "<!-- design rules: written by DesignRuleTests -->\n"
    private static let end = "<!-- end of design rules -->"

    private static var text: String {
        "| rule | asks | held by |\n|---|---|---|\n"
            + DesignRule.all.map { "| `\($0.id)` | \($0.asks) | \($0.held) |\n" }.joined()
    }

    @Test func thePageListsEveryRule() throws {
        let page = try String(contentsOf: Self.file, encoding: .utf8)
        let start = try #require(page.range(of: Self.begin))
        let end = try #require(page.range(of: Self.end))
        let table = start.upperBound..<end.lowerBound
        if ProcessInfo.processInfo.environment["THUISPUNT_RECORD"] != nil {
            try page.replacingCharacters(in: table, with: Self.text)
                .write(to: Self.file, atomically: true, encoding: .utf8)
        } else {
            #expect(page[table] == Self.text)
        }
    }
}
