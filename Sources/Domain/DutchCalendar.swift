// The Dutch public holidays, working days, and the civil time of Amsterdam, computed and never looked up: the
// machine's own time zone plays no part. Knows no clock of the service; see Clocks.

/// Working days and statutory terms of the Netherlands.
package enum DutchCalendar {
    /// Whether people work on this day: not a weekend, not a public holiday.
    package static func isWorkingDay(_ day: CivilDate) -> Bool {
        day.weekday <= 5 && !isHoliday(day)
    }

    /// Whether a day is one of the holidays of article 3 of the Algemene termijnenwet: New Year, Good Friday (equated),
    /// Easter Monday, King's Day, 5 May, Ascension, Whit Monday, both Christmas days, and the Sundays of Easter and Whitsun.
    package static func isHoliday(_ day: CivilDate) -> Bool {
        let (year, month, dayOfMonth) = day.parts
        switch (month, dayOfMonth) {
        case (1, 1), (5, 5), (12, 25), (12, 26): return true
        default: break
        }
        if day == kingsDay(year) { return true }
        let sinceEaster = Int(day.dayNumber - easter(year).dayNumber)
        return [-2, 0, 1, 39, 49, 50].contains(sinceEaster)
    }

    /// King's Day: 27 April, or the 26th when that is a Sunday. (Until 2013 it was Queen's Day on 30 April, or the 29th.)
    static func kingsDay(_ year: Int) -> CivilDate {
        let (month, day) = year >= 2014 ? (4, 27) : (4, 30)
        let date = CivilDate(year: year, month: month, day: day) ?? CivilDate(dayNumber: 0)
        return date.weekday == 7 ? date.adding(days: -1) : date
    }

    /// Easter Sunday by the Gregorian rule; the anonymous algorithm printed in Nature, 20 April 1876.
    package static func easter(_ year: Int) -> CivilDate {
        let golden = year % 19
        let century = year / 100
        let yearOfCentury = year % 100
        let correction = (century - (century + 8) / 25 + 1) / 3
        let epact = (19 * golden + century - century / 4 - correction + 15) % 30
        let weekdayShift = (32 + 2 * (century % 4) + 2 * (yearOfCentury / 4) - epact - yearOfCentury % 4) % 7
        let lunar = (golden + 11 * epact + 22 * weekdayShift) / 451
        let index = epact + weekdayShift - 7 * lunar + 114
        return CivilDate(year: year, month: index / 31, day: index % 31 + 1) ?? CivilDate(dayNumber: 0)
    }

    /// The last of `count` working days that begin the day after `start`: where "within five working days" ends.
    package static func adding(workingDays count: Int, to start: CivilDate) -> CivilDate {
        var day = start
        var left = count
        while left > 0 {
            day = day.adding(days: 1)
            if isWorkingDay(day) { left -= 1 }
        }
        return day
    }

    /// Where a legal term that would end on `day` ends: that day, or the next working day (Algemene termijnenwet, article 1).
    package static func movedToWorkingDay(_ day: CivilDate) -> CivilDate {
        var end = day
        while !isWorkingDay(end) { end = end.adding(days: 1) }
        return end
    }
}

/// Civil time in Amsterdam: Central European Time, an hour later from the last Sunday of March to that of October.
package enum AmsterdamTime {
    /// The calendar day in Amsterdam at a moment.
    package static func day(of instant: Instant) -> CivilDate {
        let local = instant.seconds + offsetSeconds(at: instant)
        return CivilDate(dayNumber: Int32(clamping: local.flooredDivision(by: 86_400)))
    }

    /// The moment a day begins in Amsterdam; the clock changes an hour or two later.
    package static func start(of day: CivilDate) -> Instant {
        let midnight = Instant(milliseconds: 0).adding(seconds: Int64(day.dayNumber) * 86_400)
        return midnight.adding(seconds: -offsetSeconds(at: midnight.adding(seconds: -3600)))
    }

    /// The moments of a calendar year in Amsterdam; nil for a year that no day can be in.
    package static func moments(ofYear year: Int) -> Range<Instant>? {
        guard let first = CivilDate(year: year, month: 1, day: 1),
            let next = CivilDate(year: year + 1, month: 1, day: 1)
        else { return nil }
        return start(of: first)..<start(of: next)
    }

    /// Seconds that Amsterdam is ahead of UTC: 3,600 in winter, 7,200 in summer (Directive 2000/84/EC).
    package static func offsetSeconds(at instant: Instant) -> Int64 {
        let utcDay = CivilDate(dayNumber: Int32(clamping: instant.seconds.flooredDivision(by: 86_400)))
        let year = utcDay.parts.year
        let start = lastSunday(of: 3, year: year)
        let end = lastSunday(of: 10, year: year)
        return instant.seconds >= start && instant.seconds < end ? 7200 : 3600
    }

    // 01:00 UTC on the last Sunday of a month of 31 days, in seconds since the epoch.
    private static func lastSunday(of month: Int, year: Int) -> Int64 {
        let last = CivilDate(year: year, month: month, day: 31) ?? CivilDate(dayNumber: 0)
        let sunday = last.adding(days: -(last.weekday % 7))
        return Int64(sunday.dayNumber) * 86_400 + 3600
    }
}
