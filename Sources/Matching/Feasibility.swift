// Which hard limits fail between one person and one dwelling on one day. Pure, a function per limit. It does not
// know queues or scores; those are the match run's and WishScore's.

/// The hard limits as questions about facts.
package enum Feasibility {
    /// The limits that fail on `day`, in the order of `MatchLimit.allCases`; empty when the dwelling is feasible.
    package static func failingLimits(
        candidate: CandidateFacts, dwelling: DwellingFacts, on day: Int32
    ) -> [MatchLimit] {
        failing(candidate: candidate, dwelling: dwelling, on: day).list
    }

    /// The same as a set without allocation, for the many pairs of a run.
    package static func failing(candidate: CandidateFacts, dwelling: DwellingFacts, on day: Int32) -> MatchLimits {
        var bits: UInt16 = 0
        var bit: UInt16 = 1
        for limit in MatchLimit.allCases {
            if fails(limit, candidate, dwelling, on: day) { bits |= bit }
            bit <<= 1
        }
        return MatchLimits(rawValue: bits)
    }

    /// Whether one limit fails.
    package static func fails(
        _ limit: MatchLimit, _ candidate: CandidateFacts, _ dwelling: DwellingFacts, on day: Int32
    ) -> Bool {
        switch limit {
        case .form: !fitsForm(candidate, dwelling)
        case .wish: !fitsWish(candidate, dwelling)
        case .municipality: !fitsPlace(candidate, dwelling)
        case .exclusion: isToBeAvoided(candidate, dwelling)
        case .accessibility: !fitsAccess(candidate, dwelling)
        case .household: !fitsHousehold(candidate, dwelling)
        case .rent: rentGapCents(candidate, dwelling) > 0
        case .pets: !fitsPets(candidate, dwelling)
        case .availability: !fitsDays(candidate, dwelling, on: day)
        case .consent: !hasConsent(candidate, dwelling, on: day)
        case .cap: !hasPlaces(candidate, dwelling)
        case .agreement: dwelling.agreementPlacesLeft <= 0
        case .nuisance: dwelling.hasOpenNuisanceFile
        case .declinedBefore: wasDeclined(candidate, dwelling)
        }
    }

    /// Whether the exit profile of the dwelling's form is met.
    package static func fitsForm(_ candidate: CandidateFacts, _ dwelling: DwellingFacts) -> Bool {
        !candidate.fittingForms.isDisjoint(with: dwelling.form)
    }

    /// Whether the dwelling's form was asked for, or no wish stated.
    package static func fitsWish(_ candidate: CandidateFacts, _ dwelling: DwellingFacts) -> Bool {
        candidate.wishes.isEmpty || candidate.wishes.contains { !$0.form.isDisjoint(with: dwelling.form) }
    }

    /// Whether the place is wanted for this form; for a form that nobody wished, for any.
    package static func fitsPlace(_ candidate: CandidateFacts, _ dwelling: DwellingFacts) -> Bool {
        if candidate.wishes.isEmpty { return true }
        var isWished = false
        var isWantedElsewhere = false
        for wish in candidate.wishes {
            let isPlace = wish.municipalities.isEmpty || wish.municipalities.contains(dwelling.municipality)
            if !wish.form.isDisjoint(with: dwelling.form) {
                if isPlace { return true }
                isWished = true
            } else if isPlace {
                isWantedElsewhere = true
            }
        }
        return !isWished && isWantedElsewhere
    }

    /// Whether the dwelling stands where the person must not or will not come; goes before every wish.
    package static func isToBeAvoided(_ candidate: CandidateFacts, _ dwelling: DwellingFacts) -> Bool {
        candidate.avoidedMunicipalities.contains(dwelling.municipality)
            || candidate.avoidedNeighbourhoods.contains(dwelling.neighbourhood)
    }

    /// Whether the dwelling has every adaptation needed.
    package static func fitsAccess(_ candidate: CandidateFacts, _ dwelling: DwellingFacts) -> Bool {
        dwelling.access.isSuperset(of: candidate.neededAccess)
    }

    /// Whether the household is of a size the dwelling is let to.
    package static func fitsHousehold(_ candidate: CandidateFacts, _ dwelling: DwellingFacts) -> Bool {
        dwelling.minimumHousehold <= candidate.householdSize && candidate.householdSize <= dwelling.maximumHousehold
    }

    /// How much higher the person's rent limit would have to be, in cents a month; zero when the rent fits.
    package static func rentGapCents(_ candidate: CandidateFacts, _ dwelling: DwellingFacts) -> Int64 {
        guard dwelling.rentCents > candidate.maximumRentCents else { return 0 }
        let (gap, overflow) = dwelling.rentCents.subtractingReportingOverflow(candidate.maximumRentCents)
        return overflow ? Int64.max : gap
    }

    /// Whether pets are no obstacle.
    package static func fitsPets(_ candidate: CandidateFacts, _ dwelling: DwellingFacts) -> Bool {
        !candidate.hasPets || dwelling.allowsPets
    }

    /// Whether some day from `day` on suits both.
    package static func fitsDays(_ candidate: CandidateFacts, _ dwelling: DwellingFacts, on day: Int32) -> Bool {
        max(day, candidate.movesFromDay, dwelling.availableFromDay)
            <= min(candidate.movesByDay, dwelling.availableUntilDay)
    }

    /// Whether consent holds on `day`, to this landlord.
    package static func hasConsent(_ candidate: CandidateFacts, _ dwelling: DwellingFacts, on day: Int32) -> Bool {
        candidate.consentFromDay <= day && day <= candidate.consentUntilDay
            && candidate.consentLandlords.map { $0.contains(dwelling.landlord) } ?? true
    }

    /// Whether both the dwelling's caps and the care provider have a place.
    package static func hasPlaces(_ candidate: CandidateFacts, _ dwelling: DwellingFacts) -> Bool {
        dwelling.capPlacesLeft > 0 && candidate.providerPlacesLeft > 0
    }

    /// Whether either side declined this dwelling for this person before.
    package static func wasDeclined(_ candidate: CandidateFacts, _ dwelling: DwellingFacts) -> Bool {
        candidate.declinedDwellings.contains(dwelling.number)
    }
}
