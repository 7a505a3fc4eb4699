// How often openings named what, counted from the themes that the intake point gave them: of referrals and of consultations
// that became none. No word and no person is read.

package import Domain
package import SQLite

/// The counts behind the report of missed signals.
package struct SignalReportStore {
    private let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    /// The openings of a year, of a municipality when one is given.
    package func openings(
        in year: Int, of municipality: Municipality?
    ) throws -> [(route: ReferralRoute, isDeclined: Bool, themes: [SignalTheme])] {
        guard let span = AmsterdamTime.moments(ofYear: year) else { return [] }
        // An id begins with its moment, so that a year is a stretch of the table.
        let (low, high) = (firstID(at: span.lowerBound), firstID(at: span.upperBound))
        return try db.all(
            """
            SELECT r.route, s.opening_declined, s.themes FROM referral r JOIN situation s ON s.referral_id = r.id
            WHERE r.id >= ?1 AND r.id < ?2 AND (?3 IS NULL OR r.municipality = ?3)
            UNION ALL
            SELECT route, opening_declined, themes FROM consultation
            WHERE id >= ?1 AND id < ?2 AND (?3 IS NULL OR municipality = ?3) AND referral_id IS NULL
            """, low, high, municipality
        ) { row in
            (
                route: row.code(0, otherwise: .prevention), isDeclined: row.bool(1),
                themes: row.isNull(2) ? [] : row.codes(2)
            )
        }
    }

    private func firstID(at moment: Instant) -> Identifier<Any> {
        Identifier(high: UInt64(clamping: moment.milliseconds) << 16, low: 0)
    }
}
