// What a broken glass does not give: it is over when somebody says that it was not needed, nobody judges their own under
// another token, and no token that staff gave before goes on after a restriction begins.

import Domain
import Storage
import Testing
import UseCases

@Suite struct EmergencyTests {
    let region: Region

    init() async throws { region = try await Region() }

    private func restrict(_ id: ReferralID, to people: [TokenID] = [], by actor: Actor? = nil) async throws {
        try await region.run(actor ?? region.coordinator) {
            _ = try RestrictReferral.run(.restrict(people: people, reason: "Threats"), on: id, by: $0, in: $1)
        }
    }

    private func breakGlass(_ actor: Actor, _ id: ReferralID) async throws -> EmergencyAccess {
        try await region.run(actor) { try BreakGlass.run(id, reason: "Crisis service calls", by: $0, in: $1) }
    }

    /// Somebody as their next request finds them.
    private func now(_ actor: Actor) -> Actor {
        var actor = actor
        actor.asOf = region.machine.now
        actor.hasBrokenGlass = true
        return actor
    }

    private func sees(_ actor: Actor, _ id: ReferralID) throws -> Bool {
        try region.database.read(lane: 0) {
            try ReferralStore($0.db).find(id, in: AccessPolicy.referrals(visibleTo: actor)) != nil
        }
    }

    private func judge(
        _ access: EmergencyAccess, _ outcome: EmergencyOutcome, by actor: Actor
    ) async throws -> EmergencyAccess {
        try await region.run(actor) {
            try BreakGlass.review(access.id, of: access.referral, outcome, note: "Looked into.", by: $0, in: $1)
        }
    }

    /// The names for the length of a restriction and the broken glass are rows of one table: naming whoever broke it, and
    /// breaking it again, write over what is there.
    @Test func whoBrokeTheGlassCanBeNamed() async throws {
        let id = try await region.open()
        let (intaker, coordinator) = (region.intaker, region.coordinator)
        try await restrict(id, by: intaker)
        _ = try await breakGlass(coordinator, id)
        try await restrict(id, to: [coordinator.token, coordinator.token, intaker.token], by: intaker)
        region.wait(seconds: 5 * 3600)
        #expect(try sees(now(coordinator), id) && sees(coordinator, id), "named, and for as long as it is restricted")

        try await restrict(id, by: intaker)
        #expect(try !sees(now(coordinator), id))
        for _ in 0..<2 {
            _ = try await breakGlass(coordinator, id)
            #expect(try sees(now(coordinator), id) && !sees(coordinator, id))
            region.wait(seconds: EmergencyAccess.seconds)
            #expect(try !sees(now(coordinator), id))
        }
    }

    @Test func whatWasNotJustifiedEndsAtOnce() async throws {
        let id = try await region.open()
        try await restrict(id)
        let first = try await breakGlass(region.intaker, id)
        region.wait(seconds: 60)
        let judged = try await judge(first, .unjustified, by: region.coordinator)
        #expect(judged.endsAt == region.machine.now && judged.outcome == .unjustified)
        #expect(try !sees(now(region.intaker), id))
        let kept = try region.look(region.coordinator) { try BreakGlass.list(id, by: $0, in: $1) }.value
        #expect(kept == [judged])

        // A judgement of what is over anyhow ends nothing that came after it.
        let second = try await breakGlass(region.intaker, id)
        region.wait(seconds: EmergencyAccess.seconds)
        _ = try await breakGlass(region.intaker, id)
        #expect(try await judge(second, .unjustified, by: region.coordinator).endsAt == second.endsAt)
        #expect(try sees(now(region.intaker), id))
        // Who has been named since goes on seeing it.
        let third = try await breakGlass(try await other(.intaker), id)
        try await restrict(id, to: [third.token])
        _ = try await judge(third, .unjustified, by: region.coordinator)
        let named = try region.look(region.coordinator) { try RestrictReferral.find(id, by: $0, in: $1) }.value.people
        #expect(named.contains { $0.token == third.token })
    }

    /// Another bearer of a token at the intake point.
    private func other(_ role: Role) async throws -> Actor {
        let (intakePoint, environment) = (region.intakePoint, region.machine.environment)
        let id = try await region.database.write { tx in
            try AccessTokens.issue(
                to: intakePoint, role: role, label: "another", expiresAt: nil, environment: environment, in: tx
            ).id
        }
        return Actor(token: id, organisation: intakePoint, role: role)
    }

