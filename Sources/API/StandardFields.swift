// The fields that every answer carries, whatever it says (Dutch API design rules /core/version-header and
// /core/transport/security-headers). Knows no route.

internal import HTTPWire

enum StandardFields {
    /// The version of the API that `API-Version` names; the same as in openapi.yaml, which a test holds it to.
    static let apiVersion = "1.0.0"

    static let all: [(name: String, value: String)] = [
        ("API-Version", apiVersion),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("Referrer-Policy", "no-referrer"),
        ("Strict-Transport-Security", "max-age=31536000"),
    ]

    /// Adds those that a handler did not set itself, and `no-store` unless it said how to cache.
    static func add(to response: inout Response, requestID: String) {
        let set = Set(response.fields.map { $0.name.lowercased() })
        for field in all where !set.contains(field.name.lowercased()) { response.fields.append(field) }
        if !set.contains("cache-control") { response.fields.append(("Cache-Control", "no-store")) }
        response.fields.append(("X-Request-Id", requestID))
    }
}
