// region show and apply: a document goes in whole or not at all, and what is in force can be read and applied again.

import Commands
import Foundation
import JSON
import Testing

@Suite struct RegionCommandTests {
    private func file(_ scratch: Scratch, _ text: String) throws -> String {
        let path = scratch.database + ".region.json"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private let small = #"{"name":"R","municipalities":[{"code":"GM0153","name":"Enschede","central":"GM0153"}]}"#

    @Test func whatIsShownCanBeApplied() async throws {
        let scratch = try await Scratch.migrated()
        let defaults = await scratch.run("region", "show")
        #expect(defaults.told == ["version 0, the defaults"] && defaults.code == .done)

        let path = try file(scratch, small)
        #expect(await scratch.run("region", "apply", path).said == ["version 1 of the settings of R is in force"])
        #expect(await scratch.run("region", "apply", path).said == ["these settings are in force already"])
        let shown = await scratch.run("region", "show")
        let again = try file(scratch, shown.said.joined(separator: "\n"))
        #expect(await scratch.run("region", "apply", again).said == ["these settings are in force already"])

        let other = try file(scratch, small.replacingOccurrences(of: "\"R\"", with: "\"S\""))
        let applied = try await scratch.run("region", "apply", other, "--json").documents()
        #expect(applied.first?["version"]?.integer == 2)
        #expect(try await scratch.run("region", "show", "--json").documents().first?["name"]?.string == "S")
        let first = try await scratch.run("region", "show", "--version", "1", "--json").documents()
        #expect(first.first?["name"]?.string == "R")
        #expect(await scratch.run("region", "show", "--version", "9").code == .failed)
    }

    @Test func everyFaultIsToldAndNothingApplied() async throws {
        let scratch = try await Scratch.migrated()
        let path = try file(scratch, #"{"name":7,"municipalities":[],"x":1}"#)
        let ran = await scratch.run("region", "apply", path)
        #expect(ran.code == .no && ran.said.isEmpty)
        #expect(ran.told.count == 4 && ran.told.last?.contains("3 faults") == true)
        #expect(ran.told.dropLast().allSatisfy { $0.hasPrefix(path + ": /") })
        #expect(await scratch.run("region", "show").told == ["version 0, the defaults"])
        #expect(await scratch.run("region", "apply", path + "x").code == .failed)
        #expect(await scratch.run("region", "apply", "/").told == ["thuispunt: / is no file that can be read"])
        #expect(
            await scratch.run("region", "apply", "/proc/self/mem").told == [
                "thuispunt: can't read /proc/self/mem: Input/output error"
            ])
        #expect(await scratch.run("region", "apply").code == .usage)
        #expect(await scratch.run("region", "apply", try file(scratch, "")).code == .failed)
    }
}
