// Every answer that the service gives on the main job and beside it is an answer that openapi.yaml describes: its
// status, its media type, its header fields and its body, whoever asked.

import Domain
import HTTPWire
import OpenAPI
import TestKit
import Testing

@testable import API

enum AnswerCheck {
    /// Fields that an answer need not have, though it is described with them.
    static let optional: Set<String> = [
        "Preference-Applied", "Link", "Idempotency-Replayed", "Location", "Retry-After",
    ]
    /// Fields that a refusal need not have.
    static let optionalInRefusals: Set<String> = ["ETag", "RateLimit", "RateLimit-Policy"]

    /// What of an exchange is not as described; empty for one that no operation describes.
    static func faults(_ exchange: Client.Exchange, _ description: Description) -> [String] {
        let question = exchange.question
        let operation = description.operations.first {
            $0.method == question.method.rawValue.lowercased() && $0.matches(question.path)
                && ($0.path == question.path || !description.isLiteral(question.path))
        }
        guard let operation else { return [] }
        let reply = exchange.reply
        guard let response = description.response(operation, reply.status) else {
            return ["\(operation) \(reply.status) is not described"]
        }
        return (fields(reply, response, description) + body(reply, response, description)).map {
            "\(operation) \(reply.status) \($0)"
        }
    }

    private static func fields(_ reply: Reply, _ response: JSONTree, _ description: Description) -> [String] {
        (response["/headers"]?.members ?? []).flatMap { header -> [String] in
            guard let value = reply[header.name] else {
                let mayMiss =
                    optional.contains(header.name)
                    || (reply.status >= 400 && optionalInRefusals.contains(header.name))
                return mayMiss ? [] : ["\(header.name) is missing"]
            }
            guard let schema = description.resolved(header.value)["/schema"] else { return [] }
            let isNumber = description.resolved(schema)["/type"] == "integer"
            let tree = isNumber ? Int64(value).map { .number($0) } ?? .text(value) : JSONTree.text(value)
            return SchemaCheck(description: description).faults(tree, schema).map { "\(header.name)\($0)" }
        }
    }

    private static func body(_ reply: Reply, _ response: JSONTree, _ description: Description) -> [String] {
        let contents = description.contents(response)
        guard let type = reply["Content-Type"] else { return contents.isEmpty ? [] : ["has no content"] }
        guard let content = contents.first(where: { $0.type == type }) else { return ["\(type) is not described"] }
        guard type.hasSuffix("json"), let schema = content.schema else { return [] }
        if type == "application/x-ndjson" {
            let lines = reply.body.split(separator: UInt8(ascii: "\n")).map { JSONTree(bytes: Array($0)) ?? .null }
            return lines.flatMap { SchemaCheck(description: description).faults($0, schema) }
        }
        return SchemaCheck(description: description).faults(reply.json, schema)
    }
}

extension Description {
    /// Whether a path is described as it stands, without a variable.
    func isLiteral(_ path: String) -> Bool { root["/paths"]?.child(path) != nil }
}

@Suite struct AnswerTests {
    /// The whole main job, each stage read by everybody, and what else the routes can do.
    private func traffic() async throws -> [Client.Exchange] {
        let bench = try await Bench()
        let client = bench.client
        var journey = Journey(on: bench)
        for stage in Journey.Stage.allCases {
            #expect((200...201).contains(try await journey.take(stage).status), "\(stage)")
            try await readAll(
                journey, client, as: Region.speakers.prefix(Role.allCases.count - 1) + [journey.candidate])
        }
        try await besides(journey, bench)
        try await refusals(journey, client)
        return client.exchanges
    }

    private func readAll(_ journey: Journey, _ client: Client, as speakers: [Speaker]) async throws {
        let ids = [
            "/v1/referrals/": journey.referral, "/v1/dwellings/": journey.dwelling, "/v1/matches/": journey.match,
            "/v1/support-requests/": journey.supportRequest, "/v1/tenancies/": journey.tenancy,
        ]
        for operation in Description.served.operations where operation.method == "get" {
            let id = ids.first { operation.path.hasPrefix($0.key) }?.value ?? ""
            guard !operation.path.contains("{id}") || !id.isEmpty else { continue }
            let target = operation.path.replacing("{id}", with: id).replacing("{slug}", with: "not-found")
            for speaker in operation.isOpen ? [.intaker] : speakers {
                let reply = try await client.get(target, as: speaker)
                if let tag = reply["ETag"], speaker == .intaker {
                    try await client.get(target, as: speaker, fields: [("If-None-Match", tag)])
                }
            }
        }
    }

