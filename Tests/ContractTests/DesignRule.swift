// The Dutch government's rules for the design of REST APIs (NLGov REST API Design Rules 2.2), all of them: what each asks,
// and where it is held. A technical rule has a check of its own, on the description, on answers, or both; a rule of
// judgement says by what it is kept.

import HTTPWire
import TestKit
import Testing

/// One rule.
struct DesignRule: Sendable, CustomTestStringConvertible {
    /// What is not as a description should be.
    typealias DescriptionCheck = @Sendable (Description) -> [String]
    /// What is not as an exchange should be.
    typealias ExchangeCheck = @Sendable (Client.Exchange) -> [String]

    /// Its id in the standard, without the leading slash.
    let id: String
    /// What it asks.
    let asks: String
    /// Where it is held, for the page.
    let held: String
    var description: DescriptionCheck?
    var exchange: ExchangeCheck?
    /// Breaks a description, and an exchange that the check looks at, so that the check itself is known to work.
    var spoilsDescription: (@Sendable (JSONTree) -> JSONTree)?
    var spoilsExchange: (@Sendable (inout Client.Exchange) -> Void)?

    var isTechnical: Bool { description != nil || exchange != nil }
    var testDescription: String { id }

    /// Every rule, in the order of the standard.
    static let all = names + times + methods + errors + documents + versions + transport
}

extension DesignRule {
    /// Paths that have no version: those who watch, whom browsers and RFC 8615 look for, and what a problem leads to.
    static let unversioned: Set<String> = [
        "/healthz", "/readyz", "/metrics", "/.well-known/security.txt", "/session", "/problems", "/problems/{slug}",
    ]

    private static let names = [
        DesignRule(
            id: "core/naming-resources", asks: "nouns for resources", held: "review (`CONTRIBUTING.md`, a new route)"),
        DesignRule(id: "core/naming-collections", asks: "plural nouns for collections", held: "review"),
        DesignRule(
            id: "core/interface-language", asks: "Dutch, unless there is an official English glossary",
            held:
                "not: the API is in English, for the builders of all regions; descriptions and problem pages name the "
                + "Dutch terms"),
        DesignRule(
            id: "core/no-trailing-slash", asks: "no slash at the end of a path; 404 with one, no redirect", held: here,
            description: { $0.operations.map(\.path).filter { $0.hasSuffix("/") } },
            exchange: { exchange in
                guard exchange.question.path.hasSuffix("/"), exchange.question.path != "/" else { return [] }
                return exchange.reply.status == 404 && exchange.reply["Location"] == nil ? [] : ["no 404"]
            },
            spoilsDescription: { $0.renamingPath("/v1/me", "/v1/me/") },
            spoilsExchange: { $0.question.target += "/" }),
        DesignRule(
            id: "core/path-segments-kebab-case", asks: "lower case, digits and hyphens; `_` may begin the last segment",
            held: here,
            description: { description in
                // The description has its extension by /core/publish-openapi, the other place by RFC 9116.
                let given = ["openapi.json", "openapi.yaml", ".well-known", "security.txt"]
                return description.operations.flatMap { operation in
                    operation.path.split(separator: "/").map(String.init).filter { segment in
                        !given.contains(segment) && !segment.hasPrefix("{")
                            && segment.wholeMatch(of: /_?[a-z0-9]+(-[a-z0-9]+)*/) == nil
                    }
                }
            },
            spoilsDescription: { $0.renamingPath("/v1/match-runs", "/v1/matchRuns") }),
        DesignRule(
            id: "core/query-keys-camel-case", asks: "lower camel case for query keys", held: here,
            description: { description in
                description.operations.flatMap(\.parameters).filter { $0["/in"] == "query" }
                    .compactMap { $0["/name"]?.text }.filter { $0.wholeMatch(of: /[a-z][a-zA-Z0-9]*/) == nil }
            },
            spoilsDescription: { $0.setting("/components/parameters/Cursor/name", "next_cursor") }),
        DesignRule(
            id: "core/hide-implementation", asks: "nothing of the technique behind it",
            held: "`ProtocolTests` (no Server field), `CanaryTests`, the texts of `API/ProblemType`"),
    ]

