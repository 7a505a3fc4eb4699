// What can go wrong with the store itself, as opposed to a rule of the schema that a request broke. Two texts in each:
// one for the client, one for the log; the one for the log says what to do. Neither holds anybody's data.

package import SQLite

/// A failure of the store.
package enum StorageFault: Error, Hashable, Sendable {
    /// Too much waits, or another process holds the lock: the same request may succeed soon.
    case busy(retryAfterSeconds: Int)
    /// The disk is full, failing or read-only: nothing of this write was stored.
    case unavailable(reason: String)
    /// The file is damaged.
    case damaged(reason: String)
    /// The service is stopping.
    case closed
    /// There is no file at `path`.
    case noDatabase(path: String)
    /// There is no database at `path`, but `file` beside it may hold what was in one.
    case remains(path: String, file: String)
    /// There is a file at `path` already.
    case exists(path: String)
    /// No file can be made at `path`.
    case cannotMake(path: String, reason: String)
    /// The file can't be opened or written.
    case cannotOpen(path: String, reason: String)
    /// The file is not a database of this service.
    case notOurs(path: String)
    /// The database lacks migrations this binary has.
    case pendingMigrations(path: String, files: [String])
    /// The history of the database and the migrations of this binary don't fit, or one failed.
    case migration(MigrationRefusal)

    /// The fault behind an SQLite error, nil when the error is about the statement or its values.
    package init?(_ error: SQLiteError) {
        switch error.code {
        case .busy, .locked:
            self = .busy(retryAfterSeconds: EngineLimits.retryAfterSeconds)
        case .full, .inputOutput, .readOnly, .cannotOpen, .lockingProtocol, .outOfMemory, .interrupted:
            self = .unavailable(reason: error.description)
        case .corrupt, .notADatabase:
            self = .damaged(reason: error.description)
        default:
            return nil
        }
    }

    /// Any error as a fault, for places where nothing but the store can have failed.
    init(_ error: any Error) {
        switch error {
        case let fault as StorageFault: self = fault
        case let error as SQLiteError: self = StorageFault(error) ?? .unavailable(reason: error.description)
        default: self = .unavailable(reason: "\(error)")
        }
    }

    /// An error while opening `path`.
    init(opening path: String, _ error: any Error) {
        switch error {
        case ResultCode.notADatabase:
            self = .notOurs(path: path)
        case ResultCode.cannotOpen, ResultCode.readOnly:
            self = .cannotOpen(path: path, reason: (error as? SQLiteError)?.message ?? "")
        default:
            self = StorageFault(error)
        }
    }

    /// What a client may know.
    package var clientText: String {
        switch self {
        case .busy(let seconds): "The service is busy. Try again in \(seconds) s."
        case .closed: "The service is stopping. Try again later."
        case .unavailable: "The service can't store anything now. Nothing was changed; try again later."
        case .damaged, .noDatabase, .remains, .exists, .cannotMake, .cannotOpen, .notOurs, .pendingMigrations,
            .migration:
            "The service can't use its store now. Nothing was changed; try again later."
        }
    }

    /// When the same request may succeed, in seconds.
    package var retryAfterSeconds: Int {
        if case .busy(let seconds) = self { seconds } else { EngineLimits.retryAfterFaultSeconds }
    }

    /// One line for the log or the terminal, with what to do.
    package var logText: String {
        switch self {
        case .busy: "the store is busy: too many writes wait, or another process holds the database's lock"
        case .closed: "the store is closed"
        case .unavailable(let reason): "the store can't write: \(reason); check the disk's space, state and rights"
        case .damaged(let reason): "the database is damaged: \(reason); stop the service and restore a backup"
        case .noDatabase(let path): "there is no database at \(path); make it with: thuispunt migrate up"
        case .remains(let path, let file):
            "there is no database at \(path), but \(file) may hold what was in it; put the database back there, or a copy "
                + "with: thuispunt restore; or move that file away to begin anew"
        case .exists(let path): "\(path) exists already; choose another name, or move it away"
        case .cannotMake(let path, let reason):
            "can't write \(path): \(reason); check that its folder is there, its rights and the disk's space"
        case .cannotOpen(let path, let reason):
            "\(path) can't be opened: \(reason); check owner and rights of the file and its folder"
        case .notOurs(let path): "\(path) is not a Thuispunt database; name another file with --database"
        case .pendingMigrations(let path, let files):
            "\(path) lacks \(files.joined(separator: ", ")); run: thuispunt migrate up, or serve --migrate"
        case .migration(let refusal): refusal.description
        }
    }
}

extension StorageFault: CustomStringConvertible {
    /// The text for the log.
    package var description: String { logText }
}
