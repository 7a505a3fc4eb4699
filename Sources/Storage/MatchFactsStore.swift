// What a match may rest on, read for everybody who waits in one go or for one person: place in the queue, wishes, needs of
// a home, income, consents, skills and agreed support. No risk, no life domain, no diagnosis is read here: not by mistake
// either, for there is no field to put one in.

package import Domain
package import SQLite

/// A home that somebody said no to before, for this person.
package struct DeclinedHome: Sendable, Equatable {
    package var dwelling: DwellingID
    /// Who said it.
    package var party: MatchParty
}

/// One person as far as a match may know.
package struct MatchCandidate: Sendable, Equatable {
    package var id: ReferralID
    package var number: Int
    package var version: Int
    package var urgency: UrgencyClass?
    package var waitingSince: Instant?
    /// The form that was decided on at admission.
    package var form: HousingForm?
    package var household: Household
    package var accessibility: [Accessibility]
    package var incomePerMonth: Int64?
    /// The version of the wishes; 0 when there are none.
    package var wishVersion = 0
    package var wishes: [Wish] = []
    package var consents: [Consent] = []
    package var skills: [SkillLevel] = []
    package var support: AgreedSupport?
    /// Who agreed to give it.
    package var provider: String?
    package var declined: [DeclinedHome] = []
    /// The places to avoid that nobody has ended.
    package var zones: [ExclusionZone] = []
}

/// Whom facts are read of.
package enum MatchSubject: Sendable {
    /// Everybody in the queue that somebody may know of, in the queue's order; not who has a match that goes on, if only a
    /// draft: nobody gets two homes.
    case queue(ReferralVisibility)
    /// A few people, in the queue's order.
    case some([ReferralID])
    /// One person, whom the caller may know of.
    case one(ReferralID)
}

/// A neighbourhood: a name within a municipality, whatever its capitals.
package struct Neighbourhood: Sendable, Hashable {
    package var municipality: Municipality
    package var name: String

    /// A neighbourhood by a name as somebody wrote it.
    package init(_ municipality: Municipality, _ name: String) {
        self.municipality = municipality
        self.name = name.lowercased()
    }
}

