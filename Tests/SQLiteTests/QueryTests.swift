// Values there and back, the statement cache, and what happens to a statement that is left early or used twice.

import SQLite
import Testing

/// As the domain's identifiers do: sixteen bytes, bound without an array.
private struct Name: Bindable, Equatable {
    let high: UInt64
    let low: UInt64

    func bind(to binder: borrowing Binder) throws(SQLiteError) {
        let outcome = withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { bytes in
            Result { () throws(SQLiteError) in try binder.blob(bytes) }
        }
        try outcome.get()
    }
}

private struct Stop: Error {}

@Suite struct QueryTests {
    let file: ScratchFile
    let db: Connection
    init() throws {
        file = try ScratchFile()
        db = try file.open()
        try db.run("CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT, c BLOB, d REAL) STRICT")
    }

    @Test(arguments: [.min, -1, 0, 1, 1 << 32, .max] as [Int64]) func integers(value: Int64) throws {
        #expect(try db.first("SELECT ?", value) { row in row.int64(0) } == value)
        #expect(try db.first("SELECT ?", Int(value)) { row in row.int(0) } == Int(value))
    }

    @Test(arguments: [
        "", "a", "Zoë", "0123456789abcdef longer than sixteen", "nul\u{0}inside", "\u{0}", "😀", "' OR 1=1",
    ])
    func texts(value: String) throws {
        #expect(try db.first("SELECT ?", value) { row in row.text(0) } == value)
        #expect(try db.first("SELECT typeof(?)", value) { row in row.text(0) } == "text")
        let bytes = try db.first("SELECT ?", value) { row in row.withText(0) { Array($0) } }
        #expect(bytes == Array(value.utf8))
    }

    @Test(arguments: [[], [0], [1, 0, 2], [UInt8](repeating: 255, count: 100_000)] as [[UInt8]])
    func blobs(value: [UInt8]) throws {
        #expect(try db.first("SELECT ?", value) { row in row.blob(0) } == value)
        #expect(try db.first("SELECT typeof(?)", value) { row in row.text(0) } == "blob")
    }

    @Test func otherValues() throws {
        let literal: StaticString = "fixed"
        #expect(try db.first("SELECT ?", true) { row in row.bool(0) } == true)
        #expect(try db.first("SELECT ?", false) { row in row.bool(0) } == false)
        #expect(try db.first("SELECT ?", 1.5) { row in row.double(0) } == 1.5)
        #expect(try db.first("SELECT ?", literal) { row in row.text(0) } == "fixed")
        let name = Name(high: 0x0102_0304_0506_0708, low: 0x090A_0B0C_0D0E_0F10)
        #expect(try db.first("SELECT ?", name) { row in row.blob(0) } == Array(1...16))
    }

    @Test func nulls() throws {
        let nothing: [Bool] = try db.all(
            "SELECT ?, ?, ?, ?, ?", nil as Int?, nil as String?, nil as [UInt8]?, nil as Bool?, nil as Double?
        ) { row in
            row.optionalInt(0) == nil && row.optionalInt64(0) == nil && row.optionalText(1) == nil
                && row.optionalBlob(2) == nil && row.optionalBool(3) == nil && row.optionalDouble(4) == nil
        }
        #expect(nothing == [true])
        #expect(try db.first("SELECT ?", "x" as String?) { row in row.optionalText(0) } == "x")
    }

