// The table `region_version`: the region's settings, each version whole and kept. What a version says is read from its
// document once and remembered by its checksum, because almost every write asks for a term.

internal import Digest
package import Domain
internal import Lock
internal import RegionFile
package import SQLite

/// The region's settings with the version they are.
package struct RegionVersion: Sendable, Equatable {
    package var version: Int
    /// When it was applied; nil for the defaults.
    package var appliedAt: Instant?
    package var settings: RegionSettings

    /// The settings of a region that has not set any.
    package static let standard = RegionVersion(
        version: RegionSettings.standardVersion, appliedAt: nil, settings: .standard)
}

/// The versions of the settings.
package struct RegionStore {
    let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    /// Settings read, by the checksum of their document; a process sees few.
    private static let known = Lock<[[UInt8]: RegionSettings]>([:])
    private static let knownLimit = 16

    /// The settings in force: the newest version, or the defaults.
    ///
    /// - Throws: `SQLiteError`; `StorageFault.unavailable` when a document in the table can not be read.
    package func current() throws -> RegionVersion {
        let newest = try db.first(
            "SELECT version, applied_at, checksum FROM region_version ORDER BY version DESC LIMIT 1"
        ) { (version: $0.int(0), at: $0.instant(1), checksum: $0.blob(2)) }
        guard let newest else { return .standard }
        return try read(newest.version, newest.at, newest.checksum)
    }

    /// A version of the settings; nil when there was none of that number.
    package func find(_ version: Int) throws -> RegionVersion? {
        if version == RegionSettings.standardVersion { return .standard }
        let row = try db.first("SELECT applied_at, checksum FROM region_version WHERE version = ?", version) {
            (at: $0.instant(0), checksum: $0.blob(1))
        }
        return try row.map { try read(version, $0.at, $0.checksum) }
    }

    private func read(_ version: Int, _ at: Instant, _ checksum: [UInt8]) throws -> RegionVersion {
        if let settings = Self.known.withLock({ $0[checksum] }) {
            return RegionVersion(version: version, appliedAt: at, settings: settings)
        }
        let document = try db.first("SELECT document FROM region_version WHERE version = ?", version) { $0.text(0) }
        guard let document, let settings = try? RegionReader.decode(Array(document.utf8)) else {
            throw StorageFault.unavailable(reason: "version \(version) of the region's settings can not be read")
        }
        Self.known.withLock { known in
            if known.count >= Self.knownLimit { known.removeAll() }
            known[checksum] = settings
        }
        return RegionVersion(version: version, appliedAt: at, settings: settings)
    }

    /// Adds a version and gives its number; nil when the newest says the same already.
    ///
    /// - Throws: `InvalidBody` for settings that could not be read back; `SQLiteError`.
    package func insert(_ settings: RegionSettings, at now: Instant) throws -> Int? {
        let document = RegionWriter.encode(settings)
        _ = try RegionReader.decode(document)
        let checksum = SHA256.digest(document)
        let newest = try db.first("SELECT version, checksum FROM region_version ORDER BY version DESC LIMIT 1") {
            (version: $0.int(0), checksum: $0.blob(1))
        }
        if newest?.checksum == checksum { return nil }
        let version = (newest?.version ?? RegionSettings.standardVersion) + 1
        try db.run(
            "INSERT INTO region_version (version, applied_at, document, checksum) VALUES (?, ?, ?, ?)",
            version, now, String(decoding: document, as: UTF8.self), checksum)
        return version
    }
}
