// Whether what was read is still true. Every commit of anybody makes SQLite call the file's content by another number;
// but most commits only write down that somebody looked, and change nothing that an answer shows. So the writer counts the
// other commits in a row of the table `generation`. Whoever writes through Storage is counted unless it says that it only
// looks, and only Storage itself can say so.

internal import SQLite

/// What a lane calls the content of the file: the same as long as nothing was committed but looks (entries of the ledger,
/// the last use of a token), by this process or another.
package struct DataVersion: Equatable, Sendable {
    /// The commits that changed something; nil when nobody counts them.
    let generation: Int64?
    /// SQLite's own number, another one after every commit
    /// (https://www.sqlite.org/pragma.html#pragma_data_version); of this lane alone.
    let commits: Int64

    package static func == (left: DataVersion, right: DataVersion) -> Bool {
        left.generation == right.generation && (left.generation != nil || left.commits == right.commits)
    }
}

/// What a write leaves behind.
enum WriteEffect: Sendable {
    /// Anything.
    case change
    /// Only that somebody looked: what answers show, those about the looks aside, is as it was.
    case look
}

/// The table `generation`, one row.
enum Generation {
    /// Makes what was read before this commit a thing of the past.
    static func advance(_ db: Connection) throws {
        try db.run("UPDATE generation SET number = number + 1")
    }

    /// The number now; nil when the row is not there, which only somebody with the file in hand can bring about.
    static func current(_ db: Connection) throws -> Int64? {
        try db.first("SELECT number FROM generation") { $0.int64(0) }
    }

    /// As `advance`, in a database that may be older than the table.
    static func advanceIfCounted(_ db: Connection) throws {
        let isThere = try db.first("SELECT 1 FROM sqlite_schema WHERE name = 'generation'") { _ in true }
        if isThere == true { try advance(db) }
    }
}
