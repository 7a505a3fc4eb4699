// The tables `measurement` and `measurement_domain`. A domain that was not asked has no row. Nothing but the dossier, the
// measurements' own route and statistics reads them.

package import Domain
package import SQLite

/// The measurements.
package struct MeasurementStore {
    private let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    /// Adds a measurement.
    package func insert(_ measurement: Measurement, about referral: ReferralID) throws {
        let mix = measurement.mix
        try db.run(
            """
            INSERT INTO measurement (id, referral_id, moment, measured_on, housing, income, day_activity,
                support_contact, written_at, role)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            measurement.id, referral, Code(measurement.moment), measurement.on, mix[.housing], mix[.income],
            mix[.dayActivity], mix[.supportContact], measurement.writtenAt, Code(measurement.writtenBy))
        for asked in measurement.domains {
            try db.run(
                "INSERT INTO measurement_domain (measurement_id, domain, level, necessity) VALUES (?, ?, ?, ?)",
                measurement.id, Code(asked.domain), asked.level, asked.necessity)
        }
    }

    /// The measurements of a referral, oldest first.
    package func list(of referral: ReferralID) throws -> [Measurement] {
        let found = try db.all(
            """
            SELECT id, moment, measured_on, housing, income, day_activity, support_contact, written_at, role
            FROM measurement WHERE referral_id = ? ORDER BY id
            """, referral
        ) { row in
            var mix: [MixPart: Bool] = [:]
            for (place, part) in MixPart.allCases.enumerated() { mix[part] = row.optionalBool(3 + place) }
            return Measurement(
                id: row.id(0), moment: row.code(1, otherwise: .between), on: row.date(2), mix: mix, domains: [],
                writtenAt: row.instant(7), writtenBy: row.code(8, otherwise: .intaker))
        }
        return try found.map { bare in
            var measurement = bare
            measurement.domains = try db.all(
                "SELECT domain, level, necessity FROM measurement_domain WHERE measurement_id = ? ORDER BY domain",
                bare.id
            ) {
                AskedDomain(domain: $0.code(0, otherwise: .justice), level: $0.int(1), necessity: $0.text(2))
            }
            return measurement
        }
    }
}
