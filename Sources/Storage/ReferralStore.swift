// The table `referral` with `person` and `situation`: the queue's facts, who it is about, and what the referrer wrote.
// Writes here are single rows guarded by version; which moves are allowed is decided before it comes here.

package import Domain
package import SQLite

/// The key of a place in a list of referrals.
package enum ReferralKey: Sendable, Equatable {
    case id(ReferralID)
    case queue(rank: Int, waitingSince: Instant, id: ReferralID)
    case due(on: CivilDate, id: ReferralID)
}

/// The order of a list of referrals.
package enum ReferralOrder: String, CaseIterable, Sendable {
    case oldestFirst = "receivedAt"
    case newestFirst = "-receivedAt"
    /// Those who wait: urgency class, then waiting date, then id.
    case queue
    /// Those with a clock that runs: the one whose last day comes, or came, first.
    case dueOn
}

/// Referrals whose most urgent clock stands so.
package enum ClockFilter: Sendable, Equatable {
    /// Its last day was before this one.
    case breached(before: CivilDate)
    /// Its last day is one of these.
    case due(ClosedRange<CivilDate>)
}

/// What a list of referrals is narrowed to.
package struct ReferralFilter: Sendable, Equatable {
    package var states: [ReferralState] = []
    package var route: ReferralRoute?
    package var municipality: Municipality?
    package var order = ReferralOrder.newestFirst
    /// Only in the order of `dueOn`.
    package var clock: ClockFilter?
    /// Only those that the bearer of a token at the intake point does the intake of.
    package var assignee: TokenID?
    /// Only those about whom a signal is open.
    package var hasOpenSignal = false

    /// No narrowing, newest first.
    package init() {}
}

