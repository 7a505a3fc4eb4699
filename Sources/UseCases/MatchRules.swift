// What a match by hand is held against besides consent: the hard limits that a coordinator may set aside with a reason. The limits themselves live in Matching, over plain integers.

internal import Domain
internal import Matching
internal import Storage

enum MatchRules {
    /// The hard limits that do not hold for a candidate and a dwelling, by their codes.
    static func failingLimits(
        of standing: ReferralStanding, for dwelling: Dwelling, wishes: WishVersion?, steps: ReferralSteps
    ) throws -> [String] {
        let today = steps.today
        var candidate = CandidateFacts()
        if let form = standing.form { candidate.fittingForms.insert(FormSet(form)) }
        let wanted = wishes?.wishes ?? []
        for wish in wanted { candidate.wishedForms.insert(FormSet(wish.form)) }
        // A wish without a municipality is a wish for anywhere: then no municipality is asked for at all.
        if !wanted.contains(where: \.municipalities.isEmpty) {
            candidate.wantedMunicipalities = wanted.flatMap(\.municipalities).map(\.number)
        }
        if let (household, accessibility) = try steps.referrals.housingNeeds(of: standing.id) {
            candidate.householdSize = Int32(clamping: household.size)
            candidate.hasPets = household.pets
            candidate.neededAccess = AccessSet(accessibility)
        }
        let income = try steps.referrals.incomePerMonth(of: standing.id)
        candidate.maximumRentCents =
            try income.map {
                RentNorm.maximumRent(
                    incomeCentsPerMonth: $0, householdSize: Int(candidate.householdSize),
                    by: try steps.region().settings.rentYear(on: today))
            } ?? .max
        candidate.consentFromDay = .min
        candidate.consentUntilDay = .max
        if try MatchStore(steps.tx.db).wasDeclined(standing.id, dwelling.id) { candidate.declinedDwellings = [1] }

        let offer = dwelling.content
        var facts = DwellingFacts(
            number: 1, form: FormSet(offer.form), municipality: offer.municipality.number, neighbourhood: 0)
        facts.access = AccessSet(offer.accessibility)
        facts.maximumHousehold = Int32(clamping: offer.householdMaximum)
        facts.rentCents = offer.rent + offer.serviceCost
        facts.allowsPets = offer.petsAllowed
        facts.availableFromDay = offer.availableFrom.dayNumber
        return Feasibility.failingLimits(candidate: candidate, dwelling: facts, on: today.dayNumber).map(\.rawValue)
    }
}

extension FormSet {
    /// The set of one form.
    init(_ form: HousingForm) {
        let place = HousingForm.allCases.firstIndex(of: form) ?? 0
        self.init(rawValue: 1 << UInt8(place))
    }
}

extension AccessSet {
    /// The set of several.
    init(_ needs: [Accessibility]) {
        self = needs.reduce(into: []) { set, need in
            let place = Accessibility.allCases.firstIndex(of: need) ?? 0
            set.formUnion(AccessSet(rawValue: 1 << UInt8(place)))
        }
    }
}