    /// Changes, declines and ends that are not on the way to a home.
    private func besides(_ housed: Journey, _ bench: Bench) async throws {
        let client = bench.client
        let plain = Drafts.plainReferral.setting("/consents", ["intake", "matching", "share_with_landlord"])
        let dwelling = Drafts.dwelling.removing("/externalReference")
        let second = try await Journey.reaching(.offered, on: bench, plain, dwelling)
        let key = [("Idempotency-Key", "once")]
        let lines = Drafts.plainReferral.setting("/externalReference", "LINE-1").bytes + Array("\n{}\n".utf8)
        try await client.send(
            .post, "/v1/referrals/batch", as: .referrer, lines, type: "application/x-ndjson")
        try await agreements(bench)
        try await runs(bench)
        try await life(bench)
        for _ in 0..<2 { try await client.post("/v1/referrals", as: .other(.referrer), plain, fields: key) }
        try await client.post("/v1/referrals/_search", as: .referrer, ["familyName": "Bakker"])
        let patch: JSONTree = ["person": ["phone": "+31611111111", "email": nil], "health": "Better."]
        try await client.patch(second.path, as: .referrer, patch, ifMatch: "*")
        try await client.post(second.path + "/wishes", as: second.candidate, ["wishes": [["form": "shared"]]])
        let consent = try await client.post(second.path + "/consents", as: .intaker, ["purpose": "network"])
        let id = consent.json["/id"]?.text ?? ""
        try await client.post(second.path + "/consents/\(id)/withdrawals", as: second.candidate, ["reason": "No."])
        _ = try await second.respond(
            as: .allocator, ["answer": "decline", "reason": "rent_does_not_fit", "note": "Too dear."])
        try await client.patch(
            "/v1/dwellings/\(second.dwelling)", as: .allocator, ["status": "withdrawn"], ifMatch: "*")
        try await client.move(
            second.referral, as: second.candidate, ["move": "hold", "reason": "Away.", "until": "2027-01-31"])
        let ask: JSONTree = ["provider": .text(bench.region.id(of: .careProvider, other: true)), "hoursPerWeek": 2]
        let asked = try await client.post(second.path + "/support-requests", as: .intaker, ask)
        let request = asked.json["/id"]?.text ?? ""
        try await client.post(
            "/v1/support-requests/\(request)/responses", as: .other(.supporter),
            ["answer": "decline", "reason": "no_capacity", "note": "Full."])
        try await warned(housed, bench)
        try await guarded(second, bench)
        try await talk(second, bench)
        try await client.move(second.referral, as: .coordinator, ["move": "resume"])
        try await client.move(second.referral, as: .referrer, ["move": "withdraw", "reason": "Found a home."])
        let trusted = second.path + "/trusted-people"
        let added = try await client.post(trusted, as: second.candidate, ["name": "My sister"])
        try await client.get(trusted, as: second.candidate)
        try await client.post("\(trusted)/\(added.json["/token"]?.text ?? "")/revocations", as: second.candidate, [:])
        try await corrections(second, bench)
        let erasure = second.path + "/erasure-requests"
        let wanted = try await client.post(erasure, as: second.candidate, [:])
        try await client.get(erasure, as: second.candidate)
        try await client.post(
            "\(erasure)/\(wanted.json["/id"]?.text ?? "")/decisions", as: .coordinator,
            ["outcome": "refused", "ground": "legal_obligation", "note": "A law."])
        try await client.move(housed.referral, as: .supporter, ["move": "close", "outcome": "settled"])
        let third = try await Journey.reaching(.reported, on: bench, plain)
        try await client.move(
            third.referral, as: .coordinator, ["move": "reject", "advice": ["shelter_first"], "reason": "Elsewhere."])
        try await client.post(third.path + "/advice", as: .intaker, Drafts.talk("/advice") ?? [:])
        let objection = try await client.post(
            third.path + "/objections", as: third.candidate, Drafts.talk("/objections") ?? [:])
        try await client.post(
            third.path + "/objections/\(objection.json["/id"]?.text ?? "")/decisions", as: .coordinator,
            ["outcome": "founded", "note": "Heard."])
        try await stalled(bench)
        for journey in [second, third] {
            try await readAll(journey, client, as: [.intaker, .referrer, .allocator, journey.candidate])
        }
        bench.clock.advance(days: 30)
        try await client.post(
            "/v1/tenancies/\(housed.tenancy)/ends", as: .allocator, ["endedOn": "2026-12-14"], fields: key)
    }

