// Who may see and do what, against tables written out here: roles by actions, scopes by roles, and the field groups of
// "what each party sees". Landlords and resident panels never get BSN, care data or finances, at any stage.

import Domain
import Testing

@Suite struct AccessPolicyTests {
    private static let parties: Set<Role> = [.referrer, .supporter, .intaker, .coordinator, .candidate]
    private static let intakePoint: Set<Role> = [.intaker, .coordinator]
    private static let letting: Set<Role> = [.allocator, .panel, .supporter, .intaker, .coordinator, .candidate]

    /// The roles that may ever do each thing.
    static let actions: [Action: Set<Role>] = [
        .openSession: Set(Role.allCases),
        .closeSession: Set(Role.allCases),
        .readSelf: Set(Role.allCases), .followChanges: Set(Role.allCases),
        .createReferral: [.referrer, .intaker, .coordinator],
        .listReferrals: parties.union([.policymaker]),
        .readReferral: parties.union([.policymaker]),
        .searchReferrals: [.referrer, .intaker, .coordinator],
        .changeReferral: [.referrer, .intaker, .coordinator],
        .readClocks: parties.union([.policymaker]),
        .readTransitions: parties,
        .moveReferral: parties,
        .readEvents: parties.union([.policymaker]),
        .readDisclosures: [.intaker, .coordinator, .candidate, .auditor],
        .auditDisclosures: [.auditor],
        .readReport: [.supporter, .intaker, .coordinator, .candidate],
        .writeReport: intakePoint,
        .answerReport: [.intaker, .coordinator, .candidate],
        .readWishes: parties,
        .writeWishes: [.referrer, .intaker, .coordinator, .candidate],
        .readConsents: parties,
        .writeConsents: [.referrer, .intaker, .coordinator, .candidate],
        .listDwellings: [.allocator, .panel, .intaker, .coordinator],
        .readDwelling: [.allocator, .panel, .intaker, .coordinator],
        .createDwelling: [.allocator, .coordinator],
        .changeDwelling: [.allocator, .coordinator],
        .proposeMatch: [.coordinator],
        .offerMatch: [.coordinator],
        .listMatches: letting,
        .readMatch: letting,
        .answerMatch: [.allocator, .panel, .candidate, .supporter, .coordinator],
        .askSupport: intakePoint,
        .readReferralSupport: parties,
        .listSupportRequests: [.supporter, .intaker, .coordinator],
        .readSupportRequest: parties,
        .answerSupport: [.supporter],
        .createTenancy: [.allocator, .panel, .coordinator],
        .endTenancy: [.allocator, .panel, .coordinator],
        .listTenancies: letting,
        .readTenancy: letting,
        .listOrganisations: [.intaker, .coordinator, .admin],
        .readRegion: [.intaker, .coordinator, .admin],
        .readRestriction: intakePoint,
        .readLinks: intakePoint,
        .readOverview: [.intaker, .coordinator, .candidate],
        .runMatches: [.coordinator], .readMatchRuns: [.coordinator],
        .readExplanations: [.referrer, .policymaker, .supporter, .intaker, .coordinator, .candidate],
        .readDwellingExplanations: [.allocator, .panel, .intaker, .coordinator],
        .reviewDecline: [.coordinator], .setViewing: [.allocator, .panel, .coordinator],
        .introduce: [.candidate, .intaker, .coordinator],
        .readAgreements: [.allocator, .panel, .intaker, .coordinator],
        .writeAgreements: [.coordinator],
        .readTrust: [.intaker, .coordinator, .candidate],
        .trust: [.intaker, .coordinator, .candidate],
        .endTrust: [.intaker, .coordinator, .candidate],
        .readDossier: [.intaker, .coordinator, .candidate],
        .readCorrections: parties,
        .askCorrection: [.intaker, .coordinator, .candidate],
        .decideCorrection: intakePoint,
        .readErasure: [.intaker, .coordinator, .candidate],
        .requestErasure: [.intaker, .coordinator, .candidate],
        .decideErasure: [.coordinator],
        .linkReferrals: intakePoint,
        .restrictReferral: intakePoint,
        .breakGlass: intakePoint,
        .readEmergencyAccess: [.intaker, .coordinator, .candidate],
        .reviewEmergency: intakePoint,
        .readTasks: [.referrer, .supporter, .intaker, .coordinator, .allocator, .panel, .candidate],
        .changeTasks: [.referrer, .supporter, .intaker, .coordinator, .allocator, .panel, .candidate],
        .assignReferral: intakePoint,
        .readAdvice: parties,
        .tellAdvice: [.referrer, .intaker, .coordinator],
        .readRecords: [.supporter, .intaker, .coordinator, .candidate],
        .writeRecords: [.intaker, .coordinator, .candidate],
        .readMeasurements: [.supporter, .intaker, .coordinator, .candidate],
        .writeMeasurements: [.supporter, .intaker, .coordinator],
        .readRisks: [.supporter, .intaker, .coordinator, .candidate],
        .writeRisks: intakePoint,
        .readNetwork: [.supporter, .intaker, .coordinator, .candidate],
        .writeNetwork: [.intaker, .coordinator, .candidate],
        .readZones: [.supporter, .intaker, .coordinator, .candidate],
        .writeZones: [.intaker, .coordinator, .candidate],
        .readObjections: [.intaker, .coordinator, .candidate],
        .object: [.intaker, .coordinator, .candidate],
        .decideObjection: [.coordinator],
        .consult: [.referrer, .supporter, .allocator, .intaker, .coordinator],
        .readConsultations: [.referrer, .supporter, .allocator, .intaker, .coordinator],
        .answerConsultation: intakePoint,
        .giveThemes: intakePoint,
        .readMissedSignals: [.policymaker, .coordinator],
        .readDeclines: [.allocator, .panel, .intaker, .coordinator],
        .readSupportProposals: intakePoint,
        .convertSupport: [.supporter],
        .pauseClock: intakePoint,
        .giveSignal: [.referrer, .supporter, .intaker, .coordinator, .allocator, .panel, .candidate],
        .readSignals: [.referrer, .supporter, .intaker, .coordinator, .allocator, .panel, .candidate],
        .answerSignal: [.supporter, .intaker, .coordinator],
        .askHandover: intakePoint,
        .readHandovers: [.referrer, .intaker, .coordinator, .candidate],
        .readHandoverPackage: [.referrer, .intaker, .coordinator],
        .answerHandover: [.referrer, .intaker, .coordinator],
        .readForecast: intakePoint,
    ]

