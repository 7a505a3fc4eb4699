// The built program as a process of its own, and just enough of a client to speak with it: blocking sockets with a
// time-out, one request a connection.

import Foundation
import Glibc
import Testing

/// A `thuispunt` that runs beside the tests.
final class Running {
    /// How long anything here may take before it counts as hanging; no test waits for it to pass.
    static let patienceSeconds = 60.0

    struct Ended: Equatable {
        /// The exit code, or minus the number of the signal that ended it.
        var code: Int32
        var said: String
        var told: String
    }

    private let process = Process()
    private let folder: String
    private let name = ProcessInfo.processInfo.globallyUniqueString

    /// The program next to the test bundle.
    ///
    /// - Throws: an issue when it was not built, rather than tests that silently check nothing.
    static func program() throws -> String {
        let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        var folders = [URL(fileURLWithPath: bundle).deletingLastPathComponent()]
        var above = URL(fileURLWithPath: #filePath)
        while above.pathComponents.count > 1 {
            above.deleteLastPathComponent()
            folders.append(above.appendingPathComponent(".build/debug"))
        }
        let found = folders.map { $0.appendingPathComponent("thuispunt").path }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
        return try #require(found, "the thuispunt program must be built before its tests run")
    }

    /// Starts a command on the database of a folder; with `openFiles` it may have no more descriptors than that, with
    /// `errors` it writes them there, and its shell starts it with `start`.
    init(
        _ words: [String], in scratch: Scratch, openFiles: Int? = nil, environment: [String: String] = [:],
        errors: Pipe? = nil, start: String = "exec"
    ) throws {
        folder = scratch.folder
        let words = [try Self.program()] + words + ["--database", scratch.database]
        let limit = openFiles.map { "ulimit -n \($0); " } ?? ""
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // No signal leaves a core file.
        process.arguments = ["-c", "ulimit -c 0; \(limit)\(start) \"$0\" \"$@\""] + words
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        for (stream, suffix) in [("out", "out"), ("err", "err")] {
            let path = "\(folder)/\(name).\(suffix)"
            try Data().write(to: URL(fileURLWithPath: path))
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            if stream == "out" { process.standardOutput = handle } else { process.standardError = handle }
        }
        if let errors { process.standardError = errors }
        try process.run()
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    var isRunning: Bool { process.isRunning }

    /// Processor time used so far, in clock ticks (hundredths of a second); utime and stime of proc(5).
    func processorTicks() throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        return fields.dropFirst(12).prefix(2).compactMap { Int($0) }.reduce(0, +)
    }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Stops it where it is, until SIGCONT, unless it has ended.
    func hold() throws {
        send(SIGSTOP)
        let tasks = "/proc/\(process.processIdentifier)/task"
        try waitUntil("every thread is stopped") {
            let threads = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
            return !isRunning
                || threads.allSatisfy { thread in
                    let text = try? String(contentsOfFile: "\(tasks)/\(thread)/stat", encoding: .utf8)
                    return text.map { $0[($0.lastIndex(of: ")") ?? $0.startIndex)...].hasPrefix(") T") } ?? true
                }
        }
    }

    /// Waits for the end.
    func wait() throws -> Ended {
        try waitUntil("the process ends") { !process.isRunning }
        let code = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        return Ended(code: code, said: try text("out"), told: try text("err"))
    }

    /// The port of a `serve` that was told to take any, once it listens; of its other address by what it says of that.
    func port(_ words: String = "on") throws -> UInt16 {
        let line = try Regex("\(words) 127\\.0\\.0\\.1:([0-9]+)\n", as: (Substring, Substring).self)
        var port: UInt16?
        try waitUntil("the service listens") {
            port = try? self.text("err").firstMatch(of: line).flatMap { UInt16($0.1) }
            return port != nil || !process.isRunning
        }
        let errors = try text("err")
        return try #require(port, "the service ended: \(errors)")
    }

    private func text(_ suffix: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(name).\(suffix)", encoding: .utf8)
    }

    /// Waits until something is so; ends the process and throws when it takes too long.
    func waitUntil(_ what: String, _ isSo: () -> Bool) throws {
        let end = Date(timeIntervalSinceNow: Self.patienceSeconds)
        while !isSo() {
            guard Date() < end else {
                send(SIGKILL)
                throw Hanging(what: what)
            }
            usleep(2000)
        }
    }

    /// Waits until nobody answers on a port any more, as in a drain.
    func waitUntilRefused(_ port: UInt16) throws {
        try waitUntil("new connections are refused") { Wire(port: port) == nil }
    }

    struct Hanging: Error {
        let what: String
    }
}

/// One connection to a service on this machine.
final class Wire {
    private let descriptor: Int32

    /// Connects; nil when nobody listens.
    init?(port: UInt16) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: Int(Running.patienceSeconds), tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { return nil }
    }

    deinit { close(descriptor) }

    @discardableResult
    func write(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// Everything up to the other side's close.
    func readToEnd() -> String {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = recv(descriptor, &part, part.count, 0)
            guard count > 0 else { break }
            bytes += part.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The next answer of a connection that may stay open, and whether it is whole; empty when the other side closed.
    func readAnswer() -> (text: String, isWhole: Bool) {
        var text = ""
        var part = [UInt8](repeating: 0, count: 16_384)
        while true {
            if let end = text.firstRange(of: "\r\n\r\n"),
                let length = text.firstMatch(of: /\r\nContent-Length: ([0-9]+)\r\n/).flatMap({ Int($0.1) }),
                text[end.upperBound...].utf8.count == length
            {
                return (text, true)
            }
            let count = recv(descriptor, &part, part.count, 0)
            guard count > 0 else { return (text, false) }
            text += String(decoding: part.prefix(count), as: UTF8.self)
        }
    }

    /// Sends one request and reads its answer; nil when there was none, or only a part of one.
    static func ask(_ port: UInt16, _ request: String) -> (status: Int, text: String)? {
        guard let wire = Wire(port: port), wire.write(request) else { return nil }
        let text = wire.readToEnd()
        guard let status = Int(text.dropFirst("HTTP/1.1 ".count).prefix(3)), text.contains("\r\n\r\n") else {
            return nil
        }
        return (status, text)
    }
}
