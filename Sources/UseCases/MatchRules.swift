// From what is known of people and homes to the plain numbers that Matching decides on. The one place where a rule of the
// region becomes a hard limit; the limits themselves live in Matching.

internal import Domain
internal import Matching
internal import Storage

/// Turns people and homes into facts, by the region's settings and the rules of a run, as the database stands.
struct FactsMaker {
    private let settings: RegionSettings
    private let rules: MatchRunRules
    private let today: CivilDate
    /// Moves so far, of each neighbourhood and of what lies around it.
    private var moves: [SpreadPlace: Int] = [:]
    /// The dwellings that came beyond what was agreed for the year.
    private let beyond: Set<DwellingID>
    /// The places that providers with a limit have left for people whom they have not agreed to support; below zero when they
    /// agreed to more than they have.
    private let providerPlaces: [String: Int]
    /// What a place, a landlord and a dwelling are called in the facts.
    private var neighbourhoods: [Neighbourhood: Int64] = [:]
    private var landlords: [OrganisationID: Int64] = [:]
    private var dwellings: [DwellingID: Int64] = [:]

    init(_ rules: MatchRunRules = .inForce, on today: CivilDate, in tx: ReadTransaction) throws {
        settings = try RegionStore(tx.db).current().settings
        self.rules = rules
        self.today = today
        beyond = try Self.beyondAgreement(settings, rules, today, tx)
        let supported = settings.providers.isEmpty ? [:] : try MatchFactsStore(tx.db).supported()
        providerPlaces = Dictionary(
            settings.providers.map { ($0.provider, $0.places - (supported[$0.provider] ?? 0)) },
            uniquingKeysWith: min)
        // Counting them is a walk over all that goes on: only for a region that holds moves down.
        guard !settings.caps.isEmpty || rules.neighbourhoodCap != nil else { return }
        for (place, count) in try MatchFactsStore(tx.db).moves(on: today) { note(count, movesTo: place) }
    }

    // The dwellings that came beyond what was agreed for the year, the latest ones; where nothing was agreed none is.
    private static func beyondAgreement(
        _ settings: RegionSettings, _ rules: MatchRunRules, _ today: CivilDate, _ tx: ReadTransaction
    ) throws -> Set<DwellingID> {
        guard settings.holdsToAgreements || rules.holdsToAgreements else { return [] }
        var left: [AgreementKey: Int] = [:]
        for one in settings.agreements where one.year == today.parts.year {
            left[AgreementKey(corporation: one.corporation, municipality: one.municipality, form: one.form)] =
                one.dwellings
        }
        guard !left.isEmpty else { return [] }
        var beyond: Set<DwellingID> = []
        for (dwelling, key) in try OfferingStore(tx.db).offered(today.year) {
            guard let places = left[key] else { continue }
            if places > 0 { left[key] = places - 1 } else { beyond.insert(dwelling) }
        }
        return beyond
    }

    /// One more move, to a home that has just been offered.
    mutating func noteMove(to dwelling: Dwelling) { note(1, movesTo: SpreadPlace(of: dwelling.content, on: today)) }

    private mutating func note(_ count: Int, movesTo place: SpreadPlace) {
        for place in sequence(first: place, next: \.around) { moves[place, default: 0] += count }
    }

    // MARK: Homes

    /// A home; before the people, who know of it by the number that it gets here.
    mutating func facts(_ dwelling: Dwelling) -> DwellingFacts {
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
        facts.capPlacesLeft = caps(on: dwelling).map { Int64($0.left) }.min() ?? .max
        facts.agreementPlacesLeft = beyond.contains(dwelling.id) ? 0 : .max
        facts.hasOpenNuisanceFile = dwelling.hasNuisanceFile
        return facts
    }

    /// The caps that a move to a home is under, the innermost first, each with the moves it still allows.
    func caps(on dwelling: Dwelling) -> [(place: SpreadPlace, left: Int)] {
        sequence(first: SpreadPlace(of: dwelling.content, on: today), next: \.around).compactMap { place in
            settings.cap(at: place, tried: rules.neighbourhoodCap).map { (place, max(0, $0 - (moves[place] ?? 0))) }
        }
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
        // Their own place is among those taken.
        if let left = person.provider.flatMap({ providerPlaces[$0] }) { facts.providerPlacesLeft = Int64(left + 1) }
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
        facts.declinedDwellings = person.declined.compactMap { dwellings[$0.dwelling] }
        return facts
    }

    /// The places that the wishes say the home should be close to, by their codes; words about them count for nothing.
    private func addNearness(_ person: MatchCandidate, to facts: inout CandidateFacts) {
        let near = person.wishes.flatMap(\.near)
        facts.nearMunicipalities = near.map(\.municipality.number)
        facts.nearNeighbourhoods = near.compactMap { place in
            place.neighbourhood.flatMap { neighbourhoods[Neighbourhood(place.municipality, $0)] }
        }
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
        var maker = try FactsMaker(on: today, in: tx)
        let home = maker.facts(dwelling)
        return Feasibility.failingLimits(candidate: maker.facts(person), dwelling: home, on: today.dayNumber)
            .map(\.rawValue)
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