    private static let own = OrganisationID(high: 1, low: 1)
    private static let strange = OrganisationID(high: 1, low: 2)
    private static let referral = ReferralID(high: 2, low: 1)
    private static let enschede = Municipality(code: "GM0153")

    private func actor(_ role: Role) -> Actor {
        Actor(
            token: TokenID(high: 9, low: 9), organisation: Self.own, role: role, municipality: Self.enschede,
            referral: role == .candidate ? Self.referral : nil)
    }

    /// A broken glass shows somebody for a while. What is done by it is over with it, or is a note in the dossier: nobody else
    /// gets to look, nothing is shared, bound, linked or forgotten.
    @Test func anEmergencyIsToLookAndToKeepSafe() {
        let lasting: Set<Action> = [
            .restrictReferral, .trust, .writeConsents, .linkReferrals, .requestErasure, .decideErasure, .askHandover,
            .readHandoverPackage, .answerHandover, .assignReferral, .proposeMatch, .offerMatch, .runMatches,
            .readMatchRuns, .answerMatch, .reviewDecline, .setViewing, .introduce, .createTenancy, .endTenancy,
            .askSupport,
            .moveReferral, .reviewEmergency, .decideCorrection, .decideObjection, .consult, .answerConsultation,
        ]
        let now = Instant(milliseconds: 1)
        #expect(lasting.allSatisfy { AccessPolicy.moment(of: $0, at: now) == .endOfTime })
        let deeds: Set<Action> = [
            .changeReferral, .writeRecords, .writeRisks, .writeNetwork, .writeZones, .giveSignal, .answerSignal,
            .changeTasks, .endTrust, .breakGlass, .openSession, .closeSession, .followChanges,
        ]
        for action in Action.allCases where AccessPolicy.moment(of: action, at: now) == now {
            let isLook = ["read", "list", "search"].contains { action.rawValue.hasPrefix($0) }
            #expect(isLook || deeds.contains(action), "\(action)")
        }
        #expect(deeds.allSatisfy { AccessPolicy.moment(of: $0, at: now) == now })
    }

