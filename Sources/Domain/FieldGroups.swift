// Which groups of fields a role sees of a referral and of a match, as the table of the README gives them. Answers are
// typed projections built from these groups: a field outside them is never read from the database, not read and left out.

/// Groups of fields that are shown or withheld together.
package struct FieldGroups: OptionSet, Sendable, Hashable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Status, route, municipality, candidate number, clocks.
    package static let status = FieldGroups(rawValue: 1 << 0)
    /// What the referrer sent along to recognise it by: external reference, opening answers.
    package static let origin = FieldGroups(rawValue: 1 << 1)
    /// Name and birth date.
    package static let identity = FieldGroups(rawValue: 1 << 2)
    /// Phone and e-mail.
    package static let contact = FieldGroups(rawValue: 1 << 3)
    /// The whole BSN.
    package static let bsn = FieldGroups(rawValue: 1 << 4)
    /// The last three digits of the BSN.
    package static let bsnTail = FieldGroups(rawValue: 1 << 5)
    /// Health, screening, needs: care data as the referrer wrote it.
    package static let care = FieldGroups(rawValue: 1 << 6)
    /// Income and debts as the referrer wrote them.
    package static let finances = FieldGroups(rawValue: 1 << 7)
    /// Only whether the rent fits the income.
    package static let rentFit = FieldGroups(rawValue: 1 << 8)
    /// All wishes.
    package static let wishes = FieldGroups(rawValue: 1 << 9)
    /// Of the wishes: form; and household size and accessibility.
    package static let housingNeeds = FieldGroups(rawValue: 1 << 10)
    /// Provider, intensity and contact of the support.
    package static let support = FieldGroups(rawValue: 1 << 11)
    /// Urgency, form, grounds, advice and the reasons given with moves.
    package static let decision = FieldGroups(rawValue: 1 << 12)
    /// Possible duplicates: other referrals that may be the same person's.
    package static let duplicates = FieldGroups(rawValue: 1 << 13)
    /// The address of a dwelling.
    package static let address = FieldGroups(rawValue: 1 << 14)
    /// The intake point's own workings: why a match was made, which limits were set aside, words beside a decline.
    package static let workings = FieldGroups(rawValue: 1 << 15)
    /// Which referral a match or a tenancy is about.
    package static let dossier = FieldGroups(rawValue: 1 << 16)
    /// What the person agreed to, for whom and until when.
    package static let consents = FieldGroups(rawValue: 1 << 17)
    /// Who looked at the dossier: the ledger's own entries.
    package static let disclosures = FieldGroups(rawValue: 1 << 24)

    /// The groups that say something about a person who can be recognised: a look at them is a disclosure.
    package static let personal: FieldGroups = [
        .identity, .contact, .bsn, .bsnTail, .care, .finances, .wishes, .housingNeeds, .support, .decision, .origin,
        .rentFit, .consents, .disclosures,
    ]

    /// The groups that are a disclosure when it is known whose referral they are of: under a candidate number, the
    /// status too says something about somebody.
    package static let personalInReferral = personal.union(.status)

    /// The groups' names, for the ledger and the policy table.
    package var names: [String] {
        FieldGroups.named.compactMap { contains($0.0) ? $0.1 : nil }
    }

    private static let named: [(FieldGroups, String)] = [
        (.status, "status"), (.origin, "origin"), (.identity, "identity"), (.contact, "contact"), (.bsn, "bsn"),
        (.bsnTail, "bsn_tail"), (.care, "care"), (.finances, "finances"), (.rentFit, "rent_fit"), (.wishes, "wishes"),
        (.housingNeeds, "housing_needs"), (.support, "support"), (.decision, "decision"), (.duplicates, "duplicates"),
        (.address, "address"), (.workings, "workings"), (.dossier, "dossier"), (.consents, "consents"),
        (.disclosures, "disclosures"),
    ]
}

extension AccessPolicy {
    /// Every group a role may be shown of a person, by whichever route and at whichever stage.
    package static func groups(shownTo role: Role) -> FieldGroups {
        MatchStage.allCases.reduce(groups(ofReferralFor: role)) { $0.union(groups(ofMatchFor: role, at: $1)) }
    }

    /// The groups a role sees of a referral that is visible to it.
    package static func groups(ofReferralFor role: Role) -> FieldGroups {
        switch role {
        case .intaker, .coordinator:
            [
                .status, .origin, .identity, .contact, .bsn, .care, .finances, .wishes, .housingNeeds, .support,
                .decision, .consents, .duplicates,
            ]
        case .supporter:
            [
                .status, .identity, .contact, .bsn, .care, .finances, .wishes, .housingNeeds, .support, .decision,
                .consents,
            ]
        case .referrer:
            // Health and income: what it wrote itself. Only the posting organisation can write those fields.
            [.status, .origin, .identity, .contact, .care, .finances, .wishes, .housingNeeds, .support, .consents]
        case .candidate:
            [
                .status, .origin, .identity, .contact, .bsnTail, .care, .finances, .wishes, .housingNeeds, .support,
                .decision, .consents,
            ]
        case .policymaker: [.status]
        case .allocator, .panel, .auditor, .admin: []
        }
    }

    /// The groups a role sees of the candidate and the dwelling of a match that is visible to it.
    package static func groups(ofMatchFor role: Role, at stage: MatchStage) -> FieldGroups {
        switch role {
        case .intaker, .coordinator:
            [
                .status, .identity, .contact, .wishes, .housingNeeds, .support, .rentFit, .address, .workings,
                .dossier,
            ]
        case .supporter: [.status, .identity, .contact, .wishes, .housingNeeds, .support, .rentFit, .address, .dossier]
        case .candidate:
            stage == .bothAccepted
                ? [.status, .housingNeeds, .support, .rentFit, .dossier, .address]
                : [.status, .housingNeeds, .support, .rentFit, .dossier]
        case .allocator: landlordGroups(at: stage)
        case .panel:
            stage == .proposed || stage == .ended ? landlordGroups(at: stage) : landlordGroups(at: stage).union(.wishes)
        case .referrer, .policymaker, .auditor, .admin: []
        }
    }

    // Name once the candidate accepted, contact once both did; nothing of the person once the match has ended.
    private static func landlordGroups(at stage: MatchStage) -> FieldGroups {
        switch stage {
        case .proposed: []
        case .offered: [.status, .address, .housingNeeds, .support, .rentFit]
        case .candidateAccepted: [.status, .address, .housingNeeds, .support, .rentFit, .identity]
        case .bothAccepted: [.status, .address, .housingNeeds, .support, .rentFit, .identity, .contact]
        case .ended: [.status, .address]
        }
    }
}
