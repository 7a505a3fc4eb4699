// What answers without a token: is it alive, can it write, how does it fare, what can it do, what do its refusals mean,
// and whom to tell of a weakness. Nothing of a person is near.

internal import HTTPWire
internal import Metrics
internal import OpenAPI

/// Who reaches the service by an address, and so what it answers there.
package enum Audience: Sendable {
    /// Everybody: the only address there is.
    case everybody
    /// Those who use the service; it is watched at another address.
    case users
    /// Those who watch it; nothing else is answered there.
    case operators
}

/// A route that needs no token, for GET and HEAD.
struct OpenRoute: Sendable {
    /// What such a route may look at.
    struct Service {
        /// Whether it can store what it is sent, and means to go on.
        let isReady: Bool
        /// The text of security.txt; nil when nobody said whom to tell.
        let securityFile: [UInt8]?
        let metrics: () -> [UInt8]
    }

    /// As openapi.yaml names it: a path, or one whose last segment is a variable.
    let path: String
    let audiences: Set<Audience>
    let answer: @Sendable (Request, Service) throws -> Response

    /// Whether a path is one of this route's.
    func matches(_ path: String) -> Bool {
        guard self.path.hasSuffix("}") else { return path == self.path }
        let folder = self.path.prefix { $0 != "{" }
        return path.hasPrefix(folder) && !path.dropFirst(folder.count).contains("/")
    }
}

/// The routes that need no token.
package enum OpenRoutes {
    static let all = [
        OpenRoute(path: "/healthz", audiences: [.everybody, .users, .operators]) { _, _ in healthy },
        OpenRoute(path: "/readyz", audiences: [.everybody, .users, .operators], answer: ready),
        OpenRoute(path: "/metrics", audiences: [.everybody, .operators]) { _, service in
            Response(
                status: 200, fields: [("Content-Type", Exposition.contentType)], body: .bytes(service.metrics()))
        },
        OpenRoute(path: "/v1/openapi.json", audiences: [.everybody, .users]) { request, _ in
            try asJSON.response(to: request)
        },
        OpenRoute(path: "/v1/openapi.yaml", audiences: [.everybody, .users]) { request, _ in
            try asYAML.response(to: request)
        },
        OpenRoute(path: "/.well-known/security.txt", audiences: [.everybody, .users]) { _, service in
            guard let file = service.securityFile else { throw Problem.notFound }
            return Response(status: 200, fields: [("Content-Type", "text/plain; charset=utf-8")], body: .bytes(file))
        },
        // Whoever is refused anywhere can read why.
        OpenRoute(path: "/problems", audiences: [.everybody, .users, .operators]) { request, _ in
            try ProblemPages.list.response(to: request)
        },
        OpenRoute(path: ProblemType.folder + "{slug}", audiences: [.everybody, .users, .operators]) { request, _ in
            guard let page = ProblemPages.pages[request.path] else { throw Problem.notFound }
            return try page.response(to: request)
        },
    ]

    /// Their paths, as openapi.yaml names them.
    package static let paths = all.map(\.path)

    /// The place in the table of the route that an audience finds at a path.
    static func index(of path: String, for audience: Audience) -> Int? {
        all.firstIndex { $0.audiences.contains(audience) && $0.matches(path) }
    }

    /// The answer of a service that is well.
    static let healthy: Response = {
        var response = Response(status: 200, body: .bytes(Array(#"{"status":"ok"}"#.utf8)))
        response.common = StandardFields.json
        return response
    }()
    /// The place of `/healthz` in the table; every audience finds it.
    static let healthIndex = all.firstIndex { $0.path == "/healthz" } ?? 0

    private static func ready(_ request: Request, _ service: OpenRoute.Service) throws -> Response {
        guard service.isReady else {
            var problem = Problem(.unavailable, "The service can't take anything at the moment.")
            problem.fields = [("Retry-After", "5")]
            throw problem
        }
        return healthy
    }

    // Open to every origin: it holds no data (design rule /core/publish-openapi).
    private static let anyOrigin = [(name: "Access-Control-Allow-Origin", value: "*")]
    private static let asJSON = StaticDocument(OpenAPIDescription.json, "application/json", anyOrigin)
    private static let asYAML = StaticDocument(OpenAPIDescription.yaml, "application/yaml", anyOrigin)
}
