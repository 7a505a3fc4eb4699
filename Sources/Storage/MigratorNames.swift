// Names that migrations give: to a new file, to the copy before a change, and to a text (its checksum).

internal import Digest
package import Domain
internal import Migrations

extension Migrator {
    /// The name and first text of the file that would come next.
    ///
    /// - Throws: `StorageFault.migration(.badName)`.
    package func newFile(named name: String) throws(StorageFault) -> (fileName: String, text: String) {
        guard Migrator.isName(name) else { throw .migration(.badName(name)) }
        let next = Migration.fileName(number: (migrations.last?.number ?? 0) + 1, name: name)
        return (next, "-- Why this change, in a sentence.\n\n")
    }

    /// Small letters, digits and underscores, a letter first.
    static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, (0x61...0x7A).contains(first), name.utf8.count <= 64 else { return false }
        return name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }

    /// `NAME.before-0002-20261122T093000000Z.backup`, beside the database.
    static func copyName(of path: String, before migration: Migration, at moment: Instant) -> String {
        "\(path).before-\(migration.fileName.prefix { $0 != "_" })-\(stamp(moment)).backup"
    }

    /// A moment as part of a file's name, such as `20261122T093000000Z`; names of later moments sort later.
    package static func stamp(_ moment: Instant) -> String {
        moment.description.filter { $0 != "-" && $0 != ":" && $0 != "." }
    }

    /// The SHA-256 of a migration's text, in hexadecimal (FIPS 180-4).
    @Sendable package static func sha256(_ text: [UInt8]) -> String { Hex.encode(SHA256.digest(text)) }
}