    @Test func aColumnOfAnotherTypeIsAnError() throws {
        func mismatch(_ read: (borrowing Row) -> Void) {
            let error = #expect(throws: SQLiteError.self) {
                try db.first("SELECT 1 AS number, 'x' AS word, NULL AS none, x'00' AS bytes", read: read)
            }
            #expect(error?.code == .mismatch)
        }
        mismatch { row in _ = row.text(0) }
        mismatch { row in _ = row.int(1) }
        mismatch { row in _ = row.double(1) }
        mismatch { row in _ = row.int(2) }
        mismatch { row in _ = row.optionalInt(3) }
        mismatch { row in _ = row.blob(0) }
        mismatch { row in _ = row.int(9) }
        mismatch { row in row.reject(3) }
        let error = #expect(throws: SQLiteError.self) {
            try db.first("SELECT 1, 'x' AS word") { row in row.int(1) }
        }
        #expect(error?.message.contains("word") == true)
        // And the next use of the statement starts clean.
        #expect(try db.first("SELECT 1, 'x' AS word") { row in row.text(1) } == "x")
    }

    @Test func changesAndOrder() throws {
        for number in 1...5 { #expect(try db.run("INSERT INTO t(a, b) VALUES(?, ?)", number, "n\(number)") == 1) }
        #expect(try db.run("UPDATE t SET b = 'x' WHERE a > ?", 3) == 2)
        #expect(try db.all("SELECT a FROM t ORDER BY a DESC") { row in row.int(0) } == [5, 4, 3, 2, 1])
        #expect(try db.first("SELECT a FROM t WHERE a = 9") { row in row.int(0) } == nil)
        #expect(try db.run("DELETE FROM t WHERE a = 9") == 0)
    }

    @Test func valuesForManyQuestionMarks() throws {
        for number in 1...5 { try db.run("INSERT INTO t(a) VALUES(?)", number) }
        let list = Values([.integer(2), .integer(4), .integer(5)])
        let sql = SQL(dynamic: "SELECT a FROM t WHERE a IN (?, ?, ?) ORDER BY a LIMIT ?")
        #expect(try db.all(sql, list, 2) { row in row.int(0) } == [2, 4])
        let kinds = Values([.null, .integer(1), .real(0.5), .text("t"), .blob([1])])
        let types = try db.first(
            SQL(
                dynamic: "SELECT " + ["typeof(?)", "typeof(?)"].joined(separator: " || ")
                    + " || typeof(?) || typeof(?) || typeof(?)"), kinds
        ) { row in row.text(0) }
        #expect(types == "nullintegerrealtextblob")
    }

    @Test func leavingEarlyLeavesNothingOpen() throws {
        for number in 1...5 { try db.run("INSERT INTO t(a) VALUES(?)", number) }
        try db.useWriteAheadLog()
        let reader = try file.open(.readOnly)
        #expect(throws: Stop.self) {
            try reader.forEach("SELECT a FROM t") { row in if row.int(0) == 2 { throw Stop() } }
        }
        _ = try reader.first("SELECT a FROM t") { row in row.int(0) }
        try db.run("DELETE FROM t")
        #expect(try db.checkpoint(.truncate).isWhole)
        #expect(try reader.first("SELECT count(*) FROM t") { row in row.int(0) } == 0)
    }

    @Test func aStatementWithinItself() throws {
        for number in 1...3 { try db.run("INSERT INTO t(a) VALUES(?)", number) }
        func pairs(_ text: SQL) throws -> Int {
            var count = 0
            try db.forEach(text) { _ in try db.forEach(text) { _ in count += 1 } }
            return count
        }
        #expect(try pairs("SELECT a FROM t") == 9)
        #expect(try pairs(SQL(dynamic: "SELECT a FROM t")) == 9)
    }

    @Test func theCacheSurvivesManyStatements() throws {
        for number in 0..<1000 {
            #expect(try db.first(SQL(dynamic: "SELECT \(number)")) { row in row.int(0) } == number)
        }
    }

    @Test func aKeptStatementSeesANewSchema() throws {
        func count() throws -> Int? { try db.first("SELECT count(*) FROM t WHERE a > 0") { row in row.int(0) } }
        #expect(try count() == 0)
        try db.run("ALTER TABLE t ADD COLUMN e TEXT")
        #expect(try count() == 0)
        try db.run("DROP TABLE t")
        #expect(throws: SQLiteError.self) { try count() }
    }
}
