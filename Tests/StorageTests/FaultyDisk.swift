// A disk that fails when told to: SQLite's own file layer with reads, writes, syncs and truncations that can be made to fail
// (https://www.sqlite.org/vfs.html#shims_which_are_wrappers_around_existing_vfses). Registered as the process's
// default; files outside an armed folder never notice.

import CSQLite
import Foundation
import Lock

/// Fails file operations in chosen folders.
enum FaultyDisk {
    enum Operation: Hashable, Sendable { case read, write, sync, truncate }

    struct Plan: Sendable {
        /// Operations that still succeed.
        var successes: Int
        /// Operations that fail after those; then all succeed again.
        var failures: Int
        /// What SQLite gets to hear.
        var code: Int32
        /// Which operations count.
        var operations: Set<Operation>
    }

    private typealias Methods = UnsafePointer<sqlite3_io_methods>

    private struct State {
        var plans: [String: Plan] = [:]
        /// Files under watch: their folder and the methods the system gave them.
        var files: [UnsafeMutablePointer<sqlite3_file>: (folder: String, path: String, methods: Methods)] = [:]
        /// For each table of methods (database files and logs have different ones) the one that can fail.
        var patched: [Methods: Methods] = [:]
    }

    private static let state = Lock(State())
    nonisolated(unsafe) private static let system = sqlite3_vfs_find(nil)

    /// To be called before the first connection of a test that arms a folder.
    static let install: Void = {
        guard let system else { return }
        let shim = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        shim.initialize(to: system.pointee)
        shim.pointee.zName = UnsafePointer(strdup("faulty"))
        shim.pointee.pNext = nil
        shim.pointee.xOpen = { _, name, file, flags, outFlags in
            guard let system = FaultyDisk.system, let file, let open = system.pointee.xOpen else { return SQLITE_ERROR }
            let code = open(system, name, file, flags, outFlags)
            if code == SQLITE_OK, let name { FaultyDisk.adopt(file, String(cString: name)) }
            return code
        }
        sqlite3_vfs_register(shim, 1)
    }()

    /// Of the files in a folder, or of one.
    static func arm(_ folder: String, _ plan: Plan?) { state.withLock { $0.plans[folder] = plan } }

    /// Failures still to come in `folder`.
    static func failuresLeft(_ folder: String) -> Int { state.withLock { $0.plans[folder]?.failures ?? 0 } }

    private static func adopt(_ file: UnsafeMutablePointer<sqlite3_file>, _ path: String) {
        guard path.contains("/thuispunt-engine-") || path.contains("/thuispunt-restore-"),
            let methods = file.pointee.pMethods
        else { return }
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
        state.withLock { state in
            let patched = state.patched[methods] ?? patch(methods)
            state.patched[methods] = patched
            state.files[file] = (folder, path, methods)
            file.pointee.pMethods = patched
        }
    }

    private static func patch(_ methods: Methods) -> Methods {
        let copy = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        copy.initialize(to: methods.pointee)
        copy.pointee.xRead = { file, bytes, count, offset in
            FaultyDisk.attempt(.read, file) { $0.xRead?(file, bytes, count, offset) }
        }
        copy.pointee.xWrite = { file, bytes, count, offset in
            FaultyDisk.attempt(.write, file) { $0.xWrite?(file, bytes, count, offset) }
        }
        copy.pointee.xSync = { file, flags in
            FaultyDisk.attempt(.sync, file) { $0.xSync?(file, flags) }
        }
        copy.pointee.xTruncate = { file, size in
            FaultyDisk.attempt(.truncate, file) { $0.xTruncate?(file, size) }
        }
        return Methods(copy)
    }

    private static func attempt(
        _ operation: Operation, _ file: UnsafeMutablePointer<sqlite3_file>?, _ call: (sqlite3_io_methods) -> Int32?
    ) -> Int32 {
        var failure: Int32?
        var original: sqlite3_io_methods?
        state.withLock { state in
            guard let file, let (folder, path, methods) = state.files[file] else { return }
            original = methods.pointee
            let place = state.plans[path] == nil ? folder : path
            guard var plan = state.plans[place], plan.operations.contains(operation) else { return }
            if plan.successes > 0 {
                plan.successes -= 1
            } else if plan.failures > 0 {
                plan.failures -= 1
                failure = plan.code
            }
            state.plans[place] = plan
        }
        if let failure { return failure }
        return original.flatMap(call) ?? SQLITE_ERROR
    }
}
