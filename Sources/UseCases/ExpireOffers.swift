// Offers that nobody answered in time: they lapse by themselves, the home is free again and the person keeps the place in
// the queue. A duty of time; what it does is a bounded number in one commit.

internal import Domain
package import Storage

/// Lets offers lapse.
package enum ExpireOffers {
    /// Lets at most so many offers lapse whose last day has passed for both sides, the longest overdue first.
    ///
    /// - Returns: How many; none when nothing is left.
    /// - Throws: `UseCaseFault`.
    package static func run(by caller: Caller, in tx: WriteTransaction, limit: Int) throws -> Int {
        let steps = ReferralSteps(caller: caller, tx: tx)
        let store = MatchStore(tx.db)
        let overdue = try store.overdue(on: steps.today, limit: limit)
        for row in overdue {
            try store.insert(
                response: tx.newIdentifier(), to: row.id, answer: "expire", party: nil, onBehalf: false,
                by: caller.actor.role, reason: nil, note: nil, at: tx.now)
            try AnswerMatch.finish(row, .expire, kind: "match_expired", reason: nil, steps)
        }
        return overdue.count
    }
}
