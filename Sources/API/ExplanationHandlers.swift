// The routes of explanations: why (not) this home and what one change would help; and for a home, who would fit but for
// one limit.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum ExplanationHandlers {
    /// Below this many people a count could tell who they are.
    static let smallestCell = 5

    static func person(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let caller = exchange.caller
        var query = QueryReader(exchange.request)
        let page = query.page(Cursor.sequence)
        try query.finish()
        let request = exchange.request
        return try await exchange.lookLong { tx in
            let reading = try Explain.person(id, by: caller, in: tx)
            // All homes with all limits, and what a run drafted, are the intake point's; others get the words, and the person
            // and who supports them the homes that fit.
            let (explanation, isStaff) = (reading.value, caller.actor.role.isIntakePoint)
            let homes = explanation.ranked.dropFirst(Int(clamping: page.after ?? 0)).prefix(page.limit)
            var answer = Answer.ok {
                $0.object { writer in
                    write(explanation, to: &writer)
                    if isStaff { write(explanation.lastRun, homes, to: &writer) }
                }
            }
            if isStaff, homes.endIndex < explanation.homes.count {
                answer.next = PageLink.next(request, cursor: Cursor.encode(Int64(homes.endIndex)))
            }
            return (answer, reading.disclosures)
        }
    }

    static func home(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: DwellingTag.self)
        let caller = exchange.caller
        return try await exchange.lookLong { tx in
            let reading = try Explain.home(id, by: caller, in: tx)
            return (Answer.ok { $0.object { write(reading.value, to: &$0) } }, reading.disclosures)
        }
    }

    private static func write(_ explanation: Explanation, to writer: inout JSONWriter) {
        writer.field("candidateNumber", explanation.standing.candidateNumber)
        writer.field("status", explanation.standing.state)
        writer.field("asOf", explanation.asOf)
        writer.field("place", ifPresent: explanation.place)
        writer.field("freeDwellings", explanation.homes.count)
        writer.field("fitting", explanation.fitting)
        text(explanation.summary, &writer)
        writer.array("limits") { writer in
            for limit in explanation.limits {
                writer.object { writer in
                    writer.field("limit", limit.limit)
                    writer.field("dwellings", limit.count)
                    writer.field("alone", limit.alone)
                    text((limit.english, limit.dutch), &writer)
                }
            }
        }
        guard explanation.showsHomes else { return }
        writer.array("fittingDwellings") { writer in
            for one in explanation.fittingHomes {
                writer.object { writer in
                    writer.object("dwelling") { DwellingJSON.write(one.home, to: &$0) }
                    writer.field("outOfReachFrom", ifPresent: one.outOfReachFrom)
                    text((one.english, one.dutch), &writer)
                }
            }
        }
    }

    private static func write(
        _ run: Explanation.RunLine?, _ homes: ArraySlice<HomeExplanation>, to writer: inout JSONWriter
    ) {
        if let run { writer.object("lastRun") { write(run, to: &$0) } }
        writer.array("dwellings") { writer in
            for home in homes { writer.object { write(home, to: &$0) } }
        }
    }

    private static func write(_ run: Explanation.RunLine, to writer: inout JSONWriter) {
        writer.field("run", run.run)
        writer.field("asOf", run.asOf)
        writer.field("place", run.line.place + 1)
        writer.field("candidates", run.people)
        if let dwelling = run.line.dwelling {
            writer.field("dwelling", dwelling)
        } else {
            writer.field("unlock", run.line.person.unlocks)
        }
    }

    private static func write(_ home: HomeExplanation, to writer: inout JSONWriter) {
        writer.object("dwelling") { DwellingJSON.write(home.home, to: &$0) }
        writer.field("limits", home.limits)
        writer.field("wishRank", ifPresent: home.wishRank)
        writer.field("score", home.score)
        if home.rentGapCents > 0 { writer.field("rentGap", home.rentGapCents) }
        writer.field("outOfReachFrom", ifPresent: home.outOfReachFrom)
        if let party = home.declinedBy { writer.field("declinedBy", party) }
    }

    private static func write(_ home: HomeForPeople, to writer: inout JSONWriter) {
        writer.field("dwelling", home.dwelling.id)
        writer.field("status", home.dwelling.state)
        let isForStaff = home.people != nil
        func shown(_ count: Int) -> Int? { isForStaff || count >= smallestCell ? count : nil }
        if isForStaff { writer.field("waiting", home.waiting) }
        writer.field("fits", ifPresent: shown(home.fits))
        writer.array("butForOne") { writer in
            // That a limit stands at all would tell a landlord who turns the rent what one person can pay.
            for one in home.butForOne where isForStaff || one.count >= smallestCell {
                writer.object { writer in
                    writer.field("limit", one.limit)
                    writer.field("people", one.count)
                    text((one.english, one.dutch), &writer)
                }
            }
        }
        guard let people = home.people else { return }
        writer.array("people") { writer in
            for person in people {
                writer.object { writer in
                    writer.field("place", person.place)
                    writer.field("referral", person.referral)
                    writer.field("candidateNumber", CandidateNumber.text(person.number))
                    writer.field("limit", ifPresent: person.limit)
                }
            }
        }
    }

    private static func text(_ words: (english: String, dutch: String), _ writer: inout JSONWriter) {
        writer.object("text") { writer in
            writer.field("en", words.english)
            writer.field("nl", words.dutch)
        }
    }
}
