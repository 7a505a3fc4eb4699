// The writer's promises: one commit for many, each job for itself, an answer only for what is on disk, and a way back
// after a fault.

import Domain
import Foundation
import Metrics
import SQLite
import Storage
import Synchronization
import TestKit
import Testing

private struct Refused: Error {}

@Suite struct WriterTests {
    let bench: EngineBench
    init() throws { bench = try EngineBench() }

    /// The outcomes of writes that were all queued behind one held job.
    private func together(
        _ database: Database, _ writes: [@Sendable (WriteTransaction) throws -> Void]
    ) async throws -> [Result<Void, any Error>] {
        let gate = Gate()
        let held = await gate.hold(database)
        var tasks: [Task<Void, any Error>] = []
        for (index, write) in writes.enumerated() {
            tasks.append(Task { try await database.write(write) })
            try await eventually { database.statistics.waiting == index + 1 }
        }
        gate.open()
        try await held.value
        var outcomes: [Result<Void, any Error>] = []
        for task in tasks { outcomes.append(await task.result) }
        return outcomes
    }

    private static func insert(_ text: String) -> @Sendable (WriteTransaction) throws -> Void {
        { transaction in _ = try transaction.db.run("INSERT INTO note(text) VALUES(?)", text) }
    }

    @Test func manyJobsShareACommit() async throws {
        let database = try bench.make()
        let outcomes = try await together(database, (0..<64).map { Self.insert("\($0)") })
        for outcome in outcomes { try outcome.get() }
        #expect(database.statistics.commits == 2)
        #expect(database.statistics.jobs == 65)
        #expect(try database.texts().count == 64)
    }

    /// Whoever comes after slow writes waits for the next commit, not for all of them.
    @Test func slowWritesAreSharedOutOverCommits() async throws {
        let database = try bench.make()
        bench.slowness.store(2_500, ordering: .relaxed)
        let outcomes = try await together(database, (0..<32).map { Self.insert("\($0)") })
        for outcome in outcomes { try outcome.get() }
        // Three looks go by before eight milliseconds are over.
        #expect(database.statistics.commits == 1 + 32 / 4)
        #expect(database.statistics.jobs == 33)
        #expect(try database.texts().count == 32)
    }

    @Test func aJobThatFailsIsUndoneAlone() async throws {
        let database = try bench.make()
        let outcomes = try await together(
            database,
            [
                Self.insert("a"),
                { transaction in
                    try Self.insert("b")(transaction)
                    throw Refused()
                },
                Self.insert("a"), Self.insert("c"),
            ])
        try outcomes[0].get()
        #expect(throws: Refused.self) { try outcomes[1].get() }
        let error = #expect(throws: SQLiteError.self) { try outcomes[2].get() }
        #expect(error?.code == .constraintUnique)
        try outcomes[3].get()
        #expect(try database.texts() == ["a", "c"])
        #expect(database.statistics.commits == 2)
        #expect(database.isWritable)
    }

