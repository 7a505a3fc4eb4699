// A small database for tests of the engine, with one table beside the one that the engine itself knows; and a few means
// to make it wait.

import Domain
import Foundation
import Lock
import Migrations
import SQLite
import Storage
import Synchronization
import TestKit
import Testing

/// A folder with one database in it, removed with this value.
final class EngineBench: Sendable {
    static let migrations = [
        Migration(
            number: 1, name: "notes",
            sql: [UInt8](
                """
                CREATE TABLE note(
                    id INTEGER PRIMARY KEY, text TEXT UNIQUE, bytes BLOB, parent INTEGER REFERENCES note(id)) STRICT;
                CREATE TABLE generation(one INTEGER PRIMARY KEY, number INTEGER NOT NULL) STRICT;
                INSERT INTO generation VALUES(1, 1);
                CREATE TABLE touched(kind INTEGER, resource BLOB, depth INTEGER);
                """.utf8))
    ]

    let folder: String
    var path: String { folder + "/notes.db" }
    /// Goes on a millisecond each time it is looked at.
    let ticks = Atomic<Int64>(1_800_000_000_000)
    /// By how many microseconds the clock of durations goes on each time it is looked at: things take no time unless a test
    /// says so.
    let slowness = Atomic<Int64>(0)
    private let elapsed = Atomic<Int64>(0)
    private let lines = Lock<[String]>([])
    /// What the engine told its log.
    var notices: [String] { lines.withLock { $0 } }

    init() throws {
        folder = NSTemporaryDirectory() + "thuispunt-engine-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var environment: Environment {
        Environment(
            now: { [self] in Instant(milliseconds: ticks.add(1, ordering: .relaxed).newValue) },
            randomBits: { 0x0123_4567_89AB_CDEF },
            microseconds: { [self] in
                elapsed.add(slowness.load(ordering: .relaxed), ordering: .relaxed).newValue
            })
    }

    func migrate() throws {
        try Migrator(migrations: EngineBench.migrations).up(at: path, now: environment.now)
    }

    func open(lanes: Int = 1, largestLogPages: Int? = nil) throws -> Database {
        try Database(
            path: path, lanes: lanes, largestLogPages: largestLogPages, environment: environment,
            migrations: EngineBench.migrations,
            notice: { [lines] line in lines.withLock { $0.append(line) } })
    }

    /// A migrated, open database.
    func make(lanes: Int = 1, largestLogPages: Int? = nil) throws -> Database {
        try migrate()
        return try open(lanes: lanes, largestLogPages: largestLogPages)
    }

    /// Another connection, as another process has one.
    func connect(_ access: ConnectionSettings.Access = .readOnly) throws -> Connection {
        try Connection(path: path, settings: ConnectionSettings(access: access, busyTimeoutMilliseconds: 100))
    }
}

/// Keeps the writer inside a job until opened.
final class Gate: Sendable {
    private let entered = DispatchSemaphore(value: 0)
    private let opened = DispatchSemaphore(value: 0)

    /// A write that stays in its job; returns once the writer is in it.
    func hold(_ database: Database) async -> Task<Void, any Error> {
        let task = Task {
            try await database.write { [entered, opened] _ in
                entered.signal()
                opened.wait()
            }
        }
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [entered] in
                entered.wait()
                continuation.resume()
            }
        }
        return task
    }

    func open() { opened.signal() }
}

extension Database {
    /// Inserts a note.
    func add(_ text: String, bytes: Int = 0) async throws {
        try await write { transaction in
            try transaction.db.run(
                "INSERT INTO note(text, bytes) VALUES(?, ?)", text, [UInt8](repeating: 7, count: bytes))
        }
    }

    /// The texts of all notes.
    func texts(lane: Int = 0) throws -> Set<String> {
        try read(lane: lane) { transaction in
            Set(try transaction.db.all("SELECT text FROM note") { row in row.text(0) })
        }
    }
}
