// Requests that must be understood, and how: each whole, byte by byte, in odd pieces, and followed by a second request
// that must come back with exactly its own beginning and end.

import HTTPWire
import Testing

@Suite struct AcceptedTests {
    static let host = "Host: a.example\r\n"
    static let second = "PUT /second HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\nend"

    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var input: String
        var line: String
        var body = ""
        var testDescription: String { name }

        init(_ name: String, _ input: String, _ line: String, _ body: String = "") {
            self.name = name
            self.input = input
            self.line = line
            self.body = body
        }
    }

    static let chunked = "POST /c HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n"

    static let cases: [Case] = [
        Case("plain", "GET / HTTP/1.1\r\n\(host)\r\n", "GET /"),
        Case("leading empty lines, 9112 2.2", "\r\n\r\nGET /a HTTP/1.1\r\n\(host)\r\n", "GET /a"),
        Case("query", "GET /a/b?c=d&e HTTP/1.1\r\n\(host)\r\n", "GET /a/b?c=d&e"),
        Case("empty query", "GET /a? HTTP/1.1\r\n\(host)\r\n", "GET /a?"),
        Case("question mark and slash in a query", "GET /a?/?x HTTP/1.1\r\n\(host)\r\n", "GET /a?/?x"),
        Case("1.0 without Host", "GET /old HTTP/1.0\r\n\r\n", "GET /old"),
        Case("minor version above 1", "GET /new HTTP/1.7\r\n\(host)\r\n", "GET /new"),
        Case("absolute-form, 9112 3.2.2", "GET http://x.example:81/p?q HTTP/1.1\r\n\(host)\r\n", "GET /p?q"),
        Case("absolute-form in capitals", "GET HTTP://x/p HTTP/1.1\r\n\(host)\r\n", "GET /p"),
        Case("absolute-form without path", "GET https://x HTTP/1.1\r\n\(host)\r\n", "GET /"),
        Case("absolute-form without path, with query", "GET http://x?q HTTP/1.1\r\n\(host)\r\n", "GET /?q"),
        Case("TRACE, for the application to refuse, 9110 9.3.8", "TRACE / HTTP/1.1\r\n\(host)\r\n", "TRACE /"),
        Case("OPTIONS *", "OPTIONS * HTTP/1.1\r\n\(host)\r\n", "OPTIONS *"),
        Case("OPTIONS on a server, 9110 7.1", "OPTIONS http://x HTTP/1.1\r\n\(host)\r\n", "OPTIONS *"),
        Case("dot segments", "GET /a/./b/../c HTTP/1.1\r\n\(host)\r\n", "GET /a/c"),
        Case("never above the root", "GET /../../x HTTP/1.1\r\n\(host)\r\n", "GET /x"),
        Case("dots at the end", "GET /a/b/.. HTTP/1.1\r\n\(host)\r\n", "GET /a/"),
        Case("only dots", "GET /.. HTTP/1.1\r\n\(host)\r\n", "GET /"),
        Case("encoded dots, 3986 6.2.2.2", "GET /a/%2e%2E/b HTTP/1.1\r\n\(host)\r\n", "GET /b"),
        Case("three dots are a name", "GET /.../x HTTP/1.1\r\n\(host)\r\n", "GET /.../x"),
        Case("encoded slash stays", "GET /a%2Fb HTTP/1.1\r\n\(host)\r\n", "GET /a%2Fb"),
        Case("IPv6 host", "GET / HTTP/1.1\r\nHost: [2001:db8::1]:8080\r\n\r\n", "GET /"),
        Case("host with empty port", "GET / HTTP/1.1\r\nHost: a.example:\r\n\r\n", "GET /"),
        Case("OWS of tabs and spaces", "GET / HTTP/1.1\r\nHost:\t a.example \t\r\n\r\n", "GET /"),
        Case("obs-text and HTAB in a value", "GET / HTTP/1.1\r\n\(host)X: a\tb\u{e9}\r\n\r\n", "GET /"),
        Case("empty value", "GET / HTTP/1.1\r\n\(host)X:\r\n\r\n", "GET /"),
        Case("underscore is no dash", "POST / HTTP/1.1\r\n\(host)Content_Length: 9\r\n\r\n", "POST /"),
        Case("Content-Length", "POST /p HTTP/1.1\r\n\(host)Content-Length: 5\r\n\r\nhello", "POST /p", "hello"),
        Case("leading zeros", "POST /p HTTP/1.1\r\n\(host)content-length: 0005\r\n\r\nhello", "POST /p", "hello"),
        Case("Content-Length 0", "POST /p HTTP/1.1\r\n\(host)Content-Length: 0\r\n\r\n", "POST /p"),
        Case("body on GET", "GET /g HTTP/1.1\r\n\(host)Content-Length: 3\r\n\r\nabc", "GET /g", "abc"),
        Case("body on DELETE", "DELETE /g HTTP/1.1\r\n\(host)Content-Length: 3\r\n\r\nabc", "DELETE /g", "abc"),
        Case(
            "body that looks like a request",
            "POST /p HTTP/1.1\r\n\(host)Content-Length: 18\r\n\r\nGET /x HTTP/1.1\r\n\r", "POST /p",
            "GET /x HTTP/1.1\r\n\r"),
        Case("chunked", chunked + "5\r\nhello\r\n0\r\n\r\n", "POST /c", "hello"),
        Case("chunked in capitals", chunked.replacingChunked("Chunked") + "1\r\na\r\n0\r\n\r\n", "POST /c", "a"),
        Case(
            "several chunks, hex in both cases", chunked + "a\r\n0123456789\r\nB\r\nabcdefghijk\r\n00\r\n\r\n",
            "POST /c", "0123456789abcdefghijk"),
        Case("chunk extensions", chunked + "2;a;b=c ; d = \"e;\\\"\"\r\nhi\r\n0;last\r\n\r\n", "POST /c", "hi"),
        Case("trailers dropped", chunked + "2\r\nhi\r\n0\r\nContent-Length: 99\r\nHost: evil\r\n\r\n", "POST /c", "hi"),
        Case(
            "100-continue", "POST /p HTTP/1.1\r\n\(host)Expect: 100-Continue\r\nContent-Length: 1\r\n\r\nx", "POST /p",
            "x"),
        Case(
            "100-continue twice, 9110 10.1.1",
            "POST /p HTTP/1.1\r\n\(host)Expect: 100-continue, 100-continue\r\nContent-Length: 1\r\n\r\nx", "POST /p",
            "x"),
        Case(
            "any expectation in 1.0 is ignored", "POST /p HTTP/1.0\r\nExpect: tea\r\nContent-Length: 1\r\n\r\nx",
            "POST /p", "x"),
        Case("Upgrade ignored", "GET / HTTP/1.1\r\n\(host)Upgrade: h2c\r\nConnection: upgrade\r\n\r\n", "GET /"),
    ]

    @Test(arguments: cases, Cutting.allCases)
    func understood(_ example: Case, _ cutting: Cutting) {
        let expected = WireEvent.request(example.line, body: example.body)
        let next = WireEvent.request("PUT /second", body: "end")
        let input = Array(example.input.utf8)
        #expect(cutting.events(input) == [expected])
        #expect(cutting.events(input + Array(Self.second.utf8)) == [expected, next])
        #expect(cutting.events(input + input + input) == [expected, expected, expected])
    }

    @Test func tellsFramingAndPersistenceApart() throws {
        func request(_ text: String) throws -> Request {
            try #require(Cutting.whole.read(Array(text.utf8)).requests.first)
        }
        #expect(try request("GET / HTTP/1.1\r\nHost: a\r\n\r\n").keepsAlive)
        #expect(try !request("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n").keepsAlive)
        #expect(try !request("GET / HTTP/1.0\r\n\r\n").keepsAlive)
        #expect(try request("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").keepsAlive)
        #expect(try !request("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n").keepsAlive)
        #expect(try request("GET / HTTP/1.1\r\nHost: a\r\n\r\n").framing == .none)
        #expect(try request("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\n").framing == .length(7))
        let expecting = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
        #expect(try request(expecting + "Content-Length: 7\r\n\r\n").expectsContinue)
        #expect(try !request(expecting + "\r\n").expectsContinue)
        #expect(try request("GET http://b:1/ HTTP/1.1\r\nHost: a\r\n\r\n").field("host") == "b:1")
    }
}

extension String {
    func replacingChunked(_ other: String) -> String {
        let parts = split(separator: "chunked", omittingEmptySubsequences: false)
        return parts.joined(separator: other)
    }
}
