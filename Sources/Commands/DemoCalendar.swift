// When the steps of the demo region happen: in office hours of the past year's working days, laid out backwards from
// today so that every story ends in time. Knows the lengths of stories, not what happens in them.

internal import Domain

struct DemoCalendar: Sendable {
    /// About a year: the longest story fits, see DemoLife.
    static let workingDays = 260
    /// From how many stories on a day has only a morning and an afternoon: what falls in one moment shares commits, and
    /// few large ones cost less than many small ones.
    static let storiesForHalfDays = 5000

    /// The working days before today, oldest first.
    let days: [CivilDate]
    /// Moments in a day.
    let momentsPerDay: Int

    init(today: CivilDate, stories: Int) {
        momentsPerDay = stories < Self.storiesForHalfDays ? 8 : 2
        var days: [CivilDate] = []
        var day = today
        while days.count < Self.workingDays {
            day = day.adding(days: -1)
            if DutchCalendar.isWorkingDay(day) { days.append(day) }
        }
        self.days = days.reversed()
    }

    /// Moments in all.
    var count: Int { days.count * momentsPerDay }

    /// The moment with a number: between 9:00 and 17:00 in Amsterdam, at no round minute.
    func moment(_ number: Int) -> Instant {
        let day = Int64(days[number / momentsPerDay].dayNumber) * 86_400
        let noon = Instant(milliseconds: (day + 43_200) * 1000)
        let office = Int64(9 * 3600 + number % momentsPerDay * (28_000 / momentsPerDay) + number * 1237 % 2700)
        return Instant(
            milliseconds: (day + office - AmsterdamTime.offsetSeconds(at: noon)) * 1000 + Int64(number % 997))
    }

    /// The numbers of the moments at which a story's steps happen, each later than the one before.
    func moments(of life: DemoLife, seed: UInt64, index: Int) -> [Int] {
        var dice = DemoDice(seed: seed, index: index, purpose: 2)
        var day = days.count - 1 - dice.within(life.rest)
        var later = Int.max
        var numbers: [Int] = []
        for moment in life.moments.reversed() {
            let number = min(day * momentsPerDay + dice.below(momentsPerDay), later - 1)
            numbers.append(number)
            later = number
            day = number / momentsPerDay - dice.within(moment.after)
        }
        precondition(later >= 0, "a story is no longer than the calendar")
        return numbers.reversed()
    }
}
