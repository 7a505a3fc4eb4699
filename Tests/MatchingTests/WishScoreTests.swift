// The score from its stated grounds, each alone and together, and that nothing near can turn two wishes round.

import Matching
import Testing

@Suite struct WishScoreTests {
    private static let independent = FormSet(rawValue: 1)
    private static let shared = FormSet(rawValue: 8)

    private static func pair() -> (CandidateFacts, DwellingFacts) {
        var candidate = CandidateFacts()
        candidate.wishes = [
            WishFacts(form: shared, municipalities: [141]), WishFacts(form: independent, municipalities: [153]),
            WishFacts(form: independent),
        ]
        return (candidate, DwellingFacts(number: 1, form: independent, municipality: 153, neighbourhood: 3))
    }

    @Test func theFirstWishThatNamesFormAndPlaceCounts() {
        var (candidate, dwelling) = Self.pair()
        #expect(WishScore.wishRank(candidate, dwelling) == 2 && WishScore.score(candidate, dwelling) == 900)
        dwelling.municipality = 164
        #expect(WishScore.wishRank(candidate, dwelling) == 3 && WishScore.score(candidate, dwelling) == 800)
        dwelling.form = Self.shared
        #expect(WishScore.wishRank(candidate, dwelling) == nil && WishScore.score(candidate, dwelling) == 0)
        candidate.wishes = []
        #expect(WishScore.wishRank(candidate, dwelling) == nil && WishScore.score(candidate, dwelling) == 0)
    }

    @Test func whatIsNearAddsLessThanARank() {
        var (candidate, dwelling) = Self.pair()
        candidate.nearMunicipalities = [153]
        #expect(WishScore.score(candidate, dwelling) == 930)
        candidate.nearNeighbourhoods = [3]
        #expect(WishScore.score(candidate, dwelling) == 950)
        candidate.providerMunicipality = 153
        #expect(WishScore.score(candidate, dwelling) == 960)
        dwelling.municipality = 164
        dwelling.neighbourhood = 4
        candidate.nearMunicipalities = [164]
        candidate.providerMunicipality = 164
        #expect(WishScore.score(candidate, dwelling) == 840)
        #expect(960 - 900 < 100)
    }

    @Test func ranksBeyondTheTenthAreWorthNoLessThanNothing() {
        var (candidate, dwelling) = Self.pair()
        candidate.wishes = Array(repeating: WishFacts(form: Self.shared), count: 12)
        candidate.wishes.append(WishFacts(form: Self.independent))
        dwelling.form = Self.independent
        #expect(WishScore.wishRank(candidate, dwelling) == 13 && WishScore.score(candidate, dwelling) == 0)
    }
}