/// Reads what matches may rest on.
package struct MatchFactsStore {
    private let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    private static func scope(_ subject: MatchSubject) -> Scope {
        switch subject {
        case .queue(let visibility):
            Scope(clause: "r.status = 'waiting'", values: []) && ScopeSQL.referrals(visibility)
        case .some(let people):
            Scope(
                clause: "r.id IN (\(people.map { _ in "?" }.joined(separator: ", ")))", values: people.map(\.value))
        case .one(let id): Scope(clause: "r.id = ?", values: [id.value])
        }
    }

    private static let hasNoMatch = """
        NOT EXISTS (SELECT 1 FROM match l WHERE l.referral_id = r.id AND l.status IN ('proposed', 'offered', 'accepted'))
        """

    /// The first in the queue, restricted or not, who could live in a home as far as wishes, household and pets go: what can
    /// be asked of everybody in one statement. The other limits are to be held against them.
    package func waiting(for home: Dwelling, limit: Int) throws -> [ReferralID] {
        let offer = home.content
        return try db.all(
            SQL(
                dynamic: """
                    SELECT r.id FROM referral r
                    WHERE r.status = 'waiting' AND r.household_adults + r.household_children <= ?1
                        AND (r.pets = 0 OR ?2) AND \(Self.hasNoMatch)
                        AND coalesce((
                            SELECT max(w.form = ?3 AND (w.municipalities = '' OR instr(w.municipalities, ?4))) FROM wish w
                            WHERE w.referral_id = r.id AND w.version = (
                                SELECT max(v.number) FROM wish_version v WHERE v.referral_id = r.id)), 1)
                    ORDER BY r.urgency_rank, r.waiting_since, r.id LIMIT ?5
                    """), offer.householdMaximum, offer.petsAllowed, Code(offer.form), offer.municipality, limit
        ) { $0.id(0) }
    }

    /// The people, in the queue's order.
    package func candidates(_ subject: MatchSubject) throws -> [MatchCandidate] {
        let scope = Self.scope(subject)
        let free = Scope(clause: Self.hasNoMatch, values: [])
        var isQueue = false
        if case .queue = subject { isQueue = true }
        var people = try base(isQueue ? scope && free : scope)
        let places = Dictionary(uniqueKeysWithValues: people.enumerated().map { ($0.element.id, $0.offset) })
        func add<Part>(
            _ head: String, _ order: String = "r.id", read: (borrowing Row) throws -> Part,
            to apply: (inout MatchCandidate, Part) -> Void
        ) throws {
            let sql = SQL(dynamic: "\(head) WHERE \(scope.clause) ORDER BY \(order)")
            try db.forEach(sql, Values(scope.values)) { row in
                guard let place = places[row.id(0)] else { return }
                apply(&people[place], try read(row))
            }
        }
        try add(Self.wishes, "r.id, w.rank") { row in
            let wish = Wish(
                form: row.code(2, otherwise: .independent), municipalities: row.municipalities(3),
                near: WishPlace.read(row.optionalText(4)))
            return (row.int(1), wish)
        } to: { person, part in
            person.wishVersion = part.0
            person.wishes.append(part.1)
        }
        try add(Self.consents, "r.id, c.id") { row in
            Consent(
                id: row.id(1), purpose: row.code(2, otherwise: .intake), recipient: row.optionalID(3),
                givenAt: row.instant(4), endsOn: row.optionalDate(5), withdrawnAt: row.optionalInstant(6))
        } to: {
            $0.consents.append($1)
        }
        try add(Self.skills) { row in
            SkillLevel(skill: row.code(1, otherwise: .money), level: row.int(2))
        } to: {
            $0.skills.append($1)
        }
        try add(Self.support) { row in
            let support = AgreedSupport(
                needs: row.codes(1), hoursPerWeek: row.int(2),
                municipality: row.isNull(3) ? nil : row.municipality(3))
            return (support, row.text(4))
        } to: { person, part in
            (person.support, person.provider) = part
        }
        try add(Self.zones) {
            NetworkStore.zone($0, from: 1)
        } to: {
            $0.zones.append($1)
        }
        try add(Self.declines) {
            DeclinedHome(dwelling: $0.id(1), party: $0.bool(2) ? .landlord : .candidate)
        } to: {
            $0.declined.append($1)
        }
        return people
    }

    private func base(_ scope: Scope) throws -> [MatchCandidate] {
        let sql = SQL(
            dynamic: """
                SELECT r.id, r.number, r.version, r.urgency, r.waiting_since, r.form, r.household_adults,
                    r.household_children, r.pets, r.accessibility, coalesce(
                        (SELECT p.income_per_month FROM report p WHERE p.referral_id = r.id ORDER BY p.number DESC LIMIT 1),
                        (SELECT s.income_per_month FROM situation s WHERE s.referral_id = r.id))
                FROM referral r WHERE \(scope.clause) ORDER BY r.urgency_rank, r.waiting_since, r.id
                """)
        return try db.all(sql, Values(scope.values)) { row in
            MatchCandidate(
                id: row.id(0), number: row.int(1), version: row.int(2), urgency: row.optionalCode(3),
                waitingSince: row.optionalInstant(4), form: row.optionalCode(5),
                household: Household(adults: row.int(6), children: row.int(7), pets: row.bool(8)),
                accessibility: row.codes(9), incomePerMonth: row.optionalInt64(10))
        }
    }

    private static let wishes = """
        SELECT r.id, w.version, w.form, w.municipalities, w.near FROM referral r
        JOIN wish w ON w.referral_id = r.id
            AND w.version = (SELECT max(v.number) FROM wish_version v WHERE v.referral_id = r.id)
        """
    private static let consents = """
        SELECT r.id, c.id, c.purpose, c.recipient_id, c.given_at, c.ends_on, c.withdrawn_at
        FROM referral r JOIN consent c ON c.referral_id = r.id
        """
    private static let skills = """
        SELECT r.id, k.skill, k.level FROM referral r
        JOIN report p ON p.referral_id = r.id
            AND p.number = (SELECT max(x.number) FROM report x WHERE x.referral_id = r.id)
        JOIN report_skill k ON k.report_id = p.id
        """
    private static let support = """
        SELECT r.id, s.needs, s.hours_per_week, o.municipality, o.name FROM referral r
        JOIN support_request s ON s.referral_id = r.id AND s.status = 'accepted' AND s.kind = 'tenancy'
        JOIN organisation o ON o.id = s.provider_id
        """
    private static let declines = """
        SELECT r.id, m.dwelling_id, m.landlord_answer = 'declined' FROM referral r
        JOIN match m ON m.referral_id = r.id AND m.decline_reason IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM decline_review d WHERE d.match_id = m.id AND d.outcome <> 'uphold')
        """

    private static let zones = """
        SELECT r.id, z.id, z.municipality, z.neighbourhood, z.ground, z.until_on, z.written_at, z.role, z.ended_at
        FROM referral r JOIN exclusion_zone z ON z.referral_id = r.id AND z.ended_at IS NULL
        """

    // MARK: Supply

    /// The dwellings that are free, in the order of their ids.
    package func supply() throws -> [Dwelling] { try DwellingStore(db).free() }

    /// How many people each provider agreed to give support with a tenancy.
    package func supported() throws -> [String: Int] {
        let rows = try db.all(
            """
            SELECT o.name, count(*) FROM support_request s JOIN organisation o ON o.id = s.provider_id
            WHERE s.status = 'accepted' AND s.kind = 'tenancy' GROUP BY o.id
            """
        ) { ($0.text(0), $0.int(1)) }
        return Dictionary(rows, uniquingKeysWith: +)
    }

    /// How many moves each neighbourhood has had or has coming, by the year of the move, from this year on: homes let, and
    /// matches that go on.
    package func moves(on today: CivilDate) throws -> [SpreadPlace: Int] {
        let rows = try db.all(
            """
            SELECT CAST(strftime('%Y', u.day * 86400, 'unixepoch') AS INTEGER), d.municipality, d.neighbourhood, count(*)
            FROM (SELECT dwelling_id, starts_on AS day FROM tenancy WHERE starts_on >= ?1
                UNION ALL SELECT m.dwelling_id, max(h.available_from, ?2) FROM match m JOIN dwelling h ON h.id = m.dwelling_id
                    WHERE m.status IN ('proposed', 'offered', 'accepted')) u
            JOIN dwelling d ON d.id = u.dwelling_id GROUP BY 1, 2, 3
            """, today.year.lowerBound, today
        ) { (SpreadPlace(year: $0.int(0), $0.municipality(1), $0.text(2)), $0.int(3)) }
        return Dictionary(rows, uniquingKeysWith: +)
    }
}
