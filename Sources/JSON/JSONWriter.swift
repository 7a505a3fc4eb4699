// Writes JSON (RFC 8259) into one growing array of bytes: compact, in the order asked. Commas follow from the last
// byte written, so there is no state to keep. It knows no model types; callers say each field.

/// A streaming JSON writer: `w.object { w in w.field("id", id) }`, then `finish()`.
///
/// What is written is valid when names and values alternate inside objects; the writer does not check that.
package struct JSONWriter {
    private var bytes: [UInt8] = []

    /// Starts empty, with room for so many bytes.
    package init(reservingBytes capacity: Int = 1024) {
        bytes.reserveCapacity(capacity)
    }

    /// Goes on after what was written before; the memory of `bytes` is used on when nobody else holds it.
    package init(continuing bytes: consuming [UInt8]) {
        self.bytes = bytes
    }

    /// Hands over what was written.
    package consuming func finish() -> [UInt8] { bytes }

    /// How many bytes were written so far.
    package var count: Int { bytes.count }

    // MARK: Values: elements of an array, or what follows a name

    /// An object; the closure writes its fields.
    package mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
        separate()
        bytes.append(Byte.openObject)
        try body(&self)
        bytes.append(Byte.closeObject)
    }

    /// An array; the closure writes its elements.
    package mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
        separate()
        bytes.append(Byte.openArray)
        try body(&self)
        bytes.append(Byte.closeArray)
    }

    /// A string.
    package mutating func value(_ string: String) {
        separate()
        append(quoted: string)
    }

    /// A whole number.
    package mutating func value(_ integer: Int64) {
        separate()
        append(decimal: integer)
    }

    /// A whole number.
    package mutating func value(_ integer: Int) { value(Int64(integer)) }

    /// True or false.
    package mutating func value(_ boolean: Bool) {
        separate()
        append(boolean ? "true" : "false")
    }

    /// Null.
    package mutating func null() {
        separate()
        append("null")
    }

    /// One value encoded before, without white space around it.
    package mutating func value(raw encoded: [UInt8]) {
        separate()
        bytes.append(contentsOf: encoded)
    }

    /// Ends a line, for newline-delimited JSON; the next value starts without a comma.
    package mutating func endLine() { bytes.append(Byte.lineFeed) }

    // MARK: Names

    /// The name of the next value; the literal is ASCII that needs no escape.
    package mutating func name(_ name: StaticString) {
        separate()
        bytes.append(Byte.quote)
        append(name)
        bytes.append(Byte.quote)
        bytes.append(Byte.colon)
    }

    /// The name of the next value, when it is only known at run time.
    package mutating func name(text name: String) {
        separate()
        append(quoted: name)
        bytes.append(Byte.colon)
    }

    private mutating func separate() {
        switch bytes.last {
        case nil, Byte.openObject, Byte.openArray, Byte.colon, Byte.lineFeed: break
        default: bytes.append(Byte.comma)
        }
    }

    private mutating func append(_ literal: StaticString) {
        literal.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }
}

// Fields: a name and its value in one call.
extension JSONWriter {
    /// A field with a string.
    package mutating func field(_ name: StaticString, _ string: String) {
        self.name(name)
        append(quoted: string)
    }

    /// A field with a whole number.
    package mutating func field(_ name: StaticString, _ integer: Int64) {
        self.name(name)
        append(decimal: integer)
    }

    /// A field with a whole number.
    package mutating func field(_ name: StaticString, _ integer: Int) { field(name, Int64(integer)) }

    /// A field with true or false.
    package mutating func field(_ name: StaticString, _ boolean: Bool) {
        self.name(name)
        append(boolean ? "true" : "false")
    }

    /// A field with one value encoded before.
    package mutating func field(_ name: StaticString, raw encoded: [UInt8]) {
        self.name(name)
        bytes.append(contentsOf: encoded)
    }

