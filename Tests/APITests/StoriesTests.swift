// Eight people, eight stories: one for each route by which somebody comes to the intake point, told over the API as the parties
// would live it. To be read as prose; what is asserted is what matters to the person.

import Domain
import TestKit
import Testing

@Suite struct StoriesTests {
    /// Nadia rents a home and falls behind. Her landlord may warn only after it has done what the law asks; the intake point
    /// finds that she was in shelter before, opens with the two questions, and the home is kept.
    @Test func preventionKeepsNadiasHome() async throws {
        let bench = try await Bench()
        var before = Story(of: "Nadia", "Vermeer", by: "shelter_exit", on: bench)
        try await before.comes(to: .posted)
        try await before.moves(.intaker, ["move": "withdraw", "reason": "Found a room herself."])

        var nadia = Story(of: "Nadia", "Vermeer", by: "prevention", on: bench)
        var warning = Drafts.strangerSignal.setting("/kind", "arrears").setting("/person/givenName", "Nadia")
            .setting("/person/familyName", "Vermeer").setting("/person/birthDate", "1984-05-09")
        let tooSoon = try await nadia.isRefused(.allocator, "/v1/signals", warning)
        #expect(tooSoon.status == 400)
        #expect(tooSoon.faults == [String](repeating: "/arrears required", count: 4), "each condition is named")
        warning = warning.setting(
            "/arrears",
            ["writtenReminder": true, "personalContactTried": true, "pointedToDebtHelp": true, "noObjection": true])
        let signal = try await nadia.does(.allocator, "/v1/signals", warning)["/id"]?.text ?? ""

        let task = try #require(try await nadia.tasks(.intaker, .followUpSignal).first)
        #expect(task["/dueOn"] == "2026-11-25" && task["/referral"] == nil)
        let seen = try await nadia.reads(.intaker, "/v1/signals/\(signal)")
        #expect(seen["/possibleReferrals/0/id"] == .text(before.journey.referral))
        #expect(try await nadia.reads(.allocator, "/v1/signals/\(signal)")["/possibleReferrals"] == nil)
        try await nadia.does(.intaker, "/v1/signals/\(signal)/responses", ["outcome": "not_reached"])
        bench.clock.advance(days: 1)

        // She calls back, and answers the two questions before anything is written down.
        nadia.journey.poster = .intaker
        try await nadia.comes(to: .posted)
        try await nadia.does(
            .intaker, "/v1/signals/\(signal)/responses",
            ["outcome": "linked", "referral": .text(nadia.journey.referral)])
        let known = try await nadia.reads(.intaker, "/v1/signals/\(signal)")
        #expect(known["/person"] == nil && known["/referral"] == .text(nadia.journey.referral))
        try await nadia.comes(to: .reported)
        try await nadia.moves(
            .coordinator,
            ["move": "redirect", "advice": ["neighbourhood_team"], "reason": "A debt plan; the home is kept."])
        try await nadia.does(
            .intaker, "/v1/signals/\(signal)/responses", ["outcome": "helped", "note": "Plan agreed."])
        #expect(try await nadia.status() == "redirected")
        #expect(try await nadia.tasks(.intaker, .followUpSignal).isEmpty)
        #expect(try await nadia.reads(.allocator, "/v1/signals/\(signal)")["/referral"] == nil)
    }

    /// Bram has no bed tonight: shelter first, and the referral goes on all the same.
    @Test func shelterComesFirstForBram() async throws {
        var bram = Story(of: "Bram", "de Wit", by: "shelter_intake", on: try await Bench())
        bram.journey.draft = bram.journey.draft.setting("/screening/homelessTonight", true)
        try await bram.comes(to: .posted)
        let seen = try await bram.reads(.intaker, bram.journey.path)
        #expect(seen["/screening/advice"] == ["shelter_first"] && seen["/status"] == "submitted")
        #expect(try await bram.clocks()["completeness"] == "intake_point running")
        try await bram.comes(to: .waiting)
        #expect(try await bram.reads(bram.journey.candidate, bram.journey.path)["/promiseDueOn"] == "2027-05-24")
    }

