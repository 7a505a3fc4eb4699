// A person under threat, or known to staff, is for named people only; in an emergency somebody breaks the glass, which is
// marked in the ledger and judged by somebody else.

package import Domain
package import Storage

/// What is asked of a restriction.
package enum RestrictionRequest: Sendable, Equatable {
    case restrict(people: [TokenID], reason: String)
    case end(reason: String)
}

/// Restrictions.
package enum RestrictReferral {
    /// The most people who can be named.
    package static let peopleLimit = 50

    /// The restriction of a referral that the caller may know of.
    ///
    /// - Throws: `UseCaseFault`.
    package static func find(_ id: ReferralID, by caller: Caller, in tx: ReadTransaction) throws -> Reading<Restriction>
    {
        try caller.require(.readRestriction)
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        guard try ReferralStore(tx.db).find(id, in: visibility) != nil,
            let restriction = try RestrictionStore(tx.db).find(id)
        else { throw UseCaseFault.notFound }
        return Reading(
            restriction, disclosures: [Disclosure("read_restriction", of: .status, about: id)].compactMap(\.self))
    }

    /// Restricts a referral, changes to whom, or ends it. Whoever does it is named as well, so that somebody at the
    /// intake point always is. Whom the person trusts goes on looking along; whom staff let look along does not.
    ///
    /// - Throws: `UseCaseFault`.
    package static func run(
        _ request: RestrictionRequest, on id: ReferralID, by caller: Caller, in tx: WriteTransaction
    ) throws -> Restriction? {
        try caller.require(.restrictReferral)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let standing = try steps.find(id)
        let store = RestrictionStore(tx.db)
        switch request {
        case .restrict(let people, let reason):
            for (place, token) in people.enumerated() {
                guard try AccessTokens.live(token, in: tx) != nil else {
                    throw UseCaseFault.invalid(
                        pointer: "/people/\(place)", code: "unknown", text: "There is no such token.")
                }
            }
            let isNew = try store.isRestricted(id) == false
            try store.restrict(id, to: people + [caller.actor.token], reason: reason, at: tx.now)
            _ = try steps.touch(standing)
            _ = try steps.journal.record("restricted", of: id, groups: .status)
            if isNew { try TrustPerson.endThoseOfStaff(of: id, steps) }
        case .end(let reason):
            guard try store.end(id) else { throw UseCaseFault.conflict(.other, "The referral is not restricted.") }
            _ = try steps.touch(standing)
            _ = try steps.journal.record("restriction_ended", of: id, reason: reason, groups: .status)
        }
        return try store.find(id)
    }
}

