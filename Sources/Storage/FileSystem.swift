// What the store asks of the file system beyond what SQLite does for it: where a name leads, what stands beside it, and that
// it is on disk. Knows the names that a database's files have, and nothing of what is in them.

internal import Glibc

/// Looks at names, and at what they stand for.
enum FileSystem {
    /// What SQLite finds by a database's name (https://www.sqlite.org/tempfiles.html).
    static let databaseTails = ["", "-wal", "-shm", "-journal"]
    /// How the name goes on under which a restore keeps what stood in its place.
    static let aside = ".before-restore-"
    /// Links in a row before one gives up, as Linux does.
    private static let mostLinks = 40

    /// Why the last call failed.
    static var reason: String { String(cString: strerror(errno)) }

    static func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The size of a file; nil when there is none, or something else that can't be read from end to end.
    static func size(of path: String) -> Int? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// Whether the last call, for a hard link, failed because the file system has none.
    static var lacksLinks: Bool { errno == EPERM || errno == ENOTSUP || errno == EOPNOTSUPP }

    static func name(of path: String) -> String {
        String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...])
    }

    static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    /// Where symbolic links lead, also to what is not there yet; SQLite follows them too.
    static func end(of path: String) -> String {
        var path = path
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        for _ in 0..<mostLinks {
            let count = readlink(path, &bytes, bytes.count)
            guard count > 0 else { break }
            let target = String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            path = target.hasPrefix("/") ? target : folder(of: path) + "/" + target
        }
        return path
    }

    /// A new name is on disk when its folder is.
    static func synchroniseFolder(of path: String) -> Bool {
        let descriptor = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }

    /// Whether there is a file that may be a database.
    ///
    /// - Throws: `StorageFault`: `.notOurs` of a folder or a device; `.remains` when nothing is there, or an empty file, but
    ///   beside it what may be left of a database. SQLite would delete a log that it finds beside a new file.
    static func hasDatabase(at path: String) throws(StorageFault) -> Bool {
        if let file = remains(of: path) { throw .remains(path: path, file: file) }
        guard isThere(path) else { return false }
        guard size(of: path) != nil else { throw .notOurs(path: path) }
        return true
    }

    private static func remains(of path: String) -> String? {
        let path = end(of: path)
        guard isThere(path) ? size(of: path) == 0 : true else { return nil }
        if let bytes = size(of: path + "-wal"), bytes > 0 { return path + "-wal" }
        return tails(of: path).filter {
            // The plain one is of a restore from before its files had names of their own.
            $0.hasPrefix(aside) || $0 == ".restoring" || $0.hasSuffix(".restoring") && isCopyToRestore($0)
        }.min()
            .map { path + $0 }
    }

    /// Removes what a restore that was killed left beside a database: its copy, and a name that it gave what goes by the suffix
    /// now. Nobody else may be restoring it.
    static func sweepRestore(of path: String, suffix: String) {
        for tail in tails(of: path) {
            // One that has a log stays with it: the killed one had taken that from beside the file it belongs to.
            let isOldName =
                tail.hasPrefix(aside) && tail != suffix && isSame(path + tail, path + suffix)
                && !["-wal", "-journal"].contains { isThere(path + tail + $0) }
            if isCopyToRestore(tail) || isOldName { unlink(path + tail) }
        }
    }

    /// Whether a name that goes on like this is that of a file which a restore makes, or of what SQLite keeps beside it.
    private static func isCopyToRestore(_ tail: String) -> Bool {
        UnfinishedFile.Name(tail).map { $0.target.isEmpty && $0.kind == .restoring } ?? false
    }

    private static func isSame(_ one: String, _ other: String) -> Bool {
        var (first, second) = (stat(), stat())
        guard stat(one, &first) == 0, stat(other, &second) == 0 else { return false }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }

    /// How the names go on that begin as this one does, in the same folder.
    private static func tails(of path: String) -> [String] {
        let stem = name(of: path)
        return names(in: folder(of: path)).filter { $0.hasPrefix(stem) }.map { String($0.dropFirst(stem.count)) }
    }

    /// The names in a folder; none when it can't be read.
    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder), let place = MemoryLayout<dirent>.offset(of: \.d_name) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            // The record ends with the name, so its type is longer than what may be read.
            let name = (UnsafeRawPointer(entry) + place).assumingMemoryBound(to: CChar.self)
            names.append(String(cString: name))
        }
        return names
    }
}
