// Answers as bytes: heads, the fields that the wire owns, values that may not be sent, chunks and dates.

import HTTPWire
import Testing

@Suite struct ResponseTests {
    static let date = ResponseEncoder.dateLine(unixSeconds: 784_111_777)

    static func head(
        _ response: Response, _ framing: AnswerFraming, _ persistence: AnswerPersistence = .implied
    ) -> String? {
        var output = ByteBuffer()
        output.append("before")
        let isDone = ResponseEncoder.appendHead(
            of: response, framing: framing, persistence: persistence, dateLine: date, to: &output)
        let text = output.withBytes { span in String(decoding: (0..<span.count).map { span[$0] }, as: UTF8.self) }
        if !isDone { #expect(text == "before") }
        return isDone ? String(text.dropFirst(6)) : nil
    }

    static let dateText = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"

    @Test func heads() {
        let ok = Response(status: 200, fields: [(name: "Content-Type", value: "text/plain")], body: .bytes([1, 2]))
        #expect(
            Self.head(ok, .length(2))
                == "HTTP/1.1 200 OK\r\n\(Self.dateText)Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n")
        #expect(
            Self.head(ok, .chunked, .close)
                == "HTTP/1.1 200 OK\r\n\(Self.dateText)Content-Type: text/plain\r\n"
                + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        )
        #expect(
            Self.head(Response(status: 204), .empty, .keepAlive)
                == "HTTP/1.1 204 No Content\r\n\(Self.dateText)Connection: keep-alive\r\n\r\n")
        #expect(Self.head(Response(status: 299), .length(0))?.hasPrefix("HTTP/1.1 299 Status\r\n") == true)
    }

    /// The two fields that are sent without having stood in a list say the same to whoever is in process.
    @Test(arguments: [(0, 0, "r=0;t=0"), (987, 1, "r=987;t=1"), (1_000_000_000, 86_400, "r=1000000000;t=86400")])
    func theLimitAndTheRequestsNameComeLast(remaining: Int, seconds: Int, text: String) {
        var response = Response(status: 200, fields: [(name: "X", value: "y")])
        response.requestID = "abc"
        response.rateLimit = RateLimitField(remaining: remaining, seconds: seconds)
        let lines = "X: y\r\nRateLimit: \"default\";\(text)\r\nX-Request-Id: abc\r\n"
        #expect(
            Self.head(response, .length(0)) == "HTTP/1.1 200 OK\r\n\(Self.dateText)\(lines)Content-Length: 0\r\n\r\n")
        #expect(response.allFields.map { "\($0.name): \($0.value)\r\n" }.joined() == lines)
    }

    @Test(arguments: ["Date", "content-length", "Transfer-Encoding", "CONNECTION", "keep-alive", "Upgrade", "Trailer"])
    func framingBelongsToTheWire(_ name: String) {
        let response = Response(status: 200, fields: [(name: name, value: "77")])
        #expect(Self.head(response, .length(0)) == "HTTP/1.1 200 OK\r\n\(Self.dateText)Content-Length: 0\r\n\r\n")
    }

    @Test(arguments: ["a\r\nX: y", "a\rb", "a\nb", "a\0b", "\u{7f}", "123456789\u{1}"])
    func unsendableValues(_ value: String) {
        #expect(Self.head(Response(status: 200, fields: [(name: "Location", value: value)]), .length(0)) == nil)
    }

    @Test(arguments: ["", "a b", "a:", "a\r\n", "caf\u{e9}"])
    func unsendableNames(_ name: String) {
        #expect(Self.head(Response(status: 200, fields: [(name: name, value: "x")]), .length(0)) == nil)
    }

    @Test func sendableValues() {
        let text = Self.head(Response(status: 200, fields: [(name: "X", value: "a\tb \u{e9} long enough")]), .length(0))
        #expect(text?.contains("X: a\tb \u{e9} long enough\r\n") == true)
    }

    @Test func framingFollowsStatusAndVersion() {
        func framing(_ status: Int, _ body: Response.Body, _ minor: Int = 1) -> AnswerFraming? {
            ResponseEncoder.framing(of: Response(status: status, body: body), minorVersion: minor)
        }
        #expect(framing(200, .none) == .length(0))
        #expect(framing(200, .bytes([1])) == .length(1))
        #expect(framing(204, .bytes([1])) == .empty)
        #expect(framing(304, .bytes([1])) == .empty)
        #expect(framing(200, .stream { _ in }) == .chunked)
        #expect(framing(200, .stream { _ in }, 0) == .untilClose)
        #expect(framing(101, .none) == nil)
        #expect(framing(600, .none) == nil)
        #expect(ResponseEncoder.asksClose(Response(status: 200, fields: [(name: "connection", value: "close")])))
        #expect(!ResponseEncoder.asksClose(Response(status: 200, fields: [(name: "keep-alive", value: "close")])))
    }

    @Test(arguments: [
        (1, "1\r\n"), (15, "f\r\n"), (16, "10\r\n"), (255, "ff\r\n"), (4_096, "1000\r\n"), (65_537, "10001\r\n"),
    ])
    func chunks(_ size: Int, _ line: String) {
        var output = ByteBuffer()
        ResponseEncoder.appendChunk([], to: &output)
        let isEmpty = output.isEmpty
        #expect(isEmpty)
        ResponseEncoder.appendChunk([UInt8](repeating: 120, count: size), to: &output)
        let text = output.withBytes { span in String(decoding: (0..<span.count).map { span[$0] }, as: UTF8.self) }
        #expect(text == line + String(repeating: "x", count: size) + "\r\n")
    }

    /// The first is RFC 9110 section 5.6.7's own example.
    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
        (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"), (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
        (-5, "Thu, 01 Jan 1970 00:00:00 GMT"), (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
    ])
    func dates(_ seconds: Int64, _ expected: String) {
        #expect(HTTPDate.text(unixSeconds: seconds) == expected)
    }

    @Test func streamsCollectInProcess() async throws {
        let body = Response.Body.exchange { body, sink in
            while let piece = try await body.next() { try await sink.write(piece + [10]) }
        }
        #expect(try await body.collect(request: RequestBody(bytes: [1, 2])) == [1, 2, 10])
        #expect(try await Response.Body.none.collect() == [])
        #expect(try await Response.Body.bytes([3]).collect() == [3])
    }
}
