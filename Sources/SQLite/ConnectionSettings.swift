// How a connection is to behave, and the table of PRAGMAs that make it so. Each is read back: a PRAGMA that SQLite
// does not know or will not change says nothing by itself.

/// What one connection may do and may use.
package struct ConnectionSettings: Sendable {
    /// What a connection may do to its file.
    package enum Access: Sendable {
        /// Read and write; an absent file is made, with mode 0600.
        case readWriteCreate
        /// Read and write a file that exists.
        case readWrite
        /// Read a file that exists.
        case readOnly
    }

    /// What the connection may do to its file.
    package var access: Access
    /// How long a statement waits for another connection's lock.
    package var busyTimeoutMilliseconds: Int
    /// The most the page cache takes.
    package var cacheKibibytes: Int
    /// How much of the file is mapped into memory; 0 by default, because an I/O error in a mapped page is a SIGBUS
    /// that ends the process instead of an error (https://www.sqlite.org/mmap.html).
    package var mappedBytes: Int
    /// Whether foreign keys are enforced; off only while a migration rebuilds tables
    /// (https://www.sqlite.org/lang_altertable.html#otheralter).
    package var enforcesForeignKeys: Bool
    /// The size a write-ahead log is cut back to when it is reset.
    package var journalSizeLimitBytes: Int

    /// Settings with the defaults of a connection that serves requests.
    package init(
        access: Access, busyTimeoutMilliseconds: Int = 5000, cacheKibibytes: Int = 2048, mappedBytes: Int = 0,
        enforcesForeignKeys: Bool = true, journalSizeLimitBytes: Int = 64 << 20
    ) {
        self.access = access
        self.busyTimeoutMilliseconds = busyTimeoutMilliseconds
        self.cacheKibibytes = cacheKibibytes
        self.mappedBytes = mappedBytes
        self.enforcesForeignKeys = enforcesForeignKeys
        self.journalSizeLimitBytes = journalSizeLimitBytes
    }

    /// Every PRAGMA of a connection with the number it must show afterwards (https://www.sqlite.org/pragma.html);
    /// the waiting time stands first so that the others wait too.
    var pragmas: [(name: String, value: Int)] {
        [
            ("busy_timeout", busyTimeoutMilliseconds),
            // FULL: a commit is on disk before it is answered. A default build can say NORMAL here.
            ("synchronous", 2),
            ("foreign_keys", enforcesForeignKeys ? 1 : 0),
            // A schema someone tampered with can't call functions with side effects.
            ("trusted_schema", 0),
            // Damaged pages are noticed when read, not later.
            ("cell_size_check", 1),
            // What is deleted is overwritten with zeroes.
            ("secure_delete", 1),
            // Sorting and temporary tables never touch /tmp.
            ("temp_store", 2),
            ("cache_size", -cacheKibibytes),
            ("mmap_size", mappedBytes),
            // Checkpoints are the owner's decision, not a surprise inside a commit.
            ("wal_autocheckpoint", 0),
            ("journal_size_limit", journalSizeLimitBytes),
            ("query_only", access == .readOnly ? 1 : 0),
        ]
    }
}
