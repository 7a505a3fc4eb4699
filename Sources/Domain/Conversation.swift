// What the intake point and the person lay down together: wishes in versions, consents, the report and the decision.
// Pure values; the order in which they may come is ReferralLifecycle's.

/// A consent, as the subject of an identifier.
package enum ConsentTag {}
/// The name of a consent.
package typealias ConsentID = Identifier<ConsentTag>

/// A set of wishes as written at one moment.
package struct WishVersion: Sendable, Equatable {
    package var number: Int
    package var phase: RecoveryPhase?
    package var writtenAt: Instant
    package var writtenBy: Role
    /// The last day on which they count as fresh.
    package var askAgainAfter: CivilDate
    package var wishes: [Wish]

    /// A version from its parts.
    package init(
        number: Int, phase: RecoveryPhase?, writtenAt: Instant, writtenBy: Role, askAgainAfter: CivilDate,
        wishes: [Wish]
    ) {
        self.number = number
        self.phase = phase
        self.writtenAt = writtenAt
        self.writtenBy = writtenBy
        self.askAgainAfter = askAgainAfter
        self.wishes = wishes
    }
}

/// One consent: for a purpose, to one recipient or to all it concerns, dated, with an end.
package struct Consent: Sendable, Equatable {
    package var id: ConsentID
    package var purpose: ConsentPurpose
    package var recipient: OrganisationID?
    package var givenAt: Instant
    package var endsOn: CivilDate?
    package var withdrawnAt: Instant?

    /// A consent from its parts.
    package init(
        id: ConsentID, purpose: ConsentPurpose, recipient: OrganisationID?, givenAt: Instant, endsOn: CivilDate?,
        withdrawnAt: Instant?
    ) {
        self.id = id
        self.purpose = purpose
        self.recipient = recipient
        self.givenAt = givenAt
        self.endsOn = endsOn
        self.withdrawnAt = withdrawnAt
    }

    /// Whether the consent holds on a day; its last day is `endsOn`.
    package func isInForce(on day: CivilDate) -> Bool {
        withdrawnAt == nil && endsOn.map { $0 >= day } ?? true
    }
}

extension [Consent] {
    /// Whether something may be done on a day: a consent for the purpose holds that names the recipient, or nobody.
    package func allow(_ purpose: ConsentPurpose, to recipient: OrganisationID? = nil, on day: CivilDate) -> Bool {
        contains {
            $0.purpose == purpose && ($0.recipient == nil || $0.recipient == recipient) && $0.isInForce(on: day)
        }
    }

    /// Whether the candidate may be brought together with a landlord: consent to matching, and to sharing with that
    /// landlord or with landlords at large.
    package func allowOffer(to landlord: OrganisationID, on day: CivilDate) -> Bool {
        allow(.matching, on: day) && allow(.shareWithLandlord, to: landlord, on: day)
    }
}

/// A level, 1 (acute problem) to 5 (fully self-reliant), with a note.
package struct ConditionLevel: Sendable, Equatable {
    package var condition: ConditionOfExistence
    package var level: Int
    package var note: String

    /// A condition with its level.
    package init(condition: ConditionOfExistence, level: Int, note: String) {
        self.condition = condition
        self.level = level
        self.note = note
    }
}

/// A skill with its level, 1 to 5.
package struct SkillLevel: Sendable, Equatable {
    package var skill: Skill
    package var level: Int

    /// A skill with its level.
    package init(skill: Skill, level: Int) {
        self.skill = skill
        self.level = level
    }
}

/// What an intake worker writes down.
package struct ReportDraft: Sendable, Equatable {
    package var summary: String
    package var conditions: [ConditionLevel]
    package var skills: [SkillLevel]
    package var risks: [RiskFactor]
    package var supportNeeds: [SupportNeed]
    package var advisedForm: HousingForm
    package var incomePerMonth: Int64?
    package var personalPlanReceived: Bool
    package var clientSupportOffered: Bool

    /// A report from its parts.
    package init(
        summary: String, conditions: [ConditionLevel], skills: [SkillLevel], risks: [RiskFactor],
        supportNeeds: [SupportNeed], advisedForm: HousingForm, incomePerMonth: Int64?, personalPlanReceived: Bool,
        clientSupportOffered: Bool
    ) {
        self.summary = summary
        self.conditions = conditions
        self.skills = skills
        self.risks = risks
        self.supportNeeds = supportNeeds
        self.advisedForm = advisedForm
        self.incomePerMonth = incomePerMonth
        self.personalPlanReceived = personalPlanReceived
        self.clientSupportOffered = clientSupportOffered
    }
}

/// What the candidate says of a report.
package struct ReportResponse: Sendable, Equatable {
    package var agrees: Bool
    package var remarks: String?
    package var at: Instant
    /// The role that recorded it: the candidate, or the intake point on the candidate's word.
    package var by: Role

    /// A response from its parts.
    package init(agrees: Bool, remarks: String?, at: Instant, by: Role) {
        self.agrees = agrees
        self.remarks = remarks
        self.at = at
        self.by = by
    }
}

/// A report version with the candidate's response, if there is one.
package struct Report: Sendable, Equatable {
    package var number: Int
    package var writtenAt: Instant
    package var content: ReportDraft
    package var response: ReportResponse?

    /// A report from its parts.
    package init(number: Int, writtenAt: Instant, content: ReportDraft, response: ReportResponse?) {
        self.number = number
        self.writtenAt = writtenAt
        self.content = content
        self.response = response
    }
}

/// A decision about entering the queue.
package struct Decision: Sendable, Equatable {
    /// What was decided.
    package enum Kind: String, CaseIterable, Sendable {
        case admit
        case redirect
        case reject
    }
    package var kind: Kind
    package var at: Instant
    package var urgency: UrgencyClass?
    package var urgencyGround: String?
    package var form: HousingForm?
    package var profileVersion: Int?
    package var agreementWaived: String?
    package var advice: [Advice]
    package var objectionDueOn: CivilDate?
    /// The version of the region's settings that it rests on; 0 for the defaults.
    package var regionVersion: Int
    /// The region or organisation that the person wants to be handed over to.
    package var handoverTo: String?

    /// A decision from its parts.
    package init(
        kind: Kind, at: Instant, urgency: UrgencyClass? = nil, urgencyGround: String? = nil, form: HousingForm? = nil,
        profileVersion: Int? = nil, agreementWaived: String? = nil, advice: [Advice] = [],
        objectionDueOn: CivilDate? = nil, regionVersion: Int = RegionSettings.standardVersion,
        handoverTo: String? = nil
    ) {
        self.kind = kind
        self.at = at
        self.urgency = urgency
        self.urgencyGround = urgencyGround
        self.form = form
        self.profileVersion = profileVersion
        self.agreementWaived = agreementWaived
        self.advice = advice
        self.objectionDueOn = objectionDueOn
        self.regionVersion = regionVersion
        self.handoverTo = handoverTo
    }
}
