// The rules about errors, the description itself, versions, and what travels with every answer; the table goes on here.

import HTTPWire
import TestKit

extension DesignRule {
    static let errors = [
        DesignRule(
            id: "core/error-handling/problem-details", asks: "RFC 9457 with status, title and detail", held: here,
            description: { description in
                description.operations.flatMap { operation in
                    description.refusals(operation).filter { refusal in
                        let contents = description.contents(refusal.value)
                        let schema = contents.first.flatMap(\.schema).map(description.resolved)
                        let required = schema?["/required"]?.elements.compactMap(\.text) ?? []
                        return contents.map(\.type) != ["application/problem+json"]
                            || !Set(["status", "title", "detail"]).isSubset(of: required)
                    }.map { "\(operation) \($0.name)" }
                }
            },
            exchange: { exchange in
                let reply = exchange.reply
                guard reply.status >= 400, exchange.question.method != .head else { return [] }
                let isWhole =
                    reply["Content-Type"] == "application/problem+json"
                    && reply.json["/status"] == .number(Int64(reply.status))
                    && ["/title", "/detail", "/type"].allSatisfy { reply.json[$0]?.text?.isEmpty == false }
                return isWhole ? [] : ["no problem document"]
            },
            spoilsDescription: { $0.setting("/components/schemas/Problem/required", ["type"]) },
            spoilsExchange: { exchange in
                exchange.reply.status = 404
                exchange.reply.body = Array("{}".utf8)
            }),
        DesignRule(
            id: "core/error-handling/invalid-input", asks: "400 for invalid input, never 422", held: here,
            description: { description in
                description.operations.filter { operation in
                    let statuses = description.refusals(operation).map(\.name)
                    let takes = ["post", "put", "patch"].contains(operation.method) || !operation.parameters.isEmpty
                    return statuses.contains("422") || takes && !statuses.contains("400")
                }.map(\.description)
            },
            exchange: { $0.reply.status == 422 ? ["422"] : [] },
            spoilsDescription: { root in
                root.setting("/paths", .object((root["/paths"]?.members ?? []).map(Self.withoutInvalidInput)))
            },
            spoilsExchange: { $0.reply.status = 422 }),
        DesignRule(
            id: "core/error-handling/all-errors", asks: "all faults of a body at once",
            held: "`BodyTests`, `JSONFormTests`"),
    ]

    private static func withoutInvalidInput(_ path: JSONTree.Member) -> JSONTree.Member {
        JSONTree.Member(name: path.name, value: path.value.removing("/post/responses/400"))
    }

    static let documents = [
        DesignRule(
            id: "core/doc-openapi", asks: "OpenAPI 3 or later",
            held: here + "; openapi-spec-validator in `Tests/run.sh`",
            description: { $0.root["/openapi"]?.text?.hasPrefix("3.") == true ? [] : ["another version"] },
            spoilsDescription: { $0.setting("/openapi", "2.0") }),
        DesignRule(
            id: "core/doc-openapi-contact", asks: "a name, an e-mail address and a page to turn to", held: here,
            description: { description in
                let contact = description.root["/info/contact"]
                let isMail = contact?["/email"]?.text?.contains("@") == true
                let isPage = contact?["/url"]?.text?.hasPrefix("https://") == true
                return contact?["/name"]?.text?.isEmpty == false && isMail && isPage ? [] : ["incomplete"]
            },
            spoilsDescription: { $0.removing("/info/contact/email") }),
        DesignRule(
            id: "core/doc-language", asks: "a description in Dutch",
            held: "not: as core/interface-language; the Dutch terms stand in `info.description` and the tags"),
        DesignRule(
            id: "core/publish-openapi", asks: "the description at a fixed place, without a token, for every origin",
            held: here,
            description: { description in
                let operation = description.operations.first { $0.path == "/v1/openapi.json" && $0.method == "get" }
                return operation?.isOpen == true ? [] : ["not there, or not for everybody"]
            },
            exchange: { exchange in
                guard exchange.question.path == "/v1/openapi.json", exchange.question.method == .get else { return [] }
                let reply = exchange.reply
                let isOpen = reply.status == 304 || reply.status == 200 && reply["Content-Type"] == "application/json"
                return isOpen && reply["Access-Control-Allow-Origin"] == "*" ? [] : ["not for everybody"]
            },
            spoilsDescription: { $0.renamingPath("/v1/openapi.json", "/v1/description.json") },
            spoilsExchange: { $0.question.target = "/v1/openapi.json" }),
    ]

