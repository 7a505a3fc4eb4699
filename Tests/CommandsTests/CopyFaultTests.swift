// What must not pass for a copy, what a copy must not destroy, and what is left of one that is broken off: nothing.

import Foundation
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

    // MARK: What is left behind

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
