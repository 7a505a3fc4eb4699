// The end of a tenancy after its referral has ended: the home can be offered again, and nobody goes on seeing a person for whom
// nothing is done any more. While a referral goes on, its own moves end the tenancy.

package import Domain
package import Storage

/// Ends tenancies.
package enum EndTenancy {
    /// Writes down the last day of a tenancy. What its provider committed to ends with it.
    ///
    /// - Throws: `UseCaseFault`; `.conflict` when it has ended, or the referral goes on.
    package static func run(
        _ id: TenancyID, on day: CivilDate, by caller: Caller, in tx: WriteTransaction
    ) throws -> Tenancy {
        try caller.require(.endTenancy)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let store = TenancyStore(tx.db)
        guard var tenancy = try store.find(id, in: AccessPolicy.tenancies(visibleTo: caller.actor)),
            let standing = try steps.referrals.find(tenancy.referral, in: .everything)
        else { throw UseCaseFault.notFound }
        guard tenancy.endedOn == nil else { throw UseCaseFault.conflict(.other, "This tenancy has ended already.") }
        guard !standing.state.isOpen else {
            throw UseCaseFault.conflict(
                .other,
                "The referral goes on: the intake point says first that the home is lost or the referral closed.")
        }
        guard day >= tenancy.startsOn, day <= steps.today else {
            throw UseCaseFault.invalid(
                pointer: "/endedOn", code: "range", text: "Must be a day of the tenancy, today at the latest.")
        }
        tenancy.endedOn = day
        tenancy.version += 1
        guard try store.end(tenancy) else { throw UseCaseFault.preconditionFailed }
        try SupportStore(tx.db).withdrawOpen(about: tenancy.referral, accepted: true)
        _ = try steps.journal.record(
            "tenancy_ended", of: tenancy.referral, groups: .status, object: id.retyped(), as: .tenancy)
        return tenancy
    }
}
