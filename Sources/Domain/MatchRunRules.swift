// The rules of a match run that may be tried otherwise: what if the limit were another, or left out. The rules in force
// are the default; consent, places to avoid, a decline and an open nuisance file are never up for trying.

/// The hard limits that a trial may leave out.
package enum RuleLeftOut: String, CaseIterable, Sendable {
    case form, wish, municipality, accessibility, household, rent, pets, availability, cap, agreement
}

/// The rules of one run.
package struct MatchRunRules: Sendable, Equatable {
    /// How far ahead a dwelling may come free.
    package var horizonDays = 91
    /// Instead of the share of an income that the region's year allows, in percent.
    package var rentSharePercent: Int?
    /// Instead of every neighbourhood's own cap.
    package var neighbourhoodCap: Int?
    /// Whether dwellings offered beyond the year's agreement are left out also where the region does not hold to that.
    package var holdsToAgreements = false
    /// The limits that are not held against anybody.
    package var leftOut: [RuleLeftOut] = []

    /// The rules in force.
    package static let inForce = MatchRunRules()

    /// The rules in force, to change.
    package init() {}

    /// Whether this only tries something: nothing can be offered from it.
    package var isTrial: Bool { self != .inForce }
}
