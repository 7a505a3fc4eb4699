// Everything about one person as one file: for the person (GDPR, articles 15 and 20; Wmo 2015, article 5.3.2), and for the
// intake point that hands it over. Each part is what the reader may see of it; nothing is shown here that no other route shows.

package import Domain
package import Storage

/// A part of a dossier of which there may be more than it holds.
package enum DossierPart: String, CaseIterable, Sendable {
    case events, matches, supportRequests, tenancies, handovers
}

/// Everything about one person, as far as its reader may see it.
package struct Dossier {
    package var referral: ReferralView
    package var events: [Event]
    package var reports: [Report]
    package var wishes: [WishVersion]
    package var consents: [Consent]
    package var clocks: [Clock]
    package var turns: [Turn]
    package var matches: [MatchView]
    package var supportRequests: [SupportRequest]
    package var tenancies: [Tenancy]
    package var signals: [Signal]
    package var handovers: [Handover]
    package var emergencies: [EmergencyAccess]
    package var corrections: [CorrectionRequest]
    package var erasureRequests: [ErasureRequest]
    package var advice: [AdviceLine]
    package var records: [IntakeRecord]
    package var measurements: [Measurement]
    package var risks: RiskSheet
    package var network: [NetworkPerson]
    package var exclusionZones: [ExclusionZone]
    package var objections: [Objection]
    package var trustedPeople: [TrustedPerson]
    package var disclosures: [DisclosureLine]
    /// The parts of which there are more than the file holds.
    package var cutShort: [DossierPart]
    /// Whether there are more looks than the file holds.
    package var hasMoreDisclosures: Bool
}

/// Reads dossiers.
package enum ReadDossier {
    /// The most items of a kind in the file; of a person there are dozens.
    package static let itemLimit = 1000
    /// The most looks in the file, the newest; the route of the disclosures has the others.
    package static let disclosureLimit = 10_000

    /// The dossier of a referral, `toPrint` when it is made to be read on paper. Longer than a loop may be kept: for
    /// `readLong`.
    ///
    /// - Throws: `UseCaseFault`.
    package static func run(
        _ id: ReferralID, toPrint: Bool = false, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<Dossier> {
        try caller.require(.readDossier)
        let actor = caller.actor
        let referral = try Look.referral(id, by: caller, in: tx)
        let visibility = AccessPolicy.referrals(visibleTo: actor)
        let page = { PageRequest<EventID>(limit: itemLimit) }
        let events = try EventStore(tx.db).list(
            of: id, in: visibility, timeline: AccessPolicy.timeline(visibleTo: actor),
            groups: AccessPolicy.groups(ofReferralFor: actor.role), page: page())
        let looks = try LedgerStore(tx.db).list(about: id, page: PageRequest(limit: disclosureLimit))
        let (clocks, turns) = try Look.clocks(id, by: caller, in: tx).value
        let matches = try MatchStore(tx.db).list(
            states: [], in: MatchVisibility(.offeredAbout(.single(id))), for: actor.role,
            on: AmsterdamTime.day(of: tx.now), page: PageRequest(limit: itemLimit))
        let support = try SupportStore(tx.db).list(
            states: [], about: id, in: .about(.single(id)),
            groups: AccessPolicy.groups(actor.role, atSomeStageOf: "support_request"),
            page: PageRequest(limit: itemLimit))
        let tenancies = try TenancyStore(tx.db).list(in: .about(.single(id)), page: PageRequest(limit: itemLimit))
        let handovers = try HandoverStore(tx.db).list(
            nil, in: Visible(.about(id)), page: PageRequest(limit: itemLimit))
        let parts: [(DossierPart, isCutShort: Bool)] = [
            (.events, events?.next != nil), (.matches, matches.next != nil), (.supportRequests, support.next != nil),
            (.tenancies, tenancies.next != nil), (.handovers, handovers.next != nil),
        ]
        let dossier = Dossier(
            referral: referral.value, events: events?.items ?? [], reports: try ReportStore(tx.db).list(of: id),
            wishes: try ConversationStore(tx.db).wishes(of: id),
            consents: try ConversationStore(tx.db).consents(of: id),
            clocks: clocks, turns: turns,
            matches: matches.items, supportRequests: support.items, tenancies: tenancies.items,
            signals: try SignalStore(tx.db).list(of: id, for: actor),
            handovers: handovers.items,
            emergencies: try RestrictionStore(tx.db).accesses(to: id),
            corrections: try CorrectionStore(tx.db).list(of: id),
            erasureRequests: try ErasureStore(tx.db).list(of: id),
            advice: try GiveAdvice.lines(of: id, referral.value.groups, in: tx),
            records: try IntakeStore(tx.db).records(of: id),
            measurements: try MeasurementStore(tx.db).list(of: id), risks: try NoteIntake.sheet(of: id, in: tx),
            network: try NetworkStore(tx.db).people(of: id), exclusionZones: try NetworkStore(tx.db).zones(of: id),
            objections: try ObjectionStore(tx.db).list(of: id),
            trustedPeople: try TokenStore(tx.db).delegates(of: id).map(TrustPerson.person), disclosures: looks.items,
            cutShort: parts.filter(\.isCutShort).map(\.0),
            hasMoreDisclosures: looks.next != nil)
        let groups = AccessPolicy.groups(ofReferralFor: actor.role).union([
            .rentFit, .address, .signalWords, .disclosures,
        ])
        let action = toPrint ? "print_dossier" : "export_dossier"
        return Reading(dossier, disclosures: [Disclosure(action, of: groups, about: id)].compactMap(\.self))
    }
}
