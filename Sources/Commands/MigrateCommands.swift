// migrate status | up | verify | new: what admins run before a new version serves.

internal import Domain
internal import Foundation
internal import JSON
internal import Migrations
internal import Storage

enum MigrateCommands {
    private static let to = Option("to", "N", "stop after migration number N")
    private static let dryRun = Option(
        "dry-run", nil, "change nothing: show the plan, tried on a copy that is thrown away")
    private static let directory = Option("directory", "PATH", "where the migrations are kept (default Migrations)")

    static let all: [Command] = [
        Command(
            name: "migrate status", summary: "Shows what was applied and what waits", options: [.database],
            no: "migrations wait", json: .object(["database", "version", "applied", "pending", "refusal"]),
            examples: ["thuispunt migrate status"], run: status),
        Command(
            name: "migrate up",
            summary: "Applies what waits, each step in one transaction, after a copy of the database",
            notes: [
                "Meanwhile standard error tells which statement of how many runs, and of one that fills a table from "
                    + "another how many of the rows are read, how fast, and how long the rest will take."
            ],
            options: [.database, to, dryRun], json: .object(["applied", "plan"]),
            examples: ["thuispunt migrate up --dry-run", "thuispunt migrate up"], run: up),
        Command(
            name: "migrate verify", summary: "Holds what was applied against this program", options: [.database],
            no: "they differ", json: .object(["ok", "version", "reason"]), examples: ["thuispunt migrate verify"],
            run: verify),
        Command(
            name: "migrate new", operands: ["NAME"], summary: "Starts the next migration's file",
            options: [directory], json: .object(["file"]), examples: ["thuispunt migrate new add_rooms"], run: new),
    ]

    private static func status(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let status = try Migrator().status(at: arguments.database)
        if arguments.has(.json) {
            terminal.say { writer in
                writer.object { writer in
                    writer.field("database", arguments.database)
                    writer.field("version", status.version)
                    writer.array("applied") { writer in
                        for step in status.applied {
                            writer.object { writer in
                                writer.field("file", step.fileName)
                                writer.field("appliedAt", step.appliedAt.description)
                                writer.field("checksum", step.checksum)
                                writer.field("intact", step.isIntact)
                            }
                        }
                    }
                    writer.field("pending", status.pending.map(\.fileName))
                    writer.field("refusal", ifPresent: status.refusal?.description)
                }
            }
        } else {
            for step in status.applied {
                let mark = step.isIntact ? "applied" : "CHANGED"
                terminal.say("\(mark)  \(step.fileName)  \(step.appliedAt)  \(step.checksum.prefix(12))")
            }
            for step in status.pending { terminal.say("pending  \(step.fileName)") }
            if status.applied.isEmpty && status.pending.isEmpty { terminal.say("nothing to apply") }
        }
        if let refusal = status.refusal { throw CommandFault(refusal.description) }
        return status.pending.isEmpty ? .done : .no
    }

    private static func up(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let target = try arguments.number(to, in: 1...9999)
        if arguments.has(dryRun) { return try rehearse(to: target, arguments, terminal) }
        try Folder.make(above: arguments.database)
        var teller = MigrationTeller(on: terminal)
        let applied = try Migrator().up(at: arguments.database, to: target, now: Environment.system.now) {
            teller.tell($0)
        }
        if arguments.has(.json) {
            terminal.say { $0.object { $0.field("applied", applied.map(\.fileName)) } }
        } else {
            try terminal.say(
                applied.isEmpty
                    ? nothingToDo(arguments)
                    : "applied \(applied.map(\.fileName).joined(separator: ", "))")
        }
        return .done
    }

    /// Why nothing was applied: nothing waits, or what waits comes after `--to`.
    private static func nothingToDo(_ arguments: Arguments) throws -> String {
        let status = try Migrator().status(at: arguments.database)
        return status.pending.isEmpty
            ? "\(arguments.database) is up to date"
            : "\(arguments.database) is of version \(status.version) already; \(status.pending.count) later migrations wait"
    }

    private static func rehearse(
        to target: Int?, _ arguments: Arguments, _ terminal: Terminal
    ) throws -> ExitCode {
        var teller = MigrationTeller("trying", on: terminal)
        let tried = try Migrator().rehearse(at: arguments.database, to: target, now: Environment.system.now) {
            teller.tell($0)
        }
        if arguments.has(.json) {
            terminal.say { writer in
                writer.object { writer in
                    writer.array("plan") { writer in
                        for step in tried {
                            writer.object { writer in
                                writer.field("file", step.fileName)
                                writer.field("milliseconds", step.durationMilliseconds)
                            }
                        }
                    }
                }
            }
        } else {
            for step in tried {
                terminal.say("would apply \(step.fileName): \(step.durationMilliseconds) ms on a copy")
            }
            try terminal.say(tried.isEmpty ? nothingToDo(arguments) : "nothing was changed")
        }
        return .done
    }

    private static func verify(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let status = try Migrator().history(at: arguments.database)
        let problem = status.refusal?.description
        if arguments.has(.json) {
            terminal.say { writer in
                writer.object { writer in
                    writer.field("ok", problem == nil)
                    writer.field("version", status.version)
                    writer.field("reason", ifPresent: problem)
                }
            }
        } else {
            terminal.say(problem ?? "\(status.applied.count) applied, all as this program has them")
        }
        return problem == nil ? .done : .no
    }

    private static func new(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let folder = arguments.text(directory) ?? "Migrations"
        let (name, text) = try Migrator().newFile(named: arguments.operands[0])
        let path = folder + "/" + name
        guard FileManager.default.fileExists(atPath: folder) else {
            throw CommandFault("there is no folder \(folder); run this from the top of the repository")
        }
        guard !FileManager.default.fileExists(atPath: path) else { throw CommandFault("\(path) exists already") }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        if arguments.has(.json) {
            terminal.say { $0.object { $0.field("file", path) } }
        } else {
            terminal.say(path)
        }
        terminal.tell("now name \(name) in Package.swift (embedInCode) and in Migrations/Migrations.swift")
        return .done
    }
}

/// Folders that a command needs.
enum Folder {
    /// Makes the folder a file will stand in, for its owner alone.
    static func make(above path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFault("can't make the folder \(folder); check its owner and rights")
        }
    }
}
