// Sessions in the database: they hold while they are used and their token holds, and what was written of a correction is
// never changed.

import Domain
import SQLite
import Testing

@testable import Storage

@Suite struct SessionTests {
    let region: Region
    private let hash = [UInt8](repeating: 107, count: 32)
    private let secret = [UInt8](repeating: 201, count: 32)
    private let token: TokenID

    init() throws {
        region = try Region(seed: 11)
        token = region.newID()
        let record = TokenRecord(
            id: token, organisation: Region.organisation(1), role: .referrer, referral: nil, label: "l",
            createdAt: region.now, expiresAt: region.now.adding(seconds: 5_000), addresses: AddressList("192.0.2.0/24"))
        try TokenStore(region.db).insert(record, hash: secret)
        try SessionStore(region.db).insert(
            hash, of: token, livesUntil: at(1_800), endsAt: at(7_200), at: region.now)
    }

    private func at(_ seconds: Int64) -> Instant { region.now.adding(seconds: seconds) }

    private func live(_ seconds: Int64, _ hash: [UInt8]? = nil) throws -> LiveToken? {
        try TokenStore(region.db).live(session: hash ?? self.hash, at: at(seconds))
    }

    @Test func itSpeaksForItsToken() throws {
        let found = try #require(try live(0))
        let own = try #require(try TokenStore(region.db).live(hash: secret, at: region.now))
        #expect(found.actor == own.actor && found.addresses == own.addresses)
        #expect(found.session?.tokenHash == secret && found.session?.hash == hash)
        #expect(found.expiresAt == at(1_800) && own.expiresAt == at(5_000))
        #expect(try live(0, secret) == nil && TokenStore(region.db).live(hash: hash, at: region.now) == nil)
    }

    @Test func idleAndWhole() throws {
        let store = SessionStore(region.db)
        #expect(try live(1_799) != nil && live(1_800) == nil)
        try store.extend(hash, until: at(3_000), at: at(1_500))
        #expect(try live(2_999) != nil && live(3_000) == nil)
        try store.extend(hash, until: at(2_000), at: at(1_500))
        #expect(try live(2_999) != nil, "never back")
        try store.extend(hash, until: at(9_000), at: at(3_001))
        #expect(try live(3_001) == nil, "what has ended stays so")
        try SessionStore(region.db).insert(
            [UInt8](repeating: 108, count: 32), of: token, livesUntil: at(1_800), endsAt: at(2_000), at: region.now)
        try store.extend([UInt8](repeating: 108, count: 32), until: at(9_000), at: at(10))
        #expect(try live(2_000, [UInt8](repeating: 108, count: 32)) == nil, "not beyond its end")
        #expect(try live(1_999, [UInt8](repeating: 108, count: 32))?.expiresAt == at(2_000))
    }

    @Test func itEndsWithItsTokenItsOrganisationAndByHand() throws {
        #expect(try SessionStore(region.db).isKnown(hash))
        #expect(try !SessionStore(region.db).isKnown(secret))
        try SessionStore(region.db).extend(hash, until: at(7_000), at: region.now)
        #expect(try live(4_999)?.expiresAt == at(5_000) && live(5_000) == nil, "the token's end is the session's")
        try SessionStore(region.db).end(hash, at: at(10))
        #expect(try live(10) == nil && SessionStore(region.db).isKnown(hash))
    }

    @Test func revoked() throws {
        #expect(try TokenStore(region.db).revoke(token, at: region.now))
        #expect(try live(1) == nil)
    }

    @Test func ofAClosedOrganisation() throws {
        #expect(try OrganisationStore(region.db).disable(Region.organisation(1), at: region.now))
        #expect(try live(1) == nil)
    }

    @Test func longEndedOnesAreForgotten() throws {
        let later = at(7_200 + 7 * 86_400 + 1)
        try SessionStore(region.db).insert(
            [UInt8](repeating: 109, count: 32), of: token, livesUntil: later, endsAt: later, at: later)
        #expect(try !SessionStore(region.db).isKnown(hash))
        #expect(try SessionStore(region.db).isKnown([UInt8](repeating: 109, count: 32)))
    }

    @Test func aTraceIsNeverChangedNorRemoved() throws {
        let referral = try region.addReferral()
        let event: EventID = region.newID()
        let actor = Actor(token: token, organisation: Region.organisation(1), role: .referrer)
        try EventStore(region.db).insert(
            event, about: referral, kind: Event.correctionKind, from: nil, to: nil, by: actor, reason: nil,
            at: region.now)
        let store = CorrectionStore(region.db)
        try store.insert(
            [FieldTrace(.phone, before: "0531234567"), FieldTrace(.infix, before: nil)], of: event, about: referral)
        #expect(
            try store.traces(of: event, about: referral, in: [.contact]) == [FieldTrace(.phone, before: "0531234567")])
        #expect(try store.traces(of: event, about: referral, in: [.contact, .identity]).count == 2)
        #expect(throws: SQLiteError.self) { try region.db.run("UPDATE field_trace SET before = 'x'") }
        #expect(throws: SQLiteError.self) { try region.db.run("DELETE FROM field_trace") }
        #expect(try store.traces(of: event, about: referral, in: [.contact, .identity]).count == 2)
    }
}
