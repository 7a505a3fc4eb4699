// What a script tells of itself while it runs: each statement by its number, and rows only where they can be known.

import SQLite
import Testing

@Suite struct ScriptWatchTests {
    let file: ScratchFile
    let db: Connection

    init() throws {
        file = try ScratchFile()
        db = try file.open()
        try db.run("CREATE TABLE old(a INTEGER PRIMARY KEY, b TEXT)")
        try db.run(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
            INSERT INTO old(a, b) SELECT i, 'row ' || i FROM n
            """)
    }

    private func moments(_ script: String, every instructions: Int = 1000) throws -> [ScriptMoment] {
        var moments: [ScriptMoment] = []
        try db.transaction(.immediate) {
            try db.runScript([UInt8](script.utf8), everyInstructions: instructions) { moments.append($0) }
        }
        return moments
    }

    @Test func everyStatementIsTold() throws {
        let told = try moments(
            """
            -- A comment; with a semicolon.
            CREATE TABLE t(a TEXT);
            CREATE TRIGGER g BEFORE UPDATE ON t BEGIN SELECT 1; SELECT RAISE(ABORT, 'no; never'); END;
            /* ; */ INSERT INTO t
                VALUES ('a;b');
            DELETE FROM t
            """, every: 1_000_000)
        #expect(told.map(\.number) == [1, 2, 3, 4])
        #expect(told.allSatisfy { $0.count == 4 && $0.rowsRead == 0 && $0.rows == nil })
        #expect(told.map(\.statement).first == "CREATE TABLE t")
        #expect(told.map(\.statement).last == "DELETE FROM t")
        #expect(told[2].statement == "INSERT INTO t")
    }

    @Test func aCopyOfATableTellsItsRows() throws {
        let told = try moments("CREATE TABLE new(b TEXT, a INTEGER); INSERT INTO new SELECT b, a FROM old ORDER BY a;")
            .filter { $0.number == 2 }
        #expect(told.count > 10)
        #expect(told.allSatisfy { $0.rows == 5000 && $0.count == 2 })
        #expect(told.first?.rowsRead == 0)
        #expect(zip(told, told.dropFirst()).allSatisfy { $0.rowsRead <= $1.rowsRead })
        #expect((4000..<5001).contains(told.last?.rowsRead ?? 0))
        #expect(try db.first("SELECT count(*) FROM new") { $0.int(0) } == 5000)
    }

    /// What reads several tables, changes one in place, or builds an index tells that it runs, and no number of rows.
    @Test(arguments: [
        "CREATE INDEX i ON old(b);", "UPDATE old SET b = b || 'x';",
        "CREATE TABLE new(a, b); INSERT INTO new SELECT x.a, y.b FROM old x JOIN old y ON y.a = x.a JOIN small s;",
        "INSERT INTO old(a) SELECT a + 10000 FROM old;",
    ]) func whatIsNotKnownIsNotTold(script: String) throws {
        try db.run("CREATE TABLE small(c INTEGER)")
        try db.run("INSERT INTO small VALUES (1)")
        let told = try moments(script)
        #expect(told.count > 4)
        #expect(told.allSatisfy { $0.rows == nil })
    }

    @Test func theWatchEndsWithTheScript() throws {
        var looks = 0
        try db.transaction(.immediate) {
            try db.runScript([UInt8]("CREATE TABLE t(a);".utf8), everyInstructions: 1) { _ in looks += 1 }
        }
        let before = looks
        #expect(try db.first("SELECT sum(a) FROM old") { $0.int(0) } == 12_502_500)
        #expect(looks == before)
        try db.watched(everyInstructions: 100, by: { looks += 1 }) { _ = try db.integrityCheck() }
        #expect(looks > before)
    }
}
