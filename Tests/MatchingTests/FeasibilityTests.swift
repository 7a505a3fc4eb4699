// Each hard limit alone, on both sides of its boundary, and the set of them together.

import Matching
import Testing

@Suite struct FeasibilityTests {
    /// One change to a fitting pair and the limits that then fail on day 100.
    struct Change: CustomTestStringConvertible {
        let testDescription: String
        let failing: [MatchLimit]
        let make: @Sendable (inout CandidateFacts, inout DwellingFacts) -> Void

        init(
            _ name: String, _ failing: [MatchLimit],
            _ make: @escaping @Sendable (inout CandidateFacts, inout DwellingFacts) -> Void
        ) {
            testDescription = name
            self.failing = failing
            self.make = make
        }
    }

    private static let independent = FormSet(rawValue: 1)
    private static let clustered = FormSet(rawValue: 4)

    private static func fittingPair() -> (CandidateFacts, DwellingFacts) {
        var candidate = CandidateFacts()
        candidate.fittingForms = [independent, clustered]
        candidate.wishes = [WishFacts(form: independent, municipalities: [153, 141])]
        candidate.maximumRentCents = 70_000
        candidate.consentFromDay = 90
        candidate.consentUntilDay = 110
        var dwelling = DwellingFacts(number: 7, form: independent, municipality: 153, neighbourhood: 3)
        dwelling.rentCents = 70_000
        return (candidate, dwelling)
    }

    static let changes: [Change] = [
        Change("nothing", []) { _, _ in },
        Change("profile not met", [.form]) { candidate, _ in candidate.fittingForms = clustered },
        Change("another form wished", [.wish]) { candidate, _ in
            candidate.wishes[0].form = clustered
        },
        Change("no wish stated", []) { candidate, _ in candidate.wishes = [] },
        Change("another municipality", [.municipality]) { _, dwelling in dwelling.municipality = 164 },
        Change("any municipality", []) { candidate, dwelling in
            candidate.wishes[0].municipalities = []
            dwelling.municipality = 164
        },
        Change("the place is wished for another form alone", [.municipality]) { candidate, dwelling in
            candidate.wishes.append(WishFacts(form: clustered, municipalities: [164]))
            dwelling.municipality = 164
        },
        Change("form and place are wished, each with something else", [.wish]) { candidate, dwelling in
            candidate.wishes[0].form = clustered
            candidate.wishes[0].municipalities = []
            dwelling.municipality = 164
        },
        Change("neither form nor place is wished", [.wish, .municipality]) { candidate, dwelling in
            candidate.wishes[0].form = clustered
            dwelling.municipality = 164
        },
        Change("the second wish fits", []) { candidate, dwelling in
            candidate.wishes.append(WishFacts(form: independent, municipalities: [164]))
            dwelling.municipality = 164
        },
        Change("municipality wanted and avoided", [.exclusion]) { candidate, _ in
            candidate.avoidedMunicipalities = [153]
        },
        Change("neighbourhood avoided", [.exclusion]) { candidate, _ in candidate.avoidedNeighbourhoods = [1, 3] },
        Change("an adaptation lacks", [.accessibility]) { candidate, dwelling in
            candidate.neededAccess = AccessSet(rawValue: 3)
            dwelling.access = AccessSet(rawValue: 5)
        },
        Change("more adaptations than needed", []) { candidate, dwelling in
            candidate.neededAccess = AccessSet(rawValue: 1)
            dwelling.access = AccessSet(rawValue: 5)
        },
        Change("too many people", [.household]) { candidate, _ in candidate.householdSize = 2 },
        Change("too few people", [.household]) { _, dwelling in
            dwelling.minimumHousehold = 2
            dwelling.maximumHousehold = 4
        },
        Change("one cent", [.rent]) { _, dwelling in dwelling.rentCents = 70_001 },
        Change("pets", [.pets]) { candidate, _ in candidate.hasPets = true },
        Change("pets allowed", []) { candidate, dwelling in
            candidate.hasPets = true
            dwelling.allowsPets = true
        },
        Change("gone yesterday", [.availability]) { _, dwelling in dwelling.availableUntilDay = 99 },
        Change("free until today", []) { _, dwelling in dwelling.availableUntilDay = 100 },
        Change("free after the last day", [.availability]) { candidate, dwelling in
            candidate.movesByDay = 120
            dwelling.availableFromDay = 121
        },
        Change("released on the last day", []) { candidate, dwelling in
            candidate.movesFromDay = 130
            dwelling.availableUntilDay = 130
        },
        Change("consent ended yesterday", [.consent]) { candidate, _ in candidate.consentUntilDay = 99 },
        Change("consent from tomorrow", [.consent]) { candidate, _ in candidate.consentFromDay = 101 },
        Change("consent today alone", []) { candidate, _ in
            candidate.consentFromDay = 100
            candidate.consentUntilDay = 100
        },
        Change("consent to another landlord", [.consent]) { candidate, _ in candidate.consentLandlords = [8] },
        Change("consent to this landlord", []) { candidate, dwelling in
            candidate.consentLandlords = [8, 9]
            dwelling.landlord = 9
        },
        Change("neighbourhood full", [.cap]) { _, dwelling in dwelling.capPlacesLeft = 0 },
        Change("provider full", [.cap]) { candidate, _ in candidate.providerPlacesLeft = -1 },
        Change("agreement delivered", [.agreement]) { _, dwelling in dwelling.agreementPlacesLeft = 0 },
        Change("nuisance file", [.nuisance]) { _, dwelling in dwelling.hasOpenNuisanceFile = true },
        Change("declined before", [.declinedBefore]) { candidate, _ in candidate.declinedDwellings = [1, 7] },
        Change("several at once", [.form, .rent, .declinedBefore]) { candidate, dwelling in
            candidate.declinedDwellings = [7]
            dwelling.rentCents = Int64.max
            candidate.fittingForms = []
        },
    ]

