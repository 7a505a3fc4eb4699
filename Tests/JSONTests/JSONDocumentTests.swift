// Which texts are JSON and which are not, in tables in the manner of JSONTestSuite, with the place of each fault.

import JSON
import Testing

/// Reads a text, or gives its fault.
func read(_ text: String, limits: JSONLimits = .standard) throws -> JSONValue {
    try JSONDocument(Array(text.utf8), limits: limits).root
}

/// The fault of some bytes, or nil when they are JSON.
func fault(of bytes: [UInt8], limits: JSONLimits = .standard) -> JSONSyntaxFault? {
    do throws(JSONSyntaxFault) {
        _ = try JSONDocument(bytes, limits: limits)
        return nil
    } catch {
        return error
    }
}

@Suite struct JSONDocumentTests {
    @Test(arguments: [
        "0", "-0", "1", "-1", "12", "1.0", "0.5", "-0.5", "1e2", "1E+2", "1e-2", "0e0", "0.0e-0",
        "123456789012345678901234",
        "true", "false", "null", "\"\"", "\"a\"", "[]", "{}", " [ ] ", "\t\r\n{ }\n", "[1]", "[1,2]", "[[],[[]],{}]",
        #"{"a":1}"#, #"{"":0}"#, #"{"a":{"b":[null,true]},"c":"d"}"#, #"{"a":1,"A":2}"#, #"{"a":{"a":1}}"#,
        #""\"\\\/\b\f\n\r\t""#, #""\u0041\u00e9\u20AC""#, #""\ud83d\ude00""#, #""\u0000""#, "\"\u{7F}\u{2028}\"",
        "\"é€😀\"", "\"0123456\\n89012345678901234567890é\"", #"{"a\u0062":1,"a":2}"#, "\"\u{FEFF}\"", "\"\u{FFFF}\"",
    ])
    func accepted(text: String) {
        #expect(fault(of: Array(text.utf8)) == nil)
    }

