// The file of anchors, outside the database: a line each time with the ledger's last entry, its hash, the moment, and a
// hash over the line and all before it. Only ever appended to, so it may stand on a disk or under a flag (chattr +a)
// that allows nothing else. Reading it takes in the newest anchor, which has a file beside it (NewestAnchor). Knows neither
// tables nor when a line is due.

internal import Digest
internal import Domain
internal import Glibc
internal import Lock

/// The lines of a file of anchors, as far as they hold together.
///
/// A line is `SEQUENCE HASH MOMENT SEAL`; the seal is SHA-256 over the seal before and every byte since. What a crash
/// left of a line ends with the next line break and is sealed by the next whole line, so that it is told from an edit.
package struct LedgerAnchorLines: Sendable {
    /// The anchors, oldest first.
    package private(set) var anchors: [LedgerAnchor] = []
    /// The first line, from 1, that is not as it was written; nil when all are.
    package private(set) var brokenLine: Int?
    /// What the file of the newest anchor holds; nil when there is no such file, or nothing whole in it.
    package fileprivate(set) var newest: LedgerAnchor?
    /// Whether there is a file of the newest anchor that is not as it was written.
    package fileprivate(set) var isNewestBroken = false
    private var seal = [UInt8](repeating: 0, count: SHA256.byteCount)
    /// What stands behind the last whole line: nothing, or what a crash left of one.
    fileprivate var remains: [UInt8] = []

    private var lineCount = 0
    /// The first line that no seal covers yet.
    private var firstUnsealed = 1

    /// Every anchor there is.
    package var all: [LedgerAnchor] { anchors + [newest].compactMap(\.self).filter { $0 != anchors.last } }

    /// What is wrong with the files, in words; nil when they are as they were written.
    package func problem(at path: String) -> String? {
        if let brokenLine { return "line \(brokenLine) of \(path) is not as it was written" }
        return isNewestBroken ? "\(NewestAnchorFile.path(beside: path)) is not as it was written" : nil
    }

    /// Reads lines; there is nothing that can't be read.
    package init(_ bytes: [UInt8]) {
        var start = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            read(bytes[start..<end])
            start = end + 1
        }
        remains += bytes[start...]
    }

    /// Takes one line, without its line break.
    private mutating func read(_ line: ArraySlice<UInt8>) {
        lineCount += 1
        guard let parsed = Self.parse(line) else {
            remains += line + [UInt8(ascii: "\n")]
            return
        }
        let sealed = remains + line.dropLast(2 * SHA256.byteCount)
        if Self.seal(after: seal, sealed) != parsed.seal, brokenLine == nil { brokenLine = firstUnsealed }
        anchors.append(parsed.anchor)
        seal = parsed.seal
        remains = []
        firstUnsealed = lineCount + 1
    }

    /// Adds an anchor and gives the bytes that do so in the file.
    mutating func adding(_ anchor: LedgerAnchor) -> [UInt8] {
        var new: [UInt8] = []
        if let last = remains.last, last != UInt8(ascii: "\n") {
            // A line that was cut off gets the line break it lacks; it may lack nothing else.
            new.append(UInt8(ascii: "\n"))
            let start = remains.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            let line = remains[start...]
            remains.removeLast(remains.count - start)
            read(line)
        }
        let text = Array("\(anchor.sequence) \(Hex.encode(anchor.hash)) \(anchor.at) ".utf8)
        let line = text + Array(Hex.encode(Self.seal(after: seal, remains + text)).utf8)
        read(line[...])
        return new + line + [UInt8(ascii: "\n")]
    }

    /// Whoever only adds to a file needs no more than its last anchor.
    fileprivate mutating func forgetAllButTheLast() { anchors = anchors.suffix(1) }

    private static func seal(after seal: [UInt8], _ bytes: [UInt8]) -> [UInt8] { SHA256.digest(seal + bytes) }

    private static func parse(_ line: ArraySlice<UInt8>) -> (anchor: LedgerAnchor, seal: [UInt8])? {
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard parts.count == 4, let sequence = Int64(parts[0]), let hash = Hex.decode(parts[1]),
            hash.count == SHA256.byteCount, let at = Instant(rfc3339: parts[2]), let seal = Hex.decode(parts[3]),
            seal.count == SHA256.byteCount
        else { return nil }
        return (LedgerAnchor(sequence: sequence, hash: hash, at: at), seal)
    }
}

