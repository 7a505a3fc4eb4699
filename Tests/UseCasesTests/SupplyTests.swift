// Dwellings as landlords offer, change and take them back; and the tokens that let somebody speak at all.

import Domain
import Storage
import Testing
import UseCases

@Suite struct OfferDwellingTests {
    let region: Region
    init() async throws { region = try await Region() }

    private func offer(_ draft: DwellingDraft, of landlord: OrganisationID?, by actor: Actor) async throws -> Refusal? {
        try await region.refusal(actor) { try OfferDwelling.run(draft, of: landlord, by: $0, in: $1) }
    }

    private func change(
        _ id: DwellingID, to state: DwellingState? = nil, if precondition: Precondition = .any, by actor: Actor,
        _ content: @escaping @Sendable (DwellingDraft) -> DwellingDraft = { $0 }
    ) async throws -> Refusal? {
        try await region.refusal(actor) {
            try OfferDwelling.change(
                id, DwellingChanges(state: state, content: content), if: precondition, by: $0, in: $1)
        }
    }

    @Test func onlyInTheRegion() async throws {
        try await region.apply { _ in }
        var draft = try Sample.dwelling()
        draft.municipality = try #require(Municipality(code: "GM9999"))
        let elsewhere = draft
        let refusal = try await region.refusal(region.allocator) {
            try OfferDwelling.run(elsewhere, of: nil, by: $0, in: $1)
        }
        #expect(refusal == .invalid("/municipality", "unknown"))
    }

    @Test func offered() async throws {
        let draft = try Sample.dwelling(reference: "W-1")
        let made = try await region.run(region.allocator) { try OfferDwelling.run(draft, of: nil, by: $0, in: $1) }
        #expect(made.content == draft && made.state == .free && made.version == 1)
        #expect(made.landlord == OrganisationName(id: region.corporation, name: "Wonen Een"))
        let twin = Refusal.conflictWith(.duplicateExternalReference, .dwelling(made.id))
        #expect(try await offer(draft, of: nil, by: region.allocator) == twin)
        #expect(try await offer(draft, of: region.corporation, by: region.coordinator) == twin)
        let theirs = try await region.offerDwelling(by: region.otherAllocator, draft)
        #expect(try await change(theirs, by: region.allocator) == .notFound)
    }

    @Test func offerRefused() async throws {
        let draft = try Sample.dwelling()
        for actor in region.staff where ![.allocator, .coordinator].contains(actor.role) {
            #expect(try await offer(draft, of: nil, by: actor) == .forbidden)
        }
        #expect(
            try await offer(draft, of: region.otherCorporation, by: region.allocator)
                == .invalid("/organisation", "unknown"))
        #expect(try await offer(draft, of: nil, by: region.coordinator) == .invalid("/organisation", "required"))
        for landlord in [region.provider, region.enschede, OrganisationID(high: 9, low: 9)] {
            #expect(
                try await offer(draft, of: landlord, by: region.coordinator) == .invalid("/organisation", "unknown"))
        }
    }

    @Test func changed() async throws {
        let id = try await region.offerDwelling(try Sample.dwelling(reference: "W-1"))
        let other = try await region.offerDwelling(try Sample.dwelling(reference: "W-2"))
        #expect(try await change(id, if: .versions([2]), by: region.allocator) == .preconditionFailed)
        #expect(try await change(id, by: region.otherAllocator) == .notFound)
        #expect(try await change(id, by: region.panel) == .forbidden)
        #expect(try await change(id, by: region.intaker) == .forbidden)
        let taken = try await change(id, by: region.allocator) {
            var draft = $0
            draft.externalReference = "W-2"
            return draft
        }
        #expect(taken == .conflictWith(.duplicateExternalReference, .dwelling(other)))
        let dearer = DwellingChanges {
            var draft = $0
            draft.rent = 70_000
            draft.remarks = nil
            return draft
        }
        let changed = try await region.run(region.coordinator) {
            try OfferDwelling.change(id, dearer, if: .versions([1]), by: $0, in: $1)
        }
        #expect(changed.content.rent == 70_000 && changed.version == 2)
        #expect(try region.dwelling(id) == changed)
    }

    /// From each state, what a landlord may make of it.
    @Test func states() async throws {
        let made = try await region.matched()
        for state in [DwellingState.free, .let, .withdrawn] {
            #expect(try await change(made.dwelling, to: state, by: region.allocator) == .conflict(.dwellingNotFree))
        }
        try await region.answer(made.match, .withdraw(note: nil), by: region.coordinator)
        for state in [DwellingState.reserved, .let] {
            #expect(try await change(made.dwelling, to: state, by: region.allocator) == .conflict(.dwellingNotFree))
        }
        for state in [DwellingState.withdrawn, .withdrawn, .free] {
            let changes = DwellingChanges(state: state) { $0 }
            try await region.run(region.allocator) {
                _ = try OfferDwelling.change(made.dwelling, changes, if: .any, by: $0, in: $1)
            }
            #expect(try region.dwelling(made.dwelling).state == state)
        }
        let housed = try await region.housed()
        for state in [DwellingState.free, .reserved, .withdrawn] {
            #expect(try await change(housed.dwelling, to: state, by: region.allocator) == .conflict(.dwellingNotFree))
        }
    }
}