    @Test(arguments: changes)
    func findsExactlyTheFailingLimits(change: Change) {
        var (candidate, dwelling) = Self.fittingPair()
        change.make(&candidate, &dwelling)
        let failing = Feasibility.failingLimits(candidate: candidate, dwelling: dwelling, on: 100)
        #expect(failing == change.failing)
        let set = Feasibility.failing(candidate: candidate, dwelling: dwelling, on: 100)
        #expect(set.single == (failing.count == 1 ? failing.first : nil))
        for limit in MatchLimit.allCases {
            #expect(Feasibility.fails(limit, candidate, dwelling, on: 100) == failing.contains(limit))
        }
    }

    @Test func everyLimitHasACaseACodeAndPlainWords() {
        let tested = Set(Self.changes.flatMap(\.failing))
        #expect(tested.count == MatchLimit.allCases.count)
        #expect(MatchLimit.declinedBefore.rawValue == "declined_before")
        #expect(Set(MatchLimit.allCases.map(\.reason)).count == MatchLimit.allCases.count)
    }

    @Test func nobodyFitsByDefault() {
        let dwelling = DwellingFacts(number: 1, form: FormSet(rawValue: 1), municipality: 1, neighbourhood: 1)
        let failing = Feasibility.failingLimits(candidate: CandidateFacts(), dwelling: dwelling, on: 0)
        #expect(failing == [.form, .consent])
    }

    @Test(
        arguments: [
            (70_000, 71_200, 1_200), (70_000, 70_000, 0), (70_000, 1, 0), (Int64.min, Int64.max, Int64.max),
        ] as [(Int64, Int64, Int64)])
    func tellsHowMuchTheRentLimitLacks(limit: Int64, rent: Int64, gap: Int64) {
        var (candidate, dwelling) = Self.fittingPair()
        candidate.maximumRentCents = limit
        dwelling.rentCents = rent
        #expect(Feasibility.rentGapCents(candidate, dwelling) == gap)
    }
}