    /// Runs that are tried, kept and offered from, over somebody who waits and a home that fits.
    private func runs(_ bench: Bench) async throws {
        let client = bench.client
        let draft = Drafts.referral.removing("/externalReference").removing("/person/bsn")
            .setting("/person/familyName", "Wachter")
        let waiting = try await Journey.reaching(
            .dwellingOffered, on: bench, draft, Drafts.dwelling.removing("/externalReference"))
        try await client.askRun(["rules": ["rentSharePercent": 1, "without": ["pets"]]])
        let run = try await client.askRun()
        #expect(run.json["/status"] == "done" && run.json["/outcome/proposals"] == 1)
        let path = "/v1/match-runs/\(run.json["/id"]?.text ?? "")"
        for target in ["/v1/match-runs?limit=1", path + "/candidates", path + "/dwellings", path + "/replay"] {
            try await client.get(target, as: .coordinator)
        }
        for speaker in [Speaker.intaker, .coordinator, .referrer, .policymaker, waiting.candidate] {
            try await client.get(waiting.path + "/explanations", as: speaker)
        }
        for speaker in [Speaker.coordinator, .allocator] {
            try await client.get("/v1/dwellings/\(waiting.dwelling)/explanations", as: speaker)
        }
        for choice: JSONTree in [["referrals": [.text(waiting.referral)]], ["all": true]] {
            try await client.post(path + "/offers", as: .coordinator, choice)
        }
        let matches = try await client.get("/v1/matches?status=offered", as: .coordinator).json["/items"]?.elements
        let made = matches?.first { $0["/candidate/referral"]?.text == waiting.referral }
        #expect(made?["/origin"] == "run" && made?["/run"] == run.json["/id"])
    }

    /// A decline that is overridden, a viewing, and residents who vote on what they are shown.
    private func life(_ bench: Bench) async throws {
        let client = bench.client
        let plain = Drafts.plainReferral.setting("/consents", ["intake", "matching", "share_with_landlord"])
        let dwelling = Drafts.dwelling.removing("/externalReference")
        let offered = try await Journey.reaching(.offered, on: bench, plain, dwelling)
        let match = "/v1/matches/\(offered.match)"
        try await client.post(match + "/viewings", as: .allocator, ["at": "2026-12-10T10:00:00Z"])
        try await client.get(match, as: offered.candidate)
        _ = try await offered.respond(as: .allocator, ["answer": "decline", "reason": "open_tenancy_debt"])
        let review: JSONTree = ["outcome": "override", "reason": "It was settled."]
        let next = try await client.post(match + "/reviews", as: .coordinator, review)
        #expect(next.json["/landlordAnswer"] == "accepted")
        for path in [match, "/v1/matches/\(next.json["/id"]?.text ?? "")"] {
            try await client.get(path, as: .allocator)
        }
        var facility = Journey(on: bench)
        (facility.landlord, facility.draft, facility.dwellingDraft) = (.panel, plain, dwelling)
        try await facility.advance(to: .offered)
        let shown = "/v1/matches/\(facility.match)"
        try await client.post(shown + "/introductions", as: facility.candidate, ["text": "I cook well."])
        _ = try await facility.respond(as: .panel)
        for speaker in [Speaker.panel, .coordinator, facility.candidate] { try await client.get(shown, as: speaker) }
    }

    private func agreements(_ bench: Bench) async throws {
        try await bench.applyRegion()
        let terms: JSONTree = [
            "year": 2026,
            "agreements": [
                [
                    "organisation": .text(bench.region.id(of: .housingCorporation)), "municipality": "GM0153",
                    "form": "independent", "dwellings": 12,
                ]
            ],
        ]
        try await bench.client.send(
            .put, "/v1/agreements", as: .coordinator, terms.bytes, type: "application/json", fields: [("If-Match", "*")]
        )
        for speaker in [Speaker.coordinator, .allocator, .panel] {
            try await bench.client.get("/v1/agreements", as: speaker)
        }
    }

    /// The conversation besides report and wishes.
    private func talk(_ journey: Journey, _ bench: Bench) async throws {
        let client = bench.client
        try await consultations(journey, bench)
        try await client.post(
            journey.path + "/assignments", as: .coordinator, ["token": .text(bench.region.token(of: .intaker))])
        for (list, end) in [
            ("records", nil), ("measurements", nil), ("risks", nil), ("network", "withdrawals"),
            ("exclusion-zones", "ends"),
        ] {
            let path = journey.path + "/" + list
            let added = try await client.post(path, as: .intaker, Drafts.talk(path) ?? [:])
            guard let end else { continue }
            try await client.post("\(path)/\(added.json["/id"]?.text ?? "")/\(end)", as: .intaker, [:])
        }
    }

