// demo load: fills an empty database with the made-up region and hands out a token per role, once. The tokens are also
// kept in a file next to the database that only its owner can read.

internal import Domain
internal import Foundation
internal import Glibc
internal import JSON
internal import Storage

enum DemoCommand {
    private static let referrals = Option("referrals", "N", "how many referrals, 1 to 2000000 (default 60)")
    private static let seed = Option("seed", "S", "which story: the same seed tells the same one (default 1)")
    /// All regions of the country for twenty years.
    private static let referralsLimit = 2_000_000
    /// Holds what one commit touches, and the inner pages of every index of two million referrals.
    private static let cacheKibibytes = 256 << 10
    /// From how many on a load takes long enough to show how far it is.
    private static let referralsToWaitFor = 1000

    static let command = Command(
        name: "demo load", summary: "Loads the made-up demo region, once, and prints a token per role",
        notes: [
            "The tokens also stand in demo-tokens.env beside the database, for its owner alone.",
            "Above 5000 referrals the lives of the first are copied, with other ids, numbers and birth dates.",
        ],
        options: [.database, referrals, seed], json: .object(["loaded", "referrals", "file", "values"]),
        examples: ["thuispunt demo load", "thuispunt demo load --referrals 100 --seed 7"], run: load)

    private static func load(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let count = try arguments.number(referrals, in: 1...referralsLimit) ?? 60
        let story = UInt64(try arguments.number(seed, in: 0...Int.max) ?? 1)
        let path = arguments.database
        let parts = (count + DemoLoader.livesLimit - 1) / DemoLoader.livesLimit
        // Whole copies, so it may be a few more than asked for.
        let lives = (count + parts - 1) / parts
        guard try !Store.reading(arguments, { try DemoLoader.isLoaded($0, path: path) }) else {
            if arguments.has(.json) {
                terminal.say { $0.object { $0.field("loaded", false) } }
            } else {
                terminal.say("the demo region is loaded already")
            }
            return .done
        }
        let clock = DemoClock(seed: story)
        let database = try Database(
            path: path, lanes: 1, writerCacheKibibytes: cacheKibibytes, environment: clock.environment)
        defer { database.close() }
        // Before the work, so that a folder without rights shows at once.
        let file = try TokenFile(nextTo: path)
        let loader = DemoLoader(
            database: database, clock: clock, seed: story, count: lives, copies: parts - 1,
            now: Environment.system.now())
        var living = Progress("living \(lives) lives", on: terminal)
        var copying = Progress("copying them, \(lives * parts) referrals in all", on: terminal)
        var values: [(name: String, value: String)] = []
        try await loader.run { done, total in
            if count >= referralsToWaitFor { living.update(done, of: total) }
        } copying: { done, total in
            copying.update(done, of: total)
        } keep: { made in
            try file.write(made.map { "\($0.name)=\($0.value)\n" }.joined())
            values = made
        }
        show(values, lives * parts, file.path, arguments.has(.json), terminal)
        return .done
    }

    private static func show(
        _ values: [(name: String, value: String)], _ count: Int, _ path: String, _ isJSON: Bool, _ terminal: Terminal
    ) {
        terminal.tell("loaded \(count) referrals; the tokens stand in \(path)")
        if isJSON {
            terminal.say { writer in
                writer.object { writer in
                    writer.field("loaded", true)
                    writer.field("referrals", count)
                    writer.field("file", path)
                    writer.object("values") { writer in
                        for (name, value) in values {
                            writer.name(text: name)
                            writer.value(value)
                        }
                    }
                }
            }
        } else {
            for (name, value) in values where name.hasSuffix("_TOKEN") { terminal.say("\(name)=\(value)") }
        }
    }
}

/// `demo-tokens.env` next to a database: `NAME=value` lines for a shell, for its owner alone.
struct TokenFile {
    let path: String

    /// Makes the file empty, with mode 0600.
    ///
    /// - Throws: `CommandFault` when it can't be made.
    init(nextTo database: String) throws {
        let folder = database.lastIndex(of: "/").map { String(database[...$0]) } ?? ""
        path = folder + "demo-tokens.env"
        try write("")
    }

    /// Replaces what is in it.
    func write(_ text: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw fault() }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        // An older file keeps its mode when it is opened.
        guard fchmod(descriptor, 0o600) == 0 else { throw fault() }
        do {
            try handle.write(contentsOf: Data(text.utf8))
        } catch {
            throw fault()
        }
        guard fsync(descriptor) == 0 else { throw fault() }
    }

    private func fault() -> CommandFault {
        CommandFault("can't write \(path): \(String(cString: strerror(errno)))")
    }
}
