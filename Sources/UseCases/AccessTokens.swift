// The secrets partners speak with: made, recognised, hashed. A secret is shown once, when it is made; only its SHA-256
// is kept, which is enough for 256 random bits (no guess gets closer by being slow).

internal import Digest
package import Domain
package import Storage

/// Makes and recognises access tokens.
package enum AccessTokens {
    /// How a secret begins, so that scanners of source code and logs can recognise one.
    package static let prefix = "thp_"
    /// Random bytes in a secret.
    static let secretBytes = 32
    /// Base64url characters of the checksum at the end.
    static let checksumCharacters = 6
    /// How long the old token goes on after a rotation: 24 hours, in seconds.
    package static let overlapSeconds: Int64 = 24 * 3600

    /// A new secret: prefix, 43 characters of 256 random bits, and a checksum that catches a slip of copying.
    package static func makeSecret(_ environment: Environment) -> String {
        let body = Base64URL.encode(environment.randomBytes(secretBytes))
        return prefix + body + checksum(of: body)
    }

    private static func checksum(of body: String) -> String {
        String(Base64URL.encode(SHA256.digest(Array(body.utf8))).prefix(checksumCharacters))
    }

    /// Whether a text has the form of a secret; saves a look-up for what can't be one.
    package static func isWellFormed(_ secret: String) -> Bool {
        guard secret.hasPrefix(prefix), secret.utf8.count == 4 + 43 + checksumCharacters else { return false }
        let body = String(secret.dropFirst(prefix.count).dropLast(checksumCharacters))
        return secret.hasSuffix(checksum(of: body))
    }

    /// What is kept of a secret.
    package static func hash(_ secret: String) -> [UInt8] { SHA256.digest(Array(secret.utf8)) }

    /// Whom a secret with this hash speaks for; nil when it is none of ours, or expired, revoked, or of a closed
    /// organisation.
    package static func authenticate(_ secret: String, hash: [UInt8], in tx: ReadTransaction) throws -> LiveToken? {
        guard isWellFormed(secret) else { return nil }
        return try TokenStore(tx.db).live(hash: hash, at: tx.now)
    }

    /// Issues a token and gives its secret, the only time it is known; with `addresses` it holds for requests from
    /// there alone.
    ///
    /// - Throws: `UseCaseFault.invalid` when the organisation is unknown or closed, or is of a kind that can't hold the
    ///   role, or a candidate's token names no referral.
    package static func issue(
        to organisationID: OrganisationID, role: Role, referral: ReferralID? = nil, label: String,
        expiresAt: Instant?, addresses: AddressList? = nil, isDelegate: Bool = false, issuedBy: TokenID? = nil,
        replaces: TokenID? = nil, environment: Environment, in tx: WriteTransaction
    ) throws -> (id: TokenID, secret: String) {
        guard let organisation = try OrganisationStore(tx.db).find(organisationID), organisation.disabledAt == nil
        else {
            throw UseCaseFault.invalid(
                pointer: "/organisation", code: "unknown", text: "There is no such organisation, or it is disabled.")
        }
        guard role.organisationKinds.contains(organisation.kind) else {
            let kinds = role.organisationKinds.map(\.rawValue).joined(separator: " or ")
            throw UseCaseFault.invalid(
                pointer: "/role", code: "range",
                text: "The role \(role.rawValue) belongs to: \(kinds); this is a \(organisation.kind.rawValue).")
        }
        guard (role == .candidate) == (referral != nil) else {
            throw UseCaseFault.invalid(
                pointer: "/referral", code: "required",
                text: "A candidate's token names its referral, and no other token does.")
        }
        if let referral, try ReferralStore(tx.db).find(referral, in: .everything) == nil {
            throw UseCaseFault.invalid(pointer: "/referral", code: "unknown", text: "There is no such referral.")
        }
        let secret = makeSecret(environment)
        var record = TokenRecord(
            id: tx.newIdentifier(), organisation: organisationID, role: role, referral: referral, label: label,
            createdAt: tx.now, expiresAt: expiresAt, addresses: addresses)
        record.isDelegate = isDelegate
        record.issuedBy = issuedBy
        record.replaces = replaces
        try TokenStore(tx.db).insert(record, hash: hash(secret))
        return (record.id, secret)
    }

    /// A token that opens something now: not revoked, not ended, of an organisation that takes part.
    static func live(_ id: TokenID, in tx: WriteTransaction) throws -> TokenRecord? {
        guard let token = try TokenStore(tx.db).find(id), token.revokedAt == nil,
            token.expiresAt.map({ $0 > tx.now }) ?? true,
            try OrganisationStore(tx.db).find(token.organisation)?.disabledAt == nil
        else { return nil }
        return token
    }

    /// Whether a token that was good when something began still is: for what goes on for long.
    package static func stillHolds(_ actor: Actor, in tx: WriteTransaction) throws -> Bool {
        try live(actor.token, in: tx) != nil
    }

    /// Writes down, without waiting for it, that a token is used today: at most one write a day, so that reads stay reads.
    package static func noteUse(of token: LiveToken, at now: Instant, in database: Database) {
        let today = AmsterdamTime.day(of: now)
        guard token.lastUsedOn.map({ $0 < today }) ?? true else { return }
        database.noteUse(of: token.actor.token, on: today)
    }

    /// Issues a token like an old one, which goes on for the overlap so that scripts can change over. With no end given it
    /// holds for as long as the old one was issued for.
    ///
    /// - Throws: `UseCaseFault.notFound` when there is no such token or it opens nothing any more, or somebody who looked along
    ///   would do so no longer.
    package static func rotate(
        _ id: TokenID, expiresAt: Instant?, environment: Environment, in tx: WriteTransaction
    ) throws -> (id: TokenID, secret: String) {
        guard let old = try live(id, in: tx) else { throw UseCaseFault.notFound }
        let end = Self.end(insteadOf: old, asked: expiresAt, at: tx.now)
        guard !old.isDelegate || end.map({ $0 > tx.now }) ?? false else { throw UseCaseFault.notFound }
        let new = try issue(
            to: old.organisation, role: old.role, referral: old.referral, label: old.label, expiresAt: end,
            addresses: old.addresses, isDelegate: old.isDelegate, issuedBy: old.issuedBy, replaces: id,
            environment: environment, in: tx)
        // Whoever may know of somebody under threat may so by the new secret too, and finds their own work by it.
        try RestrictionStore(tx.db).carryOver(from: id, to: new.id)
        try ReferralStore(tx.db).handOn(from: id, to: new.id)
        try TaskStore(tx.db).handOn(from: id, to: new.id)
        try TokenStore(tx.db).expire(id, at: tx.now.adding(seconds: overlapSeconds))
        return new
    }

    /// Takes back a token whose secret nobody could read: it opens nothing, and the one that it followed stands as it stood.
    package static func takeBack(_ id: TokenID, of old: TokenRecord? = nil, in tx: WriteTransaction) throws {
        _ = try TokenStore(tx.db).revoke(id, at: tx.now)
        guard let old else { return }
        try ReferralStore(tx.db).handOn(from: id, to: old.id)
        try TaskStore(tx.db).handOn(from: id, to: old.id)
        try TokenStore(tx.db).setEnd(of: old.id, to: old.expiresAt)
    }

    /// When the successor of a token ends. Who looks along does so until the day that was said, whoever rotates.
    private static func end(insteadOf old: TokenRecord, asked: Instant?, at now: Instant) -> Instant? {
        guard !old.isDelegate else { return [asked, old.expiresAt].compactMap(\.self).min() }
        return asked ?? old.expiresAt.map { now.adding(seconds: $0.seconds - old.createdAt.seconds) }
    }
}
