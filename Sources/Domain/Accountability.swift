// What an entry of the ledger says beside who and when: what for, on which ground of the law, on whose responsibility,
// and which kind of deed it was. The one place that derives these from role, deed and fields; it knows no table, and
// no sentence to put it in.

/// What personal data is looked at or changed for (GDPR, article 5(1)(b): doelbinding).
package enum DisclosurePurpose: String, CaseIterable, Sendable {
    case referral
    case support
    case policy
    case intake
    case allocation
    case letting
    case ownAccess = "own_access"
    case audit
    case administration
}

/// On which ground of the law. Wmo is the Social Support Act 2015 (Wet maatschappelijke ondersteuning).
package enum DisclosureGround: String, CaseIterable, Sendable {
    /// The college's task (Wmo, article 5.1.1(1), health included; GDPR, articles 6(1)(e) and 9(2)(h)).
    case municipalTask = "municipal_task"
    /// The provider's task (Wmo, article 5.1.2(1)); the college tells it what it needs for that (article 5.2.1(2)(a)).
    case providerTask = "provider_task"
    /// The citizen service number among those whom the law lists (Wmo, article 5.2.9(1)).
    case citizenServiceNumber = "citizen_service_number"
    /// The person agreed (GDPR, article 6(1)(a)): sharing with others (Wmo, article 5.3.3(1)); income and debts
    /// (article 5.1.1(4)).
    case consent
    /// What an organisation wrote down itself, for the task it does (GDPR, article 6(1)(e)).
    case ownRecord = "own_record"
    /// The agreement of tenant and landlord (GDPR, article 6(1)(b)).
    case contract
    /// The person's own dossier (GDPR, article 15; Wmo, article 5.3.2).
    case ownRight = "own_right"
    /// Showing that the rules are kept (GDPR, articles 5(2) and 32; NEN 7513).
    case accountability
    /// Somebody's life or safety (GDPR, articles 6(1)(d) and 9(2)(c)): the emergency button.
    case vitalInterests = "vital_interests"
}

/// How it ended.
package enum DisclosureResult: String, CaseIterable, Sendable {
    /// What was asked for was done.
    case ok
    /// It was not done, but the refusal told of a person.
    case refused
}

/// The kinds of deed (NEN 7513, section 6) that the ledger's actions come in.
package enum DisclosureDeed: String, CaseIterable, Sendable {
    case create
    case read
    case list
    case search
    case change
    case link
    case export
    case print
    case emergency

    /// The kind of an action as the ledger names it: `read_report` is reading, `wishes` a change of them.
    package init(action: String) {
        let first = action.prefix { $0 != "_" }
        switch first {
        case "submit": self = .create
        case "unlink", "split": self = .link
        case "break": self = .emergency
        default: self = DisclosureDeed(rawValue: String(first)) ?? .change
        }
    }
}

/// The actions that are named in more than one place.
package enum LedgerAction {
    /// A look at who looked.
    package static let readDisclosures = "read_disclosures"
    /// A search through the ledger itself.
    package static let searchDisclosures = "search_disclosures"
    /// Into a file, with others.
    package static let export = "export"
}

extension AccessPolicy {
    /// What a role looks at personal data for.
    package static func purpose(of role: Role) -> DisclosurePurpose {
        switch role {
        case .referrer: .referral
        case .supporter: .support
        case .policymaker: .policy
        case .intaker: .intake
        case .coordinator: .allocation
        case .allocator, .panel: .letting
        case .candidate: .ownAccess
        case .auditor: .audit
        case .admin: .administration
        }
    }

    /// The grounds on which a role is shown these groups of what it looks at, the general one first: the one that the
    /// table of the policy names.
    package static func grounds(
        of role: Role, _ sight: Sight, on groups: FieldGroups, inEmergency: Bool = false
    ) -> [DisclosureGround] {
        if role == .candidate { return [.ownRight] }
        var grounds = [inEmergency ? .vitalInterests : ground(of: role, sight)]
        if groups.contains(.bsn) { grounds.append(.citizenServiceNumber) }
        if groups.contains(.finances),
            grounds == [.municipalTask] || grounds == [.municipalTask, .citizenServiceNumber]
        {
            grounds.append(.consent)
        }
        return grounds
    }

    /// The general ground on which a role is shown something. Where the table has no row, what is done concerns the person all
    /// the same, such as a landlord's answer that moves a referral on: then it is the role's own.
    package static func ground(of role: Role, _ sight: Sight) -> DisclosureGround {
        if let grant = grant(role, sight) { return grant.ground.inLedger }
        return switch role {
        case .policymaker, .intaker, .coordinator: .municipalTask
        case .supporter: .providerTask
        case .referrer: .ownRecord
        case .allocator, .panel: .consent
        case .candidate: .ownRight
        case .auditor, .admin: .accountability
        }
    }

    /// The organisation that answers for what an actor does; nil for a person in their own dossier.
    package static func responsible(for actor: Actor) -> OrganisationID? {
        actor.role == .candidate ? nil : actor.organisation
    }
}

extension LegalGround {
    /// The same law as the ledger names it.
    package var inLedger: DisclosureGround {
        switch self {
        case .publicTask, .policy: .municipalTask
        case .provider: .providerTask
        case .ownRecord: .ownRecord
        case .access: .ownRight
        case .consent: .consent
        case .supervision: .accountability
        case .contract: .contract
        }
    }
}

extension ReferralID {
    /// Whom an entry is about that is about nobody, such as a search that found no one.
    package static let nobody = ReferralID(high: 0, low: 0)
}
