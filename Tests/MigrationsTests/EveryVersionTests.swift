// From every earlier version, with rows in every table it had, to the newest: each row is there with the values it had, what
// a migration adds is counted, the schema is that of a new database, all checks hold, and the service reads what is in it.

import Domain
import Migrations
import SQLite
import Storage
import TestKit
import Testing
import UseCases

@Suite struct EveryVersionTests {
    static let newest = EmbeddedMigrations.all.count

    /// A database as it came to be: made at version 1, filled, and brought to each version when that was new.
    func database(at version: Int) throws -> MigratorBench {
        let bench = try MigratorBench()
        for number in 1...version {
            try Migrator().up(at: bench.path, to: number, keepsCopy: false, now: bench.now)
            let db = try bench.connect(.readWrite)
            try UpgradeRows.write(number, to: db)
            switch number {
            case 1: try OldLedger.append(1...3, form: 1, to: db)
            case 3: try OldLedger.append(4...6, form: 2, to: db)
            case 6: try Self.applySettings(to: db)
            case 12: try Self.look(in: db)
            default: break
            }
        }
        return bench
    }

    private static func applySettings(to db: Connection) throws {
        var settings = RegionSettings.standard
        settings.name = "Oost"
        let code = try #require(Municipality(code: "GM0153"))
        settings.municipalities = [RegionMunicipality(code: code, name: "Enschede", central: code)]
        let version = try RegionStore(db).insert(settings, at: Instant(milliseconds: 1_780_000_000_000))
        #expect(version == 1)
    }

    private static func look(in db: Connection) throws {
        let looks = [UInt8(0x21), 0x22].map {
            Disclosure(
                referral: OldLedger.id($0), object: OldLedger.id($0), action: "read", groups: [.identity, .contact])
        }
        for _ in 0..<2 {
            try LedgerStore(db).append(
                looks, by: coordinator, trace: RequestTrace(requestID: "n", address: ""),
                at: Instant(milliseconds: 1_780_000_000_000))
        }
    }

    // MARK: Rows

    /// The rows of every table, as SQL literals of columns that the newest version has too.
    private struct Rows {
        var tables: [String: [String]] = [:]

        init(_ db: Connection, as columns: [String: [String]]) throws {
            for (table, wanted) in try Rows.columns(db) {
                let shared = wanted.filter { columns[table]?.contains($0) == true }.sorted()
                #expect(!shared.isEmpty, "\(table) is gone")
                let list = shared.map { "quote(\"\($0)\")" }.joined(separator: " || ' ' || ")
                tables[table] = try db.all(SQL(dynamic: "SELECT \(list) FROM \"\(table)\"")) { $0.text(0) }
            }
        }

        /// The columns of every table.
        static func columns(_ db: Connection) throws -> [String: [String]] {
            let names = try db.all(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            ) { $0.text(0) }
            return try names.reduce(into: [:]) { columns, name in
                columns[name] = try db.all("SELECT name FROM pragma_table_xinfo(?)", name) { $0.text(0) }
            }
        }
    }

    /// What migrations add to tables by themselves: after which version, and how many rows, from what stood there.
    private static func added(from version: Int, to rows: [String: [String]]) -> [String: Int] {
        let toldOf = [
            "referral", "match", "support_request", "tenancy", "dwelling", "task", "signal", "handover", "consultation",
        ]
        let all: [(migration: Int, table: String, rows: Int)] = [
            (6, "clock", 12), (6, "clock_pause", 1), (11, "dwelling_offering", 5), (12, "generation", 1),
            (12, "ledger_person", version < 3 ? 3 : 6), (19, "organisation", 1), (19, "access_token", 1),
            (19, "task_event", version < 5 ? 0 : 4), (22, "feed_position", 1), (22, "feed_epoch", 1),
            (22, "touched", toldOf.reduce(0) { $0 + (rows[$1]?.count ?? 0) }), (27, "opening_count", 10),
        ]
        var counts = ["schema_migration": newest - version]
        for one in all where one.migration > version { counts[one.table, default: 0] += one.rows }
        return counts
    }

