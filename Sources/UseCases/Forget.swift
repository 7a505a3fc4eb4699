// Keeping and forgetting: a person asks, a coordinator decides, and what may no longer be kept is destroyed, listed before it
// is and written down after.

package import Domain
package import Storage

/// Requests, and the destruction of dossiers.
package enum Forget {
    /// The requests about a referral.
    ///
    /// - Throws: `UseCaseFault`.
    package static func requests(
        _ id: ReferralID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<[ErasureRequest]> {
        try caller.require(.readErasure)
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        guard try ReferralStore(tx.db).find(id, in: visibility) != nil else { throw UseCaseFault.notFound }
        return Reading(
            try ErasureStore(tx.db).list(of: id),
            disclosures: [Disclosure("read_erasure_requests", of: .status, about: id)].compactMap(\.self))
    }

    /// Records that the person asks for the dossier to be destroyed.
    ///
    /// - Throws: `UseCaseFault`; `.conflict` when that was asked already, or the referral goes on.
    package static func request(
        _ id: ReferralID, by caller: Caller, in tx: WriteTransaction
    ) throws -> ErasureRequest {
        try caller.require(.requestErasure)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let standing = try steps.find(id)
        guard !standing.state.isOpen else {
            throw UseCaseFault.conflict(.other, "Withdraw the referral first; what goes on can not be destroyed.")
        }
        let store = ErasureStore(tx.db)
        if try store.list(of: id).contains(where: { $0.outcome != .refused }) {
            throw UseCaseFault.conflict(.other, "This was asked before.")
        }
        let request = ErasureRequest(id: tx.newIdentifier(), requestedAt: tx.now, role: caller.actor.role)
        try store.insert(request, of: id)
        _ = try steps.journal.record("erasure_requested", of: id, groups: .status, object: request.id.retyped())
        try steps.raise(.decideErasure, about: id, object: request.id.retyped())
        return request
    }

    /// Decides on a request; what is granted goes the day after.
    ///
    /// - Throws: `UseCaseFault`.
    package static func decide(
        _ requestID: ErasureRequestID, of id: ReferralID, _ outcome: ErasureOutcome, ground: ErasureRefusal?,
        note: String?, by caller: Caller, in tx: WriteTransaction
    ) throws -> ErasureRequest {
        try caller.require(.decideErasure)
        let steps = ReferralSteps(caller: caller, tx: tx)
        _ = try steps.find(id)
        let store = ErasureStore(tx.db)
        guard var request = try store.list(of: id).first(where: { $0.id == requestID }) else {
            throw UseCaseFault.notFound
        }
        request.outcome = outcome
        request.ground = ground
        request.note = note
        request.decidedAt = tx.now
        guard try store.decide(request) else { throw UseCaseFault.conflict(.other, "This was decided before.") }
        _ = try steps.journal.record(
            "erasure_\(outcome.rawValue)", of: id, groups: .status, object: requestID.retyped())
        try TaskStore(tx.db).end(
            .decideErasure, of: id, object: requestID.retyped(), as: .done, by: caller.actor, note: note, at: tx.now)
        return request
    }

    /// What is due on a day, in the order of ids.
    package static func due(on day: CivilDate, in tx: ReadTransaction) throws -> [DueErasure] {
        let terms = try RegionStore(tx.db).current().settings.retention
        return try ErasureStore(tx.db).due(on: day, terms)
    }

    /// Destroys what was granted before today: a night is left to see that it was a mistake, and nobody has to remember it.
    static func carryOut(_ steps: ReferralSteps, limit: Int) throws -> Int {
        let granted = try ErasureStore(steps.tx.db).granted(before: steps.today, limit: min(limit, erasuresPerCommit))
        for due in granted { try erase(due, by: LedgerAuthor(.clockwork), trace: steps.caller.trace, in: steps.tx) }
        return granted.count
    }

    /// Dossiers in one commit: each is some forty statements.
    package static let erasuresPerCommit = 10

    /// Destroys a dossier that is due, and writes it into the ledger.
    package static func erase(
        _ due: DueErasure, by author: LedgerAuthor = .localOperator, trace: RequestTrace, in tx: WriteTransaction
    ) throws {
        try ErasureStore(tx.db).erase(due.referral, on: due.ground, at: tx.now)
        tx.forget()
        let entry = Disclosure(
            referral: due.referral, object: due.referral.retyped(), action: "erase", groups: .personalInReferral)
        try LedgerStore(tx.db).append([entry], by: author, trace: trace, at: tx.now)
    }
}
