// What follows from a command that succeeded, in the model: states, versions, dates, and how many events and ledger
// entries it leaves.

import Domain
import UseCases

extension Model {
    /// Writes down what a command made.
    mutating func record(_ command: Command, by actor: Actor, made: Made, now: Instant) {
        switch (command, made) {
        case (.open(let bsn), .referral(let id)):
            referrals[id] = ModelReferral(owner: actor.organisation, bsn: bsn)
            // The entry of the event; the intake point is shown more than it wrote, and that is another.
            ledger += actor.role == .referrer ? 1 : 2
        case (.move(let id, let request, _), _): recordMove(request, on: id, now: now)
        case (.report(let id), _):
            referrals[id]?.reports += 1
            referrals[id]?.agrees = nil
            event(id)
        case (.respond(let id, let agrees), _):
            referrals[id]?.agrees = agrees
            event(id)
        case (.give(let id, let purpose, let recipient), .consent(let consent)):
            referrals[id]?.consents[consent] = ModelConsent(purpose: purpose, recipient: recipient)
            event(id)
        case (.takeBack(let id, let consent), _):
            referrals[id]?.consents[consent]?.isInForce = false
            event(id)
            for match in live(of: id) {
                guard let home = matches[match].flatMap({ dwellings[$0.dwelling] }) else { continue }
                if !consents(id, to: home.landlord) { end(match, as: .withdrawn) }
            }
        case (.offerDwelling, .dwelling(let id)): dwellings[id] = ModelDwelling(landlord: actor.organisation)
        case (.set(let id, let state), _): dwellings[id]?.state = state
        case (.propose(let id, let dwelling, let offering), .match(let match)):
            matches[match] = ModelMatch(referral: id, dwelling: dwelling)
            dwellings[dwelling]?.state = .reserved
            event(id)
            ledger += 1
            if offering { recordOffer(match, now: now) }
        case (.offer(let match), _):
            recordOffer(match, now: now)
            ledger += 1
        case (.answer(let match, let answer, let party), _):
            recordAnswer(answer, to: match, by: party ?? (actor.role == .allocator ? .landlord : .candidate))
            // Once a match has ended a landlord is shown nothing personal, so there is nothing to write down.
            if actor.role != .allocator || matches[match]?.state.isLive == true { ledger += 1 }
        case (.ask(let id, let provider), .request(let request)):
            requests[request] = ModelRequest(referral: id, provider: provider)
            event(id)
        case (.support(let id, let answer), _): recordSupport(answer, to: id)
        case (.warn(let id), .signal(let signal)):
            signals[signal] = ModelSignal(referral: id)
            event(id)
            ledger += 1
        case (.followUp(let id, let outcome), _):
            guard let signal = signals[id] else { return }
            if outcome.closes { signals[id]?.isOpen = false }
            event(signal.referral)
            ledger += 1
        case (.handOn(let id), .handover(let handover)):
            handovers[handover] = ModelHandover(referral: id)
            referrals[id]?.version += 1
            event(id)
        case (.answerHandover(let id, let answer), _): recordHandover(answer, to: id, now: now)
        case (.clockwork, _):
            let today = AmsterdamTime.day(of: now)
            let overdue = matches.filter {
                $0.value.state == .offered && $0.value.answerDueOn.map { $0 < today } == true
            }
            for match in overdue.keys { end(match, as: .expired) }
        case (.handOver(let match, _), _):
            guard let row = matches[match] else { return }
            matches[match]?.state = .fulfilled
            dwellings[row.dwelling]?.state = .let
            dwellings[row.dwelling]?.tenant = row.referral
            move(row.referral, to: .housed)
        default: preconditionFailure("a command made something else than it makes")
        }
    }

    private mutating func event(_ id: ReferralID) {
        referrals[id]?.events += 1
        ledger += 1
    }

    private mutating func move(_ id: ReferralID, to state: ReferralState) {
        referrals[id]?.state = state
        referrals[id]?.version += 1
        event(id)
    }

    /// Ends a match and frees its dwelling; the referral returns to the queue when nothing else goes on.
    private mutating func end(_ match: MatchID, as state: MatchState, movesReferral: Bool = true) {
        guard let row = matches[match] else { return }
        let wasAccepted = row.state == .accepted
        matches[match]?.state = wasAccepted ? .fallenThrough : state
        dwellings[row.dwelling]?.state = .free
        event(row.referral)
        guard movesReferral, row.state != .proposed else { return }
        let goesOn = live(of: row.referral).contains { matches[$0]?.state != .proposed }
        if wasAccepted || !goesOn { move(row.referral, to: .waiting) }
    }

