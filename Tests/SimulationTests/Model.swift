// The region in memory: what the domain's description says must be, kept without a database. `permits` says beforehand
// whether a command can succeed; `Model+Record` says what follows when it did.

import Domain
import UseCases

struct ModelConsent: Equatable {
    var purpose: ConsentPurpose
    var recipient: OrganisationID?
    var isInForce = true
}

struct ModelReferral {
    var owner: OrganisationID
    var bsn: String?
    var state = ReferralState.submitted
    var resuming: ReferralState?
    var version = 1
    var events = 1
    var waitingSince: Instant?
    var promiseDueOn: CivilDate?
    var holdStartedOn: CivilDate?
    var reports = 0
    /// What the candidate said of the latest report.
    var agrees: Bool?
    var consents: [ConsentID: ModelConsent] = [:]

    /// Whether the intake point has begun with this person.
    var isTakenIn: Bool { state.isOpen && state != .submitted && resuming != .submitted }
}

struct ModelMatch {
    var referral: ReferralID
    var dwelling: DwellingID
    var state = MatchState.proposed
    var landlordAccepted = false
    var candidateAccepted = false
    var answerDueOn: CivilDate?
}

struct ModelDwelling {
    var landlord: OrganisationID
    var state = DwellingState.free
    /// Who lives there, under a tenancy that goes on.
    var tenant: ReferralID?
}

struct ModelRequest {
    var referral: ReferralID
    var provider: OrganisationID
    var state = SupportState.asked
    var startsOn: CivilDate?
}

struct ModelSignal {
    var referral: ReferralID
    var isOpen = true
}

struct ModelHandover {
    var referral: ReferralID
    var state = HandoverState.asked
}

/// Everything there is.
struct Model {
    var referrals: [ReferralID: ModelReferral] = [:]
    var matches: [MatchID: ModelMatch] = [:]
    var dwellings: [DwellingID: ModelDwelling] = [:]
    var requests: [SupportRequestID: ModelRequest] = [:]
    var signals: [SignalID: ModelSignal] = [:]
    var handovers: [HandoverID: ModelHandover] = [:]
    var ledger: Int64 = 0

    // MARK: Looking

    func live(of id: ReferralID) -> [MatchID] {
        matches.filter { $0.value.referral == id && $0.value.state.isLive }.keys.sorted()
    }

    func accepted(for id: ReferralID) -> ModelRequest? {
        requests.values.first { $0.referral == id && $0.state == .accepted }
    }

    func sees(_ actor: Actor, _ id: ReferralID) -> Bool {
        guard let referral = referrals[id] else { return false }
        switch actor.role {
        case .intaker, .coordinator: return true
        case .referrer: return referral.owner == actor.organisation
        case .supporter: return accepted(for: id)?.provider == actor.organisation
        case .candidate: return actor.referral == id
        case .policymaker, .allocator, .panel, .auditor, .admin: return false
        }
    }

    func consents(_ id: ReferralID, to landlord: OrganisationID) -> Bool {
        let given = referrals[id]?.consents.values.filter(\.isInForce) ?? []
        return given.contains { $0.purpose == .matching && $0.recipient == nil }
            && given.contains {
                $0.purpose == .shareWithLandlord && ($0.recipient == nil || $0.recipient == landlord)
            }
    }

    /// Whether another open referral of the same person has been taken in.
    private func isInQueueElsewhere(_ id: ReferralID) -> Bool {
        guard let bsn = referrals[id]?.bsn else { return false }
        return referrals.contains { $0.key != id && $0.value.bsn == bsn && $0.value.isTakenIn }
    }

    // MARK: May it succeed?

