// The schema checker itself: what fits passes, and each planted fault is found.

import TestKit
import Testing

@Suite struct SchemaCheckTests {
    private let check = SchemaCheck(
        description: Description(root: [
            "components": [
                "schemas": [
                    "Word": ["type": "string", "enum": ["a", "b"]],
                    "Thing": [
                        "type": "object", "additionalProperties": false, "required": ["id", "words"],
                        "properties": [
                            "id": ["type": "string", "format": "uuid"], "day": ["type": "string", "format": "date"],
                            "at": ["type": "string", "format": "date-time"],
                            "words": [
                                "type": "array", "minItems": 1, "maxItems": 2, "uniqueItems": true,
                                "items": ["$ref": "#/components/schemas/Word"],
                            ], "count": ["type": "integer", "minimum": 1, "maximum": 5],
                            "code": ["type": "string", "pattern": "^[A-Z]{2}$", "minLength": 2, "maxLength": 2],
                            "truth": ["const": true],
                            "either": ["oneOf": [["type": "string"], ["type": "null"]]],
                        ], "dependentRequired": ["count": ["code"]],
                        "if": ["properties": ["day": ["const": "2026-01-01"]], "required": ["day"]],
                        "then": ["required": ["at"]],
                    ],
                ]
            ]
        ]))
    private let thing: JSONTree = [
        "id": "01a19b98-1e3b-7c01-8a5e-2f4d90c1b7e3", "day": "2026-02-28", "at": "2026-02-28T10:00:00.000Z",
        "words": ["a", "b"], "count": 5, "code": "AB", "truth": true, "either": nil,
    ]

    private func faults(_ value: JSONTree) -> [String] {
        check.faults(value, ["$ref": "#/components/schemas/Thing"])
    }

    @Test func whatFitsPasses() {
        #expect(faults(thing) == [])
        #expect(faults(["id": "01a19b98-1e3b-7c01-8a5e-2f4d90c1b7e3", "words": ["b"]]) == [])
    }

    @Test(
        arguments: [
            ("/id", "x", "/id: no uuid"), ("/day", "2026-02-30", "/day: no date"),
            ("/at", "2026-02-28", "/at: no date-time"),
            ("/at", "2026-02-28T10:00:00Z", "/at: no date-time"), ("/words", [], "/words: too few elements"),
            ("/words", ["a", "a"], "/words: an element stands twice"), ("/words/1", "c", "/words/1: not in the list"),
            ("/count", 0, "/count: too small"), ("/count", 6, "/count: too large"),
            ("/count", .raw("1.5"), "/count: not of type integer"), ("/code", "A", "/code: too short"),
            ("/code", "ab", "/code: does not match ^[A-Z]{2}$"), ("/truth", false, "/truth: not the constant"),
            ("/either", 1, "/either: fits 0 of oneOf"), ("/extra", 1, ": extra is not described"),
            ("/words", "a", "/words: not of type array"),
        ] as [(String, JSONTree, String)])
    func aPlantedFaultIsFound(pointer: String, value: JSONTree, fault: String) {
        #expect(faults(thing.setting(pointer, value)).contains(fault))
    }

    @Test func whatIsMissingIsFound() {
        #expect(faults(thing.removing("/id")) == [": id is missing"])
        #expect(faults(thing.removing("/code")) == [": code is missing"])
        #expect(faults(thing.setting("/day", "2026-01-01").removing("/at")) == [": at is missing"])
        #expect(faults("text").contains(": not of type object"))
    }

    @Test func whatMustNotFitIsFound() {
        let schema: JSONTree = ["not": ["required": ["code"]]]
        #expect(check.faults(thing.removing("/code"), schema) == [])
        #expect(check.faults(thing, schema) == [": fits what it must not"])
    }

    @Test func anUnknownKeywordIsAFault() {
        #expect(check.faults("x", ["type": "string", "contains": [:]]) == [": keyword contains is not checked"])
    }
}
