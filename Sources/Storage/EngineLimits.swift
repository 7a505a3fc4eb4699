// Every number the engine (writer, readers, migrator, copies) chose, with its reason.

/// What the engine allows itself and its callers.
package enum EngineLimits {
    /// Marks a database file as ours: "THUP" (https://www.sqlite.org/pragma.html#pragma_application_id).
    package static let applicationID = 0x5448_5550

    /// Writes that may wait. At 10,000 a second this is under half a second of waiting; beyond it, saying "busy"
    /// at once is kinder than an answer after the caller's time-out.
    static let queuedWrites = 4096
    /// Writes in one commit: one sync for many.
    static let writesPerCommit = 256
    /// How long a commit takes in writes (8 ms); what waits then is for the next, so that nobody waits for many others. A sync is
    /// a tenth of that.
    static let commitMicroseconds: Int64 = 8_000
    /// What a caller is told to wait when the queue is full or another process holds the lock.
    static let retryAfterSeconds = 1
    /// What a caller is told to wait when the disk is full or failing: somebody has to look at it.
    static let retryAfterFaultSeconds = 5
    /// How often a writer that lost its file looks whether it is back.
    static let recoveryIntervalMilliseconds = 250
    /// Up to this size a file is checked page by page before writes go on after a fault (about a quarter of a
    /// second); a larger one only by its marks and a commit of its own, as an hour of silence helps nobody.
    static let quickCheckBytes = 64 << 20

    /// Pages in the write-ahead log (16 MiB) from which a thread copies them into the file while writing goes on, and after so
    /// many more again: pages that every commit writes are then copied once for many.
    static let checkpointPages = 4000
    /// Pages left to copy that the writer copies itself: 2 MiB, and of a long log at most 32 MiB, which took it 100 ms.
    static let lastLogPages = 512
    static let mostLastLogPages = 8_192
    /// How often that thread looks without being called.
    static let logLookMilliseconds = 100
    /// Pages (1 GiB) at which the writer waits for the thread, and no write is accepted until the readers in the way are gone: a
    /// disk filled by the log would stop more than writing.
    static let largestLogPages = 262_144

    /// How long a request waits for the lock of another process (an import, a command).
    static let lockWaitMilliseconds = 5000
    /// How long a migration waits for another one: rebuilding a table of millions of rows takes minutes.
    static let migrationLockWaitMilliseconds = 600_000

    /// Between two tries to put a new file in write-ahead-log mode while another process does the same.
    static let journalModeRetryMilliseconds = 10

    /// Pages (1 MiB) copied between two looks at the progress of a backup.
    static let backupPagesPerStep = 256
    /// Long reads that may wait for a thread of the pool; each is a report somebody asked for by hand.
    static let queuedLongReads = 64

    /// How often the ledger's head is looked at and, when it is another one, written outside the database: what somebody could
    /// remove from the end without a trace is what came since.
    static let anchorLookMilliseconds = 1000
    /// Entries after which it is a line for good, which nothing is written over.
    static let entriesPerAnchor: Int64 = 1000
    /// And the time after which it is one when anything was added: a few hundred lines a day.
    static let anchorSeconds: Int64 = 300

    /// Persons in one row of the ledger: the most that a page shows, and what still fits in one page of the file.
    static let entriesPerRow = 100
    /// Entries that a row may lie behind the one whose people it shows again. Whoever looks for somebody's entries in order
    /// has to look this far ahead, and listing the people anew every 4,096 entries costs next to nothing.
    static let furthestRepeat: Int64 = 4096
    /// Lists of people that the writer remembers to repeat: some 800 bytes each.
    static let recentLooks = 256

    /// How often, while somebody waits for news, what other processes have committed is looked at.
    static let feedLookMilliseconds = 200
}
