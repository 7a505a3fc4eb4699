// The examples of openapi.yaml are true: each fits its schema, and each example of a body is one that the service takes
// when it comes at the right moment from the right caller.

import Domain
import HTTPWire
import OpenAPI
import TestKit
import Testing

@testable import API

@Suite struct ExampleTests {
    private let check = SchemaCheck(description: .served)

    @Test func everyExampleFitsItsSchema() {
        let served = Description.served
        for operation in served.operations {
            let responses = operation.node["/responses"]?.members.map(\.value) ?? []
            let bodies = operation.node["/requestBody"].map { [$0] } ?? []
            for content in (responses + bodies).flatMap(served.contents) {
                for example in content.examples {
                    let faults = content.schema.map { check.faults(example.value, $0) } ?? []
                    #expect(faults == [], "\(operation) \(example.name)")
                }
            }
            for parameter in operation.parameters {
                guard let example = parameter["/example"], let schema = parameter["/schema"] else { continue }
                #expect(check.faults(example, schema) == [], "\(operation) \(parameter["/name"]?.text ?? "")")
            }
        }
    }

    @Test func everySchemaIsUsed() {
        let text = String(decoding: OpenAPIDescription.yaml, as: UTF8.self)
        for kind in ["schemas", "examples", "parameters", "headers", "responses"] {
            for member in Description.served.root["/components/\(kind)"]?.members ?? [] {
                #expect(text.contains("#/components/\(kind)/\(member.name)\""), "\(kind)/\(member.name)")
            }
        }
    }

    /// Who sends an example, when, and where.
    private struct Moment {
        var stage: Journey.Stage
        var speaker: Speaker
        /// Ids in the example that stand for somebody here.
        var ids: [String: String] = [:]
    }

    private func moment(_ operation: Description.Operation, _ example: String, _ journey: Journey) -> Moment? {
        let region = journey.region
        switch operation.action {
        case "createReferral": return Moment(stage: .posted, speaker: .other(.referrer))
        case "searchReferrals": return Moment(stage: .posted, speaker: .intaker)
        case "changeReferral": return Moment(stage: .posted, speaker: .referrer)
        case "moveReferral":
            let stages: [String: Journey.Stage] = [
                "MoveStartIntake": .posted, "MoveAdmit": .reported, "MoveReject": .reported, "MoveHold": .waiting,
            ]
            return stages[example].map { Moment(stage: $0, speaker: .coordinator) }
        case "writeReport": return Moment(stage: .inIntake, speaker: .intaker)
        case "answerReport": return Moment(stage: .reportWritten, speaker: .candidate(of: ""))
        case "writeWishes": return Moment(stage: .posted, speaker: .candidate(of: ""))
        case "writeConsents":
            return Moment(
                stage: .posted, speaker: .candidate(of: ""), ids: ["/recipient": region.id(of: .housingCorporation)])
        case "createDwelling": return Moment(stage: .posted, speaker: .allocator)
        case "changeDwelling": return Moment(stage: .dwellingOffered, speaker: .allocator)
        case "proposeMatch": return Moment(stage: .dwellingOffered, speaker: .coordinator)
        case "offerMatch": return Moment(stage: .proposed, speaker: .coordinator)
        case "answerMatch":
            let speakers: [String: Speaker] = [
                "MatchAccept": .allocator, "MatchDecline": .candidate(of: ""), "MatchAcceptOnBehalf": .coordinator,
            ]
            return speakers[example].map { Moment(stage: .offered, speaker: $0) }
        case "askSupport":
            return Moment(stage: .inIntake, speaker: .coordinator, ids: ["/provider": region.id(of: .careProvider)])
        case "answerSupport": return Moment(stage: .supportAsked, speaker: .supporter)
        case "trust", "endTrust": return Moment(stage: .posted, speaker: .candidate(of: ""))
        case "openSession": return Moment(stage: .posted, speaker: .intaker)
        case "askCorrection": return Moment(stage: .posted, speaker: .candidate(of: ""))
        case "decideCorrection": return Moment(stage: .posted, speaker: .intaker)
        case "assignReferral":
            return Moment(stage: .posted, speaker: .coordinator, ids: ["/token": region.token(of: .intaker)])
        case "consult": return Moment(stage: .posted, speaker: .referrer)
        case "answerConsultation": return Moment(stage: .posted, speaker: .intaker)
        case "giveThemes": return Moment(stage: .posted, speaker: .intaker)
        case "convertSupport": return Moment(stage: .inIntake, speaker: .supporter)
        case "tellAdvice", "writeMeasurements", "writeRisks": return Moment(stage: .posted, speaker: .intaker)
        case "writeRecords", "writeNetwork", "writeZones", "object":
            return Moment(stage: .posted, speaker: .candidate(of: ""))
        case "decideObjection": return Moment(stage: .posted, speaker: .coordinator)
        case "requestErasure": return Moment(stage: .posted, speaker: .candidate(of: ""))
        case "decideErasure": return Moment(stage: .posted, speaker: .coordinator)
        case "linkReferrals": return Moment(stage: .posted, speaker: .intaker, ids: ["/referral": "other"])
        case "restrictReferral": return Moment(stage: .posted, speaker: .coordinator)
        case "breakGlass", "reviewEmergency": return Moment(stage: .posted, speaker: .coordinator)
        case "changeTasks":
            return Moment(stage: .posted, speaker: .intaker, ids: ["/token": region.token(of: .coordinator)])
        case "reviewDecline": return Moment(stage: .offered, speaker: .coordinator)
        case "setViewing": return Moment(stage: .offered, speaker: .allocator)
        case "introduce": return Moment(stage: .offered, speaker: .candidate(of: ""))
        case "runMatches":
            return Moment(stage: .dwellingOffered, speaker: .coordinator)
        case "writeAgreements":
            return Moment(
                stage: .posted, speaker: .coordinator,
                ids: ["/agreements/0/organisation": region.id(of: .housingCorporation)])
        case "pauseClock": return Moment(stage: .posted, speaker: .intaker)
        case "giveSignal": return Moment(stage: .housed, speaker: .allocator)
        case "answerSignal": return Moment(stage: .housed, speaker: .intaker)
        case "askHandover":
            return Moment(
                stage: .posted, speaker: .intaker, ids: ["/to/organisation": region.organisation(of: .other(.referrer))]
            )
        case "answerHandover": return Moment(stage: .posted, speaker: .intaker)
        case "createTenancy": return Moment(stage: .supported, speaker: .allocator)
        case "endTenancy": return Moment(stage: .housed, speaker: .allocator)
        default: return nil
        }
    }

