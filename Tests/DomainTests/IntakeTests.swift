// What belongs to the intake besides the report: measurements in which nothing is a zero, support that risks only raise,
// places to avoid, advice in a region and outside it, and the term of an objection.

import Domain
import TestKit
import Testing

@Suite struct IntakeTests {
    private func measurement(_ domains: [AskedDomain], mix: [MixPart: Bool] = [:]) -> Measurement {
        Measurement(
            id: MeasurementID(high: 0, low: 1), moment: .start, on: CivilDate(dayNumber: 20_000), mix: mix,
            domains: domains, writtenAt: Instant(milliseconds: 0), writtenBy: .intaker)
    }

    @Test func whatWasNotAskedIsNoLevel() {
        let start = measurement(
            [AskedDomain(domain: .finances, level: 1, necessity: "Which rent fits")], mix: [.income: false])
        #expect(start.answer(about: .finances) == .level(1, necessity: "Which rent fits"))
        for domain in LifeDomain.allCases where domain != .finances {
            #expect(start.answer(about: domain) == .notAsked)
        }
        #expect(MixPart.allCases.map { start.state(of: $0) } == [.notAsked, .absent, .notAsked, .notAsked])
        let later = measurement([
            AskedDomain(domain: .finances, level: 3, necessity: "?"),
            AskedDomain(domain: .justice, level: 5, necessity: "?"),
        ])
        #expect(later.change(of: .finances, since: start) == 2 && start.change(of: .finances, since: later) == -2)
        #expect(later.change(of: .justice, since: start) == nil && later.change(of: .housing, since: start) == nil)
        #expect(LifeDomain.allCases.count == 13)
    }

    /// Whatever the form and the skills: a risk more is an hour more, and no risk ever takes one away.
    @Test(arguments: HousingForm.allCases) func aRiskOnlyRaisesTheSupport(form: HousingForm) {
        let profile = ExitProfile.standard(form)
        let dice = SeededBits(seed: 11)
        for _ in 0..<200 {
            let skills = Skill.allCases.map { SkillLevel(skill: $0, level: Int(dice.next() % 5) + 1) }
            var risks: [RiskFactor] = []
            var hours = SupportProposal(profile: profile, skills: skills, risks: []).hoursPerWeek
            #expect(hours >= profile.hoursPerWeek ?? 0)
            for risk in RiskFactor.allCases {
                risks.append(risk)
                let proposal = SupportProposal(profile: profile, skills: skills, risks: risks + risks)
                #expect(proposal.hoursPerWeek == hours + 1 && proposal.form == form)
                hours = proposal.hoursPerWeek
            }
        }
        var greedy = profile
        greedy.hoursPerWeek = 168
        #expect(SupportProposal(profile: greedy, skills: [], risks: [.lastingDebts]).hoursPerWeek == 168)
    }

    @Test func aZoneRulesOutWhatLiesInIt() throws {
        let almelo = try #require(Municipality(code: "GM0141"))
        let hengelo = try #require(Municipality(code: "GM0164"))
        let day = CivilDate(dayNumber: 20_000)
        func zone(_ neighbourhood: String?, until: CivilDate? = nil, ended: Bool = false) -> ExclusionZone {
            ExclusionZone(
                id: ExclusionZoneID(high: 0, low: 1), municipality: almelo, neighbourhood: neighbourhood,
                ground: .contactBan, until: until, writtenAt: Instant(milliseconds: 0), writtenBy: .intaker,
                endedAt: ended ? Instant(milliseconds: 1) : nil)
        }
        #expect(zone(nil).excludes(almelo, neighbourhood: "Kerkelanden", on: day))
        #expect(!zone(nil).excludes(hengelo, neighbourhood: "Kerkelanden", on: day))
        #expect(zone("De Riët").excludes(almelo, neighbourhood: "de riet", on: day))
        #expect(!zone("De Riet").excludes(almelo, neighbourhood: "Kerkelanden", on: day))
        #expect(zone(nil, until: day).excludes(almelo, neighbourhood: "x", on: day))
        #expect(!zone(nil, until: day).excludes(almelo, neighbourhood: "x", on: day.adding(days: 1)))
        #expect(!zone(nil, ended: true).excludes(almelo, neighbourhood: "x", on: day))
    }

    /// No tie to the region is an advice and never a no; 17½ is old enough, a day younger is pointed to youth care.
    @Test func whoComesFromElsewhereAndWhoIsNotYetEighteen() throws {
        var region = RegionSettings.standard
        let here = try #require(Municipality(code: "GM0153"))
        let elsewhere = try #require(Municipality(code: "GM0363"))
        let screening = Screening(
            legalResidence: true, acuteDanger: false, lasting24hSupervision: false, ownStrengthSuffices: false,
            homelessTonight: false)
        let today = try #require(CivilDate(iso: "2026-11-27"))
        func advice(_ municipality: Municipality, born: String) throws -> [Advice] {
            let born = try #require(CivilDate(iso: born))
            return screening.advice(bornOn: born, from: municipality, today: today, in: region).advice
        }
        #expect(try advice(elsewhere, born: "1990-01-01") == [], "a region that lists none has no outside")
        region.municipalities = [RegionMunicipality(code: here, name: "Enschede", central: here)]
        #expect(try advice(here, born: "1990-01-01") == [])
        #expect(try advice(elsewhere, born: "1990-01-01") == [.otherRegion])
        #expect(try advice(here, born: "2009-05-27") == [])
        #expect(try advice(here, born: "2009-05-28") == [.youthCare])
        #expect(try advice(elsewhere, born: "2009-05-28") == [.youthCare, .otherRegion])
    }

    /// Six weeks, from the day on which the term for objecting ends, to a working day.
    @Test func anObjectionIsDecidedInSixWeeks() throws {
        let objection = Objection(
            id: ObjectionID(high: 0, low: 1), lodgedAt: Instant(milliseconds: 0), lodgedBy: .candidate, text: "No.",
            objectionDueOn: try #require(CivilDate(iso: "2026-11-13")))
        #expect(objection.dueOn.description == "2026-12-28")
    }

    /// What can't wait is due on the day itself, also on a Sunday; other tasks end on a working day.
    @Test func anUrgentNeedIsForToday() throws {
        let sunday = Instant(milliseconds: 1_795_953_600_000)
        #expect(AmsterdamTime.day(of: sunday).description == "2026-11-29")
        #expect(TaskKind.urgentNeed.dueOn(madeAt: sunday).description == "2026-11-29")
        #expect(TaskKind.decideAnew.dueOn(madeAt: sunday).description == "2026-12-04")
    }
}
