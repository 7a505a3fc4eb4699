// The demo region: whole, in every state, the same for a seed, loaded once, and never over anything else.

import Domain
import Foundation
import JSON
import SQLite
import Storage
import Testing

@testable import Commands

@Suite struct DemoTests {
    @Test func everythingIsInEveryStateAndTheDatabaseVerifies() async throws {
        let scratch = try await Scratch.migrated()
        let ran = await scratch.run("demo", "load")
        #expect(ran.code == .done)
        func states(_ sql: SQL) throws -> [String] { try scratch.open { try $0.all(sql) { $0.text(0) } } }
        #expect(
            try states("SELECT DISTINCT status FROM referral ORDER BY 1")
                == ReferralState.allCases.map(\.rawValue).sorted())
        #expect(
            try states("SELECT DISTINCT status FROM match ORDER BY 1") == MatchState.allCases.map(\.rawValue).sorted())
        #expect(
            try states("SELECT DISTINCT status FROM dwelling ORDER BY 1")
                == DwellingState.allCases.map(\.rawValue).sorted())
        #expect(
            try states("SELECT DISTINCT status FROM support_request ORDER BY 1")
                == SupportState.allCases.map(\.rawValue).sorted())
        #expect(try states("SELECT DISTINCT kind FROM tenancy").count >= 2)
        #expect(try states("SELECT DISTINCT kind FROM organisation").count == OrganisationKind.allCases.count)
        #expect(try states("SELECT municipality FROM organisation WHERE kind = 'municipality'").count == 14)
        #expect(try states("SELECT DISTINCT route FROM referral").count >= 5)
        #expect(try states("SELECT status FROM referral").count == 60)
        #expect(await scratch.run("verify").code == .done)
    }

    /// A region of sixty lives and so many copies of it, still open.
    private func sixtyLives(copies: Int) async throws -> (Scratch, Database) {
        let scratch = try await Scratch.migrated()
        let clock = DemoClock(seed: 1)
        let database = try Database(path: scratch.database, lanes: 1, environment: clock.environment)
        try await DemoLoader(
            database: database, clock: clock, seed: 1, count: 60, copies: copies, now: Environment.system.now()
        ).run { _, _ in
        } copying: { _, _ in
        } keep: { _ in
        }
        return (scratch, database)
    }

    /// Above a number of lives the region is copied: as many of everything again, of other people, in the ledger and the feed
    /// as any others.
    @Test func copiesAreOtherPeopleWithTheSameLives() async throws {
        let (scratch, database) = try await sixtyLives(copies: 2)
        defer { database.close() }
        func numbers(_ sql: SQL) throws -> [Int] { try scratch.open { try $0.all(sql) { $0.int(0) } } }
        #expect(try numbers("SELECT count(*) FROM referral GROUP BY status").allSatisfy { $0 % 3 == 0 })
        #expect(try numbers("SELECT number FROM referral ORDER BY 1") == Array(1...180))
        for table in ["event", "clock", "match", "dwelling", "tenancy", "support_request", "task_event", "wish"] {
            let rows = try numbers(SQL(dynamic: "SELECT count(*) FROM \(table)"))
            #expect(rows.allSatisfy { $0 > 0 && $0 % 3 == 0 }, "\(table) \(rows)")
        }
        // Nobody is the double of somebody in another copy; who is registered twice in the region is so in each.
        let doubles = try numbers(
            """
            SELECT max((r.number - 1) / 60) - min((r.number - 1) / 60) FROM person p
            JOIN referral r ON r.id = p.referral_id
            GROUP BY p.given_name, p.family_name, p.birth_date HAVING count(*) > 1
            """)
        #expect(doubles.allSatisfy { $0 == 0 } && doubles.count % 3 == 0)
        #expect(
            try numbers("SELECT count(DISTINCT referral_id) FROM ledger_person WHERE length(referral_id) = 16") == [180]
        )
        #expect(
            try numbers("SELECT count(DISTINCT resource) FROM feed WHERE resource IN (SELECT id FROM referral)") == [
                180
            ])
        #expect(try numbers("SELECT count(*) FROM touched") == [0])
        #expect(await scratch.run("verify").code == .done)
    }

    @Test func aCopyHasNoIDOfAnOriginalHoweverThatWasMade() async throws {
        let (scratch, database) = try await sixtyLives(copies: 0)
        defer { database.close() }
        // The first mark that a copy could have.
        _ = try scratch.open {
            try $0.run(
                """
                UPDATE clock SET id = CAST(substr(id, 1, 9) || x'000001' || substr(id, 13) AS BLOB)
                WHERE id = (SELECT min(id) FROM clock)
                """)
        }
        let copier = try database.read(lane: 0) { try RegionCopier(copies: 2, in: $0) }
        for step in copier.steps { try await database.write { try copier.take(step, in: $0) } }
        #expect(try scratch.open { try $0.all("SELECT count(*) FROM referral") { $0.int(0) } } == [180])
        #expect(await scratch.run("verify").code == .done)
    }

    @Test func theTokensArePrintedOnceAndKeptForTheOwnerAlone() async throws {
        let scratch = try await Scratch.migrated()
        let file = scratch.folder + "/demo-tokens.env"
        // What an earlier region left there is replaced, and shut.
        _ = try scratch.write("OLD_TOKEN=x\n", to: "demo-tokens.env")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        let first = await scratch.run("demo", "load")
        #expect(first.code == .done)
        let names = Role.allCases.map { $0.rawValue.uppercased() + "_TOKEN" }
        #expect(first.said.map { String($0.prefix { $0 != "=" }) } == names)
        let kept = try String(contentsOfFile: file, encoding: .utf8)
        #expect(kept.split(separator: "\n").prefix(10).map(String.init) == first.said)
        #expect(!kept.contains("OLD_TOKEN"))
        #expect(kept.split(separator: "\n").allSatisfy { $0.wholeMatch(of: /[A-Z_]+=[A-Za-z0-9_-]+/) != nil })
        for name in ["INTAKE_POINT", "SUPPORTER_ORGANISATION", "REFERRER_ORGANISATION", "CANDIDATE_REFERRAL"] {
            #expect(kept.contains("\n\(name)="))
        }
        #expect(try mode(file) == 0o600)
        let bytes = try scratch.bytes()
        for line in first.said {
            let secret = line.drop { $0 != "=" }.dropFirst()
            #expect(bytes.range(of: Data(secret.utf8)) == nil)
        }

        let second = await scratch.run("demo", "load")
        #expect(second.code == .done)
        #expect(second.said == ["the demo region is loaded already"])
        #expect(try String(contentsOfFile: file, encoding: .utf8) == kept)
        #expect(try scratch.open { try $0.first("SELECT count(*) FROM referral") { $0.int(0) } } == 60)
        #expect(try await scratch.run("demo", "load", "--json").document()["loaded"]?.boolean == false)
    }

    /// What each token is promised to find.
    @Test func everyTokenHasSomethingToSee() async throws {
        let scratch = try await Scratch.migrated()
        let values = try #require(try await scratch.run("demo", "load", "--json").document()["values"])
        func count(_ sql: SQL, _ name: String) throws -> Int {
            let id = try #require(values[name]?.string)
            return try scratch.open { try $0.first(sql, id.replacing("-", with: "").uppercased()) { $0.int(0) } ?? 0 }
        }
        #expect(
            try count("SELECT count(*) FROM referral WHERE hex(id) = ? AND status = 'matched'", "CANDIDATE_REFERRAL")
                == 1)
        #expect(try count("SELECT count(*) FROM referral WHERE hex(organisation_id) = ?", "REFERRER_ORGANISATION") > 2)
        #expect(
            try count(
                "SELECT count(*) FROM support_request WHERE hex(provider_id) = ? AND status = 'accepted'",
                "SUPPORTER_ORGANISATION") > 2)
        #expect(
            try count(
                "SELECT count(*) FROM support_request WHERE hex(provider_id) = ? AND status = 'asked'",
                "SUPPORTER_ORGANISATION") > 0)
        for landlord in ["ALLOCATOR_ORGANISATION", "PANEL_ORGANISATION"] {
            #expect(
                try count("SELECT count(*) FROM match WHERE hex(landlord_id) = ? AND status = 'offered'", landlord) > 0)
        }
        #expect(
            try count(
                """
                SELECT count(*) FROM referral r JOIN organisation o ON o.municipality = r.municipality
                WHERE hex(o.id) = ? AND r.status = 'waiting'
                """, "POLICYMAKER_ORGANISATION") > 0)
        // The loader's own tokens have ended; ten are in force.
        #expect(
            try scratch.open {
                try $0.first("SELECT count(*) FROM access_token WHERE revoked_at IS NULL") { $0.int(0) }
            } == 10)
        // One person stands in the queue twice, so that the intake point has a possible duplicate to look at.
        #expect(
            try scratch.open {
                try $0.first(
                    "SELECT count(*) FROM person GROUP BY birth_date, family_name, given_name HAVING count(*) > 1"
                ) {
                    $0.int(0)
                }
            } == 2)
    }

    @Test func aSeedAlwaysTellsTheSameStory() async throws {
        func story(_ seed: String) async throws -> [String] {
            let scratch = try await Scratch.migrated()
            #expect(await scratch.run("demo", "load", "--referrals", "45", "--seed", seed).code == .done)
            return try scratch.open {
                try $0.all(
                    """
                    SELECT hex(r.id) || r.number || r.status || r.municipality || p.given_name || p.family_name ||
                        coalesce(p.bsn, '-') || (SELECT group_concat(e.kind || e.at) FROM event e WHERE e.referral_id = r.id)
                    FROM referral r JOIN person p ON p.referral_id = r.id ORDER BY r.id
                    """
                ) { $0.text(0) }
            }
        }
        let one = try await story("7")
        #expect(one.count == 45)
        #expect(try await story("7") == one)
        #expect(try await story("8") != one)
    }

    @Test func timeOnlyGoesForward() async throws {
        let scratch = try await Scratch.migrated()
        #expect(await scratch.run("demo", "load", "--referrals", "80").code == .done)
        let moments = try scratch.open { try $0.all("SELECT at FROM ledger ORDER BY sequence") { $0.int(0) } }
        #expect(moments == moments.sorted())
        #expect(
            try scratch.open {
                try $0.first("SELECT count(*) FROM event a JOIN event b ON b.id > a.id AND b.at < a.at") { $0.int(0) }
            } == 0)
    }

    @Test func aDatabaseInUseIsLeftAlone() async throws {
        let scratch = try await Scratch.migrated()
        #expect(
            await scratch.run("organisation", "add", "--kind", "care_provider", "--name", "Somebody").code == .done)
        let ran = await scratch.run("demo", "load")
        #expect(ran.code == .failed)
        #expect(ran.told.count == 1 && ran.told[0].contains("holds organisations already"))
        #expect(!FileManager.default.fileExists(atPath: scratch.folder + "/demo-tokens.env"))
        #expect(await scratch.run("organisation", "list").said.count == 1)
    }

    @Test func aLoadThatWasStoppedHalfwayIsToldFromAWholeOne() async throws {
        let scratch = try await Scratch.migrated()
        try scratch.open { _ = try $0.run("INSERT INTO setting (key, value) VALUES ('demo-started', 'x')") }
        let ran = await scratch.run("demo", "load")
        #expect(ran.code == .failed)
        #expect(ran.told.count == 1 && ran.told[0].contains("was stopped halfway; remove \(scratch.database)"))
    }

    @Test func aPlaceWithoutRightsShowsBeforeTheWork() async throws {
        let scratch = try await Scratch.migrated()
        try FileManager.default.createDirectory(
            atPath: scratch.folder + "/demo-tokens.env", withIntermediateDirectories: false)
        let ran = await scratch.run("demo", "load")
        #expect(ran.code == .failed)
        #expect(ran.told.count == 1 && ran.told[0].contains("can't write"))
        #expect(await scratch.run("organisation", "list").said.isEmpty)
    }

    @Test func aSmallRegionIsAWholeOneToo() async throws {
        let scratch = try await Scratch.migrated()
        #expect(await scratch.run("demo", "load", "--referrals", "1").said.count == 10)
        #expect(await scratch.run("verify").code == .done)
    }

    @Test func aLargeRegionShowsHowFarItIs() async throws {
        let scratch = try await Scratch.migrated()
        let ran = await scratch.run("demo", "load", "--referrals", "1000")
        #expect(ran.code == .done)
        #expect(ran.told.dropLast() == (1...10).map { "living 1000 lives: \($0)0%" }[...])
        // Only the twin of the first shares a number.
        let doubles = try scratch.open {
            try $0.all("SELECT count(*) FROM person WHERE bsn IS NOT NULL GROUP BY bsn HAVING count(*) > 1") {
                $0.int(0)
            }
        }
        #expect(doubles == [2] || doubles == [])
    }
}

