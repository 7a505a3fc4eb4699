// A server on a loopback port with a responder that has one route per behaviour under test, and a plain blocking
// client with a time limit on every read.

import CLinux
import Glibc
import HTTPWire
import Lock
import Synchronization
import Testing

@testable import HTTPServer

/// One route per behaviour.
struct Behaviours: Responder {
    final class Shared: Sendable {
        let running = Atomic<Int>(0)
        let cancelled = Atomic<Int>(0)
    }
    let shared = Shared()

    func respondAtOnce(to request: Request) -> Response? {
        switch request.path {
        case "/at-once": text("at once")
        case "/at-once/big": text(String(repeating: "b", count: 100_000))
        case "/at-once/unsendable": Response(status: 200, fields: [(name: "X", value: "a\nb")])
        default: nil
        }
    }

    func respond(to request: Request, body: RequestBody) async -> Response {
        switch request.path {
        case "/at-once": text("with a body")
        case "/hello": text("hello")
        case "/peer": text(request.peerAddress)
        case "/none": Response(status: 204, body: .bytes(Array("never".utf8)))
        case "/big": Response(status: 200, body: .bytes([UInt8](repeating: 98, count: 3_000_000)))
        case "/bad-field": Response(status: 200, fields: [(name: "Location", value: "/a\r\nX: y")])
        case "/bad-status": Response(status: 101)
        case "/close": Response(status: 200, fields: [(name: "Connection", value: "close")])
        case "/ignore": text("ignored")
        case "/echo": await echo(body)
        case "/wait": await wait()
        case "/stream": Response(status: 200, body: .stream(Self.stream))
        case "/exchange": Response(status: 200, body: .exchange(Self.exchange))
        case "/tells-limit": Response(status: 200, body: .exchange(Self.tellLimit))
        case "/breaks-early": Response(status: 200, body: .stream { _ in throw CancellationError() })
        case "/breaks-late": Response(status: 200, body: .stream(Self.breakLate))
        default: Response(status: 404)
        }
    }

    func refuse(_ refusal: Refusal) -> Response {
        text(refusal.slug, status: refusal.status)
    }

    private func text(_ text: String, status: Int = 200) -> Response {
        Response(status: status, fields: [(name: "Content-Type", value: "text/plain")], body: .bytes(Array(text.utf8)))
    }

    private func echo(_ body: RequestBody) async -> Response {
        do throws(BodyFault) {
            return Response(status: 200, body: .bytes(try await body.collect(limit: 1_000_000)))
        } catch {
            return Response(status: 500)
        }
    }

    private func wait() async -> Response {
        shared.running.add(1, ordering: .relaxed)
        do {
            try await Task.sleep(for: .milliseconds(400))
            return text("waited")
        } catch {
            shared.cancelled.add(1, ordering: .relaxed)
            return text("cancelled")
        }
    }

