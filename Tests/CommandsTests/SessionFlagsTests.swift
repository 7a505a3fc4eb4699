// The time-outs of sessions have a flag each, with bounds.

import Domain
import Testing

@testable import Commands

@Suite struct SessionFlagsTests {
    private static func terms(_ words: String...) throws -> SessionTerms {
        let command = try #require(Thuispunt.commands.first { $0.name == "serve" })
        return try SessionFlags.terms(try Arguments(words, for: command, environment: [:]))
    }

    @Test func eachHasAFlag() throws {
        let standard = try Self.terms()
        #expect(standard.idleSeconds == 1_800 && standard.wholeSeconds == 43_200)
        let set = try Self.terms("--session-idle-minutes", "5", "--session-hours", "1")
        #expect(set.idleSeconds == 300 && set.wholeSeconds == 3_600)
        for wrong in ["0", "1441", "-1", "x"] {
            #expect(throws: CommandFault.self) { try Self.terms("--session-idle-minutes", wrong) }
        }
        for wrong in ["0", "169"] {
            #expect(throws: CommandFault.self) { try Self.terms("--session-hours", wrong) }
        }
    }
}
