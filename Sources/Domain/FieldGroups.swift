// The groups of fields that are shown or withheld together, with what each holds, the law it stands under, and which roles
// no table may ever give it to. Which role sees which, and when, is the table of PolicyTable.

/// Groups of fields that are shown or withheld together.
package struct FieldGroups: OptionSet, Sendable, Hashable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Status, route, municipality, candidate number, clocks.
    package static let status = FieldGroups(rawValue: 1 << 0)
    /// What the referrer sent along to recognise it by: external reference, opening answers.
    package static let origin = FieldGroups(rawValue: 1 << 1)
    /// Name and birth date.
    package static let identity = FieldGroups(rawValue: 1 << 2)
    /// Phone and e-mail.
    package static let contact = FieldGroups(rawValue: 1 << 3)
    /// The whole BSN.
    package static let bsn = FieldGroups(rawValue: 1 << 4)
    /// The last three digits of the BSN.
    package static let bsnTail = FieldGroups(rawValue: 1 << 5)
    /// Health, screening, needs: care data as the referrer wrote it; and what the intake laid down.
    package static let care = FieldGroups(rawValue: 1 << 6)
    /// Income and debts as the referrer wrote them.
    package static let finances = FieldGroups(rawValue: 1 << 7)
    /// Only whether the rent fits the income.
    package static let rentFit = FieldGroups(rawValue: 1 << 8)
    /// All wishes.
    package static let wishes = FieldGroups(rawValue: 1 << 9)
    /// Of the wishes: form; and household size and accessibility.
    package static let housingNeeds = FieldGroups(rawValue: 1 << 10)
    /// Provider, intensity and contact of the support.
    package static let support = FieldGroups(rawValue: 1 << 11)
    /// Urgency, form, grounds, advice and the reasons given with moves.
    package static let decision = FieldGroups(rawValue: 1 << 12)
    /// Possible duplicates: other referrals that may be the same person's.
    package static let duplicates = FieldGroups(rawValue: 1 << 13)
    /// The address of a dwelling.
    package static let address = FieldGroups(rawValue: 1 << 14)
    /// The intake point's own workings: who does an intake, why a match was made, which limits were set aside, words
    /// beside a decline.
    package static let workings = FieldGroups(rawValue: 1 << 15)
    /// Which referral a match, a request for support or a tenancy is about.
    package static let dossier = FieldGroups(rawValue: 1 << 16)
    /// What the person agreed to, for whom and until when.
    package static let consents = FieldGroups(rawValue: 1 << 17)
    /// What was written beside a signal.
    package static let signalWords = FieldGroups(rawValue: 1 << 18)
    /// Who looked at the dossier: the ledger's own entries.
    package static let disclosures = FieldGroups(rawValue: 1 << 24)

    /// The groups that say something about a person who can be recognised: a look at them is a disclosure.
    package static let personal: FieldGroups = [
        .identity, .contact, .bsn, .bsnTail, .care, .finances, .wishes, .housingNeeds, .support, .decision, .origin,
        .rentFit, .consents, .signalWords, .disclosures,
    ]

    /// The groups that are a disclosure when it is known whose referral they are of: under a candidate number, the
    /// status too says something about somebody.
    package static let personalInReferral = personal.union(.status)

    /// The groups of these names; a name that is none of them is left out.
    package init(names: some Sequence<String>) {
        self = names.reduce(into: []) { groups, name in
            if let known = FieldGroup.all.first(where: { $0.name == name }) { groups.formUnion(known.group) }
        }
    }

    /// The groups' names, for the ledger and the policy table.
    package var names: [String] {
        FieldGroup.all.compactMap { contains($0.group) ? $0.name : nil }
    }
}

/// One group, described.
package struct FieldGroup: Sendable {
    package let group: FieldGroups
    /// Its name in the ledger, the API and the tables.
    package let name: String
    /// What it holds, in words.
    package let holds: String
    /// The law it stands under.
    package let law: String
    /// The roles that may never see it, whatever else changes.
    package let barred: RoleSet

    /// Those who let homes: no ground in law for a BSN, and none for health, risks or money.
    private static let landlords: RoleSet = [.allocator, .panel]
    /// Those who look at the service, not at people.
    private static let outside: RoleSet = [.policymaker, .auditor, .admin]

    private static let health = "GDPR art. 9; Wmo 2015 art. 5.1.1"
    private static let needed = "Wmo 2015 art. 5.1.1; GDPR art. 5(1)(c)"

    /// Every group, in the order of the tables.
    package static let all: [FieldGroup] = [
        FieldGroup(.status, "status", "status, route, municipality, candidate number, clocks", needed, []),
        FieldGroup(.origin, "origin", "referrer, its reference, the opening answers", needed, [landlords, outside]),
        FieldGroup(.identity, "identity", "name, birth date", needed, outside),
        FieldGroup(.contact, "contact", "phone, e-mail", needed, outside),
        FieldGroup(
            .bsn, "bsn", "the BSN", "Wmo 2015 art. 5.2.9(1); UAVG art. 46; Wabb art. 10",
            [landlords, outside, .referrer, .candidate]),
        FieldGroup(
            .bsnTail, "bsn_tail", "the last three digits of the BSN", "Wmo 2015 art. 5.3.2",
            [landlords, outside, .referrer]),
        FieldGroup(.care, "care", "health, screening, needs, the intake, measurements", health, [landlords, outside]),
        FieldGroup(.finances, "finances", "income, debts", "Wmo 2015 art. 5.1.1(4)", [landlords, outside]),
        FieldGroup(.rentFit, "rent_fit", "whether the rent fits the income", "GDPR art. 5(1)(c)", outside),
        FieldGroup(.wishes, "wishes", "all wishes, in their versions", needed, [outside, .allocator]),
        FieldGroup(.housingNeeds, "housing_needs", "wanted forms, household, accessibility", needed, outside),
        FieldGroup(.support, "support", "support: provider, intensity, contact", needed, outside),
        FieldGroup(
            .decision, "decision", "urgency, form, grounds, advice, reasons of moves", needed,
            [landlords, outside, .referrer]),
        FieldGroup(
            .duplicates, "duplicates", "referrals that may be the same person's", needed,
            RoleSet.everyone.subtracting([.intaker, .coordinator])),
        FieldGroup(.address, "address", "the address of a dwelling", "GDPR art. 5(1)(c)", outside),
        FieldGroup(
            .workings, "workings", "who does the intake, why a match was made, limits set aside", needed,
            RoleSet.everyone.subtracting([.intaker, .coordinator])),
        FieldGroup(.dossier, "dossier", "which referral it is about", needed, [landlords, outside]),
        FieldGroup(
            .consents, "consents", "what was agreed to, for whom, until when", "GDPR art. 7(1)", [landlords, outside]),
        FieldGroup(.signalWords, "signal_words", "what was written beside a signal", needed, outside),
        FieldGroup(
            .disclosures, "disclosures", "who looked at the dossier", "GDPR art. 15; NEN 7513",
            RoleSet.everyone.subtracting([.intaker, .coordinator, .candidate, .auditor])),
    ]

    /// Whether a role may never see a group.
    package static func isBarred(_ group: FieldGroups, from role: Role) -> Bool {
        all.contains { $0.group == group && $0.barred.contains(role) }
    }

    private init(_ group: FieldGroups, _ name: String, _ holds: String, _ law: String, _ barred: RoleSet) {
        self.group = group
        self.name = name
        self.holds = holds
        self.law = law
        self.barred = barred
    }
}