    /// A field that is left out when there is no string.
    package mutating func field(_ name: StaticString, ifPresent string: String?) {
        if let string { field(name, string) }
    }

    /// A field that is left out when there is no number.
    package mutating func field(_ name: StaticString, ifPresent integer: Int64?) {
        if let integer { field(name, integer) }
    }

    /// A field that is left out when there is no number.
    package mutating func field(_ name: StaticString, ifPresent integer: Int?) {
        if let integer { field(name, integer) }
    }

    /// A field that is left out when there is no truth value.
    package mutating func field(_ name: StaticString, ifPresent boolean: Bool?) {
        if let boolean { field(name, boolean) }
    }

    /// A field with null.
    package mutating func null(_ name: StaticString) {
        self.name(name)
        append("null")
    }

    /// A field with an object.
    package mutating func object(_ name: StaticString, _ body: (inout JSONWriter) throws -> Void) rethrows {
        self.name(name)
        try object(body)
    }

    /// A field with an array.
    package mutating func array(_ name: StaticString, _ body: (inout JSONWriter) throws -> Void) rethrows {
        self.name(name)
        try array(body)
    }

    /// A field with an array of strings.
    package mutating func field(_ name: StaticString, _ strings: [String]) {
        array(name) { w in
            for string in strings { w.value(string) }
        }
    }
}

// How scalars look.
extension JSONWriter {
    private static let hexDigits = Array("0123456789abcdef".utf8)

    private mutating func append(quoted string: String) {
        bytes.append(Byte.quote)
        // Native strings hand out their storage; others (none on Linux so far) go through a copy.
        let isDone: Void? = string.utf8.withContiguousStorageIfAvailable { append(escaping: $0.span.bytes) }
        if isDone == nil { append(escaping: Array(string.utf8).span.bytes) }
        bytes.append(Byte.quote)
    }

    /// Copies runs that need no escape as they are; only `"`, `\` and U+0000 to U+001F must change (section 7).
    private mutating func append(escaping text: RawSpan) {
        var start = 0
        var offset = 0
        while offset < text.byteCount {
            offset = text.skipUnescaped(from: offset)
            guard offset < text.byteCount else { break }
            let byte = text.byte(offset)
            if byte < 0x20 || byte == Byte.quote || byte == Byte.backslash {
                append(text.extracting(start..<offset))
                append(escapeOf: byte)
                start = offset + 1
            }
            offset += 1
        }
        append(text.extracting(start..<text.byteCount))
    }

    private mutating func append(_ run: RawSpan) {
        run.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    private mutating func append(escapeOf byte: UInt8) {
        switch byte {
        case Byte.quote: append("\\\"")
        case Byte.backslash: append("\\\\")
        case 0x0A: append("\\n")
        case 0x0D: append("\\r")
        case 0x09: append("\\t")
        default:
            append("\\u00")
            bytes.append(Self.hexDigits[Int(byte >> 4)])
            bytes.append(Self.hexDigits[Int(byte & 0xF)])
        }
    }

    private mutating func append(decimal integer: Int64) {
        if integer < 0 { bytes.append(Byte.minus) }
        var rest = integer.magnitude
        var digits = InlineArray<20, UInt8>(repeating: Byte.zero)
        var first = digits.count
        repeat {
            first -= 1
            digits[first] = Byte.zero + UInt8(rest % 10)
            rest /= 10
        } while rest > 0
        append(digits.span.bytes.extracting(first..<digits.count))
    }
}

extension RawSpan {
    /// The first offset at or after `offset` whose byte may need an escape, or one of the last seven. Eight at a time.
    @inline(__always)
    fileprivate func skipUnescaped(from offset: Int) -> Int {
        var offset = offset
        while byteCount - offset >= 8 {
            let word = UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
            let special = JSONWord.mustEscape(word)
            if special != 0 { return offset + special.trailingZeroBitCount / 8 }
            offset += 8
        }
        return offset
    }
}
