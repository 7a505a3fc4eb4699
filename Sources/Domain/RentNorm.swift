// Whether a rent fits an income: the one thing about money that a landlord is ever told. The share is a region's
// setting with a default here; knows no person.

/// The rule that turns an income and a rent into yes, no or unknown.
package enum RentNorm {
    /// The most of a month's income that rent and service cost together may take, in percent.
    package static let maximumSharePercent: Int64 = 40

    /// The highest rent that fits an income, both in euro cents a month.
    package static func maximumRent(incomeCentsPerMonth income: Int64) -> Int64 {
        // Divided first, so that no income can run over; the remainder keeps the cents.
        income / 100 * maximumSharePercent + income % 100 * maximumSharePercent / 100
    }

    /// Whether rent fits income, both in euro cents a month; nil when the income is not known.
    package static func fits(rentCents: Int64, incomeCentsPerMonth: Int64?) -> Bool? {
        incomeCentsPerMonth.map { rentCents <= maximumRent(incomeCentsPerMonth: $0) }
    }
}
