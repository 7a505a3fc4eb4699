// region show | apply: the settings of the region, read whole and applied whole.

internal import Domain
internal import Foundation
internal import JSON
internal import RegionFile
internal import Storage

enum RegionCommands {
    private static let version = Option("version", "N", "an earlier version; 0 for the defaults")

    static let all: [Command] = [
        Command(
            name: "region show", summary: "Shows the region's settings in force, as the document that apply reads",
            options: [.database, version], json: .document("it prints the settings as one line of JSON"),
            examples: ["thuispunt region show > settings.json"], run: show),
        Command(
            name: "region apply", operands: ["FILE.json"],
            summary: "Checks a document of settings as a whole and puts it in force as the next version",
            options: [.database], no: "the document has faults, each told on a line; nothing was applied",
            json: .object(["version"]), examples: ["thuispunt region apply region.json"], run: apply),
    ]

    private static func show(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let wanted = try arguments.number(version, in: 0...1_000_000)
        let region = try Store.reading(arguments) { tx in
            let store = RegionStore(tx.db)
            return try wanted.map { try store.find($0) } ?? store.current()
        }
        guard let region else { throw CommandFault("there is no such version of the settings") }
        if arguments.has(.json) {
            terminal.say { $0.object { RegionWriter.write(region.settings, to: &$0) } }
        } else {
            let since = region.appliedAt.map { "applied \($0)" } ?? "the defaults"
            terminal.tell("version \(region.version), \(since)")
            terminal.say(pretty(RegionWriter.encode(region.settings)))
        }
        return .done
    }

    /// JSON for people to read and edit.
    private static func pretty(_ bytes: [UInt8]) -> String {
        let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let value = try? JSONSerialization.jsonObject(with: Data(bytes)),
            let data = try? JSONSerialization.data(withJSONObject: value, options: options)
        else { return String(decoding: bytes, as: UTF8.self) }
        return String(decoding: data, as: UTF8.self)
    }

    private static func apply(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let path = arguments.operands[0]
        let settings = try read(path, terminal)
        guard let settings else { return .no }
        let version = try await Store.writing(arguments) { try RegionStore($0.db).insert(settings, at: $0.now) }
        if arguments.has(.json) {
            terminal.say { writer in writer.object { $0.field("version", ifPresent: version) } }
        } else if let version {
            terminal.say("version \(version) of the settings of \(settings.name) is in force")
        } else {
            terminal.say("these settings are in force already")
        }
        return .done
    }

    /// The settings in a file; nil after telling every fault.
    private static func read(_ path: String, _ terminal: Terminal) throws -> RegionSettings? {
        let bytes = try InputFile(path).beginning(RegionReader.limitBytes)
        guard !bytes.isEmpty else { throw CommandFault("\(path) is empty") }
        guard bytes.count <= RegionReader.limitBytes else {
            throw CommandFault("\(path) is larger than \(RegionReader.limitBytes >> 20) MiB")
        }
        do throws(InvalidBody) {
            return try RegionReader.decode(bytes)
        } catch {
            for fault in error.faults {
                terminal.tell("\(path): \(fault.pointer.isEmpty ? "/" : fault.pointer): \(fault.text)")
            }
            terminal.tell("thuispunt: \(error.faults.count) faults in \(path); nothing was applied")
            return nil
        }
    }
}
