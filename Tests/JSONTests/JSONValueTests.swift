// What a cursor answers: values by kind, members, elements, pointers.

import JSON
import Testing

@Suite struct JSONValueTests {
    static let integers: [(text: String, integer: Int64?)] = [
        ("0", 0), ("-0", 0), ("42", 42), ("-7", -7), ("9223372036854775807", .max), ("-9223372036854775808", .min),
        ("9223372036854775808", nil), ("-9223372036854775809", nil), ("99999999999999999999", nil), ("1.0", 1),
        ("-7.00", -7), ("1.5", nil), ("1.01", nil), ("1.0e0", nil), ("1e2", nil), ("\"1\"", nil), ("true", nil),
    ]

    @Test(arguments: integers)
    func integersAreExact(text: String, integer: Int64?) throws {
        #expect(try read(text).integer == integer)
    }

    static let strings: [(text: String, string: String)] = [
        (#""""#, ""), (#""plain""#, "plain"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""\u0041\u00E9\u20ac""#, "Aé€"), (#""x\ud83d\ude00y""#, "x😀y"), ("\"é😀\"", "é😀"), (#""\u0000""#, "\u{0}"),
    ]

    @Test(arguments: strings)
    func stringsAreUnescaped(text: String, string: String) throws {
        #expect(try read(text).string == string)
        #expect(try read("{\(text):1}")[string]?.integer == 1)
    }

    @Test func eachKindAnswersItsOwnQuestionOnly() throws {
        let value = try read(#"{"n":null,"b":false,"i":-1.5,"s":"t","a":[1,"x"],"o":{"k":true}}"#)
        #expect(value.members.map(\.key) == ["n", "b", "i", "s", "a", "o"])
        #expect(value.elements.map(\.kind) == [.null, .boolean, .number, .string, .array, .object])
        #expect(value["b"]?.boolean == false)
        #expect(value["b"]?.string == nil)
        #expect(value["i"]?.numberText == "-1.5")
        #expect(value["i"]?.integer == nil)
        #expect(value["s"]?.numberText == nil)
        #expect(value["s"]?.boolean == nil)
        #expect(value["a"]?.count == 2)
        #expect(value["a"]?[1]?.string == "x")
        #expect(value["a"]?[2] == nil)
        #expect(value["a"]?[-1] == nil)
        #expect(value["a"]?["x"] == nil)
        #expect(value["o"]?["k"]?.boolean == true)
        #expect(value["o"]?[0] == nil)
        #expect(value["x"] == nil)
        #expect(value["s"]?.count == 0)
        #expect(value["s"]?.members.isEmpty == true)
    }

    @Test func rawIsWhatWasWritten() throws {
        let value = try read(#"{"a": [1, {"b" : "x\n"}] , "c":"d", "e": -1e5, "f": null}"#)
        let raw = value.elements.map { String(decoding: $0.raw, as: UTF8.self) }
        #expect(raw == [#"[1, {"b" : "x\n"}]"#, #""d""#, "-1e5", "null"])
    }

    /// The pointers of RFC 6901 section 5, on its own document.
    @Test func pointersOfTheRFC() throws {
        let text = #"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"#
        let value = try read(text)
        let pointers = ["/foo", "/", "/a~1b", "/c%d", "/e^f", "/g|h", "/i\\j", "/k\"l", "/ ", "/m~0n"]
        #expect(value.elements.map(\.pointer) == pointers)
        #expect(value["foo"]?.elements.map(\.pointer) == ["/foo/0", "/foo/1"])
        #expect(value.pointer == "")
    }

    @Test func pointersGoThroughEverything() throws {
        let value = try read(#"{"a":[[],{"b":[0,{"c":null}]}],"d":1}"#)
        #expect(value["a"]?[1]?["b"]?[1]?["c"]?.pointer == "/a/1/b/1/c")
        #expect(value["d"]?.pointer == "/d")
    }
}
