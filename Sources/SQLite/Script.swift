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
    /// - Precondition: a transaction is open.
    /// - Throws: `ScriptFailure` for the first statement that fails; those before it have been run.
    package func runScript(_ script: [UInt8]) throws(ScriptFailure) {
        precondition(isInTransaction, "a script runs in its caller's transaction")
        forbidTransactionControl(true)
        defer { forbidTransactionControl(false) }
        var offset = skippingBlanks(script, from: 0)
        while offset < script.count {
            offset = skippingBlanks(script, from: try runStatement(of: script, at: offset))
        }
    }

    /// BEGIN, COMMIT, SAVEPOINT, ATTACH and their like don't compile meanwhile
    /// (https://www.sqlite.org/c3ref/set_authorizer.html).
    private func forbidTransactionControl(_ forbidden: Bool) {
        guard forbidden else {
            sqlite3_set_authorizer(handle, nil, nil)
            return
        }
        sqlite3_set_authorizer(
            handle,
            { _, action, _, _, _, _ in
                switch action {
                case SQLITE_TRANSACTION, SQLITE_SAVEPOINT, SQLITE_ATTACH, SQLITE_DETACH: SQLITE_DENY
                default: SQLITE_OK
                }
            }, nil)
    }

    /// Runs the statement that starts at `start` and tells where it ends.
    private func runStatement(of script: [UInt8], at start: Int) throws(ScriptFailure) -> Int {
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
private func skippingBlanks(_ script: [UInt8], from start: Int) -> Int {
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
