// Strong entity tags (RFC 9110, section 8.8.3): the version of the resource, a hyphen, and the beginning of a hash of
// the very bytes, so that two roles' views never share one. If-Match is held against the version part alone: a change
// rests on the resource, not on how much of it the writer may see.

internal import Digest
internal import UseCases

enum EntityTag {
    /// The tag of a body.
    static func of(_ body: [UInt8], version: Int?) -> String {
        let hash = Hex.encode(Array(SHA256.digest(body).prefix(8)))
        return version.map { "\"\($0)-\(hash)\"" } ?? "\"\(hash)\""
    }

    /// Whether If-None-Match names the tag: `*`, or a list with it; weak comparison (section 13.1.2).
    static func matches(_ field: String, _ tag: String) -> Bool {
        field == "*" || list(field).contains { $0 == tag || $0 == "W/" + tag }
    }

    /// Whether a field is `*` or a list of tags: one without its quotes is a slip that would only show as a poll that
    /// never says 304.
    static func isWellFormed(_ field: String) -> Bool {
        let tags = list(field)
        return field == "*" || !tags.isEmpty && tags.allSatisfy(isTag)
    }

    /// The versions named by If-Match; nil when the field is no list of tags.
    static func precondition(_ field: String) -> Precondition? {
        guard isWellFormed(field) else { return nil }
        if field == "*" { return .any }
        let tags = list(field)
        // A weak tag never matches in If-Match (section 13.1.1).
        return .versions(
            tags.filter { !$0.hasPrefix("W/") }.compactMap { tag in
                Int(tag.dropFirst().prefix { $0 != "-" && $0 != "\"" })
            })
    }

    /// What a field that is no list of tags is answered with.
    static func malformed(_ name: String) -> Problem {
        Problem(
            .invalidHeader, "\(name) is not a list of entity tags.",
            faults: [RequestFault(place: .header(name), code: "format", text: "Must be an ETag, in its quotes.")])
    }

    /// The elements of a list; a comma between quotes is part of a tag (section 8.8.3).
    private static func list(_ field: String) -> [String] {
        var isQuoted = false
        // By bytes: as a Character, a comma can melt into the letter beside it.
        let parts = field.utf8.split { byte in
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            return byte == UInt8(ascii: ",") && !isQuoted
        }
        return parts.map { part in
            let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
            return String(decoding: part.drop(while: isSpace).reversed().drop(while: isSpace).reversed(), as: UTF8.self)
        }
    }

    private static func isTag(_ text: String) -> Bool {
        let opaque = text.hasPrefix("W/") ? text.dropFirst(2) : text[...]
        // etagc of RFC 9110, section 8.8.3, in ASCII: visible, and no quote inside.
        return opaque.utf8.count >= 2 && opaque.hasPrefix("\"") && opaque.hasSuffix("\"")
            && opaque.dropFirst().dropLast().utf8.allSatisfy { $0 == 0x21 || (0x23...0x7E).contains($0) }
    }
}
