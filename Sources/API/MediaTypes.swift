// Which bodies are taken and which answers given (RFC 9110, sections 8.3 and 12.5.1). Knows no route.

internal import HTTPWire

enum MediaTypes {
    /// A JSON value a line.
    static let lines = "application/x-ndjson"
    /// RFC 7111.
    static let csv = "text/csv"

    /// Refuses a body of another type than the route takes, and a client that can take no JSON.
    ///
    /// - Throws: `Problem` 415 with `Accept` (or `Accept-Patch`, RFC 5789), or 406.
    static func check(
        _ request: Request, takes body: BodyKind, besides alternative: String? = nil
    ) throws(Problem) {
        if let accept = request.field("accept"), !accepts(accept, "application", "json") {
            guard let alternative, accepts(accept, alternative) else {
                throw Problem(
                    .notAcceptable, "Answers here are application/json\(alternative.map { " or " + $0 } ?? "").")
            }
        }
        switch body {
        case .none: return
        case .optionalJSON where request.field("content-type") == nil && !hasContent(request): return
        case .json, .optionalJSON, .records: try requireType(request, body.mediaTypes, field: "Accept")
        case .mergePatch: try requireType(request, body.mediaTypes, field: "Accept-Patch")
        }
    }

    private static func hasContent(_ request: Request) -> Bool {
        switch request.framing {
        case .none, .length(0): false
        case .length, .chunked: true
        }
    }

    private static func requireType(_ request: Request, _ types: [String], field: String) throws(Problem) {
        let isCoded = request.field("content-encoding").map { $0.lowercased() != "identity" } ?? false
        let given = request.field("content-type").map(essence)
        if !isCoded, let given, types.contains(given), charsetIsUTF8(request.field("content-type") ?? "") { return }
        var problem = Problem(
            .unsupportedMediaType, "Send \(types.joined(separator: " or ")), in UTF-8 and without a content coding.")
        problem.fields = [(field, types.joined(separator: ", "))]
        throw problem
    }

    /// A media type without its parameters.
    static func essence(_ field: String) -> String {
        trimmed(field.prefix { $0 != ";" }).lowercased()
    }

    private static func charsetIsUTF8(_ field: String) -> Bool {
        field.lowercased().split(separator: ";").dropFirst().allSatisfy { parameter in
            let text = trimmed(parameter)
            return !text.hasPrefix("charset=") || ["charset=utf-8", "charset=\"utf-8\""].contains(text)
        }
    }

    /// Whether an Accept field allows a type, such as `text/html`.
    static func accepts(_ field: String, _ type: String) -> Bool {
        let parts = type.split(separator: "/")
        return parts.count == 2 && accepts(field, String(parts[0]), String(parts[1]))
    }

    /// Whether an Accept field allows a type: the most specific range that fits decides, and a quality of 0 forbids.
    static func accepts(_ field: String, _ type: String, _ subtype: String) -> Bool {
        var best = (specificity: -1, allowed: false)
        for range in field.split(separator: ",") {
            let parts = range.split(separator: ";").map { trimmed($0).lowercased() }
            guard let name = parts.first else { continue }
            let specificity =
                switch name {
                case "\(type)/\(subtype)": 2
                case "\(type)/*": 1
                case "*/*": 0
                default: -1
                }
            guard specificity > best.specificity else { continue }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }?.dropFirst(2) ?? "1"
            best = (specificity, quality.contains { $0 != "0" && $0 != "." })
        }
        return best.allowed
    }

    /// A text without the blanks around it (RFC 9110, section 5.6.3).
    static func trimmed(_ text: some StringProtocol) -> String {
        var slice = Substring(text)
        while let first = slice.first, first == " " || first == "\t" { slice.removeFirst() }
        while let last = slice.last, last == " " || last == "\t" { slice.removeLast() }
        return String(slice)
    }
}