    private static let times = [
        DesignRule(
            id: "core/date-time/format", asks: "moments by RFC 3339, `format: date-time`", held: here,
            description: { description in
                description.properties.filter { $0.name.hasSuffix("At") && $0.schema["/format"] != "date-time" }
                    .map(\.name)
            },
            exchange: { exchange in
                exchange.reply.texts { $0.hasSuffix("At") }
                    .filter { $0.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) == nil }
            },
            spoilsDescription: { $0.setting("/components/schemas/Session/properties/endsAt/format", nil) },
            spoilsExchange: { $0.reply.body = Array(#"{"endsAt":"2026-11-27 10:00"}"#.utf8) }),
        DesignRule(
            id: "core/date-time/timezone", asks: "any offset is taken, UTC is answered",
            held: "the row above for answers; `TimeTests` for what is taken"),
        DesignRule(
            id: "core/date-time/date-omit-time-portion", asks: "a day is a date", held: here,
            description: { description in
                description.properties.filter { $0.isDay && $0.schema["/format"] != "date" }.map(\.name)
            },
            exchange: { exchange in
                exchange.reply.texts { Property.isDay($0) }
                    .filter { $0.wholeMatch(of: /\d{4}-\d\d-\d\d/) == nil }
            },
            spoilsDescription: {
                $0.setting("/components/schemas/SupportRequestDraft/properties/wantedFrom/format", "date-time")
            },
            spoilsExchange: { $0.reply.body = Array(#"{"dueOn":"2026-11-27T00:00:00.000Z"}"#.utf8) }),
    ]

    private static let methods = [
        DesignRule(
            id: "core/http-methods", asks: "the methods as HTTP means them", held: "`ProtocolTests`, `VersionTests`"),
        DesignRule(
            id: "core/http-safety", asks: "safe and repeatable as HTTP says", held: "`VersionTests`, `RepeatTests`"),
        DesignRule(
            id: "core/http-response-code", asks: "the right status, no stack traces",
            held: "`AnswerTests`, `ProtocolTests`, `Tests/schemathesis.py`"),
        DesignRule(
            id: "core/stateless", asks: "no session on the server",
            held: "scripts have none; the pages' session is decision 9"),
        DesignRule(id: "core/nested-child", asks: "children below their parent", held: "review"),
        DesignRule(
            id: "core/resource-operations", asks: "an operation is a sub-resource, or `_search`",
            held: "`…/transitions`, `…/responses` and their like; `RouteTests`"),
    ]
}

extension DesignRule {
    /// What the page says of a rule with a check.
    static let here = "`DesignRuleTests`"
}

/// A member of a described object.
struct Property: Sendable {
    let name: String
    let schema: JSONTree

    /// Whether its name says that it is a day.
    var isDay: Bool { schema["/type"] == "string" && Self.isDay(name) }

    static func isDay(_ name: String) -> Bool {
        ["On", "Date", "Datum"].contains { name.hasSuffix($0) } || name == "until" || name == "wantedFrom"
    }
}

extension Description {
    /// Every member that a schema describes, wherever it stands.
    var properties: [Property] { properties(below: root) }

    private func properties(below node: JSONTree) -> [Property] {
        node.elements.flatMap(properties)
            + node.members.flatMap { member in
                let own = member.name == "properties" ? member.value.members : []
                return own.map { Property(name: $0.name, schema: resolved($0.value)) } + properties(below: member.value)
            }
    }
}

extension Reply {
    /// The texts in the body whose member's name is one of those.
    func texts(_ isMeant: (String) -> Bool) -> [String] {
        let json = json
        return json.pointers.compactMap { pointer in
            isMeant(pointer.split(separator: "/").last.map(String.init) ?? "") ? json[pointer]?.text : nil
        }
    }
}

extension JSONTree {
    /// A description in which a path has another name.
    func renamingPath(_ old: String, _ new: String) -> JSONTree {
        let paths = (self["/paths"]?.members ?? []).map { path in
            Member(name: path.name == old ? new : path.name, value: path.value)
        }
        return setting("/paths", .object(paths))
    }
}
