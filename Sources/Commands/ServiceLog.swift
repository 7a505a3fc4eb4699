// The log of a running service: one JSON line per request and per notice, without personal data: the route's template
// stands for the path, and no id, token or body is in it. Lines are gathered and written by a thread of their own, so
// that a slow pipe does not hold up a loop; when the pipe stalls, lines are dropped and counted, never kept without end.

internal import API
internal import Domain
internal import Foundation
internal import HTTPServer
internal import JSON
internal import Metrics
internal import Synchronization

final class ServiceLog: Sendable {
    /// Bytes that may wait for a slow reader of the log: a few seconds of full load.
    static let waitingBytes = 8 << 20
    /// How long a line waits for company before it is written.
    static let gatherSeconds = 0.05

    private struct Waiting {
        var bytes: [UInt8] = []
        var dropped = 0
        var droppedInAll = 0
        var isClosed = false
    }
    private let waiting = Mutex(Waiting())
    private let writesAccess: Bool

    init(writesAccess: Bool) {
        self.writesAccess = writesAccess
        Thread.detachNewThread { [self] in
            while !waiting.withLock(\.isClosed) {
                Thread.sleep(forTimeInterval: Self.gatherSeconds)
                flush()
            }
        }
    }

    /// A request that the application answered.
    func access(_ record: API.AccessRecord) {
        guard writesAccess else { return }
        line("access", at: record.startedAt) { writer in
            writer.field("requestId", record.requestID)
            if !record.traceID.isEmpty {
                writer.field("traceId", record.traceID)
                writer.field("spanId", record.spanID)
            }
            writer.field("method", record.method)
            writer.field("route", record.route)
            writer.field("status", record.status)
            writer.field("role", ifPresent: record.role)
            writer.field("address", record.address)
            writer.field("milliseconds", record.durationMilliseconds)
        }
    }

    /// A request that the wire refused.
    func refusal(_ record: HTTPServer.AccessRecord) {
        guard writesAccess else { return }
        line("refused") { writer in
            writer.field("status", record.status)
            writer.field("reason", ifPresent: record.refusal)
            writer.field("address", record.peerAddress)
        }
    }

    /// Something that went wrong here.
    func failure(_ requestID: String, _ text: String) {
        line("failure") { writer in
            writer.field("requestId", requestID)
            writer.field("text", text)
        }
    }

    /// Something the person who runs the service should know.
    func notice(_ text: String) {
        line("notice") { $0.field("text", text) }
    }

    private func line(
        _ kind: String, at moment: Instant = Environment.system.now(), _ write: (inout JSONWriter) -> Void
    ) {
        var writer = JSONWriter(reservingBytes: 320)
        writer.object { writer in
            writer.field("at", moment.description)
            writer.field("kind", kind)
            write(&writer)
        }
        writer.endLine()
        let bytes = writer.finish()
        waiting.withLock { waiting in
            if waiting.bytes.count + bytes.count > Self.waitingBytes {
                waiting.dropped += 1
                waiting.droppedInAll += 1
            } else {
                waiting.bytes.append(contentsOf: bytes)
            }
        }
    }

    /// Adds the log's own family.
    func expose(in page: inout Exposition) {
        page.counter(
            "thuispunt_log_lines_dropped_total", "Log lines dropped because the log's reader was too slow.",
            waiting.withLock(\.droppedInAll))
    }

    /// Writes what waits, and lets the thread that writes go.
    func close() {
        waiting.withLock { $0.isClosed = true }
        flush()
    }

    /// Writes what waits.
    private func flush() {
        let (bytes, dropped) = waiting.withLock { waiting in
            defer {
                waiting.bytes = []
                waiting.dropped = 0
            }
            return (waiting.bytes, waiting.dropped)
        }
        if !bytes.isEmpty { try? FileHandle.standardOutput.write(contentsOf: Data(bytes)) }
        if dropped > 0 { notice("\(dropped) log lines were dropped because the log's reader was too slow") }
    }
}
