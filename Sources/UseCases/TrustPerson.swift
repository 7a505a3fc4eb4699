// A person lets somebody they trust look along, with a token of its own that looks and never does; the ledger tells the two
// apart, and the person ends it when they like.

package import Domain
package import Storage

/// Somebody who looks along.
package struct TrustedPerson: Sendable, Equatable {
    package var token: TokenID
    package var name: String
    package var since: Instant
    package var expiresAt: Instant?
    package var revokedAt: Instant?
}

/// Trusted people.
package enum TrustPerson {
    /// The most who look along at once.
    package static let limit = 5
    /// How long somebody looks along when nothing is said, in months.
    package static let months = 12

    /// Everybody who looks along or did.
    ///
    /// - Throws: `UseCaseFault`.
    package static func list(_ id: ReferralID, by caller: Caller, in tx: ReadTransaction) throws -> Reading<
        [TrustedPerson]
    > {
        try caller.require(.readTrust)
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        guard try ReferralStore(tx.db).find(id, in: visibility) != nil else { throw UseCaseFault.notFound }
        return Reading(
            try TokenStore(tx.db).delegates(of: id).map(person),
            disclosures: [Disclosure("read_trusted_people", of: .status, about: id)].compactMap(\.self))
    }

    static func person(_ token: TokenRecord) -> TrustedPerson {
        TrustedPerson(
            token: token.id, name: token.label, since: token.createdAt, expiresAt: token.expiresAt,
            revokedAt: token.revokedAt)
    }

    /// Lets somebody look along and gives the secret of their token, the only time it is known.
    ///
    /// - Throws: `UseCaseFault`.
    package static func add(
        _ name: String, until end: CivilDate?, to id: ReferralID, by caller: Caller, in tx: WriteTransaction
    ) throws -> (person: TrustedPerson, secret: String) {
        try caller.require(.trust)
        let steps = ReferralSteps(caller: caller, tx: tx)
        _ = try steps.find(id)
        let store = TokenStore(tx.db)
        let live = try store.delegates(of: id).filter {
            $0.revokedAt == nil && ($0.expiresAt.map { $0 > tx.now } ?? true)
        }
        guard live.count < limit else {
            throw UseCaseFault.conflict(.other, "At most \(limit) people look along; end one first.")
        }
        let latest = steps.today.adding(months: months)
        let last = end ?? latest
        guard last >= steps.today, last <= latest else {
            throw UseCaseFault.invalid(
                pointer: "/until", code: "range", text: "Must be from today to a year from today.")
        }
        guard let organisation = try store.organisation(ofCandidateOf: id) ?? OrganisationStore(tx.db).intakePoint()
        else {
            throw UseCaseFault.conflict(.other, "The region has no intake point to answer for a token.")
        }
        let issued = try AccessTokens.issue(
            to: organisation, role: .candidate, referral: id, label: name,
            expiresAt: AmsterdamTime.start(of: last.adding(days: 1)), isDelegate: true, issuedBy: caller.actor.token,
            environment: tx.environment, in: tx)
        _ = try steps.journal.record("trusted", of: id, groups: .status, object: issued.id.retyped())
        guard let record = try store.find(issued.id) else { throw UseCaseFault.notFound }
        return (person(record), issued.secret)
    }

    /// Ends it, at once.
    ///
    /// - Throws: `UseCaseFault`.
    package static func end(
        _ token: TokenID, of id: ReferralID, by caller: Caller, in tx: WriteTransaction
    ) throws -> TrustedPerson {
        try caller.require(.endTrust)
        let steps = ReferralSteps(caller: caller, tx: tx)
        _ = try steps.find(id)
        let store = TokenStore(tx.db)
        guard try store.delegates(of: id).contains(where: { $0.id == token }) else { throw UseCaseFault.notFound }
        guard try store.revoke(token, at: tx.now) else {
            throw UseCaseFault.conflict(.other, "This has ended already.")
        }
        _ = try steps.journal.record("trust_ended", of: id, groups: .status, object: token.retyped())
        guard let record = try store.find(token) else { throw UseCaseFault.notFound }
        return person(record)
    }

    /// Ends all that the person did not ask for themselves: who may know of somebody under threat is chosen anew.
    static func endThoseOfStaff(of id: ReferralID, _ steps: ReferralSteps) throws {
        let store = TokenStore(steps.tx.db)
        for token in try store.delegates(of: id) {
            let issuer = try token.issuedBy.flatMap(store.find)
            guard issuer?.role != .candidate, try store.revoke(token.id, at: steps.tx.now) else { continue }
            _ = try steps.journal.record("trust_ended", of: id, groups: .status, object: token.id.retyped())
        }
    }
}
