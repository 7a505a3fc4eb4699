// The forecast of the promise: places as they came, taken in the order of the queue, and what would still save it. By hand for
// small queues, and by properties for random ones.

import Domain
import Testing

@Suite struct PromiseForecastTests {
    private let today = CivilDate(dayNumber: 20_000)

    private func place(_ code: String) throws -> Municipality { try #require(Municipality(code: code)) }

    private func entry(
        _ number: Int, in days: Int, _ options: [WaitingFor]
    ) throws -> QueueEntry {
        QueueEntry(
            referral: ReferralID(high: 1, low: UInt64(number)), number: number, municipality: try place("GM0153"),
            promisedBy: today.adding(days: days), options: options)
    }

    /// Two homes in half a year: the first in 91 days, the second in 182; one is free today.
    @Test func placesComeAsTheyCame() throws {
        let town = try place("GM0153")
        let supply = [SupplyLine(form: .shared, municipality: town, delivered: 2, free: 1)]
        let wish = [WaitingFor(.shared, in: [town])]
        let queue = try (1...4).map { try entry($0, in: 100, wish) }
        let forecast = PromiseForecast(queue, supply: supply, on: today)
        let days = forecast.expectations.map { $0.expectedOn.map { Int($0.dayNumber - today.dayNumber) } }
        #expect(days == [0, 91, 182, 273])
        #expect(forecast.expectations.map(\.isLate) == [false, false, true, true])
        // One place more for each who would be late.
        let wanted = Rescue(form: .shared, municipality: town, places: 2, firstNeededBy: today.adding(days: 100))
        #expect(forecast.rescues == [wanted])
    }

    @Test func wishesLead() throws {
        let (here, there) = (try place("GM0153"), try place("GM0164"))
        let supply = [
            SupplyLine(form: .shared, municipality: here, delivered: 26, free: 0),
            SupplyLine(form: .independent, municipality: there, delivered: 0, free: 1),
        ]
        let queue = [
            try entry(1, in: 30, [WaitingFor(.independent, in: [here])]),
            try entry(2, in: 30, [WaitingFor(.independent, in: []), WaitingFor(.shared, in: [here])]),
            try entry(3, in: 30, [WaitingFor(.shared, in: [there]), WaitingFor(.shared, in: [here])]),
        ]
        let forecast = PromiseForecast(queue, supply: supply, on: today)
        let days = forecast.expectations.map { $0.expectedOn.map { Int($0.dayNumber - today.dayNumber) } }
        #expect(days == [nil, 0, 7])
        #expect(forecast.rescues.map(\.form) == [.independent] && forecast.rescues.map(\.municipality) == [here])
    }

    @Test func nobodyAndNothing() throws {
        #expect(PromiseForecast([], supply: [], on: today).expectations.isEmpty)
        let queue = [try entry(1, in: 30, [WaitingFor(.shared, in: [])]), try entry(2, in: 30, [])]
        let forecast = PromiseForecast(queue, supply: [], on: today)
        #expect(forecast.expectations.allSatisfy { $0.isLate && $0.expectedOn == nil })
        #expect(forecast.rescues.map(\.places) == [1], "who wishes for nothing can't be saved by a place")
    }

    /// No place is given twice, nobody overtakes one who waits for the same, and late is just what is after the promise.
    @Test(arguments: 0..<200) func whateverTheQueue(seed: Int) throws {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 7
        func dice(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let towns = try ["GM0153", "GM0164", "GM0141"].map(place)
        let forms = Array(HousingForm.allCases.prefix(3))
        let supply = towns.flatMap { town in
            forms.map { SupplyLine(form: $0, municipality: town, delivered: dice(9), free: dice(3)) }
        }
        let queue = try (0..<30).map { number in
            try entry(
                number, in: dice(300),
                (0...dice(2)).map { _ in WaitingFor(forms[dice(3)], in: dice(2) == 0 ? [] : [towns[dice(3)]]) })
        }
        let forecast = PromiseForecast(queue, supply: supply, on: today)
        #expect(forecast.expectations.map(\.entry) == queue)
        for (place, one) in forecast.expectations.enumerated() {
            #expect(one.isLate == (one.expectedOn.map { $0 > one.entry.promisedBy } ?? true))
            for before in forecast.expectations[..<place] where before.entry.options == one.entry.options {
                guard let mine = one.expectedOn else { continue }
                #expect(before.expectedOn.map { $0 <= mine } == true, "seed \(seed)")
            }
        }
        let horizon = today.adding(days: 10_000)
        let given = forecast.expectations.filter { ($0.expectedOn ?? horizon) == today }.count
        #expect(given <= supply.reduce(0) { $0 + $1.free }, "seed \(seed): more than is free")
        #expect(forecast.rescues.reduce(0) { $0 + $1.places } <= forecast.expectations.filter(\.isLate).count)
    }
}
