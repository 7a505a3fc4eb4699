// An objection to a refusal: lodged by the person, or for them on their word, within its term; decided by a coordinator.

package import Domain
package import Storage

/// Objections.
package enum Object {
    /// The objections about a referral, oldest first.
    ///
    /// - Throws: `UseCaseFault`.
    package static func list(
        _ id: ReferralID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<[Objection]> {
        try caller.require(.readObjections)
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        guard try ReferralStore(tx.db).find(id, in: visibility) != nil else { throw UseCaseFault.notFound }
        return Reading(
            try ObjectionStore(tx.db).list(of: id),
            disclosures: [Disclosure("read_objections", of: .decision, about: id)].compactMap(\.self))
    }

    /// Lodges an objection to the refusal of a referral.
    ///
    /// - Throws: `UseCaseFault`; `.conflict` when nothing was refused, when the term is over, and the second time.
    package static func lodge(
        _ text: String, about id: ReferralID, by caller: Caller, in tx: WriteTransaction
    ) throws -> Objection {
        try caller.require(.object)
        let steps = ReferralSteps(caller: caller, tx: tx)
        _ = try steps.find(id)
        let store = ObjectionStore(tx.db)
        guard let refusal = try store.refusal(of: id) else {
            throw UseCaseFault.conflict(.other, "There is no refusal to object to.")
        }
        guard steps.today <= refusal.objectionDueOn else {
            throw UseCaseFault.conflict(.other, "The term for objecting ended on \(refusal.objectionDueOn).")
        }
        guard try !store.exists(to: refusal.id) else {
            throw UseCaseFault.conflict(.other, "There is an objection to this refusal already.")
        }
        let objection = Objection(
            id: tx.newIdentifier(), lodgedAt: tx.now, lodgedBy: caller.actor.role, text: text,
            objectionDueOn: refusal.objectionDueOn)
        try store.insert(objection, to: refusal.id, of: id)
        _ = try steps.journal.record("objection", of: id, groups: .decision, object: objection.id.retyped())
        try steps.keepClocks([.objected], of: id)
        try steps.raise(.decideObjection, about: id, object: objection.id.retyped())
        return objection
    }

    /// Decides on an objection. What is founded makes a task to take the referral up again.
    ///
    /// - Throws: `UseCaseFault`.
    package static func decide(
        _ objectionID: ObjectionID, of id: ReferralID, _ outcome: ObjectionOutcome, note: String, by caller: Caller,
        in tx: WriteTransaction
    ) throws -> Objection {
        try caller.require(.decideObjection)
        let steps = ReferralSteps(caller: caller, tx: tx)
        _ = try steps.find(id)
        let store = ObjectionStore(tx.db)
        guard var objection = try store.list(of: id).first(where: { $0.id == objectionID }) else {
            throw UseCaseFault.notFound
        }
        objection.outcome = outcome
        objection.note = note
        objection.decidedAt = tx.now
        guard try store.decide(objection) else { throw UseCaseFault.conflict(.other, "This was decided before.") }
        _ = try steps.journal.record(
            "objection_\(outcome.rawValue)", of: id, groups: .decision, object: objectionID.retyped())
        try TaskStore(tx.db).end(
            .decideObjection, of: id, object: objectionID.retyped(), as: .done, by: caller.actor, at: tx.now)
        if outcome == .founded || outcome == .partlyFounded {
            try steps.raise(.decideAnew, about: id, object: objectionID.retyped())
        }
        return objection
    }
}
