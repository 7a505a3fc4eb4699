// SQLite's C interface, plus the few calls Swift cannot make itself: the variadic ones, and the bindings whose
// destructor is a constant that C casts to a function pointer. No logic lives here.
#ifndef THUISPUNT_CSQLITE_H
#define THUISPUNT_CSQLITE_H

#include <sqlite3.h>

/// sqlite3_config with one int argument (https://www.sqlite.org/c3ref/c_config_covering_index_scan.html).
static inline int csqlite_config_int(int option, int value) {
    return sqlite3_config(option, value);
}

/// sqlite3_db_config for the switches that take an int and tell what they became
/// (https://www.sqlite.org/c3ref/c_dbconfig_defensive.html).
static inline int csqlite_db_config_int(sqlite3 *db, int option, int value, int *now) {
    return sqlite3_db_config(db, option, value, now);
}

/// Binds a copy of `count` bytes as text; a null pointer with a count of 0 is the empty text, not NULL.
static inline int csqlite_bind_text(sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_text64(statement, index, bytes ? (const char *)bytes : "", count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// Binds a copy of `count` bytes as a blob; a null pointer with a count of 0 is the empty blob, not NULL.
static inline int csqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_blob64(statement, index, bytes ? bytes : "", count, SQLITE_TRANSIENT);
}

/// Syncs the main file of a connection (https://www.sqlite.org/c3ref/c_fcntl_begin_atomic_write.html, FILE_POINTER; and
/// https://www.sqlite.org/c3ref/io_methods.html).
static inline int csqlite_sync_file(sqlite3 *db) {
    sqlite3_file *file = 0;
    int code = sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (code != SQLITE_OK || !file || !file->pMethods) return code;
    return file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
}

#endif
