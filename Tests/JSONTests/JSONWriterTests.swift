// The writer: exact bytes, escapes, and that its own reader reads back what it wrote.

import JSON
import Testing

private func written(_ body: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter(reservingBytes: 0)
    body(&writer)
    return String(decoding: writer.finish(), as: UTF8.self)
}

@Suite struct JSONWriterTests {
    @Test func anObjectOfEverything() {
        let absent: (String?, Int64?, Int?, Bool?) = (nil, nil, nil, nil)
        let text = written { w in
            w.object { w in
                w.field("id", "a")
                w.field("cents", Int64(-5))
                w.field("rooms", 3)
                w.field("open", true)
                w.null("note")
                w.field("s", ifPresent: absent.0)
                w.field("l", ifPresent: absent.1)
                w.field("i", ifPresent: absent.2)
                w.field("b", ifPresent: absent.3)
                w.field("t", ifPresent: Optional("x"))
                w.field("u", ifPresent: Optional(1))
                w.field("v", ifPresent: Optional(false))
                w.field("raw", raw: Array(#"{"k":[]}"#.utf8))
                w.field("tags", ["x", "y"])
                w.object("empty") { _ in }
                w.array("list") { w in
                    w.value(1)
                    w.value("two")
                    w.value(false)
                    w.null()
                    w.object { $0.field("k", "[") }
                    w.array { _ in }
                    w.value(raw: Array("1.5".utf8))
                }
                w.name(text: "a\"b")
                w.value(Int64(7))
                w.name("last")
                w.array { $0.array { $0.value("{") } }
            }
        }
        #expect(
            text == #"{"id":"a","cents":-5,"rooms":3,"open":true,"note":null,"t":"x","u":1,"v":false,"raw":{"k":[]},"#
                + #""tags":["x","y"],"empty":{},"list":[1,"two",false,null,{"k":"["},[],1.5],"a\"b":7,"last":[["{"]]}"#)
    }

    static let strings: [(string: String, text: String)] = [
        ("", #""""#), ("plain", #""plain""#), ("\"", #""\"""#), ("\\", #""\\""#), ("/", #""/""#),
        ("a\nb\tc\rd", #""a\nb\tc\rd""#), ("\u{0}\u{1F}\u{8}\u{C}", #""\u0000\u001f\u0008\u000c""#),
        ("\u{7F}", "\"\u{7F}\""),
        ("é€😀\u{2028}", "\"é€😀\u{2028}\""), ("0123456\"", #""0123456\"""#), ("01234567\"", #""01234567\"""#),
        ("012345678901234\n89", #""012345678901234\n89""#), ("\"\"\"\"\"\"\"\"\"", #""\"\"\"\"\"\"\"\"\"""#),
    ]

    @Test(arguments: strings)
    func stringsAreEscaped(string: String, text: String) throws {
        #expect(written { $0.value(string) } == text)
        #expect(try read(text).string == string)
    }

    /// Every ASCII character at every place of two words of eight bytes.
    @Test func everyCharacterAtEveryPlace() throws {
        for value in UInt8(0)...0x7F {
            for place in 0..<17 {
                var letters = [Character](repeating: "é", count: 1) + [Character](repeating: "x", count: 16)
                letters[place] = Character(Unicode.Scalar(value))
                let string = String(letters)
                let text = written { $0.value(string) }
                #expect(try read(text).string == string)
            }
        }
    }

    @Test(arguments: [0, 1, -1, 9, 10, 99, 100, -100, 12_345_678_901, Int64.max, Int64.min])
    func integers(integer: Int64) throws {
        #expect(written { $0.value(integer) } == String(integer))
        #expect(try read(String(integer)).integer == integer)
    }

    @Test func linesOfNDJSON() {
        let text = written { w in
            for number in 1...2 {
                w.object { $0.field("n", number) }
                w.endLine()
            }
        }
        #expect(text == "{\"n\":1}\n{\"n\":2}\n")
    }

    @Test func whatTheClosureThrowsComesOut() {
        struct Stop: Error {}
        var writer = JSONWriter()
        #expect(throws: Stop.self) { try writer.object { _ in throw Stop() } }
        #expect(writer.count == 1)
    }
}
