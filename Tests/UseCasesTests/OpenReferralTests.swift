// Referrals come in and are corrected: what is kept, who is told of a duplicate, and what a stale or strange hand may
// not touch.

import Domain
import Storage
import Testing
import UseCases

@Suite struct OpenReferralTests {
    let region: Region
    init() async throws { region = try await Region() }

    private func refusal(_ actor: Actor, _ draft: ReferralDraft) async throws -> Refusal? {
        try await region.refusal(actor) { try OpenReferral.run(draft, by: $0, in: $1) }
    }

    @Test func everythingIsKept() async throws {
        let draft = try Sample.draft(bsn: Sample.bsns[0], reference: "zorg/1")
        let view = try await region.run(region.referrer) { try OpenReferral.run(draft, by: $0, in: $1) }
        let id = view.standing.id
        #expect(view.standing.candidateNumber == "K-000001")
        #expect(view.standing.state == .submitted && view.standing.version == 1)
        #expect(view.standing.owner == region.provider && view.standing.waitingSince == nil)
        // The referrer sees what it wrote, and never the BSN.
        #expect(view.identity == draft.identity && view.contact == draft.contact)
        #expect(view.bsn == nil && view.bsnLastDigits == nil && view.decision == nil)
        #expect(view.origin?.externalReference == "zorg/1" && view.origin?.opening == draft.opening)
        #expect(view.care?.health == "Asthma" && view.care?.advice == [])
        #expect(view.finances == draft.finances && view.household == draft.household)
        #expect(view.accessibility == [.lift] && view.wishes?.wishes == draft.wishes)
        #expect(try region.events(id).map(\.kind) == ["submit"])
        #expect(try region.events(id).map(\.to) == [.submitted])
        #expect(try region.ledger(id).map(\.action) == ["submit"])
        let written = try region.ledger(id).first?.fields ?? []
        #expect(written.contains("bsn") && written.contains("consents"))
        let consents = try region.look(region.referrer) { try Look.consents(id, by: $0, in: $1) }.value
        #expect(consents.map(\.purpose) == draft.consents)
        let intake = try region.look(region.intaker) { try Look.referral(id, by: $0, in: $1) }.value
        #expect(intake.bsn == draft.bsn)
        let candidate = try await region.candidate(of: id)
        let own = try region.look(candidate) { try Look.referral(id, by: $0, in: $1) }.value
        #expect(own.bsn == nil && own.bsnLastDigits == "019")
    }

    /// Who posts is shown what it wrote, and that is no look; the intake point sees more of a new referral than that.
    @Test func whatIsShownBesidesIsALook() async throws {
        for (actor, actions) in [(region.referrer, ["submit"]), (region.intaker, ["submit", "read"])] {
            let draft = try Sample.draft()
            let view = try await region.run(actor) { try OpenReferral.run(draft, by: $0, in: $1) }
            let entries = try region.ledger(view.standing.id)
            #expect(entries.map(\.action) == actions)
            #expect(entries.last?.fields.contains("decision") == (actor == region.intaker))
        }
    }

    /// The answer to a post is made from what was sent, and says what reading the referral says.
    @Test(arguments: [Role.referrer, .intaker, .coordinator]) func theAnswerIsWhatIsRead(role: Role) async throws {
        let actor = try #require(region.staff.first { $0.role == role })
        var provenance = try Sample.draft(reference: "zorg/2")
        provenance.handedOverFrom = Provenance(name: "Regio Noord", reference: "N-17")
        var bare = try Sample.draft()
        bare.wishes = []
        bare.opening = .declined
        bare.health = nil
        bare.supportNeeds = []
        bare.consents = []
        var near = try Sample.draft()
        let places = ["Oud\nZuid", "\n", "\u{301}Noord"].map { WishPlace(near.municipality, $0) }
        near.wishes[0].near = places
        var urgent = try Sample.draft()
        urgent.screening.acuteDanger = true
        var consulted = try Sample.draft()
        if role == .referrer {
            let question = ConsultationDraft(
                opening: .declined, route: .prevention, municipality: consulted.municipality, ageBand: .from27,
                question: "May they come in?")
            consulted.consultation = try await region.run(actor) { try Consult.ask(question, by: $0, in: $1).id }
        }
        // The first is known by then: who may see it is told.
        for draft in [try Sample.draft(bsn: Sample.bsns[0]), provenance, bare, near, urgent, consulted] {
            let answer = try await region.run(actor) { try OpenReferral.run(draft, by: $0, in: $1) }
            var read = try region.look(actor) { try Look.referral(answer.standing.id, by: $0, in: $1) }.value
            read.readAt = answer.readAt
            #expect(answer == read)
        }
    }