/// A file of anchors on disk, which several services of one database may share.
package final class LedgerAnchorFile: Sendable {
    /// Where it is.
    package let path: String
    private let descriptor: Int32
    private struct State {
        var lines = LedgerAnchorLines([])
        /// The size at which `lines` is what the file holds.
        var byteCount = 0
    }
    private let state = Lock(State())

    /// Where the anchors of a database are kept unless told otherwise.
    package static func standardPath(for database: String) -> String { database + ".anchors" }

    /// The lines of the file at `path` and the newest anchor beside it; nil when there is no file.
    ///
    /// - Throws: `StorageFault.cannotOpen` for one that can't be read.
    package static func read(_ path: String) throws(StorageFault) -> LedgerAnchorLines? {
        guard let bytes = try bytes(at: path) else { return nil }
        var lines = LedgerAnchorLines(bytes)
        if let newest = try Self.bytes(at: NewestAnchorFile.path(beside: path)) {
            let line = LedgerAnchorLines(newest)
            lines.newest = line.anchors.last
            lines.isNewestBroken = line.anchors.count != 1 || line.brokenLine != nil || !line.remains.isEmpty
        }
        return lines
    }

    private static func bytes(at path: String) throws(StorageFault) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw Self.fault(path)
        }
        defer { Glibc.close(descriptor) }
        guard let bytes = contents(of: descriptor) else { throw Self.fault(path) }
        return bytes
    }

    /// Opens the file to be appended to, with mode 0600 when it is new.
    ///
    /// - Throws: `StorageFault.cannotOpen`.
    package init(_ path: String) throws(StorageFault) {
        self.path = path
        descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0, FileSystem.synchroniseFolder(of: path) else { throw Self.fault(path) }
    }

    deinit { Glibc.close(descriptor) }

    /// The newest anchor, of whichever service wrote it.
    package var last: LedgerAnchor? {
        state.withLock { state in
            load(&state)
            return state.lines.anchors.last
        }
    }

    /// Adds a line and returns once it is on disk.
    ///
    /// - Throws: `StorageFault.unavailable`.
    package func append(_ anchor: LedgerAnchor) throws(StorageFault) {
        try state.withLock { (state: inout State) throws(StorageFault) in
            flock(descriptor, LOCK_EX)
            defer { flock(descriptor, LOCK_UN) }
            load(&state)
            let new = state.lines.adding(anchor)
            let written = new.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard written == new.count, fdatasync(descriptor) == 0 else {
                let reason = String(cString: strerror(errno))
                // What did get there is read back before the next line.
                state = State()
                throw .unavailable(reason: "no anchor could be added to \(path): \(reason)")
            }
            state.byteCount += new.count
            state.lines.forgetAllButTheLast()
        }
    }

    /// Reads the file again when another service has added to it.
    private func load(_ state: inout State) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, Int(status.st_size) != state.byteCount else { return }
        guard let bytes = Self.contents(of: descriptor) else { return }
        state.lines = LedgerAnchorLines(bytes)
        state.lines.forgetAllButTheLast()
        state.byteCount = bytes.count
    }

    private static func contents(of descriptor: Int32) -> [UInt8]? {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = part.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, bytes.count) }
            if count < 0 { return nil }
            if count == 0 { return bytes }
            bytes += part[..<count]
        }
    }

    private static func fault(_ path: String) -> StorageFault {
        .cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
}
