// Files of any length: read piece by piece, and written under a name of their own until they are whole.

internal import Foundation
internal import Glibc
internal import Storage

/// A file that is read from its beginning to its end.
struct InputFile: ~Copyable {
    /// Bytes read at once.
    private static let pieceBytes = 256 * 1024

    private let handle: FileHandle
    private let path: String
    /// The file's length when it was opened; 0 of a pipe.
    let byteCount: Int

    /// Opens a file.
    ///
    /// - Throws: `CommandFault` when it can't be read.
    init(_ path: String) throws {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw CommandFault("can't read \(path)") }
        var status = stat()
        guard fstat(handle.fileDescriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            throw CommandFault("\(path) is no file that can be read")
        }
        self.handle = handle
        self.path = path
        byteCount = Int(status.st_size)
    }

    deinit { try? handle.close() }

    /// The next piece; nil at the end.
    ///
    /// - Throws: `CommandFault` when it can't be read.
    func next() throws -> [UInt8]? {
        var failure: Int32 = 0
        let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { memory, count in
            var got = -1
            repeat {
                got = read(handle.fileDescriptor, memory.baseAddress, memory.count)
            } while got < 0 && errno == EINTR
            if got < 0 { failure = errno }
            count = max(0, got)
        }
        guard failure == 0 else { throw CommandFault("can't read \(path): \(String(cString: strerror(failure)))") }
        return piece.isEmpty ? nil : piece
    }

    /// The file whole, or somewhat more than `limit` bytes of it.
    ///
    /// - Throws: as `next`.
    func beginning(_ limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count <= limit, let piece = try next() { bytes += piece }
        return bytes
    }
}

/// A new file, mode 0600, which has its name once it is whole; `-` is standard output.
struct OutputFile: ~Copyable {
    private let handle: FileHandle
    private let path: String?
    private let draft: UnfinishedFile?

    /// Starts a file.
    ///
    /// - Throws: `CommandFault` when it exists, `StorageFault` when it can't be made.
    init(_ path: String) throws {
        guard path != "-" else {
            handle = .standardOutput
            self.path = nil
            draft = nil
            return
        }
        guard access(path, F_OK) != 0 else { throw CommandFault("\(path) exists; choose another name or remove it") }
        let draft = try UnfinishedFile(for: path)
        guard let handle = FileHandle(forWritingAtPath: draft.path) else {
            draft.remove()
            throw CommandFault("can't write \(path)")
        }
        self.handle = handle
        self.path = path
        self.draft = draft
    }

    deinit { draft?.remove() }

    /// Adds bytes at the end.
    ///
    /// - Throws: `CommandFault` when the disk won't take them.
    func write(_ bytes: [UInt8]) throws {
        do {
            try handle.write(contentsOf: Data(bytes))
        } catch {
            throw CommandFault("can't write \(path ?? "the output"): is the disk full?")
        }
    }

    /// Gives the file its name, unless another has it by now.
    ///
    /// - Throws: `CommandFault` or `StorageFault` when it can't be put on the disk.
    func finish() throws {
        guard let path, let draft else { return }
        guard fsync(handle.fileDescriptor) == 0 else {
            throw CommandFault("can't write \(path): \(String(cString: strerror(errno)))")
        }
        try draft.publish()
    }
}
