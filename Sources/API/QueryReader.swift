// Reads a query the way a form is read: every fault at once, unknown and repeated parameters are faults too.

internal import Domain
internal import HTTPWire
internal import Storage

struct QueryReader {
    private var items: [QueryItem]
    private var faults: [RequestFault] = []
    private var known: Set<String> = []

    init(_ request: Request) { items = request.query }

    mutating func value(_ name: String) -> String? {
        known.insert(name)
        let found = items.filter { $0.name == name }
        if found.count > 1 { fault(name, "duplicate", "Give this parameter once.") }
        return found.first?.value
    }

    /// Records a rule that spans parameters.
    mutating func fault(_ name: String, _ code: String, _ text: String) {
        faults.append(RequestFault(place: .parameter(name), code: code, text: text))
    }

    /// One word of an enumeration; nil when absent.
    mutating func choice<E: RawRepresentable<String> & CaseIterable>(_ name: String, as words: E.Type) -> E? {
        guard let text = value(name) else { return nil }
        let word = E(rawValue: text)
        if word == nil { fault(name, "enum", "Must be one of: \(Self.list(words)).") }
        return word
    }

    /// Words of an enumeration with commas between; none when absent.
    mutating func choices<E: RawRepresentable<String> & CaseIterable>(_ name: String, as words: E.Type) -> [E] {
        guard let text = value(name) else { return [] }
        let found = text.split(separator: ",", omittingEmptySubsequences: false).map { E(rawValue: String($0)) }
        if found.contains(where: { $0 == nil }) { fault(name, "enum", "Must be words of: \(Self.list(words)).") }
        return found.compactMap(\.self)
    }

    private static func list<E: RawRepresentable<String> & CaseIterable>(_ words: E.Type) -> String {
        words.allCases.map(\.rawValue).joined(separator: ", ")
    }

    /// A municipality's code; nil when absent.
    mutating func municipality(_ name: String) -> Municipality? {
        guard let text = value(name) else { return nil }
        let municipality = Municipality(code: text)
        if municipality == nil { fault(name, "format", "Must be GM and four digits.") }
        return municipality
    }

    /// An id; nil when absent.
    mutating func identifier<Subject>(_ name: String, of subject: Subject.Type) -> Identifier<Subject>? {
        guard let text = value(name) else { return nil }
        let id = Identifier<Subject>(text)
        if id == nil { fault(name, "format", "Must be an id, a UUID of 36 characters.") }
        return id
    }

    /// A day, `YYYY-MM-DD`; nil when absent.
    mutating func day(_ name: String) -> CivilDate? {
        guard let text = value(name) else { return nil }
        let day = CivilDate(iso: text)
        if day == nil { fault(name, "format", "Must be a day, such as 2026-11-22.") }
        return day
    }

    /// A calendar year; nil when absent.
    mutating func year(_ name: String) -> Int? {
        guard let text = value(name) else { return nil }
        if let year = Int(text), text.utf8.count == 4, (2000...2200).contains(year) { return year }
        fault(name, "format", "Must be a year from 2000 to 2200.")
        return nil
    }

    /// `true` or `false`; false when absent.
    mutating func flag(_ name: String) -> Bool {
        guard let text = value(name) else { return false }
        if text != "true" && text != "false" { fault(name, "enum", "Must be true or false.") }
        return text == "true"
    }

    /// How many items a page has when nothing is said.
    static let defaultLimit = 25
    /// The most items a page has.
    static let greatestLimit = 100

    /// `limit` and `cursor`; `key` reads the cursor.
    mutating func page<Key: Sendable>(
        _ key: (String) -> Key?, named name: String = "cursor"
    ) -> PageRequest<Key> {
        var page = PageRequest<Key>(limit: Self.defaultLimit)
        if let text = value("limit") {
            if let limit = Int(text), (1...Self.greatestLimit).contains(limit), text.utf8.first != UInt8(ascii: "+") {
                page.limit = limit
            } else {
                fault("limit", "range", "Must be from 1 to \(Self.greatestLimit).")
            }
        }
        if let text = value(name) {
            page.after = key(text)
            if page.after == nil { fault(name, "format", "Must be a cursor this list gave, with the same sort.") }
        }
        return page
    }

    /// Refuses any parameter, where there is none.
    static func refuseAny(_ request: Request) throws(Problem) {
        var reader = QueryReader(request)
        try reader.finish()
    }

    /// Throws when anything was wrong, parameters that nobody asked for included.
    mutating func finish() throws(Problem) {
        for item in items where !known.contains(item.name) {
            known.insert(item.name)
            fault(String(item.name.prefix(40)), "unknown-parameter", "This parameter does not exist here.")
        }
        guard faults.isEmpty else {
            throw Problem(
                .invalidQuery, faults.count == 1 ? "The query has a fault." : "The query has \(faults.count) faults.",
                faults: faults)
        }
    }
}

/// Links to the next page.
enum PageLink {
    /// The same request with another cursor.
    static func next(_ request: Request, _ name: String = "cursor", cursor: String) -> String {
        let kept = request.query.filter { $0.name != name } + [QueryItem(name: name, value: cursor)]
        let query = kept.map { encoded($0.name) + "=" + encoded($0.value) }.joined(separator: "&")
        return "<\(request.path)?\(query)>; rel=\"next\""
    }

    // Only unreserved characters and the comma stay as they are (RFC 3986, section 2.3).
    private static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2C, 0x2D, 0x2E, 0x5F, 0x7E:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }
}