    /// Advice on a case, what it became, what was missed, and support while waiting.
    private func consultations(_ journey: Journey, _ bench: Bench) async throws {
        let client = bench.client
        let asked = try await client.post("/v1/consultations", as: .referrer, Drafts.consultation)
        let path = "/v1/consultations/" + (asked.json["/id"]?.text ?? "")
        let post = Drafts.plainReferral.setting("/consultation", asked.json["/id"])
        for (list, speaker) in [("responses", Speaker.intaker), ("themes", .coordinator)] {
            try await client.post(path + "/" + list, as: speaker, Drafts.talk(path + "/" + list) ?? [:])
        }
        let became = try await client.post("/v1/referrals", as: .referrer, post)
        #expect(became.status == 201)
        for speaker in [Speaker.referrer, .intaker, .allocator] {
            try await client.get(path, as: speaker)
            try await client.get("/v1/consultations", as: speaker)
        }
        try await client.post(journey.path + "/themes", as: .intaker, Drafts.talk(journey.path + "/themes") ?? [:])
        for type in ["application/json", "text/csv"] {
            try await client.get("/v1/reports/missed-signals", as: .policymaker, fields: [("Accept", type)])
        }
        try await client.get("/v1/reports/declines", as: .coordinator)
        let asks: JSONTree = ["provider": .text(bench.region.id(of: .careProvider)), "hoursPerWeek": 2]
        let bridge = try await client.post(
            journey.path + "/support-requests", as: .intaker,
            asks.setting("/kind", "bridging").setting("/agreedWithCandidate", true))
        let request = "/v1/support-requests/" + (bridge.json["/id"]?.text ?? "")
        try await client.get(journey.path + "/support-proposals", as: .intaker)
        try await client.post(request + "/responses", as: .supporter, Drafts.supportAccepted)
        try await client.post(request + "/conversions", as: .supporter, ["hoursPerWeek": 3])
    }

    /// Early warnings about somebody housed and somebody unknown, and a person who goes on elsewhere.
    private func warned(_ housed: Journey, _ bench: Bench) async throws {
        let client = bench.client
        let readers = [Speaker.intaker, .coordinator, .supporter, .allocator, .referrer, housed.candidate]
        let given = try await client.post(
            "/v1/signals", as: .allocator, ["kind": "nuisance", "tenancy": .text(housed.tenancy), "note": "Noise."])
        let stranger = try await client.post("/v1/signals", as: .allocator, Drafts.strangerSignal)
        for id in [given, stranger].compactMap({ $0.json["/id"]?.text }) {
            for speaker in readers { try await client.get("/v1/signals/\(id)", as: speaker) }
        }
        try await client.get("/v1/signals?status=open&kind=nuisance", as: .supporter)
        try await client.get("/v1/referrals?signal=open", as: .supporter)
        let path = "/v1/signals/\(given.json["/id"]?.text ?? "")/responses"
        try await client.post(path, as: .supporter, ["outcome": "helped", "note": "Visited."])
        try await client.post(path, as: .supporter, ["outcome": "helped"])
        let posted = try await client.post("/v1/referrals", as: .intaker, Drafts.plainReferral)
        let draft = Drafts.handover.setting("/referral", posted.json["/id"])
            .setting("/to", ["organisation": .text(bench.region.organisation(of: .referrer))])
        let asked = try await client.post("/v1/handovers", as: .intaker, draft)
        try await client.post("/v1/handovers", as: .intaker, draft)
        let handover = "/v1/handovers/\(asked.json["/id"]?.text ?? "")"
        for speaker in readers {
            for target in [handover, handover + "/package", "/v1/handovers?status=asked"] {
                try await client.get(target, as: speaker)
            }
        }
        try await client.post(handover + "/responses", as: .referrer, ["answer": "accept", "reference": "Z-1"])
        let late = try await client.post("/v1/referrals", as: .intaker, Drafts.plainReferral).json["/id"]?.text ?? ""
        let clocks = try await client.get("/v1/referrals/\(late)/clocks", as: .intaker).json["/items"]?.elements ?? []
        let clock = clocks.first { $0["/kind"] == "investigation" }?["/id"]?.text ?? ""
        for deed in ["pauses", "resumptions", "resumptions"] {
            let body: JSONTree = deed == "pauses" ? ["ground": "agreed_in_writing", "reason": "A letter."] : [:]
            try await client.post("/v1/referrals/\(late)/clocks/\(clock)/\(deed)", as: .intaker, body)
        }
        try await client.get("/v1/forecasts/promise", as: .coordinator)
    }

