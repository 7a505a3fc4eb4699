// The writer on a failing disk: the first operation fails, then the second, … until all succeed. Whatever fails, what was
// acknowledged is there, nothing is there in part, the file is sound and writing goes on by itself.

import CSQLite
import SQLite
import Storage
import TestKit
import Testing

@Suite struct DiskFaultTests {
    init() { FaultyDisk.install }

    private static let kinds: [(Int32, Set<FaultyDisk.Operation>)] = [
        (SQLITE_IOERR | 4 << 8, [.sync]), (SQLITE_IOERR | 3 << 8, [.write]), (SQLITE_FULL, [.write]),
        (SQLITE_IOERR, [.write, .sync, .truncate]),
    ]

    /// Adds pairs of notes, sixteen at once, and tells which pairs were acknowledged.
    private func addPairs(_ database: Database) async -> Set<Int> {
        await withTaskGroup(of: Int?.self) { group in
            for number in 0..<16 {
                group.addTask {
                    try? await database.write { transaction in
                        for part in ["a", "b"] {
                            try transaction.db.run("INSERT INTO note(text) VALUES(?)", "\(number)\(part)")
                        }
                        return number
                    }
                }
            }
            return await group.reduce(into: []) { if let number = $1 { $0.insert(number) } }
        }
    }

    @Test(arguments: kinds) func failAtEveryStep(code: Int32, operations: Set<FaultyDisk.Operation>) async throws {
        var step = 0
        var fired = true
        while fired, step < 500 {
            let bench = try EngineBench()
            let database = try bench.make()
            FaultyDisk.arm(
                bench.folder, FaultyDisk.Plan(successes: step, failures: 1, code: code, operations: operations))
            let acknowledged = await addPairs(database)
            fired = FaultyDisk.failuresLeft(bench.folder) == 0
            FaultyDisk.arm(bench.folder, nil)
            try await eventually { database.isWritable }
            try await database.add("after")
            let texts = try database.texts()
            for number in 0..<16 {
                let parts = ["a", "b"].filter { texts.contains("\(number)\($0)") }
                #expect(parts.count == 0 || parts.count == 2)
                if acknowledged.contains(number) { #expect(parts.count == 2) }
            }
            #expect(texts.contains("after"))
            database.close()
            #expect(try bench.connect().integrityCheck().isEmpty)
            #expect(try bench.open().texts() == texts)
            step += 1
        }
        #expect(step > 2)
        #expect(!fired)
    }

    @Test func aDiskThatStaysFullServesReadsAndComesBack() async throws {
        let bench = try EngineBench()
        let database = try bench.make()
        try await database.add("before")
        FaultyDisk.arm(
            bench.folder, FaultyDisk.Plan(successes: 0, failures: .max, code: SQLITE_FULL, operations: [.write]))
        for number in 0..<20 {
            let fault = await #expect(throws: StorageFault.self) { try await database.add("\(number)") }
            guard case .unavailable = fault else {
                Issue.record("\(String(describing: fault))")
                break
            }
            #expect(!database.isWritable)
            #expect(try database.texts() == ["before"])
        }
        FaultyDisk.arm(bench.folder, nil)
        try await eventually { database.isWritable }
        try await database.add("after")
        #expect(try database.texts() == ["before", "after"])
        #expect(bench.notices.count == 2)
    }
}
