// Homes and the ways into them: dwellings, matches, support and tenancies as values. Who sees which part of them stands
// in FieldGroups.

/// A dwelling, as the subject of an identifier.
package enum DwellingTag {}
/// A request for support, as the subject of an identifier.
package enum SupportRequestTag {}
/// A tenancy, as the subject of an identifier.
package enum TenancyTag {}
/// The name of a dwelling.
package typealias DwellingID = Identifier<DwellingTag>
/// The name of a request for support.
package typealias SupportRequestID = Identifier<SupportRequestTag>
/// The name of a tenancy.
package typealias TenancyID = Identifier<TenancyTag>

/// A Dutch address.
package struct Address: Sendable, Equatable {
    package var street: String
    package var houseNumber: String
    /// `7511 AB`.
    package var postcode: String
    package var city: String

    /// An address from its parts.
    package init(street: String, houseNumber: String, postcode: String, city: String) {
        self.street = street
        self.houseNumber = houseNumber
        self.postcode = postcode
        self.city = city
    }
}

/// A dwelling as a landlord offers it.
package struct DwellingDraft: Sendable, Equatable {
    package var form: HousingForm
    package var municipality: Municipality
    package var neighbourhood: String
    package var address: Address
    package var rooms: Int
    /// Euro cents a month.
    package var rent: Int64
    /// Euro cents a month.
    package var serviceCost: Int64
    package var accessibility: [Accessibility]
    package var householdMaximum: Int
    package var petsAllowed: Bool
    package var tenancyKind: TenancyKind
    package var availableFrom: CivilDate
    package var remarks: String?
    package var externalReference: String?

    /// A dwelling from its parts.
    package init(
        form: HousingForm, municipality: Municipality, neighbourhood: String, address: Address, rooms: Int,
        rent: Int64, serviceCost: Int64 = 0, accessibility: [Accessibility] = [], householdMaximum: Int,
        petsAllowed: Bool, tenancyKind: TenancyKind = .regular, availableFrom: CivilDate, remarks: String? = nil,
        externalReference: String? = nil
    ) {
        self.form = form
        self.municipality = municipality
        self.neighbourhood = neighbourhood
        self.address = address
        self.rooms = rooms
        self.rent = rent
        self.serviceCost = serviceCost
        self.accessibility = accessibility
        self.householdMaximum = householdMaximum
        self.petsAllowed = petsAllowed
        self.tenancyKind = tenancyKind
        self.availableFrom = availableFrom
        self.remarks = remarks
        self.externalReference = externalReference
    }
}

extension DwellingDraft {
    /// The offer without what may be noted at any time: its remarks and the landlord's own reference.
    package var terms: DwellingDraft {
        var terms = self
        terms.remarks = nil
        terms.externalReference = nil
        return terms
    }
}

/// A stored dwelling.
package struct Dwelling: Sendable, Equatable {
    package var id: DwellingID
    package var landlord: OrganisationName
    package var state: DwellingState
    package var content: DwellingDraft
    /// Whether a nuisance file is open on it; it is not offered to anybody meanwhile.
    package var hasNuisanceFile: Bool
    package var createdAt: Instant
    package var version: Int

    /// A dwelling from its parts, as read from the database.
    package init(
        id: DwellingID, landlord: OrganisationName, state: DwellingState, content: DwellingDraft,
        hasNuisanceFile: Bool = false, createdAt: Instant, version: Int
    ) {
        self.id = id
        self.landlord = landlord
        self.state = state
        self.content = content
        self.hasNuisanceFile = hasNuisanceFile
        self.createdAt = createdAt
        self.version = version
    }
}