    private static func stream(_ sink: BodySink) async throws {
        for line in ["one ", "two ", "three"] {
            try await sink.write(Array(line.utf8))
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private static func exchange(_ body: RequestBody, _ sink: BodySink) async throws {
        var count = 0
        while let piece = try await body.next() { count += piece.count }
        try await sink.write(Array("\(count)".utf8))
    }

    private static func tellLimit(_ body: RequestBody, _ sink: BodySink) async throws {
        var count = 0
        do {
            while let piece = try await body.next() {
                count += piece.count
                try await sink.write(Array("\(count) ".utf8))
            }
        } catch BodyFault.tooLarge {
            try await sink.write(Array("too large".utf8))
        }
    }

    private static func breakLate(_ sink: BodySink) async throws {
        try await sink.write(Array("half".utf8))
        throw CancellationError()
    }
}

/// A running server; `stop` drains it and waits for its end.
final class TestServer: Sendable {
    let server: Server
    let behaviours = Behaviours()
    let records = RecordBook()
    private let thread: Lock<pthread_t?>

    /// The refusals, for tests to read.
    final class RecordBook: Sendable {
        private let list = Lock<[RefusalRecord]>([])
        var all: [RefusalRecord] { list.withLock { $0 } }
        func add(_ record: RefusalRecord) { list.withLock { $0.append(record) } }
    }

    init(
        _ address: String = "127.0.0.1:0", threads: Int = 2, responder: (any Responder)? = nil,
        _ adjust: (inout ServerConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = ServerConfiguration(listen: [try ListenAddress(parsing: address)], threads: threads)
        adjust(&configuration)
        let records = records
        server = try Server(configuration: configuration, responder: responder ?? behaviours, log: { records.add($0) })
        let box = Unmanaged.passRetained(Box(server))
        var started = pthread_t()
        let code = pthread_create(
            &started, nil,
            { pointer in
                if let pointer { try? Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().server.run() }
                return nil
            }, box.toOpaque())
        precondition(code == 0)
        thread = Lock(started)
    }

    private final class Box {
        let server: Server
        init(_ server: Server) { self.server = server }
    }

    func join() {
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        if let running { pthread_join(running, nil) }
    }

    func stop() {
        server.drain()
        server.drain()
        join()
    }

    func client() throws -> Client { try Client(server.boundAddresses[0]) }
}

/// A blocking client; a read that takes five seconds fails the test.
final class Client {
    struct Unreachable: Error {}

    private(set) var descriptor: Int32
    /// Whether the connection ended with a reset instead of an end.
    private(set) var wasReset = false
    private var buffer: [UInt8] = []

    init(_ address: ListenAddress) throws {
        switch address {
        case .unix(let path):
            descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var target = sockaddr_un()
            target.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &target.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
            guard Self.connect(descriptor, target) == 0 else { throw Unreachable() }
        case .ipv4(_, let port):
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var target = sockaddr_in()
            target.sin_family = sa_family_t(AF_INET)
            target.sin_port = port.bigEndian
            inet_pton(AF_INET, "127.0.0.1", &target.sin_addr)
            guard Self.connect(descriptor, target) == 0 else { throw Unreachable() }
        case .ipv6(_, let port):
            descriptor = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
            var target = sockaddr_in6()
            target.sin6_family = sa_family_t(AF_INET6)
            target.sin6_port = port.bigEndian
            inet_pton(AF_INET6, "::1", &target.sin6_addr)
            guard Self.connect(descriptor, target) == 0 else { throw Unreachable() }
        }
        var patience = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { if descriptor >= 0 { _ = Glibc.close(descriptor) } }

    private static func connect<Address>(_ descriptor: Int32, _ address: Address) -> Int32 {
        withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }

    /// Has every write leave at once, as a segment of its own.
    func sendAtOnce() {
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Sends; false when the peer has closed.
    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let sent = bytes.withUnsafeBytes {
                clinux_send(descriptor, $0.baseAddress?.advanced(by: offset), bytes.count - offset)
            }
            guard sent > 0 else { return false }
            offset += sent
        }
        return true
    }

    func get(_ path: String, _ fields: String = "") -> Answer? {
        send("GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
        return answer()
    }

    func halfClose() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

    /// Closes with a reset.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        _ = Glibc.close(descriptor)
        descriptor = -1
    }

    private func more() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = chunk.withUnsafeMutableBytes { clinux_receive(descriptor, $0.baseAddress, $0.count) }
        if count == -Int(EAGAIN) { Issue.record("five seconds of silence") }
        if count == -Int(ECONNRESET) { wasReset = true }
        guard count > 0 else { return false }
        buffer.append(contentsOf: chunk[..<count])
        return true
    }

    /// Whether the peer has closed and left nothing unread.
    var isAtEnd: Bool { buffer.isEmpty && !more() }

    /// Everything up to the end of the connection.
    func rest() -> String {
        while more() {}
        defer { buffer = [] }
        return String(decoding: buffer, as: UTF8.self)
    }

    /// The next answer; `isHead` when it has no content whatever its fields say.
    func answer(isHead: Bool = false) -> Answer? {
        while true {
            if let answer = Answer(&buffer, isHead: isHead) { return answer }
            guard more() else { return nil }
        }
    }
}

/// An answer as a strict client reads it.
struct Answer {
    var status: Int
    var fields: [String: String] = [:]
    var content = ""

    /// Takes one complete answer off the front of `buffer`.
    init?(_ buffer: inout [UInt8], isHead: Bool) {
        let end = Array("\r\n\r\n".utf8)
        guard let headEnd = buffer.indices.first(where: { buffer[$0...].starts(with: end) }) else { return nil }
        let lines = String(decoding: buffer[..<headEnd], as: UTF8.self).split(separator: "\r\n")
        guard lines[0].hasPrefix("HTTP/1.1 "), let status = Int(lines[0].dropFirst(9).prefix(3)) else { return nil }
        self.status = status
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            fields[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        var next = headEnd + 4
        if isHead || status == 204 || status == 304 || status == 100 {
        } else if fields["transfer-encoding"] == "chunked" {
            var bytes: [UInt8] = []
            while true {
                guard let lineEnd = buffer[next...].firstIndex(of: 13),
                    let size = Int(String(decoding: buffer[next..<lineEnd], as: UTF8.self), radix: 16),
                    buffer.count >= lineEnd + 2 + size + 2
                else { return nil }
                bytes += buffer[lineEnd + 2..<lineEnd + 2 + size]
                next = lineEnd + 2 + size + 2
                if size == 0 { break }
            }
            content = String(decoding: bytes, as: UTF8.self)
        } else {
            let length = fields["content-length"].flatMap { Int($0) } ?? 0
            guard buffer.count >= next + length else { return nil }
            content = String(decoding: buffer[next..<next + length], as: UTF8.self)
            next += length
        }
        buffer.removeFirst(next)
    }
}