    @Test func theTableIsWhole() { #expect(Set(Self.actions.keys) == Set(Action.allCases)) }

    @Test(arguments: Role.allCases, Action.allCases)
    func rolesByActions(role: Role, action: Action) throws {
        let allowed = try #require(Self.actions[action]).contains(role)
        #expect(AccessPolicy.decide(actor(role), action) == (allowed ? .allow : .forbidden))
        // Forbidden comes before hidden: a role that may never act learns nothing of the resource.
        let elsewhere = try #require(Municipality(code: "GM0141"))
        let facts = ReferralFacts(id: ReferralID(high: 2, low: 2), owner: Self.strange, municipality: elsewhere)
        let everything = role == .intaker || role == .coordinator
        let decision = AccessPolicy.decide(actor(role), action, on: .referral(facts))
        #expect(decision == (!allowed ? .forbidden : everything ? .allow : .hidden))
    }

    /// What of the queue a role knows of: its own in the sense of the role, and nothing else.
    @Test(arguments: Role.allCases)
    func scopesOfReferrals(role: Role) throws {
        let here = try #require(Self.enschede)
        let elsewhere = try #require(Municipality(code: "GM0141"))
        let stranger = ReferralFacts(id: ReferralID(high: 2, low: 2), owner: Self.strange, municipality: elsewhere)
        var posted = stranger
        posted.owner = Self.own
        var resident = stranger
        resident.municipality = here
        var supported = stranger
        supported.supporters = [Self.strange, Self.own]
        var candidate = stranger
        candidate.id = Self.referral
        let expected: [Bool] =
            switch role {
            case .intaker, .coordinator: [true, true, true, true, true]
            case .referrer: [false, true, false, false, false]
            case .policymaker: [false, false, true, false, false]
            case .supporter: [false, false, false, true, false]
            case .candidate: [false, false, false, false, true]
            case .allocator, .panel, .auditor, .admin: [false, false, false, false, false]
            }
        let visibility = AccessPolicy.referrals(visibleTo: actor(role))
        #expect([stranger, posted, resident, supported, candidate].map(visibility.contains) == expected)
        #expect(
            AccessPolicy.disclosures(visibleTo: actor(role)).contains(resident) == (expected[2] || role == .auditor))
        #expect(AccessPolicy.disclosures(visibleTo: actor(role)).contains(stranger) == expected[0])
        var region = actor(role)
        region.municipality = nil
        #expect(
            AccessPolicy.disclosures(visibleTo: region).contains(stranger) == (expected[0] || role == .auditor),
            "an auditor of the whole region reads every ledger")
    }

    @Test(arguments: Role.allCases)
    func scopesOfSupply(role: Role) throws {
        let here = try #require(Self.enschede)
        let all = role == .intaker || role == .coordinator
        let lets = role == .allocator || role == .panel
        let mine = ReferralFacts(id: Self.referral, owner: Self.own, municipality: here, supporters: [Self.own])
        let matches = AccessPolicy.matches(visibleTo: actor(role))
        func sees(_ landlord: OrganisationID, proposal: Bool) -> Bool {
            matches.contains(MatchFacts(landlord: landlord, referral: mine, isProposal: proposal))
        }
        let about = role == .supporter || role == .candidate
        #expect(sees(Self.own, proposal: false) == (all || lets || about))
        #expect(sees(Self.strange, proposal: false) == (all || about))
        #expect(sees(Self.own, proposal: true) == all)
        #expect(sees(Self.strange, proposal: true) == all)
        let dwellings = AccessPolicy.dwellings(visibleTo: actor(role))
        #expect(dwellings.contains(landlord: Self.own) == (all || lets))
        #expect(dwellings.contains(landlord: Self.strange) == all)
        let requests = AccessPolicy.supportRequests(visibleTo: actor(role))
        let asks = all || role == .referrer || role == .candidate
        #expect(requests.contains(provider: Self.own, referral: mine) == (asks || role == .supporter))
        #expect(requests.contains(provider: Self.strange, referral: mine) == asks)
        let tenancies = AccessPolicy.tenancies(visibleTo: actor(role))
        #expect(tenancies.contains(landlord: Self.own, referral: mine) == (all || lets || about))
        #expect(tenancies.contains(landlord: Self.strange, referral: mine) == (all || about))
    }

    @Test func withoutMunicipalityOrReferralThereIsNothing() {
        var actor = actor(.policymaker)
        actor.municipality = nil
        #expect(AccessPolicy.referrals(visibleTo: actor).part == .nothing)
        actor.role = .candidate
        #expect(AccessPolicy.referrals(visibleTo: actor).part == .nothing)
    }
}

