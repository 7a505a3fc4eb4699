// Access tokens: found by the hash of their secret. Knows nothing of how a secret looks; see UseCases/AccessTokens.

package import Domain
package import SQLite

/// What is kept of an access token.
package struct TokenRecord: Sendable, Equatable {
    package var id: TokenID
    package var organisation: OrganisationID
    package var role: Role
    package var referral: ReferralID?
    package var label: String
    package var createdAt: Instant
    package var expiresAt: Instant?
    package var revokedAt: Instant?
    /// From where it may be used; nil for anywhere.
    package var addresses: AddressList?
    /// The last day on which it was used, as far as that was written down.
    package var lastUsedOn: CivilDate?
    /// Whether it is for somebody whom the candidate trusts to look along.
    package var isDelegate = false
    /// The token of who let them look along; nil when it is not known, or nobody did.
    package var issuedBy: TokenID?
    /// The token in whose place it came.
    package var replaces: TokenID?

    /// A token's record from its parts.
    package init(
        id: TokenID, organisation: OrganisationID, role: Role, referral: ReferralID?, label: String,
        createdAt: Instant, expiresAt: Instant?, revokedAt: Instant? = nil, addresses: AddressList? = nil,
        lastUsedOn: CivilDate? = nil
    ) {
        self.id = id
        self.organisation = organisation
        self.role = role
        self.referral = referral
        self.label = label
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.addresses = addresses
        self.lastUsedOn = lastUsedOn
    }
}

/// A token that holds: whom it speaks for, until when, and from where.
package struct LiveToken: Sendable, Equatable {
    package var actor: Actor
    package var expiresAt: Instant?
    package var addresses: AddressList?
    package var lastUsedOn: CivilDate?
    /// The session that stands for it; nil when the token itself was sent.
    package var session: LiveSession?

    /// Whether it may be used from an address.
    package func isUsable(from address: String) -> Bool { addresses?.contains(address) ?? true }

    /// Whether it still holds at a moment.
    package func isLive(at now: Instant) -> Bool { expiresAt.map { now < $0 } ?? true }
}

