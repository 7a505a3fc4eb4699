// The main job from the first call to the key, over both transports: what each step answers, and what each party sees
// on the way. The same body runs in process and over a live socket.

import TestKit
import Testing

@Suite struct JourneyTests {
    /// What every step of the journey answers, with the state of the referral after it.
    private static let steps: [(stage: Journey.Stage, status: Int, state: String)] = [
        (.posted, 201, "submitted"), (.inIntake, 200, "intake"), (.reportWritten, 201, "intake"),
        (.agreed, 201, "intake"), (.reported, 200, "reported"), (.waiting, 200, "waiting"),
        (.dwellingOffered, 201, "waiting"), (.proposed, 201, "waiting"), (.offered, 201, "matched"),
        (.landlordAccepted, 201, "matched"), (.bothAccepted, 201, "accepted"), (.supportAsked, 201, "accepted"),
        (.supported, 201, "accepted"), (.housed, 201, "housed"),
    ]

    @Test(arguments: Bench.Transport.allCases)
    func everyStepOfTheMainJobSucceeds(transport: Bench.Transport) async throws {
        let bench = try await Bench(transport)
        var journey = Journey(on: bench)
        #expect(Self.steps.map(\.stage) == Journey.Stage.allCases)
        var version: Int64 = 0
        for step in Self.steps {
            let reply = try await journey.take(step.stage)
            #expect(reply.status == step.status, "\(step.stage): \(reply.text)")
            #expect(reply["Content-Type"] == "application/json")
            #expect(reply["ETag"]?.hasPrefix("\"") == true, "\(step.stage)")
            let seen = try await bench.client.get(journey.path, as: .intaker)
            #expect(seen.json["/status"]?.text == step.state, "\(step.stage)")
            let next = seen.json["/version"]?.number ?? 0
            #expect(next >= version)
            version = next
            if let place = reply["Location"] {
                let found = try await bench.client.get(place, as: .coordinator)
                #expect(found.status == 200, "\(step.stage): \(place)")
            } else {
                #expect(step.status == 200, "\(step.stage): a new resource says where it is")
            }
        }
        #expect(try bench.scratch.firstBrokenLedgerEntry() == nil)
        #expect(bench.log.failures == [])
        let kinds = try await events(of: journey, bench, as: .intaker).map { $0["/kind"]?.text ?? "" }
        #expect(
            kinds == [
                "submit", "start_intake", "report", "report_response", "complete_report", "admit", "match_proposed",
                "offer", "landlord_accepted", "candidate_accepted", "accept", "support_asked", "support_accepted",
                "move_in",
            ])
    }

    private func events(of journey: Journey, _ bench: Bench, as speaker: Speaker) async throws -> [JSONTree] {
        try await bench.client.get(journey.path + "/events?limit=100", as: speaker).json["/items"]?.elements ?? []
    }

    @Test(arguments: Bench.Transport.allCases)
    func aReferralIsAnsweredWithItsPlaceVersionAndTheReferrersView(transport: Bench.Transport) async throws {
        let bench = try await Bench(transport)
        var journey = Journey(on: bench)
        let reply = try await journey.take(.posted)
        #expect(reply["Location"] == journey.path)
        #expect(reply.json["/candidateNumber"] == "K-000001")
        #expect(reply.json["/version"] == 1)
        #expect(reply.json["/receivedAt"] == "2026-11-23T09:00:00.000Z")
        let read = try await bench.client.get(journey.path, as: .referrer)
        #expect(read.body == reply.body)
        #expect(read["ETag"] == reply["ETag"])
        #expect(reply.json["/person/phone"] == .text(Canary.phone))
        #expect(reply.json["/person/bsn"] == nil)
        #expect(reply.json["/decision"] == nil)
    }

    @Test(arguments: Bench.Transport.allCases)
    func theLandlordLearnsWhoStepByStep(transport: Bench.Transport) async throws {
        let bench = try await Bench(transport)
        var journey = try await Journey.reaching(.proposed, on: bench)
        let client = bench.client
        let path = "/v1/matches/\(journey.match)"

        #expect(try await client.get(path, as: .allocator).status == 404, "a proposal is the intake point's draft")
        #expect(try await client.get("/v1/matches", as: .allocator).json["/items"]?.elements == [])

        try await journey.advance(to: .offered)
        let offered = try await client.get("/v1/matches?status=offered", as: .allocator).json["/items/0"]
        #expect(offered?["/candidate/household/children"] == 1)
        #expect(offered?["/candidate/wantedForms"] == ["independent_ambulatory", "clustered"])
        #expect(offered?["/dwelling/address/street"] == "Lindenstraat")
        #expect(offered?["/answerDueOn"] == "2026-11-30")
        #expect(offered?["/candidate/givenName"] == nil)
        #expect(offered?["/candidate/birthDate"] == nil)
        #expect(offered?["/candidate/phone"] == nil)
        #expect(offered?["/candidate/referral"] == nil)
        #expect(offered?["/reason"] == nil)

        #expect(try await journey.respond(as: journey.candidate).status == 201)
        let named = try await client.get(path, as: .allocator).json
        #expect(named["/candidate/givenName"] == .text(Canary.givenName))
        #expect(named["/candidate/birthDate"] == .text(Canary.birthDate))
        #expect(named["/candidate/phone"] == nil)

        #expect(try await journey.respond(as: .allocator).status == 201)
        let reachable = try await client.get(path, as: .allocator).json
        #expect(reachable["/status"] == "accepted")
        #expect(reachable["/candidate/phone"] == .text(Canary.phone))
        #expect(reachable["/candidate/email"] == .text(Canary.email))
    }

    @Test func theCandidateLearnsTheAddressWhenBothHaveAccepted() async throws {
        let bench = try await Bench()
        var journey = try await Journey.reaching(.landlordAccepted, on: bench)
        let path = "/v1/matches/\(journey.match)"
        #expect(try await bench.client.get(path, as: journey.candidate).json["/dwelling/address"] == nil)
        try await journey.advance(to: .bothAccepted)
        let street = try await bench.client.get(path, as: journey.candidate).json["/dwelling/address/street"]
        #expect(street == "Lindenstraat")
    }

    @Test func aProviderLearnsWhoWhenItHasSaidYes() async throws {
        let bench = try await Bench()
        var journey = try await Journey.reaching(.supportAsked, on: bench)
        let path = "/v1/support-requests/\(journey.supportRequest)"
        let asked = try await bench.client.get(path, as: .supporter)
        #expect(asked.status == 200)
        #expect(asked.json["/referral"] == nil)
        #expect(try await bench.client.get(journey.path, as: .supporter).status == 404)
        try await journey.advance(to: .supported)
        #expect(try await bench.client.get(path, as: .supporter).json["/referral"] == .text(journey.referral))
        let seen = try await bench.client.get(journey.path, as: .supporter).json
        #expect(seen["/person/bsn"] == .text(Canary.bsn))
        #expect(seen["/health"] == .text(Canary.health))
        let support = try await bench.client.get(journey.path, as: .referrer).json["/support/contact/name"]
        #expect(support == "Noor Smit")
    }

    @Test func theCandidateSeesTheLastDigitsOfTheNumberAndTheDecision() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.waiting, on: bench)
        let seen = try await bench.client.get(journey.path, as: journey.candidate).json
        #expect(seen["/person/bsn"] == nil)
        #expect(seen["/person/bsnLastDigits"] == "019")
        #expect(seen["/decision/urgencyGround"] == .text(Canary.urgencyGround))
        #expect(seen["/promiseDueOn"] == "2027-05-24")
    }

    @Test func aDeclineGivesTheDwellingBackAndKeepsThePlaceInTheQueue() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.offered, on: bench)
        let since = try await bench.client.get(journey.path, as: .intaker).json["/waitingSince"]
        bench.clock.advance(days: 3)
        let answer: JSONTree = ["answer": "decline", "reason": "wants_to_wait", "note": "Later, please."]
        let reply = try await journey.respond(as: journey.candidate, answer)
        #expect(reply.status == 201)
        #expect(reply.json["/declinedBy"] == "candidate")
        #expect(reply.json["/declineNote"] == "Later, please.")
        let seen = try await bench.client.get(journey.path, as: .intaker).json
        #expect(seen["/status"] == "waiting")
        #expect(seen["/waitingSince"] == since)
        let dwelling = try await bench.client.get("/v1/dwellings/\(journey.dwelling)", as: .allocator)
        #expect(dwelling.json["/status"] == "free")
        let landlords = try await bench.client.get("/v1/matches/\(journey.match)", as: .allocator).json
        #expect(landlords["/declineReason"] == "wants_to_wait")
        #expect(landlords["/declineNote"] == nil)
        #expect(landlords["/candidate"] == [:])
    }
}
