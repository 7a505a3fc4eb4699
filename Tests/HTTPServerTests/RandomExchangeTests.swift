// Random pieces of good and damaged requests through the whole server: any bytes are read or refused with a status, and
// how they were cut on their way makes no difference to one byte of the answers. Seeds are written down, so that a
// failure can be played again.

import HTTPServer
import HTTPWire
import Synchronization
import Testing

@Suite struct RandomExchangeTests {
    /// Says what it read.
    struct Mirror: Responder {
        func respond(to request: Request, body: RequestBody) async -> Response {
            do throws(BodyFault) {
                let content = try await body.collect(limit: 300).map { String($0, radix: 16) }
                let segments = request.segments.map { Array($0.utf8) }
                let line = "\(request.method.rawValue) \(request.path)?\(request.rawQuery ?? "-")|\(segments)"
                let names = request.fields("x").map(\.utf8.count)
                return answer(200, "\(line) \(names) \(content)")
            } catch {
                return answer(500, "the wire answers instead")
            }
        }

        func refuse(_ refusal: Refusal) -> Response { answer(refusal.status, refusal.slug) }

        private func answer(_ status: Int, _ text: String) -> Response {
            Response(status: status, body: .bytes(Array(text.utf8)))
        }
    }

    /// Random requests, and ways to spoil them.
    struct Generator {
        var chance: Xorshift

        static let heads = [
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /a/b%20c?d=%C3%A9&e HTTP/1.1\r\nHost: a.example:81\r\nX: y\r\n\r\n",
            "HEAD /h HTTP/1.1\r\nHost: a\r\n\r\n", "\r\nDELETE /a/../b/. HTTP/1.1\r\nHost:\t[::1] \r\nX: \r\n\r\n",
            "GET http://b/c HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            "PUT /p HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
            "POST /p HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 005\r\n\r\nGET /",
            "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=\"y\"\r\n0123456789\r\n"
                + "0\r\nX: y\r\n\r\n",
            "PATCH /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\nExpect: 100-continue\r\n\r\n0\r\n\r\n",
        ]
        static let spoilers = [
            "\r", "\n", "\r\n", " ", "\t", "\0", ":", ";", ",", "0", "9", "f", "%", "%00", "%2e", "/", "//", "*",
            "\u{7f}",
            "\u{e9}", "Content-Length: 4\r\n", "Transfer-Encoding: gzip, chunked\r\n", "Host: b\r\n", "HTTP/1.1",
            "Connection: close\r\n", "\r\n\r\n", String(repeating: "x", count: 240),
            String(repeating: "X: y\r\n", count: 9),
        ]

        /// One to four good requests, one after another.
        mutating func good() -> (bytes: [UInt8], count: Int) {
            let count = Int.random(in: 1...4, using: &chance)
            return ((0..<count).flatMap { _ in Array((Self.heads.randomElement(using: &chance) ?? "").utf8) }, count)
        }

        /// The same with one or two places spoiled.
        mutating func damaged() -> [UInt8] {
            var bytes = good().bytes
            for _ in 0..<Int.random(in: 1...2, using: &chance) where bytes.count > 1 {
                let place = Int.random(in: 0..<bytes.count, using: &chance)
                let end = min(bytes.count, place + Int.random(in: 1...12, using: &chance))
                switch Int.random(in: 0..<6, using: &chance) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &chance)
                case 1: bytes.removeSubrange(place..<end)
                case 2: bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
                case 3: bytes.removeSubrange(end...)
                default:
                    let spoiler = Self.spoilers.randomElement(using: &chance) ?? ""
                    bytes.insert(contentsOf: Array(spoiler.utf8), at: place)
                }
            }
            return bytes
        }
    }

    /// A server that gets its bytes in pieces of certain sizes.
    static func server(cutting sizes: @escaping @Sendable () -> Int) throws -> TestServer {
        try TestServer(threads: 1, responder: Mirror()) {
            $0.kernel = .cutting(sizes)
            $0.limits.requestLineBytes = 200
            $0.limits.fieldLineBytes = 120
            $0.limits.fieldSectionBytes = 300
            $0.limits.fieldCount = 8
            $0.limits.chunkExtensionBytes = 16
            $0.limits.trailerBytes = 32
        }
    }

    static func servers() throws -> [TestServer] {
        let turn = Atomic<Int>(0)
        return [
            try server { .max }, try server { 1 },
            try server { turn.add(1, ordering: .relaxed).newValue * 7 % 31 + 1 },
        ]
    }

    /// Everything a server answers to `input`. Interim answers are left out: whether 100 (Continue) is needed does
    /// depend on what has arrived.
    static func answers(_ server: TestServer, _ input: [UInt8]) throws -> String {
        let client = try server.client()
        client.send(input)
        client.halfClose()
        let text = client.rest()
        return text.split(separator: "HTTP/1.1 100 Continue\r\n\r\n").joined()
    }

    static func statuses(_ answers: String) -> [Int] {
        answers.split(separator: "HTTP/1.1 ").map { Int($0.prefix(3)) ?? 0 }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func goodRequestsAreAllAnswered(_ seed: UInt64) throws {
        var generator = Generator(chance: Xorshift(state: seed &* 0x9e37_79b9_7f4a_7c15))
        let servers = try Self.servers()
        defer { for server in servers { server.stop() } }
        for _ in 0..<25 {
            let (input, count) = generator.good()
            let answers = try servers.map { try Self.answers($0, input) }
            #expect(Self.statuses(answers[0]).count == count)
            #expect(Self.statuses(answers[0]).allSatisfy { $0 == 200 || $0 == 204 })
            #expect(Set(answers).count == 1, "\(String(decoding: input, as: UTF8.self).debugDescription)")
        }
    }

    @Test(arguments: [5, 6, 7, 8, 9, 10, 11, 12] as [UInt64])
    func anyBytesAreReadOrRefused(_ seed: UInt64) throws {
        var generator = Generator(chance: Xorshift(state: seed &* 0x9e37_79b9_7f4a_7c15))
        let servers = try Self.servers()
        defer { for server in servers { server.stop() } }
        for _ in 0..<250 {
            let input = generator.damaged()
            let answers = try servers.map { try Self.answers($0, input) }
            let name = Comment(rawValue: String(decoding: input, as: UTF8.self).debugDescription)
            #expect(Set(answers).count == 1, name)
            let statuses = Self.statuses(answers[0])
            // A refusal is a 4xx, 501 or 505, never a failure of ours, and the last word.
            #expect(statuses.allSatisfy { (200..<500).contains($0) || $0 == 501 || $0 == 505 }, name)
            #expect(statuses.dropLast().allSatisfy { $0 < 300 }, name)
            #expect(statuses.last.map { $0 < 300 } != false || answers[0].contains("\r\nConnection: close\r\n"), name)
        }
    }
}
