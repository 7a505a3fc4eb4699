// openapi.yaml and the code name the same routes, actions and roles, both ways. The comparison is a function, tried on
// planted differences.

import Domain
import HTTPWire
import JSON
import OpenAPI
import TestKit
import Testing

@testable import API

extension Description {
    /// The description that the service serves.
    static let served = Description(root: JSONTree(bytes: OpenAPIDescription.json) ?? .null)
}

enum RouteCheck {
    /// A route as both sides can say it.
    struct Line: Hashable, Sendable {
        var method: String
        var path: String
        var action: String?
        var roles: [String]
        var takesBody: Bool
        var readsQuery: Bool
    }

    /// The routes of the code.
    static var coded: [Line] {
        Routes.all.map { route in
            Line(
                method: route.method.rawValue.lowercased(), path: route.template, action: route.action?.rawValue,
                roles: (route.action?.roles.roles ?? Role.allCases).map(\.rawValue), takesBody: route.body != .none,
                readsQuery: route.readsQuery)
        }
            + OpenRoutes.paths.map { path in
                Line(method: "get", path: path, action: nil, roles: [], takesBody: false, readsQuery: false)
            }
    }

    /// The routes of a description.
    static func described(_ description: Description) -> [Line] {
        description.operations.map { operation in
            Line(
                method: operation.method, path: operation.path, action: operation.action,
                roles: operation.roles, takesBody: operation.node["/requestBody"] != nil,
                readsQuery: operation.parameters.contains { $0["/in"] == "query" })
        }
    }

    /// What one side says and the other does not.
    static func differences(_ described: [Line], _ coded: [Line]) -> [String] {
        let line = { (line: Line) in
            "\(line.method) \(line.path) \(line.action ?? "-") \(line.roles.joined(separator: ",")) "
                + "\(line.takesBody ? "body" : "") \(line.readsQuery ? "query" : "")"
        }
        return Set(described).subtracting(coded).map { "only described: " + line($0) }.sorted()
            + Set(coded).subtracting(described).map { "only coded: " + line($0) }.sorted()
    }
}

