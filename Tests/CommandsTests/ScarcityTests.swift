// The service as a process when something runs out: descriptors, or the time it has left after a signal under load.

import Foundation
import Glibc
import SQLite
import Synchronization
import Testing

@testable import Commands

@Suite(.serialized) struct ScarcityTests {
    private static let staying = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"

    /// What clients saw.
    private struct Tally {
        var whole = 0
        var broken = 0
        var afterClose = 0
        var acknowledged: [String] = []
    }

    /// 48 descriptors for 200 connections: who is in is served, who is not is turned away and not left hanging, nothing
    /// spins, and when there is room again, there is service again. One loop, since two may take the reserve from each
    /// other, and then who waits does so until somebody leaves.
    @Test func whenDescriptorsRunOutTheServiceGoesOn() async throws {
        let scratch = try await Scratch.migrated()
        let running = try Running(
            ["serve", "--listen", "127.0.0.1:0", "--threads", "1", "--quiet"], in: scratch, openFiles: 48)
        let port = try running.port()
        let held = try (0..<4).map { _ in try #require(Wire(port: port)) }
        for wire in held {
            wire.write(Self.staying)
            #expect(wire.readAnswer().text.hasPrefix("HTTP/1.1 200 "))
        }
        var many = (0..<200).compactMap { _ in Wire(port: port) }
        #expect(many.count == 200)
        for wire in many { wire.write(Self.staying) }
        let answered = many.count { $0.readAnswer().isWhole }
        #expect((10...44).contains(answered), "all got an answer or an end; \(answered) an answer")
        for wire in held {
            wire.write(Self.staying)
            #expect(wire.readAnswer().isWhole)
        }
        let before = try running.processorTicks()
        usleep(1_000_000)
        let spent = try running.processorTicks() - before
        #expect(spent < 20, "\(spent) hundredths of a second of work in one second without any")
        many = []
        try running.waitUntil("there is room again") { Wire.ask(port, ProcessTests.get("/readyz"))?.status == 200 }
        running.send(SIGTERM)
        #expect(try running.wait().code == 0)
    }

    /// Under load a signal ends every connection between two answers or with "Connection: close", never inside one; and
    /// what was acknowledged is stored.
    @Test func aSignalUnderLoadBreaksNoAnswer() async throws {
        let (scratch, token) = try await ProcessTests.withReferrer()
        let running = try Running(["serve", "--listen", "127.0.0.1:0", "--quiet"], in: scratch)
        let port = try running.port()
        let tally = Mutex(Tally())
        let clients = DispatchGroup()
        for client in 0..<8 {
            clients.enter()
            Thread {
                defer { clients.leave() }
                guard let wire = Wire(port: port) else { return }
                var number = 0
                var isOver = false
                while true {
                    number += 1
                    let reference = "L\(client)-\(number)"
                    let request = ProcessTests.post(token, reference: reference)
                        .replacing("Connection: close\r\n", with: "")
                    guard wire.write(client % 2 == 0 ? request : Self.staying) else { return }
                    let answer = wire.readAnswer()
                    if answer.text.isEmpty { return }
                    tally.withLock {
                        if isOver { $0.afterClose += 1 }
                        if answer.isWhole { $0.whole += 1 } else { $0.broken += 1 }
                        if answer.text.hasPrefix("HTTP/1.1 201 ") { $0.acknowledged.append(reference) }
                    }
                    guard answer.isWhole else { return }
                    isOver = answer.text.contains("\r\nConnection: close\r\n")
                }
            }.start()
        }
        try running.waitUntil("some were acknowledged") { tally.withLock { $0.acknowledged.count >= 20 } }
        running.send(SIGTERM)
        #expect(try running.wait().code == 0)
        #expect(clients.wait(timeout: .now() + Running.patienceSeconds) == .success)
        let found = tally.withLock { $0 }
        #expect(found.whole >= 20)
        #expect(found.broken == 0)
        #expect(found.afterClose == 0)
        let kept = try scratch.open { Set(try $0.all("SELECT external_reference FROM referral") { $0.text(0) }) }
        #expect(found.acknowledged.allSatisfy(kept.contains))
        #expect(await scratch.run("verify").code == .done)
    }

    /// A request that never ends does not keep a draining service beyond its deadline.
    @Test func theDrainsDeadlineEndsWhatIsStuck() async throws {
        let (scratch, token) = try await ProcessTests.withReferrer()
        let running = try Running(
            [
                "serve", "--listen", "127.0.0.1:0", "--drain-seconds", "1", "--body-grace-seconds", "86400",
                "--request-seconds", "86400",
            ], in: scratch)
        let port = try running.port()
        let stuck = try #require(Wire(port: port))
        stuck.write(String(ProcessTests.post(token, reference: "STUCK").dropLast(40)))
        #expect(Wire.ask(port, ProcessTests.get("/healthz"))?.status == 200)
        running.send(SIGTERM)
        #expect(try running.wait().code == 0)
        let said = stuck.readToEnd()
        #expect(said.hasPrefix("HTTP/1.1 408 ") && said.contains("\r\nConnection: close\r\n"))
        #expect(try scratch.open { try $0.first("SELECT count(*) FROM referral") { $0.int(0) } } == 0)
    }
}
