// What goes into a store comes out of it: every column with a value, and every optional one without.

import Domain
import SQLite
import Storage
import Testing

@Suite struct RoundTripTests {
    let region: Region
    init() throws { region = try Region() }

    private var db: Connection { region.db }

    private func fullDraft() throws -> ReferralDraft {
        ReferralDraft(
            opening: .answered(missedSignals: "Arrears: \"since spring\"", neededTwoYearsAgo: "Een luisterend oor é"),
            route: .detentionExit, municipality: Region.municipalities[3],
            identity: Identity(
                givenName: "Zoë", infix: "van 't", familyName: "O'Brien-Şahin", birthDate: CivilDate(dayNumber: -4000)),
            contact: Contact(phone: "+31 6 12345678", email: "zoe@example.org"),
            bsn: CitizenServiceNumber("999990019"),
            screening: Screening(
                legalResidence: false, acuteDanger: true, lasting24hSupervision: false, ownStrengthSuffices: true,
                homelessTonight: true),
            supportNeeds: SupportNeed.allCases, externalReference: "a:b/c_d-1.2",
            household: Household(adults: 2, children: 3, pets: true), accessibility: Accessibility.allCases,
            health: "Line one\nline two", finances: Finances(incomePerMonth: 0, debts: 100_000_000_000))
    }