    @Test func anIntakerWhoIsNamedJudgesTheOnlyCoordinator() async throws {
        let id = try await region.open()
        try await restrict(id, by: region.intaker)
        let access = try await breakGlass(region.coordinator, id)
        let stranger = try await other(.intaker)
        #expect(
            try await region.refusal(stranger) {
                try BreakGlass.review(access.id, of: id, .unjustified, note: "No.", by: $0, in: $1)
            } == .notFound)
        #expect(try await judge(access, .unjustified, by: region.intaker).outcome == .unjustified)
        #expect(try !sees(now(region.coordinator), id))
    }

    @Test func nobodyJudgesTheirOwnUnderANewToken() async throws {
        let id = try await region.open()
        try await restrict(id, by: region.intaker)
        let access = try await breakGlass(region.coordinator, id)
        let (old, environment) = (region.coordinator, region.machine.environment)
        var successor = old
        for _ in 0..<2 {
            let rotated = successor.token
            successor.token = try await region.database.write { tx in
                try AccessTokens.rotate(rotated, expiresAt: nil, environment: environment, in: tx).id
            }
        }
        let later = successor
        #expect(try !sees(now(later), id), "the broken glass stays with the token that broke it")
        #expect(
            try await region.refusal(later) {
                try BreakGlass.review(access.id, of: id, .justified, note: "Mine.", by: $0, in: $1)
            } == .conflict(.other))
        let own = try await breakGlass(later, id)
        #expect(
            try await region.refusal(old) {
                try BreakGlass.review(own.id, of: id, .justified, note: "Mine.", by: $0, in: $1)
            } == .conflict(.other))
    }

    @Test func whomStaffLetLookAlongLooksNoLonger() async throws {
        let id = try await region.open()
        let candidate = try await region.candidate(of: id)
        func trust(_ name: String, by actor: Actor) async throws -> TokenID {
            try await region.run(actor) { try TrustPerson.add(name, until: nil, to: id, by: $0, in: $1).person.token }
        }
        let sister = try await trust("Sister", by: candidate)
        let brother = try await trust("Brother", by: region.coordinator)
        let ended = try await trust("Aunt", by: region.intaker)
        try await region.run(region.intaker) { _ = try TrustPerson.end(ended, of: id, by: $0, in: $1) }
        let environment = region.machine.environment
        let rotated = try await region.database.write { tx in
            try AccessTokens.rotate(sister, expiresAt: nil, environment: environment, in: tx).id
        }
        func live() throws -> Set<TokenID> {
            try region.database.read(lane: 0) { tx in
                Set(try TokenStore(tx.db).delegates(of: id).filter { $0.revokedAt == nil }.map(\.id))
            }
        }
        #expect(try live() == [sister, brother, rotated])
        let trail = try await region.trail(region.coordinator, about: id) {
            try RestrictReferral.run(.restrict(people: [], reason: "Threats"), on: id, by: $0, in: $1)
        }
        #expect(trail.events == ["restricted", "trust_ended"] && trail.ledger == ["restricted", "trust_ended"])
        #expect(try live() == [sister, rotated])
        // Who is named may let somebody look along all the same, and a change of the names ends nobody.
        let nurse = try await trust("Nurse", by: region.coordinator)
        try await restrict(id)
        #expect(try live() == [sister, rotated, nurse])
    }

    @Test func theFirstSearchIsMarkedToo() async throws {
        let id = try await region.open(try Sample.draft(bsn: Sample.bsns[0]))
        try await restrict(id)
        var search = ReferralStore.Search()
        search.bsn = CitizenServiceNumber(Sample.bsns[0])
        let bsn = search
        var reader = region.intaker
        reader.asOf = region.machine.now
        _ = try await region.run(reader) { try BreakGlass.search(bsn, reason: "Crisis service calls", by: $0, in: $1) }
        let marked = try region.ledger(id).filter { $0.grounds.contains(.vitalInterests) }.map(\.action)
        #expect(marked == ["break_glass", "search"])
    }
}