    /// A term that has passed, and why it takes longer.
    private func stalled(_ bench: Bench) async throws {
        try await bench.client.post("/v1/referrals", as: .intaker, Drafts.plainReferral)
        bench.clock.advance(days: 15)
        try await bench.scratch.runClockwork()
        let tasks = try await bench.client.get("/v1/tasks?kind=stalled_step", as: .intaker)
        try await bench.client.post(
            "/v1/tasks/\(tasks.json["/items/0/id"]?.text ?? "")/answers", as: .intaker,
            ["reason": "capacity", "until": "2026-12-15"], fields: [("If-Match", "*")])
    }

    /// A person for named people only, an emergency, and the tasks that come of it.
    private func guarded(_ journey: Journey, _ bench: Bench) async throws {
        let client = bench.client
        let tasks = try await client.get("/v1/tasks?status=open&overdue=false", as: .intaker)
        let task = "/v1/tasks/\(tasks.json["/items/0/id"]?.text ?? "")"
        try await client.get(task, as: .intaker)
        try await client.post(
            task + "/assignments", as: .intaker,
            ["token": .text(bench.region.token(of: .coordinator)), "note": "Yours."], fields: [("If-Match", "*")])
        try await client.post(task + "/completions", as: .coordinator, ["note": "Done."], fields: [("If-Match", "*")])
        let other = try await client.get("/v1/referrals?limit=100", as: .intaker).json["/items"]?.elements
            .compactMap { $0["/id"]?.text }.first { $0 != journey.referral }
        for outcome in ["same_person", "undecided"] {
            try await client.post(
                journey.path + "/links", as: .intaker,
                ["referral": .text(other ?? ""), "outcome": .text(outcome), "note": "Asked."])
        }
        try await client.get(journey.path + "/links", as: .intaker)
        let restriction = journey.path + "/restriction"
        try await client.post(restriction, as: .coordinator, ["reason": "Threats.", "people": []])
        try await client.get(restriction, as: .coordinator)
        let broken = try await client.post(
            journey.path + "/emergency-access", as: .intaker, ["reason": "Somebody is in danger."])
        let id = broken.json["/id"]?.text ?? ""
        for speaker in [Speaker.intaker, .coordinator, journey.candidate] {
            try await client.get(journey.path + "/emergency-access", as: speaker)
        }
        try await client.post(
            journey.path + "/emergency-access/\(id)/reviews", as: .coordinator,
            ["outcome": "justified", "note": "Checked."])
        try await client.post(restriction, as: .coordinator, ["reason": "Over.", "ended": true])
    }

    /// A correction that is made, one that is refused with a statement beside it, and a browser's session.
    private func corrections(_ journey: Journey, _ bench: Bench) async throws {
        let client = bench.client
        let path = journey.path + "/correction-requests"
        for (outcome, fields) in [("corrected", "identity"), ("refused", "care")] {
            let asked = try await client.post(
                path, as: journey.candidate, ["fields": [.text(fields)], "text": "It is wrong."])
            let request = "\(path)/\(asked.json["/id"]?.text ?? "")"
            if outcome == "corrected" {
                try await client.patch(journey.path, as: .intaker, ["person": ["familyName": "Jansen"]], ifMatch: "*")
            }
            try await client.post(
                request + "/decisions", as: .intaker, ["outcome": .text(outcome), "note": "Looked it up."])
            try await client.post(request + "/statements", as: journey.candidate, ["statement": "It is not so."])
        }
        let signedIn = try await client.post("/session", as: .intaker)
        let cookie = signedIn["Set-Cookie"].map { String($0.prefix { $0 != ";" }) } ?? ""
        try await client.send(
            .delete, "/session", fields: [("Cookie", cookie), ("Sec-Fetch-Site", "same-origin")])
    }

