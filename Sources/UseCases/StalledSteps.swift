// Steps that stall: a clock whose last day has passed makes a task for whoever's move it is; who leaves that task lies
// neither done nor answered makes one for the coordinator. Nobody is told more than that a term has passed.

internal import Domain
internal import Storage

enum StalledSteps {
    /// Makes a task for each clock that has run out.
    static func notice(_ steps: ReferralSteps, limit: Int) throws -> Int {
        let mark = DutyMark<ReferralTag>(name: "stalled_steps")
        let (clocks, last) = try ClockStore(steps.tx.db).breached(
            before: steps.today, after: try mark.find(steps.tx), limit: limit)
        for (referral, clock) in clocks {
            let owner = try owner(of: clock, referral, steps)
            try steps.raise(
                .stalledStep, about: referral, object: clock.id.retyped(), role: owner.role, of: owner.organisation)
        }
        if let last { try mark.update(to: last.day, last.id, steps.tx) }
        return clocks.count
    }

    /// Makes a task for each referral whose hold has ended.
    static func noticeHolds(_ steps: ReferralSteps, limit: Int) throws -> Int {
        let held = try steps.referrals.heldTooLong(on: steps.today, limit: limit)
        for referral in held { try steps.raise(.holdEnded, about: referral) }
        return held.count
    }

    /// Makes a task for the coordinator of each that was left.
    static func escalate(_ steps: ReferralSteps, limit: Int) throws -> Int {
        let mark = DutyMark<TaskTag>(name: "escalations")
        let store = TaskStore(steps.tx.db)
        let left = try store.overdue(
            TaskKind.allCases.filter(\.takesAnswer), before: steps.today,
            after: try mark.find(steps.tx).map { TaskKey(dueOn: $0.day, id: $0.id) }, limit: limit)
        for task in left {
            try steps.raise(.escalation, about: task.referral, object: task.id.retyped())
            try store.noteEscalation(of: task.id, at: steps.tx.now)
        }
        if let last = left.last { try mark.update(to: last.dueOn, last.id, steps.tx) }
        return left.count
    }

    /// Whose task it is: the clock's own party, or whoever's move it is. The promise is the whole region's, and so the
    /// coordinator's.
    private static func owner(
        of clock: Clock, _ referral: ReferralID, _ steps: ReferralSteps
    ) throws -> (role: Role, organisation: OrganisationID?) {
        let coordinator: (Role, OrganisationID?) = (.coordinator, nil)
        guard clock.kind != .promise,
            let party = try clock.kind.party ?? EventStore(steps.tx.db).turns(of: referral).last?.party
        else { return coordinator }
        switch party {
        case .intakePoint: return (.intaker, nil)
        case .candidate: return (.candidate, nil)
        case .referrer:
            return try steps.referrals.find(referral, in: .everything).map { (.referrer, $0.owner) } ?? coordinator
        case .landlord:
            let matches = try MatchStore(steps.tx.db).live(of: referral)
            let match = matches.first { $0.id.retyped() == clock.object } ?? matches.first
            guard let landlord = match?.landlord else { return coordinator }
            let kind = try OrganisationStore(steps.tx.db).find(landlord)?.kind
            return (kind == .selfManagedFacility ? .panel : .allocator, landlord)
        case .provider:
            let store = SupportStore(steps.tx.db)
            let asked = try clock.object.flatMap {
                try store.find($0.retyped(), in: .about(.everything), groups: .support)
            }
            guard let provider = try asked?.provider.id ?? store.supporters(of: referral).first else {
                return coordinator
            }
            return (.supporter, provider)
        }
    }
}
