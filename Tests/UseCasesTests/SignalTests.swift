// Early warnings: who may say what, of whom, on which conditions; who reads it; what follows; and how somebody unknown becomes
// known without being stored twice.

import Domain
import Storage
import Testing

@testable import UseCases

@Suite struct SignalTests {
    let region: Region

    init() async throws { region = try await Region() }

    private func give(_ draft: SignalDraft, by actor: Actor) async throws -> Signal {
        try await region.run(actor) { try GiveSignal.run(draft, by: $0, in: $1) }
    }

    private func refusal(_ draft: SignalDraft, by actor: Actor) async throws -> Refusal? {
        try await region.refusal(actor) { try GiveSignal.run(draft, by: $0, in: $1) }
    }

    private func seen(_ id: SignalID, _ actor: Actor) throws -> Signal? {
        try region.database.read(lane: 0) { try SignalStore($0.db).find(id, for: actor) }
    }

    private func respond(
        _ id: SignalID, _ outcome: SignalOutcome, to referral: ReferralID? = nil, by actor: Actor
    ) async throws -> Signal {
        try await region.run(actor) {
            try Signals.respond(to: id, outcome, referral: referral, note: "Called", by: $0, in: $1)
        }
    }

    private func tasks(_ actor: Actor) throws -> [CaseTask] {
        var filter = TaskFilter()
        filter.kind = .followUpSignal
        let wanted = filter
        return try region.look(actor) { try DoTask.list(wanted, page: PageRequest(limit: 99), by: $0, in: $1) }.value
            .items
    }

    private func tenancy(of id: ReferralID) throws -> TenancyID {
        try #require(try region.database.read(lane: 0) { try TenancyStore($0.db).current(of: id) }).id
    }

    private func stranger(_ family: String = "Bakker", born: String? = nil) throws -> SignalSubject {
        .person(
            SignalPerson(
                givenName: "Robin", infix: nil, familyName: family, birthDate: born.flatMap { CivilDate(iso: $0) },
                contact: Contact(phone: "0612345678", email: nil)), try #require(Municipality(code: "GM0153")))
    }

    /// The landlord sees nuisance, support sees a relapse: each reads its own words, and only support the other's.
    @Test func whoReadsWhat() async throws {
        let home = try await region.housed()
        let nuisance = try await give(
            SignalDraft(kind: .nuisance, subject: .tenancy(try tenancy(of: home.referral)), note: "Noise at night"),
            by: region.allocator)
        let relapse = try await give(
            SignalDraft(kind: .relapse, subject: .referral(home.referral), note: "Drinks again"), by: region.supporter)
        let damage = try await give(
            SignalDraft(kind: .damage, subject: .referral(home.referral), note: "A door"), by: region.supporter)

        let candidate = try await region.candidate(of: home.referral)
        let landlords = try seen(nuisance.id, region.allocator)
        #expect(landlords?.note == "Noise at night")
        #expect(try seen(relapse.id, region.allocator) == nil, "how somebody fares is not for the landlord")
        let told = try #require(try seen(damage.id, region.allocator))
        #expect(told.kind == .damage && told.note == nil && told.responses.isEmpty)
        for id in [nuisance.id, relapse.id, damage.id] {
            #expect(try seen(id, region.supporter)?.note != nil)
            #expect(try seen(id, candidate)?.note != nil)
            for actor in [region.otherAllocator, region.otherSupporter, region.referrer, region.panel, region.auditor] {
                #expect(try seen(id, actor) == nil, "\(actor.role)")
            }
        }
        #expect(
            try await refusal(
                SignalDraft(kind: .relapse, subject: .tenancy(try tenancy(of: home.referral))), by: region.allocator)
                == .forbidden)
        // A tenancy that has ended is no longer its landlord's to hear of.
        try await region.move(home.referral, .loseHome(reason: "Evicted"))
        #expect(try seen(damage.id, region.allocator) == nil && seen(nuisance.id, region.allocator) != nil)
    }

    @Test(arguments: ArrearsPrecondition.allCases)
    func arrearsNeedAllFour(without missing: ArrearsPrecondition) async throws {
        let home = try await region.housed()
        let all = Set(ArrearsPrecondition.allCases)
        let subject = SignalSubject.tenancy(try tenancy(of: home.referral))
        var draft = SignalDraft(kind: .arrears, subject: subject, preconditions: all.subtracting([missing]))
        #expect(draft.missing(for: .allocator) == [missing] && draft.missing(for: .candidate).isEmpty)
        #expect(try await refusal(draft, by: region.allocator) == .invalid("/arrears", "required"))
        draft.preconditions = all
        #expect(try await give(draft, by: region.allocator).kind == .arrears)
    }

    @Test func itIsFollowedUpByWhoSupports() async throws {
        let home = try await region.housed()
        let signal = try await give(
            SignalDraft(kind: .emptyHome, subject: .tenancy(try tenancy(of: home.referral))), by: region.allocator)
        let task = try #require(try tasks(region.supporter).first)
        #expect(
            task.organisation == region.provider && task.dueOn == DutchCalendar.adding(workingDays: 2, to: region.today)
        )
        #expect(task.referral == home.referral && task.object == signal.id.retyped())
        var filter = ReferralFilter()
        filter.hasOpenSignal = true
        let open = filter
        let board: (Actor) throws -> [ReferralID] = { actor in
            try region.look(actor) { try Look.referrals(open, page: PageRequest(limit: 9), by: $0, in: $1) }
                .value.items.map(\.standing.id)
        }
        #expect(try board(region.intaker) == [home.referral] && board(region.supporter) == [home.referral])
        #expect(throws: UseCaseFault.self) { try board(region.referrer) }

