// The one table of who sees what: role × resource × stage → groups of fields, with the ground in law and the condition in
// words. Answers are typed projections built from these groups: a field outside them is never read from the database, not
// read and left out. `GET /v1/me` serves a role its rows, and ARCHITECTURE.md shows them all.

/// What is looked at and how far it has come, as far as that decides which groups are shown.
package enum Sight: Hashable, Sendable, CaseIterable {
    case referral
    case match(MatchStage)
    case supportRequest(SupportStage)
    case tenancy
    case signal(SignalStage)
    case handover(HandoverStage)
    case disclosures

    package static let allCases: [Sight] =
        [.referral] + MatchStage.allCases.map(Sight.match) + SupportStage.allCases.map(Sight.supportRequest)
        + [.tenancy] + SignalStage.allCases.map(Sight.signal) + HandoverStage.allCases.map(Sight.handover)
        + [.disclosures]

    /// The resource's name in the API.
    package var resource: String {
        switch self {
        case .referral: "referral"
        case .match: "match"
        case .supportRequest: "support_request"
        case .tenancy: "tenancy"
        case .signal: "signal"
        case .handover: "handover"
        case .disclosures: "disclosures"
        }
    }

    /// The stage's name; nil for a resource that shows the same throughout.
    package var stage: String? {
        switch self {
        case .referral, .tenancy, .disclosures: nil
        case .match(let stage): stage.rawValue
        case .supportRequest(let stage): stage.rawValue
        case .signal(let stage): stage.rawValue
        case .handover(let stage): stage.rawValue
        }
    }
}

/// The ground in law on which a role is shown something of a person.
package enum LegalGround: String, CaseIterable, Sendable {
    /// The municipality's own task, which the intake point carries out.
    case publicTask = "Wmo 2015 art. 5.1.1"
    /// The provider whose support is asked for this person, as far as it needs to know.
    case provider = "Wmo 2015 art. 5.2.1(2)(a)"
    /// What the organisation itself wrote down and sent in.
    case ownRecord = "GDPR art. 6(1)(e)"
    /// The person's own right to see it.
    case access = "Wmo 2015 art. 5.3.2; GDPR art. 15"
    /// Nobody but with the person's consent.
    case consent = "Wmo 2015 art. 5.3.3(1); GDPR art. 6(1)(a)"
    /// Figures without names, for the municipality's policy.
    case policy = "Wmo 2015 art. 5.1.1; GDPR art. 5(1)(c)"
    /// The controller's own check on who looked (NEN 7513), and the supervisor's.
    case supervision = "GDPR art. 5(2), 32"
    /// The agreement of tenant and landlord.
    case contract = "GDPR art. 6(1)(b)"
}

/// A row of the table.
package struct Grant: Sendable {
    package let roles: RoleSet
    package let sights: [Sight]
    package let groups: FieldGroups
    package let ground: LegalGround
    /// When it holds, in words.
    package let condition: String

    init(_ roles: RoleSet, _ sights: [Sight], _ groups: FieldGroups, _ ground: LegalGround, _ condition: String) {
        self.roles = roles
        self.sights = sights
        self.groups = groups
        self.ground = ground
        self.condition = condition
    }
}

extension AccessPolicy {
    private static let staff: RoleSet = [.intaker, .coordinator]
    private static let landlords: RoleSet = [.allocator, .panel]
    private static let everySignal = SignalStage.allCases.map(Sight.signal)
    private static let everyHandover = HandoverStage.allCases.map(Sight.handover)
    private static let sent: FieldGroups = HandoverPart.allCases.reduce(into: []) { $0.formUnion($1.group) }
    private static let everyMatch = MatchStage.allCases.map(Sight.match)
    private static let everyRequest = SupportStage.allCases.map(Sight.supportRequest)
    private static let offer: FieldGroups = [.status, .address, .housingNeeds, .support, .rentFit]

