// Whether a database file is what it should be: its history, pages, references and ledger. Looks at any file, in use or
// a copy, and changes nothing.

internal import SQLite

/// What a look at a whole file found.
package struct DatabaseHealth: Sendable {
    /// One thing that was looked at.
    package struct Check: Sendable, Equatable {
        package var name: String
        /// What is wrong, in one line; nil when it is well.
        package var problem: String?

        /// A check by its name, with what is wrong.
        package init(name: String, problem: String?) {
            self.name = name
            self.problem = problem
        }
    }

    package private(set) var checks: [Check] = []
    /// The ledger's walk; nil of a database that waits for migrations, whose ledger has another form.
    package private(set) var ledger: LedgerVerdict?
    /// How many migrations the file lacks.
    package private(set) var pendingMigrations = 0

    /// The first thing that is wrong; nil when all is well.
    package var problem: String? {
        checks.lazy.compactMap { check in check.problem.map { "\(check.name): \($0)" } }.first
    }

    /// Looks at the file at `path`, with the ledger held against anchors; `step` is told what comes next.
    ///
    /// - Throws: `StorageFault` when the file can't be looked at at all.
    package init(
        of path: String, against anchors: [LedgerAnchor] = [], step: (_ name: String) -> Void = { _ in }
    ) throws(StorageFault) {
        let history = try Migrator().status(at: path)
        checks.append(Check(name: "migrations", problem: history.refusal?.description))
        pendingMigrations = history.pending.count
        do {
            let db = try Connection(path: path, settings: ConnectionSettings(access: .readOnly))
            step("integrity")
            checks.append(Check(name: "integrity", problem: try db.integrityCheck().first))
            // On damaged pages the other checks would only stumble.
            guard problem == nil else { return }
            step("references")
            checks.append(Check(name: "references", problem: try db.foreignKeyCheck().first))
            guard pendingMigrations == 0, problem == nil else { return }
            step("ledger")
            let verdict = try LedgerStore(db).check(against: anchors)
            ledger = verdict
            checks.append(Check(name: "ledger", problem: verdict.broken?.text))
        } catch {
            throw StorageFault(opening: path, error)
        }
    }
}
