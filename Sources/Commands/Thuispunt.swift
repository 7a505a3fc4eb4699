// The program: finds the command that was asked for, runs it, and turns whatever it throws into one line and an exit
// code. The table of all commands stands here.

internal import Foundation
internal import SQLite
internal import Storage
internal import UseCases

/// The program behind `thuispunt`.
package enum Thuispunt {
    /// The version of the program, which is that of the API it serves.
    package static let version = "1.0.0"

    static let commands: [Command] =
        [ServeCommand.command] + MigrateCommands.all + OrganisationCommands.all + TokenCommands.all + RegionCommands.all
        + RetentionCommands.all + ClocksCommands.all + TransferCommands.all + MaintenanceCommands.all
        + BackupCommands.all
        + LedgerCommands.all + [DemoCommand.command, MatchCommand.command] + MatchBenchCommands.all
        + HelpCommands.all

    /// Runs the command line of this process, which leaves no unfinished file when a signal ends it.
    package static func main(_ words: [String]) async -> ExitCode {
        Signals.removeUnfinishedFiles()
        return await run(words)
    }

    /// Runs one command line, without the program's name, and gives the exit code.
    package static func run(
        _ words: [String], environment: [String: String] = ProcessInfo.processInfo.environment,
        terminal: Terminal = .standard
    ) async -> ExitCode {
        do {
            return try await dispatch(words, environment, terminal)
        } catch {
            terminal.tell("thuispunt: \(text(error).replacing("\n", with: " "))")
            return (error as? CommandFault)?.code ?? .failed
        }
    }

    /// What is wrong in one line, whatever was thrown.
    private static func text(_ error: any Error) -> String {
        switch error {
        case let fault as StorageFault: return fault.logText
        case let fault as UseCaseFault: return text(fault)
        case let fault as SQLiteError: return StorageFault(fault)?.logText ?? fault.description
        case let fault as CocoaError:
            // What the system said tells more than what Foundation makes of it.
            let cause = (fault.underlying as? POSIXError).map(text) ?? fault.localizedDescription
            return "\(fault.filePath ?? "a file"): \(cause)"
        case let fault as POSIXError: return String(cString: strerror(fault.code.rawValue))
        default: return "\(error)"
        }
    }

    private static func dispatch(
        _ words: [String], _ environment: [String: String], _ terminal: Terminal
    ) async throws -> ExitCode {
        guard let first = words.first, first != "--help", first != "-h" else {
            terminal.say(Overview.text(commands))
            return words.isEmpty ? .usage : .done
        }
        if first == "--version" { return try await dispatch(["version"], environment, terminal) }
        let two = words.prefix(2).joined(separator: " ")
        let command = commands.first { $0.name == two } ?? commands.first { $0.name == first }
        guard let command else { return try noSuchCommand(first, words, terminal) }
        let rest = Array(words.dropFirst(command.name.split(separator: " ").count))
        if rest.contains("--help") || rest.contains("-h") {
            terminal.say(Manual(of: command).text)
            return .done
        }
        return try await command.run(Arguments(rest, for: command, environment: environment), terminal)
    }

    private static func noSuchCommand(_ first: String, _ words: [String], _ terminal: Terminal) throws -> ExitCode {
        let family = commands.filter { $0.name.hasPrefix(first + " ") }
        guard !family.isEmpty else {
            throw CommandFault.usage("there is no command \(first); see: thuispunt --help")
        }
        if words.dropFirst().first == "--help" {
            terminal.say(Overview.text(family))
            return .done
        }
        let names = family.map(\.name).joined(separator: ", ")
        throw CommandFault.usage("say which: \(names)")
    }

    private static func text(_ fault: UseCaseFault) -> String {
        switch fault {
        case .invalid(_, _, let text): text
        case .conflict(_, let text, _), .forbidden(let text), .moveNotAllowed(let text, _): text
        case .notFound: "there is no such thing"
        case .positionLost: "the feed does not know this position any more"
        case .preconditionFailed: "it changed meanwhile; try again"
        }
    }
}
