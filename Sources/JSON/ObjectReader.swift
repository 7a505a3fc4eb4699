// One object of a body while a form reads it: which members were asked for, and what was wrong so far. Each question
// answers an optional and records a fault, so that a form goes on to its end and the client hears all at once. The
// questions themselves stand in ObjectReader+Fields.swift; rules that span fields are the caller's, through `fault`.

/// Whether a member may be absent; null is a fault of type either way.
package enum Presence: Sendable {
    /// Its absence is a fault.
    case required
    /// Its absence is nil.
    case optional
}

/// Reads the members of one object and collects faults.
package struct ObjectReader {
    private struct Member {
        let key: Int
        var isRead = false
    }

    /// The object itself, for what the form's questions do not cover; reading here does not mark members as known.
    package let value: JSONValue
    private(set) var faults: [JSONFault] = []
    /// How many faults may still be recorded when this reader starts.
    private let budget: Int
    private var members: [Member] = []
    /// Where the next member asked for probably stands: clients tend to write in the order of the form.
    private var guess = 0

    init(_ value: JSONValue, budget: Int) {
        self.value = value
        self.budget = budget
        members.reserveCapacity(8)
        let nodes = value.document.nodes
        let end = Int(nodes[value.index].next)
        var key = value.index + 1
        while key < end {
            members.append(Member(key: key))
            key = Int(nodes[key + 1].next)
        }
    }

    /// Whether anything was wrong so far, in this object or inside it.
    package var hasFaults: Bool { !faults.isEmpty }

    /// Whether the object has no members at all, such as a patch that changes nothing.
    package var isEmpty: Bool { members.isEmpty }

    /// Whether the member is there, null included; does not mark it as known.
    package func has(_ key: String) -> Bool { value[key] != nil }

    /// Records a fault of the domain at a member, or at the object itself when `key` is nil; the text must not repeat
    /// the value.
    package mutating func fault(_ key: String?, code: String, text: String) {
        guard remainingBudget > 0 else { return }
        let step = key.map(JSONPointer.step) ?? ""
        faults.append(JSONFault(pointer: value.pointer + step, code: code, text: text))
    }

    /// Records a fault at a value inside this object.
    mutating func reject(_ value: JSONValue, _ code: String, _ text: String) {
        guard remainingBudget > 0 else { return }
        faults.append(JSONFault(pointer: value.pointer, code: code, text: text))
    }

    /// How many more faults are worth looking for; bounds the work on a body that is wrong everywhere.
    var remainingBudget: Int { budget - faults.count }

    /// The value of a member, which is known from now on; nil when absent.
    mutating func find(_ key: String) -> JSONValue? {
        guard let place = place(of: key, in: guess..<members.count) ?? place(of: key, in: 0..<guess) else { return nil }
        members[place].isRead = true
        guess = place + 1
        return JSONValue(document: value.document, index: members[place].key + 1)
    }

    private func place(of key: String, in places: Range<Int>) -> Int? {
        for place in places where value.document.isKey(at: members[place].key, key) { return place }
        return nil
    }

    /// As `find`, with a fault when a required member is absent.
    mutating func find(_ key: String, _ presence: Presence) -> JSONValue? {
        let found = find(key)
        if found == nil, presence == .required {
            fault(key, code: JSONFault.Code.required, text: "This field is required.")
        }
        return found
    }

    /// Reads a nested object with its own reader and takes over its faults.
    mutating func readObject<T>(_ value: JSONValue, _ read: (inout ObjectReader) -> T?) -> T? {
        guard value.kind == .object else {
            reject(value, JSONFault.Code.type, "Must be an object.")
            return nil
        }
        var reader = ObjectReader(value, budget: remainingBudget)
        let result = read(&reader)
        reader.finish()
        faults += reader.faults
        if result == nil, reader.faults.isEmpty {
            reject(value, JSONFault.Code.invalid, "This object could not be taken.")
        }
        return result
    }

    /// Reports the members nobody asked for.
    mutating func finish() {
        for member in members where !member.isRead {
            let unknown = JSONValue(document: value.document, index: member.key + 1)
            reject(unknown, JSONFault.Code.unknownField, "This field is not known here.")
        }
    }
}
