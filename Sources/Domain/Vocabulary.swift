// The closed lists of the field: each word is a code that scripts rely on, and stands in a CHECK of the schema or in
// openapi.yaml under the same spelling. Knows no rule about any of them.

/// Where the person comes from.
package enum ReferralRoute: String, CaseIterable, Sendable {
    case prevention
    case shelterIntake = "shelter_intake"
    case shelterExit = "shelter_exit"
    case protectedLivingIntake = "protected_living_intake"
    case protectedLivingExit = "protected_living_exit"
    case youthCareExit = "youth_care_exit"
    case clinicExit = "clinic_exit"
    case detentionExit = "detention_exit"
}

/// Kinds of dwelling (woonvormen), each with an exit profile. No ladder: nobody passes through one to reach another.
package enum HousingForm: String, CaseIterable, Sendable {
    case independent
    case independentAmbulatory = "independent_ambulatory"
    case clustered
    case shared
    case protectedHome = "protected_home"
    case housingFirst = "housing_first"
    case selfManaged = "self_managed"
}

/// What a person wants help with; the first five are the skills of the exit profiles.
package enum SupportNeed: String, CaseIterable, Sendable {
    case housekeeping
    case money
    case selfCare = "self_care"
    case neighbours
    case dayStructure = "day_structure"
    case mentalHealth = "mental_health"
    case physicalHealth = "physical_health"
    case substanceUse = "substance_use"
    case socialNetwork = "social_network"
    case parenting
    case language
    case administration
}

/// The skills an exit profile asks for; agreed support can compensate a gap.
package enum Skill: String, CaseIterable, Sendable {
    case housekeeping
    case money
    case selfCare = "self_care"
    case neighbours
    case dayStructure = "day_structure"
}

/// The conditions of existence (leefgebieden) an intake report describes.
package enum ConditionOfExistence: String, CaseIterable, Sendable {
    case health
    case housing
    case income
    case activities
    case relations
}

/// Circumstances that raise the support proposed. Never a ground for order, score or refusal.
package enum RiskFactor: String, CaseIterable, Sendable {
    case lastingDebts = "lasting_debts"
    case physicalLimitation = "physical_limitation"
    case littleSocialSupport = "little_social_support"
    case poorPhysicalHealth = "poor_physical_health"
    case detentionHistory = "detention_history"
    case manyUnmetNeeds = "many_unmet_needs"
    case longHomelessness = "long_homelessness"
}

/// What a dwelling must have for the person to live in it.
package enum Accessibility: String, CaseIterable, Sendable {
    case groundFloor = "ground_floor"
    case stepFree = "step_free"
    case lift
    case wheelchair
}

/// What a person agreed to.
package enum ConsentPurpose: String, CaseIterable, Sendable {
    case intake
    case matching
    case shareWithLandlord = "share_with_landlord"
    case network

    /// Whom it may be given to by name; without a name it is given to all of them.
    package var recipients: Set<OrganisationKind> {
        switch self {
        case .shareWithLandlord: [.housingCorporation, .selfManagedFacility]
        case .intake, .matching, .network: Set(OrganisationKind.allCases).subtracting([.housingCorporation])
        }
    }
}

/// How urgent; the first key of the queue. `acute` stands before `urgent`, `urgent` before `regular`.
package enum UrgencyClass: String, CaseIterable, Sendable {
    case acute
    case urgent
    case regular

    /// Place in the queue: smaller is earlier.
    package var rank: Int {
        switch self {
        case .acute: 1
        case .urgent: 2
        case .regular: 3
        }
    }
}

/// Where somebody is pointed to when the intake point is not the right place (never a bare no).
package enum Advice: String, CaseIterable, Sendable {
    case youthCare = "youth_care"
    case nationalContactPoint = "national_contact_point"
    case crisisService = "crisis_service"
    case longTermCare = "long_term_care"
    case neighbourhoodTeam = "neighbourhood_team"
    case shelterFirst = "shelter_first"
    case otherRegion = "other_region"
    case otherMunicipality = "other_municipality"
}

/// How a referral that led to a home ended.
package enum ClosingOutcome: String, CaseIterable, Sendable {
    case settled
    case settledWithLightSupport = "settled_with_light_support"
    case movedElsewhere = "moved_elsewhere"
    case deceased
    case lostContact = "lost_contact"
}

/// The phase of recovery a set of wishes belongs to.
package enum RecoveryPhase: String, CaseIterable, Sendable {
    case stabilising
    case rebuilding
    case growing
}

/// What somebody wants around a home.
package enum Surroundings: String, CaseIterable, Sendable {
    case quiet, lively, green
    case nearShops = "near_shops"
    case nearPublicTransport = "near_public_transport"
    case nearCare = "near_care"
    case nearWork = "near_work"
}

/// With whom somebody wants to live.
package enum LivingWith: String, CaseIterable, Sendable {
    case alone, partner, children, family, others
}

/// How a home is let.
package enum TenancyKind: String, CaseIterable, Sendable {
    case regular
    /// Driehoeksovereenkomst: landlord, tenant and care provider sign together.
    case threeParty = "three_party"
    /// Via the provider, with a date to convert it to the tenant's own name (omklap).
    case viaProvider = "via_provider"
}

/// What became of a dwelling.
package enum DwellingState: String, CaseIterable, Sendable {
    case free
    case reserved
    case `let`
    case withdrawn
}

/// Why a match was declined; a landlord and a candidate each have their own list.
package enum DeclineReason: String, CaseIterable, Sendable {
    case dwellingUnavailable = "dwelling_unavailable"
    case dwellingUnsuitable = "dwelling_unsuitable"
    case householdDoesNotFit = "household_does_not_fit"
    case rentDoesNotFit = "rent_does_not_fit"
    case openTenancyDebt = "open_tenancy_debt"
    case balanceInBuilding = "balance_in_building"
    case supportNotArranged = "support_not_arranged"
    case panelDidNotAdmit = "panel_did_not_admit"
    case doesNotFitWishes = "does_not_fit_wishes"
    case tooFarFromNetwork = "too_far_from_network"
    case tooExpensive = "too_expensive"
    case placeFeelsUnsafe = "place_feels_unsafe"
    case wantsToWait = "wants_to_wait"

    /// The parties that may give this reason.
    package var parties: [MatchParty] {
        switch self {
        case .dwellingUnavailable, .dwellingUnsuitable, .householdDoesNotFit, .rentDoesNotFit, .openTenancyDebt,
            .balanceInBuilding, .supportNotArranged, .panelDidNotAdmit:
            [.landlord]
        case .doesNotFitWishes, .tooFarFromNetwork, .tooExpensive, .placeFeelsUnsafe, .wantsToWait:
            [.candidate]
        }
    }
}

/// The two sides that answer an offered match.
package enum MatchParty: String, CaseIterable, Sendable {
    case landlord
    case candidate
}
