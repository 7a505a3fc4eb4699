// Holidays against published dates, working days, and terms that move or stay. Amsterdam's clock at its two edges.

import Domain
import Testing

@Suite struct DutchCalendarTests {
    /// Easter Sundays as almanacs print them.
    static let easters = [
        "2015-04-05", "2016-03-27", "2017-04-16", "2018-04-01", "2019-04-21", "2020-04-12", "2021-04-04", "2022-04-17",
        "2023-04-09", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2029-04-01", "2030-04-21",
        "2031-04-13", "2032-03-28", "2033-04-17", "2034-04-09", "2035-03-25",
    ]
    /// The years in which 27 April is a Sunday.
    static let kingsDayOnThe26th: Set<Int> = [2014, 2025, 2031]

    private func day(_ text: String) throws -> CivilDate { try #require(CivilDate(iso: text)) }

    @Test func easterSundays() throws {
        #expect((2015...2035).map { DutchCalendar.easter($0).description } == Self.easters)
    }

    /// Every day of 21 years: a holiday when it is on the list, and no other day.
    @Test(arguments: 2015...2035) func holidaysOfAYear(year: Int) throws {
        let easter = try day(Self.easters[year - 2015])
        var expected: Set<CivilDate> = []
        for text in ["01-01", "05-05", "12-25", "12-26", Self.kingsDayOnThe26th.contains(year) ? "04-26" : "04-27"] {
            expected.insert(try day("\(year)-\(text)"))
        }
        // Good Friday, Easter Sunday and Monday, Ascension, Whit Sunday and Monday.
        for shift in [-2, 0, 1, 39, 49, 50] { expected.insert(easter.adding(days: shift)) }
        var date = try day("\(year)-01-01")
        while date.parts.year == year {
            #expect(DutchCalendar.isHoliday(date) == expected.contains(date), "\(date)")
            #expect(DutchCalendar.isWorkingDay(date) == (date.weekday < 6 && !expected.contains(date)), "\(date)")
            date = date.adding(days: 1)
        }
    }

    /// The moving holidays as calendars print them: Good Friday, Easter Sunday and Monday, King's Day, Ascension, Whit Sunday
    /// and Monday.
    static let published = """
        2015 04-03 04-05 04-06 04-27 05-14 05-24 05-25
        2016 03-25 03-27 03-28 04-27 05-05 05-15 05-16
        2017 04-14 04-16 04-17 04-27 05-25 06-04 06-05
        2018 03-30 04-01 04-02 04-27 05-10 05-20 05-21
        2019 04-19 04-21 04-22 04-27 05-30 06-09 06-10
        2020 04-10 04-12 04-13 04-27 05-21 05-31 06-01
        2021 04-02 04-04 04-05 04-27 05-13 05-23 05-24
        2022 04-15 04-17 04-18 04-27 05-26 06-05 06-06
        2023 04-07 04-09 04-10 04-27 05-18 05-28 05-29
        2024 03-29 03-31 04-01 04-27 05-09 05-19 05-20
        2025 04-18 04-20 04-21 04-26 05-29 06-08 06-09
        2026 04-03 04-05 04-06 04-27 05-14 05-24 05-25
        2027 03-26 03-28 03-29 04-27 05-06 05-16 05-17
        2028 04-14 04-16 04-17 04-27 05-25 06-04 06-05
        2029 03-30 04-01 04-02 04-27 05-10 05-20 05-21
        2030 04-19 04-21 04-22 04-27 05-30 06-09 06-10
        2031 04-11 04-13 04-14 04-26 05-22 06-01 06-02
        2032 03-26 03-28 03-29 04-27 05-06 05-16 05-17
        2033 04-15 04-17 04-18 04-27 05-26 06-05 06-06
        2034 04-07 04-09 04-10 04-27 05-18 05-28 05-29
        2035 03-23 03-25 03-26 04-27 05-03 05-13 05-14
        """

    @Test func movingHolidaysArePublishedOnes() throws {
        let lines = Self.published.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines.map { Int($0[0]) } == (2015...2035).map { $0 })
        for line in lines {
            let fixed = ["01-01", "05-05", "12-25", "12-26"]
            let expected = Set(try (line.dropFirst() + fixed).map { try day("\(line[0])-\($0)") })
            let first = try day("\(line[0])-01-01")
            let found = (0..<366).map { first.adding(days: $0) }.filter { $0.parts.year == first.parts.year }
                .filter(DutchCalendar.isHoliday)
            #expect(Set(found) == expected, "\(line[0])")
        }
    }

