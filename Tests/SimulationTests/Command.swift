// What somebody may try in the simulation, as a value, and how it is asked of the use cases.

import Domain
import Storage
import UseCases

/// Something an actor tries.
enum Command: Sendable {
    case open(bsn: String?)
    case move(ReferralID, MoveRequest, ifVersion: Int?)
    case report(ReferralID)
    case respond(ReferralID, agrees: Bool)
    case give(ReferralID, ConsentPurpose, to: OrganisationID?)
    case takeBack(ReferralID, ConsentID)
    case offerDwelling
    case set(DwellingID, DwellingState)
    case propose(ReferralID, DwellingID, offering: Bool)
    case offer(MatchID)
    case answer(MatchID, MatchAnswer, onBehalfOf: MatchParty?)
    case ask(ReferralID, OrganisationID)
    case support(SupportRequestID, SupportAnswer)
    case handOver(MatchID, startsOn: CivilDate)
    case warn(ReferralID)
    case followUp(SignalID, SignalOutcome)
    case handOn(ReferralID)
    case answerHandover(HandoverID, HandoverAnswer)
    case clockwork
}

/// What came of it.
enum Made: Sendable {
    case nothing
    case referral(ReferralID)
    case consent(ConsentID)
    case dwelling(DwellingID)
    case match(MatchID)
    case request(SupportRequestID)
    case signal(SignalID)
    case handover(HandoverID)
}

extension Command {
    static let report = ReportDraft(
        summary: "s", conditions: [], skills: [], risks: [], supportNeeds: [], advisedForm: .shared,
        incomePerMonth: nil, personalPlanReceived: false, clientSupportOffered: true)

    /// Asks it of the use cases.
    func run(by caller: Caller, in tx: WriteTransaction) throws -> Made {
        switch self {
        case .open(let bsn):
            let id = try OpenReferral.run(try Self.draft(bsn), by: caller, in: tx).standing.id
            try Region.admit(Region.candidate(of: id), in: tx)
            return .referral(id)
        case .move(let id, let request, let version):
            let precondition = version.map { Precondition.versions([$0]) } ?? .any
            _ = try MoveReferral.run(id, request, if: precondition, by: caller, in: tx)
        case .report(let id): _ = try Converse.write(report: Self.report, of: id, by: caller, in: tx)
        case .respond(let id, let agrees):
            _ = try Converse.respond(agrees: agrees, remarks: agrees ? nil : "no", of: id, by: caller, in: tx)
        case .give(let id, let purpose, let recipient):
            return .consent(try Converse.give(purpose, to: recipient, until: nil, of: id, by: caller, in: tx).id)
        case .takeBack(let id, let consent):
            _ = try Converse.withdraw(consent, of: id, reason: nil, by: caller, in: tx)
        case .offerDwelling:
            return .dwelling(try OfferDwelling.run(try Self.dwelling(), of: nil, by: caller, in: tx).id)
        case .set(let id, let state):
            _ = try OfferDwelling.change(id, DwellingChanges(state: state) { $0 }, if: .any, by: caller, in: tx)
        case .propose(let id, let dwelling, let offering):
            let match = try ProposeMatch.run(
                referral: id, dwelling: dwelling, reason: "r", offering: offering, by: caller, in: tx)
            return .match(match.id)
        case .offer(let match): _ = try ProposeMatch.offer(match, by: caller, in: tx)
        case .answer(let match, let answer, let party):
            _ = try AnswerMatch.run(match, answer, onBehalfOf: party, by: caller, in: tx)
        case .ask(let id, let provider):
            let ask = SupportAsk(
                provider: provider, hoursPerWeek: 4, needs: [], wantedFrom: nil, note: nil, isAgreed: true)
            return .request(try ArrangeSupport.ask(ask, for: id, by: caller, in: tx).id)
        case .support(let request, let answer):
            _ = try ArrangeSupport.answer(request, answer, by: caller, in: tx)
        case .handOver(let match, let day):
            _ = try RegisterTenancy.run(match: match, startsOn: day, kind: nil, convertOn: nil, by: caller, in: tx)
        case .warn(let id):
            return .signal(
                try GiveSignal.run(SignalDraft(kind: .damage, subject: .referral(id), note: "n"), by: caller, in: tx).id
            )
        case .followUp(let id, let outcome):
            _ = try Signals.respond(to: id, outcome, referral: nil, note: nil, by: caller, in: tx)
        case .handOn(let id):
            let items = HandoverPart.needed.map { HandoverItem($0, on: .municipalTask) }
            let draft = HandoverDraft(
                referral: id, recipient: HandoverRecipient(name: "Elsewhere"), reason: "r", advice: .otherRegion,
                items: items, consentGivenOn: nil)
            return .handover(try HandOver.ask(draft, by: caller, in: tx).id)
        case .answerHandover(let id, let answer): _ = try HandOver.answer(id, answer, by: caller, in: tx)
        case .clockwork:
            for duty in Clockwork.duties { while try Clockwork.run(duty, in: tx) > 0 {} }
        }
        return .nothing
    }

    private struct NoSuchPlace: Error {}

    private static func draft(_ bsn: String?) throws -> ReferralDraft {
        guard let place = Municipality(code: "GM0153") else { throw NoSuchPlace() }
        return ReferralDraft(
            opening: .declined, route: .shelterExit, municipality: place,
            identity: Identity(givenName: "Sanne", familyName: "Jansen", birthDate: CivilDate(dayNumber: 7000)),
            contact: Contact(), bsn: bsn.flatMap { CitizenServiceNumber($0) },
            screening: Screening(
                legalResidence: true, acuteDanger: false, lasting24hSupervision: false, ownStrengthSuffices: false,
                homelessTonight: false))
    }

    private static func dwelling() throws -> DwellingDraft {
        guard let place = Municipality(code: "GM0153") else { throw NoSuchPlace() }
        return DwellingDraft(
            form: .shared, municipality: place, neighbourhood: "Centrum",
            address: Address(street: "Straat", houseNumber: "1", postcode: "7511 AB", city: "Enschede"), rooms: 2,
            rent: 50_000, householdMaximum: 2, petsAllowed: true, availableFrom: CivilDate(dayNumber: 20_000))
    }
}
