// The ledger's newest anchor, in a file of its own that is written over each time. The lines of the other file are for good
// and therefore few, so that what came after the last of them could be cut off without a trace. It knows neither tables
// nor when it is due.

internal import Glibc

/// The file of the newest anchor: one line in the form of the others, sealed as the first of a file is.
final class NewestAnchorFile: Sendable {
    private let path: String
    private let descriptor: Int32

    /// Where it is, by where the others are.
    static func path(beside anchors: String) -> String { anchors + ".newest" }

    /// Opens the file, with mode 0600 when it is new.
    ///
    /// - Throws: `StorageFault.cannotOpen`.
    init(beside anchors: String) throws(StorageFault) {
        path = Self.path(beside: anchors)
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0, FileSystem.synchroniseFolder(of: path) else {
            throw .cannotOpen(path: path, reason: FileSystem.reason)
        }
    }

    deinit { Glibc.close(descriptor) }

    /// Writes it and returns once it is on disk. A line is less than the least that a disk writes at once, so that a crash
    /// leaves the one before or this one.
    ///
    /// - Throws: `StorageFault.unavailable`.
    func write(_ anchor: LedgerAnchor) throws(StorageFault) {
        var lines = LedgerAnchorLines([])
        let line = lines.adding(anchor)
        flock(descriptor, LOCK_EX)
        defer { flock(descriptor, LOCK_UN) }
        let written = line.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        guard written == line.count, ftruncate(descriptor, off_t(line.count)) == 0, fdatasync(descriptor) == 0 else {
            let reason = String(cString: strerror(errno))
            throw .unavailable(reason: "no anchor could be added to \(path): \(reason)")
        }
    }
}
