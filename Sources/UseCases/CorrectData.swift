// A person asks to have what is wrong put right, the intake point decides, and what was refused can carry the person's own
// statement. The change itself is made where such data is always changed; ChangeReferral lets the intake point do it.

package import Domain
package import Storage

/// Requests for corrections.
package enum CorrectData {
    /// The requests about a referral; for those who are no party to them, the statements beside what they see.
    ///
    /// - Throws: `UseCaseFault`.
    package static func list(
        _ id: ReferralID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<[CorrectionRequest]> {
        try caller.require(.readCorrections)
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        guard try ReferralStore(tx.db).find(id, in: visibility) != nil else { throw UseCaseFault.notFound }
        let seen = AccessPolicy.groups(ofReferralFor: caller.actor.role)
        let found = try visible(of: id, to: caller, in: tx)
        let shown = found.reduce(into: FieldGroups.status) {
            $0.formUnion(CorrectionRequest.named($1.groups, for: seen))
        }
        return Reading(found, disclosures: [Disclosure("read_corrections", of: shown, about: id)].compactMap(\.self))
    }

    private static func visible(
        of id: ReferralID, to caller: Caller, in tx: ReadTransaction
    ) throws -> [CorrectionRequest] {
        let store = CorrectionStore(tx.db)
        guard !Action.askCorrection.roles.contains(caller.actor.role) else { return try store.list(of: id) }
        let seen = AccessPolicy.groups(ofReferralFor: caller.actor.role)
        return try store.statements(of: id).filter {
            seen.isSuperset(of: CorrectionRequest.named($0.groups, for: seen))
        }
    }

    /// Records that the person asks for a correction.
    ///
    /// - Throws: `UseCaseFault`; `.conflict` while too many wait.
    package static func request(
        _ groups: FieldGroups, _ text: String, of id: ReferralID, by caller: Caller, in tx: WriteTransaction
    ) throws -> CorrectionRequest {
        try caller.require(.askCorrection)
        let steps = ReferralSteps(caller: caller, tx: tx)
        _ = try steps.find(id)
        let store = CorrectionStore(tx.db)
        guard try store.list(of: id).count(where: { $0.outcome == nil }) < CorrectionRequest.openLimit else {
            throw UseCaseFault.conflict(
                .other, "\(CorrectionRequest.openLimit) requests wait for a decision; more can be asked after that.")
        }
        let request = CorrectionRequest(
            id: tx.newIdentifier(), requestedAt: tx.now, role: caller.actor.role, groups: groups, text: text)
        try store.insert(request, of: id)
        _ = try steps.journal.record("correction_requested", of: id, groups: groups, object: request.id.retyped())
        try steps.raise(.decideCorrection, about: id, object: request.id.retyped())
        return request
    }

    /// Decides on a request.
    ///
    /// - Throws: `UseCaseFault`.
    package static func decide(
        _ requestID: CorrectionID, of id: ReferralID, _ outcome: CorrectionOutcome, note: String?, by caller: Caller,
        in tx: WriteTransaction
    ) throws -> CorrectionRequest {
        try caller.require(.decideCorrection)
        let steps = ReferralSteps(caller: caller, tx: tx)
        var request = try find(requestID, of: id, steps)
        if outcome == .corrected, try !CorrectionStore(tx.db).hasChanged(id, since: request) {
            throw UseCaseFault.conflict(
                .other, "Nothing of what this is about has changed since it was asked. Change it first, or refuse it.")
        }
        request.outcome = outcome
        request.note = note
        request.decidedAt = tx.now
        guard try CorrectionStore(tx.db).decide(request) else {
            throw UseCaseFault.conflict(.other, "This was decided before.")
        }
        _ = try steps.journal.record(
            "correction_\(outcome == .corrected ? "done" : "refused")", of: id, groups: request.groups,
            object: requestID.retyped())
        try TaskStore(tx.db).end(
            .decideCorrection, of: id, object: requestID.retyped(), as: .done, by: caller.actor, note: note, at: tx.now)
        return request
    }

    /// Puts the person's statement beside what was not changed.
    ///
    /// - Throws: `UseCaseFault`; `.conflict` unless the request was refused, or when a statement stands there.
    package static func state(
        _ statement: String, on requestID: CorrectionID, of id: ReferralID, by caller: Caller, in tx: WriteTransaction
    ) throws -> CorrectionRequest {
        try caller.require(.askCorrection)
        let steps = ReferralSteps(caller: caller, tx: tx)
        var request = try find(requestID, of: id, steps)
        guard request.outcome == .refused else {
            throw UseCaseFault.conflict(.other, "A statement stands beside what was not changed.")
        }
        guard try CorrectionStore(tx.db).state(statement, on: requestID) else {
            throw UseCaseFault.conflict(.other, "A statement stands there already.")
        }
        request.statement = statement
        _ = try steps.journal.record(
            "correction_statement", of: id, groups: request.groups, object: requestID.retyped())
        return request
    }

    private static func find(
        _ requestID: CorrectionID, of id: ReferralID, _ steps: ReferralSteps
    ) throws -> CorrectionRequest {
        _ = try steps.find(id)
        guard let request = try CorrectionStore(steps.tx.db).list(of: id).first(where: { $0.id == requestID }) else {
            throw UseCaseFault.notFound
        }
        return request
    }

    /// The groups that somebody may change because the person asked for it: only the intake point carries that out.
    static func asked(of id: ReferralID, _ steps: ReferralSteps) throws -> FieldGroups {
        guard Action.decideCorrection.roles.contains(steps.caller.actor.role) else { return [] }
        let open = try CorrectionStore(steps.tx.db).list(of: id).filter { $0.outcome == nil }
        let seen = AccessPolicy.groups(ofReferralFor: steps.caller.actor.role)
        return CorrectionRequest.named(open.reduce(into: []) { $0.formUnion($1.groups) }, for: seen)
    }
}