@Suite struct DemoPartTests {
    @Test func everyStoryFitsTheCalendar() {
        for life in DemoLife.all { #expect(life.longest < DemoCalendar.workingDays) }
        #expect(DemoLife.all[0].moments.last?.step == .offer)
    }

    @Test(arguments: ["2026-11-22", "2026-01-02", "2024-02-29", "2026-04-07"], [8, 5000])
    func stepsComeInOrderOnWorkingDaysBeforeToday(day: String, stories: Int) throws {
        let today = try #require(CivilDate(iso: day))
        let calendar = DemoCalendar(today: today, stories: stories)
        for number in 1..<calendar.count { #expect(calendar.moment(number) > calendar.moment(number - 1)) }
        for number in [0, calendar.count - 1] {
            let there = AmsterdamTime.day(of: calendar.moment(number))
            #expect(DutchCalendar.isWorkingDay(there) && there < today)
        }
        for index in 0..<500 {
            let moments = calendar.moments(of: DemoLife.of(index, seed: 3), seed: 3, index: index)
            #expect(zip(moments, moments.dropFirst()).allSatisfy { $0 < $1 })
            #expect(moments.allSatisfy { (0..<calendar.count).contains($0) })
        }
    }

    @Test(arguments: [0, 1, 4711] as [UInt64])
    func citizenServiceNumbersAreUniqueAndOfTheTestRange(seed: UInt64) {
        let numbers = (0..<10_050).compactMap { DemoPerson.citizenServiceNumber($0, seed: seed)?.disclosedDigits }
        #expect(Set(numbers).count == numbers.count)
        #expect(numbers.count > 9000)
        #expect(numbers.allSatisfy { $0.hasPrefix("9999") })
        #expect(!numbers.contains("999990019"))
    }

    @Test func diceAreSpreadAndRepeatable() {
        var one = DemoDice(seed: 5, index: 1, purpose: 2)
        var same = DemoDice(seed: 5, index: 1, purpose: 2)
        var other = DemoDice(seed: 5, index: 2, purpose: 2)
        let rolls = (0..<6000).map { _ in one.below(6) }
        #expect(rolls == (0..<6000).map { _ in same.below(6) })
        #expect(rolls != (0..<6000).map { _ in other.below(6) })
        for face in 0..<6 { #expect((800...1200).contains(rolls.count { $0 == face })) }
    }
}