    static let versions = [
        DesignRule(
            id: "core/deprecation-schedule", asks: "say when an old version ends",
            held: "when there is one: `Deprecation` and `Sunset`"),
        DesignRule(id: "core/transition-period", asks: "two major versions at most", held: "there is one"),
        DesignRule(
            id: "core/uri-version", asks: "the major version in the path, and only that", held: here + "; decision 10",
            description: { description in
                let major = description.root["/info/version"]?.text?.prefix { $0 != "." } ?? "?"
                return description.operations.map(\.path).filter { path in
                    !path.hasPrefix("/v\(major)/") && !unversioned.contains(path)
                }
            },
            spoilsDescription: { $0.renamingPath("/v1/me", "/v1.0/me") }),
        DesignRule(id: "core/changelog", asks: "a list of changes for each version", held: "`CHANGELOG.md`"),
        DesignRule(
            id: "core/semver", asks: "Semantic Versioning", held: here,
            description: { description in
                let version = description.root["/info/version"]?.text ?? ""
                return version.wholeMatch(of: /(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)/) == nil ? [version] : []
            },
            spoilsDescription: { $0.setting("/info/version", "v1") }),
        DesignRule(
            id: "core/version-header", asks: "`API-Version` with the whole version on every answer", held: here,
            description: { description in
                description.operations.flatMap { operation in
                    description.responses(operation).filter { $0.value["/headers/API-Version"] == nil }
                        .map { "\(operation) \($0.name)" }
                }
            },
            exchange: { exchange in
                exchange.reply["API-Version"] == Description.served.root["/info/version"]?.text
                    ? [] : ["another version"]
            },
            spoilsDescription: { $0.removing("/components/responses/NotModified/headers/API-Version") },
            spoilsExchange: { $0.reply.fields.removeAll { $0.name == "API-Version" } }),
    ]

    static let transport = [
        DesignRule(
            id: "core/transport/tls", asks: "TLS always",
            held: here + "; `deploy/proxies` has the TLS, `Tests/proxies.py`",
            description: { description in
                let servers = description.root["/servers"]?.elements.compactMap { $0["/url"]?.text } ?? []
                return servers.filter { !$0.hasPrefix("https://") && !$0.hasPrefix("http://127.0.0.1:") }
            },
            exchange: { exchange in
                exchange.reply["Strict-Transport-Security"]?.hasPrefix("max-age=") == true ? [] : ["may go without"]
            },
            spoilsDescription: { $0.setting("/servers/1/url", "http://thuispunt.example.org") },
            spoilsExchange: { $0.reply.fields.removeAll { $0.name == "Strict-Transport-Security" } }),
        DesignRule(
            id: "core/transport/no-sensitive-uris", asks: "nothing sensitive in an address",
            held: "`CanaryTests`; searching is a `POST`"),
        DesignRule(
            id: "core/transport/security-headers", asks: "the fields that keep a browser from misusing an answer",
            held: here, exchange: securityFields,
            spoilsExchange: { $0.reply.fields.removeAll { $0.name == "X-Frame-Options" } }),
        DesignRule(
            id: "core/transport/cors", asks: "no other origin but where it is meant", held: here,
            exchange: { exchange in
                let isDescription = ["/v1/openapi.json", "/v1/openapi.yaml"].contains(exchange.question.path)
                let names = exchange.reply.fields.map { $0.name.lowercased() }.filter {
                    $0.hasPrefix("access-control-") && !(isDescription && $0 == "access-control-allow-origin")
                }
                return names
            },
            spoilsExchange: { $0.reply.fields.append(("Access-Control-Allow-Origin", "*")) }),
        DesignRule(id: "core/modules/geospatial", asks: "its module, when used", held: "not used"),
        DesignRule(id: "core/modules/signing", asks: "its module, when used", held: "not used"),
        DesignRule(id: "core/modules/encryption", asks: "its module, when used", held: "not used"),
    ]

    private static func securityFields(_ exchange: Client.Exchange) -> [String] {
        let reply = exchange.reply
        let isPublic =
            DesignRule.unversioned.contains {
                $0.hasPrefix("/problems") && exchange.question.path.hasPrefix("/problems")
            }
            || exchange.question.path.hasPrefix("/v1/openapi.")
        let wanted: [(String, Bool)] = [
            (
                "Cache-Control",
                reply["Cache-Control"]
                    == (isPublic && reply.status < 400 && reply.status != 204
                        ? "no-cache" : "no-store")
            ),
            ("Content-Security-Policy", reply["Content-Security-Policy"]?.contains("frame-ancestors 'none'") == true),
            ("Content-Type", reply.body.isEmpty || reply["Content-Type"] != nil),
            ("X-Content-Type-Options", reply["X-Content-Type-Options"] == "nosniff"),
            ("X-Frame-Options", reply["X-Frame-Options"] == "DENY"),
        ]
        return wanted.filter { !$0.1 }.map(\.0)
    }
}

extension Description {
    /// Every answer of an operation, references followed.
    func responses(_ operation: Operation) -> [JSONTree.Member] {
        (operation.node["/responses"]?.members ?? []).map { JSONTree.Member(name: $0.name, value: resolved($0.value)) }
    }

    /// Those of them that refuse.
    func refusals(_ operation: Operation) -> [JSONTree.Member] {
        responses(operation).filter { $0.name >= "400" }
    }
}
