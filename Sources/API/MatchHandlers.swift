// The routes of matches: what corporation staff poll, and what both sides answer.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum MatchHandlers {
    static func list(_ exchange: Exchange) async throws -> Answer {
        var query = QueryReader(exchange.request)
        let states = query.choices("status", as: MatchState.self)
        let page = query.page { Cursor.id($0, of: MatchTag.self) }
        try query.finish()
        let json = MatchJSON(now: exchange.now)
        return try await exchange.look {
            try Look.matches(states: states, page: page, by: exchange.caller, in: $0)
        } answer: { found in
            return Answer.page(found, of: exchange.request, cursor: { Cursor.encode($0) }) { json.write($1, to: &$0) }
        }
    }

    static func read(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: MatchTag.self)
        let json = MatchJSON(now: exchange.now)
        return try await exchange.look {
            try Look.match(id, by: exchange.caller, in: $0)
        } answer: { view in
            Answer.ok(version: view.version) { $0.object { json.write(view, to: &$0) } }
        }
    }

    static func propose(_ exchange: Exchange) async throws -> Answer {
        let proposal = try exchange.form(MatchForms.proposal)
        return try await changed(exchange) { caller, tx in
            try ProposeMatch.run(
                referral: proposal.referral, dwelling: proposal.dwelling, reason: proposal.reason,
                offering: proposal.offer, by: caller, in: tx)
        }
    }

    static func offer(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: MatchTag.self)
        _ = try exchange.form { _ in true }
        return try await changed(exchange) { try ProposeMatch.offer(id, by: $0, in: $1) }
    }

    static func answer(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: MatchTag.self)
        let (answer, party, vote) = try exchange.form(MatchForms.answer)
        let precondition = try exchange.optionalPrecondition()
        return try await changed(exchange) {
            try AnswerMatch.run(id, answer, onBehalfOf: party, vote: vote, if: precondition, by: $0, in: $1)
        }
    }

    static func review(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: MatchTag.self)
        let (outcome, reason) = try exchange.form { form -> (DeclineReviewOutcome, String)? in
            let outcome = form.choice("outcome", as: DeclineReviewOutcome.self)
            let reason = form.string("reason", length: 1...2000)
            guard let outcome, let reason else { return nil }
            return (outcome, reason)
        }
        return try await changed(exchange) { try TendOffer.review(id, outcome, reason: reason, by: $0, in: $1) }
    }

    static func setViewing(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: MatchTag.self)
        let moment = try exchange.form { form in
            form.custom("at", expecting: "a moment in UTC, written as 2026-01-31T12:00:00Z") { Instant(rfc3339: $0) }
        }
        return try await changed(exchange) { try TendOffer.setViewing(id, at: moment, by: $0, in: $1) }
    }

    static func introduce(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: MatchTag.self)
        let text = try exchange.form { $0.string("text", length: 1...4000) }
        return try await changed(exchange) { try TendOffer.introduce(id, text, by: $0, in: $1) }
    }

    private static func changed(
        _ exchange: Exchange, _ change: @escaping @Sendable (Caller, WriteTransaction) throws -> MatchView
    ) async throws -> Answer {
        let caller = exchange.caller
        return try await exchange.write { tx in
            let view = try change(caller, tx)
            let showing = Showing(view.groups, of: .match(view.id), about: view.referral)
            return .created(at: "/v1/matches/\(view.id)", version: view.version, showing: showing) { writer in
                writer.object { MatchJSON(now: tx.now).write(view, to: &$0) }
            }
        }
    }
}

enum MatchForms {
    struct Proposal: Sendable {
        var referral: ReferralID
        var dwelling: DwellingID
        var reason: String
        var offer: Bool
    }

    static func proposal(_ form: inout ObjectReader) -> Proposal? {
        let referral = form.identifier("referral", of: ReferralTag.self)
        let dwelling = form.identifier("dwelling", of: DwellingTag.self)
        let reason = form.string("reason", length: 1...2000)
        let offer = form.boolean("offer", .optional)
        guard let referral, let dwelling, let reason else { return nil }
        return Proposal(referral: referral, dwelling: dwelling, reason: reason, offer: offer ?? true)
    }

    private static func vote(_ form: inout ObjectReader) -> PanelVote? {
        let present = form.integer("present", in: 1...100)
        let inFavour = form.integer("inFavour", in: 0...100)
        guard let present, let inFavour else { return nil }
        guard inFavour <= present else {
            form.fault("inFavour", code: "range", text: "Must not be more than were present.")
            return nil
        }
        return PanelVote(present: Int(present), inFavour: Int(inFavour))
    }

