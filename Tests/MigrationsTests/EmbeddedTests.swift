// The embedded list against the folder it comes from, and the whole of it on an empty database.

import Foundation
import Migrations
import SQLite
import Storage
import Testing

@Suite struct EmbeddedTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Migrations")

    @Test func theListIsTheFolder() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
            .filter { $0.hasSuffix(".sql") }.sorted()
        #expect(EmbeddedMigrations.all.map(\.fileName) == files)
        for migration in EmbeddedMigrations.all {
            let bytes = try Data(contentsOf: Self.folder.appendingPathComponent(migration.fileName))
            #expect(migration.sql == [UInt8](bytes))
        }
    }

    @Test func fromEmptyToEachVersion() throws {
        for target in 1...EmbeddedMigrations.all.count {
            let bench = try MigratorBench()
            let migrator = Migrator()
            #expect(try migrator.up(at: bench.path, to: target, now: bench.now).count == target)
            let rest = try migrator.up(at: bench.path, now: bench.now)
            #expect(rest.count == EmbeddedMigrations.all.count - target)
            let db = try bench.connect()
            #expect(try db.integrityCheck().isEmpty)
            #expect(try db.foreignKeyCheck().isEmpty)
            let loose = try db.all(
                "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'"
            ) { row in
                row.text(0)
            }
            #expect(loose.isEmpty)
        }
    }

    /// What stood in a database of the version before stands there still, and is found by the new indexes.
    @Test func scopeIndexesOverRows() throws {
        let bench = try MigratorBench()
        try Migrator().up(at: bench.path, to: 3, now: bench.now)
        let id = { (number: UInt8) in [UInt8](repeating: number, count: 16) }
        do {
            let db = try bench.connect(.readWrite)
            try db.run(
                """
                INSERT INTO organisation (id, kind, name, municipality, created_at) VALUES
                    (?, 'intake_point', 'A', NULL, 1), (?, 'care_provider', 'B', NULL, 1)
                """, id(1), id(2))
            try db.run(
                """
                INSERT INTO referral (id, number, organisation_id, route, municipality, status, received_at, updated_at,
                    household_adults, household_children, pets, accessibility, version)
                VALUES (?, 1, ?, 'clinic_exit', 'GM0153', 'submitted', 1, 1, 1, 0, 0, '', 1)
                """, id(3), id(2))
            try db.run(
                """
                INSERT INTO dwelling (id, organisation_id, status, form, municipality, neighbourhood, street, house_number,
                    postcode, city, rooms, rent, service_cost, accessibility, household_maximum, pets_allowed,
                    tenancy_kind, available_from, created_at, version)
                VALUES (?, ?, 'reserved', 'shared', 'GM0153', 'N', 'S', '1', '7511 AB', 'C', 1, 1, 0, '', 1, 0,
                    'regular', 1, 1, 1)
                """, id(4), id(1))
            for (match, state, offered) in [(UInt8(5), "withdrawn", Int?.none), (6, "offered", 2)] {
                try db.run(
                    """
                    INSERT INTO match (id, referral_id, dwelling_id, landlord_id, status, landlord_answer, candidate_answer,
                        reason, failing_limits, wish_version, referral_version, dwelling_version, created_at, offered_at,
                        version)
                    VALUES (?, ?, ?, ?, ?, 'pending', 'pending', 'r', '', 0, 1, 1, 1, ?, 1)
                    """, id(match), id(3), id(4), id(1), state, offered)
            }
            try db.run(
                """
                INSERT INTO support_request (id, referral_id, provider_id, status, needs, hours_per_week, asked_at,
                    answer_due_on, starts_on, contact_name, contact_phone, version)
                VALUES (?, ?, ?, 'accepted', '', 1, 1, 1, 1, 'N', '123', 1)
                """, id(7), id(3), id(2))
        }
        #expect(try Migrator().up(at: bench.path, now: bench.now).count == EmbeddedMigrations.all.count - 3)
        let db = try bench.connect()
        #expect(try db.integrityCheck().isEmpty && db.foreignKeyCheck().isEmpty)
        let offered = try db.all(
            """
            SELECT id FROM match INDEXED BY match_offered_landlord WHERE landlord_id = ? AND offered_at IS NOT NULL
            UNION ALL
            SELECT id FROM match INDEXED BY match_offered_referral WHERE referral_id = ? AND offered_at IS NOT NULL
            """, id(1), id(3)
        ) { $0.blob(0) }
        #expect(offered == [id(6), id(6)])
        let supported = try db.all(
            """
            SELECT referral_id FROM support_request INDEXED BY support_request_supported
            WHERE provider_id = ? AND status = 'accepted'
            """, id(2)
        ) { $0.blob(0) }
        #expect(supported == [id(3)])
    }

    /// FIPS 180-4's own examples.
    @Test(arguments: [
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ]) func checksum(text: String, sum: String) { #expect(Migrator.sha256([UInt8](text.utf8)) == sum) }
}