    /// Rows that a migration changes on purpose: the clock that ends with the key, and the count of commits.
    private static func changed(from version: Int) -> [String: Int] {
        ["clock": (6..<19).contains(version) ? 1 : 0, "generation": version < 12 ? 0 : 1]
    }

    private func schema(_ db: Connection) throws -> [String] {
        try db.all("SELECT type || ' ' || name || ' ' || tbl_name || ' ' || ifnull(sql, '') FROM sqlite_schema") {
            $0.text(0)
        }.sorted()
    }

    @Test(arguments: 1..<newest) func everyRowIsCarriedAlong(version: Int) throws {
        let fresh = try MigratorBench()
        try Migrator().up(at: fresh.path, now: fresh.now)
        let columns = try Rows.columns(fresh.connect())
        #expect(
            columns.mapValues { $0.joined(separator: " ") } == SchemaTests.tables, "the snapshot is that of the schema")

        let bench = try database(at: version)
        let before = try Rows(bench.connect(), as: columns)
        #expect(before.tables.filter(\.value.isEmpty).keys.sorted() == [], "tables without rows")
        #expect(try Migrator().up(at: bench.path, now: bench.now).count == Self.newest - version)
        let db = try bench.connect()
        // Of the newest tables what the older one has of them.
        let old = try MigratorBench()
        try Migrator().up(at: old.path, to: version, now: old.now)
        let oldColumns = try Rows.columns(old.connect())
        let after = try Rows(db, as: columns.merging(oldColumns) { new, old in new.filter(old.contains) })
        for (table, rows) in before.tables {
            let now = after.tables[table] ?? []
            let lost = Set(rows).subtracting(now)
            #expect(lost.count == Self.changed(from: version)[table] ?? 0, "\(table): \(lost.sorted())")
        }
        let more = Self.added(from: version, to: before.tables)
        for (table, rows) in after.tables {
            #expect(rows.count == (before.tables[table]?.count ?? 0) + (more[table] ?? 0), "\(table)")
        }
        #expect(try schema(db) == schema(fresh.connect()))
        #expect(try db.integrityCheck() == [])
        #expect(try db.foreignKeyCheck() == [])
        let health = try DatabaseHealth(of: bench.path)
        #expect(health.problem == nil)
        #expect(health.checks.map(\.name) == ["migrations", "integrity", "references", "ledger"])
        #expect(health.ledger?.entries == (version < 3 ? 3 : version < 12 ? 6 : 10))
    }

    // MARK: Reading

    private static let coordinator = Actor(
        token: OldLedger.id(0x13), organisation: OldLedger.id(0x04), role: .coordinator)
    private static let caller = Caller(actor: coordinator, trace: RequestTrace(requestID: "t", address: ""))

    @Test(arguments: 1..<newest) func theServiceReadsWhatIsInIt(version: Int) throws {
        let bench = try database(at: version)
        try Migrator().up(at: bench.path, now: bench.now)
        let environment = TestClock(at: Instant(milliseconds: 1_781_000_000_000)).environment()
        let database = try Database(path: bench.path, lanes: 1, environment: environment)
        defer { database.close() }
        let caller = Self.caller
        try database.read(lane: 0) { tx in
            // Every referral but the destroyed one, whole.
            for number in Array(UInt8(0x21)...0x2d) + (version < 7 ? [] : [0x31]) {
                let dossier = try ReadDossier.run(OldLedger.id(number), by: caller, in: tx).value
                #expect(dossier.referral.standing.id == OldLedger.id(number))
                #expect(dossier.disclosures.count == (version >= 12 && number < 0x23 ? 2 : 0))
            }
            if version >= 9 {
                #expect(throws: UseCaseFault.self) { _ = try Look.referral(OldLedger.id(0x32), by: caller, in: tx) }
            }
            try expectRobin(try ReadDossier.run(OldLedger.id(0x21), by: caller, in: tx).value, version)

            // Not the clock's own, which is nobody's to choose.
            let organisations = try OrganisationStore(tx.db).list()
            #expect(organisations.count == 6)
            let tokens = try TokenStore(tx.db).list()
            #expect(tokens.count == 6 + [2, 10, 24].count { version >= $0 })
            #expect(tokens.count { $0.addresses != nil } == (version < 2 ? 0 : 1))
            let queue = try Look.referrals(ReferralFilter(), page: PageRequest(limit: 100), by: caller, in: tx).value
            #expect(queue.items.count == 13 + (version < 7 ? 0 : 1))
            let homes = try Look.dwellings(DwellingFilter(), page: PageRequest(limit: 100), by: caller, in: tx)
            #expect(homes.items.count == 5 + (version < 11 ? 0 : 1))
            let matches = try Look.matches(states: [], page: PageRequest(limit: 9), by: caller, in: tx)
            #expect(matches.value.items.count == 4)
            #expect(try Look.tenancies(page: PageRequest(limit: 9), by: caller, in: tx).value.items.count == 1)
            let asked = try Look.supportRequests(
                states: [], about: nil, page: PageRequest(limit: 9), by: caller, in: tx)
            #expect(asked.value.items.count == 3 + (version < 16 ? 0 : 1))
            let settings = try RegionStore(tx.db).current().settings
            #expect(settings.name == (version < 6 ? RegionSettings.standard.name : "Oost"))
            try expectLater(version, tx)
        }
    }

    /// What was written of one person stands there, in the words and numbers of the day.
    private func expectRobin(_ dossier: Dossier, _ version: Int) throws {
        #expect(dossier.reports.map(\.response?.agrees) == [true, false])
        #expect(dossier.wishes.count == 2 && dossier.consents.count == 2)
        #expect(dossier.matches.count == 1 && dossier.supportRequests.count == 1 && dossier.tenancies.count == 1)
        #expect(dossier.events.count == (version < 13 ? 2 : 3))
        #expect(dossier.corrections.count == (version < 13 ? 0 : 2))
        #expect(dossier.erasureRequests.count == (version < 9 ? 0 : 1))
        #expect(dossier.records.count == (version < 15 ? 0 : 1))
        #expect(dossier.measurements.count == (version < 15 ? 0 : 1))
        #expect(dossier.network.count == (version < 15 ? 0 : 2))
        #expect(dossier.exclusionZones.count == (version < 15 ? 0 : 1))
        #expect(dossier.signals.count == (version < 20 ? 0 : 1))
        // That of the wishes, made by version 6 and ended by 19; and the one that was written down at 6.
        #expect(dossier.clocks.count { $0.kind == .wishes && $0.endedOn != nil } == 1)
        #expect(dossier.clocks.count == (version < 6 ? 1 : 2))
    }

    /// What later versions brought.
    private func expectLater(_ version: Int, _ tx: ReadTransaction) throws {
        let caller = Self.caller
        let tasks = try DoTask.list(TaskFilter(), page: PageRequest(limit: 9), by: caller, in: tx).value.items
        #expect(tasks.count { $0.id == OldLedger.id(0x81) } == (version < 5 ? 0 : 1))
        #expect(tasks.count { $0.referral == nil } == (version < 19 ? 0 : 1))
        for task in tasks { #expect(try !TaskStore(tx.db).history(of: task.id).isEmpty) }
        let runs = try RunMatches.list(PageRequest(limit: 9), by: caller, in: tx).items
        #expect(runs.count == (version < 17 ? 0 : 2))
        for run in runs where run.outcome != nil {
            #expect(try RunMatches.homes(of: run.id, page: PageRequest(limit: 9), by: caller, in: tx).items.count == 1)
            #expect(try MatchRunStore(tx.db).people(of: run.id).map(\.score) == [77, nil])
        }
        let consultations = try Consult.list(state: nil, page: PageRequest(limit: 9), by: caller, in: tx).items
        #expect(consultations.count == (version < 16 ? 0 : 2))
        let signals = try Signals.list(SignalFilter(), page: PageRequest(limit: 9), by: caller, in: tx).value.items
        #expect(signals.count == (version < 20 ? 0 : 2))
        let handovers = try HandOver.list(nil, page: PageRequest(limit: 9), by: caller, in: tx).value.items
        #expect(handovers.count == (version < 20 ? 0 : 1))
        #expect(try OfferLifeStore(tx.db).vote(on: OldLedger.id(0x54))?.inFavour == (version < 18 ? nil : 3))
        #expect(try SessionStore(tx.db).isKnown([UInt8](repeating: 0, count: 32)) == (version >= 14))
    }
}
