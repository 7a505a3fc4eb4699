// Every limit on callers has exactly one flag that sets it and names its default, and none of them can be off where
// others than this machine can reach the service.

import API
import HTTPServer
import Testing

@testable import Commands

@Suite struct RateFlagsTests {
    private static func settings(_ words: String..., listen: String = "127.0.0.1:8080") throws -> RateSettings? {
        let command = try #require(Thuispunt.commands.first { $0.name == "serve" })
        let arguments = try Arguments(words + ["--listen", listen], for: command, environment: [:])
        return try RateFlags.settings(
            arguments, listeningOn: try ServeCommand.configuration(arguments).listen)
    }

    private static func properties(_ settings: RateSettings?) -> [String: String] {
        guard let settings else { return [:] }
        return Mirror(reflecting: settings).children.reduce(into: [:]) { $0[$1.label ?? ""] = "\($1.value)" }
    }

    @Test func everyLimitHasExactlyOneFlag() throws {
        let standard = Self.properties(try Self.settings())
        var set: [String] = []
        for number in RateFlags.numbers {
            let name = "--\(number.option.name)"
            let value = "\(number.range.upperBound)"
            let found = Self.properties(try Self.settings(name, value))
            let changed = standard.keys.filter { standard[$0] != found[$0] }
            #expect(changed.count == 1 && found[changed.first ?? ""] == value, "\(name)")
            set += changed
            #expect(number.option.help.hasSuffix("(\(standard[changed.first ?? ""] ?? "none"))"))
            for wrong in [number.range.lowerBound - 1, number.range.upperBound + 1] {
                #expect(throws: CommandFault.self) { try Self.settings(name, "\(wrong)") }
            }
        }
        #expect(set.sorted() == standard.keys.sorted())
    }

    /// The widest settings together still make buckets that can fill.
    @Test func theWidestLimitsFitTogether() throws {
        for widest in [true, false] {
            let words = RateFlags.numbers.flatMap { number in
                let isRate = number.option.name == "token-rate"
                return [
                    "--\(number.option.name)",
                    "\(widest != isRate ? number.range.upperBound : number.range.lowerBound)",
                ]
            }
            let command = try #require(Thuispunt.commands.first { $0.name == "serve" })
            let settings = try #require(
                try RateFlags.settings(Arguments(words, for: command, environment: [:]), listeningOn: []))
            _ = RateRule(burst: settings.tokenBurst, perSecond: settings.tokenPerSecond)
            _ = RateRule(burst: settings.signInBurst, secondsPerUnit: settings.signInSeconds)
        }
    }

    @Test(arguments: [
        "127.0.0.1:0", "127.8.9.1:80", "[::1]:80", "unix:/run/a.sock", "127.0.0.1:80,unix:/run/a.sock",
        "[::ffff:127.0.0.1]:80",
    ])
    func offOnThisMachineAlone(listen: String) throws {
        #expect(try Self.settings("--rate-limits", "off", listen: listen) == nil)
        #expect(try Self.settings("--rate-limits", "on", listen: listen) == RateSettings())
    }

    @Test(arguments: ["0.0.0.0:80", "192.0.2.1:80", "[::]:80", "128.0.0.1:80", "127.0.0.1:80,0.0.0.0:81"])
    func neverWhereOthersCome(listen: String) {
        let fault = #expect(throws: CommandFault.self) { try Self.settings("--rate-limits", "off", listen: listen) }
        #expect(fault?.code == .usage && fault?.description.contains("\n") == false)
    }

    @Test func otherWordsAreRefused() {
        #expect(throws: CommandFault.self) { try Self.settings("--rate-limits", "no") }
    }

    @Test func aContactThatIsNoneIsRefusedInOneLine() async throws {
        let scratch = try await Scratch.migrated()
        let ran = await scratch.run("serve", "--listen", "127.0.0.1:0", "--security-contact", "me")
        #expect(ran.code == .usage && ran.told.count == 1)
    }
}
