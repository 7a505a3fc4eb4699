// The tables `feed` and `feed_epoch` as they are read: a page of what changed for the audiences a caller belongs to, each
// entry held once more against what the caller may know of at that moment.

package import Domain
package import SQLite

/// How far somebody has read: a life of the file and the last entry of it.
package struct FeedPosition: Sendable, Equatable {
    /// The nonce of the epoch.
    package var epoch: UInt32
    package var sequence: Int64
    /// Where the feed ended when this reader began: what was gone by then they never had, and they are not told that it was
    /// ever there. 0 once they are past it.
    package var floor: Int64

    /// A position from its parts.
    package init(epoch: UInt32, sequence: Int64, floor: Int64 = 0) {
        self.epoch = epoch
        self.sequence = sequence
        self.floor = floor
    }
}

/// One entry of the feed: the last change of a resource that a caller may know of, or that it is gone from their sight.
package struct FeedEntry: Sendable, Equatable {
    package var sequence: Int64
    package var kind: FeedKind
    /// The resource's id.
    package var resource: Identifier<FeedKind>
    package var at: Instant
    package var isGone: Bool
    /// Whose data it tells of; nil for what is about nobody, and for what is gone.
    package var referral: ReferralID?
}

/// A page of the feed.
package struct FeedPage: Sendable {
    package var entries: [FeedEntry]
    /// Where to go on.
    package var position: FeedPosition
    /// Whether there is more already.
    package var isMore: Bool
    /// Where the feed ended when the reader began; 0 once they are past it.
    package var floor: Int64
}

