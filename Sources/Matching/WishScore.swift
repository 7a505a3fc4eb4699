// How well a dwelling that fits is wished for: whole numbers from grounds that the person stated and can contest, and
// no others. It knows nothing of how anybody will do there; nobody can.

/// The score of a pair, from the rank of the wish, then what is near, then where the provider works.
///
/// | ground | worth |
/// |---|---|
/// | the first wish that names this form and place | 1000, 100 less for each rank further down |
/// | no wish stated | 0 |
/// | the neighbourhood has people or places that matter | 50 |
/// | else the municipality has | 30 |
/// | the provider that agreed to give support works in the municipality | 10 |
///
/// All that is near weighs less than one rank, so no distance turns two wishes round.
package enum WishScore {
    private static let first: Int64 = 1000
    private static let perRank: Int64 = 100
    private static let sameNeighbourhood: Int64 = 50
    private static let sameMunicipality: Int64 = 30
    private static let providersArea: Int64 = 10

    /// The score of a dwelling for a person.
    package static func score(_ candidate: CandidateFacts, _ dwelling: DwellingFacts) -> Int64 {
        var score = wishRank(candidate, dwelling).map { max(0, first - perRank * Int64($0 - 1)) } ?? 0
        if candidate.nearNeighbourhoods.contains(dwelling.neighbourhood) {
            score += sameNeighbourhood
        } else if candidate.nearMunicipalities.contains(dwelling.municipality) {
            score += sameMunicipality
        }
        if candidate.providerMunicipality == dwelling.municipality { score += providersArea }
        return score
    }

    /// Which wish, from 1, is the first that names this form and place; nil when none does.
    package static func wishRank(_ candidate: CandidateFacts, _ dwelling: DwellingFacts) -> Int? {
        candidate.wishes.firstIndex { wish in
            !wish.form.isDisjoint(with: dwelling.form)
                && (wish.municipalities.isEmpty || wish.municipalities.contains(dwelling.municipality))
        }.map { $0 + 1 }
    }
}