        _ = try await respond(signal.id, .notReached, by: region.supporter)
        #expect(try board(region.intaker) == [home.referral])
        let closed = try await respond(signal.id, .helped, by: region.supporter)
        #expect(closed.state == .closed && closed.responses.map(\.outcome) == [.notReached, .helped])
        #expect(try board(region.intaker).isEmpty && tasks(region.supporter).isEmpty)
        #expect(
            try region.events(home.referral).suffix(3).map(\.kind) == ["signal", "signal_not_reached", "signal_helped"])
        #expect(
            try await region.refusal(region.intaker) {
                try Signals.respond(to: signal.id, .helped, referral: nil, note: nil, by: $0, in: $1)
            } == .conflict(.other))
    }

    /// A landlord warns of a stranger who had been here: only the intake point finds that out, and whoever gave the signal
    /// never learns whose it was.
    @Test func fromAStrangerToAReferral() async throws {
        let earlier = try await region.open()
        try await region.move(earlier, .withdraw(reason: "Went to family"))
        let subject = SignalSubject.person(
            SignalPerson(
                givenName: "Sanne", infix: "van der", familyName: "Jansen", birthDate: CivilDate(iso: "1990-02-28"),
                contact: Contact(phone: "0612345678", email: nil)), try #require(Municipality(code: "GM0153")))
        let signal = try await give(
            SignalDraft(kind: .evictionAnnounced, subject: subject, note: "On 1 July"), by: region.allocator)
        #expect(signal.possibleReferrals.isEmpty)
        // That a name has gone would tell that the person is known; so who gave it does not read it back.
        #expect(signal.person == nil)
        let staffs = try #require(try seen(signal.id, region.intaker))
        #expect(staffs.possibleReferrals.map(\.id) == [earlier] && staffs.person?.familyName == "Jansen")
        #expect(try seen(signal.id, region.supporter) == nil)
        let task = try #require(try tasks(region.intaker).first)
        #expect(task.role == .intaker && task.referral == nil)
        let entries = try region.ledger(signal.id.retyped())
        #expect(entries.map(\.action) == ["signal", "read_signal"])

        var draft = try Sample.draft()
        draft.route = .prevention
        let now = try await region.open(by: region.intaker, draft)
        let linked = try await respond(signal.id, .linked, to: now, by: region.intaker)
        #expect(linked.referral == now && linked.person == nil && linked.state == .open)
        #expect(try tasks(region.intaker).map(\.referral) == [now])
        let landlords = try #require(try seen(signal.id, region.allocator))
        #expect(landlords.isLinked && landlords.person == nil)
        _ = try await respond(signal.id, .helped, by: region.intaker)
        #expect(try tasks(region.intaker).isEmpty)
    }

    @Test func nobodyNamesWhatIsNotTheirs() async throws {
        let home = try await region.housed()
        let tenancy = try tenancy(of: home.referral)
        #expect(
            try await refusal(SignalDraft(kind: .damage, subject: .tenancy(tenancy)), by: region.otherAllocator)
                == .invalid("/tenancy", "unknown"))
        for actor in [region.otherSupporter, region.otherReferrer, region.allocator] {
            #expect(
                try await refusal(SignalDraft(kind: .crisis, subject: .referral(home.referral)), by: actor)
                    == .invalid("/referral", "unknown"))
        }
        let candidate = try await region.candidate(of: home.referral)
        #expect(try await refusal(SignalDraft(kind: .crisis, subject: try stranger()), by: candidate) == .forbidden)
        for actor in [region.policymaker, region.auditor, region.admin] {
            #expect(try await refusal(SignalDraft(kind: .crisis, subject: try stranger()), by: actor) == .forbidden)
        }
        // A provider may warn of a stranger, and does not follow it up.
        let signal = try await give(
            SignalDraft(kind: .dischargeWithoutHome, subject: try stranger()), by: region.supporter)
        #expect(
            try await region.refusal(region.supporter) {
                try Signals.respond(to: signal.id, .helped, referral: nil, note: nil, by: $0, in: $1)
            } == .conflict(.other))
    }

    /// A restricted person's signals are for named people, and for the provider and landlord only when they are named.
    @Test func restrictedPeople() async throws {
        let home = try await region.housed()
        let signal = try await give(
            SignalDraft(kind: .crisis, subject: .referral(home.referral)), by: region.supporter)
        try await region.run(region.coordinator) {
            _ = try RestrictReferral.run(.restrict(people: [], reason: "Threats"), on: home.referral, by: $0, in: $1)
        }
        #expect(try seen(signal.id, region.supporter) == nil && seen(signal.id, region.intaker) == nil)
        #expect(try seen(signal.id, region.coordinator) != nil)
    }

    /// What was closed and is nobody's dossier is forgotten when a dossier without a provision would be.
    @Test func strangersAreForgotten() async throws {
        let signal = try await give(
            SignalDraft(kind: .crisis, subject: try stranger(), note: "Secret"), by: region.referrer)
        _ = try await respond(signal.id, .advised, by: region.intaker)
        let duty = try #require(Clockwork.duties.first { $0.name == "forgotten_signals" })
        region.wait(days: 5 * 365)
        #expect(try await region.database.write { try Clockwork.run(duty, in: $0) } == 0)
        region.wait(days: 3)
        #expect(try await region.database.write { try Clockwork.run(duty, in: $0) } == 1)
        #expect(try await region.database.write { try Clockwork.run(duty, in: $0) } == 0)
        let left = try #require(try seen(signal.id, region.intaker))
        #expect(left.person == nil && left.note == nil && left.responses.allSatisfy { $0.note == nil })
    }
}
