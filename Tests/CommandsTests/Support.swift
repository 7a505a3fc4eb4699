// What the tests of the commands share: a folder that goes away, a command run in this process with its two streams
// kept, and a look into a database file.

import Commands
import Foundation
import JSON
import Lock
import SQLite
import Testing

/// The numbered files of the repository.
enum Migrations {
    /// Their names, in order.
    static let files: [String] = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let names = try? FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent("Migrations").path)
        return (names ?? []).filter { $0.hasSuffix(".sql") }.sorted()
    }()
    /// What `migrate up` says of all of them.
    static let applied = "applied " + files.joined(separator: ", ")
}

/// A folder for one test, removed at its end.
final class Scratch: Sendable {
    let folder: String
    var database: String { folder + "/thuispunt.db" }

    init() throws {
        folder = NSTemporaryDirectory() + "thuispunt-commands-\(ProcessInfo.processInfo.globallyUniqueString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// A folder with a database that is up to date.
    static func migrated() async throws -> Scratch {
        let scratch = try Scratch()
        #expect(await scratch.run("migrate", "up").code == .done)
        return scratch
    }

    /// Runs a command on the database of this folder.
    func run(_ words: String..., environment: [String: String] = [:]) async -> Ran {
        await Ran.of(words + ["--database", database], environment: environment)
    }

    /// Looks into, or damages, the database behind the program's back.
    func open<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        try body(Connection(path: database, settings: ConnectionSettings(access: .readWrite)))
    }

    /// Every byte of the database, its log and its index.
    func bytes() throws -> Data {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("thuispunt.db") }
        return try names.sorted().reduce(into: Data()) {
            $0 += try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($1)"))
        }
    }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let path = folder + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }
}

/// A command that ran in this process.
struct Ran {
    let code: ExitCode
    /// Lines on standard output.
    let said: [String]
    /// Lines on standard error.
    let told: [String]

    static func of(_ words: [String], environment: [String: String] = [:]) async -> Ran {
        let streams = Streams()
        let code = await Thuispunt.run(
            words, environment: environment,
            terminal: Terminal(say: { streams.add($0, toSaid: true) }, tell: { streams.add($0, toSaid: false) }))
        return Ran(code: code, said: streams.said, told: streams.told)
    }

    /// Each line of standard output, as JSON.
    func documents() throws -> [JSONValue] { try said.map { try JSONDocument(Array($0.utf8)).root } }

    /// The only document on standard output.
    func document() throws -> JSONValue {
        #expect(said.count == 1, "\(told)")
        return try #require(try documents().first)
    }
}

private final class Streams: Sendable {
    private let lines = Lock<[(text: String, isSaid: Bool)]>([])

    func add(_ text: String, toSaid isSaid: Bool) {
        let new = text.split(separator: "\n", omittingEmptySubsequences: false).map { (String($0), isSaid) }
        lines.withLock { $0 += new }
    }

    var said: [String] { lines.withLock { $0.filter(\.isSaid).map(\.text) } }
    var told: [String] { lines.withLock { $0.filter { !$0.isSaid }.map(\.text) } }
}
