// Every look at data: the policy first, then the store with the part its reader may know of, and with it the entries
// that have to be in the ledger before the answer leaves. Nothing here changes a row.

package import Domain
package import Storage

/// Reads, with what has to be written down about them.
package enum Look {
    // MARK: Referrals

    /// One referral.
    ///
    /// - Throws: `UseCaseFault`.
    package static func referral(
        _ id: ReferralID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<ReferralView> {
        try caller.require(.readReferral)
        let groups = AccessPolicy.groups(ofReferralFor: caller.actor.role)
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        guard let view = try ReferralStore(tx.db).view(id, in: visibility, groups: groups, at: tx.now) else {
            throw UseCaseFault.notFound
        }
        return Reading(view, disclosures: [Disclosure("read", of: groups, about: id)].compactMap(\.self))
    }

    /// A page of referrals.
    ///
    /// - Throws: `UseCaseFault`; `.forbidden` for the queue's order to anybody but the intake point.
    package static func referrals(
        _ filter: ReferralFilter, page: PageRequest<ReferralKey>, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<Page<ReferralSummary, ReferralKey>> {
        try caller.require(.listReferrals)
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        if filter.order == .queue && !visibility.isRegionWide {
            throw UseCaseFault.forbidden("Only the intake point sees the queue in its order.")
        }
        if filter.assignee != nil && !visibility.isRegionWide {
            throw UseCaseFault.forbidden("Only the intake point knows who does an intake.")
        }
        if filter.hasOpenSignal && !visibility.isRegionWide && caller.actor.role != .supporter {
            throw UseCaseFault.forbidden("Only the intake point and providers list by what is signalled.")
        }
        let groups = summaryGroups(caller)
        let found = try ReferralStore(tx.db).list(filter, in: visibility, groups: groups, page: page)
        let looks = found.items.compactMap { Disclosure("list", of: groups, about: $0.standing.id) }
        return Reading(found, disclosures: looks)
    }

    /// The most referrals a search gives.
    package static let searchLimit = 100

    /// The referrals that fit a search.
    ///
    /// - Throws: `UseCaseFault`; `.forbidden` for a search by what the caller's role may not see.
    package static func search(
        _ search: ReferralStore.Search, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<[ReferralSummary]> {
        try caller.require(.searchReferrals)
        guard AccessPolicy.groups(ofReferralFor: caller.actor.role).isSuperset(of: search.groups) else {
            throw UseCaseFault.forbidden("What your role may not see it can't search by either.")
        }
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        let groups = summaryGroups(caller)
        let found = try ReferralStore(tx.db).search(search, in: visibility, groups: groups, limit: searchLimit)
        let looks = found.compactMap { Disclosure("search", of: groups, about: $0.standing.id) }
        return Reading(found, disclosures: found.isEmpty ? [.fruitless(by: search.groups)] : looks)
    }

    private static func summaryGroups(_ caller: Caller) -> FieldGroups {
        AccessPolicy.groups(ofReferralFor: caller.actor.role)
            .intersection([.status, .origin, .identity, .decision])
    }

    /// Where a referral stands and what the caller may do with it now.
    ///
    /// - Throws: `UseCaseFault`.
    package static func transitions(
        _ id: ReferralID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<(standing: ReferralStanding, moves: [ReferralMove])> {
        try caller.require(.readTransitions)
        let standing = try standing(id, caller, tx)
        let moves = ReferralLifecycle.moves(
            from: standing.state, by: caller.actor.role, resuming: standing.resuming)
        return Reading(
            (standing, moves), disclosures: [Disclosure("read_moves", of: .status, about: id)].compactMap(\.self))
    }

    /// The clocks of a referral, with whose move it was when. What a clock is about besides is for those who may know of
    /// it by itself.
    ///
    /// - Throws: `UseCaseFault`.
    package static func clocks(
        _ id: ReferralID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<(clocks: [Clock], turns: [Turn])> {
        try caller.require(.readClocks)
        _ = try standing(id, caller, tx)
        var clocks = try ClockStore(tx.db).list(of: id)
        let delays = try TaskStore(tx.db).delays(of: id)
        for place in clocks.indices { clocks[place].delay = delays[clocks[place].id] }
        if !AccessPolicy.referrals(visibleTo: caller.actor).isRegionWide {
            for place in clocks.indices { clocks[place].object = nil }
        }
        let turns = try EventStore(tx.db).turns(of: id)
        return Reading(
            (clocks, turns), disclosures: [Disclosure("read_clocks", of: .status, about: id)].compactMap(\.self))
    }

    /// The region's settings in force.
    ///
    /// - Throws: `UseCaseFault`.
    package static func region(by caller: Caller, in tx: ReadTransaction) throws -> RegionVersion {
        try caller.require(.readRegion)
        return try RegionStore(tx.db).current()
    }

    /// A page of the part of a referral's timeline that the caller may see.
    ///
    /// - Throws: `UseCaseFault`.
    package static func events(
        _ id: ReferralID, page: PageRequest<EventID>, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<Page<Event, EventID>> {
        try caller.require(.readEvents)
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        let timeline = AccessPolicy.timeline(visibleTo: caller.actor)
        let groups = AccessPolicy.groups(ofReferralFor: caller.actor.role)
        let list = try EventStore(tx.db).list(
            of: id, in: visibility, timeline: timeline, groups: groups, page: page)
        guard let found = list else { throw UseCaseFault.notFound }
        var shown: FieldGroups = found.items.contains { $0.reason != nil } ? .decision : .status
        for trace in found.items.flatMap(\.replaced) {
            shown.formUnion(trace.field.group.intersection(groups.union(.bsn)))
        }
        return Reading(found, disclosures: [Disclosure("read_events", of: shown, about: id)].compactMap(\.self))
    }

    /// What stands for the name of a trusted person.
    private static let hiddenName = "***"

    /// A page of who looked at a referral; who looks at that is in the ledger next. An auditor is told by which token and
    /// request as well (NEN 7513).
    ///
    /// - Throws: `UseCaseFault`.
    package static func disclosures(
        _ id: ReferralID, during period: LedgerPeriod = LedgerPeriod(), folded: Bool = false, page: PageRequest<Int64>,
        by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<Page<DisclosureLine, Int64>> {
        try caller.require(.readDisclosures)
        let visibility = AccessPolicy.disclosures(visibleTo: caller.actor)
        guard try ReferralStore(tx.db).find(id, in: visibility) != nil else { throw UseCaseFault.notFound }
        let isAuditor = caller.actor.role == .auditor
        let found = try LedgerStore(tx.db).list(
            about: id, during: period, folded: folded, withSource: isAuditor, page: page)
        let look = Disclosure(LedgerAction.readDisclosures, of: .disclosures, about: id, as: .disclosures)
        return Reading(isAuditor ? found.map(withoutName) : found, disclosures: [look].compactMap(\.self))
    }

    /// A page of who looked at anybody, for who checks on those who look; a line of it for each person is in the ledger next.
    ///
    /// - Throws: `UseCaseFault`.
    package static func disclosures(
        _ search: LedgerSearch, page: PageRequest<Int64>, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<Page<LedgerLine, Int64>> {
        try caller.require(.auditDisclosures)
        var found = try LedgerStore(tx.db).search(
            search, in: AccessPolicy.disclosures(visibleTo: caller.actor), page: page)
        for place in found.items.indices { found.items[place].disclosure = withoutName(found.items[place].disclosure) }
        return Reading(found, disclosures: Disclosure.audit(of: found.items))
    }

    /// The name that a person gave to somebody they trust is no name for who may see none.
    private static func withoutName(_ line: DisclosureLine) -> DisclosureLine {
        var line = line
        if line.trustedPerson != nil { line.trustedPerson = hiddenName }
        return line
    }

    private static func standing(
        _ id: ReferralID, _ caller: Caller, _ tx: ReadTransaction
    ) throws -> ReferralStanding {
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        guard let standing = try ReferralStore(tx.db).find(id, in: visibility) else { throw UseCaseFault.notFound }
        return standing
    }

    // MARK: The conversation

    /// The latest intake report.
    ///
    /// - Throws: `UseCaseFault`; `.notFound` before the first, too.
    package static func report(
        _ id: ReferralID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<Report> {
        try caller.require(.readReport)
        _ = try standing(id, caller, tx)
        guard let report = try ReportStore(tx.db).latest(of: id) else { throw UseCaseFault.notFound }
        return Reading(
            report, disclosures: [Disclosure("read_report", of: [.care, .finances], about: id)].compactMap(\.self))
    }

    /// Every version of the wishes, newest first.
    ///
    /// - Throws: `UseCaseFault`.
    package static func wishes(
        _ id: ReferralID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<[WishVersion]> {
        try caller.require(.readWishes)
        _ = try standing(id, caller, tx)
        let versions = try ConversationStore(tx.db).wishes(of: id)
        return Reading(
            versions, disclosures: [Disclosure("read_wishes", of: .wishes, about: id)].compactMap(\.self))
    }

    /// Every consent, oldest first, the withdrawn ones too.
    ///
    /// - Throws: `UseCaseFault`.
    package static func consents(
        _ id: ReferralID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<[Consent]> {
        try caller.require(.readConsents)
        _ = try standing(id, caller, tx)
        let consents = try ConversationStore(tx.db).consents(of: id)
        return Reading(
            consents, disclosures: [Disclosure("read_consents", of: .consents, about: id)].compactMap(\.self))
    }

    // MARK: Supply and matches

    /// One dwelling.
    ///
    /// - Throws: `UseCaseFault`.
    package static func dwelling(_ id: DwellingID, by caller: Caller, in tx: ReadTransaction) throws -> Dwelling {
        try caller.require(.readDwelling)
        let visibility = AccessPolicy.dwellings(visibleTo: caller.actor)
        guard let dwelling = try DwellingStore(tx.db).find(id, in: visibility) else { throw UseCaseFault.notFound }
        return dwelling
    }

    /// A page of dwellings.
    ///
    /// - Throws: `UseCaseFault`.
    package static func dwellings(
        _ filter: DwellingFilter, page: PageRequest<DwellingID>, by caller: Caller, in tx: ReadTransaction
    ) throws -> Page<Dwelling, DwellingID> {
        try caller.require(.listDwellings)
        return try DwellingStore(tx.db).list(
            filter, in: AccessPolicy.dwellings(visibleTo: caller.actor), page: page)
    }

    /// One match.
    ///
    /// - Throws: `UseCaseFault`.
    package static func match(
        _ id: MatchID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<MatchView> {
        try caller.require(.readMatch)
        let visibility = AccessPolicy.matches(visibleTo: caller.actor)
        guard
            let view = try MatchStore(tx.db).find(
                id, in: visibility, for: caller.actor.role, on: AmsterdamTime.day(of: tx.now))
        else {
            throw UseCaseFault.notFound
        }
        return Reading(view, disclosures: [look(view, "read")].compactMap(\.self))
    }

    /// A page of matches: what corporation staff poll.
    ///
    /// - Throws: `UseCaseFault`.
    package static func matches(
        states: [MatchState], page: PageRequest<MatchID>, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<Page<MatchView, MatchID>> {
        try caller.require(.listMatches)
        let found = try MatchStore(tx.db).list(
            states: states, in: AccessPolicy.matches(visibleTo: caller.actor), for: caller.actor.role,
            on: AmsterdamTime.day(of: tx.now), page: page)
        return Reading(found, disclosures: found.items.compactMap { look($0, "list") })
    }

    private static func look(_ view: MatchView, _ action: String) -> Disclosure? {
        Disclosure(action, of: view.groups, about: view.referral, object: view.id.retyped(), as: .match(view.stage))
    }

    // MARK: Support and tenancies

    /// One request for support.
    ///
    /// - Throws: `UseCaseFault`.
    package static func supportRequest(
        _ id: SupportRequestID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<SupportRequest> {
        try caller.require(.readSupportRequest)
        let visibility = AccessPolicy.supportRequests(visibleTo: caller.actor)
        let groups = AccessPolicy.groups(caller.actor.role, atSomeStageOf: "support_request")
        guard let request = try SupportStore(tx.db).find(id, in: visibility, groups: groups) else {
            throw UseCaseFault.notFound
        }
        return Reading(request, disclosures: [look(request, "read")].compactMap(\.self))
    }

    /// A page of requests for support; of one referral when it is given.
    ///
    /// - Throws: `UseCaseFault`.
    package static func supportRequests(
        states: [SupportState], about referral: ReferralID?, page: PageRequest<SupportRequestID>, by caller: Caller,
        in tx: ReadTransaction
    ) throws -> Reading<Page<SupportRequest, SupportRequestID>> {
        try caller.require(referral == nil ? .listSupportRequests : .readReferralSupport)
        if let referral { _ = try standing(referral, caller, tx) }
        let found = try SupportStore(tx.db).list(
            states: states, about: referral, in: AccessPolicy.supportRequests(visibleTo: caller.actor),
            groups: AccessPolicy.groups(caller.actor.role, atSomeStageOf: "support_request"), page: page)
        return Reading(found, disclosures: found.items.compactMap { look($0, "list") })
    }

    private static func look(_ request: SupportRequest, _ action: String) -> Disclosure? {
        Disclosure(
            action, of: [.support, .care], about: request.referral, object: request.id.retyped(),
            as: .supportRequest(request.state.stage))
    }

    /// One tenancy.
    ///
    /// - Throws: `UseCaseFault`.
    package static func tenancy(
        _ id: TenancyID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<Tenancy> {
        try caller.require(.readTenancy)
        let visibility = AccessPolicy.tenancies(visibleTo: caller.actor)
        guard let tenancy = try TenancyStore(tx.db).find(id, in: visibility) else { throw UseCaseFault.notFound }
        return Reading(tenancy, disclosures: [look(tenancy, "read")].compactMap(\.self))
    }

    /// A page of tenancies.
    ///
    /// - Throws: `UseCaseFault`.
    package static func tenancies(
        page: PageRequest<TenancyID>, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<Page<Tenancy, TenancyID>> {
        try caller.require(.listTenancies)
        let found = try TenancyStore(tx.db).list(
            in: AccessPolicy.tenancies(visibleTo: caller.actor), page: page)
        return Reading(found, disclosures: found.items.compactMap { look($0, "list") })
    }

    private static func look(_ tenancy: Tenancy, _ action: String) -> Disclosure? {
        Disclosure(action, of: .support, about: tenancy.referral, object: tenancy.id.retyped(), as: .tenancy)
    }

    // MARK: Parties

    /// Who the caller is: its token and its organisation.
    ///
    /// - Throws: `UseCaseFault`.
    package static func caller(
        _ caller: Caller, in tx: ReadTransaction
    ) throws -> (token: TokenRecord, organisation: Organisation) {
        try caller.require(.readSelf)
        guard let token = try TokenStore(tx.db).find(caller.actor.token),
            let organisation = try OrganisationStore(tx.db).find(caller.actor.organisation)
        else { throw UseCaseFault.notFound }
        return (token, organisation)
    }

    /// The organisations of the region.
    ///
    /// - Throws: `UseCaseFault`.
    package static func organisations(
        kind: OrganisationKind?, by caller: Caller, in tx: ReadTransaction
    ) throws -> [Organisation] {
        try caller.require(.listOrganisations)
        return try OrganisationStore(tx.db).list(kind: kind)
    }
}
