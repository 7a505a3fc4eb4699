// An answer given again shows no more than its reader may see at that moment: a key is no way round a consent withdrawn, a
// match that ended, or support that was taken back.

import Domain
import HTTPWire
import TestKit
import Testing

@testable import API

@Suite struct ReplayTests {
    private let key = [("Idempotency-Key", "once")]

    /// What the landlord was told when both had accepted is not told again once the match has ended.
    @Test func aLandlordIsNotToldANameAgainAfterTheEnd() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.offered, on: bench)
        #expect(try await journey.respond(as: journey.candidate).status == 201)
        let path = "/v1/matches/\(journey.match)/responses"
        let accept: JSONTree = ["answer": "accept"]
        let first = try await bench.client.post(path, as: .allocator, accept, fields: key)
        #expect(first.text.contains(Canary.familyName) && first.text.contains(Canary.phone))
        let again = try await bench.client.post(path, as: .allocator, accept, fields: key)
        #expect(again.body == first.body && again["Idempotency-Replayed"] == "true")

        let decline: JSONTree = ["answer": "decline", "reason": "wants_to_wait"]
        #expect(try await journey.respond(as: journey.candidate, decline).status == 201)
        let before = try bench.scratch.rowCounts()
        let late = try await bench.client.post(path, as: .allocator, accept, fields: key)
        #expect(late.status == 409)
        #expect(late.problem == "answer-withheld")
        #expect(late.json["/existing"]?.text == "/v1/matches/\(journey.match)")
        #expect(!late.text.contains(Canary.familyName) && !late.text.contains(Canary.phone))
        #expect(try bench.scratch.rowCounts() == before, "nothing was disclosed, nothing is written")
        // The answer that the way points to is what may be seen.
        let now = try await bench.client.get(late["Location"] ?? "", as: .allocator)
        #expect(now.status == 200 && !now.text.contains(Canary.familyName))
    }

    /// The withdrawal of a consent ends the match, and with it every earlier answer about the person.
    @Test func aConsentWithdrawnHoldsForAnswersGivenBefore() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.offered, on: bench)
        #expect(try await journey.respond(as: journey.candidate).status == 201)
        let path = "/v1/matches/\(journey.match)/responses"
        let first = try await bench.client.post(path, as: .allocator, ["answer": "accept"], fields: key)
        #expect(first.text.contains(Canary.familyName))
        let consents = try await bench.client.get(journey.path + "/consents", as: journey.candidate).json["/items"]
        let sharing = try #require(consents?.elements.first { $0["/purpose"] == "share_with_landlord" }?["/id"]?.text)
        let withdrawn = try await bench.client.post(
            journey.path + "/consents/\(sharing)/withdrawals", as: journey.candidate, [:])
        #expect(withdrawn.status == 201)
        let late = try await bench.client.post(path, as: .allocator, ["answer": "accept"], fields: key)
        #expect(late.problem == "answer-withheld")
        #expect(!late.text.contains(Canary.familyName))
    }

    /// A provider whose support has ended knows the person no more, by a key either.
    @Test func whatIsOutOfSightIsNotFound() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.supportAsked, on: bench)
        let answer = "/v1/support-requests/\(journey.supportRequest)/responses"
        let first = try await bench.client.post(answer, as: .supporter, Drafts.supportAccepted, fields: key)
        #expect(first.status == 201 && first.text.contains(journey.referral))
        let close: JSONTree = ["move": "lose_home", "reason": "Gone."]
        let moves = journey.path + "/transitions"
        let move = try await bench.client.post(
            moves, as: .supporter, close, fields: [("Idempotency-Key", "move"), ("If-Match", "*")])
        #expect(move.status == 409, "nothing to lose yet; a refusal uses no key up")
        let candidates = [("Idempotency-Key", "mine")]
        let wishes: JSONTree = ["wishes": [["form": "shared"]]]
        let posted = try await bench.client.post(
            journey.path + "/wishes", as: .referrer, wishes, fields: candidates)
        #expect(posted.status == 201)
        #expect(
            try await bench.client.move(journey.referral, as: .intaker, ["move": "withdraw", "reason": "No."]).status
                == 200)
        // The request for support is the provider's own still, but names nobody; the referral is out of its sight.
        let late = try await bench.client.post(answer, as: .supporter, Drafts.supportAccepted, fields: key)
        #expect(late.problem == "answer-withheld")
        #expect(!late.text.contains(journey.referral))
        // Who may see it all still is given the first answer, though the referral has ended.
        let kept = try await bench.client.post(
            journey.path + "/wishes", as: .referrer, wishes, fields: candidates)
        #expect(kept.status == 201 && kept.body == posted.body)
    }

    /// Who has lost nothing gets every answer again, and the ledger has just the groups that it shows.
    @Test func everyPostKeepsWhatItShows() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.housed, on: bench)
        let posts: [(Speaker, String, JSONTree)] = [
            (.referrer, "/v1/referrals", Drafts.plainReferral),
            (journey.candidate, journey.path + "/wishes", ["wishes": [["form": "shared"]]]),
            (journey.candidate, journey.path + "/consents", ["purpose": "network"]),
            (.allocator, "/v1/dwellings", Drafts.dwelling.removing("/externalReference")),
            (.supporter, journey.path + "/transitions", ["move": "lose_home", "reason": "Gone."]),
        ]
        for (speaker, path, body) in posts {
            let fields = [("Idempotency-Key", path), ("If-Match", "*")]
            let first = try await bench.client.post(path, as: speaker, body, fields: fields)
            #expect((200...201).contains(first.status), "\(path) \(first.text)")
            let written = try bench.scratch.rowCounts()["ledger"] ?? 0
            let again = try await bench.client.post(path, as: speaker, body, fields: fields)
            #expect(again.body == first.body && again["Idempotency-Replayed"] == "true", "\(path)")
            let entries = try bench.scratch.ledger(after: written)
            let isPersonal = path != "/v1/dwellings"
            #expect(entries.map(\.action) == (isPersonal ? ["read_again"] : []), "\(path)")
            if path.hasSuffix("/wishes") { #expect(entries.map(\.groups) == ["wishes"], "just what it shows") }
        }
    }

    /// An answer kept by a version that did not say what it shows is given to nobody when it was about somebody.
    @Test func anAnswerOfUnknownContentStaysIn() async throws {
        let bench = try await Bench()
        let first = try await bench.client.post("/v1/referrals", as: .referrer, Drafts.referral, fields: key)
        #expect(first.status == 201)
        try await bench.scratch.forgetWhatAnswersShow()
        let late = try await bench.client.post("/v1/referrals", as: .referrer, Drafts.referral, fields: key)
        #expect(late.problem == "answer-withheld")
        #expect(!late.text.contains(Canary.familyName))
    }
}
