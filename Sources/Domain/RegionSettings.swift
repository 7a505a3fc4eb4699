// What a region may set for itself, as one value that is checked as a whole: municipalities, terms, exit profiles with
// their signatures, criteria for entry, advice, rent limits, spread, agreements and what parties ask of one another.
// Knows no file and no table; a version is applied as a whole, and decisions cite it.

/// A region's settings.
package struct RegionSettings: Sendable, Equatable {
    /// The region's name.
    package var name: String
    package var municipalities: [RegionMunicipality]
    /// How long each clock runs.
    package var terms: [ClockKind: ClockTerm]
    package var profiles: [ExitProfile]
    package var criteria: [EntryCriteria]
    package var advice: [AdviceContact]
    package var rents: [RentYear]
    package var caps: [SpreadCap]
    package var agreements: [YearlyAgreement]
    /// Whether a dwelling that came beyond what was agreed for it is matched with nobody; what nothing was agreed for always
    /// is matched.
    package var holdsToAgreements: Bool
    /// How many people a provider of support takes at most; others have no limit.
    package var providers: [ProviderPlaces]
    package var conditions: [PartyCondition]
    package var retention: RetentionTerms

    /// Settings from their parts.
    package init(
        name: String, municipalities: [RegionMunicipality], terms: [ClockKind: ClockTerm], profiles: [ExitProfile],
        criteria: [EntryCriteria], advice: [AdviceContact], rents: [RentYear], caps: [SpreadCap],
        agreements: [YearlyAgreement], holdsToAgreements: Bool = true, providers: [ProviderPlaces] = [],
        conditions: [PartyCondition], retention: RetentionTerms = .standard
    ) {
        self.name = name
        self.municipalities = municipalities
        self.terms = terms
        self.profiles = profiles
        self.criteria = criteria
        self.advice = advice
        self.rents = rents
        self.caps = caps
        self.agreements = agreements
        self.holdsToAgreements = holdsToAgreements
        self.providers = providers
        self.conditions = conditions
        self.retention = retention
    }

    /// How long a clock runs here.
    package func term(of kind: ClockKind) -> ClockTerm { terms[kind] ?? kind.defaultTerm }

    /// The profile that counts for a form: the newest version that all four parties have signed.
    package func profile(of form: HousingForm) -> ExitProfile? {
        profiles.filter { $0.form == form && $0.isSigned }.max { $0.version < $1.version }
    }

    /// The criteria of a municipality on a day: the newest that name it and are valid, else the newest that name none.
    package func criteria(of municipality: Municipality, on day: CivilDate) -> EntryCriteria? {
        let valid = criteria.filter { $0.validFrom <= day }
        let own = valid.filter { $0.municipalities.contains(municipality) }
        let candidates = own.isEmpty ? valid.filter(\.municipalities.isEmpty) : own
        return candidates.max { ($0.validFrom, $0.version) < ($1.validFrom, $1.version) }
    }

    /// The central municipality that decides for a municipality; nil outside the region.
    package func central(of municipality: Municipality) -> Municipality? {
        municipalities.first { $0.code == municipality }?.central
    }

    /// Whether a municipality is one of another region; never in a region that lists none.
    package func isOutside(_ municipality: Municipality) -> Bool {
        !municipalities.isEmpty && central(of: municipality) == nil
    }

    /// What stands where somebody is pointed to.
    package func contact(for advice: Advice) -> AdviceContact? { self.advice.first { $0.advice == advice } }
}

/// A municipality of the region, and the central one (centrumgemeente) that decides for it.
package struct RegionMunicipality: Sendable, Equatable {
    package var code: Municipality
    package var name: String
    package var central: Municipality

    /// A municipality from its parts.
    package init(code: Municipality, name: String, central: Municipality) {
        self.code = code
        self.name = name
        self.central = central
    }
}

/// Who owns an exit profile together: each signs a version before it counts.
package enum ProfileParty: String, CaseIterable, Sendable {
    case municipality
    case housingCorporation = "housing_corporation"
    case careProvider = "care_provider"
    case clientPanel = "client_panel"
}

/// A signature under an exit profile.
package struct ProfileSignature: Sendable, Equatable {
    package var party: ProfileParty
    /// The organisation that signed, in words.
    package var by: String
    package var on: CivilDate

    /// A signature from its parts.
    package init(party: ProfileParty, by: String, on: CivilDate) {
        self.party = party
        self.by = by
        self.on = on
    }
}

/// The support a housing form asks for.
package enum SupportAvailability: String, CaseIterable, Sendable {
    case none
    case visits
    case nearby
    case aroundTheClock = "around_the_clock"
}

/// Support that a provider has agreed to give: what for, and how much.
package struct AgreedSupport: Sendable, Equatable {
    package var needs: [SupportNeed]
    package var hoursPerWeek: Int
    /// Where the provider works; nil when it is not known.
    package var municipality: Municipality?

    /// Support from its parts.
    package init(needs: [SupportNeed], hoursPerWeek: Int, municipality: Municipality? = nil) {
        self.needs = needs
        self.hoursPerWeek = hoursPerWeek
        self.municipality = municipality
    }

    /// Whether it is for a skill, by the name that both lists share.
    package func covers(_ skill: Skill) -> Bool { needs.contains { $0.rawValue == skill.rawValue } }
}

