// What a person wants to know first: how far am I, whose move is it, by when. Small enough to ask for at every visit.

package import Domain
package import Storage

/// How far somebody is.
package struct Overview: Sendable, Equatable {
    package var standing: ReferralStanding
    /// The place in the queue, from 1; nil for who does not wait.
    package var place: Int?
    package var next: NextMove
    package var promise: Clock?
    package var offers: [MatchView]
    package var wishes: WishVersion?
    package var report: Report?
    package var consents: [ConsentPurpose]
    package var corrections: [CorrectionRequest]
    /// How often somebody looked in the last thirty days.
    package var looks: Int
}

/// Reads overviews.
package enum ReadOverview {
    /// Days for which looks are counted.
    package static let lookDays = 30

    /// The overview of a referral.
    ///
    /// - Throws: `UseCaseFault`.
    package static func run(_ id: ReferralID, by caller: Caller, in tx: ReadTransaction) throws -> Reading<Overview> {
        try caller.require(.readOverview)
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        guard let standing = try ReferralStore(tx.db).find(id, in: visibility) else { throw UseCaseFault.notFound }
        let today = AmsterdamTime.day(of: tx.now)
        let offers = try MatchStore(tx.db).list(
            states: [.offered, .accepted], in: MatchVisibility(.offeredAbout(.single(id))), for: caller.actor.role,
            on: today, page: PageRequest(limit: 20)
        ).items
        let report = try ReportStore(tx.db).latest(of: id)
        var situation = Situation(standing.state)
        situation.hasReport = report != nil
        situation.reportAnswered = report?.response != nil
        situation.hasSupport = try SupportStore(tx.db).commitment(for: id) != nil
        situation.holdUntil = standing.holdUntil
        situation.offerDueOn = offers.filter { $0.standing.state == .offered && $0.standing.candidate == .pending }
            .compactMap(\.answerDueOn).min()
        let consents = try ConversationStore(tx.db).consents(of: id)
        let overview = Overview(
            standing: standing, place: try ReferralStore(tx.db).queuePlace(of: standing),
            next: NextMove(in: situation),
            promise: try ClockStore(tx.db).running(of: id).first { $0.kind == .promise }, offers: offers,
            wishes: try ConversationStore(tx.db).latestWishes(of: id), report: report,
            consents: ConsentPurpose.allCases.filter { purpose in
                consents.contains { $0.purpose == purpose && $0.isInForce(on: today) }
            },
            corrections: try CorrectionStore(tx.db).list(of: id),
            looks: try LedgerStore(tx.db).count(
                about: id, since: AmsterdamTime.start(of: today.adding(days: -lookDays))))
        return Reading(
            overview,
            disclosures: [Disclosure("read_overview", of: [.status, .consents, .wishes], about: id)].compactMap(\.self))
    }
}
