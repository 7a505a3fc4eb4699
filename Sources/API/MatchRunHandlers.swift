// The routes of match runs: asked for, followed, read in pages, offered from.

internal import Domain
internal import JSON
internal import Lock
internal import Storage
internal import UseCases

enum MatchRunHandlers {
    static func ask(_ exchange: Exchange) async throws -> Answer {
        let wish = try exchange.form(MatchRunForms.wish)
        let caller = exchange.caller
        let begun = Lock<MatchRunID?>(nil)
        let answer = try await exchange.write { tx in
            let run = try RunMatches.ask(wish.rules, offering: !wish.isDry, by: caller, in: tx)
            begun.withLock { $0 = run.id }
            return .created(at: "/v1/match-runs/\(run.id)", showing: Showing([], of: .matchRun(run.id), about: nil)) {
                $0.object { MatchRunJSON.write(run, nil, to: &$0) }
            }
        }
        // An answer that is given again began nothing anew.
        if let id = begun.withLock({ $0 }) { exchange.runner.begin(id, by: caller) }
        return answer
    }

    static func list(_ exchange: Exchange) async throws -> Answer {
        var query = QueryReader(exchange.request)
        let page = query.page { Cursor.id($0, of: MatchRunTag.self) }
        try query.finish()
        let found = try exchange.read { try RunMatches.list(page, by: exchange.caller, in: $0) }
        let board = exchange.runner.board
        return Answer.page(found, of: exchange.request, cursor: { Cursor.encode($0) }) {
            MatchRunJSON.write($1, board[$1.id], to: &$0)
        }
    }

    static func read(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: MatchRunTag.self)
        let run = try exchange.read { try RunMatches.find(id, by: exchange.caller, in: $0) }
        return .ok { $0.object { MatchRunJSON.write(run, exchange.runner.board[id], to: &$0) } }
    }

    static func people(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: MatchRunTag.self)
        var query = QueryReader(exchange.request)
        var filter = MatchRunFilter()
        filter.change = query.choice("change", as: MatchRunChange.self)
        filter.isProposed = query.choice("proposed", as: Truth.self).map { $0 == .true }
        let page = query.page(Cursor.sequence)
        try query.finish()
        return try await exchange.look {
            try RunMatches.people(of: id, filter, page: page, by: exchange.caller, in: $0)
        } answer: { found in
            Answer.page(found, of: exchange.request, cursor: { Cursor.encode($0) }) {
                MatchRunJSON.write($1, to: &$0)
            }
        }
    }

    private enum Truth: String, CaseIterable {
        case `true`
        case `false`
    }

    static func homes(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: MatchRunTag.self)
        var query = QueryReader(exchange.request)
        let page = query.page(Cursor.sequence)
        try query.finish()
        let (caller, request) = (exchange.caller, exchange.request)
        // Counting what stood between each home and everybody reads the whole run.
        return try await exchange.lookLong { tx in
            let found = try RunMatches.homes(of: id, page: page, by: caller, in: tx)
            let answer = Answer.page(found, of: request, cursor: { Cursor.encode($0) }) {
                MatchRunJSON.write($1, to: &$0)
            }
            return (answer, [])
        }
    }

    static func replay(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: MatchRunTag.self)
        let caller = exchange.caller
        return try await exchange.lookLong { tx in
            let replay = try RunMatches.replay(id, by: caller, in: tx)
            return (Answer.ok { $0.object { MatchRunJSON.write(replay, to: &$0) } }, [])
        }
    }

    static func offer(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: MatchRunTag.self)
        let choice = try exchange.form(MatchRunForms.choice)
        let caller = exchange.caller
        let offering = try await exchange.database.readLong { try OfferFromRun.prepare(id, choice, by: caller, in: $0) }
        let work = Lock(offering)
        return try await exchange.writeAll(
            offering.proposals.indices.map { number in
                { tx in
                    try work.withLock { work in
                        // The writer may begin anew.
                        if number == 0 { work = offering }
                        try work.offer(number, in: tx)
                    }
                }
            }
        ) { _ in
            let offers = work.withLock { $0.result }
            return .created(
                at: "/v1/match-runs/\(id)/candidates", showing: Showing(.status, of: .matchRun(id), about: nil)
            ) { $0.object { MatchRunJSON.write(offers, to: &$0) } }
        }
    }
}

enum MatchRunForms {
    struct Wish: Sendable {
        var rules: MatchRunRules
        var isDry: Bool
    }

    static func wish(_ form: inout ObjectReader) -> Wish? {
        let isDry = form.boolean("dry", .optional)
        let rules = form.object("rules", .optional) { form -> MatchRunRules? in
            var rules = MatchRunRules()
            let horizon = form.integer("horizonDays", .optional, in: 0...1000)
            rules.horizonDays = horizon.map { Int($0) } ?? rules.horizonDays
            rules.rentSharePercent = form.integer("rentSharePercent", .optional, in: 1...100).map { Int($0) }
            rules.neighbourhoodCap = form.integer("neighbourhoodCap", .optional, in: 0...100_000).map { Int($0) }
            rules.holdsToAgreements = form.boolean("holdToAgreements", .optional) ?? false
            rules.leftOut = form.choices("without", .optional, as: RuleLeftOut.self, count: 0...10) ?? []
            return rules
        }
        return Wish(rules: rules ?? .inForce, isDry: isDry ?? true)
    }

