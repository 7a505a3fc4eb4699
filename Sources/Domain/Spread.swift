// Spread: how many moves a year a neighbourhood takes at most, a municipality, the whole region. The three lie within one
// another, and a year is that in which somebody can move, not that of the match.

/// What a cap is about.
package enum SpreadScope: String, CaseIterable, Sendable {
    case neighbourhood, municipality, region
}

/// How many moves a year a part of the region takes at most.
package struct SpreadCap: Sendable, Equatable {
    package var scope: SpreadScope
    /// Nil for the region.
    package var municipality: Municipality?
    /// Nil for every neighbourhood of the municipality that has no cap of its own, and for the other scopes.
    package var neighbourhood: String?
    package var perYear: Int

    /// A cap from its parts.
    package init(
        municipality: Municipality?, neighbourhood: String?, perYear: Int, scope: SpreadScope = .neighbourhood
    ) {
        self.scope = scope
        self.municipality = municipality
        self.neighbourhood = neighbourhood
        self.perYear = perYear
    }
}

/// Where and in which year moves are counted together.
package struct SpreadPlace: Sendable, Hashable {
    package var year: Int
    package var municipality: Municipality?
    /// Without capitals.
    package var neighbourhood: String?

    /// A place from its parts; a neighbourhood by a name as somebody wrote it.
    package init(year: Int, _ municipality: Municipality?, _ neighbourhood: String? = nil) {
        self.year = year
        self.municipality = municipality
        self.neighbourhood = neighbourhood?.lowercased()
    }

    /// The neighbourhood of a home in the year in which somebody can move there.
    package init(of home: DwellingDraft, on today: CivilDate) {
        self.init(year: max(today, home.availableFrom).parts.year, home.municipality, home.neighbourhood)
    }

    /// What it is a part of: the municipality around a neighbourhood, the region around that.
    package var around: SpreadPlace? {
        if neighbourhood != nil { return SpreadPlace(year: year, municipality) }
        return municipality == nil ? nil : SpreadPlace(year: year, nil)
    }

    fileprivate var scope: SpreadScope {
        neighbourhood != nil ? .neighbourhood : municipality != nil ? .municipality : .region
    }
}

extension RegionSettings {
    /// The most moves a year at a place; `tried` stands for every neighbourhood's own cap.
    package func cap(at place: SpreadPlace, tried: Int? = nil) -> Int? {
        let caps = caps.filter { $0.scope == place.scope && $0.municipality == place.municipality }
        guard place.scope == .neighbourhood else { return caps.first?.perYear }
        let own = caps.first { $0.neighbourhood?.lowercased() == place.neighbourhood }
        return tried ?? (own ?? caps.first { $0.neighbourhood == nil })?.perYear
    }
}