@Suite struct RouteTests {
    /// What the description calls deprecated is what the answers say so of.
    @Test func whatIsOnItsWayOutSaysSo() {
        let described = Description.served.operations.filter { $0.node["/deprecated"] == .boolean(true) }
        let coded = Routes.all.filter { $0.deprecation != nil }
        #expect(
            Set(described.map(\.description))
                == Set(coded.map { "\($0.method.rawValue) \($0.template)" }))
        for route in coded {
            #expect(
                route.deprecation.map { $0.sunset.seconds - $0.since.seconds >= 182 * 86_400 } == true,
                "\(route.template)")
        }
    }

    @Test func aDeprecationIsThreeFields() {
        let since = Instant(milliseconds: 1_767_225_600_000)
        let deprecation = Deprecation(
            since: since, sunset: since.adding(seconds: 365 * 86_400), link: "https://thuispunt.example.org/changes")
        #expect(
            deprecation.fields.map { "\($0.name): \($0.value)" } == [
                "Deprecation: @1767225600", "Sunset: Fri, 01 Jan 2027 00:00:00 GMT",
                "Link: <https://thuispunt.example.org/changes>; rel=\"deprecation\"; type=\"text/html\"",
            ])
    }

    /// The limits that the description tells are those of the code.
    @Test func theDescriptionTellsTheLimits() {
        let text = (Description.served.root["/info/description"]?.text ?? "").split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        let (wire, json) = (WireLimits(), JSONLimits.standard)
        for told in [
            "A request line and a header field are at most \(wire.requestLineBytes / 1024) KiB each",
            "the header section \(wire.fieldSectionBytes / 1024) KiB in \(wire.fieldCount) fields",
            "a body \(Application.bodyLimitBytes >> 20) MiB", "(a batch \(wire.bodyBytes >> 20) MiB",
            "JSON \(json.depth) levels deep", "a member's name \(json.keyBytes) bytes",
            "its text \(json.stringBytes / 1024) KiB", "a wait at most \(Preference.longestWait) seconds",
        ] { #expect(text.contains(told), "\(told)") }
        #expect(wire.fieldLineBytes == wire.requestLineBytes)
    }

    @Test func descriptionAndCodeHaveTheSameRoutes() {
        #expect(RouteCheck.differences(RouteCheck.described(.served), RouteCheck.coded) == [])
    }

    @Test func aPlantedDifferenceIsFound() throws {
        let lines = RouteCheck.coded
        #expect(RouteCheck.differences(lines, lines) == [])
        var first = try #require(lines.first)
        first.roles.removeLast()
        #expect(RouteCheck.differences([first] + lines.dropFirst(), lines).count == 2)
        #expect(RouteCheck.differences(Array(lines.dropFirst()), lines).count == 1)
        #expect(RouteCheck.differences(lines + [first], lines).count == 1)
    }

    @Test func operationsAreNamedAfterTheirActions() {
        let operations = Description.served.operations
        let names = operations.compactMap { $0.node["/operationId"]?.text }
        #expect(Set(names).count == operations.count)
        for operation in operations {
            #expect(operation.isOpen == (operation.action == nil), "\(operation)")
            #expect(OpenRoutes.paths.contains(operation.path) == operation.isOpen, "\(operation)")
        }
    }

    @Test func everyActionHasARoute() {
        let used = Set(Routes.all.compactMap(\.action))
        #expect(Set(Action.allCases).subtracting(used) == [])
    }

    /// The technical rules of the Dutch API design rules that a name can break.
    @Test func pathsAndParametersAreWrittenAsTheDesignRulesSay() {
        for operation in Description.served.operations {
            #expect(!operation.path.hasSuffix("/"), "\(operation): no-trailing-slash")
            // A well-known place has its own form of name (RFC 8615).
            let segments = operation.path.split(separator: "/").filter { $0 != ".well-known" }
            for segment in segments where !segment.hasPrefix("{") {
                #expect(
                    segment.wholeMatch(of: /_?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?/) != nil, "\(operation): kebab-case")
            }
            for parameter in operation.parameters where parameter["/in"] == "query" {
                let name = parameter["/name"]?.text ?? ""
                #expect(name.wholeMatch(of: /[a-z][a-zA-Z0-9]*/) != nil, "\(operation): \(name) is not camelCase")
            }
        }
        for member in ["/info/contact/name", "/info/contact/email", "/info/contact/url"] {
            #expect(Description.served.root[member]?.text?.isEmpty == false, "\(member): doc-openapi-contact")
        }
    }

    @Test func pathParametersAreDescribed() {
        for operation in Description.served.operations {
            let named = operation.path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
                $0.dropFirst().dropLast()
            }
            let described = operation.parameters.filter { $0["/in"] == "path" }
            #expect(Set(named.map(String.init)) == Set(described.compactMap { $0["/name"]?.text }), "\(operation)")
        }
    }

    /// What every route can answer whatever is asked of it, and what follows from what it takes.
    @Test func everyRouteDescribesTheAnswersThatFollowFromItsKind() {
        for operation in Description.served.operations {
            var expected: Set<Int> = [400, 413, 414, 431, 500, 503]
            if !operation.isOpen { expected.formUnion([401, 406, 429]) }
            if operation.action != nil, operation.roles.count < Role.allCases.count { expected.insert(403) }
            if operation.path.contains("{") { expected.insert(404) }
            if operation.node["/requestBody"] != nil { expected.formUnion([413, 415]) }
            if operation.method == "get", operation.action != nil { expected.insert(304) }
            if operation.parameters.contains(where: { $0["/name"] == "If-Match" && $0["/required"] == true }) {
                expected.formUnion([412, 428])
            }
            let described = Set(operation.node["/responses"]?.members.compactMap { Int($0.name) } ?? [])
            #expect(expected.subtracting(described) == [], "\(operation)")
        }
    }

    @Test func theVersionIsOne() {
        #expect(Description.served.root["/info/version"]?.text == StandardFields.apiVersion)
        let header = Description.served.root["/components/headers/ApiVersion/schema/const"]?.text
        #expect(header == StandardFields.apiVersion)
    }
}
