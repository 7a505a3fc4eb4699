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
        return try await exchange.lookLong { tx in
            let reading = try Explain.person(id, by: caller, in: tx)
            let answer = Answer.ok { $0.object { write(reading.value, for: caller.actor.role, to: &$0) } }
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

    private static func write(_ explanation: Explanation, for role: Role, to writer: inout JSONWriter) {
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
        // Which homes and what a run drafted is the intake point's; the person and who supports them get the words.
        guard role == .coordinator || role == .intaker else { return }
        if let run = explanation.lastRun { writer.object("lastRun") { write(run, to: &$0) } }
        writer.array("dwellings") { writer in
            for home in explanation.homes { writer.object { write(home, to: &$0) } }
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
