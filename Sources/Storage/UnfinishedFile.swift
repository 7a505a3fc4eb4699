// Files that are not whole yet: made beside the name they are for, under one that nobody else has, and gone when whatever
// makes them fails or is told to stop. What a process that was killed left is gone with the next for the same name, once
// it is old. Knows nothing of what is in them.

internal import CLinux
internal import Glibc
internal import Lock

/// A file that has no name of its own yet, with what SQLite keeps beside it.
package struct UnfinishedFile: Sendable {
    /// What becomes of it, which is how its name ends.
    package enum Kind: Substring, Sendable { case partial, rehearsal, restoring }

    /// A name that one has, or what SQLite keeps beside it: `TARGET.??????.KIND`.
    struct Name {
        /// What it is for.
        let target: Substring
        /// The name without what SQLite adds.
        let file: Substring
        let kind: Kind

        /// Takes a name apart; nil of another.
        init?(_ name: String) {
            let form = /((?<target>.*)\.[A-Za-z0-9]{6}\.(?<kind>[a-z]+))(?:-wal|-shm|-journal)?/
            guard let match = name.wholeMatch(of: form), let kind = Kind(rawValue: match.kind) else { return nil }
            target = match.target
            file = match.1
            self.kind = kind
        }
    }

    /// Where it is.
    package let path: String
    /// What it is for.
    let target: String
    /// Nothing takes this long, with its check, in which nothing is written.
    private static let staleSeconds = 43_200
    /// Those of this process. Names are made and given only while nobody removes them all.
    private static let all = Lock<Set<String>>([])

    /// Makes an empty file with mode 0600, and removes those for the same target that were left behind.
    ///
    /// - Throws: `StorageFault.cannotMake`, of the target.
    package init(for target: String, kind: Kind = .partial) throws(StorageFault) {
        let template = "\(target).\(String(repeating: "X", count: 6)).\(kind.rawValue)"
        var status = stat()
        path = try Self.all.withLock { all throws(StorageFault) in
            var name = template.utf8CString.map(\.self)
            let descriptor = mkstemps(&name, Int32(kind.rawValue.utf8.count + 1))
            guard descriptor >= 0 else { throw .cannotMake(path: target, reason: FileSystem.reason) }
            fstat(descriptor, &status)
            close(descriptor)
            let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            all.insert(path)
            return path
        }
        self.target = target
        // Of when this one was made, so that no other clock than the file system's counts.
        let own = FileSystem.name(of: target)
        Self.removeLeft(in: FileSystem.folder(of: target), kind, at: status.st_mtim.tv_sec) { $0 == own }
    }

    /// Removes the files in a folder that killed processes left, for targets of some names: nobody has written to one, or
    /// to what SQLite keeps beside it, for long.
    ///
    /// - Parameter seconds: What the time is, since 1970.
    /// - Returns: The names that are gone.
    @discardableResult
    package static func removeLeft(
        in folder: String, _ kind: Kind, at seconds: Int, for isTarget: (String) -> Bool
    ) -> [String] {
        var written: [String: Int] = [:]
        for name in FileSystem.names(in: folder) {
            guard let parts = Name(name), parts.kind == kind, isTarget(String(parts.target)) else { continue }
            var status = stat()
            guard stat("\(folder)/\(name)", &status) == 0 else { continue }
            written[String(parts.file), default: 0] = max(written[String(parts.file)] ?? 0, status.st_mtim.tv_sec)
        }
        let left = written.filter { seconds - $0.value > staleSeconds }.keys.sorted()
        return left.flatMap { file in unlinkAll("\(folder)/\(file)").map { file + $0 } }
    }

    /// Gives it the name it is for, unless another file has that by now, and returns once that is on disk.
    ///
    /// - Throws: `StorageFault`: `.exists`, `.cannotMake`.
    package func publish() throws(StorageFault) {
        // A link, unlike a rename, replaces nothing.
        if link(path, target) == 0 {
            remove()
        } else if FileSystem.lacksLinks {
            try rename()
        } else {
            throw errno == EEXIST ? .exists(path: target) : .cannotMake(path: target, reason: FileSystem.reason)
        }
        guard FileSystem.synchroniseFolder(of: target) else {
            let reason = FileSystem.reason
            unlink(target)
            throw .cannotMake(path: target, reason: reason)
        }
    }

    /// As a link and the end of the old name, where there are no hard links.
    private func rename() throws(StorageFault) {
        try Self.all.withLock { all throws(StorageFault) in
            switch clinux_rename_to_new(path, target) {
            case 0:
                all.remove(path)
                Self.unlinkAll(path)
            case -Int(EEXIST):
                throw .exists(path: target)
            case -Int(EINVAL), -Int(ENOSYS):
                throw .cannotMake(
                    path: target, reason: "its file system has no hard links, nor a rename that replaces nothing")
            case let error:
                throw .cannotMake(path: target, reason: String(cString: strerror(Int32(-error))))
            }
        }
    }

    /// Whether it could have a second name.
    var canBeLinked: Bool {
        // One that goes with the file, whatever happens.
        guard link(path, path + "-shm") == 0 else { return !FileSystem.lacksLinks }
        unlink(path + "-shm")
        return true
    }

    /// Gives it the name it is for in the place of the file that has it; whether that is on disk is the caller's affair.
    ///
    /// - Throws: `StorageFault.cannotMake`.
    func replace() throws(StorageFault) {
        try Self.all.withLock { all throws(StorageFault) in
            guard Glibc.rename(path, target) == 0 else { throw .cannotMake(path: target, reason: FileSystem.reason) }
            all.remove(path)
        }
    }

    /// Removes it, unless it was given its name.
    package func remove() {
        Self.all.withLock { all in
            guard all.remove(path) != nil else { return }
            Self.unlinkAll(path)
        }
    }

    /// Removes those of this process and calls `body` while no other can be made: for a process that is to end.
    package static func removeAll(then body: () -> Void) {
        all.withLock { all in
            for path in all { unlinkAll(path) }
            all = []
            body()
        }
    }

    /// - Returns: What the names added that are gone.
    @discardableResult
    private static func unlinkAll(_ path: String) -> [String] {
        FileSystem.databaseTails.filter { unlink(path + $0) == 0 }
    }
}
