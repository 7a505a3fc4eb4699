// What makes an earlier reading a thing of the past: every change through Storage, by whichever process, and nothing that
// only writes down a look.

import Domain
import Migrations
import SQLite
import Storage
import Testing

@Suite struct GenerationTests {
    let region: Region
    let database: Database
    private struct Refused: Error {}

    init() throws {
        region = try Region()
        database = try Self.open(region)
    }

    private static func open(_ region: Region) throws -> Database {
        let now = region.now
        return try Database(
            path: region.folder + "/region.db", lanes: 2,
            environment: Environment(now: { now }, randomBits: { 0x0123_4567_89AB_CDEF }))
    }

    /// Whether what both lanes had read is still true after `body`.
    private func stays(after body: () async throws -> Void) async throws -> Bool {
        let before = try (0...1).map { try database.version(lane: $0) }
        try await body()
        let after = try (0...1).map { try database.version(lane: $0) }
        #expect((before[0] == after[0]) == (before[1] == after[1]), "the lanes agree")
        return before == after
    }

    private static let looks = [
        Disclosure(
            referral: ReferralID(high: 1, low: 1), object: Identifier(high: 1, low: 1), action: "read",
            groups: .identity)
    ]

    private func look(_ database: Database) async throws {
        try await database.record(Self.looks, by: region.actor(), trace: RequestTrace(requestID: "r", address: ""))
    }

    @Test func aLookChangesNothing() async throws {
        let other = try Self.open(region)
        defer { other.close() }
        for database in [database, other] {
            #expect(try await stays { try await look(database) })
            #expect(
                try await stays {
                    database.noteUse(of: region.actor().token, on: Region.day)
                    // Waits for the one before it.
                    try await look(database)
                })
        }
        #expect(try database.read(lane: 0) { try LedgerStore($0.db).count() } == 4)
    }

    @Test func everythingElseIsAChange() async throws {
        let other = try Self.open(region)
        defer { other.close() }
        for database in [database, other] {
            #expect(try await !stays { try await database.write { _ in } }, "whatever a job does")
            #expect(try await !stays { try await database.write { _ = try SettingStore($0.db).update("x", to: "y") } })
            #expect(
                try await !stays {
                    let (looks, actor) = (Self.looks, region.actor())
                    async let looking: Void = database.record(
                        looks, by: actor, trace: RequestTrace(requestID: "r", address: ""))
                    async let writing: Void = database.write { _ in }
                    _ = try await (looking, writing)
                })
        }
        let path = region.folder + "/region.db"
        let number = EmbeddedMigrations.all.count + 1
        let more =
            EmbeddedMigrations.all + [Migration(number: number, name: "more", sql: [UInt8]("SELECT 1;".utf8))]
        #expect(try await !stays { try Migrator(migrations: more).up(at: path, now: { region.now }) })
    }

    @Test func aJobThatIsUndoneIsNoChange() async throws {
        #expect(
            try await stays {
                await #expect(throws: Refused.self) { try await database.write { _ in throw Refused() } }
                try await look(database)
            })
    }

    /// Without the count every commit is a change, looks included.
    @Test func withoutACountEverythingIsAChange() async throws {
        try region.db.run("DELETE FROM generation")
        #expect(try await !stays { try await look(database) })
        #expect(try await stays {})
    }
}