/// What both sides of a match know of its dwelling; the rest is between the landlord and the intake point.
package struct OfferedDwelling: Sendable, Equatable {
    package var id: DwellingID
    package var landlord: OrganisationName
    package var form: HousingForm
    package var municipality: Municipality
    package var neighbourhood: String
    package var rooms: Int
    /// A month, in euro cents, as is the service cost.
    package var rent: Int64
    package var serviceCost: Int64
    package var accessibility: [Accessibility]
    package var petsAllowed: Bool
    package var tenancyKind: TenancyKind
    package var availableFrom: CivilDate
    /// Nil to who may not know it yet.
    package var address: Address?

    /// A dwelling as it is offered.
    package init(
        id: DwellingID, landlord: OrganisationName, form: HousingForm, municipality: Municipality,
        neighbourhood: String, rooms: Int, rent: Int64, serviceCost: Int64, accessibility: [Accessibility],
        petsAllowed: Bool, tenancyKind: TenancyKind, availableFrom: CivilDate, address: Address?
    ) {
        self.id = id
        self.landlord = landlord
        self.form = form
        self.municipality = municipality
        self.neighbourhood = neighbourhood
        self.rooms = rooms
        self.rent = rent
        self.serviceCost = serviceCost
        self.accessibility = accessibility
        self.petsAllowed = petsAllowed
        self.tenancyKind = tenancyKind
        self.availableFrom = availableFrom
        self.address = address
    }
}

extension Dwelling {
    /// The dwelling as it is offered, with its address.
    package var offered: OfferedDwelling {
        OfferedDwelling(
            id: id, landlord: landlord, form: content.form, municipality: content.municipality,
            neighbourhood: content.neighbourhood, rooms: content.rooms, rent: content.rent,
            serviceCost: content.serviceCost, accessibility: content.accessibility, petsAllowed: content.petsAllowed,
            tenancyKind: content.tenancyKind, availableFrom: content.availableFrom, address: content.address)
    }
}

/// A provider's accepted commitment to support somebody.
package struct SupportCommitment: Sendable, Equatable {
    package var provider: OrganisationName
    package var hoursPerWeek: Int
    package var startsOn: CivilDate
    package var contactName: String
    package var contactPhone: String

    /// A commitment from its parts.
    package init(
        provider: OrganisationName, hoursPerWeek: Int, startsOn: CivilDate, contactName: String, contactPhone: String
    ) {
        self.provider = provider
        self.hoursPerWeek = hoursPerWeek
        self.startsOn = startsOn
        self.contactName = contactName
        self.contactPhone = contactPhone
    }
}

/// Where a request for support stands.
package enum SupportState: String, CaseIterable, Sendable {
    case asked
    case accepted
    case declined
    case withdrawn

    /// How far the request has come, for what its provider may see.
    package var stage: SupportStage {
        switch self {
        case .asked: .asked
        case .accepted: .accepted
        case .declined, .withdrawn: .ended
        }
    }
}

/// What support is for.
package enum SupportKind: String, CaseIterable, Sendable {
    /// With the home: nobody moves in without it.
    case tenancy
    /// While waiting for one (overbruggingszorg); it ends at move-in, unless its provider goes on with the home.
    case bridging
}

/// How far a request for support has come; decides which field groups its provider may see.
package enum SupportStage: String, CaseIterable, Sendable {
    case asked
    case accepted
    case ended
}

/// Why a provider says no.
package enum SupportDeclineReason: String, CaseIterable, Sendable {
    case noCapacity = "no_capacity"
    case outsideArea = "outside_area"
    case expertiseLacking = "expertise_lacking"
    case other
}

/// A request to a provider to support somebody.
package struct SupportRequest: Sendable, Equatable {
    package var id: SupportRequestID
    package var referral: ReferralID
    package var municipality: Municipality
    package var provider: OrganisationName
    package var kind = SupportKind.tenancy
    package var state: SupportState
    package var needs: [SupportNeed]
    package var hoursPerWeek: Int
    package var wantedFrom: CivilDate?
    package var note: String?
    package var askedAt: Instant
    package var answerDueOn: CivilDate
    package var answeredAt: Instant?
    package var startsOn: CivilDate?
    package var contactName: String?
    package var contactPhone: String?
    package var declineReason: SupportDeclineReason?
    package var declineNote: String?
    package var version: Int

    /// A request as it is first asked.
    package init(
        id: SupportRequestID, referral: ReferralID, municipality: Municipality, provider: OrganisationName,
        state: SupportState, needs: [SupportNeed], hoursPerWeek: Int, wantedFrom: CivilDate?, note: String?,
        askedAt: Instant, answerDueOn: CivilDate, version: Int
    ) {
        self.id = id
        self.referral = referral
        self.municipality = municipality
        self.provider = provider
        self.state = state
        self.needs = needs
        self.hoursPerWeek = hoursPerWeek
        self.wantedFrom = wantedFrom
        self.note = note
        self.askedAt = askedAt
        self.answerDueOn = answerDueOn
        self.version = version
    }
}

