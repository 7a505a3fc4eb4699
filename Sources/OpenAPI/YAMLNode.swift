// The tree that a YAML text becomes: the values JSON can say, with mappings in the order they were written. Comments,
// styles and places are gone.

/// A YAML value of the core schema (YAML 1.2.2 section 10.3), as far as JSON has a word for it.
package indirect enum YAMLNode: Sendable, Equatable {
    /// Null, or nothing where a value was expected.
    case null
    /// True or false.
    case boolean(Bool)
    /// A number without fraction and exponent.
    case integer(Int64)
    /// A number with a fraction or exponent, written as JSON writes it.
    case decimal(String)
    /// A text, by its quotes or because it is nothing else.
    case string(String)
    /// A list.
    case sequence([YAMLNode])
    /// Keys and values in the order they were written.
    case mapping(YAMLMapping)
}

extension YAMLNode {
    /// The value under a key; nil when there is none or this is no mapping.
    package subscript(key: String) -> YAMLNode? { mapping?[key] }

    /// The element at a place from 0; nil when there is none or this is no sequence.
    package subscript(place: Int) -> YAMLNode? {
        guard let sequence, sequence.indices.contains(place) else { return nil }
        return sequence[place]
    }

    /// The mapping, if it is one.
    package var mapping: YAMLMapping? {
        if case .mapping(let mapping) = self { mapping } else { nil }
    }

    /// The elements, if it is a sequence.
    package var sequence: [YAMLNode]? {
        if case .sequence(let elements) = self { elements } else { nil }
    }

    /// The text, if it is a string.
    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The number, if it is a whole one.
    package var integer: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    /// The truth value, if it is one.
    package var boolean: Bool? {
        if case .boolean(let truth) = self { truth } else { nil }
    }
}

/// The entries of a mapping in the order they were written; no key stands twice.
package struct YAMLMapping: Sendable, Equatable {
    /// A key and its value; a key written as a number is its text.
    package struct Entry: Sendable, Equatable {
        /// The key as text.
        package let key: String
        /// What stands under it.
        package let value: YAMLNode
    }

    /// All entries, in order.
    package private(set) var entries: [Entry] = []
    private var places: [String: Int] = [:]

    /// An empty mapping.
    package init() {}

    /// All keys, in order.
    package var keys: [String] { entries.map(\.key) }

    /// The value under a key, or nil.
    package subscript(key: String) -> YAMLNode? { places[key].map { entries[$0].value } }

    /// Adds an entry at the end; answers false, and adds nothing, when the key is there already.
    mutating func append(_ key: String, _ value: YAMLNode) -> Bool {
        guard places[key] == nil else { return false }
        places[key] = entries.count
        entries.append(Entry(key: key, value: value))
        return true
    }
}
