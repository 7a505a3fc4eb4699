// The disclosure ledger: who saw or changed what about whom. An entry is one person; a row holds those whom one request
// showed on the same terms. Rows are only ever added, each carrying the hash of the one before, so that an edit, a removal
// or a swap shows. Which looks are entries is decided in UseCases, what stands in them beside that in
// Domain/Accountability, what is hashed in LedgerEntry.

package import Domain
internal import Lock
package import SQLite

/// One look at, or change of, one person's data.
package struct Disclosure: Sendable, Equatable {
    package var referral: ReferralID
    /// The thing looked at: the referral itself, or a match, report … about it.
    package var object: Identifier<Any>
    package var action: String
    package var groups: FieldGroups
    /// As what it is looked at, which decides the ground in law.
    package var sight: Sight
    /// Whether it was done, or refused in words that tell of the person.
    package var result: DisclosureResult
    /// Whether the emergency button was used (NEN 7513, section 9).
    package var isEmergency: Bool

    /// A disclosure from its parts.
    package init(
        referral: ReferralID, object: Identifier<Any>, action: String, groups: FieldGroups, sight: Sight = .referral,
        result: DisclosureResult = .ok, isEmergency: Bool = false
    ) {
        self.referral = referral
        self.object = object
        self.action = action
        self.groups = groups
        self.sight = sight
        self.result = result
        self.isEmergency = isEmergency
    }

    /// Whether an entry of both says the same but for whom it is about, when somebody of this role makes it.
    fileprivate func isLike(_ other: Disclosure, by role: Role) -> Bool {
        groups == other.groups && result == other.result && isEmergency == other.isEmergency && action == other.action
            && (sight == other.sight
                || AccessPolicy.ground(of: role, sight) == AccessPolicy.ground(of: role, other.sight))
    }
}

/// Who did it, on whose responsibility.
package struct LedgerAuthor: Sendable, Equatable {
    package var token: TokenID
    package var organisation: OrganisationID
    package var responsible: OrganisationID?
    package var role: Role

    /// The bearer of a token.
    package init(_ actor: Actor) {
        token = actor.token
        organisation = actor.organisation
        responsible = AccessPolicy.responsible(for: actor)
        role = actor.role
    }

    private init(token: TokenID, organisation: OrganisationID, role: Role) {
        self.token = token
        self.organisation = organisation
        self.role = role
    }

    /// Whoever can run commands on the machine itself: there is no token to name, and ids of zeros stand for that.
    package static let localOperator = LedgerAuthor(
        token: TokenID(high: 0, low: 0), organisation: OrganisationID(high: 0, low: 0), role: .admin)

    /// Whether it is whoever can run commands on the machine.
    package var isLocalOperator: Bool { token == LedgerAuthor.localOperator.token }
}

/// From where, and as part of which request, something was asked.
package struct RequestTrace: Sendable, Equatable {
    package var requestID: String
    /// W3C trace id, 32 hexadecimal digits: the caller's, or one made here. Empty in entries from before those were made.
    package var traceID: String
    package var address: String

    /// A trace from its parts.
    package init(requestID: String, traceID: String = "", address: String) {
        self.requestID = requestID
        self.traceID = traceID
        self.address = address
    }
}

extension WriteTransaction {
    /// What is done by the service or its operator and was asked over no wire, in a trace of its own.
    package func localTrace(_ requestID: String? = nil) -> RequestTrace {
        let id = newIdentifier(of: RequestTrace.self).description
        return RequestTrace(requestID: requestID ?? id, traceID: id.filter { $0 != "-" }, address: "local")
    }
}

