// A wrong token costs no more than a right one. What is counted is work, not time: statements, and the steps that
// SQLite's machine takes for them.

import CSQLite
import Domain
import Storage
import Testing

@testable import SQLite

@Suite struct TokenLookUpTests {
    /// What looking a hash up takes on a connection that has done so before.
    private func work(_ db: Connection, _ hash: [UInt8], at now: Instant) throws -> (
        isLive: Bool, statements: Int, steps: Int
    ) {
        _ = try TokenStore(db).live(hash: hash, at: now)
        _ = count(db, SQLITE_STMTSTATUS_RUN) + count(db, SQLITE_STMTSTATUS_VM_STEP)
        let token = try TokenStore(db).live(hash: hash, at: now)
        return (token != nil, count(db, SQLITE_STMTSTATUS_RUN), count(db, SQLITE_STMTSTATUS_VM_STEP))
    }

    /// A counter over all statements of a connection, which starts at 0 again.
    private func count(_ db: Connection, _ counter: Int32) -> Int {
        var sum = 0
        var statement = sqlite3_next_stmt(db.handle, nil)
        while let current = statement {
            sum += Int(sqlite3_stmt_status(current, counter, 1))
            statement = sqlite3_next_stmt(db.handle, current)
        }
        return sum
    }

    @Test func aWrongTokenCostsNoMoreThanARightOne() throws {
        let region = try Region(seed: 5)
        func add(_ number: Int, organisation: Int = 1, expiresAt: Instant? = nil) throws -> (TokenID, [UInt8]) {
            let hash = [UInt8](repeating: UInt8(number), count: 32)
            let record = TokenRecord(
                id: region.newID(), organisation: Region.organisation(organisation), role: .referrer, referral: nil,
                label: "l", createdAt: region.now, expiresAt: expiresAt, addresses: AddressList("192.0.2.0/24"))
            try TokenStore(region.db).insert(record, hash: hash)
            return (record.id, hash)
        }
        let right = try add(201).1
        let expired = try add(202, expiresAt: region.now).1
        let revoked = try add(203)
        #expect(try TokenStore(region.db).revoke(revoked.0, at: region.now))
        let closed = try add(204, organisation: 7).1
        #expect(try OrganisationStore(region.db).disable(Region.organisation(7), at: region.now))

        let good = try work(region.db, right, at: region.now)
        #expect(good.isLive && good.statements == 1 && good.steps > 0)
        let unknown = [
            [UInt8](0..<32), [UInt8](repeating: 255, count: 32), right.dropLast() + [0], [0] + right.dropFirst(),
        ]
        for hash in unknown + [expired, revoked.1, closed] {
            let bad = try work(region.db, hash, at: region.now)
            #expect(!bad.isLive && bad.statements == 1 && bad.steps <= good.steps, "\(bad) beside \(good)")
        }
    }
}
