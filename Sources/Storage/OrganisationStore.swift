// Organisations and their access tokens: who may speak here. Keeps the hash of a token's secret and never the secret.

package import Domain
package import SQLite

/// A stored organisation.
package struct Organisation: Sendable, Equatable {
    package var id: OrganisationID
    package var kind: OrganisationKind
    package var name: String
    package var municipality: Municipality?
    package var disabledAt: Instant?

    /// An organisation from its parts.
    package init(
        id: OrganisationID, kind: OrganisationKind, name: String, municipality: Municipality?,
        disabledAt: Instant? = nil
    ) {
        self.id = id
        self.kind = kind
        self.name = name
        self.municipality = municipality
        self.disabledAt = disabledAt
    }
}

/// The table `organisation`.
package struct OrganisationStore {
    private let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    /// The first intake point of the region that is open.
    package func intakePoint() throws -> OrganisationID? {
        try db.first(
            "SELECT id FROM organisation WHERE kind = 'intake_point' AND disabled_at IS NULL ORDER BY id LIMIT 1"
        ) { $0.id(0) }
    }

    /// Adds an organisation.
    ///
    /// - Throws: `SQLiteError`, a unique violation when the kind already has one of that name.
    package func insert(_ organisation: Organisation, at now: Instant) throws {
        try db.run(
            "INSERT INTO organisation (id, kind, name, municipality, created_at) VALUES (?, ?, ?, ?, ?)",
            organisation.id, Code(organisation.kind), organisation.name, organisation.municipality, now)
    }

    /// The organisation with an id.
    package func find(_ id: OrganisationID) throws -> Organisation? {
        try db.first(
            "SELECT id, kind, name, municipality, disabled_at FROM organisation WHERE id = ?", id,
            read: Self.organisation)
    }

    /// All organisations of a kind, or of all kinds, by kind and name; not the service's own clock. A region has a few dozen.
    package func list(kind: OrganisationKind? = nil) throws -> [Organisation] {
        try db.all(
            """
            SELECT id, kind, name, municipality, disabled_at FROM organisation
            WHERE (?1 IS NULL OR kind = ?1) AND id <> ?2 ORDER BY kind, name
            """, kind.code, Actor.clockwork.organisation, read: Self.organisation)
    }

    /// Closes an organisation's door: its tokens stop working at once. False when there is none, or it is closed already.
    package func disable(_ id: OrganisationID, at now: Instant) throws -> Bool {
        try db.run("UPDATE organisation SET disabled_at = ? WHERE id = ? AND disabled_at IS NULL", now, id) > 0
    }

    private static func organisation(_ row: borrowing Row) -> Organisation {
        Organisation(
            id: row.id(0), kind: row.code(1, otherwise: .municipality), name: row.text(2),
            municipality: row.isNull(3) ? nil : row.municipality(3), disabledAt: row.optionalInstant(4))
    }
}
