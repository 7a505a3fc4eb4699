// Reads the instance format `match-instance/1`: strictly, each fault with its place and the first one told. What may not
// stand in an instance besides its form (unknown ids, repeated ones) is told by Matching itself.

internal import JSON
internal import Matching

/// Why a text is no instance, in one line that names the place.
struct InstanceFault: Error, CustomStringConvertible {
    let description: String

    init(_ place: String, _ text: String) { description = place.isEmpty ? text : "\(place): \(text)" }
}

/// An element of a list, named when it is at fault; instances have millions of elements and seldom a fault.
struct Place: CustomStringConvertible {
    let list: String
    let index: Int

    var description: String { "\(list)[\(index)]" }
}

enum MatchInstanceReader {
    static let format = "match-instance/1"

    /// Instances are files of the person who runs the command, not requests of a stranger, and large ones have tens of
    /// millions of values: what a run may hold is said by Matching, what the machine holds by its memory.
    private static let limits: JSONLimits = {
        var limits = JSONLimits()
        limits.bytes = Int(UInt32.max) - 2
        limits.nodes = 1_000_000_000
        return limits
    }()

    /// The question that `bytes` ask.
    ///
    /// - Throws: `InstanceFault`, the first that was found.
    static func read(_ bytes: [UInt8]) throws(InstanceFault) -> MatchInput {
        let root: JSONValue
        do throws(JSONSyntaxFault) {
            root = try JSONDocument(bytes, limits: limits).root
        } catch {
            throw InstanceFault("line \(error.line), column \(error.column)", error.text)
        }
        let top = try Members(root, at: "", known: ["format", "candidates", "dwellings", "groups"])
        guard try top.text("format") == format else { throw InstanceFault("format", "must be \(format)") }
        return MatchInput(
            candidates: try top.list("candidates") { value, place throws(InstanceFault) in
                try candidate(value, at: place)
            },
            dwellings: try top.list("dwellings") { value, place throws(InstanceFault) in
                try dwelling(value, at: place)
            },
            groups: try top.list("groups", mayBeAbsent: true) { value, place throws(InstanceFault) in
                let group = try Members(value, at: place.description, known: ["id", "cap"])
                return MatchInput.Group(id: try group.text("id"), cap: try group.integer("cap"))
            })
    }

    private static func candidate(_ value: JSONValue, at place: Place) throws(InstanceFault) -> MatchInput.Candidate {
        let members = try Members(
            value, at: place.description, known: ["id", "priority", "edges", "near"])
        return MatchInput.Candidate(
            id: try members.text("id"), priority: try members.integer("priority"),
            edges: try members.list("edges") { value, place throws(InstanceFault) in
                let (dwelling, score) = try pair(value, at: place)
                return MatchInput.Edge(dwelling: dwelling, score: try integer(score, at: "\(place)[1]"))
            },
            near: try members.list("near", mayBeAbsent: true) { value, place throws(InstanceFault) in
                let (dwelling, limit) = try pair(value, at: place)
                return MatchInput.NearEdge(dwelling: dwelling, limit: try text(limit, at: "\(place)[1]"))
            })
    }

    private static func dwelling(_ value: JSONValue, at place: Place) throws(InstanceFault) -> MatchInput.Dwelling {
        let members = try Members(value, at: place.description, known: ["id", "groups", "capacity"])
        return MatchInput.Dwelling(
            id: try members.text("id"),
            groups: try members.list("groups", mayBeAbsent: true) { value, place throws(InstanceFault) in
                try text(value, at: place.description)
            },
            capacity: members.has("capacity") ? try members.integer("capacity") : 1)
    }

    /// `[dwelling, something]`.
    private static func pair(_ value: JSONValue, at place: Place) throws(InstanceFault) -> (String, JSONValue) {
        var elements = value.elements
        guard value.kind == .array, let first = elements.next(), let second = elements.next(), elements.next() == nil
        else { throw InstanceFault(place.description, "must be a list of two") }
        return (try text(first, at: "\(place)[0]"), second)
    }

    /// The key after a colon, when it reads as a name: what else stands there may be anything.
    fileprivate static func shown(_ key: String) -> String {
        let isName = key.utf8.count <= 40 && key.utf8.allSatisfy { (0x21...0x7e).contains($0) }
        return isName && !key.isEmpty ? ": \(key)" : ""
    }

    fileprivate static func text(_ value: JSONValue, at place: @autoclosure () -> String) throws(InstanceFault)
        -> String
    {
        guard let text = value.string else { throw InstanceFault(place(), "must be text") }
        return text
    }

    fileprivate static func integer(
        _ value: JSONValue, at place: @autoclosure () -> String
    ) throws(InstanceFault) -> Int64 {
        guard let integer = value.integer else {
            throw InstanceFault(place(), "must be a whole number of 64 bits, without exponent")
        }
        return integer
    }
}

/// The members of one object, all of them known.
private struct Members {
    private let values: [String: JSONValue]
    private let place: String

    init(_ value: JSONValue, at place: String, known: [String]) throws(InstanceFault) {
        guard value.kind == .object else { throw InstanceFault(place, "must be an object") }
        var values: [String: JSONValue] = [:]
        for (key, member) in value.members {
            guard known.contains(key) else {
                throw InstanceFault(place, "has a member that is not known" + MatchInstanceReader.shown(key))
            }
            values[key] = member
        }
        self.values = values
        self.place = place
    }

    func has(_ key: String) -> Bool { values[key] != nil }

    func text(_ key: String) throws(InstanceFault) -> String {
        try MatchInstanceReader.text(try value(key), at: path(key))
    }

    func integer(_ key: String) throws(InstanceFault) -> Int64 {
        try MatchInstanceReader.integer(try value(key), at: path(key))
    }

    func list<Element>(
        _ key: String, mayBeAbsent: Bool = false,
        _ read: (JSONValue, Place) throws(InstanceFault) -> Element
    ) throws(InstanceFault) -> [Element] {
        if mayBeAbsent, !has(key) { return [] }
        let list = try value(key)
        guard list.kind == .array else { throw InstanceFault(path(key), "must be a list") }
        var elements: [Element] = []
        let path = path(key)
        for value in list.elements { elements.append(try read(value, Place(list: path, index: elements.count))) }
        return elements
    }

    private func value(_ key: String) throws(InstanceFault) -> JSONValue {
        guard let value = values[key] else { throw InstanceFault(path(key), "is needed") }
        return value
    }

    private func path(_ key: String) -> String { place.isEmpty ? key : "\(place).\(key)" }
}