@Suite struct AccessTokenTests {
    let region: Region
    init() async throws { region = try await Region() }

    private func issue(
        _ role: Role, to organisation: OrganisationID, referral: ReferralID? = nil, expiresAt: Instant? = nil
    ) async throws -> (id: TokenID, secret: String) {
        let environment = region.machine.environment
        return try await region.database.write { tx in
            try AccessTokens.issue(
                to: organisation, role: role, referral: referral, label: "script", expiresAt: expiresAt,
                environment: environment, in: tx)
        }
    }

    private func actor(_ secret: String) throws -> Actor? {
        try region.database.read(lane: 0) {
            try AccessTokens.authenticate(secret, hash: AccessTokens.hash(secret), in: $0)?.actor
        }
    }

    private func refusal(_ role: Role, to organisation: OrganisationID, referral: ReferralID? = nil) async -> Refusal? {
        do {
            _ = try await issue(role, to: organisation, referral: referral)
            return nil
        } catch {
            return (error as? UseCaseFault).map(Refusal.init)
        }
    }

    @Test func secretsSpeakForTheirActor() async throws {
        let token = try await issue(.policymaker, to: region.enschede)
        let found = try #require(try actor(token.secret))
        #expect(found.role == .policymaker && found.organisation == region.enschede && found.token == token.id)
        #expect(found.municipality?.code == "GM0153" && found.referral == nil)
        #expect(token.secret.hasPrefix("thp_") && token.secret.utf8.count == 53)
        #expect(AccessTokens.isWellFormed(token.secret))
        for place in token.secret.indices where place >= token.secret.index(token.secret.startIndex, offsetBy: 4) {
            var slipped = token.secret
            slipped.replaceSubrange(place...place, with: slipped[place] == "A" ? "B" : "A")
            #expect(!AccessTokens.isWellFormed(slipped))
            #expect(try actor(slipped) == nil)
        }
        for text in ["", "thp_", token.secret + "A", token.secret.uppercased(), String(token.secret.dropFirst())] {
            #expect(try actor(text) == nil)
        }
        // Well formed, and nobody's.
        #expect(try actor(AccessTokens.makeSecret(region.machine.environment)) == nil)
    }

    @Test func endings() async throws {
        let end = region.machine.now.adding(seconds: 60)
        let short = try await issue(.intaker, to: region.intakePoint, expiresAt: end)
        let revoked = try await issue(.intaker, to: region.intakePoint)
        let closed = try await issue(.allocator, to: region.corporation)
        #expect(try actor(short.secret) != nil && actor(revoked.secret) != nil && actor(closed.secret) != nil)
        let corporation = region.corporation
        let ended = try await region.database.write { tx in
            [
                try TokenStore(tx.db).revoke(revoked.id, at: tx.now),
                try TokenStore(tx.db).revoke(revoked.id, at: tx.now),
                try OrganisationStore(tx.db).disable(corporation, at: tx.now),
            ]
        }
        #expect(ended == [true, false, true])
        region.wait(seconds: 59)
        #expect(try actor(short.secret) != nil && actor(revoked.secret) == nil && actor(closed.secret) == nil)
        region.wait(seconds: 1)
        #expect(try actor(short.secret) == nil)
    }

