// Yearly agreements: what landlords said they would offer, against what they have offered. The numbers agreed are part of
// the region's settings, so that every change of them is a version that can be cited.

package import Domain
package import Storage

/// The agreements of a year as somebody may see them.
package struct AgreementYear: Sendable, Equatable {
    package var year: Int
    /// The version of the region's settings that the numbers stand in.
    package var regionVersion: Int
    package var lines: [AgreementLine]
}

/// Reads and sets agreements.
package enum Agreements {
    /// The agreements of a year: a landlord's own, or all for the intake point.
    ///
    /// - Throws: `UseCaseFault`.
    package static func read(year: Int, by caller: Caller, in tx: ReadTransaction) throws -> AgreementYear {
        try caller.require(.readAgreements)
        let own: OrganisationID? =
            switch AccessPolicy.dwellings(visibleTo: caller.actor) {
            case .everything: nil
            case .owned(let landlord): landlord
            case .nothing: throw UseCaseFault.notFound
            }
        let region = try RegionStore(tx.db).current()
        let landlords = try landlords(tx).filter { own == nil || $0.value == own }
        let agreed = region.settings.agreements.filter { own == nil || landlords[$0.corporation] != nil }
        let lines = AgreementLine.lines(
            of: year, agreed: agreed,
            offered: try OfferingStore(tx.db).counts(try day(in: year).year, of: own), landlords: landlords)
        return AgreementYear(year: year, regionVersion: region.version, lines: lines)
    }

    /// Sets every agreement of a year; what it does not name ends.
    ///
    /// - Throws: `UseCaseFault`; `.conflict` while the region has no settings of its own.
    package static func set(
        _ terms: [AgreementTerm], year: Int, if precondition: Precondition, by caller: Caller, in tx: WriteTransaction
    ) throws -> AgreementYear {
        try caller.require(.writeAgreements)
        let region = try RegionStore(tx.db).current()
        try precondition.check(region.version)
        guard region.version > RegionSettings.standardVersion else {
            throw UseCaseFault.conflict(
                .other, "The region has no settings of its own yet; they are put in force with: thuispunt region apply."
            )
        }
        let names = Dictionary(uniqueKeysWithValues: try landlords(tx.reading).map { ($0.value, $0.key) })
        var settings = region.settings
        settings.agreements.removeAll { $0.year == year }
        for (place, term) in terms.enumerated() {
            guard let name = names[term.landlord] else {
                throw UseCaseFault.invalid(
                    pointer: "/agreements/\(place)/organisation", code: "unknown",
                    text: "There is no such corporation or facility.")
            }
            settings.agreements.append(
                YearlyAgreement(
                    year: year, corporation: name, municipality: term.municipality, form: term.form,
                    dwellings: term.dwellings))
        }
        let others = region.settings.agreements.count { $0.year != year }
        if let fault = settings.faults.first {
            throw UseCaseFault.invalid(pointer: pointer(fault, after: others), code: "unknown", text: fault.text)
        }
        _ = try RegionStore(tx.db).insert(settings, at: tx.now)
        return try read(year: year, by: caller, in: tx.reading)
    }

    /// Where a fault of the settings stands in the body: its agreements come behind those of other years.
    private static func pointer(_ fault: RegionFault, after others: Int) -> String {
        let parts = fault.pointer.split(separator: "/")
        guard parts.count == 3, let place = Int(parts[1]), place >= others else { return "/agreements" }
        return "/agreements/\(place - others)/\(parts[2])"
    }

    private static func landlords(_ tx: ReadTransaction) throws -> [String: OrganisationID] {
        let store = OrganisationStore(tx.db)
        let found = try store.list(kind: .housingCorporation) + store.list(kind: .selfManagedFacility)
        return Dictionary(found.map { ($0.name, $0.id) }, uniquingKeysWith: { first, _ in first })
    }

    private static func day(in year: Int) throws -> CivilDate {
        guard let day = CivilDate(year: year, month: 1, day: 1) else { throw UseCaseFault.notFound }
        return day
    }
}
