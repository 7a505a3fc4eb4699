// The embedded description: it can be read, and its JSON says what its YAML says. What it must contain is the contract
// tests' matter.

import JSON
import OpenAPI
import Testing

@Suite struct OpenAPIDescriptionTests {
    @Test func theDescriptionCanBeRead() throws {
        #expect(try YAMLReader.read(OpenAPIDescription.yaml) == OpenAPIDescription.root)
        #expect(OpenAPIDescription.root["openapi"]?.string?.hasPrefix("3.") == true)
    }

    @Test func theJSONSaysTheSame() throws {
        let root = try JSONDocument(OpenAPIDescription.json).root
        expectEqual(root, OpenAPIDescription.root)
    }

    @Test func nodesAnswerTheirOwnQuestionOnly() throws {
        let root = try YAMLReader.read(Array("a: [x, 1, true, ~]\nb: {c: d}\n".utf8))
        #expect(root.mapping?.keys == ["a", "b"])
        #expect(root["a"]?[0]?.string == "x")
        #expect(root["a"]?[1]?.integer == 1)
        #expect(root["a"]?[2]?.boolean == true)
        #expect(root["a"]?[3] == .null)
        #expect(root["a"]?[4] == nil)
        #expect(root["a"]?[-1] == nil)
        #expect(root["a"]?["x"] == nil)
        #expect(root["b"]?["c"] == .string("d"))
        #expect(root["b"]?.sequence == nil)
        #expect(root["c"] == nil)
        #expect(root.string == nil)
    }

    private func expectEqual(_ json: JSONValue, _ yaml: YAMLNode) {
        switch yaml {
        case .null: #expect(json.kind == .null)
        case .boolean(let truth): #expect(json.boolean == truth)
        case .integer(let number): #expect(json.integer == number)
        case .decimal(let text): #expect(json.numberText == text)
        case .string(let text): #expect(json.string == text)
        case .sequence(let elements):
            #expect(json.kind == .array && json.count == elements.count)
            for (one, other) in zip(json.elements, elements) { expectEqual(one, other) }
        case .mapping(let mapping):
            #expect(json.kind == .object && json.members.map(\.key) == mapping.keys)
            for (one, other) in zip(json.elements, mapping.entries) { expectEqual(one, other.value) }
        }
    }
}
