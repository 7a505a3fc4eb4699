// A warm transfer (warme overdracht): a person goes on with another region or organisation, and stays ours until the other
// side has said yes. What is sent is said group by group, each on its ground. Knows no table and no other service.

/// A handover, as the subject of an identifier.
package enum HandoverTag {}
/// The name of a handover.
package typealias HandoverID = Identifier<HandoverTag>

/// How a handover stands.
package enum HandoverState: String, CaseIterable, Sendable {
    case asked
    case accepted
    case declined
    /// Taken back, or no longer needed.
    case withdrawn

    /// How far it is, as far as that decides what the other side sees.
    package var stage: HandoverStage {
        switch self {
        case .asked: .asked
        case .accepted: .accepted
        case .declined, .withdrawn: .ended
        }
    }
}

/// How far a handover is, as far as that decides what the other side sees.
package enum HandoverStage: String, CaseIterable, Sendable {
    case asked
    case accepted
    case ended
}

/// What can be sent along. A BSN never is: the other side asks the person, and sees an identity document itself
/// (Wmo 2015, article 2.3.4).
package enum HandoverPart: String, CaseIterable, Sendable {
    case origin
    case identity
    case contact
    case care
    case finances
    case wishes
    case housingNeeds = "housing_needs"

    /// The group of fields it is.
    package var group: FieldGroups {
        switch self {
        case .origin: .origin
        case .identity: .identity
        case .contact: .contact
        case .care: .care
        case .finances: .finances
        case .wishes: .wishes
        case .housingNeeds: .housingNeeds
        }
    }

    /// What a referral can't be without.
    package static let needed: [HandoverPart] = [.origin, .identity, .care]
}

/// On which ground a part is sent.
package enum HandoverGround: String, CaseIterable, Sendable {
    /// The person agreed (Wmo 2015, article 5.3.3(1)).
    case consent
    /// Another college's task: shelter is open to anyone in the country (Wmo 2015, articles 1.2.1 and 2.3.5).
    case municipalTask = "municipal_task"
}

/// A part that is sent, with its ground.
package struct HandoverItem: Sendable, Equatable {
    package var part: HandoverPart
    package var ground: HandoverGround

    /// A part on a ground.
    package init(_ part: HandoverPart, on ground: HandoverGround) {
        self.part = part
        self.ground = ground
    }
}

/// Why the other side says no.
package enum HandoverDecline: String, CaseIterable, Sendable {
    case noCapacity = "no_capacity"
    case notOurTask = "not_our_task"
    case informationMissing = "information_missing"
    case candidateDeclines = "candidate_declines"
    case other
}

/// To whom.
package struct HandoverRecipient: Sendable, Equatable {
    /// The region or organisation, in words.
    package var name: String
    /// Whom to reach there, in words.
    package var contact: String?
    /// The organisation, when it has tokens here.
    package var organisation: OrganisationID?

    /// A recipient from its parts.
    package init(name: String, contact: String? = nil, organisation: OrganisationID? = nil) {
        self.name = name
        self.contact = contact
        self.organisation = organisation
    }
}

/// A handover as it is asked.
package struct HandoverDraft: Sendable, Equatable {
    package var referral: ReferralID
    package var recipient: HandoverRecipient
    package var reason: String
    /// What the person is told of where they go on.
    package var advice: Advice
    package var items: [HandoverItem]
    /// The day on which the person agreed; needed when anything is sent on that ground.
    package var consentGivenOn: CivilDate?

    /// A handover from its parts.
    package init(
        referral: ReferralID, recipient: HandoverRecipient, reason: String, advice: Advice, items: [HandoverItem],
        consentGivenOn: CivilDate?
    ) {
        self.referral = referral
        self.recipient = recipient
        self.reason = reason
        self.advice = advice
        self.items = items
        self.consentGivenOn = consentGivenOn
    }
}

/// A handover.
package struct Handover: Sendable, Equatable {
    package var id: HandoverID
    package var content: HandoverDraft
    package var state: HandoverState
    package var askedAt: Instant
    package var answerDueOn: CivilDate
    package var answeredAt: Instant?
    package var declineReason: HandoverDecline?
    package var note: String?
    /// What the other side calls it.
    package var reference: String?
    package var version: Int

    /// A handover that is asked now.
    package init(id: HandoverID, _ content: HandoverDraft, askedAt: Instant, answerDueOn: CivilDate) {
        self.id = id
        self.content = content
        state = .asked
        self.askedAt = askedAt
        self.answerDueOn = answerDueOn
        version = 1
    }

    /// The groups of fields that are sent.
    package var groups: FieldGroups { content.items.reduce(into: []) { $0.formUnion($1.part.group) } }
}

/// What is said of a handover.
package enum HandoverAnswer: Sendable, Equatable {
    case accept(reference: String)
    case decline(HandoverDecline, note: String?)
    case withdraw(note: String?)
}

/// Where a referral was before, when another region or organisation handed it over.
package struct Provenance: Sendable, Equatable {
    package var name: String
    /// What that side calls it.
    package var reference: String

    /// A provenance from its parts.
    package init(name: String, reference: String) {
        self.name = name
        self.reference = reference
    }
}
