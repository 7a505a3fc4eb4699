// Accepting when the kernel will not: connections that are there are served on, new ones as soon as it will again, and
// meanwhile nothing spins.

import Glibc
import HTTPWire
import Synchronization
import Testing

@testable import HTTPServer

@Suite struct AcceptTests {
    /// Accepting that fails as long as one says so, and a clock that stands still meanwhile.
    final class Refusing: Sendable {
        let code = Atomic<Int32>(0)
        let attempts = Atomic<Int>(0)
        private let stopped = Atomic<Int64>(0)

        func begin(_ error: Int32) {
            stopped.store(Kernel.system.monotonicMilliseconds(), ordering: .relaxed)
            code.store(error, ordering: .relaxed)
        }

        func end() {
            code.store(0, ordering: .relaxed)
        }

        var kernel: Kernel {
            var kernel = Kernel.system
            kernel.accept = { listener, address, length in
                let error = self.code.load(ordering: .relaxed)
                guard error != 0 else { return Kernel.system.accept(listener, address, length) }
                self.attempts.add(1, ordering: .relaxed)
                return -Int(error)
            }
            kernel.monotonicMilliseconds = {
                self.code.load(ordering: .relaxed) == 0
                    ? Kernel.system.monotonicMilliseconds() : self.stopped.load(ordering: .relaxed)
            }
            return kernel
        }
    }

    @Test(arguments: [EMFILE, ENFILE, ENOBUFS, ENOMEM])
    func waitsForDescriptorsAndServesOn(_ error: Int32) throws {
        let refusing = Refusing()
        let server = try TestServer { $0.kernel = refusing.kernel }
        defer { server.stop() }
        let held = try server.client()
        #expect(held.get("/hello")?.content == "hello")
        refusing.begin(error)
        let waiting = try (0..<8).map { _ in try server.client() }
        for _ in 0..<20 { #expect(held.get("/hello")?.content == "hello") }
        usleep(50_000)
        // Before the next tick each of the two loops tries once, and once more with its reserve.
        #expect(refusing.attempts.load(ordering: .relaxed) <= 4)
        refusing.end()
        for client in waiting { #expect(client.get("/hello")?.content == "hello") }
    }

    @Test(arguments: [ECONNABORTED, EINTR, EPROTO, EPERM, ENETDOWN])
    func aLostPeerStopsNobody(_ error: Int32) throws {
        let refusing = Refusing()
        let server = try TestServer(threads: 1) { $0.kernel = refusing.kernel }
        defer { server.stop() }
        let held = try server.client()
        #expect(held.get("/hello")?.content == "hello")
        refusing.begin(error)
        let waiting = try server.client()
        for _ in 0..<20 { #expect(held.get("/hello")?.content == "hello") }
        let turn = ServerConfiguration(listen: [], threads: 1).acceptsPerTurn
        while refusing.attempts.load(ordering: .relaxed) < turn { usleep(1_000) }
        #expect(held.get("/hello")?.content == "hello", "also after a whole turn of failures")
        refusing.end()
        #expect(waiting.get("/hello")?.content == "hello")
    }
}
