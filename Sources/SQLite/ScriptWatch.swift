// How far a script is, told while it runs: which statement of how many, and of one that fills a table from another how
// many rows it has read of how many there are. SQLite knows no more, and nothing is made up.

internal import CSQLite

/// How far a script is.
package struct ScriptMoment: Hashable, Sendable {
    /// The statement that runs, from 1.
    package let number: Int
    /// How many statements the script has.
    package let count: Int
    /// The start of the statement, its first line.
    package let statement: String
    /// Rows it has read so far by walking through whole tables or indexes; 0 while it seeks, sorts or builds an index.
    package var rowsRead: Int
    /// Rows there are to read; nil but for a statement that fills one table from one other.
    package let rows: Int?

    /// A moment from its parts.
    package init(number: Int, count: Int, statement: String, rowsRead: Int, rows: Int?) {
        self.number = number
        self.count = count
        self.statement = statement
        self.rowsRead = rowsRead
        self.rows = rows
    }
}

/// Where a script is, kept for who asks while a statement runs.
final class ScriptWatch {
    private let tell: (ScriptMoment) -> Void
    private let count: Int
    private var now: ScriptMoment?
    private var number = 0
    /// What the statement that is being compiled reads and fills, as the authoriser is told.
    var tables = StatementTables()

    init(of script: [UInt8], tell: @escaping (ScriptMoment) -> Void) {
        self.tell = tell
        count = statementCount(of: script)
    }

    /// Tells that the statement which starts with `text` is about to run, and reads `rows`.
    func start(_ text: Substring, rows: Int?) {
        number += 1
        let line = text.prefix { $0 != "\n" && $0 != ";" && $0 != "(" }
        let moment = ScriptMoment(
            number: number, count: count,
            statement: String(line.prefix(Limits.sqlExcerptCharacters)).trimmingSpaces, rowsRead: 0, rows: rows)
        now = moment
        tell(moment)
    }

    /// Tells how far it is.
    func look(_ rowsRead: Int) {
        guard var moment = now else { return }
        moment.rowsRead = rowsRead
        tell(moment)
    }
}

/// The tables of one statement.
struct StatementTables {
    var read: Set<String> = []
    var filled: Set<String> = []

    /// The one table that another is filled from; nil when it is not that simple.
    var source: String? {
        let sources = read.subtracting(filled)
        let isSimple = filled.count == 1 && sources.count == 1 && read == sources
        // What changes the schema fills the schema's table.
        return isSimple && filled.first?.hasPrefix("sqlite_") == false ? sources.first : nil
    }
}

extension Connection {
    /// Calls `look` every so many (a million) instructions of SQLite's machine while `body` runs. `look` asks nothing of this connection
    /// but `rowsWalked` (https://www.sqlite.org/c3ref/progress_handler.html).
    package func watched<Value>(
        everyInstructions instructions: Int? = nil, by look: () -> Void,
        _ body: () throws -> Value
    ) rethrows -> Value {
        try withoutActuallyEscaping(look) { look in
            let watcher = Watcher(look)
            let context = Unmanaged.passUnretained(watcher).toOpaque()
            sqlite3_progress_handler(
                handle, Int32(clamping: instructions ?? Limits.instructionsBetweenLooks),
                { context in
                    if let context { Unmanaged<Watcher>.fromOpaque(context).takeUnretainedValue().look() }
                    return 0
                }, context)
            defer { sqlite3_progress_handler(handle, 0, nil, nil) }
            return try withExtendedLifetime(watcher) { try body() }
        }
    }

    /// Rows that the statements which run now have read by walking through whole tables or indexes
    /// (https://www.sqlite.org/c3ref/c_stmtstatus_counter.html, SQLITE_STMTSTATUS_FULLSCAN_STEP).
    package var rowsWalked: Int {
        var sum = 0
        var statement = sqlite3_next_stmt(handle, nil)
        while let each = statement {
            if sqlite3_stmt_busy(each) != 0 {
                sum += Int(sqlite3_stmt_status(each, SQLITE_STMTSTATUS_FULLSCAN_STEP, 0))
            }
            statement = sqlite3_next_stmt(handle, each)
        }
        return sum
    }
}

private final class Watcher {
    let look: () -> Void
    init(_ look: @escaping () -> Void) { self.look = look }
}

/// How many statements a script has; a trigger with those inside it is one
/// (https://www.sqlite.org/c3ref/complete.html).
private func statementCount(of script: [UInt8]) -> Int {
    var count = 0
    var start = skippingBlanks(script, from: 0)
    while start < script.count {
        count += 1
        var end = start
        repeat {
            end = script[end...].firstIndex(of: UInt8(ascii: ";")).map { $0 + 1 } ?? script.count
        } while end < script.count && !isComplete(script[start..<end])
        start = skippingBlanks(script, from: end)
    }
    return count
}

private func isComplete(_ text: ArraySlice<UInt8>) -> Bool {
    String(decoding: text, as: UTF8.self).withCString { sqlite3_complete($0) != 0 }
}

extension String {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
