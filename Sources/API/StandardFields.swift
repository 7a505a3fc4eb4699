// The fields that every answer carries, whatever it says (Dutch API design rules /core/version-header and
// /core/transport/security-headers), and those that all answers of a kind carry besides. Knows no route.

internal import HTTPWire

struct StandardFields: Sendable {
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

    private static let noStore = (name: "Cache-Control", value: "no-store")
    /// Those of an answer that has no others.
    static let plain = StandardFields([])
    /// The same for an answer in JSON that has no other field, encoded once.
    static let json = FieldBlock(all + [noStore, (name: "Content-Type", value: "application/json")])

    private let fields: [(name: String, value: String)]
    private let block: FieldBlock

    /// The standard fields and some more.
    init(_ more: [(name: String, value: String)]) {
        fields = Self.all + more + [Self.noStore]
        block = FieldBlock(fields)
    }

    /// Adds those that a handler did not set itself, and `no-store` unless it said how to cache.
    func add(to response: inout Response, requestID: String) {
        response.requestID = requestID
        guard response.common == nil else { return }
        guard block.sharesName(with: response.fields) else {
            response.common = block
            return
        }
        let set = Set(response.fields.map { $0.name.lowercased() })
        for field in fields where !set.contains(field.name.lowercased()) { response.fields.append(field) }
    }
}
