// Why a migration is not done. One line each, with what to do about it.

/// A reason not to touch the schema.
package enum MigrationRefusal: Error, Hashable, Sendable {
    /// An applied file was changed afterwards.
    case edited(file: String)
    /// A file was applied and this binary does not have it.
    case missing(file: String)
    /// The files of this binary are not numbered 1, 2, 3, …
    case gapInFiles(expected: Int, found: String)
    /// The database's record of what was applied misses a number.
    case gapInRecord(expected: Int)
    /// A file's name is not of the form `NNNN_snake_name.sql`.
    case badName(String)
    /// The database has seen a later binary.
    case newerDatabase(version: Int, known: Int)
    /// The number in the file's header is not that of the last record.
    case versionMismatch(header: Int, record: Int)
    /// There is no migration with the number asked for.
    case unknownTarget(number: Int, known: Int)
    /// A statement of a file failed; nothing of that file was kept.
    case failed(file: String, line: Int, statement: String, reason: String)
    /// A file ran, and left rows that refer to nothing; nothing of it was kept.
    case danglingReferences(file: String, first: String, count: Int)
}

extension MigrationRefusal: CustomStringConvertible {
    /// One line: what is wrong, what to do.
    package var description: String {
        switch self {
        case .edited(let file):
            "\(file) was changed after it was applied; put the old text back and make the change in a new file"
        case .missing(let file):
            "\(file) was applied to this database but is not in this program; use the version that has it"
        case .gapInFiles(let expected, let found):
            "migration \(expected) is missing: the next file is \(found); number the files without gaps"
        case .gapInRecord(let expected):
            "the database has no record of migration \(expected) but of a later one; restore a backup"
        case .badName(let name):
            "\(name) is no name for a migration; use small letters, digits and underscores, a letter first"
        case .newerDatabase(let version, let known):
            "the database is of version \(version) and this program knows \(known); use a newer program"
        case .versionMismatch(let header, let record):
            "the database says version \(header) and its record \(record); restore a backup"
        case .unknownTarget(let number, let known):
            "there is no migration \(number); the last one is \(known)"
        case .failed(let file, let line, let statement, let reason):
            "\(file), line \(line): \(reason), in: \(statement.split(whereSeparator: \.isWhitespace).joined(separator: " "))"
        case .danglingReferences(let file, let first, let count):
            "\(file) leaves \(count) rows that refer to nothing, such as \(first); mend them in the same file"
        }
    }
}
