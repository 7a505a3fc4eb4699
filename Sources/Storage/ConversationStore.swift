// What was said and agreed about one referral: wishes, consents, reports and decisions, each in its versions. Callers
// have seen to it that the referral may be known of.

package import Domain
package import SQLite

/// The tables `wish_version`, `wish`, `consent` and `decision`.
package struct ConversationStore {
    let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    // MARK: Wishes

    /// Adds a version of wishes and gives its number.
    package func insert(
        wishes: [Wish], phase: RecoveryPhase?, about referral: ReferralID, by role: Role, at now: Instant
    ) throws -> Int {
        let number =
            try db.first(
                "SELECT coalesce(max(number), 0) + 1 FROM wish_version WHERE referral_id = ?", referral
            ) { $0.int(0) } ?? 1
        try db.run(
            "INSERT INTO wish_version (referral_id, number, phase, written_at, role) VALUES (?, ?, ?, ?, ?)",
            referral, number, phase.code, now, Code(role))
        for (index, wish) in wishes.enumerated() {
            try db.run(
                """
                INSERT INTO wish (referral_id, version, rank, form, municipalities, surroundings, living_with, pets, close_to,
                    near, note)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                referral, number, index + 1, Code(wish.form), wish.municipalities.codes, wish.surroundings.codes,
                wish.livingWith.code, wish.pets, wish.closeTo,
                WishPlace.text(wish.near), wish.note)
        }
        return number
    }

    /// The newest wishes; nil when none were written down.
    package func latestWishes(of referral: ReferralID) throws -> WishVersion? {
        try wishes(of: referral, limit: 1).first
    }

    /// The forms that the newest wishes ask for, most wanted first, and nothing else of them; nil when there are none.
    package func wantedForms(of referral: ReferralID) throws -> [HousingForm]? {
        let forms: [HousingForm] = try db.all(
            """
            SELECT form FROM wish WHERE referral_id = ?1
                AND version = (SELECT max(number) FROM wish_version WHERE referral_id = ?1)
            ORDER BY rank
            """, referral
        ) { $0.code(0, otherwise: .independent) }
        let each = forms.reduce(into: [HousingForm]()) { if !$0.contains($1) { $0.append($1) } }
        return each.isEmpty ? nil : each
    }

    /// Every version of the wishes, newest first, at most `limit`.
    package func wishes(of referral: ReferralID, limit: Int = 1000) throws -> [WishVersion] {
        let term = try RegionStore(db).current().settings.term(of: .wishes)
        let versions = try db.all(
            """
            SELECT number, phase, written_at, role FROM wish_version
            WHERE referral_id = ? ORDER BY number DESC LIMIT ?
            """, referral, limit
        ) { row in
            WishVersion(
                number: row.int(0), phase: row.optionalCode(1), writtenAt: row.instant(2),
                writtenBy: row.code(3, otherwise: .candidate),
                askAgainAfter: term.lastDay(from: AmsterdamTime.day(of: row.instant(2))), wishes: [])
        }
        return try versions.map { version in
            var filled = version
            filled.wishes = try db.all(
                """
                SELECT form, municipalities, note, surroundings, living_with, pets, close_to, near FROM wish
                WHERE referral_id = ? AND version = ? ORDER BY rank
                """, referral, version.number
            ) { row in
                Wish(
                    form: row.code(0, otherwise: .independent), municipalities: row.municipalities(1),
                    surroundings: row.codes(3), livingWith: row.optionalCode(4), pets: row.optionalBool(5),
                    closeTo: row.optionalText(6), near: WishPlace.read(row.optionalText(7)), note: row.optionalText(2))
            }
            return filled
        }
    }

    // MARK: Consents

    /// Adds consents.
    package func insert(_ consents: [Consent], about referral: ReferralID, by role: Role) throws {
        try db.insert(
            "INSERT INTO consent (id, referral_id, purpose, recipient_id, given_at, ends_on, role) VALUES",
            "(?, ?, ?, ?, ?, ?, ?)", for: consents
        ) { consent, batch, place in
            try batch.bind(
                from: place, consent.id, referral, Code(consent.purpose), consent.recipient, consent.givenAt,
                consent.endsOn,
                Code(role))
        }
    }

    /// All consents about a referral, oldest first; the withdrawn ones too.
    package func consents(of referral: ReferralID) throws -> [Consent] {
        try db.all(
            """
            SELECT id, purpose, recipient_id, given_at, ends_on, withdrawn_at FROM consent
            WHERE referral_id = ? ORDER BY id
            """, referral
        ) { row in
            Consent(
                id: row.id(0), purpose: row.code(1, otherwise: .intake), recipient: row.optionalID(2),
                givenAt: row.instant(3), endsOn: row.optionalDate(4), withdrawnAt: row.optionalInstant(5))
        }
    }

    /// Consents that were not withdrawn and whose last day was before a day, in the order of their last days, after a
    /// place in it.
    package func ended(
        before day: CivilDate, after place: (day: CivilDate, id: ConsentID)?, limit: Int
    ) throws -> [(referral: ReferralID, consent: Consent)] {
        try db.all(
            """
            SELECT referral_id, id, purpose, recipient_id, given_at, ends_on FROM consent
            WHERE ends_on IS NOT NULL AND withdrawn_at IS NULL AND ends_on < ?1 AND (ends_on, id) > (?2, ?3)
            ORDER BY ends_on, id LIMIT ?4
            """, day, place?.day ?? CivilDate(dayNumber: 0), place?.id ?? ConsentID(high: 0, low: 0), limit
        ) { row in
            let consent = Consent(
                id: row.id(1), purpose: row.code(2, otherwise: .intake), recipient: row.optionalID(3),
                givenAt: row.instant(4), endsOn: row.optionalDate(5), withdrawnAt: nil)
            return (row.id(0), consent)
        }
    }

    /// Ends a consent now; false when it was withdrawn before.
    package func withdraw(
        _ consent: ConsentID, about referral: ReferralID, reason: String?, at now: Instant
    ) throws -> Bool {
        try db.run(
            """
            UPDATE consent SET withdrawn_at = ?, withdrawal_reason = ?
            WHERE referral_id = ? AND id = ? AND withdrawn_at IS NULL
            """, now, reason, referral, consent) > 0
    }

    // MARK: Decisions

    /// Adds a decision.
    package func insert(_ decision: Decision, id: Identifier<Decision>, about referral: ReferralID) throws {
        try db.run(
            """
            INSERT INTO decision (id, referral_id, kind, at, form, profile_version, urgency, urgency_ground,
                agreement_waived, advice, objection_due_on, region_version, handover_to)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            id, referral, Code(decision.kind), decision.at, decision.form.code, decision.profileVersion,
            decision.urgency.code, decision.urgencyGround, decision.agreementWaived, decision.advice.codes,
            decision.objectionDueOn, decision.regionVersion, decision.handoverTo)
    }

    /// The newest decision; nil before the first.
    package func latestDecision(of referral: ReferralID) throws -> Decision? {
        try db.first(
            """
            SELECT kind, at, urgency, urgency_ground, form, profile_version, agreement_waived, advice, objection_due_on,
                region_version, handover_to
            FROM decision WHERE referral_id = ? ORDER BY id DESC LIMIT 1
            """, referral
        ) { row in
            Decision(
                kind: row.code(0, otherwise: .redirect), at: row.instant(1), urgency: row.optionalCode(2),
                urgencyGround: row.optionalText(3), form: row.optionalCode(4), profileVersion: row.optionalInt(5),
                agreementWaived: row.optionalText(6), advice: row.codes(7), objectionDueOn: row.optionalDate(8),
                regionVersion: row.int(9), handoverTo: row.optionalText(10))
        }
    }
}
