// The hard limits of a match by name, with their plain words. It does not know how a limit is tested: `Feasibility`.

/// A hard limit that can stand between one person and one dwelling; the raw value is its code.
package enum MatchLimit: String, CaseIterable, Sendable {
    case form
    case wish
    case municipality
    case exclusion
    case accessibility
    case household
    case rent
    case pets
    case availability
    case consent
    case cap
    case agreement
    case nuisance
    case declinedBefore = "declined_before"

    /// Why a match fails on this limit, in plain words and without any person's facts.
    package var reason: String {
        switch self {
        case .form: "the support agreed does not fit what this form of housing asks"
        case .wish: "the candidate did not ask for this form of housing"
        case .municipality: "the place is not among those wanted"
        case .exclusion: "the place must be avoided"
        case .accessibility: "the dwelling lacks an adaptation that is needed"
        case .household: "the dwelling is too small or too large for the household"
        case .rent: "the rent does not fit the income"
        case .pets: "the dwelling does not allow the pets"
        case .availability: "the dwelling and the candidate are not ready at the same time"
        case .consent: "the candidate's consent is absent or has ended"
        case .cap: "no more placements are possible here this year"
        case .agreement: "the yearly agreement has no places left"
        case .nuisance: "the dwelling has an open nuisance file"
        case .declinedBefore: "this match was declined before"
        }
    }
}

/// A set of hard limits, small enough to compute for every pair of a region.
package struct MatchLimits: OptionSet, Hashable, Sendable {
    /// One bit per limit, in the order of `MatchLimit.allCases`.
    package let rawValue: UInt16

    /// A set from its bits.
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The limits in the set, in the order of `MatchLimit.allCases`.
    package var list: [MatchLimit] {
        MatchLimit.allCases.enumerated().filter { rawValue & (1 << UInt16($0.offset)) != 0 }.map(\.element)
    }

    /// The only limit in the set: what makes a dwelling a near edge; nil when there are none or several.
    package var single: MatchLimit? {
        rawValue.nonzeroBitCount == 1 ? list.first : nil
    }
}
