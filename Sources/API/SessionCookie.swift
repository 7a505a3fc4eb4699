// The cookie of a session: how it is named and set, where it is believed, and whether a page of ours is what sends it. Knows
// no session, only its secret.

internal import Domain
internal import HTTPWire

enum SessionCookie {
    /// The name. A browser takes it only with Secure, for this host alone and for every path (RFC 6265bis, section
    /// 4.1.3.2), so that no neighbour of the host can plant one.
    static let name = "__Host-thuispunt"

    /// The secret that a request carries; nil for none, and for two that differ.
    static func secret(_ request: Request) -> String? {
        var secrets: Set<Substring> = []
        for pair in request.fields("cookie").flatMap({ $0.split(separator: ";") }) {
            let parts = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, parts[0] == name { secrets.insert(parts[1]) }
        }
        return secrets.count == 1 ? secrets.first.map(String.init) : nil
    }

    /// Whether it is our own page that asks, as browsers say of every request: by Sec-Fetch-Site (Fetch Metadata), which no
    /// page can set, or without that by the origin. What changes nothing may also be a person's own going there.
    static func isOwn(_ request: Request) -> Bool {
        let isRead = request.method == .get || request.method == .head
        if let site = request.field("sec-fetch-site") { return site == "same-origin" || isRead && site == "none" }
        guard let origin = request.field("origin") else { return isRead }
        return authority(of: origin) == request.field("host")?.lowercased()
    }

    /// The field that keeps a secret in the browser, or clears it when there is none; nil where a browser would not keep
    /// it: it asked over http, and not on its own machine.
    static func field(_ secret: String?, for request: Request) -> (name: String, value: String)? {
        let isPlain = request.field("origin")?.lowercased().hasPrefix("http://") == true
        guard !isPlain || isLoopback(request.field("host") ?? "") else { return nil }
        let end = secret == nil ? "; Max-Age=0" : ""
        return ("Set-Cookie", "\(name)=\(secret ?? ""); Path=/; Secure; HttpOnly; SameSite=Strict\(end)")
    }

    /// Host and port of an origin (RFC 6454, section 6.1); nil for "null".
    private static func authority(of origin: String) -> String? {
        let parts = origin.lowercased().split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "https:" || parts[0] == "http:", parts[1].isEmpty else { return nil }
        return String(parts[2])
    }

    private static let loopback = AddressList("127.0.0.0/8,::1")

    /// Whether the name of a host is this machine's own.
    private static func isLoopback(_ host: String) -> Bool {
        let bare: Substring =
            if host.hasPrefix("[") {
                host.dropFirst().prefix { $0 != "]" }
            } else {
                host.prefix { $0 != ":" }
            }
        return bare.lowercased() == "localhost" || loopback?.contains(String(bare)) == true
    }
}
