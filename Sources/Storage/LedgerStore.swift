// The disclosure ledger: who saw or changed what about whom. Entries are only ever added, each carrying the hash of the
// one before, so that an edit, a removal or a swap shows. Which looks are entries is decided in UseCases.

internal import Digest
package import Domain
package import SQLite

/// One look at, or change of, one person's data.
package struct Disclosure: Sendable, Equatable {
    package var referral: ReferralID
    /// The thing looked at: the referral itself, or a match, report … about it.
    package var object: Identifier<Any>
    package var action: String
    package var groups: FieldGroups

    /// A disclosure from its parts.
    package init(referral: ReferralID, object: Identifier<Any>, action: String, groups: FieldGroups) {
        self.referral = referral
        self.object = object
        self.action = action
        self.groups = groups
    }
}

/// From where, and as part of which request, something was asked.
package struct RequestTrace: Sendable, Equatable {
    package var requestID: String
    /// W3C trace id, 32 hexadecimal digits; empty when the caller sent none.
    package var traceID: String
    package var address: String

    /// A trace from its parts.
    package init(requestID: String, traceID: String = "", address: String) {
        self.requestID = requestID
        self.traceID = traceID
        self.address = address
    }
}

/// An entry as the person it is about may read it.
package struct DisclosureLine: Sendable, Equatable {
    package var sequence: Int64
    package var at: Instant
    package var role: Role
    package var organisation: OrganisationName
    package var action: String
    package var purpose: String
    package var fields: [String]
}

/// The table `ledger`.
package struct LedgerStore {
    private let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    /// Adds one entry per disclosure, in order, at the end of the chain.
    package func append(_ disclosures: [Disclosure], by actor: Actor, trace: RequestTrace, at now: Instant) throws {
        guard !disclosures.isEmpty else { return }
        var (sequence, previous) =
            try db.first("SELECT sequence, hash FROM ledger ORDER BY sequence DESC LIMIT 1") {
                ($0.int64(0), $0.blob(1))
            } ?? (0, LedgerStore.origin)
        let purpose = AccessPolicy.purpose(of: actor.role)
        for disclosure in disclosures {
            sequence += 1
            let entry = LedgerEntry(
                sequence: sequence, at: now.milliseconds, token: actor.token.value,
                organisation: actor.organisation.value,
                role: actor.role.rawValue, action: disclosure.action, purpose: purpose,
                referral: disclosure.referral.value, object: disclosure.object.value,
                groups: disclosure.groups.names.joined(separator: " "), requestID: trace.requestID,
                traceID: trace.traceID, address: trace.address)
            let hash = entry.hash(after: previous)
            try db.run(
                """
                INSERT INTO ledger (sequence, at, token_id, organisation_id, role, action, purpose, referral_id,
                    object_id, field_groups, request_id, trace_id, address, previous_hash, hash)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                entry.sequence, entry.at, entry.token, entry.organisation, entry.role, entry.action, entry.purpose,
                entry.referral, entry.object, entry.groups, entry.requestID, entry.traceID, entry.address, previous,
                hash)
            previous = hash
        }
    }

    /// A page of the entries about a referral, newest first.
    package func list(about referral: ReferralID, page: PageRequest<Int64>) throws -> Page<DisclosureLine, Int64> {
        let rows = try db.all(
            """
            SELECT l.sequence, l.at, l.role, o.id, o.name, l.action, l.purpose, l.field_groups
            FROM ledger l JOIN organisation o ON o.id = l.organisation_id
            WHERE l.referral_id = ?1 AND l.sequence < coalesce(?2, 9223372036854775807)
            ORDER BY l.sequence DESC LIMIT ?3
            """, referral, page.after, page.limit + 1
        ) { row in
            DisclosureLine(
                sequence: row.int64(0), at: row.instant(1), role: row.code(2, otherwise: .auditor),
                organisation: row.organisation(3), action: row.text(5), purpose: row.text(6),
                fields: row.text(7).split(separator: " ").map(String.init))
        }
        return Page(rows, limit: page.limit) { $0.sequence }
    }

    /// Walks the whole chain; nil when every entry is as it was written, else the first sequence that is not.
    package func firstBrokenSequence() throws -> Int64? {
        var expected: Int64 = 1
        var previous = LedgerStore.origin
        var broken: Int64?
        try db.forEach(
            """
            SELECT sequence, at, token_id, organisation_id, role, action, purpose, referral_id, object_id, field_groups,
                request_id, trace_id, address, previous_hash, hash
            FROM ledger ORDER BY sequence
            """
        ) { row in
            guard broken == nil else { return }
            let entry = LedgerEntry(
                sequence: row.int64(0), at: row.int64(1), token: .blob(row.blob(2)), organisation: .blob(row.blob(3)),
                role: row.text(4), action: row.text(5), purpose: row.text(6), referral: .blob(row.blob(7)),
                object: .blob(row.blob(8)), groups: row.text(9), requestID: row.text(10), traceID: row.text(11),
                address: row.text(12))
            let hash = row.blob(14)
            if entry.sequence != expected || row.blob(13) != previous || entry.hash(after: previous) != hash {
                broken = expected
            }
            expected += 1
            previous = hash
        }
        return broken
    }

    /// The number of entries.
    package func count() throws -> Int64 {
        try db.first("SELECT coalesce(max(sequence), 0) FROM ledger") { $0.int64(0) } ?? 0
    }

    private static let origin = [UInt8](repeating: 0, count: 32)
}

/// The fields of an entry in the order in which they are hashed.
private struct LedgerEntry {
    var sequence: Int64
    var at: Int64
    var token: Value
    var organisation: Value
    var role: String
    var action: String
    var purpose: String
    var referral: Value
    var object: Value
    var groups: String
    var requestID: String
    var traceID: String
    var address: String

    /// SHA-256 over the previous hash and every field, each with its length in front so that no two entries can
    /// give the same bytes.
    func hash(after previous: [UInt8]) -> [UInt8] {
        var bytes = previous
        bytes.reserveCapacity(400)
        bytes.append(integer: sequence)
        bytes.append(integer: at)
        for value in [token, organisation, referral, object] {
            if case .blob(let blob) = value { bytes.append(field: blob) }
        }
        for text in [role, action, purpose, groups, requestID, traceID, address] {
            bytes.append(field: text.utf8)
        }
        return SHA256.digest(bytes)
    }
}

extension [UInt8] {
    fileprivate mutating func append(integer: Int64) {
        for shift in stride(from: 56, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: integer >> Int64(shift)))
        }
    }

    fileprivate mutating func append(field: some Collection<UInt8>) {
        append(integer: Int64(field.count))
        append(contentsOf: field)
    }
}
