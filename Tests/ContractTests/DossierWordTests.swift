// A dossier's page is Dutch throughout: whatever name or code the description lets a dossier have, there is a word for it.

import TestKit
import Testing

@testable import API

@Suite struct DossierWordTests {
    /// The names of members and the codes of a schema and all it holds.
    private struct Vocabulary {
        let description: Description
        private(set) var names: Set<String> = []
        private(set) var codes: Set<String> = []
        private var seen: Set<String> = []

        init(of schema: String, in description: Description) {
            self.description = description
            if let node = description.root["/components/schemas/\(schema)"] { add(node) }
        }

        private mutating func add(_ node: JSONTree) {
            if let reference = node["/$ref"]?.text, !seen.insert(reference).inserted { return }
            let schema = description.resolved(node)
            codes.formUnion(schema["/enum"]?.elements.compactMap(\.text) ?? [])
            if let constant = schema["/const"]?.text { codes.insert(constant) }
            for member in schema["/properties"]?.members ?? [] {
                names.insert(member.name)
                add(member.value)
            }
            for keyword in ["items", "additionalProperties"] where schema["/\(keyword)"]?.members.isEmpty == false {
                if let inner = schema["/\(keyword)"] { add(inner) }
            }
            for keyword in ["allOf", "anyOf", "oneOf"] {
                for inner in schema["/\(keyword)"]?.elements ?? [] { add(inner) }
            }
        }
    }

    @Test func everyNameAndCodeHasADutchWord() {
        let vocabulary = Vocabulary(of: "Dossier", in: Description.served)
        #expect(vocabulary.names.count > 200 && vocabulary.codes.count > 200)
        // Ids stay out of the page, and what an auditor alone is told of a look is in no dossier.
        let unsaid: Set = ["en", "id", "token", "requestId", "traceId"]
        #expect(vocabulary.names.subtracting(DossierWords.members.keys).subtracting(unsaid).sorted() == [])
        #expect(vocabulary.codes.subtracting(DossierWords.codes.keys).sorted() == [])
        // And none that no dossier has.
        #expect(Set(DossierWords.members.keys).subtracting(vocabulary.names).sorted() == [])
        #expect(Set(DossierWords.codes.keys).subtracting(vocabulary.codes).sorted() == [])
    }
}
