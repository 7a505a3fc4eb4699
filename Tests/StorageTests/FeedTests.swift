// The change feed in the database: what a commit leaves in it, in portions, and what becomes of a position when a copy is
// put back.

import Domain
import Foundation
import SQLite
import Testing

@testable import Storage

@Suite struct FeedTests {
    let region: Region
    private let coordinator: Actor

    init() throws {
        region = try Region()
        coordinator = region.actor(0, .coordinator)
    }

    private func page(_ db: Connection, after position: FeedPosition?, limit: Int = 100) throws -> FeedPage? {
        try FeedStore(db).list(PageRequest(limit: limit, after: position), for: coordinator)
    }

    /// Everything in small pages comes once, in order, and ends.
    @Test func pagesAreThoseOfOneList() throws {
        for _ in 0..<30 { _ = try region.addReferral() }
        _ = try FeedPublisher(region.db).publish(at: region.now)
        var after: FeedPosition?
        var found: [FeedEntry] = []
        for _ in 0..<20 {
            let page = try #require(try page(region.db, after: after, limit: 7))
            found += page.entries
            after = page.position
            if !page.isMore { break }
        }
        #expect(found.map(\.sequence) == found.map(\.sequence).sorted())
        #expect(Set(found.map(\.resource)).count == found.count)
        #expect(found.count(where: { $0.kind == .referral }) == 30)
        #expect(try page(region.db, after: after)?.entries == [])
    }

    /// More marks than one commit works off are told in portions, each once, whatever is marked in between.
    @Test func manyMarksAreToldInPortions() throws {
        for _ in 0..<40 { _ = try region.addReferral() }
        let referrals = try region.db.all("SELECT id FROM referral") { $0.blob(0) }
        var portions = 0
        var isMore = true
        while isMore {
            isMore = try FeedPublisher(region.db, marksPerCommit: 7).publish(at: region.now).isMore
            portions += 1
            try region.db.run("UPDATE referral SET version = version + 1 WHERE id = ?", Value.blob(referrals[0]))
            if portions == 3 { try region.db.run("DELETE FROM touched WHERE resource = ?", Value.blob(referrals[0])) }
            if portions > 3 { try region.db.run("DELETE FROM touched WHERE resource = ?", Value.blob(referrals[0])) }
        }
        #expect(portions > 5)
        let entries = try #require(try page(region.db, after: nil)).entries
        #expect(Set(entries.filter { $0.kind == .referral }.map(\.resource)).count == 40)
        #expect(try !FeedStore(region.db).isBehind)
    }

    /// Whoever starts the service goes on where the last one ended, or is told that they are ahead of this file.
    @Test func everyStartBeginsAnotherLife() throws {
        for _ in 0..<3 { _ = try region.addReferral() }
        _ = try FeedPublisher(region.db).publish(at: region.now)
        let early = try #require(try page(region.db, after: nil, limit: 2)).position
        let read = try #require(try page(region.db, after: nil)).position
        try FeedStore(region.db).beginEpoch(nonce: 42)
        #expect(try page(region.db, after: early)?.entries.count == 1)
        #expect(try page(region.db, after: read)?.position == FeedPosition(epoch: 42, sequence: read.sequence))
        let ahead = FeedPosition(epoch: read.epoch, sequence: read.sequence + 1)
        #expect(try page(region.db, after: ahead) == nil)
        _ = try region.addReferral()
        _ = try FeedPublisher(region.db).publish(at: region.now)
        #expect(try page(region.db, after: ahead) == nil, "also when this file has come as far")
        #expect(try page(region.db, after: read)?.entries.count == 1)
    }

    /// What was gone before somebody began to read is not told to them; what goes afterwards is.
    @Test func whoBeginsIsNotToldWhatIsGone() throws {
        let ids = try (0..<4).map { _ in try region.addReferral() }
        func restrict(_ id: ReferralID) throws {
            try RestrictionStore(region.db).restrict(id, to: [], reason: "Threats", at: region.now)
            _ = try FeedPublisher(region.db).publish(at: region.now)
        }
        _ = try FeedPublisher(region.db).publish(at: region.now)
        let before = try #require(try page(region.db, after: nil)).position
        try restrict(ids[0])
        #expect(try page(region.db, after: before)?.entries.contains { $0.isGone } == true)
        let first = try #require(try page(region.db, after: nil, limit: 2))
        #expect(first.isMore && !first.entries.contains { $0.isGone })
        try restrict(ids[3])
        var entries = first.entries
        var position = first.position
        while true {
            let next = try #require(try page(region.db, after: position, limit: 2))
            entries += next.entries
            position = next.position
            if !next.isMore { break }
        }
        #expect(!entries.contains { $0.resource == ids[0].retyped() })
        #expect(entries.last { $0.resource == ids[3].retyped() }?.isGone == true)
        #expect(position.floor == 0)
    }

    /// What is put back goes on in another life: nothing that was read before holds.
    @Test func aCopyThatIsPutBackBeginsAnotherLife() async throws {
        for _ in 0..<3 { _ = try region.addReferral() }
        _ = try FeedPublisher(region.db).publish(at: region.now)
        let early = try #require(try page(region.db, after: nil, limit: 2)).position
        let copied = try #require(try page(region.db, after: nil)).position
        let copy = region.folder + "/copy.db"
        try Backup.copy(region.folder + "/region.db", to: copy)
        _ = try region.addReferral()
        _ = try FeedPublisher(region.db).publish(at: region.now)
        let late = try #require(try page(region.db, after: copied)).position
        #expect(late != copied)
        let path = region.folder + "/restored.db"
        _ = try Restore.run(
            copy, to: path, anchors: path + ".anchors", replacing: false, now: region.now, progress: { _, _, _ in })
        let restored = try Connection(path: path, settings: ConnectionSettings(access: .readOnly))
        let rest = try #require(try page(restored, after: nil))
        #expect(rest.position.epoch != copied.epoch)
        #expect(try page(restored, after: rest.position)?.entries == [])
        for position in [early, copied] { #expect(try page(restored, after: position) == nil) }
        #expect(try page(restored, after: late) == nil)
        #expect(try page(restored, after: FeedPosition(epoch: 1, sequence: 1)) == nil)
        #expect(try page(restored, after: FeedPosition(epoch: copied.epoch, sequence: -1)) == nil)
    }

    /// The migration and the timeline agree on what is the intake point's own business.
    @Test func theIntakePointsOwnBusinessIsTheSameEverywhere() throws {
        let sql = try #require(
            try region.db.first("SELECT sql FROM sqlite_schema WHERE name = 'event_is_told'") { $0.text(0) })
        let words = { (text: Substring) in Set(text.matches(of: /'([a-z_]+)'/).map { String($0.1) }) }
        let list = try #require(
            sql.firstMatch(of: /CASE\s+WHEN (NEW\.kind = .*?) THEN 4/.dotMatchesNewlines())?.output.1)
        #expect(words(list) == words(ScopeSQL.ownKinds[...]))
    }
}