    @Test func everyExampleOfABodyIsTaken() async throws {
        for operation in Description.served.operations {
            guard let body = operation.node["/requestBody"] else { continue }
            for content in Description.served.contents(body) {
                #expect(!content.examples.isEmpty, "\(operation)")
                for example in content.examples {
                    try await send(example.value, named: example.name, as: content.type, to: operation)
                }
            }
        }
    }

    /// What an operation needs besides a stage of the journey; the id of what was made for it.
    private func prepare(
        _ operation: Description.Operation, _ journey: Journey, _ bench: Bench
    ) async throws -> String {
        let client = bench.client
        switch operation.action {
        case "breakGlass", "reviewEmergency":
            try await client.post(journey.path + "/restriction", as: .intaker, ["reason": "Threats.", "people": []])
            guard operation.action == "reviewEmergency" else { return "" }
            try await client.post(journey.path + "/restriction", as: .intaker, ["reason": "Over.", "ended": true])
            try await client.post(
                journey.path + "/restriction", as: .coordinator, ["reason": "Threats.", "people": []])
            let access = try await client.post(
                journey.path + "/emergency-access", as: .intaker, ["reason": "Somebody is in danger."])
            return access.json["/id"]?.text ?? ""
        case "reviewDecline":
            try await client.post(
                "/v1/matches/\(journey.match)/responses", as: .allocator,
                ["answer": "decline", "reason": "open_tenancy_debt"])
            return ""
        case "runMatches":
            return try await client.askRun().json["/id"]?.text ?? ""
        case "writeAgreements":
            try await bench.applyRegion()
            return ""
        case "trust", "endTrust":
            let added = try await client.post(
                journey.path + "/trusted-people", as: journey.candidate, ["name": "My sister"])
            return added.json["/token"]?.text ?? ""
        case "askCorrection", "decideCorrection":
            let path = journey.path + "/correction-requests"
            let asked = try await client.post(
                path, as: journey.candidate, ["fields": ["care"], "text": "It is wrong."])
            let id = asked.json["/id"]?.text ?? ""
            if operation.action == "askCorrection" {
                try await client.post(
                    "\(path)/\(id)/decisions", as: .intaker, ["outcome": "refused", "note": "The clinic says so."])
            } else {
                try await client.patch(journey.path, as: .intaker, ["health": "It is another one."], ifMatch: "*")
            }
            return id
        case "requestErasure", "decideErasure":
            try await client.move(journey.referral, as: .intaker, ["move": "withdraw", "reason": "Found a home."])
            guard operation.action == "decideErasure" else { return "" }
            let asked = try await client.post(journey.path + "/erasure-requests", as: journey.candidate, [:])
            return asked.json["/id"]?.text ?? ""
        case "pauseClock":
            let clocks = try await client.get(journey.path + "/clocks", as: .intaker).json["/items"]?.elements ?? []
            let clock = clocks.first { $0["/kind"] == "investigation" }?["/id"]?.text ?? ""
            if operation.path.hasSuffix("resumptions") {
                try await client.post(
                    journey.path + "/clocks/\(clock)/pauses", as: .intaker,
                    ["ground": "force_majeure", "reason": "A flood."])
            }
            return clock
        case "answerSignal":
            return try await client.post("/v1/signals", as: .allocator, Drafts.strangerSignal).json["/id"]?.text ?? ""
        case "answerHandover":
            let draft = Drafts.handover.setting("/referral", .text(journey.referral))
            return try await client.post("/v1/handovers", as: .intaker, draft).json["/id"]?.text ?? ""
        case "endTenancy":
            bench.clock.advance(days: 30)
            try await client.move(journey.referral, as: .coordinator, ["move": "close", "outcome": "settled"])
            return ""
        case "changeTasks" where operation.path.hasSuffix("answers"):
            bench.clock.advance(days: 15)
            try await bench.scratch.runClockwork()
            return try await client.get("/v1/tasks?kind=stalled_step", as: .intaker).json["/items/0/id"]?.text ?? ""
        case "changeTasks":
            let given = try await client.post(journey.path + "/consents", as: .intaker, ["purpose": "network"])
            try await client.post(
                journey.path + "/consents/\(given.json["/id"]?.text ?? "")/withdrawals", as: .intaker, [:])
            return try await client.get("/v1/tasks", as: .intaker).json["/items/0/id"]?.text ?? ""
        case "answerConsultation", "giveThemes":
            return try await client.post("/v1/consultations", as: .referrer, Drafts.consultation).json["/id"]?.text
                ?? ""
        case "convertSupport":
            let asked = try await client.post(
                journey.path + "/support-requests", as: .intaker,
                [
                    "provider": .text(bench.region.id(of: .careProvider)), "kind": "bridging", "hoursPerWeek": 2,
                ])
            let id = asked.json["/id"]?.text ?? ""
            try await client.post("/v1/support-requests/\(id)/responses", as: .supporter, Drafts.supportAccepted)
            return id
        case "writeNetwork":
            let added = try await client.post(
                journey.path + "/network", as: .intaker, Drafts.talk("/network") ?? [:])
            return added.json["/id"]?.text ?? ""
        case "writeZones":
            let added = try await client.post(
                journey.path + "/exclusion-zones", as: .intaker, Drafts.talk("/exclusion-zones") ?? [:])
            return added.json["/id"]?.text ?? ""
        case "tellAdvice", "object", "decideObjection":
            try await client.move(journey.referral, as: .intaker, ["move": "start_intake"])
            try await client.post(journey.path + "/intake", as: .intaker, Drafts.report)
            try await client.move(journey.referral, as: .intaker, ["move": "complete_report"])
            try await client.move(
                journey.referral, as: .coordinator,
                ["move": "reject", "advice": ["shelter_first"], "reason": "Elsewhere."])
            guard operation.action == "decideObjection" else { return "" }
            let lodged = try await client.post(
                journey.path + "/objections", as: journey.candidate, ["text": "I was not heard."])
            return lodged.json["/id"]?.text ?? ""
        default: return ""
        }
    }

