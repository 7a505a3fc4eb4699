// The checklist's rows about lines and fields: line ends, white space, names, values, the request line and the version,
// and how much of everything there may be.

extension Checklist {
    static let lines: [Row] = [
        .ok("plain, 9112 3", get("/"), "GET / a"),
        .ok("one empty line first, 9112 2.2", "\r\n\(get("/"))", "GET / a"),
        .ok(
            "an empty line after a body, 9112 2.2", "\(post("Content-Length: 5", "hello"))\r\n", "POST /p a", "hello"),
        .ok("eight empty lines first, 9112 2.2", "\(String(repeating: "\r\n", count: 8))\(get("/"))", "GET / a"),
        .no(
            "nine empty lines first, 9112 2.2", "\(String(repeating: "\r\n", count: 9))\(get("/"))", 400, "empty-lines"),
        .no("an LF first, 9112 2.2", "\n\(get("/"))", 400, "request-line"),
        .no("a space after an empty line, 9112 2.2", "\r\n \(get("/"))", 400, "request-line"),
        .no("bare LF after the request line, 9112 2.2", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400, "bare-lf"),
        .no("bare LF after a field, 9112 2.2", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400, "bare-lf"),
        .no("bare LF ends the head, 9112 2.2", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400, "bare-lf"),
        .no("bare LF everywhere, 9112 2.2", "GET / HTTP/1.1\nHost: a\n\n", 400, "bare-lf"),
        .no("bare CR in a value, 9112 2.2", "GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n", 400, "bare-cr"),
        .no("bare CR in a name, 9112 2.2", "GET / HTTP/1.1\r\nHost: a\r\nX\r: y\r\n\r\n", 400, "bare-cr"),
        .no("bare CR in the request line, 9112 2.2", "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bare-cr"),
        .no("CR CR LF, 9112 2.2", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", 400, "bare-cr"),
        .no("CR alone ends the head, 9112 2.2", "GET / HTTP/1.1\r\nHost: a\r\n\rX", 400, "bare-cr"),
        .no("LF CR for CR LF, 9112 2.2", "GET / HTTP/1.1\n\rHost: a\n\r\n\r", 400, "bare-lf"),
        .no("two spaces after the method, 9112 3", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target"),
        .no("two spaces before the version, 9112 3", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target"),
        .no("tab after the method, 9112 3", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "request-line"),
        .no("tab before the version, 9112 3", "GET /\tHTTP/1.1\r\nHost: a\r\n\r\n", 400, "request-line"),
        .no("space after the version, 9112 3", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400, "request-line"),
        .no("words after the version, 9112 3", "GET / HTTP/1.1 x\r\nHost: a\r\n\r\n", 400, "request-line"),
        .no("space before the method, 9112 3", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "request-line"),
        .no("no target, 9112 3", "GET HTTP/1.1\r\nHost: a\r\n\r\n", 400, "request-line"),
        .no("an empty target, 9112 3", "GET  HTTP/1.1\r\nHost: a\r\n\r\n", 400, "request-line"),
        .no("no method, 9112 3", "/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "request-line"),
        .no("NUL in the request line, 9112 3", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "control-character"),
        .no("form feed as separator, 9112 3", "GET\u{c}/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "control-character"),
        .no("a quoted method, 9110 9.1", "\"GET\" / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "request-line"),
        .no("a separator in the method, 9110 9.1", "GE(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "request-line"),
        .no("a bracketed method, 9110 9.1", "[GET] / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "request-line"),
        .no("a TLS hello, 9112 3", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{fc}\u{3}\u{3}", 400, "request-line"),
        .no("an old TLS hello, 9112 3", "\u{80}\u{2e}\u{1}\u{3}\u{1}", 400, "request-line"),
        .no("an SSH greeting, 9112 3", "SSH-2.0-x\r\n", 400, "request-line"),
        .no("a PROXY protocol line, 9112 3", "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n\(get("/"))", 400, "request-line"),
        .no("a status line, 9112 3", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 400, "request-line"),
    ]

    private static func versionRefused(_ text: String, _ status: Int = 400) -> Row {
        .no(
            "version '\(text)', 9112 2.3", "GET / \(text)\r\nHost: a\r\n\r\n", status,
            status == 505 ? "http-version" : "request-line")
    }

    static let versions: [Row] = [
        .ok("HTTP/1.2 is handled as 1.1, 9110 2.5", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", "GET / a"),
        .ok("HTTP/1.9 is handled as 1.1, 9110 2.5", "GET / HTTP/1.9\r\nHost: a\r\n\r\n", "GET / a"),
        .ok(
            "chunked in HTTP/1.2, 9110 2.5",
            "POST / HTTP/1.2\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "POST / a"),
        .no("HTTP/1.2 needs a Host, 9112 3.2", "GET / HTTP/1.2\r\n\r\n", 400, "host"),
        .no("HTTP/0.9, 9112 2.3", "GET /\r\n", 400, "request-line"),
        .no("the HTTP/2 preface, 9113 3.4", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "http-version"),
        versionRefused("HTTP/2.0", 505), versionRefused("HTTP/3.0", 505), versionRefused("HTTP/0.9", 505),
        versionRefused("HTTP/9.9", 505), versionRefused("HTTP/2"), versionRefused("HTTP/1"), versionRefused("HTTP/1."),
        versionRefused("HTTP/.1"), versionRefused("HTTP/01.1"), versionRefused("HTTP/1.01"),
        versionRefused("HTTP/1.10"), versionRefused("HTTP/11.1"), versionRefused("HTTP/1,1"),
        versionRefused("HTTP/1.1.1"), versionRefused("HTTP/+1.1"), versionRefused("HTTP/-1.1"),
        versionRefused("HTTP/1.a"), versionRefused("HTTP/a.1"), versionRefused("HTTP /1.1"),
        versionRefused("HTTP/ 1.1"),
        versionRefused("http/1.1"), versionRefused("Http/1.1"), versionRefused("HTTPS/1.1"), versionRefused("HTP/1.1"),
        versionRefused("XHTTP/1.1"), versionRefused("/1.1"), versionRefused("1.1"),
    ]

    private static func nameRefused(_ name: String, _ why: String) -> Row {
        .no("field name \(why), 9110 5.1", "GET / HTTP/1.1\r\nHost: a\r\n\(name): y\r\n\r\n", 400, "field-name")
    }

    private static func valueRefused(_ value: String, _ why: String, _ slug: String = "control-character") -> Row {
        .no("field value with \(why), 9110 5.5", "GET / HTTP/1.1\r\nHost: a\r\nX: \(value)\r\n\r\n", 400, slug)
    }

    static let fields: [Row] = [
        .ok("every character of a token, 9110 5.6.2", with("!#$%&'*+-.^_`|~09azAZ: y"), "GET / a"),
        .ok("name in any case and tabs, 9110 5.1", "GET / HTTP/1.1\r\nhoSt:\ta\t\r\nempty:\r\n\r\n", "GET / a"),
        .ok("empty value, 9110 5.5", with("X:"), "GET / a"),
        .ok("value of white space, 9110 5.5", with("X: \t "), "GET / a"),
        .ok("tab inside a value, 9110 5.5", with("X: a\tb"), "GET / a"),
        .ok("obs-text in a value, 9110 5.5", with("X: caf\u{e9} \u{80}\u{ff}"), "GET / a"),
        .ok("colons in a value, 9112 5", with("X:: y:"), "GET / a"),
        .ok("one name in many lines, 9110 5.3", with("X: a\r\nX: b\r\nx: c"), "GET / a"),
        .ok("underscore in a name, 9110 5.1", with("X_Y: z"), "GET / a"),
        .ok("a name of one letter, 9110 5.1", with("x:y"), "GET / a"),
        .ok("Host_ is not Host, 9110 5.1", with("Host_: b\r\nX-Host: c"), "GET / a"),
        nameRefused("X ", "with space before the colon"), nameRefused("X\t", "with tab before the colon"),
        nameRefused("Host ", "Host with space before the colon"), nameRefused("X Y", "with space inside"),
        nameRefused("X\tY", "with tab inside"), nameRefused("", "empty"), nameRefused("X\u{e9}", "not in ASCII"),
        nameRefused("\u{c3}\u{a9}", "in UTF-8"), nameRefused("X(Y)", "with a comment"),
        nameRefused("X[]", "with brackets"),
        nameRefused("\"X\"", "in quotes"), nameRefused("X/Y", "with a slash"), nameRefused("X@Y", "with an at"),
        nameRefused("X,Y", "with a comma"), nameRefused("X;Y", "with a semicolon"),
        nameRefused("X=Y", "with an equals"),
        nameRefused("X\\Y", "with a backslash"), nameRefused("{X}", "in braces"),
        nameRefused("X?", "with a question mark"),
        nameRefused("X<Y>", "in angles"),
        .no("no colon, 9112 5", with("field"), 400, "field-name"),
        .no("a request line as a field, 9112 5", with("GET /x HTTP/1.1"), 400, "field-name"),
        .no("space before the first field, 9112 2.2", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400, "folded-field"),
        .no("tab before the first field, 9112 2.2", "GET / HTTP/1.1\r\n\tHost: a\r\n\r\n", 400, "folded-field"),
        .no("a line of one space, 9112 2.2", "GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n", 400, "folded-field"),
        .no("obs-fold, 9112 5.2", with("X: y\r\n z"), 400, "folded-field"),
        .no("obs-fold with a tab, 9112 5.2", with("X: y\r\n\tz"), 400, "folded-field"),
        .no("obs-fold of nothing, 9112 5.2", with("X: y\r\n "), 400, "folded-field"),
        .no("Host folded, 9112 5.2", "GET / HTTP/1.1\r\nHost:\r\n a\r\n\r\n", 400, "folded-field"),
        .no("NUL in a name, 9110 5.1", with("X\0: y"), 400, "control-character"),
        .no("control in a name, 9110 5.1", with("X\u{1f}: y"), 400, "control-character"),
        valueRefused("a\0b", "NUL"), valueRefused("\0", "NUL alone"), valueRefused("a\u{1}b", "SOH"),
        valueRefused("a\u{8}b", "BS"), valueRefused("a\u{b}b", "VT"), valueRefused("a\u{c}b", "FF"),
        valueRefused("a\u{1b}[0m", "ESC"), valueRefused("a\u{7f}b", "DEL"), valueRefused("a\rb", "CR", "bare-cr"),
        valueRefused("a\nb", "LF", "bare-lf"), valueRefused("a\n b", "LF and a fold", "bare-lf"),
    ]

    static let sizes: [Row] = [
        .ok("request line of 8000 octets, 9112 3", get(path(8_000 - 13)), "GET \(path(8_000 - 13)) a"),
        .ok("request line at the limit, 9112 3", get(path(8_192 - 13)), "GET \(path(8_192 - 13)) a"),
        .no("request line over the limit, 9110 15.5.15", get(path(8_193 - 13)), 414, "request-line-too-long"),
        .no("request line without an end, 9110 15.5.15", "GET \(path(9_000))", 414, "request-line-too-long"),
        .no("query over the limit, 9110 15.5.15", get("/?\(path(8_200))"), 414, "request-line-too-long"),
        .no(
            "a method without an end, 9110 15.5.15", String(repeating: "A", count: 9_000), 414, "request-line-too-long"),
        .ok("field line at the limit, 9110 5.4", with("X: \(path(8_192 - 3))"), "GET / a"),
        .no("field line over the limit, 6585 5", with("X: \(path(8_193 - 3))"), 431, headerTooLarge),
        .no("field name without an end, 6585 5", with(String(repeating: "x", count: 9_000)), 431, headerTooLarge),
        .ok("100 fields, 9110 5.4", with("\(String(repeating: "X: y\r\n", count: 98))X: y"), "GET / a"),
        .no("101 fields, 6585 5", with("\(String(repeating: "X: y\r\n", count: 99))X: y"), 431, headerTooLarge),
        .ok("empty fields up to the count, 9110 5.4", with("\(String(repeating: "X:\r\n", count: 98))X:"), "GET / a"),
        .no(
            "field section over the limit, 6585 5",
            with("\(String(repeating: "X: \(path(4_000))\r\n", count: 9))X: y"), 431, headerTooLarge),
        .no("body over the handler's limit, 9110 15.5.14", post("Content-Length: 1000001", "hello"), 413, tooLarge),
        .no(
            "chunks over the handler's limit, 9110 15.5.14",
            chunked(String(repeating: "8000\r\n\(path(32_768))\r\n", count: 32)), 413, tooLarge, ways: [.whole]),
    ]

    /// A path of so many bytes.
    private static func path(_ count: Int) -> String {
        "/\(String(repeating: "x", count: count - 1))"
    }
}
