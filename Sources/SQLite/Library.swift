// The settings of the SQLite library as a whole, made once per process before the first connection. Knows nothing of
// any connection.

internal import CSQLite

enum Library {
    /// The library's version, once it is configured; the first use configures it.
    ///
    /// - Memory statistics off: they put one lock around every allocation of all threads
    ///   (https://www.sqlite.org/malloc.html#memory_allocation_statistics).
    /// - File names are file names: `file:x?mode=memory` opens a file of that name.
    /// - What a savepoint must be able to undo stays in memory: nobody's data in /var/tmp.
    ///
    /// Someone who used the library earlier in this process makes these calls SQLITE_MISUSE, without harm: they
    /// are about speed and temporary files only.
    static let version: Int32 = {
        for (option, value) in [
            (SQLITE_CONFIG_MEMSTATUS, 0), (SQLITE_CONFIG_URI, 0), (SQLITE_CONFIG_STMTJRNL_SPILL, -1),
        ] as [(Int32, Int32)] {
            _ = csqlite_config_int(option, value)
        }
        sqlite3_initialize()
        return sqlite3_libversion_number()
    }()
}
