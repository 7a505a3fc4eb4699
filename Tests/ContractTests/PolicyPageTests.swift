// The tables of ARCHITECTURE.md, "Who sees what", are the policy's own: made from it here and held against the page.
// `THUISPUNT_RECORD=1` writes them anew.

import Domain
import Foundation
import HTTPWire
import TestKit
import Testing

@testable import API

enum PolicyPage {
    static let begin = "<!-- policy: written by PolicyPageTests -->\n"
    static let end = "<!-- end of policy -->"

    static var text: String { fields + "\n" + sights }

    private static func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    private static func names(_ roles: [Role]) -> String { roles.map(\.rawValue).joined(separator: ", ") }

    private static var fields: String {
        row(["group", "holds", "law", "never to"]) + "|---|---|---|---|\n"
            + FieldGroup.all.map { row(["`\($0.name)`", $0.holds, $0.law, names($0.barred.roles)]) }.joined()
    }

    private static var sights: String {
        let rows = AccessPolicy.table.map { grant in
            let stages = grant.sights.compactMap(\.stage)
            let isEvery = stages.count == Sight.allCases.count { $0.resource == grant.sights[0].resource }
            return row([
                grant.sights[0].resource, isEvery ? "every" : stages.joined(separator: ", "),
                names(grant.roles.roles), grant.groups.names.joined(separator: " "), grant.ground.rawValue,
                grant.condition,
            ])
        }
        return row(["what", "stage", "roles", "groups", "ground", "when"]) + "|---|---|---|---|---|---|\n"
            + rows.joined()
    }
}

@Suite struct PolicyPageTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "ARCHITECTURE.md")

    @Test func thePageSaysWhatThePolicySays() throws {
        let page = try String(contentsOf: Self.file, encoding: .utf8)
        let start = try #require(page.range(of: PolicyPage.begin))
        let end = try #require(page.range(of: PolicyPage.end))
        let tables = start.upperBound..<end.lowerBound
        if ProcessInfo.processInfo.environment["THUISPUNT_RECORD"] != nil {
            try page.replacingCharacters(in: tables, with: PolicyPage.text)
                .write(to: Self.file, atomically: true, encoding: .utf8)
        } else {
            #expect(page[tables] == PolicyPage.text)
        }
    }

    /// `/v1/me` says the same, for the caller's role alone.
    @Test(arguments: Role.allCases) func everybodyIsServedTheirRows(role: Role) async throws {
        let bench = try await Bench()
        let speaker: Speaker =
            role == .candidate ? try await Journey.reaching(.posted, on: bench).candidate : .role(role)
        let me = try await bench.client.get("/v1/me", as: speaker).json
        let rows = Sight.allCases.compactMap { sight in AccessPolicy.grant(role, sight).map { (sight, $0) } }
        let sees = me["/sees"]?.elements ?? []
        #expect(sees.count == rows.count)
        for (line, (sight, grant)) in zip(sees, rows) {
            #expect(line["/resource"]?.text == sight.resource && line["/stage"]?.text == sight.stage)
            #expect(line["/fields"]?.elements.compactMap(\.text) == grant.groups.names)
            #expect(line["/ground"]?.text == grant.ground.rawValue)
            #expect(line["/condition"]?.text == grant.condition)
        }
        let routes = me["/routes"]?.elements.compactMap { line in
            line["/method"]?.text.flatMap { method in line["/path"]?.text.map { "\(method) \($0)" } }
        }
        let may = Routes.all.filter { $0.action?.roles.contains(role) == true }
        #expect(routes == may.map { "\($0.method.rawValue) \($0.template)" })
        let never = me["/never"]?.elements.compactMap(\.text) ?? []
        let fields = me["/fields"]?.elements.compactMap { $0["/name"]?.text } ?? []
        #expect(Set(never).isDisjoint(with: fields))
        if role == .allocator || role == .panel {
            #expect(Set(["bsn", "bsn_tail", "care", "finances"]).isSubset(of: never))
        }
    }
}
