// Who looked, as the API tells it: in codes and in plain words, folded by the day, within a period; and the looks that
// are easily forgotten: a refusal that tells of a person, a list of statuses, a look at who looked.

import Domain
import TestKit
import Testing

@Suite struct DisclosureTests {
    @Test func aRefusalThatTellsOfAPersonIsAnEntry() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.posted, on: bench)
        for (speaker, isTold) in [(Speaker.intaker, true), (.other(.referrer), false), (.referrer, true)] {
            let last = try bench.scratch.rowCounts()["ledger"] ?? 0
            let draft = journey.draft.removing("/externalReference")
            let reply = try await bench.client.post("/v1/referrals", as: speaker, draft)
            let entries = try bench.scratch.ledger(after: last)
            guard isTold else {
                #expect(reply.status == 201, "\(speaker)")
                continue
            }
            #expect(reply.status == 409 && reply.problem == "duplicate-person", "\(speaker)")
            #expect(entries.map(\.referral) == [journey.referral] && entries.map(\.groups) == ["duplicates"])
            #expect(entries.map(\.action) == ["search_duplicates"])
            #expect(entries.map(\.role) == [speaker.role.rawValue])
            #expect(entries.map(\.requestID) == [reply["X-Request-Id"] ?? ""])
        }
        let reply = try await bench.client.get(journey.path + "/disclosures?limit=1", as: journey.candidate)
        #expect(reply.json["/items/0/result"] == "refused")
        #expect(
            reply.json["/items/0/text/nl"]?.text?.contains("wilde u op 23 november 2026 om 10.00 uur aanmelden") == true
        )
        #expect(try bench.scratch.firstBrokenLedgerEntry() == nil)
    }

    /// The refusal is not given before its entry is on disk: when nothing can be written, nothing is told.
    @Test func noRefusalTellsWhatCouldNotBeWrittenDown() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.posted, on: bench)
        bench.scratch.close()
        let reply = try await bench.client.post("/v1/referrals", as: .intaker, journey.draft)
        #expect(reply.status == 503)
        #expect(!reply.text.contains(journey.referral))
    }

    @Test func aLookAtWhoLookedIsTheNextEntry() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.posted, on: bench)
        for speaker in [Speaker.auditor, .intaker, journey.candidate] {
            let first = try await bench.client.get(journey.path + "/disclosures", as: speaker)
            #expect(first.status == 200)
            let tag = first["ETag"] ?? ""
            let second = try await bench.client.get(
                journey.path + "/disclosures", as: speaker, fields: [("If-None-Match", tag)])
            #expect(second.status == 200, "the first look shows in the second answer")
            #expect(second.json["/items/0/action"] == "read_disclosures")
            #expect(second.json["/items/0/role"] == .text(speaker.role.rawValue))
            #expect(second.json["/items/0/fields"] == ["disclosures"])
            #expect(
                second.json["/items/0/grounds"]
                    == (speaker.role == .candidate ? ["own_right"] : ["accountability"]))
        }
    }

    @Test func theWordsAreThoseOfThePerson() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.posted, on: bench)
        try await bench.client.get(journey.path, as: .intaker)
        let line = try await bench.client.get(journey.path + "/disclosures?limit=1", as: journey.candidate).json
        #expect(line["/items/0/grounds"] == ["municipal_task", "citizen_service_number", "consent"])
        #expect(line["/items/0/count"]?.number == 1)
        let nl = line["/items/0/text/nl"]?.text ?? ""
        let en = line["/items/0/text/en"]?.text ?? ""
        #expect(nl.hasPrefix("Een intaker van "))
        #expect(nl.contains(" heeft op 23 november 2026 om 10.00 uur bekeken: hoe ver uw aanmelding is, "))
        #expect(nl.contains("uw burgerservicenummer") && nl.contains("Dat was om te bepalen wat bij u past."))
        #expect(nl.contains("Wmo 2015, artikel 5.1.1") && nl.contains("Wmo 2015, artikel 5.2.9"))
        #expect(en.hasPrefix("On 23 November 2026 at 10:00 an intake worker of "))
        #expect(en.contains("your citizen service number"))
        try await bench.client.get(journey.path, as: journey.candidate)
        let own = try await bench.client.get(journey.path + "/disclosures?limit=1", as: journey.candidate).json
        #expect(own["/items/0/text/nl"]?.text?.hasPrefix("U heeft op 23 november 2026") == true)
    }

    @Test func equalEntriesOfADayFold() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.posted, on: bench)
        for day in 0..<3 {
            for _ in 0..<4 {
                try await bench.client.get(journey.path, as: .intaker)
                try await bench.client.get(journey.path, as: .coordinator)
                bench.clock.advance(seconds: 60)
            }
            if day < 2 { bench.clock.advance(days: 1) }
        }
        func lines(_ query: String) async throws -> [JSONTree] {
            let path = journey.path + "/disclosures?limit=100" + query
            return try await bench.client.get(path, as: .auditor).json["/items"]?.elements ?? []
        }
        let folded = try await lines("&folded=true")
        #expect(
            folded.map { $0["/role"]?.text } == [
                "coordinator", "intaker", "coordinator", "intaker", "coordinator", "intaker", "referrer",
            ])
        #expect(folded.map { $0["/count"]?.number } == [4, 4, 4, 4, 4, 4, 1])
        #expect(folded.first?["/text/nl"]?.text?.contains("4 keer") == true)
        #expect(folded.first?["/at"]?.text == "2026-11-25T09:11:00.000Z")
        #expect(
            try await lines("&folded=true&from=2026-11-24&until=2026-11-24").map { $0["/count"]?.number } == [4, 4])
        #expect(try await lines("&until=2026-11-23").count == 9)
        #expect(try await lines("&from=2027-01-01").isEmpty)
        #expect(try await lines("&from=2026-11-25&until=2026-11-24").isEmpty)
        for query in ["from=today", "until=2026-02-30", "folded=yes", "from="] {
            let reply = try await bench.client.get(journey.path + "/disclosures?" + query, as: .auditor)
            #expect(reply.status == 400, "\(query)")
        }
    }

    /// Folded or not, the pages give every entry once.
    @Test(arguments: [1, 2, 3, 7]) func pagesOfFoldedLinesLoseNothing(limit: Int) async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.posted, on: bench)
        for number in 0..<20 {
            try await bench.client.get(journey.path, as: number % 3 == 0 ? .intaker : .coordinator)
            if number % 6 == 5 { bench.clock.advance(days: 1) }
        }
        let entries = try bench.scratch.rowCounts()["ledger"] ?? 0
        var next: String? = journey.path + "/disclosures?folded=true&until=2026-12-31&limit=\(limit)"
        var (count, pages) = (0, 0)
        // From the second page on there is nothing newer to come in.
        while let target = next, pages < 50 {
            let reply = try await bench.client.get(target, as: .auditor)
            let items = reply.json["/items"]?.elements ?? []
            #expect(!items.isEmpty && items.count <= limit)
            count += items.compactMap { $0["/count"]?.number }.reduce(0) { $0 + Int($1) }
            next = reply.next
            pages += 1
        }
        #expect(count == entries)
    }

    /// The first ground of a look is what `GET /v1/me` gives the same role for the same thing at the same stage.
    @Test func theGroundIsTheOneThatMeNames() async throws {
        let bench = try await Bench()
        let client = bench.client
        var journey = try await Journey.reaching(.offered, on: bench)
        func ground(_ speaker: Speaker, _ target: String) async throws -> String? {
            #expect(try await client.get(target, as: speaker).status == 200, "\(speaker) \(target)")
            let line = try await client.get("/v1/disclosures?limit=1", as: .auditor).json
            #expect(line["/items/0/role"]?.text == speaker.role.rawValue, "\(speaker) \(target)")
            return line["/items/0/grounds/0"]?.text
        }
        #expect(try await ground(.allocator, "/v1/matches/\(journey.match)") == "consent")
        try await journey.advance(to: .housed)
        #expect(try await ground(.allocator, "/v1/matches/\(journey.match)") == "contract")
        #expect(try await ground(.allocator, "/v1/matches") == "contract")
        #expect(try await ground(.allocator, "/v1/tenancies") == "contract")
        #expect(try await ground(.referrer, journey.path) == "own_record")
        #expect(try await ground(.supporter, journey.path) == "provider_task")
        #expect(try await ground(.coordinator, "/v1/tenancies") == "municipal_task")
        #expect(try await ground(journey.candidate, journey.path) == "own_right")
        #expect(try bench.scratch.firstBrokenLedgerEntry() == nil)
    }

    // MARK: Searches without a result, and paper

    @Test func aSearchThatFindsNobodyIsAnEntryAboutNobody() async throws {
        let bench = try await Bench()
        _ = try await Journey.reaching(.posted, on: bench)
        for (speaker, search, groups) in [
            (Speaker.intaker, ["bsn": "111222333"], "bsn"),
            (.coordinator, ["familyName": "Niemand", "birthDate": "1990-01-01"], "identity"),
            (.other(.referrer), ["candidateNumber": "K-000001"], "status"),
        ] as [(Speaker, JSONTree, String)] {
            let last = try bench.scratch.rowCounts()["ledger"] ?? 0
            let reply = try await bench.client.post("/v1/referrals/_search", as: speaker, search)
            #expect(reply.status == 200 && reply.json["/items"] == [], "\(speaker)")
            let entries = try bench.scratch.ledger(after: last)
            #expect(entries.map(\.action) == ["search"] && entries.map(\.groups) == [groups], "\(speaker)")
            #expect(entries.map(\.referral) == [ReferralID.nobody.description])
        }
        let audited = try await bench.client.get("/v1/disclosures?action=search", as: .auditor)
        #expect(audited.json["/items"]?.elements.count == 3)
        for line in audited.json["/items"]?.elements ?? [] {
            #expect(line["/referral"] == nil && line["/token"] != nil)
        }
        #expect(!audited.text.contains("111222333") && !audited.text.contains("Niemand"))
        #expect(try bench.scratch.firstBrokenLedgerEntry() == nil)
    }

    @Test func aDossierAsAPageIsPrinted() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.posted, on: bench)
        let page = try await bench.client.get(
            journey.path + "/dossier", as: .intaker, fields: [("Accept", "text/html")])
        #expect(page.status == 200)
        let line = try await bench.client.get(journey.path + "/disclosures?limit=1", as: journey.candidate).json
        #expect(line["/items/0/action"]?.text == "print_dossier")
        #expect(line["/items/0/text/nl"]?.text?.contains(" afgedrukt: ") == true)
    }
}
