// The questions a form can ask about a member. Each takes a key and a presence, and answers nil after recording a
// fault, or without one when an optional member is absent. Texts are plain words and never repeat the value.

extension ObjectReader {
    /// A text of so many Unicode scalars, as `PlainText` has it; one that may not be empty may not be blank either.
    package mutating func string(
        _ key: String, _ presence: Presence = .required, length: ClosedRange<Int>
    ) -> String? {
        find(key, presence).flatMap { text($0, length) }
    }

    /// A whole number, written without exponent.
    package mutating func integer(
        _ key: String, _ presence: Presence = .required, in range: ClosedRange<Int64>
    ) -> Int64? {
        guard let value = find(key, presence) else { return nil }
        guard value.isWholeNumber else {
            reject(value, JSONFault.Code.type, "Must be a whole number.")
            return nil
        }
        guard let integer = value.integer, range.contains(integer) else {
            reject(value, JSONFault.Code.range, "Must be from \(range.lowerBound) to \(range.upperBound).")
            return nil
        }
        return integer
    }

    /// True or false.
    package mutating func boolean(_ key: String, _ presence: Presence = .required) -> Bool? {
        guard let value = find(key, presence) else { return nil }
        if value.boolean == nil { reject(value, JSONFault.Code.type, "Must be true or false.") }
        return value.boolean
    }

    /// A text with a meaning of its own, such as a date; `expecting` completes "Must be …", such as
    /// "a date, written as 2026-01-31".
    package mutating func custom<T>(
        _ key: String, _ presence: Presence = .required, expecting: String, _ parse: (String) -> T?
    ) -> T? {
        find(key, presence).flatMap { custom($0, expecting, parse) }
    }

    /// One of the words of an enumeration.
    package mutating func choice<E: RawRepresentable & CaseIterable>(
        _ key: String, _ presence: Presence = .required, as type: E.Type
    ) -> E? where E.RawValue == String {
        find(key, presence).flatMap { choice($0, type) }
    }

    /// An object with a form of its own; its faults and unknown members are reported with the others.
    package mutating func object<T>(
        _ key: String, _ presence: Presence = .required, _ read: (inout ObjectReader) -> T?
    ) -> T? {
        find(key, presence).flatMap { readObject($0, read) }
    }

    /// Any value, unread: for what only the domain can judge, such as answers to a configured form.
    package mutating func anything(_ key: String, _ presence: Presence = .required) -> JSONValue? {
        find(key, presence)
    }

    /// What a merge patch (RFC 7396) says about a member: absent keeps, null clears, and any other value is read by
    /// one of the questions: `form.patch("phone") { $0.string($1, length: 1...30) }`. Answers `keep` after a fault.
    ///
    /// A member that may not be cleared is asked for with presence `optional` instead.
    package mutating func patch<T>(_ key: String, _ read: (inout ObjectReader, String) -> T?) -> Change<T> {
        guard let value = find(key) else { return .keep }
        guard value.kind != .null else { return .clear }
        return read(&self, key).map(Change.set) ?? .keep
    }
}

// Lists.
extension ObjectReader {
    /// A list of texts; `distinct` refuses the same text twice.
    package mutating func strings(
        _ key: String, _ presence: Presence = .required, count: ClosedRange<Int>, length: ClosedRange<Int>,
        distinct: Bool = true
    ) -> [String]? {
        list(key, presence, count, distinct) { $0.text($1, length) }
    }

    /// A list of different words of an enumeration.
    package mutating func choices<E: RawRepresentable & CaseIterable>(
        _ key: String, _ presence: Presence = .required, as type: E.Type, count: ClosedRange<Int>
    ) -> [E]? where E.RawValue == String {
        list(key, presence, count, true) { $0.choice($1, type) }
    }

    /// A list of texts with a meaning of their own, such as municipality codes; see `custom`.
    package mutating func customs<T>(
        _ key: String, _ presence: Presence = .required, count: ClosedRange<Int>, distinct: Bool = true,
        expecting: String, _ parse: (String) -> T?
    ) -> [T]? {
        list(key, presence, count, distinct) { $0.custom($1, expecting, parse) }
    }

    /// A list of objects, each read by the same form.
    package mutating func objects<T>(
        _ key: String, _ presence: Presence = .required, count: ClosedRange<Int>, _ read: (inout ObjectReader) -> T?
    ) -> [T]? {
        list(key, presence, count, false) { $0.readObject($1, read) }
    }

    private mutating func list<T>(
        _ key: String, _ presence: Presence, _ count: ClosedRange<Int>, _ distinct: Bool,
        _ read: (inout ObjectReader, JSONValue) -> T?
    ) -> [T]? {
        guard let value = find(key, presence) else { return nil }
        guard value.kind == .array else {
            reject(value, JSONFault.Code.type, "Must be a list.")
            return nil
        }
        let found = value.count
        guard count.contains(found) else {
            let (code, most) =
                found < count.lowerBound ? (JSONFault.Code.tooFew, false) : (JSONFault.Code.tooMany, true)
            reject(value, code, most ? "At most \(count.upperBound) allowed." : "At least \(count.lowerBound) needed.")
            return nil
        }
        var result: [T] = []
        var seen: Set<String> = []
        for element in value.elements where remainingBudget > 0 {
            guard let one = read(&self, element) else { continue }
            if distinct, found > 1, let text = element.string, !seen.insert(text).inserted {
                reject(element, JSONFault.Code.duplicate, "This stands in the list already.")
            }
            result.append(one)
        }
        return result.count == found ? result : nil
    }
}

// Values, wherever they stand.
extension ObjectReader {
    private mutating func plainText(_ value: JSONValue) -> String? {
        guard let text = value.string else {
            reject(value, JSONFault.Code.type, "Must be text.")
            return nil
        }
        guard !PlainText.isForbidden(text) else {
            reject(value, JSONFault.Code.controlCharacter, PlainText.rule)
            return nil
        }
        return text
    }

    private mutating func text(_ value: JSONValue, _ length: ClosedRange<Int>) -> String? {
        guard let text = plainText(value) else { return nil }
        // Every scalar has one byte that does not continue another.
        let count = text.utf8.count { $0 & 0xC0 != 0x80 }
        if count < length.lowerBound {
            let least = length.lowerBound
            reject(value, JSONFault.Code.tooShort, least == 1 ? "Must not be empty." : "At least \(least) characters.")
            return nil
        }
        if count > length.upperBound {
            reject(value, JSONFault.Code.tooLong, "At most \(length.upperBound) characters.")
            return nil
        }
        if length.lowerBound > 0, PlainText.isBlank(text) {
            reject(value, JSONFault.Code.blank, "Must hold something that can be seen.")
            return nil
        }
        return text
    }

    private mutating func custom<T>(_ value: JSONValue, _ expecting: String, _ parse: (String) -> T?) -> T? {
        guard let text = plainText(value) else { return nil }
        let result = parse(text)
        if result == nil { reject(value, JSONFault.Code.format, "Must be \(expecting).") }
        return result
    }

    private mutating func choice<E: RawRepresentable & CaseIterable>(_ value: JSONValue, _ type: E.Type) -> E?
    where E.RawValue == String {
        guard let text = plainText(value) else { return nil }
        let result = E(rawValue: text)
        if result == nil {
            let words = E.allCases.map(\.rawValue).joined(separator: ", ")
            reject(value, JSONFault.Code.choice, "Must be one of: \(words).")
        }
        return result
    }
}
