// Whether two referrals are one person's is decided by a person at the intake point, can be taken back, and is remembered;
// nobody else learns that there was anything to decide.

package import Domain
package import Storage

/// Links and splits.
package enum LinkReferrals {
    /// The decisions about a referral.
    ///
    /// - Throws: `UseCaseFault`.
    package static func list(
        _ id: ReferralID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<[PersonLink]> {
        try caller.require(.readLinks)
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        guard try ReferralStore(tx.db).find(id, in: visibility) != nil else { throw UseCaseFault.notFound }
        let found = try LinkStore(tx.db).list(of: id, in: visibility)
        return Reading(
            found, disclosures: [Disclosure("read_links", of: .status, about: id)].compactMap(\.self))
    }

    /// Decides about two referrals.
    ///
    /// - Throws: `UseCaseFault`.
    package static func decide(
        _ outcome: LinkOutcome, about id: ReferralID, and other: ReferralID, note: String?, by caller: Caller,
        in tx: WriteTransaction
    ) throws -> PersonLink {
        try caller.require(.linkReferrals)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let standing = try steps.find(id)
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        guard other != id, let twin = try steps.referrals.find(other, in: visibility) else {
            throw UseCaseFault.invalid(pointer: "/referral", code: "unknown", text: "There is no such other referral.")
        }
        let link = PersonLink(
            id: tx.newIdentifier(), referral: id, other: other, outcome: outcome, note: note, at: tx.now)
        try LinkStore(tx.db).insert(link, by: caller.actor.token)
        let kind = outcome == .samePerson ? "link" : "unlink"
        for (one, another) in [(standing, twin), (twin, standing)] {
            _ = try steps.touch(one)
            _ = try steps.journal.record(
                kind, of: one.id, reason: note, groups: .duplicates, object: another.id.retyped())
            try TaskStore(tx.db).end(
                .decideDuplicate, of: one.id, object: another.id.retyped(), as: .done, by: caller.actor, note: note,
                at: tx.now)
        }
        return link
    }

    /// The most tasks that one referral makes: whoever does them sees all that are alike with the referral.
    private static let mostTasks = 3

    /// The referrals that may be somebody's, the likeliest first; `id` is the one that is known to be. What is restricted is
    /// left out: whoever is asked may not know of it.
    static func alike(
        _ identity: Identity, _ bsn: CitizenServiceNumber?, except id: ReferralID? = nil, _ steps: ReferralSteps
    ) throws -> [LikeReferral] {
        let nobody = Reader(token: TokenID(high: 0, low: 0), asOf: steps.tx.now)
        return try LinkStore(steps.tx.db).likely(
            id, identity: identity, bsn: bsn, openOnly: false, in: Visible(.everything, by: nobody))
    }

    /// Makes a task for each referral that may be the same person's as one.
    static func ask(about id: ReferralID, _ alike: [LikeReferral], _ steps: ReferralSteps) throws {
        let likeliest = alike.filter { $0.basis != .linked }.prefix(mostTasks)
        try LinkStore(steps.tx.db).tell(likeliest.map(\.id))
        for other in likeliest {
            try steps.raise(.decideDuplicate, about: id, object: other.id.retyped())
        }
    }
}
