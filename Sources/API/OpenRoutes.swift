// What answers without a token: is it alive, can it write, and what can it do. Nothing of a person is near.

internal import Digest
internal import HTTPWire
internal import JSON
internal import OpenAPI

/// The routes that need no token.
package enum OpenRoutes {
    /// Their paths, as openapi.yaml names them.
    package static let paths = ["/healthz", "/readyz", "/v1/openapi.json", "/v1/openapi.yaml"]

    /// The answer of a service that is well.
    static let healthy: Response = {
        var response = Response(status: 200, body: .bytes(Array(#"{"status":"ok"}"#.utf8)))
        response.common = StandardFields.json
        return response
    }()

    static func answer(_ request: Request, isWritable: Bool) throws -> Response? {
        switch request.path {
        case "/healthz": return healthy
        case "/readyz":
            guard isWritable else {
                var problem = Problem(.unavailable, "The service can't store anything at the moment.")
                problem.fields = [("Retry-After", "5")]
                throw problem
            }
            return healthy
        case "/v1/openapi.json": return description(request, asJSON)
        case "/v1/openapi.yaml": return description(request, asYAML)
        default: return nil
        }
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
