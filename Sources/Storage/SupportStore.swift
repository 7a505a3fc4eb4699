// The table `support_request`: what providers are asked and what they commit to. What a provider may see before it
// accepts is the reader's business.

package import Domain
package import SQLite

/// The requests for support.
package struct SupportStore {
    let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    // The words beside a request and its answer are about the decision, which not every reader sees.
    private static func head(
        _ groups: FieldGroups, _ source: String = "support_request s JOIN referral r ON r.id = s.referral_id"
    ) -> String {
        let words = groups.contains(.decision) ? "s.note, s.decline_note" : "NULL, NULL"
        return """
            SELECT s.id, s.referral_id, r.municipality, o.id, o.name, s.status, s.needs, s.hours_per_week,
                s.wanted_from, \(words), s.asked_at, s.answer_due_on, s.answered_at, s.starts_on, s.contact_name,
                s.contact_phone, s.decline_reason, s.version, s.kind
            FROM \(source)
            JOIN organisation o ON o.id = s.provider_id
            """
    }

    private static func request(_ row: borrowing Row) -> SupportRequest {
        var request = SupportRequest(
            id: row.id(0), referral: row.id(1), municipality: row.municipality(2), provider: row.organisation(3),
            state: row.code(5, otherwise: .withdrawn), needs: row.codes(6), hoursPerWeek: row.int(7),
            wantedFrom: row.optionalDate(8), note: row.optionalText(9), askedAt: row.instant(11),
            answerDueOn: row.date(12), version: row.int(18))
        request.kind = row.code(19, otherwise: .tenancy)
        request.declineNote = row.optionalText(10)
        request.answeredAt = row.optionalInstant(13)
        request.startsOn = row.optionalDate(14)
        request.contactName = row.optionalText(15)
        request.contactPhone = row.optionalText(16)
        request.declineReason = row.optionalCode(17)
        return request
    }

    /// A request with the groups that may be seen of it, if it is in what may be known of.
    package func find(
        _ id: SupportRequestID, in visibility: SupportVisibility, groups: FieldGroups
    ) throws -> SupportRequest? {
        let one = ScopeSQL.oneSupportRequest(visibility)
        var select = SelectSQL(Self.head(groups, one.source), where: one.scope)
        select.and("\(one.key) = ?", id.value)
        return try select.first(db, read: Self.request)
    }

    /// A page of requests, newest first; of one referral when it is given.
    package func list(
        states: [SupportState], about referral: ReferralID? = nil, in visibility: SupportVisibility,
        groups: FieldGroups, page: PageRequest<SupportRequestID>
    ) throws -> Page<SupportRequest, SupportRequestID> {
        var select = SelectSQL(Self.head(groups), where: ScopeSQL.supportRequests(visibility))
        select.and("s.status", in: states.map(\.rawValue))
        if let referral { select.and("s.referral_id = ?", referral.value) }
        if let id = page.after { select.and("s.id < ?", id.value) }
        select.order(by: "s.id DESC", limit: page.limit)
        return Page(try select.all(db, read: Self.request), limit: page.limit) { $0.id }
    }

    /// The accepted support for a referral; nil when nobody has committed.
    package func commitment(for referral: ReferralID) throws -> SupportCommitment? {
        try db.first(
            """
            SELECT o.id, o.name, s.hours_per_week, s.starts_on, s.contact_name, s.contact_phone
            FROM support_request s JOIN organisation o ON o.id = s.provider_id
            WHERE s.referral_id = ? AND s.status = 'accepted' AND s.kind = 'tenancy'
            """, referral
        ) { row in
            SupportCommitment(
                provider: row.organisation(0), hoursPerWeek: row.int(2), startsOn: row.date(3),
                contactName: row.text(4), contactPhone: row.text(5))
        }
    }

    /// The accepted request behind a commitment, with the day support starts; of support with the home unless told otherwise.
    package func accepted(
        for referral: ReferralID, _ kind: SupportKind = .tenancy
    ) throws -> (id: SupportRequestID, startsOn: CivilDate)? {
        try db.first(
            """
            SELECT id, starts_on FROM support_request
            WHERE referral_id = ? AND status = 'accepted' AND kind = ?
            """, referral, Code(kind)
        ) { ($0.id(0), $0.date(1)) }
    }

    /// The providers whose support is accepted for a referral.
    package func supporters(of referral: ReferralID) throws -> [OrganisationID] {
        try db.all(
            "SELECT provider_id FROM support_request WHERE referral_id = ? AND status = 'accepted'", referral
        ) { $0.id(0) }
    }

    /// Adds a request.
    ///
    /// - Throws: `SQLiteError`, a unique violation when this provider has an open request about this person.
    package func insert(_ request: SupportRequest) throws {
        try db.run(
            """
            INSERT INTO support_request (id, referral_id, provider_id, status, needs, hours_per_week, wanted_from, note,
                asked_at, answer_due_on, kind, version)
            VALUES (?, ?, ?, 'asked', ?, ?, ?, ?, ?, ?, ?, 1)
            """,
            request.id, request.referral, request.provider.id, request.needs.codes, request.hoursPerWeek,
            request.wantedFrom, request.note, request.askedAt, request.answerDueOn, Code(request.kind))
    }

    /// Writes a provider's answer, if the request is still open; false when it was answered before.
    ///
    /// - Throws: `SQLiteError`, a unique violation when another provider's support is accepted already.
    package func update(_ request: SupportRequest) throws -> Bool {
        try db.run(
            """
            UPDATE support_request SET status = ?, hours_per_week = ?, answered_at = ?, starts_on = ?, contact_name = ?,
                contact_phone = ?, decline_reason = ?, decline_note = ?, kind = ?, version = ?
            WHERE id = ? AND version = ?
            """,
            Code(request.state), request.hoursPerWeek, request.answeredAt, request.startsOn, request.contactName,
            request.contactPhone, request.declineReason.code, request.declineNote, Code(request.kind),
            request.version, request.id, request.version - 1) > 0
    }
}

extension SupportStore {
    /// Ends the bridging support of a referral, asked or accepted; whether there was any.
    package func endBridging(of referral: ReferralID) throws -> Bool {
        try db.run(
            """
            UPDATE support_request SET status = 'withdrawn', version = version + 1
            WHERE referral_id = ? AND kind = 'bridging' AND status IN ('asked', 'accepted')
            """, referral) > 0
    }

    /// Takes back what providers were asked and have not answered, when the referral ends; with `accepted` also what they
    /// committed to, and with it their sight of the dossier.
    package func withdrawOpen(about referral: ReferralID, accepted: Bool = false) throws {
        try db.run(
            """
            UPDATE support_request SET status = 'withdrawn', version = version + 1
            WHERE referral_id = ?1 AND (status = 'asked' OR ?2 AND status = 'accepted')
            """, referral, accepted)
    }
}
