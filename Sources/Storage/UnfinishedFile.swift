// Files that are not whole yet: made beside the name they are for, under one that nobody else has, and gone when whatever
// makes them fails or is told to stop. Knows nothing of what is in them.

internal import Glibc
internal import Lock

/// A file that has no name of its own yet, with what SQLite keeps beside it.
package struct UnfinishedFile: Sendable {
    /// Where it is.
    package let path: String
    /// What it is for.
    let target: String
    /// Those of this process. Names are made and given only while nobody removes them all.
    private static let all = Lock<Set<String>>([])

    /// Makes an empty file with mode 0600, named `TARGET.??????.SUFFIX`.
    ///
    /// - Throws: `StorageFault.cannotMake`, of the target.
    package init(for target: String, suffix: String = "partial") throws(StorageFault) {
        let template = "\(target).\(String(repeating: "X", count: 6)).\(suffix)"
        path = try Self.all.withLock { all throws(StorageFault) in
            var name = template.utf8CString.map(\.self)
            let descriptor = mkstemps(&name, Int32(suffix.utf8.count + 1))
            guard descriptor >= 0 else { throw .cannotMake(path: target, reason: FileSystem.reason) }
            close(descriptor)
            let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            all.insert(path)
            return path
        }
        self.target = target
    }

    /// Gives it the name it is for, unless another file has that by now, and returns once that is on disk.
    ///
    /// - Throws: `StorageFault`: `.exists`, `.cannotMake`.
    package func publish() throws(StorageFault) {
        // A link, unlike a rename, replaces nothing.
        guard link(path, target) == 0 else {
            throw errno == EEXIST ? .exists(path: target) : .cannotMake(path: target, reason: FileSystem.reason)
        }
        remove()
        guard FileSystem.synchroniseFolder(of: target) else {
            let reason = FileSystem.reason
            unlink(target)
            throw .cannotMake(path: target, reason: reason)
        }
    }

    /// Gives it the name it is for in the place of the file that has it; whether that is on disk is the caller's affair.
    ///
    /// - Throws: `StorageFault.cannotMake`.
    func replace() throws(StorageFault) {
        try Self.all.withLock { all throws(StorageFault) in
            guard rename(path, target) == 0 else { throw .cannotMake(path: target, reason: FileSystem.reason) }
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

    private static func unlinkAll(_ path: String) {
        for tail in FileSystem.databaseTails { unlink(path + tail) }
    }
}
