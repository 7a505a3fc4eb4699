// What a question may not say, each with its place, and how ids are told apart.

import Matching
import Testing

@Suite struct MatchInstanceTests {
    /// A faulty question and the one line it earns.
    struct Faulty: CustomTestStringConvertible {
        let text: String
        let harm: @Sendable (inout MatchInput) -> Void

        var testDescription: String { text }
    }

    static let faulty: [Faulty] = [
        Faulty(text: "candidates[1].edges[0]: unknown dwelling") {
            $0.candidates[1].edges = [.init(dwelling: "d9", score: 1)]
        },
        Faulty(text: "candidates[0].edges[1]: dwelling named twice for one candidate") {
            $0.candidates[0].edges.append($0.candidates[0].edges[0])
        },
        Faulty(text: "candidates[0].near[0]: dwelling named twice for one candidate") {
            $0.candidates[0].near = [.init(dwelling: "d1", limit: "rent")]
        },
        Faulty(text: "candidates[0].near[1]: dwelling named twice for one candidate") {
            $0.candidates[0].near = [.init(dwelling: "d2", limit: "rent"), .init(dwelling: "d2", limit: "pets")]
        },
        Faulty(text: "candidates[1].near[0]: unknown dwelling") {
            $0.candidates[1].near = [.init(dwelling: "", limit: "rent")]
        },
        Faulty(text: "candidates[1].near[0]: empty text") {
            $0.candidates[1].near = [.init(dwelling: "d2", limit: "")]
        },
        Faulty(text: "candidates[0].edges[0]: score out of range") { $0.candidates[0].edges[0].score = Int64.min },
        Faulty(text: "candidates[0].edges[0]: score out of range") {
            $0.candidates[0].edges[0].score = 1_000_000_000_001
        },
        Faulty(text: "candidates[1].id: duplicate id") { $0.candidates[1].id = "c1" },
        Faulty(text: "candidates[0].id: empty text") { $0.candidates[0].id = "" },
        Faulty(text: "dwellings[1].id: duplicate id") { $0.dwellings[1].id = "d1" },
        Faulty(text: "dwellings[0].capacity: negative number") { $0.dwellings[0].capacity = -1 },
        Faulty(text: "dwellings[1].groups[0]: unknown group") { $0.dwellings[1].groups = ["h"] },
        Faulty(text: "dwellings[0].groups[1]: group named twice for one dwelling") {
            $0.dwellings[0].groups = ["g", "g"]
        },
        Faulty(text: "dwellings[0].groups: too many entries") {
            $0.dwellings[0].groups = Array(repeating: "g", count: 65)
        },
        Faulty(text: "groups[0].cap: negative number") { $0.groups[0].cap = Int64.min },
        Faulty(text: "groups[1].id: duplicate id") { $0.groups.append($0.groups[0]) },
        Faulty(text: "groups: too many entries") {
            $0.groups = Array(repeating: .init(id: "g", cap: 0), count: 100_001)
        },
    ]

    private static let sound = MatchInput(
        candidates: [
            .init(id: "c1", priority: 1, edges: [.init(dwelling: "d1", score: 1)]),
            .init(id: "c2", priority: 2, edges: []),
        ],
        dwellings: [.init(id: "d1", groups: ["g"]), .init(id: "d2")], groups: [.init(id: "g", cap: 1)])

    @Test(arguments: faulty)
    func namesTheFaultAndItsPlace(faulty: Faulty) {
        var input = Self.sound
        faulty.harm(&input)
        let error = #expect(throws: MatchInstanceError.self) { try MatchInstance(input) }
        #expect(error?.description == faulty.text)
    }

    @Test func acceptsTheSoundQuestion() throws { _ = try MatchInstance(Self.sound) }

    @Test func sortsByPriorityThenCodePoints() throws {
        // U+FF5E comes before U+10000 by code point, after it by UTF-16 unit; "é" in two scalars before in one.
        let ids = ["\u{10000}", "\u{FF5E}", "z", "\u{E9}", "e\u{301}", "Z", "a", "first"]
        let input = MatchInput(
            candidates: ids.map { .init(id: $0, priority: $0 == "first" ? -1 : 0, edges: []) },
            dwellings: ids.map { .init(id: $0) })
        let instance = try MatchInstance(input)
        func scalars(_ texts: [String]) -> [[UInt32]] { texts.map { $0.unicodeScalars.map(\.value) } }
        let sorted = ["Z", "a", "e\u{301}", "z", "\u{E9}", "\u{FF5E}", "\u{10000}"]
        #expect(scalars(instance.candidateIDs) == scalars(["first"] + sorted))
        #expect(scalars(instance.dwellingIDs) == scalars(["Z", "a", "e\u{301}", "first"] + sorted.dropFirst(3)))
    }
}
