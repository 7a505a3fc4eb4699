// The moves that are asked for by name. Which role may make which move from where stands in Domain/ReferralLifecycle;
// here stands what each move needs besides, and what it brings about.

package import Domain
package import Storage

/// A move with what belongs to it.
package enum MoveRequest: Sendable, Equatable {
    case askInformation(question: String)
    case giveInformation(note: String?)
    case startIntake
    case completeReport
    case admit(urgency: UrgencyClass, ground: String, form: HousingForm, agreementWaived: String?, reason: String?)
    case redirect(advice: [Advice], reason: String, handoverTo: String? = nil)
    case reject(advice: [Advice], grounds: String)
    case loseHome(reason: String)
    case close(outcome: ClosingOutcome, reason: String?)
    case hold(reason: String, until: CivilDate)
    case resume
    case withdraw(reason: String)

    /// The move's name in the lifecycle.
    package var move: ReferralMove {
        switch self {
        case .askInformation: .askInformation
        case .giveInformation: .giveInformation
        case .startIntake: .startIntake
        case .completeReport: .completeReport
        case .admit: .admit
        case .redirect: .redirect
        case .reject: .reject
        case .loseHome: .loseHome
        case .close: .close
        case .hold: .hold
        case .resume: .resume
        case .withdraw: .withdraw
        }
    }
}

/// A move that was made.
package struct MadeMove: Sendable, Equatable {
    package var event: EventID
    package var move: ReferralMove
    package var from: ReferralState
    package var at: Instant
    package var standing: ReferralStanding
}

