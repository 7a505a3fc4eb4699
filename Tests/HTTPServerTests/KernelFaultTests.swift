// The kernel at its worst, call by call: whatever fails in the middle of an answer costs that connection only, an
// answer that looks whole is whole, and every socket is closed in the end.

import Glibc
import HTTPWire
import Testing

@testable import HTTPServer

@Suite struct KernelFaultTests {
    /// A path and the calls that sending its answer takes at least.
    static let answers = [("/hello", [1]), ("/stream", [1, 2, 3, 4]), ("/big", [1, 2, 3, 20])]
    static let points = answers.flatMap { path, calls in calls.map { (path, $0) } }

    private static func request(_ path: String, _ fields: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    }

    @Test(arguments: points, [Fault.error(EINTR), .short])
    func whatCanGoOnGoesOn(_ point: (path: String, call: Int), _ fault: Fault) throws {
        let (play, balance) = (Play(), Balance())
        let server = try TestServer { $0.kernel = .playing(sends: play).counting(balance) }
        let (first, second) = (try server.client(), try server.client())
        first.send(Self.request(point.path, "Connection: close\r\n"))
        let expected = first.rest()
        play.arm(fault, at: point.call)
        second.send(Self.request(point.path, "Connection: close\r\n"))
        #expect(second.rest() == expected)
        #expect(play.isPlayed)
        server.stop()
        #expect(balance.isEven)
    }

    @Test(arguments: points, [Fault.error(ECONNRESET), .error(EPIPE), .error(ETIMEDOUT)])
    func aBrokenAnswerNeverLooksWhole(_ point: (path: String, call: Int), _ fault: Fault) throws {
        // With one step a turn, the loop sends what waits while the answer gives way.
        for steps in [1, 64] {
            let (play, balance) = (Play(), Balance())
            let server = try TestServer {
                $0.kernel = .playing(sends: play).counting(balance)
                $0.stepsPerTurn = steps
            }
            let (first, broken, other) = (try server.client(), try server.client(), try server.client())
            first.send(Self.request(point.path))
            first.halfClose()
            let expected = first.rest()
            play.arm(fault, at: point.call)
            broken.send(Self.request(point.path))
            let arrived = broken.rest()
            #expect(play.isPlayed)
            #expect(arrived.utf8.count < expected.utf8.count)
            // Bytes, as a cut within CRLF is no prefix of characters.
            #expect(expected.utf8.starts(with: arrived.utf8))
            #expect(other.get("/hello")?.content == "hello")
            server.stop()
            #expect(balance.isEven)
        }
    }

    /// A played EAGAIN is followed by no edge of the kernel's; the client's next bytes make one, which a large answer
    /// must not use up by giving way before it meets the EAGAIN.
    @Test(arguments: points)
    func aFullSocketIsWaitedFor(_ point: (path: String, call: Int)) throws {
        let (play, balance) = (Play(), Balance())
        let server = try TestServer {
            $0.kernel = .playing(sends: play).counting(balance)
            $0.stepsPerTurn = 1_000_000
        }
        let client = try server.client()
        let expected = try #require(client.get(point.path))
        play.arm(.error(EAGAIN), at: point.call)
        client.send(Self.request(point.path))
        // A large answer must be read for its later calls to come; what happens then, the assertions below show.
        if point.path != "/big" { #expect(play.waitUntilPlayed()) }
        client.send(Self.request("/hello"))
        #expect(client.answer()?.content == expected.content)
        #expect(client.answer()?.content == "hello")
        #expect(play.isPlayed)
        server.stop()
        #expect(balance.isEven)
    }

    /// Answers collected before a handler that waits: the loop's own attempt to send them fails, and is made again.
    @Test func collectedAnswersLeaveAtTheNextEdge() throws {
        let play = Play()
        let server = try TestServer { $0.kernel = .playing(sends: play) }
        defer { server.stop() }
        let client = try server.client()
        play.arm(.error(EAGAIN), at: 1)
        client.send(Self.request("/hello") + Self.request("/wait"))
        #expect(play.waitUntilPlayed())
        client.send(Self.request("/hello"))
        for content in ["hello", "waited", "hello"] { #expect(client.answer()?.content == content) }
    }

    @Test(arguments: [Fault.error(EINTR), .error(EAGAIN), .short], 1...2)
    func readingGoesOn(_ fault: Fault, _ call: Int) throws {
        let play = Play()
        let server = try TestServer(threads: 1) { $0.kernel = .playing(receives: play) }
        defer { server.stop() }
        let client = try server.client()
        // Waits for a head, in the middle of one, and in the middle of a body.
        for beginning in ["", "POST /echo HT", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nab"] {
            let whole = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabcdef"
            client.send(beginning)
            #expect(try server.client().get("/hello")?.content == "hello", "the loop has read the beginning by now")
            play.arm(fault, at: call)
            client.send(String(whole.dropFirst(beginning.count)))
            #expect(client.answer()?.content == "abcdef")
            #expect(client.get("/hello")?.content == "hello")
            #expect(play.isPlayed)
        }
    }

    @Test(arguments: ["POST /echo HTT", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nab"])
    func aResetWhileReadingEndsInSilence(_ beginning: String) throws {
        let (play, balance) = (Play(), Balance())
        let server = try TestServer(threads: 1) { $0.kernel = .playing(receives: play).counting(balance) }
        let (client, other) = (try server.client(), try server.client())
        #expect(client.get("/hello")?.content == "hello")
        client.send(beginning)
        #expect(other.get("/hello")?.content == "hello", "the loop has read the beginning by now")
        play.arm(.error(ECONNRESET), at: 1)
        client.send("c")
        #expect(client.isAtEnd)
        #expect(other.get("/hello")?.content == "hello")
        server.stop()
        #expect(balance.isEven)
    }

    /// Just fast enough for its body's rate, but not within the time of a whole request.
    @Test func aDrippingBodyEndsWithItsRequest() throws {
        let server = try TestServer { $0.requestMilliseconds = 300 }
        defer { server.stop() }
        let client = try server.client()
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n")
        for _ in 0..<500 where client.send("x") && server.records.all.isEmpty { usleep(10_000) }
        #expect(client.answer()?.status == 408)
        #expect(client.isAtEnd)
    }

    @Test func theWholeRequestsDeadlineCancelsTheHandler() throws {
        let server = try TestServer { $0.requestMilliseconds = 100 }
        defer { server.stop() }
        let client = try server.client()
        #expect(client.get("/wait")?.content == "cancelled")
        #expect(client.isAtEnd)
    }
}
