// What must not pass for a copy, what a copy must not destroy, and what is left of one that is broken off: nothing.

import Foundation
import SQLite
import Testing

@testable import Commands

@Suite struct CopyFaultTests {
    private let files = FileManager.default

    private func loaded() async throws -> Scratch {
        let scratch = try await Scratch.migrated()
        #expect(await scratch.run("demo", "load", "--referrals", "20").code == .done)
        return scratch
    }

    private func names(_ folder: String) throws -> [String] { try files.contentsOfDirectory(atPath: folder).sorted() }

    // MARK: What a copy must not destroy

    @Test func anExportReplacesNothingThatAppearsMeanwhile() throws {
        let scratch = try Scratch()
        let path = scratch.folder + "/out.csv"
        let file = try OutputFile(path)
        try file.write(Array("new".utf8))
        try scratch.write("another's", to: "out.csv")
        #expect(throws: (any Error).self) { try file.finish() }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "another's")
    }

    // MARK: What is left behind

    /// A command that has begun a file, ended by a signal.
    @Test(arguments: [SIGTERM, SIGINT]) func aSignalLeavesNoPartOfAFile(signal: Int32) async throws {
        let scratch = try await loaded()
        try scratch.open { db in
            try db.run("CREATE TABLE big (bytes BLOB)")
            for _ in 0..<150 { try db.run("INSERT INTO big VALUES (zeroblob(1000000))") }
            try db.run("DELETE FROM schema_migration WHERE number = (SELECT max(number) FROM schema_migration)")
            let version = try db.pragma("user_version") ?? 0
            try db.set("user_version", to: version - 1)
            try db.checkpoint(.truncate)
        }
        let folder = scratch.folder + "/out"
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for words in [["backup", folder + "/x.db"], ["backup", "rotate", folder], ["migrate", "up", "--dry-run"]] {
            try await endOnceBegun(words, in: scratch, signal)
        }
    }

    @Test func aSignalLeavesNoPartOfAnExport() async throws {
        let scratch = try await loaded()
        // Who holds the lock keeps the export from its first line in the ledger.
        let db = try Connection(path: scratch.database, settings: ConnectionSettings(access: .readWrite))
        try db.begin(.immediate)
        try await endOnceBegun(["export", "referrals", scratch.folder + "/out.csv"], in: scratch, SIGTERM)
    }

    private func endOnceBegun(_ words: [String], in scratch: Scratch, _ signal: Int32) async throws {
        func unfinished() -> [String] {
            (files.enumerator(atPath: scratch.folder)?.compactMap { $0 as? String } ?? []).filter {
                $0.contains(".partial") || $0.contains(".rehearsal") || $0.hasSuffix("out.csv")
            }
        }
        let running = try Running(words, in: scratch)
        try running.waitUntil("the file is begun") { !unfinished().isEmpty || !running.isRunning }
        running.send(signal)
        let ended = try running.wait()
        #expect(ended.code == -signal, "\(words): \(ended.told)")
        #expect(unfinished().isEmpty, "\(words)")
    }

    /// The folder of a new file of anchors is put on the disk, or the file's name may not be there after a power cut.
    @Test(.enabled(if: CopyFaultTests.canTrace)) func theFolderOfNewAnchorsIsSynchronised() async throws {
        let scratch = try await loaded()
        let folder = scratch.folder + "/anchors"
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let log = scratch.folder + "/trace"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            "-c",
            """
            timeout -s TERM 20 strace -f -y -e trace=fsync -o "$0" "$@"
            """, log, try Running.program(), "serve", "--listen", "127.0.0.1:0", "--database", scratch.database,
            "--ledger-anchor", folder + "/a",
        ]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        defer { process.terminate() }
        let end = Date(timeIntervalSinceNow: Running.patienceSeconds)
        func count() -> Int {
            (try? String(contentsOfFile: log, encoding: .utf8))?.ranges(of: "<\(folder)>)").count ?? 0
        }
        while count() < 2, process.isRunning, Date() < end { try await Task.sleep(for: .milliseconds(20)) }
        #expect(count() >= 2)
    }

    /// Whether what a program asks of the system can be seen here.
    static let canTrace: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "strace -o /dev/null true 2>/dev/null"]
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()
}
