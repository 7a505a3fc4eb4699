// Transactions, savepoints, scripts and the online copy: what is kept, what is undone.

import CSQLite
import Foundation
import SQLite
import Testing

private struct Undo: Error {}

@Suite struct TransactionTests {
    let file: ScratchFile
    let db: Connection
    init() throws {
        file = try ScratchFile()
        db = try file.open()
        try db.useWriteAheadLog()
        try db.run("CREATE TABLE t(a INTEGER PRIMARY KEY)")
    }

    private func rows(_ connection: Connection? = nil) throws -> [Int] {
        try (connection ?? db).all("SELECT a FROM t ORDER BY a") { row in row.int(0) }
    }

    private func insert(_ number: Int) throws { try db.run("INSERT INTO t(a) VALUES(?)", number) }

    @Test func theClosureIsTheTransaction() throws {
        try db.transaction(.immediate) { try insert(1) }
        #expect(throws: Undo.self) {
            try db.transaction(.immediate) {
                try insert(2)
                throw Undo()
            }
        }
        #expect(try rows() == [1])
        #expect(!db.isInTransaction)
    }

    @Test func aSavepointIsUndoneAlone() throws {
        try db.transaction(.immediate) {
            try insert(1)
            #expect(throws: Undo.self) {
                try db.savepoint {
                    try insert(2)
                    try db.savepoint { try insert(3) }
                    throw Undo()
                }
            }
            try db.savepoint { try insert(4) }
        }
        #expect(try rows() == [1, 4])
    }

    @Test func aReaderSeesOneMoment() throws {
        let reader = try file.open(.readOnly)
        try insert(1)
        try reader.transaction(.deferred) {
            #expect(try rows(reader) == [1])
            try insert(2)
            #expect(try rows(reader) == [1])
        }
        #expect(try rows(reader) == [1, 2])
    }

    @Test func scripts() throws {
        let script = """
            -- A comment; with a semicolon
            CREATE TABLE u(a TEXT); /* and
            another; */ INSERT INTO u VALUES('a;b');

            CREATE TRIGGER w AFTER INSERT ON u BEGIN
                INSERT INTO t(a) VALUES(7);
            END;
            INSERT INTO u VALUES('c')  -- no semicolon at the end
            """
        try db.transaction(.immediate) { try db.runScript([UInt8](script.utf8)) }
        #expect(try rows() == [7])
        #expect(try db.all("SELECT a FROM u ORDER BY a") { row in row.text(0) } == ["a;b", "c"])
    }

    @Test(arguments: [
        ("SELECT 1;\n\nSELECT absent;", 3), ("CREATE TABLE u(\n a TEXT,\n b TEXT,\n CHECK (zzz > 0)\n);", 4),
        ("SELECT\n 1,\n absent;", 3), ("INSERT INTO t VALUES(1);\n-- again\nINSERT INTO t VALUES(1);", 3),
        ("COMMIT;", 1), ("\nBEGIN;", 2), ("ROLLBACK", 1), ("SAVEPOINT x", 1), ("ATTACH 'x' AS y", 1),
        ("SELECT 1;\n\u{0}", 2),
        ("/* never closed", 0), ("SELECT 'never closed", 1),
    ]) func aScriptThatFailsTellsWhere(script: String, line: Int) throws {
        try db.begin(.immediate)
        if line == 0 {
            try db.runScript([UInt8](script.utf8))
        } else {
            let failure = #expect(throws: ScriptFailure.self) { try db.runScript([UInt8](script.utf8)) }
            #expect(failure?.line == line)
        }
        #expect(db.isInTransaction)
        try db.rollback()
        #expect(try rows().isEmpty)
        // And the prohibition ended with the script.
        try db.transaction(.immediate) { try insert(1) }
    }

    @Test func aCopyIsOneMomentAndWritersGoOn() throws {
        try db.transaction(.immediate) { for number in 0..<20_000 { try insert(number) } }
        let copy = try Connection(
            path: file.folder + "/copy.db", settings: ConnectionSettings(access: .readWriteCreate))
        let source = try file.open(.readOnly)
        var steps = 0
        try source.copyAll(to: copy, pagesPerStep: 10) { done, total in
            #expect(done <= total)
            steps += 1
            try insert(100_000 + steps)
        }
        #expect(steps > 3)
        #expect(try rows(copy).count == 20_000)
        #expect(try copy.integrityCheck().isEmpty)
        #expect(try rows().count == 20_000 + steps)
    }

    @Test func aCopyCanBeGivenUp() throws {
        try db.transaction(.immediate) { for number in 0..<20_000 { try insert(number) } }
        let copy = try Connection(
            path: file.folder + "/copy.db", settings: ConnectionSettings(access: .readWriteCreate))
        #expect(throws: Undo.self) {
            try db.copyAll(to: copy, pagesPerStep: 1) { done, _ in if done > 2 { throw Undo() } }
        }
        #expect(throws: SQLiteError.self) { try rows(copy) }
        #expect(!db.isInTransaction)
    }
}
