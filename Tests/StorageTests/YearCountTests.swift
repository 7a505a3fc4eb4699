// What is counted as it happens says what a look at every row would say, whatever is changed afterwards.

import Domain
import SQLite
import Storage
import Testing

@Suite struct YearCountTests {
    /// The openings by year, municipality, route, whether they were declined, and themes.
    private func counted(_ region: Region) throws -> [String: Int] {
        let rows = try region.db.all(
            """
            SELECT year || ' ' || municipality || ' ' || route || ' ' || declined || ' ' || themes, openings
            FROM opening_count WHERE openings > 0
            """
        ) { ($0.text(0), $0.int(1)) }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    /// The same from the rows themselves.
    private func there(_ region: Region) throws -> [String: Int] {
        let rows = try region.db.all(
            """
            SELECT r.received_at, r.municipality || ' ' || r.route || ' ' || s.opening_declined || ' ' || ifnull(s.themes, '')
            FROM referral r JOIN situation s ON s.referral_id = r.id
            """
        ) { "\(AmsterdamTime.day(of: Instant(milliseconds: $0.int64(0))).parts.year) \($0.text(1))" }
        return Dictionary(rows.map { ($0, 1) }, uniquingKeysWith: +)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>) func openingsAreCounted(seed: UInt64) throws {
        let region = try Region(seed: seed)
        var referrals: [ReferralID] = []
        for step in 0..<300 {
            if referrals.isEmpty || region.dice.chance(40) {
                let pause = Int64.random(in: 0...4_000_000_000, using: &region.dice)
                region.now = Instant(milliseconds: region.now.milliseconds + pause)
                referrals.append(try region.addReferral())
            }
            let id = try region.dice.pick(referrals)
            switch Int.random(in: 0..<5, using: &region.dice) {
            case 0:
                let themes = try (0..<Int.random(in: 0...2, using: &region.dice)).map { _ in
                    try region.dice.pick(SignalTheme.allCases)
                }
                try ReferralStore(region.db).give(themes, to: id)
            case 1, 2:
                var standing = try #require(try ReferralStore(region.db).find(id, in: .everything))
                standing.municipality = try region.dice.pick(Region.municipalities)
                standing.route = try region.dice.pick(ReferralRoute.allCases)
                standing.version += 1
                #expect(try ReferralStore(region.db).update(standing, at: region.now))
            case 3:
                try region.db.run(
                    "UPDATE situation SET opening_declined = 1, missed_signals = NULL WHERE referral_id = ?", id)
            default:
                let store = ErasureStore(region.db)
                if try !store.isErased(id) { try store.erase(id, on: .request, at: region.now) }
            }
            if step.isMultiple(of: 20) { #expect(try counted(region) == there(region), "seed \(seed), step \(step)") }
        }
        #expect(try counted(region) == there(region), "seed \(seed)")
        #expect(throws: SQLiteError.self) { try region.db.run("DELETE FROM situation") }
    }

    /// The first and the last millisecond of every year are that year's.
    @Test func yearsBeginInAmsterdam() throws {
        let region = try Region()
        for year in 1990...2100 {
            let span = try #require(AmsterdamTime.moments(ofYear: year))
            for moment in [span.lowerBound, Instant(milliseconds: span.upperBound.milliseconds - 1)] {
                region.now = moment
                _ = try region.addReferral()
            }
        }
        #expect(try counted(region) == there(region))
        let years = try region.db.all("SELECT year, sum(openings) FROM opening_count GROUP BY 1") {
            [$0.int(0), $0.int(1)]
        }
        #expect(years == (1990...2100).map { [$0, 2] })
    }
}
