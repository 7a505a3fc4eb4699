// A cursor into a document: cheap to copy, asks and never changes. A question that does not fit the kind of value
// answers nil; turning that into a fault is the form's work.

/// One value of a document.
package struct JSONValue: Sendable {
    let document: JSONDocument
    let index: Int

    /// What kind of value it is.
    package var kind: JSONKind { node.kind }

    /// The text of a string, unescaped; nil for other kinds.
    package var string: String? { kind == .string ? document.text(at: index) : nil }

    /// The truth value; nil for other kinds.
    package var boolean: Bool? { kind == .boolean ? document.bytes[Int(node.start)] == UInt8(ascii: "t") : nil }

    /// A whole number, written without exponent, that fits Int64; nil for all else, `1.5` and `1e2` included.
    package var integer: Int64? {
        guard var digits = wholePart else { return nil }
        let isNegative = digits.first == Byte.minus
        if isNegative { digits.removeFirst() }
        var value: Int64 = 0
        for byte in digits {
            let (tens, overflowed) = value.multipliedReportingOverflow(by: 10)
            let digit = Int64(byte - Byte.zero)
            let (sum, overflowedToo) = tens.subtractingReportingOverflow(digit)
            guard !overflowed, !overflowedToo else { return nil }
            value = sum
        }
        guard !isNegative else { return value }
        return value == .min ? nil : -value
    }

    /// Whether it is a whole number of any size, written without exponent.
    package var isWholeNumber: Bool { wholePart != nil }

    /// Sign and digits of a whole number. A fraction of zeros leaves it whole (JSON Schema 2020-12, validation, 6.1.1);
    /// some clients write 14 as `14.0`.
    private var wholePart: ArraySlice<UInt8>? {
        guard kind == .number else { return nil }
        let text = document.bytes[node.range]
        let whole = text.prefix { $0 == Byte.minus || Byte.digits.contains($0) }
        let rest = text.dropFirst(whole.count)
        let isWhole = rest.isEmpty || rest.first == Byte.point && rest.dropFirst().allSatisfy { $0 == Byte.zero }
        return isWhole ? whole : nil
    }

    /// The number as it was written; nil for other kinds.
    package var numberText: String? {
        kind == .number ? String(decoding: document.bytes[node.range], as: UTF8.self) : nil
    }

    /// How many elements or members it has; 0 for scalars.
    package var count: Int { elements.reduce(0) { count, _ in count + 1 } }

    /// The elements of an array or the values of an object, in order; none for scalars.
    package var elements: JSONElements { JSONElements(self) }

    /// The members of an object, in order; empty for other kinds.
    package var members: [(key: String, value: JSONValue)] {
        guard kind == .object else { return [] }
        return elements.map { (key: document.text(at: $0.index - 1), value: $0) }
    }

    /// The value of a member; nil when it is absent or this is no object.
    package subscript(key: String) -> JSONValue? {
        guard kind == .object else { return nil }
        return elements.first { document.isKey(at: $0.index - 1, key) }
    }

    /// The element of an array at a place from 0; nil when there is none.
    package subscript(place: Int) -> JSONValue? {
        guard kind == .array, place >= 0 else { return nil }
        return elements.dropFirst(place).first { _ in true }
    }

    /// RFC 6901 pointer to this value from the root, such as `/person/bsn`; worked out when asked.
    package var pointer: String { JSONPointer.to(index, in: document) }

    /// The value as it was written, to be kept or passed on unread.
    package var raw: [UInt8] {
        let quotes = kind == .string ? 1 : 0
        return Array(document.bytes[node.range.lowerBound - quotes..<node.range.upperBound + quotes])
    }

    /// Whether a string holds escapes.
    var isEscaped: Bool { node.isEscaped }

    private var node: JSONNode { document.nodes[index] }
}

/// The values inside an array or object, in document order.
package struct JSONElements: Sequence, IteratorProtocol, Sendable {
    private let document: JSONDocument
    private let isObject: Bool
    private let end: Int
    private var index: Int

    init(_ container: JSONValue) {
        document = container.document
        isObject = container.kind == .object
        index = container.index + 1
        end = Int(container.document.nodes[container.index].next)
    }

    /// The next value, or nil after the last.
    package mutating func next() -> JSONValue? {
        guard index < end else { return nil }
        let value = isObject ? index + 1 : index
        index = Int(document.nodes[value].next)
        return JSONValue(document: document, index: value)
    }
}