    /// Sanne leaves the shelter. The first landlord says no with a reason from the list; she keeps her place, and the second
    /// home is hers, with support that starts no later than the key.
    @Test func sanneKeepsHerPlaceInTheQueue() async throws {
        var sanne = Story(of: "Sanne", "Mulder", by: "shelter_exit", on: try await Bench())
        try await sanne.comes(to: .offered)
        let since = try await sanne.reads(.intaker, sanne.journey.path)["/waitingSince"]
        try await sanne.does(
            .allocator, "/v1/matches/\(sanne.journey.match)/responses",
            ["answer": "decline", "reason": "dwelling_unavailable"])
        #expect(try await sanne.status() == "waiting")
        #expect(try await sanne.reads(.intaker, sanne.journey.path)["/waitingSince"] == since)

        let home = try await sanne.does(.other(.allocator), "/v1/dwellings", sanne.journey.dwellingDraft)["/id"]
        let match = try await sanne.does(
            .coordinator, "/v1/matches",
            ["referral": .text(sanne.journey.referral), "dwelling": home ?? "", "reason": "Next in the queue."])
        let path = "/v1/matches/\(match["/id"]?.text ?? "")/responses"
        try await sanne.does(.other(.allocator), path, ["answer": "accept"])
        try await sanne.does(sanne.journey.candidate, path, ["answer": "accept"])
        let tenancy: JSONTree = ["match": match["/id"] ?? "", "startsOn": "2026-12-01"]
        #expect(try await sanne.isRefused(.other(.allocator), "/v1/tenancies", tenancy).problem == "support-missing")
        let asked = try await sanne.does(
            .coordinator, sanne.journey.path + "/support-requests",
            ["provider": .text(sanne.bench.region.organisation(of: .supporter)), "hoursPerWeek": 4])
        try await sanne.does(
            .supporter, "/v1/support-requests/\(asked["/id"]?.text ?? "")/responses", Drafts.supportAccepted)
        try await sanne.does(.other(.allocator), "/v1/tenancies", tenancy)
        #expect(try await sanne.status() == "housed")
    }

    /// Karim needs somebody near day and night. He is not sent away: long-term care takes him on, and until it says yes he is
    /// the intake point's.
    @Test func karimIsHandedOverNotSentAway() async throws {
        var karim = Story(of: "Karim", "el Amrani", by: "protected_living_intake", on: try await Bench())
        karim.journey.draft = karim.journey.draft.setting("/screening/lasting24hSupervision", true)
            .setting("/health", "Needs somebody near.")
        try await karim.comes(to: .inIntake)
        #expect(try await karim.reads(.intaker, karim.journey.path)["/screening/advice"] == ["long_term_care"])
        let asked = try await karim.does(
            .intaker, "/v1/handovers",
            Drafts.handover.setting("/referral", .text(karim.journey.referral)).setting("/advice", "long_term_care")
                .setting("/to", ["organisation": .text(karim.bench.region.organisation(of: .other(.referrer)))]))
        let handover = "/v1/handovers/\(asked["/id"]?.text ?? "")"
        #expect(try await karim.status() == "intake")
        // Two weeks of silence: the coordinator hears of it.
        try await karim.later(days: 15)
        #expect(try await karim.tasks(.coordinator, .escalation).contains { $0["/role"] == "coordinator" })

        // What they read is what was listed: enough to begin, no BSN, no money. It can be posted as it stands.
        let package = try await karim.reads(.other(.referrer), handover + "/package")
        #expect(package["/health"] == "Needs somebody near." && package["/finances"] == nil)
        #expect(package["/person/phone"] == nil && package["/handedOverFrom/reference"]?.text?.hasPrefix("K-") == true)
        let there = try await Bench()
        let received = try await there.client.post("/v1/referrals", as: .referrer, package)
        #expect(received.status == 201 && received.json["/handedOverFrom"] == package["/handedOverFrom"])
        let reference = received.json["/candidateNumber"] ?? ""
        try await karim.does(.other(.referrer), handover + "/responses", ["answer": "accept", "reference": reference])
        #expect(try await karim.status() == "redirected")
        let told = try await karim.reads(karim.journey.candidate, handover)
        #expect(told["/status"] == "accepted" && told["/reference"] == reference)
        #expect(try await karim.timeline().suffix(2) == ["handover_accepted", "redirect"])
        let looks = try await karim.reads(karim.journey.candidate, karim.journey.path + "/disclosures?limit=100")
        #expect(looks["/items"]?.elements.contains { $0["/action"] == "export_handover" } == true)
    }

    /// Fleur leaves protected living. The first provider has no room, the next one has; her home follows her wish, and when
    /// she slips the landlord hears nothing of it.
    @Test func fleursSupportIsFoundWithoutAStartOver() async throws {
        var fleur = Story(of: "Fleur", "Postma", by: "protected_living_exit", on: try await Bench())
        try await fleur.comes(to: .bothAccepted)
        let requests = fleur.journey.path + "/support-requests"
        let first = try await fleur.does(
            .coordinator, requests,
            ["provider": .text(fleur.bench.region.organisation(of: .other(.supporter))), "hoursPerWeek": 6])
        try await fleur.does(
            .other(.supporter), "/v1/support-requests/\(first["/id"]?.text ?? "")/responses",
            ["answer": "decline", "reason": "no_capacity"])
        fleur.journey.asksWithCandidate = true
        try await fleur.comes(to: .housed)
        #expect(try await fleur.status() == "housed")
        #expect(try await fleur.clocks().isEmpty, "with the key every clock has stopped")

        let slip: JSONTree = ["kind": "relapse", "referral": .text(fleur.journey.referral), "note": "A bad week."]
        let signal = try await fleur.does(.supporter, "/v1/signals", slip)["/id"]?.text ?? ""
        #expect(try await fleur.reads(.allocator, "/v1/signals")["/items"]?.elements.isEmpty == true)
        #expect(try await fleur.tasks(.supporter, .followUpSignal).count == 1)
        #expect(try await fleur.reads(fleur.journey.candidate, "/v1/signals/\(signal)")["/note"] == "A bad week.")
        try await fleur.does(.supporter, "/v1/signals/\(signal)/responses", ["outcome": "helped"])
        try await fleur.moves(.supporter, ["move": "close", "outcome": "settled"])
        #expect(try await fleur.status() == "closed")
    }

