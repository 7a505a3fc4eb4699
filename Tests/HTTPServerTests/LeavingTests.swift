// Peers that go away in the middle: whatever was at work for them is told, ends, and gives back its socket and its place.

import Glibc
import HTTPWire
import Synchronization
import Testing

@testable import HTTPServer

@Suite struct LeavingTests {
    /// Handlers that end only when they are told that the peer has left.
    struct Endless: Responder {
        final class Shared: Sendable {
            let begun = Atomic<Int>(0)
            let ended = Atomic<Int>(0)
        }
        let shared = Shared()

        func respond(to request: Request, body: RequestBody) async -> Response {
            guard request.path != "/hello" else { return Response(status: 200) }
            shared.begun.add(1, ordering: .relaxed)
            switch request.path {
            case "/stream-writing": return stream { _, sink in try await Self.write(sink) }
            case "/stream-waiting":
                return stream { _, sink in
                    try await sink.write([120])
                    try await Task.sleep(for: .seconds(3_600))
                }
            case "/exchange-reading":
                return stream { body, sink in
                    try await sink.write([120])
                    while try await body.next() != nil {}
                }
            case "/exchange-writing": return stream { _, sink in try await Self.write(sink) }
            case "/reading":
                do throws(BodyFault) {
                    while try await body.next() != nil {}
                } catch {
                    shared.ended.add(1, ordering: .relaxed)
                }
            default:
                do {
                    try await Task.sleep(for: .seconds(3_600))
                } catch {
                    shared.ended.add(1, ordering: .relaxed)
                }
            }
            return Response(status: 200)
        }

        private func stream(
            _ write: @escaping @Sendable (RequestBody, BodySink) async throws -> Void
        ) -> Response {
            Response(
                status: 200,
                body: .exchange { body, sink in
                    do {
                        try await write(body, sink)
                    } catch {
                        shared.ended.add(1, ordering: .relaxed)
                        throw error
                    }
                })
        }

        private static func write(_ sink: BodySink) async throws {
            while true { try await sink.write([UInt8](repeating: 120, count: 30_000)) }
        }

        func refuse(_ refusal: Refusal) -> Response { Response(status: refusal.status) }
    }

    enum Farewell: CaseIterable {
        case reset, close
    }

    /// Whether a number becomes one before five seconds have passed.
    private static func becomesOne(_ number: () -> Int) -> Bool {
        for _ in 0..<5_000 where number() == 0 { usleep(1_000) }
        return number() == 1
    }

    /// A peer that merely half-closes may still be reading, so a handler that sends nothing is not disturbed by a close.
    static let cases: [(String, Farewell)] = [
        ("/stream-writing", .reset), ("/stream-writing", .close), ("/stream-waiting", .reset),
        ("/exchange-reading", .reset), ("/exchange-reading", .close), ("/exchange-writing", .reset),
        ("/exchange-writing", .close), ("/reading", .reset), ("/reading", .close), ("/waiting", .reset),
    ]

    @Test(arguments: cases)
    func whatWorkedForThePeerEnds(_ path: String, _ farewell: Farewell) throws {
        let (responder, balance) = (Endless(), Balance())
        let server = try TestServer(threads: 1, responder: responder) {
            $0.kernel = Kernel.system.counting(balance)
            $0.connectionsPerAddress = 1
            $0.uncappedAddresses = []
        }
        var client: Client? = try server.client()
        client?.send("POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nbeginning")
        #expect(Self.becomesOne { responder.shared.begun.load(ordering: .relaxed) })
        switch farewell {
        case .reset: client?.reset()
        case .close: client = nil
        }
        #expect(Self.becomesOne { responder.shared.ended.load(ordering: .relaxed) }, "the handler was told")
        var isServed = false
        for _ in 0..<500 where !isServed {
            isServed = try server.client().get("/hello")?.status == 200
            if !isServed { usleep(10_000) }
        }
        #expect(isServed, "the place is free again")
        server.stop()
        #expect(balance.isEven)
        #expect(responder.shared.ended.load(ordering: .relaxed) == 1)
    }

    /// Half-closed before the first byte, inside a head, inside a body, inside chunks: nothing was asked, so nothing is
    /// answered, and the end is no reset.
    @Test(arguments: [
        "", "\r\n", "GET / HT", "GET / HTTP/1.1\r\nHost: a\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    ])
    func aRequestCutShortIsNotAnswered(_ beginning: String) throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n\(beginning)")
        client.halfClose()
        #expect(client.answer()?.content == "hello")
        #expect(client.isAtEnd)
        #expect(!client.wasReset)
    }
}
