// Whom to tell of a weakness, and the file in which RFC 9116 has people look for that. It does not know who reads it.

internal import Domain

/// A way to reach those who run the service, as a URI.
package struct SecurityContact: Sendable {
    /// Days until what the file says has to be said anew: less than the year of RFC 9116, section 2.5.5. A service that
    /// was not started for so long has hardly been looked after.
    static let validDays: Int64 = 360
    /// Longest URI.
    static let lengthLimit = 500

    private let uri: String

    /// Reads `mailto:…`, `https:…` or `tel:…` (RFC 9116, section 2.5.3); nil for anything else.
    package init?(_ text: String) {
        let isKnown = ["mailto:", "https://", "tel:"].contains {
            text.lowercased().hasPrefix($0) && text.utf8.count > $0.utf8.count
        }
        // The characters of a URI (RFC 3986, section 2), of which none ends a line.
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") }
        guard isKnown, isPlain, text.utf8.count <= Self.lengthLimit else { return nil }
        uri = text
    }

    /// The file of a service that was started at a moment.
    func file(startedAt: Instant) -> [UInt8] {
        let expires = startedAt.adding(seconds: Self.validDays * 86_400)
        return Array("Contact: \(uri)\nExpires: \(expires)\nPreferred-Languages: nl, en\n".utf8)
    }
}