/// Moves a referral along its lifecycle.
package enum MoveReferral {
    /// The longest a referral can be put on hold, in months.
    package static let longestHoldMonths = 12

    /// Refuses a move that the caller's role may never make, whatever the referral.
    ///
    /// - Throws: `UseCaseFault.forbidden`.
    package static func requireRole(for move: ReferralMove, _ caller: Caller) throws {
        try caller.require(.moveReferral)
        guard move.roles.contains(caller.actor.role) else {
            throw UseCaseFault.forbidden("The role \(caller.actor.role.rawValue) may never \(move.rawValue).")
        }
    }

    /// Makes a move.
    ///
    /// - Throws: `UseCaseFault`; `.moveNotAllowed` with the moves that are possible now.
    package static func run(
        _ id: ReferralID, _ request: MoveRequest, if precondition: Precondition, by caller: Caller,
        in tx: WriteTransaction
    ) throws -> MadeMove {
        try requireRole(for: request.move, caller)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let before = try steps.find(id)
        try precondition.check(before.version)
        let after = ReferralLifecycle.state(after: request.move, from: before.state, resuming: before.resuming)
        guard after != nil else {
            throw UseCaseFault.moveNotAllowed(
                "A referral that is \(before.state.rawValue) can't \(request.move.rawValue).",
                allowed: steps.allowedMoves(before))
        }
        let (standing, event) = try make(request, on: before, steps)
        return MadeMove(event: event, move: request.move, from: before.state, at: tx.now, standing: standing)
    }

    private static func make(
        _ request: MoveRequest, on before: ReferralStanding, _ steps: ReferralSteps
    ) throws -> (standing: ReferralStanding, event: EventID) {
        switch request {
        case .askInformation(let reason): return try steps.make(.askInformation, on: before, reason: reason)
        case .giveInformation(let note): return try steps.make(.giveInformation, on: before, reason: note)
        case .startIntake:
            try requireNotTakenInElsewhere(before, steps)
            return try steps.make(.startIntake, on: before, reason: nil)
        case .completeReport:
            guard try ReportStore(steps.tx.db).latest(of: before.id) != nil else {
                throw UseCaseFault.conflict(.reportMissing, "There is no intake report yet.")
            }
            return try steps.make(.completeReport, on: before, reason: nil)
        case .admit(let urgency, let ground, let form, let waived, let reason):
            let region = try steps.region()
            guard let profile = region.settings.profile(of: form) else {
                throw UseCaseFault.invalid(
                    pointer: "/form", code: "enum", text: "The region has no signed exit profile for this form.")
            }
            let decision = Decision(
                kind: .admit, at: steps.tx.now, urgency: urgency, urgencyGround: ground, form: form,
                profileVersion: profile.version, agreementWaived: waived, regionVersion: region.version)
            return try admit(decision, on: before, reason: reason, steps)
        case .redirect(let advice, let reason, let handoverTo):
            try steps.withdrawMatches(of: before.id, reason: "The referral was redirected.")
            let decision = Decision(
                kind: .redirect, at: steps.tx.now, advice: advice, regionVersion: try steps.region().version,
                handoverTo: handoverTo)
            return try decide(decision, before, reason, steps)
        case .reject(let advice, let grounds):
            let decision = Decision(
                kind: .reject, at: steps.tx.now, advice: advice, objectionDueOn: try steps.lastDay(of: .objection),
                regionVersion: try steps.region().version)
            return try decide(decision, before, grounds, steps)
        case .loseHome(let reason):
            try TenancyStore(steps.tx.db).end(of: before.id, on: steps.today)
            let promise = try steps.lastDay(of: .promise)
            return try steps.make(.loseHome, on: before, reason: reason) {
                // A new promise runs from today; the place in the queue is the one the person always had.
                $0.promiseDueOn = promise
            }
        case .close(let outcome, let reason):
            // Light support goes on, and with it that its provider knows of the person.
            try SupportStore(steps.tx.db).withdrawOpen(
                about: before.id, accepted: outcome != .settledWithLightSupport)
            // Who moved away or died has left the home; its landlord may offer it again.
            if outcome == .movedElsewhere || outcome == .deceased {
                try TenancyStore(steps.tx.db).end(of: before.id, on: steps.today)
            }
            return try steps.make(.close, on: before, reason: reason) { $0.outcome = outcome }
        case .hold(let reason, let until): return try hold(until, reason, on: before, steps)
        case .resume:
            try TaskStore(steps.tx.db).end([.holdEnded], about: before.id, by: steps.caller.actor, at: steps.tx.now)
            return try steps.make(.resume, on: before, reason: nil) {
                // As the clock has it: what was late before stands as it was.
                let started = before.holdStartedOn.flatMap { day in
                    before.promiseDueOn.map { day > $0 } == true ? nil : day
                }
                let held = started.map { Int(steps.today.dayNumber - $0.dayNumber) } ?? 0
                $0.promiseDueOn = before.promiseDueOn?.adding(days: max(0, held))
                $0.holdStartedOn = nil
                $0.holdUntil = nil
            }
        case .withdraw(let reason):
            try steps.withdrawMatches(of: before.id, reason: "The referral was withdrawn.")
            try SupportStore(steps.tx.db).withdrawOpen(about: before.id, accepted: true)
            try TenancyStore(steps.tx.db).end(of: before.id, on: steps.today)
            return try steps.make(.withdraw, on: before, reason: reason) {
                $0.holdStartedOn = nil
                $0.holdUntil = nil
            }
        }
    }

    // Two referrals of one person can't both be taken in; a person decides which one goes on.
    static func requireNotTakenInElsewhere(_ standing: ReferralStanding, _ steps: ReferralSteps) throws {
        guard let bsn = try steps.referrals.person(of: standing.id)?.bsn else { return }
        for other in try LinkStore(steps.tx.db).open(with: bsn, except: standing.id, in: .everything) {
            guard let twin = try steps.referrals.find(other, in: .everything) else { continue }
            let isNew = twin.state == .submitted || twin.resuming == .submitted
            guard !isNew else { continue }
            // A restricted one stands in the way as well; where it is, only named people are told.
            let visibility = AccessPolicy.referrals(visibleTo: steps.caller.actor)
            guard try steps.referrals.find(twin.id, in: visibility) != nil else {
                throw UseCaseFault.conflict(
                    .personInQueue, "This person can't be taken in now; ask a coordinator.")
            }
            throw UseCaseFault.conflict(
                .personInQueue, "Another open referral of this person has been taken in; withdraw one of the two.",
                existing: .referral(twin.id))
        }
    }

    private static func admit(
        _ decision: Decision, on before: ReferralStanding, reason: String?, _ steps: ReferralSteps
    ) throws -> (standing: ReferralStanding, event: EventID) {
        let conversation = ConversationStore(steps.tx.db)
        guard try conversation.consents(of: before.id).allow(.matching, on: steps.today) else {
            throw UseCaseFault.conflict(.consentMissing, "The candidate's consent to matching is not in force.")
        }
        guard let report = try ReportStore(steps.tx.db).latest(of: before.id) else {
            throw UseCaseFault.conflict(.reportMissing, "There is no intake report yet.")
        }
        guard report.response?.agrees == true || decision.agreementWaived != nil else {
            throw UseCaseFault.conflict(
                .agreementMissing,
                "The candidate has not agreed with the report; record the agreement, or say in agreementWaived why not."
            )
        }
        // Once more: a BSN that became known during the intake may be that of somebody who is in the queue already.
        try requireNotTakenInElsewhere(before, steps)
        try conversation.insert(decision, id: steps.tx.newIdentifier(), about: before.id)
        let promise = try steps.lastDay(of: .promise)
        return try steps.make(.admit, on: before, reason: reason, groups: [.status, .decision]) {
            $0.waitingSince = before.waitingSince ?? steps.tx.now
            $0.promiseDueOn = promise
            $0.urgency = decision.urgency
            $0.form = decision.form
        }
    }

    static func decide(
        _ decision: Decision, _ before: ReferralStanding, _ reason: String, _ steps: ReferralSteps
    ) throws -> (standing: ReferralStanding, event: EventID) {
        try ConversationStore(steps.tx.db).insert(decision, id: steps.tx.newIdentifier(), about: before.id)
        try SupportStore(steps.tx.db).withdrawOpen(about: before.id, accepted: true)
        let move: ReferralMove = decision.kind == .reject ? .reject : .redirect
        return try steps.make(move, on: before, reason: reason, groups: [.status, .decision])
    }

    private static func hold(
        _ until: CivilDate, _ reason: String, on before: ReferralStanding, _ steps: ReferralSteps
    ) throws -> (standing: ReferralStanding, event: EventID) {
        guard until > steps.today, until <= steps.today.adding(months: longestHoldMonths) else {
            throw UseCaseFault.invalid(
                pointer: "/until", code: "range", text: "Must be a day after today and at most a year away.")
        }
        // Who waits has no offers out, only drafts; their dwellings are for others meanwhile.
        try steps.withdrawMatches(of: before.id, reason: "The referral was put on hold.")
        return try steps.make(.hold, on: before, reason: reason) {
            $0.holdStartedOn = steps.today
            $0.holdUntil = until
        }
    }
}
