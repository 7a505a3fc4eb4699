// Everything anybody can ask of the service, with the roles that may ever ask it. The route table names one action a
// route; AccessPolicy adds whose resources; here stands only the role.

/// A thing to do, as the policy knows it.
package enum Action: String, CaseIterable, Sendable {
    case openSession
    case closeSession
    case readSelf
    case followChanges
    case createReferral
    case listReferrals
    case readReferral
    case searchReferrals
    case changeReferral
    case readClocks
    case pauseClock
    case readTransitions
    case moveReferral
    case readEvents
    case readDisclosures
    case auditDisclosures
    case readReport
    case writeReport
    case answerReport
    case readWishes
    case writeWishes
    case readConsents
    case writeConsents
    case listDwellings
    case readDwelling
    case createDwelling
    case changeDwelling
    case readAgreements
    case writeAgreements
    case runMatches
    case readMatchRuns
    case readExplanations
    case readDwellingExplanations
    case proposeMatch
    case offerMatch
    case listMatches
    case readMatch
    case answerMatch
    case reviewDecline
    case setViewing
    case introduce
    case askSupport
    case readReferralSupport
    case listSupportRequests
    case readSupportRequest
    case answerSupport
    case createTenancy
    case endTenancy
    case listTenancies
    case readTenancy
    case listOrganisations
    case readRegion
    case readRestriction
    case restrictReferral
    case breakGlass
    case readEmergencyAccess
    case reviewEmergency
    case readLinks
    case linkReferrals
    case readOverview
    case readTrust
    case trust
    case endTrust
    case readDossier
    case readCorrections
    case askCorrection
    case decideCorrection
    case readErasure
    case requestErasure
    case decideErasure
    case readTasks
    case changeTasks
    case assignReferral
    case readAdvice
    case tellAdvice
    case readRecords
    case writeRecords
    case readMeasurements
    case writeMeasurements
    case readRisks
    case writeRisks
    case readNetwork
    case writeNetwork
    case readZones
    case writeZones
    case readObjections
    case object
    case decideObjection
    case consult
    case readConsultations
    case answerConsultation
    case giveThemes
    case readMissedSignals
    case readDeclines
    case readSupportProposals
    case convertSupport
    case giveSignal
    case readSignals
    case answerSignal
    case askHandover
    case readHandovers
    case readHandoverPackage
    case answerHandover
    case readForecast

    /// The roles that may ever do this; others are told 403.
    package var roles: RoleSet {
        switch self {
        case .openSession, .closeSession, .readSelf, .followChanges: .everyone
        case .createReferral, .changeReferral: [.referrer, .intaker, .coordinator]
        case .searchReferrals: [.referrer, .intaker, .coordinator]
        case .listReferrals, .readReferral, .readEvents, .readClocks:
            [.referrer, .supporter, .policymaker, .intaker, .coordinator, .candidate]
        case .readTransitions, .moveReferral: [.referrer, .supporter, .intaker, .coordinator, .candidate]
        case .readDisclosures: [.intaker, .coordinator, .candidate, .auditor]
        case .auditDisclosures: .auditor
        case .readReport: [.supporter, .intaker, .coordinator, .candidate]
        case .writeReport, .pauseClock: [.intaker, .coordinator]
        case .answerReport: [.intaker, .coordinator, .candidate]
        case .readWishes, .readConsents, .readCorrections: [.referrer, .supporter, .intaker, .coordinator, .candidate]
        case .writeWishes, .writeConsents: [.referrer, .intaker, .coordinator, .candidate]
        case .listDwellings, .readDwelling: [.allocator, .panel, .intaker, .coordinator]
        case .createDwelling, .changeDwelling: [.allocator, .coordinator]
        case .readAgreements: [.allocator, .panel, .intaker, .coordinator]
        case .proposeMatch, .offerMatch, .writeAgreements, .runMatches, .readMatchRuns: [.coordinator]
        case .readExplanations: [.referrer, .policymaker, .supporter, .intaker, .coordinator, .candidate]
        case .readDwellingExplanations: [.allocator, .panel, .intaker, .coordinator]
        case .listMatches, .readMatch: [.allocator, .panel, .candidate, .supporter, .intaker, .coordinator]
        case .reviewDecline: [.coordinator]
        case .setViewing: [.allocator, .panel, .coordinator]
        case .introduce: [.candidate, .intaker, .coordinator]
        case .answerMatch: [.allocator, .panel, .candidate, .supporter, .coordinator]
        case .askSupport: [.intaker, .coordinator]
        case .readReferralSupport: [.referrer, .supporter, .intaker, .coordinator, .candidate]
        case .listSupportRequests: [.supporter, .intaker, .coordinator]
        case .readSupportRequest: [.referrer, .supporter, .intaker, .coordinator, .candidate]
        case .answerSupport: [.supporter]
        case .createTenancy, .endTenancy: [.allocator, .panel, .coordinator]
        case .listTenancies, .readTenancy: [.allocator, .panel, .supporter, .intaker, .coordinator, .candidate]
        case .readRestriction, .restrictReferral, .breakGlass, .readLinks, .linkReferrals: [.intaker, .coordinator]
        case .readEmergencyAccess: [.intaker, .coordinator, .candidate]
        case .decideErasure: [.coordinator]
        case .reviewEmergency, .decideCorrection: [.intaker, .coordinator]
        case .askCorrection, .readErasure, .requestErasure, .readDossier, .readOverview, .readTrust, .trust,
            .endTrust:
            [.intaker, .coordinator, .candidate]
        case .readTasks, .changeTasks, .giveSignal, .readSignals:
            [.referrer, .supporter, .intaker, .coordinator, .allocator, .panel, .candidate]
        case .answerSignal: [.supporter, .intaker, .coordinator]
        case .askHandover, .readForecast: [.intaker, .coordinator]
        case .readHandovers: [.referrer, .intaker, .coordinator, .candidate]
        case .readHandoverPackage, .answerHandover: [.referrer, .intaker, .coordinator]
        case .listOrganisations, .readRegion: [.intaker, .coordinator, .admin]
        case .assignReferral, .writeRisks: [.intaker, .coordinator]
        case .readAdvice: [.referrer, .supporter, .intaker, .coordinator, .candidate]
        case .tellAdvice: [.referrer, .intaker, .coordinator]
        case .readRecords, .readMeasurements, .readRisks, .readNetwork, .readZones:
            [.supporter, .intaker, .coordinator, .candidate]
        case .writeRecords, .writeNetwork, .writeZones: [.intaker, .coordinator, .candidate]
        case .writeMeasurements: [.supporter, .intaker, .coordinator]
        case .readObjections, .object: [.intaker, .coordinator, .candidate]
        case .decideObjection: [.coordinator]
        case .consult, .readConsultations: [.referrer, .supporter, .allocator, .intaker, .coordinator]
        case .answerConsultation, .giveThemes, .readSupportProposals: [.intaker, .coordinator]
        case .readMissedSignals: [.policymaker, .coordinator]
        case .readDeclines: [.allocator, .panel, .intaker, .coordinator]
        case .convertSupport: [.supporter]
        }
    }

    /// Whether somebody whom a candidate trusts may do it: look at what the candidate sees, and at nothing to take away.
    package var isForTrustedPeople: Bool {
        switch self {
        case .openSession, .closeSession, .readSelf, .followChanges, .listReferrals, .readReferral, .readEvents,
            .readClocks, .readTransitions, .readDisclosures,
            .readReport, .readWishes, .readConsents, .listMatches, .readMatch, .readReferralSupport,
            .readSupportRequest, .readExplanations,
            .listTenancies, .readTenancy, .readTasks, .readSignals, .readHandovers,
            .readOverview, .readEmergencyAccess, .readErasure, .readAdvice,
            .readRecords, .readMeasurements, .readRisks, .readNetwork, .readZones, .readObjections,
            .readCorrections:
            true
        default: false
        }
    }

    /// Whether it may be done to what shows only because the glass is broken: to look, and to keep somebody safe now. What
    /// outlasts an emergency is for who is named: who else may look, what is shared, bound, linked or forgotten.
    package var isForEmergencies: Bool {
        switch self {
        case _ where isForTrustedPeople: true
        case .breakGlass, .searchReferrals, .readRestriction, .readLinks, .readTrust, .readDossier,
            .listSupportRequests,
            .readSupportProposals:
            true
        case .changeReferral, .writeRecords, .writeRisks, .writeNetwork, .writeZones, .giveSignal, .answerSignal,
            .changeTasks, .endTrust:
            true
        default: false
        }
    }
}
