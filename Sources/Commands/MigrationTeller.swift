// Tells of migrations as they run: the copy page by page, then each statement that takes its time, with the rows it reads
// where it fills a table from another, and how long it runs where SQLite does not say how far it is.

internal import Domain
internal import Migrations
internal import SQLite
internal import Storage

/// What a terminal shows of migrations.
struct MigrationTeller {
    /// Of a statement's start, so that a line of a terminal holds the rest.
    private static let statementCharacters = 32

    private let terminal: Terminal
    private let verb: String
    private let microseconds: @Sendable () -> Int64
    private var progress: Progress?
    /// What `progress` is about.
    private var title = ""

    init(
        _ verb: String = "applying", on terminal: Terminal,
        microseconds: @escaping @Sendable () -> Int64 = Environment.system.microseconds
    ) {
        self.verb = verb
        self.terminal = terminal
        self.microseconds = microseconds
    }

    /// Tells of one step.
    mutating func tell(_ step: MigrationStep) {
        switch step {
        case .copying(let done, let total):
            about("copying") { $0.update(done, of: total) }
        case .copied(let path):
            line("copied the database to \(path)")
        case .applying(let migration):
            line("\(verb) \(migration.fileName)")
        case .running(_, let moment):
            let start = moment.statement.prefix(Self.statementCharacters)
            about("statement \(moment.number) of \(moment.count) (\(start))", of: "rows") {
                if let rows = moment.rows, moment.rowsRead > 0 {
                    $0.update(moment.rowsRead, of: rows)
                } else {
                    $0.goOn()
                }
            }
        case .checking(_, isDone: false):
            about("checking references") { $0.goOn() }
        case .checking(_, isDone: true):
            end()
        }
    }

    private mutating func line(_ text: String) {
        end()
        terminal.tell(text)
    }

    private mutating func end() {
        progress?.end()
        progress = nil
    }

    /// The first word of a piece of work starts its clock; only what lasts is shown.
    private mutating func about(_ what: String, of unit: String? = nil, _ body: (inout Progress) -> Void) {
        if progress == nil || title != what {
            end()
            title = what
            progress = Progress(what, of: unit, on: terminal, microseconds: microseconds)
            return
        }
        if var now = progress {
            body(&now)
            progress = now
        }
    }
}
