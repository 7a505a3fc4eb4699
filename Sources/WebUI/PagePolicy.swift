// What a browser may do with a page of ours: show it, run its own script, and speak to the API it came from. The same
// fields go with every asset, so that none can be used without them.

enum PagePolicy {
    /// Content Security Policy Level 3: nothing but our own style, script and API, no frames, and no form that leaves
    /// the page (the script reads the forms, so that a token never ends up in an address).
    static let contentSecurity = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self' data:",
        "form-action 'none'", "frame-ancestors 'none'", "base-uri 'none'",
    ].joined(separator: "; ")

    /// The fields of every page and asset, also of a 304 (RFC 9110, section 15.4.5).
    ///
    /// `no-cache` lets a browser keep the file but ask each time, which a 304 answers: the three files belong together
    /// and must not be mixed with those of the version before.
    static let fields: [(name: String, value: String)] = [
        (name: "Cache-Control", value: "no-cache"),
        (name: "Content-Security-Policy", value: contentSecurity),
        (name: "X-Content-Type-Options", value: "nosniff"),
        (name: "Referrer-Policy", value: "no-referrer"),
    ]
}
