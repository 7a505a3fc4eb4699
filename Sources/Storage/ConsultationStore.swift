// The table `consultation`: cases without a person, asked by an organisation and answered by the intake point.

package import Domain
package import SQLite

/// The consultations.
package struct ConsultationStore {
    private let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    // Hidden is missed where what is not there is: by the index of who asked.
    private static func head(_ visibility: ConsultationVisibility) -> String {
        let index = if case .askedBy = visibility { "INDEXED BY consultation_organisation" } else { "" }
        return """
            SELECT c.id, o.id, o.name, c.asked_at, c.opening_declined, c.missed_signals, c.needed_two_years_ago, c.route,
                c.municipality, c.age_band, c.question, c.answer, c.advice, c.answered_at, c.referral_id, c.themes, c.version
            FROM consultation c \(index) CROSS JOIN organisation o ON o.id = c.organisation_id
            """
    }

    private static func consultation(_ row: borrowing Row) -> Consultation {
        let opening: Opening =
            if let missed = row.optionalText(5), let needed = row.optionalText(6), !row.bool(4) {
                .answered(missedSignals: missed, neededTwoYearsAgo: needed)
            } else {
                .declined
            }
        var consultation = Consultation(
            id: row.id(0), asker: row.organisation(1), askedAt: row.instant(3),
            content: ConsultationDraft(
                opening: opening, route: row.code(7, otherwise: .prevention), municipality: row.municipality(8),
                ageBand: row.optionalCode(9), question: row.text(10)))
        if let text = row.optionalText(11), let at = row.optionalInstant(13) {
            consultation.answer = ConsultationAnswer(text: text, advice: row.codes(12), at: at)
        }
        consultation.referral = row.optionalID(14)
        consultation.themes = row.isNull(15) ? nil : row.codes(15)
        consultation.version = row.int(16)
        return consultation
    }

    /// Adds a consultation.
    package func insert(_ consultation: Consultation, by token: TokenID) throws {
        let content = consultation.content
        let words: (String?, String?) =
            switch content.opening {
            case .answered(let missed, let needed): (missed, needed)
            case .declined: (nil, nil)
            }
        try db.run(
            """
            INSERT INTO consultation (id, organisation_id, token_id, asked_at, opening_declined, missed_signals,
                needed_two_years_ago, route, municipality, age_band, question, advice, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 1)
            """,
            consultation.id, consultation.asker.id, token, consultation.askedAt, content.opening == .declined, words.0,
            words.1, Code(content.route), content.municipality, content.ageBand.code, content.question)
    }

    /// A consultation, if it is in what may be known of.
    package func find(_ id: ConsultationID, in visibility: ConsultationVisibility) throws -> Consultation? {
        var select = SelectSQL(Self.head(visibility), where: ScopeSQL.consultations(visibility))
        select.and("c.id = ?", id.value)
        return try select.first(db, read: Self.consultation)
    }

    /// A page of consultations, newest first.
    package func list(
        state: ConsultationState?, in visibility: ConsultationVisibility, page: PageRequest<ConsultationID>
    ) throws -> Page<Consultation, ConsultationID> {
        var select = SelectSQL(Self.head(visibility), where: ScopeSQL.consultations(visibility))
        if let state { select.and("c.answered_at IS \(state == .answered ? "NOT NULL" : "NULL")") }
        if let id = page.after { select.and("c.id < ?", id.value) }
        select.order(by: "c.id DESC", limit: page.limit)
        return Page(try select.all(db, read: Self.consultation), limit: page.limit) { $0.id }
    }

    /// Writes the answer, the themes and what it became, if its row still has the version it was read at; false when
    /// somebody was first.
    package func update(_ consultation: Consultation) throws -> Bool {
        try db.run(
            """
            UPDATE consultation SET answer = ?, advice = ?, answered_at = ?, referral_id = ?, themes = ?, version = ?
            WHERE id = ? AND version = ?
            """,
            consultation.answer?.text, (consultation.answer?.advice ?? []).codes, consultation.answer?.at,
            consultation.referral, consultation.themes?.codes, consultation.version, consultation.id,
            consultation.version - 1) > 0
    }
}
