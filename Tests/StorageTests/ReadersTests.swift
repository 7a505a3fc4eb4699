// Reads: one moment per closure, no writing, and the same faults as everywhere.

import SQLite
import Storage
import Testing

private struct Refused: Error {}

@Suite struct ReadersTests {
    let bench: EngineBench
    let database: Database
    init() throws {
        bench = try EngineBench()
        database = try bench.make(lanes: 2)
    }

    private static func count(_ transaction: ReadTransaction) throws -> Int {
        try transaction.db.first("SELECT count(*) FROM note") { row in row.int(0) } ?? -1
    }

    @Test func aReadSeesOneMoment() async throws {
        try await database.add("a")
        let other = try bench.connect(.readWrite)
        try database.read(lane: 0) { transaction in
            #expect(try Self.count(transaction) == 1)
            try other.run("INSERT INTO note(text) VALUES('b')")
            #expect(try Self.count(transaction) == 1)
            #expect(try database.read(lane: 1, Self.count) == 2)
        }
        #expect(try database.read(lane: 0, Self.count) == 2)
    }

    @Test func aReadCanNotWrite() throws {
        #expect(throws: StorageFault.self) {
            try database.read(lane: 0) { try $0.db.run("INSERT INTO note(text) VALUES('x')") }
        }
        #expect(try database.read(lane: 0, Self.count) == 0)
    }

    @Test func whatTheClosureThrowsComesBack() throws {
        #expect(throws: Refused.self) { try database.read(lane: 0) { _ in throw Refused() } }
        let error = #expect(throws: SQLiteError.self) {
            try database.read(lane: 0) { try $0.db.run("SELECT absent FROM note") }
        }
        #expect(error?.code == .error)
        #expect(try database.read(lane: 0, Self.count) == 0)
    }

    @Test func longReadsRunElsewhere() async throws {
        try await database.add("a")
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { [database] in try await database.readLong(Self.count) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == Array(repeating: 1, count: 8))
        await #expect(throws: Refused.self) { try await database.readLong { _ in throw Refused() } }
    }

    @Test func closedIsClosed() async throws {
        database.close()
        database.close()
        #expect(throws: StorageFault.closed) { try database.read(lane: 0, Self.count) }
        await #expect(throws: StorageFault.closed) { try await database.readLong(Self.count) }
    }
}
