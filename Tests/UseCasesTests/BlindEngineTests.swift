// No risk, no life domain, no diagnosis can reach the engine: there is no field that could hold one, nothing reads one
// from the database, and planted ones change nothing. Not the order, not a limit, not a score.

import Domain
import Matching
import Storage
import Testing
import UseCases

@Suite struct BlindEngineTests {
    /// Everything that may be said of a person and a home; a new field has to be argued for here.
    @Test func theFactsHaveNoPlaceForOne() {
        let person = Mirror(reflecting: CandidateFacts()).children.compactMap(\.label)
        #expect(
            person == [
                "fittingForms", "wishes", "nearMunicipalities", "nearNeighbourhoods", "providerMunicipality",
                "avoidedMunicipalities", "avoidedNeighbourhoods", "neededAccess", "householdSize", "maximumRentCents",
                "hasPets", "movesFromDay", "movesByDay", "consentFromDay", "consentUntilDay", "consentLandlords",
                "providerPlacesLeft", "declinedDwellings",
            ])
        let home = DwellingFacts(number: 0, form: [], municipality: 0, neighbourhood: 0)
        #expect(
            Mirror(reflecting: home).children.compactMap(\.label) == [
                "number", "landlord", "form", "municipality", "neighbourhood", "access", "minimumHousehold",
                "maximumHousehold", "rentCents", "allowsPets", "availableFromDay", "availableUntilDay", "capPlacesLeft",
                "agreementPlacesLeft", "hasOpenNuisanceFile",
            ])
    }

    /// What is read of a person for a match, by the same rule.
    @Test func nothingReadsOne() async throws {
        let region = try await Region()
        let id = try await region.waiting()
        let person = try #require(
            try region.database.read(lane: 0) { try MatchFactsStore($0.db).candidates(.one(id)).first })
        #expect(
            Mirror(reflecting: person).children.compactMap(\.label) == [
                "id", "number", "version", "urgency", "waitingSince", "form", "household", "accessibility",
                "incomePerMonth", "wishVersion", "wishes", "consents", "skills", "support", "provider", "declined",
                "zones",
            ])
    }

    /// Somebody with every risk, the lowest level in every condition, a diagnosis and debts, beside somebody without: the
    /// same rows in the run, and the turn of whoever waited longest.
    @Test(arguments: [true, false])
    func plantedOnesChangeNothing(burdenedFirst: Bool) async throws {
        let region = try await Region()
        func enter(_ isBurdened: Bool) async throws -> ReferralID {
            var draft = try Sample.draft(familyName: isBurdened ? "Zwaar" : "Licht")
            draft.health = isBurdened ? "Schizophrenia, addiction, a head injury" : nil
            draft.finances.debts = isBurdened ? 9_000_000 : 0
            draft.opening =
                isBurdened ? .answered(missedSignals: "Detention", neededTwoYearsAgo: "A clinic") : .declined
            draft.supportNeeds = isBurdened ? SupportNeed.allCases : []
            var report = Sample.report
            report.risks = isBurdened ? RiskFactor.allCases : []
            report.conditions = ConditionOfExistence.allCases.map {
                ConditionLevel(condition: $0, level: isBurdened ? 1 : 5, note: isBurdened ? "Crisis after crisis" : "")
            }
            report.supportNeeds = draft.supportNeeds
            report.summary = isBurdened ? "Nobody expects this to go well" : "All is well"
            region.wait(seconds: 60)
            let id = try await region.open(draft)
            try await region.move(id, .startIntake)
            let written = report
            try await region.run(region.intaker) { try Converse.write(report: written, of: id, by: $0, in: $1) }
            try await region.move(id, .completeReport)
            try await region.run(region.intaker) {
                try Converse.respond(agrees: true, remarks: nil, of: id, by: $0, in: $1)
            }
            try await region.move(id, Region.admission)
            return id
        }
        let first = try await enter(burdenedFirst)
        let second = try await enter(!burdenedFirst)
        for rent: Int64 in [60_000, 75_000, 90_000] {
            var draft = try Sample.dwelling()
            draft.rent = rent
            _ = try await region.offerDwelling(draft)
        }
        let run = try await region.makeRun()
        let people = try region.kept(run).people
        #expect(people.map(\.referral) == [first, second])
        #expect(people[0].limits == people[1].limits && people[0].scores == people[1].scores)
        #expect(people[0].home != nil && people[1].home == nil, "whoever waited longest, whatever stands in the report")
    }
}
