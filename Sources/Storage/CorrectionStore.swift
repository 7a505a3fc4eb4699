// The tables `correction_request` and `field_trace`: what a person asked to have put right, and what stood in a field before
// it was changed. Callers have seen to it that the referral may be known of.

package import Domain
package import SQLite

/// Requests for corrections, and what corrections replaced.
package struct CorrectionStore {
    let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    // MARK: Requests

    /// Adds a request.
    package func insert(_ request: CorrectionRequest, of referral: ReferralID) throws {
        try db.run(
            """
            INSERT INTO correction_request (id, referral_id, requested_at, role, fields, text, due_on)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            request.id, referral, request.requestedAt, Code(request.role), request.groups.names.joined(separator: " "),
            request.text, request.dueOn)
    }

    /// The requests about a referral, oldest first.
    package func list(of referral: ReferralID) throws -> [CorrectionRequest] {
        try list("text, note", "1", referral)
    }

    /// The statements that stand beside what was not changed, without the request's other words, oldest first.
    package func statements(of referral: ReferralID) throws -> [CorrectionRequest] {
        try list("NULL, NULL", "statement IS NOT NULL", referral)
    }

    private func list(_ words: String, _ condition: String, _ referral: ReferralID) throws -> [CorrectionRequest] {
        try db.all(
            SQL(
                dynamic: """
                    SELECT id, requested_at, role, fields, due_on, outcome, decided_at, statement, \(words)
                    FROM correction_request WHERE referral_id = ? AND \(condition) ORDER BY id
                    """), referral
        ) { row in
            var request = CorrectionRequest(
                id: row.id(0), requestedAt: row.instant(1), role: row.code(2, otherwise: .candidate),
                groups: FieldGroups(names: row.text(3).split(separator: " ").map(String.init)),
                text: row.optionalText(8)
            )
            request.dueOn = row.date(4)
            request.outcome = row.optionalCode(5)
            request.decidedAt = row.optionalInstant(6)
            request.statement = row.optionalText(7)
            request.note = row.optionalText(9)
            return request
        }
    }

    /// Writes the decision on a request; false when it was decided before.
    package func decide(_ request: CorrectionRequest) throws -> Bool {
        try db.run(
            "UPDATE correction_request SET outcome = ?, note = ?, decided_at = ? WHERE id = ? AND outcome IS NULL",
            request.outcome.code, request.note, request.decidedAt, request.id) > 0
    }

    /// Puts a statement beside what was not changed; false when one stands there.
    package func state(_ statement: String, on request: CorrectionID) throws -> Bool {
        try db.run(
            """
            UPDATE correction_request SET statement = ? WHERE id = ? AND outcome = 'refused' AND statement IS NULL
            """, statement, request) > 0
    }

    /// Whether anything that a request is about has changed since it was asked: a field that leaves a trace has one, and
    /// of the rest (a report, a wish, a consent) something was written.
    package func hasChanged(_ referral: ReferralID, since request: CorrectionRequest) throws -> Bool {
        let traced = TracedField.visible(in: request.groups)
        let fields = traced.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        let hasOthers = !request.groups.subtracting(traced.reduce(into: [.bsnTail]) { $0.formUnion($1.group) }).isEmpty
        return try db.first(
            SQL(
                dynamic: """
                    SELECT 1 FROM event e WHERE e.referral_id = ? AND e.at >= ? AND (
                        EXISTS (SELECT 1 FROM field_trace t
                            WHERE t.referral_id = e.referral_id AND t.event_id = e.id AND t.field IN (\(fields)))
                        OR ? AND e.kind NOT LIKE 'correction%') LIMIT 1
                    """), referral, request.requestedAt, hasOthers
        ) { _ in true } ?? false
    }

    // MARK: What stood there before

    /// Keeps what an event replaced.
    package func insert(_ traces: [FieldTrace], of event: EventID, about referral: ReferralID) throws {
        for trace in traces {
            try db.run(
                "INSERT INTO field_trace (referral_id, event_id, field, before) VALUES (?, ?, ?, ?)", referral, event,
                Code(trace.field), trace.before)
        }
    }

    /// What an event replaced, of the fields that may be seen, in the order of their names. Others are not read, and of a
    /// BSN no more than its end by who sees no more of it.
    package func traces(
        of event: EventID, about referral: ReferralID, in groups: FieldGroups
    ) throws -> [FieldTrace] {
        let fields = TracedField.visible(in: groups).map { "'\($0.rawValue)'" }.joined(separator: ", ")
        let bsn = groups.contains(.bsn) ? "before" : "'******' || substr(before, -3)"
        return try db.all(
            SQL(
                dynamic: """
                    SELECT field, iif(field = '\(TracedField.bsn.rawValue)', \(bsn), before) FROM field_trace
                    WHERE referral_id = ? AND event_id = ? AND field IN (\(fields)) ORDER BY field
                    """), referral, event
        ) { FieldTrace($0.code(0, otherwise: .route), before: $0.optionalText(1)) }
    }
}
