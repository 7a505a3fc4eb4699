// One connection that never lets the server wait, and others beside it: requests without end, heads and bodies without
// end, a stream into a socket that takes everything, a client that reads nothing. Counted in steps, never in time.

import CLinux
import Glibc
import HTTPWire
import Synchronization
import Testing

@testable import HTTPServer

@Suite struct FairnessTests {
    /// Counts what it does for the flooding client, and at a certain count has the other client ask.
    struct Counting: Responder {
        final class Counts: Sendable {
            /// Requests, pieces or writes of the flooding client.
            let flooded = Atomic<Int>(0)
            /// `flooded` when the other client was answered.
            let answeredAt = Atomic<Int>(-1)
            let other = Atomic<Int32>(-1)
        }
        static let askAt = 100
        /// Where a flood gives up that nobody stopped.
        static let most = 2_000

        let counts = Counts()
        let flood: Flood

        private func step() {
            let count = counts.flooded.add(1, ordering: .relaxed).newValue
            if count == Self.askAt {
                let request = Array("GET /other HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
                _ = clinux_send(counts.other.load(ordering: .relaxed), request, request.count)
            }
            if count == Self.most || counts.answeredAt.load(ordering: .relaxed) >= 0 { flood.end() }
        }

        func respond(to request: Request, body: RequestBody) async -> Response {
            switch request.path {
            case "/other":
                let count = counts.flooded.load(ordering: .relaxed)
                counts.answeredAt.store(count, ordering: .relaxed)
                return Response(status: 200)
            case "/body":
                do throws(BodyFault) {
                    while try await body.next() != nil { step() }
                } catch {}
                return Response(status: 200)
            case "/stream":
                return Response(
                    status: 200,
                    body: .stream { sink in
                        while counts.flooded.load(ordering: .relaxed) < Self.most,
                            counts.answeredAt.load(ordering: .relaxed) < 0
                        {
                            step()
                            try await sink.write([UInt8](repeating: 120, count: 20_000))
                        }
                    })
            default:
                step()
                return Response(status: 200)
            }
        }

        func refuse(_ refusal: Refusal) -> Response { Response(status: refusal.status) }
    }

