// Support: the intake point asks a provider, the provider commits or says no. Nobody moves in without it.

package import Domain
package import Storage

/// A provider's answer.
package enum SupportAnswer: Sendable, Equatable {
    case accept(startsOn: CivilDate, hoursPerWeek: Int?, contactName: String, contactPhone: String)
    case decline(SupportDeclineReason, note: String?)
}

/// What a provider is asked for.
package struct SupportAsk: Sendable, Equatable {
    package var provider: OrganisationID
    package var kind: SupportKind
    package var hoursPerWeek: Int
    package var needs: [SupportNeed]
    package var wantedFrom: CivilDate?
    package var note: String?
    /// Whether the candidate agrees that this provider is asked; after a provider said no it is asked for.
    package var isAgreed: Bool

    /// A question to a provider.
    package init(
        provider: OrganisationID, kind: SupportKind = .tenancy, hoursPerWeek: Int, needs: [SupportNeed],
        wantedFrom: CivilDate?, note: String?, isAgreed: Bool = false
    ) {
        self.provider = provider
        self.kind = kind
        self.isAgreed = isAgreed
        self.hoursPerWeek = hoursPerWeek
        self.needs = needs
        self.wantedFrom = wantedFrom
        self.note = note
    }
}

/// Asks for support and answers.
package enum ArrangeSupport {
    /// Asks a provider to support somebody, from the intake on.
    ///
    /// - Throws: `UseCaseFault`.
    package static func ask(
        _ ask: SupportAsk, for id: ReferralID, by caller: Caller, in tx: WriteTransaction
    ) throws -> SupportRequest {
        try caller.require(.askSupport)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let standing = try steps.findOpen(id)
        guard standing.state != .submitted, standing.resuming != .submitted else {
            throw UseCaseFault.conflict(.other, "Support is asked for from the intake on.")
        }
        let found = try OrganisationStore(tx.db).find(ask.provider)
        guard let provider = found, provider.kind == .careProvider, provider.disabledAt == nil else {
            throw UseCaseFault.invalid(pointer: "/provider", code: "unknown", text: "There is no such care provider.")
        }
        let store = SupportStore(tx.db)
        guard ask.kind == .tenancy || standing.state != .housed else {
            throw UseCaseFault.conflict(.other, "Bridging support is for who waits for a home.")
        }
        let earlier = try store.list(
            states: [.asked, .accepted, .declined], about: id, in: .about(.everything), groups: .support,
            page: PageRequest(limit: 100)
        ).items.filter { $0.kind == ask.kind }
        if earlier.contains(where: { $0.state == .accepted }) {
            throw UseCaseFault.conflict(.other, "A provider has committed to support this person already.")
        }
        if earlier.contains(where: { $0.state == .asked && $0.provider.id == provider.id }) {
            throw UseCaseFault.conflict(.other, "This provider has been asked already and has not answered yet.")
        }
        guard ask.isAgreed || !earlier.contains(where: { $0.state == .declined }) else {
            throw UseCaseFault.conflict(
                .consentMissing, "A provider said no; the next one is asked when the candidate agrees.")
        }
        var request = SupportRequest(
            id: tx.newIdentifier(), referral: id, municipality: standing.municipality,
            provider: OrganisationName(id: provider.id, name: provider.name), state: .asked, needs: ask.needs,
            hoursPerWeek: ask.hoursPerWeek, wantedFrom: ask.wantedFrom, note: ask.note, askedAt: tx.now,
            answerDueOn: try steps.lastDay(of: .supportAnswer), version: 1)
        request.kind = ask.kind
        try store.insert(request)
        try dropTasks(about: id, steps)
        _ = try steps.journal.record(
            "support_asked", of: id, groups: [.status, .support, .care], object: request.id.retyped())
        try steps.keepClocks([.supportAsked], of: id, object: request.id.retyped())
        return request
    }

    /// Records a provider's answer.
    ///
    /// - Throws: `UseCaseFault`.
    package static func answer(
        _ id: SupportRequestID, _ answer: SupportAnswer, if precondition: Precondition = .any, by caller: Caller,
        in tx: WriteTransaction
    ) throws -> SupportRequest {
        try caller.require(.answerSupport)
        let store = SupportStore(tx.db)
        let visibility = AccessPolicy.supportRequests(visibleTo: caller.actor)
        let groups = AccessPolicy.groups(caller.actor.role, atSomeStageOf: "support_request")
        guard var request = try store.find(id, in: visibility, groups: groups) else { throw UseCaseFault.notFound }
        try precondition.check(request.version)
        guard request.state == .asked else {
            throw UseCaseFault.conflict(.other, "The request is \(request.state.rawValue) already.")
        }
        let steps = ReferralSteps(caller: caller, tx: tx)
        guard let standing = try steps.referrals.find(request.referral, in: .everything) else {
            throw UseCaseFault.notFound
        }
        request.answeredAt = tx.now
        request.version += 1
        let kind: String
        switch answer {
        case .accept(let startsOn, let hours, let name, let phone):
            guard startsOn <= steps.today.adding(months: 12) else {
                throw UseCaseFault.invalid(
                    pointer: "/startsOn", code: "range", text: "Must be at most a year from today.")
            }
            guard try store.accepted(for: request.referral, request.kind) == nil else {
                throw UseCaseFault.conflict(.other, "Another provider has committed to support this person already.")
            }
            request.state = .accepted
            request.startsOn = startsOn
            request.hoursPerWeek = hours ?? request.hoursPerWeek
            request.contactName = name
            request.contactPhone = phone
            kind = "support_accepted"
        case .decline(let reason, let note):
            request.state = .declined
            request.declineReason = reason
            request.declineNote = note
            kind = "support_declined"
        }
        guard try store.update(request) else { throw UseCaseFault.preconditionFailed }
        _ = try steps.touch(standing)
        _ = try steps.journal.record(
            kind, of: request.referral, reason: request.declineReason?.rawValue, groups: [.status, .support],
            object: id.retyped())
        try steps.keepClocks([.supportAnswered], of: request.referral, object: id.retyped())
        if request.state == .declined, standing.state.isOpen {
            let next = try proposals(for: standing, request.kind, in: tx.reading).fits.first
            try steps.raise(.nextProvider, about: request.referral, object: next?.provider.id.retyped())
        }
        return request
    }

    /// The providers that could be asked next, the most fitting first: none that has been asked for the same and said no, or
    /// has not answered yet.
    ///
    /// - Throws: `UseCaseFault`.
    package static func proposals(
        for id: ReferralID, _ kind: SupportKind, by caller: Caller, in tx: ReadTransaction
    ) throws -> Reading<(fits: [ProviderFit], regionVersion: Int)> {
        try caller.require(.readSupportProposals)
        let visibility = AccessPolicy.referrals(visibleTo: caller.actor)
        guard let standing = try ReferralStore(tx.db).find(id, in: visibility) else { throw UseCaseFault.notFound }
        return Reading(
            try proposals(for: standing, kind, in: tx),
            disclosures: [Disclosure("read_support_proposals", of: .status, about: id)].compactMap(\.self))
    }

    private static func proposals(
        for standing: ReferralStanding, _ kind: SupportKind, in tx: ReadTransaction
    ) throws -> (fits: [ProviderFit], regionVersion: Int) {
        let asked = try SupportStore(tx.db).list(
            states: [.asked, .accepted, .declined], about: standing.id, in: .about(.everything), groups: .support,
            page: PageRequest(limit: 100)
        ).items.filter { $0.kind == kind }.map(\.provider.id)
        let providers = try OrganisationStore(tx.db).list(kind: .careProvider)
            .filter { $0.disabledAt == nil && !asked.contains($0.id) }
            .map { (OrganisationName(id: $0.id, name: $0.name), $0.municipality) }
        let region = try RegionStore(tx.db).current()
        return (ProviderFit.inOrder(providers, for: standing.municipality, in: region.settings), region.version)
    }

    private static func dropTasks(about id: ReferralID, _ steps: ReferralSteps) throws {
        let store = TaskStore(steps.tx.db)
        for task in try store.open(about: id) where task.kind == .nextProvider {
            try store.end(
                .nextProvider, of: id, object: task.object, as: .done, by: steps.caller.actor, at: steps.tx.now)
        }
    }

    /// A provider that bridges goes on with the home: its support counts for the tenancy from now on.
    ///
    /// - Throws: `UseCaseFault`.
    package static func convert(
        _ id: SupportRequestID, hoursPerWeek: Int?, if precondition: Precondition = .any, by caller: Caller,
        in tx: WriteTransaction
    ) throws -> SupportRequest {
        try caller.require(.convertSupport)
        let store = SupportStore(tx.db)
        let visibility = AccessPolicy.supportRequests(visibleTo: caller.actor)
        let groups = AccessPolicy.groups(caller.actor.role, atSomeStageOf: "support_request")
        guard var request = try store.find(id, in: visibility, groups: groups) else { throw UseCaseFault.notFound }
        try precondition.check(request.version)
        guard request.kind == .bridging, request.state == .accepted else {
            throw UseCaseFault.conflict(.other, "Only bridging support that goes on can go on with the home.")
        }
        guard try store.accepted(for: request.referral) == nil else {
            throw UseCaseFault.conflict(.other, "Another provider has committed to support this person already.")
        }
        let steps = ReferralSteps(caller: caller, tx: tx)
        guard let standing = try steps.referrals.find(request.referral, in: .everything) else {
            throw UseCaseFault.notFound
        }
        request.kind = .tenancy
        request.hoursPerWeek = hoursPerWeek ?? request.hoursPerWeek
        request.version += 1
        guard try store.update(request) else { throw UseCaseFault.preconditionFailed }
        _ = try steps.touch(standing)
        _ = try steps.journal.record(
            "support_converted", of: request.referral, groups: [.status, .support], object: id.retyped())
        return request
    }
}
