// How SQLite goes about what the stores ask: by an index, or along one in the order of the answer; never through a whole
// table with people in it, and never sorting one.

import CSQLite
import Domain
import Storage
import Testing

@testable import SQLite

@Suite struct QueryPlanTests {
    let region: Region
    let referral: ReferralID

    init() throws {
        region = try Region(seed: 3)
        for _ in 0..<50 {
            let id = try region.addReferral()
            let landlord = try region.dice.pick(Region.landlords)
            _ = try region.addMatch(id, try region.addDwelling(landlord: landlord), landlord: landlord)
            _ = try region.addRequest(id, provider: Region.providers[0], as: .accepted)
        }
        referral = try region.addReferral()
    }

    /// Tables that grow with the people in the queue.
    static let large: Set<String> = [
        "r", "p", "q", "s", "m", "e", "l", "d", "t", "k", "referral", "person", "situation", "match", "event", "ledger",
        "dwelling", "support_request", "tenancy", "report", "wish", "wish_version", "consent", "decision",
        "report_condition", "report_skill", "match_response", "idempotency", "task",
        "clock", "clock_pause", "c", "n", "named_person", "restriction", "emergency_access", "person_link",
        "intake_record", "advice_told", "measurement", "measurement_domain", "risk_version", "network_person",
        "exclusion_zone", "objection", "consultation",
        "task_event", "g", "h", "x", "v", "w", "signal", "signal_person", "signal_response", "handover",
        "provenance", "feed", "touched",
    ]

    /// What a plan may do besides finding rows by an index.
    struct Leave: OptionSet {
        let rawValue: Int
        /// Walk along a table or an index in the order of the answer, which then ends at its limit.
        static let walkInOrder = Leave(rawValue: 1)
        /// Sort the few rows that an index has found.
        static let sortFew = Leave(rawValue: 2)
    }

    /// The steps of a plan that walk through or sort a large table without leave.
    private func faults(_ sql: String, parameters: Int32, _ leave: Leave) throws -> [String] {
        let unbound = Values([Value](repeating: .null, count: Int(parameters)))
        let plan = try region.db.all(SQL(dynamic: "EXPLAIN QUERY PLAN " + sql), unbound) { $0.text(3) }
        return plan.filter { step in
            if step.hasPrefix("USE TEMP B-TREE FOR ") { return !leave.contains(.sortFew) }
            // Of rows that are given nothing is looked for: such a step is what SQLite would look through if a constraint were
            // open in the middle of the statement, and none is (https://www.sqlite.org/opcode.html#FkIfZero).
            guard step.hasPrefix("SCAN "), !(sql.hasPrefix("INSERT INTO") && sql.contains("VALUES")) else {
                return false
            }
            // Nor is anything under a condition that is false whatever the row, as where a role sees none of a kind.
            if sql.contains(" AND (0)") || sql.contains(" AND ((0) AND ") { return false }
            let table = step.split(separator: " ")[1]
            return Self.large.contains(String(table)) && !leave.contains(.walkInOrder)
        }.map { "\($0): \(sql)" }
    }

    /// Runs something on a fresh connection and looks at the plan of every statement it prepared.
    private func check(_ leave: Leave = [], _ body: (Connection) throws -> Void) throws {
        let db = try region.connect()
        try db.begin(.immediate)
        try body(db)
        try db.rollback()
        var seen = 0
        var statement = sqlite3_next_stmt(db.handle, nil)
        while let current = statement {
            let sql = sqlite3_sql(current).map { String(cString: $0) } ?? ""
            if ["SELECT", "UPDATE", "DELETE", "INSERT"].contains(where: sql.hasPrefix) {
                seen += 1
                let found = try faults(sql, parameters: sqlite3_bind_parameter_count(current), leave)
                #expect(found.isEmpty, "\(found)")
            }
            statement = sqlite3_next_stmt(db.handle, current)
        }
        #expect(seen > 0)
    }

    static let scopes: [ReferralVisibility] = [
        .owned(by: Region.posters[0]), .residents(of: Region.municipalities[0]), .supported(by: Region.providers[0]),
        .single(ReferralID(high: 1, low: 1)), .everything,
    ]