    static let refused: [(text: String, code: JSONSyntaxFault.Code, offset: Int)] = [
        ("", .empty, 0), (" \n", .empty, 2), ("\u{FEFF}{}", .byteOrderMark, 0),
        // The end too early
        ("{", .unexpectedEnd, 1), ("[", .unexpectedEnd, 1), ("\"", .unexpectedEnd, 1), ("\"abc", .unexpectedEnd, 4),
        ("{\"a\"", .unexpectedEnd, 4), ("{\"a\":", .unexpectedEnd, 5), ("[1", .unexpectedEnd, 2),
        ("-", .unexpectedEnd, 1),
        ("1.", .unexpectedEnd, 2), ("1e", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3), ("tru", .unexpectedEnd, 3),
        ("\"\\", .unexpectedEnd, 2), (#""\u12"#, .unexpectedEnd, 5),
        // Something else than what must come
        ("x", .unexpectedCharacter, 0), ("[1 2]", .unexpectedCharacter, 3), ("[,1]", .unexpectedCharacter, 1),
        ("[1,]", .unexpectedCharacter, 3), ("[1,,2]", .unexpectedCharacter, 3), ("[1}", .unexpectedCharacter, 2),
        ("{,}", .unexpectedCharacter, 1), ("{\"a\":1,}", .unexpectedCharacter, 7),
        ("{\"a\" 1}", .unexpectedCharacter, 5),
        ("{a:1}", .unexpectedCharacter, 1), ("{'a':1}", .unexpectedCharacter, 1), ("{1:1}", .unexpectedCharacter, 1),
        ("{\"a\"::1}", .unexpectedCharacter, 5), ("{\"a\":1 \"b\":2}", .unexpectedCharacter, 7),
        ("]", .unexpectedCharacter, 0),
        ("{\"a\":1]", .unexpectedCharacter, 6), ("True", .unexpectedCharacter, 0), ("trux", .unexpectedCharacter, 3),
        ("NaN", .unexpectedCharacter, 0), ("Infinity", .unexpectedCharacter, 0), ("+1", .unexpectedCharacter, 0),
        (".5", .unexpectedCharacter, 0), ("[1]/**/", .trailingText, 3), ("/*x*/1", .unexpectedCharacter, 0),
        ("\u{C}1", .unexpectedCharacter, 0), ("\u{A0}1", .unexpectedCharacter, 0), ("[é]", .unexpectedCharacter, 1),
        ("'a'", .unexpectedCharacter, 0), ("undefined", .unexpectedCharacter, 0),
        // Behind the end
        ("1 2", .trailingText, 2), ("{}{}", .trailingText, 2), ("[]]", .trailingText, 2), ("nullx", .trailingText, 4),
        ("{}\u{0}", .trailingText, 2), ("0x1", .trailingText, 1),
        // Numbers
        ("01", .badNumber, 0), ("-01", .badNumber, 0), ("00", .badNumber, 0), ("1.x", .badNumber, 2),
        ("[1.]", .badNumber, 3), ("[1e]", .badNumber, 3), ("[-]", .badNumber, 2), ("-Infinity", .badNumber, 1),
        ("1ee2", .badNumber, 2), ("--1", .badNumber, 1), ("1.2.3", .trailingText, 3), ("1+2", .trailingText, 1),
        // Strings
        ("\"a\nb\"", .controlCharacter, 2), ("\"\t\"", .controlCharacter, 1), ("\"\u{0}\"", .controlCharacter, 1),
        ("\"abcdefgh\u{1F}\"", .controlCharacter, 9), (#""\x41""#, .badEscape, 1), (#""\u12G4""#, .badEscape, 1),
        (#""\'""#, .badEscape, 1), (#""\U0041""#, .badEscape, 1), (#""\u 123""#, .badEscape, 1),
        (#""\ud800""#, .loneSurrogate, 1), (#""a\udc00""#, .loneSurrogate, 2), (#""\ud800\ud800""#, .loneSurrogate, 1),
        (#""\ud800\n""#, .loneSurrogate, 1), (#""\ud800x""#, .loneSurrogate, 1),
        (#""\ud83d\u0041""#, .loneSurrogate, 1),
        // Keys that stand twice, compared by what they mean
        (#"{"a":1,"a":1}"#, .duplicateKey, 7), (#"{"a":1,"\u0061":1}"#, .duplicateKey, 7),
        (#"[{"b":{"a":1,"c":2,"a":3,"d":4}}]"#, .duplicateKey, 19), (#"{"":1,"":2}"#, .duplicateKey, 6),
    ]

    @Test(arguments: refused)
    func refusedAt(text: String, code: JSONSyntaxFault.Code, offset: Int) {
        let found = fault(of: Array(text.utf8))
        #expect(found?.code == code)
        #expect(found?.offset == offset)
        #expect(found?.text == code.text)
    }

    /// Ill-formed UTF-8 by table 3-7 of the Unicode standard: stray, overlong, surrogate, too high, cut short.
    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
            [0xE2, 0x82], [0xE2, 0x82, 0x41], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xFE],
            [0xF0, 0x9F, 0x98],
            [0xF0, 0x9F, 0x98, 0x41],
        ] as [[UInt8]])
    func illFormedUTF8(bytes: [UInt8]) {
        for before in ["\"", "\"0123456789"] {
            let text = Array(before.utf8) + bytes
            #expect(fault(of: text + [UInt8(ascii: "\"")])?.code == .badUTF8)
            #expect(fault(of: text + Array("\"    ".utf8))?.offset == before.utf8.count)
            #expect(fault(of: text)?.code == .badUTF8)
        }
        #expect(fault(of: Array("{\"".utf8) + bytes + Array("\":1}".utf8))?.code == .badUTF8)
    }

    static let places: [(text: String, line: Int, column: Int, pointer: String)] = [
        ("{\n  \"a\": [1,\n    x]}", 3, 5, "/a/0"),
        ("{\"é😀\": 01}", 1, 8, "/é😀"),
        ("{\"person\": {\"name\": \"x\", \"bsn\": 01}}", 1, 33, "/person/bsn"),
        ("{\"a/b\": {\"c~d\": tru}}", 1, 20, "/a~1b/c~0d"),
        ("[[], [0, {\"k\": nul}]]", 1, 19, "/1/1/k"),
        ("[1] x", 1, 5, ""),
        ("{\"a\": {\"b\": 1, \"c\": 2, \"b\": 3}}", 1, 24, "/a/b"),
        ("{\"a\": 1, }", 1, 10, "/a"),
    ]

    @Test(arguments: places)
    func faultsHaveAPlace(text: String, line: Int, column: Int, pointer: String) {
        let found = fault(of: Array(text.utf8))
        #expect(found?.line == line)
        #expect(found?.column == column)
        #expect(found?.pointer == pointer)
    }

    @Test func everyPrefixOfADocumentIsRefused() {
        let text = Array(#"{"a\u00e9":["x\n😀",-1.5e+3,true,false,null,{"b":{}},[]],"":"\ud83d\ude00"}"#.utf8)
        #expect(fault(of: text) == nil)
        for count in text.indices {
            let found = fault(of: Array(text.prefix(count)))
            #expect(found != nil)
            #expect((found?.offset ?? .max) <= count)
        }
    }

    @Test func manyKeysAreComparedToo() {
        let keys = (0..<500).map { "\"key\($0)\":0" }
        #expect(fault(of: Array("{\(keys.joined(separator: ","))}".utf8)) == nil)
        let twice = keys + ["\"key250\":0"]
        let found = fault(of: Array("{\(twice.joined(separator: ","))}".utf8))
        #expect(found?.code == .duplicateKey)
        #expect(found?.pointer == "/key250")
    }

    /// Composed and decomposed letters are different keys: JSON compares code points.
    @Test func keysAreNotNormalised() throws {
        let value = try read("{\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(value["\u{E9}"]?.integer == 1)
        #expect(value["e\u{301}"]?.integer == 2)
    }
}

@Suite struct JSONLimitsTests {
    private func limits(_ change: (inout JSONLimits) -> Void) -> JSONLimits {
        var limits = JSONLimits.standard
        change(&limits)
        return limits
    }

    @Test(arguments: [("[", "]"), ("{\"a\":", "}")])
    func depth(open: String, close: String) {
        func nested(_ depth: Int) -> [UInt8] {
            let inner = open == "[" ? "" : "1"
            return Array((String(repeating: open, count: depth) + inner + String(repeating: close, count: depth)).utf8)
        }
        #expect(fault(of: nested(32)) == nil)
        #expect(fault(of: nested(33))?.code == .tooDeep)
        #expect(fault(of: Array(String(repeating: open, count: 100_000).utf8))?.code == .tooDeep)
    }

    @Test func everyLimitHoldsAtItsBorder() {
        let nodes = limits { $0.nodes = 4 }
        #expect(fault(of: Array("[1,2,3]".utf8), limits: nodes) == nil)
        #expect(fault(of: Array("[1,2,3,4]".utf8), limits: nodes)?.code == .tooManyValues)
        #expect(fault(of: Array("[[],[],[],[]]".utf8), limits: nodes)?.code == .tooManyValues)
        let strings = limits { $0.stringBytes = 3 }
        #expect(fault(of: Array("\"abc\"".utf8), limits: strings) == nil)
        #expect(fault(of: Array("\"abcd\"".utf8), limits: strings)?.code == .stringTooLong)
        let keys = limits { $0.keyBytes = 3 }
        #expect(fault(of: Array("{\"abc\":\"defg\"}".utf8), limits: keys) == nil)
        #expect(fault(of: Array("{\"abcd\":1}".utf8), limits: keys)?.code == .keyTooLong)
        let numbers = limits { $0.numberBytes = 3 }
        #expect(fault(of: Array("123".utf8), limits: numbers) == nil)
        #expect(fault(of: Array("1e10".utf8), limits: numbers)?.code == .numberTooLong)
        let bytes = limits { $0.bytes = 4 }
        #expect(fault(of: Array("null".utf8), limits: bytes) == nil)
        #expect(fault(of: Array("null ".utf8), limits: bytes)?.code == .tooLarge)
    }
}
