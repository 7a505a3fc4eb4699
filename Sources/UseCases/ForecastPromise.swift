// Who will be late by the half-year promise if homes keep coming as they did, and what would still save it.

package import Domain
package import Storage

/// The forecast with what it rests on.
package struct PromiseOutlook {
    package var forecast: PromiseForecast
    package var supply: [SupplyLine]
}

/// Forecasts the promise.
package enum ForecastPromise {
    /// The most people who are named as late; how many there are is said besides.
    package static let namedLimit = 100

    /// The forecast for everybody who waits and whom the caller may know of. Longer than a loop may be kept: for `readLong`.
    ///
    /// - Throws: `UseCaseFault`.
    package static func run(by caller: Caller, in tx: ReadTransaction) throws -> Reading<PromiseOutlook> {
        try caller.require(.readForecast)
        let today = AmsterdamTime.day(of: tx.now)
        let store = ForecastStore(tx.db)
        let start = AmsterdamTime.start(of: today.adding(days: -PromiseForecast.windowDays))
        let supply = try store.supply(since: start, on: today)
        let queue = try store.queue(in: AccessPolicy.referrals(visibleTo: caller.actor))
        let forecast = PromiseForecast(queue, supply: supply, on: today)
        let named = forecast.expectations.lazy.filter(\.isLate).prefix(namedLimit)
        return Reading(
            PromiseOutlook(forecast: forecast, supply: supply),
            disclosures: named.compactMap { Disclosure("list_forecast", of: .status, about: $0.entry.referral) })
    }
}
