// The log of a running service: one JSON line per request and per notice, without personal data: the route's template
// stands for the path, and no id of a person or body is in it, of a token only when it is used from where it may not. Each loop gathers its own lines; a thread of their
// own writes them, so that a slow pipe does not hold up a loop; when the pipe stalls, lines are dropped and counted,
// never kept without end.

internal import API
internal import Domain
internal import Foundation
internal import Glibc
internal import HTTPServer
internal import HTTPWire
internal import JSON
internal import Lock
internal import Metrics

final class ServiceLog: Sendable {
    /// Bytes that may wait for a slow reader of the log, all loops together: a few seconds of full load.
    static let waitingBytes = 16 << 20
    /// How long the end of the service waits for the last lines to be taken.
    static let lastLinesMilliseconds = 2_000
    /// How long a line waits for company before it is written.
    static let gatherMilliseconds = 50

    /// The lines of one loop.
    private struct Sheet: ~Copyable {
        var bytes = ByteBuffer()
        var dropped = 0
        var droppedInAll = 0
        var stamp = Stamp()
    }

    /// The moment as a JSON string. Thousands of lines share a second, so only its milliseconds are written anew.
    private struct Stamp {
        private(set) var text: [UInt8] = []
        private var second = Int64.min
        /// Where the milliseconds stand in `"2026-11-22T09:30:00.000Z"`.
        private static let millisecondsPlace = 21

        mutating func set(_ moment: Instant) {
            if moment.seconds != second {
                second = moment.seconds
                text = Array("\"\(moment)\"".utf8)
            }
            var rest = moment.milliseconds - second * 1000
            for place in stride(from: Self.millisecondsPlace + 2, through: Self.millisecondsPlace, by: -1) {
                text[place] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
        }
    }
    private let sheets: [Lock<Sheet>]
    private let stage = Lock(Stage.open)
    private let sheetBytes: Int
    private let writesAccess: Bool

    /// The thread that writes is the only one that does: two would tear each other's lines.
    private enum Stage {
        case open
        case closing
        case closed
    }

    init(writesAccess: Bool, loops: Int) {
        self.writesAccess = writesAccess
        sheets = (0..<max(1, loops)).map { _ in Lock(Sheet()) }
        sheetBytes = Self.waitingBytes / max(1, loops)
        Thread.detachNewThread { [self] in
            while stage.wait(atMostMilliseconds: Self.gatherMilliseconds, for: { $0 == .open ? nil : true }) == nil {
                flush()
            }
            flush()
            stage.withLock { $0 = .closed }
            stage.wakeAll()
        }
    }

    /// A request that the application answered. None of the values can hold what JSON escapes: they are words of ours,
    /// or were checked when they came in.
    func access(_ record: API.AccessRecord) {
        guard writesAccess else { return }
        write(record.startedAt, record.loop) { line in
            line.append(#","kind":"access","requestId":""#)
            line.append(record.requestID)
            line.append(#"","traceId":""#)
            line.append(record.traceID)
            if let trace = record.trace {
                line.append(#"","spanId":""#)
                line.append(trace.spanID)
            }
            line.append(#"","method":""#)
            line.append(record.method)
            line.append(#"","route":""#)
            line.append(record.route)
            line.append(#"","status":"#)
            line.append(decimal: record.status)
            if let role = record.role {
                line.append(#","role":""#)
                line.append(role)
                line.append("\"")
            }
            line.append(#","address":""#)
            line.append(record.address)
            line.append(#"","milliseconds":"#)
            line.append(decimal: Int(clamping: record.microseconds / 1000))
            line.append("}\n")
        }
    }

    /// A request that the wire refused.
    func refusal(_ record: RefusalRecord) {
        guard writesAccess else { return }
        line("refused", loop: record.loop) { writer in
            writer.field("status", record.status)
            writer.field("reason", record.reason)
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

    /// A line whose values may hold anything.
    private func line(_ kind: String, loop: Int = 0, _ fields: (inout JSONWriter) -> Void) {
        var writer = JSONWriter(reservingBytes: 320)
        writer.object { writer in
            writer.field("kind", kind)
            fields(&writer)
        }
        writer.endLine()
        let object = writer.finish()
        write(Environment.system.now(), loop) { line in
            line.append(",")
            object.dropFirst().withUnsafeBytes { line.append($0) }
        }
    }

    /// Adds a line that begins with its moment; the closure writes the rest from the comma to the line's end.
    private func write(_ moment: Instant, _ loop: Int, _ rest: (inout ByteBuffer) -> Void) {
        sheets[loop].withLock { sheet in
            guard sheet.bytes.count < sheetBytes else {
                sheet.dropped += 1
                sheet.droppedInAll += 1
                return
            }
            sheet.stamp.set(moment)
            sheet.bytes.append(#"{"at":"#)
            sheet.bytes.append(sheet.stamp.text)
            rest(&sheet.bytes)
        }
    }

    /// Adds the log's own family.
    func expose(in page: inout Exposition) {
        page.counter(
            "thuispunt_log_lines_dropped_total", "Log lines dropped because the log's reader was too slow.",
            sheets.reduce(0) { $0 + $1.withLock { $0.droppedInAll } })
    }

    /// Has what waits written, and waits for that a while: a reader that has stalled must not keep the service from its
    /// end.
    func close() {
        stage.withLock { $0 = .closing }
        stage.wakeAll()
        _ = stage.wait(atMostMilliseconds: Self.lastLinesMilliseconds) { $0 == .closed ? true : nil }
    }

    /// Writes what waits, and how much did not fit.
    private func flush() {
        for (loop, sheet) in sheets.enumerated() {
            var dropped = 0
            let waiting = sheet.withLock { sheet in
                dropped = sheet.dropped
                sheet.dropped = 0
                return exchange(&sheet.bytes, with: ByteBuffer())
            }
            let lost = waiting.withRawBytes(Self.write)
            if lost > 0 { sheet.withLock { $0.droppedInAll += lost } }
            if dropped > 0 {
                notice("\(dropped) log lines of loop \(loop) were dropped: the log's reader was too slow")
            }
        }
    }

    /// Writes to standard output, as slowly as that takes it; gives the number of lines that it did not take at all.
    private static func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = Glibc.write(STDOUT_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if written >= 0 {
                rest = rest.dropFirst(written)
            } else if errno == EAGAIN {
                // Whoever started us has made it non-blocking.
                var state = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                poll(&state, 1, Int32(gatherMilliseconds))
            } else if errno != EINTR {
                return rest.count { $0 == UInt8(ascii: "\n") }
            }
        }
        return 0
    }
}