    /// The table. At most one row for a role and a sight; what has no row shows nothing.
    package static let table: [Grant] = [
        Grant(
            staff, [.referral],
            [
                .status, .origin, .identity, .contact, .bsn, .care, .finances, .wishes, .housingNeeds, .support,
                .decision, .consents, .duplicates, .workings,
            ], .publicTask, "every referral of the region"),
        Grant(
            .supporter, [.referral],
            [
                .status, .identity, .contact, .bsn, .care, .finances, .wishes, .housingNeeds, .support, .decision,
                .consents,
            ], .provider, "while your organisation's support is accepted"),
        Grant(
            .referrer, [.referral],
            // Health and income: what it wrote itself. Only the posting organisation can write those fields.
            [.status, .origin, .identity, .contact, .care, .finances, .wishes, .housingNeeds, .support, .consents],
            .ownRecord, "referrals that your organisation posted; the BSN can be written, not read"),
        Grant(
            .candidate, [.referral],
            [
                .status, .origin, .identity, .contact, .bsnTail, .care, .finances, .wishes, .housingNeeds, .support,
                .decision, .consents,
            ], .access, "your own referral"),
        Grant(.policymaker, [.referral], [.status], .policy, "residents of your municipality, by candidate number"),

        Grant(
            staff, everyMatch,
            [
                .status, .identity, .contact, .wishes, .housingNeeds, .support, .rentFit, .address, .workings,
                .dossier,
            ], .publicTask, "every match of the region"),
        Grant(
            .supporter, everyMatch,
            [.status, .identity, .contact, .wishes, .housingNeeds, .support, .rentFit, .address, .dossier],
            .provider, "of the people your organisation supports, once offered"),
        Grant(
            .candidate, [.match(.proposed), .match(.offered), .match(.candidateAccepted), .match(.ended)],
            [.status, .housingNeeds, .support, .rentFit, .dossier], .access, "your own offers, without the address"),
        Grant(
            .candidate, [.match(.bothAccepted), .match(.movedIn)],
            [.status, .housingNeeds, .support, .rentFit, .dossier, .address], .access,
            "your own, once both have accepted"),
        Grant(.allocator, [.match(.offered)], offer, .consent, "offered to your organisation"),
        Grant(.panel, [.match(.offered)], offer.union(.wishes), .consent, "offered to your facility"),
        Grant(
            .allocator, [.match(.candidateAccepted)], offer.union(.identity), .consent,
            "the name once the candidate has accepted"),
        Grant(
            .panel, [.match(.candidateAccepted)], offer.union([.wishes, .identity]), .consent,
            "the name once the candidate has accepted"),
        Grant(
            .allocator, [.match(.bothAccepted)], offer.union([.identity, .contact]), .consent,
            "phone and e-mail once both have accepted"),
        Grant(
            .panel, [.match(.bothAccepted)], offer.union([.wishes, .identity, .contact]), .consent,
            "phone and e-mail once both have accepted"),
        Grant(
            .allocator, [.match(.movedIn)], offer.union([.identity, .contact]), .contract,
            "your tenants, until the tenancy ends"),
        Grant(
            .panel, [.match(.movedIn)], offer.union([.wishes, .identity, .contact]), .contract,
            "who lives with you, until the tenancy ends"),
        Grant(
            landlords, [.match(.ended)], [.status, .address], .contract,
            "nothing of the person once the match or the tenancy has ended, or the consent has"),

        Grant(
            staff, everyRequest, [.status, .support, .care, .decision, .dossier], .publicTask,
            "every request of the region"),
        Grant(
            .candidate, everyRequest, [.status, .support, .care, .decision, .dossier], .access,
            "those about yourself"),
        Grant(
            .referrer, everyRequest, [.status, .support, .care, .dossier], .ownRecord,
            "of the referrals your organisation posted, without the words"),
        Grant(
            .supporter, [.supportRequest(.asked), .supportRequest(.ended)], [.status, .support, .care, .decision],
            .provider, "asked of your organisation; whom it is about once you have said yes"),
        Grant(
            .supporter, [.supportRequest(.accepted)], [.status, .support, .care, .decision, .dossier], .provider,
            "asked of your organisation, and accepted"),

        Grant(staff, [.tenancy], [.status, .support, .dossier], .publicTask, "every tenancy of the region"),
        Grant(
            .supporter, [.tenancy], [.status, .support, .dossier], .provider,
            "of the people your organisation supports"),
        Grant(.candidate, [.tenancy], [.status, .support, .dossier], .access, "your own"),
        Grant(landlords, [.tenancy], [.status, .support], .contract, "of your organisation's dwellings"),

        Grant(
            staff, everySignal,
            [.status, .identity, .contact, .signalWords, .decision, .dossier, .duplicates], .publicTask,
            "every signal of the region"),
        Grant(
            .supporter, [.signal(.own)], [.status, .signalWords, .decision, .dossier],
            .ownRecord, "given by your organisation"),
        Grant(
            .supporter, [.signal(.others)], [.status, .signalWords, .decision, .dossier], .provider,
            "about the people your organisation supports"),
        Grant(
            .referrer, [.signal(.own)], [.status, .signalWords, .dossier], .ownRecord,
            "given by your organisation"),
        Grant(
            landlords, [.signal(.own)], [.status, .signalWords], .ownRecord,
            "given by your organisation"),
        Grant(
            landlords, [.signal(.others)], .status, .contract,
            "about your organisation's homes, of what is about the home and without the words"),
        Grant(
            .candidate, everySignal, [.status, .signalWords, .decision, .dossier], .access, "about yourself"),

        Grant(staff, everyHandover, sent.union([.status, .dossier]), .publicTask, "every handover of the region"),
        Grant(
            .referrer, [.handover(.asked), .handover(.accepted)], sent.union(.status), .consent,
            "asked of your organisation: the parts that it lists, each on the ground it names"),
        Grant(.referrer, [.handover(.ended)], .status, .consent, "asked of your organisation, without what was sent"),
        Grant(.candidate, everyHandover, [.status, .origin, .dossier], .access, "your own"),

        Grant(staff, [.disclosures], .disclosures, .supervision, "who looked at every referral of the region"),
        Grant(.candidate, [.disclosures], .disclosures, .access, "who looked at your own referral"),
        Grant(.auditor, [.disclosures], .disclosures, .supervision, "who looked, without the dossier itself"),
    ]

