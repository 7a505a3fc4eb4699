// A restore that fails, or is killed, between any two of its changes: the name holds the whole of the old database, with what
// was in its log alone, or the whole of the new one, and nothing that was there is lost.

import CSQLite
import Domain
import Foundation
import SQLite
import Storage
import Testing

@Suite struct RestoreTests {
    /// What stands in the database's place.
    enum Old: CaseIterable {
        /// A database as a killed service leaves it, with rows in its log alone.
        case whole
        /// A file that is no database, with a log.
        case unreadable
        /// An empty file, with a log that SQLite would delete.
        case empty
        /// Only a log.
        case nothing
    }

    private struct Failure: Error {}

    private static let now = Instant(milliseconds: 1_800_000_000_000)
    private static let aside = ".before-restore-20270115T080000000Z"

    @Test(arguments: Old.allCases) func whateverFailsThePlaceHoldsWhatItHeld(old: Old) throws {
        var failing = 0
        while true {
            let bench = try RestoreBench(old)
            let before = try bench.files()
            var step = 0
            do {
                try restore(bench) {
                    step += 1
                    if step == failing + 1 { throw Failure() }
                }
                break
            } catch is Failure {
                #expect(try bench.held() == bench.heldBefore, "step \(step)")
                let after = try bench.files()
                if old == .whole {
                    // Its log may have gone into it.
                    #expect(Set(after.keys).isSubset(of: before.keys))
                    #expect(try bench.problem() == nil)
                    for name in [bench.anchors, bench.anchors + ".newest"] { #expect(after[name] == before[name]) }
                } else {
                    #expect(after == before, "step \(step)")
                }
            }
            failing += 1
        }
        #expect(failing > 5)
    }

    @Test(arguments: Old.allCases) func whoeverKillsItLosesNothing(old: Old) throws {
        let bench = try RestoreBench(old)
        let before = try bench.files()
        var seen: [RestoreBench] = []
        try restore(bench) { seen.append(try RestoreBench(copyOf: bench)) }
        #expect(seen.count > 5)
        for one in seen + [bench] {
            let files = try one.files()
            let held = try one.held()
            let isNew = held == RestoreBench.copied
            #expect(isNew || held == bench.heldBefore)
            if isNew {
                #expect(try one.problem() == nil)
                let kept = old == .nothing ? nil : try one.held(one.path + Self.aside)
                #expect(kept == bench.heldBefore)
                for tail in ["", ".newest"] {
                    #expect(files[one.anchors + Self.aside + tail] == before[one.anchors + tail])
                }
            } else {
                for tail in ["", ".newest"] { #expect(files[one.anchors + tail] == before[one.anchors + tail]) }
            }
            if old != .whole {
                #expect(["", Self.aside].contains { files["region.db" + $0 + "-wal"] == before["region.db-wal"] })
            }
            // Who tries again succeeds, and no file is without the log it had.
            try restore(one, at: Instant(milliseconds: Self.now.milliseconds + 1)) {}
            #expect(try one.held() == RestoreBench.copied && one.problem() == nil)
            if old == .unreadable || old == .empty {
                let after = try one.files()
                #expect(
                    [Self.aside, ".before-restore-20270115T080000001Z"].contains { aside in
                        ["", "-wal"].allSatisfy { after["region.db" + aside + $0] == before["region.db" + $0] }
                    })
            }
        }
        #expect(try bench.held() == RestoreBench.copied)
        #expect(try bench.files().keys.allSatisfy { !$0.hasSuffix(".restoring") })
    }

    @Test func whereALinkLeadsIsWhereTheCopyGoes() throws {
        let bench = try RestoreBench(.whole)
        let link = bench.folder + "/link.db"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "region.db")
        let outcome = try restore(bench, to: link) {}
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "region.db")
        #expect(try bench.held() == RestoreBench.copied)
        #expect(outcome.aside == bench.path + Self.aside)
        // Also when nothing is there yet.
        let early = bench.folder + "/early.db"
        try FileManager.default.createSymbolicLink(atPath: early, withDestinationPath: bench.folder + "/new.db")
        try restore(bench, to: early) {}
        #expect(try bench.held(bench.folder + "/new.db") == RestoreBench.copied)
    }

    @Test func whatAKilledOneLeftIsRemovedByTheNext() throws {
        let bench = try RestoreBench(.whole)
        let left = [".aB3xYz.restoring", ".aB3xYz.restoring-journal", ".before-restore-20260101T000000000Z"]
        for tail in left.dropLast() { try Data().write(to: URL(fileURLWithPath: bench.path + tail)) }
        try FileManager.default.linkItem(atPath: bench.path, toPath: bench.path + left[2])
        let others = [".before-restore-20250101T000000000Z", ".restoring"]
        for tail in others { try Data().write(to: URL(fileURLWithPath: bench.path + tail)) }
        try restore(bench) {}
        let names = Set(try bench.files().keys)
        #expect(names.isDisjoint(with: left.map { "region.db" + $0 }))
        #expect(names.isSuperset(of: (others + [Self.aside]).map { "region.db" + $0 }))
    }

    /// The disk that fails is what a restore is for.
    @Test func whatCanNotBeReadIsPutAside() throws {
        FaultyDisk.install
        let bench = try RestoreBench(.whole)
        let before = try bench.files()
        FaultyDisk.arm(
            bench.path,
            FaultyDisk.Plan(successes: 0, failures: .max, code: SQLITE_IOERR, operations: [.read]))
        defer { FaultyDisk.arm(bench.path, nil) }
        let outcome = try restore(bench) {}
        #expect(FaultyDisk.failuresLeft(bench.path) < .max)
        FaultyDisk.arm(bench.path, nil)
        #expect(try bench.held() == RestoreBench.copied)
        #expect(outcome.aside == bench.path + Self.aside)
        let after = try bench.files()
        for tail in ["", "-wal"] { #expect(after["region.db" + Self.aside + tail] == before["region.db" + tail]) }
    }

    /// A log that can't be opened is the source's, not the copy's.
    @Test func theFileThatCanNotBeOpenedIsNamed() throws {
        let bench = try RestoreBench(.whole)
        try FileManager.default.removeItem(atPath: bench.path + "-wal")
        try FileManager.default.createDirectory(atPath: bench.path + "-wal", withIntermediateDirectories: false)
        let fault = #expect(throws: StorageFault.self) { try Backup.copy(bench.path, to: bench.folder + "/new.db") }
        var blamed: String?
        if case .cannotOpen(let path, _) = fault { blamed = path }
        #expect(blamed == bench.path)
    }

    @Test func whoeverHasItOpenKeepsIt() throws {
        let bench = try RestoreBench(.whole)
        let reader = try Connection(path: bench.path, settings: ConnectionSettings(access: .readOnly))
        #expect(throws: RestoreRefusal.inUse(path: bench.path)) { try restore(bench) {} }
        #expect(try reader.all("SELECT text FROM mark") { $0.text(0) } == RestoreBench.late)
    }

    @discardableResult
    private func restore(
        _ bench: RestoreBench, to path: String? = nil, at now: Instant = RestoreTests.now,
        _ attempt: @escaping () throws -> Void
    ) throws -> Restore.Outcome {
        try Restore.run(
            bench.copy, to: path ?? bench.path, anchors: bench.path + ".anchors", replacing: true, now: now,
            attempt: attempt, progress: { _, _, _ in })
    }
}

