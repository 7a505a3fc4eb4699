// Watching a service that runs: the page of metrics on its own address or on the only one, what else is answered there,
// and that it stays until the service has drained.

import Foundation
import Glibc
import Metrics
import TestKit
import Testing

@testable import Commands

@Suite(.serialized) struct OperatorTests {
    private static func get(_ target: String) -> String {
        "GET \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    }

    private func page(_ port: UInt16) throws -> MetricsText {
        let answer = try #require(Wire.ask(port, Self.get("/metrics")))
        #expect(answer.status == 200)
        let body = try #require(answer.text.firstRange(of: "\r\n\r\n"))
        return try MetricsText(Array(answer.text[body.upperBound...].utf8))
    }

    @Test func withoutAnAddressOfItsOwnItStandsOnTheOnlyOne() async throws {
        let scratch = try await Scratch.migrated()
        let running = try Running(["serve", "--listen", "127.0.0.1:0"], in: scratch)
        let port = try running.port()
        #expect(Wire.ask(port, "GET / HTTP/1.1\nHost: a\n\n")?.status == 400)
        #expect(Wire.ask(port, Self.get("/healthz"))?.status == 200)
        let page = try page(port)
        #expect(page["thuispunt_http_refusals_total", ["slug": "bare-lf"]] == 1)
        #expect(
            page["thuispunt_http_requests_total", ["method": "GET", "route": "/healthz", "status": "200"]] == 1)
        #expect(page["thuispunt_connections_total", ["outcome": "served"]] == 3)
        #expect(page["thuispunt_build_info", ["version": Thuispunt.version]] == 1)
        #expect(page["thuispunt_process_resident_memory_bytes"] ?? 0 > 1_000_000)
        #expect(page["thuispunt_process_open_descriptors"] ?? 0 > 5)
        #expect(page["thuispunt_process_descriptor_limit"] ?? 0 > 5)
        #expect(page["thuispunt_process_cpu_seconds_total"] ?? 0 > 0)
        #expect(abs((page["thuispunt_process_start_time_seconds"] ?? 0) - Date().timeIntervalSince1970) < 600)
        #expect(page["thuispunt_log_lines_dropped_total"] == 0)
        try expectDocumented(Set(page.types.keys))
        running.send(SIGTERM)
        #expect(try running.wait().code == 0)
    }

    /// README tells of every family and of no other, and no alert waits for one that is never there.
    private func expectDocumented(_ families: Set<String>) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let start = try #require(readme.firstRange(of: "| metric, each with `thuispunt_` before it |"))
        let rows = readme[start.upperBound...].split(separator: "\n\n").first ?? ""
        let told = rows.split(separator: "\n").dropFirst().flatMap { row in
            (row.split(separator: "|").first ?? "").matches(of: /`([a-z_]+)`/).map { "thuispunt_" + $0.1 }
        }
        #expect(Set(told) == families)
        #expect(told.count == families.count)
        let alerts = try String(contentsOf: root.appending(path: "deploy/alerts.yml"), encoding: .utf8)
        let meant = alerts.matches(of: /thuispunt_[a-z_]+/).map { String($0.0).replacing("_bucket", with: "") }
        #expect(meant.count > 9)
        #expect(Set(meant).subtracting(families) == [])
    }

    @Test func anAddressOfItsOwnAnswersThatAloneAndStaysToTheEnd() async throws {
        let scratch = try await Scratch.migrated()
        let running = try Running(
            ["serve", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--drain-seconds", "600"],
            in: scratch)
        let port = try running.port()
        let watched = try running.port("to be watched on")
        #expect(port != watched)
        for (path, forUsers, forOperators) in [
            ("/metrics", 404, 200), ("/healthz", 200, 200), ("/readyz", 200, 200), ("/", 200, 404),
            ("/v1/me", 401, 404),
            ("/v1/openapi.json", 200, 404),
        ] {
            #expect(Wire.ask(port, Self.get(path))?.status == forUsers, "\(path)")
            #expect(Wire.ask(watched, Self.get(path))?.status == forOperators, "\(path)")
        }
        let before = try page(watched)
        #expect(before["thuispunt_connections_total", ["outcome": "served"]] == 6)
        #expect(before["thuispunt_http_refusals_total", ["slug": "bare-lf"]] == 0)
        #expect(Wire.ask(watched, "GET / HTTP/1.1\nHost: a\n\n")?.status == 400)

        // A request that is not whole holds up the drain; meanwhile it can be watched.
        let slow = try #require(Wire(port: port))
        slow.write("POST /v1/referrals HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n")
        #expect(Wire.ask(port, Self.get("/healthz"))?.status == 200)
        running.send(SIGTERM)
        try running.waitUntilRefused(port)
        let during = try page(watched)
        #expect(during["thuispunt_connections_open"] == 1)
        #expect(during["thuispunt_http_refusals_total", ["slug": "bare-lf"]] == 0)
        slow.write("\r\n{}   ")
        #expect(slow.readToEnd().hasPrefix("HTTP/1.1 401 "))
        #expect(try running.wait().code == 0)
        #expect(Wire(port: watched) == nil)
    }

    @Test func aUnixSocketWillDoAndGoesAway() async throws {
        let scratch = try await Scratch.migrated()
        let path = scratch.folder + "/watch.sock"
        let running = try Running(
            ["serve", "--listen", "127.0.0.1:0", "--metrics-listen", "unix:" + path], in: scratch)
        _ = try running.port()
        try running.waitUntil("the socket is there") { FileManager.default.fileExists(atPath: path) }
        running.send(SIGTERM)
        let ended = try running.wait()
        #expect(ended.code == 0)
        #expect(ended.told.contains("to be watched on unix:\(path)\n"))
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func anAddressThatCanNotBeIsOneLine() async throws {
        let scratch = try await Scratch.migrated()
        let nonsense = await scratch.run("serve", "--listen", "127.0.0.1:0", "--metrics-listen", "nowhere")
        #expect(nonsense.code == .usage)
        #expect(nonsense.told.count == 1 && nonsense.told[0].contains("--metrics-listen: 'nowhere' is not"))
        let first = try Running(["serve", "--listen", "127.0.0.1:0"], in: scratch)
        let taken = try first.port()
        let second = try Running(
            ["serve", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:\(taken)"], in: scratch
        ).wait()
        #expect(second.code == 3)
        #expect(second.told.count { $0 == "\n" } == 1)
        #expect(second.told.contains("127.0.0.1:\(taken) is in use"))
        first.send(SIGTERM)
        #expect(try first.wait().code == 0)
    }
}
