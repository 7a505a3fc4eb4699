// Each migration on a database that holds rows of the version before it: what was there stays as it was, and the rest
// gets the value that says "not known".

import Domain
import Migrations
import SQLite
import Storage
import Testing

@Suite struct UpgradeTests {
    /// A database as the files before a named one leave it, filled by statements.
    private func database(before name: String, _ statements: [SQL]) throws -> MigratorBench {
        let bench = try MigratorBench()
        let number = try #require(EmbeddedMigrations.all.first { $0.name == name }).number
        try Migrator().up(at: bench.path, to: number - 1, now: bench.now)
        let db = try bench.connect(.readWrite)
        for statement in statements { try db.run(statement) }
        return bench
    }

    @Test func tokensOfBeforeHoldFromAnywhereAndWereNeverUsed() throws {
        let bench = try database(
            before: "token_use",
            [
                """
                INSERT INTO organisation (id, kind, name, created_at)
                VALUES (zeroblob(16), 'care_provider', 'Zorg', 1)
                """,
                """
                INSERT INTO access_token (id, organisation_id, role, label, hash, created_at, expires_at)
                VALUES (zeroblob(16), zeroblob(16), 'referrer', 'script', zeroblob(32), 7, 8)
                """,
            ])
        try Migrator().up(at: bench.path, now: bench.now)
        let db = try bench.connect(.readWrite)
        let token = try #require(try TokenStore(db).list().first)
        #expect(token.label == "script" && token.createdAt.milliseconds == 7 && token.expiresAt?.milliseconds == 8)
        #expect(token.addresses == nil && token.lastUsedOn == nil)
        #expect(throws: SQLiteError.self) { try db.run("UPDATE access_token SET addresses = ''") }
        #expect(try db.integrityCheck().isEmpty)
    }

    /// Who let somebody look along stands in the timeline of before; staff first, where two did in one millisecond.
    @Test func whoLetSomebodyLookAlongIsKnown() throws {
        let number = try #require(EmbeddedMigrations.all.first { $0.name == "token_origins" }).number
        let bench = try EveryVersionTests().database(at: number - 1)
        var db = try bench.connect(.readWrite)
        let (staff, candidate) = (OldLedger.id(0x12), OldLedger.id(0x16)) as (TokenID, TokenID)
        let referral: ReferralID = OldLedger.id(0x21)
        for (number, author, role) in [(UInt8(0xea), candidate, "candidate"), (0xeb, staff, "intaker")] {
            try db.run(
                """
                INSERT INTO event (id, referral_id, kind, at, token_id, organisation_id, role)
                SELECT ?, ?, 'trusted', 1780500000000, id, organisation_id, ? FROM access_token WHERE id = ?
                """, OldLedger.id(number) as EventID, referral, role, author)
        }
        try Migrator().up(at: bench.path, now: bench.now)
        db = try bench.connect(.readWrite)
        let delegate = try #require(try TokenStore(db).delegates(of: referral).first)
        #expect(delegate.label == "Tante Jo" && delegate.issuedBy == staff && delegate.replaces == nil)
    }
}
