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
        guard let standing = try find(id, in: visibility) else { return nil }
        var view = ReferralView(standing: standing, groups: groups, readAt: now)
        if groups.contains(.origin) { view.origin = try origin(of: id) }
        if !groups.isDisjoint(with: [.identity, .contact, .bsn, .bsnTail, .duplicates]) {
            try addPerson(to: &view, groups: groups)
        }
        if !groups.isDisjoint(with: [.care, .finances]) { try addSituation(to: &view, groups: groups) }
        if groups.contains(.housingNeeds) { try addHousingNeeds(to: &view) }
        if groups.contains(.wishes) { view.wishes = try ConversationStore(db).latestWishes(of: id) }
        if groups.contains(.support) { view.support = try SupportStore(db).commitment(for: id) }
        if groups.contains(.decision) { view.decision = try ConversationStore(db).latestDecision(of: id) }
        return view
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
        try db.first(
            """
            SELECT o.id, o.name, r.external_reference, s.opening_declined, s.missed_signals, s.needed_two_years_ago
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
            return Origin(referrer: row.organisation(0), externalReference: row.optionalText(2), opening: opening)
        }
    }

    private func addPerson(to view: inout ReferralView, groups: FieldGroups) throws {
        let id = view.standing.id
        guard let person = try person(of: id) else { return }
        if groups.contains(.identity) { view.identity = person.identity }
        if groups.contains(.contact) { view.contact = person.contact }
        if groups.contains(.bsn) { view.bsn = person.bsn }
        if groups.contains(.bsnTail) { view.bsnLastDigits = person.bsn?.lastThreeDigits }
        if groups.contains(.duplicates) {
            view.possibleDuplicates = try possibleDuplicates(
                of: id, identity: person.identity, bsn: person.bsn, openOnly: false
            ).map { PossibleDuplicate(id: $0.id, basis: $0.basis) }
        }
    }

    private func addSituation(to view: inout ReferralView, groups: FieldGroups) throws {
        let received = AmsterdamTime.day(of: view.standing.receivedAt)
        let read = try db.first(
            """
            SELECT s.legal_residence, s.acute_danger, s.lasting_24h_supervision, s.own_strength_suffices,
                s.homeless_tonight, s.support_needs, s.health, s.income_per_month, s.debts, p.birth_date
            FROM situation s JOIN person p ON p.referral_id = s.referral_id WHERE s.referral_id = ?
            """, view.standing.id
        ) { row in
            let screening = Screening(
                legalResidence: row.bool(0), acuteDanger: row.bool(1), lasting24hSupervision: row.bool(2),
                ownStrengthSuffices: row.bool(3), homelessTonight: row.bool(4))
            let care = CareWords(
                screening: screening, advice: screening.advice(bornOn: row.date(9), today: received),
                supportNeeds: row.codes(5), health: row.optionalText(6))
            return (care, Finances(incomePerMonth: row.optionalInt64(7), debts: row.optionalInt64(8)))
        }
        if groups.contains(.care) { view.care = read?.0 }
        if groups.contains(.finances) { view.finances = read?.1 }
    }

    private func addHousingNeeds(to view: inout ReferralView) throws {
        guard let (household, accessibility) = try housingNeeds(of: view.standing.id) else { return }
        view.household = household
        view.accessibility = accessibility
    }
}
