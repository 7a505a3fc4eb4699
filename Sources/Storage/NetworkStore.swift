// The tables `network_person` and `exclusion_zone`: the people around somebody, and the places they must avoid. Callers have
// seen to it that the referral may be known of.

package import Domain
package import SQLite

/// Who helps, and where somebody can not live.
package struct NetworkStore {
    private let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    // MARK: People

    /// Adds somebody.
    package func insert(_ person: NetworkPerson, about referral: ReferralID) throws {
        try db.run(
            """
            INSERT INTO network_person (id, referral_id, name, relation, phone, helps_with, consent_given_on, recorded_at,
                role)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            person.id, referral, person.name, Code(person.relation), person.phone, person.helpsWith,
            person.consentGivenOn, person.recordedAt, Code(person.recordedBy))
    }

    /// The people around somebody, in the order they were written down; those who withdrew too.
    package func people(of referral: ReferralID) throws -> [NetworkPerson] {
        try db.all(
            """
            SELECT id, name, relation, phone, helps_with, consent_given_on, recorded_at, role, withdrawn_at
            FROM network_person WHERE referral_id = ? ORDER BY id
            """, referral
        ) { row in
            NetworkPerson(
                id: row.id(0), name: row.optionalText(1), relation: row.code(2, otherwise: .other),
                phone: row.optionalText(3), helpsWith: row.optionalText(4), consentGivenOn: row.date(5),
                recordedAt: row.instant(6), recordedBy: row.code(7, otherwise: .intaker),
                withdrawnAt: row.optionalInstant(8))
        }
    }

    /// Ends a consent: who it was is overwritten. False when that was done before.
    package func withdraw(_ person: NetworkPersonID, at now: Instant) throws -> Bool {
        try db.run(
            """
            UPDATE network_person SET name = NULL, phone = NULL, helps_with = NULL, withdrawn_at = ?
            WHERE id = ? AND withdrawn_at IS NULL
            """, now, person) > 0
    }

    // MARK: Places

    /// Adds a zone.
    package func insert(_ zone: ExclusionZone, about referral: ReferralID) throws {
        try db.run(
            """
            INSERT INTO exclusion_zone (id, referral_id, municipality, neighbourhood, ground, until_on, written_at, role)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            zone.id, referral, zone.municipality, zone.neighbourhood, Code(zone.ground), zone.until, zone.writtenAt,
            Code(zone.writtenBy))
    }

    /// Every zone that somebody must avoid, in the order they were written down; those that ended too.
    package func zones(of referral: ReferralID) throws -> [ExclusionZone] {
        try db.all(
            """
            SELECT id, municipality, neighbourhood, ground, until_on, written_at, role, ended_at FROM exclusion_zone
            WHERE referral_id = ? ORDER BY id
            """, referral
        ) { Self.zone($0, from: 0) }
    }

    static func zone(_ row: borrowing Row, from column: Int) -> ExclusionZone {
        ExclusionZone(
            id: row.id(column), municipality: row.municipality(column + 1), neighbourhood: row.optionalText(column + 2),
            ground: row.code(column + 3, otherwise: .unsafe), until: row.optionalDate(column + 4),
            writtenAt: row.instant(column + 5), writtenBy: row.code(column + 6, otherwise: .intaker),
            endedAt: row.optionalInstant(column + 7))
    }

    /// The zones that hold on a day: where no home may be offered.
    package func zones(of referral: ReferralID, inForceOn day: CivilDate) throws -> [ExclusionZone] {
        try zones(of: referral).filter { $0.isInForce(on: day) }
    }

    /// Ends a zone; false when it had ended before.
    package func end(_ zone: ExclusionZoneID, at now: Instant) throws -> Bool {
        try db.run("UPDATE exclusion_zone SET ended_at = ? WHERE id = ? AND ended_at IS NULL", now, zone) > 0
    }
}
