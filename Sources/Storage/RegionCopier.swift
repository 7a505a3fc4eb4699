// Copies of a made-up region, table by table in SQL: as many people and homes as anybody wants to measure with, each with a
// life that was lived through the rules once. It knows the schema from the file itself: a copied row's own id and whatever
// it points to among copied rows get new ids, and everything else stays as it was.

internal import Domain
internal import SQLite

/// Copies the people and homes of a database, and what became of them.
package struct RegionCopier {
    /// A table as it is copied.
    private struct Table {
        let name: String
        let columns: [(name: String, isMapped: Bool)]
        /// Which of its rows have a `rowid` of the first region between two.
        let condition: String
        /// The last such.
        let last: Int
        /// How many of its rows there are for each such, at least 1.
        let rows: Int
    }

    /// A part of the work, for a transaction of its own.
    package struct Step: Sendable {
        fileprivate enum Work {
            /// The rows of a table that came after the first `done` of it, in every copy.
            case rows(table: Int, done: Int)
            /// What the ledger says of a copy's people.
            case ledger(copy: Int)
        }
        fileprivate let work: Work
    }

    /// Rows written in one step: of all copies of a few originals, as these lie side by side in the table and in nearly every
    /// index. Written copy by copy, each would touch all pages of all of them.
    private static let rowsPerStep = 200_000

    /// Where copying begins: everything that points to these is copied too.
    private static let roots = ["referral", "dwelling"]
    /// What points to them and stays alone: tokens are given out once, and runs and answers were those of their day.
    private static let kept: Set = [
        "access_token", "idempotency", "match_run", "match_run_candidate", "match_run_cap", "match_run_dwelling",
    ]
    /// What has to differ between copies beside ids.
    private static let changed = [
        "referral.number": "\"number\" + copy_number * copy_people",
        "referral.external_reference": "external_reference || '-' || copy_number",
        "dwelling.external_reference": "external_reference || '-' || copy_number",
        "person.birth_date": "birth_date - copy_number",
        "person.bsn": "NULL",
        "task_event.number": "NULL",
    ]

    private let tables: [Table]
    private let people: Int
    private let copies: Int
    /// The rows of the table `copy`: its number, and three bytes, which the ids of its rows have where no row of the first region
    /// has them.
    private let list: String
    /// What is to be done, one after another.
    package let steps: [Step]

    /// Reads the schema, and what there is to copy as many times as `copies` says.
    package init(copies: Int, in tx: ReadTransaction) throws {
        let db = tx.db
        people = try db.first("SELECT coalesce(max(number), 0) FROM referral") { $0.int(0) } ?? 0
        let withoutRowID = try db.all("SELECT name FROM pragma_table_list WHERE schema = 'main' AND wr = 1") {
            $0.text(0)
        }
        let references = try db.all(
            """
            SELECT m.name, f."from", f."table" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f
            WHERE m.type = 'table' AND f."to" IN ('id', 'referral_id') ORDER BY m.name, f."to", f.id
            """
        ) { (from: $0.text(0), column: $0.text(1), to: $0.text(2)) }
        .filter { !Self.kept.contains($0.from) && $0.from != $0.to }
        var left = Set(Self.roots)
        while case let more = Set(references.filter { left.contains($0.to) }.map(\.from)), !more.isSubset(of: left) {
            left.formUnion(more)
        }
        let copied = left
        var tables: [Table] = []
        // Whoever is pointed to comes first, as references are checked row by row.
        while let next = left.sorted().first(where: { name in
            !references.contains { $0.from == name && left.contains($0.to) }
        }) {
            left.remove(next)
            let own = references.filter { $0.from == next && copied.contains($0.to) }
            let mapped = Set(own.map(\.column) + ["id", "object_id"])
            let columns = try db.all("SELECT name FROM pragma_table_info(?)", next) { $0.text(0) }
            let counted: String
            let condition: String
            if withoutRowID.contains(next), let parent = own.first(where: { !withoutRowID.contains($0.to) }) {
                counted = parent.to
                condition = "\(parent.column) IN (SELECT id FROM \"\(parent.to)\" WHERE rowid > ? AND rowid <= ?)"
            } else {
                counted = next
                condition = "\"\(next)\".rowid > ? AND \"\(next)\".rowid <= ?"
            }
            tables.append(
                Table(
                    name: next, columns: columns.map { ($0, mapped.contains($0)) }, condition: condition,
                    last: try Self.lastRow(of: counted, db),
                    rows: counted == next ? 1 : try Self.rows(of: next, for: counted, db)))
        }
        self.tables = tables
        self.copies = copies
        var taken: Set<[UInt8]> = []
        for table in tables where table.columns.contains(where: { $0.name == "id" }) {
            taken.formUnion(
                try db.all(SQL(dynamic: "SELECT DISTINCT substr(id, 10, 3) FROM \"\(table.name)\"")) { $0.blob(0) })
        }
        let every = (1...0xFF_FFFF).lazy.map { (mark: UInt32) -> [UInt8] in
            [
                UInt8(truncatingIfNeeded: mark >> 16), UInt8(truncatingIfNeeded: mark >> 8),
                UInt8(truncatingIfNeeded: mark),
            ]
        }
        let marks = every.filter { !taken.contains($0) }.prefix(copies)
        list = zip(1..., marks).map { number, mark in
            "(\(number), x'\(mark.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())')"
        }.joined(separator: ", ")
        let rows = tables.indices.flatMap { table in
            stride(from: 0, to: tables[table].last, by: Self.originals(of: tables[table], in: copies)).map {
                Step(work: .rows(table: table, done: $0))
            }
        }
        steps = rows + (1...copies).map { Step(work: .ledger(copy: $0)) }
    }

    /// How many originals a step copies.
    private static func originals(of table: Table, in copies: Int) -> Int {
        max(1, rowsPerStep / copies / table.rows)
    }

    /// How many rows of a table there are for each of another, rounded up.
    private static func rows(of table: String, for other: String, _ db: Connection) throws -> Int {
        try db.first(
            SQL(
                dynamic: """
                    SELECT max(1, (SELECT count(*) FROM "\(table)") / max(1, (SELECT count(*) FROM "\(other)")) + 1)
                    """)
        ) { $0.int(0) } ?? 1
    }

    private static func lastRow(of table: String, _ db: Connection) throws -> Int {
        try db.first(SQL(dynamic: "SELECT coalesce(max(rowid), 0) FROM \"\(table)\"")) { $0.int(0) } ?? 0
    }

    /// Takes a step; a copy is whole when all are taken.
    package func take(_ step: Step, in tx: WriteTransaction) throws {
        switch step.work {
        case .rows(let table, let done): try copy(tables[table], after: done, tx.db)
        case .ledger(let number): try enter(copy: number, in: tx)
        }
    }

    private func copy(_ table: Table, after done: Int, _ db: Connection) throws {
        let names = table.columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
        let values = table.columns.map { Self.value($0.name, $0.isMapped, of: table.name) }
        let last = min(done + Self.originals(of: table, in: copies), table.last)
        try db.run(
            SQL(
                dynamic: """
                    WITH copy (copy_number, copy_mark) AS MATERIALIZED (VALUES \(list)), region (copy_people) AS (VALUES (?))
                    INSERT INTO "\(table.name)" (\(names)) SELECT \(values.joined(separator: ", "))
                    FROM region CROSS JOIN "\(table.name)" CROSS JOIN copy WHERE \(table.condition)
                    """), people, done, last)
    }

    /// Writes into the ledger that the people of a copy were entered.
    private func enter(copy number: Int, in tx: WriteTransaction) throws {
        let first = number * people
        let entered: [ReferralID] = try tx.db.all(
            "SELECT id FROM referral WHERE number > ? AND number <= ? ORDER BY id", first, first + people
        ) { $0.id(0) }
        try LedgerStore(tx.db).append(
            entered.map {
                Disclosure(referral: $0, object: $0.retyped(), action: "create", groups: .personalInReferral)
            },
            by: .localOperator, trace: tx.localTrace("demo"), at: tx.now)
    }

    private static func value(_ column: String, _ isMapped: Bool, of table: String) -> String {
        if let change = changed["\(table).\(column)"] { return change }
        // Bytes joined are text to SQLite.
        return isMapped
            ? "CAST(substr(\"\(column)\", 1, 9) || copy_mark || substr(\"\(column)\", 13) AS BLOB)" : "\"\(column)\""
    }
}
