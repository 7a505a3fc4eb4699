// A moment in time as the service stores and shows it. Knows the proleptic Gregorian calendar and RFC 3339;
// does not know which moment it is now (see Environment) nor anything about time zones (see AmsterdamTime).

/// A moment, in whole milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
package struct Instant: Hashable, Comparable, Sendable {
    /// Milliseconds since the epoch; negative before 1970.
    package var milliseconds: Int64

    /// A moment from its count of milliseconds since the epoch.
    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Later than every other.
    package static let endOfTime = Instant(milliseconds: .max)

    package static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }

    /// The moment `seconds` later; saturates at the ends of the range.
    package func adding(seconds: Int64) -> Instant {
        let (span, overflowed) = seconds.multipliedReportingOverflow(by: 1000)
        let (sum, spilled) = milliseconds.addingReportingOverflow(span)
        return Instant(milliseconds: overflowed || spilled ? (seconds < 0 ? .min : .max) : sum)
    }

    /// Whole seconds since the epoch, rounded down.
    package var seconds: Int64 { milliseconds.flooredDivision(by: 1000) }
}

extension Instant: CustomStringConvertible {
    /// RFC 3339 in UTC with milliseconds: `2026-11-22T09:30:00.000Z`.
    package var description: String {
        let day = CivilDate(dayNumber: Int32(clamping: milliseconds.flooredDivision(by: 86_400_000)))
        let rest = milliseconds.flooredRemainder(by: 86_400_000)
        var text: [UInt8] = []
        text.reserveCapacity(24)
        text.append(contentsOf: day.description.utf8)
        text.append(UInt8(ascii: "T"))
        text.append(padded: rest / 3_600_000, width: 2)
        text.append(UInt8(ascii: ":"))
        text.append(padded: rest / 60_000 % 60, width: 2)
        text.append(UInt8(ascii: ":"))
        text.append(padded: rest / 1000 % 60, width: 2)
        text.append(UInt8(ascii: "."))
        text.append(padded: rest % 1000, width: 3)
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads RFC 3339 section 5.6 `date-time` with any offset; nil when it is anything else.
    ///
    /// A leap second (`:60`) is refused: the database has no place for it.
    package init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] | 0x20 == UInt8(ascii: "t"),
            let date = CivilDate(isoBytes: bytes[0..<10]),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let hour = decimal(bytes[11..<13]), let minute = decimal(bytes[14..<16]),
            let second = decimal(bytes[17..<19]), hour < 24, minute < 60, second < 60
        else { return nil }
        var at = 19
        var fraction: Int64 = 0
        if bytes[at] == UInt8(ascii: ".") {
            let start = at + 1
            at = start
            while at < bytes.count, bytes[at] >= 0x30, bytes[at] <= 0x39 { at += 1 }
            guard at > start, at - start <= 9 else { return nil }
            let digits = bytes[start..<min(at, start + 3)]
            guard var value = decimal(digits) else { return nil }
            for _ in digits.count..<3 { value *= 10 }
            fraction = value
        }
        guard at < bytes.count, let offset = Instant.offsetMinutes(bytes[at...]) else { return nil }
        let days = Int64(date.dayNumber)
        milliseconds =
            days * 86_400_000 + (hour * 3600 + minute * 60 + second) * 1000 + fraction - offset * 60_000
        // The offset may lead out of the years that can be written.
        let day = CivilDate(dayNumber: Int32(clamping: milliseconds.flooredDivision(by: 86_400_000)))
        guard (1...9999).contains(day.parts.year) else { return nil }
    }

    private static func offsetMinutes(_ bytes: ArraySlice<UInt8>) -> Int64? {
        let part = Array(bytes)
        if part.count == 1 { return part[0] | 0x20 == UInt8(ascii: "z") ? 0 : nil }
        guard part.count == 6, part[3] == UInt8(ascii: ":"), let hours = decimal(part[1..<3]),
            let minutes = decimal(part[4..<6]), hours < 24, minutes < 60
        else { return nil }
        switch part[0] {
        case UInt8(ascii: "+"): return hours * 60 + minutes
        case UInt8(ascii: "-"): return -(hours * 60 + minutes)
        default: return nil
        }
    }
}

/// The value of a run of ASCII digits; nil when it is empty or holds anything else.
func decimal(_ bytes: ArraySlice<UInt8>) -> Int64? {
    guard !bytes.isEmpty, bytes.count <= 18 else { return nil }
    var value: Int64 = 0
    for byte in bytes {
        guard byte >= 0x30, byte <= 0x39 else { return nil }
        value = value * 10 + Int64(byte - 0x30)
    }
    return value
}

extension Array where Element == UInt8 {
    /// Appends a non-negative number in decimal with leading zeros.
    mutating func append(padded value: Int64, width: Int) {
        let digits = String(value).utf8
        for _ in digits.count..<Swift.max(width, digits.count) { append(0x30) }
        append(contentsOf: digits)
    }
}

extension BinaryInteger {
    /// Division that rounds towards minus infinity; `divisor` is positive.
    func flooredDivision(by divisor: Self) -> Self {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }

    /// The remainder that goes with `flooredDivision`: never negative.
    func flooredRemainder(by divisor: Self) -> Self {
        let remainder = self % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}
