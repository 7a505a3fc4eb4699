// The checklist's rows about what a request is for: the target's four forms, its characters, Host, methods, expectations,
// and whether the connection stays.

extension Checklist {
    private static func targetRefused(_ target: String, _ why: String, _ slug: String = "target") -> Row {
        .no("target \(why), 9112 3.2", get(target), 400, slug)
    }

    static let targets: [Row] = [
        .ok("query, 9112 3.2.1", get("/a/b?c=d&e"), "GET /a/b?c=d&e a"),
        .ok("empty query, 9112 3.2.1", get("/a?"), "GET /a? a"),
        .ok("question mark and slash in a query, 3986 3.4", get("/a?/?x"), "GET /a?/?x a"),
        .ok("every character of a path, 3986 3.3", get("/-._~!$&'()*+,;=:@"), "GET /-._~!$&'()*+,;=:@ a"),
        .ok("empty segments, 3986 3.3", get("//a//"), "GET //a// a"),
        .ok("a double slash is no authority, 9112 3.2.1", get("//evil/x"), "GET //evil/x a"),
        .ok("absolute-form: its authority counts, 9112 3.2.2", get("http://x.example:81/p?q"), "GET /p?q x.example:81"),
        .ok("absolute-form of https, 9112 3.2.2", get("https://x/p"), "GET /p x"),
        .ok("absolute-form in capitals, 3986 6.2.2.1", get("HTTP://X/p"), "GET /p X"),
        .ok("absolute-form without path, 9110 4.2.3", get("http://x"), "GET / x"),
        .ok("absolute-form without path, with query, 9110 4.2.3", get("http://x?q"), "GET /?q x"),
        .ok("absolute-form of an IPv6 address, 3986 3.2.2", get("http://[::1]:8/p"), "GET /p [::1]:8"),
        .ok(
            "absolute-form in HTTP/1.0, 9112 3.2.2",
            "GET http://x/ HTTP/1.0\r\nHost: b\r\nConnection: keep-alive\r\n\r\n", "GET / x"),
        .ok("dot segments, 3986 5.2.4", get("/a/./b/../c"), "GET /a/c a"),
        .ok("never above the root, 3986 5.2.4", get("/../../x"), "GET /x a"),
        .ok("dots at the end, 3986 5.2.4", get("/a/b/.."), "GET /a/ a"),
        .ok("only dots, 3986 5.2.4", get("/.."), "GET / a"),
        .ok("encoded dots, 3986 6.2.2.2", get("/a/%2e%2E/b"), "GET /b a"),
        .ok("half encoded dots, 3986 6.2.2.2", get("/a/.%2e/b"), "GET /b a"),
        .ok("encoded dots above the root, 3986 5.2.4", get("/%2e%2e/%2e%2e/etc"), "GET /etc a"),
        .ok("three dots are a name, 3986 5.2.4", get("/.../x"), "GET /.../x a"),
        .ok("dots in a query are text, 3986 3.4", get("/a?/../b"), "GET /a?/../b a"),
        .ok("an encoded slash does not separate, 3986 2.2", get("/a%2Fb"), "GET /a%2Fb a"),
        .ok("dots before an encoded slash are a name, 3986 2.2", get("/a/..%2fb"), "GET /a/..%2fb a"),
        .ok("decoded once, 3986 2.4", get("/%252e%252e/x"), "GET /%252e%252e/x a"),
        .ok("encoded UTF-8, 3987 3.1", get("/caf%C3%A9"), "GET /caf%C3%A9 a"),
        .server("OPTIONS *, 9110 9.3.7", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"),
        .server("OPTIONS * with a body, 9110 9.3.7", "OPTIONS * HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"),
        .server("OPTIONS on a server by absolute-form, 9110 7.1", "OPTIONS http://x HTTP/1.1\r\nHost: a\r\n\r\n"),
        .ok("OPTIONS on a path, 9110 9.3.7", "OPTIONS /p HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS /p a"),
        targetRefused("*", "* with GET"), targetRefused("**", "of two stars"), targetRefused("*/x", "star and path"),
        targetRefused("a.example:80", "in authority-form"), targetRefused("a/b", "relative"),
        targetRefused("?a", "of a query alone"), targetRefused("ftp://a/b", "of another scheme"),
        targetRefused("javascript:x", "of a scheme without authority"), targetRefused("http:/a", "with one slash"),
        targetRefused("http:a", "without slashes"), targetRefused("://a/", "without a scheme"),
        targetRefused("http:///b", "with an empty authority", "host"),
        targetRefused("http://u@a/b", "with user information", "host"),
        targetRefused("http://u:p@a/b", "with a password", "host"),
        targetRefused("http://a:99999/", "with a port too large", "host"),
        targetRefused("http://a,b/", "with two hosts", "host"),
        targetRefused("http://a#b", "with a fragment after its host", "host"),
        targetRefused("http://a/#b", "with a fragment after the path"),
        targetRefused("/a#b", "with a fragment"), targetRefused("/#", "with an empty fragment"),
        targetRefused("/a?b#c", "with a fragment after the query"), targetRefused("/a b", "with a space"),
        targetRefused("/caf\u{c3}\u{a9}", "with raw UTF-8"), targetRefused("/caf\u{e9}", "with a raw Latin-1 letter"),
        targetRefused("/?\u{c3}\u{a9}", "with raw UTF-8 in the query"), targetRefused("/a\\b", "with a backslash"),
        targetRefused("/a\"b", "with a quote"), targetRefused("/<a>", "with angles"),
        targetRefused("/{a}", "with braces"),
        targetRefused("/a|b", "with a bar"), targetRefused("/a^b", "with a caret"),
        targetRefused("/a`b", "with a back quote"),
        targetRefused("/[a]", "with brackets"), targetRefused("/?a[]=b", "with brackets in the query"),
        targetRefused("/?{}", "with braces in the query"), targetRefused("/a\tb", "with a tab"),
        targetRefused("/a\u{7f}", "with DEL", "control-character"),
        targetRefused("/%zz", "with no hexadecimal", "percent-encoding"),
        targetRefused("/a%2", "with half a byte", "percent-encoding"),
        targetRefused("/%", "with a lone %", "percent-encoding"),
        targetRefused("/%u0041", "with %u", "percent-encoding"),
        targetRefused("/%+1", "with a sign", "percent-encoding"),
        targetRefused("/a%00", "with NUL encoded", "percent-encoding"),
        targetRefused("/%ff", "that is not UTF-8", "percent-encoding"),
        targetRefused("/%c0%af", "with an overlong slash", "percent-encoding"),
        targetRefused("/%c0%ae%c0%ae/", "with overlong dots", "percent-encoding"),
        targetRefused("/%ed%a0%80", "with a surrogate", "percent-encoding"),
        targetRefused("/?a=%g1", "with no hexadecimal in the query", "percent-encoding"),
        targetRefused("/?a=%00", "with NUL in the query", "percent-encoding"),
    ]

    private static func hostRefused(_ value: String, _ why: String, _ slug: String = "host") -> Row {
        .no("Host \(why), 9112 3.2", "GET / HTTP/1.1\r\nHost: \(value)\r\n\r\n", 400, slug)
    }

    private static func hosted(_ value: String, _ why: String) -> Row {
        .ok("Host \(why), 9110 7.2", "GET / HTTP/1.1\r\nHost: \(value)\r\n\r\n", "GET / \(value)")
    }

    static let hosts: [Row] = [
        hosted("a.example", "of a name"), hosted("a.example:8080", "with a port"),
        hosted("a.example:", "with an empty port"),
        hosted("a.example:65535", "with the largest port"), hosted("192.0.2.1", "of an IPv4 address"),
        hosted("[2001:db8::1]", "of an IPv6 address"), hosted("[2001:db8::1]:80", "of an IPv6 address with a port"),
        hosted("[::ffff:192.0.2.1]", "of a mapped address"), hosted("a_b", "with an underscore"),
        hosted("A.EXAMPLE", "in capitals"), hosted("a.example.", "with a dot at its end"),
        .ok("Host absent in HTTP/1.0, 9112 3.2", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET / -"),
        .no("Host absent, 9112 3.2", "GET / HTTP/1.1\r\n\r\n", 400, "host"),
        .no("Host absent beside absolute-form, 9112 3.2.2", "GET http://a/ HTTP/1.1\r\n\r\n", 400, "host"),
        .no("Host twice, 9112 3.2", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "host"),
        .no("Host twice the same, 9112 3.2", "GET / HTTP/1.1\r\nHost: a\r\nhOST: a\r\n\r\n", 400, "host"),
        .no("Host twice in HTTP/1.0, 9112 3.2", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400, "host"),
        .no(
            "Host bad beside absolute-form, 9112 3.2.2", "GET http://a/ HTTP/1.1\r\nHost: a b\r\n\r\n", 400, "host"),
        hostRefused("", "empty"), hostRefused(" \t", "of white space"), hostRefused("a,b", "with a comma"),
        hostRefused("a, b", "with a list"), hostRefused("a b", "with a space"), hostRefused("a\tb", "with a tab"),
        hostRefused("u@a", "with user information"), hostRefused("a@b:80", "with user and port"),
        hostRefused("a/b", "with a slash"), hostRefused("/a", "with a slash first"),
        hostRefused("http://a", "with a scheme"), hostRefused("a?b", "with a query"),
        hostRefused("a#b", "with a fragment"),
        hostRefused("a\\b", "with a backslash"), hostRefused("{a}", "with braces"), hostRefused("<a>", "with angles"),
        hostRefused("\"a\"", "in quotes"), hostRefused("a|b", "with a bar"), hostRefused("a^b", "with a caret"),
        hostRefused("a%62", "percent-encoded"), hostRefused("caf\u{e9}", "with Latin-1"),
        hostRefused("caf\u{c3}\u{a9}", "with UTF-8"), hostRefused("a:8x", "with letters in the port"),
        hostRefused("a:-1", "with a negative port"), hostRefused("a:65536", "with port 65536"),
        hostRefused("a:99999", "with port 99999"), hostRefused("a:000080", "with six digits of port"),
        hostRefused("a:1:2", "with two ports"), hostRefused(":80", "of a port alone"),
        hostRefused("::1", "of a bare IPv6 address"), hostRefused("[::1", "with an open bracket"),
        hostRefused("[]", "of empty brackets"), hostRefused("[::1]a", "with text after the bracket"),
        hostRefused("[a.example]", "with a name in brackets"), hostRefused("[::1%25eth0]", "with a zone"),
        hostRefused("a]", "with a closing bracket"),
        hostRefused("a\0", "with NUL", "control-character"), hostRefused("a\u{7f}", "with DEL", "control-character"),
    ]

    private static func method(_ name: String, _ status: Int = 501, _ slug: String = "method") -> Row {
        .no("method \(name), 9110 9.1", "\(name) /p HTTP/1.1\r\nHost: a\r\n\r\n", status, slug)
    }

    private static func known(_ name: String) -> Row {
        .ok(
            "\(name) with a body, 9110 9.3.1", "\(name) /p HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
            "\(name) /p a", "abc")
    }

    static let methods: [Row] = [
        known("GET"), known("HEAD"), known("POST"), known("PUT"), known("PATCH"), known("DELETE"), known("OPTIONS"),
        .ok("HEAD, 9110 9.3.2", "HEAD /p HTTP/1.1\r\nHost: a\r\n\r\n", "HEAD /p a"),
        .ok(
            "chunked GET, 9112 6",
            "GET /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", "GET /p a", "a"),
        // Known, so that the application can refuse it with Allow; it never echoes.
        .ok("TRACE goes to the application, 9110 9.3.8", "TRACE /p HTTP/1.1\r\nHost: a\r\n\r\n", "TRACE /p a"),
        .no("TRACE *, 9112 3.2.4", "TRACE * HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target"),
        .no("CONNECT, 9110 9.3.6", "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n", 501, "method"),
        .no("CONNECT with a path, 9110 9.3.6", "CONNECT /p HTTP/1.1\r\nHost: a\r\n\r\n", 501, "method"),
        .no(
            "CONNECT with a length, 9110 9.3.6", "CONNECT a:1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
            501, "method"),
        method("BREW"), method("PROPFIND"), method("get"), method("Get"), method("gET"), method("GETX"), method("GE"),
        method("PRI"), method("!#$%&'*+-.^_`|~"), method("M-SEARCH"),
        .no(
            "HEAD refused has no content, 9110 9.3.2", "HEAD /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400, "percent-encoding"),
    ]

    static let expectations: [Row] = [
        .ok(
            "100-continue, 9110 10.1.1", post("Expect: 100-continue\r\nContent-Length: 5", "hello"), "POST /p a",
            "hello"),
        .ok(
            "100-continue in capitals, 9110 10.1.1", post("Expect: 100-CONTINUE\r\nContent-Length: 1", "x"),
            "POST /p a", "x"),
        .ok(
            "100-continue of chunks, 9110 10.1.1",
            post("Expect: 100-continue\r\nTransfer-Encoding: chunked", "1\r\nx\r\n0\r\n\r\n"), "POST /p a", "x"),
        .ok(
            "100-continue twice, 9110 10.1.1",
            post("Expect: 100-continue, 100-continue\r\nExpect: 100-continue\r\nContent-Length: 1", "x"), "POST /p a",
            "x"),
        .ok("100-continue without a body, 9110 10.1.1", post("Expect: 100-continue"), "POST /p a"),
        .ok("an empty expectation, 9110 5.6.1", post("Expect:\r\nContent-Length: 1", "x"), "POST /p a", "x"),
        .ok(
            "no 100 to HTTP/1.0, 9110 10.1.1",
            "POST /p HTTP/1.0\r\nConnection: keep-alive\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
            "POST /p -", "x"),
        .ok(
            "any expectation of HTTP/1.0, 9110 10.1.1",
            "POST /p HTTP/1.0\r\nConnection: keep-alive\r\nExpect: tea\r\nContent-Length: 1\r\n\r\nx", "POST /p -", "x"),
        .no("unknown expectation, 9110 15.5.18", post("Expect: tea\r\nContent-Length: 1", "x"), 417, "expectation"),
        .no("unknown expectation without a body, 9110 15.5.18", get("/", "Expect: 200-ok\r\n"), 417, "expectation"),
        .no("unknown beside known, 9110 15.5.18", post("Expect: 100-continue, tea"), 417, "expectation"),
        .no("unknown in a second field, 9110 15.5.18", post("Expect: 100-continue\r\nExpect: tea"), 417, "expectation"),
        .no("100-continue with a parameter, 9110 15.5.18", post("Expect: 100-continue;q=1"), 417, "expectation"),
        .no(
            "413 instead of 100, 9110 10.1.1", post("Expect: 100-continue\r\nContent-Length: 268435457"), 413, tooLarge),
        .last(
            "the final answer instead of 100, 9110 10.1.1",
            "POST /ignore HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 99999\r\n\r\n",
            "POST /ignore a"),
    ]

    private static func persistence(_ version: String, _ connection: String, stays: Bool) -> Row {
        let input = "GET /p HTTP/\(version)\r\nHost: a\r\nConnection: \(connection)\r\n\r\n"
        let name = "HTTP/\(version), Connection: \(connection), 9112 9.3"
        return stays ? .ok(name, input, "GET /p a") : .last(name, input, "GET /p a")
    }

    static let connections: [Row] = [
        .last("HTTP/1.0 closes, 9112 9.3", "GET /p HTTP/1.0\r\n\r\n", "GET /p -"),
        .last(
            "HTTP/1.0 with a body closes after it, 9112 9.3", "POST /p HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi",
            "POST /p -", "hi"),
        persistence("1.0", "keep-alive", stays: true), persistence("1.0", "Keep-Alive, x", stays: true),
        persistence("1.0", "close", stays: false), persistence("1.0", "keep-alive, close", stays: false),
        persistence("1.1", "close", stays: false), persistence("1.1", "x, CLOSE", stays: false),
        persistence("1.1", "close, keep-alive", stays: false),
        persistence("1.1", "x\r\nConnection: close", stays: false),
        persistence("1.1", ",,close,", stays: false), persistence("1.1", "keep-alive", stays: true),
        persistence("1.1", "closed", stays: true), persistence("1.1", "\"close\"", stays: true),
        persistence("1.1", "", stays: true), persistence("1.2", "close", stays: false),
        persistence("1.1", "Content-Length, Host", stays: true),
        .ok("Keep-Alive says nothing here, 9112 9.3", get("/p", "Keep-Alive: timeout=1, max=1\r\n"), "GET /p a"),
        .ok("Proxy-Connection says nothing here, 9112 C.2.2", get("/p", "Proxy-Connection: close\r\n"), "GET /p a"),
        .ok(
            "Upgrade to h2c ignored, 9110 7.8",
            get("/p", "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nConnection: Upgrade, HTTP2-Settings\r\n"), "GET /p a"
        ),
        .ok(
            "Upgrade to a web socket ignored, 9110 7.8",
            get(
                "/p",
                "Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            ), "GET /p a"),
        .ok(
            "Upgrade in HTTP/1.0 ignored, 9110 7.8",
            "GET /p HTTP/1.0\r\nUpgrade: h2c\r\nConnection: upgrade, keep-alive\r\n\r\n", "GET /p -"),
    ]
}
