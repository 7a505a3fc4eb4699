// An early warning comes in, is followed up within two working days, and is closed with what was done. Of somebody who is not
// known here it holds a name and a way to reach them, and no more: a referral, with its two questions, comes after the call.

package import Domain
package import Storage

extension Signal {
    /// Whom the ledger knows it is about: the referral, or of somebody without one the signal itself.
    var subject: ReferralID { referral ?? id.retyped() }

    /// What an actor is shown of it.
    func groups(for actor: Actor) -> FieldGroups { AccessPolicy.groups(actor.role, .signal(stage(for: actor))) }
}

/// Gives signals.
package enum GiveSignal {
    /// Stores a signal and makes the task to follow it up: for the provider that supports the person, else for the intake
    /// point.
    ///
    /// - Throws: `UseCaseFault`.
    package static func run(_ draft: SignalDraft, by caller: Caller, in tx: WriteTransaction) throws -> Signal {
        try caller.require(.giveSignal)
        let actor = caller.actor
        guard draft.kind.roles.contains(actor.role) else {
            throw UseCaseFault.forbidden(
                "The role \(actor.role.rawValue) can't say \(draft.kind.rawValue) of somebody.")
        }
        guard draft.missing(for: actor.role).isEmpty else {
            throw UseCaseFault.invalid(
                pointer: "/arrears", code: "required", text: "Arrears can be reported only after all four conditions.")
        }
        let steps = ReferralSteps(caller: caller, tx: tx)
        var (signal, landlord) = try placed(draft, steps)
        signal.note = draft.note
        try SignalStore(tx.db).insert(
            signal, landlord: landlord, preconditions: draft.preconditions, by: actor.token)
        try Signals.record("signal", signal, [.status, .identity, .contact, .signalWords], steps)
        try Signals.raiseFollowUp(signal, steps)
        return try Signals.view(signal.id, steps)
    }

    private static func placed(
        _ draft: SignalDraft, _ steps: ReferralSteps
    ) throws -> (signal: Signal, landlord: OrganisationID?) {
        let actor = steps.caller.actor
        func make(_ referral: ReferralID?, _ tenancy: TenancyID?, _ municipality: Municipality) -> Signal {
            Signal(
                id: steps.tx.newIdentifier(), kind: draft.kind, referral: referral, tenancy: tenancy,
                municipality: municipality, organisation: actor.organisation, role: actor.role, at: steps.tx.now)
        }
        switch draft.subject {
        case .referral(let id):
            let visibility = AccessPolicy.referrals(visibleTo: actor)
            guard let standing = try steps.referrals.find(id, in: visibility) else {
                throw UseCaseFault.invalid(
                    pointer: "/referral", code: "unknown", text: "There is no such referral in your scope.")
            }
            let home = try TenancyStore(steps.tx.db).current(of: id)
            return (make(id, home?.id, standing.municipality), home?.landlord)
        case .tenancy(let id):
            let store = TenancyStore(steps.tx.db)
            guard let tenancy = try store.find(id, in: AccessPolicy.tenancies(visibleTo: actor)),
                let standing = try steps.referrals.find(tenancy.referral, in: .everything)
            else {
                throw UseCaseFault.invalid(
                    pointer: "/tenancy", code: "unknown", text: "There is no such tenancy in your scope.")
            }
            return (make(tenancy.referral, id, standing.municipality), tenancy.landlord.id)
        case .person(let person, let municipality):
            guard actor.role != .candidate else {
                throw UseCaseFault.forbidden("The role candidate gives signals about its own referral.")
            }
            var signal = make(nil, nil, municipality)
            signal.person = person
            return (signal, nil)
        }
    }
}

