// Who said no, how often and for which reason, per landlord, and how often too late: of the matches that were offered in a
// calendar year. Counts without a person, for the intake point and for each landlord its own.

package import Domain
package import Storage

/// What was said to a landlord's offers in a year.
package struct DeclineLine: Sendable, Equatable {
    package var landlord: OrganisationName
    package var offered = 0
    /// How often the landlord declined, and the candidate.
    package var byLandlord = 0
    package var byCandidate = 0
    /// How often each went back on its word, or said no after its last day.
    package var lateByLandlord = 0
    package var lateByCandidate = 0
    package var reasons: [DeclineReason: Int] = [:]
}

/// Makes the report.
package enum ReportDeclines {
    /// The lines of a year, in the order of landlords' names.
    ///
    /// - Throws: `UseCaseFault`.
    package static func run(year: Int?, by caller: Caller, in tx: ReadTransaction) throws -> (Int, [DeclineLine]) {
        try caller.require(.readDeclines)
        let own: OrganisationID? =
            switch AccessPolicy.dwellings(visibleTo: caller.actor) {
            case .everything: nil
            case .owned(let landlord): landlord
            case .nothing: throw UseCaseFault.notFound
            }
        let year = year ?? AmsterdamTime.day(of: tx.now).parts.year
        guard let span = AmsterdamTime.moments(ofYear: year) else { throw UseCaseFault.notFound }
        let store = OfferLifeStore(tx.db)
        let lines = try store.offers(in: span, of: own).map { landlord, count in
            var line = DeclineLine(landlord: landlord, offered: count)
            for decline in try store.declines(of: landlord.id, offeredIn: span) { add(decline, to: &line) }
            return line
        }
        return (year, lines.sorted { ($0.landlord.name, $0.landlord.id) < ($1.landlord.name, $1.landlord.id) })
    }

    private static func add(_ decline: DeclinedOffer, to line: inout DeclineLine) {
        let isLandlords = decline.standing.landlord == .declined
        let isLate = decline.standing.isLateDecline(
            endedOn: decline.endedAt.map(AmsterdamTime.day(of:)), dueOn: decline.answerDueOn)
        line.reasons[decline.reason, default: 0] += 1
        line.byLandlord += isLandlords ? 1 : 0
        line.byCandidate += isLandlords ? 0 : 1
        line.lateByLandlord += isLate && isLandlords ? 1 : 0
        line.lateByCandidate += isLate && !isLandlords ? 1 : 0
    }
}