    func permits(_ command: Command, by actor: Actor, today: CivilDate) -> Bool {
        let isIntakePoint = actor.role == .intaker || actor.role == .coordinator
        switch command {
        case .open(let bsn):
            guard isIntakePoint || actor.role == .referrer else { return false }
            return bsn == nil
                || !referrals.values.contains {
                    $0.bsn == bsn && $0.state.isOpen && (isIntakePoint || $0.owner == actor.organisation)
                }
        case .move(let id, let request, let version):
            return permits(request, on: id, ifVersion: version, by: actor, today: today)
        case .report(let id):
            guard isIntakePoint, let referral = referrals[id] else { return false }
            return [.intake, .reported].contains(referral.resuming ?? referral.state)
        case .respond(let id, _):
            guard isIntakePoint || actor.role == .candidate, sees(actor, id), let referral = referrals[id] else {
                return false
            }
            return referral.state.isOpen && referral.reports > 0 && referral.agrees == nil
        case .give(let id, _, _): return mayWriteConsents(actor, id) && referrals[id]?.state.isOpen == true
        case .takeBack(let id, let consent):
            return mayWriteConsents(actor, id) && referrals[id]?.consents[consent]?.isInForce == true
        case .offerDwelling: return actor.role == .allocator
        case .set(let id, let state):
            guard let dwelling = dwellings[id] else { return false }
            let may = actor.role == .coordinator || actor.role == .allocator && dwelling.landlord == actor.organisation
            return may && canBecome(state, dwelling)
        case .propose(let id, let dwelling, _):
            guard actor.role == .coordinator, let home = dwellings[dwelling], home.state == .free else { return false }
            return canBeMatched(id) && consents(id, to: home.landlord)
        case .offer(let match):
            guard actor.role == .coordinator, let row = matches[match], let home = dwellings[row.dwelling] else {
                return false
            }
            return row.state == .proposed && canBeMatched(row.referral) && consents(row.referral, to: home.landlord)
        case .answer(let match, let answer, let party):
            return permits(answer, to: match, onBehalfOf: party, by: actor, today: today)
        case .ask(let id, let provider):
            guard isIntakePoint, referrals[id]?.isTakenIn == true, accepted(for: id) == nil else { return false }
            return !requests.values.contains { $0.referral == id && $0.provider == provider && $0.state == .asked }
        case .support(let id, let answer):
            guard actor.role == .supporter, let request = requests[id], request.provider == actor.organisation else {
                return false
            }
            if case .accept = answer, accepted(for: request.referral) != nil { return false }
            return request.state == .asked
        case .warn(let id): return sees(actor, id)
        case .followUp(let id, let outcome):
            guard let signal = signals[id], signal.isOpen, outcome != .linked else { return false }
            return isIntakePoint
                || actor.role == .supporter && accepted(for: signal.referral)?.provider == actor.organisation
        case .handOn(let id):
            let isAsked = handovers.values.contains { $0.referral == id && $0.state == .asked }
            return isIntakePoint && canBeRedirected(id) && !isAsked
        case .answerHandover(let id, let answer):
            guard isIntakePoint, let handover = handovers[id], handover.state == .asked else { return false }
            if case .accept = answer { return canBeRedirected(handover.referral) }
            return true
        case .clockwork: return true
        case .handOver(let match, let day):
            guard let row = matches[match], row.state == .accepted, let home = dwellings[row.dwelling] else {
                return false
            }
            let may = actor.role == .coordinator || actor.role == .allocator && home.landlord == actor.organisation
            return may && (accepted(for: row.referral)?.startsOn).map { $0 <= day } == true
        }
    }

    /// Whether the intake point could still redirect somebody.
    func canBeRedirected(_ id: ReferralID) -> Bool {
        guard let referral = referrals[id] else { return false }
        return ReferralLifecycle.state(after: .redirect, from: referral.state, resuming: referral.resuming) != nil
    }

    private func mayWriteConsents(_ actor: Actor, _ id: ReferralID) -> Bool {
        [.referrer, .intaker, .coordinator, .candidate].contains(actor.role) && sees(actor, id)
    }

    private func canBeMatched(_ id: ReferralID) -> Bool {
        referrals[id]?.state == .waiting || referrals[id]?.state == .matched
    }

    private func canBecome(_ state: DwellingState, _ dwelling: ModelDwelling) -> Bool {
        if state == dwelling.state { return true }
        switch (dwelling.state, state) {
        case (.free, .withdrawn), (.withdrawn, .free): return true
        case (.let, .free), (.let, .withdrawn): return dwelling.tenant == nil
        default: return false
        }
    }

    private func permits(
        _ request: MoveRequest, on id: ReferralID, ifVersion version: Int?, by actor: Actor, today: CivilDate
    ) -> Bool {
        guard let referral = referrals[id], sees(actor, id), request.move.roles.contains(actor.role),
            version == nil || version == referral.version,
            ReferralLifecycle.state(after: request.move, from: referral.state, resuming: referral.resuming) != nil
        else { return false }
        switch request {
        case .startIntake: return !isInQueueElsewhere(id)
        case .completeReport: return referral.reports > 0
        case .admit(_, _, _, let waived, _):
            let consents = referral.consents.values.contains { $0.purpose == .matching && $0.isInForce }
            return consents && (referral.agrees == true || waived != nil) && !isInQueueElsewhere(id)
        case .hold(_, let until): return until > today && until <= today.adding(months: 12)
        case .askInformation, .giveInformation, .redirect, .reject, .loseHome, .close, .resume, .withdraw: return true
        }
    }

    private func permits(
        _ answer: MatchAnswer, to id: MatchID, onBehalfOf party: MatchParty?, by actor: Actor, today: CivilDate
    ) -> Bool {
        guard let match = matches[id], let home = dwellings[match.dwelling] else { return false }
        let speaksFor: MatchParty?
        switch actor.role {
        case .allocator where home.landlord == actor.organisation: speaksFor = .landlord
        case .candidate where actor.referral == match.referral: speaksFor = .candidate
        case .supporter where sees(actor, match.referral): speaksFor = party
        case .coordinator: speaksFor = party
        default: return false
        }
        let isOwn = actor.role == .allocator || actor.role == .candidate
        switch answer {
        case .accept, .decline:
            guard isOwn ? party == nil || party == speaksFor : party == .candidate else { return false }
            if case .decline(let reason, _) = answer, reason.parties != [speaksFor ?? .candidate] { return false }
            if case .decline = answer { return match.state == .offered || match.state == .accepted }
            let said = speaksFor == .landlord ? match.landlordAccepted : match.candidateAccepted
            return match.state == .offered && !said
        case .withdraw: return actor.role == .coordinator && match.state.isLive
        case .expire:
            return actor.role == .coordinator && match.state == .offered
                && match.answerDueOn.map { $0 < today } == true
        }
    }
}
