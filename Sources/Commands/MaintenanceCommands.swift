// verify, openapi, version: whether a database is well, and knowing what one has.

internal import Foundation
internal import JSON
internal import OpenAPI
internal import SQLite
internal import Storage

enum MaintenanceCommands {
    static let all: [Command] = [
        Command(
            name: "verify",
            summary: "Checks the database: pages, references, migrations, the ledger",
            options: [.database, LedgerCommands.anchors], no: "something is not well",
            json: .lines(["check", "ok", "problem"]), examples: ["thuispunt verify --json"], run: verify),
        Command(
            name: "openapi", summary: "Prints the API's description, as YAML or JSON",
            json: .document("it prints the description as one JSON document"),
            examples: ["thuispunt openapi --json > openapi.json"], run: openapi),
        Command(
            name: "version", summary: "Prints the program's version", json: .object(["version"]),
            examples: ["thuispunt version"], run: version),
    ]

    private static func verify(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let path = LedgerCommands.anchorPath(arguments)
        // The anchors first, as they may not be newer than what they are held against.
        let lines = try LedgerAnchorFile.read(path)
        let health = try DatabaseHealth(of: arguments.database, against: lines?.all ?? []) {
            terminal.repaint?("\rchecking \($0)          \r")
        }
        var checks = health.checks
        if let problem = lines?.problem(at: path) { checks.append(.init(name: "anchors", problem: problem)) }
        for check in checks {
            if arguments.has(.json) {
                terminal.say { writer in
                    writer.object { writer in
                        writer.field("check", check.name)
                        writer.field("ok", check.problem == nil)
                        writer.field("problem", ifPresent: check.problem)
                    }
                }
            } else {
                terminal.say("\(check.name): \(check.problem ?? "well")")
            }
        }
        if health.problem == nil, health.pendingMigrations > 0 {
            terminal.tell(
                "the ledger was not looked at: \(health.pendingMigrations) migrations wait; thuispunt migrate up")
        }
        return checks.allSatisfy { $0.problem == nil } ? .done : .no
    }

    private static func openapi(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let bytes = arguments.has(.json) ? OpenAPIDescription.json : OpenAPIDescription.yaml
        terminal.say(String(decoding: bytes, as: UTF8.self))
        return .done
    }

    private static func version(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        if arguments.has(.json) {
            terminal.say { $0.object { $0.field("version", Thuispunt.version) } }
        } else {
            terminal.say("thuispunt \(Thuispunt.version)")
        }
        return .done
    }
}
