// Turns what the jobs of a commit changed into entries of the change feed, within that commit: whoever may see what was
// marked in `touched` gets a new entry for it, and who saw it until now one that says it is gone. For each kind of thing
// there are queries for who may see one of it; ScopeSQL asks the same from the reader's side, and a test holds the two
// together. Thing by thing: one statement for all of a commit made tables for itself that cost more than a post's own rows.

internal import Domain
internal import SQLite

/// What a commit told: the audiences that have something to read now, with the kinds of thing it is about.
typealias Told = [FeedAudience: Set<FeedKind>]

/// Writes the table `feed`.
struct FeedPublisher {
    private let db: Connection

    private let marksPerCommit: Int

    /// A publisher within the writer's transaction.
    ///
    /// - Parameter marksPerCommit: The most marks that one commit works off; what is more waits for the next, so that the
    ///   first commits after a migration of a large database do not hold up the others.
    init(_ db: Connection, marksPerCommit: Int = 4_000) {
        self.db = db
        self.marksPerCommit = marksPerCommit
    }

    /// Tells what is marked, or the first part of it.
    ///
    /// - Returns: Who has something to read now, and whether more is marked.
    func publish(at now: Instant) throws -> (told: Told, isMore: Bool) {
        try expand()
        let marks = try db.all(
            """
            SELECT kind, resource, min(depth) FROM touched GROUP BY kind, resource ORDER BY kind, resource LIMIT ?
            """, marksPerCommit + 1
        ) { Mark(kind: $0.int(0), resource: $0.blob(1), depth: $0.int(2)) }
        guard !marks.isEmpty else { return ([:], false) }
        var news: [News] = []
        for mark in marks.prefix(marksPerCommit) {
            if let kind = FeedKind(rawValue: mark.kind) { try tell(kind, mark, &news) }
        }
        let told = try write(news, at: now)
        guard let next = marks.dropFirst(marksPerCommit).first else {
            try db.run("DELETE FROM touched")
            return (told, false)
        }
        try db.run("DELETE FROM touched WHERE (kind, resource) < (?, ?)", next.kind, Value.blob(next.resource))
        return (told, true)
    }

    /// Something that has changed, and how deep in it.
    private struct Mark {
        let kind: Int
        let resource: [UInt8]
        let depth: Int
    }

    /// An entry that is to be written.
    private struct News: Comparable {
        let kind: FeedKind
        let isGone: Bool
        let resource: [UInt8]
        let audience: FeedAudience
        /// Whether the audience has been told of the thing before.
        let isKnown: Bool

        /// What is gone goes first, so that what moves from one audience to another never shows twice.
        static func < (one: News, other: News) -> Bool {
            if one.kind != other.kind { return one.kind.rawValue < other.kind.rawValue }
            if one.isGone != other.isGone { return one.isGone }
            if one.resource != other.resource { return one.resource.lexicographicallyPrecedes(other.resource) }
            let (part, otherPart) = (one.audience.part, other.audience.part)
            if part != otherPart { return part.rawValue < otherPart.rawValue }
            return one.audience.owner.lexicographicallyPrecedes(other.audience.owner)
        }
    }

    /// Adds what there is to tell of one marked thing: to who may see it now, and to who may no longer.
    private func tell(_ kind: FeedKind, _ mark: Mark, _ news: inout [News]) throws {
        var known: [FeedAudience: Bool] = [:]
        try db.forEach(
            "SELECT part, owner, gone FROM feed WHERE kind = ? AND resource = ?", mark.kind, mark.resource
        ) { row in
            if let part = FeedPart(rawValue: row.int(0)) { known[FeedAudience(part, row.blob(1))] = row.bool(2) }
        }
        for (audience, reach) in try readers(of: kind, mark.resource) {
            let wasGone = known.removeValue(forKey: audience)
            guard mark.depth <= reach || wasGone != false else { continue }
            news.append(
                News(
                    kind: kind, isGone: false, resource: mark.resource, audience: audience, isKnown: wasGone != nil))
        }
        for (audience, wasGone) in known where !wasGone {
            news.append(News(kind: kind, isGone: true, resource: mark.resource, audience: audience, isKnown: true))
        }
    }

