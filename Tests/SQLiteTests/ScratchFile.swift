// A database file of its own for each test, gone with the test.

import Foundation
import SQLite

/// A folder with room for one database; removed with this value's owner.
final class ScratchFile: Sendable {
    let folder: String
    var path: String { folder + "/test.db" }

    init() throws {
        folder = NSTemporaryDirectory() + "thuispunt-sqlite-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func open(_ access: ConnectionSettings.Access = .readWriteCreate, wait: Int = 100) throws -> Connection {
        try Connection(path: path, settings: ConnectionSettings(access: access, busyTimeoutMilliseconds: wait))
    }

    func write(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }
}
