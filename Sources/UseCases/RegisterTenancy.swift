// The key: a tenancy is registered and the person is housed. Only with a match that both sides accepted, and with
// support that starts no later than the tenancy.

package import Domain
package import Storage

/// Registers tenancies.
package enum RegisterTenancy {
    /// Registers a tenancy; the match is fulfilled, the dwelling let, the referral housed.
    ///
    /// - Throws: `UseCaseFault`.
    package static func run(
        match id: MatchID, startsOn: CivilDate, kind: TenancyKind?, convertOn: CivilDate?, by caller: Caller,
        in tx: WriteTransaction
    ) throws -> Tenancy {
        try caller.require(.createTenancy)
        let steps = ReferralSteps(caller: caller, tx: tx)
        guard let row = try MatchStore(tx.db).row(id, in: AccessPolicy.matches(visibleTo: caller.actor)) else {
            throw UseCaseFault.invalid(pointer: "/match", code: "unknown", text: "There is no such match.")
        }
        guard let next = row.standing.after(.moveIn) else {
            throw UseCaseFault.conflict(
                .other, "The match is \(row.standing.state.rawValue); both sides accept before a tenancy starts.")
        }
        guard let support = try SupportStore(tx.db).accepted(for: row.referral) else {
            throw UseCaseFault.conflict(.supportMissing, "No care provider has committed to support this person yet.")
        }
        guard support.startsOn <= startsOn else {
            throw UseCaseFault.conflict(
                .supportStartsTooLate,
                "Support starts on \(support.startsOn), after the tenancy; nobody moves in alone.")
        }
        guard let dwelling = try DwellingStore(tx.db).find(row.dwelling, in: .everything),
            let standing = try steps.referrals.find(row.referral, in: .everything)
        else { throw UseCaseFault.notFound }
        let tenancyKind = kind ?? dwelling.content.tenancyKind
        if let convertOn {
            guard tenancyKind == .viaProvider, convertOn > startsOn else {
                throw UseCaseFault.invalid(
                    pointer: "/convertOn", code: "range",
                    text: "Only a tenancy via the provider is converted, on a day after it starts.")
            }
        }
        let tenancy = Tenancy(
            id: tx.newIdentifier(), match: id, referral: row.referral, dwelling: row.dwelling,
            landlord: dwelling.landlord, supportProvider: dwelling.landlord, kind: tenancyKind, startsOn: startsOn,
            convertOn: convertOn, registeredAt: tx.now, version: 1)
        try TenancyStore(tx.db).insert(tenancy, support: support.id)
        guard try MatchStore(tx.db).update(row, to: next, at: tx.now) else { throw UseCaseFault.preconditionFailed }
        try DwellingStore(tx.db).update(state: .let, of: row.dwelling)
        _ = try steps.make(.moveIn, on: standing, reason: nil, groups: [.status, .support], as: .tenancy)
        if try SupportStore(tx.db).endBridging(of: row.referral) {
            _ = try steps.journal.record("bridging_ended", of: row.referral, groups: [.status, .support], as: .tenancy)
        }
        let visibility = AccessPolicy.tenancies(visibleTo: caller.actor)
        guard let stored = try TenancyStore(tx.db).find(tenancy.id, in: visibility) else { throw UseCaseFault.notFound }
        return stored
    }
}
