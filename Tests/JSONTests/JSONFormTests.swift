// Forms: what they read, and that every fault of a body is told at once, at its place, without repeating its value.

import JSON
import Testing

private enum Route: String, CaseIterable { case shelterExit = "shelter_exit", prison, youth }

/// "code pointer" for every fault of a body.
private func faults<T>(
    _ text: String, limits: JSONLimits = .standard, _ read: (inout ObjectReader) -> T?
) -> [String] {
    do throws(InvalidBody) {
        _ = try JSONForm.decode(Array(text.utf8), limits: limits, read)
        return []
    } catch {
        return error.faults.map { "\($0.code) \($0.pointer)" }
    }
}

private func decode<T>(_ text: String, _ read: (inout ObjectReader) -> T?) throws -> T {
    try JSONForm.decode(Array(text.utf8), read)
}

@Suite struct JSONFormTests {
    struct Person: Equatable {
        var name: String
        var rooms: Int64
        var phone: String?
    }

    private func person(_ form: inout ObjectReader) -> Person? {
        let name = form.string("name", length: 1...10)
        let rooms = form.integer("rooms", in: 1...9)
        let phone = form.string("phone", .optional, length: 3...12)
        guard let name, let rooms else { return nil }
        return Person(name: name, rooms: rooms, phone: phone)
    }

    @Test func aGoodBodyBecomesAValue() throws {
        #expect(
            try decode(#"{"phone":"112","rooms":2,"name":"Sam"}"#, person)
                == Person(name: "Sam", rooms: 2, phone: "112"))
        #expect(try decode(#"{"name":"é😀éééééééé","rooms":9}"#, person) == Person(name: "é😀éééééééé", rooms: 9))
    }

