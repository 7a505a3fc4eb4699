// SQLite's result codes as values one can match on. Knows the numbers of https://www.sqlite.org/rescode.html and
// nothing of what to do about them.

internal import CSQLite

/// What SQLite answered: a primary result code in the low byte, the extended one in all bits.
///
/// A primary code matches all its extended ones: `catch ResultCode.constraint` also takes `.constraintUnique`.
package struct ResultCode: RawRepresentable, Hashable, Sendable {
    /// The number SQLite gave.
    package let rawValue: Int32

    /// A code from SQLite's number.
    package init(rawValue: Int32) { self.rawValue = rawValue }

    /// The code without its extension.
    package var primary: ResultCode { ResultCode(rawValue: rawValue & 0xFF) }

    private func extended(_ number: Int32) -> ResultCode { ResultCode(rawValue: rawValue | number << 8) }

    /// Generic error: mostly SQL that does not compile.
    package static let error = ResultCode(rawValue: SQLITE_ERROR)
    /// Another connection holds the lock, for longer than the busy time-out.
    package static let busy = ResultCode(rawValue: SQLITE_BUSY)
    /// A conflict within the connection or a shared cache.
    package static let locked = ResultCode(rawValue: SQLITE_LOCKED)
    /// No memory.
    package static let outOfMemory = ResultCode(rawValue: SQLITE_NOMEM)
    /// The file, its folder or the connection does not allow writing.
    package static let readOnly = ResultCode(rawValue: SQLITE_READONLY)
    /// Stopped by request.
    package static let interrupted = ResultCode(rawValue: SQLITE_INTERRUPT)
    /// The operating system failed to read, write or sync.
    package static let inputOutput = ResultCode(rawValue: SQLITE_IOERR)
    /// The file's structure is damaged.
    package static let corrupt = ResultCode(rawValue: SQLITE_CORRUPT)
    /// The disk, or the page limit, is full.
    package static let full = ResultCode(rawValue: SQLITE_FULL)
    /// The file could not be opened.
    package static let cannotOpen = ResultCode(rawValue: SQLITE_CANTOPEN)
    /// The locking protocol of the write-ahead log kept failing.
    package static let lockingProtocol = ResultCode(rawValue: SQLITE_PROTOCOL)
    /// A text or blob above SQLite's size limit.
    package static let tooBig = ResultCode(rawValue: SQLITE_TOOBIG)
    /// Some constraint of the schema.
    package static let constraint = ResultCode(rawValue: SQLITE_CONSTRAINT)
    /// A value of another type than expected: by SQLite on write, by `Row` on read.
    package static let mismatch = ResultCode(rawValue: SQLITE_MISMATCH)
    /// The file is not a database.
    package static let notADatabase = ResultCode(rawValue: SQLITE_NOTADB)
    /// The statement does something this connection is not allowed to.
    package static let notAuthorised = ResultCode(rawValue: SQLITE_AUTH)

    /// CHECK.
    package static let constraintCheck = constraint.extended(1)
    /// FOREIGN KEY.
    package static let constraintForeignKey = constraint.extended(3)
    /// NOT NULL.
    package static let constraintNotNull = constraint.extended(5)
    /// PRIMARY KEY.
    package static let constraintPrimaryKey = constraint.extended(6)
    /// RAISE in a trigger.
    package static let constraintTrigger = constraint.extended(7)
    /// UNIQUE.
    package static let constraintUnique = constraint.extended(8)
    /// INTEGER PRIMARY KEY.
    package static let constraintRowID = constraint.extended(10)
    /// The type of a STRICT table's column.
    package static let constraintDataType = constraint.extended(12)

    /// Whether `code` is this one or one of its extensions.
    package static func ~= (pattern: ResultCode, code: ResultCode) -> Bool {
        pattern == code || pattern == code.primary
    }

    /// Whether `error` is an `SQLiteError` with this code, so that `catch ResultCode.constraintUnique` works.
    package static func ~= (pattern: ResultCode, error: any Error) -> Bool {
        guard let error = error as? SQLiteError else { return false }
        return pattern ~= error.code
    }
}
