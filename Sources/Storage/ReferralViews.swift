// A referral as one role may see it: each field group is a SELECT of its own, and a group that may not be seen is never
// read. Knows the groups, not which role has which.

package import Domain
internal import SQLite

/// Everything about a person that a duplicate check or a change needs at once.
package struct PersonRecord: Sendable, Equatable {
    package var identity: Identity
    package var contact: Contact
    package var bsn: CitizenServiceNumber?
}

extension ReferralStore {
    /// A referral with the groups that may be seen, if it is in what may be known of.
    package func view(
        _ id: ReferralID, in visibility: ReferralVisibility, groups: FieldGroups, at now: Instant
    ) throws -> ReferralView? {
        guard let standing = try find(id, in: visibility, decided: groups.contains(.decision)) else { return nil }
        var view = ReferralView(standing: standing, groups: groups, readAt: now)
        try addOrigin(to: &view)
        if let person = try person(of: id, groups) {
            view.identity = person.identity
            view.contact = person.contact
            view.bsn = person.bsn
            view.bsnLastDigits = person.bsnLastDigits
        }
        if groups.contains(.duplicates), let person = try self.person(of: id) {
            try addDuplicates(of: person.identity, person.bsn, to: &view, in: visibility)
        }
        if groups.contains(.care) { view.care = try careWords(of: id) }
        if groups.contains(.workings) {
            view.assignee = try assignee(of: id)
            view.themes = try themes(of: id)
        }
        if groups.contains(.finances) { view.finances = try finances(of: id) }
        if groups.contains(.housingNeeds) { try addHousingNeeds(to: &view) }
        if groups.contains(.wishes) { view.wishes = try ConversationStore(db).latestWishes(of: id) }
        if groups.contains(.support) { view.support = try SupportStore(db).commitment(for: id) }
        if groups.contains(.decision) { view.decision = try ConversationStore(db).latestDecision(of: id) }
        return view
    }

    /// A draft that `insert` has just stored, and nothing has changed since, as `view` would read it.
    package func view(
        opened draft: ReferralDraft, as standing: ReferralStanding, by role: Role, in visibility: ReferralVisibility,
        groups: FieldGroups, under region: RegionVersion
    ) throws -> ReferralView {
        var view = ReferralView(
            opened: draft, as: standing, by: role, groups: groups, under: region.settings, version: region.version)
        try addOrigin(to: &view)
        if groups.contains(.duplicates) {
            try addDuplicates(of: draft.identity, draft.bsn, to: &view, in: visibility)
        }
        return view
    }

    private func addOrigin(to view: inout ReferralView) throws {
        if view.groups.contains(.origin) { view.origin = try origin(of: view.standing.id) }
    }

    private func addDuplicates(
        of identity: Identity, _ bsn: CitizenServiceNumber?, to view: inout ReferralView,
        in visibility: ReferralVisibility
    ) throws {
        view.possibleDuplicates = try LinkStore(db).likely(
            view.standing.id, identity: identity, bsn: bsn, openOnly: false, in: visibility
        ).map { PossibleDuplicate(id: $0.id, basis: $0.basis) }
    }

    /// Name, contact and BSN of a referral's person.
    package func person(of id: ReferralID) throws -> PersonRecord? {
        try db.first(
            """
            SELECT given_name, infix, family_name, birth_date, phone, email, bsn FROM person WHERE referral_id = ?
            """, id
        ) { row in
            PersonRecord(
                identity: Self.identity(row, from: 0),
                contact: Contact(phone: row.optionalText(4), email: row.optionalText(5)),
                bsn: row.optionalText(6).flatMap { CitizenServiceNumber($0) })
        }
    }

    /// What the person needs of a home: who moves in, and what they can't do without.
    package func housingNeeds(of id: ReferralID) throws -> (Household, [Accessibility])? {
        try db.first(
            "SELECT household_adults, household_children, pets, accessibility FROM referral WHERE id = ?", id
        ) { row in
            (Household(adults: row.int(0), children: row.int(1), pets: row.bool(2)), row.codes(3))
        }
    }

    /// Income a month in euro cents: as the latest intake report found it, else as the referrer wrote it.
    package func incomePerMonth(of id: ReferralID) throws -> Int64? {
        try db.first(
            """
            SELECT coalesce(
                (SELECT income_per_month FROM report WHERE referral_id = ?1 ORDER BY number DESC LIMIT 1),
                (SELECT income_per_month FROM situation WHERE referral_id = ?1))
            """, id
        ) { $0.optionalInt64(0) } ?? nil
    }

