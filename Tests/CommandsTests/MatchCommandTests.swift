// match: the published example word for word, what may be left out, and one line with the place for every bad instance.

import Commands
import Foundation
import Testing

@Suite struct MatchCommandTests {
    private static let example = """
        {"format":"match-instance/1",
         "candidates":[{"id":"c1","priority":17,"edges":[["d42",830]],"near":[["d77","rent"]]},
                       {"id":"c7","priority":18,"edges":[["d42",900]],"near":[["d77","rent"],["d78","pets"]]},
                       {"id":"c8","priority":18,"edges":[],"near":[]}],
         "dwellings":[{"id":"d42","groups":["nb:3","mu:1"],"capacity":1},{"id":"d77","groups":["nb:3"],"capacity":1},
                      {"id":"d78","groups":["none"],"capacity":2}],
         "groups":[{"id":"nb:3","cap":2},{"id":"mu:1","cap":5},{"id":"none","cap":0}]}
        """

    @Test func anInstanceGivesItsResult() async throws {
        let scratch = try Scratch()
        let ran = await Ran.of(["match", try scratch.write(Self.example, to: "example.json")])
        #expect(ran.code == .done)
        #expect(ran.told.isEmpty)
        #expect(
            ran.said == [
                #"{"format":"match-result/1","assignments":[{"candidate":"c1","dwelling":"d42"}],"total_score":830,"#
                    + #""unlock":{"c7":["rent"],"c8":[]},"cutoffs":{"d42":"c7","d78":"c1"}}"#
            ])
    }

    @Test(arguments: [
        (
            #"{"format":"match-instance/1","candidates":[],"dwellings":[]}"#,
            #"{"format":"match-result/1","assignments":[],"total_score":0,"unlock":{},"cutoffs":{}}"#
        ),
        (
            #"{"dwellings":[{"id":"\u0064"}],"candidates":[{"edges":[["d",-3]],"priority":-1,"id":"c\""}],"format":"match-instance/1"}"#,
            #"{"format":"match-result/1","assignments":[{"candidate":"c\"","dwelling":"d"}],"total_score":-3,"unlock":{},"cutoffs":{}}"#
        ),
    ])
    func groupsNearAndCapacityMayBeLeftOut(instance: String, result: String) async throws {
        let scratch = try Scratch()
        let ran = await Ran.of(["match", try scratch.write(instance, to: "i.json")])
        #expect(ran.said == [result])
    }

    /// Texts that are no instance, and what the one line says after the file's name.
    static let bad: [(text: String, line: String)] = [
        ("", "line 1, column 1: The body is empty; JSON was expected."),
        ("{", "line 1, column 2: The JSON ends before it is complete."),
        ("[]", "must be an object"), ("{}", "format: is needed"),
        (#"{"format":"match-instance/2"}"#, "format: must be match-instance/1"),
        (#"{"format":1}"#, "format: must be text"),
        (instance(candidates: nil), "candidates: is needed"), (instance(dwellings: nil), "dwellings: is needed"),
        (instance(more: #","extra":1"#), "has a member that is not known: extra"),
        (instance(more: #","ex\ntra":1"#), "has a member that is not known"),
        (instance(more: #","groups":[],"groups":[]"#), "line 1, column 83: This key stands twice in the same object."),
        (instance(candidates: "{}"), "candidates: must be a list"),
        (instance(candidates: "[1]"), "candidates[0]: must be an object"),
        (instance(candidates: #"[{"priority":1,"edges":[]}]"#), "candidates[0].id: is needed"),
        (instance(candidates: #"[{"id":"a","edges":[]}]"#), "candidates[0].priority: is needed"),
        (instance(candidates: #"[{"id":"a","priority":1}]"#), "candidates[0].edges: is needed"),
        (
            instance(candidates: #"[{"id":"a","priority":1.5,"edges":[]}]"#),
            "candidates[0].priority: must be a whole number of 64 bits, without exponent"
        ),
        (
            instance(candidates: #"[{"id":"a","priority":1e2,"edges":[]}]"#),
            "candidates[0].priority: must be a whole number of 64 bits, without exponent"
        ),
        (
            instance(candidates: #"[{"id":"a","priority":9223372036854775808,"edges":[]}]"#),
            "candidates[0].priority: must be a whole number of 64 bits, without exponent"
        ),
        (
            instance(candidates: #"[{"id":"a","priority":1,"edges":[],"age":3}]"#),
            "candidates[0]: has a member that is not known: age"
        ),
        (instance(candidates: #"[{"id":null,"priority":1,"edges":[]}]"#), "candidates[0].id: must be text"),
        (instance(candidates: #"[{"id":"","priority":1,"edges":[]}]"#), "candidates[0].id: empty text"),
        (
            instance(candidates: #"[{"id":"a","priority":1,"edges":[["d"]]}]"#),
            "candidates[0].edges[0]: must be a list of two"
        ),
        (
            instance(candidates: #"[{"id":"a","priority":1,"edges":[["d",1,2]]}]"#),
            "candidates[0].edges[0]: must be a list of two"
        ),
        (
            instance(candidates: #"[{"id":"a","priority":1,"edges":[{"d":1}]}]"#),
            "candidates[0].edges[0]: must be a list of two"
        ),
        (
            instance(candidates: #"[{"id":"a","priority":1,"edges":[[1,"d"]]}]"#),
            "candidates[0].edges[0][0]: must be text"
        ),
        (
            instance(candidates: #"[{"id":"a","priority":1,"edges":[["d","1"]]}]"#),
            "candidates[0].edges[0][1]: must be a whole number of 64 bits, without exponent"
        ),
        (
            instance(candidates: #"[{"id":"a","priority":1,"edges":[],"near":[["d",1]]}]"#),
            "candidates[0].near[0][1]: must be text"
        ),
        (
            instance(candidates: #"[{"id":"a","priority":1,"edges":[["x",1]]}]"#),
            "candidates[0].edges[0]: unknown dwelling"
        ),
        (
            instance(candidates: #"[{"id":"a","priority":1,"edges":[["d",1],["d",2]]}]"#),
            "candidates[0].edges[1]: dwelling named twice for one candidate"
        ),
        (instance(dwellings: #"[{"id":"d"},{"id":"d"}]"#), "dwellings[1].id: duplicate id"),
        (instance(dwellings: #"[{"id":"d","capacity":-1}]"#), "dwellings[0].capacity: negative number"),
        (instance(dwellings: #"[{"id":"d","groups":["g"]}]"#), "dwellings[0].groups[0]: unknown group"),
        (instance(dwellings: #"[{"id":"d","groups":[2]}]"#), "dwellings[0].groups[0]: must be text"),
        (instance(more: #","groups":[{"id":"g"}]"#), "groups[0].cap: is needed"),
    ]

    private static func instance(candidates: String? = "[]", dwellings: String? = #"[{"id":"d"}]"#, more: String = "")
        -> String
    {
        #"{"format":"match-instance/1""# + (candidates.map { #","candidates":\#($0)"# } ?? "")
            + (dwellings.map { #","dwellings":\#($0)"# } ?? "") + more + "}"
    }

    @Test(arguments: bad.indices)
    func aBadInstanceIsOneLine(index: Int) async throws {
        let (text, line) = Self.bad[index]
        let scratch = try Scratch()
        let path = try scratch.write(text, to: "bad.json")
        let ran = await Ran.of(["match", path])
        #expect(ran.code == .usage)
        #expect(ran.said.isEmpty)
        #expect(ran.told == ["thuispunt: \(path): \(line)"])
    }

    @Test func aFileThatCanNotBeReadIsNotABadInstance() async throws {
        let scratch = try Scratch()
        for path in [scratch.folder, scratch.folder + "/none.json"] {
            let ran = await Ran.of(["match", path])
            #expect(ran.code == .failed)
            #expect(ran.told == ["thuispunt: can't read \(path); check that the file is there and may be read"])
        }
    }

    @Test func crossingCapsAreSaidWithEachCertaintyThatIsAbsent() async throws {
        let scratch = try Scratch()
        let text = """
            {"format":"match-instance/1",
             "candidates":[{"id":"a","priority":1,"edges":[["d1",1]]},{"id":"b","priority":2,"edges":[["d2",1]]},
                           {"id":"c","priority":3,"edges":[["d3",1]]}],
             "dwellings":[{"id":"d1","groups":["x","y"]},{"id":"d2","groups":["x"]},{"id":"d3","groups":["y"]}],
             "groups":[{"id":"x","cap":1},{"id":"y","cap":1}]}
            """
        for flags in [[], ["--json"]] {
            let ran = await Ran.of(["match", try scratch.write(text, to: "crossing.json")] + flags)
            #expect(ran.code == .done)
            #expect(ran.said.count == 1)
            #expect(ran.said[0].hasSuffix(#","certain":["order","score","explanations"]}"#))
            #expect(
                ran.told == [
                    "thuispunt: the caps cross, so priority went before number",
                    "thuispunt: not proven: that no other set of proposals is larger",
                ])
        }
    }
}
