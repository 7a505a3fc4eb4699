// How often openings named what, counted from the themes that the intake point gave them: of referrals and of consultations
// that became none. No word and no person is read.

package import Domain
package import SQLite

/// The counts behind the report of missed signals.
package struct SignalReportStore {
    private let db: Connection

    /// What some openings say alike, and how many those are.
    package struct Opening {
        package let route: ReferralRoute
        package let isDeclined: Bool
        package let themes: [SignalTheme]
        package let count: Int
    }

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    /// The openings of a year, of a municipality when one is given: how many say the same.
    package func openings(
        in year: Int, of municipality: Municipality?
    ) throws -> [Opening] {
        guard let span = AmsterdamTime.moments(ofYear: year) else { return [] }
        // An id begins with its moment, so that a year is a stretch of the table.
        let (low, high) = (firstID(at: span.lowerBound), firstID(at: span.upperBound))
        return try db.all(
            """
            SELECT r.route, s.opening_declined, s.themes, count(*)
            FROM referral r JOIN situation s ON s.referral_id = r.id
            WHERE r.id >= ?1 AND r.id < ?2 AND (?3 IS NULL OR r.municipality = ?3) GROUP BY 1, 2, 3
            UNION ALL
            SELECT route, opening_declined, themes, count(*) FROM consultation
            WHERE id >= ?1 AND id < ?2 AND (?3 IS NULL OR municipality = ?3) AND referral_id IS NULL GROUP BY 1, 2, 3
            """, low, high, municipality
        ) { row in
            Opening(
                route: row.code(0, otherwise: .prevention), isDeclined: row.bool(1),
                themes: row.isNull(2) ? [] : row.codes(2), count: row.int(3))
        }
    }

    private func firstID(at moment: Instant) -> Identifier<Any> {
        Identifier(high: UInt64(clamping: moment.milliseconds) << 16, low: 0)
    }
}
