// What the store asks of the file system beyond what SQLite does for it: where a name leads, what stands beside it, and that
// it is on disk. Knows the names that a database's files have, and nothing of what is in them.

internal import Glibc

/// Looks at names, and at what they stand for.
enum FileSystem {
    /// What SQLite finds by a database's name (https://www.sqlite.org/tempfiles.html).
    static let databaseTails = ["", "-wal", "-shm", "-journal"]
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
            $0.hasPrefix(".before-restore-") || $0.hasPrefix(".") && $0.hasSuffix(".restoring")
        }.min()
            .map { path + $0 }
    }

    /// Removes what a restore that was killed left beside a database: its copy, and a name that it gave what goes by the suffix
    /// now. Nobody else may be restoring it.
    static func sweepRestore(of path: String, suffix: String) {
        for tail in tails(of: path) {
            let isCopy = tail.wholeMatch(of: /\.\w{6}\.restoring(-wal|-shm|-journal)?/) != nil
            let isOldName = tail.hasPrefix(".before-restore-") && tail != suffix && isSame(path + tail, path + suffix)
            if isCopy || isOldName { unlink(path + tail) }
        }
    }

    private static func isSame(_ one: String, _ other: String) -> Bool {
        var (first, second) = (stat(), stat())
        guard stat(one, &first) == 0, stat(other, &second) == 0 else { return false }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }

    /// How the names go on that begin as this one does, in the same folder.
    private static func tails(of path: String) -> [String] {
        guard let stream = opendir(folder(of: path)) else { return [] }
        defer { closedir(stream) }
        let stem = path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
        var tails: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix(stem) { tails.append(String(name.dropFirst(stem.count))) }
        }
        return tails
    }
}
