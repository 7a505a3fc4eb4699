// The table `tenancy`: homes in people's names. That support starts no later than the tenancy is decided before it
// comes here.

package import Domain
package import SQLite

/// The tenancies.
package struct TenancyStore {
    let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    private static func head(_ source: String = "tenancy t JOIN referral r ON r.id = t.referral_id") -> String {
        """
        SELECT t.id, t.match_id, t.referral_id, t.dwelling_id, l.id, l.name, p.id, p.name, t.kind, t.starts_on,
            t.convert_on, t.registered_at, t.version, t.ended_on
        FROM \(source)
        JOIN organisation l ON l.id = t.landlord_id
        JOIN support_request s ON s.id = t.support_request_id
        JOIN organisation p ON p.id = s.provider_id
        """
    }

    private static func tenancy(_ row: borrowing Row) -> Tenancy {
        var tenancy = Tenancy(
            id: row.id(0), match: row.id(1), referral: row.id(2), dwelling: row.id(3), landlord: row.organisation(4),
            supportProvider: row.organisation(6), kind: row.code(8, otherwise: .regular), startsOn: row.date(9),
            convertOn: row.optionalDate(10), registeredAt: row.instant(11), version: row.int(12))
        tenancy.endedOn = row.optionalDate(13)
        return tenancy
    }

    /// A tenancy, if it is in what may be known of.
    package func find(_ id: TenancyID, in visibility: TenancyVisibility) throws -> Tenancy? {
        let one = ScopeSQL.oneTenancy(visibility)
        var select = SelectSQL(Self.head(one.source), where: one.scope)
        select.and("\(one.key) = ?", id.value)
        return try select.first(db, read: Self.tenancy)
    }

    /// A page of tenancies, newest first.
    package func list(
        in visibility: TenancyVisibility, page: PageRequest<TenancyID>
    ) throws -> Page<Tenancy, TenancyID> {
        var select = SelectSQL(Self.head(), where: ScopeSQL.tenancies(visibility))
        if let id = page.after { select.and("t.id < ?", id.value) }
        select.order(by: "t.id DESC", limit: page.limit)
        return Page(try select.all(db, read: Self.tenancy), limit: page.limit) { $0.id }
    }

    /// The tenancy that a person lives under now, and with whom.
    package func current(of referral: ReferralID) throws -> (id: TenancyID, landlord: OrganisationID)? {
        try db.first(
            """
            SELECT id, landlord_id FROM tenancy WHERE referral_id = ? AND ended_on IS NULL ORDER BY id DESC LIMIT 1
            """, referral
        ) { ($0.id(0), $0.id(1)) }
    }

    /// Adds a tenancy that rests on an accepted request for support.
    package func insert(_ tenancy: Tenancy, support: SupportRequestID) throws {
        try db.run(
            """
            INSERT INTO tenancy (id, match_id, referral_id, dwelling_id, landlord_id, support_request_id, kind,
                starts_on, convert_on, registered_at, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
            """,
            tenancy.id, tenancy.match, tenancy.referral, tenancy.dwelling, tenancy.landlord.id, support,
            Code(tenancy.kind), tenancy.startsOn, tenancy.convertOn, tenancy.registeredAt)
    }

    /// Ends the tenancies of a person who lost the home.
    package func end(of referral: ReferralID, on day: CivilDate) throws {
        try db.run(
            "UPDATE tenancy SET ended_on = ?, version = version + 1 WHERE referral_id = ? AND ended_on IS NULL",
            day, referral)
    }
}

extension TenancyStore {
    /// Writes on which day a tenancy ended; false when that was known, or its row has not the version before.
    package func end(_ tenancy: Tenancy) throws -> Bool {
        try db.run(
            "UPDATE tenancy SET ended_on = ?, version = ? WHERE id = ? AND version = ? AND ended_on IS NULL",
            tenancy.endedOn, tenancy.version, tenancy.id, tenancy.version - 1) > 0
    }

    /// Whether somebody lives in a dwelling under a tenancy that has not ended. Once a dossier is destroyed its landlord alone
    /// knows.
    package func isLet(_ dwelling: DwellingID) throws -> Bool {
        try db.first(
            """
            SELECT 1 FROM tenancy t WHERE t.dwelling_id = ? AND t.ended_on IS NULL
                AND NOT EXISTS (SELECT 1 FROM erasure e WHERE e.referral_id = t.referral_id) LIMIT 1
            """, dwelling
        ) { _ in true } ?? false
    }
}
