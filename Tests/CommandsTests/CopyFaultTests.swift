// What must not pass for a copy, what a copy must not destroy, and what is left of one that is broken off: nothing.

import Foundation
import JSON
import SQLite
import Testing

@testable import Commands
@testable import Storage

@Suite struct CopyFaultTests {
    private let files = FileManager.default

    private func loaded() async throws -> Scratch {
        let scratch = try await Scratch.migrated()
        #expect(await scratch.run("demo", "load", "--referrals", "20").code == .done)
        return scratch
    }

    private func names(_ folder: String) throws -> [String] { try files.contentsOfDirectory(atPath: folder).sorted() }

    // MARK: What is no copy

    @Test func anEmptyFileIsNoCopyAndNoDatabase() async throws {
        let scratch = try await loaded()
        let empty = try scratch.write("", to: "empty.db")
        let before = try scratch.bytes()
        for (copy, text) in [(empty, "is not a Thuispunt database"), ("/dev/null", "is no file")] {
            let ran = await scratch.run("restore", copy, "--force")
            #expect(ran.code == .failed && ran.told.last?.contains(text) == true, "\(ran.told)")
        }
        #expect(try scratch.bytes() == before)
        let folder = scratch.folder + "/copies"
        #expect(await scratch.run("backup", "rotate", folder).code == .done)
        let good = try names(folder)
        for words in [
            ["backup", "rotate", folder, "--keep", "1"], ["backup", folder + "/x.db"], ["verify"],
            ["migrate", "verify"],
        ] {
            let ran = await Ran.of(words + ["--database", empty])
            #expect(ran.code == .failed && ran.told.last?.contains("\(empty) is not a Thuispunt database") == true)
            #expect(try names(folder) == good)
        }
        #expect(await Ran.of(["migrate", "status", "--database", empty]).code == .no)
        #expect(await Ran.of(["migrate", "up", "--database", empty]).code == .done)
    }

    /// Damage in the first page, so that nothing can be read, and further on.
    @Test(arguments: [2000, 200_000]) func damageIsNoCopy(place: Int) async throws {
        let scratch = try await loaded()
        let folder = scratch.folder + "/copies"
        let copy = scratch.folder + "/copy.db"
        #expect(await scratch.run("backup", "rotate", folder).code == .done)
        #expect(await scratch.run("backup", copy).code == .done)
        let good = try names(folder)
        for path in [copy, scratch.database] {
            let file = try #require(FileHandle(forUpdatingAtPath: path))
            try file.seek(toOffset: UInt64(place))
            try file.write(contentsOf: Data(repeating: 0xEE, count: 60_000))
            try file.close()
            let verified = await Ran.of(["verify", "--database", path, "--json"])
            #expect(verified.code == .no, "\(verified.told)")
            #expect(try verified.documents().contains { $0["ok"]?.boolean == false && $0["problem"]?.string != nil })
        }
        #expect(await scratch.run("backup", "rotate", folder, "--keep", "1").code == .failed)
        #expect(try names(folder) == good)
        let restored = await scratch.run("restore", copy, "--force")
        #expect(restored.code == .failed)
        #expect(restored.told.last?.hasPrefix("thuispunt: \(copy) is not whole, nothing was changed") == true)
    }

    @Test func aDatabaseThatIsNotThereIsNotVerified() async throws {
        let scratch = try Scratch()
        let ran = await scratch.run("migrate", "verify", "--json")
        #expect(ran.code == .failed && ran.said.isEmpty)
        #expect(ran.told.last?.contains("there is no database at \(scratch.database)") == true)
    }

    // MARK: What a copy must not destroy

    @Test func theCopyJustMadeStaysWhateverTheOthersAreCalled() async throws {
        let scratch = try await loaded()
        let folder = scratch.folder + "/copies"
        #expect(await scratch.run("backup", "rotate", folder).code == .done)
        let early = try names(folder)
        let later = ["thuispunt-29990101T000000000Z.db", "thuispunt-29990102T000000000Z.db"]
        for name in later { try Data().write(to: URL(fileURLWithPath: folder + "/" + name)) }
        let ran = await scratch.run("backup", "rotate", folder, "--keep", "1")
        #expect(ran.code == .done)
        #expect(later.allSatisfy { name in ran.told.contains { $0.hasPrefix("\(name) is of a moment") } })
        let left = try names(folder)
        #expect(left.count == 3 && Set(later).isSubset(of: left) && Set(early).isDisjoint(with: left))
    }