    @Test func rotationOverlapsADay() async throws {
        let old = try await issue(.referrer, to: region.provider)
        let environment = region.machine.environment
        let new = try await region.database.write { tx in
            try AccessTokens.rotate(old.id, expiresAt: nil, environment: environment, in: tx)
        }
        #expect(try actor(new.secret)?.organisation == region.provider)
        region.wait(seconds: 24 * 3600 - 1)
        #expect(try actor(old.secret) != nil)
        region.wait(seconds: 1)
        #expect(try actor(old.secret) == nil && actor(new.secret)?.role == .referrer)
        await #expect(throws: UseCaseFault.notFound) {
            _ = try await region.database.write { tx in
                try AccessTokens.rotate(TokenID(high: 8, low: 8), expiresAt: nil, environment: environment, in: tx)
            }
        }
    }

    /// Whoever works by a token finds their work by its successor; one that has ended is given none, and no successor.
    @Test func workGoesToWhoIsThere() async throws {
        let environment = region.machine.environment
        let old = try await issue(.intaker, to: region.intakePoint).id
        let id = try await region.open()
        @Sendable func assign(_ caller: Caller, _ tx: WriteTransaction, to token: TokenID) throws {
            _ = try AssignReferral.run(id, to: token, note: nil, by: caller, in: tx)
            let task = CaseTask(.nextProvider, id: tx.newIdentifier(), about: id, at: tx.now)
            _ = try TaskStore(tx.db).insert(task, by: caller.actor.token)
            _ = try DoTask.assign(task.id, to: token, note: "Yours", if: .any, by: caller, in: tx)
        }
        try await region.run(region.coordinator) { try assign($0, $1, to: old) }
        let new = try await region.database.write { tx in
            try AccessTokens.rotate(old, expiresAt: nil, environment: environment, in: tx).id
        }
        let assignee = try region.look(region.coordinator) { try Look.referral(id, by: $0, in: $1) }.value.assignee
        let tasks = try region.database.read(lane: 0) { try TaskStore($0.db).open(about: id) }
        #expect(assignee?.token == new && tasks.first { $0.kind == .nextProvider }?.token == new)
        region.wait(days: 1)
        let refused = try await region.refusal(region.coordinator) { try assign($0, $1, to: old) }
        #expect(refused == .invalid("/token", "unknown"))
        await #expect(throws: UseCaseFault.notFound) {
            _ = try await region.database.write { tx in
                try AccessTokens.rotate(old, expiresAt: nil, environment: environment, in: tx)
            }
        }
    }

    /// A successor holds for as long as was granted, and nobody looks along for longer than was said.
    @Test func rotationKeepsTheTerm() async throws {
        let environment = region.machine.environment
        let (day, start) = (Int64(86_400), region.machine.now)
        let id = try await region.open()
        let organisation = region.provider
        let old = try await region.database.write { tx in
            try AccessTokens.issue(
                to: organisation, role: .referrer, label: "script", expiresAt: start.adding(seconds: 90 * day),
                environment: environment, in: tx
            ).id
        }
        let sister = try await region.run(try await region.candidate(of: id)) {
            try TrustPerson.add("Sister", until: nil, to: id, by: $0, in: $1).person
        }
        region.wait(days: 30)
        func rotate(_ token: TokenID, _ end: Instant? = nil) async throws -> TokenRecord? {
            try await region.database.write { tx in
                let made = try AccessTokens.rotate(token, expiresAt: end, environment: environment, in: tx)
                return try TokenStore(tx.db).find(made.id)
            }
        }
        #expect(try await rotate(old)?.expiresAt == start.adding(seconds: 120 * day))
        let asked = region.machine.now.adding(seconds: 1000 * day)
        #expect(try await rotate(old, asked)?.expiresAt == asked)
        let new = try await rotate(sister.token, asked)
        #expect(new?.expiresAt == sister.expiresAt && new?.isDelegate == true && new?.replaces == sister.token)
        let shorter = try #require(new)
        #expect(
            try await rotate(shorter.id, start.adding(seconds: 40 * day))?.expiresAt == start.adding(seconds: 40 * day))
        region.wait(days: 2)
        await #expect(throws: UseCaseFault.notFound) { _ = try await rotate(sister.token) }
    }

    @Test func refused() async throws {
        let id = try await region.open()
        #expect(await refusal(.intaker, to: OrganisationID(high: 9, low: 9)) == .invalid("/organisation", "unknown"))
        #expect(await refusal(.candidate, to: region.intakePoint) == .invalid("/referral", "required"))
        #expect(await refusal(.intaker, to: region.intakePoint, referral: id) == .invalid("/referral", "required"))
        let nobody = ReferralID(high: 1, low: 1)
        #expect(
            await refusal(.candidate, to: region.intakePoint, referral: nobody) == .invalid("/referral", "unknown"))
        #expect(await refusal(.candidate, to: region.intakePoint, referral: id) == nil)
        let all = try region.database.read(lane: 0) { try OrganisationStore($0.db).list() }
        for organisation in all {
            for role in Role.allCases where !role.organisationKinds.contains(organisation.kind) {
                #expect(await refusal(role, to: organisation.id) == .invalid("/role", "range"))
            }
        }
    }
}
