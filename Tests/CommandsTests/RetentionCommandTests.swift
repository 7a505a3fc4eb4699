// retention list and apply: what is due is listed without a name, and goes only when that is said.

import Commands
import Foundation
import JSON
import Testing

@Suite struct RetentionCommandTests {
    @Test func nothingGoesUnasked() async throws {
        let scratch = try await Scratch.migrated()
        #expect(await scratch.run("demo", "load", "--referrals", "60").code == .done)
        let today = await scratch.run("retention", "list")
        #expect(today.code == .done && today.said == ["0 to destroy"])
        let later = await scratch.run("retention", "list", "--on", "2060-01-01", "--json")
        #expect(later.code == .no)
        let due = try later.documents()
        #expect(!due.isEmpty && due.allSatisfy { $0["candidateNumber"]?.string?.hasPrefix("K-") == true })
        let grounds = Set(due.compactMap { $0["ground"]?.string })
        #expect(grounds.isSubset(of: ["with_provision", "without_provision"]))
        #expect(await scratch.run("retention", "list", "--on", "tomorrow").code == .usage)
        #expect(await scratch.run("retention", "apply", "--yes").said == ["0 destroyed"])
        #expect(await scratch.run("verify").code == .done)
    }
}
