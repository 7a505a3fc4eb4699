// What answers without a token: is it alive, can it write, how does it fare, what can it do, and whom to tell of a
// weakness. Nothing of a person is
// near.

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

    let path: String
    let audiences: Set<Audience>
    let answer: @Sendable (Request, Service) throws -> Response
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
            description(request, asJSON)
        },
        OpenRoute(path: "/v1/openapi.yaml", audiences: [.everybody, .users]) { request, _ in
            description(request, asYAML)
        },
        OpenRoute(path: "/.well-known/security.txt", audiences: [.everybody, .users]) { _, service in
            guard let file = service.securityFile else { throw Problem.notFound }
            return Response(status: 200, fields: [("Content-Type", "text/plain; charset=utf-8")], body: .bytes(file))
        },
    ]

    /// Their paths, as openapi.yaml names them.
    package static let paths = all.map(\.path)

    /// The place in the table of the route that an audience finds at a path.
    static func index(of path: String, for audience: Audience) -> Int? {
        all.firstIndex { $0.path == path && $0.audiences.contains(audience) }
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

    // The description in one of its forms. Its tag is worked out once: to hash 200 KB at every request would be a gift to
    // whoever wants to keep the service busy without a token.
    private struct Form: Sendable {
        let body: [UInt8]
        let type: String
        let tag: String

        init(_ body: [UInt8], _ type: String) {
            self.body = body
            self.type = type
            tag = EntityTag.of(body, version: nil)
        }
    }
    private static let asJSON = Form(OpenAPIDescription.json, "application/json")
    private static let asYAML = Form(OpenAPIDescription.yaml, "application/yaml")

    // Open to every origin: it holds no data (design rule /core/publish-openapi).
    private static func description(_ request: Request, _ form: Form) -> Response {
        let fields = [
            (name: "ETag", value: form.tag), (name: "Cache-Control", value: "no-cache"),
            (name: "Access-Control-Allow-Origin", value: "*"),
        ]
        if let known = request.field("if-none-match"), EntityTag.matches(known, form.tag) {
            return Response(status: 304, fields: fields)
        }
        return Response(status: 200, fields: fields + [("Content-Type", form.type)], body: .bytes(form.body))
    }
}
