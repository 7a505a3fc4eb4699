// Peers that are slow, large, broken or many: each costs itself only.

import CLinux
import Glibc
import HTTPServer
import HTTPWire
import Synchronization
import Testing

@Suite struct DefenceTests {
    static let fortyChunks = String(repeating: "8000\r\n\(String(repeating: "x", count: 32_768))\r\n", count: 40)

    @Test(arguments: [
        (400, "bare-lf", "GET / HTTP/1.1\n"),
        (431, "header-too-large", "GET / HTTP/1.1\r\nX: " + String(repeating: "y", count: 20_000)),
        (414, "request-line-too-long", "GET /" + String(repeating: "y", count: 20_000)),
        (413, "body-too-large", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999999\r\n\r\nxxxx"),
        (413, "body-too-large", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000001\r\n\r\nxxxx"),
        (
            413, "body-too-large",
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + fortyChunks
        ),
        (400, "chunk", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        (400, "chunk", "POST /ignore HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        (417, "expectation", "GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n"),
        (501, "method", "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n"), (505, "http-version", "GET / HTTP/3.0\r\n\r\n"),
    ])
    func refusalsArriveAndClose(_ status: Int, _ slug: String, _ input: String) throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        client.send(input + String(repeating: "z", count: 50_000))
        let answer = try #require(client.answer())
        #expect(answer.status == status)
        #expect(answer.content == slug)
        #expect(answer.fields["connection"] == "close")
        #expect(client.isAtEnd)
    }

    /// A reset could reach a busy sender, such as a proxy, before the answer was read, and eat it.
    @Test func whoeverSendsOnAfterARefusalIsNotReset() throws {
        let server = try TestServer {
            $0.lingerBytes = 4_096
            $0.lingerMilliseconds = 3_600_000
        }
        defer { server.stop() }
        let client = try server.client()
        client.send("nonsense\r\n\r\n" + String(repeating: "z", count: 50_000))
        #expect(client.answer()?.status == 400)
        #expect(client.isAtEnd)
        for _ in 0..<50 { #expect(client.send(String(repeating: "z", count: 1_000))) }
    }

    @Test func goodRequestsBeforeABadOneAreAnswered() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\nGET /wait HTTP/1.1\r\nHost: a\r\n\r\nBAD\r\n\r\n")
        #expect(client.answer()?.content == "hello")
        #expect(client.answer()?.content == "waited")
        #expect(client.answer()?.status == 400)
        #expect(client.isAtEnd)
    }

    @Test func slowHeadsGet408AndSilenceNothing() throws {
        let server = try TestServer {
            $0.headMilliseconds = 300
            $0.idleMilliseconds = 300
        }
        defer { server.stop() }
        let slow = try server.client()
        slow.send("GET / HT")
        #expect(slow.answer()?.status == 408)
        #expect(slow.isAtEnd)
        #expect(try server.client().isAtEnd)
        let idle = try server.client()
        #expect(idle.get("/hello")?.status == 200)
        #expect(idle.isAtEnd)
        // One byte at a time does not earn more: the deadline is the whole head's.
        let dripping = try server.client()
        var isSent = true
        for byte in String(repeating: "GET / HTTP/1.1\r\nX: y", count: 1).utf8 where isSent {
            isSent = dripping.send([byte])
            usleep(30_000)
        }
        #expect(dripping.answer()?.status == 408)
    }

    /// A head has its deadline from its own first byte, also when the one before it was answered in the same breath.
    @Test(arguments: ["/at-once", "/hello"])
    func pipelinedHeadsHaveADeadlineEach(_ path: String) throws {
        let server = try TestServer { $0.headMilliseconds = 400 }
        defer { server.stop() }
        let client = try server.client()
        let (beginning, end) = ("GET \(path) HT", "TP/1.1\r\nHost: a\r\n\r\n")
        client.send(beginning)
        for _ in 0..<10 {
            usleep(100_000)
            client.send(end + beginning)
            #expect(client.answer()?.status == 200)
        }
        #expect(client.answer()?.status == 408, "and then it is over")
    }

    @Test func slowBodiesGet408() throws {
        let server = try TestServer { $0.bodyGraceMilliseconds = 300 }
        defer { server.stop() }
        let client = try server.client()
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel")
        #expect(client.answer()?.status == 408)
    }

    @Test func aClientThatDoesNotReadIsLetGo() throws {
        let server = try TestServer { $0.writeGraceMilliseconds = 300 }
        defer { server.stop() }
        let client = try server.client()
        client.send(String(repeating: "GET /big HTTP/1.1\r\nHost: a\r\n\r\n", count: 10))
        usleep(200_000)
        #expect(try server.client().get("/hello")?.content == "hello", "others are served meanwhile")
        usleep(1_500_000)
        #expect(client.rest().utf8.count < 30_000_000)
    }

    @Test func resetsCancelTheHandler() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
        while server.behaviours.shared.running.load(ordering: .relaxed) == 0 { usleep(1_000) }
        client.reset()
        for _ in 0..<300 where server.behaviours.shared.cancelled.load(ordering: .relaxed) == 0 { usleep(1_000) }
        #expect(server.behaviours.shared.cancelled.load(ordering: .relaxed) == 1)
    }

    @Test func tooManyConnectionsGet503() throws {
        let server = try TestServer {
            $0.connectionsPerAddress = 2
            $0.uncappedAddresses = []
            $0.surplusConnections = 1
        }
        defer { server.stop() }
        var held = [try server.client(), try server.client()]
        for client in held { #expect(client.get("/hello")?.status == 200) }
        let surplus = try server.client()
        let answer = try #require(surplus.answer())
        #expect(answer.status == 503)
        #expect(answer.fields["retry-after"] == "1")
        #expect(answer.fields["connection"] == "close")
        let rejected = try server.client()
        #expect(rejected.isAtEnd)
        held.removeLast()
        for _ in 0..<100 {
            if let answer = try server.client().get("/hello"), answer.status == 200 { return }
            usleep(10_000)
        }
        Issue.record("the place was not given free")
    }

    @Test func survivesRandomBytes() throws {
        let server = try TestServer()
        defer { server.stop() }
        var chance = Xorshift(state: 0x1234_5678_9abc_def1)
        let starts = [
            "", "GET / HTTP/1.1\r\nHost: a\r\n", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        ]
        let clients = try (0..<64).map { _ in try server.client() }
        for (index, client) in clients.enumerated() {
            client.send(starts[index % starts.count])
            client.send(
                (0..<Int.random(in: 0..<4_000, using: &chance)).map { _ in .random(in: 0...255, using: &chance) })
            client.halfClose()
        }
        for client in clients {
            let text = client.rest()
            #expect(text.isEmpty || text.hasPrefix("HTTP/1.1 4") || text.hasPrefix("HTTP/1.1 5"))
        }
        #expect(try server.client().get("/hello")?.content == "hello")
    }

    /// The kernel at its worst: one byte at a time, interrupted every other call.
    @Test func playsShortWritesAndInterrupts() throws {
        let server = try TestServer { configuration in
            let system = Kernel.system
            let calls = Counter()
            configuration.kernel.send = { calls.isOdd ? -Int(EINTR) : system.send($0, $1, min($2, 1)) }
            configuration.kernel.sendTwo = { descriptor, first, second in
                calls.isOdd
                    ? -Int(EINTR)
                    : system.sendTwo(
                        descriptor, UnsafeRawBufferPointer(rebasing: first.prefix(7)),
                        first.count > 7 ? UnsafeRawBufferPointer(start: nil, count: 0) : second)
            }
            configuration.kernel.receive = { calls.isOdd ? -Int(EINTR) : system.receive($0, $1, $2) }
        }
        defer { server.stop() }
        let client = try server.client()
        for _ in 0..<3 {
            #expect(client.get("/hello")?.content == "hello")
            #expect(client.get("/stream")?.content == "one two three")
            let big = try #require(client.get("/big"))
            #expect(big.content == String(repeating: "b", count: 3_000_000))
        }
    }

    final class Counter: Sendable {
        private let calls = Atomic<Int>(0)
        var isOdd: Bool { calls.add(1, ordering: .relaxed).newValue % 2 == 1 }
    }
}
