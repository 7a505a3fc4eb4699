// The table `dwelling_offering`: on which day each dwelling came as supply. This is what yearly agreements count.

package import Domain
package import SQLite

/// When dwellings came as supply.
package struct OfferingStore {
    private let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    /// A dwelling comes as supply.
    package func begin(_ dwelling: DwellingID, on day: CivilDate) throws {
        try db.run(
            """
            INSERT INTO dwelling_offering (dwelling_id, offered_on) VALUES (?, ?)
            ON CONFLICT DO UPDATE SET taken_back_on = NULL
            """, dwelling, day)
    }

    /// A dwelling is taken back, without having been let since it came.
    package func takeBack(_ dwelling: DwellingID, on day: CivilDate) throws {
        try db.run(
            """
            UPDATE dwelling_offering SET taken_back_on = ?2
            WHERE dwelling_id = ?1
                AND offered_on = (SELECT max(offered_on) FROM dwelling_offering WHERE dwelling_id = ?1)
            """, dwelling, day)
    }

    /// The dwellings that came between two days and were not taken back, with what they count for, in the order they came.
    package func offered(_ days: ClosedRange<CivilDate>) throws -> [(dwelling: DwellingID, key: AgreementKey)] {
        try db.all(
            """
            SELECT d.id, o.name, d.municipality, d.form
            FROM dwelling_offering f JOIN dwelling d ON d.id = f.dwelling_id JOIN organisation o ON o.id = d.organisation_id
            WHERE f.offered_on BETWEEN ? AND ? AND f.taken_back_on IS NULL ORDER BY f.offered_on, d.id
            """, days.lowerBound, days.upperBound
        ) { row in
            let key = AgreementKey(
                corporation: row.text(1), municipality: row.municipality(2), form: row.code(3, otherwise: .independent))
            return (row.id(0), key)
        }
    }

    /// How many dwellings came between two days and were not taken back, by what an agreement is about; of one
    /// landlord or of all.
    package func counts(_ days: ClosedRange<CivilDate>, of landlord: OrganisationID?) throws -> [AgreementKey: Int] {
        let rows = try db.all(
            """
            SELECT o.name, d.municipality, d.form, count(*)
            FROM dwelling_offering f JOIN dwelling d ON d.id = f.dwelling_id JOIN organisation o ON o.id = d.organisation_id
            WHERE f.offered_on BETWEEN ?1 AND ?2 AND f.taken_back_on IS NULL AND (?3 IS NULL OR o.id = ?3)
            GROUP BY o.id, d.municipality, d.form
            """, days.lowerBound, days.upperBound, landlord
        ) { row in
            let key = AgreementKey(
                corporation: row.text(0), municipality: row.municipality(1), form: row.code(2, otherwise: .independent))
            return (key, row.int(3))
        }
        return Dictionary(rows, uniquingKeysWith: +)
    }
}