    @Test func allFaultsAreToldAtOnce() {
        let text = #"{"name":"","rooms":"2","phone":null,"extra":1,"more/~":[{"deep":1}]}"#
        #expect(
            faults(text, person) == [
                "too-short /name", "type /rooms", "type /phone", "unknown-field /extra", "unknown-field /more~1~0",
            ])
        #expect(faults("{}", person) == ["required /name", "required /rooms"])
    }

    @Test func noFaultRepeatsItsValue() throws {
        let secret = "999990019"
        let text =
            #"{"a":"\#(secret)","b":\#(secret),"c":"\#(secret)","d":["\#(secret)"],"e":"\#(secret)","f":"\#(secret)"}"#
        let failure = #expect(throws: InvalidBody.self) {
            try decode(text) { form in
                _ = form.string("a", length: 1...3)
                _ = form.integer("b", in: 1...3)
                _ = form.choice("c", as: Route.self)
                _ = form.choices("d", as: Route.self, count: 1...2)
                _ = form.custom("e", expecting: "a date") { _ in Int?.none }
                return form.boolean("f")
            }
        }
        #expect(failure?.faults.count == 6)
        #expect(failure?.faults.contains { $0.text.contains(secret) || $0.pointer.contains(secret) } == false)
    }

    static let integers: [(text: String, fault: String)] = [
        ("0", "range"), ("10", "range"), ("99999999999999999999", "range"), ("1.5", "type"), ("10.0", "range"),
        ("1e0", "type"),
        ("\"1\"", "type"), ("null", "type"), ("true", "type"), ("[1]", "type"),
    ]

    @Test(arguments: integers)
    func integerFaults(text: String, fault: String) {
        #expect(faults("{\"n\":\(text)}") { $0.integer("n", in: 1...9) } == ["\(fault) /n"])
    }

    static let texts: [(text: String, fault: String)] = [
        ("\"a\"", "too-short"), ("\"abcde\"", "too-long"), ("\"😀😀😀😀😀\"", "too-long"), ("1", "type"), ("null", "type"),
        (#""a\u0000b""#, "control-character"), (#""a\u001fb""#, "control-character"), (#""a\rb""#, "control-character"),
        ("\"a\u{7F}\"", "control-character"), ("\"a\u{85}\"", "control-character"),
        (#""a\u009f""#, "control-character"),
        ("\"a\u{202E}b\"", "control-character"), (#""a\u2066b""#, "control-character"), (#""\n\t""#, "blank"),
        ("\"   \"", "blank"), ("\"\u{A0}\u{3000}\"", "blank"), ("\"\u{200B}\u{200D}\u{FEFF}\"", "blank"),
    ]

    @Test(arguments: texts)
    func stringFaults(text: String, fault: String) {
        #expect(faults("{\"s\":\(text)}") { $0.string("s", length: 2...4) } == ["\(fault) /s"])
    }

    /// Lengths count scalars, escapes count once, and line feeds and tabs are text.
    @Test(arguments: [
        #""ab""#, #""\na\t""#, "\"a\u{200D}b\"", "\"\u{62F}\u{200C}\u{646}\"", "\"👩\u{200D}👧\"",
        #""\u00e9\ud83d\ude00xy""#, "\"éééé\"", "\"e\u{301}e\u{301}\"",
    ])
    func stringsThatFit(text: String) {
        #expect(faults("{\"s\":\(text)}") { $0.string("s", length: 2...4) }.isEmpty)
    }

    /// A list's texts are texts too, and what may be empty may be blank.
    @Test func blankTextsAreRefusedWhereEmptyOnesAre() {
        #expect(faults(#"{"l":[" ","a"]}"#) { $0.strings("l", count: 1...3, length: 1...9) } == ["blank /l/0"])
        #expect(faults(#"{"s":" "}"#) { $0.string("s", length: 0...9) }.isEmpty)
    }

    /// A member's name that may be somebody's number is not repeated: the fault is at the object around it.
    @Test(arguments: [
        (#"{"a":true,"999990019":1}"#, ["unknown-field "]), (#"{"a":true,"999.990.019":{"x":1}}"#, ["unknown-field "]),
        (#"{"a":true,"bsn999990019":1}"#, ["unknown-field "]),
        ("{\"a\":true,\"\(String(repeating: "x", count: 65))\":1}", ["unknown-field "]),
        (#"{"a":true,"surplus2":1}"#, ["unknown-field /surplus2"]),
        (#"{"b":{"999990019":tru}}"#, ["unexpected-character /b"]),
        (#"{"999990019":1,"999990019":2}"#, ["duplicate-key "]),
    ])
    func aNameThatMayBeANumberIsNotRepeated(text: String, expected: [String]) {
        #expect(faults(text) { $0.boolean("a") } == expected)
    }

    @Test func aFaultOfALineTellsItsColumnAlone() {
        let texts = [true, false].map { isLine in
            #expect(throws: InvalidBody.self) {
                try JSONForm.decode(Array("{".utf8), isLine: isLine) { $0.boolean("a") }
            }
        }
        #expect(texts.map { $0?.faults.first?.text.prefix { $0 != ":" } } == ["Column 2", "Line 1, column 2"])
    }

    @Test func choicesListTheAllowedWords() throws {
        #expect(try decode(#"{"route":"shelter_exit"}"#) { $0.choice("route", as: Route.self) } == .shelterExit)
        let failure = #expect(throws: InvalidBody.self) {
            try decode(#"{"route":"Prison"}"#) { $0.choice("route", as: Route.self) }
        }
        let text = "Must be one of: shelter_exit, prison, youth."
        #expect(failure?.faults == [JSONFault(pointer: "/route", code: "enum", text: text)])
    }

    @Test func customValuesAreParsed() throws {
        let parse = { (text: String) in Int(text, radix: 16) }
        #expect(try decode(#"{"x":"ff"}"#) { $0.custom("x", expecting: "hexadecimal", parse) } == 255)
        #expect(faults(#"{"x":"fg"}"#) { $0.custom("x", expecting: "hexadecimal", parse) } == ["format /x"])
        #expect(faults(#"{"x":255}"#) { $0.custom("x", expecting: "hexadecimal", parse) } == ["type /x"])
        #expect(
            faults(#"{"x":["1","z","2","q"]}"#) { $0.customs("x", count: 1...9, expecting: "hexadecimal", parse) } == [
                "format /x/1", "format /x/3",
            ])
    }

    static let lists: [(text: String, faults: [String])] = [
        (#"["money"]"#, []), (#"["money","day"]"#, []), ("[]", ["too-few /l"]),
        (#"["a","b","c","d"]"#, ["too-many /l"]),
        (#"["a","a"]"#, ["duplicate /l/1"]), (#"["a","\u0061"]"#, ["duplicate /l/1"]), ("\"a\"", ["type /l"]),
        ("null", ["type /l"]), (#"["",1,null]"#, ["too-short /l/0", "type /l/1", "type /l/2"]),
    ]

    @Test(arguments: lists)
    func listFaults(text: String, expected: [String]) {
        #expect(faults("{\"l\":\(text)}") { $0.strings("l", count: 1...3, length: 1...9) } == expected)
    }

    @Test func aListMayRepeatWhenItMay() throws {
        let list = try decode(#"{"l":["a","a"]}"#) { $0.strings("l", count: 0...3, length: 1...1, distinct: false) }
        #expect(list == ["a", "a"])
    }

    @Test func wordsOfAListAreDifferent() throws {
        let routes = try decode(#"{"r":["youth","prison"]}"#) { $0.choices("r", as: Route.self, count: 0...3) }
        #expect(routes == [.youth, .prison])
        #expect(
            faults(#"{"r":["youth","x","youth"]}"#) { $0.choices("r", as: Route.self, count: 0...3) } == [
                "enum /r/1", "duplicate /r/2",
            ])
    }

    private func household(_ form: inout ObjectReader) -> [Person]? {
        let head = form.object("head", .required, person)
        let others = form.objects("others", .optional, count: 1...3, person)
        guard let head else { return nil }
        return [head] + (others ?? [])
    }

    @Test func objectsNest() throws {
        let good = try decode(#"{"head":{"name":"A","rooms":1},"others":[{"name":"B","rooms":2}]}"#, household)
        #expect(good == [Person(name: "A", rooms: 1), Person(name: "B", rooms: 2)])
        #expect(try decode(#"{"head":{"name":"A","rooms":1}}"#, household).count == 1)
        let bad =
            #"{"head":{"rooms":0,"x":1},"others":[{"name":"B","rooms":2},7,{"name":"C","rooms":10,"y":{}}],"z":0}"#
        #expect(
            faults(bad, household) == [
                "required /head/name", "range /head/rooms", "unknown-field /head/x", "type /others/1",
                "range /others/2/rooms",
                "unknown-field /others/2/y", "unknown-field /z",
            ])
        #expect(faults(#"{"head":[]}"#, household) == ["type /head"])
    }

    @Test func theDomainAddsItsOwnFaults() {
        let found = faults(#"{"person":{"bsn":"999990018"}}"#) { form in
            form.object("person") { person in
                let bsn = person.string("bsn", length: 9...9)
                #expect(!person.hasFaults)
                person.fault("bsn", code: "eleven-test", text: "This is not a citizen service number.")
                #expect(person.hasFaults)
                person.fault(nil, code: "incomplete", text: "Too little is known.")
                return bsn
            }
        }
        #expect(found == ["eleven-test /person/bsn", "incomplete /person"])
    }

    @Test func anythingIsHandedOver() throws {
        let value = try decode(#"{"answers":{"q1":[1,2]}}"#) { $0.anything("answers") }
        #expect(value["q1"]?[1]?.integer == 2)
        #expect(faults("{}") { $0.anything("answers") } == ["required /answers"])
    }

    @Test func absentAndEmptyAreSeen() throws {
        #expect(try decode("{}") { $0.isEmpty })
        #expect(try decode(#"{"a":null}"#) { $0.anything("a") != nil && $0.has("a") && !$0.has("b") && !$0.isEmpty })
        #expect(faults(#"{"a":1}"#) { $0.has("a") } == ["unknown-field /a"])
    }

    static let brokenBodies: [(text: String, fault: String)] = [
        ("", "empty "), ("[]", "type "), ("1", "type "), ("{\"a\":1,\"a\":2}", "duplicate-key /a"),
        ("{\"person\":{\"bsn\":tru}}", "unexpected-character /person/bsn"), ("{} x", "trailing-text "),
    ]

    @Test(arguments: brokenBodies)
    func brokenBody(text: String, fault: String) {
        #expect(faults(text) { _ in 1 } == [fault])
    }

    @Test func brokenJSONTellsLineAndColumn() {
        let failure = #expect(throws: InvalidBody.self) { try decode("{\n \"a\": 01}") { _ in 1 } }
        #expect(failure?.faults.first?.text == "Line 2, column 7: This is not a number that JSON knows.")
    }

    @Test func aFormThatGivesNothingAndNoReasonIsStillAnAnswer() {
        #expect(faults("{}") { _ in Int?.none } == ["invalid "])
        #expect(faults(#"{"o":{}}"#) { $0.object("o") { _ in Int?.none } } == ["invalid /o"])
    }

    /// A body that is wrong everywhere costs no more than its limit of faults.
    @Test func faultsAreLimited() {
        let rows = Array(repeating: "{\"x\":1,\"y\":2}", count: 5000).joined(separator: ",")
        var limits = JSONLimits.standard
        limits.faults = 7
        let found = faults("{\"rows\":[\(rows)]}", limits: limits) { $0.objects("rows", count: 0...9999, person) }
        #expect(found.count == 7)
        let unknown = (0..<200).map { "\"k\($0)\":0" }.joined(separator: ",")
        #expect(faults("{\(unknown)}", limits: limits) { _ in 1 }.count == 7)
    }
}

@Suite struct MergePatchTests {
    private func change(_ text: String) throws -> Change<String> {
        try decode(text) { form in form.patch("phone") { $0.string($1, length: 1...5) } }
    }

    @Test func absentNullAndValueAreThreeThings() throws {
        #expect(try change("{}") == .keep)
        #expect(try change(#"{"phone":null}"#) == .clear)
        #expect(try change(#"{"phone":"112"}"#) == .set("112"))
        #expect(throws: InvalidBody.self) { try change(#"{"phone":""}"#) }
        #expect(throws: InvalidBody.self) { try change(#"{"phone":7}"#) }
        #expect(throws: InvalidBody.self) { try change(#"{"fax":"112"}"#) }
    }

    @Test func aChangeIsApplied() {
        #expect(Change.keep.applied(to: "old") == "old")
        #expect(Change<String>.clear.applied(to: "old") == nil)
        #expect(Change.set("new").applied(to: "old") == "new")
        #expect(Change.set("new").applied(to: nil) == "new")
    }

    @Test func objectsArePatchedInside() throws {
        let patch = try decode(#"{"person":{"phone":null}}"#) { form in
            form.patch("person") { $0.object($1) { person in person.patch("phone") { $0.string($1, length: 1...5) } } }
        }
        #expect(patch == .set(.clear))
    }
}
