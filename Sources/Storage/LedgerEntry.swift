// What is hashed of an entry of the ledger, in its two forms, and one entry as it stands in the table, for whoever checks
// the chain. Knows no SQL but the order of its columns.

internal import Digest
internal import Domain
internal import SQLite

/// The bytes that are hashed. An entry of form 2 is hashed over a fixed 105 bytes, two blocks of SHA-256: its form and
/// sequence, the hash of the entry before, a hash of what all entries of one request share, and whom and what it is
/// about. Form 1 had everything in one message of some 400 bytes.
enum LedgerHash {
    /// The hash before the first entry.
    static let origin = [UInt8](repeating: 0, count: SHA256.byteCount)
    /// Bytes of an entry's message in form 2.
    static let messageByteCount = 105

    /// The hash of an entry of form 2. `message` is taken over, so that a batch fills the same bytes again and again.
    static func entry(
        _ message: inout [UInt8], sequence: Int64, after previous: [UInt8], context: [UInt8],
        referral: (UInt64, UInt64), object: (UInt64, UInt64)
    ) -> [UInt8] {
        message.removeAll(keepingCapacity: true)
        message.append(2)
        message.append(integer: sequence)
        message.append(contentsOf: previous)
        message.append(contentsOf: context)
        for half in [referral.0, referral.1, object.0, object.1] { message.append(integer: Int64(bitPattern: half)) }
        return SHA256.digest(message)
    }

    /// The hash of what the entries of one request share: each text and blob with its length in front, so that no two
    /// can give the same bytes; a blob that is absent has a length that no blob has.
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

/// One entry as it stands in the table.
struct LedgerRow {
    /// The columns in the order in which `init` reads them.
    static let columns = """
        sequence, at, token_id, organisation_id, role, action, purpose, referral_id, object_id, field_groups,
        request_id, trace_id, address, previous_hash, hash, form, responsible_id, ground, result
        """

    let sequence: Int64
    let at: Int64
    let previous: [UInt8]
    let hash: [UInt8]
    private let form: Int64
    private let token: [UInt8]
    private let organisation: [UInt8]
    private let responsible: [UInt8]?
    private let referral: [UInt8]
    private let object: [UInt8]
    /// Role, action, purpose, field groups, request, trace, address.
    private let texts: [String]
    private let ground: String
    private let result: String

    init(_ row: borrowing Row) {
        sequence = row.int64(0)
        at = row.int64(1)
        token = row.blob(2)
        organisation = row.blob(3)
        referral = row.blob(7)
        object = row.blob(8)
        texts = [row.text(4), row.text(5), row.text(6), row.text(9), row.text(10), row.text(11), row.text(12)]
        previous = row.blob(13)
        hash = row.blob(14)
        form = row.int64(15)
        responsible = row.optionalBlob(16)
        ground = row.text(17)
        result = row.text(18)
    }

    /// Whether the hash is that of the fields, in the form the entry has.
    var isAsWritten: Bool { form == 1 ? isFirstForm : form == 2 && isSecondForm }

    private var isFirstForm: Bool {
        guard responsible == nil, ground.isEmpty, result == DisclosureResult.ok.rawValue else { return false }
        var bytes = previous
        bytes.append(integer: sequence)
        bytes.append(integer: at)
        for blob in [token, organisation, referral, object] { bytes.append(field: blob) }
        for text in texts { bytes.append(field: text.utf8) }
        return SHA256.digest(bytes) == hash
    }

    private var isSecondForm: Bool {
        guard let referral = Self.halves(referral), let object = Self.halves(object) else { return false }
        let context = LedgerHash.context(
            at: at, blobs: [token, organisation, responsible], texts: texts + [ground, result])
        var message: [UInt8] = []
        return hash
            == LedgerHash.entry(
                &message, sequence: sequence, after: previous, context: context, referral: referral, object: object)
    }

    private static func halves(_ bytes: [UInt8]) -> (UInt64, UInt64)? {
        guard bytes.count == 16 else { return nil }
        return bytes.withUnsafeBytes {
            (
                UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
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
}