/// What a match rested on and what became of it, as one role may see it.
package struct MatchView: Sendable, Equatable {
    package var id: MatchID
    package var standing: MatchStanding
    /// How far it has come for its reader, which decides what is shown.
    package var stage: MatchStage
    package var groups: FieldGroups
    package var referral: ReferralID
    package var createdAt: Instant
    package var offeredAt: Instant?
    package var answerDueOn: CivilDate?
    package var endedAt: Instant?
    /// Whether a run proposed it, and nobody by hand.
    package var isFromRun = false
    /// Why it was made and which limits were set aside; nil to who may not see the workings.
    package var workings: MatchWorkings?
    package var declineReason: DeclineReason?
    package var declineNote: String?
    package var dwelling: OfferedDwelling
    package var identity: Identity?
    package var contact: Contact?
    package var household: Household?
    package var accessibility: [Accessibility]?
    /// The forms wanted, most wanted first.
    package var wantedForms: [HousingForm]?
    package var wishes: WishVersion?
    package var rentFitsIncome: Bool?
    package var support: SupportCommitment?
    /// When the home can be seen; nil when nobody has said.
    package var viewingAt: Instant?
    /// What the coordinator made of a decline; nil to who may not know.
    package var review: DeclineReview?
    /// What the applicant chose to show the residents; nil to who may not read it.
    package var introduction: String?
    /// How the residents voted; nil to who may not know.
    package var vote: PanelVote?
    package var version: Int

    /// A match with the parts everybody who may know of it sees.
    package init(
        id: MatchID, standing: MatchStanding, stage: MatchStage, groups: FieldGroups, referral: ReferralID,
        createdAt: Instant, dwelling: OfferedDwelling, version: Int
    ) {
        self.id = id
        self.standing = standing
        self.stage = stage
        self.groups = groups
        self.referral = referral
        self.createdAt = createdAt
        self.dwelling = dwelling
        self.version = version
    }
}

/// The intake point's own reasons for a match.
package struct MatchWorkings: Sendable, Equatable {
    package var reason: String
    /// The hard limits that did not hold, by their codes.
    package var failingLimits: [String]
    /// The run that proposed it; nil for a match by hand.
    package var run: MatchRunID?
    /// The region's settings it rests on, and of those the version of the form's exit profile; nil for a match of before that
    /// was kept, and where the form has no profile.
    package var regionVersion: Int?
    package var profileVersion: Int?

    /// Workings from their parts.
    package init(
        reason: String, failingLimits: [String], run: MatchRunID? = nil, regionVersion: Int? = nil,
        profileVersion: Int? = nil
    ) {
        self.run = run
        self.regionVersion = regionVersion
        self.profileVersion = profileVersion
        self.reason = reason
        self.failingLimits = failingLimits
    }
}

/// A home in somebody's name.
package struct Tenancy: Sendable, Equatable {
    package var id: TenancyID
    package var match: MatchID
    package var referral: ReferralID
    package var dwelling: DwellingID
    package var landlord: OrganisationName
    package var supportProvider: OrganisationName
    package var kind: TenancyKind
    package var startsOn: CivilDate
    package var convertOn: CivilDate?
    package var registeredAt: Instant
    /// The last day.
    package var endedOn: CivilDate?
    package var version: Int

    /// A tenancy from its parts, that goes on.
    package init(
        id: TenancyID, match: MatchID, referral: ReferralID, dwelling: DwellingID, landlord: OrganisationName,
        supportProvider: OrganisationName, kind: TenancyKind, startsOn: CivilDate, convertOn: CivilDate?,
        registeredAt: Instant, version: Int
    ) {
        self.id = id
        self.match = match
        self.referral = referral
        self.dwelling = dwelling
        self.landlord = landlord
        self.supportProvider = supportProvider
        self.kind = kind
        self.startsOn = startsOn
        self.convertOn = convertOn
        self.registeredAt = registeredAt
        self.version = version
    }
}
