// The disclosure ledger: who saw or changed what about whom. Entries are only ever added, each carrying the hash of the
// one before, so that an edit, a removal or a swap shows. Which looks are entries is decided in UseCases, what stands in
// them beside that in Domain/Accountability, what is hashed in LedgerEntry.

package import Domain
package import SQLite

/// One look at, or change of, one person's data.
package struct Disclosure: Sendable, Equatable {
    package var referral: ReferralID
    /// The thing looked at: the referral itself, or a match, report … about it.
    package var object: Identifier<Any>
    package var action: String
    package var groups: FieldGroups
    /// Whether it was done, or refused in words that tell of the person.
    package var result: DisclosureResult
    /// Whether the emergency button was used (NEN 7513, section 9).
    package var isEmergency: Bool

    /// A disclosure from its parts.
    package init(
        referral: ReferralID, object: Identifier<Any>, action: String, groups: FieldGroups,
        result: DisclosureResult = .ok, isEmergency: Bool = false
    ) {
        self.referral = referral
        self.object = object
        self.action = action
        self.groups = groups
        self.result = result
        self.isEmergency = isEmergency
    }

    /// Whether both are the same but for whom they are about.
    fileprivate func isLike(_ other: Disclosure) -> Bool {
        groups == other.groups && result == other.result && isEmergency == other.isEmergency && action == other.action
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

/// The table `ledger`.
package struct LedgerStore {
    let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    /// Adds one entry per disclosure, in order, at the end of the chain.
    package func append(_ disclosures: [Disclosure], by actor: Actor, trace: RequestTrace, at now: Instant) throws {
        var entries = disclosures
        if actor.hasBrokenGlass {
            // What is seen only because the glass is broken is marked (NEN 7513, section 9).
            let opened = try RestrictionStore(db).opened(to: actor.token, at: now)
            for place in entries.indices where opened.contains(entries[place].referral) {
                entries[place].isEmergency = true
            }
        }
        try append(entries, by: LedgerAuthor(actor), trace: trace, at: now)
    }

    /// Adds one entry per disclosure, in order, at the end of the chain.
    ///
    /// A page of matches is 25 entries that differ in little: what they share is hashed and bound once.
    package func append(
        _ disclosures: [Disclosure], by author: LedgerAuthor, trace: RequestTrace, at now: Instant
    ) throws {
        guard var last = disclosures.first else { return }
        var (sequence, previous, _) = try head()
        var shared = Shared(last, by: author, trace, at: now)
        var message: [UInt8] = []
        message.reserveCapacity(LedgerHash.messageByteCount)
        try db.batch(
            """
            INSERT INTO ledger (sequence, referral_id, object_id, previous_hash, hash, action, field_groups, ground,
                result, at, token_id, organisation_id, responsible_id, role, purpose, request_id, trace_id, address, form)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 2)
            """
        ) { batch in
            try batch.bind(
                from: 10, now, author.token, author.organisation, author.responsible, Code(author.role),
                shared.purpose, trace.requestID, trace.traceID, trace.address)
            var isBound = false
            for disclosure in disclosures {
                if !disclosure.isLike(last) {
                    shared = Shared(disclosure, by: author, trace, at: now)
                    isBound = false
                }
                last = disclosure
                if !isBound {
                    try batch.bind(from: 6, disclosure.action, shared.groups, shared.ground, Code(disclosure.result))
                    isBound = true
                }
                sequence += 1
                let hash = LedgerHash.entry(
                    &message, sequence: sequence, after: previous, context: shared.hash,
                    referral: (disclosure.referral.high, disclosure.referral.low),
                    object: (disclosure.object.high, disclosure.object.low))
                try batch.bind(from: 1, sequence, disclosure.referral, disclosure.object, previous, hash)
                try batch.run()
                previous = hash
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
        try db.first("SELECT count(*) FROM ledger WHERE referral_id = ? AND at >= ?", referral, since) { $0.int(0) }
            ?? 0
    }

    /// The hash of an entry; nil when there is none of that number.
    func hash(of sequence: Int64) throws -> [UInt8]? {
        try db.first("SELECT hash FROM ledger WHERE sequence = ?", sequence) { $0.blob(0) }
    }
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
                of: author.role, disclosure.action, on: disclosure.groups, inEmergency: disclosure.isEmergency
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