@Suite struct FieldGroupTests {
    /// "What each party sees", a line per role.
    static let referral: [Role: Set<String>] = [
        .referrer: [
            "status", "origin", "identity", "contact", "care", "finances", "wishes", "housing_needs", "support",
            "consents",
        ],
        .policymaker: ["status"],
        .intaker: [
            "status", "origin", "identity", "contact", "bsn", "care", "finances", "wishes", "housing_needs", "support",
            "decision", "consents", "duplicates", "workings",
        ],
        .coordinator: [
            "status", "origin", "identity", "contact", "bsn", "care", "finances", "wishes", "housing_needs", "support",
            "decision", "consents", "duplicates", "workings",
        ],
        .supporter: [
            "status", "identity", "contact", "bsn", "care", "finances", "wishes", "housing_needs", "support",
            "decision", "consents",
        ],
        .candidate: [
            "status", "origin", "identity", "contact", "bsn_tail", "care", "finances", "wishes", "housing_needs",
            "support", "decision", "consents",
        ],
        .allocator: [], .panel: [], .auditor: [], .admin: [],
    ]

    private static let offer: Set<String> = ["status", "address", "housing_needs", "support", "rent_fit"]
    private static let insiders: Set<String> = [
        "status", "identity", "contact", "wishes", "housing_needs", "support", "rent_fit", "address", "dossier",
    ]
    private static let staff = insiders.union(["workings"])
    private static let ownOffer: Set<String> = ["status", "housing_needs", "support", "rent_fit", "dossier"]

    private static let nothing = [Set<String>](repeating: [], count: 6)

    /// What is shown with a match: per role, at each stage from proposed to ended.
    static let match: [Role: [Set<String>]] = [
        .intaker: [staff, staff, staff, staff, staff, staff],
        .coordinator: [staff, staff, staff, staff, staff, staff],
        .supporter: [insiders, insiders, insiders, insiders, insiders, insiders],
        .allocator: [
            [], offer, offer.union(["identity"]), offer.union(["identity", "contact"]),
            offer.union(["identity", "contact"]), ["status", "address"],
        ],
        .panel: [
            [], offer.union(["wishes"]), offer.union(["wishes", "identity"]),
            offer.union(["wishes", "identity", "contact"]), offer.union(["wishes", "identity", "contact"]),
            ["status", "address"],
        ],
        .candidate: [
            ownOffer, ownOffer, ownOffer, ownOffer.union(["address"]), ownOffer.union(["address"]), ownOffer,
        ],
        .referrer: nothing, .policymaker: nothing, .auditor: nothing, .admin: nothing,
    ]

    @Test(arguments: Role.allCases) func ofAReferral(role: Role) {
        #expect(Set(AccessPolicy.groups(ofReferralFor: role).names) == Self.referral[role])
    }

    @Test(arguments: Role.allCases) func ofAMatch(role: Role) {
        let shown = MatchStage.allCases.map { Set(AccessPolicy.groups(ofMatchFor: role, at: $0).names) }
        #expect(shown == Self.match[role])
    }

