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
        var name = "migrations"
        func add(_ problem: String?) { checks.append(Check(name: name, problem: problem)) }
        do {
            let history = try Migrator().history(at: path)
            add(history.refusal?.description)
            pendingMigrations = history.pending.count
            let db = try Connection(path: path, settings: ConnectionSettings(access: .readOnly))
            name = "integrity"
            step(name)
            add(try db.integrityCheck().first)
            // On damaged pages the other checks would only stumble.
            guard problem == nil else { return }
            name = "references"
            step(name)
            add(try db.foreignKeyCheck().first)
            guard pendingMigrations == 0, problem == nil else { return }
            name = "ledger"
            step(name)
            let verdict = try LedgerStore(db).check(against: anchors)
            ledger = verdict
            add(verdict.broken?.text)
        } catch {
            // What can't be read for its damage has been looked at: it is not well.
            guard case .damaged(let reason) = StorageFault(opening: path, error) else {
                throw StorageFault(opening: path, error)
            }
            add("damaged: \(reason)")
        }
    }
}
