// A region's settings from a document and back: every fault at once with its place, what may be left out, and what must
// hold of the whole.

import Domain
import Foundation
import JSON
import RegionFile
import TestKit
import Testing

@Suite struct RegionFileTests {
    private static let twente = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "deploy/regions/twente.json")

    private func settings() throws -> RegionSettings {
        try RegionReader.decode([UInt8](Data(contentsOf: Self.twente)))
    }

    private func faults(_ settings: RegionSettings) -> [String] { settings.faults.map(\.pointer) }

    private func faults(_ text: String) -> [String] {
        do throws(InvalidBody) {
            _ = try RegionReader.decode(Array(text.utf8))
            return []
        } catch {
            return error.faults.map { "\($0.pointer) \($0.code)" }
        }
    }

    @Test func theDemoRegionIsTwente() throws {
        let region = try settings()
        #expect(region.name == "Twente" && region.municipalities.count == 14)
        let central = Dictionary(grouping: region.municipalities, by: \.central.code).mapValues(\.count)
        #expect(central == ["GM0141": 6, "GM0153": 8])
        #expect(ClockKind.allCases.allSatisfy { region.term(of: $0) == $0.defaultTerm })
        #expect(HousingForm.allCases.allSatisfy { region.profile(of: $0)?.version == 1 })
    }

    @Test func whatIsWrittenReadsTheSame() throws {
        for region in [try settings(), RegionSettings.standard] {
            var named = region
            if named.municipalities.isEmpty {
                named.name = "R"
                let code = try #require(Municipality(code: "GM0153"))
                named.municipalities = [RegionMunicipality(code: code, name: "Enschede", central: code)]
            }
            named.caps.append(
                SpreadCap(municipality: named.municipalities[0].code, neighbourhood: "Centrum", perYear: 3))
            named.agreements.append(
                YearlyAgreement(
                    year: 2026, corporation: "Wonen \"Een\"", municipality: named.municipalities[0].code, form: .shared,
                    dwellings: 4))
            #expect(try RegionReader.decode(RegionWriter.encode(named)) == named)
        }
    }

    @Test func theLeastThatIsEnough() throws {
        let text = #"{"name":"R","municipalities":[{"code":"GM0153","name":"Enschede","central":"GM0153"}]}"#
        let region = try RegionReader.decode(Array(text.utf8))
        #expect(region.profiles == RegionSettings.standard.profiles && region.conditions.count == 6)
        #expect(
            region.criteria(of: try #require(Municipality(code: "GM0153")), on: CivilDate(dayNumber: 20_000)) != nil)
    }

    @Test func everyFaultOfFormAtOnce() {
        #expect(faults("[]") == [" type"] && faults("{").count == 1)
        let text = """
            {"name":"","municipalities":[{"code":"0153","name":"E"}],"clocks":{"promise":{"workingDays":3},"answer":{}},
             "profiles":[{"form":"castle","version":0,"minimumLevels":{"money":9},"availability":"visits"}],"more":1}
            """
        #expect(
            Set(faults(text)) == [
                "/name too-short", "/municipalities/0/code format", "/municipalities/0/central required",
                "/clocks/promise/days required", "/clocks/promise/workingDays unknown-field",
                "/clocks/answer unknown-field", "/profiles/0/form enum", "/profiles/0/version range",
                "/profiles/0/minimumLevels/money range", "/more unknown-field",
            ])
    }

    @Test func theWholeMustHold() throws {
        let good = try settings()
        #expect(good.faults.isEmpty)
        let elsewhere = try #require(Municipality(code: "GM0363"))
        var region = good
        region.municipalities[1].central = elsewhere
        region.municipalities[3].code = region.municipalities[0].code
        #expect(faults(region).contains("/municipalities/3/code"))
        #expect(faults(region).contains("/municipalities/1/central"))

        region = good
        region.profiles[2].signatures.removeLast()
        #expect(faults(region) == ["/profiles"] && region.profile(of: .clustered) == nil)
        region.profiles[2].version = 2
        region.profiles.append(good.profiles[2])
        #expect(faults(region).isEmpty && region.profile(of: .clustered)?.version == 1)

        region = good
        region.criteria[0].municipalities = [good.municipalities[0].code, elsewhere]
        #expect(faults(region) == ["/criteria/0/municipalities/1", "/criteria"])
        region = good
        region.advice.removeFirst()
        region.conditions[0].needs.append(region.conditions[0].gives)
        region.rents[0].limits.swapAt(0, 3)
        region.rents.append(region.rents[0])
        region.caps.append(region.caps[0])
        region.caps[0].municipality = elsewhere
        #expect(
            Set(faults(region)).isSuperset(of: [
                "/advice", "/conditions/0/needs", "/rents/0/limits/1", "/rents/1/year", "/caps/0/municipality",
            ]))
    }

    @Test func theNewestSignedAndTheOwnCriteriaCount() throws {
        var region = try settings()
        let enschede = try #require(Municipality(code: "GM0153"))
        let almelo = try #require(Municipality(code: "GM0141"))
        let from = try #require(CivilDate(iso: "2026-07-01"))
        var own = EntryCriteria.standard
        own.version = 2
        own.validFrom = from
        own.municipalities = [enschede]
        own.questions = [.legalResidence]
        region.criteria.append(own)
        #expect(region.criteria(of: enschede, on: from)?.version == 2)
        #expect(region.criteria(of: enschede, on: from.adding(days: -1))?.version == 1)
        #expect(region.criteria(of: almelo, on: from)?.version == 1)
        #expect(region.criteria(of: almelo, on: CivilDate(dayNumber: 0)) == nil)
        #expect(region.central(of: try #require(Municipality(code: "GM0147"))) == enschede)
    }

    @Test(arguments: [
        (1, 71_000, true), (1, 71_001, false), (2, 71_000, true), (3, 75_000, true), (4, 76_001, true),
        (9, 93_000, true), (9, 93_001, false),
    ])
    func rentsPerHouseholdSize(size: Int, rent: Int, fits: Bool) throws {
        let region = try settings()
        let year = region.rentYear(on: try #require(CivilDate(iso: "2027-03-01")))
        #expect(year.year == 2026)
        #expect(
            RentNorm.fits(rentCents: Int64(rent), incomeCentsPerMonth: 1_000_000, householdSize: size, by: year) == fits
        )
        #expect(
            RentNorm.fits(rentCents: 40_001, incomeCentsPerMonth: 100_000, householdSize: size, by: year) == false)
        #expect(region.rentYear(on: try #require(CivilDate(iso: "2025-12-31"))) == .standard)
    }
}
