// How often openings named what, by the themes that the intake point gave them: of referrals, which triggers count as they
// come and change (migration 27), and of consultations that became none. No word and no person is read.

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
        // Of consultations there are few. An id begins with its moment, so that a year is a stretch of the table.
        return try db.all(
            """
            SELECT route, declined, themes, sum(openings) FROM opening_count
            WHERE year = ?1 AND (?2 IS NULL OR municipality = ?2) GROUP BY 1, 2, 3
            UNION ALL
            SELECT route, opening_declined, ifnull(themes, ''), count(*) FROM consultation
            WHERE id >= ?3 AND id < ?4 AND (?2 IS NULL OR municipality = ?2) AND referral_id IS NULL GROUP BY 1, 2, 3
            """, year, municipality, firstID(at: span.lowerBound), firstID(at: span.upperBound)
        ) { row in
            Opening(
                route: row.code(0, otherwise: .prevention), isDeclined: row.bool(1),
                themes: row.codes(2), count: row.int(3))
        }
    }

    private func firstID(at moment: Instant) -> Identifier<Any> {
        Identifier(high: UInt64(clamping: moment.milliseconds) << 16, low: 0)
    }
}
