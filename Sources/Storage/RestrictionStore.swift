// The tables `restriction`, `named_person` and `emergency_access`, and the mark on the referral by which every scope knows
// what is restricted.

package import Domain
package import SQLite

/// Restrictions and the looks in an emergency.
package struct RestrictionStore {
    let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    // MARK: Restrictions

    /// The restriction of a referral; nil when there is none.
    package func find(_ referral: ReferralID) throws -> Restriction? {
        let row = try db.first("SELECT reason, since, version FROM restriction WHERE referral_id = ?", referral) {
            (reason: $0.text(0), since: $0.instant(1), version: $0.int(2))
        }
        guard let row else { return nil }
        let people = try db.all(
            """
            SELECT k.id, k.label, k.role, o.id, o.name
            FROM named_person n JOIN access_token k ON k.id = n.token_id JOIN organisation o ON o.id = k.organisation_id
            WHERE n.referral_id = ? AND n.ends_at IS NULL
            """, referral
        ) { row in
            NamedPerson(
                token: row.id(0), label: row.text(1), role: row.code(2, otherwise: .auditor),
                organisation: row.organisation(3))
        }
        return Restriction(reason: row.reason, since: row.since, people: people, version: row.version)
    }

    /// Restricts a referral to these people, or changes to whom it is.
    package func restrict(_ referral: ReferralID, to people: [TokenID], reason: String, at now: Instant) throws {
        try db.run(
            """
            INSERT INTO restriction (referral_id, reason, since, version) VALUES (?, ?, ?, 1)
            ON CONFLICT (referral_id) DO UPDATE SET reason = excluded.reason, version = version + 1
            """, referral, reason, now)
        try db.run("UPDATE referral SET restricted = 1 WHERE id = ?", referral)
        try db.run("DELETE FROM named_person WHERE referral_id = ? AND ends_at IS NULL", referral)
        for token in Set(people) { try name(token, for: referral, until: nil) }
    }

    // Removed and written anew: the UPDATE of an upsert would go before the triggers that tell the feed in what they do about
    // a conflict (sqlite.org/lang_createtrigger.html).
    private func name(_ token: TokenID, for referral: ReferralID, until end: Instant?) throws {
        try db.run("DELETE FROM named_person WHERE token_id = ? AND referral_id = ?", token, referral)
        try db.run(
            "INSERT INTO named_person (token_id, referral_id, ends_at) VALUES (?, ?, ?)", token, referral, end)
    }

    /// Names the bearer of a new token wherever that of the old one is named; a broken glass stays with the old one.
    package func carryOver(from old: TokenID, to new: TokenID) throws {
        try db.run(
            """
            INSERT INTO named_person (token_id, referral_id)
            SELECT ?, referral_id FROM named_person WHERE token_id = ? AND ends_at IS NULL
            """, new, old)
    }

    /// Ends a restriction; false when there was none.
    package func end(_ referral: ReferralID) throws -> Bool {
        let ended = try db.run("DELETE FROM restriction WHERE referral_id = ?", referral) > 0
        try db.run("UPDATE referral SET restricted = 0 WHERE id = ?", referral)
        try db.run("DELETE FROM named_person WHERE referral_id = ?", referral)
        return ended
    }

    /// Whether a referral is restricted; nil when there is no such referral.
    package func isRestricted(_ referral: ReferralID) throws -> Bool? {
        try db.first("SELECT restricted FROM referral WHERE id = ?", referral) { $0.bool(0) }
    }

    // MARK: Emergencies

    /// Opens a restricted referral for the bearer of a token until the access ends.
    package func insert(_ access: EmergencyAccess) throws {
        try db.run(
            """
            INSERT INTO emergency_access (id, referral_id, token_id, reason, opened_at, ends_at)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            access.id, access.referral, access.token, access.reason, access.openedAt, access.endsAt)
        try name(access.token, for: access.referral, until: access.endsAt)
    }

    private static let columns = """
        SELECT id, referral_id, token_id, reason, opened_at, ends_at, outcome, note, reviewed_at FROM emergency_access
        """

    private static func access(_ row: borrowing Row) -> EmergencyAccess {
        var access = EmergencyAccess(
            id: row.id(0), referral: row.id(1), token: row.id(2), reason: row.text(3), openedAt: row.instant(4))
        access.endsAt = row.instant(5)
        access.outcome = row.optionalCode(6)
        access.note = row.optionalText(7)
        access.reviewedAt = row.optionalInstant(8)
        return access
    }

    /// The accesses to a referral, oldest first.
    package func accesses(to referral: ReferralID) throws -> [EmergencyAccess] {
        try db.all(
            SQL(dynamic: "\(Self.columns) WHERE referral_id = ? ORDER BY id"), referral, read: Self.access)
    }

    /// One access, to whomever.
    package func access(_ id: EmergencyID) throws -> EmergencyAccess? {
        try db.first(SQL(dynamic: "\(Self.columns) WHERE id = ?"), id, read: Self.access)
    }

    /// One access to a referral, if that is among those somebody may know of.
    package func access(
        _ id: EmergencyID, to referral: ReferralID, in visibility: ReferralVisibility
    ) throws -> EmergencyAccess? {
        let scope = ScopeSQL.referrals(visibility, byRow: true)
        return try db.first(
            SQL(
                dynamic: """
                    \(Self.columns) WHERE id = ? AND referral_id = ?
                        AND EXISTS (SELECT 1 FROM referral r WHERE r.id = referral_id AND (\(scope.clause)))
                    """), Values([id.value, referral.value] + scope.values), read: Self.access)
    }

    /// Ends an access before its time, and what it lets its bearer see.
    package func end(_ access: EmergencyAccess, at now: Instant) throws {
        try db.run("UPDATE emergency_access SET ends_at = ? WHERE id = ?", now, access.id)
        try db.run(
            "UPDATE named_person SET ends_at = ? WHERE token_id = ? AND referral_id = ? AND ends_at = ?",
            now, access.token, access.referral, access.endsAt)
    }

    /// Writes a judgement; false when there is one already.
    package func review(
        _ id: EmergencyID, _ outcome: EmergencyOutcome, note: String, by token: TokenID, at now: Instant
    ) throws -> Bool {
        try db.run(
            """
            UPDATE emergency_access SET outcome = ?, note = ?, reviewed_by = ?, reviewed_at = ?
            WHERE id = ? AND outcome IS NULL
            """, Code(outcome), note, token, now, id) > 0
    }

    /// The referrals that the bearer of a token sees only because the glass is broken.
    package func opened(to token: TokenID, at now: Instant) throws -> Set<ReferralID> {
        Set(
            try db.all("SELECT referral_id FROM named_person WHERE token_id = ? AND ends_at > ?", token, now) {
                $0.id(0)
            })
    }
}