    @Test(arguments: scopes) func listsOfReferrals(scope: ReferralVisibility) throws {
        let id = referral
        for after in [nil, ReferralKey.id(id)] {
            for order in [ReferralOrder.newestFirst, .oldestFirst] {
                var filter = ReferralFilter()
                filter.order = order
                let plain = filter
                try check(scope == .everything ? .walkInOrder : []) {
                    _ = try ReferralStore($0).list(
                        plain, in: scope, groups: [.identity, .origin], page: PageRequest(limit: 25, after: after))
                }
                filter.states = [.waiting]
                let narrowed = filter
                try check(scope == Self.scopes[3] ? .sortFew : []) {
                    _ = try ReferralStore($0).list(
                        narrowed, in: scope, groups: [.identity], page: PageRequest(limit: 25, after: after))
                }
            }
        }
        try check { _ = try ReferralStore($0).find(id, in: scope) }
    }

    @Test func theQueue() throws {
        var filters = [ReferralFilter](repeating: ReferralFilter(), count: 4)
        for place in filters.indices { filters[place].order = .queue }
        filters[1].municipality = Region.municipalities[0]
        filters[2].route = .shelterExit
        filters[3].states = [.waiting, .matched]
        for filter in filters {
            for after in [nil, ReferralKey.queue(rank: 1, waitingSince: region.now, id: referral)] {
                try check(.walkInOrder) {
                    _ = try ReferralStore($0).list(
                        filter, in: .everything, groups: [.identity], page: PageRequest(limit: 25, after: after))
                }
            }
        }
    }

    @Test func theClocks() throws {
        let day = CivilDate(dayNumber: 20_000)
        for clock in [nil, ClockFilter.breached(before: day), .due(day...day.adding(days: 7))] {
            var filter = ReferralFilter()
            filter.order = .dueOn
            filter.clock = clock
            for after in [nil, ReferralKey.due(on: day, id: referral)] {
                try check(.walkInOrder) {
                    _ = try ReferralStore($0).list(
                        filter, in: .everything, groups: [.identity], page: PageRequest(limit: 25, after: after))
                }
            }
        }
        try check(.sortFew) { _ = try ClockStore($0).list(of: referral) }
        let identity = Identity(
            givenName: "Sam", infix: nil, familyName: "Berg", birthDate: CivilDate(dayNumber: 3))
        let seen = ReferralVisibility(.everything, by: Reader(token: TokenID(high: 0, low: 1), asOf: region.now))
        try check(.sortFew) {
            _ = try LinkStore($0).likely(
                referral, identity: identity, bsn: CitizenServiceNumber("999990019"), openOnly: true, in: seen)
        }
        try check(.walkInOrder) {
            _ = try TaskStore($0).list(TaskFilter(), in: TaskVisibility(.everything), page: PageRequest(limit: 9))
        }
        try check { _ = try EventStore($0).turns(of: referral) }
        try check(.walkInOrder) {
            _ = try ClockStore($0).breached(before: day, after: (day, referral), limit: 9)
            _ = try TaskStore($0).overdue(
                [.stalledStep], before: day, after: TaskKey(dueOn: day, id: TaskID(high: 1, low: 1)), limit: 9)
            _ = try ReferralStore($0).heldTooLong(on: day, limit: 9)
        }
        let (clerk, moment) = (region.actor(), region.now)
        try check(.sortFew) {
            _ = try TaskStore($0).delays(of: referral)
            _ = try TaskStore($0).history(of: TaskID(high: 1, low: 1))
            let task = CaseTask(.stalledStep, id: TaskID(high: 1, low: 1), about: referral, at: moment)
            _ = try TaskStore($0).insert(task, by: clerk.token)
            try TaskStore($0).end(.stalledStep, of: referral, as: .done, by: clerk, at: moment)
        }
    }

    /// An entry of each kind for each kind of audience: the page, and what is asked of each thing on it.
    @Test(arguments: Role.allCases) func theChangeFeed(role: Role) throws {
        var actor = region.actor(1, role)
        actor.municipality = Region.municipalities[0]
        actor.referral = role == .candidate ? referral : nil
        let reader = actor
        try check {
            for audience in AccessPolicy.audiences(of: reader).prefix(1) {
                for kind in FeedKind.allCases {
                    try $0.run(
                        "INSERT INTO feed VALUES (?, ?, ?, ?, ?, 0, 0)", kind.rawValue, region.newID(of: FeedKind.self),
                        audience.part.rawValue, Value.blob(audience.owner), kind.rawValue)
                }
            }
            try $0.run("UPDATE feed_position SET sequence = 9")
            let page = try #require(try FeedStore($0).list(PageRequest(limit: 100), for: reader))
            // None of these is there, so nobody may know of them, and who begins is not told.
            #expect(page.entries == [])
            #expect(page.position.sequence == 9)
        }
    }

