// One entry of the flat tree the parser makes: a kind and three offsets. It owns no bytes and no text.

/// The six kinds of JSON value (RFC 8259 section 3).
package enum JSONKind: UInt8, Sendable {
    case null, boolean, number, string, array, object
}

/// A value or key in document order; the value of a member follows its key at once.
struct JSONNode: Sendable {
    /// First byte: after the quote for strings, the bracket for containers.
    var start: UInt32
    /// Bytes from `start`: without quotes for strings, with both brackets for containers.
    var length: UInt32
    /// Index of the first node that is not inside this one; 0 while the container is still open.
    var next: UInt32
    /// What it is; keys are strings.
    var kind: JSONKind
    /// For strings: whether a backslash occurs, so that the bytes are not yet the text.
    var isEscaped: Bool

    /// The bytes this node spans.
    var range: Range<Int> { Int(start)..<Int(start) + Int(length) }
}

/// The bytes that JSON gives a meaning.
enum Byte {
    static let lineFeed = UInt8(ascii: "\n")
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
    static let comma = UInt8(ascii: ",")
    static let colon = UInt8(ascii: ":")
    static let openObject = UInt8(ascii: "{")
    static let closeObject = UInt8(ascii: "}")
    static let openArray = UInt8(ascii: "[")
    static let closeArray = UInt8(ascii: "]")
    static let minus = UInt8(ascii: "-")
    static let zero = UInt8(ascii: "0")
    static let point = UInt8(ascii: ".")
    static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
}
