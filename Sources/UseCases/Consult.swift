// Consultations: a professional asks, the intake point answers, and the case can become a referral. And the themes of an
// opening, which the intake point alone reads and gives.

package import Domain
package import Storage

/// Consultations.
package enum Consult {
    /// Asks advice on a case.
    ///
    /// - Throws: `UseCaseFault`.
    package static func ask(
        _ draft: ConsultationDraft, by caller: Caller, in tx: WriteTransaction
    ) throws -> Consultation {
        try caller.require(.consult)
        let organisation = caller.actor.organisation
        guard let asker = try OrganisationStore(tx.db).find(organisation) else { throw UseCaseFault.notFound }
        let consultation = Consultation(
            id: tx.newIdentifier(), asker: OrganisationName(id: asker.id, name: asker.name), askedAt: tx.now,
            content: draft)
        try ConsultationStore(tx.db).insert(consultation, by: caller.actor.token)
        return consultation
    }

    /// One consultation.
    ///
    /// - Throws: `UseCaseFault`.
    package static func find(
        _ id: ConsultationID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Consultation {
        try caller.require(.readConsultations)
        let visibility = AccessPolicy.consultations(visibleTo: caller.actor)
        guard let found = try ConsultationStore(tx.db).find(id, in: visibility) else { throw UseCaseFault.notFound }
        return try shown(found, to: caller, in: tx)
    }

    /// A page of consultations, newest first.
    ///
    /// - Throws: `UseCaseFault`.
    package static func list(
        state: ConsultationState?, page: PageRequest<ConsultationID>, by caller: Caller, in tx: ReadTransaction
    ) throws -> Page<Consultation, ConsultationID> {
        try caller.require(.readConsultations)
        var found = try ConsultationStore(tx.db).list(
            state: state, in: AccessPolicy.consultations(visibleTo: caller.actor), page: page)
        found.items = try found.items.map { try shown($0, to: caller, in: tx) }
        return found
    }

    // What it became is known to those who may know of that; themes are the intake point's.
    private static func shown(
        _ consultation: Consultation, to caller: Caller, in tx: ReadTransaction
    ) throws -> Consultation {
        var shown = consultation
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        if let referral = shown.referral,
            try ReferralStore(tx.db).find(referral, in: visibility, decided: false) == nil
        {
            shown.referral = nil
        }
        if !AccessPolicy.groups(ofReferralFor: caller.actor.role).contains(.workings) { shown.themes = nil }
        return shown
    }

    /// Answers a consultation.
    ///
    /// - Throws: `UseCaseFault`; `.conflict` when it was answered before.
    package static func answer(
        _ id: ConsultationID, text: String, advice: [Advice], by caller: Caller, in tx: WriteTransaction
    ) throws -> Consultation {
        try caller.require(.answerConsultation)
        return try change(id, caller, tx) { consultation in
            guard consultation.answer == nil else {
                throw UseCaseFault.conflict(.other, "This consultation was answered before.")
            }
            consultation.answer = ConsultationAnswer(text: text, advice: advice, at: tx.now)
        }
    }

    /// Gives the opening of a consultation its themes.
    ///
    /// - Throws: `UseCaseFault`.
    package static func give(
        _ themes: [SignalTheme], to id: ConsultationID, by caller: Caller, in tx: WriteTransaction
    ) throws -> Consultation {
        try caller.require(.giveThemes)
        return try change(id, caller, tx) { $0.themes = themes }
    }

    /// Gives the opening of a referral its themes.
    ///
    /// - Throws: `UseCaseFault`.
    package static func give(
        _ themes: [SignalTheme], to id: ReferralID, by caller: Caller, in tx: WriteTransaction
    ) throws -> ReferralView {
        try caller.require(.giveThemes)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let standing = try steps.find(id)
        try steps.referrals.give(themes, to: id)
        _ = try steps.touch(standing)
        _ = try steps.journal.record("themes", of: id, groups: .origin)
        return try steps.view(id)
    }

    /// A consultation that can become a referral: of an asker or the intake point, and once.
    static func open(_ id: ConsultationID, _ steps: ReferralSteps) throws -> Consultation {
        let visibility = AccessPolicy.consultations(visibleTo: steps.caller.actor)
        guard let consultation = try ConsultationStore(steps.tx.db).find(id, in: visibility) else {
            throw UseCaseFault.invalid(
                pointer: "/consultation", code: "unknown", text: "There is no such consultation.")
        }
        guard consultation.referral == nil else {
            throw UseCaseFault.conflict(.other, "This consultation has become a referral already.")
        }
        return consultation
    }

    /// Notes which referral an open consultation became.
    static func become(_ consultation: Consultation, _ referral: ReferralID, _ steps: ReferralSteps) throws {
        var consultation = consultation
        consultation.referral = referral
        consultation.version += 1
        guard try ConsultationStore(steps.tx.db).update(consultation) else { throw UseCaseFault.preconditionFailed }
    }

    private static func change(
        _ id: ConsultationID, _ caller: Caller, _ tx: WriteTransaction, _ apply: (inout Consultation) throws -> Void
    ) throws -> Consultation {
        let store = ConsultationStore(tx.db)
        let visibility = AccessPolicy.consultations(visibleTo: caller.actor)
        guard var consultation = try store.find(id, in: visibility) else { throw UseCaseFault.notFound }
        try apply(&consultation)
        consultation.version += 1
        guard try store.update(consultation) else { throw UseCaseFault.preconditionFailed }
        return try shown(consultation, to: caller, in: tx.reading)
    }
}
