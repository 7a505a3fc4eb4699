// Who tries what next. Half the steps are what a region would do, so that people get somewhere; some are odd things that
// may be done all the same; the rest is anybody trying anything.

import Domain
import UseCases

struct Chooser {
    var dice: Dice

    mutating func next(_ model: Model, today: CivilDate) -> (actor: Actor, command: Command) {
        if dice.chance(50), let sensible = sensible(model, today) { return sensible }
        var tried = (anybody(model), anything(model, today))
        guard dice.chance(40) else { return tried }
        for _ in 0..<60 where !model.permits(tried.1, by: tried.0, today: today) {
            tried = (anybody(model), anything(model, today))
        }
        return tried
    }

    private mutating func pick<Item>(_ items: [Item]) -> Item? { items.randomElement(using: &dice) }

    private mutating func anybody(_ model: Model) -> Actor {
        let people = model.referrals.keys.sorted().map(Region.candidate(of:))
        if dice.chance(25), let candidate = pick(people) { return candidate }
        return pick(Region.staff) ?? Region.staff[0]
    }

    private static let intaker = Region.staff[0]
    private static let coordinator = Region.staff[1]
    static let bsns = ["999990019", "111222333", "999900006", "999996770"]

    /// The next thing that would help somebody.
    private mutating func sensible(_ model: Model, _ today: CivilDate) -> (Actor, Command)? {
        if model.referrals.isEmpty || dice.chance(6) {
            return (
                pick([Region.staff[2], Region.staff[3]]) ?? Self.intaker,
                .open(bsn: dice.chance(40) ? pick(Self.bsns) : nil)
            )
        }
        if dice.chance(5) { return (Self.coordinator, .clockwork) }
        if dice.chance(6), let warned = warnings(model) { return warned }
        if dice.chance(8) { return (pick([Region.staff[6], Region.staff[7]]) ?? Self.intaker, .offerDwelling) }
        let open = model.referrals.filter { $0.value.state.isOpen }.keys.sorted()
        guard let id = pick(open), let referral = model.referrals[id] else { return nil }
        switch referral.state {
        case .submitted: return (Self.intaker, .move(id, .startIntake, ifVersion: referral.version))
        case .awaitingInformation: return (Self.intaker, .move(id, .giveInformation(note: nil), ifVersion: nil))
        case .intake:
            return referral.reports == 0
                ? (Self.intaker, .report(id)) : (Self.intaker, .move(id, .completeReport, ifVersion: nil))
        case .reported: return (Self.intaker, towardsAdmission(id, referral))
        case .waiting: return towardsAMatch(id, model)
        case .matched, .accepted: return towardsTheKey(id, model, today)
        case .housed:
            guard dice.chance(20) else { return nil }
            let lost = MoveRequest.loseHome(reason: "r")
            let request = dice.chance(60) ? lost : .close(outcome: .settled, reason: nil)
            return (Self.intaker, .move(id, request, ifVersion: nil))
        case .onHold: return (Region.candidate(of: id), .move(id, .resume, ifVersion: nil))
        case .closed, .redirected, .rejected, .withdrawn: return nil
        }
    }

    /// A signal, what was done about one, a handover, or the answer to one.
    private mutating func warnings(_ model: Model) -> (Actor, Command)? {
        let open = model.signals.filter(\.value.isOpen).keys.sorted()
        let asked = model.handovers.filter { $0.value.state == .asked }.keys.sorted()
        switch Int.random(in: 0..<4, using: &dice) {
        case 0: return pick(model.referrals.keys.sorted()).map { (Self.intaker, .warn($0)) }
        case 1: return pick(open).map { (Self.intaker, .followUp($0, pick([.notReached, .helped]) ?? .helped)) }
        case 2:
            return pick(model.referrals.keys.sorted().filter(model.canBeRedirected)).map {
                (Self.coordinator, .handOn($0))
            }
        default: return pick(asked).map { (Self.intaker, .answerHandover($0, anyHandoverAnswer())) }
        }
    }

    private mutating func anyHandoverAnswer() -> HandoverAnswer {
        pick([.accept(reference: "Z"), .decline(.noCapacity, note: nil), .withdraw(note: nil)]) ?? .withdraw(note: nil)
    }

    private func towardsAdmission(_ id: ReferralID, _ referral: ModelReferral) -> Command {
        if !referral.consents.values.contains(where: { $0.purpose == .matching && $0.isInForce }) {
            return .give(id, .matching, to: nil)
        }
        if referral.agrees == nil { return .respond(id, agrees: true) }
        return .move(
            id,
            .admit(
                urgency: .urgent, ground: "g", form: .shared, agreementWaived: referral.agrees == false ? "w" : nil,
                reason: nil), ifVersion: nil)
    }

    private mutating func towardsAMatch(_ id: ReferralID, _ model: Model) -> (Actor, Command)? {
        for purpose in [ConsentPurpose.matching, .shareWithLandlord] {
            let given = model.referrals[id]?.consents.values.contains { $0.purpose == purpose && $0.isInForce }
            if given != true {
                let recipient = purpose == .shareWithLandlord && dice.chance(30) ? pick(Region.landlords) : nil
                return (Region.candidate(of: id), .give(id, purpose, to: recipient))
            }
        }
        let free = model.dwellings.filter { $0.value.state == .free }.keys.sorted()
        return pick(free).map { (Self.coordinator, .propose(id, $0, offering: dice.chance(80))) }
    }

