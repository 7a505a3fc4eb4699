// Offers made from a run, all or chosen, in one commit. Since the run was computed people may have moved on and homes may
// be gone: each proposal is held against the rules once more, and one that no longer holds is refused with the reason while
// the others are made. None is half made.

package import Domain
internal import Matching
package import Storage

/// Which proposals of a run.
package enum RunChoice: Sendable, Equatable {
    case all
    case people([ReferralID])
}

/// A proposal that became an offer.
package struct MadeOffer: Sendable, Equatable {
    package var referral: ReferralID
    package var dwelling: DwellingID
    package var match: MatchID
}

/// A proposal that did not, and why.
package struct RefusedOffer: Sendable, Equatable {
    package var referral: ReferralID
    package var dwelling: DwellingID?
    /// The slug of a conflict, or `limits`.
    package var code: String
    package var text: String
    /// The limits that fail now.
    package var limits: [String]
}

/// What came of offering.
package struct RunOffers: Sendable, Equatable {
    package var run: MatchRunID
    package var offered: [MadeOffer]
    package var refused: [RefusedOffer]
}

/// Offers what a run proposes.
package enum OfferFromRun {
    /// Offers the chosen proposals.
    ///
    /// - Throws: `UseCaseFault`; `.conflict` for a run that is not done or only tried rules.
    package static func run(
        _ id: MatchRunID, _ choice: RunChoice, by caller: Caller, in tx: WriteTransaction
    ) throws -> RunOffers {
        try caller.require(.runMatches)
        let store = MatchRunStore(tx.db)
        guard let run = try store.find(id) else { throw UseCaseFault.notFound }
        guard run.state == .done else {
            throw UseCaseFault.conflict(.other, "The run is \(run.state.rawValue); there is nothing to offer yet.")
        }
        guard !run.rules.isTrial else {
            throw UseCaseFault.conflict(.other, "The run only tried other rules; ask for one by the rules in force.")
        }
        var maker = Maker(
            run: run, steps: ReferralSteps(caller: caller, tx: tx),
            moves: try MatchFactsStore(tx.db).moves(in: AmsterdamTime.day(of: tx.now).year),
            result: RunOffers(run: id, offered: [], refused: []))
        for line in try lines(choice, of: id, store, maker.steps) { try maker.offer(line) }
        return maker.result
    }

    private static func lines(
        _ choice: RunChoice, of id: MatchRunID, _ store: MatchRunStore, _ steps: ReferralSteps
    ) throws -> [MatchRunLine] {
        let visibility = AccessPolicy.referrals(visibleTo: steps.caller.actor)
        switch choice {
        case .all:
            var filter = MatchRunFilter()
            filter.isProposed = true
            return try store.lines(of: id, filter, in: visibility, page: PageRequest(limit: Int(Int32.max))).items
        case .people(let people):
            return try people.enumerated().map { place, referral in
                guard try steps.referrals.find(referral, in: visibility) != nil,
                    let line = try store.line(of: referral, in: id)
                else {
                    throw UseCaseFault.invalid(
                        pointer: "/referrals/\(place)", code: "unknown", text: "This person is not in the run.")
                }
                return line
            }.sorted { $0.place < $1.place }
        }
    }

    private struct Maker {
        let run: MatchRun
        let steps: ReferralSteps
        var moves: [Neighbourhood: Int]
        var result: RunOffers

        mutating func offer(_ line: MatchRunLine) throws {
            guard let id = line.dwelling else {
                return refuse(line, "no-proposal", "The run proposes nothing to this person.")
            }
            guard let standing = try steps.referrals.find(line.referral, in: .everything), standing.state == .waiting
            else {
                return refuse(line, Conflict.referralNotWaiting.rawValue, "The person does not wait any more.")
            }
            guard let dwelling = try DwellingStore(steps.tx.db).find(id, in: .everything), dwelling.state == .free
            else {
                return refuse(line, Conflict.dwellingNotFree.rawValue, "The dwelling is not free any more.")
            }
            guard let person = try MatchFactsStore(steps.tx.db).candidates(.one(line.referral)).first else { return }
            var facts = FactsMaker(try steps.region().settings, run.rules, on: steps.today, moves: moves)
            let home = facts.facts(dwelling)
            let failing = Feasibility.failingLimits(
                candidate: facts.facts(person), dwelling: home, on: steps.today.dayNumber)
            guard failing.isEmpty else {
                let words = failing.map(\.reason).joined(separator: "; ")
                return refuse(line, "limits", "Since the run: \(words).", failing.map(\.rawValue))
            }
            do {
                try MoveReferral.requireNotTakenInElsewhere(standing, steps)
            } catch UseCaseFault.conflict(let conflict, let text, _) {
                return refuse(line, conflict.rawValue, text)
            }
            let reason =
                "Proposed by a match run: place \(line.place + 1) in the queue, score \(line.person.score ?? 0)."
            let match = try ProposeMatch.make(person, dwelling, reason: reason, failing: [], run: run.id, steps)
            try ProposeMatch.offer(match, steps)
            moves[Neighbourhood(dwelling.content.municipality, dwelling.content.neighbourhood), default: 0] += 1
            result.offered.append(MadeOffer(referral: line.referral, dwelling: id, match: match))
        }

        private mutating func refuse(_ line: MatchRunLine, _ code: String, _ text: String, _ limits: [String] = []) {
            result.refused.append(
                RefusedOffer(referral: line.referral, dwelling: line.dwelling, code: code, text: text, limits: limits))
        }
    }
}
