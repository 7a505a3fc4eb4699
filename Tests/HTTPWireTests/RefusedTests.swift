// Requests that must be refused, with their status: one per line of the promises, each whole, byte by byte and in odd
// pieces. The first refusal ends the reading, whatever follows.

import HTTPWire
import Testing

@Suite struct RefusedTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var input: String
        var status: Int
        var testDescription: String { name }

        init(_ status: Int, _ name: String, _ input: String) {
            self.name = name
            self.input = input
            self.status = status
        }
    }

    static func post(_ fields: String, _ body: String = "") -> String {
        "POST /p HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n\(body)"
    }

    static func get(_ target: String) -> String { "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n" }
    static func hosted(_ value: String) -> String { "GET / HTTP/1.1\r\nHost: \(value)\r\n\r\n" }
    static func chunked(_ body: String) -> String { post("Transfer-Encoding: chunked", body) }

    static let lines: [Case] = [
        Case(400, "bare LF", "GET / HTTP/1.1\nHost: a\n\n"),
        Case(400, "bare LF after a field", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"),
        Case(400, "bare CR", "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n"),
        Case(400, "CR CR LF", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n"),
        Case(400, "NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n"),
        Case(400, "control in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\u{1}b\r\n\r\n"),
        Case(400, "DEL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\u{7f}b\r\n\r\n"),
        Case(400, "too many empty lines", String(repeating: "\r\n", count: 9) + "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(400, "space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
        Case(400, "tab before the colon", "GET / HTTP/1.1\r\nHost\t: a\r\n\r\n"),
        Case(400, "space before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
        Case(400, "obs-fold", "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n"),
        Case(400, "obs-fold with a tab", "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n\tc\r\n\r\n"),
        Case(400, "no colon", "GET / HTTP/1.1\r\nHost: a\r\nfield\r\n\r\n"),
        Case(400, "empty name", "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n"),
        Case(400, "non-ASCII name", "GET / HTTP/1.1\r\nHost: a\r\nX\u{e9}: b\r\n\r\n"),
        Case(400, "separator in a name", "GET / HTTP/1.1\r\nHost: a\r\nX(y): b\r\n\r\n"),
        Case(400, "a TLS hello", "\u{16}\u{3}\u{1}\u{2}\u{0}"),
        Case(400, "no version (0.9)", "GET /\r\n\r\n"),
        Case(400, "lower-case version", "GET / http/1.1\r\nHost: a\r\n\r\n"),
        Case(400, "version without minor", "GET / HTTP/1\r\nHost: a\r\n\r\n"),
        Case(400, "version with zero", "GET / HTTP/01.1\r\nHost: a\r\n\r\n"),
        Case(400, "version with two digits", "GET / HTTP/1.10\r\nHost: a\r\n\r\n"),
        Case(400, "version with a sign", "GET / HTTP/+1.1\r\nHost: a\r\n\r\n"),
        Case(400, "hexadecimal version", "GET / HTTP/1.a\r\nHost: a\r\n\r\n"),
        Case(400, "two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(400, "two spaces before the version", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(400, "tab instead of space", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(400, "space at the line's end", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
        Case(400, "space at the line's start", " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(400, "no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(400, "separator in the method", "GE(T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(505, "HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
        Case(505, "HTTP/0.9 spelled out", "GET / HTTP/0.9\r\nHost: a\r\n\r\n"),
        Case(505, "HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        Case(501, "unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(501, "lower-case method", "get / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(501, "CONNECT", "CONNECT a.example:443 HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(417, "unknown expectation", post("Expect: tea", "")),
        Case(417, "two expectations", post("Expect: 100-continue\r\nExpect: tea", "")),
    ]

    static let targets: [Case] = [
        Case(400, "asterisk with GET", get("*")),
        Case(400, "authority-form with GET", get("a.example:80")),
        Case(400, "relative", get("a/b")),
        Case(400, "other scheme", get("ftp://a/b")),
        Case(400, "empty authority", get("http:///b")),
        Case(400, "user information", get("http://u@a/b")),
        Case(400, "fragment", get("/a#b")),
        Case(400, "raw non-ASCII", get("/caf\u{e9}")),
        Case(400, "backslash", get("/a\\b")),
        Case(400, "quote", get("/a\"b")),
        Case(400, "brace in the query", get("/a?{}")),
        Case(400, "bad percent", get("/%zz")),
        Case(400, "short percent", get("/a%2")),
        Case(400, "NUL encoded", get("/a%00")),
        Case(400, "invalid UTF-8", get("/%ff")),
        Case(400, "overlong UTF-8", get("/%c0%af")),
        Case(400, "bad percent in the query", get("/?a=%g1")),
        Case(400, "NUL in the query", get("/?a=%00")),
        Case(400, "no Host in 1.1", "GET / HTTP/1.1\r\n\r\n"),
        Case(400, "two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
        Case(400, "two Hosts in 1.0", "GET / HTTP/1.0\r\nHost: a\r\nhost: b\r\n\r\n"),
        Case(400, "no Host beside absolute-form", "GET http://a/ HTTP/1.1\r\n\r\n"),
        Case(400, "empty Host", hosted("")),
        Case(400, "Host with slash", hosted("a/b")),
        Case(400, "Host with user", hosted("u@a")),
        Case(400, "Host with comma", hosted("a,b")),
        Case(400, "Host with brace", hosted("{a}")),
        Case(400, "Host with space", hosted("a b")),
        Case(400, "Host non-ASCII", hosted("caf\u{e9}")),
        Case(400, "Host with bad port", hosted("a:8x")),
        Case(400, "Host with large port", hosted("a:65536")),
        Case(400, "Host with two ports", hosted("a:1:2")),
        Case(400, "Host open bracket", hosted("[::1")),
        Case(400, "Host bracket and name", hosted("[::1]a")),
        Case(400, "Host only port", hosted(":80")),
    ]

    static let framing: [Case] = [
        Case(400, "length with plus", post("Content-Length: +5", "hello")),
        Case(400, "length negative", post("Content-Length: -5", "hello")),
        Case(400, "length hexadecimal", post("Content-Length: 0x5", "hello")),
        Case(400, "length with letters", post("Content-Length: 5a", "hello")),
        Case(400, "length with underscore", post("Content-Length: 1_0", "hello")),
        Case(400, "length with space inside", post("Content-Length: 1 0", "hello")),
        Case(400, "length empty", post("Content-Length:", "")),
        Case(400, "length list", post("Content-Length: 5, 5", "hello")),
        Case(400, "length overflow", post("Content-Length: 18446744073709551616", "hello")),
        Case(400, "lengths differ", post("Content-Length: 5\r\nContent-Length: 6", "hello!")),
        Case(400, "lengths equal", post("Content-Length: 5\r\ncontent-length: 5", "hello")),
        Case(413, "length over the limit", post("Content-Length: 268435457")),
        Case(400, "both framings", post("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n")),
        Case(400, "both framings, other order", post("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n")),
        Case(400, "chunked twice", post("Transfer-Encoding: chunked, chunked", "0\r\n\r\n")),
        Case(400, "chunked twice in two fields", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "")),
        Case(400, "chunked not last", post("Transfer-Encoding: chunked, gzip", "")),
        Case(400, "identity", post("Transfer-Encoding: identity", "")),
        Case(400, "unknown coding", post("Transfer-Encoding: xchunked", "")),
        Case(400, "coding empty", post("Transfer-Encoding:", "")),
        Case(400, "coding with empty element", post("Transfer-Encoding: , chunked", "")),
        Case(400, "coding with parameter", post("Transfer-Encoding: chunked;q=1", "")),
        Case(400, "coding in quotes", post("Transfer-Encoding: \"chunked\"", "")),
        Case(501, "gzip, chunked", post("Transfer-Encoding: gzip, chunked", "0\r\n\r\n")),
        Case(400, "chunked in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ]

    static let chunks: [Case] = [
        Case(400, "no size", chunked("\r\nhello\r\n0\r\n\r\n")),
        Case(400, "size with 0x", chunked("0x5\r\nhello\r\n0\r\n\r\n")),
        Case(400, "size with sign", chunked("+5\r\nhello\r\n0\r\n\r\n")),
        Case(400, "space before the size", chunked(" 5\r\nhello\r\n0\r\n\r\n")),
        Case(400, "space after the size", chunked("5 \r\nhello\r\n0\r\n\r\n")),
        Case(400, "size with underscore", chunked("1_0\r\nhello\r\n0\r\n\r\n")),
        Case(400, "size of 17 digits", chunked("00000000000000005\r\nhello\r\n0\r\n\r\n")),
        Case(400, "size overflow", chunked("ffffffffffffffff\r\nhello")),
        Case(413, "size over the limit", chunked("10000001\r\nhello")),
        Case(400, "bare LF after the size", chunked("5\nhello\r\n0\r\n\r\n")),
        Case(400, "bare LF after the data", chunked("5\r\nhello\n0\r\n\r\n")),
        Case(400, "data longer than its size", chunked("5\r\nhello!\r\n0\r\n\r\n")),
        Case(400, "data shorter than its size", chunked("5\r\nhell\r\n0\r\n\r\n")),
        Case(400, "CR but no LF after the data", chunked("5\r\nhello\rx0\r\n\r\n")),
        Case(400, "extension without name", chunked("5;\r\nhello\r\n0\r\n\r\n")),
        Case(400, "extension with bare LF", chunked("5;a\nb\r\nhello\r\n0\r\n\r\n")),
        Case(400, "extension with control", chunked("5;a=\u{1}\r\nhello\r\n0\r\n\r\n")),
        Case(400, "extension quote left open", chunked("5;a=\"b\r\nhello\r\n0\r\n\r\n")),
        Case(400, "extension with space at the end", chunked("5;a \r\nhello\r\n0\r\n\r\n")),
        Case(400, "extensions too long", chunked("5;a=\(String(repeating: "b", count: 5_000))\r\nhello\r\n0\r\n\r\n")),
        Case(400, "trailer without colon", chunked("0\r\ntrailer\r\n\r\n")),
        Case(400, "trailer folded", chunked("0\r\nX: a\r\n b\r\n\r\n")),
        Case(431, "trailer too long", chunked("0\r\nX: \(String(repeating: "b", count: 9_000))\r\n\r\n")),
        Case(431, "too many trailers", chunked("0\r\n\(String(repeating: "X: y\r\n", count: 101))\r\n")),
    ]

    static let sizes: [Case] = [
        Case(414, "request line", get("/" + String(repeating: "a", count: 8_200))),
        Case(414, "request line without end", "GET /" + String(repeating: "a", count: 9_000)),
        Case(431, "field line", post("X: " + String(repeating: "a", count: 8_200))),
        Case(431, "field line without end", "GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 9_000)),
        Case(431, "field count", post(String(repeating: "X: y\r\n", count: 101) + "Z: z")),
        Case(
            431, "field section",
            post(String(repeating: "X: \(String(repeating: "y", count: 4_000))\r\n", count: 9) + "Z: z")),
    ]

    @Test(arguments: lines + targets + framing + chunks + sizes, Cutting.allCases)
    func refused(_ example: Case, _ cutting: Cutting) {
        // U+00E9 stands for its Latin-1 byte: bytes that are not UTF-8 must be met as well.
        for input in [
            Array(example.input.utf8), example.input.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) },
        ] {
            let events = cutting.events(input + Array(AcceptedTests.second.utf8))
            guard case .refused(let status, _)? = events.first, events.count == 1 else {
                Issue.record("\(events)")
                continue
            }
            #expect(status == example.status)
        }
    }

    @Test func limitsAreInclusive() {
        let atLimit = "/" + String(repeating: "a", count: 8_192 - "GET / HTTP/1.1".count)
        #expect(Cutting.odd.events(Array(Self.get(atLimit).utf8)) == [.request("GET \(atLimit)", body: "")])
        let value = String(repeating: "a", count: 8_192 - 3)
        #expect(Cutting.odd.events(Array(Self.post("X: " + value).utf8)) == [.request("POST /p", body: "")])
        #expect(
            Cutting.odd.events(Array(Self.post(String(repeating: "X: y\r\n", count: 98) + "Z: z").utf8)) == [
                .request("POST /p", body: "")
            ])
    }

    @Test func extensionBytesAreCountedOverTheWholeBody() {
        let chunk = "1;x=\(String(repeating: "y", count: 90))\r\na\r\n"
        let few = Self.chunked(String(repeating: chunk, count: 40) + "0\r\n\r\n")
        let many = Self.chunked(String(repeating: chunk, count: 50) + "0\r\n\r\n")
        #expect(Cutting.whole.events(Array(few.utf8)) == [.request("POST /p", body: String(repeating: "a", count: 40))])
        #expect(Cutting.whole.events(Array(many.utf8)) == [.refused(400, "chunk")])
    }

    @Test func chunkedBodyStopsAtTheLimit() {
        var limits = WireLimits()
        limits.bodyBytes = 10
        let input = Self.chunked("8\r\n01234567\r\n2\r\n89\r\n1\r\nx\r\n0\r\n\r\n")
        #expect(Cutting.bytes.events(Array(input.utf8), limits: limits) == [.refused(413, "body-too-large")])
    }

    /// A line that is too long and spoiled further on: the first byte that is too many decides, also when all of them
    /// arrive at once.
    @Test(arguments: Cutting.allCases)
    func theFirstOffendingByteDecides(_ cutting: Cutting) {
        var limits = WireLimits()
        limits.requestLineBytes = 20
        limits.fieldLineBytes = 20
        limits.fieldSectionBytes = 29
        limits.trailerBytes = 20
        func refusal(_ input: String) -> [WireEvent] { cutting.events(Array(input.utf8), limits: limits) }
        let long = String(repeating: "x", count: 20)
        #expect(refusal("GET /\(long)\n") == [.refused(414, "request-line-too-long")])
        #expect(refusal("GET /\(long.dropFirst(5))\n") == [.refused(400, "bare-lf")])
        #expect(refusal("GET / HTTP/1.1\r\nX\(long)\0") == [.refused(431, "header-too-large")])
        #expect(refusal("GET / HTTP/1.1\r\n\(long)\0") == [.refused(400, "control-character")])
        #expect(refusal("GET / HTTP/1.1\r\nHost: a\r\nX:\(long.dropFirst(1))\0") == [.refused(431, "header-too-large")])
        #expect(
            refusal("POST / HTTP/1.1\r\nHost: a\r\nX:\(long.dropFirst(2))\r\n\r\n") == [.request("POST /", body: "")])
        #expect(
            refusal("PUT / HTTP/1.1\r\nA: b\r\nHost: \(long.dropFirst(5))\rx") == [.refused(431, "header-too-large")])
    }

    /// Valid traffic with bytes flipped, dropped and doubled: never a crash, and never a different reading for other
    /// pieces.
    @Test(arguments: 1...20)
    func mutationsReadTheSameHoweverCut(_ seed: Int) {
        var random = Xorshift(state: UInt64(seed) &* 0x9e37_79b9_7f4a_7c15)
        let seeds = AcceptedTests.cases.map { Array($0.input.utf8) }
        for _ in 0..<200 {
            var input = (0..<3).flatMap { _ in seeds.randomElement(using: &random) ?? [] }
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: 0..<input.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: input[index] = UInt8.random(in: 0...255, using: &random)
                case 1: input.remove(at: index)
                case 2: input.insert(input[index], at: index)
                default: input[index] = Array("\r\n :;,0/%".utf8).randomElement(using: &random) ?? 0
                }
            }
            let whole = Cutting.whole.events(input)
            #expect(Cutting.bytes.events(input) == whole, "\(String(decoding: input, as: UTF8.self))")
            #expect(Cutting.odd.events(input) == whole, "\(String(decoding: input, as: UTF8.self))")
        }
    }
}
