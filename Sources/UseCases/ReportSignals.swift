// What was missed, in numbers: themes by route, of one calendar year and of one municipality or the region. One table for each
// question, over a whole year, so that no two answers can be held against each other.

package import Domain
package import Storage

/// The report of missed signals.
package struct SignalReport: Sendable, Equatable {
    package var year: Int
    /// Nil for the region.
    package var municipality: Municipality?
    /// Themes by routes, each in the order of its list.
    package var themes: SmallCells
    /// One row: openings that were answered, and those that were rather not said.
    package var openings: SmallCells
}

/// Makes the report.
package enum ReportSignals {
    /// The report of a year. A policymaker's is of their own municipality.
    ///
    /// - Throws: `UseCaseFault`; `.forbidden` for another municipality's.
    package static func run(
        year: Int?, municipality: Municipality?, by caller: Caller, in tx: ReadTransaction
    ) throws -> SignalReport {
        try caller.require(.readMissedSignals)
        var municipality = municipality
        if caller.actor.role == .policymaker {
            guard municipality == nil || municipality == caller.actor.municipality, caller.actor.municipality != nil
            else { throw UseCaseFault.forbidden("A municipality sees its own figures.") }
            municipality = caller.actor.municipality
        }
        let year = year ?? AmsterdamTime.day(of: tx.now).parts.year
        let found = try SignalReportStore(tx.db).openings(in: year, of: municipality)
        func sum(_ counts: (SignalReportStore.Opening) -> Bool) -> Int {
            found.reduce(0) { counts($1) ? $0 + $1.count : $0 }
        }
        let routes = ReferralRoute.allCases
        let counts = SignalTheme.allCases.map { theme in
            routes.map { route in sum { $0.route == route && $0.themes.contains(theme) } }
        }
        let declined = sum(\.isDeclined)
        return SignalReport(
            year: year, municipality: municipality, themes: SmallCells(counts),
            openings: SmallCells([[sum { _ in true } - declined, declined]]))
    }
}
