// The change feed of a caller: what changed that they may know of.

package import Domain
package import Storage

/// Reads what changed.
package enum FollowChanges {
    /// A page of changes after a position, the oldest first.
    ///
    /// - Throws: `UseCaseFault`; `.positionLost` for a position that this database never gave, or no longer stands by.
    package static func list(
        _ page: PageRequest<FeedPosition>, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<FeedPage> {
        try caller.require(.followChanges)
        guard let page = try FeedStore(tx.db).list(page, for: caller.actor) else {
            throw UseCaseFault.positionLost
        }
        let people = Set(page.entries.compactMap(\.referral)).sorted()
        return Reading(page, disclosures: people.compactMap { Disclosure("follow", of: .status, about: $0) })
    }
}
