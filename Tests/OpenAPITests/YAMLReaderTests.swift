// The YAML subset: fragments and the JSON they mean, and what is refused on which line. The meanings follow YAML 1.2.2.

import OpenAPI
import Testing

/// The JSON of a YAML text.
private func json(_ yaml: String) throws -> String {
    String(decoding: try YAMLReader.read(Array(yaml.utf8)).json, as: UTF8.self)
}

/// Line and reason of the refusal of a text, or nil when it is read.
private func fault(_ yaml: [UInt8]) -> YAMLFault? {
    do throws(YAMLFault) {
        _ = try YAMLReader.read(yaml)
        return nil
    } catch {
        return error
    }
}

@Suite struct YAMLReaderTests {
    static let structures: [(yaml: String, json: String)] = [
        ("", "null"), ("# only a comment\n\n", "null"), ("a", #""a""#), ("--- # start\na: 1\n", #"{"a":1}"#),
        ("# c\n\n---\n\na: 1", #"{"a":1}"#),
        ("b: 1\na: 2\n", #"{"b":1,"a":2}"#),
        ("a:\n  b:\n    c: x\n  d: y\ne: z\n", #"{"a":{"b":{"c":"x"},"d":"y"},"e":"z"}"#),
        ("a:\nb:\n", #"{"a":null,"b":null}"#), ("a: # c\n  # d\n\n  b: 1 # e\n# f\n  c: 2\n", #"{"a":{"b":1,"c":2}}"#),
        ("- a\n- b\n", #"["a","b"]"#), ("-\n- \n- # c\n", "[null,null,null]"),
        ("- - a\n  - b\n- c\n", #"[["a","b"],"c"]"#),
        ("- a: 1\n  b: 2\n- c: 3\n", #"[{"a":1,"b":2},{"c":3}]"#), ("-\n  a: 1\n-\n  - b\n", #"[{"a":1},["b"]]"#),
        ("a:\n- x\n- y\nb:\n  - z\n", #"{"a":["x","y"],"b":["z"]}"#),
        ("a:\n- b:\n  - c\n  d: e\n", #"{"a":[{"b":["c"],"d":"e"}]}"#),
        ("-   a: 1\n    b: 2\n", #"[{"a":1,"b":2}]"#), ("a:\n  -\n    b: 1\n", #"{"a":[{"b":1}]}"#),
        ("200: ok\n'404': gone\n\"5 x\": y\ntrue: z\n", #"{"200":"ok","404":"gone","5 x":"y","true":"z"}"#),
        ("a b : c\n/v1/{id}: d\nx:y: z\n", #"{"a b":"c","/v1/{id}":"d","x:y":"z"}"#),
        ("$ref: '#/components/x'\n", ##"{"$ref":"#/components/x"}"##), ("-a: 1\n", #"{"-a":1}"#),
        ("?a: 1\n", #"{"?a":1}"#),
        // Flow
        ("[]", "[]"), ("{}", "{}"), ("[a, 'b', \"c\", 1]", #"["a","b","c",1]"#),
        ("{a: b, c: [d, {e: f}]}", #"{"a":"b","c":["d",{"e":"f"}]}"#),
        ("a: [\n  b, # c\n\n  d,\n]\n", #"{"a":["b","d"]}"#),
        ("a: {\n  b: 1,\n  'c': 2\n}\nd: 3\n", #"{"a":{"b":1,"c":2},"d":3}"#),
        (#"{"a":1,"b":[true,null]}"#, #"{"a":1,"b":[true,null]}"#), ("{a: , b: }", #"{"a":null,"b":null}"#),
        ("[a b, http://x/y, a:b]", #"["a b","http://x/y","a:b"]"#), ("- [a]\n- {b: c} # d\n", #"[["a"],{"b":"c"}]"#),
        ("{a: ~, b: -1.50}", #"{"a":null,"b":-1.50}"#),
    ]

    @Test(arguments: structures)
    func structure(yaml: String, expected: String) throws {
        #expect(try json(yaml) == expected)
    }

    static let words: [(word: String, json: String)] = [
        ("null", "null"), ("~", "null"), ("Null", "null"), ("NULL", "null"), ("nULL", #""nULL""#), ("true", "true"),
        ("True", "true"), ("FALSE", "false"), ("yes", #""yes""#), ("no", #""no""#), ("on", #""on""#), ("y", #""y""#),
        ("0", "0"), ("-0", "0"), ("+12", "12"), ("007", "7"), ("0o17", "15"), ("0xfF", "255"), ("0o8", #""0o8""#),
        ("0x", #""0x""#),
        ("-0x1", #""-0x1""#), ("9223372036854775807", "9223372036854775807"), ("1.5", "1.5"), ("-.5", "-0.5"),
        ("1.", "1"),
        ("+01.50", "1.50"), ("1e3", "1e3"), ("1.E+3", "1e+3"), (".", #"".""#), ("1.2.3", #""1.2.3""#),
        ("3.1.0", #""3.1.0""#), ("e3", #""e3""#),
        ("1e", #""1e""#), ("1_000", #""1_000""#), ("12:30", #""12:30""#), ("2026-01-31", #""2026-01-31""#),
        ("+", #""+""#),
        ("2026-01-31T10:00:00Z", #""2026-01-31T10:00:00Z""#), ("'1'", #""1""#), ("\"true\"", #""true""#),
        ("''", #""""#),
        ("a#b", #""a#b""#), ("a #b", #""a""#), ("a: b", #"{"a":"b"}"#), ("-1x", #""-1x""#), ("é😀", #""é😀""#),
        (".5.", #"".5.""#),
    ]

    @Test(arguments: words)
    func plainWords(word: String, expected: String) throws {
        #expect(try json("k: \(word)\n".replacing("k: a: b", with: "k:\n  a: b")) == "{\"k\":\(expected)}")
    }

    static let texts: [(yaml: String, json: String)] = [
        // Plain, over lines
        ("a: one\n  two\n\n  three\n\n\n    four # c\nb: x\n", #"{"a":"one two\nthree\n\nfour","b":"x"}"#),
        ("a:\n  one\n  two\n", #"{"a":"one two"}"#), ("- one\n  - two\n", #"["one - two"]"#),
        ("one\ntwo\n", #""one two""#),
        // Quoted
        ("a: 'it''s # no: comment'\n", #"{"a":"it's # no: comment"}"#), ("a: 'x\\n'\n", #"{"a":"x\\n"}"#),
        ("a: 'one\n  two  \n\n  three '\n", #"{"a":"one two\nthree "}"#),
        (#"a: "q\"\\\/\t\x41\u00e9\U0001F600""#, #"{"a":"q\"\\/\tAé😀"}"#),
        (#"a: "\e\0\_\N\L\P""#, "{\"a\":\"\\u001b\\u0000\u{A0}\u{85}\u{2028}\u{2029}\"}"),
        ("a: \"one\n  two \\\n  three\\\n  four\\n\n  five\"\n", #"{"a":"one two threefour\n five"}"#),
        ("a: \"x\" # c\n", #"{"a":"x"}"#),
        ("a: \"x \\\n  \\ y\"\n", #"{"a":"x  y"}"#), ("a: \"x\\\n\n  y\"\n", #"{"a":"x\ny"}"#),
        ("a: \"x\\t\n  y\"\n", #"{"a":"x\t y"}"#),
        // Literal
        ("a: |\n  one\n   two\n\n  # three\nb: x\n", #"{"a":"one\n two\n\n# three\n","b":"x"}"#),
        ("a: |-\n  one\n\n", #"{"a":"one"}"#), ("a: |+\n  one\n\n\nb: x\n", #"{"a":"one\n\n\n","b":"x"}"#),
        ("a: |\n\n\n  one\n", #"{"a":"\n\none\n"}"#), ("a: |2\n   one\n", #"{"a":" one\n"}"#),
        ("a: |-2 # c\n   one\n", #"{"a":" one"}"#),
        ("a: |\nb: x\n", #"{"a":"","b":"x"}"#), ("a: |+\n\n\nb: x\n", #"{"a":"\n\n","b":"x"}"#),
        ("- |\n one\n- x\n", #"["one\n","x"]"#),
        ("a: |\n  k: v\n  - x\n  \"\n", #"{"a":"k: v\n- x\n\"\n"}"#), ("a: |\n  x \n  \n  y\n", #"{"a":"x \n\ny\n"}"#),
        // Folded
        ("a: >\n  one\n  two\n\n  three\n", #"{"a":"one two\nthree\n"}"#),
        ("a: >-\n  one\n\n\n  two\n\n", #"{"a":"one\n\ntwo"}"#),
        ("a: >\n  one\n   * x\n   * y\n  two\n  three\n", #"{"a":"one\n * x\n * y\ntwo three\n"}"#),
        ("a: >\n  one\n\n   x\n\n  two\n", #"{"a":"one\n\n x\n\ntwo\n"}"#),
        ("a: >+\n  one\n\nb: x\n", #"{"a":"one\n\n","b":"x"}"#),
        ("a: >\n\n  one\n", #"{"a":"\none\n"}"#),
    ]

    @Test(arguments: texts)
    func text(yaml: String, expected: String) throws {
        #expect(try json(yaml) == expected)
    }

    static let refused: [(yaml: String, line: Int, reason: YAMLFault.Reason)] = [
        ("a: &x 1\n", 1, .anchor), ("a: 1\nb: *x\n", 2, .alias), ("a: !!str 1\n", 1, .tag), ("!x\na: 1\n", 1, .tag),
        ("[&x a]", 1, .anchor), ("<<: {a: 1}\n", 1, .mergeKey), ("a: {<<: {b: 1}}\n", 1, .mergeKey),
        ("? a\n: b\n", 1, .complexKey),
        ("{[a]: b}", 1, .complexKey), ("{? a : b}", 1, .complexKey), ("%YAML 1.2\n---\na: 1\n", 1, .directive),
        ("a: 1\n---\nb: 2\n", 2, .severalDocuments), ("a: 1\n...\n", 2, .severalDocuments),
        ("---\n---\n", 2, .severalDocuments),
        ("a: 'x\n---\n  y'\n", 2, .indentation), ("a: @x\n", 1, .reserved), ("a: `x`\n", 1, .reserved),
        ("a: %x\n", 1, .reserved),
        ("[- ]", 1, .reserved), ("[>\n]", 1, .reserved), ("{|: a}", 1, .reserved), ("a: ]\n", 1, .reserved),
        ("a: 1\nb: 2\na: 3\n", 3, .duplicateKey), ("a:\n  b: 1\n  'b': 2\n", 3, .duplicateKey),
        ("200: a\n'200': b\n", 2, .duplicateKey),
        ("{a: 1,\n a: 2}", 2, .duplicateKey), ("a: 1\n b: 2\n", 2, .mappingInline),
        ("a:\n  b: 1\n c: 2\n", 3, .indentation),
        ("a:\n  - x\n - y\n", 3, .indentation), ("- a\n  b: 1\n", 2, .mappingInline), ("- a\nb: 1\n", 2, .indentation),
        ("a: 1\n- b\n", 2, .sequenceInline), ("a: 1\nb\n", 2, .keyExpected), ("a: b: c\n", 1, .mappingInline),
        ("a: 'b': c\n", 1, .mappingInline), ("a: - b\n", 1, .sequenceInline), ("a:\n\tb: 1\n", 2, .tab),
        ("-\ta: 1\n", 1, .tab),
        ("a: \"x\" y\n", 1, .unexpectedText), ("a: [b] c\n", 1, .unexpectedText), ("a: [b]#c\n", 1, .unexpectedText),
        ("a: b\nc: \"x\n", 2, .unterminatedQuote), ("a: 'x", 1, .unterminatedQuote), (#"a: "\q""#, 1, .badEscape),
        (#"a: "\u12""#, 1, .badEscape), (#"a: "\ud83d\ude00""#, 1, .badEscape), ("a: \"x\ny\"\n", 2, .indentation),
        ("a: |x\n  b\n", 1, .badBlockHeader), ("a: |--\n  b\n", 1, .badBlockHeader), ("a: | b\n", 1, .unexpectedText),
        ("a: |\n    \n  b\n", 3, .indentation), ("a: |3\n  b\n", 2, .indentation), ("a: [b\n", 2, .unterminatedFlow),
        ("{a: b", 1, .unterminatedFlow),
        ("[a,,b]", 1, .flowEntry), ("[,a]", 1, .flowEntry), ("[a b\n c]", 2, .flowComma), ("{a}", 1, .keyExpected),
        ("[a: b]", 1, .mappingInline),
        ("{a:b}", 1, .keyExpected), ("a: .inf\n", 1, .numberOutOfRange), ("a: .NaN\n", 1, .numberOutOfRange),
        ("a: 9223372036854775808\n", 1, .numberOutOfRange), ("a: b\r\n", 1, .controlCharacter),
        ("a:\n - \u{7}\n", 2, .controlCharacter),
        ("\u{FEFF}a: 1\n", 1, .controlCharacter), (": a\n", 1, .reserved), ("- - - a\n   - b\n", 2, .indentation),
    ]

    @Test(arguments: refused)
    func refusal(yaml: String, line: Int, reason: YAMLFault.Reason) {
        let found = fault(Array(yaml.utf8))
        #expect(found?.reason == reason)
        #expect(found?.line == line)
    }

    @Test func badUTF8HasItsLine() {
        let found = fault(Array("a: 1\nb: ".utf8) + [0xC3, 0x28])
        #expect(found?.reason == .badUTF8)
        #expect(found?.line == 2)
    }

    @Test(arguments: ["[", "{a: ", "- "])
    func depthIsLimited(open: String) {
        #expect(fault(Array(String(repeating: open, count: 50_000).utf8))?.reason == .tooDeep)
    }

    /// Every prefix and every single damage of a text with all styles gives an answer.
    @Test func damageNeverTraps() {
        let text = Array(
            "a: [b, {c: 'd'}] # e\nf:\n  - \"g\\n\"\n  - h: |+\n      i\n\n    j: >-2\n       k\n'l': m\n  n\n".utf8)
        #expect(fault(text) == nil)
        for place in text.indices {
            _ = fault(Array(text.prefix(place)))
            for byte in Array("\n\t :-#[]{},&'\"\\|>?0".utf8) + [0x00, 0xFF] {
                var damaged = text
                damaged[place] = byte
                _ = fault(damaged)
                damaged.insert(byte, at: place)
                _ = fault(damaged)
            }
        }
    }
}
