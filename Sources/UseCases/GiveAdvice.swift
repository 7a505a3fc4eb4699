// Where a person is pointed to besides: by an answer at the door or by a decision, with an office to turn to and, once it was
// said to them, when and by whom. Never a bare no.

package import Domain
package import Storage

/// Advice, and that it was told.
package enum GiveAdvice {
    /// Where the person of a referral is pointed to, as far as the caller may know: what follows from a decision is for who
    /// may see that.
    ///
    /// - Throws: `UseCaseFault`.
    package static func list(
        _ id: ReferralID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<[AdviceLine]> {
        try caller.require(.readAdvice)
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        guard try ReferralStore(tx.db).find(id, in: visibility) != nil else { throw UseCaseFault.notFound }
        let groups = AccessPolicy.groups(ofReferralFor: caller.actor.role).intersection([.care, .decision])
        return Reading(
            try lines(of: id, groups, in: tx),
            disclosures: [Disclosure("read_advice", of: groups, about: id)].compactMap(\.self))
    }

    /// The advice to the person of a referral that may be known of.
    static func lines(of id: ReferralID, _ groups: FieldGroups, in tx: ReadTransaction) throws -> [AdviceLine] {
        let current = try RegionStore(tx.db).current().settings
        let told = try IntakeStore(tx.db).told(of: id)
        func line(
            _ advice: Advice, _ source: AdviceLine.Source, _ region: Int, _ criteria: Int?
        ) -> AdviceLine? {
            current.contact(for: advice).map { contact in
                AdviceLine(
                    contact: contact, source: source, regionVersion: region, criteriaVersion: criteria,
                    told: told.filter { $0.advice == advice })
            }
        }
        var lines: [AdviceLine] = []
        if groups.contains(.care), let care = try ReferralStore(tx.db).careWords(of: id) {
            lines += care.advice.compactMap { line($0, .screening, care.regionVersion, care.criteriaVersion) }
        }
        if groups.contains(.decision), let decision = try ConversationStore(tx.db).latestDecision(of: id) {
            let known = Set(lines.map(\.contact.advice))
            lines += decision.advice.filter { !known.contains($0) }
                .compactMap { line($0, .decision, decision.regionVersion, nil) }
        }
        return lines
    }

    /// Writes down that an advice was told to the person.
    ///
    /// - Throws: `UseCaseFault`; `.invalid` for an advice that does not stand in this dossier.
    package static func tell(
        _ advice: Advice, note: String?, of id: ReferralID, by caller: Caller, in tx: WriteTransaction
    ) throws -> AdviceLine {
        try caller.require(.tellAdvice)
        let steps = ReferralSteps(caller: caller, tx: tx)
        _ = try steps.find(id)
        let groups = AccessPolicy.groups(ofReferralFor: caller.actor.role).intersection([.care, .decision])
        let isGiven = try lines(of: id, groups, in: tx.reading).contains { $0.contact.advice == advice }
        guard isGiven else {
            throw UseCaseFault.invalid(
                pointer: "/advice", code: "unknown", text: "Nothing in this dossier leads to this advice.")
        }
        let told = AdviceTold(id: tx.newIdentifier(), advice: advice, note: note, at: tx.now, by: caller.actor.role)
        try IntakeStore(tx.db).insert(told, about: id, by: caller.actor.token)
        _ = try steps.journal.record("advice_told", of: id, groups: .care, object: told.id.retyped())
        guard let line = try lines(of: id, groups, in: tx.reading).first(where: { $0.contact.advice == advice }) else {
            throw UseCaseFault.notFound
        }
        return line
    }
}
