// The tables `handover` and `provenance`: warm transfers that are asked, and where a referral was before. What is sent stands
// in `parts`, each with its ground.

package import Domain
package import SQLite

/// The handovers.
package struct HandoverStore {
    let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    private static func head(_ source: String) -> String {
        """
        SELECT h.id, h.referral_id, h.recipient_name, h.recipient_contact, h.recipient_id, h.reason, h.advice, h.parts,
            h.consent_given_on, h.asked_at, h.answer_due_on, h.status, h.answered_at, h.decline_reason, h.note,
            h.reference, h.version
        FROM \(source)
        """
    }

    /// A handover, if it is in what may be known of.
    package func find(_ id: HandoverID, in visibility: HandoverVisibility) throws -> Handover? {
        let one = ScopeSQL.oneHandover(visibility)
        var select = SelectSQL(Self.head(one.source), where: one.scope)
        select.and("\(one.key) = ?", id.value)
        return try select.first(db, read: Self.handover)
    }

    /// A page of handovers, newest first, in one state or all.
    package func list(
        _ state: HandoverState?, in visibility: HandoverVisibility, page: PageRequest<HandoverID>
    ) throws -> Page<Handover, HandoverID> {
        var select = SelectSQL(
            Self.head("handover h JOIN referral r ON r.id = h.referral_id"), where: ScopeSQL.handovers(visibility))
        if let state { select.and("h.status = ?", .text(state.rawValue)) }
        if let id = page.after { select.and("h.id < ?", id.value) }
        select.order(by: "h.id DESC", limit: page.limit)
        return Page(try select.all(db, read: Self.handover), limit: page.limit) { $0.id }
    }

    /// The handover of a referral that is asked and not answered.
    package func asked(of referral: ReferralID) throws -> Handover? {
        try db.first(
            SQL(dynamic: Self.head("handover h") + " WHERE h.referral_id = ? AND h.status = 'asked'"), referral,
            read: Self.handover)
    }

    private static func handover(_ row: borrowing Row) -> Handover {
        let items: [HandoverItem] = row.text(7).split(separator: " ").compactMap { word in
            let halves = word.split(separator: ":")
            guard halves.count == 2, let part = HandoverPart(rawValue: String(halves[0])),
                let ground = HandoverGround(rawValue: String(halves[1]))
            else { return nil }
            return HandoverItem(part, on: ground)
        }
        let content = HandoverDraft(
            referral: row.id(1),
            recipient: HandoverRecipient(
                name: row.text(2), contact: row.optionalText(3), organisation: row.optionalID(4)),
            reason: row.text(5), advice: row.code(6, otherwise: .otherRegion), items: items,
            consentGivenOn: row.optionalDate(8))
        var handover = Handover(id: row.id(0), content, askedAt: row.instant(9), answerDueOn: row.date(10))
        handover.state = row.code(11, otherwise: .withdrawn)
        handover.answeredAt = row.optionalInstant(12)
        handover.declineReason = row.optionalCode(13)
        handover.note = row.optionalText(14)
        handover.reference = row.optionalText(15)
        handover.version = row.int(16)
        return handover
    }

    /// Adds a handover that is asked.
    ///
    /// - Throws: `SQLiteError`, a unique violation when one is asked for the referral already.
    package func insert(_ handover: Handover) throws {
        let content = handover.content
        let parts = content.items.map { "\($0.part.rawValue):\($0.ground.rawValue)" }.joined(separator: " ")
        try db.run(
            """
            INSERT INTO handover (id, referral_id, recipient_name, recipient_contact, recipient_id, reason, advice, parts,
                consent_given_on, asked_at, answer_due_on, status, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'asked', 1)
            """,
            handover.id, content.referral, content.recipient.name, content.recipient.contact,
            content.recipient.organisation, content.reason, Code(content.advice), parts, content.consentGivenOn,
            handover.askedAt, handover.answerDueOn)
    }

    /// Writes the answer, if the row still has the version before; false when somebody was first.
    package func update(_ handover: Handover) throws -> Bool {
        try db.run(
            """
            UPDATE handover SET status = ?, answered_at = ?, decline_reason = ?, note = ?, reference = ?, version = ?
            WHERE id = ? AND version = ?
            """,
            Code(handover.state), handover.answeredAt, handover.declineReason.code, handover.note, handover.reference,
            handover.version, handover.id, handover.version - 1) > 0
    }

    /// Writes down where a referral was before.
    package func insert(_ provenance: Provenance, of referral: ReferralID) throws {
        try db.run(
            "INSERT INTO provenance (referral_id, name, reference) VALUES (?, ?, ?)", referral, provenance.name,
            provenance.reference)
    }

    /// Where a referral was before; nil when it began here.
    package func provenance(of referral: ReferralID) throws -> Provenance? {
        try db.first("SELECT name, reference FROM provenance WHERE referral_id = ?", referral) {
            Provenance(name: $0.text(0), reference: $0.text(1))
        }
    }
}
