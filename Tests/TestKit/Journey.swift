// The main job, step by step, as the parties do it: a referral comes in, is talked through and admitted; a dwelling is
// offered, matched, answered by both sides; support is arranged and the key handed over. Each step gives the reply it
// got, so that a test can look at it; the journey remembers the ids.

internal import Domain

/// One referral on its way.
package struct Journey: Sendable {
    /// How far it is; each stage comes after the ones above it.
    package enum Stage: Int, CaseIterable, Comparable, Sendable {
        case posted, inIntake, reportWritten, agreed, reported, waiting, dwellingOffered, proposed, offered
        case landlordAccepted, bothAccepted, supportAsked, supported, housed

        package static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
    }

    /// Asks for everybody.
    package let client: Client
    /// The region it happens in.
    package let region: Region
    /// Who posts it, who lets the home and who supports: those of the story, unless told otherwise.
    package var poster = Speaker.referrer
    package var landlord = Speaker.allocator
    package var supporter = Speaker.supporter
    /// What is posted.
    package var draft = Drafts.referral
    /// What is offered.
    package var dwellingDraft = Drafts.dwelling
    /// What the intake finds, and what is decided on it.
    package var report = Drafts.report
    package var admission = Drafts.admission
    /// Whether the candidate agrees with whom is asked for support, as is needed after a provider has said no.
    package var asksWithCandidate = false
    /// What the candidate says of the report, the coordinator of the match and of the support that is asked.
    package var remarks = Canary.remarks
    package var matchReason = Canary.matchReason
    package var supportNote: String?
    /// The stage reached; nil before the first.
    package private(set) var stage: Stage?
    /// The referral's id.
    package private(set) var referral = ""
    /// The candidate, from the posting on.
    package private(set) var candidate = Speaker.candidate(of: "")
    /// The dwelling's id.
    package private(set) var dwelling = ""
    /// The match's id.
    package private(set) var match = ""
    /// The support request's id.
    package private(set) var supportRequest = ""
    /// The tenancy's id.
    package private(set) var tenancy = ""

    /// A journey that has not begun.
    package init(on bench: Bench) {
        client = bench.client
        region = bench.region
    }

    /// A journey taken to a stage.
    package static func reaching(
        _ stage: Stage, on bench: Bench, _ draft: JSONTree = Drafts.referral,
        _ dwellingDraft: JSONTree = Drafts.dwelling
    ) async throws -> Journey {
        var journey = Journey(on: bench)
        journey.draft = draft
        journey.dwellingDraft = dwellingDraft
        try await journey.advance(to: stage)
        return journey
    }

    /// What went wrong on the way.
    package struct Stuck: Error, Sendable {
        /// The step that was refused.
        package let stage: Stage
        /// The answer's status and body.
        package let answer: String
    }

    /// Takes every step up to a stage.
    package mutating func advance(to last: Stage) async throws {
        let taken = stage.map { $0.rawValue + 1 } ?? 0
        for stage in Stage.allCases.dropFirst(taken) where stage <= last {
            let reply = try await take(stage)
            guard (200...201).contains(reply.status) else {
                throw Stuck(stage: stage, answer: "\(reply.status) \(reply.text)")
            }
        }
    }

    /// Takes one step and gives its answer.
    package mutating func take(_ stage: Stage) async throws -> Reply {
        let reply = try await step(stage)
        if (200...201).contains(reply.status) { self.stage = stage }
        return reply
    }

    /// The path of the referral.
    package var path: String { "/v1/referrals/" + referral }

    private mutating func step(_ stage: Stage) async throws -> Reply {
        switch stage {
        case .posted: return try await post()
        case .inIntake: return try await client.move(referral, as: .intaker, ["move": "start_intake"])
        case .reportWritten: return try await client.post(path + "/intake", as: .intaker, report)
        case .agreed:
            return try await client.post(
                path + "/intake/responses", as: candidate, ["agrees": true, "remarks": .text(remarks)])
        case .reported: return try await client.move(referral, as: .intaker, ["move": "complete_report"])
        case .waiting: return try await client.move(referral, as: .coordinator, admission)
        case .dwellingOffered:
            let reply = try await offerDwelling()
            dwelling = reply.json["/id"]?.text ?? ""
            return reply
        case .proposed:
            let proposal: JSONTree = [
                "referral": .text(referral), "dwelling": .text(dwelling), "reason": .text(matchReason),
                "offer": false,
            ]
            let reply = try await client.post("/v1/matches", as: .coordinator, proposal)
            match = reply.json["/id"]?.text ?? ""
            return reply
        case .offered: return try await client.post("/v1/matches/\(match)/offers", as: .coordinator)
        case .landlordAccepted: return try await respond(as: landlord)
        case .bothAccepted: return try await respond(as: candidate)
        case .supportAsked:
            let ask: JSONTree = [
                "provider": .text(region.organisation(of: supporter)), "hoursPerWeek": 6, "needs": ["money"],
                "wantedFrom": "2026-12-01",
            ]
            let reply = try await client.post(
                path + "/support-requests", as: .coordinator,
                ask.setting("/note", supportNote.map { .text($0) })
                    .setting("/agreedWithCandidate", asksWithCandidate ? true : nil))
            supportRequest = reply.json["/id"]?.text ?? ""
            return reply
        case .supported:
            return try await client.post(
                "/v1/support-requests/\(supportRequest)/responses", as: supporter, Drafts.supportAccepted)
        case .housed:
            let reply = try await client.post(
                "/v1/tenancies", as: landlord, ["match": .text(match), "startsOn": "2026-12-01"])
            tenancy = reply.json["/id"]?.text ?? ""
            return reply
        }
    }

    private mutating func post() async throws -> Reply {
        let reply = try await client.post("/v1/referrals", as: poster, draft)
        referral = reply.json["/id"]?.text ?? ""
        if reply.status == 201 { candidate = try await region.admit(candidateOf: referral) }
        return reply
    }

    // A resident panel offers nothing itself; the coordinator does so in its name.
    private func offerDwelling() async throws -> Reply {
        guard landlord.role == .panel else {
            return try await client.post("/v1/dwellings", as: landlord, dwellingDraft)
        }
        let draft = dwellingDraft.setting("/organisation", .text(region.organisation(of: landlord)))
        return try await client.post("/v1/dwellings", as: .coordinator, draft)
    }

    /// Accepts the match.
    package func respond(as speaker: Speaker, _ answer: JSONTree = ["answer": "accept"]) async throws -> Reply {
        let isPanel = speaker.role == .panel && answer["/answer"] == "accept"
        let voted = isPanel ? answer.setting("/vote", ["present": 5, "inFavour": 4]) : answer
        return try await client.post("/v1/matches/\(match)/responses", as: speaker, voted)
    }
}