/// The table `access_token`.
package struct TokenStore {
    private let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    /// Adds a token by the SHA-256 of its secret (32 bytes).
    package func insert(_ token: TokenRecord, hash: [UInt8]) throws {
        try db.run(
            """
            INSERT INTO access_token
                (id, organisation_id, role, referral_id, label, hash, created_at, expires_at, addresses, delegate,
                issued_by, replaces)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            token.id, token.organisation, Code(token.role), token.referral, token.label, hash, token.createdAt,
            token.expiresAt, token.addresses?.description, token.isDelegate, token.issuedBy, token.replaces)
    }

    private static let liveColumns = """
        k.id, k.organisation_id, k.role, k.referral_id, o.municipality, k.expires_at, k.addresses, k.last_used_on,
            EXISTS (SELECT 1 FROM named_person n WHERE n.token_id = k.id AND n.ends_at IS NOT NULL), k.delegate
        """
    private static let isLive = """
        k.revoked_at IS NULL AND o.disabled_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > ?)
        """

    /// Whom a secret speaks for, until when and from where, by its SHA-256; nil when there is none, or it is expired or
    /// revoked, or its organisation is closed.
    package func live(hash: [UInt8], at now: Instant) throws -> LiveToken? {
        try db.first(
            SQL(
                dynamic: """
                    SELECT \(Self.liveColumns)
                    FROM access_token k JOIN organisation o ON o.id = k.organisation_id
                    WHERE k.hash = ? AND \(Self.isLive)
                    """), hash, now, read: Self.liveToken)
    }

    /// Whom a session speaks for, by the SHA-256 of its secret; nil when there is none, or it or its token has ended.
    package func live(session hash: [UInt8], at now: Instant) throws -> LiveToken? {
        try db.first(
            SQL(
                dynamic: """
                    SELECT \(Self.liveColumns), k.hash, s.lives_until, s.ends_at
                    FROM session s JOIN access_token k ON k.id = s.token_id
                        JOIN organisation o ON o.id = k.organisation_id
                    WHERE s.hash = ? AND \(Self.isLive) AND s.lives_until > ?
                    """), hash, now, now
        ) { row in
            var token = Self.liveToken(row)
            let session = LiveSession(
                hash: hash, tokenHash: row.blob(10), livesUntil: row.instant(11), endsAt: row.instant(12))
            token.expiresAt = token.expiresAt.map { min($0, session.livesUntil) } ?? session.livesUntil
            token.session = session
            return token
        }
    }

    private static func liveToken(_ row: borrowing Row) -> LiveToken {
        var actor = Actor(
            token: row.id(0), organisation: row.id(1), role: row.code(2, otherwise: .auditor),
            municipality: row.isNull(4) ? nil : row.municipality(4), referral: row.optionalID(3))
        actor.hasBrokenGlass = row.bool(8)
        actor.isDelegate = row.bool(9)
        return LiveToken(
            actor: actor, expiresAt: row.optionalInstant(5), addresses: row.addresses(6),
            lastUsedOn: row.optionalDate(7))
    }

    private static let columns = """
        SELECT id, organisation_id, role, referral_id, label, created_at, expires_at, revoked_at, addresses,
            last_used_on, delegate, issued_by, replaces
        FROM access_token
        """

    /// The token with an id.
    package func find(_ id: TokenID) throws -> TokenRecord? {
        try db.first(SQL(dynamic: "\(Self.columns) WHERE id = ?"), id, read: Self.record)
    }

    /// All tokens, or those of one organisation, oldest first; not that of the service's own clock.
    package func list(organisation: OrganisationID? = nil) throws -> [TokenRecord] {
        try db.all(
            SQL(dynamic: "\(Self.columns) WHERE (?1 IS NULL OR organisation_id = ?1) AND id <> ?2 ORDER BY id"),
            organisation, Actor.clockwork.token, read: Self.record)
    }

    /// Ends a token now; false when there is none or it has ended already.
    package func revoke(_ id: TokenID, at now: Instant) throws -> Bool {
        try db.run("UPDATE access_token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", now, id) > 0
    }

    /// Lets a token end at a moment, unless it ends sooner.
    package func expire(_ id: TokenID, at end: Instant) throws {
        try db.run(
            "UPDATE access_token SET expires_at = min(coalesce(expires_at, ?1), ?1) WHERE id = ?2", end, id)
    }

    /// Lets a token end at a moment, or never, whatever was said before.
    package func setEnd(of id: TokenID, to end: Instant?) throws {
        try db.run("UPDATE access_token SET expires_at = ? WHERE id = ?", end, id)
    }

    /// Writes down that a token was used on a day; changes nothing when that, or a later day, is there already.
    package func noteUse(_ id: TokenID, on day: CivilDate) throws {
        try db.run(
            "UPDATE access_token SET last_used_on = ?1 WHERE id = ?2 AND coalesce(last_used_on < ?1, 1)", day, id)
    }

    private static func record(_ row: borrowing Row) -> TokenRecord {
        var record = TokenRecord(
            id: row.id(0), organisation: row.id(1), role: row.code(2, otherwise: .auditor), referral: row.optionalID(3),
            label: row.text(4), createdAt: row.instant(5), expiresAt: row.optionalInstant(6),
            revokedAt: row.optionalInstant(7), addresses: row.addresses(8), lastUsedOn: row.optionalDate(9))
        record.isDelegate = row.bool(10)
        record.issuedBy = row.optionalID(11)
        record.replaces = row.optionalID(12)
        return record
    }

    /// Whether two tokens are one bearer's: the same, or each in the place of the same earlier one.
    package func isSameBearer(_ one: TokenID, _ other: TokenID) throws -> Bool {
        try first(before: one) == first(before: other)
    }

    private func first(before id: TokenID) throws -> TokenID? {
        try db.first(
            """
            WITH RECURSIVE before (id) AS (
                VALUES (?) UNION SELECT k.replaces FROM before b JOIN access_token k ON k.id = b.id)
            SELECT b.id FROM before b JOIN access_token k ON k.id = b.id WHERE k.replaces IS NULL
            """, id
        ) { $0.id(0) }
    }

    /// The tokens of those who look along with the candidate of a referral, oldest first.
    package func delegates(of referral: ReferralID) throws -> [TokenRecord] {
        try db.all(
            SQL(dynamic: "\(Self.columns) WHERE referral_id = ? AND delegate = 1 ORDER BY id"), referral,
            read: Self.record)
    }

    /// The organisation that answers for the candidate's own token; nil when there is none.
    package func organisation(ofCandidateOf referral: ReferralID) throws -> OrganisationID? {
        try db.first(
            "SELECT organisation_id FROM access_token WHERE referral_id = ? AND delegate = 0 LIMIT 1", referral
        ) { $0.id(0) }
    }
}

extension Database {
    /// Writes down that a token was used on a day, if it can: the caller neither waits nor hears of it, and nothing is
    /// written when too many wait or the disk fails. No answer shows it.
    package func noteUse(of token: TokenID, on day: CivilDate) {
        writer.writeLater(.look) { try TokenStore($0.db).noteUse(token, on: day) }
    }
}

extension Row {
    /// Where a token may be used from, nil for anywhere. What can't be read lets nobody in.
    fileprivate borrowing func addresses(_ column: Int) -> AddressList? {
        isNull(column) ? nil : AddressList(text(column)) ?? .unreadable(text(column))
    }
}