/// The referrals.
package struct ReferralStore {
    let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    // Urgency, form and outcome are of the decision, which not every reader of a status may see.
    private static func standingColumns(decided: Bool) -> String {
        """
        r.id, r.number, r.organisation_id, r.municipality, r.route, r.status, r.resume_status, r.received_at,
        r.updated_at, r.waiting_since, r.promise_due_on, r.hold_started_on, r.hold_until,
        \(decided ? "r.urgency, r.form, r.outcome" : "NULL, NULL, NULL"), r.version
        """
    }

    static func standing(_ row: borrowing Row) -> ReferralStanding {
        ReferralStanding(
            id: row.id(0), number: row.int(1), owner: row.id(2), municipality: row.municipality(3),
            route: row.code(4, otherwise: .prevention), state: row.code(5, otherwise: .withdrawn),
            resuming: row.optionalCode(6), receivedAt: row.instant(7), updatedAt: row.instant(8),
            waitingSince: row.optionalInstant(9), promiseDueOn: row.optionalDate(10),
            holdStartedOn: row.optionalDate(11), holdUntil: row.optionalDate(12), urgency: row.optionalCode(13),
            form: row.optionalCode(14), outcome: row.optionalCode(15), version: row.int(16))
    }

    // MARK: Reading

    /// The standing of a referral, if it is in what may be known of; without what was decided for who may not see it.
    package func find(
        _ id: ReferralID, in visibility: ReferralVisibility, decided: Bool = true
    ) throws -> ReferralStanding? {
        let one = ScopeSQL.oneReferral(visibility)
        var select = SelectSQL(
            "SELECT \(Self.standingColumns(decided: decided)) FROM \(one.source)", where: one.scope)
        select.and("\(one.key) = ?", id.value)
        return try select.first(db, read: Self.standing)
    }

    /// A page of referrals, as lines with the groups that may be seen.
    package func list(
        _ filter: ReferralFilter, in visibility: ReferralVisibility, groups: FieldGroups,
        page: PageRequest<ReferralKey>
    ) throws -> Page<ReferralSummary, ReferralKey> {
        // Left to itself SQLite finds who waits by status and sorts them all, for every page of the queue.
        // (With a scope of one row or none there is no plan that walks the queue, and nothing to sort.)
        let walksQueue = filter.order == .queue && visibility.isRegionWide
        let source = walksQueue ? "referral r INDEXED BY referral_queue" : "referral r"
        // Who is given the queue in its order is told the urgency by it, and the next page goes on from there.
        let read = filter.order == .queue ? groups.union(.decision) : groups
        let byClock = filter.order == .dueOn
        let byID = filter.order == .oldestFirst || filter.order == .newestFirst
        let walk = byID ? ScopeSQL.walkOfSupported(visibility) : nil
        let id = walk == nil ? "r.id" : "w.referral_id"
        var select = SelectSQL(
            Self.summaryHead(read, byClock ? Self.byMostUrgentClock : walk?.source ?? source, withClock: byClock),
            where: walk?.scope ?? ScopeSQL.referrals(visibility))
        select.and("r.status", in: filter.states.map(\.rawValue))
        if let route = filter.route { select.and("r.route = ?", .text(route.rawValue)) }
        if let municipality = filter.municipality { select.and("r.municipality = ?", .text(municipality.code)) }
        if let assignee = filter.assignee { select.and("r.assignee_id = ?", assignee.value) }
        if filter.hasOpenSignal {
            select.and(
                "r.id IN (SELECT g.referral_id FROM signal g INDEXED BY signal_open WHERE g.status = 'open')")
        }
        switch (filter.order, page.after) {
        case (.oldestFirst, .id(let last)): select.and("\(id) > ?", last.value)
        case (.newestFirst, .id(let last)): select.and("\(id) < ?", last.value)
        case (.queue, .queue(let rank, let since, let id)):
            select.and(
                "(r.urgency_rank, r.waiting_since, r.id) > (?, ?, ?)", .integer(Int64(rank)),
                .integer(since.milliseconds), id.value)
        case (.dueOn, .due(let day, let id)): select.and("(k.due_on, k.referral_id) > (?, ?)", day.value, id.value)
        default: break
        }
        if filter.order == .queue { select.and("r.status = 'waiting'") }
        switch filter.clock {
        case .breached(let day): select.and("k.due_on < ?", day.value)
        case .due(let days):
            select.and("k.due_on BETWEEN ? AND ?", days.lowerBound.value, days.upperBound.value)
        case nil: break
        }
        let order =
            switch filter.order {
            case .oldestFirst: id
            case .newestFirst: "\(id) DESC"
            case .queue: "r.urgency_rank, r.waiting_since, r.id"
            case .dueOn: "k.due_on, k.referral_id"
            }
        select.order(by: order, limit: page.limit)
        let rows = try select.all(db) { Self.summary($0, groups: groups) }
        return Page(rows, limit: page.limit) { Self.key(of: $0, in: filter.order) }
    }

    private static func key(of line: ReferralSummary, in order: ReferralOrder) -> ReferralKey {
        switch order {
        case .oldestFirst, .newestFirst: .id(line.standing.id)
        case .queue:
            .queue(
                rank: line.standing.urgency?.rank ?? 0,
                waitingSince: line.standing.waitingSince ?? Instant(milliseconds: 0), id: line.standing.id)
        case .dueOn: .due(on: line.clock?.dueOn ?? CivilDate(dayNumber: 0), id: line.standing.id)
        }
    }

    // From the clocks that run, in the order of their last days, to the referrals whose most urgent one each is.
    private static let byMostUrgentClock = """
        clock k CROSS JOIN referral r ON r.id = k.referral_id
            AND k.ended_on IS NULL AND k.paused_on IS NULL AND k.kind NOT IN ('personal_plan', 'objection')
            AND NOT EXISTS (
                SELECT 1 FROM clock c
                WHERE c.referral_id = k.referral_id AND c.ended_on IS NULL AND c.paused_on IS NULL
                    AND c.kind NOT IN ('personal_plan', 'objection') AND (c.due_on, c.id) < (k.due_on, k.id))
        """

    /// The place in the queue, from 1; nil for who does not wait. Counts along the queue's own index those who stand
    /// before, which are at most those who wait.
    package func queuePlace(of standing: ReferralStanding) throws -> Int? {
        guard standing.state == .waiting, let urgency = standing.urgency, let since = standing.waitingSince else {
            return nil
        }
        return try db.first(
            """
            SELECT 1 + count(*) FROM referral INDEXED BY referral_queue
            WHERE status = 'waiting' AND (urgency_rank, waiting_since, id) < (?, ?, ?)
            """, urgency.rank, since, standing.id
        ) { $0.int(0) }
    }

    /// What a search goes by: at least one is given.
    package struct Search: Sendable, Equatable {
        package var bsn: CitizenServiceNumber?
        package var familyName: String?
        package var birthDate: CivilDate?
        package var number: Int?
        package var externalReference: String?

        /// A search by nothing yet.
        package init() {}

        /// The groups that the search asks about: whether something is found says as much as showing it.
        package var groups: FieldGroups {
            let parts: [(Bool, FieldGroups)] = [
                (bsn != nil, .bsn), (familyName != nil || birthDate != nil, .identity), (number != nil, .status),
                (externalReference != nil, .origin),
            ]
            return parts.reduce(into: []) { if $1.0 { $0.formUnion($1.1) } }
        }
    }

    /// At most `limit` referrals that fit every given part of a search, newest first.
    package func search(
        _ search: Search, in visibility: ReferralVisibility, groups: FieldGroups, limit: Int
    ) throws -> [ReferralSummary] {
        var select = SelectSQL(
            Self.summaryHead(groups, joinsPerson: true), where: ScopeSQL.referrals(visibility))
        if let bsn = search.bsn { select.and("p.bsn = ?", .text(bsn.disclosedDigits)) }
        if let name = search.familyName { select.and("p.folded_family_name = ?", .text(PersonName.familyKey(name))) }
        if let day = search.birthDate { select.and("p.birth_date = ?", .integer(Int64(day.dayNumber))) }
        if let number = search.number { select.and("r.number = ?", .integer(Int64(number))) }
        if let reference = search.externalReference { select.and("r.external_reference = ?", .text(reference)) }
        select.order(by: "r.id DESC", limit: limit - 1)
        return try select.all(db) { Self.summary($0, groups: groups) }
    }

    private static func summaryHead(
        _ groups: FieldGroups, _ source: String = "referral r", joinsPerson: Bool = false, withClock: Bool = false
    ) -> String {
        let reference = groups.contains(.origin) ? "r.external_reference" : "NULL"
        let isNamed = groups.contains(.identity)
        let name = isNamed ? "p.given_name, p.infix, p.family_name, p.birth_date" : "NULL, NULL, NULL, NULL"
        let join = isNamed || joinsPerson ? "JOIN person p ON p.referral_id = r.id" : ""
        let standing = standingColumns(decided: groups.contains(.decision))
        let clock = withClock ? "k.kind, k.due_on" : "NULL, NULL"
        return "SELECT \(standing), \(reference), \(name), \(clock) FROM \(source) \(join)"
    }

    private static func summary(_ row: borrowing Row, groups: FieldGroups) -> ReferralSummary {
        var line = ReferralSummary(
            standing: standing(row), groups: groups, externalReference: row.optionalText(17), identity: nil)
        if groups.contains(.identity) { line.identity = identity(row, from: 18) }
        if let kind: ClockKind = row.optionalCode(22) { line.clock = ClockLine(kind: kind, dueOn: row.date(23)) }
        return line
    }

    static func identity(_ row: borrowing Row, from column: Int) -> Identity {
        Identity(
            givenName: row.text(column), infix: row.optionalText(column + 1), familyName: row.text(column + 2),
            birthDate: row.date(column + 3))
    }

    /// Referrals that are on hold although the day until which has passed, of which nobody was told yet.
    package func heldTooLong(on day: CivilDate, limit: Int) throws -> [ReferralID] {
        try db.all(
            """
            SELECT r.id FROM referral r INDEXED BY referral_status
            WHERE r.status = 'on_hold' AND r.hold_until < ? AND NOT EXISTS (
                SELECT 1 FROM task t WHERE t.referral_id = r.id AND t.kind = 'hold_ended'
                    AND (t.status = 'open' OR t.created_at >= r.hold_until * 86400000))
            ORDER BY r.id LIMIT ?
            """, day, limit
        ) { $0.id(0) }
    }

    /// The referral an organisation posted under its own reference.
    package func find(externalReference: String, of owner: OrganisationID) throws -> ReferralID? {
        try db.first(
            "SELECT id FROM referral WHERE organisation_id = ? AND external_reference = ?", owner, externalReference
        ) { $0.id(0) }
    }

    // MARK: Writing

    /// Adds a referral with its person and situation, as submitted, and gives its candidate number.
    ///
    /// - Throws: `SQLiteError`, a unique violation when the organisation used the reference before.
    package func insert(
        _ draft: ReferralDraft, id: ReferralID, owner: OrganisationID, under region: RegionVersion, at now: Instant
    ) throws -> Int {
        let number = try db.first("SELECT coalesce(max(number), 0) + 1 FROM referral") { $0.int(0) } ?? 1
        try db.run(
            """
            INSERT INTO referral (id, number, organisation_id, external_reference, route, municipality, status,
                received_at, updated_at, household_adults, household_children, pets, accessibility, version)
            VALUES (?, ?, ?, ?, ?, ?, 'submitted', ?, ?, ?, ?, ?, ?, 1)
            """,
            id, number, owner, draft.externalReference, Code(draft.route), draft.municipality, now, now,
            draft.household.adults, draft.household.children, draft.household.pets, draft.accessibility.codes)
        try db.run(
            """
            INSERT INTO person (referral_id, given_name, infix, family_name, folded_family_name, birth_date, bsn,
                phone, email)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            id, draft.identity.givenName, draft.identity.infix, draft.identity.familyName,
            PersonName.familyKey(draft.identity.familyName), draft.identity.birthDate, draft.bsn?.disclosedDigits,
            draft.contact.phone, draft.contact.email)
        let words: (String?, String?) =
            switch draft.opening {
            case .answered(let missed, let needed): (missed, needed)
            case .declined: (nil, nil)
            }
        let screening = draft.screening
        try db.run(
            """
            INSERT INTO situation (referral_id, opening_declined, missed_signals, needed_two_years_ago,
                legal_residence, acute_danger, lasting_24h_supervision, own_strength_suffices, homeless_tonight,
                support_needs, health, income_per_month, debts, region_version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            id, draft.opening == .declined, words.0, words.1, screening.legalResidence, screening.acuteDanger,
            screening.lasting24hSupervision, screening.ownStrengthSuffices, screening.homelessTonight,
            draft.supportNeeds.codes, draft.health, draft.finances.incomePerMonth, draft.finances.debts,
            region.version)
        if let before = draft.handedOverFrom { try HandoverStore(db).insert(before, of: id) }
        return number
    }

    /// Writes the standing after a move or a change, if the row still has the version it was read at.
    ///
    /// The stored version becomes `standing.version`, which must be one more. False when somebody was first.
    package func update(_ standing: ReferralStanding, at now: Instant) throws -> Bool {
        try db.run(
            """
            UPDATE referral SET municipality = ?, route = ?, status = ?, resume_status = ?, updated_at = ?,
                waiting_since = ?, promise_due_on = ?, hold_started_on = ?, hold_until = ?, urgency = ?, form = ?,
                outcome = ?, version = ?
            WHERE id = ? AND version = ?
            """,
            standing.municipality, Code(standing.route), Code(standing.state), standing.resuming.code, now,
            standing.waitingSince, standing.promiseDueOn, standing.holdStartedOn, standing.holdUntil,
            standing.urgency.code, standing.form.code, standing.outcome.code, standing.version, standing.id,
            standing.version - 1) > 0
    }

    /// Writes the themes of the opening.
    package func give(_ themes: [SignalTheme], to id: ReferralID) throws {
        try db.run("UPDATE situation SET themes = ? WHERE referral_id = ?", themes.codes, id)
    }

    /// Writes who does the intake.
    package func assign(_ id: ReferralID, to token: TokenID) throws {
        try db.run("UPDATE referral SET assignee_id = ? WHERE id = ?", token, id)
    }

    /// Gives the intakes of one token's bearer to that of another.
    package func handOn(from old: TokenID, to new: TokenID) throws {
        try db.run("UPDATE referral SET assignee_id = ? WHERE assignee_id = ?", new, old)
    }

    /// Writes what a PATCH changes in the reference, the household and the situation.
    package func apply(_ changes: ReferralChanges, to id: ReferralID) throws {
        if changes.externalReference.isChange {
            try db.run(
                "UPDATE referral SET external_reference = ? WHERE id = ?",
                changes.externalReference.applied(to: nil), id)
        }
        try db.run(
            """
            UPDATE referral SET household_adults = coalesce(?, household_adults),
                household_children = coalesce(?, household_children), pets = coalesce(?, pets),
                accessibility = coalesce(?, accessibility)
            WHERE id = ?
            """, changes.adults, changes.children, changes.pets, changes.accessibility?.codes, id)
        try db.run(
            """
            UPDATE situation SET support_needs = coalesce(?1, support_needs),
                health = iif(?2, ?3, health), income_per_month = iif(?4, ?5, income_per_month),
                debts = iif(?6, ?7, debts)
            WHERE referral_id = ?8
            """,
            changes.supportNeeds?.codes, changes.health.isChange, changes.health.applied(to: nil),
            changes.incomePerMonth.isChange, changes.incomePerMonth.applied(to: nil), changes.debts.isChange,
            changes.debts.applied(to: nil), id)
    }

    /// Writes a person's details.
    package func update(
        person identity: Identity, contact: Contact, bsn: CitizenServiceNumber?, of id: ReferralID
    ) throws {
        try db.run(
            """
            UPDATE person SET given_name = ?, infix = ?, family_name = ?, folded_family_name = ?, birth_date = ?,
                bsn = ?, phone = ?, email = ?
            WHERE referral_id = ?
            """,
            identity.givenName, identity.infix, identity.familyName, PersonName.familyKey(identity.familyName),
            identity.birthDate, bsn?.disclosedDigits, contact.phone, contact.email, id)
    }
}