    @Test func signalsAndHandovers() throws {
        let (id, now) = (referral, region.now)
        for role in [Role.supporter, .allocator, .referrer, .candidate, .intaker] {
            var actor = region.actor()
            actor.role = role
            actor.organisation = role == .supporter ? Region.providers[0] : Region.landlords[0]
            actor.referral = role == .candidate ? id : nil
            let reader = actor
            try check(role == .intaker ? .walkInOrder : .sortFew) {
                _ = try SignalStore($0).list(SignalFilter(), for: reader, page: PageRequest(limit: 9))
            }
            try check(.sortFew) {
                _ = try SignalStore($0).find(SignalID(high: 1, low: 1), for: reader)
                let handovers = AccessPolicy.handovers(visibleTo: reader)
                if handovers.part != .nothing {
                    _ = try HandoverStore($0).find(HandoverID(high: 1, low: 1), in: handovers)
                }
                _ = try HandoverStore($0).asked(of: id)
            }
        }
        try check(.walkInOrder) {
            var filter = ReferralFilter()
            filter.hasOpenSignal = true
            _ = try ReferralStore($0).list(
                filter, in: .everything, groups: .identity, page: PageRequest(limit: 9))
            _ = try SignalStore($0).forget(closedBefore: now, limit: 9)
            _ = try ForecastStore($0).queue(in: .everything)
            _ = try HandoverStore($0).list(nil, in: Visible(.everything), page: PageRequest(limit: 9))
        }
        try check([.sortFew, .walkInOrder]) { _ = try ForecastStore($0).supply(since: now, on: Region.day) }
    }

    @Test(arguments: [ReferralVisibility.everything, .owned(by: Region.posters[0])])
    func searches(scope: ReferralVisibility) throws {
        var searches = [ReferralStore.Search](repeating: ReferralStore.Search(), count: 5)
        searches[0].bsn = CitizenServiceNumber("999990019")
        searches[1].familyName = "Berg"
        searches[2].familyName = "Berg"
        searches[2].birthDate = CivilDate(dayNumber: 3)
        searches[3].number = 3
        searches[4].externalReference = "A"
        for search in searches {
            try check(.sortFew) {
                _ = try ReferralStore($0).search(search, in: scope, groups: [.identity], limit: 100)
            }
        }
    }

    @Test func oneReferralAndAllAboutIt() throws {
        let id = referral
        let now = region.now
        try check(.sortFew) { db in
            _ = try ReferralStore(db).view(id, in: .everything, groups: FieldGroups(rawValue: .max), at: now)
            _ = try ReferralStore(db).find(externalReference: "A", of: Region.posters[0])
        }
        try check { db in
            let conversation = ConversationStore(db)
            _ = try conversation.wishes(of: id)
            _ = try conversation.consents(of: id)
            _ = try conversation.latestDecision(of: id)
            _ = try ReportStore(db).latest(of: id)
            _ = try ReferralStore(db).incomePerMonth(of: id)
            _ = try EventStore(db).list(
                of: id, in: .everything, timeline: .everything, groups: .status, page: PageRequest(limit: 9))
            _ = try LedgerStore(db).list(about: id, page: PageRequest(limit: 9))
            _ = try LedgerStore(db).count(about: id, since: now)
            _ = try MatchStore(db).live(of: id)
            _ = try MatchStore(db).overdue(on: CivilDate(dayNumber: 1), limit: 1)
            _ = try SupportStore(db).commitment(for: id)
            _ = try SupportStore(db).accepted(for: id)
            _ = try SupportStore(db).supporters(of: id)
            _ = try TenancyStore(db).isLet(DwellingID(high: 1, low: 1))
            _ = try IdempotencyStore(db).find("k", of: TokenID(high: 1, low: 1), at: now)
            _ = try TokenStore(db).live(hash: [UInt8](repeating: 1, count: 32), at: now)
            _ = try TokenStore(db).live(session: [UInt8](repeating: 1, count: 32), at: now)
            let sessions = SessionStore(db)
            let secret = [UInt8](repeating: 2, count: 32)
            try sessions.insert(secret, of: TokenID(high: 0, low: 1), livesUntil: now, endsAt: now, at: now)
            try sessions.extend(secret, until: now, at: now)
            try sessions.end(secret, at: now)
            _ = try sessions.isKnown(secret)
            _ = try CorrectionStore(db).list(of: id)
            _ = try CorrectionStore(db).statements(of: id)
            _ = try CorrectionStore(db).traces(of: EventID(high: 1, low: 1), about: id, in: .identity)
        }
    }

