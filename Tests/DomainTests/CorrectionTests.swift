// What a correction replaces, field by field, and who may see it; and the time-outs of sessions.

import TestKit
import Testing

@testable import Domain

@Suite struct CorrectionTests {
    private func view() throws -> ReferralView {
        let day = try #require(CivilDate(iso: "1988-04-12"))
        let standing = ReferralStanding(
            id: ReferralID(high: 1, low: 1), number: 1, owner: OrganisationID(high: 1, low: 2),
            municipality: try #require(Municipality(code: "GM0153")), route: .shelterExit, state: .waiting,
            resuming: nil,
            receivedAt: Instant(milliseconds: 0), updatedAt: Instant(milliseconds: 0), waitingSince: nil,
            promiseDueOn: nil, holdStartedOn: nil, holdUntil: nil, urgency: nil, form: nil, outcome: nil, version: 1)
        var view = ReferralView(standing: standing, groups: [], readAt: Instant(milliseconds: 0))
        view.origin = Origin(
            referrer: OrganisationName(id: OrganisationID(high: 1, low: 2), name: "Z"), externalReference: "REF",
            opening: nil)
        view.identity = Identity(givenName: "Sam", infix: nil, familyName: "Jansen", birthDate: day)
        view.contact = Contact(phone: "+31600000000", email: "sam@example.org")
        view.bsn = CitizenServiceNumber("999990019")
        view.household = Household(adults: 1, children: 2, pets: true)
        view.accessibility = []
        view.care = CareWords(
            screening: Screening(
                legalResidence: true, acuteDanger: false, lasting24hSupervision: false, ownStrengthSuffices: false,
                homelessTonight: false), advice: [], regionVersion: 0, criteriaVersion: 0,
            supportNeeds: [.money, .dayStructure], health: "Well")
        view.finances = Finances(incomePerMonth: 100_000, debts: nil)
        return view
    }

    private func everything() throws -> ReferralChanges {
        var changes = ReferralChanges()
        changes.externalReference = .clear
        changes.route = .clinicExit
        changes.municipality = Municipality(code: "GM0164")
        changes.givenName = "Bo"
        changes.infix = .set("van")
        changes.familyName = "Janssen"
        changes.birthDate = CivilDate(iso: "1988-04-13")
        changes.bsn = .clear
        changes.phone = .set("+31611111111")
        changes.email = .clear
        changes.adults = 2
        changes.children = 0
        changes.pets = false
        changes.accessibility = [.groundFloor]
        changes.supportNeeds = []
        changes.health = .set("Better")
        changes.incomePerMonth = .clear
        changes.debts = .set(1)
        return changes
    }

    @Test func everyFieldLeavesWhatStoodThere() throws {
        let traces = try everything().traces(on: try view())
        #expect(traces.map(\.field) == TracedField.allCases)
        #expect(
            traces.map(\.before) == [
                "REF", "shelter_exit", "GM0153", "Sam", nil, "Jansen", "1988-04-12", "999990019", "+31600000000",
                "sam@example.org", "1", "2", "true", nil, "money day_structure", "Well", "100000", nil,
            ])
        let groups = traces.reduce(into: FieldGroups()) { $0.formUnion($1.field.group) }
        #expect(groups == (try everything().groups), "the ledger and the trace name the same groups")
    }

    @Test func whatStaysLeavesNothing() throws {
        #expect(ReferralChanges().traces(on: try view()).isEmpty)
        var same = ReferralChanges()
        same.givenName = "Sam"
        same.infix = .clear
        same.bsn = .set(try #require(CitizenServiceNumber("999990019")))
        same.supportNeeds = [.money, .dayStructure]
        same.debts = .clear
        #expect(same.traces(on: try view()).isEmpty)
    }

    @Test func aRoleSeesEarlierValuesOfWhatItSees() {
        for role in Role.allCases {
            let groups = AccessPolicy.groups(ofReferralFor: role)
            for field in TracedField.visible(in: groups) where field != .bsn {
                #expect(groups.contains(field.group), "\(role) \(field)")
            }
            let mayBSN = groups.contains(.bsn) || groups.contains(.bsnTail)
            #expect(TracedField.visible(in: groups).contains(.bsn) == mayBSN, "\(role)")
        }
        #expect(TracedField.visible(in: AccessPolicy.groups(ofReferralFor: .allocator)).isEmpty)
    }

    @Test func aPersonAsksAboutWhatTheySee() {
        let all = CorrectionRequest.correctable
        #expect(all == AccessPolicy.groups(ofReferralFor: .candidate) && all.contains(.bsnTail) && !all.contains(.bsn))
        let staff = CorrectionRequest.named(all, for: AccessPolicy.groups(ofReferralFor: .intaker))
        #expect(AccessPolicy.groups(ofReferralFor: .intaker).isSuperset(of: staff) && staff.contains(.bsn))
        #expect(CorrectionRequest.named(all, for: AccessPolicy.groups(ofReferralFor: .candidate)) == all)
    }

    @Test func theTermIsTheTasks() throws {
        let asked = try #require(Instant(rfc3339: "2026-11-24T09:00:00Z"))
        let request = CorrectionRequest(
            id: CorrectionID(high: 1, low: 1), requestedAt: asked, role: .candidate, groups: .identity, text: "It")
        #expect(request.dueOn.description == "2026-12-22")
    }
}

@Suite struct SessionTermsTests {
    @Test func aSessionLivesByItsUseAndNotBeyondItsEnd() {
        let terms = SessionTerms()
        let start = Instant(milliseconds: 1_000_000)
        let end = terms.end(openedAt: start)
        #expect(end == start.adding(seconds: 43_200))
        #expect(terms.livesUntil(usedAt: start, endsAt: end) == start.adding(seconds: 1_800))
        #expect(terms.livesUntil(usedAt: end.adding(seconds: -60), endsAt: end) == end)
    }

    @Test(arguments: [(0, false), (299, false), (300, true), (1_799, true), (2_000, true)])
    func useIsWrittenDownOnceInAWhile(seconds: Int64, isDue: Bool) {
        let terms = SessionTerms()
        let start = Instant(milliseconds: 0)
        let end = terms.end(openedAt: start)
        let lives = terms.livesUntil(usedAt: start, endsAt: end)
        #expect(terms.isUseDue(livesUntil: lives, endsAt: end, at: start.adding(seconds: seconds)) == isDue)
        #expect(!terms.isUseDue(livesUntil: end, endsAt: end, at: end.adding(seconds: -1)), "nothing is left to give")
    }
}
