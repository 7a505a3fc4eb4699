// A page for every kind of problem, where `type` of a problem document leads: what happened, and what to do. Made once
// from the table of kinds, so that none is without a page, and the same for everybody.

enum ProblemPages {
    /// All kinds, by status.
    static let list = document(
        "Problems",
        """
        <h1>Problems</h1>
        <p>Each refusal of this service names its kind in <code>type</code>; these are all kinds.</p>
        <ul>
        \(ProblemType.all.sorted { ($0.status, $0.slug) < ($1.status, $1.slug) }.map(line).joined(separator: "\n"))
        </ul>
        """)

    /// The page of each kind, by its path.
    static let pages = Dictionary(uniqueKeysWithValues: ProblemType.all.map { ($0.path, page($0)) })

    private static func line(_ type: ProblemType) -> String {
        "<li>\(type.status) <a href=\"\(type.path)\">\(DossierPage.escaped(type.title))</a></li>"
    }

    private static func page(_ type: ProblemType) -> StaticDocument {
        document(
            DossierPage.escaped(type.title),
            """
            <h1>\(DossierPage.escaped(type.title))</h1>
            <p>In Dutch: <span lang="nl">\(DossierPage.escaped(type.dutch))</span>. Status \(type.status), \
            <code>\(type.path)</code>.</p>
            <h2>What happened</h2>
            <p>\(text(type.happened))</p>
            <h2>What to do</h2>
            <p>\(text(type.remedy))</p>
            <p><a href="/problems">All problems</a> · <a href="/v1/openapi.json">The description of the API</a></p>
            """)
    }

    /// A text with what stands between grave accents as code.
    private static func text(_ text: String) -> String {
        let parts = DossierPage.escaped(text).split(separator: "`", omittingEmptySubsequences: false)
        return parts.enumerated().map { $0 % 2 == 0 ? String($1) : "<code>\($1)</code>" }.joined()
    }

    /// The style of the other pages, and nothing else: no script, no frame, no form.
    private static let contentSecurity = [
        "default-src 'none'", "style-src 'self'", "form-action 'none'", "frame-ancestors 'none'", "base-uri 'none'",
    ].joined(separator: "; ")

    private static func document(_ title: String, _ content: String) -> StaticDocument {
        let html = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>\(title) – Thuispunt</title><link rel="stylesheet" href="/assets/thuispunt.css"></head>
            <body><main>
            \(content)
            </main></body></html>

            """
        return StaticDocument(
            Array(html.utf8), "text/html; charset=utf-8", [("Content-Security-Policy", contentSecurity)])
    }
}
