// Requests and answers over real sockets: persistence, pipelining, bodies, expectations, streams.

import HTTPServer
import HTTPWire
import Synchronization
import Testing

@Suite struct ExchangeTests {
    @Test func keepsAliveAndSaysWhenNot() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        for _ in 0..<3 {
            let answer = try #require(client.get("/hello"))
            #expect(answer.status == 200)
            #expect(answer.content == "hello")
            #expect(answer.fields["connection"] == nil)
            #expect(answer.fields["date"]?.hasSuffix(" GMT") == true)
        }
        #expect(client.get("/hello", "Connection: close\r\n")?.fields["connection"] == "close")
        #expect(client.isAtEnd)
    }

    @Test func handlersMayClose() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        #expect(client.get("/close")?.fields["connection"] == "close")
        #expect(client.isAtEnd)
    }

    @Test func speaksTo10() throws {
        let server = try TestServer()
        defer { server.stop() }
        let closing = try server.client()
        closing.send("GET /hello HTTP/1.0\r\n\r\n")
        let text = closing.rest()
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(text.contains("Connection: close\r\n"))
        #expect(text.hasSuffix("\r\n\r\nhello"))

        let staying = try server.client()
        for _ in 0..<2 {
            staying.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(staying.answer()?.fields["connection"] == "keep-alive")
        }
        staying.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        let stream = staying.rest()
        #expect(!stream.contains("Transfer-Encoding"))
        #expect(stream.contains("Connection: close\r\n"))
        #expect(stream.hasSuffix("\r\n\r\none two three"))
    }

    @Test func answersPipelinedRequestsInOrder() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        var text = ""
        for index in 0..<50 {
            text += "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \("\(index)".count)\r\n\r\n\(index)"
            text += "GET /hello HTTP/1.1\r\nHost: a\r\n\r\nGET /stream HTTP/1.1\r\nHost: a\r\n\r\n"
        }
        client.send(text)
        for index in 0..<50 {
            #expect(client.answer()?.content == "\(index)")
            #expect(client.answer()?.content == "hello")
            #expect(client.answer()?.content == "one two three")
        }
    }

    /// An answer that is ready must not wait for the next request's slow handler.
    @Test func collectedAnswersLeaveWhenAHandlerWaits() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\nGET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(client.answer()?.content == "hello")
        #expect(server.behaviours.shared.running.load(ordering: .relaxed) == 1)
        #expect(client.answer()?.content == "waited")
    }

    @Test func headHasTheFieldsOfGetAndNoContent() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        for (path, field, value) in [
            ("/hello", "content-length", "5"), ("/stream", "transfer-encoding", "chunked"),
            ("/big", "content-length", "3000000"),
        ] {
            client.send("HEAD \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(client.answer(isHead: true)?.fields[field] == value)
        }
        #expect(client.get("/hello")?.content == "hello")
    }

    @Test func noContentHasNoLength() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        let answer = try #require(client.get("/none"))
        #expect(answer.status == 204)
        #expect(answer.fields["content-length"] == nil)
        #expect(answer.fields["transfer-encoding"] == nil)
        client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")
        let options = try #require(client.answer())
        #expect(options.status == 204)
        #expect(options.fields["allow"]?.contains("PATCH") == true)
    }

    @Test func readsChunkedBodies() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        for index in 0..<1_000 { client.send("3\r\n\(100 + index % 900)\r\n") }
        client.send("0\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(client.answer()?.content == (0..<1_000).map { "\(100 + $0 % 900)" }.joined())
        #expect(client.answer()?.content == "hello")
    }

    @Test func movesLargeBodiesBothWays() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        let content = String(repeating: "0123456789abcdef", count: 60_000)
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \(content.utf8.count)\r\n\r\n\(content)")
        #expect(client.answer()?.content == content)
        #expect(client.get("/big")?.content.utf8.count == 3_000_000)
        client.send("POST /exchange HTTP/1.1\r\nHost: a\r\nContent-Length: \(content.utf8.count)\r\n\r\n\(content)")
        #expect(client.answer()?.content == "\(content.utf8.count)")
        #expect(client.get("/hello")?.content == "hello")
    }

    /// A handler that has begun to answer may say itself that the body is too long; the answer is whole, and the last one.
    @Test func aBodyThatTurnsOutTooLongMayBeToldByItsHandler() throws {
        let server = try TestServer { $0.limits.bodyBytes = 10 }
        defer { server.stop() }
        let client = try server.client()
        client.send("POST /tells-limit HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.send("8\r\n12345678\r\n3\r\nabc\r\n0\r\n\r\n")
        #expect(client.answer()?.content == "8 too large")
        #expect(client.isAtEnd)
    }

    @Test func continuesWhenTheHandlerReads() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
        #expect(client.answer()?.status == 100)
        client.send("hello")
        let answer = client.answer()
        #expect(answer?.content == "hello")
        #expect(answer?.fields["connection"] == nil)
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi")
        #expect(client.answer()?.content == "hi", "no 100 when the body is here already")
        client.send("POST /ignore HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
        let final = client.answer()
        #expect(final?.content == "ignored")
        #expect(final?.fields["connection"] == "close")
        #expect(client.isAtEnd)
    }

    @Test func neverContinues10() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        client.send("POST /echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        client.send("hi")
        #expect(client.rest().hasPrefix("HTTP/1.1 200 "))
    }

    @Test func dropsShortUnreadBodiesAndClosesOnLongOnes() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        client.send("POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 30000\r\n\r\n")
        #expect(client.answer()?.fields["connection"] == nil)
        client.send(String(repeating: "x", count: 30_000))
        #expect(client.get("/hello")?.content == "hello")
        client.send("POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n")
        #expect(client.answer()?.fields["connection"] == "close")
    }

    @Test func aHalfClosedClientGetsItsAnswer() throws {
        let server = try TestServer()
        defer { server.stop() }
        for path in ["/hello", "/wait", "/stream", "/big"] {
            let client = try server.client()
            client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            client.halfClose()
            #expect(client.answer()?.status == 200)
            #expect(client.isAtEnd)
        }
    }

    @Test func streamsBreakVisibly() throws {
        let server = try TestServer()
        defer { server.stop() }
        let early = try server.client()
        #expect(early.get("/breaks-early")?.status == 500)
        let late = try server.client()
        late.send("GET /breaks-late HTTP/1.1\r\nHost: a\r\n\r\n")
        let text = late.rest()
        #expect(text.hasSuffix("4\r\nhalf\r\n"))
        #expect(!text.contains("0\r\n\r\n"))
    }

    @Test(arguments: ["/bad-field", "/bad-status"])
    func unsendableAnswersBecome500(_ path: String) throws {
        let server = try TestServer()
        defer { server.stop() }
        let answer = try #require(try server.client().get(path))
        #expect(answer.status == 500)
        #expect(answer.content == "unsendable-answer")
        #expect(answer.fields["x"] == nil)
    }

    /// Answers given without a handler keep their place among the others, and close what is to be closed.
    @Test func answersAtOnceKeepTheirPlace() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        var text = ""
        for _ in 0..<300 { text += "GET /at-once HTTP/1.1\r\nHost: a\r\n\r\n" }
        text += "GET /hello HTTP/1.1\r\nHost: a\r\n\r\nHEAD /at-once HTTP/1.1\r\nHost: a\r\n\r\n"
        text += "POST /at-once HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
        text += "GET /at-once/big HTTP/1.1\r\nHost: a\r\n\r\nGET /at-once/unsendable HTTP/1.1\r\nHost: a\r\n\r\n"
        client.send(text)
        for _ in 0..<300 { #expect(client.answer()?.content == "at once") }
        #expect(client.answer()?.content == "hello")
        #expect(client.answer(isHead: true)?.fields["content-length"] == "7")
        #expect(client.answer()?.content == "with a body")
        #expect(client.answer()?.content.utf8.count == 100_000)
        #expect(client.answer()?.status == 500)
        #expect(client.isAtEnd)
        let closing = try server.client()
        closing.send("GET /at-once HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        let last = closing.answer()
        #expect(last?.content == "at once")
        #expect(last?.fields["connection"] == "close")
        #expect(closing.isAtEnd)
        let old = try server.client()
        old.send("GET /at-once HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(old.answer()?.fields["connection"] == "keep-alive")
        old.send("GET /at-once HTTP/1.0\r\n\r\n")
        #expect(old.answer()?.fields["connection"] == "close")
    }

    @Test func believesListedProxiesOnly() throws {
        let fields = "X-Forwarded-For: 198.51.100.1, 203.0.113.9\r\n"
        let plain = try TestServer()
        defer { plain.stop() }
        #expect(try plain.client().get("/peer", fields)?.content == "127.0.0.1")
        let behind = try TestServer { $0.trustedProxies = ["127.0.0.1"] }
        defer { behind.stop() }
        #expect(try behind.client().get("/peer", fields)?.content == "203.0.113.9")
    }

    @Test func keepsARecordOfEachRefusal() throws {
        let server = try TestServer()
        let client = try server.client()
        _ = client.get("/hello")
        client.send("nonsense\r\n\r\n")
        _ = client.rest()
        server.stop()
        let records = server.records.all
        #expect(records.map(\.status) == [400])
        #expect(records.map(\.reason) == ["request-line"])
        #expect(records.map(\.peerAddress) == ["127.0.0.1"])
    }

    /// What comes after the answer is no part of the request: with its connection's end still ahead it is written down.
    @Test func aRecordDoesNotWaitForThePeerToClose() throws {
        let server = try TestServer { $0.lingerMilliseconds = 3_600_000 }
        defer { server.stop() }
        let client = try server.client()
        client.send("nonsense\r\n\r\n")
        #expect(client.answer()?.status == 400)
        #expect(client.isAtEnd)
        #expect(server.records.all.map(\.status) == [400])
    }
}
