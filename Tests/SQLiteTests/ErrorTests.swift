// What errors say, and above all what they don't: a bound value in a message is somebody's data in a log.

import CSQLite
import SQLite
import Testing

@Suite struct ErrorTests {
    let file: ScratchFile
    let db: Connection
    init() throws {
        file = try ScratchFile()
        db = try file.open()
        try db.run("CREATE TABLE p(id INTEGER PRIMARY KEY) STRICT")
        try db.run(
            """
            CREATE TABLE t(a TEXT NOT NULL UNIQUE, b INTEGER CHECK (b > 0), c INTEGER REFERENCES p(id), d ANY PRIMARY KEY)
            STRICT
            """)
        try db.run("INSERT INTO t(a, d) VALUES('canary', 1)")
    }

    private static let violations: [(String, ResultCode)] = [
        ("INSERT INTO t(a, d) VALUES(?, 2)", .constraintUnique),
        ("INSERT INTO t(a, d) VALUES('x' || ?, 1)", .constraintPrimaryKey),
        ("INSERT INTO t(a, b, d) VALUES('x' || ?, 0, 2)", .constraintCheck),
        ("INSERT INTO t(a, c, d) VALUES('x' || ?, 5, 2)", .constraintForeignKey),
        ("INSERT INTO t(a, d) VALUES(NULL, ?)", .constraintNotNull),
        ("INSERT INTO t(a, b, d) VALUES('x', ?, 2)", .constraintDataType),
    ]

    @Test(arguments: violations) func constraints(sql: String, code: ResultCode) throws {
        let error = #expect(throws: SQLiteError.self) { try db.run(SQL(dynamic: sql), "canary") }
        #expect(error?.code == code)
        #expect(error?.code.primary == .constraint)
        #expect(error?.description.contains("canary") == false)
        #expect(error?.message.contains("constraint failed") == true || error?.message.contains("store TEXT") == true)
    }

    @Test func matchedByPattern() throws {
        func outcome(_ sql: SQL) -> String {
            do {
                try db.run(sql)
                return "none"
            } catch ResultCode.constraintUnique {
                return "unique"
            } catch ResultCode.constraint {
                return "constraint"
            } catch {
                return "other"
            }
        }
        #expect(outcome("INSERT INTO t(a, d) VALUES('canary', 3)") == "unique")
        #expect(outcome("INSERT INTO t(a, d) VALUES('y', 1)") == "constraint")
        #expect(outcome("SELECT absent") == "other")
        #expect(outcome("SELECT 1") == "none")
    }

    @Test func aSearchTextIsNotRepeated() throws {
        try db.run("CREATE VIRTUAL TABLE words USING fts5(word)")
        for query in ["\"canary", "canary:", "canary AND (", "nocolumn:canary"] {
            let error = #expect(throws: SQLiteError.self) {
                try db.all("SELECT word FROM words WHERE words MATCH ?", query) { row in row.text(0) }
            }
            #expect(error?.description.contains("canary") == false)
        }
    }

    @Test func messagesNameTheStatement() throws {
        let error = #expect(throws: SQLiteError.self) { try db.run("SELECT  absent\n FROM t") }
        #expect(error?.description == "SQLite 1: no such column: absent, in SELECT absent FROM t")
        let long = SQL(dynamic: "SELECT absent" + String(repeating: " ", count: 10_000))
        let cut = #expect(throws: SQLiteError.self) { try db.run(long) }
        #expect((cut?.sql?.count ?? .max) < 200)
    }

    @Test(arguments: ["", "   ", "-- only a comment", "SELECT 1; SELECT 2", "SELECT 1; x"]) func oneStatement(
        sql: String
    ) {
        #expect(throws: SQLiteError.self) { try db.run(SQL(dynamic: sql)) }
    }

    @Test func waitingEnds() throws {
        let other = try file.open(.readWrite, wait: 10)
        try db.begin(.immediate)
        let error = #expect(throws: SQLiteError.self) { try other.begin(.immediate) }
        #expect(error.map { .busy ~= $0.code } == true)
        try db.commit()
        try other.begin(.immediate)
        try other.rollback()
    }
}
