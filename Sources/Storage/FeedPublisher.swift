// Turns what the jobs of a commit changed into entries of the change feed, within that commit: whoever may see what was
// marked in `touched` gets a new entry for it, and who saw it until now one that says it is gone. For each kind of thing
// there is one query of who may see it; ScopeSQL asks the same from the reader's side, and a test holds the two together.

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
        let bound = try db.first(
            "SELECT kind, resource FROM touched ORDER BY kind, resource LIMIT 1 OFFSET ?", marksPerCommit
        ) { (kind: $0.int(0), resource: $0.blob(1)) }
        var told: Told = [:]
        // From one kind that is marked to the next, without reading through the marks.
        var number = 0
        while let next = try db.first(
            "SELECT kind FROM touched WHERE kind > ? ORDER BY kind LIMIT 1", number, read: { $0.int(0) }),
            next <= bound?.kind ?? .max, let kind = FeedKind(rawValue: next)
        {
            try publish(kind, before: bound.flatMap { $0.kind == next ? $0.resource : nil }, at: now, &told)
            number = next
        }
        guard let bound else {
            if number > 0 { try db.run("DELETE FROM touched") }
            return (told, false)
        }
        try db.run("DELETE FROM touched WHERE (kind, resource) < (?, ?)", bound.kind, Value.blob(bound.resource))
        return (told, true)
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

    private func publish(_ kind: FeedKind, before last: [UInt8]?, at now: Instant, _ told: inout Told) throws {
        let statement = Self.statements[kind.rawValue - 1]
        var count = 0
        try db.forEach(SQL(dynamic: statement), last.map(Value.blob) ?? .null, now) { row in
            count += 1
            guard let part = FeedPart(rawValue: row.int(0)) else { return }
            told[FeedAudience(part, row.blob(1)), default: []].insert(kind)
        }
        if count > 0 { try db.run("UPDATE feed_position SET sequence = sequence + ?", count) }
    }

    // MARK: SQL

    private static let statements = FeedKind.allCases.map(statement)

    /// What is gone goes first, so that what moves from one audience to another never shows twice.
    private static func statement(_ kind: FeedKind) -> String {
        let number = kind.rawValue
        let reach = FeedPart.allCases.map { "WHEN \($0.rawValue) THEN \($0.reach)" }.joined(separator: " ")
        return """
            WITH mark AS MATERIALIZED (
                SELECT resource, min(depth) AS depth FROM touched
                WHERE kind = \(number) AND resource < ifnull(?1, x'ffffffffffffffffffffffffffffffffff') GROUP BY resource),
            whole (resource, part, owner, restricted) AS (\(audiences(of: kind))),
            present (resource, part, owner, reach) AS MATERIALIZED (
                SELECT resource, part, owner, CASE part \(reach) END FROM whole
                WHERE restricted IS NULL OR part = \(FeedPart.candidate.rawValue)
                UNION ALL
                SELECT w.resource, \(FeedPart.namedPerson.rawValue), k.id, CASE w.part \(reach) END
                FROM whole w JOIN named_person n ON n.referral_id = w.restricted AND n.ends_at IS NULL
                    JOIN access_token k ON k.id = n.token_id JOIN organisation o ON o.id = k.organisation_id
                WHERE w.part = \(part(ofRole: "k.role")) AND w.owner = CASE w.part
                    WHEN \(FeedPart.intakePoint.rawValue) THEN x''
                    WHEN \(FeedPart.municipality.rawValue) THEN CAST(o.municipality AS BLOB)
                    ELSE k.organisation_id END),
            told (step, resource, part, owner) AS (
                SELECT 0, f.resource, f.part, f.owner
                FROM mark m CROSS JOIN feed f ON f.kind = \(number) AND f.resource = m.resource
                WHERE f.gone = 0 AND NOT EXISTS (SELECT 1 FROM present p
                    WHERE p.resource = f.resource AND p.part = f.part AND p.owner = f.owner)
                UNION ALL
                SELECT 1, p.resource, p.part, p.owner
                FROM present p JOIN mark m ON m.resource = p.resource
                    LEFT JOIN feed f ON f.kind = \(number) AND f.resource = p.resource
                        AND f.part = p.part AND f.owner = p.owner
                WHERE m.depth <= p.reach OR f.gone IS NULL OR f.gone = 1)
            INSERT INTO feed (kind, resource, part, owner, sequence, at, gone)
            SELECT \(number), resource, part, owner,
                (SELECT sequence FROM feed_position) + row_number() OVER (ORDER BY step, resource, part, owner),
                ?2, step = 0
            FROM told WHERE true
            ON CONFLICT (kind, resource, part, owner) DO UPDATE
                SET sequence = excluded.sequence, at = excluded.at, gone = excluded.gone
            RETURNING part, owner
            """
    }

    private static func part(ofRole column: String) -> String {
        let parts: [(Role, FeedPart)] = [
            (.intaker, .intakePoint), (.coordinator, .intakePoint), (.referrer, .referrer), (.supporter, .supporter),
            (.allocator, .allocator), (.panel, .panel), (.policymaker, .municipality),
        ]
        return "CASE \(column) \(parts.map { "WHEN '\($0.rawValue)' THEN \($1.rawValue)" }.joined(separator: " ")) END"
    }

    /// Who may see each marked thing, were nobody kept out: resource, part, owner, and the referral when it is restricted.
    private static func audiences(of kind: FeedKind) -> String {
        let restricted = "iif(r.restricted, r.id, NULL)"
        let landlord = """
            iif(l.kind = 'self_managed_facility', \(FeedPart.panel.rawValue), \(FeedPart.allocator.rawValue))
            """
        let supported = """
            JOIN support_request q INDEXED BY support_request_accepted
            ON q.referral_id = r.id AND q.status = 'accepted'
            """
        // Each row once for every one of `owners`, by its part; a part without an owner is none.
        func each(_ id: String, _ source: String, _ owners: [(FeedPart, String)], restricted: String) -> String {
            let parts = owners.map { "(\($0.0.rawValue))" }.joined(separator: ", ")
            let cases = owners.map { "WHEN \($0.0.rawValue) THEN \($0.1)" }.joined(separator: " ")
            return """
                SELECT * FROM (SELECT \(id) AS resource, p.column1 AS part, CASE p.column1 \(cases) END AS owner,
                \(restricted) AS restricted FROM mark CROSS JOIN \(source) CROSS JOIN (VALUES \(parts)) p) WHERE owner IS NOT NULL
                """
        }
        func one(_ id: String, _ part: String, _ owner: String, _ source: String, restricted: String) -> String {
            "SELECT \(id), \(part), \(owner), \(restricted) FROM mark CROSS JOIN \(source)"
        }
        func supporters(_ id: String, _ source: String) -> String {
            one(id, "\(FeedPart.supporter.rawValue)", "q.provider_id", "\(source) \(supported)", restricted: restricted)
        }
        let union = " UNION ALL "
        switch kind {
        case .referral:
            let source = "referral r ON r.id = mark.resource"
            return [
                each(
                    "r.id", source,
                    [
                        (.intakePoint, "x''"), (.referrer, "r.organisation_id"),
                        (.municipality, "CAST(r.municipality AS BLOB)"), (.candidate, "r.id"),
                    ], restricted: restricted), supporters("r.id", source),
            ].joined(separator: union)
        case .match:
            let source = "match m ON m.id = mark.resource CROSS JOIN referral r ON r.id = m.referral_id"
            let offered = "\(source) AND m.offered_at IS NOT NULL"
            return [
                each(
                    "m.id", source,
                    [(.intakePoint, "x''"), (.candidate, "iif(m.offered_at IS NULL, NULL, r.id)")],
                    restricted: restricted),
                one(
                    "m.id", landlord, "m.landlord_id", "\(offered) CROSS JOIN organisation l ON l.id = m.landlord_id",
                    restricted: restricted), supporters("m.id", offered),
            ].joined(separator: union)
        case .supportRequest:
            return each(
                "s.id",
                "support_request s ON s.id = mark.resource CROSS JOIN referral r ON r.id = s.referral_id",
                [
                    (.intakePoint, "x''"), (.referrer, "r.organisation_id"), (.supporter, "s.provider_id"),
                    (.candidate, "r.id"),
                ], restricted: restricted)
        case .tenancy:
            let source = "tenancy t ON t.id = mark.resource CROSS JOIN referral r ON r.id = t.referral_id"
            return [
                each("t.id", source, [(.intakePoint, "x''"), (.candidate, "r.id")], restricted: restricted),
                one(
                    "t.id", landlord, "t.landlord_id", "\(source) CROSS JOIN organisation l ON l.id = t.landlord_id",
                    restricted: restricted), supporters("t.id", source),
            ].joined(separator: union)
        case .dwelling:
            let source = "dwelling d ON d.id = mark.resource"
            return [
                each("d.id", source, [(.intakePoint, "x''")], restricted: "NULL"),
                one(
                    "d.id", landlord, "d.organisation_id",
                    "\(source) CROSS JOIN organisation l ON l.id = d.organisation_id", restricted: "NULL"),
            ].joined(separator: union)
        case .task:
            let ofRole = [FeedPart.referrer, .supporter, .allocator, .panel].map { part in
                (part, "iif(\(Self.part(ofRole: "t.role")) = \(part.rawValue), t.organisation_id, NULL)")
            }
            return each(
                "t.id", "task t ON t.id = mark.resource LEFT JOIN referral r ON r.id = t.referral_id",
                [(.intakePoint, "x''"), (.candidate, "iif(t.role = 'candidate', t.referral_id, NULL)")] + ofRole,
                restricted: "iif(r.restricted AND t.kind <> 'review_emergency_access', r.id, NULL)")
        case .signal:
            let source = "signal g ON g.id = mark.resource"
            let withReferral = "\(source) LEFT JOIN referral r ON r.id = g.referral_id"
            // Who gave it sees it whoever it is about now, so of two rows for them the one that nobody is kept from counts.
            let givers = [FeedPart.referrer, .supporter, .allocator, .panel].map { part in
                (part, "iif(\(Self.part(ofRole: "g.role")) = \(part.rawValue), g.organisation_id, NULL)")
            }
            let all = [
                each("g.id", withReferral, givers, restricted: "iif(r.restricted AND g.is_linked = 0, r.id, NULL)"),
                each(
                    "g.id", withReferral, [(.intakePoint, "x''"), (.candidate, "g.referral_id")],
                    restricted: restricted),
                supporters("g.id", "\(source) CROSS JOIN referral r ON r.id = g.referral_id"),
                one(
                    "g.id", landlord, "g.landlord_id",
                    "\(withReferral) CROSS JOIN organisation l ON l.id = g.landlord_id AND \(ScopeSQL.letNow)",
                    restricted: restricted),
            ].joined(separator: union)
            return """
                SELECT resource, part, owner, iif(count(restricted) = count(*), max(restricted), NULL)
                FROM (\(all)) GROUP BY resource, part, owner
                """
        case .handover:
            return each(
                "h.id", "handover h ON h.id = mark.resource CROSS JOIN referral r ON r.id = h.referral_id",
                [(.intakePoint, "x''"), (.referrer, "h.recipient_id"), (.candidate, "r.id")], restricted: restricted)
        case .consultation:
            return each(
                "c.id",
                "consultation c ON c.id = mark.resource CROSS JOIN organisation o ON o.id = c.organisation_id",
                [
                    (.intakePoint, "x''"),
                    (.referrer, "iif(o.kind IN ('care_provider', 'municipality'), o.id, NULL)"),
                    (.supporter, "iif(o.kind = 'care_provider', o.id, NULL)"),
                    (.allocator, "iif(o.kind = 'housing_corporation', o.id, NULL)"),
                ], restricted: "NULL")
        }
    }
}