    private struct Cell: Hashable {
        var role: Role
        var sight: Sight
    }

    private static let cells: [Cell: Grant] = table.reduce(into: [:]) { cells, grant in
        for role in grant.roles.roles {
            for sight in grant.sights {
                let before = cells.updateValue(grant, forKey: Cell(role: role, sight: sight))
                precondition(before == nil, "two rows for one role and one sight")
            }
        }
    }

    /// The row of the table for a role and what it looks at; nil when it sees nothing there.
    package static func grant(_ role: Role, _ sight: Sight) -> Grant? { cells[Cell(role: role, sight: sight)] }

    /// The groups a role sees of something that is visible to it.
    package static func groups(_ role: Role, _ sight: Sight) -> FieldGroups { grant(role, sight)?.groups ?? [] }

    /// The groups a role sees of a referral that is visible to it.
    package static func groups(ofReferralFor role: Role) -> FieldGroups { groups(role, .referral) }

    /// The groups a role sees of the candidate and the dwelling of a match that is visible to it.
    package static func groups(ofMatchFor role: Role, at stage: MatchStage) -> FieldGroups {
        groups(role, .match(stage))
    }

    /// Every group a role is shown at some stage of what it looks at: what a SELECT over many rows may read at all.
    package static func groups(_ role: Role, atSomeStageOf resource: String) -> FieldGroups {
        Sight.allCases.filter { $0.resource == resource }.reduce(into: []) { $0.formUnion(groups(role, $1)) }
    }
}