    private func origin(of id: ReferralID) throws -> Origin? {
        let before = try HandoverStore(db).provenance(of: id)
        return try db.first(
            """
            SELECT o.id, o.name, r.external_reference, s.opening_declined, s.missed_signals, s.needed_two_years_ago,
                (SELECT c.id FROM consultation c WHERE c.referral_id = r.id)
            FROM referral r JOIN organisation o ON o.id = r.organisation_id JOIN situation s ON s.referral_id = r.id
            WHERE r.id = ?
            """, id
        ) { row in
            let opening: Opening =
                if let missed = row.optionalText(4), let needed = row.optionalText(5), !row.bool(3) {
                    .answered(missedSignals: missed, neededTwoYearsAgo: needed)
                } else {
                    .declined
                }
            var origin = Origin(
                referrer: row.organisation(0), externalReference: row.optionalText(2), opening: opening)
            origin.consultation = row.optionalID(6)
            origin.handedOverFrom = before
            return origin
        }
    }

    /// What groups show of a person; of the rest no column is read, least of all the BSN.
    struct PersonPart {
        var identity: Identity?
        var contact: Contact?
        var bsn: CitizenServiceNumber?
        var bsnLastDigits: String?
    }

    /// The part of a referral's person that groups show; nil when they show none.
    func person(of id: ReferralID, _ groups: FieldGroups) throws -> PersonPart? {
        guard !groups.isDisjoint(with: [.identity, .contact, .bsn, .bsnTail]) else { return nil }
        let columns: [(FieldGroups, String, otherwise: String)] = [
            (.identity, "given_name, infix, family_name, birth_date", "NULL, NULL, NULL, NULL"),
            (.contact, "phone, email", "NULL, NULL"), (.bsn, "bsn", "NULL"), (.bsnTail, "substr(bsn, -3)", "NULL"),
        ]
        let read = columns.map { groups.contains($0.0) ? $0.1 : $0.otherwise }.joined(separator: ", ")
        return try db.first(SQL(dynamic: "SELECT \(read) FROM person WHERE referral_id = ?"), id) { row in
            var part = PersonPart()
            if groups.contains(.identity) { part.identity = Self.identity(row, from: 0) }
            if groups.contains(.contact) {
                part.contact = Contact(phone: row.optionalText(4), email: row.optionalText(5))
            }
            part.bsn = row.optionalText(6).flatMap { CitizenServiceNumber($0) }
            part.bsnLastDigits = row.optionalText(7)
            return part
        }
    }

    /// The themes of the opening; nil until they were given.
    private func themes(of id: ReferralID) throws -> [SignalTheme]? {
        try db.first("SELECT themes FROM situation WHERE referral_id = ? AND themes IS NOT NULL", id) { $0.codes(0) }
    }

    /// Who does the intake; nil when nobody was asked to.
    private func assignee(of id: ReferralID) throws -> Assignee? {
        try db.first(
            "SELECT t.id, t.label FROM referral r JOIN access_token t ON t.id = r.assignee_id WHERE r.id = ?", id
        ) { Assignee(token: $0.id(0), label: $0.text(1)) }
    }

    /// Care data as the referrer wrote it, with the advice that follows from the answers at the door.
    package func careWords(of id: ReferralID) throws -> CareWords? {
        try db.first(
            """
            SELECT s.legal_residence, s.acute_danger, s.lasting_24h_supervision, s.own_strength_suffices,
                s.homeless_tonight, s.support_needs, s.health, p.birth_date, s.region_version, r.municipality,
                r.received_at
            FROM situation s JOIN person p ON p.referral_id = s.referral_id JOIN referral r ON r.id = s.referral_id
            WHERE s.referral_id = ?
            """, id
        ) { row in
            let region = try RegionStore(db).find(row.int(8)) ?? .standard
            let screening = Screening(
                legalResidence: row.bool(0), acuteDanger: row.bool(1), lasting24hSupervision: row.bool(2),
                ownStrengthSuffices: row.bool(3), homelessTonight: row.bool(4))
            let (advice, criteria) = screening.advice(
                bornOn: row.date(7), from: row.municipality(9), today: AmsterdamTime.day(of: row.instant(10)),
                in: region.settings)
            return CareWords(
                screening: screening, advice: advice, regionVersion: row.int(8), criteriaVersion: criteria,
                supportNeeds: row.codes(5), health: row.optionalText(6))
        }
    }

    private func finances(of id: ReferralID) throws -> Finances? {
        try db.first("SELECT income_per_month, debts FROM situation WHERE referral_id = ?", id) { row in
            Finances(incomePerMonth: row.optionalInt64(0), debts: row.optionalInt64(1))
        }
    }

    private func addHousingNeeds(to view: inout ReferralView) throws {
        guard let (household, accessibility) = try housingNeeds(of: view.standing.id) else { return }
        view.household = household
        view.accessibility = accessibility
    }
}
