// Runs a file of statements, for migrations: one after the other, telling which one failed and on which line. The
// script runs inside its caller's transaction and can't end it.

internal import CSQLite

/// The statement of a script that failed.
package struct ScriptFailure: Error, Hashable, Sendable {
    /// The line it is on, from 1; the exact line where SQLite tells it, else the statement's first.
    package let line: Int
    /// The start of the statement.
    package let statement: String
    /// What SQLite said.
    package let error: SQLiteError
}

extension Connection {
    /// Runs the statements of `script` (UTF-8) in order; results are ignored.
    ///
    /// - Parameters:
    ///   - instructions: How many instructions of SQLite's machine there are between two looks at one statement; a million.
    ///   - watch: Told of each statement before it runs, and now and then while it does.
    /// - Precondition: a transaction is open.
    /// - Throws: `ScriptFailure` for the first statement that fails; those before it have been run.
    package func runScript(
        _ script: [UInt8], everyInstructions instructions: Int? = nil,
        watch: (ScriptMoment) -> Void = { _ in }
    ) throws(ScriptFailure) {
        precondition(isInTransaction, "a script runs in its caller's transaction")
        let outcome = withoutActuallyEscaping(watch) { tell in
            let watch = ScriptWatch(of: script, tell: tell)
            authorise(as: watch)
            defer { sqlite3_set_authorizer(handle, nil, nil) }
            return watched(everyInstructions: instructions, by: { watch.look(rowsWalked) }) {
                Result { () throws(ScriptFailure) in try runStatements(of: script, watch) }
            }
        }
        try outcome.get()
    }

    private func runStatements(of script: [UInt8], _ watch: ScriptWatch) throws(ScriptFailure) {
        var offset = skippingBlanks(script, from: 0)
        while offset < script.count {
            offset = skippingBlanks(script, from: try runStatement(of: script, at: offset, watch))
        }
    }

    /// BEGIN, COMMIT, SAVEPOINT, ATTACH and their like don't compile meanwhile, and the watch learns of the tables that a
    /// statement itself, not a trigger of it, reads and fills (https://www.sqlite.org/c3ref/set_authorizer.html).
    private func authorise(as watch: ScriptWatch) {
        sqlite3_set_authorizer(
            handle,
            { context, action, table, _, _, trigger in
                if let context, let table, trigger == nil {
                    let watch = Unmanaged<ScriptWatch>.fromOpaque(context).takeUnretainedValue()
                    switch action {
                    case SQLITE_READ: watch.tables.read.insert(String(cString: table))
                    case SQLITE_INSERT: watch.tables.filled.insert(String(cString: table))
                    default: break
                    }
                }
                switch action {
                case SQLITE_TRANSACTION, SQLITE_SAVEPOINT, SQLITE_ATTACH, SQLITE_DETACH: return SQLITE_DENY
                default: return SQLITE_OK
                }
            }, Unmanaged.passUnretained(watch).toOpaque())
    }

    /// The rows that the statement just compiled walks through, as far as that can be known.
    private func rowsToRead(_ watch: ScriptWatch) -> Int? {
        guard let source = watch.tables.source, !source.hasPrefix("sqlite_") else { return nil }
        let name = source.replacing("\"", with: "\"\"")
        guard let counting = try? prepareOnce("SELECT count(*) FROM \"\(name)\""), (try? counting.step()) == true else {
            return nil
        }
        return Int(sqlite3_column_int64(counting.handle, 0))
    }

    /// Runs the statement that starts at `start` and tells where it ends.
    private func runStatement(of script: [UInt8], at start: Int, _ watch: ScriptWatch) throws(ScriptFailure) -> Int {
        watch.tables = StatementTables()
        var consumed = 0
        var errorOffset = -1
        let code = script[start...].withUnsafeBytes { raw -> Int32 in
            var statement: OpaquePointer?
            var tail: UnsafePointer<CChar>?
            let text = raw.baseAddress?.assumingMemoryBound(to: CChar.self)
            let prepared = sqlite3_prepare_v2(handle, text, Int32(clamping: raw.count), &statement, &tail)
            if let text, let tail { consumed = tail - text }
            guard prepared == SQLITE_OK else {
                errorOffset = Int(sqlite3_error_offset(handle))
                return prepared
            }
            defer { sqlite3_finalize(statement) }
            guard let statement else { return SQLITE_OK }
            watch.start(String(decoding: script[start..<start + consumed], as: UTF8.self)[...], rows: rowsToRead(watch))
            var stepped = sqlite3_step(statement)
            while stepped == SQLITE_ROW { stepped = sqlite3_step(statement) }
            return stepped == SQLITE_DONE ? SQLITE_OK : stepped
        }
        guard code == SQLITE_OK, consumed > 0 else {
            let error =
                code == SQLITE_OK
                ? SQLiteError(code: .error, message: "a NUL byte") : SQLiteError(code: code, connection: handle)
            throw failure(of: script, statementAt: start, errorOffset: errorOffset, error)
        }
        return start + consumed
    }

    private func failure(
        of script: [UInt8], statementAt start: Int, errorOffset: Int, _ error: SQLiteError
    ) -> ScriptFailure {
        let place = start + max(0, errorOffset)
        let line = script.prefix(place).count { $0 == UInt8(ascii: "\n") } + 1
        let text = String(decoding: script[start...].prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)
        return ScriptFailure(line: line, statement: String(text.prefix(Limits.sqlExcerptCharacters)), error: error)
    }
}

/// Where the next statement starts: past white space, `-- …` to the end of its line and `/* … */`.
func skippingBlanks(_ script: [UInt8], from start: Int) -> Int {
    var rest = script[start...]
    while let byte = rest.first {
        if byte <= 0x20 && byte != 0 {
            rest.removeFirst()
        } else if rest.starts(with: "--".utf8) {
            rest = rest.drop { $0 != UInt8(ascii: "\n") }
        } else if rest.starts(with: "/*".utf8) {
            rest.removeFirst(2)
            while !rest.isEmpty, !rest.starts(with: "*/".utf8) { rest.removeFirst() }
            rest = rest.dropFirst(2)
        } else {
            break
        }
    }
    return rest.startIndex
}