    private func send(
        _ example: JSONTree, named name: String, as type: String, to operation: Description.Operation
    ) async throws {
        let bench = try await Bench()
        let place = "\(operation) \(name)"
        let moment = try #require(self.moment(operation, name, Journey(on: bench)), "\(place)")
        var journey = Journey(on: bench)
        // Residents are told something by applicants of theirs alone.
        if operation.action == "introduce" { journey.landlord = .panel }
        try await journey.advance(to: moment.stage)
        var ids = moment.ids
        ids["/referral"] = journey.referral
        ids["/dwelling"] = journey.dwelling
        ids["/match"] = journey.match
        ids["/referrals/0"] = journey.referral
        ids["/tenancy"] = journey.tenancy
        if operation.action == "linkReferrals" {
            ids["/referral"] =
                try await bench.client.post("/v1/referrals", as: .referrer, Drafts.plainReferral).json["/id"]?.text
                ?? ""
        }
        let body = ids.reduce(example) { $0[$1.key] == nil ? $0 : $0.setting($1.key, .text($1.value)) }

        let made = try await prepare(operation, journey, bench)
        let consents = try await bench.client.get(journey.path + "/consents", as: .intaker)
        let own = [
            "/v1/referrals/": journey.referral, "/v1/dwellings/": journey.dwelling, "/v1/matches/": journey.match,
            "/v1/support-requests/": operation.action == "convertSupport" ? made : journey.supportRequest,
            "/v1/tenancies/": journey.tenancy, "/v1/tasks/": made, "/v1/consultations/": made, "/v1/match-runs/": made,
            "/v1/signals/": made, "/v1/handovers/": made,
        ].first { operation.path.hasPrefix($0.key) }?.value
        let target = operation.path.replacing("{id}", with: own ?? "")
            .replacing("{consentId}", with: consents.json["/items/0/id"]?.text ?? "")
            .filled("", made)
        let speaker = if case .candidate = moment.speaker { journey.candidate } else { moment.speaker }
        // Lines and rows stand in the description as the text they are.
        let bytes = if case .text(let text) = body { Array(text.utf8) } else { body.bytes }
        let reply = try await bench.client.send(
            Method(rawValue: operation.method.uppercased()) ?? .post, target, as: speaker, bytes, type: type,
            fields: [("If-Match", "*")])
        #expect((200...201).contains(reply.status), "\(place): \(reply.text)")
        let exchange = try #require(bench.client.exchanges.last)
        #expect(AnswerCheck.faults(exchange, .served) == [], "\(place)")
    }
}
