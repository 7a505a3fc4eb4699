// The tables `erasure_request` and `erasure`, and the erasing itself: every table that holds a word about a person, and what
// becomes of it. With `secure_delete` on, what goes is overwritten in the file.

package import Domain
package import SQLite

/// Requests to destroy dossiers, what is due, and the destruction.
package struct ErasureStore {
    let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    // MARK: Requests

    /// Adds a request.
    ///
    /// - Throws: `SQLiteError`, a unique violation when one is open already.
    package func insert(_ request: ErasureRequest, of referral: ReferralID) throws {
        try db.run(
            "INSERT INTO erasure_request (id, referral_id, requested_at, role, due_on) VALUES (?, ?, ?, ?, ?)",
            request.id, referral, request.requestedAt, Code(request.role), request.dueOn)
    }

    /// The requests about a referral, oldest first.
    package func list(of referral: ReferralID) throws -> [ErasureRequest] {
        try db.all(
            """
            SELECT id, requested_at, role, due_on, outcome, ground, note, decided_at FROM erasure_request
            WHERE referral_id = ? ORDER BY id
            """, referral
        ) { row in
            var request = ErasureRequest(
                id: row.id(0), requestedAt: row.instant(1), role: row.code(2, otherwise: .candidate))
            request.dueOn = row.date(3)
            request.outcome = row.optionalCode(4)
            request.ground = row.optionalCode(5)
            request.note = row.optionalText(6)
            request.decidedAt = row.optionalInstant(7)
            return request
        }
    }

    /// Writes the decision on a request; false when it was decided before.
    package func decide(_ request: ErasureRequest) throws -> Bool {
        try db.run(
            """
            UPDATE erasure_request SET outcome = ?, ground = ?, note = ?, decided_at = ?
            WHERE id = ? AND outcome IS NULL
            """, request.outcome.code, request.ground.code, request.note, request.decidedAt, request.id) > 0
    }

    // MARK: What is due

    /// The dossiers that have ended and are to go by a day, in the order of ids: what was granted, and what was kept for
    /// long enough.
    package func due(on day: CivilDate, _ terms: RetentionTerms) throws -> [DueErasure] {
        var due: [ReferralID: DueErasure] = [:]
        try db.forEach(
            """
            SELECT r.id, r.number, (SELECT max(at) FROM event e WHERE e.referral_id = r.id AND e.to_status = r.status),
                EXISTS (SELECT 1 FROM tenancy t WHERE t.referral_id = r.id)
                    OR EXISTS (SELECT 1 FROM event e WHERE e.referral_id = r.id AND e.kind = 'support_accepted'),
                (SELECT max(q.decided_at) FROM erasure_request q WHERE q.referral_id = r.id AND q.outcome = 'granted')
            FROM referral r
            WHERE r.status IN ('closed', 'redirected', 'rejected', 'withdrawn')
                AND NOT EXISTS (SELECT 1 FROM erasure e WHERE e.referral_id = r.id)
            """
        ) { row in
            let id: ReferralID = row.id(0)
            if let granted = row.optionalInstant(4) {
                let since = AmsterdamTime.day(of: granted)
                due[id] = DueErasure(referral: id, number: row.int(1), ground: .request, since: since)
                return
            }
            guard let ended = row.optionalInstant(2) else { return }
            let hadProvision = row.bool(3)
            let since = terms.goesOn(endedOn: AmsterdamTime.day(of: ended), hadProvision: hadProvision)
            guard since <= day else { return }
            due[id] = DueErasure(
                referral: id, number: row.int(1), ground: hadProvision ? .withProvision : .withoutProvision,
                since: since)
        }
        return due.values.sorted { $0.referral < $1.referral }
    }

    /// The ended dossiers whose destruction was granted before a day and has not been done, the earliest decision first.
    package func granted(before day: CivilDate, limit: Int) throws -> [DueErasure] {
        try db.all(
            """
            SELECT r.id, r.number, q.decided_at FROM erasure_request q JOIN referral r ON r.id = q.referral_id
            WHERE q.outcome = 'granted' AND q.decided_at < ?
                AND r.status IN ('closed', 'redirected', 'rejected', 'withdrawn')
                AND NOT EXISTS (SELECT 1 FROM erasure e WHERE e.referral_id = q.referral_id)
            ORDER BY q.decided_at LIMIT ?
            """, AmsterdamTime.start(of: day), limit
        ) { row in
            DueErasure(
                referral: row.id(0), number: row.int(1), ground: .request, since: AmsterdamTime.day(of: row.instant(2)))
        }
    }

    // MARK: Destroying

    /// Whether a dossier was destroyed.
    package func isErased(_ referral: ReferralID) throws -> Bool {
        try db.first("SELECT 1 FROM erasure WHERE referral_id = ?", referral) { _ in true } ?? false
    }

    private static let signalsAndHandovers =
        "SELECT id FROM signal WHERE referral_id = ?1 UNION SELECT id FROM handover WHERE referral_id = ?1"

    /// Every statement of the destruction, each with one parameter, the referral. What a CHECK wants filled is a dash.
    private static let statements: [SQL] = [
        "DELETE FROM person WHERE referral_id = ?",
        // That somebody answered is counted for good; what they answered is gone.
        """
        UPDATE situation SET missed_signals = iif(opening_declined, NULL, '-'),
            needed_two_years_ago = iif(opening_declined, NULL, '-'), support_needs = '', health = NULL,
            income_per_month = NULL, debts = NULL WHERE referral_id = ?
        """,
        "UPDATE referral SET external_reference = NULL, restricted = 1, version = version + 1 WHERE id = ?",
        "UPDATE event SET reason = NULL WHERE referral_id = ? AND reason IS NOT NULL",
        "UPDATE decision SET urgency_ground = NULL, agreement_waived = NULL, handover_to = NULL WHERE referral_id = ?",
        "UPDATE intake_record SET text = '-' WHERE referral_id = ?",
        "UPDATE advice_told SET note = NULL WHERE referral_id = ?",
        """
        UPDATE measurement_domain SET necessity = '-'
        WHERE measurement_id IN (SELECT id FROM measurement WHERE referral_id = ?)
        """,
        "UPDATE risk_version SET risks = '', note = NULL WHERE referral_id = ?",
        "DELETE FROM network_person WHERE referral_id = ?",
        // It stays the referral's, so that its opening is counted once and it becomes no other.
        """
        UPDATE consultation SET missed_signals = iif(opening_declined, NULL, '-'),
            needed_two_years_ago = iif(opening_declined, NULL, '-'), question = '-', answer = iif(answer IS NULL, NULL, '-')
        WHERE referral_id = ?
        """,
        "DELETE FROM exclusion_zone WHERE referral_id = ?",
        "UPDATE objection SET text = NULL, note = iif(outcome IS NULL, NULL, '-') WHERE referral_id = ?",
        """
        UPDATE report_condition SET note = '' WHERE report_id IN (SELECT id FROM report WHERE referral_id = ?)
        """,
        """
        UPDATE report SET summary = '-', risks = '', support_needs = '', income_per_month = NULL,
            remarks = iif(agreed = 0, '-', NULL) WHERE referral_id = ?
        """,
        "UPDATE wish SET note = NULL, close_to = NULL, near = NULL WHERE referral_id = ?",
        "UPDATE consent SET withdrawal_reason = NULL WHERE referral_id = ?",
        "UPDATE match_response SET note = NULL WHERE match_id IN (SELECT id FROM match WHERE referral_id = ?)",
        "UPDATE match SET reason = '-', decline_note = NULL, introduction = NULL WHERE referral_id = ?",
        "UPDATE decline_review SET reason = '-' WHERE match_id IN (SELECT id FROM match WHERE referral_id = ?)",
        """
        UPDATE support_request SET note = NULL, decline_note = NULL, needs = '',
            contact_name = iif(contact_name IS NULL, NULL, '-'), contact_phone = iif(contact_phone IS NULL, NULL, '000')
        WHERE referral_id = ?
        """,
        "UPDATE match_run_candidate SET referral_id = NULL WHERE referral_id = ?",
        "UPDATE task SET note = NULL WHERE referral_id = ?",
        "UPDATE task_event SET note = NULL WHERE task_id IN (SELECT id FROM task WHERE referral_id = ?)",
        SQL(dynamic: "UPDATE task SET note = NULL WHERE id IN (\(TaskStore.about(signalsAndHandovers)))"),
        SQL(dynamic: "UPDATE task_event SET note = NULL WHERE task_id IN (\(TaskStore.about(signalsAndHandovers)))"),
        "UPDATE signal SET note = NULL WHERE referral_id = ?",
        "UPDATE signal_response SET note = NULL WHERE signal_id IN (SELECT id FROM signal WHERE referral_id = ?)",
        """
        UPDATE handover SET recipient_contact = NULL, reason = '-', note = NULL,
            reference = iif(reference IS NULL, NULL, '-') WHERE referral_id = ?
        """,
        "DELETE FROM provenance WHERE referral_id = ?",
        "UPDATE emergency_access SET reason = '----------', note = NULL WHERE referral_id = ?",
        "DELETE FROM field_trace WHERE referral_id = ?",
        """
        UPDATE correction_request SET text = '-', note = iif(outcome = 'refused', '-', NULL), statement = NULL
        WHERE referral_id = ?
        """,
        "UPDATE erasure_request SET note = iif(outcome = 'refused', '-', NULL) WHERE referral_id = ?",
        "DELETE FROM person_link WHERE first_id = ?",
        "DELETE FROM person_link WHERE second_id = ?",
        "DELETE FROM restriction WHERE referral_id = ?",
        "DELETE FROM named_person WHERE referral_id = ?",
        "DELETE FROM idempotency WHERE referral_id = ?",
        "UPDATE access_token SET label = '-' WHERE referral_id = ?",
    ]

    /// Destroys a dossier: nobody reads it any more, and no word of it remains. The ledger stays; it names nobody.
    package func erase(_ referral: ReferralID, on ground: ErasureGround, at now: Instant) throws {
        try db.run(
            "INSERT INTO erasure (referral_id, ground, erased_at) VALUES (?, ?, ?)", referral, Code(ground), now)
        for statement in Self.statements { try db.run(statement, referral) }
        try db.run(
            "UPDATE access_token SET revoked_at = coalesce(revoked_at, ?) WHERE referral_id = ?", now, referral)
    }
}
