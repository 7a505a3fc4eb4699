// The conversation after the referral came in: wishes, consents, the report and what the candidate says of it.

package import Domain
package import Storage

/// Writes wishes, consents and reports down.
package enum Converse {
    /// Writes a new version of the wishes.
    ///
    /// - Throws: `UseCaseFault`.
    package static func write(
        wishes: [Wish], phase: RecoveryPhase?, of id: ReferralID, by caller: Caller, in tx: WriteTransaction
    ) throws -> WishVersion {
        try caller.require(.writeWishes)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let standing = try steps.findOpen(id)
        let role = caller.actor.role
        let number = try ConversationStore(tx.db).insert(
            wishes: wishes, phase: phase, about: id, by: role, at: tx.now)
        _ = try steps.touch(standing)
        _ = try steps.journal.record("wishes", of: id, groups: .wishes)
        try steps.keepClocks([.wishesWritten], of: id)
        return WishVersion(
            number: number, phase: phase, writtenAt: tx.now, writtenBy: role,
            askAgainAfter: try steps.lastDay(of: .wishes), wishes: wishes)
    }

    /// Records a consent.
    ///
    /// - Throws: `UseCaseFault`.
    package static func give(
        _ purpose: ConsentPurpose, to recipient: OrganisationID?, until endsOn: CivilDate?, of id: ReferralID,
        by caller: Caller, in tx: WriteTransaction
    ) throws -> Consent {
        try caller.require(.writeConsents)
        let steps = ReferralSteps(caller: caller, tx: tx)
        _ = try steps.findOpen(id)
        if let recipient {
            guard let organisation = try OrganisationStore(tx.db).find(recipient) else {
                throw UseCaseFault.invalid(
                    pointer: "/recipient", code: "unknown", text: "There is no such organisation.")
            }
            guard purpose.recipients.contains(organisation.kind) else {
                throw UseCaseFault.invalid(
                    pointer: "/recipient", code: "invalid", text: "Consent for this is given to another kind.")
            }
        }
        if let endsOn, endsOn < steps.today {
            throw UseCaseFault.invalid(pointer: "/endsOn", code: "range", text: "Must not be in the past.")
        }
        let consent = Consent(
            id: tx.newIdentifier(), purpose: purpose, recipient: recipient, givenAt: tx.now, endsOn: endsOn,
            withdrawnAt: nil)
        try ConversationStore(tx.db).insert([consent], about: id, by: caller.actor.role)
        _ = try steps.journal.record("consent", of: id, groups: .consents, object: consent.id.retyped())
        return consent
    }

    /// Withdraws a consent, with effect at once: live matches that no longer rest on one end in the same commit.
    ///
    /// - Throws: `UseCaseFault`.
    package static func withdraw(
        _ consentID: ConsentID, of id: ReferralID, reason: String?, by caller: Caller, in tx: WriteTransaction
    ) throws -> Consent {
        try caller.require(.writeConsents)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let standing = try steps.find(id)
        let store = ConversationStore(tx.db)
        guard var consent = try store.consents(of: id).first(where: { $0.id == consentID }) else {
            throw UseCaseFault.notFound
        }
        guard try store.withdraw(consentID, about: id, reason: reason, at: tx.now) else {
            throw UseCaseFault.conflict(.other, "This consent was withdrawn before.")
        }
        consent.withdrawnAt = tx.now
        _ = try steps.journal.record(
            "consent_withdrawn", of: id, reason: reason, groups: .consents, object: consentID.retyped())
        try endMatchesWithoutConsent(of: standing, "The consent it rested on was withdrawn.", steps)
        if standing.state.isOpen { try steps.raise(.consentWithdrawn, about: id, object: consentID.retyped()) }
        return consent
    }

    /// Ends the live matches that rest on no consent any more.
    static func endMatchesWithoutConsent(
        of standing: ReferralStanding, _ reason: String, _ steps: ReferralSteps
    ) throws {
        let consents = try ConversationStore(steps.tx.db).consents(of: standing.id)
        let matches = try MatchStore(steps.tx.db).live(of: standing.id)
        for match in matches where !consents.allowOffer(to: match.landlord, on: steps.today) {
            try AnswerMatch.finish(
                match, .withdraw, kind: "match_withdrawn", reason: reason, steps)
        }
    }

    /// Writes a new version of the intake report.
    ///
    /// - Throws: `UseCaseFault`; `.conflict` outside the investigation.
    package static func write(
        report draft: ReportDraft, of id: ReferralID, by caller: Caller, in tx: WriteTransaction
    ) throws -> Report {
        try caller.require(.writeReport)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let standing = try steps.find(id)
        guard [.intake, .reported].contains(standing.resuming ?? standing.state) else {
            throw UseCaseFault.conflict(.other, "A report is written during the intake, before the decision.")
        }
        let store = ReportStore(tx.db)
        _ = try store.insert(draft, id: tx.newIdentifier(), about: id, at: tx.now)
        _ = try steps.journal.record("report", of: id, groups: [.care, .finances])
        if draft.personalPlanReceived { try steps.keepClocks([.planReceived], of: id) }
        // Read back, so that the answer is the very text that a GET gives, under the same tag.
        guard let report = try store.latest(of: id) else { throw UseCaseFault.notFound }
        return report
    }

    /// Records whether the candidate agrees with the latest report.
    ///
    /// - Throws: `UseCaseFault`.
    package static func respond(
        agrees: Bool, remarks: String?, of id: ReferralID, if precondition: Precondition = .any, by caller: Caller,
        in tx: WriteTransaction
    ) throws -> Report {
        try caller.require(.answerReport)
        let steps = ReferralSteps(caller: caller, tx: tx)
        _ = try steps.findOpen(id)
        let store = ReportStore(tx.db)
        guard var report = try store.latest(of: id) else {
            throw UseCaseFault.conflict(.reportMissing, "There is no intake report yet.")
        }
        try precondition.check(report.number)
        let response = ReportResponse(agrees: agrees, remarks: remarks, at: tx.now, by: caller.actor.role)
        guard try store.respond(response, toVersion: report.number, of: id) else {
            throw UseCaseFault.conflict(.other, "The candidate's answer to this version is recorded already.")
        }
        report.response = response
        _ = try steps.journal.record("report_response", of: id, groups: [.care, .finances])
        try steps.keepClocks([.reportAnswered], of: id)
        return report
    }
}
