// The timeline of a referral: every move and change, with who, when and why. Rows are only ever added.

package import Domain
package import SQLite

/// An event, as the subject of an identifier.
package enum EventTag {}
/// The name of an event.
package typealias EventID = Identifier<EventTag>

/// Something that happened to a referral.
package struct Event: Sendable, Equatable {
    /// What a correction by a PATCH is called.
    package static let correctionKind = "patch"

    package var id: EventID
    /// `submit`, the name of a move, or what was added or changed.
    package var kind: String
    package var from: ReferralState?
    package var to: ReferralState?
    package var at: Instant
    package var role: Role
    /// Nil when the reader may not see who.
    package var organisation: OrganisationName?
    /// Nil when none was given, or when the reader may not see it.
    package var reason: String?
    /// What a correction replaced, as far as the reader may see it.
    package var replaced: [FieldTrace] = []

    /// An event from its parts.
    package init(
        id: EventID, kind: String, from: ReferralState?, to: ReferralState?, at: Instant, role: Role,
        organisation: OrganisationName?, reason: String?
    ) {
        self.id = id
        self.kind = kind
        self.from = from
        self.to = to
        self.at = at
        self.role = role
        self.organisation = organisation
        self.reason = reason
    }
}

/// The table `event`.
package struct EventStore {
    private let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    /// Adds an event.
    package func insert(
        _ id: EventID, about referral: ReferralID, kind: String, from: ReferralState?, to: ReferralState?,
        by actor: Actor, reason: String?, at now: Instant
    ) throws {
        try db.run(
            """
            INSERT INTO event (id, referral_id, kind, from_status, to_status, at, token_id, organisation_id, role, reason)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            id, referral, kind, from.code, to.code, now, actor.token, actor.organisation, Code(actor.role), reason)
    }

    /// What happened to a referral, in the order of time, as far as it tells whose move it was.
    package func turns(of referral: ReferralID) throws -> [Turn] {
        let events = try db.all("SELECT kind, to_status, at FROM event WHERE referral_id = ? ORDER BY id", referral) {
            row in
            let state: ReferralState? = row.optionalCode(1)
            return (kind: row.text(0), to: state, on: AmsterdamTime.day(of: row.instant(2)))
        }
        return ClockRules.turns(of: events)
    }

    /// A page of a referral's timeline, oldest first, if the referral may be known of; with what corrections replaced in
    /// the groups that may be seen.
    package func list(
        of referral: ReferralID, in visibility: ReferralVisibility, timeline: TimelineVisibility,
        groups: FieldGroups, page: PageRequest<EventID>
    ) throws -> Page<Event, EventID>? {
        guard try ReferralStore(db).find(referral, in: visibility) != nil else { return nil }
        let (condition, reason, organisation) = ScopeSQL.timeline(timeline)
        let rows = try db.all(
            SQL(
                dynamic: """
                    SELECT e.id, e.kind, e.from_status, e.to_status, e.at, e.role, \(organisation), \(reason.clause)
                    FROM event e JOIN organisation o ON o.id = e.organisation_id
                    WHERE e.referral_id = ? AND (? IS NULL OR e.id > ?) AND (\(condition.clause))
                    ORDER BY e.id LIMIT ?
                    """), Values(reason.values), referral, page.after, page.after, Values(condition.values),
            page.limit + 1
        ) { row in
            Event(
                id: row.id(0), kind: row.text(1), from: row.optionalCode(2), to: row.optionalCode(3),
                at: row.instant(4), role: row.code(5, otherwise: .auditor),
                organisation: row.isNull(6) ? nil : row.organisation(6),
                reason: row.optionalText(8))
        }
        var found = Page(rows, limit: page.limit) { $0.id }
        let traces = CorrectionStore(db)
        for place in found.items.indices where found.items[place].kind == Event.correctionKind {
            found.items[place].replaced = try traces.traces(
                of: found.items[place].id, about: referral, in: groups)
        }
        return found
    }
}
