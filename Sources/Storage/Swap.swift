// Puts a file in the place of a database, so that its name holds the whole of the one or of the other at every moment, and
// what stood there keeps another name. Knows nothing of what is in them.

internal import Glibc

/// One exchange of files; undone as a whole when a part of it fails.
final class Swap {
    private let attempt: () throws -> Void
    private var undo: [() -> Void] = []

    /// - Parameter attempt: Called before each change.
    init(_ attempt: @escaping () throws -> Void) { self.attempt = attempt }

    /// Gives a file the name it is for; what has that goes by the name with the suffix, if it may be replaced.
    ///
    /// Everything has its new name, on disk, before anything loses its old one.
    ///
    /// - Parameter proofs: Files that leave their place as well, with where to. They do so last: who is interrupted before has a
    ///   database that they say to be behind, not one that nothing is known of.
    /// - Throws: `StorageFault`, `RestoreRefusal.noLinks`, what `attempt` throws; then all is as it was.
    func run(
        _ fresh: UnfinishedFile, replacing: Bool, suffix: String, proofs: [(old: String, new: String)]
    ) throws {
        do {
            let path = fresh.target
            let files = FileSystem.databaseTails.filter { FileSystem.isThere(path + $0) }
                .map { (old: path + $0, new: path + suffix + $0) }
            for file in files + proofs { try link(file.old, file.new) }
            try synchronise([path] + proofs.map(\.new))
            // The logs of a file that SQLite can't read; it would write those of another over this one.
            for file in files where file.old != path { try unlink(file.old, keptAs: file.new) }
            try attempt()
            if replacing {
                try fresh.replace()
                undo.append { _ = rename(path + suffix, path) }
            } else {
                try fresh.publish()
                undo.append { Glibc.unlink(path) }
            }
            for proof in proofs { try unlink(proof.old, keptAs: proof.new) }
            try synchronise([path] + proofs.map(\.old))
        } catch {
            for step in undo.reversed() { step() }
            throw error
        }
    }

    private func link(_ old: String, _ new: String) throws {
        try attempt()
        guard Glibc.link(old, new) == 0 else {
            if FileSystem.lacksLinks { throw RestoreRefusal.noLinks(path: old) }
            throw StorageFault.cannotMake(path: new, reason: FileSystem.reason)
        }
        undo.append { Glibc.unlink(new) }
    }

    private func unlink(_ old: String, keptAs new: String) throws {
        try attempt()
        guard Glibc.unlink(old) == 0 else { throw StorageFault.cannotMake(path: old, reason: FileSystem.reason) }
        undo.append { _ = Glibc.link(new, old) }
    }

    private func synchronise(_ paths: [String]) throws {
        try attempt()
        for path in paths where !FileSystem.synchroniseFolder(of: path) {
            throw StorageFault.cannotMake(path: path, reason: FileSystem.reason)
        }
    }
}
