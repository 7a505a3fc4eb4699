// A person is handed over to another region or organisation: asked, answered, and only with a yes does the referral end here.
// What the other side needs is a file in the form in which it can be posted there; nothing is sent by the service itself.

package import Domain
package import Storage

/// Asks, answers and reads handovers.
package enum HandOver {
    /// How many working days the other side has to answer.
    package static let answerWorkingDays = 10

    /// Asks another region or organisation to go on with a person.
    ///
    /// - Throws: `UseCaseFault`; `.conflict` when that is asked already, `.moveNotAllowed` when the referral is past the
    ///   point from which it could be redirected.
    package static func ask(_ draft: HandoverDraft, by caller: Caller, in tx: WriteTransaction) throws -> Handover {
        try caller.require(.askHandover)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        guard let standing = try steps.referrals.find(draft.referral, in: visibility) else {
            throw UseCaseFault.invalid(pointer: "/referral", code: "unknown", text: "There is no such referral.")
        }
        try requireRedirectable(standing, steps)
        var content = draft
        if let known = draft.recipient.organisation {
            guard let found = try OrganisationStore(tx.db).find(known), found.disabledAt == nil, !caller.isOf(known)
            else {
                throw UseCaseFault.invalid(
                    pointer: "/to/organisation", code: "unknown", text: "There is no such other organisation.")
            }
            content.recipient.name = found.name
        }
        let store = HandoverStore(tx.db)
        guard try store.asked(of: standing.id) == nil else {
            throw UseCaseFault.conflict(.other, "A handover of this referral is asked already.")
        }
        let due = DutchCalendar.adding(workingDays: answerWorkingDays, to: steps.today)
        let handover = Handover(id: tx.newIdentifier(), content, askedAt: tx.now, answerDueOn: due)
        try store.insert(handover)
        _ = try steps.touch(standing)
        _ = try steps.journal.record(
            "handover_asked", of: standing.id, groups: handover.groups.union(.status), object: handover.id.retyped(),
            as: .handover(handover.state.stage))
        try steps.raise(.answerHandover, about: standing.id, object: handover.id.retyped())
        if let known = content.recipient.organisation {
            try steps.raise(
                .answerHandover, about: nil, object: handover.id.retyped(), role: .referrer, of: known)
        }
        return handover
    }

    private static func requireRedirectable(_ standing: ReferralStanding, _ steps: ReferralSteps) throws {
        let after = ReferralLifecycle.state(after: .redirect, from: standing.state, resuming: standing.resuming)
        guard after != nil else {
            throw UseCaseFault.moveNotAllowed(
                "A referral that is \(standing.state.rawValue) can't be handed over.",
                allowed: steps.allowedMoves(standing))
        }
    }

    /// Records an answer: by the other side itself when it has a token here, else by the intake point on its word. With a
    /// yes the referral ends as redirected; until then it is where it was.
    ///
    /// - Throws: `UseCaseFault`.
    package static func answer(
        _ id: HandoverID, _ answer: HandoverAnswer, if precondition: Precondition = .any, by caller: Caller,
        in tx: WriteTransaction
    ) throws -> Handover {
        try caller.require(.answerHandover)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let store = HandoverStore(tx.db)
        guard var handover = try store.find(id, in: AccessPolicy.handovers(visibleTo: caller.actor)) else {
            throw UseCaseFault.notFound
        }
        try precondition.check(handover.version)
        guard handover.state == .asked else {
            throw UseCaseFault.conflict(.other, "The handover is \(handover.state.rawValue) already.")
        }
        guard let standing = try steps.referrals.find(handover.content.referral, in: .everything) else {
            throw UseCaseFault.notFound
        }
        handover.answeredAt = tx.now
        handover.version += 1
        switch answer {
        case .accept(let reference):
            try requireRedirectable(standing, steps)
            handover.state = .accepted
            handover.reference = reference
        case .decline(let reason, let note):
            handover.state = .declined
            handover.declineReason = reason
            handover.note = note
        case .withdraw(let note):
            guard caller.actor.role != .referrer else {
                throw UseCaseFault.forbidden("The role referrer accepts or declines a handover.")
            }
            handover.state = .withdrawn
            handover.note = note
        }
        guard try store.update(handover) else { throw UseCaseFault.preconditionFailed }
        try finish(handover, standing, steps)
        return handover
    }

    private static func finish(
        _ handover: Handover, _ standing: ReferralStanding, _ steps: ReferralSteps
    ) throws {
        try endTasks(of: handover, as: handover.state == .withdrawn ? .dropped : .done, steps)
        _ = try steps.journal.record(
            "handover_\(handover.state.rawValue)", of: standing.id, reason: handover.declineReason?.rawValue,
            groups: .status, object: handover.id.retyped(), as: .handover(handover.state.stage))
        switch handover.state {
        case .accepted:
            let decision = Decision(
                kind: .redirect, at: steps.tx.now, advice: [handover.content.advice],
                regionVersion: try steps.region().version)
            try steps.withdrawMatches(of: standing.id, reason: "The referral was handed over.")
            let words = "Handed over to \(handover.content.recipient.name), as \(handover.reference ?? "")"
            _ = try MoveReferral.decide(decision, standing, words, steps)
        case .declined:
            _ = try steps.touch(standing)
            try steps.raise(.handoverDeclined, about: standing.id, object: handover.id.retyped())
        case .asked, .withdrawn: _ = try steps.touch(standing)
        }
    }

    /// Takes back what is asked of a referral that has ended.
    static func withdraw(of referral: ReferralID, _ steps: ReferralSteps) throws {
        let store = HandoverStore(steps.tx.db)
        guard var handover = try store.asked(of: referral) else { return }
        handover.state = .withdrawn
        handover.answeredAt = steps.tx.now
        handover.version += 1
        guard try store.update(handover) else { throw UseCaseFault.preconditionFailed }
        try endTasks(of: handover, as: .dropped, steps)
    }

    private static func endTasks(of handover: Handover, as state: TaskState, _ steps: ReferralSteps) throws {
        for referral in [handover.content.referral, nil] {
            try TaskStore(steps.tx.db).end(
                .answerHandover, of: referral, object: handover.id.retyped(), as: state, by: steps.caller.actor,
                at: steps.tx.now)
        }
    }

    // MARK: Reading

    private static func look(_ action: String, _ handover: Handover, _ caller: Caller) -> Disclosure? {
        let groups = AccessPolicy.groups(caller.actor.role, .handover(handover.state.stage))
        return Disclosure(
            action, of: groups.intersection([.status, .origin]), about: handover.content.referral,
            as: .handover(handover.state.stage))
    }

    /// A page of handovers.
    ///
    /// - Throws: `UseCaseFault`.
    package static func list(
        _ state: HandoverState?, page: PageRequest<HandoverID>, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<Page<Handover, HandoverID>> {
        try caller.require(.readHandovers)
        let found = try HandoverStore(tx.db).list(
            state, in: AccessPolicy.handovers(visibleTo: caller.actor), page: page)
        return Reading(found, disclosures: found.items.compactMap { look("list_handovers", $0, caller) })
    }

    /// One handover.
    ///
    /// - Throws: `UseCaseFault`.
    package static func find(_ id: HandoverID, by caller: Caller, in tx: ReadTransaction) throws -> Reading<Handover> {
        try caller.require(.readHandovers)
        guard let handover = try HandoverStore(tx.db).find(id, in: AccessPolicy.handovers(visibleTo: caller.actor))
        else { throw UseCaseFault.notFound }
        return Reading(handover, disclosures: [look("read_handover", handover, caller)].compactMap(\.self))
    }

    /// What is sent: of the referral the groups that the handover lists, and that its reader may be shown of it.
    package struct Package {
        package var handover: Handover
        package var view: ReferralView
        /// Who sends it.
        package var sender: String
    }

    /// The package of a handover, while it is asked or after it was accepted.
    ///
    /// - Throws: `UseCaseFault`.
    package static func package(
        _ id: HandoverID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<Package> {
        try caller.require(.readHandoverPackage)
        guard let handover = try HandoverStore(tx.db).find(id, in: AccessPolicy.handovers(visibleTo: caller.actor))
        else { throw UseCaseFault.notFound }
        guard try isStillSent(handover, to: caller, in: tx) else { throw UseCaseFault.notFound }
        let shown = AccessPolicy.groups(caller.actor.role, .handover(handover.state.stage))
        let groups = handover.groups.intersection(shown)
        let referral = handover.content.referral
        guard handover.state.stage != .ended, groups == handover.groups,
            let view = try ReferralStore(tx.db).view(
                referral, in: .everything, groups: groups.union(.status), at: tx.now)
        else { throw UseCaseFault.notFound }
        let region = try RegionStore(tx.db).current().settings.name
        let point = try OrganisationStore(tx.db).intakePoint().flatMap { try OrganisationStore(tx.db).find($0)?.name }
        return Reading(
            Package(handover: handover, view: view, sender: region.isEmpty ? point ?? "Thuispunt" : region),
            disclosures: [
                Disclosure(
                    "export_handover", of: groups, about: referral, as: .handover(handover.state.stage))
            ].compactMap(\.self))
    }
}

extension HandOver {
    /// How long after its yes, or after its term to answer, the other side can fetch what was sent, in days: time to take it
    /// over, and no window on what becomes of the person.
    package static let packageDays = 14

    /// Whether there is still something to fetch for the other side.
    private static func isStillSent(_ handover: Handover, to caller: Caller, in tx: ReadTransaction) throws -> Bool {
        if AccessPolicy.handovers(visibleTo: caller.actor).part == .everything { return true }
        let today = AmsterdamTime.day(of: tx.now)
        let last = handover.answeredAt.map { AmsterdamTime.day(of: $0) } ?? handover.answerDueOn
        return last.adding(days: packageDays) >= today
    }
}

extension Caller {
    fileprivate func isOf(_ organisation: OrganisationID) -> Bool { actor.organisation == organisation }
}
