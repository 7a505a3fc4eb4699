// Days and moments as people write them, in Dutch and English, at the civil time of Amsterdam.

/// A word or sentence in both languages.
package struct Bilingual: Sendable, Equatable {
    package let nl: String
    package let en: String

    /// The same in Dutch and in English.
    package init(_ nl: String, _ en: String) {
        self.nl = nl
        self.en = en
    }
}

extension CivilDate {
    private static let months = [
        Bilingual("januari", "January"), Bilingual("februari", "February"), Bilingual("maart", "March"),
        Bilingual("april", "April"), Bilingual("mei", "May"), Bilingual("juni", "June"), Bilingual("juli", "July"),
        Bilingual("augustus", "August"), Bilingual("september", "September"), Bilingual("oktober", "October"),
        Bilingual("november", "November"), Bilingual("december", "December"),
    ]

    /// The day in words: "6 april 2027", "6 April 2027".
    package var words: Bilingual {
        let (year, month, day) = parts
        let name = CivilDate.months[month - 1]
        return Bilingual("\(day) \(name.nl) \(year)", "\(day) \(name.en) \(year)")
    }
}

extension Instant {
    /// The moment in words: "6 april 2027 om 09.05 uur", "6 April 2027 at 09:05".
    package var words: Bilingual {
        let local = adding(seconds: AmsterdamTime.offsetSeconds(at: self))
        let day = AmsterdamTime.day(of: self).words
        let minutes = Int(local.seconds.flooredRemainder(by: 86_400) / 60)
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        let (hour, minute) = (two(minutes / 60), two(minutes % 60))
        return Bilingual("\(day.nl) om \(hour).\(minute) uur", "\(day.en) at \(hour):\(minute)")
    }
}
