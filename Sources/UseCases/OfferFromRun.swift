// Offers made from a run, all or chosen, in one commit. Since the run was computed people may have moved on and homes may
// be gone: each proposal is held against the rules once more, and one that no longer holds is refused with the reason while
// the others are made. None is half made. Each is a step of its own: many within one savepoint would cost ever more.

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
    /// The slug of a conflict, `limits` or `no-proposal`.
    package var code: String
    package var text: String
    /// The limits that fail now.
    package var limits: [String]
}

/// What came of offering.
package struct RunOffers: Sendable, Equatable {
    package var run: MatchRunID
    package var offered: [MadeOffer] = []
    package var refused: [RefusedOffer] = []
    /// How many proposals are to people whom the caller may not know of: who may, can offer them.
    package var withheld = 0

    /// What came of offering, nothing yet.
    package init(run: MatchRunID, withheld: Int = 0) {
        self.run = run
        self.withheld = withheld
    }
}

/// Offers what a run proposes.
package enum OfferFromRun {
    /// What is to be offered of a run, which never changes once it is done.
    ///
    /// - Throws: `UseCaseFault`; `.conflict` for a run that is not done or only tried rules.
    package static func prepare(
        _ id: MatchRunID, _ choice: RunChoice, by caller: Caller, in tx: ReadTransaction
    ) throws -> RunOffering {
        try caller.require(.runMatches)
        let store = MatchRunStore(tx.db)
        guard let run = try store.find(id) else { throw UseCaseFault.notFound }
        guard run.state == .done else {
            throw UseCaseFault.conflict(.other, "The run is \(run.state.rawValue); there is nothing to offer yet.")
        }
        guard !run.rules.isTrial else {
            throw UseCaseFault.conflict(.other, "The run only tried other rules; ask for one by the rules in force.")
        }
        var proposals = try store.proposals(of: id)
        switch choice {
        case .all: proposals.removeAll { $0.dwelling == nil }
        case .people(let people):
            let known = Set(proposals.map(\.referral))
            let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
            for (place, referral) in people.enumerated() {
                guard known.contains(referral), try ReferralStore(tx.db).find(referral, in: visibility) != nil else {
                    throw UseCaseFault.invalid(
                        pointer: "/referrals/\(place)", code: "unknown", text: "This person is not in the run.")
                }
            }
            let chosen = Set(people)
            proposals.removeAll { !chosen.contains($0.referral) }
        }
        return RunOffering(run: run, caller: caller, proposals: proposals, result: RunOffers(run: id))
    }
}

/// The proposals of a run on their way to be offers, one after another within one commit.
package struct RunOffering: Sendable {
    fileprivate let run: MatchRun
    fileprivate let caller: Caller
    /// What is to be offered, in the queue's order.
    package let proposals: [RunProposal]
    /// What came of it so far.
    package fileprivate(set) var result: RunOffers
    /// The rules as they stood at the first, with what has been offered since counted in.
    private var facts: FactsMaker?

    fileprivate init(run: MatchRun, caller: Caller, proposals: [RunProposal], result: RunOffers) {
        self.run = run
        self.caller = caller
        self.proposals = proposals
        self.result = result
    }

    /// Why a proposal can't be offered now.
    private struct Refusal: Error {
        var code: String
        var text: String
        var limits: [String] = []

        init(_ conflict: Conflict, _ text: String) { (code, self.text) = (conflict.rawValue, text) }
        init(code: String, text: String, limits: [String] = []) {
            (self.code, self.text, self.limits) = (code, text, limits)
        }
    }

    /// Offers one of the proposals, or writes down why not.
    ///
    /// - Throws: what the database throws; a refusal is part of the result.
    package mutating func offer(_ number: Int, in tx: WriteTransaction) throws {
        // A dossier may have been destroyed meanwhile.
        guard proposals.indices.contains(number) else { return }
        let steps = ReferralSteps(caller: caller, tx: tx)
        let proposal = proposals[number]
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        guard let standing = try steps.referrals.find(proposal.referral, in: visibility) else {
            result.withheld += 1
            return
        }
        var facts = try facts ?? FactsMaker(on: steps.today, in: tx.reading)
        defer { self.facts = facts }
        func refuse(_ refusal: Refusal) {
            result.refused.append(
                RefusedOffer(
                    referral: proposal.referral, dwelling: proposal.dwelling, code: refusal.code, text: refusal.text,
                    limits: refusal.limits))
        }
        do {
            let made = try tx.attempt { try make(proposal, standing, &facts, steps) }
            result.offered.append(made)
        } catch let refusal as Refusal {
            refuse(refusal)
        } catch UseCaseFault.conflict(let conflict, let text, _) {
            refuse(Refusal(conflict, text))
        } catch is UseCaseFault {
            refuse(Refusal(.other, "It could not be offered now."))
        }
    }

    private func make(
        _ proposal: RunProposal, _ standing: ReferralStanding, _ facts: inout FactsMaker, _ steps: ReferralSteps
    ) throws -> MadeOffer {
        guard let id = proposal.dwelling else {
            throw Refusal(code: "no-proposal", text: "The run proposes nothing to this person.")
        }
        guard standing.state == .waiting, try MatchStore(steps.tx.db).live(of: standing.id).isEmpty,
            let person = try MatchFactsStore(steps.tx.db).candidates(.one(standing.id)).first
        else { throw Refusal(.referralNotWaiting, "The person does not wait any more, or has another match.") }
        guard let dwelling = try DwellingStore(steps.tx.db).find(id, in: .everything), dwelling.state == .free else {
            throw Refusal(.dwellingNotFree, "The dwelling is not free any more.")
        }
        let home = facts.facts(dwelling)
        let failing = Feasibility.failingLimits(
            candidate: facts.facts(person), dwelling: home, on: steps.today.dayNumber)
        guard failing.isEmpty else {
            let words = failing.map(\.reason).joined(separator: "; ")
            throw Refusal(code: "limits", text: "Since the run: \(words).", limits: failing.map(\.rawValue))
        }
        try MoveReferral.requireNotTakenInElsewhere(standing, steps)
        let reason = "Proposed by a match run: place \(proposal.place + 1) in the queue, score \(proposal.score ?? 0)."
        let match = try ProposeMatch.make(person, dwelling, reason: reason, failing: [], run: run.id, steps)
        try ProposeMatch.offer(match, steps)
        facts.noteMove(to: dwelling)
        return MadeOffer(referral: standing.id, dwelling: id, match: match)
    }
}
