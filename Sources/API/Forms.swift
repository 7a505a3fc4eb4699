// The small forms that several bodies share: dates, municipalities, phone numbers and the like. Each reads one member
// and records its own faults.

internal import Domain
internal import JSON

extension ObjectReader {
    mutating func date(_ key: String, _ presence: Presence = .required) -> CivilDate? {
        custom(key, presence, expecting: "a day, written as 2026-01-31") { CivilDate(iso: $0) }
    }

    mutating func municipality(_ key: String, _ presence: Presence = .required) -> Municipality? {
        custom(key, presence, expecting: "a municipality's code, GM and four digits") { Municipality(code: $0) }
    }

    mutating func identifier<Subject>(
        _ key: String, _ presence: Presence = .required, of subject: Subject.Type = Subject.self
    ) -> Identifier<Subject>? {
        custom(key, presence, expecting: "an id, a UUID of 36 characters") { Identifier<Subject>($0) }
    }

    mutating func bsn(_ key: String, _ presence: Presence = .required) -> CitizenServiceNumber? {
        guard let text = string(key, presence, length: 1...20) else { return nil }
        let number = CitizenServiceNumber(text)
        if number == nil { fault(key, code: "eleven-test", text: "Must be nine digits that pass the eleven-test.") }
        return number
    }

    mutating func phone(_ key: String, _ presence: Presence = .required) -> String? {
        custom(key, presence, expecting: "a phone number: digits, spaces and hyphens, + in front allowed, 3 to 30") {
            text in
            let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
            let rest = text.utf8.first == UInt8(ascii: "+") ? text.dropFirst() : text[...]
            let isPlain = rest.utf8.allSatisfy { isDigit($0) || $0 == 0x20 || $0 == 0x2D }
            return isPlain && rest.utf8.first.map(isDigit) == true && (3...30).contains(text.utf8.count) ? text : nil
        }
    }

    mutating func email(_ key: String, _ presence: Presence = .required) -> String? {
        custom(key, presence, expecting: "an e-mail address of at most 200 characters") { text in
            let parts = text.split(separator: "@", omittingEmptySubsequences: false)
            let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
            guard parts.count == 2, !parts[0].isEmpty, isPlain, text.unicodeScalars.count <= 200 else { return nil }
            let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
            return labels.count > 1 && !labels.contains("") ? text : nil
        }
    }

    mutating func reference(_ key: String, _ presence: Presence = .required) -> String? {
        custom(key, presence, expecting: "1 to 64 of letters, digits and . _ : / -") { text in
            Self.isReference(text) ? text : nil
        }
    }

    /// Whether a text can be a reference of whoever posts.
    static func isReference(_ text: String) -> Bool {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D...0x2F, 0x3A, 0x5F: true
            default: false
            }
        }
        return isPlain && (1...64).contains(text.utf8.count)
    }

    /// A day on which somebody can have been born: not after today, not more than 130 years ago.
    mutating func birthDate(_ key: String, _ presence: Presence = .required, today: CivilDate) -> CivilDate? {
        guard let day = date(key, presence) else { return nil }
        guard day <= today, day >= today.adding(months: -130 * 12) else {
            fault(key, code: "range", text: "Must be a day in the past 130 years.")
            return nil
        }
        return day
    }

    /// A change to a field that can be cleared.
    mutating func change<Value: Sendable & Equatable>(
        _ key: String, _ read: (inout ObjectReader, String) -> Value?
    ) -> FieldChange<Value> {
        switch patch(key, read) {
        case .keep: .keep
        case .clear: .clear
        case .set(let value): .set(value)
        }
    }
}

/// Limits on amounts, in euro cents; the schema repeats them.
enum AmountLimits {
    /// A million euro a month: more is a slip of the keyboard.
    static let incomePerMonth: ClosedRange<Int64> = 0...100_000_000
    /// A billion euro.
    static let debts: ClosedRange<Int64> = 0...100_000_000_000
    /// Ten thousand euro a month.
    static let rent: ClosedRange<Int64> = 0...1_000_000
}
