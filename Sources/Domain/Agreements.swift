// Yearly agreements (prestatieafspraken) held against what came: how many dwellings a landlord said it would offer in a
// municipality and form, how many it has offered, and whether that is ahead or behind. Recognition as well as reminder.

/// What a landlord agreed to offer in a year.
package struct AgreementTerm: Sendable, Equatable {
    package var landlord: OrganisationID
    package var municipality: Municipality
    package var form: HousingForm
    package var dwellings: Int

    /// A term from its parts.
    package init(landlord: OrganisationID, municipality: Municipality, form: HousingForm, dwellings: Int) {
        self.landlord = landlord
        self.municipality = municipality
        self.form = form
        self.dwellings = dwellings
    }
}

/// What is counted together under an agreement.
package struct AgreementKey: Sendable, Hashable {
    /// The landlord's name.
    package var corporation: String
    package var municipality: Municipality
    package var form: HousingForm

    /// A key from its parts.
    package init(corporation: String, municipality: Municipality, form: HousingForm) {
        self.corporation = corporation
        self.municipality = municipality
        self.form = form
    }
}

/// How a landlord stands to what it agreed.
package enum AgreementStanding: String, CaseIterable, Sendable {
    /// More than would have come by now.
    case ahead
    case onTrack = "on_track"
    /// Less than would have come by now.
    case behind
}

/// An agreement of a year, held against what was offered.
package struct AgreementLine: Sendable, Equatable {
    package var year: Int
    package var key: AgreementKey
    /// The landlord here; nil when the region's settings name one that has no place here.
    package var landlord: OrganisationID?
    package var agreed: Int
    /// The dwellings that came as supply in that year and were not taken back.
    package var offered: Int

    /// A line from its parts.
    package init(year: Int, key: AgreementKey, landlord: OrganisationID?, agreed: Int, offered: Int) {
        self.year = year
        self.key = key
        self.landlord = landlord
        self.agreed = agreed
        self.offered = offered
    }

    /// More than was agreed for the whole year; below zero when some are still to come.
    package var balance: Int { offered - agreed }

    /// Ahead or behind on a day, when the year's dwellings come evenly; a part of a dwelling is nobody's debt.
    package func standing(on day: CivilDate) -> AgreementStanding {
        let days = Self.days(in: year)
        let due = agreed * Self.daysGone(of: year, on: day)
        if offered < due / days { return .behind }
        return offered > (due + days - 1) / days ? .ahead : .onTrack
    }

    private static func days(in year: Int) -> Int {
        CivilDate(year: year, month: 12, day: 31)?.dayOfYear ?? 365
    }

    private static func daysGone(of year: Int, on day: CivilDate) -> Int {
        let now = day.parts.year
        return now == year ? day.dayOfYear : now > year ? days(in: year) : 0
    }

    /// The lines of a year: what was agreed and what came, joined; in the order of landlord, municipality and form.
    package static func lines(
        of year: Int, agreed: [YearlyAgreement], offered: [AgreementKey: Int], landlords: [String: OrganisationID]
    ) -> [AgreementLine] {
        var terms: [AgreementKey: Int] = [:]
        for one in agreed where one.year == year {
            let key = AgreementKey(corporation: one.corporation, municipality: one.municipality, form: one.form)
            terms[key] = one.dwellings
        }
        return Set(terms.keys).union(offered.keys).sorted { left, right in
            (left.corporation, left.municipality.code, left.form.rawValue)
                < (right.corporation, right.municipality.code, right.form.rawValue)
        }.map { key in
            AgreementLine(
                year: year, key: key, landlord: landlords[key.corporation], agreed: terms[key] ?? 0,
                offered: offered[key] ?? 0)
        }
    }
}

extension CivilDate {
    /// 1 on the first of January.
    fileprivate var dayOfYear: Int {
        guard let first = CivilDate(year: parts.year, month: 1, day: 1) else { return 1 }
        return Int(dayNumber - first.dayNumber) + 1
    }
}
