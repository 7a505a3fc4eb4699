// What a server counts: every connection once, by what became of it, and every byte; turns take their time.

import HTTPWire
import Metrics
import Synchronization
import Testing

@testable import HTTPServer

@Suite struct ServerMetricsTests {
    private func configuration(_ adjust: (inout ServerConfiguration) -> Void = { _ in }) throws -> ServerConfiguration {
        var configuration = ServerConfiguration(listen: [try ListenAddress(parsing: "127.0.0.1:0")], threads: 2)
        adjust(&configuration)
        return configuration
    }

    private func text(_ metrics: ServerMetrics) -> [Substring] {
        String(decoding: Exposition.page([metrics.expose]), as: UTF8.self).split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
    }

    @Test func connectionsAndBytesAreCounted() throws {
        let server = try TestServer()
        let metrics = server.server.metrics
        var sent = 0
        var received = 0
        for _ in 0..<10 {
            let client = try server.client()
            let request = "GET /big HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            client.send(request)
            sent += request.utf8.count
            received += client.rest().utf8.count
        }
        let held = try server.client()
        #expect(held.get("/hello")?.content == "hello")
        #expect(metrics.open >= 1)
        server.stop()
        #expect(metrics.open == 0)
        let text = text(metrics)
        #expect(text.contains("thuispunt_connections_total{outcome=\"served\"} 11"))
        #expect(text.contains("thuispunt_connections_total{outcome=\"refused\"} 0"))
        #expect(text.contains("thuispunt_connections_open 0"))
        let value = { (name: String) in
            text.first { $0.hasPrefix(name + " ") }.flatMap { Int($0.dropFirst(name.count + 1)) } ?? 0
        }
        let hello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n".utf8.count
        #expect(value("thuispunt_received_bytes_total") == sent + hello)
        #expect(value("thuispunt_sent_bytes_total") > received)
        #expect(value("thuispunt_sent_bytes_total") < received + 400)
        #expect(value("thuispunt_event_loop_turn_duration_seconds_count") > 10)
        #expect(value("thuispunt_event_loops") == 2)
    }

    @Test func whoComesBeyondTheCapIsCountedApart() throws {
        let server = try TestServer {
            $0.connections = 2
            $0.surplusConnections = 1
            $0.lingerMilliseconds = 60_000
        }
        defer { server.stop() }
        let served = try (0..<2).map { _ in try server.client() }
        for client in served { #expect(client.get("/hello")?.content == "hello") }
        // Lingers, as it is not read to its end here: whoever comes next finds no room to be refused in.
        let refused = try server.client()
        #expect(refused.answer()?.status == 503)
        let closed = try server.client()
        #expect(closed.isAtEnd)
        let text = text(server.server.metrics)
        for (outcome, count) in [("served", 2), ("refused", 1), ("closed", 1), ("lost", 0)] {
            #expect(text.contains("thuispunt_connections_total{outcome=\"\(outcome)\"} \(count)"), "\(outcome)")
        }
        #expect(text.contains("thuispunt_connections_open 3"))
        #expect(text.contains("thuispunt_connections_limit 2"))
    }

    @Test func aTurnIsMeasuredByTheKernelsClock() throws {
        let clock = Atomic<Int64>(0)
        var kernel = Kernel.system
        // Every look at it is three milliseconds later, and a turn looks twice.
        kernel.monotonicMicroseconds = { clock.add(3_000, ordering: .relaxed).newValue }
        let metrics = ServerMetrics(try configuration { $0.kernel = kernel })
        metrics.noteTurn(microseconds: 3_000, loop: 0)
        metrics.noteTurn(microseconds: 99, loop: 1)
        metrics.noteTurn(microseconds: 1_000_001, loop: 1)
        let text = text(metrics)
        let bucket = "thuispunt_event_loop_turn_duration_seconds_bucket"
        for (bound, count) in [("0.0001", 1), ("0.0025", 1), ("0.005", 2), ("1", 2), ("+Inf", 3)] {
            #expect(text.contains("\(bucket){le=\"\(bound)\"} \(count)"), "\(bound)")
        }
        let played = kernel
        let server = try TestServer(threads: 1) { $0.kernel = played }
        #expect(try server.client().get("/hello")?.content == "hello")
        server.stop()
        let turns = server.server.metrics
        let ended = self.text(turns)
        #expect(ended.contains("\(bucket){le=\"0.0025\"} 0"))
        #expect(!ended.contains("\(bucket){le=\"+Inf\"} 0"))
    }
}
