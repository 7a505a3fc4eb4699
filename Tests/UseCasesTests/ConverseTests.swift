// Wishes, consents, reports and the candidate's answer to them. A consent that is withdrawn ends what rests on it in the
// same commit.

import Domain
import Storage
import Testing
import UseCases

@Suite struct ConverseTests {
    let region: Region
    init() async throws { region = try await Region() }

    private let wishes = [Wish(form: .shared), Wish(form: .clustered, note: "Near my sister")]

    @Test func wishesInVersions() async throws {
        let id = try await region.open()
        let candidate = try await region.candidate(of: id)
        let wishes = wishes
        let trail = try await region.trail(candidate, about: id) {
            try Converse.write(wishes: wishes, phase: .rebuilding, of: id, by: $0, in: $1)
        }
        #expect(trail.events == ["wishes"] && trail.ledger == ["wishes"] && trail.versions == 1)
        #expect(trail.value.number == 2 && trail.value.writtenBy == .candidate)
        let all = try region.look(region.referrer) { try Look.wishes(id, by: $0, in: $1) }.value
        #expect(all.map(\.number) == [2, 1] && all.first == trail.value)
    }

    @Test func wishesAreRefused() async throws {
        let id = try await region.open()
        let wishes = wishes
        func refusal(_ actor: Actor) async throws -> Refusal? {
            try await region.refusal(actor) { try Converse.write(wishes: wishes, phase: nil, of: id, by: $0, in: $1) }
        }
        for actor in [region.supporter, region.policymaker, region.allocator, region.panel, region.auditor] {
            #expect(try await refusal(actor) == .forbidden)
        }
        #expect(try await refusal(region.otherReferrer) == .notFound)
        let other = try await region.candidate(of: try await region.open())
        #expect(try await refusal(other) == .notFound)
        try await region.move(id, .withdraw(reason: "?"))
        #expect(try await refusal(region.referrer) == .conflict(.other))
    }

    @Test func reports() async throws {
        let id = try await region.open()
        func write() async throws -> Refusal? {
            try await region.refusal(region.intaker) {
                try Converse.write(report: Sample.report, of: id, by: $0, in: $1)
            }
        }
        func respond(_ actor: Actor) async throws -> Refusal? {
            try await region.refusal(actor) { try Converse.respond(agrees: true, remarks: nil, of: id, by: $0, in: $1) }
        }
        #expect(try await write() == .conflict(.other))
        #expect(try await respond(region.intaker) == .conflict(.reportMissing))
        try await region.move(id, .askInformation(question: "?"))
        #expect(try await write() == .conflict(.other))
        try await region.move(id, .giveInformation(note: nil))
        try await region.move(id, .startIntake)
        let trail = try await region.trail(region.intaker, about: id) {
            try Converse.write(report: Sample.report, of: id, by: $0, in: $1)
        }
        #expect(trail.value.number == 1 && trail.value.response == nil)
        #expect(trail.events == ["report"] && trail.ledger == ["report"])
        #expect(try await respond(region.referrer) == .forbidden)
        #expect(try await respond(region.supporter) == .forbidden)
        let candidate = try await region.candidate(of: id)
        let answered = try await region.trail(candidate, about: id) {
            try Converse.respond(agrees: false, remarks: "No", of: id, by: $0, in: $1)
        }
        #expect(answered.events == ["report_response"])
        let expected = ReportResponse(agrees: false, remarks: "No", at: region.machine.now, by: .candidate)
        #expect(answered.value.response == expected)
        #expect(try await respond(candidate) == .conflict(.other))
        // A new version asks again.
        try await region.move(id, .askInformation(question: "?"))
        try await region.run(region.intaker) { _ = try Converse.write(report: Sample.report, of: id, by: $0, in: $1) }
        try await region.run(candidate) { _ = try Converse.respond(agrees: true, remarks: nil, of: id, by: $0, in: $1) }
        let latest = try region.look(region.intaker) { try Look.report(id, by: $0, in: $1) }.value
        #expect(latest.number == 2 && latest.response?.agrees == true && latest.content.skills == Sample.report.skills)
        try await region.move(id, .giveInformation(note: nil))
        try await region.move(id, .completeReport)
        try await region.move(id, Region.admission)
        #expect(try await write() == .conflict(.other))
    }

