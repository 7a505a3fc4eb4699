// JSON as tests write and read it: built from Swift literals, changed at a pointer, compared whole. It is lenient where
// the service is strict, so that a test can say wrong things too; it knows no shape.

package import JSON

/// A JSON value; members keep their order.
package indirect enum JSONTree: Sendable, Equatable {
    /// `null`.
    case null
    /// `true` or `false`.
    case boolean(Bool)
    /// A whole number.
    case number(Int64)
    /// A text.
    case text(String)
    /// A list.
    case list([JSONTree])
    /// An object.
    case object([Member])
    /// Written as it stands, such as `1.5` or something that is no JSON at all.
    case raw(String)

    /// A name and its value.
    package struct Member: Sendable, Equatable {
        /// The name.
        package var name: String
        /// The value.
        package var value: JSONTree

        /// A member.
        package init(name: String, value: JSONTree) {
            self.name = name
            self.value = value
        }
    }

    /// The tree of a value that was read.
    package init(_ value: JSONValue) {
        switch value.kind {
        case .null: self = .null
        case .boolean: self = .boolean(value.boolean ?? false)
        case .number: self = value.integer.map { .number($0) } ?? .raw(value.numberText ?? "")
        case .string: self = .text(value.string ?? "")
        case .array: self = .list(value.elements.map { JSONTree($0) })
        case .object: self = .object(value.members.map { Member(name: $0.key, value: JSONTree($0.value)) })
        }
    }

    /// The tree of a text; nil when it is no JSON.
    package init?(bytes: [UInt8]) {
        guard let document = try? JSONDocument(bytes) else { return nil }
        self.init(document.root)
    }

    /// The tree as JSON text.
    package var bytes: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.finish()
    }

    private func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .boolean(let truth): writer.value(truth)
        case .number(let number): writer.value(number)
        case .text(let text): writer.value(text)
        case .raw(let text): writer.value(raw: Array(text.utf8))
        case .list(let elements): writer.array { writer in for element in elements { element.write(to: &writer) } }
        case .object(let members):
            writer.object { writer in
                for member in members {
                    writer.name(text: member.name)
                    member.value.write(to: &writer)
                }
            }
        }
    }
}

// MARK: Looking

extension JSONTree {
    /// The value at a pointer such as `/person/bsn` or `/items/0`; nil when there is none.
    package subscript(pointer: String) -> JSONTree? {
        pointer.split(separator: "/").reduce(Optional(self)) { $0?.child(String($1)) }
    }

    /// The member with a name, slashes and all, or the element at a place; nil when there is none.
    package func child(_ step: String) -> JSONTree? {
        switch self {
        case .object(let members): members.first { $0.name == step }?.value
        case .list(let elements): Int(step).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
        default: nil
        }
    }

    /// The text, if it is one.
    package var text: String? { if case .text(let text) = self { text } else { nil } }
    /// The whole number, if it is one.
    package var number: Int64? { if case .number(let number) = self { number } else { nil } }
    /// The elements; none when it is no list.
    package var elements: [JSONTree] { if case .list(let elements) = self { elements } else { [] } }
    /// The members; none when it is no object.
    package var members: [Member] { if case .object(let members) = self { members } else { [] } }

    /// The pointers of all members and elements, outermost first.
    package var pointers: [String] {
        let children: [(String, JSONTree)] =
            switch self {
            case .object(let members): members.map { ($0.name, $0.value) }
            case .list(let elements): elements.enumerated().map { (String($0), $1) }
            default: []
            }
        return children.flatMap { step, child in ["/" + step] + child.pointers.map { "/" + step + $0 } }
    }
}

// MARK: Changing

extension JSONTree {
    /// The same with a value at a pointer whose parent is there; nil removes it.
    package func setting(_ pointer: String, _ value: JSONTree?) -> JSONTree {
        setting(pointer.split(separator: "/").map(String.init)[...], value)
    }

    /// The same without what is at a pointer.
    package func removing(_ pointer: String) -> JSONTree { setting(pointer, nil) }

    private func setting(_ steps: ArraySlice<String>, _ value: JSONTree?) -> JSONTree {
        guard let step = steps.first else { return value ?? self }
        let rest = steps.dropFirst()
        switch self {
        case .object(var members):
            let place = members.firstIndex { $0.name == step }
            let old = place.map { members[$0].value } ?? .object([])
            let new = rest.isEmpty ? value : old.setting(rest, value)
            if let place {
                if let new { members[place].value = new } else { members.remove(at: place) }
            } else if let new {
                members.append(Member(name: step, value: new))
            }
            return .object(members)
        case .list(var elements):
            guard let place = Int(step), elements.indices.contains(place) else { return self }
            if let new = rest.isEmpty ? value : elements[place].setting(rest, value) {
                elements[place] = new
            } else {
                elements.remove(at: place)
            }
            return .list(elements)
        default: return self
        }
    }
}

// MARK: Literals

extension JSONTree: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral text: String) { self = .text(text) }
    package init(integerLiteral number: Int64) { self = .number(number) }
    package init(booleanLiteral truth: Bool) { self = .boolean(truth) }
}

extension JSONTree: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral {
    package init(arrayLiteral elements: JSONTree...) { self = .list(elements) }
    package init(dictionaryLiteral members: (String, JSONTree)...) {
        self = .object(members.map { Member(name: $0.0, value: $0.1) })
    }
    package init(nilLiteral: ()) { self = .null }
}
