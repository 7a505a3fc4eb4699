// The page and its two assets as responses, with the fields that keep a browser from doing anything else with them.
// Knows nothing of housing, roles or tokens: what the page shows, it asks of the API like every other client.

package import HTTPWire

/// The pages for people: one document, its style and its script, embedded in the program.
package enum Pages {
    /// The paths answered here.
    package static let paths: [String] = assets.keys.sorted()

    /// The response to a GET or HEAD of `path`, or `nil` when no page stands there.
    ///
    /// - Parameters:
    ///   - path: the request's path, without its query.
    ///   - ifNoneMatch: the request's If-None-Match field; when it names the asset's present form the answer is 304.
    package static func response(path: String, ifNoneMatch: String? = nil) -> Response? {
        guard let asset = assets[path] else { return nil }
        if let ifNoneMatch, EntityTag.list(ifNoneMatch, includes: asset.entityTag) {
            return Response(status: 304, fields: asset.fields)
        }
        return Response(
            status: 200, fields: [(name: "Content-Type", value: asset.contentType)] + asset.fields,
            body: .bytes(asset.bytes))
    }

    private static let assets: [String: Asset] = [
        "/": Asset("text/html; charset=utf-8", PackageResources.index_html),
        "/assets/thuispunt.css": Asset("text/css; charset=utf-8", PackageResources.thuispunt_css),
        "/assets/thuispunt.js": Asset("text/javascript; charset=utf-8", PackageResources.thuispunt_js),
    ]
}

/// One embedded file, with what every answer about it says.
private struct Asset {
    let contentType: String
    let bytes: [UInt8]
    let entityTag: String

    init(_ contentType: String, _ bytes: [UInt8]) {
        self.contentType = contentType
        self.bytes = bytes
        self.entityTag = EntityTag.strong(of: bytes)
    }

    var fields: [(name: String, value: String)] {
        [(name: "ETag", value: entityTag)] + PagePolicy.fields
    }
}
