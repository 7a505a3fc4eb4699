// Files of any length: read piece by piece, and written under a name of their own until they are whole.

internal import Foundation
internal import Glibc
internal import Storage

/// A file that is read from its beginning to its end.
struct InputFile: ~Copyable {
    /// Bytes read at once.
    private static let pieceBytes = 256 * 1024

    private let handle: FileHandle
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
        byteCount = Int(status.st_size)
    }

    deinit { try? handle.close() }

    /// The next piece; nil at the end.
    func next() throws -> [UInt8]? {
        guard let data = try handle.read(upToCount: Self.pieceBytes), !data.isEmpty else { return nil }
        return [UInt8](data)
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