    @Test func consentsAreRefused() async throws {
        let id = try await region.open()
        func give(_ actor: Actor, to recipient: OrganisationID? = nil, until: CivilDate? = nil) async throws -> Refusal?
        {
            try await region.refusal(actor) {
                try Converse.give(.network, to: recipient, until: until, of: id, by: $0, in: $1)
            }
        }
        for actor in [region.supporter, region.policymaker, region.allocator, region.panel, region.auditor] {
            #expect(try await give(actor) == .forbidden)
        }
        #expect(try await give(region.otherReferrer) == .notFound)
        #expect(
            try await give(region.referrer, to: OrganisationID(high: 7, low: 7)) == .invalid("/recipient", "unknown"))
        let provider = region.supporter.organisation
        #expect(
            try await region.refusal(region.referrer) {
                try Converse.give(.shareWithLandlord, to: provider, until: nil, of: id, by: $0, in: $1)
            } == .invalid("/recipient", "invalid"), "a care provider lets no homes")
        #expect(try await give(region.referrer, until: region.today.adding(days: -1)) == .invalid("/endsOn", "range"))
        let today = region.today
        let trail = try await region.trail(region.referrer, about: id) {
            try Converse.give(.network, to: nil, until: today, of: id, by: $0, in: $1)
        }
        #expect(trail.events == ["consent"])
        let consent = trail.value.id
        func withdraw(_ actor: Actor, _ consent: ConsentID) async throws -> Refusal? {
            try await region.refusal(actor) {
                try Converse.withdraw(consent, of: id, reason: nil, by: $0, in: $1)
            }
        }
        #expect(try await withdraw(region.supporter, consent) == .forbidden)
        #expect(try await withdraw(region.otherReferrer, consent) == .notFound)
        #expect(try await withdraw(region.referrer, ConsentID(high: 1, low: 1)) == .notFound)
        let gone = try await region.trail(region.referrer, about: id) {
            try Converse.withdraw(consent, of: id, reason: "No longer", by: $0, in: $1)
        }
        #expect(gone.events == ["consent_withdrawn"] && gone.value.withdrawnAt == region.machine.now)
        #expect(try await withdraw(region.referrer, consent) == .conflict(.other))
        let tasks = try region.database.read(lane: 0) { try TaskStore($0.db).open(about: id) }
        #expect(tasks.map(\.kind) == [.consentWithdrawn] && tasks.map(\.role) == [.intaker])
        #expect(tasks.map(\.object) == [consent.retyped()])
        #expect(tasks.map { $0.dueOn.description } == ["2026-06-03"])
        try await region.move(id, .withdraw(reason: "?"))
        #expect(try await give(region.referrer) == .conflict(.other))
    }

    /// The consent of a purpose that was given with the referral.
    private func consent(_ purpose: ConsentPurpose, of id: ReferralID) throws -> ConsentID {
        let all = try region.look(region.intaker) { try Look.consents(id, by: $0, in: $1) }.value
        return try #require(all.first { $0.purpose == purpose && $0.withdrawnAt == nil }).id
    }

    private func withdraw(
        _ purpose: ConsentPurpose, of id: ReferralID, by actor: Actor
    ) async throws -> Trail<Consent> {
        let consent = try consent(purpose, of: id)
        return try await region.trail(actor, about: id) {
            try Converse.withdraw(consent, of: id, reason: "Changed my mind", by: $0, in: $1)
        }
    }

    @Test(arguments: [ConsentPurpose.matching, .shareWithLandlord])
    func withdrawalEndsLiveMatches(purpose: ConsentPurpose) async throws {
        let id = try await region.waiting()
        let since = try region.standing(id).waitingSince
        let dwellings = [
            try await region.offerDwelling(), try await region.offerDwelling(), try await region.offerDwelling(),
        ]
        let matches = [
            try await region.propose(id, dwellings[0]), try await region.propose(id, dwellings[1]),
            try await region.propose(id, dwellings[2], offering: false),
        ]
        region.wait(days: 2)
        let trail = try await withdraw(purpose, of: id, by: region.referrer)
        #expect(trail.events.first == "consent_withdrawn")
        #expect(trail.events.filter { $0 == "match_withdrawn" }.count == 2)
        #expect(trail.events.filter { $0 == "draft_withdrawn" }.count == 1)
        #expect(trail.events.filter { $0 == "return_to_queue" }.count == 1 && trail.events.count == 5)
        for match in matches { #expect(try region.match(match).standing.state == .withdrawn) }
        for dwelling in dwellings { #expect(try region.dwelling(dwelling).state == .free) }
        #expect(try region.standing(id).state == .waiting && region.standing(id).waitingSince == since)
    }

    @Test func withdrawalMakesAnAcceptedMatchFallThrough() async throws {
        let made = try await region.accepted()
        let since = try region.standing(made.referral).waitingSince
        let trail = try await withdraw(
            .shareWithLandlord, of: made.referral, by: try await region.candidate(of: made.referral))
        #expect(trail.events == ["consent_withdrawn", "match_withdrawn", "fall_through"])
        #expect(try region.match(made.match).standing.state == .fallenThrough)
        #expect(try region.dwelling(made.dwelling).state == .free)
        #expect(try region.standing(made.referral).state == .waiting)
        #expect(try region.standing(made.referral).waitingSince == since)
    }

    @Test func whatRestsOnAnotherConsentGoesOn() async throws {
        let id = try await region.waiting()
        let kept = try await region.propose(id, try await region.offerDwelling())
        let corporation = region.corporation
        try await region.run(region.intaker) {
            _ = try Converse.give(.shareWithLandlord, to: corporation, until: nil, of: id, by: $0, in: $1)
        }
        let theirs = try await region.offerDwelling(by: region.otherAllocator)
        let lost = try await region.propose(id, theirs)
        let trail = try await withdraw(.shareWithLandlord, of: id, by: region.intaker)
        #expect(trail.events == ["consent_withdrawn", "match_withdrawn"])
        #expect(try region.match(kept).standing.state == .offered && region.match(lost).standing.state == .withdrawn)
        #expect(try region.standing(id).state == .matched)
        #expect(try await withdraw(.intake, of: id, by: region.intaker).events == ["consent_withdrawn"])
        #expect(try region.match(kept).standing.state == .offered)
    }
}