    static let request = "GET /flood HTTP/1.1\r\nHost: a\r\n\r\n"
    static let large =
        "GET /flood HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: \(String(repeating: "y", count: 7_900))\r\n", count: 4))\r\n"

    static let floods: [(name: String, first: String, endless: String)] = [
        ("requests", "", request), ("large heads", "", large),
        ("body", "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 268435456\r\n\r\n", "x"),
        (
            "chunked body", "POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
            "1;a\r\nx\r\n"
        ),
        ("stream", "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n", request),
    ]

    @Test(arguments: floods.map(\.name))
    func whoNeverWaitsStopsNobody(_ name: String) throws {
        let (_, first, endless) = try #require(Self.floods.first { $0.name == name })
        let flood = Flood(first: first, endless: endless)
        let responder = Counting(flood: flood)
        let server = try TestServer(threads: 1, responder: responder) {
            $0.kernel = flood.kernel
            $0.limits.chunkExtensionBytes = .max - 64
        }
        defer { server.stop() }
        let other = try server.client()
        #expect(other.get("/nothing")?.status == 200)
        responder.counts.flooded.store(0, ordering: .relaxed)
        responder.counts.other.store(other.descriptor, ordering: .relaxed)
        flood.expect()
        let flooding = try server.client()
        #expect(other.answer()?.status == 200)
        flooding.halfClose()
        let turn = ServerConfiguration(listen: [], threads: 1).stepsPerTurn
        let waited = responder.counts.answeredAt.load(ordering: .relaxed) - Counting.askAt
        // One turn may have been under way, and one more is taken before epoll has told.
        #expect((0...2 * turn).contains(waited), "\(waited) steps came first")
    }

    // MARK: clients that read nothing

    /// A kernel whose sends never go anywhere, but for the first so many.
    private static func stuffed(_ sends: Valve) -> Kernel {
        var kernel = Kernel.system
        kernel.send = { descriptor, bytes, count in
            sends.takes() ? Kernel.system.send(descriptor, bytes, count) : -Int(EAGAIN)
        }
        kernel.sendTwo = { descriptor, one, two in
            sends.takes() ? Kernel.system.sendTwo(descriptor, one, two) : -Int(EAGAIN)
        }
        return kernel
    }

    /// Whether sends pass.
    final class Valve: Sendable {
        let isOpen = Atomic(true)
        func takes() -> Bool { isOpen.load(ordering: .relaxed) }
    }

    /// Answers of so many bytes.
    struct Sized: Responder {
        final class Counts: Sendable {
            let answered = Atomic<Int>(0)
            let written = Atomic<Int>(0)
        }
        let counts = Counts()

        func respond(to request: Request, body: RequestBody) async -> Response {
            guard let size = Int(request.path.dropFirst()) else {
                return Response(
                    status: 200,
                    body: .stream { sink in
                        while true {
                            counts.written.add(1_000, ordering: .relaxed)
                            try await sink.write([UInt8](repeating: 120, count: 1_000))
                        }
                    })
            }
            counts.answered.add(1, ordering: .relaxed)
            return Response(status: 200, body: .bytes([UInt8](repeating: 120, count: size)))
        }

        func refuse(_ refusal: Refusal) -> Response { Response(status: refusal.status) }
    }

    @Test(arguments: [0, 100, 5_000, 16_384, 16_385, 3_000_000])
    func answersNobodyReadsAreNotPiledUp(_ size: Int) throws {
        let (responder, sends) = (Sized(), Valve())
        let server = try TestServer(threads: 1, responder: responder) { $0.kernel = Self.stuffed(sends) }
        defer { server.stop() }
        let client = try server.client()
        #expect(client.get("/0")?.status == 200)
        // Status line, Date, Content-Length, empty line.
        let answer = 74 + "\(size)".count + size
        sends.isOpen.store(false, ordering: .relaxed)
        client.send(String(repeating: "GET /\(size) HTTP/1.1\r\nHost: a\r\n\r\n", count: 2_000))
        let answered = Self.settled { responder.counts.answered.load(ordering: .relaxed) }
        // One went before; the last one goes beyond what may be collected, or waits by itself.
        #expect(answered >= 2)
        #expect((answered - 2) * answer <= 65_536, "\(answered) answers of \(answer) bytes")
        sends.isOpen.store(true, ordering: .relaxed)
    }

    @Test func aStreamNobodyReadsIsNotPiledUp() throws {
        let (responder, sends) = (Sized(), Valve())
        let server = try TestServer(threads: 1, responder: responder) { $0.kernel = Self.stuffed(sends) }
        defer { server.stop() }
        let client = try server.client()
        #expect(client.get("/0")?.status == 200)
        sends.isOpen.store(false, ordering: .relaxed)
        client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
        let written = Self.settled { responder.counts.written.load(ordering: .relaxed) }
        #expect((1_000...17_000).contains(written))
    }

    /// A number once it has stood still for a while.
    private static func settled(_ number: () -> Int) -> Int {
        var (last, still) = (-1, 0)
        for _ in 0..<2_000 where still < 50 {
            usleep(2_000)
            let now = number()
            still = now == last && now > 0 ? still + 1 : 0
            last = now
        }
        return last
    }

    // MARK: what never ends

    /// Writes down the refusal, and how much had been read by then.
    struct Weighing: Responder {
        final class Found: Sendable {
            let status = Atomic<Int>(0)
            let bytes = Atomic<Int>(0)
        }
        let found = Found()
        let flood: Flood

        func respond(to request: Request, body: RequestBody) async -> Response {
            do throws(BodyFault) {
                while try await body.next() != nil {}
            } catch {}
            return Response(status: 200)
        }

        func refuse(_ refusal: Refusal) -> Response {
            found.bytes.store(flood.delivered, ordering: .relaxed)
            found.status.store(refusal.status, ordering: .relaxed)
            flood.end()
            return Response(status: refusal.status)
        }
    }

    static let chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    static let bombs: [(name: String, first: String, endless: String, status: Int)] = [
        ("method", "", "A", 414), ("request line", "GET /", "x", 414), ("empty lines", "", "\r\n", 400),
        ("field name", "GET / HTTP/1.1\r\n", "x", 431), ("field value", "GET / HTTP/1.1\r\nX: ", "y", 431),
        ("white space", "GET / HTTP/1.1\r\nX:", " ", 431), ("fields", "GET / HTTP/1.1\r\n", "X: y\r\n", 431),
        ("large fields", "GET / HTTP/1.1\r\n", "X: \(String(repeating: "y", count: 8_000))\r\n", 431),
        ("chunk size", chunked, "0", 400), ("chunk extension", "\(chunked)1;a=", "b", 400),
        ("quoted extension", "\(chunked)1;a=\"", "b", 400), ("chunk extensions", chunked, "1;a=b\r\nx\r\n", 400),
        ("trailer", "\(chunked)0\r\nX: ", "y", 431), ("trailers", "\(chunked)0\r\n", "X: y\r\n", 431),
        ("body", chunked, "8000\r\n\(String(repeating: "x", count: 32_768))\r\n", 413),
    ]

    @Test(arguments: bombs.map(\.name))
    func whatNeverEndsIsRefusedAtItsLimit(_ name: String) throws {
        let (_, first, endless, status) = try #require(Self.bombs.first { $0.name == name })
        let flood = Flood(first: first, endless: endless)
        let responder = Weighing(flood: flood)
        flood.expect()
        let server = try TestServer(threads: 1, responder: responder) {
            $0.kernel = flood.kernel
            $0.limits.bodyBytes = 100_000
        }
        defer { server.stop() }
        let client = try server.client()
        #expect(client.isAtEnd)
        #expect(responder.found.status.load(ordering: .relaxed) == status)
        // The largest limit, and what one read may bring at once.
        let most = (status == 413 ? 100_000 : 40_960) + 2 * ByteBuffer.blockBytes
        #expect(responder.found.bytes.load(ordering: .relaxed) <= most)
    }

    // MARK: handlers that read nothing

    /// A handler that is slow to read leaves the body in the kernel, whose window closes: the sender waits, not memory.
    @Test func aBodyNobodyReadsStaysWithItsSender() throws {
        let received = SlowReader()
        let server = try TestServer(threads: 1, responder: received) {
            $0.kernel.receive = { descriptor, memory, room in
                let result = Kernel.system.receive(descriptor, memory, room)
                received.bytes.add(max(0, result), ordering: .relaxed)
                return result
            }
        }
        defer { server.stop() }
        let client = try server.client()
        let length = 200_000_000
        client.send("POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n")
        var sent = 0
        let piece = [UInt8](repeating: 120, count: 65_536)
        var refusals = 0
        while refusals < 100, sent < length {
            let count = send(
                client.descriptor, piece, piece.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
            if count > 0 {
                sent += count
                refusals = 0
            } else {
                refusals += 1
                usleep(2_000)
            }
        }
        #expect(sent < length, "the sender must have been stopped")
        #expect(received.bytes.load(ordering: .relaxed) <= 2 * ByteBuffer.blockBytes)
        received.reads.store(true, ordering: .relaxed)
        var rest = length - sent
        while rest > 0, client.send(Array(piece.prefix(rest))) { rest -= min(rest, piece.count) }
        #expect(client.answer()?.content == "\(length)")
    }

    /// Counts a body, once it is told to.
    final class SlowReader: Responder {
        let bytes = Atomic<Int>(0)
        let reads = Atomic(false)

        func respond(to request: Request, body: RequestBody) async -> Response {
            while !reads.load(ordering: .relaxed) { try? await Task.sleep(for: .milliseconds(5)) }
            var count = 0
            do throws(BodyFault) {
                while let piece = try await body.next() {
                    // What one read can bring, and what was left of the one before.
                    guard piece.count <= 2 * ByteBuffer.blockBytes else { return Response(status: 500) }
                    count += piece.count
                }
            } catch {
                return Response(status: 500)
            }
            return Response(status: 200, body: .bytes(Array("\(count)".utf8)))
        }

        func refuse(_ refusal: Refusal) -> Response { Response(status: refusal.status) }
    }
}