/// A folder with a database, a copy of what it was before, and anchors that know more than the copy.
private final class RestoreBench {
    /// What the copy holds; the old database without its log holds neither.
    static let copied = ["early", "copied"]
    static let late = ["early", "late"]

    let folder: String
    let heldBefore: [String]?
    var path: String { folder + "/region.db" }
    var copy: String { folder + "/copy.db" }
    /// The name of the file of anchors.
    let anchors = "region.db.anchors"

    /// The files, made once.
    private static let template = Result { try makeTemplate() }

    private static func makeTemplate() throws -> [String: Data] {
        let folder = NSTemporaryDirectory() + "thuispunt-restore-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder + "/t", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/region.db"
        try Migrator().up(at: path, now: { Instant(milliseconds: 1_700_000_000_000) })
        let db = try Connection(path: path, settings: ConnectionSettings(access: .readWrite))
        try db.run("CREATE TABLE mark (text TEXT)")
        try db.run("INSERT INTO mark VALUES ('early')")
        try db.checkpoint(.truncate)
        let copy = folder + "/t/copy.db"
        try Backup.copy(path, to: copy)
        try Connection(path: copy, settings: ConnectionSettings(access: .readWrite))
            .run("INSERT INTO mark VALUES ('copied')")
        try db.run("INSERT INTO mark VALUES ('late')")
        for tail in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: path + tail, toPath: folder + "/t/region.db" + tail)
        }
        let anchor = LedgerAnchor(
            sequence: 7, hash: [UInt8](repeating: 7, count: 32), at: Instant(milliseconds: 1_700_000_000_000))
        for tail in ["", ".newest"] {
            try LedgerAnchorFile(folder + "/t/region.db.anchors" + tail).append(anchor)
        }
        return try files(in: folder + "/t")
    }

    init(_ old: RestoreTests.Old) throws {
        folder = NSTemporaryDirectory() + "thuispunt-restore-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, bytes) in try Self.template.get() {
            try bytes.write(to: URL(fileURLWithPath: folder + "/" + name))
        }
        switch old {
        case .whole: heldBefore = Self.late
        case .unreadable:
            heldBefore = []
            try Data(repeating: 7, count: 5000).write(to: URL(fileURLWithPath: path))
        case .empty:
            heldBefore = []
            try Data().write(to: URL(fileURLWithPath: path))
        case .nothing:
            heldBefore = nil
            try FileManager.default.removeItem(atPath: path)
        }
    }

    /// The folder as it is at this moment.
    init(copyOf other: RestoreBench) throws {
        folder = NSTemporaryDirectory() + "thuispunt-restore-" + UUID().uuidString
        heldBefore = other.heldBefore
        try FileManager.default.copyItem(atPath: other.folder, toPath: folder)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The rows of a database, looked at in a copy with its log; none of a file that is no database, nil without a file.
    func held(_ path: String? = nil) throws -> [String]? {
        let path = path ?? self.path
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let look = NSTemporaryDirectory() + "thuispunt-restore-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: look, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: look) }
        for tail in ["", "-wal"] where FileManager.default.fileExists(atPath: path + tail) {
            try FileManager.default.copyItem(atPath: path + tail, toPath: look + "/x" + tail)
        }
        do {
            let db = try Connection(path: look + "/x", settings: ConnectionSettings(access: .readWrite))
            return try db.all("SELECT text FROM mark") { $0.text(0) }
        } catch ResultCode.notADatabase, ResultCode.error {
            return []
        }
    }

    func problem() throws -> String? { try DatabaseHealth(of: path).problem }

    /// What each file holds, but for the index that SQLite makes anew.
    func files() throws -> [String: Data] { try Self.files(in: folder) }

    private static func files(in folder: String) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasSuffix("-shm") }
        return try names.reduce(into: [:]) { $0[$1] = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + $1)) }
    }
}
