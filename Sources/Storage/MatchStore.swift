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

    /// A match from its parts.
    package init(
        referral: ReferralID, dwelling: DwellingID, landlord: OrganisationID, reason: String, failingLimits: [String],
        wishVersion: Int, referralVersion: Int, dwellingVersion: Int
    ) {
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

    private static let columns = """
        m.id, m.status, m.landlord_answer, m.candidate_answer, m.referral_id, m.created_at, m.offered_at,
        m.answer_due_on, m.ended_at, m.reason, m.failing_limits, m.decline_reason, m.decline_note, m.version, r.version,
        EXISTS (SELECT 1 FROM tenancy t WHERE t.match_id = m.id AND t.ended_on IS NOT NULL)
        """
    private static let columnCount = 16
    private static let head = """
        SELECT \(columns), \(DwellingStore.columns) FROM match m
        JOIN referral r ON r.id = m.referral_id
        JOIN dwelling d ON d.id = m.dwelling_id
        JOIN organisation o ON o.id = d.organisation_id
        """

    // MARK: Reading

    /// A match as a role may see it, if it is in what may be known of.
    package func find(_ id: MatchID, in visibility: MatchVisibility, for role: Role) throws -> MatchView? {
        var select = SelectSQL(Self.head, where: ScopeSQL.matches(visibility))
        select.and("m.id = ?", id.value)
        guard let bare = try select.first(db, read: { Self.view($0, role: role) }) else { return nil }
        return try withPerson(bare)
    }

    /// A page of matches as a role may see them, newest first.
    package func list(
        states: [MatchState], in visibility: MatchVisibility, for role: Role, page: PageRequest<MatchID>
    ) throws -> Page<MatchView, MatchID> {
        var select = SelectSQL(Self.head, where: ScopeSQL.matches(visibility))
        select.and("m.status", in: states.map(\.rawValue))
        if let id = page.after { select.and("m.id < ?", id.value) }
        select.order(by: "m.id DESC", limit: page.limit)
        let bare = Page(try select.all(db) { Self.view($0, role: role) }, limit: page.limit) { $0.id }
        var filled = bare
        filled.items = try bare.items.map(withPerson)
        return filled
    }

    /// What decisions about a match rest on, if it is in what may be known of.
    package func row(_ id: MatchID, in visibility: MatchVisibility) throws -> MatchRow? {
        var select = SelectSQL(
            "\(Self.rowHead) JOIN referral r ON r.id = m.referral_id", where: ScopeSQL.matches(visibility))
        select.and("m.id = ?", id.value)
        return try select.first(db, read: Self.row)
    }

    /// The matches of a candidate that still go on.
    package func live(of referral: ReferralID) throws -> [MatchRow] {
        try db.all(
            SQL(
                dynamic: """
                    \(Self.rowHead)
                    WHERE m.referral_id = ? AND m.status IN ('proposed', 'offered', 'accepted') ORDER BY m.id
                    """), referral, read: Self.row)
    }

    /// Whether this candidate and this dwelling were brought together before and it came to nothing by a decline.
    package func wasDeclined(_ referral: ReferralID, _ dwelling: DwellingID) throws -> Bool {
        try db.first(
            """
            SELECT 1 FROM match WHERE referral_id = ? AND dwelling_id = ? AND decline_reason IS NOT NULL LIMIT 1
            """, referral, dwelling
        ) { _ in true } ?? false
    }

    private static let rowHead = """
        SELECT m.id, m.status, m.landlord_answer, m.candidate_answer, m.referral_id, m.dwelling_id, m.landlord_id,
            m.offered_at, m.answer_due_on, m.version
        FROM match m
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
        let stage = row.bool(15) ? MatchStage.ended : standing.stage
        return MatchView(
            id: row.id(0), standing: standing, groups: AccessPolicy.groups(ofMatchFor: role, at: stage),
            referral: row.id(4), createdAt: row.instant(5), offeredAt: row.optionalInstant(6),
            answerDueOn: row.optionalDate(7), endedAt: row.optionalInstant(8), reason: row.text(9),
            failingLimits: row.text(10).split(separator: " ").map(String.init), declineReason: row.optionalCode(11),
            declineNote: row.optionalText(12), dwelling: DwellingStore.dwelling(row, from: columnCount),
            version: row.int(13), referralVersion: row.int(14))
    }

    private func withPerson(_ bare: MatchView) throws -> MatchView {
        var view = bare
        let groups = view.groups
        let referrals = ReferralStore(db)
        if !groups.isDisjoint(with: [.identity, .contact]), let person = try referrals.person(of: view.referral) {
            if groups.contains(.identity) { view.identity = person.identity }
            if groups.contains(.contact) { view.contact = person.contact }
        }
        if groups.contains(.housingNeeds), let (household, access) = try referrals.housingNeeds(of: view.referral) {
            view.household = household
            view.accessibility = access
        }
        if !groups.isDisjoint(with: [.wishes, .housingNeeds]) {
            view.wishes = try ConversationStore(db).latestWishes(of: view.referral)
        }
        if groups.contains(.rentFit) {
            view.rentFitsIncome = RentNorm.fits(
                rentCents: view.dwelling.content.rent + view.dwelling.content.serviceCost,
                incomeCentsPerMonth: try referrals.incomePerMonth(of: view.referral))
        }
        if groups.contains(.support) { view.support = try SupportStore(db).commitment(for: view.referral) }
        return view
    }

    // MARK: Writing

    /// Adds a proposal.
    ///
    /// - Throws: `SQLiteError`, a unique violation when the dwelling has a live match.
    package func insert(_ draft: MatchDraft, id: MatchID, at now: Instant) throws {
        try db.run(
            """
            INSERT INTO match (id, referral_id, dwelling_id, landlord_id, status, landlord_answer, candidate_answer,
                reason, failing_limits, wish_version, referral_version, dwelling_version, created_at, version)
            VALUES (?, ?, ?, ?, 'proposed', 'pending', 'pending', ?, ?, ?, ?, ?, ?, 1)
            """,
            id, draft.referral, draft.dwelling, draft.landlord, draft.reason,
            draft.failingLimits.joined(separator: " "), draft.wishVersion, draft.referralVersion,
            draft.dwellingVersion, now)
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
        by role: Role, reason: DeclineReason?, note: String?, at now: Instant
    ) throws {
        try db.run(
            """
            INSERT INTO match_response (id, match_id, answer, party, on_behalf, role, reason, note, at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, id, match, answer, party.code, onBehalf, Code(role), reason.code, note, now)
    }
}
