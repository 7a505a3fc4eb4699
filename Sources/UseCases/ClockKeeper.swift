// Keeps the clocks of a referral as things happen to it: asks Domain/ClockRules what an event does, and the region how long
// a term is. In the commit of the event itself, so that no clock can lag behind what it measures.

internal import Domain
internal import Storage

extension ReferralSteps {
    /// The region's settings in force.
    func region() throws -> RegionVersion { try RegionStore(tx.db).current() }

    /// The last day of a clock that starts today.
    func lastDay(of kind: ClockKind) throws -> CivilDate {
        try region().settings.term(of: kind).lastDay(from: today, isLegal: kind.isLegal)
    }

    /// Starts, pauses and ends the clocks that events concern; `object` is the match or request they are about. Of a new
    /// referral no clock that an event could pause or end runs, and none is looked for.
    func keepClocks(
        _ events: [ClockEvent], of referral: ReferralID, isNew: Bool = false, object: Identifier<Any>? = nil
    ) throws {
        let effects = events.flatMap { ClockRules.effects(of: $0) }
        guard !effects.isEmpty else { return }
        let store = ClockStore(tx.db)
        var running = isNew ? [] : try store.running(of: referral)
        // Stored in the end: no event changes what it has started.
        var begun: [Clock] = []
        var known: RegionVersion?
        func begin(_ kind: ClockKind, _ term: ClockTerm?) throws {
            guard !(running + begun).contains(where: { $0.kind == kind && $0.object == object }) else { return }
            let region = try known ?? region()
            known = region
            begun.append(
                Clock(
                    kind, id: tx.newIdentifier(), object: object, startedOn: today,
                    term: term ?? region.settings.term(of: kind), regionVersion: region.version))
        }
        for effect in effects {
            switch effect {
            case .start(let kind): try begin(kind, nil)
            case .startFor(let kind, let term): try begin(kind, term)
            case .pause(let kind, let ground):
                try change(&running, of: referral, store) { $0.kind == kind && $0.pause(ground, on: today) }
            case .resume(let kind, let ground):
                try change(&running, of: referral, store) { $0.kind == kind && $0.resume(ground, on: today) }
            case .end(let kind, let outcome):
                try change(&running, of: referral, store) { clock in
                    guard clock.kind == kind, clock.object == object else { return false }
                    try endStalledStep(clock, of: referral, as: outcome)
                    clock.end(outcome, on: today)
                    return true
                }
            case .endAll:
                try change(&running, of: referral, store) { clock in
                    try endStalledStep(clock, of: referral, as: .dropped)
                    clock.end(.dropped, on: today)
                    return true
                }
            }
        }
        try store.insert(begun, of: referral)
    }

    /// Ends the task that asked for a step, once it is taken or no longer matters; only a clock that has run out has one.
    private func endStalledStep(_ clock: Clock, of referral: ReferralID, as outcome: ClockOutcome) throws {
        guard clock.isBreached(on: today) else { return }
        try TaskStore(tx.db).end(
            .stalledStep, of: referral, object: clock.id.retyped(), as: outcome == .done ? .done : .dropped,
            by: caller.actor, at: tx.now)
    }

    /// Writes the clocks that `apply` says it has changed.
    private func change(
        _ running: inout [Clock], of referral: ReferralID, _ store: ClockStore, _ apply: (inout Clock) throws -> Bool
    ) throws {
        for place in running.indices where running[place].endedOn == nil {
            if try apply(&running[place]) { try store.update(running[place], of: referral, on: today) }
        }
        running.removeAll { $0.endedOn != nil }
    }
}
