// The limits of this room, each with its reason. They guard arithmetic and memory; the rules of housing are not here.

enum MatchBounds {
    /// People in one run: a hundred times the largest region, and small enough that sums of scores fit `Int64`.
    static let candidates = 1_000_000

    /// Dwellings in one run; also the longest chain of re-seatings, so with `score` it bounds every path length.
    static let dwellings = 1_000_000

    /// Caps in one run: neighbourhoods, municipalities and agreements of all regions together stay far below.
    static let groups = 100_000

    /// Caps over one dwelling: a chain is three deep in practice; pairs are counted, so the square must stay small.
    static let groupsPerDwelling = 64

    /// Largest absolute score. A path has at most `dwellings` steps of at most twice this: 2 × 10^18; a reduced
    /// distance adds a potential of the same size: 4 × 10^18, below the 9.2 × 10^18 of `Int64`.
    static let score: Int64 = 1_000_000_000_000

    /// Edges and nodes looked at before a search among crossing caps, an NP-hard problem, gives up: some ten seconds
    /// for each of who joins, where they live and the explanations.
    static let crossingSteps = 200_000_000

    /// One question of such a search takes at most an eighth of the steps left, so that it starves no later one.
    static let shares = 8

    /// Steps of the first turn of each of the two ways to answer such a question; later turns are longer.
    static let firstTurn = 5_000

    /// Boxes that such a search keeps open before it gives up: each holds a number per person, so this bounds memory.
    static let openBoxes = 20_000
}
