// The tables `decline_review` and `match_viewing`, and what an applicant shows with a match. Who may see or write them is
// decided before it comes here.

package import Domain
package import SQLite

/// An offer that somebody declined, without whom it was for.
package struct DeclinedOffer: Sendable, Equatable {
    package var standing: MatchStanding
    package var reason: DeclineReason
    package var endedAt: Instant?
    package var answerDueOn: CivilDate?
}

/// What happens to offers besides the answers.
package struct OfferLifeStore {
    private let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    /// Adds a review of a landlord's decline.
    ///
    /// - Throws: `SQLiteError`, a unique violation when it was reviewed before.
    package func insert(_ review: DeclineReview, of match: MatchID, by token: TokenID) throws {
        try db.run(
            "INSERT INTO decline_review (match_id, outcome, reason, at, token_id, next_match_id) VALUES (?, ?, ?, ?, ?, ?)",
            match, Code(review.outcome), review.reason, review.at, token, review.next)
    }

    /// The review of a match's decline, or the one that the match came of.
    package func review(about match: MatchID) throws -> DeclineReview? {
        try db.first(
            """
            SELECT outcome, reason, at, next_match_id FROM decline_review WHERE match_id = ?1
            UNION ALL SELECT outcome, reason, at, next_match_id FROM decline_review WHERE next_match_id = ?1 LIMIT 1
            """, match
        ) { row in
            DeclineReview(
                outcome: row.code(0, otherwise: .uphold), reason: row.text(1), at: row.instant(2),
                next: row.optionalID(3))
        }
    }

    /// Whether the decline of a match was reviewed.
    package func isReviewed(_ match: MatchID) throws -> Bool {
        try db.first("SELECT 1 FROM decline_review WHERE match_id = ?", match) { _ in true } ?? false
    }

    /// Sets a moment to see the home; an earlier one no longer counts.
    package func insert(viewing moment: Instant, of match: MatchID, by role: Role, at now: Instant) throws {
        try db.run(
            """
            INSERT INTO match_viewing (match_id, number, at, role, noted_at)
            SELECT ?1, 1 + (SELECT count(*) FROM match_viewing WHERE match_id = ?1), ?2, ?3, ?4
            """, match, moment, Code(role), now)
    }

    /// The moment to see the home; nil when none was set.
    package func viewing(of match: MatchID) throws -> Instant? {
        try db.first("SELECT at FROM match_viewing WHERE match_id = ? ORDER BY number DESC LIMIT 1", match) {
            $0.instant(0)
        }
    }

    /// What the applicant shows the residents.
    package func introduction(to match: MatchID) throws -> String? {
        try db.first("SELECT introduction FROM match WHERE id = ?", match) { $0.optionalText(0) } ?? nil
    }

    /// Writes what the applicant shows the residents.
    package func update(introduction text: String, to match: MatchID) throws {
        try db.run("UPDATE match SET introduction = ?, version = version + 1 WHERE id = ?", text, match)
    }

    /// The vote behind a panel's last answer.
    package func vote(on match: MatchID) throws -> PanelVote? {
        try db.first(
            """
            SELECT present, in_favour FROM match_response WHERE match_id = ? AND present IS NOT NULL
            ORDER BY id DESC LIMIT 1
            """, match
        ) { PanelVote(present: $0.int(0), inFavour: $0.int(1)) }
    }

    // MARK: Counting

    /// How many offers each landlord got in a span of time; of one landlord or of all.
    package func offers(
        in span: Range<Instant>, of landlord: OrganisationID?
    ) throws -> [(landlord: OrganisationName, count: Int)] {
        let counts = try db.all(
            """
            SELECT o.id, o.name, (SELECT count(*) FROM match m INDEXED BY match_offered
                WHERE m.landlord_id = o.id AND m.offered_at >= ?1 AND m.offered_at < ?2)
            FROM organisation o WHERE ?3 IS NULL OR o.id = ?3
            """, span.lowerBound, span.upperBound, landlord
        ) { (landlord: $0.organisation(0), count: $0.int(2)) }
        return counts.filter { $0.count > 0 }
    }

    /// The offers of a landlord in a span of time that somebody declined.
    package func declines(of landlord: OrganisationID, offeredIn span: Range<Instant>) throws -> [DeclinedOffer] {
        try db.all(
            """
            SELECT status, landlord_answer, candidate_answer, decline_reason, ended_at, answer_due_on
            FROM match INDEXED BY match_declined
            WHERE landlord_id = ? AND offered_at >= ? AND offered_at < ? AND decline_reason IS NOT NULL
            """, landlord, span.lowerBound, span.upperBound
        ) { row in
            DeclinedOffer(
                standing: MatchStanding(
                    state: row.code(0, otherwise: .withdrawn), landlord: row.code(1, otherwise: .pending),
                    candidate: row.code(2, otherwise: .pending)),
                reason: row.code(3, otherwise: .dwellingUnavailable), endedAt: row.optionalInstant(4),
                answerDueOn: row.optionalDate(5))
        }
    }
}