    static func choice(_ form: inout ObjectReader) -> RunChoice? {
        let isAll = form.boolean("all", .optional)
        let people = form.customs(
            "referrals", .optional, count: 1...1000, expecting: "an id, a UUID of 36 characters"
        ) { ReferralID($0) }
        if isAll == true, people == nil { return .all }
        guard isAll != true, let people else {
            form.fault("referrals", code: "required", text: "Name the people, or say all: true; not both.")
            return nil
        }
        return .people(people)
    }
}

enum MatchRunJSON {
    static func write(_ run: MatchRun, _ progress: RunBoard.Progress?, to writer: inout JSONWriter) {
        writer.field("id", run.id)
        writer.field("status", run.state)
        writer.field("askedAt", run.askedAt)
        writer.field("dry", !run.offers)
        writer.field("trial", run.rules.isTrial)
        writer.object("rules") { writer in
            writer.field("horizonDays", run.rules.horizonDays)
            writer.field("rentSharePercent", ifPresent: run.rules.rentSharePercent)
            writer.field("neighbourhoodCap", ifPresent: run.rules.neighbourhoodCap)
            writer.field("holdToAgreements", run.rules.holdsToAgreements)
            writer.field("without", run.rules.leftOut)
        }
        if let progress, run.state == .queued || run.state == .running {
            writer.object("progress") { writer in
                writer.field("done", progress.done)
                writer.field("total", progress.total)
            }
        }
        writer.field("fault", ifPresent: run.fault)
        guard let outcome = run.outcome else { return }
        writer.object("outcome") { write(outcome, to: &$0) }
    }

    private static func write(_ outcome: MatchRunOutcome, to writer: inout JSONWriter) {
        let counts = outcome.counts
        writer.field("asOf", outcome.asOf)
        writer.field("finishedAt", ifPresent: outcome.finishedAt)
        writer.field("rulesVersion", outcome.rulesVersion)
        writer.field("regionVersion", outcome.regionVersion)
        writer.field("candidates", counts.candidates)
        writer.field("dwellings", counts.dwellings)
        writer.field("pairs", counts.pairs)
        writer.field("proposals", counts.proposals)
        writer.field("totalScore", counts.totalScore)
        writer.field("certain", outcome.certain)
        writer.object("comparison") { writer in
            if let run = outcome.comparedWith { writer.field("run", run) }
            writer.field("gained", counts.gained)
            writer.field("lost", counts.lost)
            writer.field("moved", counts.moved)
        }
    }

    static func write(_ line: MatchRunLine, to writer: inout JSONWriter) {
        writer.field("place", line.place + 1)
        writer.field("referral", line.referral)
        writer.field("candidateNumber", CandidateNumber.text(line.number))
        if let urgency = line.urgency { writer.field("urgency", urgency) }
        writer.field("waitingSince", ifPresent: line.waitingSince)
        if let dwelling = line.dwelling {
            writer.field("dwelling", dwelling)
            writer.field("score", ifPresent: line.person.score)
        } else {
            writer.field("unlock", line.person.unlocks)
        }
        writer.field("fits", line.person.scores.count)
        writer.field("change", line.person.change)
        writer.array("failing") { writer in
            for (limit, count, alone) in RunPerson.failing(line.person) {
                writer.object { writer in
                    writer.field("limit", limit)
                    writer.field("dwellings", count)
                    writer.field("alone", alone)
                }
            }
        }
    }

    static func write(_ home: RunHome, to writer: inout JSONWriter) {
        let line = home.line
        writer.object("dwelling") { DwellingJSON.write(line.offered, to: &$0) }
        writer.field("proposed", line.home.place != nil)
        writer.field("held", home.isHeld)
        if !home.isHeld { writer.field("place", ifPresent: line.home.place.map { $0 + 1 }) }
        writer.field("outOfReachFrom", ifPresent: line.home.cutOff.map { $0 + 1 })
        writer.field("fits", home.fits)
        writer.array("butForOne") { writer in
            for one in home.butForOne {
                writer.object { writer in
                    writer.field("limit", one.limit)
                    writer.field("people", one.people)
                }
            }
        }
    }

    static func write(_ replay: RunReplay, to writer: inout JSONWriter) {
        writer.field("run", replay.run)
        writer.field("same", replay.isSame)
        writer.field("rulesVersion", replay.rulesVersion)
        writer.field("differingPeople", replay.differingPeople)
        writer.field("differingDwellings", replay.differingHomes)
    }

    static func write(_ offers: RunOffers, to writer: inout JSONWriter) {
        writer.field("run", offers.run)
        writer.array("offered") { writer in
            for one in offers.offered {
                writer.object { writer in
                    writer.field("referral", one.referral)
                    writer.field("dwelling", one.dwelling)
                    writer.field("match", one.match)
                }
            }
        }
        writer.array("refused") { writer in
            for one in offers.refused {
                writer.object { writer in
                    writer.field("referral", one.referral)
                    if let dwelling = one.dwelling { writer.field("dwelling", dwelling) }
                    writer.field("code", one.code)
                    writer.field("text", one.text)
                    writer.field("limits", one.limits)
                }
            }
        }
        writer.field("withheld", offers.withheld)
    }
}
