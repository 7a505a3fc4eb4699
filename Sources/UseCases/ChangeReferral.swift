// Corrections to a referral, as a merge patch guarded by the version the writer saw.

package import Domain
package import Storage

/// Patches a referral.
package enum ChangeReferral {
    /// Applies changes to an open referral, and keeps what they replace.
    ///
    /// Health, money and support needs are the posting organisation's own words; others write theirs in the report. What the
    /// person asked to have corrected the intake point changes, whosever words it is, also when the referral has ended.
    ///
    /// - Throws: `UseCaseFault`.
    package static func run(
        _ id: ReferralID, _ changes: ReferralChanges, if precondition: Precondition, by caller: Caller,
        in tx: WriteTransaction
    ) throws -> ReferralView {
        try caller.require(.changeReferral)
        let steps = ReferralSteps(caller: caller, tx: tx)
        var standing = try steps.find(id)
        try precondition.check(standing.version)
        if try changes.groups.isEmpty || !CorrectData.asked(of: id, steps).isSuperset(of: changes.groups) {
            standing = try steps.findOpen(id)
            if changes.touchesOwnWords && standing.owner != caller.actor.organisation {
                throw UseCaseFault.forbidden(
                    "Health, finances and support needs are the words of the organisation that posted the referral.")
            }
        }
        if case .set(let reference) = changes.externalReference,
            let known = try steps.referrals.find(externalReference: reference, of: standing.owner), known != id
        {
            throw UseCaseFault.conflict(
                .duplicateExternalReference, "Another referral carries this reference already.",
                existing: .referral(known))
        }
        let traces = try replaced(by: changes, in: id, steps)
        if changes.touchesPerson { try changePerson(changes, of: id, in: steps) }
        try steps.referrals.apply(changes, to: id)
        if let route = changes.route { standing.route = route }
        if let municipality = changes.municipality { standing.municipality = municipality }
        _ = try steps.touch(standing)
        let event = try steps.journal.record(Event.correctionKind, of: id, groups: changes.groups)
        try CorrectionStore(tx.db).insert(traces, of: event, about: id)
        return try steps.view(id)
    }

    private static func replaced(
        by changes: ReferralChanges, in id: ReferralID, _ steps: ReferralSteps
    ) throws -> [FieldTrace] {
        let view = try steps.referrals.view(id, in: .everything, groups: changes.groups, at: steps.tx.now)
        guard let view else { throw UseCaseFault.notFound }
        return changes.traces(on: view)
    }

    private static func changePerson(_ changes: ReferralChanges, of id: ReferralID, in steps: ReferralSteps) throws {
        guard var person = try steps.referrals.person(of: id) else { throw UseCaseFault.notFound }
        person.identity.givenName = changes.givenName ?? person.identity.givenName
        person.identity.infix = changes.infix.applied(to: person.identity.infix)
        person.identity.familyName = changes.familyName ?? person.identity.familyName
        person.identity.birthDate = changes.birthDate ?? person.identity.birthDate
        person.contact.phone = changes.phone.applied(to: person.contact.phone)
        person.contact.email = changes.email.applied(to: person.contact.email)
        if changes.bsn.isChange {
            person.bsn = changes.bsn.applied(to: nil)
            try OpenReferral.requireUnknown(person.bsn, except: id, in: steps)
        }
        try steps.referrals.update(
            person: person.identity, contact: person.contact, bsn: person.bsn, of: id)
        let alike = try LinkReferrals.alike(person.identity, person.bsn, except: id, steps)
        try LinkReferrals.ask(about: id, alike, steps)
    }
}
