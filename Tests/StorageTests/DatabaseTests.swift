// At the door: what is not ours, not there, too old, too new or damaged is refused in one line and not touched. And
// the copies of what is ours.

import Foundation
import Migrations
import SQLite
import Storage
import Synchronization
import TestKit
import Testing

@Suite struct DatabaseTests {
    let bench: EngineBench
    init() throws { bench = try EngineBench() }

    private func refusal() -> StorageFault? {
        let fault = #expect(throws: StorageFault.self) { try bench.open() }
        #expect(fault?.logText.contains("\n") == false)
        #expect(fault?.clientText.contains(bench.folder) == false)
        return fault
    }

    @Test func absent() throws {
        #expect(refusal() == .noDatabase(path: bench.path))
        #expect(!FileManager.default.fileExists(atPath: bench.path))
    }

    @Test func empty() throws {
        try Data().write(to: URL(fileURLWithPath: bench.path))
        #expect(refusal() == .pendingMigrations(path: bench.path, files: ["0001_notes.sql"]))
        #expect(try Data(contentsOf: URL(fileURLWithPath: bench.path)).isEmpty)
    }

    @Test func notADatabase() throws {
        let text = Data(String(repeating: "some text\n", count: 1000).utf8)
        try text.write(to: URL(fileURLWithPath: bench.path))
        #expect(refusal() == .notOurs(path: bench.path))
        #expect(try Data(contentsOf: URL(fileURLWithPath: bench.path)) == text)
    }

    @Test func someoneElses() throws {
        try bench.connect(.readWriteCreate).run("CREATE TABLE photo(id INTEGER)")
        let before = try Data(contentsOf: URL(fileURLWithPath: bench.path))
        #expect(refusal() == .notOurs(path: bench.path))
        #expect(try Data(contentsOf: URL(fileURLWithPath: bench.path)) == before)
    }

    @Test func aFolder() throws {
        try FileManager.default.createDirectory(atPath: bench.path, withIntermediateDirectories: false)
        #expect(refusal() == .notOurs(path: bench.path))
    }

    @Test func newer() throws {
        try bench.migrate()
        try bench.connect(.readWrite).set("user_version", to: 7)
        #expect(refusal() == .migration(.newerDatabase(version: 7, known: 1)))
    }

    @Test func older() throws {
        try bench.migrate()
        let more = EngineBench.migrations + [Migration(number: 2, name: "more", sql: [UInt8]("SELECT 1;".utf8))]
        let fault = #expect(throws: StorageFault.self) {
            try Database(path: bench.path, lanes: 1, environment: bench.environment, migrations: more)
        }
        #expect(fault == .pendingMigrations(path: bench.path, files: ["0002_more.sql"]))
    }

    @Test func damagedPage() async throws {
        try await {
            let database = try bench.make()
            for number in 0..<50 { try await database.add("\(number)", bytes: 3000) }
            database.close()
        }()
        let handle = try #require(FileHandle(forUpdatingAtPath: bench.path))
        for page in 2..<20 {
            try handle.seek(toOffset: UInt64(page * 4096))
            try handle.write(contentsOf: Data(repeating: 0xFF, count: 4096))
        }
        try handle.close()
        // Whether the door or the first read notices, it is a fault and no crash.
        let fault = #expect(throws: StorageFault.self) { _ = try bench.open().texts() }
        guard case .damaged = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
    }

    @Test func closingLeavesOneFile() throws {
        for _ in 0..<20 {
            let database = try bench.make(lanes: 2)
            database.close()
            #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder) == ["notes.db"])
        }
    }

    @Test func aCopyUnderLoad() async throws {
        let database = try bench.make()
        for number in 0..<200 { try await database.add("first \(number)", bytes: 8000) }
        let added = Atomic(0)
        let load = Task {
            while !Task.isCancelled {
                try await database.add("load \(added.load(ordering: .relaxed))", bytes: 1000)
                added.add(1, ordering: .relaxed)
            }
        }
        // Other tests may have all the threads for a while.
        try await eventually { added.load(ordering: .relaxed) > 0 }
        let target = bench.folder + "/copy.db"
        var steps = 0
        try database.backUp(to: target) { _, _ in
            steps += 1
            usleep(20_000)
        }
        load.cancel()
        try await load.value
        #expect(steps > 1)
        let mode = try FileManager.default.attributesOfItem(atPath: target)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let names = try FileManager.default.contentsOfDirectory(atPath: bench.folder)
        #expect(names.filter { $0.hasPrefix("copy") } == ["copy.db"])
        let copy = try Connection(path: target, settings: ConnectionSettings(access: .readOnly))
        #expect(try copy.integrityCheck().isEmpty)
        #expect(try copy.journalMode() == "delete")
        let first = try copy.first("SELECT count(*) FROM note WHERE text LIKE 'first%'") { row in row.int(0) }
        #expect(first == 200)
        // It opens as a database of the service, and is not written over.
        _ = try Database(path: target, lanes: 1, environment: bench.environment, migrations: EngineBench.migrations)
        #expect(throws: StorageFault.self) { try database.backUp(to: target) }
    }

    @Test func aCopyGivenUpLeavesNothing() throws {
        struct Enough: Error {}
        let database = try bench.make()
        #expect(throws: StorageFault.self) {
            try database.backUp(to: bench.folder + "/copy.db") { _, _ in throw Enough() }
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: bench.folder)
        #expect(names.allSatisfy { !$0.hasPrefix("copy") })
    }
}