/// Breaking the glass.
package enum BreakGlass {
    /// Opens a restricted referral for the caller, for a while. That it exists is told to whoever breaks the glass, and to
    /// nobody without a trace.
    ///
    /// - Throws: `UseCaseFault`.
    package static func run(
        _ id: ReferralID, reason: String, by caller: Caller, in tx: WriteTransaction
    ) throws -> EmergencyAccess {
        try caller.require(.breakGlass)
        guard let isRestricted = try RestrictionStore(tx.db).isRestricted(id), try !ErasureStore(tx.db).isErased(id)
        else {
            throw UseCaseFault.notFound
        }
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        guard isRestricted, try ReferralStore(tx.db).find(id, in: visibility) == nil else {
            throw UseCaseFault.conflict(.other, "You may see this referral without that.")
        }
        return try open(id, reason, ReferralSteps(caller: caller, tx: tx))
    }

    /// Finds restricted people in an emergency, and opens what fits: by BSN, or by name and birth date.
    ///
    /// - Throws: `UseCaseFault`.
    package static func search(
        _ search: ReferralStore.Search, reason: String, by caller: Caller, in tx: WriteTransaction
    ) throws -> [ReferralSummary] {
        try caller.require(.breakGlass)
        guard search.bsn != nil || search.familyName != nil && search.birthDate != nil else {
            throw UseCaseFault.invalid(
                pointer: "", code: "required", text: "In an emergency: give a BSN, or a family name with a birth date.")
        }
        let store = ReferralStore(tx.db)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let all = try store.search(search, in: .everything, groups: .status, limit: Look.searchLimit)
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        var opened: Set<ReferralID> = []
        for line in all where try store.find(line.standing.id, in: visibility) == nil {
            opened.insert(try open(line.standing.id, reason, steps).referral)
        }
        let groups = AccessPolicy.groups(ofReferralFor: caller.actor.role)
            .intersection([.status, .origin, .identity, .decision])
        let found = try store.search(search, in: visibility, groups: groups, limit: Look.searchLimit)
        for line in found {
            var look = Disclosure("search", of: groups, about: line.standing.id)
            look?.isEmergency = opened.contains(line.standing.id)
            try steps.journal.disclose(look)
        }
        if found.isEmpty { try steps.journal.disclose(.fruitless(by: search.groups, inEmergency: true)) }
        return found
    }

    private static func open(
        _ id: ReferralID, _ reason: String, _ steps: ReferralSteps
    ) throws -> EmergencyAccess {
        let access = EmergencyAccess(
            id: steps.tx.newIdentifier(), referral: id, token: steps.caller.actor.token, reason: reason,
            openedAt: steps.tx.now)
        try RestrictionStore(steps.tx.db).insert(access)
        _ = try steps.journal.record(
            "break_glass", of: id, groups: .status, object: access.id.retyped(), inEmergency: true)
        try steps.raise(.reviewEmergencyAccess, about: id, object: access.id.retyped())
        return access
    }

    /// The accesses to a referral that the caller may know of.
    ///
    /// - Throws: `UseCaseFault`.
    package static func list(
        _ id: ReferralID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<[EmergencyAccess]> {
        try caller.require(.readEmergencyAccess)
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        guard try ReferralStore(tx.db).find(id, in: visibility) != nil else { throw UseCaseFault.notFound }
        let found = try RestrictionStore(tx.db).accesses(to: id)
        return Reading(
            found, disclosures: [Disclosure("read_emergencies", of: .status, about: id)].compactMap(\.self))
    }

    /// Judges an access, by somebody else than who broke the glass: a coordinator, who need not see the referral for it, or
    /// an intaker who is named. What was not justified ends at once.
    ///
    /// - Throws: `UseCaseFault`.
    package static func review(
        _ access: EmergencyID, of id: ReferralID, _ outcome: EmergencyOutcome, note: String, by caller: Caller,
        in tx: WriteTransaction
    ) throws -> EmergencyAccess {
        try caller.require(.reviewEmergency)
        let store = RestrictionStore(tx.db)
        guard var found = try store.access(access, to: id, in: AccessPolicy.emergencies(judgedBy: caller.actor)) else {
            throw UseCaseFault.notFound
        }
        guard try !TokenStore(tx.db).isSameBearer(found.token, caller.actor.token) else {
            throw UseCaseFault.conflict(.other, "Somebody else has to judge this.")
        }
        guard try store.review(access, outcome, note: note, by: caller.actor.token, at: tx.now) else {
            throw UseCaseFault.conflict(.other, "This was judged before.")
        }
        if outcome == .unjustified, found.endsAt > tx.now {
            try store.end(found, at: tx.now)
            found.endsAt = tx.now
        }
        let steps = ReferralSteps(caller: caller, tx: tx)
        _ = try steps.journal.record(
            "emergency_reviewed", of: id, groups: .status, object: access.retyped())
        try TaskStore(tx.db).end(
            .reviewEmergencyAccess, of: id, object: access.retyped(), as: .done, by: caller.actor, note: note,
            at: tx.now)
        found.outcome = outcome
        found.note = note
        found.reviewedAt = tx.now
        return found
    }
}