    @Test func numbersRunOn() async throws {
        for number in 1...3 { #expect(try region.standing(try await region.open()).number == number) }
    }

    @Test(arguments: Role.allCases) func onlySomeRolesPost(role: Role) async throws {
        let first = try await region.open()
        let candidate = try await region.candidate(of: first)
        let actor = try #require((region.staff + [candidate]).first { $0.role == role })
        let draft = try Sample.draft()
        if [.referrer, .intaker, .coordinator].contains(role) {
            try await region.run(actor) { _ = try OpenReferral.run(draft, by: $0, in: $1) }
        } else {
            #expect(try await refusal(actor, draft) == .forbidden)
        }
    }

    @Test func aReferenceIsUsedOnce() async throws {
        let draft = try Sample.draft(reference: "A-1")
        let first = try await region.open(draft)
        let expected = Refusal.conflictWith(.duplicateExternalReference, .referral(first))
        #expect(try await refusal(region.referrer, draft) == expected)
        // Another organisation counts for itself.
        _ = try await region.open(by: region.otherReferrer, draft)
        // Ended or not, the reference is spent.
        try await region.move(first, .withdraw(reason: "Own home found"))
        #expect(try await refusal(region.referrer, draft) == expected)
    }

    @Test func theOwnDuplicateIsRefused() async throws {
        let draft = try Sample.draft(bsn: Sample.bsns[0])
        let first = try await region.open(draft)
        #expect(try await refusal(region.referrer, draft) == .conflictWith(.duplicatePerson, .referral(first)))
        #expect(try await refusal(region.intaker, draft) == .conflictWith(.duplicatePerson, .referral(first)))
        try await region.move(first, .withdraw(reason: "Own home found"))
        _ = try await region.open(draft)
    }

    @Test func anothersDuplicateIsStoredAndShownToTheIntakePointAlone() async throws {
        let draft = try Sample.draft(bsn: Sample.bsns[0])
        let first = try await region.open(draft)
        let view = try await region.run(region.otherReferrer) { try OpenReferral.run(draft, by: $0, in: $1) }
        let second = view.standing.id
        #expect(view.possibleDuplicates.isEmpty)
        let seen = try region.look(region.intaker) { try Look.referral(second, by: $0, in: $1) }.value
        #expect(seen.possibleDuplicates == [PossibleDuplicate(id: first, basis: .bsn)])
        let candidate = try await region.candidate(of: second)
        for actor in [region.otherReferrer, candidate] {
            let view = try region.look(actor) { try Look.referral(second, by: $0, in: $1) }.value
            #expect(view.possibleDuplicates.isEmpty)
        }
    }

    @Test(arguments: [
        ("Jansen", "Sanne", true), ("JANSEN", "Sane", true), ("Jansen", "S", true), ("van der Jansen", "Sanne", true),
        ("Jánsen", "Sanna", true), ("Jansen", "Piet", false), ("Janssens", "Sanne", false),
    ])
    func alikeByName(family: String, given: String, alike: Bool) async throws {
        let first = try await region.open()
        var draft = try Sample.draft(familyName: family)
        draft.identity.givenName = given
        draft.identity.infix = nil
        let second = try await region.open(draft)
        let seen = try region.look(region.intaker) { try Look.referral(second, by: $0, in: $1) }.value
        #expect(seen.possibleDuplicates == (alike ? [PossibleDuplicate(id: first, basis: .nameAndBirthDate)] : []))
        draft.identity.birthDate = draft.identity.birthDate.adding(days: 1)
        let third = try await region.open(draft)
        let other = try region.look(region.intaker) { try Look.referral(third, by: $0, in: $1) }.value
        #expect(other.possibleDuplicates.isEmpty)
    }

    @Test func onlyOneOfTwoIsTakenIn() async throws {
        let draft = try Sample.draft(bsn: Sample.bsns[0])
        let first = try await region.open(draft)
        let second = try await region.open(by: region.otherReferrer, draft)
        try await region.move(first, .startIntake)
        let taken = try await region.refusal(region.intaker) {
            try MoveReferral.run(second, .startIntake, if: .any, by: $0, in: $1)
        }
        #expect(taken == .conflictWith(.personInQueue, .referral(first)))
        try await region.move(second, .askInformation(question: "Are you with two providers?"))
        try await region.move(second, .giveInformation(note: nil))
        try await region.move(first, .withdraw(reason: "Goes on with the other"))
        try await region.move(second, .startIntake)
        #expect(try region.standing(second).state == .intake)
    }

    /// A BSN that a referrer adds while two intakes go on can't bring one person into the queue twice.
    @Test func onlyOneOfTwoIsAdmitted() async throws {
        let first = try await region.open(try Sample.draft(bsn: Sample.bsns[0]))
        let second = try await region.open(by: region.otherReferrer, try Sample.draft(familyName: "Smit"))
        try await region.report(first)
        try await region.report(second)
        var changes = ReferralChanges()
        changes.bsn = .set(try #require(CitizenServiceNumber(Sample.bsns[0])))
        let late = changes
        try await region.run(region.otherReferrer) {
            _ = try ChangeReferral.run(second, late, if: .any, by: $0, in: $1)
        }
        let refused = try await region.refusal(region.intaker) {
            try MoveReferral.run(second, Region.admission, if: .any, by: $0, in: $1)
        }
        #expect(refused == .conflictWith(.personInQueue, .referral(first)))
        try await region.move(second, .withdraw(reason: "The same person"))
        try await region.move(first, Region.admission)
    }
}

@Suite struct ChangeReferralTests {
    let region: Region
    init() async throws { region = try await Region() }

    private func refusal(
        _ actor: Actor, _ id: ReferralID, _ changes: ReferralChanges, if precondition: Precondition = .any
    ) async throws -> Refusal? {
        try await region.refusal(actor) { try ChangeReferral.run(id, changes, if: precondition, by: $0, in: $1) }
    }

    private func everyChange() throws -> ReferralChanges {
        var changes = ReferralChanges()
        changes.externalReference = .set("B-2")
        changes.route = .clinicExit
        changes.municipality = Municipality(code: "GM0141")
        changes.givenName = "Sam"
        changes.infix = .clear
        changes.familyName = "Smit"
        changes.birthDate = CivilDate(iso: "1991-03-01")
        changes.bsn = .set(try #require(CitizenServiceNumber(Sample.bsns[1])))
        changes.phone = .clear
        changes.email = .set("sam@example.org")
        changes.adults = 2
        changes.children = 0
        changes.pets = true
        changes.accessibility = [.wheelchair, .stepFree]
        changes.supportNeeds = [.housekeeping]
        changes.health = .clear
        changes.incomePerMonth = .set(100)
        changes.debts = .clear
        return changes
    }

    @Test func everyFieldChanges() async throws {
        let id = try await region.open(try Sample.draft(bsn: Sample.bsns[0], reference: "A-1"))
        let changes = try everyChange()
        region.wait(seconds: 60)
        let trail = try await region.trail(region.referrer, about: id) {
            try ChangeReferral.run(id, changes, if: .versions([1]), by: $0, in: $1)
        }
        #expect(trail.events == ["patch"] && trail.ledger == ["patch", "read"] && trail.versions == 1)
        #expect(trail.value.standing.updatedAt == region.machine.now)
        let view = try region.look(region.intaker) { try Look.referral(id, by: $0, in: $1) }.value
        #expect(view.standing.route == .clinicExit && view.standing.municipality.code == "GM0141")
        #expect(view.origin?.externalReference == "B-2")
        #expect(
            view.identity
                == Identity(
                    givenName: "Sam", familyName: "Smit", birthDate: try #require(CivilDate(iso: "1991-03-01"))))
        #expect(view.contact == Contact(phone: nil, email: "sam@example.org"))
        #expect(view.bsn?.disclosedDigits == Sample.bsns[1])
        #expect(view.household == Household(adults: 2, children: 0, pets: true))
        #expect(view.accessibility == [.wheelchair, .stepFree])
        #expect(view.care?.supportNeeds == [.housekeeping] && view.care?.health == nil)
        #expect(view.finances == Finances(incomePerMonth: 100, debts: nil))
        // The new name is found, the old one is not.
        var search = ReferralStore.Search()
        search.familyName = "SMIT"
        #expect(try region.look(region.intaker) { try Look.search(search, by: $0, in: $1) }.value.count == 1)
        search.familyName = "Jansen"
        #expect(try region.look(region.intaker) { try Look.search(search, by: $0, in: $1) }.value.isEmpty)
    }

    @Test func nothingNamedNothingChanged() async throws {
        let id = try await region.open(try Sample.draft(bsn: Sample.bsns[0], reference: "A-1"))
        let before = try region.look(region.intaker) { try Look.referral(id, by: $0, in: $1) }.value
        try await region.run(region.referrer) {
            _ = try ChangeReferral.run(id, ReferralChanges(), if: .any, by: $0, in: $1)
        }
        var after = try region.look(region.intaker) { try Look.referral(id, by: $0, in: $1) }.value
        #expect(after.standing.version == 2)
        after.standing.version = 1
        #expect(after == before)
    }

    @Test func refused() async throws {
        let id = try await region.open(try Sample.draft(bsn: Sample.bsns[0], reference: "A-1"))
        let twin = try await region.open(try Sample.draft(familyName: "Smit", bsn: Sample.bsns[1], reference: "A-2"))
        var name = ReferralChanges()
        name.givenName = "Sam"
        #expect(try await refusal(region.referrer, id, name, if: .versions([2, 7])) == .preconditionFailed)
        #expect(try await refusal(region.referrer, id, name, if: .versions([])) == .preconditionFailed)
        #expect(try await refusal(region.otherReferrer, id, name) == .notFound)
        #expect(try await refusal(region.otherReferrer, id, name, if: .versions([9])) == .notFound)
        #expect(try await refusal(region.intaker, ReferralID(high: 1, low: 1), name) == .notFound)
        let candidate = try await region.candidate(of: id)
        for actor in [candidate, region.supporter, region.policymaker, region.allocator, region.panel, region.auditor] {
            #expect(try await refusal(actor, id, name) == .forbidden)
        }
        var words = [ReferralChanges(), ReferralChanges(), ReferralChanges(), ReferralChanges()]
        words[0].health = .set("Better")
        words[1].incomePerMonth = .clear
        words[2].debts = .set(0)
        words[3].supportNeeds = []
        for changes in words { #expect(try await refusal(region.coordinator, id, changes) == .forbidden) }
        var reference = ReferralChanges()
        reference.externalReference = .set("A-2")
        #expect(
            try await refusal(region.referrer, id, reference)
                == .conflictWith(.duplicateExternalReference, .referral(twin)))
        var bsn = ReferralChanges()
        bsn.bsn = .set(try #require(CitizenServiceNumber(Sample.bsns[1])))
        for actor in [region.referrer, region.intaker] {
            #expect(try await refusal(actor, id, bsn) == .conflictWith(.duplicatePerson, .referral(twin)))
        }
        try await region.move(id, .withdraw(reason: "Own home found"))
        #expect(try await refusal(region.referrer, id, name) == .conflict(.other))
    }

    @Test func theOwnValueAgainIsNoDuplicate() async throws {
        let id = try await region.open(try Sample.draft(bsn: Sample.bsns[0], reference: "A-1"))
        var changes = ReferralChanges()
        changes.bsn = .set(try #require(CitizenServiceNumber(Sample.bsns[0])))
        changes.externalReference = .set("A-1")
        let same = changes
        try await region.run(region.referrer) { _ = try ChangeReferral.run(id, same, if: .any, by: $0, in: $1) }
        #expect(try region.standing(id).version == 2)
    }
}