    private enum Word: String, CaseIterable {
        case accept
        case decline
        case withdraw
        case expire
    }

    static func answer(
        _ form: inout ObjectReader
    ) -> (answer: MatchAnswer, party: MatchParty?, vote: PanelVote?)? {
        let word = form.choice("answer", as: Word.self)
        let isDecline = word == .decline
        let reason =
            isDecline || word == nil
            ? form.choice("reason", isDecline ? .required : .optional, as: DeclineReason.self) : nil
        let hasNote = word != .accept && word != .expire
        let note = hasNote ? form.string("note", .optional, length: 1...2000) : nil
        let party = form.choice("onBehalfOf", .optional, as: MatchParty.self)
        let vote = form.object("vote", .optional, vote)
        switch word {
        case .accept: return (.accept, party, vote)
        case .decline: return reason.map { (.decline($0, note: note), party, vote) }
        case .withdraw: return (.withdraw(note: note), party, vote)
        case .expire: return (.expire, party, vote)
        case nil: return nil
        }
    }
}

/// A match as its reader may see it.
struct MatchJSON: Sendable {
    /// When it is read; wishes are stale or not at a moment.
    let now: Instant

    func write(_ view: MatchView, to writer: inout JSONWriter) {
        writer.field("id", view.id)
        writer.field("status", view.standing.state)
        writer.field("origin", view.isFromRun ? "run" : "by_hand")
        if let run = view.workings?.run { writer.field("run", run) }
        writer.field("createdAt", view.createdAt)
        writer.field("offeredAt", ifPresent: view.offeredAt)
        writer.field("answerDueOn", ifPresent: view.answerDueOn)
        writer.field("endedAt", ifPresent: view.endedAt)
        writer.field("landlordAnswer", view.standing.landlord)
        writer.field("candidateAnswer", view.standing.candidate)
        if let workings = view.workings {
            writer.field("reason", workings.reason)
            writer.field("failingLimits", workings.failingLimits)
            writer.field("regionVersion", ifPresent: workings.regionVersion)
            writer.field("profileVersion", ifPresent: workings.profileVersion)
        }
        decline(view, to: &writer)
        life(view, to: &writer)
        writer.object("dwelling") { DwellingJSON.write(view.dwelling, to: &$0) }
        writer.object("candidate") { candidate(view, to: &$0) }
        writer.field("version", view.version)
    }

    private func decline(_ view: MatchView, to writer: inout JSONWriter) {
        guard let reason = view.declineReason else { return }
        let party: MatchParty = view.standing.landlord == .declined ? .landlord : .candidate
        writer.field("declinedBy", party)
        writer.field("declineReason", reason)
        writer.field("declineNote", ifPresent: view.declineNote)
    }

    private func life(_ view: MatchView, to writer: inout JSONWriter) {
        writer.field("viewingAt", ifPresent: view.viewingAt)
        if let review = view.review {
            writer.object("review") { writer in
                writer.field("outcome", review.outcome)
                writer.field("reason", review.reason)
                writer.field("at", review.at)
                if let next = review.next { writer.field("match", next) }
            }
        }
        writer.field("introduction", ifPresent: view.introduction)
        if let vote = view.vote {
            writer.object("vote") { writer in
                writer.field("present", vote.present)
                writer.field("inFavour", vote.inFavour)
            }
        }
        let endedOn = view.endedAt.map { AmsterdamTime.day(of: $0) }
        if view.workings != nil, view.standing.isLateDecline(endedOn: endedOn, dueOn: view.answerDueOn) {
            writer.field("late", true)
        }
    }

    private func candidate(_ view: MatchView, to writer: inout JSONWriter) {
        if view.groups.contains(.dossier) { writer.field("referral", view.referral) }
        if let identity = view.identity { ReferralJSON.write(identity, to: &writer) }
        if let contact = view.contact { ReferralJSON.write(contact, to: &writer) }
        ReferralJSON.housingNeeds(view.household, view.accessibility, to: &writer)
        if let wishes = view.wishes {
            writer.object("wishes") { ConversationJSON.write(wishes, now: now, to: &$0) }
        }
        if let forms = view.wantedForms { writer.field("wantedForms", forms) }
        writer.field("rentFitsIncome", ifPresent: view.rentFitsIncome)
        if let support = view.support { ReferralJSON.commitment(support, to: &writer) }
    }
}