    /// Gives every entry its number, in order.
    private func write(_ news: [News], at now: Instant) throws -> Told {
        guard !news.isEmpty else { return [:] }
        var number = try db.first("SELECT sequence FROM feed_position") { $0.int64(0) } ?? 0
        var told: Told = [:]
        for one in news.sorted() {
            number += 1
            let (part, owner) = (one.audience.part.rawValue, one.audience.owner)
            if one.isKnown {
                try db.run(
                    """
                    UPDATE feed SET sequence = ?, at = ?, gone = ?
                    WHERE kind = ? AND resource = ? AND part = ? AND owner = ?
                    """, number, now, one.isGone, one.kind.rawValue, one.resource, part, owner)
            } else {
                try db.run(
                    "INSERT INTO feed (kind, resource, part, owner, sequence, at, gone) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    one.kind.rawValue, one.resource, part, owner, number, now, one.isGone)
            }
            told[one.audience, default: []].insert(one.kind)
        }
        try db.run("UPDATE feed_position SET sequence = ?", number)
        return told
    }

    /// Who may see a thing now, with how deep a change may lie that they are told of.
    private func readers(of kind: FeedKind, _ resource: [UInt8]) throws -> [FeedAudience: Int] {
        var open: Set<FeedAudience> = []
        // With the referral from which everybody is kept but those who are named.
        var kept: [FeedAudience: [UInt8]] = [:]
        for list in Self.lists[kind.rawValue - 1] {
            try db.forEach(list.sql, resource) { row in
                let restricted = row.isNull(0) ? nil : row.blob(0)
                for (place, part) in list.parts.enumerated() where !row.isNull(place + 1) {
                    let audience = FeedAudience(part, row.blob(place + 1))
                    if restricted == nil || part == .candidate { open.insert(audience) }
                    if let restricted { kept[audience] = restricted }
                }
            }
        }
        var readers = Dictionary(uniqueKeysWithValues: open.map { ($0, $0.part.reach) })
        for referral in Set(kept.values) {
            for person in try named(for: referral)
            where kept[person.audience] == referral && !open.contains(person.audience) {
                readers[FeedAudience(.namedPerson, person.token)] = person.audience.part.reach
            }
        }
        return readers
    }

    /// Those who are named for a restricted referral, with the audience that each would be in.
    private func named(for referral: [UInt8]) throws -> [(token: TokenID, audience: FeedAudience)] {
        try db.all(
            """
            SELECT k.id, k.role, k.organisation_id, o.municipality
            FROM named_person n JOIN access_token k ON k.id = n.token_id JOIN organisation o ON o.id = k.organisation_id
            WHERE n.referral_id = ? AND n.ends_at IS NULL
            """, referral
        ) { row -> (token: TokenID, audience: FeedAudience)? in
            let actor = Actor(
                token: row.id(0), organisation: row.id(2), role: row.code(1, otherwise: .auditor),
                municipality: row.optionalText(3).flatMap { Municipality(code: $0) })
            return AccessPolicy.audiences(of: actor).first.map { (actor.token, $0) }
        }.compactMap(\.self)
    }

    /// Replaces the marks that stand for others.
    private func expand() throws {
        for (mark, sources) in Self.expansions {
            guard try db.first("SELECT 1 FROM touched WHERE kind = ?", mark, read: { _ in true }) != nil else {
                continue
            }
            for source in sources { try db.run(SQL(dynamic: source), mark) }
            try db.run("DELETE FROM touched WHERE kind = ?", mark)
        }
    }

    private static let expansions: [(mark: Int, sources: [String])] = [
        (
            0,
            [
                """
                INSERT OR IGNORE INTO touched
                SELECT \(FeedKind.referral.rawValue), resource, depth FROM touched WHERE kind = ?
                """
            ]
                + [
                    (FeedKind.match, "match"), (.supportRequest, "support_request"), (.tenancy, "tenancy"),
                    (.task, "task"),
                    (.signal, "signal"), (.handover, "handover"),
                ].map(spread)
        ),
        (10, [spreadToMatches]),
    ]

    /// What changes about a person is in a landlord's view of a match only while the match goes on or the tenancy lasts; of
    /// what has ended a landlord hears no more than of other people.
    private static let spreadToMatches = """
        INSERT OR IGNORE INTO touched
        SELECT \(FeedKind.match.rawValue), x.id, iif(x.status IN ('proposed', 'offered', 'accepted') OR x.status = 'fulfilled'
            AND EXISTS (SELECT 1 FROM tenancy y WHERE y.match_id = x.id AND y.ended_on IS NULL),
            t.depth, max(t.depth, \(FeedPart.supporter.reach)))
        FROM touched t JOIN match x ON x.referral_id = t.resource WHERE t.kind = ?
        """

    private static func spread(_ kind: FeedKind, _ table: String) -> String {
        """
        INSERT OR IGNORE INTO touched SELECT \(kind.rawValue), x.id, t.depth
        FROM touched t JOIN \(table) x ON x.referral_id = t.resource WHERE t.kind = ?
        """
    }

    // MARK: Who may see what

    /// A question for who may see a thing, were nobody kept out: its rows have the referral when that is restricted, and then an
    /// owner for each part, NULL for none.
    private struct AudienceList: Sendable {
        let parts: [FeedPart]
        let sql: SQL

        /// The owners of a thing named `id` among the rows of `source`.
        init(_ id: String, _ source: String, _ owners: [(FeedPart, String)], restricted: String) {
            parts = owners.map(\.0)
            let columns = ([restricted] + owners.map(\.1)).joined(separator: ", ")
            sql = SQL(dynamic: "SELECT \(columns) FROM \(source) WHERE \(id) = ?")
        }
    }

    private static let lists = FeedKind.allCases.map(lists)

    private static func lists(of kind: FeedKind) -> [AudienceList] {
        let restricted = "iif(r.restricted, r.id, NULL)"
        let intakePoint = (FeedPart.intakePoint, "x''")
        // A landlord's colleagues who decide: in a self-managed facility a panel, elsewhere allocators.
        func landlord(_ owner: String) -> [(FeedPart, String)] {
            [
                (.allocator, "iif(l.kind = 'self_managed_facility', NULL, \(owner))"),
                (.panel, "iif(l.kind = 'self_managed_facility', \(owner), NULL)"),
            ]
        }
        func supporters(_ id: String, _ source: String) -> AudienceList {
            AudienceList(
                id,
                """
                \(source) JOIN support_request q INDEXED BY support_request_accepted
                    ON q.referral_id = r.id AND q.status = 'accepted'
                """, [(.supporter, "q.provider_id")], restricted: restricted)
        }
        func ofRole(_ table: String) -> [(FeedPart, String)] {
            [(FeedPart.referrer, Role.referrer), (.supporter, .supporter), (.allocator, .allocator), (.panel, .panel)]
                .map {
                    ($0, "iif(\(table).role = '\($1.rawValue)', \(table).organisation_id, NULL)")
                }
        }
        switch kind {
        case .referral:
            return [
                AudienceList(
                    "r.id", "referral r",
                    [
                        intakePoint, (.referrer, "r.organisation_id"), (.municipality, "CAST(r.municipality AS BLOB)"),
                        (.candidate, "r.id"),
                    ], restricted: restricted), supporters("r.id", "referral r"),
            ]
        case .match:
            let source = "match m CROSS JOIN referral r ON r.id = m.referral_id"
            let offered = "\(source) AND m.offered_at IS NOT NULL"
            return [
                AudienceList(
                    "m.id", source, [intakePoint, (.candidate, "iif(m.offered_at IS NULL, NULL, r.id)")],
                    restricted: restricted),
                AudienceList(
                    "m.id", "\(offered) CROSS JOIN organisation l ON l.id = m.landlord_id", landlord("m.landlord_id"),
                    restricted: restricted), supporters("m.id", offered),
            ]
        case .supportRequest:
            return [
                AudienceList(
                    "s.id", "support_request s CROSS JOIN referral r ON r.id = s.referral_id",
                    [
                        intakePoint, (.referrer, "r.organisation_id"), (.supporter, "s.provider_id"),
                        (.candidate, "r.id"),
                    ], restricted: restricted)
            ]
        case .tenancy:
            let source = "tenancy t CROSS JOIN referral r ON r.id = t.referral_id"
            return [
                AudienceList("t.id", source, [intakePoint, (.candidate, "r.id")], restricted: restricted),
                AudienceList(
                    "t.id", "\(source) CROSS JOIN organisation l ON l.id = t.landlord_id", landlord("t.landlord_id"),
                    restricted: restricted), supporters("t.id", source),
            ]
        case .dwelling:
            return [
                AudienceList(
                    "d.id", "dwelling d CROSS JOIN organisation l ON l.id = d.organisation_id",
                    [intakePoint] + landlord("d.organisation_id"), restricted: "NULL")
            ]
        case .task:
            return [
                AudienceList(
                    "t.id", "task t LEFT JOIN referral r ON r.id = t.referral_id",
                    [intakePoint, (.candidate, "iif(t.role = 'candidate', t.referral_id, NULL)")] + ofRole("t"),
                    restricted: "iif(r.restricted AND t.kind <> 'review_emergency_access', r.id, NULL)")
            ]
        case .signal:
            let withReferral = "signal g LEFT JOIN referral r ON r.id = g.referral_id"
            return [
                // Who gave it sees it whoever it is about now.
                AudienceList(
                    "g.id", withReferral, ofRole("g"),
                    restricted: "iif(r.restricted AND g.is_linked = 0, r.id, NULL)"),
                AudienceList(
                    "g.id", withReferral, [intakePoint, (.candidate, "g.referral_id")], restricted: restricted),
                supporters("g.id", "signal g CROSS JOIN referral r ON r.id = g.referral_id"),
                AudienceList(
                    "g.id", "\(withReferral) CROSS JOIN organisation l ON l.id = g.landlord_id AND \(ScopeSQL.letNow)",
                    landlord("g.landlord_id"), restricted: restricted),
            ]
        case .handover:
            return [
                AudienceList(
                    "h.id", "handover h CROSS JOIN referral r ON r.id = h.referral_id",
                    [intakePoint, (.referrer, "h.recipient_id"), (.candidate, "r.id")], restricted: restricted)
            ]
        case .consultation:
            return [
                AudienceList(
                    "c.id", "consultation c CROSS JOIN organisation o ON o.id = c.organisation_id",
                    [
                        intakePoint, (.referrer, "iif(o.kind IN ('care_provider', 'municipality'), o.id, NULL)"),
                        (.supporter, "iif(o.kind = 'care_provider', o.id, NULL)"),
                        (.allocator, "iif(o.kind = 'housing_corporation', o.id, NULL)"),
                    ], restricted: "NULL")
            ]
        }
    }
}