/// Looks at signals and follows them up.
package enum Signals {
    /// A page of signals.
    ///
    /// - Throws: `UseCaseFault`.
    package static func list(
        _ filter: SignalFilter, page: PageRequest<SignalID>, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<Page<Signal, SignalID>> {
        try caller.require(.readSignals)
        let found = try SignalStore(tx.db).list(filter, for: caller.actor, page: page)
        return Reading(
            found,
            disclosures: found.items.compactMap {
                look("list_signals", $0, caller.actor)
            })
    }

    /// One signal, with what was done about it.
    ///
    /// - Throws: `UseCaseFault`.
    package static func find(_ id: SignalID, by caller: Caller, in tx: ReadTransaction) throws -> Reading<Signal> {
        try caller.require(.readSignals)
        guard let signal = try SignalStore(tx.db).find(id, for: caller.actor) else { throw UseCaseFault.notFound }
        return Reading(signal, disclosures: [look("read_signal", signal, caller.actor)].compactMap(\.self))
    }

    private static func look(_ action: String, _ signal: Signal, _ actor: Actor) -> Disclosure? {
        Disclosure(
            action, of: signal.groups(for: actor), about: signal.subject, as: .signal(signal.stage(for: actor)))
    }

    /// Records what was done about a signal, by the intake point or by the provider that supports the person.
    ///
    /// - Throws: `UseCaseFault`.
    package static func respond(
        to id: SignalID, _ outcome: SignalOutcome, referral: ReferralID?, note: String?,
        if precondition: Precondition = .any, by caller: Caller, in tx: WriteTransaction
    ) throws -> Signal {
        try caller.require(.answerSignal)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let store = SignalStore(tx.db)
        guard var signal = try store.find(id, for: caller.actor) else { throw UseCaseFault.notFound }
        try precondition.check(signal.version)
        try requireTurn(of: signal, steps)
        guard signal.state == .open else { throw UseCaseFault.conflict(.other, "The signal is closed already.") }
        var landlord: OrganisationID?
        if outcome == .linked { landlord = try link(&signal, to: referral, steps) }
        if outcome.closes {
            signal.state = .closed
            signal.closedAt = tx.now
        }
        signal.version += 1
        let response = SignalResponse(outcome: outcome, at: tx.now, role: caller.actor.role, note: note)
        try store.insert(response, id: tx.newIdentifier(), to: id, by: caller.actor.token)
        guard try store.update(signal, landlord: landlord) else { throw UseCaseFault.preconditionFailed }
        try record("signal_\(outcome.rawValue)", signal, [.status, .signalWords], steps)
        if outcome == .linked {
            tx.forget()
            try endFollowUp(of: id, about: nil, as: .dropped, steps)
            try raiseFollowUp(signal, steps)
        }
        if outcome.closes { try endFollowUp(of: id, about: signal.referral, as: .done, steps) }
        return try view(id, steps)
    }

    private static func requireTurn(of signal: Signal, _ steps: ReferralSteps) throws {
        let actor = steps.caller.actor
        guard actor.role == .supporter else { return }
        let supporters = try signal.referral.map { try SupportStore(steps.tx.db).supporters(of: $0) } ?? []
        guard supporters.contains(actor.organisation) else {
            throw UseCaseFault.conflict(.other, "The intake point follows this signal up.")
        }
    }

    private static func link(
        _ signal: inout Signal, to referral: ReferralID?, _ steps: ReferralSteps
    ) throws -> OrganisationID? {
        guard steps.caller.actor.role != .supporter else {
            throw UseCaseFault.forbidden("The role supporter can't say whose a signal is.")
        }
        guard signal.referral == nil else {
            throw UseCaseFault.conflict(.other, "The signal is about a referral already.")
        }
        let visibility = AccessPolicy.referrals(visibleTo: steps.caller.actor)
        guard let referral, try steps.referrals.find(referral, in: visibility) != nil else {
            throw UseCaseFault.invalid(pointer: "/referral", code: "unknown", text: "There is no such referral.")
        }
        let home = try TenancyStore(steps.tx.db).current(of: referral)
        signal.referral = referral
        signal.isLinked = true
        signal.tenancy = home?.id
        signal.person = nil
        return home?.landlord
    }

    // MARK: What belongs to a signal

    static func raiseFollowUp(_ signal: Signal, _ steps: ReferralSteps) throws {
        let provider = try signal.referral.flatMap { try SupportStore(steps.tx.db).supporters(of: $0).first }
        try steps.raise(
            .followUpSignal, about: signal.referral, object: signal.id.retyped(),
            role: provider == nil ? .intaker : .supporter, of: provider)
    }

    private static func endFollowUp(
        of signal: SignalID, about referral: ReferralID?, as state: TaskState, _ steps: ReferralSteps
    ) throws {
        try TaskStore(steps.tx.db).end(
            .followUpSignal, of: referral, object: signal.retyped(), as: state, by: steps.caller.actor,
            at: steps.tx.now)
    }

    /// Writes the event and the ledger entry; of somebody without a referral there is no timeline, and the ledger alone.
    static func record(_ kind: String, _ signal: Signal, _ groups: FieldGroups, _ steps: ReferralSteps) throws {
        let sight = Sight.signal(signal.stage(for: steps.caller.actor))
        guard signal.referral == nil else {
            _ = try steps.journal.record(
                kind, of: signal.subject, groups: groups, object: signal.id.retyped(), as: sight)
            return
        }
        try steps.journal.disclose(Disclosure(kind, of: groups, about: signal.subject, as: sight))
    }

    /// The signal after a change, as the caller may see it, with the look written down.
    static func view(_ id: SignalID, _ steps: ReferralSteps) throws -> Signal {
        let actor = steps.caller.actor
        guard let signal = try SignalStore(steps.tx.db).find(id, for: actor) else { throw UseCaseFault.notFound }
        try steps.journal.disclose(look("read_signal", signal, actor))
        return signal
    }

    /// Takes the person from signals about nobody's referral that were closed as long ago as a dossier without any
    /// provision is kept.
    static func forget(_ steps: ReferralSteps, limit: Int) throws -> Int {
        let years = try steps.region().settings.retention.withoutProvisionYears
        let day = steps.today.adding(months: -12 * years)
        let forgotten = try SignalStore(steps.tx.db).forget(closedBefore: AmsterdamTime.start(of: day), limit: limit)
        if forgotten > 0 { steps.tx.forget() }
        return forgotten
    }
}
