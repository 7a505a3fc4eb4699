// What answers without a token: is it alive, can it write, and what can it do. Nothing of a person is near.

internal import Digest
internal import HTTPWire
internal import JSON
internal import OpenAPI

/// The routes that need no token.
package enum OpenRoutes {
    /// Their paths, as openapi.yaml names them.
    package static let paths = ["/healthz", "/readyz", "/v1/openapi.json", "/v1/openapi.yaml"]

    private static let healthy = Array(#"{"status":"ok"}"#.utf8)

    static func answer(_ request: Request, isWritable: Bool) throws -> Response? {
        switch request.path {
        case "/healthz": return json(healthy)
        case "/readyz":
            guard isWritable else {
                var problem = Problem(.unavailable, "The service can't store anything at the moment.")
                problem.fields = [("Retry-After", "5")]
                throw problem
            }
            return json(healthy)
        case "/v1/openapi.json": return description(request, OpenAPIDescription.json, "application/json")
        case "/v1/openapi.yaml": return description(request, OpenAPIDescription.yaml, "application/yaml")
        default: return nil
        }
    }

    private static func json(_ body: [UInt8]) -> Response {
        Response(status: 200, fields: [("Content-Type", "application/json")], body: .bytes(body))
    }

    // Open to every origin: it holds no data (design rule /core/publish-openapi).
    private static func description(_ request: Request, _ body: [UInt8], _ type: String) -> Response {
        let tag = EntityTag.of(body, version: nil)
        let fields = [
            (name: "ETag", value: tag), (name: "Cache-Control", value: "no-cache"),
            (name: "Access-Control-Allow-Origin", value: "*"), (name: "Content-Type", value: type),
        ]
        if let known = request.field("if-none-match"), EntityTag.matches(known, tag) {
            return Response(status: 304, fields: fields)
        }
        return Response(status: 200, fields: fields, body: .bytes(body))
    }
}