    @Test func writes() throws {
        let id = try region.addReferral()
        let draft = try region.draft()
        let standing = try #require(try ReferralStore(region.db).find(id, in: .everything))
        let names = (region.newID(of: ReferralTag.self), region.newID(of: EventTag.self))
        let (actor, now) = (region.actor(), region.now)
        try check { db in
            _ = try ReferralStore(db).insert(
                draft, id: names.0, owner: Region.posters[0], under: .standard, at: now)
            _ = try ReferralStore(db).update(standing, at: now)
            try ReferralStore(db).apply(ReferralChanges(), to: id)
            try ReferralStore(db).update(person: draft.identity, contact: draft.contact, bsn: draft.bsn, of: id)
            try EventStore(db).insert(
                names.1, about: id, kind: "x", from: nil, to: nil, by: actor, reason: nil, at: now)
            try SupportStore(db).withdrawOpen(about: id)
            try TenancyStore(db).end(of: id, on: CivilDate(dayNumber: 1))
            try TokenStore(db).noteUse(actor.token, on: CivilDate(dayNumber: 1))
            let answer = StoredAnswer(
                requestHash: [UInt8](repeating: 1, count: 32), status: 200, fields: "", body: [], referral: nil)
            try IdempotencyStore(db).insert(answer, key: "k", of: actor.token, at: now)
        }
        let look = Disclosure(referral: id, object: id.retyped(), action: "x", groups: .identity)
        try check(.walkInOrder) { db in
            try LedgerStore(db).append([look], by: actor, trace: RequestTrace(requestID: "", address: ""), at: now)
        }
    }

    @Test func supplyAndSupport() throws {
        let landlord = Region.landlords[0]
        for scope in [MatchVisibility.offeredTo(landlord: landlord), .everything] {
            try check(scope == .everything ? .walkInOrder : []) {
                _ = try MatchStore($0).list(
                    states: [], in: scope, for: .allocator, on: Region.day, page: PageRequest(limit: 9))
                _ = try MatchStore($0).find(MatchID(high: 1, low: 1), in: scope, for: .allocator, on: Region.day)
            }
        }
        // What is said about the few people one supports, or about oneself.
        for referrals in Self.scopes.dropLast() {
            try check(.sortFew) {
                let matches = MatchVisibility(.offeredAbout(referrals.part))
                _ = try MatchStore($0).list(
                    states: [], in: matches, for: .supporter, on: Region.day, page: PageRequest(limit: 9))
                _ = try SupportStore($0).list(
                    states: [], in: .about(referrals.part), groups: .decision, page: PageRequest(limit: 9))
                _ = try TenancyStore($0).list(in: .about(referrals.part), page: PageRequest(limit: 9))
            }
        }
        for scope in [DwellingVisibility.owned(by: landlord), .everything] {
            try check(scope == .everything ? .walkInOrder : []) {
                _ = try DwellingStore($0).list(DwellingFilter(), in: scope, page: PageRequest(limit: 9))
            }
        }
        let provider = Region.providers[0]
        try check {
            _ = try SupportStore($0).list(
                states: [.asked], in: .provider(provider), groups: .decision, page: PageRequest(limit: 9))
            _ = try TenancyStore($0).list(in: .landlord(landlord), page: PageRequest(limit: 9))
        }
        try check(.walkInOrder) {
            _ = try SupportStore($0).list(
                states: [], in: .about(.everything), groups: .decision, page: PageRequest(limit: 9))
            _ = try TenancyStore($0).list(in: .about(.everything), page: PageRequest(limit: 9))
        }
    }
}
