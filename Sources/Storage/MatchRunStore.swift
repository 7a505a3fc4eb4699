// The tables of match runs: written once when a run is done, read in pages, never changed but for the reference to a
// referral whose dossier was destroyed.

package import Domain
package import SQLite

/// A person of a run as a line of a list, with the home proposed.
package struct MatchRunLine: Sendable, Equatable {
    package var place: Int
    package var referral: ReferralID
    /// The number that the referral is known by.
    package var number: Int
    package var urgency: UrgencyClass?
    package var waitingSince: Instant?
    package var person: MatchRunPerson
    package var dwelling: DwellingID?
}

/// What a run proposed to somebody, without what it rests on.
package struct RunProposal: Sendable, Equatable {
    package var place: Int
    package var referral: ReferralID
    /// Nil when nothing was.
    package var dwelling: DwellingID?
    package var score: Int64?
}

/// A home of a run as a line of a list.
package struct MatchRunHomeLine: Sendable, Equatable {
    package var number: Int
    package var home: MatchRunHome
    package var offered: OfferedDwelling
}

/// What a list of a run's people is narrowed to.
package struct MatchRunFilter: Sendable, Equatable {
    package var change: MatchRunChange?
    /// Only those with a proposal, or only those without.
    package var isProposed: Bool?

    /// Everybody.
    package init() {}
}