    private func view(_ id: ReferralID) throws -> ReferralView {
        try #require(
            try ReferralStore(db).view(id, in: .everything, groups: FieldGroups(rawValue: .max), at: region.now))
    }

    @Test func aFullReferral() throws {
        let draft = try fullDraft()
        let id = try region.addReferral(draft, owner: Region.organisation(4))
        let view = try view(id)
        #expect(view.origin?.referrer == OrganisationName(id: Region.organisation(4), name: "O4"))
        #expect(view.origin?.externalReference == draft.externalReference && view.origin?.opening == draft.opening)
        #expect(view.identity == draft.identity && view.contact == draft.contact && view.bsn == draft.bsn)
        #expect(view.bsnLastDigits == "019")
        #expect(view.care?.screening == draft.screening && view.care?.supportNeeds == draft.supportNeeds)
        #expect(view.care?.health == draft.health && view.finances == draft.finances)
        #expect(view.household == draft.household && view.accessibility == draft.accessibility)
        #expect(view.wishes == nil && view.support == nil && view.decision == nil && view.possibleDuplicates.isEmpty)
        let standing = view.standing
        #expect(standing.number == 1 && standing.route == .detentionExit && standing.state == .submitted)
        #expect(standing.receivedAt == region.now && standing.updatedAt == region.now && standing.version == 1)
    }

    @Test func aBareReferral() throws {
        var draft = try fullDraft()
        draft.opening = .declined
        draft.identity.infix = nil
        draft.contact = Contact()
        draft.bsn = nil
        draft.supportNeeds = []
        draft.externalReference = nil
        draft.accessibility = []
        draft.health = nil
        draft.finances = Finances()
        let view = try view(try region.addReferral(draft))
        #expect(view.origin?.opening == .declined && view.origin?.externalReference == nil)
        #expect(view.identity == draft.identity && view.contact == Contact() && view.bsn == nil)
        #expect(view.bsnLastDigits == nil && view.care?.supportNeeds == [] && view.care?.health == nil)
        #expect(view.finances == Finances() && view.accessibility == [])
    }

    /// A group that was not asked for was not read.
    @Test(arguments: 0..<15) func onlyTheGroupsAskedFor(bit: UInt32) throws {
        let id = try region.addReferral(try fullDraft())
        let groups = FieldGroups(rawValue: 1 << bit)
        let view = try #require(try ReferralStore(db).view(id, in: .everything, groups: groups, at: region.now))
        #expect((view.origin != nil) == (groups == .origin))
        #expect((view.identity != nil) == (groups == .identity))
        #expect((view.contact != nil) == (groups == .contact))
        #expect((view.bsn != nil) == (groups == .bsn))
        #expect((view.bsnLastDigits != nil) == (groups == .bsnTail))
        #expect((view.care != nil) == (groups == .care))
        #expect((view.finances != nil) == (groups == .finances))
        #expect((view.household != nil) == (groups == .housingNeeds))
    }

    @Test func standings() throws {
        let id = try region.addReferral()
        var standing = try #require(try ReferralStore(db).find(id, in: .everything))
        region.now = region.now.adding(seconds: 5)
        standing.state = .onHold
        standing.route = .prevention
        standing.municipality = Region.municipalities[2]
        standing.updatedAt = region.now
        standing.waitingSince = Instant(milliseconds: 12_345)
        standing.promiseDueOn = CivilDate(dayNumber: 20_800)
        standing.holdStartedOn = CivilDate(dayNumber: 20_700)
        standing.holdUntil = CivilDate(dayNumber: 20_750)
        standing.urgency = .acute
        standing.form = .housingFirst
        standing.outcome = .lostContact
        standing.version = 2
        #expect(try ReferralStore(db).update(standing, at: region.now))
        #expect(try ReferralStore(db).find(id, in: .everything) == standing)
    }

    @Test(arguments: ReferralState.allCases) func everyStateIsStored(state: ReferralState) throws {
        let id = try region.addReferral()
        var standing = try #require(try ReferralStore(db).find(id, in: .everything))
        standing.state = state
        standing.resuming = state == .awaitingInformation ? .reported : nil
        standing.waitingSince = region.now
        standing.promiseDueOn = CivilDate(dayNumber: 1)
        standing.urgency = .regular
        standing.form = .shared
        standing.holdUntil = state == .onHold ? CivilDate(dayNumber: 2) : nil
        standing.version = 2
        #expect(try ReferralStore(db).update(standing, at: region.now))
        #expect(try ReferralStore(db).find(id, in: .everything) == standing)
    }

    @Test func conversation() throws {
        let store = ConversationStore(db)
        let id = try region.addReferral()
        let wishes = HousingForm.allCases.map { Wish(form: $0, municipalities: Region.municipalities, note: "n \($0)") }
        #expect(try store.latestWishes(of: id) == nil)
        #expect(
            try store.insert(
                wishes: wishes, phase: nil, about: id, by: .candidate, at: region.now) == 1)
        #expect(
            try store.insert(
                wishes: [Wish(form: .shared)], phase: .growing, about: id, by: .referrer,
                at: region.now) == 2)
        let versions = try store.wishes(of: id)
        #expect(versions.map(\.number) == [2, 1] && versions[1].wishes == wishes && versions[1].phase == nil)
        #expect(versions[0].phase == .growing && versions[0].writtenBy == .referrer)
        #expect(try store.latestWishes(of: id) == versions[0])

        var consent = Consent(
            id: region.newID(), purpose: .network, recipient: Region.organisation(8), givenAt: region.now,
            endsOn: CivilDate(dayNumber: 20_900), withdrawnAt: nil)
        try store.insert([consent], about: id, by: .candidate)
        #expect(try store.consents(of: id) == [consent])
        #expect(try store.withdraw(consent.id, about: id, reason: "No", at: region.now))
        #expect(try !store.withdraw(consent.id, about: id, reason: "No", at: region.now))
        consent.withdrawnAt = region.now
        #expect(try store.consents(of: id) == [consent])

        #expect(try store.latestDecision(of: id) == nil)
        for decision in [
            Decision(
                kind: .reject, at: region.now, advice: Advice.allCases, objectionDueOn: CivilDate(dayNumber: 20_900)),
            Decision(kind: .redirect, at: region.now, advice: [.youthCare]),
            Decision(
                kind: .admit, at: region.now, urgency: .urgent, urgencyGround: "g", form: .clustered, profileVersion: 1,
                agreementWaived: "w"),
        ] {
            try store.insert(decision, id: region.newID(), about: id)
            #expect(try store.latestDecision(of: id) == decision)
        }
    }

    @Test func reports() throws {
        let store = ReportStore(db)
        let id = try region.addReferral()
        #expect(try store.latest(of: id) == nil)
        // Conditions and skills come back by their names, in order of the alphabet.
        let full = ReportDraft(
            summary: "s",
            conditions: ConditionOfExistence.allCases.sorted { $0.rawValue < $1.rawValue }
                .map { ConditionLevel(condition: $0, level: 5, note: "n") },
            skills: Skill.allCases.sorted { $0.rawValue < $1.rawValue }.map { SkillLevel(skill: $0, level: 1) },
            risks: RiskFactor.allCases, supportNeeds: SupportNeed.allCases, advisedForm: .selfManaged,
            incomePerMonth: 123_456, personalPlanReceived: true, clientSupportOffered: false)
        #expect(try store.insert(full, id: region.newID(), about: id, at: region.now) == 1)
        #expect(try ReferralStore(db).incomePerMonth(of: id) == 123_456)
        var bare = full
        bare.conditions = []
        bare.skills = []
        bare.risks = []
        bare.supportNeeds = []
        bare.incomePerMonth = nil
        #expect(try store.latest(of: id) == Report(number: 1, writtenAt: region.now, content: full, response: nil))
        #expect(try store.insert(bare, id: region.newID(), about: id, at: region.now) == 2)
        let response = ReportResponse(agrees: false, remarks: "No", at: region.now, by: .candidate)
        #expect(try store.respond(response, toVersion: 2, of: id))
        #expect(try !store.respond(response, toVersion: 2, of: id))
        #expect(try !store.respond(response, toVersion: 3, of: id))
        #expect(try store.latest(of: id) == Report(number: 2, writtenAt: region.now, content: bare, response: response))
    }

    @Test func dwellings() throws {
        let store = DwellingStore(db)
        let id = try region.addDwelling(landlord: Region.landlords[0])
        var dwelling = try #require(try store.find(id, in: .everything))
        #expect(dwelling.landlord.name == "O7" && dwelling.createdAt == region.now && dwelling.version == 1)
        dwelling.content = DwellingDraft(
            form: .protectedHome, municipality: Region.municipalities[1], neighbourhood: "Zuid",
            address: Address(street: "Ruitenbergstraat", houseNumber: "12 bis", postcode: "9999 ZZ", city: "Almelo"),
            rooms: 50, rent: 1_000_000, serviceCost: 1, accessibility: Accessibility.allCases, householdMaximum: 40,
            petsAllowed: true, tenancyKind: .threeParty, availableFrom: CivilDate(dayNumber: 30_000), remarks: "r",
            externalReference: "x")
        for state in DwellingState.allCases {
            dwelling.state = state
            dwelling.version += 1
            #expect(try store.update(dwelling))
            #expect(try store.find(id, in: .everything) == dwelling)
        }
        #expect(try store.find(externalReference: "x", of: Region.landlords[0]) == id)
        #expect(try store.find(externalReference: "x", of: Region.landlords[1]) == nil)
        try store.update(state: .free, of: id)
        #expect(try store.find(id, in: .everything)?.version == dwelling.version + 1)
    }

    @Test func supportAndTenancy() throws {
        let store = SupportStore(db)
        let referral = try region.addReferral()
        var request = SupportRequest(
            id: region.newID(), referral: referral,
            municipality: try #require(try ReferralStore(db).find(referral, in: .everything)).municipality,
            provider: OrganisationName(id: Region.providers[0], name: "O1"), state: .asked, needs: SupportNeed.allCases,
            hoursPerWeek: 168, wantedFrom: CivilDate(dayNumber: 20_000), note: "n", askedAt: region.now,
            answerDueOn: CivilDate(dayNumber: 20_005), version: 1)
        try store.insert(request)
        #expect(try store.find(request.id, in: .about(.everything), groups: .decision) == request)
        #expect(try store.accepted(for: referral) == nil && store.commitment(for: referral) == nil)
        request.state = .accepted
        request.hoursPerWeek = 1
        request.answeredAt = region.now
        request.startsOn = CivilDate(dayNumber: 20_010)
        request.contactName = "Kim"
        request.contactPhone = "0612345678"
        request.version = 2
        #expect(try store.update(request))
        #expect(try store.find(request.id, in: .about(.everything), groups: .decision) == request)
        #expect(try store.supporters(of: referral) == [Region.providers[0]])
        #expect(
            try store.commitment(for: referral)
                == SupportCommitment(
                    provider: request.provider, hoursPerWeek: 1, startsOn: CivilDate(dayNumber: 20_010),
                    contactName: "Kim", contactPhone: "0612345678"))

        let dwelling = try region.addDwelling(landlord: Region.landlords[1])
        let match = try region.addMatch(referral, dwelling, landlord: Region.landlords[1])
        let tenancy = Tenancy(
            id: region.newID(), match: match, referral: referral, dwelling: dwelling,
            landlord: OrganisationName(id: Region.landlords[1], name: "O8"), supportProvider: request.provider,
            kind: .viaProvider, startsOn: CivilDate(dayNumber: 20_020), convertOn: CivilDate(dayNumber: 20_400),
            registeredAt: region.now, version: 1)
        try TenancyStore(db).insert(tenancy, support: request.id)
        #expect(try TenancyStore(db).find(tenancy.id, in: .about(.everything)) == tenancy)
        #expect(try TenancyStore(db).isLet(dwelling))
        try TenancyStore(db).end(of: referral, on: CivilDate(dayNumber: 20_100))
        #expect(try !TenancyStore(db).isLet(dwelling))
    }

    @Test func declinedSupport() throws {
        let referral = try region.addReferral()
        let id = try region.addRequest(referral, provider: Region.providers[0], as: .declined)
        let other = try region.addRequest(referral, provider: Region.providers[1], as: .asked)
        #expect(try SupportStore(db).find(id, in: .about(.everything), groups: .decision)?.declineReason == .other)
        try SupportStore(db).withdrawOpen(about: referral)
        #expect(try SupportStore(db).find(id, in: .about(.everything), groups: .decision)?.state == .declined)
        #expect(try SupportStore(db).find(other, in: .about(.everything), groups: .decision)?.state == .withdrawn)
    }

    @Test func matches() throws {
        let referral = try region.addReferral(try fullDraft())
        let dwelling = try region.addDwelling(landlord: Region.landlords[0])
        let store = MatchStore(db)
        let id = region.newID(of: MatchTag.self)
        try store.insert(
            MatchDraft(
                referral: referral, dwelling: dwelling, landlord: Region.landlords[0], reason: "why",
                failingLimits: ["rent", "pets"], wishVersion: 1, referralVersion: 1, dwellingVersion: 1), id: id,
            at: region.now)
        let proposal = try #require(try store.find(id, in: .everything, for: .coordinator, on: Region.day))
        #expect(proposal.standing == MatchStanding() && proposal.workings?.reason == "why" && proposal.offeredAt == nil)
        #expect(proposal.workings?.failingLimits == ["rent", "pets"] && proposal.identity?.givenName == "Zoë")
        #expect(proposal.dwelling.id == dwelling && proposal.dwelling.landlord.id == Region.landlords[0])
        try store.markOffered(id, answerDueOn: CivilDate(dayNumber: 20_700), at: region.now)
        let row = try #require(try store.row(id, in: .everything))
        let declined = MatchStanding(state: .declined, landlord: .declined, candidate: .accepted)
        #expect(try store.update(row, to: declined, declined: (.openTenancyDebt, "note"), at: region.now))
        let view = try #require(try store.find(id, in: .everything, for: .coordinator, on: Region.day))
        #expect(view.standing == declined && view.declineReason == .openTenancyDebt && view.declineNote == "note")
        #expect(view.endedAt == region.now && view.offeredAt == region.now && view.version == 2)
        #expect(view.answerDueOn == CivilDate(dayNumber: 20_700))
        #expect(try store.live(of: referral).isEmpty)
        try store.insert(
            response: region.newID(), to: id, answer: "decline", party: .landlord, onBehalf: false, by: .allocator,
            reason: .openTenancyDebt, note: nil, at: region.now)
        // After the end a landlord is shown nothing of the person.
        let seen = try #require(try store.find(id, in: .everything, for: .allocator, on: Region.day))
        #expect(seen.identity == nil && seen.contact == nil && seen.household == nil && seen.rentFitsIncome == nil)
    }

    @Test func parties() throws {
        let store = OrganisationStore(db)
        #expect(try store.list().count == Region.organisations.count)
        #expect(try store.list(kind: .municipality).compactMap(\.municipality?.code) == ["GM0153", "GM0141", "GM0164"])
        #expect(try store.disable(Region.organisation(7), at: region.now))
        #expect(try !store.disable(Region.organisation(7), at: region.now))
        #expect(try store.find(Region.organisation(7))?.disabledAt == region.now)
        let tokens = TokenStore(db)
        var record = TokenRecord(
            id: region.newID(), organisation: Region.organisation(0), role: .candidate,
            referral: try region.addReferral(), label: "l", createdAt: region.now,
            expiresAt: region.now.adding(seconds: 9), addresses: AddressList("192.0.2.0/24,2001:db8::/32"))
        try tokens.insert(record, hash: [UInt8](repeating: 200, count: 32))
        #expect(try tokens.find(record.id) == record)
        #expect(try tokens.list(organisation: Region.organisation(0)).last == record)
        try tokens.expire(record.id, at: region.now.adding(seconds: 5))
        try tokens.expire(record.id, at: region.now.adding(seconds: 7))
        #expect(try tokens.find(record.id)?.expiresAt == region.now.adding(seconds: 5))
        record.expiresAt = region.now.adding(seconds: 5)
        for (day, kept) in [(20, 20), (19, 20), (20, 20), (21, 21)] {
            try tokens.noteUse(record.id, on: CivilDate(dayNumber: Int32(day)))
            #expect(db.changes == (day == kept && record.lastUsedOn?.dayNumber != Int32(kept) ? 1 : 0))
            record.lastUsedOn = CivilDate(dayNumber: Int32(kept))
            #expect(try tokens.find(record.id) == record)
        }
        // A list that somebody has spoilt lets nobody in, rather than everybody.
        try db.run("UPDATE access_token SET addresses = 'anywhere' WHERE id = ?", record.id)
        let spoilt = try #require(try tokens.live(hash: [UInt8](repeating: 200, count: 32), at: region.now))
        #expect(!spoilt.isUsable(from: "192.0.2.1") && !spoilt.isUsable(from: "unix"))
        let settings = SettingStore(db)
        #expect(try settings.find("a") == nil)
        try settings.update("a", to: "1")
        try settings.update("a", to: "2")
        #expect(try settings.find("a") == "2")
    }

    @Test func eventsWithReasonsOfOne() throws {
        let id = try region.addReferral()
        for index in [1, 2] {
            try EventStore(db).insert(
                region.newID(), about: id, kind: "hold", from: .waiting, to: .onHold,
                by: region.actor(index, .candidate),
                reason: "r\(index)", at: region.now)
        }
        try EventStore(db).insert(
            region.newID(), about: id, kind: "match_proposed", from: nil, to: nil, by: region.actor(1, .coordinator),
            reason: "r3", at: region.now)
        func shown(_ timeline: TimelineVisibility) throws -> [Event] {
            let page = try EventStore(db).list(
                of: id, in: .everything, timeline: timeline, groups: .status, page: PageRequest(limit: 9))
            return page?.items ?? []
        }
        #expect(try shown(.everything).map(\.reason) == ["r1", "r2", "r3"])
        #expect(try shown(.withoutDrafts).map(\.reason) == ["r1", "r2"])
        #expect(try shown(.movesAndOwn(Region.organisation(2))).map(\.reason) == [nil, "r2"])
        #expect(try shown(.movesAndOwn(Region.organisation(1))).map(\.reason) == ["r1", nil, "r3"])
        #expect(try shown(.moves).map(\.reason) == [nil, nil])
        #expect(try shown(.moves).allSatisfy { $0.organisation == nil })
        let page = PageRequest<EventID>(limit: 1)
        let first = try #require(
            try EventStore(db).list(of: id, in: .everything, timeline: .everything, groups: .status, page: page)?.items
                .first)
        #expect(first.from == .waiting && first.to == .onHold && first.role == .candidate && first.at == region.now)
        #expect(first.organisation == OrganisationName(id: Region.organisation(1), name: "O1"))
    }
}
