// The table `match`: one candidate for one dwelling. A list is one SELECT over match, dwelling and landlord; what may
// be seen of the person depends on the role and on how far each match has come, so those parts are read per row.

package import Domain
package import SQLite

/// A match as it is made: what it rests on.
package struct MatchDraft: Sendable, Equatable {
    package var referral: ReferralID
    package var dwelling: DwellingID
    package var landlord: OrganisationID
    package var reason: String
    package var failingLimits: [String]
    package var wishVersion: Int
    package var referralVersion: Int
    package var dwellingVersion: Int
    /// The run that proposed it; nil for a match by hand.
    package var run: MatchRunID?
    /// The region's settings it rests on, and of those the version of the form's exit profile.
    package var regionVersion: Int?
    package var profileVersion: Int?

    /// A match from its parts.
    package init(
        referral: ReferralID, dwelling: DwellingID, landlord: OrganisationID, reason: String, failingLimits: [String],
        wishVersion: Int, referralVersion: Int, dwellingVersion: Int, run: MatchRunID? = nil, regionVersion: Int? = nil,
        profileVersion: Int? = nil
    ) {
        self.regionVersion = regionVersion
        self.profileVersion = profileVersion
        self.run = run
        self.referral = referral
        self.dwelling = dwelling
        self.landlord = landlord
        self.reason = reason
        self.failingLimits = failingLimits
        self.wishVersion = wishVersion
        self.referralVersion = referralVersion
        self.dwellingVersion = dwellingVersion
    }
}

/// What decisions about a match rest on; no person in it.
package struct MatchRow: Sendable, Equatable {
    package var id: MatchID
    package var standing: MatchStanding
    package var referral: ReferralID
    package var dwelling: DwellingID
    package var landlord: OrganisationID
    package var offeredAt: Instant?
    package var answerDueOn: CivilDate?
    package var version: Int
}

