// A server on a loopback port that the kernel chose, and a blocking client that asks it one question per connection and
// reads to the end. Every wait is bounded.

internal import CLinux
internal import Foundation
internal import Glibc
internal import HTTPServer
package import HTTPWire

/// A running server.
package final class LiveServer: Sendable {
    /// Why there is no answer.
    package enum Trouble: Error, Sendable {
        /// The server is not there.
        case unreachable
        /// What came back is no answer; it stands here.
        case noAnswer(String)
    }

    private let server: Server
    private let port: UInt16
    private let ended = DispatchSemaphore(value: 0)

    /// Serves a responder until stopped.
    package init(_ responder: some Responder, threads: Int) throws {
        let server = try Server(
            configuration: ServerConfiguration(listen: [.ipv4("127.0.0.1", 0)], threads: threads), responder: responder)
        self.server = server
        port = server.boundAddresses.first?.port ?? 0
        Thread.detachNewThread { [ended] in
            try? server.run()
            ended.signal()
        }
    }

    /// Closes every connection and ends the threads.
    package func stop() {
        server.drain()
        server.drain()
        _ = ended.wait(timeout: .now() + 20)
    }

    /// Begins the end: what waits is answered.
    package func drain() { server.drain() }

    /// Asks on a new connection.
    package func ask(_ question: Question) throws -> Reply {
        var head = "\(question.method.rawValue) \(question.target) HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in question.fields { head += "\(name): \(value)\r\n" }
        let bytes = try exchange(Array((head + "Connection: close\r\n\r\n").utf8) + question.body)
        return try reply(bytes, isHead: question.method == .head)
    }

    /// Sends bytes as they are and gives what comes back until the server closes; `isLast` says on the wire that nothing
    /// follows.
    package func exchange(_ bytes: [UInt8], isLast: Bool = false) throws -> [UInt8] {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = port.bigEndian
        inet_pton(AF_INET, "127.0.0.1", &target.sin_addr)
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let connected = withUnsafePointer(to: target) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Trouble.unreachable }
        // An early answer may end the sending; it is read all the same.
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                clinux_send(descriptor, $0.baseAddress?.advanced(by: sent), bytes.count - sent)
            }
            guard count > 0 else { break }
            sent += count
        }
        if isLast { shutdown(descriptor, Int32(SHUT_WR)) }
        var answer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = piece.withUnsafeMutableBytes { clinux_receive(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return answer }
            answer.append(contentsOf: piece[..<count])
        }
    }

    /// Reads an answer as it came.
    package func reply(_ bytes: [UInt8], isHead: Bool) throws -> Reply {
        let trouble = Trouble.noAnswer(String(decoding: bytes.prefix(200), as: UTF8.self))
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { throw trouble }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        guard let first = lines.first, first.hasPrefix("HTTP/1.1 "), let status = Int(first.dropFirst(9).prefix(3))
        else { throw trouble }
        let fields = lines.dropFirst().map { line in
            let name = line.prefix { $0 != ":" }
            return (name: String(name), value: String(line.dropFirst(name.count + 1).drop { $0 == " " }))
        }
        var reply = Reply(status: status, fields: fields, body: Array(bytes[end.upperBound...]))
        if reply["Transfer-Encoding"] == "chunked" {
            reply.body = try content(ofChunks: reply.body, or: trouble)
            return reply
        }
        let length = reply["Content-Length"].flatMap { Int($0) } ?? 0
        let expected = isHead || status == 204 || status == 304 ? 0 : length
        guard reply.body.count == expected else { throw trouble }
        return reply
    }

    /// The content of a body in chunks, which must be whole (RFC 9112, section 7.1).
    private func content(ofChunks body: [UInt8], or trouble: Trouble) throws -> [UInt8] {
        var content: [UInt8] = []
        var rest = body[...]
        while true {
            guard let end = rest.firstRange(of: Array("\r\n".utf8)),
                let size = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16),
                rest[end.upperBound...].count >= size + 2
            else { throw trouble }
            content += rest[end.upperBound...].prefix(size)
            rest = rest[end.upperBound...].dropFirst(size + 2)
            if size == 0 { return content }
        }
    }
}
