// Whether a rent fits an income: the one thing about money that a landlord is ever told. The norms are the region's, per
// year; knows no person.

/// The rule that turns an income and a rent into yes, no or unknown.
package enum RentNorm {
    /// The highest rent that fits a household and its income, in euro cents a month: at most the year's share of the
    /// income, and at most the year's limit for so many people.
    package static func maximumRent(
        incomeCentsPerMonth income: Int64, householdSize: Int = 1, by year: RentYear = .standard
    ) -> Int64 {
        let share = Int64(year.maximumSharePercent)
        // Divided first, so that no income can run over; the remainder keeps the cents.
        let fromIncome = income / 100 * share + income % 100 * share / 100
        return min(fromIncome, year.maximumRent(householdSize: householdSize))
    }

    /// Whether rent fits income, both in euro cents a month; nil when the income is not known.
    package static func fits(
        rentCents: Int64, incomeCentsPerMonth: Int64?, householdSize: Int = 1, by year: RentYear = .standard
    ) -> Bool? {
        incomeCentsPerMonth.map {
            rentCents <= maximumRent(incomeCentsPerMonth: $0, householdSize: householdSize, by: year)
        }
    }
}

extension RentYear {
    /// A region that set none: two fifths of the income, whatever the household.
    package static let standard = RentYear(year: 0, maximumSharePercent: 40, limits: [])

    /// The highest rent for so many people, in euro cents a month.
    package func maximumRent(householdSize: Int) -> Int64 {
        (limits.first { $0.householdSize >= householdSize } ?? limits.last)?.maximumRent ?? .max
    }
}

extension RegionSettings {
    /// The rents that count on a day: those of its year, else of the last year before it, else the default.
    package func rentYear(on day: CivilDate) -> RentYear {
        rents.filter { $0.year <= day.parts.year }.max { $0.year < $1.year } ?? .standard
    }
}