/// The change feed, to read.
package struct FeedStore {
    private let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    /// What changed after a position for an actor, oldest change first; nil when the position is none of this file's.
    package func list(_ page: PageRequest<FeedPosition>, for actor: Actor) throws -> FeedPage? {
        let (position, limit) = (page.after, page.limit)
        guard let epoch = try epoch(of: position) else { return nil }
        let after = position?.sequence ?? 0
        let floor = try position?.floor ?? end()
        var found: [FeedEntry] = []
        for audience in AccessPolicy.audiences(of: actor) {
            found += try db.all(
                """
                SELECT sequence, kind, resource, at, gone FROM feed INDEXED BY feed_audience
                WHERE part = ? AND owner = ? AND sequence > ? AND (gone = 0 OR sequence > ?) ORDER BY sequence LIMIT ?
                """, audience.part.rawValue, Value.blob(audience.owner), after, floor, limit + 1
            ) { row in
                FeedEntry(
                    sequence: row.int64(0), kind: FeedKind(rawValue: row.int(1)) ?? .referral, resource: row.id(2),
                    at: row.instant(3), isGone: row.bool(4))
            }
        }
        found.sort { $0.sequence < $1.sequence }
        let isMore = found.count > limit
        if isMore { found.removeLast(found.count - limit) }
        let reached = found.last?.sequence ?? after
        var rows: [FeedKind: (row: OneRow, referral: String)] = [:]
        for place in found.indices where !found[place].isGone {
            let kind = found[place].kind
            let row = rows[kind] ?? Self.row(kind, actor)
            rows[kind] = row
            try look(at: &found[place], in: row)
        }
        // What was gone before the reader began is nothing to them, also when it turns out so only now.
        found.removeAll { $0.isGone && $0.sequence <= floor }
        let last = isMore ? reached : max(reached, floor)
        return FeedPage(
            entries: found, position: FeedPosition(epoch: epoch, sequence: last, floor: last < floor ? floor : 0),
            isMore: isMore, floor: floor)
    }

    /// Whether something changed that the feed has yet to tell of.
    package var isBehind: Bool {
        get throws { try db.first("SELECT 1 FROM touched LIMIT 1") { _ in true } ?? false }
    }

    /// The newest entry of an audience; 0 when there is none.
    func newest(for audience: FeedAudience) throws -> Int64 {
        try db.first(
            "SELECT ifnull(max(sequence), 0) FROM feed WHERE part = ? AND owner = ?", audience.part.rawValue,
            Value.blob(audience.owner)
        ) { $0.int64(0) } ?? 0
    }

    /// The epoch in which reading goes on after a position; nil when the position knows more than this file.
    ///
    /// A position of an earlier epoch is as good as one of this as long as it lies before the end of its own, and no copy was
    /// put back since.
    private func epoch(of position: FeedPosition?) throws -> UInt32? {
        let newest = try db.first("SELECT nonce FROM feed_epoch ORDER BY number DESC LIMIT 1") { $0.int64(0) }
        guard let newest else { return nil }
        guard let position else { return UInt32(truncatingIfNeeded: newest) }
        let number = try db.first("SELECT number FROM feed_epoch WHERE nonce = ?", Int64(position.epoch)) {
            $0.int64(0)
        }
        guard let number else { return nil }
        // What was read of a database that was put back may be newer than what is there now, whatever the position.
        guard
            try db.first("SELECT 1 FROM feed_epoch WHERE number > ? AND restored = 1", number, read: { _ in true })
                == nil
        else { return nil }
        let next = try db.first("SELECT began_at FROM feed_epoch WHERE number > ? ORDER BY number LIMIT 1", number) {
            $0.int64(0)
        }
        let last = try next ?? end()
        return (0...max(0, last)).contains(position.sequence) ? UInt32(truncatingIfNeeded: newest) : nil
    }

    /// The last number given to any audience.
    func end() throws -> Int64 { try db.first("SELECT sequence FROM feed_position") { $0.int64(0) } ?? 0 }

    /// Begins another epoch: what follows may not be what followed before. At every start of the service and after a restore,
    /// because a file can't tell by itself that it stood still while another one went on.
    ///
    /// - Parameters:
    ///   - nonce: Drawn by chance.
    ///   - restored: Whether a copy was put back.
    package func beginEpoch(nonce: UInt32, restored: Bool = false) throws {
        try db.run(
            "INSERT INTO feed_epoch (nonce, began_at, restored) SELECT ?, sequence, ? FROM feed_position", Int64(nonce),
            restored)
    }

    /// What an entry is about, if the actor may know of it now; what they may not is gone for them.
    private func look(at entry: inout FeedEntry, in scope: (row: OneRow, referral: String)) throws {
        let (row, referral) = scope
        let found = try db.first(
            SQL(dynamic: "SELECT \(referral) FROM \(row.source) WHERE \(row.key) = ? AND (\(row.scope.clause))"),
            entry.resource, Values(row.scope.values)
        ) { $0.optionalID(0, of: ReferralTag.self) }
        if let found { entry.referral = found } else { entry.isGone = true }
    }

    // From the thing to its scope: who reads its entry belongs to its audience, so there is no secret in how long that takes.
    private static func row(_ kind: FeedKind, _ actor: Actor) -> (row: OneRow, referral: String) {
        let about = { (table: String, alias: String, scope: Scope) in
            (
                OneRow(
                    source: "\(table) \(alias) CROSS JOIN referral r ON r.id = \(alias).referral_id",
                    key: "\(alias).id",
                    scope: scope), "r.id"
            )
        }
        return switch kind {
        case .referral:
            (
                OneRow(
                    source: "referral r", key: "r.id",
                    scope: ScopeSQL.referrals(AccessPolicy.referrals(visibleTo: actor), byRow: true)), "r.id"
            )
        case .match: about("match", "m", ScopeSQL.matches(AccessPolicy.matches(visibleTo: actor), byRow: true))
        case .supportRequest:
            about(
                "support_request", "s",
                ScopeSQL.supportRequests(AccessPolicy.supportRequests(visibleTo: actor), byRow: true))
        case .tenancy: about("tenancy", "t", ScopeSQL.tenancies(AccessPolicy.tenancies(visibleTo: actor), byRow: true))
        case .handover: about("handover", "h", ScopeSQL.handovers(AccessPolicy.handovers(visibleTo: actor)))
        case .dwelling:
            (
                OneRow(
                    source: "dwelling d", key: "d.id",
                    scope: ScopeSQL.dwellings(AccessPolicy.dwellings(visibleTo: actor))),
                "NULL"
            )
        case .task: (ScopeSQL.oneTask(AccessPolicy.tasks(visibleTo: actor)), "r.id")
        case .signal:
            (
                OneRow(
                    source: "signal g LEFT JOIN referral r ON r.id = g.referral_id", key: "g.id",
                    scope: ScopeSQL.signals(AccessPolicy.signals(visibleTo: actor), byRow: true)), "r.id"
            )
        case .consultation: (ScopeSQL.oneConsultation(AccessPolicy.consultations(visibleTo: actor)), "NULL")
        }
    }
}