    private mutating func recordOffer(_ match: MatchID, now: Instant) {
        guard let row = matches[match] else { return }
        matches[match]?.state = .offered
        // Weekends and holidays as the calendar has them; its own tests hold them against almanacs.
        matches[match]?.answerDueOn = DutchCalendar.adding(workingDays: 5, to: AmsterdamTime.day(of: now))
        move(row.referral, to: .matched)
    }

    private mutating func recordAnswer(_ answer: MatchAnswer, to match: MatchID, by party: MatchParty) {
        guard let row = matches[match] else { return }
        switch answer {
        case .accept:
            if party == .landlord { matches[match]?.landlordAccepted = true }
            if party == .candidate { matches[match]?.candidateAccepted = true }
            event(row.referral)
            guard matches[match]?.landlordAccepted == true, matches[match]?.candidateAccepted == true else { return }
            matches[match]?.state = .accepted
            for other in live(of: row.referral) where other != match {
                end(other, as: .withdrawn, movesReferral: false)
            }
            move(row.referral, to: .accepted)
        case .decline: end(match, as: .declined)
        case .withdraw: end(match, as: .withdrawn)
        case .expire: end(match, as: .expired)
        }
    }

    private mutating func recordHandover(_ answer: HandoverAnswer, to id: HandoverID, now: Instant) {
        guard let referral = handovers[id]?.referral else { return }
        event(referral)
        switch answer {
        case .accept:
            handovers[id]?.state = .accepted
            recordMove(.redirect(advice: [.otherRegion], reason: "r"), on: referral, now: now)
        case .decline:
            handovers[id]?.state = .declined
            referrals[referral]?.version += 1
        case .withdraw:
            handovers[id]?.state = .withdrawn
            referrals[referral]?.version += 1
        }
    }

    private mutating func recordSupport(_ answer: SupportAnswer, to id: SupportRequestID) {
        guard let request = requests[id] else { return }
        switch answer {
        case .accept(let startsOn, _, _, _):
            requests[id]?.state = .accepted
            requests[id]?.startsOn = startsOn
        case .decline: requests[id]?.state = .declined
        }
        referrals[request.referral]?.version += 1
        event(request.referral)
    }

    private mutating func recordMove(_ request: MoveRequest, on id: ReferralID, now: Instant) {
        guard let before = referrals[id],
            let state = ReferralLifecycle.state(after: request.move, from: before.state, resuming: before.resuming)
        else { return }
        let today = AmsterdamTime.day(of: now)
        switch request {
        case .askInformation: referrals[id]?.resuming = before.state
        case .giveInformation: referrals[id]?.resuming = nil
        case .admit:
            referrals[id]?.waitingSince = before.waitingSince ?? now
            referrals[id]?.promiseDueOn = today.adding(days: 182)
        case .hold:
            for match in live(of: id) { end(match, as: .withdrawn, movesReferral: false) }
            referrals[id]?.holdStartedOn = today
        case .resume:
            let started = before.holdStartedOn.flatMap { day in before.promiseDueOn.map { day > $0 } == true ? nil : day
            }
            let held = started.map { Int(today.dayNumber - $0.dayNumber) } ?? 0
            referrals[id]?.promiseDueOn = before.promiseDueOn?.adding(days: held)
            referrals[id]?.holdStartedOn = nil
        case .loseHome:
            referrals[id]?.promiseDueOn = today.adding(days: 182)
            moveOut(id)
        case .withdraw:
            for match in live(of: id) { end(match, as: .withdrawn, movesReferral: false) }
            referrals[id]?.holdStartedOn = nil
            moveOut(id)
        case .close(let outcome, _): if outcome == .movedElsewhere || outcome == .deceased { moveOut(id) }
        case .redirect: for match in live(of: id) { end(match, as: .withdrawn, movesReferral: false) }
        case .startIntake, .completeReport, .reject: break
        }
        move(id, to: state)
        if !state.isOpen {
            referrals[id]?.resuming = nil
            for (key, handover) in handovers where handover.referral == id && handover.state == .asked {
                handovers[key]?.state = .withdrawn
            }
            for (key, asked) in requests where asked.referral == id {
                // What was committed to ends too, but for light support, which goes on.
                let goesOn = if case .close(.settledWithLightSupport, _) = request { true } else { false }
                guard asked.state == .asked || asked.state == .accepted && !goesOn else { continue }
                requests[key]?.state = .withdrawn
            }
        }
    }

    private mutating func moveOut(_ id: ReferralID) {
        for (home, dwelling) in dwellings where dwelling.tenant == id { dwellings[home]?.tenant = nil }
    }
}