    /// Corporations and facilities have no ground for BSN, health or money: by no group, and through no action.
    @Test(arguments: [Role.allocator, .panel]) func landlordsNever(role: Role) {
        let never: FieldGroups = [
            .bsn, .bsnTail, .care, .finances, .origin, .decision, .duplicates, .workings, .dossier, .consents,
        ]
        for stage in MatchStage.allCases {
            #expect(AccessPolicy.groups(ofMatchFor: role, at: stage).isDisjoint(with: never))
        }
        #expect(AccessPolicy.groups(ofReferralFor: role).isEmpty)
        let dossier: [Action] = [
            .createReferral, .listReferrals, .readReferral, .searchReferrals, .changeReferral, .readTransitions,
            .moveReferral, .readEvents, .readDisclosures, .readReport, .writeReport, .answerReport, .readWishes,
            .writeWishes, .readConsents, .writeConsents, .askSupport, .readReferralSupport, .listSupportRequests,
            .readSupportRequest, .answerSupport,
        ]
        for action in dossier { #expect(!action.roles.contains(role)) }
    }

    @Test func onlyTheseSeeABSN() {
        let whole = Role.allCases.filter { AccessPolicy.groups(ofReferralFor: $0).contains(.bsn) }
        #expect(Set(whole) == [.intaker, .coordinator, .supporter])
        let tail = Role.allCases.filter { AccessPolicy.groups(ofReferralFor: $0).contains(.bsnTail) }
        #expect(tail == [.candidate])
        for role in Role.allCases {
            for stage in MatchStage.allCases {
                #expect(AccessPolicy.groups(ofMatchFor: role, at: stage).isDisjoint(with: [.bsn, .bsnTail, .care]))
            }
        }
    }

    @Test func reportsAndWishesGoWithTheirGroups() {
        for role in Role.allCases where Action.readWishes.roles.contains(role) {
            #expect(AccessPolicy.groups(ofReferralFor: role).contains(.wishes))
        }
        for role in Role.allCases where Action.readReport.roles.contains(role) {
            #expect(AccessPolicy.groups(ofReferralFor: role).isSuperset(of: [.care, .finances, .decision]))
        }
    }

    private static let request: Set<String> = ["status", "support", "care", "decision"]
    private static let named = request.union(["dossier"])

    /// What is shown of a request for support: per role, when it is asked, accepted and over.
    static let supportRequest: [Role: [Set<String>]] = [
        .intaker: [named, named, named], .coordinator: [named, named, named], .candidate: [named, named, named],
        .supporter: [request, named, request],
        .referrer: .init(repeating: ["status", "support", "care", "dossier"], count: 3),
    ]

    @Test(arguments: Role.allCases) func ofARequestAndATenancy(role: Role) {
        let shown = SupportStage.allCases.map { Set(AccessPolicy.groups(role, .supportRequest($0)).names) }
        #expect(shown == Self.supportRequest[role] ?? [[], [], []])
        let tenancy: Set<String> =
            switch role {
            case .intaker, .coordinator, .supporter, .candidate: ["status", "support", "dossier"]
            case .allocator, .panel: ["status", "support"]
            case .referrer, .policymaker, .auditor, .admin: []
            }
        #expect(Set(AccessPolicy.groups(role, .tenancy).names) == tenancy)
    }

    /// The law's own bars stand above the table: no row, whatever its condition, gives a role what it may never see.
    @Test func noRowGivesWhatTheLawBars() throws {
        let landlords: RoleSet = [.allocator, .panel]
        for grant in AccessPolicy.table {
            #expect(!grant.condition.isEmpty && !grant.roles.isEmpty && !grant.sights.isEmpty)
            for field in FieldGroup.all where grant.groups.contains(field.group) {
                #expect(field.barred.isDisjoint(with: grant.roles), "\(field.name) \(grant.condition)")
            }
        }
        for name in ["bsn", "bsn_tail", "care", "finances"] {
            let field = try #require(FieldGroup.all.first { $0.name == name })
            #expect(field.barred.isSuperset(of: landlords), "\(name)")
        }
        let bsn = try #require(FieldGroup.all.first { $0.group == .bsn })
        #expect(bsn.barred.roles == [.referrer, .policymaker, .allocator, .panel, .candidate, .auditor, .admin])
    }

    /// An action on people that shows them nothing would be a hole in the table, and a row without an action is dead.
    @Test(arguments: Role.allCases) func rowsAndActionsGoTogether(role: Role) {
        let reads: [(Action, Sight)] = [
            (.readReferral, .referral), (.readMatch, .match(.offered)), (.readSupportRequest, .supportRequest(.asked)),
            (.readTenancy, .tenancy),
        ]
        for (action, sight) in reads {
            #expect(action.roles.contains(role) == (AccessPolicy.grant(role, sight) != nil), "\(action)")
        }
    }

    private func isHandover(_ sight: Sight) -> Bool { if case .handover = sight { true } else { false } }

    /// What rests on consent ends with it, so nothing of the person may be left for a landlord at the end.
    @Test func whatRestsOnConsentIsForLandlordsAndEnds() {
        for grant in AccessPolicy.table where grant.ground == .consent {
            // And whoever a person lets themselves be handed over to.
            #expect(grant.roles.isSubset(of: [.allocator, .panel]) || grant.sights.allSatisfy(isHandover))
        }
        for role in [Role.allocator, .panel] {
            #expect(AccessPolicy.groups(role, .match(.ended)).isDisjoint(with: .personal))
            for stage in [MatchStage.offered, .candidateAccepted, .bothAccepted] {
                #expect(AccessPolicy.grant(role, .match(stage))?.ground == .consent)
            }
        }
    }

    @Test func namesAreReadBack() {
        let all = FieldGroup.all.reduce(into: FieldGroups()) { $0.formUnion($1.group) }
        #expect(FieldGroups(names: all.names) == all && FieldGroup.all.count == 20)
        #expect(FieldGroups(names: ["identity", "nothing", "bsn"]) == [.identity, .bsn])
    }

    @Test func everyGroupHasOneName() {
        let everything = FieldGroups(rawValue: .max)
        #expect(Set(everything.names).count == 20)
        #expect(!FieldGroups.personal.contains(.status) && !FieldGroups.personal.contains(.address))
        #expect(FieldGroups.personal.isSuperset(of: [.identity, .contact, .bsn, .bsnTail, .care, .finances]))
    }

    @Test(arguments: Role.allCases) func everyRoleLooksForAReason(role: Role) {
        #expect(!AccessPolicy.purpose(of: role).rawValue.isEmpty)
    }
}
