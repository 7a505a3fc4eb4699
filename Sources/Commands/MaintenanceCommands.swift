// verify, backup, openapi, version: looking after a database and knowing what one has.

internal import Foundation
internal import JSON
internal import OpenAPI
internal import SQLite
internal import Storage

enum MaintenanceCommands {
    static let all: [Command] = [
        Command(
            name: "verify",
            summary: "Checks the database: pages, references, migrations, the ledger; exit 1 when not well",
            options: [.database, LedgerCommands.anchors, .json], run: verify),
        Command(
            name: "backup", operands: ["FILE"], summary: "Copies the database as it is now, while it is in use",
            options: [.database], run: backup),
        Command(
            name: "openapi", summary: "Prints the API's description, as YAML or JSON", options: [.json], run: openapi),
        Command(name: "version", summary: "Prints the program's version", options: [.json], run: version),
    ]

    private static func verify(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        var checks: [(name: String, problem: String?)] = []
        let history = try Migrator().status(at: arguments.database)
        checks.append(("migrations", history.refusal?.description))
        try Store.reading(arguments) { tx in
            checks.append(("integrity", try tx.db.integrityCheck().first))
            checks.append(("references", try tx.db.foreignKeyCheck().first))
        }
        checks.append(("ledger", try LedgerCommands.Finding(arguments).problem))
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
        return checks.allSatisfy { $0.problem == nil } ? .done : .no
    }

    private static func backup(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let target = arguments.operands[0]
        guard FileManager.default.fileExists(atPath: arguments.database) else {
            throw StorageFault.noDatabase(path: arguments.database)
        }
        try Backup.copy(arguments.database, to: target) { _, _ in }
        terminal.say("copied \(arguments.database) to \(target)")
        return .done
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
