// Both sides answer an offered match. The landlord and the candidate speak for themselves; a support worker or the
// coordinator may pass on the candidate's word. The coordinator alone withdraws a match or lets it expire.

package import Domain
package import Storage

/// What is said of a match.
package enum MatchAnswer: Sendable, Equatable {
    case accept
    case decline(DeclineReason, note: String?)
    case withdraw(note: String?)
    case expire
}

extension MatchAnswer {
    /// Whether it says that the residents did not admit somebody.
    fileprivate var isRefusalByVote: Bool {
        if case .decline(.panelDidNotAdmit, _) = self { true } else { false }
    }
}

/// Answers matches.
package enum AnswerMatch {
    /// Records an answer and what follows from it for the referral, the dwelling and the candidate's other matches.
    ///
    /// - Throws: `UseCaseFault`.
    package static func run(
        _ id: MatchID, _ answer: MatchAnswer, onBehalfOf: MatchParty?, vote: PanelVote? = nil,
        if precondition: Precondition = .any, by caller: Caller, in tx: WriteTransaction
    ) throws -> MatchView {
        try caller.require(.answerMatch)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let store = MatchStore(tx.db)
        guard let row = try store.row(id, in: AccessPolicy.matches(visibleTo: caller.actor)) else {
            throw UseCaseFault.notFound
        }
        try precondition.check(row.version)
        let speaker = try speaker(answer, onBehalfOf, caller.actor.role)
        let words = try words(answer, speaker: speaker, row: row, today: steps.today)
        if case .accept = answer { try requireConsent(row, steps) }
        try requireVote(vote, behind: answer, caller.actor.role)
        _ = try standing(of: row, after: words.event)
        try store.insert(
            response: tx.newIdentifier(), to: id, answer: words.answer, party: speaker?.party,
            onBehalf: speaker?.onBehalf ?? false, by: caller.actor.role, reason: words.declined?.reason,
            note: words.note, vote: vote, at: tx.now)
        // What a side wrote beside its reason stays in its answer; the timeline, which others read, has the reason alone.
        let reason = words.declined?.reason.rawValue
        try finish(row, words.event, kind: words.kind, reason: reason, declined: words.declined, steps)
        if case .decline(.landlord) = words.event {
            try steps.raise(.reviewDecline, about: row.referral, object: id.retyped())
        }
        return try MatchReader.view(id, steps)
    }

    // A consent may have run out since the offer; nobody learns a name on one that has. Who may not see what the person
    // agreed to is not told by the refusal either.
    private static func requireConsent(_ row: MatchRow, _ steps: ReferralSteps) throws {
        let consents = try ConversationStore(steps.tx.db).consents(of: row.referral)
        guard consents.allowOffer(to: row.landlord, on: steps.today) else {
            guard AccessPolicy.groups(ofReferralFor: steps.caller.actor.role).contains(.consents) else {
                throw UseCaseFault.conflict(.other, "This offer can't be accepted now; the intake point knows why.")
            }
            throw UseCaseFault.conflict(
                .consentMissing,
                "The candidate's consent to matching and to sharing with this landlord is not in force.")
        }
    }

    // The residents of a facility decide themselves, enough of them and by more than half; others have no vote.
    private static func requireVote(_ vote: PanelVote?, behind answer: MatchAnswer, _ role: Role) throws {
        func fault(_ code: String, _ text: String) -> UseCaseFault {
            .invalid(pointer: "/vote", code: code, text: text)
        }
        let isVoted = answer == .accept || answer.isRefusalByVote
        guard role == .panel, isVoted else {
            guard vote == nil else { throw fault("unknown-field", "Only a resident panel answers by a vote.") }
            return
        }
        guard let vote else { throw fault("required", "Say how many residents were there and how many said yes.") }
        guard vote.hasQuorum else {
            throw fault("quorum", "At least \(PanelVote.quorum) residents decide.")
        }
        guard vote.admits == (answer == .accept) else {
            throw fault("majority", "The answer is not what more than half of them said.")
        }
    }

    private struct Speaker {
        var party: MatchParty
        var onBehalf: Bool
    }

    // Whose answer this is; nil for the coordinator's own words about the match.
    private static func speaker(_ answer: MatchAnswer, _ onBehalfOf: MatchParty?, _ role: Role) throws -> Speaker? {
        let isAnswerOfASide: Bool =
            switch answer {
            case .accept, .decline: true
            case .withdraw, .expire: false
            }
        let own: MatchParty? =
            switch role {
            case .allocator, .panel: .landlord
            case .candidate: .candidate
            default: nil
            }
        if let own {
            guard isAnswerOfASide else {
                throw UseCaseFault.forbidden("Only the coordinator withdraws a match or lets it expire.")
            }
            guard onBehalfOf == nil || onBehalfOf == own else {
                throw UseCaseFault.forbidden("The role \(role.rawValue) answers for its own side.")
            }
            return Speaker(party: own, onBehalf: false)
        }
        if !isAnswerOfASide {
            guard role == .coordinator else {
                throw UseCaseFault.forbidden("Only the coordinator withdraws a match or lets it expire.")
            }
            return nil
        }
        guard onBehalfOf == .candidate else {
            throw UseCaseFault.invalid(
                pointer: "/onBehalfOf", code: "required", text: "Say on whose word: candidate.")
        }
        return Speaker(party: .candidate, onBehalf: true)
    }

    private struct Words {
        var answer: String
        var event: MatchEvent
        var kind: String
        var declined: (reason: DeclineReason, note: String?)?
        var note: String?
    }

    private static func words(
        _ answer: MatchAnswer, speaker: Speaker?, row: MatchRow, today: CivilDate
    ) throws -> Words {
        let party = speaker?.party ?? .candidate
        switch answer {
        case .accept:
            return Words(answer: "accept", event: .accept(party), kind: "\(party.rawValue)_accepted")
        case .decline(let reason, let note):
            guard reason.parties.contains(party) else {
                throw UseCaseFault.invalid(
                    pointer: "/reason", code: "enum", text: "This is not a reason the \(party.rawValue) can give.")
            }
            return Words(
                answer: "decline", event: .decline(party), kind: "\(party.rawValue)_declined",
                declined: (reason, note), note: note)
        case .withdraw(let note):
            return Words(answer: "withdraw", event: .withdraw, kind: "match_withdrawn", note: note)
        case .expire:
            guard let due = row.answerDueOn, due < today else {
                throw UseCaseFault.conflict(.other, "The term to answer has not passed.")
            }
            return Words(answer: "expire", event: .expire, kind: "match_expired")
        }
    }

    private static func standing(of row: MatchRow, after event: MatchEvent) throws -> MatchStanding {
        guard let next = row.standing.after(event) else {
            throw UseCaseFault.conflict(
                .other, "The match is \(row.standing.state.rawValue); this can't be said of it now.")
        }
        return next
    }

    private static func keepClocks(
        of row: MatchRow, _ event: MatchEvent, ended: Bool, _ steps: ReferralSteps
    ) throws {
        switch event {
        case .accept(let party), .decline(let party):
            try steps.keepClocks([.answered(party)], of: row.referral, object: row.id.retyped())
        default: break
        }
        if ended { try steps.keepClocks([.matchEnded], of: row.referral, object: row.id.retyped()) }
    }

    /// Applies an event to a match, with what follows for the dwelling, the referral and the candidate's other matches.
    static func finish(
        _ row: MatchRow, _ event: MatchEvent, kind: String, reason: String?,
        declined: (reason: DeclineReason, note: String?)? = nil, _ steps: ReferralSteps
    ) throws {
        let store = MatchStore(steps.tx.db)
        let next = try standing(of: row, after: event)
        guard try store.update(row, to: next, declined: declined, at: steps.tx.now) else {
            throw UseCaseFault.preconditionFailed
        }
        _ = try steps.journal.record(
            row.eventKind(kind), of: row.referral, reason: reason, groups: .status, object: row.id.retyped(),
            as: .match(row.standing.stage))
        try keepClocks(of: row, event, ended: !next.state.isLive, steps)
        if next.state != row.standing.state, !next.state.isLive, next.state != .fulfilled {
            try DwellingStore(steps.tx.db).update(state: .free, of: row.dwelling)
            try steps.tellNext(about: row.dwelling)
        }
        let others = try store.live(of: row.referral).filter { $0.id != row.id && $0.standing.state != .proposed }
        guard let move = next.consequence(from: row.standing, otherLiveMatches: !others.isEmpty) else { return }
        // The standing is read whatever the caller's scope: a landlord's answer moves a referral it can't see.
        guard let standing = try steps.referrals.find(row.referral, in: .everything) else {
            throw UseCaseFault.notFound
        }
        if move == .accept {
            try steps.withdrawMatches(
                of: row.referral, except: row.id, reason: "The candidate has accepted another dwelling.")
        }
        _ = try steps.make(move, on: standing, reason: reason, as: .match(row.standing.stage))
    }
}
