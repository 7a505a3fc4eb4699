// The facts on which a match may rest, as plain numbers. Nothing else can be said here: there is no place for a
// risk, a diagnosis, a life domain or a predicted success, so none of those can ever decide a match.

/// Housing forms as bits; which bit is which form, the caller decides (seven forms exist).
package struct FormSet: OptionSet, Hashable, Sendable {
    /// One bit per form.
    package let rawValue: UInt8
    /// A set from its bits.
    package init(rawValue: UInt8) { self.rawValue = rawValue }
}

/// Adaptations of a dwelling as bits, such as no stairs or a wide door; which is which, the caller decides.
package struct AccessSet: OptionSet, Hashable, Sendable {
    /// One bit per adaptation.
    package let rawValue: UInt8
    /// A set from its bits.
    package init(rawValue: UInt8) { self.rawValue = rawValue }
}

/// One wish, in the order of a person's wishes.
package struct WishFacts: Equatable, Sendable {
    /// The form asked for: one bit.
    package var form: FormSet
    /// The municipalities wanted for it, by CBS code; empty when any will do.
    package var municipalities: [UInt16]

    /// A wish for a form, in some municipalities or anywhere.
    package init(form: FormSet, municipalities: [UInt16] = []) {
        self.form = form
        self.municipalities = municipalities
    }
}

/// What a match may know of a person.
///
/// Days are whole days since a date the caller keeps; both ends of a period count.
package struct CandidateFacts: Equatable, Sendable {
    /// The forms whose exit profile is met, agreed support counted in.
    package var fittingForms: FormSet = []
    /// The wishes, most wanted first; empty when none was stated.
    package var wishes: [WishFacts] = []
    /// Municipalities with people who matter to the person, or places they go to, by CBS code.
    package var nearMunicipalities: [UInt16] = []
    /// Neighbourhoods with such people or places, by the caller's number.
    package var nearNeighbourhoods: [Int64] = []
    /// The municipality in which the provider works that has agreed to give support, by CBS code.
    package var providerMunicipality: UInt16?
    /// The municipalities that must be avoided, by CBS code.
    package var avoidedMunicipalities: [UInt16] = []
    /// The neighbourhoods that must be avoided, by the caller's number.
    package var avoidedNeighbourhoods: [Int64] = []
    /// The adaptations needed.
    package var neededAccess: AccessSet = []
    /// The number of people who will live there.
    package var householdSize: Int32 = 1
    /// The highest rent, service cost included, that fits the income, in cents a month.
    package var maximumRentCents: Int64 = 0
    /// Whether pets come along.
    package var hasPets = false
    /// The first day on which the person can move.
    package var movesFromDay = Int32.min
    /// The last day on which the person can still move.
    package var movesByDay = Int32.max
    /// The first day on which consent to matching and to sharing with a landlord holds.
    package var consentFromDay = Int32.max
    /// The last day on which it holds; before `consentFromDay` when there is none.
    package var consentUntilDay = Int32.min
    /// The landlords it names, by the caller's number; nil when it is for all of them.
    package var consentLandlords: [Int64]?
    /// The places left with the care provider that will give support.
    package var providerPlacesLeft = Int64.max
    /// The dwellings, by the caller's number, for which a match was declined by either side before.
    package var declinedDwellings: [Int64] = []

    /// The facts of someone who gave no consent and fits no form; set what is known.
    package init() {}
}

/// What a match may know of a dwelling.
package struct DwellingFacts: Equatable, Sendable {
    /// The caller's number of the dwelling.
    package var number: Int64
    /// Its landlord, by the caller's number.
    package var landlord: Int64 = 0
    /// Its form: one bit.
    package var form: FormSet
    /// Its municipality, by CBS code.
    package var municipality: UInt16
    /// Its neighbourhood, by the caller's number.
    package var neighbourhood: Int64
    /// Its adaptations.
    package var access: AccessSet = []
    /// The smallest household that it is let to.
    package var minimumHousehold: Int32 = 1
    /// The largest household that it is let to.
    package var maximumHousehold: Int32 = 1
    /// The rent, service cost included, in cents a month.
    package var rentCents: Int64 = 0
    /// Whether pets may come along.
    package var allowsPets = false
    /// The first day on which someone can move in.
    package var availableFromDay = Int32.min
    /// The last day until which it is kept free.
    package var availableUntilDay = Int32.max
    /// The moves still possible this year under the strictest of its caps.
    package var capPlacesLeft = Int64.max
    /// The places left under the agreement it counts for.
    package var agreementPlacesLeft = Int64.max
    /// Whether a nuisance file is open.
    package var hasOpenNuisanceFile = false

    /// The facts of a dwelling for one, without adaptations and with no end to its availability; set what is known.
    package init(number: Int64, form: FormSet, municipality: UInt16, neighbourhood: Int64) {
        self.number = number
        self.form = form
        self.municipality = municipality
        self.neighbourhood = neighbourhood
    }
}
