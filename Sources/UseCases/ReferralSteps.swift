// The steps that several use cases take with a referral: find it in scope, move it along its lifecycle, and let go of
// the matches that rest on it. Each move leaves its event and ledger entry.

internal import Domain
internal import Storage

extension MatchRow {
    /// What an event about the match is called: a draft that was never offered keeps to the intake point to its end.
    func eventKind(_ kind: String) -> String { standing.state == .proposed ? "draft_withdrawn" : kind }
}

struct ReferralSteps {
    let caller: Caller
    let tx: WriteTransaction

    var referrals: ReferralStore { ReferralStore(tx.db) }
    var journal: Journal { Journal(caller: caller, tx: tx) }
    var today: CivilDate { AmsterdamTime.day(of: tx.now) }

    /// The referral, if the caller may know of it.
    func find(_ id: ReferralID) throws -> ReferralStanding {
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        guard let standing = try referrals.find(id, in: visibility) else { throw UseCaseFault.notFound }
        return standing
    }

    /// The referral, if the caller may know of it and it still goes on.
    func findOpen(_ id: ReferralID) throws -> ReferralStanding {
        let standing = try find(id)
        guard standing.state.isOpen else {
            throw UseCaseFault.conflict(.other, "The referral has ended (\(standing.state.rawValue)).")
        }
        return standing
    }

    /// Makes a task, in the commit of what calls for it.
    func raise(
        _ kind: TaskKind, about referral: ReferralID?, object: Identifier<Any>? = nil, role: Role? = nil,
        of organisation: OrganisationID? = nil
    ) throws {
        let task = CaseTask(
            kind, id: tx.newIdentifier(), about: referral, object: object, role: role, of: organisation, at: tx.now)
        _ = try TaskStore(tx.db).insert(task, by: caller.actor.token)
    }

    /// The moves the caller may ask for now.
    func allowedMoves(_ standing: ReferralStanding) -> [ReferralMove] {
        ReferralLifecycle.moves(from: standing.state, by: caller.actor.role, resuming: standing.resuming)
    }

    /// Makes a move: new state, version and event. `change` may set what belongs to the move.
    func make(
        _ move: ReferralMove, on standing: ReferralStanding, reason: String?, groups: FieldGroups = .status,
        as sight: Sight = .referral, change: (inout ReferralStanding) -> Void = { _ in }
    ) throws -> (standing: ReferralStanding, event: EventID) {
        guard
            let state = ReferralLifecycle.state(after: move, from: standing.state, resuming: standing.resuming)
        else {
            throw UseCaseFault.moveNotAllowed(
                "A referral that is \(standing.state.rawValue) can't \(move.rawValue).", allowed: allowedMoves(standing)
            )
        }
        var next = standing
        next.state = state
        next.resuming = state == .awaitingInformation ? standing.state : nil
        next.updatedAt = tx.now
        next.version += 1
        change(&next)
        try save(next)
        let event = try journal.record(
            move.rawValue, of: next.id, from: standing.state, to: next.state, reason: reason, groups: groups,
            as: sight)
        try keepClocks([.moved(move)], of: next.id)
        if !state.isOpen {
            try HandOver.withdraw(of: next.id, self)
            try TaskStore(tx.db).end(
                TaskKind.allCases.filter(\.endsWithReferral), about: next.id, by: caller.actor, at: tx.now)
        }
        return (next, event)
    }

    /// Marks that something shown with the referral has changed.
    func touch(_ standing: ReferralStanding) throws -> ReferralStanding {
        var next = standing
        next.updatedAt = tx.now
        next.version += 1
        try save(next)
        return next
    }

    /// Writes a standing whose version is one more than the stored one.
    func save(_ standing: ReferralStanding) throws {
        guard try referrals.update(standing, at: tx.now) else { throw UseCaseFault.preconditionFailed }
    }

    /// The referral after a change, as the caller may see it, with the look written down.
    func view(_ id: ReferralID) throws -> ReferralView {
        let groups = AccessPolicy.groups(ofReferralFor: caller.actor.role)
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        guard let view = try referrals.view(id, in: visibility, groups: groups, at: tx.now) else {
            throw UseCaseFault.notFound
        }
        try journal.disclose(look(at: id))
        return view
    }

    /// That the caller is shown a referral.
    func look(at id: ReferralID) -> Disclosure? {
        Disclosure("read", of: AccessPolicy.groups(ofReferralFor: caller.actor.role), about: id)
    }

    /// Ends a live match and frees its dwelling. What it means for the referral is the caller's business.
    func end(_ match: MatchRow, _ event: MatchEvent, kind: String, reason: String?) throws -> MatchStanding {
        guard let standing = match.standing.after(event) else {
            throw UseCaseFault.conflict(.other, "The match is \(match.standing.state.rawValue) already.")
        }
        guard try MatchStore(tx.db).update(match, to: standing, at: tx.now) else {
            throw UseCaseFault.preconditionFailed
        }
        try DwellingStore(tx.db).update(state: .free, of: match.dwelling)
        try tellNext(about: match.dwelling)
        _ = try journal.record(
            match.eventKind(kind), of: match.referral, reason: reason, groups: .status, object: match.id.retyped())
        try keepClocks([.matchEnded], of: match.referral, object: match.id.retyped())
        return standing
    }

    /// Withdraws every live match of a referral except one, freeing the dwellings.
    func withdrawMatches(of referral: ReferralID, except kept: MatchID? = nil, reason: String) throws {
        for match in try MatchStore(tx.db).live(of: referral) where match.id != kept {
            _ = try end(match, .withdraw, kind: "match_withdrawn", reason: reason)
        }
    }
}
