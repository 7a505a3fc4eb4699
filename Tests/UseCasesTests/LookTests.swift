// Reading: each role gets its own part, in its own fields, and what is personal among them is named for the ledger.

import Domain
import Storage
import Testing
import UseCases

@Suite struct LookTests {
    let region: Region
    init() async throws { region = try await Region() }

    private func everybody(_ id: ReferralID) async throws -> [Actor] {
        region.staff + [
            region.otherReferrer, region.otherSupporter, region.elsewhere, region.otherAllocator,
            try await region.candidate(of: id),
        ]
    }

    /// Who may know of a referral: 200, 404, or 403 by role.
    @Test func whoSeesAReferral() async throws {
        let made = try await region.housed()
        let id = made.referral
        for actor in try await everybody(id) {
            let sees =
                [.intaker, .coordinator, .candidate].contains(actor.role)
                || actor == region.referrer || actor == region.supporter || actor == region.policymaker
            guard Action.readReferral.roles.contains(actor.role) else {
                #expect(try region.refusal(looking: actor) { try Look.referral(id, by: $0, in: $1) } == .forbidden)
                continue
            }
            guard sees else {
                #expect(try region.refusal(looking: actor) { try Look.referral(id, by: $0, in: $1) } == .notFound)
                #expect(
                    try region.refusal(looking: actor) {
                        try Look.events(id, page: PageRequest(limit: 10), by: $0, in: $1)
                    } == .notFound)
                continue
            }
            let reading = try region.look(actor) { try Look.referral(id, by: $0, in: $1) }
            let groups = AccessPolicy.groups(ofReferralFor: actor.role)
            let view = reading.value
            #expect(view.groups == groups)
            #expect((view.identity != nil) == groups.contains(.identity))
            #expect((view.contact != nil) == groups.contains(.contact))
            #expect((view.care != nil) == groups.contains(.care))
            #expect((view.finances != nil) == groups.contains(.finances))
            #expect((view.origin != nil) == groups.contains(.origin))
            #expect((view.wishes != nil) == groups.contains(.wishes))
            #expect((view.support != nil) == groups.contains(.support))
            #expect((view.decision != nil) == groups.contains(.decision))
            #expect((view.household != nil) == groups.contains(.housingNeeds))
            let personal = groups.intersection(.personalInReferral)
            #expect(reading.disclosures.map(\.groups) == (personal.isEmpty ? [] : [personal]))
            #expect(reading.disclosures.allSatisfy { $0.referral == id && $0.action == "read" })
        }
    }

    @Test func aListShowsNoMoreThanAReading() async throws {
        let id = try await region.waiting()
        try await region.support(id)
        _ = try await region.open(by: region.otherReferrer, try Sample.draft(familyName: "Smit"))
        for actor in try await everybody(id) where Action.listReferrals.roles.contains(actor.role) {
            let reading = try region.look(actor) {
                try Look.referrals(ReferralFilter(), page: PageRequest(limit: 100), by: $0, in: $1)
            }
            let ids = reading.value.items.map(\.standing.id)
            for item in reading.value.items {
                let groups = AccessPolicy.groups(ofReferralFor: actor.role)
                #expect((item.identity != nil) == groups.contains(.identity))
                #expect(item.groups.isSubset(of: groups))
                _ = try region.look(actor) { try Look.referral(item.standing.id, by: $0, in: $1) }
            }
            #expect(reading.disclosures.map(\.referral) == ids)
            #expect(reading.disclosures.allSatisfy { $0.groups.contains(.status) })
        }
    }

    @Test func theQueueInItsOrder() async throws {
        var expected: [ReferralID] = []
        for (name, urgency) in [("A", UrgencyClass.regular), ("B", .acute), ("C", .urgent), ("D", .acute)] {
            let id = try await region.open(try Sample.draft(familyName: name))
            try await region.report(id)
            region.wait(days: 1)
            try await region.move(
                id, .admit(urgency: urgency, ground: "?", form: .shared, agreementWaived: nil, reason: nil))
            expected.append(id)
        }
        _ = try await region.open()
        var filter = ReferralFilter()
        filter.order = .queue
        let order = filter
        let page = PageRequest<ReferralKey>(limit: 10)
        let queue = try region.look(region.coordinator) { try Look.referrals(order, page: page, by: $0, in: $1) }
        #expect(queue.value.items.map(\.standing.id) == [1, 3, 2, 0].map { expected[$0] })
        for actor in [region.referrer, region.supporter, region.policymaker] {
            let refused = try region.refusal(looking: actor) { try Look.referrals(order, page: page, by: $0, in: $1) }
            #expect(refused == .forbidden)
        }
    }

    @Test func searching() async throws {
        let id = try await region.open(try Sample.draft(bsn: Sample.bsns[0], reference: "A-1"))
        var searches = [ReferralStore.Search](repeating: ReferralStore.Search(), count: 5)
        searches[0].bsn = CitizenServiceNumber(Sample.bsns[0])
        searches[1].familyName = "van der JANSEN"
        searches[2].familyName = "Jansen"
        searches[2].birthDate = CivilDate(iso: "1990-02-28")
        searches[3].number = 1
        searches[4].externalReference = "A-1"
        for search in searches {
            // A referrer writes a BSN and can't read it, so it can't ask whether one is the one it wrote either.
            let isAllowed = search.bsn == nil
            if !isAllowed {
                let refusal = try region.refusal(looking: region.referrer) { try Look.search(search, by: $0, in: $1) }
                #expect(refusal == .forbidden)
            }
            for actor in isAllowed ? [region.intaker, region.referrer] : [region.intaker] {
                let found = try region.look(actor) { try Look.search(search, by: $0, in: $1) }
                #expect(found.value.map(\.standing.id) == [id])
                #expect(found.disclosures.map(\.action) == ["search"])
            }
            if isAllowed {
                let stranger = try region.look(region.otherReferrer) { try Look.search(search, by: $0, in: $1) }
                #expect(stranger.value.isEmpty && stranger.disclosures.map(\.referral) == [.nobody])
            }
            for actor in [region.supporter, region.policymaker, region.allocator, region.auditor] {
                #expect(try region.refusal(looking: actor) { try Look.search(search, by: $0, in: $1) } == .forbidden)
            }
        }
        var wrong = searches[2]
        wrong.birthDate = CivilDate(iso: "1990-03-01")
        #expect(try region.look(region.intaker) { try Look.search(wrong, by: $0, in: $1) }.value.isEmpty)
    }

    @Test func reasonsInTheTimeline() async throws {
        let id = try await region.waiting()
        try await region.support(id)
        try await region.move(id, .withdraw(reason: "Ours"), by: region.referrer)
        let page = PageRequest<EventID>(limit: 100)
        func reasons(_ actor: Actor) throws -> [String] {
            try region.look(actor) { try Look.events(id, page: page, by: $0, in: $1) }.value.items.compactMap(\.reason)
        }
        let other = try await region.open(by: region.otherReferrer)
        try await region.move(other, .redirect(advice: [.shelterFirst], reason: "Not shown"))
        #expect(try reasons(region.intaker) == ["Ours"])
        #expect(try reasons(region.referrer) == ["Ours"])
        // What its provider committed to ended with the referral, and its sight of the dossier with that.
        #expect(
            try region.refusal(looking: region.supporter) { try Look.events(id, page: page, by: $0, in: $1) }
                == .notFound)
        #expect(try reasons(region.policymaker) == [])
        let theirs = try region.look(region.otherReferrer) { try Look.events(other, page: page, by: $0, in: $1) }
        #expect(theirs.value.items.map(\.kind) == ["submit", "redirect"])
        #expect(theirs.value.items.allSatisfy { $0.reason == nil })
    }

    @Test func whoLooked() async throws {
        let id = try await region.open()
        let page = PageRequest<Int64>(limit: 10)
        for actor in try await everybody(id) {
            func look() throws -> [DisclosureLine] {
                try region.look(actor) { try Look.disclosures(id, page: page, by: $0, in: $1) }.value.items
            }
            if [.intaker, .coordinator, .candidate, .auditor].contains(actor.role) {
                #expect(try look().map(\.action) == ["submit"])
                #expect(try look().first?.organisation.name == "Zorg Een")
            } else {
                #expect(throws: UseCaseFault.self) { try look() }
            }
        }
        let missing = try region.refusal(looking: region.auditor) {
            try Look.disclosures(ReferralID(high: 1, low: 1), page: page, by: $0, in: $1)
        }
        #expect(missing == .notFound)
        #expect(try region.refusal(looking: region.auditor) { try Look.referral(id, by: $0, in: $1) } == .forbidden)
    }

    @Test func whatCanBeDoneNow() async throws {
        let id = try await region.open()
        let found = try region.look(region.referrer) { try Look.transitions(id, by: $0, in: $1) }
        #expect(found.value.moves == [.withdraw] && found.value.standing.state == .submitted)
        #expect(found.disclosures.map(\.action) == ["read_moves"] && found.disclosures.map(\.groups) == [.status])
        let intaker = try region.look(region.intaker) { try Look.transitions(id, by: $0, in: $1) }.value.moves
        #expect(intaker == [.askInformation, .startIntake, .redirect, .withdraw])
        #expect(
            try region.refusal(looking: region.policymaker) { try Look.transitions(id, by: $0, in: $1) } == .forbidden)
    }

    @Test func supplyForThoseWhoLet() async throws {
        let made = try await region.housed()
        let theirs = try await region.offerDwelling(by: region.otherAllocator)
        let page = PageRequest<DwellingID>(limit: 10)
        func dwellings(_ actor: Actor) throws -> Set<DwellingID> {
            let found = try region.look(actor) { try Look.dwellings(DwellingFilter(), page: page, by: $0, in: $1) }
            return Set(found.items.map(\.id))
        }
        #expect(try dwellings(region.intaker) == [made.dwelling, theirs])
        #expect(try dwellings(region.allocator) == [made.dwelling])
        #expect(try dwellings(region.otherAllocator) == [theirs])
        #expect(try dwellings(region.panel) == [])
        #expect(
            try region.refusal(looking: region.allocator) { try Look.dwelling(theirs, by: $0, in: $1) } == .notFound)
        let matches = try region.look(region.allocator) {
            try Look.matches(states: [], page: PageRequest(limit: 10), by: $0, in: $1)
        }
        #expect(matches.value.items.map(\.id) == [made.match])
        let shown = try #require(matches.disclosures.first)
        #expect(shown.object == made.match.retyped() && shown.groups.isDisjoint(with: [.bsn, .care, .finances]))
        let tenancies = try region.look(region.otherAllocator) {
            try Look.tenancies(page: PageRequest(limit: 10), by: $0, in: $1)
        }
        #expect(tenancies.value.items.isEmpty)
    }

    @Test func requestsForSupport() async throws {
        let id = try await region.waiting()
        let request = try await region.ask(id, region.provider)
        let page = PageRequest<SupportRequestID>(limit: 10)
        func list(_ actor: Actor, about referral: ReferralID?) throws -> [SupportRequestID] {
            try region.look(actor) {
                try Look.supportRequests(states: [], about: referral, page: page, by: $0, in: $1)
            }.value.items.map(\.id)
        }
        #expect(try list(region.supporter, about: nil) == [request])
        #expect(try list(region.otherSupporter, about: nil) == [])
        #expect(try list(region.intaker, about: id) == [request])
        #expect(try list(region.referrer, about: id) == [request])
        // A provider that has not committed itself does not know whose request it is.
        #expect(throws: UseCaseFault.notFound) { _ = try list(region.supporter, about: id) }
        #expect(throws: UseCaseFault.notFound) { _ = try list(region.otherReferrer, about: id) }
        #expect(throws: UseCaseFault.self) { _ = try list(region.referrer, about: nil) }
        #expect(throws: UseCaseFault.self) { _ = try list(region.allocator, about: id) }
    }

    @Test func theRegion() throws {
        let (token, organisation) = try region.look(region.allocator) { try Look.caller($0, in: $1) }
        #expect(token.role == .allocator && organisation.name == "Wonen Een")
        let corporations = try region.look(region.admin) {
            try Look.organisations(kind: .housingCorporation, by: $0, in: $1)
        }
        #expect(corporations.map(\.name) == ["Wonen Een", "Wonen Twee"])
        #expect(try region.look(region.intaker) { try Look.organisations(kind: nil, by: $0, in: $1) }.count == 8)
        #expect(
            try region.refusal(looking: region.referrer) { try Look.organisations(kind: nil, by: $0, in: $1) }
                == .forbidden)
    }
}
