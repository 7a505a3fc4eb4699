// The table `person_link`, and which referrals may be one person's: by BSN, by name and birth date, by names that are alike,
// and by what somebody decided. Never more than three seeks, each of a bounded number of rows.

package import Domain
package import SQLite

/// A referral that may be the same person's, with who posted it.
package typealias LikeReferral = (id: ReferralID, owner: OrganisationID, basis: PossibleDuplicate.Basis)

/// Links between referrals.
package struct LinkStore {
    let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    /// The most people born on a day whose names are compared. (Who does not know a birth date writes 1 January: then the
    /// newest count.)
    private static let compared = 200

    /// Adds a decision.
    package func insert(_ link: PersonLink, by token: TokenID) throws {
        let pair = [link.referral, link.other].sorted()
        try db.run(
            """
            INSERT INTO person_link (id, first_id, second_id, outcome, note, at, token_id) VALUES (?, ?, ?, ?, ?, ?, ?)
            """, link.id, pair[0], pair[1], Code(link.outcome), link.note, link.at, token)
    }

    /// Every decision about a referral and another that may be known of, oldest first.
    package func list(of referral: ReferralID, in visibility: ReferralVisibility) throws -> [PersonLink] {
        let scope = ScopeSQL.referrals(visibility)
        return try db.all(
            SQL(
                dynamic: """
                    SELECT l.id, l.other, l.outcome, l.note, l.at FROM (
                        SELECT id, second_id AS other, outcome, note, at FROM person_link WHERE first_id = ?
                        UNION ALL SELECT id, first_id, outcome, note, at FROM person_link WHERE second_id = ?
                    ) l JOIN referral r ON r.id = l.other WHERE \(scope.clause) ORDER BY l.id
                    """), referral, referral, Values(scope.values)
        ) { row in
            PersonLink(
                id: row.id(0), referral: referral, other: row.id(1), outcome: row.code(2, otherwise: .undecided),
                note: row.optionalText(3), at: row.instant(4))
        }
    }

    /// What was decided last about each pair with a referral.
    private func decided(_ referral: ReferralID, in visibility: ReferralVisibility) throws -> [ReferralID: LinkOutcome]
    {
        try list(of: referral, in: visibility).reduce(into: [:]) { $0[$1.other] = $1.outcome }
    }

    /// Referrals that may be the same person's, in a part that may be known of, newest first; without those that somebody
    /// decided are other people's, and with those decided to be the same. At most 20 of each kind.
    package func likely(
        _ id: ReferralID?, identity: Identity, bsn: CitizenServiceNumber?, openOnly: Bool,
        in visibility: ReferralVisibility
    ) throws -> [LikeReferral] {
        let decided = try id.map { try self.decided($0, in: visibility) } ?? [:]
        var found: [LikeReferral] = []
        func take(_ other: ReferralID, _ owner: OrganisationID, _ basis: PossibleDuplicate.Basis) {
            guard other != id, decided[other] != .differentPeople, !found.contains(where: { $0.id == other }) else {
                return
            }
            found.append((other, owner, decided[other] == .samePerson && basis != .bsn ? .linked : basis))
        }
        if let bsn {
            let rows = try rows("p.bsn = ?", .text(bsn.disclosedDigits), limit: 20, openOnly, visibility)
            for row in rows { take(row.id, row.owner, .bsn) }
        }
        let likeness = NameLikeness(givenName: identity.givenName, familyName: identity.familyName)
        let key = PersonName.familyKey(identity.familyName)
        let born = Value.integer(Int64(identity.birthDate.dayNumber))
        for row in try rows(
            "p.folded_family_name = ? AND p.birth_date = ?", .text(key), born, by: "INDEXED BY person_name", limit: 20,
            openOnly, visibility)
        where likeness.isLike(givenName: row.givenName) {
            take(row.id, row.owner, .nameAndBirthDate)
        }
        let known = found.count
        // Twenty of the very name are enough to ask about.
        let others = known < 20 ? try alike(likeness, born: identity.birthDate) : []
        for other in others where found.count < known + 20 {
            if other == id || found.contains(where: { $0.id == other }) { continue }
            for row in try rows("r.id = ?", other.value, limit: 1, openOnly, visibility) {
                take(row.id, row.owner, .similarName)
            }
        }
        // In one order, whatever a dictionary has: the tag of what is shown rests on it.
        for other in decided.keys.sorted(by: >)
        where decided[other] == .samePerson && !found.contains(where: { $0.id == other }) {
            let rows = try rows("r.id = ?", other.value, limit: 1, openOnly, visibility)
            for row in rows { take(row.id, row.owner, .linked) }
        }
        return found
    }

    /// Marks referrals for the change feed whose possible duplicates have changed, which the intake point alone is shown.
    package func tell(_ ids: [ReferralID]) throws {
        for id in ids {
            try db.run(
                "INSERT OR IGNORE INTO touched VALUES (?, ?, ?)", FeedKind.referral.rawValue, id,
                FeedPart.intakePoint.reach)
        }
    }

    /// Open referrals with a BSN, newest first.
    package func open(
        with bsn: CitizenServiceNumber, except id: ReferralID?, in visibility: ReferralVisibility
    ) throws -> [ReferralID] {
        try rows("p.bsn = ?", .text(bsn.disclosedDigits), limit: 20, true, visibility).map(\.id).filter { $0 != id }
    }

    private typealias PersonRow = (id: ReferralID, owner: OrganisationID, givenName: String, familyName: String)

    /// Those of the newest born on a day whose names are alike, newest first; an index has all that is compared.
    private func alike(_ likeness: NameLikeness, born: CivilDate) throws -> [ReferralID] {
        try db.all(
            """
            SELECT referral_id, given_name, family_name FROM person INDEXED BY person_birth
            WHERE birth_date = ? ORDER BY referral_id DESC LIMIT ?
            """, born, Self.compared
        ) { row -> ReferralID? in
            guard likeness.isLike(givenName: row.text(1)), likeness.isLike(familyName: row.text(2)) else { return nil }
            return row.id(0)
        }.compactMap(\.self)
    }

    private func rows(
        _ condition: String, _ values: Value..., by index: String = "", limit: Int, _ openOnly: Bool,
        _ visibility: ReferralVisibility
    ) throws -> [PersonRow] {
        let scope = ScopeSQL.referrals(visibility)
        let open = openOnly ? " AND r.status NOT IN ('closed', 'redirected', 'rejected', 'withdrawn')" : ""
        return try db.all(
            SQL(
                dynamic: """
                    SELECT r.id, r.organisation_id, p.given_name, p.family_name
                    FROM person p \(index) JOIN referral r ON r.id = p.referral_id
                    WHERE \(condition) AND (\(scope.clause))\(open) ORDER BY p.referral_id DESC LIMIT \(limit)
                    """), Values(values + scope.values)
        ) { ($0.id(0), $0.id(1), $0.text(2), $0.text(3)) }
    }
}