    private func refusals(_ journey: Journey, _ client: Client) async throws {
        for operation in Description.served.operations {
            guard let method = Method(rawValue: operation.method.uppercased()) else { continue }
            let target = operation.path.filled(journey.referral, "x")
            let bodies: [(String?, [UInt8])] =
                method == .get ? [(nil, [])] : [("application/json", [0x7B]), ("text/plain", [0x7B, 0x7D])]
            for (type, body) in bodies {
                try await client.send(method, target, body, type: type)
                try await client.send(method, target + "?surplus=1", as: .coordinator, body, type: type)
                try await client.send(
                    method, target, as: .coordinator, body, type: type, fields: [("Accept", "text/html")])
                for speaker in Region.speakers { try await client.send(method, target, as: speaker, body, type: type) }
            }
        }
    }

    @Test func everyAnswerIsOneThatIsDescribed() async throws {
        let exchanges = try await traffic()
        var faults: Set<String> = []
        for exchange in exchanges { faults.formUnion(AnswerCheck.faults(exchange, .served)) }
        for fault in faults.sorted() { Issue.record("\(fault)") }
        // Nothing is proved about a route that never succeeded.
        for operation in Description.served.operations {
            let succeeded = exchanges.contains { exchange in
                exchange.question.method.rawValue.lowercased() == operation.method && exchange.reply.status < 300
                    && operation.matches(exchange.question.path)
            }
            #expect(succeeded, "\(operation)")
        }
    }

    @Test func aPlantedFaultIsFound() async throws {
        let bench = try await Bench()
        try await bench.client.get("/v1/me", as: .intaker)
        let good = try #require(bench.client.exchanges.last)
        #expect(AnswerCheck.faults(good, .served) == [])
        var bad = good
        bad.reply.status = 418
        #expect(AnswerCheck.faults(bad, .served) == ["GET /v1/me 418 is not described"])
        bad = good
        bad.reply.body = good.reply.json.setting("/role", "king").bytes
        #expect(AnswerCheck.faults(bad, .served) == ["GET /v1/me 200 /role: not in the list"])
        bad = good
        bad.reply.fields.removeAll { $0.name == "ETag" }
        #expect(AnswerCheck.faults(bad, .served) == ["GET /v1/me 200 ETag is missing"])
        bad = good
        bad.reply.fields = bad.reply.fields.map { $0.name == "API-Version" ? ($0.name, "9") : $0 }
        #expect(AnswerCheck.faults(bad, .served) == ["GET /v1/me 200 API-Version: not the constant"])
    }

    /// Both kinds of 429 are described: a token's and an address's, each with what is left.
    @Test func tooMuchIsDescribed() async throws {
        var settings = RateSettings()
        settings.tokenBurst = 5
        settings.signInBurst = 1
        let bench = try await Bench(limits: settings)
        for _ in 0..<2 { try await bench.client.get("/v1/dwellings", as: .allocator) }
        for _ in 0..<2 { try await bench.client.get("/v1/me", fields: [("Authorization", "Bearer none")]) }
        #expect(bench.client.exchanges.map(\.reply.status) == [200, 429, 401, 429])
        for exchange in bench.client.exchanges { #expect(AnswerCheck.faults(exchange, .served) == []) }
    }

    /// Parameters that a service itself has to give.
    private let opaque: Set<String> = ["cursor", "after"]

    /// Every parameter that is described is one that is taken.
    @Test func everyDescribedParameterOfAQueryIsTaken() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.housed, on: bench)
        let run = try await bench.client.askRun().json["/id"]?.text ?? ""
        for operation in Description.served.operations where operation.method == "get" {
            let id = operation.path.hasPrefix("/v1/match-runs/") ? run : journey.referral
            let target = operation.path.replacing("{id}", with: id)
            let speaker: Speaker = operation.path == "/v1/disclosures" ? .auditor : .coordinator
            for parameter in operation.parameters
            where parameter["/in"] == "query" && !opaque.contains(parameter["/name"]?.text ?? "") {
                let name = parameter["/name"]?.text ?? ""
                let value = sample(parameter)
                let reply = try await bench.client.get("\(target)?\(name)=\(value)", as: speaker)
                #expect(reply.status == 200, "\(operation) \(name)=\(value): \(reply.text)")
            }
        }
    }

    private func sample(_ parameter: JSONTree) -> String {
        let schema = parameter["/schema"].map(Description.served.resolved) ?? .null
        let items = schema["/items"].map(Description.served.resolved)
        let value = parameter["/example"] ?? schema["/enum/0"] ?? items?["/enum/0"] ?? schema["/minimum"] ?? "GM0153"
        if case .boolean(let truth) = value { return truth ? "true" : "false" }
        return value.number.map(String.init) ?? value.text ?? value.elements.compactMap(\.text).joined(separator: ",")
    }
}