    private mutating func towardsTheKey(_ id: ReferralID, _ model: Model, _ today: CivilDate) -> (Actor, Command)? {
        guard let match = pick(model.live(of: id)), let row = model.matches[match],
            let home = model.dwellings[row.dwelling],
            let landlord = Region.staff.first(where: { $0.organisation == home.landlord })
        else { return nil }
        switch row.state {
        case .proposed: return (Self.coordinator, .offer(match))
        case .accepted:
            if let support = model.accepted(for: id) {
                return (landlord, .handOver(match, startsOn: max(today, support.startsOn ?? today)))
            }
            if let asked = model.requests.filter({ $0.value.referral == id && $0.value.state == .asked }).keys.min(),
                let provider = model.requests[asked]?.provider,
                let supporter = Region.staff.first(where: { $0.role == .supporter && $0.organisation == provider })
            {
                return (supporter, .support(asked, supportAnswer(today)))
            }
            return pick(Region.providers).map { (Self.intaker, .ask(id, $0)) }
        default:
            let side = row.landlordAccepted ? Region.candidate(of: id) : landlord
            return (side, .answer(match, .accept, onBehalfOf: nil))
        }
    }

    private mutating func supportAnswer(_ today: CivilDate) -> SupportAnswer {
        dice.chance(70)
            ? .accept(
                startsOn: today.adding(days: Int.random(in: 0...6, using: &dice)), hoursPerWeek: nil,
                contactName: "Kim", contactPhone: "112") : .decline(.noCapacity, note: nil)
    }

    /// Anything, to anything.
    private mutating func anything(_ model: Model, _ today: CivilDate) -> Command {
        let id = pick(model.referrals.keys.sorted()) ?? ReferralID(high: 9, low: 9)
        let dwelling = pick(model.dwellings.keys.sorted()) ?? DwellingID(high: 9, low: 9)
        let match = pick(model.matches.keys.sorted()) ?? MatchID(high: 9, low: 9)
        let request = pick(model.requests.keys.sorted()) ?? SupportRequestID(high: 9, low: 9)
        let signal = pick(model.signals.keys.sorted()) ?? SignalID(high: 9, low: 9)
        let handover = pick(model.handovers.keys.sorted()) ?? HandoverID(high: 9, low: 9)
        switch Int.random(in: 0..<17, using: &dice) {
        case 14: return .warn(id)
        case 15: return .followUp(signal, pick(SignalOutcome.allCases) ?? .helped)
        case 16: return dice.chance(50) ? .handOn(id) : .answerHandover(handover, anyHandoverAnswer())
        case 0: return .open(bsn: pick(Self.bsns))
        case 1, 2, 3:
            let current = model.referrals[id]?.version ?? 1
            return .move(id, anyMove(today), ifVersion: dice.chance(30) ? current - (dice.chance(50) ? 1 : 0) : nil)
        case 4: return .report(id)
        case 5: return .respond(id, agrees: dice.chance(60))
        case 6:
            let purpose = pick(ConsentPurpose.allCases) ?? .intake
            return .give(
                id, purpose, to: purpose == .shareWithLandlord && dice.chance(50) ? pick(Region.landlords) : nil)
        case 7:
            return .takeBack(id, pick(model.referrals[id]?.consents.keys.sorted() ?? []) ?? ConsentID(high: 9, low: 9))
        case 8: return .set(dwelling, pick(DwellingState.allCases) ?? .free)
        case 9: return .propose(id, dwelling, offering: dice.chance(50))
        case 10: return .offer(match)
        case 11: return .answer(match, anyAnswer(), onBehalfOf: pick([nil, .candidate, .candidate, .landlord]) ?? nil)
        case 12:
            return dice.chance(50)
                ? .ask(id, pick(Region.providers) ?? Region.intakePoint) : .support(request, supportAnswer(today))
        default: return .handOver(match, startsOn: today.adding(days: Int.random(in: -2...8, using: &dice)))
        }
    }

    private mutating func anyAnswer() -> MatchAnswer {
        let reason = pick(DeclineReason.allCases) ?? .wantsToWait
        return pick([.accept, .decline(reason, note: nil), .withdraw(note: nil), .expire]) ?? .accept
    }

    private mutating func anyMove(_ today: CivilDate) -> MoveRequest {
        let until = today.adding(days: Int.random(in: -1...400, using: &dice))
        return pick([
            .askInformation(question: "q"), .giveInformation(note: nil), .startIntake, .completeReport,
            .admit(
                urgency: .regular, ground: "g", form: .shared, agreementWaived: dice.chance(30) ? "w" : nil,
                reason: nil),
            .redirect(advice: [.shelterFirst], reason: "r"), .reject(advice: [.otherRegion], grounds: "g"),
            .loseHome(reason: "r"), .close(outcome: .settled, reason: nil), .hold(reason: "r", until: until), .resume,
            .withdraw(reason: "r"),
        ]) ?? .resume
    }
}
