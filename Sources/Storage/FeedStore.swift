// The tables `feed` and `feed_epoch` as they are read: a page of what changed for the audiences a caller belongs to, each
// entry held once more against what the caller may know of at that moment.

package import Domain
package import SQLite

/// How far somebody has read: a life of the file and the last entry of it.
package struct FeedPosition: Sendable, Equatable {
    /// The nonce of the epoch.
    package var epoch: UInt32
    package var sequence: Int64

    /// A position from its parts.
    package init(epoch: UInt32, sequence: Int64) {
        self.epoch = epoch
        self.sequence = sequence
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
        var found: [FeedEntry] = []
        for audience in AccessPolicy.audiences(of: actor) {
            found += try db.all(
                """
                SELECT sequence, kind, resource, at, gone FROM feed INDEXED BY feed_audience
                WHERE part = ? AND owner = ? AND sequence > ? ORDER BY sequence LIMIT ?
                """, audience.part.rawValue, Value.blob(audience.owner), after, limit + 1
            ) { row in
                FeedEntry(
                    sequence: row.int64(0), kind: FeedKind(rawValue: row.int(1)) ?? .referral, resource: row.id(2),
                    at: row.instant(3), isGone: row.bool(4))
            }
        }
        found.sort { $0.sequence < $1.sequence }
        let isMore = found.count > limit
        if isMore { found.removeLast(found.count - limit) }
        for place in found.indices where !found[place].isGone { try look(at: &found[place], for: actor) }
        return FeedPage(
            entries: found, position: FeedPosition(epoch: epoch, sequence: found.last?.sequence ?? after),
            isMore: isMore)
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
    /// A position of an earlier epoch is as good as one of this as long as it lies before the copy was made that this one
    /// began with.
    private func epoch(of position: FeedPosition?) throws -> UInt32? {
        let epochs = try db.all("SELECT nonce, began_at FROM feed_epoch ORDER BY number") { row in
            (nonce: UInt32(truncatingIfNeeded: row.int64(0)), beganAt: row.int64(1))
        }
        guard let newest = epochs.last else { return nil }
        guard let position else { return newest.nonce }
        guard let place = epochs.firstIndex(where: { $0.nonce == position.epoch }) else { return nil }
        let end =
            epochs.indices.contains(place + 1)
            ? epochs[place + 1].beganAt
            : try db.first("SELECT sequence FROM feed_position") { $0.int64(0) } ?? 0
        return (0...max(0, end)).contains(position.sequence) ? newest.nonce : nil
    }

    /// Begins another epoch: what follows is not what followed before.
    ///
    /// - Parameter nonce: Drawn by chance.
    func beginEpoch(nonce: UInt32) throws {
        try db.run(
            "INSERT INTO feed_epoch (nonce, began_at) SELECT ?, sequence FROM feed_position", Int64(nonce))
    }

    /// What an entry is about, if the actor may know of it now; what they may not is gone for them.
    private func look(at entry: inout FeedEntry, for actor: Actor) throws {
        for row in Self.rows(entry.kind, actor) {
            let found = try db.first(
                SQL(
                    dynamic: """
                        SELECT \(row.referral) FROM \(row.row.source) WHERE \(row.row.key) = ? AND \(row.row.scope.clause)
                        """), entry.resource, Values(row.row.scope.values)
            ) { $0.optionalID(0, of: ReferralTag.self) }
            guard let found else { continue }
            entry.referral = found
            return
        }
        entry.isGone = true
    }

    private static func rows(_ kind: FeedKind, _ actor: Actor) -> [(row: OneRow, referral: String)] {
        let (rows, referral): ([OneRow], String) =
            switch kind {
            case .referral: ([ScopeSQL.oneReferral(AccessPolicy.referrals(visibleTo: actor))], "r.id")
            case .match: ([ScopeSQL.oneMatch(AccessPolicy.matches(visibleTo: actor))], "r.id")
            case .supportRequest:
                ([ScopeSQL.oneSupportRequest(AccessPolicy.supportRequests(visibleTo: actor))], "r.id")
            case .tenancy: ([ScopeSQL.oneTenancy(AccessPolicy.tenancies(visibleTo: actor))], "r.id")
            case .dwelling: ([ScopeSQL.oneDwelling(AccessPolicy.dwellings(visibleTo: actor))], "NULL")
            case .task: ([ScopeSQL.oneTask(AccessPolicy.tasks(visibleTo: actor))], "r.id")
            case .signal: (ScopeSQL.oneSignal(AccessPolicy.signals(visibleTo: actor)), "r.id")
            case .handover: ([ScopeSQL.oneHandover(AccessPolicy.handovers(visibleTo: actor))], "r.id")
            case .consultation: ([ScopeSQL.oneConsultation(AccessPolicy.consultations(visibleTo: actor))], "NULL")
            }
        return rows.map { ($0, referral) }
    }
}