    @Test(arguments: [
        ("2026-04-03", true), ("2026-04-06", true), ("2026-05-14", true), ("2026-05-25", true), ("2026-04-27", true),
        ("2026-05-05", true), ("2025-04-26", true), ("2025-04-27", false), ("2024-05-09", true),
        ("2024-05-20", true), ("2026-12-24", false), ("2026-12-31", false), ("2014-04-26", true),
        ("2013-04-30", true), ("2013-04-27", false), ("2012-04-30", true), ("2006-04-29", true),
    ])
    func knownDays(text: String, holiday: Bool) throws {
        #expect(DutchCalendar.isHoliday(try day(text)) == holiday)
    }

    @Test(arguments: [
        // Monday to Monday; over a weekend; over Easter with Good Friday; over Christmas and New Year.
        ("2026-06-01", 5, "2026-06-08"), ("2026-06-05", 1, "2026-06-08"), ("2026-04-01", 5, "2026-04-10"),
        ("2026-12-23", 5, "2026-12-31"), ("2026-12-24", 5, "2027-01-04"), ("2026-06-01", 0, "2026-06-01"),
        ("2026-04-24", 5, "2026-05-04"), ("2026-05-04", 1, "2026-05-06"),
    ])
    func workingDays(start: String, count: Int, end: String) throws {
        #expect(DutchCalendar.adding(workingDays: count, to: try day(start)).description == end)
    }

    @Test(arguments: [
        ("2026-06-06", "2026-06-08"), ("2026-06-05", "2026-06-05"), ("2026-04-03", "2026-04-07"),
        ("2026-12-25", "2026-12-28"), ("2027-01-01", "2027-01-04"), ("2025-04-26", "2025-04-28"),
    ])
    func legalTermsMove(end: String, moved: String) throws {
        #expect(DutchCalendar.movedToWorkingDay(try day(end)).description == moved)
    }
}

@Suite struct AmsterdamTimeTests {
    private func moment(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }

    @Test(arguments: [
        ("2026-03-29T00:59:59Z", 3600), ("2026-03-29T01:00:00Z", 7200), ("2026-10-25T00:59:59Z", 7200),
        ("2026-10-25T01:00:00Z", 3600), ("2024-03-31T01:00:00Z", 7200), ("2024-03-31T00:59:59Z", 3600),
        ("2021-10-31T00:59:59Z", 7200), ("2021-10-31T01:00:00Z", 3600), ("2026-07-01T00:00:00Z", 7200),
        ("2026-12-31T23:59:59Z", 3600),
    ])
    func summerTime(text: String, offset: Int64) throws {
        #expect(AmsterdamTime.offsetSeconds(at: try moment(text)) == offset)
    }

    @Test(arguments: [
        ("2026-06-30T21:59:59.999Z", "2026-06-30"), ("2026-06-30T22:00:00Z", "2026-07-01"),
        ("2026-12-31T22:59:59Z", "2026-12-31"), ("2026-12-31T23:00:00Z", "2027-01-01"),
        ("2026-03-28T23:00:00Z", "2026-03-29"), ("2026-03-29T21:59:59Z", "2026-03-29"),
        ("2026-10-25T22:59:59Z", "2026-10-25"), ("2026-10-25T23:00:00Z", "2026-10-26"),
    ])
    func daysInAmsterdam(text: String, day: String) throws {
        #expect(AmsterdamTime.day(of: try moment(text)).description == day)
    }
}
