// A calendar day without a time: birth dates, start dates, due days. Proleptic Gregorian arithmetic on whole day
// numbers; knows no holidays (see DutchCalendar) and no time zone.

/// A day of the proleptic Gregorian calendar, counted in days since 1970-01-01.
package struct CivilDate: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01; negative before.
    package var dayNumber: Int32

    /// A day from its count since 1970-01-01.
    package init(dayNumber: Int32) { self.dayNumber = dayNumber }

    /// A day from year 1–9999, month 1–12 and day of the month; nil when there is no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= CivilDate.daysIn(month: month, year: year)
        else { return nil }
        self.init(validYear: year, month: month, day: day)
    }

    // The count of days by shifting the year to start in March, so that the leap day comes last.
    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
    private init(validYear year: Int, month: Int, day: Int) {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.flooredDivision(by: 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        dayNumber = Int32(clamping: era * 146_097 + dayOfEra - 719_468)
    }

    package static func < (left: CivilDate, right: CivilDate) -> Bool { left.dayNumber < right.dayNumber }

    /// Year, month 1–12 and day of the month. Hinnant, civil_from_days.
    package var parts: (year: Int, month: Int, day: Int) {
        let shifted = Int(dayNumber) + 719_468
        let era = shifted.flooredDivision(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// 1 for Monday to 7 for Sunday (ISO 8601).
    package var weekday: Int { (Int(dayNumber) + 3).flooredRemainder(by: 7) + 1 }

    /// The day `days` later, or earlier when negative.
    package func adding(days: Int) -> CivilDate {
        CivilDate(dayNumber: Int32(clamping: Int(dayNumber) + days))
    }

    /// The same day of the month `months` later; the last of the month where that month is shorter.
    package func adding(months: Int) -> CivilDate {
        let (year, month, day) = parts
        let index = year * 12 + month - 1 + months
        let newYear = index.flooredDivision(by: 12)
        let newMonth = index.flooredRemainder(by: 12) + 1
        let newDay = min(day, CivilDate.daysIn(month: newMonth, year: newYear))
        return CivilDate(validYear: newYear, month: newMonth, day: newDay)
    }

    /// Completed years of age on `day` of somebody born on this day; one born on 29 February ages on 1 March.
    package func age(on day: CivilDate) -> Int {
        let born = parts
        let then = day.parts
        let before = (then.month, then.day) < (born.month, born.day)
        return then.year - born.year - (before ? 1 : 0)
    }

    static func daysIn(month: Int, year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }
}

extension CivilDate: CustomStringConvertible {
    /// ISO 8601 `YYYY-MM-DD`.
    package var description: String {
        let (year, month, day) = parts
        var text: [UInt8] = []
        text.reserveCapacity(10)
        text.append(padded: Int64(year), width: 4)
        text.append(UInt8(ascii: "-"))
        text.append(padded: Int64(month), width: 2)
        text.append(UInt8(ascii: "-"))
        text.append(padded: Int64(day), width: 2)
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads `YYYY-MM-DD`; nil for anything else, days that do not exist included.
    package init?(iso text: String) { self.init(isoBytes: Array(text.utf8)[...]) }

    init?(isoBytes slice: ArraySlice<UInt8>) {
        let bytes = Array(slice)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = decimal(bytes[0..<4]), let month = decimal(bytes[5..<7]), let day = decimal(bytes[8..<10])
        else { return nil }
        self.init(year: Int(year), month: Int(month), day: Int(day))
    }
}

extension CivilDate {
    /// The calendar year that the day is in.
    package var year: ClosedRange<CivilDate> {
        guard let first = CivilDate(year: parts.year, month: 1, day: 1),
            let last = CivilDate(year: parts.year, month: 12, day: 31)
        else { return self...self }
        return first...last
    }
}