/// The tables `ledger` and `ledger_person`.
package struct LedgerStore {
    let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    /// Adds one entry per disclosure at the end of the chain, by somebody with a token.
    package func append(
        _ disclosures: [Disclosure], by actor: Actor, trace: RequestTrace, at now: Instant,
        among recent: RecentLooks? = nil
    ) throws {
        var entries = disclosures
        if actor.hasBrokenGlass {
            // What is seen only because the glass is broken is marked (NEN 7513, section 9).
            let opened = try RestrictionStore(db).opened(to: actor.token, at: actor.asOf)
            for place in entries.indices where opened.contains(entries[place].referral) {
                entries[place].isEmergency = true
            }
        }
        try append(entries, by: LedgerAuthor(actor), trace: trace, at: now, among: recent)
    }

    /// Adds one entry per disclosure at the end of the chain: a row for each set of facts that some of them share. A row
    /// of people whom `recent` knows from another one names that instead of listing them.
    package func append(
        _ disclosures: [Disclosure], by author: LedgerAuthor, trace: RequestTrace, at now: Instant,
        among recent: RecentLooks? = nil
    ) throws {
        guard !disclosures.isEmpty else { return }
        var (sequence, previous, _) = try head()
        for group in LookGroup.of(disclosures, by: author.role) {
            let shared = Shared(group.first, by: author, trace, at: now)
            sequence += Int64(group.entries)
            let again = try recent.flatMap { try original(of: group, at: sequence, among: $0) }
            let subjects = again == nil ? group.subjects : []
            let hash = LedgerHash.row(
                sequence: sequence, entries: group.entries, again: again, after: previous, context: shared.hash,
                subjects: subjects)
            try db.run(
                """
                INSERT INTO ledger (sequence, form, entries, at, token_id, organisation_id, responsible_id, role, action,
                    purpose, ground, field_groups, result, request_id, trace_id, address, again, subjects, previous_hash,
                    hash)
                VALUES (?, 3, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                sequence, group.entries, now, author.token, author.organisation, author.responsible,
                Code(author.role), group.first.action, shared.purpose, shared.ground, shared.groups,
                Code(group.first.result), trace.requestID, trace.traceID, trace.address, again, subjects, previous,
                hash)
            if again == nil {
                try list(group, from: sequence - Int64(group.entries) + 1)
                recent?.note(group.subjects, at: sequence)
            }
            previous = hash
        }
    }

    /// The row that lists the same people in the same order; nil when there is none near enough, or repeating it would
    /// save nothing. What is remembered may have been undone since, so the table has the last word.
    private func original(of group: LookGroup, at sequence: Int64, among recent: RecentLooks) throws -> Int64? {
        guard group.entries > 1, let row = recent.row(of: group.subjects),
            sequence - row <= EngineLimits.furthestRepeat
        else { return nil }
        return try db.first(
            "SELECT 1 FROM ledger WHERE sequence = ? AND subjects = ?", row, group.subjects
        ) { _ in row }
    }

    /// Writes down which entries are about whom.
    private func list(_ group: LookGroup, from first: Int64) throws {
        try db.batch("INSERT INTO ledger_person (referral_id, sequence) VALUES (?, ?)") { batch in
            for (place, referral) in group.referrals.enumerated() {
                try batch.bind(from: 1, referral, first + Int64(place))
                try batch.run()
            }
        }
    }

    /// The last entry's sequence, hash and moment; of an empty ledger 0 and the hash before the first.
    func head() throws -> (sequence: Int64, hash: [UInt8], at: Instant) {
        try db.first("SELECT sequence, hash, at FROM ledger ORDER BY sequence DESC LIMIT 1") {
            ($0.int64(0), $0.blob(1), $0.instant(2))
        } ?? (0, LedgerHash.origin, Instant(milliseconds: 0))
    }

    /// The number of entries.
    package func count() throws -> Int64 { try head().sequence }

    /// How often a person was looked at or changed since a moment.
    package func count(about referral: ReferralID, since: Instant) throws -> Int {
        try db.first(
            """
            SELECT coalesce(sum((l.at >= ?2) + (SELECT count(*) FROM ledger a WHERE a.again = l.sequence AND a.at >= ?2)), 0)
            FROM ledger_person p JOIN ledger l
                ON l.sequence = (SELECT min(sequence) FROM ledger WHERE sequence >= p.sequence)
            WHERE p.referral_id = ?1
            """, referral, since
        ) { $0.int(0) } ?? 0
    }

    /// The hash of the row that ends with an entry; nil when there is none.
    func hash(of sequence: Int64) throws -> [UInt8]? {
        try db.first("SELECT hash FROM ledger WHERE sequence = ?", sequence) { $0.blob(0) }
    }
}

/// Lists of people that stand in the ledger, by what lists them: hints for the writer, who asks the table before it
/// believes one.
package final class RecentLooks: Sendable {
    private let rows = Lock<[[UInt8]: Int64]>([:])

    /// Remembers nothing yet.
    package init() {}

    fileprivate func row(of subjects: [UInt8]) -> Int64? { rows.withLock { $0[subjects] } }

    fileprivate func note(_ subjects: [UInt8], at sequence: Int64) {
        rows.withLock { rows in
            if rows.count >= EngineLimits.recentLooks { rows.removeAll(keepingCapacity: true) }
            rows[subjects] = sequence
        }
    }
}

extension Database {
    /// Writes down what somebody is about to be shown; on disk when this returns. Nothing that an answer shows changes by
    /// it, those about the looks aside.
    ///
    /// - Throws: `StorageFault`.
    package func record(_ disclosures: [Disclosure], by actor: Actor, trace: RequestTrace) async throws {
        let recent = recentLooks
        try await writer.write(.look) { tx in
            try LedgerStore(tx.db).append(disclosures, by: actor, trace: trace, at: tx.now, among: recent)
        }
    }
}

/// Disclosures of one request that are alike but for whom they are about, as many as one row holds.
private struct LookGroup {
    let first: Disclosure
    private(set) var referrals: [ReferralID] = []
    /// Referral and object of each, as they are stored.
    private(set) var subjects: [UInt8] = []

    var entries: Int { referrals.count }

    private init(_ first: Disclosure, reserving count: Int) {
        self.first = first
        referrals.reserveCapacity(count)
        subjects.reserveCapacity(count * LedgerHash.subjectByteCount)
    }

    /// The groups, in the order in which each begins.
    static func of(_ disclosures: [Disclosure], by role: Role) -> [LookGroup] {
        var groups: [LookGroup] = []
        for disclosure in disclosures {
            var place = groups.firstIndex { $0.hasRoom && disclosure.isLike($0.first, by: role) } ?? groups.count
            if place == groups.count {
                groups.append(LookGroup(disclosure, reserving: min(disclosures.count, EngineLimits.entriesPerRow)))
                place = groups.count - 1
            }
            groups[place].referrals.append(disclosure.referral)
            groups[place].subjects.append(disclosure.referral)
            groups[place].subjects.append(disclosure.object)
        }
        return groups
    }

    private var hasRoom: Bool { entries < EngineLimits.entriesPerRow }
}

/// What entries of one request have in common, with its hash.
private struct Shared {
    let groups: String
    let ground: String
    let purpose: String
    let hash: [UInt8]

    init(_ disclosure: Disclosure, by author: LedgerAuthor, _ trace: RequestTrace, at now: Instant) {
        groups = disclosure.groups.names.joined(separator: " ")
        ground =
            AccessPolicy.grounds(
                of: author.role, disclosure.sight, on: disclosure.groups, inEmergency: disclosure.isEmergency
            ).codes
        purpose = AccessPolicy.purpose(of: author.role).rawValue
        hash = LedgerHash.context(
            at: now.milliseconds,
            blobs: [author.token.bytes, author.organisation.bytes, author.responsible?.bytes],
            texts: [
                author.role.rawValue, disclosure.action, purpose, groups, trace.requestID, trace.traceID, trace.address,
                ground, disclosure.result.rawValue,
            ])
    }
}
