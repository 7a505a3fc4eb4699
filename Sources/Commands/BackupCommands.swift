// backup, backup rotate, restore: copies of a database, each looked at whole before it is called one.

internal import Domain
internal import Foundation
internal import JSON
internal import Storage

enum BackupCommands {
    private static let keep = Option("keep", "N", "copies kept in the folder, the newest (default 14)")
    private static let force = Option("force", nil, "put a database that is there aside; it is kept under another name")

    static let all: [Command] = [
        Command(
            name: "backup", operands: ["FILE"],
            summary: "Copies the database as it is now, while it is in use, and verifies the copy",
            options: [.database], json: .object(["file", "ledgerEntries"]), examples: ["thuispunt backup today.db"],
            run: backup),
        Command(
            name: "backup rotate", operands: ["FOLDER"],
            summary: "Adds a verified copy to a folder, named by the moment, and removes the oldest beyond --keep",
            notes: [
                "Only files that carry a name given by this command are ever removed: copies, and what a killed run left of "
                    + "one. Copies named after a moment that is still to come are neither counted nor removed."
            ],
            options: [.database, keep], json: .object(["file", "ledgerEntries"]),
            examples: ["thuispunt backup rotate backups --keep 14"], run: rotate),
        Command(
            name: "restore", operands: ["FILE"],
            summary: "Puts a verified copy in the place of the database; what was there is kept with --force",
            notes: [
                "Stop the service first. What was there is kept under another name, and so are anchors that know more."
            ],
            options: [.database, LedgerCommands.anchors, force],
            json: .object(["database", "ledgerEntries", "pendingMigrations", "aside", "anchorsAside"]),
            examples: ["thuispunt restore copy.db --database rehearsal.db"], run: restore),
    ]

    // MARK: Copies

    private static func backup(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        try copy(to: arguments.operands[0], arguments, terminal)
        return .done
    }

    /// Copies; only what is whole gets its name, for a copy that can't be restored is worse than none.
    private static func copy(to target: String, _ arguments: Arguments, _ terminal: Terminal) throws {
        _ = try Migrator().history(at: arguments.database)
        var progress = Progress("copying", on: terminal)
        let health = try Backup.verifiedCopy(arguments.database, to: target) { progress.update($0, of: $1) }
        if let problem = health.problem {
            throw CommandFault("the copy was not whole and was removed: \(problem); see: thuispunt verify")
        }
        if arguments.has(.json) {
            terminal.say { writer in
                writer.object { writer in
                    writer.field("file", target)
                    writer.field("ledgerEntries", ifPresent: health.ledger?.entries)
                }
            }
        } else {
            terminal.say("copied \(arguments.database) to \(target)")
        }
    }

    private static func rotate(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let folder = arguments.operands[0]
        let most = try arguments.number(keep, in: 1...10_000) ?? 14
        let now = Environment.system.now()
        let new = "thuispunt-\(Migrator.stamp(now)).db"
        try Folder.make(above: folder + "/copy")
        try copy(to: "\(folder)/\(new)", arguments, terminal)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        let copies = names.filter(isCopy).sorted()
        // Names of later moments sort later; counted, these would push out what is newer than they are.
        for name in copies where name > new {
            terminal.tell("\(name) is of a moment that is still to come; if the clock was ahead, remove it yourself")
        }
        for name in copies.filter({ $0 <= new }).dropLast(most) {
            try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
            terminal.tell("removed \(name)")
        }
        for name in UnfinishedFile.removeLeft(in: folder, .partial, at: Int(now.seconds), for: isCopy) {
            terminal.tell("removed \(name)")
        }
        return .done
    }

    /// Whether a file's name is one that `rotate` gives; others are never removed.
    private static func isCopy(_ name: String) -> Bool {
        name.wholeMatch(of: /thuispunt-[0-9]{8}T[0-9]{9}Z\.db/) != nil
    }

    // MARK: Restore

    private static func restore(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let file = arguments.operands[0]
        var progress = Progress("copying", on: terminal)
        let outcome: Restore.Outcome
        do {
            outcome = try Restore.run(
                file, to: arguments.database, anchors: LedgerCommands.anchorPath(arguments),
                replacing: arguments.has(force), now: Environment.system.now(),
                prepare: { try Folder.make(above: arguments.database) },
                progress: { step, done, total in
                    if total > 0 { progress.update(done, of: total) } else { terminal.tell(step) }
                })
        } catch let refusal as RestoreRefusal {
            throw CommandFault(refusal.description)
        }
        if arguments.has(.json) {
            terminal.say { writer in
                writer.object { writer in
                    writer.field("database", arguments.database)
                    writer.field("ledgerEntries", ifPresent: outcome.entries)
                    writer.field("pendingMigrations", outcome.pendingMigrations)
                    writer.field("aside", ifPresent: outcome.aside)
                    writer.field("anchorsAside", ifPresent: outcome.anchorsAside)
                }
            }
            return .done
        }
        terminal.say("restored \(arguments.database) from \(file)")
        if let aside = outcome.aside { terminal.say("what was there is now \(aside)") }
        if let anchors = outcome.anchorsAside {
            terminal.say("the anchors knew entries that this copy lacks; they are kept as the proof: \(anchors)")
        }
        if outcome.pendingMigrations > 0 {
            terminal.say("\(outcome.pendingMigrations) migrations wait: thuispunt migrate up")
        }
        return .done
    }
}
