// What is hashed of a row of the ledger, in its three forms, and one row as it stands in the table, for whoever checks the
// chain. Knows no SQL but the order of its columns.

internal import Digest
internal import Domain
internal import SQLite

/// The bytes that are hashed. A row of form 3 is hashed over 82 bytes and 32 more for each person it lists: its form, how
/// many entries it stands for, the number of the last, the row whose people it shows again, the hash of the row before, a
/// hash of what all its entries share, and whom and what each is about. Of one person, or of the same again, that is two
/// blocks of SHA-256. Form 2 had one person in each row, and form 1 everything of it in one message of some 400 bytes.
enum LedgerHash {
    /// The hash before the first row.
    static let origin = [UInt8](repeating: 0, count: SHA256.byteCount)
    /// Bytes of a row's subjects for each entry: an id of the referral, and one of what was looked at.
    static let subjectByteCount = 32

    /// The hash of a row of form 3.
    static func row(
        sequence: Int64, entries: Int, again: Int64?, after previous: [UInt8], context: [UInt8], subjects: [UInt8]
    ) -> [UInt8] {
        var message: [UInt8] = [3, UInt8(truncatingIfNeeded: entries)]
        message.reserveCapacity(82 + subjects.count)
        message.append(integer: sequence)
        message.append(integer: again ?? 0)
        message.append(contentsOf: previous)
        message.append(contentsOf: context)
        message.append(contentsOf: subjects)
        return SHA256.digest(message)
    }

    /// The hash of what the entries of a row share: each text and blob with its length in front, so that no two can give
    /// the same bytes; a blob that is absent has a length that no blob has.
    static func context(at moment: Int64, blobs: [[UInt8]?], texts: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(320)
        bytes.append(integer: moment)
        for blob in blobs {
            if let blob { bytes.append(field: blob) } else { bytes.append(integer: -1) }
        }
        for text in texts { bytes.append(field: text.utf8) }
        return SHA256.digest(bytes)
    }
}

/// One row as it stands in the table.
struct LedgerRow {
    /// The columns in the order in which `init` reads them.
    static let columns = """
        sequence, form, entries, at, token_id, organisation_id, responsible_id, role, action, purpose, field_groups,
        request_id, trace_id, address, ground, result, again, subjects, previous_hash, hash
        """

    /// The number of its last entry.
    let sequence: Int64
    let entries: Int
    /// The row that lists its people, when it does not do so itself.
    let again: Int64?
    let previous: [UInt8]
    let hash: [UInt8]
    /// Referral and object of each entry.
    let subjects: [UInt8]
    private let form: Int64
    private let at: Int64
    private let token: [UInt8]
    private let organisation: [UInt8]
    private let responsible: [UInt8]?
    /// Role, action, purpose, field groups, request, trace, address.
    private let texts: [String]
    private let ground: String
    private let result: String

    init(_ row: borrowing Row) {
        sequence = row.int64(0)
        form = row.int64(1)
        entries = row.int(2)
        at = row.int64(3)
        token = row.blob(4)
        organisation = row.blob(5)
        responsible = row.optionalBlob(6)
        texts = [row.text(7), row.text(8), row.text(9), row.text(10), row.text(11), row.text(12), row.text(13)]
        ground = row.text(14)
        result = row.text(15)
        again = row.optionalInt64(16)
        subjects = row.blob(17)
        previous = row.blob(18)
        hash = row.blob(19)
    }

    /// The number of its first entry.
    var first: Int64 { sequence &- Int64(entries) &+ 1 }

    /// The referrals of the entries that it lists itself, in order.
    var referrals: [ReferralID] {
        stride(from: 0, to: subjects.count, by: LedgerHash.subjectByteCount).map { subjects.identifier(at: $0) }
    }

    /// Whether the hash is that of the fields, in the form the row has.
    var isAsWritten: Bool {
        switch form {
        case 1: isAlone && isFirstForm
        case 2: isAlone && isSecondForm
        case 3: hasItsPeople && isThirdForm
        default: false
        }
    }

    /// Whether it is what every row of the first two forms was: one entry that lists its person itself.
    private var isAlone: Bool { entries == 1 && again == nil && subjects.count == LedgerHash.subjectByteCount }

    private var hasItsPeople: Bool {
        (1...EngineLimits.entriesPerRow).contains(entries)
            && subjects.count == (again == nil ? entries * LedgerHash.subjectByteCount : 0)
    }

    private var isFirstForm: Bool {
        guard responsible == nil, ground.isEmpty, result == DisclosureResult.ok.rawValue else { return false }
        var bytes = previous
        bytes.append(integer: sequence)
        bytes.append(integer: at)
        for blob in [token, organisation, Array(subjects[..<16]), Array(subjects[16...])] { bytes.append(field: blob) }
        for text in texts { bytes.append(field: text.utf8) }
        return SHA256.digest(bytes) == hash
    }

    private var isSecondForm: Bool {
        var message: [UInt8] = [2]
        message.append(integer: sequence)
        return SHA256.digest(message + previous + context + subjects) == hash
    }

    private var isThirdForm: Bool {
        LedgerHash.row(
            sequence: sequence, entries: entries, again: again, after: previous, context: context, subjects: subjects)
            == hash
    }

    private var context: [UInt8] {
        LedgerHash.context(at: at, blobs: [token, organisation, responsible], texts: texts + [ground, result])
    }
}

extension [UInt8] {
    mutating func append(integer: Int64) {
        Swift.withUnsafeBytes(of: integer.bigEndian) { append(contentsOf: $0) }
    }

    fileprivate mutating func append(field: some Collection<UInt8>) {
        append(integer: Int64(field.count))
        append(contentsOf: field)
    }

    /// Adds the 16 bytes of an id.
    mutating func append<Subject>(_ id: Identifier<Subject>) {
        append(integer: Int64(bitPattern: id.high))
        append(integer: Int64(bitPattern: id.low))
    }

    /// The id whose 16 bytes begin at a place; of zeros where they end sooner.
    func identifier<Subject>(at place: Int, of subject: Subject.Type = Subject.self) -> Identifier<Subject> {
        guard place + 16 <= count else { return Identifier(high: 0, low: 0) }
        return withUnsafeBytes {
            Identifier(
                high: UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt64.self)),
                low: UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: place + 8, as: UInt64.self)))
        }
    }
}
