// From what is known of people and homes to the plain numbers that Matching decides on. The one place where a rule of the
// region becomes a hard limit; the limits themselves live in Matching.

internal import Domain
internal import Matching
internal import Storage

/// Turns people and homes into facts, by the region's settings and the rules of a run.
struct FactsMaker {
    private let settings: RegionSettings
    private let rules: MatchRunRules
    private let today: CivilDate
    /// Moves this year so far.
    private var moves: [Neighbourhood: Int]
    /// What a place, a landlord and a dwelling are called in the facts.
    private var neighbourhoods: [Neighbourhood: Int64] = [:]
    private var landlords: [OrganisationID: Int64] = [:]
    private var dwellings: [DwellingID: Int64] = [:]

    init(_ settings: RegionSettings, _ rules: MatchRunRules, on today: CivilDate, moves: [Neighbourhood: Int]) {
        self.settings = settings
        self.rules = rules
        self.today = today
        self.moves = moves
    }

    /// The rules in force, as the database stands.
    init(inForceOn today: CivilDate, in tx: ReadTransaction) throws {
        self.init(
            try RegionStore(tx.db).current().settings, .inForce, on: today,
            moves: try MatchFactsStore(tx.db).moves(in: today.year))
    }

    /// One more move, to a home that has just been offered.
    mutating func noteMove(to dwelling: Dwelling) {
        moves[Neighbourhood(dwelling.content.municipality, dwelling.content.neighbourhood), default: 0] += 1
    }

    // MARK: Homes

    /// A home; before the people, who know of it by the number that it gets here.
    mutating func facts(_ dwelling: Dwelling, agreementPlacesLeft: Int64 = .max) -> DwellingFacts {
        let offer = dwelling.content
        let place = Neighbourhood(offer.municipality, offer.neighbourhood)
        var facts = DwellingFacts(
            number: Self.number(dwelling.id, in: &dwellings), form: FormSet(offer.form),
            municipality: offer.municipality.number, neighbourhood: Self.number(place, in: &neighbourhoods))
        facts.landlord = Self.number(dwelling.landlord.id, in: &landlords)
        facts.access = AccessSet(offer.accessibility)
        facts.maximumHousehold = Int32(clamping: offer.householdMaximum)
        facts.rentCents = offer.rent + offer.serviceCost
        facts.allowsPets = offer.petsAllowed
        facts.availableFromDay = offer.availableFrom.dayNumber
        facts.capPlacesLeft = placesLeft(in: place) ?? .max
        facts.agreementPlacesLeft = agreementPlacesLeft
        facts.hasOpenNuisanceFile = dwelling.hasNuisanceFile
        return facts
    }

    /// The moves that a neighbourhood's cap still allows this year; nil where there is no cap.
    func placesLeft(in place: Neighbourhood) -> Int64? {
        let cap = cap(of: place)
        return cap.map { Int64(max(0, $0 - (moves[place] ?? 0))) }
    }

    private func cap(of place: Neighbourhood) -> Int? {
        let here = settings.caps.filter { $0.municipality == place.municipality }
        let own = here.first { $0.neighbourhood.map { Neighbourhood(place.municipality, $0) } == place }
        guard let cap = own ?? here.first(where: { $0.neighbourhood == nil }) else { return rules.neighbourhoodCap }
        return rules.neighbourhoodCap ?? cap.perYear
    }

    // MARK: People

