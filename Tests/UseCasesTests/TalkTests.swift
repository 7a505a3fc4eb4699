// The conversation besides report and wishes: who writes and reads what, what is gone with a consent, what is told, who does
// the intake, and objections. And what no part of it can do: change an order, a score or an admission.

import Domain
import Storage
import Testing
import UseCases

@Suite struct TalkTests {
    let region: Region
    init() async throws { region = try await Region() }

    private func record(_ kind: IntakeRecordKind, on day: CivilDate? = nil, _ id: ReferralID, _ actor: Actor)
        async throws -> Trail<IntakeRecord>
    {
        try await region.trail(actor, about: id) {
            try NoteIntake.record(kind, on: day, text: "Words", of: id, by: $0, in: $1)
        }
    }

    @Test func aPlanEndsItsClockAndOnlyThePersonAndTheIntakePointWrite() async throws {
        let id = try await region.open()
        let candidate = try await region.candidate(of: id)
        let trail = try await record(.personalPlan, id, candidate)
        #expect(trail.events == ["personal_plan"] && trail.ledger == ["personal_plan"])
        let clocks = try region.look(region.intaker) { try Look.clocks(id, by: $0, in: $1) }.value.clocks
        #expect(clocks.first { $0.kind == .personalPlan }?.state(on: region.today) == .kept)
        _ = try await record(.clientSupport, on: region.today.adding(days: -1), id, region.intaker)
        let seen = try region.look(candidate) { try NoteIntake.records(id, by: $0, in: $1) }
        #expect(seen.value.map(\.kind) == [.clientSupport, .personalPlan])
        #expect(seen.value.map(\.writtenBy) == [.intaker, .candidate] && seen.disclosures.count == 1)
        func refusal(_ actor: Actor, _ kind: IntakeRecordKind, _ day: CivilDate? = nil) async throws -> Refusal? {
            try await region.refusal(actor) {
                _ = try NoteIntake.record(kind, on: day, text: "Words", of: id, by: $0, in: $1)
            }
        }
        #expect(try await refusal(candidate, .conversation) == .forbidden)
        #expect(try await refusal(region.referrer, .personalPlan) == .forbidden)
        #expect(
            try await refusal(region.intaker, .conversation, region.today.adding(days: 1))
                == .invalid("/happenedOn", "range"))
        #expect(
            try await region.refusal(region.referrer) { _ = try NoteIntake.records(id, by: $0, in: $1.reading) }
                == .forbidden)
        #expect(
            try await region.refusal(region.supporter) { _ = try NoteIntake.records(id, by: $0, in: $1.reading) }
                == .notFound)
        try await region.move(id, .withdraw(reason: "?"))
        #expect(try await refusal(region.intaker, .conversation) == .conflict(.other))
    }

    @Test func measuredOverTime() async throws {
        let id = try await region.waiting()
        try await region.support(id)
        let asked = [AskedDomain(domain: .finances, level: 2, necessity: "Which rent fits")]
        try await region.run(region.intaker) {
            _ = try NoteIntake.measure(.start, on: nil, mix: [.housing: false], domains: asked, of: id, by: $0, in: $1)
        }
        region.wait(days: 90)
        let later = [AskedDomain(domain: .finances, level: 4, necessity: "Progress")]
        try await region.run(region.supporter) {
            _ = try NoteIntake.measure(
                .moveIn, on: nil, mix: [.housing: true, .income: true], domains: later, of: id, by: $0, in: $1)
        }
        let seen = try region.look(region.supporter) { try NoteIntake.measurements(id, by: $0, in: $1) }.value
        #expect(seen.map(\.moment) == [.start, .moveIn] && seen.map { $0.state(of: .housing) } == [.absent, .present])
        #expect(seen[1].change(of: .finances, since: seen[0]) == 2)
        #expect(seen[1].answer(about: .justice) == .notAsked && seen[0].state(of: .income) == .notAsked)
        #expect(
            try await region.refusal(region.otherSupporter) {
                _ = try NoteIntake.measurements(id, by: $0, in: $1.reading)
            } == .notFound)
    }

    /// Somebody of the network may go when they like; nobody learns any more who it was.
    @Test func theNetworkHasItsOwnConsents() async throws {
        let id = try await region.open()
        let candidate = try await region.candidate(of: id)
        let draft = NetworkPerson(
            id: NetworkPersonID(high: 0, low: 0), name: "Ria", relation: .family, phone: "0612345678",
            helpsWith: "Moving", consentGivenOn: region.today, recordedAt: region.machine.now, recordedBy: .intaker)
        let added = try await region.trail(candidate, about: id) { try NoteIntake.add(draft, to: id, by: $0, in: $1) }
        #expect(added.events == ["network_person"] && added.value.recordedBy == .candidate)
        let person = added.value.id
        let gone = try await region.trail(region.intaker, about: id) {
            try NoteIntake.withdraw(person, of: id, by: $0, in: $1)
        }
        #expect(gone.events == ["network_withdrawn"] && gone.value.withdrawnAt == region.machine.now)
        #expect(gone.value.name == nil && gone.value.phone == nil && gone.value.helpsWith == nil)
        #expect(
            try await region.refusal(region.intaker) { _ = try NoteIntake.withdraw(person, of: id, by: $0, in: $1) }
                == .conflict(.other))
        let other = try await region.open()
        #expect(
            try await region.refusal(region.intaker) { _ = try NoteIntake.withdraw(person, of: other, by: $0, in: $1) }
                == .notFound)
        var early = draft
        early.consentGivenOn = region.today.adding(days: 1)
        let future = early
        #expect(
            try await region.refusal(candidate) { _ = try NoteIntake.add(future, to: id, by: $0, in: $1) }
                == .invalid("/consentGivenOn", "range"))
    }

    @Test func zonesAreReadByTheDay() async throws {
        let id = try await region.open()
        let almelo = try #require(Municipality(code: "GM0141"))
        let draft = ExclusionZone(
            id: ExclusionZoneID(high: 0, low: 0), municipality: almelo, neighbourhood: nil, ground: .contactBan,
            until: region.today.adding(days: 10), writtenAt: region.machine.now, writtenBy: .intaker)
        let zone = try await region.run(region.intaker) { try NoteIntake.add(draft, to: id, by: $0, in: $1) }
        func inForce(after days: Int) throws -> [ExclusionZoneID] {
            let day = region.today.adding(days: days)
            return try region.database.read(lane: 0) { try NetworkStore($0.db).zones(of: id, inForceOn: day).map(\.id) }
        }
        #expect(try inForce(after: 10) == [zone.id] && inForce(after: 11) == [])
        let ended = try await region.run(region.intaker) { try NoteIntake.end(zone.id, of: id, by: $0, in: $1) }
        #expect(ended.endedAt == region.machine.now)
        #expect(try inForce(after: 0) == [])
        #expect(
            try await region.refusal(region.intaker) { _ = try NoteIntake.end(zone.id, of: id, by: $0, in: $1) }
                == .conflict(.other))
        let old = {
            var zone = draft
            zone.until = region.today.adding(days: -1)
            return zone
        }()
        #expect(
            try await region.refusal(region.intaker) { _ = try NoteIntake.add(old, to: id, by: $0, in: $1) }
                == .invalid("/until", "range"))
        // A referrer sees what it wrote itself, and this it did not.
        #expect(
            try await region.refusal(region.referrer) { _ = try NoteIntake.zones(id, by: $0, in: $1.reading) }
                == .forbidden)
    }

    /// A home in a place to avoid is nobody's to set aside, and one in the next street is no such place; nor after the zone has
    /// ended.
    @Test func aZoneStandsInTheWayOfAMatch() async throws {
        let id = try await region.waiting()
        let here = try #require(Municipality(code: "GM0153"))
        func limits() async throws -> [String] {
            let dwelling = try await region.offerDwelling()
            do {
                let match = try await region.propose(id, dwelling, offering: false)
                return try #require(try region.match(match).workings).failingLimits
            } catch UseCaseFault.conflict(.other, _, _) {
                let found = try region.look(region.coordinator) { try Explain.person(id, by: $0, in: $1) }.value
                return try #require(found.homes.first { $0.home.id == dwelling }).limits
            }
        }
        func add(_ municipality: Municipality, _ neighbourhood: String?) async throws -> ExclusionZoneID {
            let zone = ExclusionZone(
                id: ExclusionZoneID(high: 0, low: 0), municipality: municipality, neighbourhood: neighbourhood,
                ground: .contactBan, until: nil, writtenAt: region.machine.now, writtenBy: .intaker)
            return try await region.run(region.intaker) { try NoteIntake.add(zone, to: id, by: $0, in: $1) }.id
        }
        _ = try await add(here, "Zuid")
        #expect(try await limits() == [])
        let centre = try await add(here, "CENTRUM")
        #expect(try await limits() == ["exclusion"])
        try await region.run(region.intaker) { _ = try NoteIntake.end(centre, of: id, by: $0, in: $1) }
        #expect(try await limits() == [])
        _ = try await add(here, nil)
        #expect(try await limits() == ["exclusion"])
    }

    @Test func urgentNeedsAreForToday() async throws {
        var draft = try Sample.draft()
        draft.screening.homelessTonight = true
        let id = try await region.open(draft)
        let tasks = try region.database.read(lane: 0) { try TaskStore($0.db).open(about: id) }
        #expect(tasks.map(\.kind) == [.urgentNeed] && tasks.map(\.dueOn) == [region.today])
        #expect(tasks.map(\.role) == [.intaker])
        let calm = try await region.open()
        var filter = ReferralFilter()
        filter.order = .dueOn
        let (board, today) = (filter, region.today)
        let listed = try region.look(region.coordinator) {
            try Look.referrals(board, page: PageRequest(limit: 10), by: $0, in: $1)
        }.value.items
        #expect(listed.map(\.standing.id) == [id, calm] && listed.first?.clock?.dueOn == today.adding(days: 1))
        let view = try region.look(region.intaker) { try Look.referral(id, by: $0, in: $1) }.value
        #expect(view.care?.screening.isUrgent == true && view.care?.advice == [.shelterFirst])
    }

    @Test func adviceIsToldAndSaysSo() async throws {
        var draft = try Sample.draft()
        draft.screening.homelessTonight = true
        let id = try await region.open(draft)
        let lines = try region.look(region.referrer) { try GiveAdvice.list(id, by: $0, in: $1) }.value
        #expect(lines.map(\.contact.advice) == [.shelterFirst] && lines[0].source == .screening)
        #expect(lines[0].regionVersion == 0 && lines[0].criteriaVersion == 1 && !lines[0].contact.why.isEmpty)
        let told = try await region.trail(region.intaker, about: id) {
            try GiveAdvice.tell(.shelterFirst, note: "By phone", of: id, by: $0, in: $1)
        }
        #expect(told.events == ["advice_told"] && told.value.told.map(\.by) == [.intaker])
        #expect(told.value.told.map(\.at) == [region.machine.now])
        #expect(
            try await region.refusal(region.intaker) {
                _ = try GiveAdvice.tell(.youthCare, note: nil, of: id, by: $0, in: $1)
            } == .invalid("/advice", "unknown"))
        try await region.report(id)
        try await region.move(id, .reject(advice: [.neighbourhoodTeam], grounds: "Manages"))
        let candidate = try await region.candidate(of: id)
        let both = try region.look(candidate) { try GiveAdvice.list(id, by: $0, in: $1) }.value
        #expect(both.map(\.contact.advice) == [.shelterFirst, .neighbourhoodTeam])
        #expect(both.map(\.source) == [.screening, .decision] && both[1].told.isEmpty)
        let theirs = try region.look(region.referrer) { try GiveAdvice.list(id, by: $0, in: $1) }.value
        #expect(theirs.map(\.contact.advice) == [.shelterFirst], "a decision is not the referrer's to see")
    }

    @Test func somebodyDoesTheIntake() async throws {
        let id = try await region.open()
        _ = try await region.open()
        let token = region.intaker.token
        let trail = try await region.trail(region.coordinator, about: id) {
            try AssignReferral.run(id, to: token, note: "Knows the family", by: $0, in: $1)
        }
        #expect(trail.events == ["assigned"] && trail.value.assignee?.token == token && trail.versions == 1)
        var filter = ReferralFilter()
        filter.assignee = token
        let mine = filter
        func list(_ actor: Actor) throws -> [ReferralID] {
            try region.look(actor) { try Look.referrals(mine, page: PageRequest(limit: 10), by: $0, in: $1) }.value
                .items
                .map(\.standing.id)
        }
        #expect(try list(region.intaker) == [id])
        #expect(throws: UseCaseFault.self) { try list(region.referrer) }
        for token in [region.referrer.token, TokenID(high: 7, low: 7)] {
            #expect(
                try await region.refusal(region.coordinator) {
                    _ = try AssignReferral.run(id, to: token, note: nil, by: $0, in: $1)
                } == .invalid("/token", "unknown"))
        }
        let seen = try region.look(region.referrer) { try Look.referral(id, by: $0, in: $1) }.value
        #expect(seen.assignee == nil)
        let events = try region.look(try await region.candidate(of: id)) {
            try Look.events(id, page: PageRequest(limit: 50), by: $0, in: $1)
        }.value.items
        #expect(!events.contains { $0.kind == "assigned" })
    }

    @Test func anObjectionWithinItsTerm() async throws {
        let id = try await region.open()
        let candidate = try await region.candidate(of: id)
        func lodge() async throws -> Refusal? {
            try await region.refusal(candidate) { _ = try Object.lodge("Not heard", about: id, by: $0, in: $1) }
        }
        #expect(try await lodge() == .conflict(.other), "nothing was refused")
        try await region.report(id)
        try await region.move(id, .reject(advice: [.neighbourhoodTeam], grounds: "Manages"))
        let trail = try await region.trail(candidate, about: id) {
            try Object.lodge("Not heard", about: id, by: $0, in: $1)
        }
        let objection = trail.value
        #expect(trail.events == ["objection"] && objection.outcome == nil && objection.lodgedBy == .candidate)
        let clocks = try region.look(candidate) { try Look.clocks(id, by: $0, in: $1) }.value.clocks
        #expect(clocks.last { $0.kind == .objection }?.outcome == .done)
        #expect(try await lodge() == .conflict(.other), "once")
        func decide(_ actor: Actor) async throws -> Refusal? {
            try await region.refusal(actor) {
                _ = try Object.decide(objection.id, of: id, .founded, note: "Heard", by: $0, in: $1)
            }
        }
        #expect(try await decide(region.intaker) == .forbidden)
        let decided = try await region.run(region.coordinator) {
            try Object.decide(objection.id, of: id, .founded, note: "Heard", by: $0, in: $1)
        }
        #expect(decided.outcome == .founded && decided.decidedAt == region.machine.now)
        #expect(try await decide(region.coordinator) == .conflict(.other))
        let tasks = try region.database.read(lane: 0) { try TaskStore($0.db).open(about: id) }
        #expect(tasks.map(\.kind) == [.decideAnew])
        let seen = try region.look(candidate) { try Object.list(id, by: $0, in: $1) }.value
        #expect(seen == [decided])

        let late = try await region.open()
        try await region.report(late)
        try await region.move(late, .reject(advice: [.neighbourhoodTeam], grounds: "Manages"))
        region.wait(days: 43)
        #expect(
            try await region.refusal(region.intaker) { _ = try Object.lodge("Late", about: late, by: $0, in: $1) }
                == .conflict(.other))
    }

    @Test func aRedirectionCarriesTheWishToBeHandedOver() async throws {
        let id = try await region.open()
        try await region.move(
            id, .redirect(advice: [.otherRegion], reason: "Children there", handoverTo: "Region of Arnhem"))
        let view = try region.look(region.intaker) { try Look.referral(id, by: $0, in: $1) }.value
        #expect(view.decision?.handoverTo == "Region of Arnhem" && view.decision?.kind == .redirect)
    }

    /// The answer is to the version that was read: a report that was written anew meanwhile is not agreed with unread.
    @Test func anAnswerIsToTheReportThatWasRead() async throws {
        let id = try await region.open()
        let candidate = try await region.candidate(of: id)
        try await region.move(id, .startIntake)
        for _ in 0..<2 {
            try await region.run(region.intaker) {
                _ = try Converse.write(report: Sample.report, of: id, by: $0, in: $1)
            }
        }
        #expect(
            try await region.refusal(candidate) {
                _ = try Converse.respond(agrees: true, remarks: nil, of: id, if: .versions([1]), by: $0, in: $1)
            } == .preconditionFailed)
        let answered = try await region.run(candidate) {
            try Converse.respond(agrees: true, remarks: nil, of: id, if: .versions([2]), by: $0, in: $1)
        }
        #expect(answered.number == 2 && answered.response?.agrees == true)
    }

    /// Two people who differ in nothing but risks, levels, scores and words about their health: the queue, what may be done
    /// with them, the decision and the match are the same. The proposal of support alone differs, upwards.
    @Test func noRiskScoreOrDomainChangesOrderOrAdmission() async throws {
        func person(_ isHeavy: Bool) async throws -> ReferralID {
            var draft = try Sample.draft(familyName: isHeavy ? "Zwaar" : "Licht")
            draft.health = isHeavy ? "Psychosis, addiction" : nil
            let id = try await region.open(draft)
            try await region.move(id, .startIntake)
            var report = Sample.report
            report.risks = isHeavy ? RiskFactor.allCases : []
            report.conditions = ConditionOfExistence.allCases.map {
                ConditionLevel(condition: $0, level: isHeavy ? 1 : 5, note: "")
            }
            let written = report
            try await region.run(region.intaker) { _ = try Converse.write(report: written, of: id, by: $0, in: $1) }
            let domains = LifeDomain.allCases.map {
                AskedDomain(domain: $0, level: isHeavy ? 1 : 5, necessity: "For this test")
            }
            let mix = Dictionary(uniqueKeysWithValues: MixPart.allCases.map { ($0, !isHeavy) })
            try await region.run(region.intaker) {
                _ = try NoteIntake.measure(.start, on: nil, mix: mix, domains: domains, of: id, by: $0, in: $1)
                _ = try NoteIntake.write(risks: isHeavy ? RiskFactor.allCases : [], note: nil, of: id, by: $0, in: $1)
            }
            try await region.move(id, .completeReport)
            try await region.run(region.intaker) {
                _ = try Converse.respond(agrees: true, remarks: nil, of: id, by: $0, in: $1)
            }
            return id
        }
        // The heavier one first, then the lighter one first: each time who came first is first.
        for heavyFirst in [true, false] {
            let people = [try await person(heavyFirst), try await person(!heavyFirst)]
            let moves = try people.map { id in
                try region.look(region.coordinator) { try Look.transitions(id, by: $0, in: $1) }.value.moves
            }
            #expect(moves[0] == moves[1] && moves[0].contains(.admit))
            for id in people {
                region.wait(seconds: 60)
                try await region.move(id, Region.admission)
            }
            let decisions = try people.map { id in
                try region.look(region.coordinator) { try Look.referral(id, by: $0, in: $1) }.value.decision
            }
            #expect(decisions[0]?.urgency == decisions[1]?.urgency && decisions[0]?.form == decisions[1]?.form)
            var filter = ReferralFilter()
            filter.order = .queue
            let queue = filter
            let order = try region.look(region.coordinator) {
                try Look.referrals(queue, page: PageRequest(limit: 10), by: $0, in: $1)
            }.value.items.map(\.standing.id)
            #expect(order.filter(people.contains) == people)
            // Both are let into the same kind of home, with the same limits held against them.
            let matches = [
                try await region.propose(people[0], try await region.offerDwelling()),
                try await region.propose(people[1], try await region.offerDwelling()),
            ]
            let workings = try matches.map { try region.match($0).workings }
            #expect(workings[0] == workings[1])
            let hours = try people.map { id in
                try region.look(region.intaker) { try NoteIntake.risks(id, by: $0, in: $1) }.value.proposal?
                    .hoursPerWeek
            }
            let (heavy, light) = heavyFirst ? (hours[0], hours[1]) : (hours[1], hours[0])
            #expect(try #require(heavy) == #require(light) + RiskFactor.allCases.count)
        }
    }
}
