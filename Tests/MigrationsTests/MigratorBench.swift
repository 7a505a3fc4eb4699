// A folder with room for one database, and a list of small migrations to try on it.

import Domain
import Foundation
import Migrations
import SQLite
import Storage

/// A folder that goes with this value.
final class MigratorBench: Sendable {
    let folder: String
    var path: String { folder + "/region.db" }
    let now: @Sendable () -> Instant = { Instant(milliseconds: 1_800_000_000_000) }

    init() throws {
        folder = NSTemporaryDirectory() + "thuispunt-migrator-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func connect(_ access: ConnectionSettings.Access = .readOnly) throws -> Connection {
        try Connection(path: path, settings: ConnectionSettings(access: access, busyTimeoutMilliseconds: 100))
    }

    var tables: Set<String> {
        get throws {
            Set(
                try connect().all("SELECT name FROM sqlite_schema WHERE type = 'table'") { row in row.text(0) })
        }
    }

    var backups: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".backup") }.sorted()
        }
    }

    static func file(_ number: Int, _ name: String, _ sql: String) -> Migration {
        Migration(number: number, name: name, sql: [UInt8](sql.utf8))
    }

    static let one = file(1, "parents", "CREATE TABLE parent(id INTEGER PRIMARY KEY) STRICT;")
    static let two = file(
        2, "children",
        """
        CREATE TABLE child(id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES parent(id)) STRICT;
        INSERT INTO parent(id) VALUES(1);
        INSERT INTO child(parent) VALUES(1);
        """)
    /// Rebuilds a table others refer to, as only works without foreign keys.
    static let three = file(
        3, "parents_with_names",
        """
        CREATE TABLE new_parent(id INTEGER PRIMARY KEY, name TEXT) STRICT;
        INSERT INTO new_parent(id) SELECT id FROM parent;
        DROP TABLE parent;
        ALTER TABLE new_parent RENAME TO parent;
        """)
    static let all = [one, two, three]
}
