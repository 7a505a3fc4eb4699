// The table `setting`: small facts about this database, such as which demo region it holds.

package import SQLite

/// The settings.
package struct SettingStore {
    private let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    /// The value of a setting; nil when it was never written.
    package func find(_ key: String) throws -> String? {
        try db.first("SELECT value FROM setting WHERE key = ?", key) { $0.text(0) }
    }

    /// Writes a setting.
    package func update(_ key: String, to value: String) throws {
        try db.run(
            "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            key, value)
    }
}
