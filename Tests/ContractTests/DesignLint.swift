// What the Dutch rules' own linter (the Spectral ruleset beside the standard) looks for in a description and no rule of
// `DesignRule` says already. `servers` with the major version is left out: here the path has it (decision 10). That
// path variables are described and examples fit is held by RouteTests and ExampleTests.

import TestKit
import Testing

/// One rule of the linter.
struct DesignLint: Sendable, CustomTestStringConvertible {
    /// Its name in the ruleset.
    let name: String
    /// What of a description breaks it.
    let faults: @Sendable (Description) -> [String]
    /// Breaks a description.
    let spoils: @Sendable (JSONTree) -> JSONTree

    var testDescription: String { name }

    static let all = [
        DesignLint(
            name: "operation-operationId-unique",
            faults: { twice($0.operations.map { $0.node["/operationId"]?.text ?? "" }) },
            spoils: { root in
                let paths = root["/paths"]?.members ?? []
                return root.setting(
                    "/paths", .object(paths + paths.prefix(1).map { .init(name: "/twice", value: $0.value) }))
            }),
        DesignLint(
            name: "openapi-tags-uniqueness",
            faults: { description in
                let tags = description.root["/tags"]?.elements.compactMap { $0["/name"]?.text } ?? []
                let used = Set(description.operations.flatMap { $0.node["/tags"]?.elements.compactMap(\.text) ?? [] })
                return twice(tags) + used.symmetricDifference(tags)
            },
            spoils: { $0.setting("/tags/1/name", "service") }),
        DesignLint(
            name: "oas3-api-servers",
            faults: { $0.root["/servers/0/url"]?.text?.isEmpty == false ? [] : ["no server"] },
            spoils: { $0.setting("/servers", []) }),
        DesignLint(
            name: "nlgov:http-methods",
            faults: { description in
                let methods: Set = ["get", "put", "post", "delete", "patch", "head", "options", "trace", "parameters"]
                return (description.root["/paths"]?.members ?? []).flatMap { path in
                    path.value.members.map(\.name).filter { !methods.contains($0) }
                }
            },
            spoils: { root in
                let paths = root["/paths"]?.members ?? []
                let odd: JSONTree = ["link": ["responses": [:]]]
                return root.setting("/paths", .object(paths + [.init(name: "/v1/odd", value: odd)]))
            }),
        DesignLint(
            name: "nlgov:schema-camel-case",
            faults: { description in
                description.schemas.map(\.name).filter { $0.wholeMatch(of: /[A-Z][a-zA-Z0-9]*/) == nil }
            },
            spoils: { $0.setting("/components/schemas/problem", [:]) }),
        DesignLint(
            name: "nlgov:property-casing",
            faults: { description in
                // A table by the words of a closed list has those words as its members.
                let words = Set(description.schemas.flatMap { $0.value["/enum"]?.elements.compactMap(\.text) ?? [] })
                return description.properties.map(\.name).filter {
                    $0.wholeMatch(of: /[a-z][a-zA-Z0-9]*/) == nil && !words.contains($0)
                }
            },
            spoils: { $0.setting("/components/schemas/Health/properties/is_well", ["type": "boolean"]) }),
        DesignLint(
            name: "nlgov:date-time-ensure-timezone, nlgov:time-without-timezone",
            faults: { description in
                let known: Set = [
                    "date", "date-time", "uuid", "uri", "uri-reference", "email", "int64", "int32", "double",
                ]
                return description.properties.compactMap { $0.schema["/format"]?.text }.filter { !known.contains($0) }
            },
            spoils: { $0.setting("/components/schemas/Session/properties/endsAt/format", "time") }),
    ]

    private static func twice(_ names: [String]) -> [String] {
        Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }.map(\.key)
    }
}
