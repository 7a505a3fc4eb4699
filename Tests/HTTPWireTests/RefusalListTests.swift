// The list by which refusals are counted is whole: what the source declares stands in it, once.

import Foundation
import HTTPWire
import Testing

@Suite struct RefusalListTests {
    @Test func everyRefusalStandsInTheListOnce() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/HTTPWire/Refusal.swift")
        let text = try String(contentsOf: file, encoding: .utf8)
        let declared = text.matches(of: /static let \w+ = (?:malformed\(|Refusal\(\s*status: \d+, slug: )"([a-z-]+)"/)
        #expect(declared.count == text.matches(of: #/static let \w+ = /#).count)
        #expect(Refusal.all.map(\.slug).sorted() == declared.map { String($0.1) }.sorted())
        #expect(Set(Refusal.all.map(\.slug)).count == Refusal.all.count)
    }
}