    /// Jesse is seventeen and a half: old enough to be registered. Younger, and youth care comes first.
    @Test func jesseMayComeSixMonthsEarly() async throws {
        let bench = try await Bench()
        var young = Story(of: "Timo", "Bos", born: "2010-01-15", by: "youth_care_exit", on: bench)
        try await young.comes(to: .posted)
        #expect(try await young.reads(.intaker, young.journey.path)["/screening/advice"] == ["youth_care"])
        var jesse = Story(of: "Jesse", "Kok", born: "2009-05-20", by: "youth_care_exit", on: bench)
        try await jesse.comes(to: .posted)
        #expect(try await jesse.reads(.intaker, jesse.journey.path)["/screening/advice"] == [])
        try await jesse.comes(to: .waiting)
        #expect(try await jesse.status() == "waiting")
    }

    /// Ruth leaves the clinic and wants to wait until summer. The half-year stands still meanwhile, and somebody asks her when
    /// the day has come.
    @Test func ruthDecidesWhenTheSearchGoesOn() async throws {
        var ruth = Story(of: "Ruth", "Smeets", by: "clinic_exit", on: try await Bench())
        try await ruth.comes(to: .waiting)
        try await ruth.moves(
            ruth.journey.candidate, ["move": "hold", "reason": "First the treatment.", "until": "2027-01-31"])
        #expect(try await ruth.clocks()["promise"]?.hasSuffix("paused") == true)
        try await ruth.later(days: 69)
        #expect(try await ruth.tasks(.intaker, .holdEnded).isEmpty)
        try await ruth.later(days: 1)
        #expect(try await ruth.tasks(.intaker, .holdEnded).count == 1)
        try await ruth.moves(ruth.journey.candidate, ["move": "resume"])
        #expect(try await ruth.reads(.intaker, ruth.journey.path)["/promiseDueOn"] == "2027-08-02")
        let promise = try await ruth.reads(ruth.journey.candidate, ruth.journey.path + "/clocks")["/items"]?.elements
            .first { $0["/kind"] == "promise" }
        #expect(promise?["/pausedDays"] == 70)
    }

    /// Marco comes out of detention. The provider stays silent: it is asked why, answers with a reason and a day, lets that
    /// day pass too, and the coordinator takes it up. Marco can read why it takes longer.
    @Test func nobodyForgetsMarco() async throws {
        var marco = Story(of: "Marco", "Rossi", by: "detention_exit", on: try await Bench())
        try await marco.comes(to: .inIntake)
        try await marco.does(
            .intaker, marco.journey.path + "/support-requests",
            ["provider": .text(marco.bench.region.organisation(of: .supporter)), "hoursPerWeek": 4])
        try await marco.later(days: 8)
        let stalled = try #require(try await marco.tasks(.supporter, .stalledStep).first)
        #expect(stalled["/clock"] == "support_answer")
        let task = "/v1/tasks/\(stalled["/id"]?.text ?? "")"
        try await marco.does(
            .supporter, task + "/answers",
            ["reason": "capacity", "until": "2026-12-08", "note": "A colleague starts then."])
        let clocks = try await marco.reads(marco.journey.candidate, marco.journey.path + "/clocks")["/items"]?.elements
        let delay = clocks?.first { $0["/kind"] == "support_answer" }?["/delay"]
        #expect(delay == ["reason": "capacity", "until": "2026-12-08"])
        #expect(try await marco.tasks(.coordinator, .escalation).isEmpty)
        try await marco.later(days: 8)
        let left = try #require(try await marco.tasks(.coordinator, .escalation).first)
        #expect(left["/about"] == stalled["/id"])
        let history = try await marco.reads(.supporter, task)["/history"]?.elements.compactMap { $0["/deed"]?.text }
        #expect(history == ["made", "answered", "escalated"])
        let board = try await marco.reads(.coordinator, "/v1/referrals?clock=breached")["/items"]?.elements
        #expect(board?.first?["/id"] == .text(marco.journey.referral))
    }
}
