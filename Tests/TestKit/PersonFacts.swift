// How things stand with a person and a dwelling, read straight from the tables: what a test's own idea of who may see what
// rests on, apart from everything that decides it in the service.

internal import Domain
internal import SQLite
internal import Storage

extension ScratchDatabase {
    /// A match, as far as it says who may see what.
    package struct MatchFacts: Sendable {
        /// The landlord's organisation.
        package var landlord: String
        /// Whether it was offered.
        package var isOffered: Bool
        /// Whether it goes on, or led to a tenancy that has not ended.
        package var isLive: Bool
        /// Whether the candidate said yes.
        package var hasCandidateAccepted: Bool
        /// Whether both did.
        package var haveBothAccepted: Bool
    }

    /// A person.
    package struct PersonFacts: Sendable {
        /// Who posted the referral.
        package var owner: String
        /// Whose support is accepted.
        package var supporters: [String]
        /// Who was ever asked for support.
        package var asked: [String]
        /// Every match.
        package var matches: [MatchFacts]

        /// A person's facts.
        package init(owner: String, supporters: [String], asked: [String], matches: [MatchFacts]) {
            self.owner = owner
            self.supporters = supporters
            self.asked = asked
            self.matches = matches
        }
    }

    /// A dwelling, for one reader.
    package struct HomeFacts: Sendable {
        /// Who lets it.
        package var landlord: String
        /// Whose support is accepted for somebody it was offered to.
        package var supporters: [String]
        /// Whether the candidate of a referral has come to the address: both said yes.
        package var isKnownToReader: Bool

        /// A dwelling's facts.
        package init(landlord: String, supporters: [String], isKnownToReader: Bool) {
            self.landlord = landlord
            self.supporters = supporters
            self.isKnownToReader = isKnownToReader
        }
    }

    /// How things stand with a referral's person.
    package func facts(of referral: String) throws -> PersonFacts {
        try database.read(lane: 0) { tx in
            let id = ReferralID(referral)
            let owner = try tx.db.first("SELECT organisation_id FROM referral WHERE id = ?", id) {
                Self.uuid($0.blob(0))
            }
            let requests = try tx.db.all("SELECT provider_id, status FROM support_request WHERE referral_id = ?", id) {
                (Self.uuid($0.blob(0)), $0.text(1))
            }
            let matches = try tx.db.all(
                """
                SELECT m.landlord_id, m.offered_at IS NOT NULL, m.status, m.candidate_answer,
                    EXISTS (SELECT 1 FROM tenancy t WHERE t.match_id = m.id AND t.ended_on IS NOT NULL)
                FROM match m WHERE m.referral_id = ?
                """, id
            ) { row in
                let status = row.text(2)
                let isLive = ["offered", "accepted", "fulfilled"].contains(status) && !row.bool(4)
                return MatchFacts(
                    landlord: Self.uuid(row.blob(0)), isOffered: row.bool(1), isLive: isLive,
                    hasCandidateAccepted: row.text(3) == "accepted",
                    haveBothAccepted: ["accepted", "fulfilled"].contains(status))
            }
            return PersonFacts(
                owner: owner ?? "", supporters: requests.filter { $0.1 == "accepted" }.map(\.0),
                asked: requests.map(\.0), matches: matches)
        }
    }

    /// How things stand with a dwelling; `candidate` is the referral of a reader who is one.
    package func facts(ofHome dwelling: String, candidate: String?) throws -> HomeFacts {
        try database.read(lane: 0) { tx in
            let id = DwellingID(dwelling)
            let landlord = try tx.db.first("SELECT organisation_id FROM dwelling WHERE id = ?", id) {
                Self.uuid($0.blob(0))
            }
            let supporters = try tx.db.all(
                """
                SELECT s.provider_id FROM match m JOIN support_request s ON s.referral_id = m.referral_id
                WHERE m.dwelling_id = ? AND m.offered_at IS NOT NULL AND s.status = 'accepted'
                """, id
            ) { Self.uuid($0.blob(0)) }
            let known = try tx.db.first(
                """
                SELECT 1 FROM match m WHERE m.dwelling_id = ? AND m.referral_id = ? AND m.status IN ('accepted', 'fulfilled')
                    AND NOT EXISTS (SELECT 1 FROM tenancy t WHERE t.match_id = m.id AND t.ended_on IS NOT NULL)
                """, id, candidate.flatMap { ReferralID($0) }
            ) { _ in true }
            return HomeFacts(landlord: landlord ?? "", supporters: supporters, isKnownToReader: known == true)
        }
    }

    /// The ids of all rows of a table, oldest first.
    package func ids(in table: String) throws -> [String] {
        try database.read(lane: 0) { tx in
            try tx.db.all(SQL(dynamic: "SELECT id FROM \"\(table)\" ORDER BY id")) { Self.uuid($0.blob(0)) }
        }
    }

    private static func uuid(_ bytes: [UInt8]) -> String {
        let halves = [bytes.prefix(8), bytes.suffix(8)].map { $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        return ReferralID(high: halves[0], low: halves[1]).description
    }
}
