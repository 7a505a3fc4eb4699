// Opening: settings that are read back, files that are not databases, and the doors that stay shut.

import CSQLite
import Foundation
import SQLite
import Testing

@Suite struct ConnectionTests {
    let file: ScratchFile
    init() throws { file = try ScratchFile() }

    @Test(arguments: [
        ("synchronous", 2), ("foreign_keys", 1), ("trusted_schema", 0), ("cell_size_check", 1), ("secure_delete", 1),
        ("temp_store", 2), ("cache_size", -2048), ("mmap_size", 0), ("wal_autocheckpoint", 0), ("busy_timeout", 100),
        ("journal_size_limit", 64 << 20), ("query_only", 0),
    ]) func settingsStick(pragma: String, value: Int) throws {
        let db = try file.open()
        try db.useWriteAheadLog()
        #expect(try db.pragma(pragma) == value)
    }

    @Test func aSettingThatDoesNotStickIsRefused() throws {
        let db = try file.open()
        #expect(throws: SQLiteError.self) { try db.set("synchronous", to: 9) }
        #expect(throws: SQLiteError.self) { try db.set("no_such_pragma", to: 1) }
    }

    @Test func pragmasAreNotReadFromAKeptStatement() throws {
        let db = try file.open()
        #expect(try db.pragma("foreign_keys") == 1)
        try db.set("foreign_keys", to: 0)
        #expect(try db.pragma("foreign_keys") == 0)
    }

    @Test func writeAheadLogIsRemembered() throws {
        try file.open().useWriteAheadLog()
        #expect(try file.open(.readOnly).journalMode() == "wal")
        try file.open(.readWrite).useRollbackJournal()
        #expect(try file.open(.readOnly).journalMode() == "delete")
    }

    @Test func absentFileIsNotMadeUnasked() throws {
        for access in [ConnectionSettings.Access.readOnly, .readWrite] {
            let error = #expect(throws: SQLiteError.self) { try file.open(access) }
            #expect(error.map { .cannotOpen ~= $0.code } == true)
        }
        #expect(!FileManager.default.fileExists(atPath: file.path))
    }

    @Test func textFileIsNotADatabase() throws {
        try file.write([UInt8](String(repeating: "no database ", count: 600).utf8))
        let error = #expect(throws: SQLiteError.self) { try file.open(.readWrite) }
        #expect(error.map { .notADatabase ~= $0.code } == true)
    }

    @Test func readOnlyConnectionWritesNothing() throws {
        try file.open().run("CREATE TABLE t(a)")
        let reader = try file.open(.readOnly)
        let error = #expect(throws: SQLiteError.self) { try reader.run("INSERT INTO t(a) VALUES(1)") }
        #expect(error.map { .readOnly ~= $0.code } == true)
    }

    @Test func madeFileIsItsOwnersAlone() throws {
        _ = try file.open()
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func aFileNameIsNotAnAddress() throws {
        // With URI names on, this would be a database in memory.
        let old = FileManager.default.currentDirectoryPath
        #expect(!FileManager.default.fileExists(atPath: old + "/file:x?mode=memory"))
        let settings = ConnectionSettings(access: .readWrite)
        #expect(throws: SQLiteError.self) { try Connection(path: "file:x?mode=memory", settings: settings) }
    }

    @Test(arguments: [
        "SELECT \"no such column\"", "PRAGMA writable_schema = 1; SELECT 1", "SELECT load_extension('x')",
    ]) func doorsStayShut(sql: String) throws {
        let db = try file.open()
        #expect(throws: SQLiteError.self) { try db.run(SQL(dynamic: sql)) }
    }

    @Test func internalTablesCanNotBeWritten() throws {
        let db = try file.open()
        try db.run("PRAGMA writable_schema = 1")
        #expect(throws: SQLiteError.self) { try db.run("DELETE FROM sqlite_schema") }
    }

    @Test func checkpointEmptiesTheLog() throws {
        let db = try file.open()
        try db.useWriteAheadLog()
        try db.run("CREATE TABLE t(a)")
        try db.run("INSERT INTO t(a) VALUES(1)")
        #expect(db.walPages > 0)
        let reader = try file.open(.readOnly)
        try reader.transaction(.deferred) {
            #expect(try reader.first("SELECT count(*) FROM t") { row in row.int(0) } == 1)
            try db.run("INSERT INTO t(a) VALUES(2)")
            #expect(try !db.checkpoint(.truncate).isWhole)
        }
        #expect(try db.checkpoint(.truncate).isWhole)
        #expect(db.walPages == 0)
    }

    @Test func checksFindDamage() throws {
        let db = try file.open()
        try db.run("CREATE TABLE parent(id INTEGER PRIMARY KEY) STRICT")
        try db.run("CREATE TABLE child(id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent(id)) STRICT")
        #expect(try db.integrityCheck().isEmpty)
        #expect(try db.foreignKeyCheck().isEmpty)
        try db.set("foreign_keys", to: 0)
        try db.run("INSERT INTO child(id, parent) VALUES(3, 4)")
        #expect(try db.foreignKeyCheck() == ["child row 3 → parent"])
    }
}
