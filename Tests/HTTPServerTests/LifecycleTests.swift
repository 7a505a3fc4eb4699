// Opening, draining and closing a server: addresses, faults with their one line, and what a drain owes to whom.

import Glibc
import HTTPServer
import HTTPWire
import Synchronization
import Testing

@Suite struct LifecycleTests {
    @Test(arguments: [
        ("127.0.0.1:8080", ListenAddress.ipv4("127.0.0.1", 8_080)), ("[::1]:0", .ipv6("::1", 0)),
        ("unix:/run/x.sock", .unix("/run/x.sock")), ("0.0.0.0:65535", .ipv4("0.0.0.0", 65_535)),
    ])
    func addressesAreRead(_ text: String, _ address: ListenAddress) throws {
        #expect(try ListenAddress(parsing: text) == address)
        #expect(address.description == text)
    }

    @Test(arguments: [
        "", "8080", "localhost:80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:+1", "::1:80",
        "[127.0.0.1]:80", "unix:", "unix:" + String(repeating: "x", count: 120),
    ])
    func badAddressesAreRefused(_ text: String) {
        #expect(throws: ServerFault.badAddress(text)) { try ListenAddress(parsing: text) }
    }

    @Test func listensOnIPv6() throws {
        let server = try TestServer("[::1]:0")
        defer { server.stop() }
        #expect(try server.client().get("/peer")?.content == "::1")
    }

    @Test func saysWhenAPortIsInUse() throws {
        let first = try TestServer()
        defer { first.stop() }
        let address = first.server.boundAddresses[0].description
        #expect(throws: ServerFault.addressInUse(address)) { try TestServer(address) }
        #expect(try first.client().get("/hello")?.status == 200)
    }

    @Test func saysWhenAnAddressIsNotHere() {
        #expect(throws: ServerFault.addressNotAvailable("192.0.2.1:0")) { try TestServer("192.0.2.1:0") }
        #expect(throws: ServerFault.self) { try TestServer("unix:/nonexistent/folder/socket") }
    }

    @Test func listensOnAPathAndCleansUp() throws {
        let path = "/tmp/http-server-tests-\(getpid()).sock"
        unlink(path)
        let server = try TestServer("unix:\(path)")
        var status = stat()
        #expect(lstat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o660)
        for _ in 0..<8 { #expect(try server.client().get("/peer")?.content == "unix") }
        #expect(throws: ServerFault.addressInUse("unix:\(path)")) { try TestServer("unix:\(path)") }
        server.stop()
        #expect(lstat(path, &status) != 0)

        // A file left by a crash is taken over; a file that is no socket is not.
        let stale = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(stale, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        close(stale)
        let second = try TestServer("unix:\(path)")
        #expect(try second.client().get("/hello")?.status == 200)
        second.stop()
        close(open(path, O_CREAT | O_WRONLY, 0o600))
        defer { unlink(path) }
        #expect(throws: ServerFault.notASocket(path)) { try TestServer("unix:\(path)") }
    }

    @Test func drainFinishesWhatItHas() throws {
        let server = try TestServer()
        let (busy, idle, fresh) = (try server.client(), try server.client(), try server.client())
        #expect(idle.get("/hello")?.status == 200)
        busy.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
        while server.behaviours.shared.running.load(ordering: .relaxed) == 0 { usleep(1_000) }
        server.server.drain()
        #expect(idle.isAtEnd)
        #expect(fresh.isAtEnd)
        let answer = busy.answer()
        #expect(answer?.content == "waited")
        #expect(answer?.fields["connection"] == "close")
        #expect(busy.isAtEnd)
        server.join()
        #expect(throws: Client.Unreachable.self) { try server.client() }
    }

    @Test func drainUnderLoadLosesNoAnswer() throws {
        let server = try TestServer()
        let clients = try (0..<32).map { _ in try server.client() }
        for client in clients { #expect(client.get("/hello")?.status == 200) }
        for client in clients { client.send(String(repeating: "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n", count: 5)) }
        usleep(8_000)
        server.server.drain()
        for client in clients {
            var last: Answer?
            while let answer = client.answer() {
                #expect(answer.content == "one two three")
                last = answer
            }
            #expect(last == nil || last?.fields["connection"] == "close")
        }
        server.join()
    }

    @Test func theDeadlineAndASecondDrainEndWaiting() throws {
        for drains in 1...2 {
            let server = try TestServer { $0.drainMilliseconds = drains == 1 ? 50 : 60_000 }
            let client = try server.client()
            client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
            while server.behaviours.shared.running.load(ordering: .relaxed) == 0 { usleep(1_000) }
            for _ in 0..<drains { server.server.drain() }
            #expect(client.answer()?.content == "cancelled")
            #expect(client.isAtEnd)
            server.join()
            #expect(server.behaviours.shared.cancelled.load(ordering: .relaxed) == 1)
        }
    }
}
