// The conversation in full: records, measurements, risks, the people around somebody and the places they must avoid. Each is
// read and written by those who may, with its event and its entry in the ledger; none of it can be asked for by the queue.

package import Domain
package import Storage

/// The risks of a referral, with the support that is proposed.
package struct RiskSheet: Sendable, Equatable {
    /// Newest first.
    package var versions: [RiskVersion]
    /// Nil until a form is advised.
    package var proposal: SupportProposal?
    /// The version of the region's settings that the proposal rests on.
    package var regionVersion: Int
}

/// Reads and writes what belongs to the intake besides report and wishes.
package enum NoteIntake {
    // MARK: Reading

    /// What was said, handed in and pointed to, newest first.
    ///
    /// - Throws: `UseCaseFault`.
    package static func records(
        _ id: ReferralID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<[IntakeRecord]> {
        try read(id, .readRecords, "read_records", caller, tx) { try IntakeStore(tx.db).records(of: id) }
    }

    /// What was measured, oldest first.
    ///
    /// - Throws: `UseCaseFault`.
    package static func measurements(
        _ id: ReferralID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<[Measurement]> {
        try read(id, .readMeasurements, "read_measurements", caller, tx) { try MeasurementStore(tx.db).list(of: id) }
    }

    /// The risks in their versions, with the support that is proposed.
    ///
    /// - Throws: `UseCaseFault`.
    package static func risks(
        _ id: ReferralID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<RiskSheet> {
        try read(id, .readRisks, "read_risks", caller, tx) { try Self.sheet(of: id, in: tx) }
    }

    /// The people around somebody, in the order they were written down.
    ///
    /// - Throws: `UseCaseFault`.
    package static func network(
        _ id: ReferralID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<[NetworkPerson]> {
        try read(id, .readNetwork, "read_network", caller, tx) { try NetworkStore(tx.db).people(of: id) }
    }

    /// The places somebody must avoid, those that ended too.
    ///
    /// - Throws: `UseCaseFault`.
    package static func zones(
        _ id: ReferralID, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<[ExclusionZone]> {
        try read(id, .readZones, "read_zones", caller, tx) { try NetworkStore(tx.db).zones(of: id) }
    }

    private static func read<Value>(
        _ id: ReferralID, _ action: Action, _ deed: String, _ caller: Caller, _ tx: ReadTransaction,
        _ body: () throws -> Value
    ) throws -> Reading<Value> {
        try caller.require(action)
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        guard try ReferralStore(tx.db).find(id, in: visibility) != nil else { throw UseCaseFault.notFound }
        return Reading(try body(), disclosures: [Disclosure(deed, of: .care, about: id)].compactMap(\.self))
    }

    /// The risks and the proposal, of a referral that may be known of.
    static func sheet(of id: ReferralID, in tx: ReadTransaction) throws -> RiskSheet {
        let versions = try IntakeStore(tx.db).risks(of: id)
        let report = try ReportStore(tx.db).latest(of: id)
        let region = try RegionStore(tx.db).current()
        let decided = try ReferralStore(tx.db).find(id, in: .everything)?.form
        let profile = (decided ?? report?.content.advisedForm).flatMap { region.settings.profile(of: $0) }
        let risks = versions.first?.risks ?? report?.content.risks ?? []
        return RiskSheet(
            versions: versions,
            proposal: profile.map {
                SupportProposal(profile: $0, skills: report?.content.skills ?? [], risks: risks)
            }, regionVersion: region.version)
    }

    // MARK: Writing

    /// Writes down what was said, handed in or pointed to. The candidate hands in a plan; the rest is the intake point's.
    ///
    /// - Throws: `UseCaseFault`.
    package static func record(
        _ kind: IntakeRecordKind, on day: CivilDate?, text: String, of id: ReferralID, by caller: Caller,
        in tx: WriteTransaction
    ) throws -> IntakeRecord {
        try caller.require(.writeRecords)
        guard caller.actor.role != .candidate || kind == .personalPlan else {
            throw UseCaseFault.forbidden("A candidate hands in a plan; the rest is the intake point's to write down.")
        }
        let steps = ReferralSteps(caller: caller, tx: tx)
        _ = try steps.findOpen(id)
        let day = try past(day, "/happenedOn", steps)
        let record = IntakeRecord(
            id: tx.newIdentifier(), kind: kind, on: day, text: text, writtenAt: tx.now, writtenBy: caller.actor.role)
        try IntakeStore(tx.db).insert(record, about: id, by: caller.actor.token)
        _ = try steps.journal.record(kind.rawValue, of: id, groups: .care, object: record.id.retyped())
        if kind == .personalPlan { try steps.keepClocks([.planReceived], of: id) }
        return record
    }

    /// Writes a measurement down.
    ///
    /// - Throws: `UseCaseFault`.
    package static func measure(
        _ moment: MeasuringMoment, on day: CivilDate?, mix: [MixPart: Bool], domains: [AskedDomain], of id: ReferralID,
        by caller: Caller, in tx: WriteTransaction
    ) throws -> Measurement {
        try caller.require(.writeMeasurements)
        let steps = ReferralSteps(caller: caller, tx: tx)
        _ = try steps.findOpen(id)
        let measurement = Measurement(
            id: tx.newIdentifier(), moment: moment, on: try past(day, "/measuredOn", steps), mix: mix,
            domains: domains.sorted { $0.domain.rawValue < $1.domain.rawValue }, writtenAt: tx.now,
            writtenBy: caller.actor.role)
        try MeasurementStore(tx.db).insert(measurement, about: id)
        _ = try steps.journal.record("measurement", of: id, groups: .care, object: measurement.id.retyped())
        return measurement
    }

    /// Writes a new version of the risks. They raise the support that is proposed, and that is all they do.
    ///
    /// - Throws: `UseCaseFault`.
    package static func write(
        risks: [RiskFactor], note: String?, of id: ReferralID, by caller: Caller, in tx: WriteTransaction
    ) throws -> RiskSheet {
        try caller.require(.writeRisks)
        let steps = ReferralSteps(caller: caller, tx: tx)
        _ = try steps.findOpen(id)
        _ = try IntakeStore(tx.db).insert(
            risks: risks, note: note, id: tx.newIdentifier(), about: id, by: caller.actor.role, at: tx.now)
        _ = try steps.journal.record("risks", of: id, groups: .care)
        return try sheet(of: id, in: tx.reading)
    }

    /// Writes down somebody who will help, on their own word.
    ///
    /// - Throws: `UseCaseFault`.
    package static func add(
        _ person: NetworkPerson, to id: ReferralID, by caller: Caller, in tx: WriteTransaction
    ) throws -> NetworkPerson {
        try caller.require(.writeNetwork)
        let steps = ReferralSteps(caller: caller, tx: tx)
        _ = try steps.findOpen(id)
        var person = person
        person.id = tx.newIdentifier()
        person.consentGivenOn = try past(person.consentGivenOn, "/consentGivenOn", steps)
        person.recordedAt = tx.now
        person.recordedBy = caller.actor.role
        try NetworkStore(tx.db).insert(person, about: id)
        _ = try steps.journal.record("network_person", of: id, groups: .care, object: person.id.retyped())
        return person
    }

    /// Ends somebody's consent to stand in a dossier: who they are is gone at once.
    ///
    /// - Throws: `UseCaseFault`.
    package static func withdraw(
        _ personID: NetworkPersonID, of id: ReferralID, by caller: Caller, in tx: WriteTransaction
    ) throws -> NetworkPerson {
        try caller.require(.writeNetwork)
        let steps = ReferralSteps(caller: caller, tx: tx)
        _ = try steps.find(id)
        let store = NetworkStore(tx.db)
        guard try store.people(of: id).contains(where: { $0.id == personID }) else { throw UseCaseFault.notFound }
        guard try store.withdraw(personID, at: tx.now) else {
            throw UseCaseFault.conflict(.other, "This consent was withdrawn before.")
        }
        // Nor is the answer given again that has their name.
        try IdempotencyStore(tx.db).forgetNetwork(of: id)
        tx.forget()
        _ = try steps.journal.record("network_withdrawn", of: id, groups: .care, object: personID.retyped())
        guard let left = try store.people(of: id).first(where: { $0.id == personID }) else {
            throw UseCaseFault.notFound
        }
        return left
    }

    /// Writes down a place that somebody must avoid.
    ///
    /// - Throws: `UseCaseFault`.
    package static func add(
        _ zone: ExclusionZone, to id: ReferralID, by caller: Caller, in tx: WriteTransaction
    ) throws -> ExclusionZone {
        try caller.require(.writeZones)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let standing = try steps.findOpen(id)
        if let until = zone.until, until < steps.today {
            throw UseCaseFault.invalid(pointer: "/until", code: "range", text: "Must not be in the past.")
        }
        var zone = zone
        zone.id = tx.newIdentifier()
        zone.writtenAt = tx.now
        zone.writtenBy = caller.actor.role
        try NetworkStore(tx.db).insert(zone, about: id)
        // Whoever goes by what fits this person reads them anew.
        _ = try steps.touch(standing)
        _ = try steps.journal.record("zone", of: id, groups: .care, object: zone.id.retyped())
        return zone
    }

    /// Ends that somebody must avoid a place.
    ///
    /// - Throws: `UseCaseFault`.
    package static func end(
        _ zoneID: ExclusionZoneID, of id: ReferralID, by caller: Caller, in tx: WriteTransaction
    ) throws -> ExclusionZone {
        try caller.require(.writeZones)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let standing = try steps.findOpen(id)
        let store = NetworkStore(tx.db)
        guard var zone = try store.zones(of: id).first(where: { $0.id == zoneID }) else { throw UseCaseFault.notFound }
        guard try store.end(zoneID, at: tx.now) else {
            throw UseCaseFault.conflict(.other, "This zone has ended before.")
        }
        zone.endedAt = tx.now
        _ = try steps.touch(standing)
        _ = try steps.journal.record("zone_ended", of: id, groups: .care, object: zoneID.retyped())
        return zone
    }

    private static func past(_ day: CivilDate?, _ pointer: String, _ steps: ReferralSteps) throws -> CivilDate {
        let day = day ?? steps.today
        guard day <= steps.today else {
            throw UseCaseFault.invalid(pointer: pointer, code: "range", text: "Must not be in the future.")
        }
        return day
    }
}
