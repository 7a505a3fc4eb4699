// Every number this module chose, with its reason. What a database needs (cache, time-outs) is chosen by its owner
// in ConnectionSettings; these hold for any.

enum Limits {
    /// Statements built at run time that one connection keeps prepared; they come from a handful of filter
    /// combinations, and each costs some 10 KiB.
    static let dynamicStatements = 128
    /// The longest piece of SQL an error repeats; the start of a statement is enough to find it.
    static let sqlExcerptCharacters = 160
    /// Instructions of SQLite's machine between two looks at a long statement: some thirty a second, which costs nothing.
    package static let instructionsBetweenLooks = 1_000_000
    /// Findings of an integrity check worth listing; SQLite's own default.
    static let integrityFindings = 100
}
