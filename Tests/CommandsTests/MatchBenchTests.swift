// match make and match bench: what is made is an instance the engine takes, the same from the same seed; what is
// measured is a row for each size.

import Commands
import Foundation
import Testing

@Suite struct MatchBenchTests {
    @Test func whatIsMadeCanBeRun() async throws {
        let words = ["match", "make", "--candidates", "30", "--dwellings", "20", "--seed", "5"]
        let made = await Ran.of(words)
        #expect(made.code == .done && made.said.count == 1)
        #expect(await Ran.of(words).said == made.said)
        let scratch = try Scratch()
        let ran = await Ran.of(["match", try scratch.write(made.said[0], to: "made.json")])
        #expect(ran.code == .done)
        #expect(ran.said[0].hasPrefix(#"{"format":"match-result/1","assignments":[{"candidate":"#))
    }

    @Test func aRowForEachSize() async throws {
        let ran = await Ran.of(["match", "bench", "--sizes", "20x10,30x5", "--repeats", "1"])
        #expect(ran.code == .done && ran.said.count == 3)
        #expect(ran.said[1].split(separator: " ").prefix(2) == ["20", "10"])
        #expect(ran.said[2].split(separator: " ").prefix(2) == ["30", "5"])
        let lines = await Ran.of(["match", "bench", "--sizes", "20x10", "--json"]).said
        #expect(lines.count == 1 && lines[0].hasPrefix(#"{"candidates":20,"dwellings":10,"seed":"1","pairs":"#))
    }

    @Test(arguments: ["20", "20x", "0x5", "ax5", "20x10x3"])
    func aSizeThatIsNone(size: String) async throws {
        let ran = await Ran.of(["match", "bench", "--sizes", size])
        #expect(ran.code == .usage && ran.told.count == 1)
    }
}