/// The matches.
package struct MatchStore {
    private let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    private static let columnCount = 17

    // The columns that a role sees at some stage; what a stage of its own withholds is not taken out of the row.
    private static func head(for role: Role, _ source: String) -> String {
        let groups = AccessPolicy.groups(role, atSomeStageOf: "match")
        let workings =
            groups.contains(.workings)
            ? "m.region_version, m.profile_version, m.reason, m.failing_limits" : "NULL, NULL, NULL, NULL"
        return """
            SELECT m.id, m.status, m.landlord_answer, m.candidate_answer, m.referral_id, m.created_at, m.offered_at,
                m.answer_due_on, m.ended_at, m.decline_reason, m.version,
                EXISTS (SELECT 1 FROM tenancy t WHERE t.match_id = m.id AND t.ended_on IS NOT NULL), \(workings), m.run_id,
                \(DwellingStore.offerColumns(withAddress: groups.contains(.address))), \(words(for: role))
            FROM \(source)
            JOIN dwelling d ON d.id = m.dwelling_id
            JOIN organisation o ON o.id = d.organisation_id
            """
    }
    private static let wordsColumn = columnCount + 17

    // The words beside a decline, by whether the landlord or the candidate wrote them.
    private static func words(for role: Role) -> String {
        let landlords = AccessPolicy.mayReadWords(of: .landlord, role) ? "m.decline_note" : "NULL"
        let candidates = AccessPolicy.mayReadWords(of: .candidate, role) ? "m.decline_note" : "NULL"
        return "iif(m.landlord_answer = 'declined', \(landlords), \(candidates))"
    }

    // MARK: Reading

    /// A match as a role may see it on a day, if it is in what may be known of.
    package func find(
        _ id: MatchID, in visibility: MatchVisibility, for role: Role, on day: CivilDate
    ) throws -> MatchView? {
        let one = ScopeSQL.oneMatch(visibility)
        var select = SelectSQL(Self.head(for: role, one.source), where: one.scope)
        select.and("\(one.key) = ?", id.value)
        guard let bare = try select.first(db, read: { Self.view($0, role: role) }) else { return nil }
        return try withPerson(bare, for: role, on: day, rents(on: day))
    }

    /// A page of matches as a role may see them on a day, newest first.
    package func list(
        states: [MatchState], in visibility: MatchVisibility, for role: Role, on day: CivilDate,
        page: PageRequest<MatchID>
    ) throws -> Page<MatchView, MatchID> {
        let source = "match m JOIN referral r ON r.id = m.referral_id"
        var select = SelectSQL(Self.head(for: role, source), where: ScopeSQL.matches(visibility))
        select.and("m.status", in: states.map(\.rawValue))
        if let id = page.after { select.and("m.id < ?", id.value) }
        select.order(by: "m.id DESC", limit: page.limit)
        let bare = Page(try select.all(db) { Self.view($0, role: role) }, limit: page.limit) { $0.id }
        let rents = try rents(on: day)
        return Page(items: try bare.items.map { try withPerson($0, for: role, on: day, rents) }, next: bare.next)
    }

    /// What decisions about a match rest on, if it is in what may be known of.
    package func row(_ id: MatchID, in visibility: MatchVisibility) throws -> MatchRow? {
        let one = ScopeSQL.oneMatch(visibility)
        var select = SelectSQL("\(Self.rowColumns) FROM \(one.source)", where: one.scope)
        select.and("\(one.key) = ?", id.value)
        return try select.first(db, read: Self.row)
    }

    /// The matches of a candidate that still go on.
    package func live(of referral: ReferralID) throws -> [MatchRow] {
        try db.all(
            SQL(
                dynamic: """
                    \(Self.rowColumns) FROM match m
                    WHERE m.referral_id = ? AND m.status IN ('proposed', 'offered', 'accepted') ORDER BY m.id
                    """), referral, read: Self.row)
    }

    /// The match that goes on about a dwelling; there is never more than one.
    package func live(about dwelling: DwellingID) throws -> MatchRow? {
        try db.first(
            SQL(
                dynamic: """
                    \(Self.rowColumns) FROM match m
                    WHERE m.dwelling_id = ? AND m.status IN ('proposed', 'offered', 'accepted')
                    """), dwelling, read: Self.row)
    }

    /// Offers whose last day to answer was before a day, the longest overdue first.
    package func overdue(on day: CivilDate, limit: Int) throws -> [MatchRow] {
        try db.all(
            SQL(
                dynamic: """
                    \(Self.rowColumns) FROM match m INDEXED BY match_due
                    WHERE m.status = 'offered' AND m.answer_due_on < ? ORDER BY m.answer_due_on, m.id LIMIT ?
                    """), day, limit, read: Self.row)
    }

    private static let rowColumns = """
        SELECT m.id, m.status, m.landlord_answer, m.candidate_answer, m.referral_id, m.dwelling_id, m.landlord_id,
            m.offered_at, m.answer_due_on, m.version
        """

    private static func row(_ row: borrowing Row) -> MatchRow {
        MatchRow(
            id: row.id(0), standing: standing(row), referral: row.id(4), dwelling: row.id(5), landlord: row.id(6),
            offeredAt: row.optionalInstant(7), answerDueOn: row.optionalDate(8), version: row.int(9))
    }

    private static func standing(_ row: borrowing Row) -> MatchStanding {
        MatchStanding(
            state: row.code(1, otherwise: .withdrawn), landlord: row.code(2, otherwise: .pending),
            candidate: row.code(3, otherwise: .pending))
    }

    private static func view(_ row: borrowing Row, role: Role) -> MatchView {
        let standing = standing(row)
        // Who was a landlord is told no more than any other once the tenancy has ended.
        let stage = row.bool(11) ? MatchStage.ended : standing.stage
        let groups = AccessPolicy.groups(ofMatchFor: role, at: stage)
        var view = MatchView(
            id: row.id(0), standing: standing, stage: stage, groups: groups, referral: row.id(4),
            createdAt: row.instant(5),
            dwelling: DwellingStore.offer(row, from: columnCount, withAddress: groups.contains(.address)),
            version: row.int(10))
        view.offeredAt = row.optionalInstant(6)
        view.answerDueOn = row.optionalDate(7)
        view.endedAt = row.optionalInstant(8)
        view.declineReason = row.optionalCode(9)
        view.isFromRun = !row.isNull(16)
        if groups.contains(.workings) {
            let limits = row.text(15).split(separator: " ").map(String.init)
            view.workings = MatchWorkings(
                reason: row.text(14), failingLimits: limits, run: row.optionalID(16),
                regionVersion: row.optionalInt(12), profileVersion: row.optionalInt(13))
        }
        view.declineNote = row.optionalText(wordsColumn)
        return view
    }

    private func rents(on day: CivilDate) throws -> RentYear {
        try RegionStore(db).current().settings.rentYear(on: day)
    }

    private func withPerson(
        _ bare: MatchView, for role: Role, on day: CivilDate, _ rents: RentYear
    ) throws -> MatchView {
        var view = bare
        let conversation = ConversationStore(db)
        // What is shown on the ground of a consent is shown no longer than that consent.
        if AccessPolicy.grant(role, .match(view.stage))?.ground == .consent,
            try !conversation.consents(of: view.referral).allowOffer(to: view.dwelling.landlord.id, on: day)
        {
            view.stage = .ended
            view.groups = AccessPolicy.groups(ofMatchFor: role, at: .ended)
        }
        let groups = view.groups
        let referrals = ReferralStore(db)
        if let person = try referrals.person(of: view.referral, groups) {
            view.identity = person.identity
            view.contact = person.contact
        }
        let showsRentFit = groups.contains(.rentFit)
        if groups.contains(.housingNeeds) || showsRentFit,
            let (household, access) = try referrals.housingNeeds(of: view.referral)
        {
            if groups.contains(.housingNeeds) {
                view.household = household
                view.accessibility = access
            }
            if showsRentFit {
                view.rentFitsIncome = RentNorm.fits(
                    rentCents: view.dwelling.rent + view.dwelling.serviceCost,
                    incomeCentsPerMonth: try referrals.incomePerMonth(of: view.referral),
                    householdSize: household.size, by: rents)
            }
        }
        if groups.contains(.housingNeeds) { view.wantedForms = try conversation.wantedForms(of: view.referral) }
        if groups.contains(.wishes) { view.wishes = try conversation.latestWishes(of: view.referral) }
        if groups.contains(.support) { view.support = try SupportStore(db).commitment(for: view.referral) }
        try addLife(to: &view, for: role)
        return view
    }

    // What belongs to the offer itself: for both sides while it goes on; a review and a vote for who lets and the intake
    // point, what the applicant shows for those who may read wishes, and for the applicant.
    private func addLife(to view: inout MatchView, for role: Role) throws {
        let life = OfferLifeStore(db)
        let isBetween = role != .candidate && role != .supporter
        if view.standing.state.isLive { view.viewingAt = try life.viewing(of: view.id) }
        if isBetween { view.review = try life.review(about: view.id) }
        if view.groups.contains(.wishes) || role == .candidate {
            view.introduction = try life.introduction(to: view.id)
        }
        if isBetween, role != .allocator, view.standing.landlord != .pending { view.vote = try life.vote(on: view.id) }
    }

    // MARK: Writing

    /// Adds a proposal.
    ///
    /// - Throws: `SQLiteError`, a unique violation when the dwelling has a live match.
    package func insert(_ draft: MatchDraft, id: MatchID, at now: Instant) throws {
        try db.run(
            """
            INSERT INTO match (id, referral_id, dwelling_id, landlord_id, status, landlord_answer, candidate_answer,
                reason, failing_limits, wish_version, referral_version, dwelling_version, created_at, run_id,
                region_version, profile_version, version)
            VALUES (?, ?, ?, ?, 'proposed', 'pending', 'pending', ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
            """,
            id, draft.referral, draft.dwelling, draft.landlord, draft.reason,
            draft.failingLimits.joined(separator: " "), draft.wishVersion, draft.referralVersion,
            draft.dwellingVersion, now, draft.run, draft.regionVersion, draft.profileVersion)
    }

    /// Marks a proposal as offered, with the day by which both sides answer.
    package func markOffered(_ id: MatchID, answerDueOn: CivilDate, at now: Instant) throws {
        try db.run("UPDATE match SET offered_at = ?, answer_due_on = ? WHERE id = ?", now, answerDueOn, id)
    }

    /// Writes where a match stands now, if it still has the version it was read at; false when somebody was first.
    package func update(
        _ row: MatchRow, to standing: MatchStanding, declined: (reason: DeclineReason, note: String?)? = nil,
        at now: Instant
    ) throws -> Bool {
        let endedAt = standing.state.isLive ? nil : now
        return try db.run(
            """
            UPDATE match SET status = ?, landlord_answer = ?, candidate_answer = ?, ended_at = ?,
                decline_reason = ?, decline_note = ?, version = version + 1
            WHERE id = ? AND version = ?
            """,
            Code(standing.state), Code(standing.landlord), Code(standing.candidate), endedAt,
            (declined?.reason).code, declined?.note, row.id, row.version) > 0
    }

    /// Adds one side's answer, or the coordinator's, to the record.
    package func insert(
        response id: Identifier<MatchRow>, to match: MatchID, answer: String, party: MatchParty?, onBehalf: Bool,
        by role: Role, reason: DeclineReason?, note: String?, vote: PanelVote? = nil, at now: Instant
    ) throws {
        try db.run(
            """
            INSERT INTO match_response (id, match_id, answer, party, on_behalf, role, reason, note, at, present, in_favour)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, id, match, answer, party.code, onBehalf, Code(role), reason.code, note, now, vote?.present,
            vote?.inFavour)
    }
}
