// Who at the intake point does the intake: the bearer of one token, known to the intake point alone.

package import Domain
package import Storage

/// Gives a referral to somebody at the intake point.
package enum AssignReferral {
    /// Gives a referral to the bearer of a token.
    ///
    /// - Throws: `UseCaseFault`.
    package static func run(
        _ id: ReferralID, to token: TokenID, note: String?, by caller: Caller, in tx: WriteTransaction
    ) throws -> ReferralView {
        try caller.require(.assignReferral)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let standing = try steps.findOpen(id)
        guard let record = try AccessTokens.live(token, in: tx), record.role.isIntakePoint else {
            throw UseCaseFault.invalid(
                pointer: "/token", code: "unknown", text: "There is no such token at the intake point.")
        }
        try steps.referrals.assign(id, to: token)
        _ = try steps.touch(standing)
        _ = try steps.journal.record("assigned", of: id, reason: note, groups: .status, object: token.retyped())
        return try steps.view(id)
    }
}
