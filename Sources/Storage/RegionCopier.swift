// Copies of a made-up region, table by table in SQL: as many people and homes as anybody wants to measure with, each with a
// life that was lived through the rules once. It knows the schema from the file itself: a copied row's own id and whatever
// it points to among copied rows get new ids, and everything else stays as it was.

internal import Domain
internal import SQLite

/// Copies the people and homes of a database.
package struct RegionCopier {
    /// A table as it is copied.
    private struct Table {
        let name: String
        let columns: [(name: String, isMapped: Bool)]
        /// Which of its rows are of the first region.
        let condition: String
    }

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
    /// Three bytes for each copy, which the ids of its rows have where no row of the first region has them.
    private let marks: [[UInt8]]

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
            WHERE m.type = 'table'
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
            let condition: String
            if withoutRowID.contains(next), let parent = own.first {
                let last = try Self.lastRow(of: parent.to, db)
                condition = "\(parent.column) IN (SELECT id FROM \"\(parent.to)\" WHERE rowid <= \(last))"
            } else {
                condition = "\"\(next)\".rowid <= \(try Self.lastRow(of: next, db))"
            }
            tables.append(
                Table(name: next, columns: columns.map { ($0, mapped.contains($0)) }, condition: condition))
        }
        self.tables = tables
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
        marks = Array(every.filter { !taken.contains($0) }.prefix(copies))
    }

    private static func lastRow(of table: String, _ db: Connection) throws -> Int {
        try db.first(SQL(dynamic: "SELECT coalesce(max(rowid), 0) FROM \"\(table)\"")) { $0.int(0) } ?? 0
    }

    /// Writes one more copy, and into the ledger that its people were entered; says how many these are.
    ///
    /// - Parameter number: from 1 to the number of copies, each once.
    package func copy(_ number: Int, in tx: WriteTransaction) throws -> Int {
        let db = tx.db
        for table in tables {
            let names = table.columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
            let values = table.columns.map { Self.value($0.name, $0.isMapped, of: table.name) }
            try db.run(
                SQL(
                    dynamic: """
                        WITH copy (copy_mark, copy_number, copy_people) AS (VALUES (?, ?, ?))
                        INSERT INTO "\(table.name)" (\(names)) SELECT \(values.joined(separator: ", "))
                        FROM "\(table.name)", copy WHERE \(table.condition)
                        """), marks[number - 1], number, people)
        }
        let first = number * people
        let entered: [ReferralID] = try db.all(
            "SELECT id FROM referral WHERE number > ? AND number <= ? ORDER BY id", first, first + people
        ) { $0.id(0) }
        try LedgerStore(db).append(
            entered.map {
                Disclosure(referral: $0, object: $0.retyped(), action: "create", groups: .personalInReferral)
            },
            by: .localOperator, trace: tx.localTrace("demo"), at: tx.now)
        return entered.count
    }

    private static func value(_ column: String, _ isMapped: Bool, of table: String) -> String {
        if let change = changed["\(table).\(column)"] { return change }
        // Bytes joined are text to SQLite.
        return isMapped
            ? "CAST(substr(\"\(column)\", 1, 9) || copy_mark || substr(\"\(column)\", 13) AS BLOB)" : "\"\(column)\""
    }
}