/// What a housing form asks of a person and of the support around them (uitstroomprofiel).
package struct ExitProfile: Sendable, Equatable {
    package var form: HousingForm
    package var version: Int
    /// Skill levels 1 to 5; a skill that is not named is not asked.
    package var minimumLevels: [Skill: Int]
    /// The skills for which agreed support can make up.
    package var compensable: [Skill]
    package var availability: SupportAvailability
    /// Hours of support a week to begin with; nil when the form asks none.
    package var hoursPerWeek: Int?
    package var signatures: [ProfileSignature]

    /// A profile from its parts.
    package init(
        form: HousingForm, version: Int, minimumLevels: [Skill: Int], compensable: [Skill],
        availability: SupportAvailability, hoursPerWeek: Int?, signatures: [ProfileSignature]
    ) {
        self.form = form
        self.version = version
        self.minimumLevels = minimumLevels
        self.compensable = compensable
        self.availability = availability
        self.hoursPerWeek = hoursPerWeek
        self.signatures = signatures
    }

    /// Whether all four parties have signed.
    package var isSigned: Bool {
        ProfileParty.allCases.allSatisfy { party in signatures.contains { $0.party == party } }
    }

    /// The skills that support has to make up for. A skill that was not measured is not a gap.
    package func gaps(_ levels: [SkillLevel]) -> [Skill] {
        levels.filter { $0.level < minimumLevels[$0.skill] ?? 1 }.map(\.skill)
    }

    /// Whether somebody meets the profile: without a gap, or with support agreed for each that support can make up for,
    /// of at least the hours that the form asks.
    package func isMet(by levels: [SkillLevel], support: AgreedSupport?) -> Bool {
        let gaps = gaps(levels)
        guard !gaps.isEmpty else { return true }
        guard let support, support.hoursPerWeek >= hoursPerWeek ?? 0 else { return false }
        return gaps.allSatisfy { compensable.contains($0) && support.covers($0) }
    }
}

/// Who may enter, for some municipalities from some day on; each question that fails gives an advice.
package struct EntryCriteria: Sendable, Equatable {
    package var version: Int
    package var validFrom: CivilDate
    /// Those it is for; none for all that have no criteria of their own.
    package var municipalities: [Municipality]
    /// The questions that are asked here.
    package var questions: [ScreeningQuestion]
    /// From which age somebody may be registered, in months: 210 is six months before the 18th birthday.
    package var minimumAgeMonths: Int

    /// Criteria from their parts.
    package init(
        version: Int, validFrom: CivilDate, municipalities: [Municipality], questions: [ScreeningQuestion],
        minimumAgeMonths: Int
    ) {
        self.version = version
        self.validFrom = validFrom
        self.municipalities = municipalities
        self.questions = questions
        self.minimumAgeMonths = minimumAgeMonths
    }
}

/// Where an advice leads to: an office with a number to call.
package struct AdviceContact: Sendable, Equatable {
    package var advice: Advice
    package var name: String
    package var why: String
    package var phone: String?
    package var url: String?

    /// A contact from its parts.
    package init(advice: Advice, name: String, why: String, phone: String?, url: String?) {
        self.advice = advice
        self.name = name
        self.why = why
        self.phone = phone
        self.url = url
    }
}

/// The rents that fit a household, for one year.
package struct RentYear: Sendable, Equatable {
    package var year: Int
    /// The most of a month's income that rent and service cost may take, in percent.
    package var maximumSharePercent: Int
    /// The highest rent in euro cents a month for a household of at most so many people, ascending; beyond the last size
    /// the last limit holds. Empty for no limit but the share.
    package var limits: [RentLimit]

    /// A year from its parts.
    package init(year: Int, maximumSharePercent: Int, limits: [RentLimit]) {
        self.year = year
        self.maximumSharePercent = maximumSharePercent
        self.limits = limits
    }
}

/// The highest rent for a household of at most so many people.
package struct RentLimit: Sendable, Equatable {
    package var householdSize: Int
    /// Euro cents a month.
    package var maximumRent: Int64

    /// A limit from its parts.
    package init(householdSize: Int, maximumRent: Int64) {
        self.householdSize = householdSize
        self.maximumRent = maximumRent
    }
}

/// How many dwellings a corporation delivers in a year (prestatieafspraak).
package struct YearlyAgreement: Sendable, Equatable {
    package var year: Int
    /// The corporation's name.
    package var corporation: String
    package var municipality: Municipality
    package var form: HousingForm
    package var dwellings: Int

    /// An agreement from its parts.
    package init(year: Int, corporation: String, municipality: Municipality, form: HousingForm, dwellings: Int) {
        self.year = year
        self.corporation = corporation
        self.municipality = municipality
        self.form = form
        self.dwellings = dwellings
    }
}

/// How many people a provider gives support with a tenancy at most.
package struct ProviderPlaces: Sendable, Equatable {
    /// The provider's name.
    package var provider: String
    package var places: Int

    /// Places from their parts.
    package init(provider: String, places: Int) {
        self.provider = provider
        self.places = places
    }
}

/// What a person can have or lack, that parties wait for.
package enum Provision: String, CaseIterable, Sendable {
    case address, tenancy, income, benefit, registration, deposit, treatment, support
    case debtPlan = "debt_plan"
    case identityDocument = "identity_document"
    case bankAccount = "bank_account"
    case careDecision = "care_decision"
    case healthInsurance = "health_insurance"
}

/// Who gives something that others wait for.
package enum ProvidingParty: String, CaseIterable, Sendable {
    case municipality, bank, insurer
    case housingCorporation = "housing_corporation"
    case careProvider = "care_provider"
    case benefitsOffice = "benefits_office"
    case debtHelp = "debt_help"
    case candidate
}

/// A party gives one thing once others are there.
package struct PartyCondition: Sendable, Equatable {
    package var party: ProvidingParty
    package var gives: Provision
    package var needs: [Provision]

    /// A condition from its parts.
    package init(party: ProvidingParty, gives: Provision, needs: [Provision]) {
        self.party = party
        self.gives = gives
        self.needs = needs
    }
}
