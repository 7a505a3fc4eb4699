// Days and moments as text and back, leap days, refused texts, and sums at the ends of the range.

import Domain
import Testing

@Suite struct CivilDateTests {
    @Test(arguments: [
        ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2000-03-01", 11_017), ("2026-11-22", 20_779),
        ("1900-03-01", -25_508), ("9999-12-31", 2_932_896), ("0001-01-01", -719_162), ("2038-01-19", 24_855),
    ])
    func knownDayNumbers(text: String, number: Int32) throws {
        let day = try #require(CivilDate(iso: text))
        #expect(day.dayNumber == number)
        #expect(day.description == text)
        #expect(CivilDate(dayNumber: number).description == text)
    }

    /// Four hundred years, day by day: each day has one text, one number and the weekday after the one before.
    @Test func everyDayOfACycle() throws {
        var day = try #require(CivilDate(iso: "1800-01-01"))
        var weekday = day.weekday
        #expect(weekday == 3)
        for _ in 0..<146_097 {
            let (year, month, dayOfMonth) = day.parts
            #expect(CivilDate(year: year, month: month, day: dayOfMonth) == day)
            day = day.adding(days: 1)
            weekday = weekday % 7 + 1
            guard day.weekday == weekday else {
                Issue.record("\(day)")
                return
            }
        }
        #expect(day.description == "2200-01-01")
    }

    @Test(arguments: [
        "", "2026", "2026-1-01", "2026-01-1", "26-01-01", "2026-02-29", "1900-02-29", "2100-02-29", "2026-04-31",
        "2026-00-10", "2026-13-01", "2026-01-00", "2026-01-32", "0000-01-01", "2026/01/01", "2026-01-01 ",
        " 2026-01-01", "2026-01-01T00:00:00Z", "-026-01-01", "+026-01-01", "２026-01-0", "2026-01-0１", "20260101",
        "2026-W01-1", "abcd-ef-gh", "2026-01\u{2010}01",
    ])
    func refused(text: String) { #expect(CivilDate(iso: text) == nil) }

    @Test(arguments: [
        ("2024-01-31", 1, "2024-02-29"), ("2026-01-31", 1, "2026-02-28"), ("2026-08-31", 6, "2027-02-28"),
        ("2024-02-29", 12, "2025-02-28"), ("2024-02-29", 48, "2028-02-29"), ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -13, "2024-12-15"), ("2026-12-01", 1, "2027-01-01"),
    ])
    func months(from: String, months: Int, to: String) throws {
        #expect(try #require(CivilDate(iso: from)).adding(months: months).description == to)
    }

    @Test(arguments: [
        ("2008-02-29", "2026-02-28", 17), ("2008-02-29", "2026-03-01", 18), ("2000-06-15", "2026-06-14", 25),
        ("2000-06-15", "2026-06-15", 26), ("2026-06-15", "2026-06-15", 0),
    ])
    func ages(born: String, on day: String, age: Int) throws {
        let birthDate = try #require(CivilDate(iso: born))
        #expect(birthDate.age(on: try #require(CivilDate(iso: day))) == age)
    }

    @Test(arguments: [Int32.min, Int32.min + 1, -719_163, Int32.max - 1, Int32.max])
    func theEndsOfTheRangeHold(number: Int32) {
        let day = CivilDate(dayNumber: number)
        #expect((1...7).contains(day.weekday))
        #expect((1...12).contains(day.parts.month) && (1...31).contains(day.parts.day))
        #expect(!day.description.isEmpty)
        _ = day.adding(days: .max / 2)
        _ = day.adding(days: .min / 2)
        _ = day.adding(months: 1000)
        _ = DutchCalendar.isWorkingDay(day)
    }
}

@Suite struct InstantTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00.000Z", 0), ("2026-11-22T17:15:13.123Z", 1_795_367_713_123),
        ("1969-12-31T23:59:59.999Z", -1), ("2000-02-29T12:00:00.000Z", 951_825_600_000),
    ])
    func roundTrip(text: String, milliseconds: Int64) throws {
        let moment = try #require(Instant(rfc3339: text))
        #expect(moment.milliseconds == milliseconds)
        #expect(moment.description == text)
    }

    @Test(arguments: [
        ("2026-11-22T18:15:13.123+01:00", "2026-11-22T17:15:13.123Z"),
        ("2026-11-22t17:15:13z", "2026-11-22T17:15:13.000Z"),
        ("2026-11-22T17:15:13.1Z", "2026-11-22T17:15:13.100Z"),
        ("2026-11-22T17:15:13.123456789Z", "2026-11-22T17:15:13.123Z"),
        ("2026-11-22T17:15:13-00:00", "2026-11-22T17:15:13.000Z"),
        ("2026-11-22T00:00:00+23:59", "2026-11-21T00:01:00.000Z"),
        ("1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.520Z"),
        ("1996-12-19T16:39:57-08:00", "1996-12-20T00:39:57.000Z"),
    ])
    func offsetsAndFractions(text: String, utc: String) {
        #expect(Instant(rfc3339: text)?.description == utc)
    }

    @Test(arguments: [
        "", "2026-11-22", "2026-11-22T17:15:13", "2026-11-22 17:15:13Z", "2026-11-22T17:15Z", "2026-11-22T24:00:00Z",
        "2026-11-22T23:60:00Z", "1990-12-31T23:59:60Z", "2026-02-29T00:00:00Z", "2026-11-22T17:15:13.Z",
        "2026-11-22T17:15:13.1234567890Z", "2026-11-22T17:15:13+1:00", "2026-11-22T17:15:13+0100",
        "2026-11-22T17:15:13+24:00", "2026-11-22T17:15:13+01:60", "2026-11-22T17:15:13ZZ", "2026-11-22T17:15:13,5Z",
        "2026-11-22T-1:15:13Z", "2026-11-22T17:15:13.12a", "2026-11-22T17:15:1３", "2026-11-22T17-15-13Z",
        "2026-11-22T17:15:13.", "2026-11-22T17:15:13.5", "2026-11-22T17:15:13+", "99999-11-22T17:15:13Z",
        "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
    ])
    func refused(text: String) { #expect(Instant(rfc3339: text) == nil) }

    @Test func sumsStayWithinTheRange() {
        let moment = Instant(milliseconds: 1_000)
        #expect(moment.adding(seconds: 5).milliseconds == 6_000)
        #expect(moment.adding(seconds: -5).milliseconds == -4_000)
        #expect(moment.adding(seconds: .max).milliseconds == .max)
        #expect(moment.adding(seconds: .min).milliseconds == .min)
        #expect(Instant(milliseconds: .max).adding(seconds: 1).milliseconds == .max)
        #expect(Instant(milliseconds: .min).adding(seconds: -1).milliseconds == .min)
        #expect(Instant(milliseconds: -1).seconds == -1)
        for extreme in [Instant(milliseconds: .max), Instant(milliseconds: .min)] {
            #expect(!extreme.description.isEmpty)
            _ = AmsterdamTime.day(of: extreme)
        }
    }
}