/// The runs.
package struct MatchRunStore {
    private let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    // MARK: Runs

    /// Adds a run that is asked for.
    package func insert(_ run: MatchRun, by token: TokenID) throws {
        let rules = run.rules
        try db.run(
            """
            INSERT INTO match_run (id, status, asked_at, token_id, offers, horizon_days, rent_share_percent,
                neighbourhood_cap, holds_to_agreements, left_out, is_trial)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            run.id, Code(run.state), run.askedAt, token, run.offers, rules.horizonDays, rules.rentSharePercent,
            rules.neighbourhoodCap, rules.holdsToAgreements, rules.leftOut.codes, rules.isTrial)
    }

    /// A run has begun.
    package func begin(_ id: MatchRunID) throws {
        try db.run("UPDATE match_run SET status = 'running' WHERE id = ? AND status = 'queued'", id)
    }

    /// A run came to nothing, and why.
    package func fail(_ id: MatchRunID, _ fault: String) throws {
        try db.run(
            "UPDATE match_run SET status = 'failed', fault = ? WHERE id = ? AND status IN ('queued', 'running')", fault,
            id)
    }

    /// Runs that no process goes on with: there is one process, and it has just started.
    package func failInterrupted() throws -> Int {
        try db.run(
            """
            UPDATE match_run SET status = 'failed', fault = 'The service stopped before the run was done; ask again.'
            WHERE status IN ('queued', 'running')
            """)
    }

    private static let head = """
        SELECT id, status, asked_at, offers, horizon_days, rent_share_percent, neighbourhood_cap, holds_to_agreements,
            left_out, rules_version, region_version, as_of, finished_at, candidates, dwellings, pairs, proposals,
            total_score, proven, compared_run_id, gained, lost, moved, fault
        FROM match_run
        """

    /// A run.
    package func find(_ id: MatchRunID) throws -> MatchRun? {
        try db.first(SQL(dynamic: Self.head + " WHERE id = ?"), id, read: Self.run)
    }

    /// The places of a run's proposals to people whom somebody may not know of.
    package func hidden(of id: MatchRunID, from visibility: ReferralVisibility) throws -> Set<Int> {
        let scope = ScopeSQL.referrals(visibility)
        var select = SelectSQL(
            "SELECT c.place FROM match_run_candidate c JOIN referral r ON r.id = c.referral_id",
            where: Scope(clause: "NOT (\(scope.clause))", values: scope.values))
        select.and("c.dwelling IS NOT NULL AND c.run_id = ?", id.value)
        return Set(try select.all(db) { $0.int(0) })
    }

    /// A page of runs, newest first.
    package func list(_ page: PageRequest<MatchRunID>) throws -> Page<MatchRun, MatchRunID> {
        var select = SelectSQL(Self.head, where: .everything)
        if let id = page.after { select.and("id < ?", id.value) }
        select.order(by: "id DESC", limit: page.limit)
        return Page(try select.all(db, read: Self.run), limit: page.limit) { $0.id }
    }

    /// The newest run by the rules in force that is done; before another when one is named.
    package func latest(before id: MatchRunID? = nil) throws -> MatchRun? {
        try db.first(
            SQL(
                dynamic: Self.head
                    + " WHERE status = 'done' AND is_trial = 0 AND (?1 IS NULL OR id < ?1) ORDER BY id DESC LIMIT 1"),
            id, read: Self.run)
    }

    private static func run(_ row: borrowing Row) -> MatchRun {
        var rules = MatchRunRules()
        rules.horizonDays = row.int(4)
        rules.rentSharePercent = row.optionalInt(5)
        rules.neighbourhoodCap = row.optionalInt(6)
        rules.holdsToAgreements = row.bool(7)
        rules.leftOut = row.codes(8)
        var run = MatchRun(id: row.id(0), askedAt: row.instant(2), rules: rules, offers: row.bool(3))
        run.state = row.code(1, otherwise: .failed)
        run.fault = row.optionalText(23)
        guard let asOf = row.optionalInstant(11) else { return run }
        var counts = MatchRunCounts()
        counts.candidates = row.int(13)
        counts.dwellings = row.int(14)
        counts.pairs = row.int(15)
        counts.proposals = row.int(16)
        counts.totalScore = row.int64(17)
        counts.gained = row.int(20)
        counts.lost = row.int(21)
        counts.moved = row.int(22)
        run.outcome = MatchRunOutcome(
            rulesVersion: row.int(9), regionVersion: row.int(10), asOf: asOf, finishedAt: row.optionalInstant(12),
            counts: counts, certain: row.codes(18), comparedWith: row.optionalID(19))
        return run
    }

    // MARK: Results

    /// Writes a result, whole; false when the run is not one that goes on.
    package func finish(_ id: MatchRunID, _ result: MatchRunResult, at now: Instant) throws -> Bool {
        let (outcome, counts) = (result.outcome, result.outcome.counts)
        let isOurs =
            try db.run(
                """
                UPDATE match_run SET status = 'done', rules_version = ?, region_version = ?, as_of = ?, finished_at = ?,
                    candidates = ?, dwellings = ?, pairs = ?, proposals = ?, total_score = ?, proven = ?,
                    compared_run_id = ?, gained = ?, lost = ?, moved = ?
                WHERE id = ? AND status IN ('queued', 'running')
                """,
                outcome.rulesVersion, outcome.regionVersion, outcome.asOf, now, counts.candidates, counts.dwellings,
                counts.pairs, counts.proposals, counts.totalScore, outcome.certain.codes, outcome.comparedWith,
                counts.gained, counts.lost, counts.moved, id) > 0
        guard isOurs else { return false }
        for (number, cap) in result.caps.enumerated() {
            try db.run(
                """
                INSERT INTO match_run_cap (run_id, number, municipality, neighbourhood, places, year, parent)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                id, number, cap.municipality?.code ?? "", cap.neighbourhood ?? "", cap.places, cap.year, cap.parent)
        }
        for (number, home) in result.homes.enumerated() {
            try db.run(
                """
                INSERT INTO match_run_dwelling (run_id, number, dwelling_id, dwelling_version, cap, place, cut_off)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """, id, number, home.dwelling, home.version, home.cap, home.place, home.cutOff)
        }
        for (place, person) in result.people.enumerated() {
            try db.run(
                """
                INSERT INTO match_run_candidate (run_id, place, referral_id, referral_version, limits, scores, dwelling,
                    score, unlocks, change)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                id, place, person.referral, person.version, Little.bytes(person.limits), Little.bytes(person.scores),
                person.home, person.score, person.home == nil ? person.unlocks.joined(separator: " ") : nil,
                Code(person.change))
        }
        return true
    }

    /// The caps of a run, in the order of numbers.
    package func caps(of id: MatchRunID) throws -> [MatchRunCap] {
        try db.all(
            """
            SELECT municipality, neighbourhood, places, year, parent FROM match_run_cap
            WHERE run_id = ? ORDER BY number
            """, id
        ) { row in
            let neighbourhood = row.text(1)
            return MatchRunCap(
                year: row.optionalInt(3), municipality: row.text(0).isEmpty ? nil : row.municipality(0),
                neighbourhood: neighbourhood.isEmpty ? nil : neighbourhood, places: row.int(2),
                parent: row.optionalInt(4))
        }
    }

    /// The homes of a run, in the order of numbers.
    package func homes(of id: MatchRunID) throws -> [MatchRunHome] {
        try db.all(
            """
            SELECT dwelling_id, dwelling_version, cap, place, cut_off FROM match_run_dwelling
            WHERE run_id = ? ORDER BY number
            """, id
        ) { Self.home($0, from: 0) }
    }

    private static func home(_ row: borrowing Row, from first: Int) -> MatchRunHome {
        MatchRunHome(
            dwelling: row.id(first), version: row.int(first + 1), cap: row.optionalInt(first + 2),
            place: row.optionalInt(first + 3), cutOff: row.optionalInt(first + 4))
    }

    /// Everybody in a run, in the queue's order, the destroyed dossiers too; for making the run again.
    package func people(of id: MatchRunID) throws -> [MatchRunPerson] {
        try db.all(
            SQL(dynamic: "SELECT \(Self.personColumns) FROM match_run_candidate c WHERE c.run_id = ? ORDER BY c.place"),
            id
        ) { Self.person($0, from: 0) }
    }

    private static let personColumns =
        "c.referral_id, c.referral_version, c.limits, c.scores, c.dwelling, c.score, c.unlocks, c.change"

    private static func person(_ row: borrowing Row, from first: Int) -> MatchRunPerson {
        MatchRunPerson(
            referral: row.optionalID(first), version: row.int(first + 1),
            limits: Little.numbers(row.blob(first + 2)), scores: Little.numbers(row.blob(first + 3)),
            home: row.optionalInt(first + 4), score: row.optionalInt64(first + 5),
            unlocks: (row.optionalText(first + 6) ?? "").split(separator: " ").map(String.init),
            change: row.code(first + 7, otherwise: .first))
    }

    /// A page of the people of a run, in the queue's order, as far as somebody may know of them.
    package func lines(
        of id: MatchRunID, _ filter: MatchRunFilter, in visibility: ReferralVisibility, page: PageRequest<Int64>
    ) throws -> Page<MatchRunLine, Int64> {
        var select = SelectSQL(
            """
            SELECT c.place, r.id, r.number, r.urgency, r.waiting_since, h.dwelling_id, \(Self.personColumns)
            FROM match_run_candidate c JOIN referral r ON r.id = c.referral_id
            LEFT JOIN match_run_dwelling h ON h.run_id = c.run_id AND h.number = c.dwelling
            """, where: ScopeSQL.referrals(visibility))
        select.and("c.run_id = ?", id.value)
        if let change = filter.change { select.and("c.change = ?", .text(change.rawValue)) }
        if let isProposed = filter.isProposed {
            select.and("(c.dwelling IS NOT NULL) = ?", .integer(isProposed ? 1 : 0))
        }
        if let place = page.after { select.and("c.place > ?", .integer(place)) }
        select.order(by: "c.place", limit: page.limit)
        return Page(try select.all(db, read: Self.line), limit: page.limit) { Int64($0.place) }
    }

    /// Somebody in a run; nil when they were not in it.
    package func line(of referral: ReferralID, in id: MatchRunID) throws -> MatchRunLine? {
        try db.first(
            SQL(
                dynamic: """
                    SELECT c.place, r.id, r.number, r.urgency, r.waiting_since, h.dwelling_id, \(Self.personColumns)
                    FROM match_run_candidate c JOIN referral r ON r.id = c.referral_id
                    LEFT JOIN match_run_dwelling h ON h.run_id = c.run_id AND h.number = c.dwelling
                    WHERE c.referral_id = ? AND c.run_id = ?
                    """), referral, id, read: Self.line)
    }

    private static func line(_ row: borrowing Row) -> MatchRunLine {
        MatchRunLine(
            place: row.int(0), referral: row.id(1), number: row.int(2), urgency: row.optionalCode(3),
            waitingSince: row.optionalInstant(4), person: person(row, from: 6), dwelling: row.optionalID(5))
    }

    /// Homes of a run by their numbers.
    package func homeLines(of id: MatchRunID, numbered numbers: [Int]) throws -> [MatchRunHomeLine] {
        let list = numbers.map(String.init).joined(separator: ", ")
        return try homeLines(
            of: id, where: Scope(clause: "h.number IN (\(list))", values: []), page: PageRequest(limit: numbers.count)
        ).items
    }

    /// A page of the homes of a run, in the order of their numbers.
    package func homeLines(of id: MatchRunID, page: PageRequest<Int64>) throws -> Page<MatchRunHomeLine, Int64> {
        try homeLines(of: id, where: .everything, page: page)
    }

    private func homeLines(
        of id: MatchRunID, where scope: Scope, page: PageRequest<Int64>
    ) throws -> Page<MatchRunHomeLine, Int64> {
        let offer = DwellingStore.offerColumns(withAddress: false)
        var select = SelectSQL(
            """
            SELECT \(offer), h.number, h.dwelling_id, h.dwelling_version, h.cap, h.place, h.cut_off
            FROM match_run_dwelling h JOIN dwelling d ON d.id = h.dwelling_id JOIN organisation o ON o.id = d.organisation_id
            """, where: scope)
        select.and("h.run_id = ?", id.value)
        if let number = page.after { select.and("h.number > ?", .integer(number)) }
        select.order(by: "h.number", limit: page.limit)
        let rows = try select.all(db) { row in
            MatchRunHomeLine(
                number: row.int(17), home: Self.home(row, from: 18),
                offered: DwellingStore.offer(row, from: 0, withAddress: false))
        }
        return Page(rows, limit: page.limit) { Int64($0.number) }
    }

    /// What was proposed to each person of a run, in the queue's order; the destroyed dossiers left out.
    package func proposals(of id: MatchRunID) throws -> [RunProposal] {
        try db.all(
            """
            SELECT c.place, c.referral_id, h.dwelling_id, c.score FROM match_run_candidate c
            LEFT JOIN match_run_dwelling h ON h.run_id = c.run_id AND h.number = c.dwelling
            WHERE c.run_id = ? AND c.referral_id IS NOT NULL ORDER BY c.place
            """, id
        ) {
            RunProposal(
                place: $0.int(0), referral: $0.id(1), dwelling: $0.optionalID(2), score: $0.optionalInt64(3))
        }
    }
}

/// Numbers in a BLOB, low byte first.
private enum Little {
    static func bytes<Number: FixedWidthInteger>(_ numbers: [Number]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(numbers.count * Number.bitWidth / 8)
        for number in numbers { withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) } }
        return bytes
    }

    static func numbers<Number: FixedWidthInteger>(_ bytes: [UInt8]) -> [Number] {
        let width = Number.bitWidth / 8
        return stride(from: 0, to: bytes.count - bytes.count % width, by: width).map { start in
            bytes[start..<start + width].reversed().reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
        }
    }
}
