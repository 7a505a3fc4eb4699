// Agreements against what came: who is ahead and who behind on which day, and what an exit profile asks that agreed
// support can make up for.

import Domain
import Testing

@Suite struct AgreementTests {
    private static func line(agreed: Int, offered: Int, year: Int = 2026) throws -> AgreementLine {
        AgreementLine(
            year: year,
            key: AgreementKey(
                corporation: "De Brug", municipality: try #require(Municipality(code: "GM0153")), form: .independent),
            landlord: nil, agreed: agreed, offered: offered)
    }

    /// Twelve a year are one a month; a part of one is nobody's debt, nor anybody's merit.
    @Test(
        arguments: [
            (12, 0, "2026-01-15", AgreementStanding.onTrack), (12, 0, "2026-02-01", .behind),
            (12, 6, "2026-07-01", .onTrack), (12, 5, "2026-07-05", .behind), (12, 8, "2026-07-01", .ahead),
            (12, 12, "2026-12-31", .onTrack), (12, 11, "2026-12-31", .behind), (12, 13, "2026-12-31", .ahead),
            (0, 0, "2026-06-01", .onTrack), (0, 1, "2026-06-01", .ahead), (12, 0, "2025-12-31", .onTrack),
            (12, 11, "2027-01-01", .behind), (12, 12, "2027-03-01", .onTrack),
        ])
    func aheadOrBehind(agreed: Int, offered: Int, day: String, standing: AgreementStanding) throws {
        let line = try Self.line(agreed: agreed, offered: offered)
        #expect(line.standing(on: try #require(CivilDate(iso: day))) == standing)
        #expect(line.balance == offered - agreed)
    }

    @Test func whatWasAgreedAndWhatCameAreJoined() throws {
        let place = try #require(Municipality(code: "GM0153"))
        let agreed = [
            YearlyAgreement(year: 2026, corporation: "B", municipality: place, form: .shared, dwellings: 3),
            YearlyAgreement(year: 2025, corporation: "A", municipality: place, form: .shared, dwellings: 9),
        ]
        let came = AgreementKey(corporation: "A", municipality: place, form: .shared)
        let lines = AgreementLine.lines(
            of: 2026, agreed: agreed, offered: [came: 2], landlords: ["A": OrganisationID(high: 0, low: 1)])
        #expect(lines.map(\.key.corporation) == ["A", "B"])
        #expect(lines.map(\.agreed) == [0, 3] && lines.map(\.offered) == [2, 0])
        #expect(lines.map(\.landlord) == [OrganisationID(high: 0, low: 1), nil])
    }

    @Test func supportMakesUpForAGapThatItMay() {
        var profile = ExitProfile.standard(.independentAmbulatory)
        let levels = [SkillLevel(skill: .money, level: 1), SkillLevel(skill: .selfCare, level: 5)]
        let money = AgreedSupport(needs: [.money], hoursPerWeek: 2)
        #expect(profile.isMet(by: [], support: nil), "what was not measured is no gap")
        #expect(!profile.isMet(by: levels, support: nil))
        #expect(profile.isMet(by: levels, support: money))
        #expect(!profile.isMet(by: levels, support: AgreedSupport(needs: [.language], hoursPerWeek: 9)))
        #expect(!profile.isMet(by: levels, support: AgreedSupport(needs: [.money], hoursPerWeek: 1)))
        profile.compensable = [.selfCare]
        #expect(!profile.isMet(by: levels, support: money))
        #expect(ExitProfile.standard(.housingFirst).isMet(by: levels, support: nil), "no readiness is asked")
    }
}