    /// A person, to be held against homes.
    mutating func facts(_ person: MatchCandidate) -> CandidateFacts {
        var facts = CandidateFacts()
        facts.fittingForms = fittingForms(person)
        facts.wishes = person.wishes.map { wish in
            WishFacts(form: FormSet(wish.form), municipalities: wish.municipalities.map(\.number))
        }
        addNearness(person, to: &facts)
        facts.providerMunicipality = person.support?.municipality?.number
        facts.neededAccess = AccessSet(person.accessibility)
        facts.householdSize = Int32(clamping: person.household.size)
        facts.maximumRentCents = maximumRent(person)
        facts.hasPets = person.household.pets
        facts.movesByDay = today.adding(days: rules.horizonDays).dayNumber
        addConsent(person, to: &facts)
        for zone in person.zones where zone.isInForce(on: today) {
            if zone.neighbourhood == nil { facts.avoidedMunicipalities.append(zone.municipality.number) }
            facts.avoidedNeighbourhoods += neighbourhoods.filter {
                zone.excludes($0.key.municipality, neighbourhood: $0.key.name, on: today)
            }.values.sorted()
        }
        facts.declinedDwellings = person.declined.compactMap { dwellings[$0] }
        return facts
    }

    /// What the wishes say the home should be close to, where the name of a place stands in those words.
    private func addNearness(_ person: MatchCandidate, to facts: inout CandidateFacts) {
        let words = person.wishes.compactMap { $0.closeTo?.lowercased() }
        guard !words.isEmpty else { return }
        func isNamed(_ name: String) -> Bool { words.contains { $0.contains(name) } }
        facts.nearMunicipalities = settings.municipalities.filter { isNamed($0.name.lowercased()) }.map(\.code.number)
        facts.nearNeighbourhoods = neighbourhoods.filter { isNamed($0.key.name) }.map(\.value)
    }

    /// The form decided on at admission, for people weighed that; and every form whose profile is met, agreed support
    /// counted in.
    private func fittingForms(_ person: MatchCandidate) -> FormSet {
        var forms = FormSet()
        for form in HousingForm.allCases {
            let isMet = settings.profile(of: form)?.isMet(by: person.skills, support: person.support) ?? false
            if isMet || form == person.form { forms.insert(FormSet(form)) }
        }
        return forms
    }

    /// An income that nobody asked for is no ground to withhold a home.
    private func maximumRent(_ person: MatchCandidate) -> Int64 {
        guard let income = person.incomePerMonth else { return .max }
        var year = settings.rentYear(on: today)
        year.maximumSharePercent = rules.rentSharePercent ?? year.maximumSharePercent
        return RentNorm.maximumRent(incomeCentsPerMonth: income, householdSize: person.household.size, by: year)
    }

    private mutating func addConsent(_ person: MatchCandidate, to facts: inout CandidateFacts) {
        guard person.consents.allow(.matching, on: today) else { return }
        let sharing = person.consents.filter { $0.purpose == .shareWithLandlord && $0.isInForce(on: today) }
        guard !sharing.isEmpty else { return }
        facts.consentFromDay = .min
        facts.consentUntilDay = .max
        guard !sharing.contains(where: { $0.recipient == nil }) else { return }
        facts.consentLandlords = sharing.compactMap(\.recipient).map { Self.number($0, in: &landlords) }
    }

    private static func number<Key: Hashable>(_ key: Key, in known: inout [Key: Int64]) -> Int64 {
        if let number = known[key] { return number }
        let number = Int64(known.count)
        known[key] = number
        return number
    }
}

enum MatchRules {
    /// The hard limits that do not hold for somebody and a home under the rules in force, by their codes.
    static func failingLimits(
        of person: MatchCandidate, for dwelling: Dwelling, on today: CivilDate, in tx: ReadTransaction
    ) throws -> [String] {
        var maker = try FactsMaker(inForceOn: today, in: tx)
        let home = maker.facts(dwelling)
        return Feasibility.failingLimits(candidate: maker.facts(person), dwelling: home, on: today.dayNumber)
            .map(\.rawValue)
    }
}

extension CivilDate {
    /// The calendar year that the day is in.
    var year: ClosedRange<CivilDate> {
        guard let first = CivilDate(year: parts.year, month: 1, day: 1),
            let last = CivilDate(year: parts.year, month: 12, day: 31)
        else { return self...self }
        return first...last
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
