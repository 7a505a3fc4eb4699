// What becomes of the half-year promise if homes keep coming as they did: a sum over places and the order of the queue, and
// over nothing else. It says nothing of a person: two people with the same wishes and the same place in the queue are the same
// to it. What it can't know stands in `model`.

/// Homes of a form in a municipality: what was let lately, and what is free now.
package struct SupplyLine: Sendable, Equatable {
    package var form: HousingForm
    package var municipality: Municipality
    /// Tenancies that began in the window.
    package var delivered: Int
    package var free: Int

    /// A line from its parts.
    package init(form: HousingForm, municipality: Municipality, delivered: Int, free: Int) {
        self.form = form
        self.municipality = municipality
        self.delivered = delivered
        self.free = free
    }

    /// The day on which its place of a number, from 0, comes: the free ones at once, the others spread evenly as in the
    /// window; nil when none came lately.
    func day(ofPlace number: Int, from today: CivilDate) -> CivilDate? {
        guard number >= free else { return today }
        guard delivered > 0 else { return nil }
        let next = number - free + 1
        return today.adding(days: (next * PromiseForecast.windowDays + delivered - 1) / delivered)
    }
}

/// A form that somebody waits for, and where; no municipality for anywhere.
package struct WaitingFor: Sendable, Equatable {
    package var form: HousingForm
    package var municipalities: [Municipality]

    /// A form and where.
    package init(_ form: HousingForm, in municipalities: [Municipality]) {
        self.form = form
        self.municipalities = municipalities
    }

    func takes(_ line: SupplyLine) -> Bool {
        line.form == form && (municipalities.isEmpty || municipalities.contains(line.municipality))
    }
}

/// Somebody in the queue, as far as the forecast needs to know.
package struct QueueEntry: Sendable, Equatable {
    package var referral: ReferralID
    package var number: Int
    /// Where they live now.
    package var municipality: Municipality
    package var promisedBy: CivilDate
    /// The first is the one that is wished most.
    package var options: [WaitingFor]

    /// An entry from its parts.
    package init(
        referral: ReferralID, number: Int, municipality: Municipality, promisedBy: CivilDate, options: [WaitingFor]
    ) {
        self.referral = referral
        self.number = number
        self.municipality = municipality
        self.promisedBy = promisedBy
        self.options = options
    }
}

/// When somebody's turn comes.
package struct Expectation: Sendable, Equatable {
    package var entry: QueueEntry
    /// Nil when nothing of what they wait for came lately.
    package var expectedOn: CivilDate?

    /// Whether that is too late.
    package var isLate: Bool { expectedOn.map { $0 > entry.promisedBy } ?? true }
}

/// Places that would still keep the promise.
package struct Rescue: Sendable, Equatable {
    package var form: HousingForm
    package var municipality: Municipality
    package var places: Int
    /// The first promise that it would keep.
    package var firstNeededBy: CivilDate

    /// Places from their parts.
    package init(form: HousingForm, municipality: Municipality, places: Int, firstNeededBy: CivilDate) {
        self.form = form
        self.municipality = municipality
        self.places = places
        self.firstNeededBy = firstNeededBy
    }
}

/// The forecast of the promise for everybody who waits.
package struct PromiseForecast: Sendable, Equatable {
    /// How far it looks back for what homes come: half a year, as long as the promise itself.
    package static let windowDays = 26 * 7

    /// What it is and what it is not, in words.
    package static let model = (
        english: """
        Homes of each form and municipality keep coming as often as in the last 26 weeks; free ones come first. Who waits takes, in \
        the order of the queue, the first that fits their wishes. It knows nothing of people, declines, rents or agreements to come.
        """,
        dutch: """
        Woningen van elke vorm en gemeente blijven komen zoals in de afgelopen 26 weken; wat vrij is gaat voor. Wie wacht neemt, in de \
        volgorde van de rij, de eerste die bij de wensen past. Het weet niets van mensen, weigeringen, huren of nieuwe afspraken.
        """
    )

    /// In the order of the queue.
    package var expectations: [Expectation]
    /// In the order of the first promise each would keep.
    package var rescues: [Rescue]

    /// The forecast for a queue, in its order.
    package init(_ queue: [QueueEntry], supply: [SupplyLine], on today: CivilDate) {
        expectations = Self.walk(queue, supply, today, rescuing: false)
        var rescues: [Rescue] = []
        for late in Self.walk(queue, supply, today, rescuing: true) where late.isLate {
            guard let wanted = late.entry.options.first else { continue }
            let place = wanted.municipalities.first ?? late.entry.municipality
            if let known = rescues.firstIndex(where: { $0.form == wanted.form && $0.municipality == place }) {
                rescues[known].places += 1
                rescues[known].firstNeededBy = min(rescues[known].firstNeededBy, late.entry.promisedBy)
            } else {
                rescues.append(
                    Rescue(
                        form: wanted.form, municipality: place, places: 1, firstNeededBy: late.entry.promisedBy))
            }
        }
        self.rescues = rescues.sorted {
            ($0.firstNeededBy, $0.municipality.code, $0.form.rawValue)
                < ($1.firstNeededBy, $1.municipality.code, $1.form.rawValue)
        }
    }

    // Each takes the first place that comes. When rescuing, who would be late is given one that is not in the supply, and
    // leaves theirs to those behind.
    private static func walk(
        _ queue: [QueueEntry], _ supply: [SupplyLine], _ today: CivilDate, rescuing: Bool
    ) -> [Expectation] {
        var taken = [Int](repeating: 0, count: supply.count)
        return queue.map { entry in
            var best: (line: Int, day: CivilDate)?
            for (line, homes) in supply.enumerated() where entry.options.contains(where: { $0.takes(homes) }) {
                guard let day = homes.day(ofPlace: taken[line], from: today) else { continue }
                if best.map({ day < $0.day }) ?? true { best = (line, day) }
            }
            let expectation = Expectation(entry: entry, expectedOn: best?.day)
            if let best, !(rescuing && expectation.isLate) { taken[best.line] += 1 }
            return expectation
        }
    }
}
