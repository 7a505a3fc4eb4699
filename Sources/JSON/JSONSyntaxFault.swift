// Where and why a text is not JSON. It knows places and reasons; it never repeats what stood there, because that
// may be personal data.

/// The first place at which a text breaks RFC 8259 or a limit.
package struct JSONSyntaxFault: Error, Sendable, Equatable {
    /// Distance from the start, in bytes.
    package let offset: Int
    /// Line, from 1; lines end with a line feed.
    package let line: Int
    /// Column, from 1, in Unicode scalars.
    package let column: Int
    /// RFC 6901 pointer to the value that was being read, or to the last one before the fault.
    package let pointer: String
    /// The reason, for programs.
    package let code: Code

    /// The reason in plain words.
    package var text: String { code.text }

    /// Every reason for which a text is refused; the raw value is what clients see.
    package enum Code: String, Sendable, CaseIterable {
        case empty
        case tooLarge = "too-large"
        case byteOrderMark = "byte-order-mark"
        case unexpectedEnd = "unexpected-end"
        case unexpectedCharacter = "unexpected-character"
        case trailingText = "trailing-text"
        case badUTF8 = "bad-utf8"
        case controlCharacter = "control-character"
        case badEscape = "bad-escape"
        case loneSurrogate = "lone-surrogate"
        case badNumber = "bad-number"
        case numberTooLong = "number-too-long"
        case stringTooLong = "string-too-long"
        case keyTooLong = "key-too-long"
        case duplicateKey = "duplicate-key"
        case tooDeep = "too-deep"
        case tooManyValues = "too-many-values"
    }
}

extension JSONSyntaxFault.Code {
    /// The reason in plain words, as a sentence.
    package var text: String {
        switch self {
        case .empty: "The body is empty; JSON was expected."
        case .tooLarge: "The body is too large."
        case .byteOrderMark: "JSON must not start with a byte order mark."
        case .unexpectedEnd: "The JSON ends before it is complete."
        case .unexpectedCharacter: "This character can not stand here."
        case .trailingText: "There is text after the end of the JSON."
        case .badUTF8: "This is not valid UTF-8."
        case .controlCharacter: "Control characters in a string must be escaped."
        case .badEscape: "This is not an escape that JSON knows."
        case .loneSurrogate: "This escape is half of a surrogate pair."
        case .badNumber: "This is not a number that JSON knows."
        case .numberTooLong: "This number has too many digits."
        case .stringTooLong: "This string is too long."
        case .keyTooLong: "This key is too long."
        case .duplicateKey: "This key stands twice in the same object."
        case .tooDeep: "Objects and lists are nested too deep."
        case .tooManyValues: "There are too many values in this JSON."
        }
    }
}

extension JSONSyntaxFault {
    /// Completes a stop of the parser with line, column and pointer; slow, and only run once per refused text.
    init(_ stop: JSONParser.Stop, in bytes: [UInt8], nodes: [JSONNode]) {
        var line = 1
        var column = 1
        for byte in bytes.prefix(stop.offset) {
            if byte == Byte.lineFeed {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.offset = stop.offset
        self.line = line
        self.column = column
        self.pointer = JSONPointer.toUnfinished(nodes: nodes, bytes: bytes)
        self.code = stop.code
    }
}