    /// Only a job that fails after it has changed something has its commit begin again.
    @Test(arguments: [false, true]) func aCommitBeginsAgainForWhatFailsHalfWay(halfWay: Bool) async throws {
        let database = try bench.make()
        let runs = Atomic(0)
        let outcomes = try await together(
            database,
            [
                { transaction in
                    runs.add(1, ordering: .relaxed)
                    try Self.insert("a")(transaction)
                },
                { transaction in
                    if halfWay { try Self.insert("b")(transaction) }
                    throw Refused()
                },
                { transaction in
                    try Self.insert("c")(transaction)
                    #expect(throws: Refused.self) { try transaction.attempt { throw Refused() } }
                },
            ])
        #expect(runs.load(ordering: .relaxed) == (halfWay ? 2 : 1))
        let page = try MetricsText(Exposition.page([database.expose]))
        #expect(page["thuispunt_writer_commits_begun_anew_total"] == (halfWay ? 1 : 0))
        for (place, outcome) in outcomes.enumerated() {
            if place == 1 { #expect(throws: Refused.self) { try outcome.get() } } else { try outcome.get() }
        }
        #expect(try database.texts() == ["a", "c"])
        #expect(database.statistics.commits == 2)
    }

    /// Nothing of a job stays that finds half way that it can't be done, whatever it says of the file.
    @Test func aFaultHalfWayLeavesNothing() async throws {
        let database = try bench.make()
        let fault: @Sendable (WriteTransaction) throws -> Void = { transaction in
            try Self.insert("half")(transaction)
            throw StorageFault.unavailable(reason: "a document that can't be read")
        }
        await #expect(throws: StorageFault.self) { try await database.write(fault) }
        #expect(try database.texts() == [])
        let outcomes = try await together(database, [Self.insert("a"), fault, Self.insert("b")])
        try outcomes[0].get()
        #expect(throws: StorageFault.self) { try outcomes[1].get() }
        try outcomes[2].get()
        #expect(try database.texts() == ["a", "b"])
        #expect(database.isWritable)
    }

    private static let word = "a word about somebody"

    private func isInTheFiles() throws -> Bool {
        try ["", "-wal"].contains { tail in
            let file = try Data(contentsOf: URL(filePath: bench.path + tail))
            return file.range(of: Data(Self.word.utf8)) != nil
        }
    }

    private static let forget: @Sendable (WriteTransaction) throws -> Void = { tx in
        try tx.db.run("DELETE FROM note WHERE text = ?", word)
        tx.forget()
    }

    /// What is forgotten is not left in the log or the file, once nobody reads the earlier state: when nothing else is written,
    /// and when somebody always writes.
    @Test(arguments: [false, true]) func whatIsForgottenLeavesTheFiles(isBusy: Bool) async throws {
        let database = try bench.make()
        if isBusy { bench.slowness.store(1000, ordering: .relaxed) }
        try await database.add(Self.word)
        #expect(try isInTheFiles())
        let reader = try bench.connect()
        try reader.begin(.deferred)
        _ = try reader.first("SELECT count(*) FROM note") { $0.int(0) }
        try await database.write(Self.forget)
        for number in 0..<(isBusy ? 300 : 0) { try await database.add("\(number)") }
        try await Task.sleep(for: .milliseconds(isBusy ? 0 : 400))
        #expect(try isInTheFiles(), "somebody reads from it")
        try reader.rollback()
        var number = 1000
        while try isBusy && isInTheFiles() && number < 1200 {
            try await database.add("\(number)")
            number += 1
        }
        #expect(number < 1200)
        try await eventually { try !isInTheFiles() }
    }

    /// A writer that is killed before the log could be emptied leaves that to the next one.
    @Test func whatWasForgottenBeforeACrashIsGoneAfterTheNextStart() async throws {
        try await bench.make().add(Self.word)
        let reader = try bench.connect()
        try reader.begin(.deferred)
        _ = try reader.first("SELECT count(*) FROM note") { $0.int(0) }
        let before = try bench.open()
        try await before.write(Self.forget)
        before.close()
        try reader.rollback()
        #expect(try isInTheFiles())
        let database = try bench.open()
        try await eventually { try !isInTheFiles() }
        database.close()
    }

    /// What is tried within a job and given up is undone by itself, and the job goes on.
    @Test func aPartOfAJobIsUndoneAlone() async throws {
        let database = try bench.make()
        try await database.write { transaction in
            try Self.insert("a")(transaction)
            do {
                try transaction.attempt {
                    try Self.insert("b")(transaction)
                    throw Refused()
                }
            } catch is Refused {
                try Self.insert("c")(transaction)
            }
        }
        #expect(try database.texts() == ["a", "c"])
    }

    @Test func oneMomentPerCommitAndIdentifiersInOrder() async throws {
        let database = try bench.make()
        let gate = Gate()
        let held = await gate.hold(database)
        let tasks = (0..<8).map { _ in
            Task {
                try await database.write { transaction in
                    (transaction.now, [transaction.newIdentifier(of: Int.self), transaction.newIdentifier()])
                }
            }
        }
        try await eventually { database.statistics.waiting == 8 }
        gate.open()
        try await held.value
        var moments: Set<Instant> = []
        var names: Set<Identifier<Int>> = []
        for task in tasks {
            let (moment, pair) = try await task.value
            moments.insert(moment)
            names.formUnion(pair)
            #expect(pair[0] < pair[1])
        }
        #expect(moments.count == 1)
        #expect(names.count == 16)
        let later = try await database.write { transaction in transaction.newIdentifier(of: Int.self) }
        #expect(names.allSatisfy { $0 < later })
    }

    @Test func aCommitThatFailsAcknowledgesNothing() async throws {
        let database = try bench.make()
        try await database.add("before")
        let outcomes = try await together(
            database,
            [
                Self.insert("a"),
                { transaction in
                    // Shows only at the commit, and there undoes everything.
                    try transaction.db.run("PRAGMA defer_foreign_keys = ON")
                    try transaction.db.run("INSERT INTO note(text, parent) VALUES('b', 99)")
                },
                Self.insert("c"),
            ])
        for outcome in outcomes {
            let fault = #expect(throws: StorageFault.self) { try outcome.get() }
            guard case .unavailable = fault else {
                Issue.record("\(String(describing: fault))")
                continue
            }
        }
        #expect(try database.texts() == ["before"])
        try await eventually { database.isWritable }
        try await database.add("after")
        #expect(try database.texts() == ["before", "after"])
        #expect(bench.notices.count == 2)
    }

    @Test func aFullDatabaseStopsTheBatchAndComesBack() async throws {
        let database = try bench.make()
        let outcomes = try await together(
            database,
            [
                Self.insert("a"),
                { transaction in
                    let pages = try transaction.db.pragma("page_count") ?? 0
                    _ = try transaction.db.pragma("max_page_count = \(pages)")
                    let large = [UInt8](repeating: 1, count: 1 << 20)
                    try transaction.db.run("INSERT INTO note(bytes) VALUES(?)", large)
                },
                Self.insert("c"),
            ])
        for outcome in outcomes { #expect(throws: StorageFault.self) { try outcome.get() } }
        #expect(try database.texts().isEmpty)
        try await eventually { database.isWritable }
        try await database.add("after")
        #expect(try database.texts() == ["after"])
    }

    @Test func aJobCanNotEndTheTransaction() async throws {
        let database = try bench.make()
        let outcomes = try await together(
            database, [Self.insert("a"), { transaction in try transaction.db.rollback() }, Self.insert("c")])
        for outcome in outcomes { #expect(throws: StorageFault.self) { try outcome.get() } }
        #expect(try database.texts().isEmpty)
        try await eventually { database.isWritable }
    }

    @Test func theQueueIsBounded() async throws {
        let database = try bench.make()
        let gate = Gate()
        let held = await gate.hold(database)
        var waiting: [Task<Void, any Error>] = []
        for number in 0..<4096 { waiting.append(Task { try await database.add("\(number)") }) }
        try await eventually { database.statistics.waiting == 4096 }
        await #expect(throws: StorageFault.busy(retryAfterSeconds: 1)) { try await database.add("one too many") }
        gate.open()
        try await held.value
        for task in waiting { try await task.value }
        #expect(try database.texts().count == 4096)
    }

    @Test func closingFinishesWhatWaits() async throws {
        let database = try bench.make()
        let gate = Gate()
        let held = await gate.hold(database)
        let tasks = (0..<10).map { number in Task { try await database.add("\(number)") } }
        try await eventually { database.statistics.waiting == 10 }
        let closed = Task.detached { database.close() }
        try await eventually {
            do { _ = try database.texts() } catch StorageFault.closed { return true }
            return false
        }
        gate.open()
        await closed.value
        try await held.value
        for task in tasks { try await task.value }
        await #expect(throws: StorageFault.closed) { try await database.add("late") }
        #expect(!FileManager.default.fileExists(atPath: bench.path + "-wal"))
        #expect(try bench.open().texts().count == 10)
    }

    @Test func manyTasksAtOnce() async throws {
        let database = try bench.make(lanes: 2)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<64 {
                group.addTask {
                    for number in 0..<20 {
                        let text = "\(task)-\(number)"
                        try await database.add(text)
                        #expect(try database.texts(lane: task % 2).contains(text))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try database.texts().count == 1280)
        #expect(database.statistics.jobs == 1280)
        #expect(database.statistics.commits < 1280)
    }

    @Test func theLogStaysShort() async throws {
        let database = try bench.make()
        // Some 72,000 pages in all, and another program may keep the thread from its work for a while.
        for round in 0..<600 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<25 {
                    group.addTask { try await database.add("\(round)-\(number)", bytes: 16_000) }
                }
                try await group.waitForAll()
            }
        }
        #expect(database.statistics.logPages < 48_000)
        let size = try FileManager.default.attributesOfItem(atPath: bench.path + "-wal")[.size] as? Int
        #expect((size ?? .max) < 192 << 20)
    }

    @Test func aReaderInTheWayStopsNobody() async throws {
        let database = try bench.make()
        let reader = try bench.connect()
        try reader.begin(.deferred)
        #expect(try reader.first("SELECT count(*) FROM note") { row in row.int(0) } == 0)
        for number in 0..<100 { try await database.add("\(number)", bytes: 1 << 20) }
        #expect(database.statistics.logPages > 16_384)
        #expect(try reader.first("SELECT count(*) FROM note") { row in row.int(0) } == 0)
        try reader.rollback()
        // What has grown is copied beside the writer, who begins the log anew after that.
        var number = 100
        while database.statistics.logPages >= 4000, number < 1000 {
            try await database.add("\(number)", bytes: 1 << 20)
            number += 1
        }
        #expect(database.statistics.logPages < 4000)
        #expect(try database.texts().count == number)
    }

    @Test func aCommitLongerThanTheLogMayBeIsFollowedByOthers() async throws {
        let database = try bench.make(largestLogPages: 100)
        for number in 0..<3 { try await database.add("\(number)", bytes: 1 << 20) }
        #expect(try database.texts() == ["0", "1", "2"])
    }

    @Test func aLogThatIsTooLongIsWrittenToAgainOnceTheReaderIsGone() async throws {
        let database = try bench.make(largestLogPages: 100)
        try await database.add("before")
        let reader = try bench.connect()
        try reader.begin(.deferred)
        #expect(try reader.first("SELECT count(*) FROM note") { row in row.int(0) } == 1)
        try await database.add("long", bytes: 1 << 20)
        for _ in 0..<2 {
            await #expect(throws: StorageFault.busy(retryAfterSeconds: 1)) { try await database.add("refused") }
        }
        try reader.rollback()
        try await database.add("after")
        #expect(try database.texts() == ["before", "long", "after"])
    }

    @Test func anotherProcessMayWriteToo() async throws {
        let database = try bench.make()
        try await database.add("ours")
        let other = try bench.connect(.readWrite)
        try other.run("INSERT INTO note(text) VALUES('theirs')")
        try await database.add("ours again")
        #expect(try database.texts() == ["ours", "theirs", "ours again"])
    }
}