    @Test func whatAKilledCopyLeftIsRemovedOnceItIsOld() async throws {
        let scratch = try await loaded()
        let folder = scratch.folder + "/copies"
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let draft = "thuispunt-20260101T000000000Z.db.aB3xYz.partial"
        let own = ["thuispunt-20260101T000000000Z.db.partial", "mine.aB3xYz.partial"]
        for name in [draft, draft + "-journal"] + own {
            try Data().write(to: URL(fileURLWithPath: folder + "/" + name))
            try files.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -50_000)], ofItemAtPath: folder + "/" + name)
        }
        let young = "thuispunt-20260102T000000000Z.db.aB3xYz.partial"
        try Data().write(to: URL(fileURLWithPath: folder + "/" + young))
        #expect(await scratch.run("backup", "rotate", folder).code == .done)
        let left = try names(folder)
        #expect(left.count == 4 && Set(own + [young]).isSubset(of: left))
    }

    /// What a killed command left goes with the next for the same name, if nobody has written to any of it for long.
    @Test func whatAKilledCommandLeftGoesWithTheNext() async throws {
        let scratch = try await loaded()
        func leave(_ name: String, isOld: Bool) throws {
            try scratch.write("left", to: name)
            guard isOld else { return }
            try files.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -50_000)], ofItemAtPath: scratch.folder + "/" + name)
        }
        let copy = scratch.folder + "/copy.db"
        #expect(await scratch.run("backup", copy).code == .done)
        for (target, kind, words) in [
            ("x.db", "partial", ["backup", "x.db"]), ("out.csv", "partial", ["export", "referrals", "out.csv"]),
            ("new.db", "restoring", ["restore", "copy.db", "--database", "new.db"]),
        ] {
            let old = "\(target).aB3xYz.\(kind)"
            let others = ["\(target).cD3xYz.\(kind)", "\(target).eF3xYz.\(kind)", "\(target).\(kind)", "0\(old)"]
            for name in [old, old + "-journal"] + others { try leave(name, isOld: name != others[0]) }
            try leave(others[1] + "-journal", isOld: false)
            let words = words.map { $0.contains(".") ? scratch.folder + "/" + $0 : $0 }
            let ran = await Ran.of(words + (words.contains("--database") ? [] : ["--database", scratch.database]))
            #expect(ran.code == .done, "\(ran.told)")
            let left = try names(scratch.folder).filter { $0.contains(target) && $0.contains(kind) }
            #expect(Set(left) == Set(others + [others[1] + "-journal"]))
        }
    }

    @Test func filesOfOthersStayWhatTheyWere() async throws {
        let scratch = try await loaded()
        let target = scratch.folder + "/a.db"
        let others = ["a.db.partial", "thuispunt.db.rehearsal", "thuispunt.db.restoring", "out.csv.partial"]
        for name in others { try scratch.write("mine", to: name) }
        #expect(await scratch.run("backup", target).code == .done)
        #expect(await scratch.run("migrate", "up", "--dry-run").code == .done)
        #expect(await scratch.run("restore", target, "--force").code == .done)
        #expect(await scratch.run("export", "referrals", scratch.folder + "/out.csv").code == .done)
        for name in others {
            #expect(try String(contentsOfFile: scratch.folder + "/" + name, encoding: .utf8) == "mine")
        }
        let again = await scratch.run("backup", target)
        #expect(again.told.last == "thuispunt: \(target) exists already; choose another name, or move it away")
    }

    @Test func twoCopiesToOneNameAreOneCopyAndOneRefusal() async throws {
        let scratch = try await loaded()
        for round in 0..<5 {
            let target = scratch.folder + "/\(round).db"
            async let first = scratch.run("backup", target)
            async let second = scratch.run("backup", target)
            let both = await [first, second]
            #expect(both.count { $0.code == .done } == 1)
            #expect(both.contains { $0.told.last?.contains("exists already") == true })
        }
        #expect(try names(scratch.folder).allSatisfy { !$0.contains("partial") })
    }

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
    @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGQUIT]) func aSignalLeavesNoPartOfAFile(signal: Int32) async throws {
        let scratch = try await large()
        try scratch.open { db in
            try db.run("DELETE FROM schema_migration WHERE number = (SELECT max(number) FROM schema_migration)")
            let version = try db.pragma("user_version") ?? 0
            try db.set("user_version", to: version - 1)
            try db.checkpoint(.truncate)
        }
        let folder = scratch.folder + "/out"
        for words in [["backup", folder + "/x.db"], ["backup", "rotate", folder], ["migrate", "up", "--dry-run"]] {
            try endOnceBegun(words, in: scratch, signal)
        }
    }

    @Test func aSignalLeavesNoPartOfAnExport() async throws {
        let scratch = try await loaded()
        // Who holds the lock keeps the export from its first line in the ledger.
        let db = try Connection(path: scratch.database, settings: ConnectionSettings(access: .readWrite))
        try db.begin(.immediate)
        try endOnceBegun(["export", "referrals", scratch.folder + "/out.csv"], in: scratch, SIGTERM)
    }

    /// Who reads what it says has left, and it is told so by a signal or by the write that fails.
    @Test(arguments: [("exec env --default-signal=PIPE", -SIGPIPE), ("trap '' PIPE; exec", 3)])
    func aReaderThatLeavesLeavesNoPartOfAFile(start: String, code: Int32) async throws {
        let scratch = try await large()
        let copy = scratch.folder + "/copy.db"
        #expect(await scratch.run("backup", copy).code == .done)
        let ended = try whenBegun(["restore", copy, "--force"], in: scratch, start: start) { try $0.close() }
        #expect(ended.code == code)
    }

    @Test func aSecondInterruptLeavesNoPartOfAReport() async throws {
        let scratch = try await loaded()
        let file = scratch.folder + "/in.ndjson"
        #expect(mkfifo(file, 0o600) == 0)
        let added = await scratch.run(
            "organisation", "add", "--kind", "care_provider", "--name", "Zorggroep Noord", "--json")
        let id = try #require(try added.document()["id"]?.string)
        let running = try Running(
            ["import", "referrals", file, "--organisation", id, "--refused", scratch.folder + "/r.csv"], in: scratch)
        let pipe = try #require(FileHandle(forWritingAtPath: file))
        try running.waitUntil("it hears signals") {
            let tokens = try? scratch.open { db in
                try db.first("SELECT count(*) FROM access_token WHERE label = 'import'") { $0.int(0) }
            }
            return tokens == 1 || !running.isRunning
        }
        #expect(try names(scratch.folder).contains { $0.hasPrefix("r.csv.") })
        try running.waitUntil("it has ended") {
            running.send(SIGINT)
            return !running.isRunning
        }
        #expect(try running.wait().code == 3)
        #expect(try names(scratch.folder).allSatisfy { !$0.hasPrefix("r.csv") })
        try pipe.close()
    }

    /// Long enough in the copying to be met there.
    private func large() async throws -> Scratch {
        let scratch = try await loaded()
        try scratch.open { db in
            try db.run("CREATE TABLE big (bytes BLOB)")
            for _ in 0..<60 { try db.run("INSERT INTO big VALUES (zeroblob(1000000))") }
            try db.checkpoint(.truncate)
        }
        return scratch
    }

    private func endOnceBegun(_ words: [String], in scratch: Scratch, _ signal: Int32) throws {
        let ended = try whenBegun(words, in: scratch, signal) { _ in }
        #expect(ended.code == -signal, "\(words): \(ended.told)")
    }

    /// Holds a command while it has a file that is not whole, sends it a signal or does something else, and lets it go on;
    /// again if it was done by then.
    ///
    /// - Parameter act: Is handed the reading end of what the command tells.
    private func whenBegun(
        _ words: [String], in scratch: Scratch, _ signal: Int32? = nil, start: String = "exec",
        _ act: (FileHandle) throws -> Void
    ) throws -> Running.Ended {
        func unfinished() -> [String] {
            (files.enumerator(atPath: scratch.folder)?.compactMap { $0 as? String } ?? []).filter {
                $0.contains(".partial") || $0.contains(".rehearsal") || $0.contains(".restoring")
                    || $0.hasSuffix("out.csv")
            }
        }
        for _ in 0..<50 {
            try? files.removeItem(atPath: scratch.folder + "/out")
            try files.createDirectory(atPath: scratch.folder + "/out", withIntermediateDirectories: true)
            let pipe = Pipe()
            let running = try Running(words, in: scratch, errors: signal == nil ? pipe : nil, start: start)
            try running.waitUntil("the file is begun") { !unfinished().isEmpty || !running.isRunning }
            try running.hold()
            let isBegun = !unfinished().isEmpty
            try act(pipe.fileHandleForReading)
            if let signal { running.send(signal) }
            running.send(SIGCONT)
            let ended = try running.wait()
            #expect(unfinished().isEmpty, "\(words)")
            if isBegun, ended.code != 0 { return ended }
        }
        throw Running.Hanging(what: "\(words) was never met while it copied")
    }

    /// As on a file system that has none (link(2): EPERM).
    @Test(.enabled(if: CopyFaultTests.canTrace)) func withoutHardLinksThereAreCopiesAndNothingIsLost() async throws {
        let scratch = try await loaded()
        func run(_ words: String...) throws -> (code: Int32, told: String) {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments =
                [
                    "-c",
                    "exec strace -f -o /dev/null -e trace='?link,linkat' -e inject='?link,linkat:error=EPERM' \"$0\" \"$@\"",
                    try Running.program(),
                ] + words
            let errors = Pipe()
            process.standardError = errors
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            let told = try errors.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            return (process.terminationStatus, String(decoding: told, as: UTF8.self))
        }
        let copy = scratch.folder + "/copy.db"
        let table = scratch.folder + "/out.csv"
        let new = scratch.folder + "/new.db"
        #expect(try run("backup", copy, "--database", scratch.database).code == 0)
        #expect(try run("backup", copy, "--database", scratch.database).told.contains("exists already"))
        #expect(try run("export", "referrals", table, "--database", scratch.database).code == 0)
        #expect(try run("restore", copy, "--database", new).code == 0)
        #expect(await Ran.of(["verify", "--database", new]).code == .done)
        #expect(files.fileExists(atPath: table))
        let before = try scratch.bytes()
        let refused = try run("restore", copy, "--force", "--database", scratch.database)
        #expect(refused.code == 3 && refused.told.contains("has no hard links; nothing was changed"), "\(refused)")
        #expect(!refused.told.contains("copying"))
        #expect(try scratch.bytes() == before)
        #expect(try names(scratch.folder).allSatisfy { UnfinishedFile.Name($0) == nil })
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

    // MARK: What is said

    @Test func whatIsWrongIsNamed() async throws {
        let scratch = try await loaded()
        let nowhere = scratch.folder + "/none/c.db"
        let unwritable = await scratch.run("backup", nowhere)
        #expect(unwritable.told.last?.hasPrefix("thuispunt: can't write \(nowhere): No such file") == true)
        let new = scratch.folder + "/deep/new.db"
        for copy in [scratch.folder + "/nope.db", scratch.folder] {
            let ran = await Ran.of(["restore", copy, "--database", new])
            #expect(ran.code == .failed)
            #expect(ran.told == ["thuispunt: there is no copy at \(copy), or it is no file; nothing was changed"])
        }
        #expect(!files.fileExists(atPath: scratch.folder + "/deep"))
        let copy = scratch.folder + "/copy.db"
        #expect(await scratch.run("backup", copy).code == .done)
        for words in [["verify"], ["migrate", "up"], ["serve"], ["backup", new], ["restore", copy, "--force"]] {
            let ran = await Ran.of(words + ["--database", scratch.folder])
            #expect(
                ran.told == [
                    "thuispunt: \(scratch.folder) is not a Thuispunt database; name another file with --database"
                ])
        }
    }

    @Test(arguments: [
        ["backup", "rotate", ""], ["backup", ""], ["restore", ""], ["migrate", "new", ""],
        ["export", "referrals", ""], ["migrate", "up", "--database", ""], ["migrate", "up", "--database", ":memory:"],
        ["verify", "--ledger-anchor="],
    ]) func anEmptyNameIsRefused(words: [String]) async throws {
        let ran = await Ran.of(words)
        #expect(ran.code == .usage && ran.told.count == 1, "\(ran.told)")
    }

    @Test func whatWaitsBeyondTheTargetIsSaid() async throws {
        let scratch = try Scratch()
        #expect(await scratch.run("migrate", "up", "--to", "5").code == .done)
        let waiting = MigrationFiles.files.count - 5
        for words in [["migrate", "up", "--to", "3"], ["migrate", "up", "--to", "3", "--dry-run"]] {
            let ran = await Ran.of(words + ["--database", scratch.database])
            #expect(ran.said == ["\(scratch.database) is of version 5 already; \(waiting) later migrations wait"])
        }
    }
}
