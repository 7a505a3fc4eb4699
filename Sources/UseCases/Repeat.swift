// An answer that is given again. The first answer was right when it was made; since then its reader may have lost sight of
// what it is about, or of part of it. So what an answer shows, and of what, is kept with it, and is held against the policy
// of the moment before it leaves once more: all of it, or none.

package import Domain
package import Storage

/// What an answer shows and of what.
package struct Showing: Sendable, Equatable {
    package var subject: ExistingResource
    package var groups: FieldGroups
    /// Whom it is about; not kept in the text.
    package var referral: ReferralID?

    /// What is shown of something that is about somebody, or about nobody.
    package init(_ groups: FieldGroups, of subject: ExistingResource, about referral: ReferralID?) {
        self.groups = groups
        self.subject = subject
        self.referral = referral
    }

    /// What is shown of a referral.
    package init(_ groups: FieldGroups, of referral: ReferralID) {
        self.init(groups, of: .referral(referral), about: referral)
    }
}

extension Showing {
    /// As it is kept: the kind, the id, and the names of the groups.
    package var text: String {
        let (kind, id) = subject.words
        return ([kind, id] + groups.names).joined(separator: " ")
    }

    /// What was kept; nil for a text that says nothing.
    package init?(text: String) {
        let words = text.split(separator: " ").map(String.init)
        guard words.count >= 2, let subject = ExistingResource(kind: words[0], id: words[1]) else { return nil }
        self.init(FieldGroups(names: words.dropFirst(2)), of: subject, about: nil)
    }
}

/// An answer that is given again.
package enum Repeat {
    /// Lets an earlier answer pass, and writes down that the caller is shown once more what it shows.
    ///
    /// - Throws: `UseCaseFault`; `.notFound` when what it is about is out of the caller's sight by now, `.conflict` when the
    ///   caller may see less of it than the answer shows.
    package static func allow(_ showing: Showing, to caller: Caller, in tx: WriteTransaction) throws {
        guard let now = try sight(of: showing.subject, by: caller, in: tx) else { throw UseCaseFault.notFound }
        guard now.groups.isSuperset(of: showing.groups) else {
            throw withheld(showing.subject)
        }
        guard let referral = now.referral else { return }
        // Of a referral itself the status alone says something about somebody.
        let object: Identifier<Any>? = if case .referral = showing.subject { nil } else { showing.subject.object }
        try Journal(caller: caller, tx: tx).disclose(
            Disclosure("read_again", of: showing.groups, about: referral, object: object, as: now.sight))
    }

    /// The refusal to give an answer again that shows more than may be seen now.
    package static func withheld(_ subject: ExistingResource?) -> UseCaseFault {
        .conflict(
            .answerWithheld, "The request was carried out; its answer showed more than you may see now. Read anew.",
            existing: subject)
    }

    // What the caller sees of something now, as what, and about whom; nil when it is not the caller's to know of.
    private static func sight(
        of subject: ExistingResource, by caller: Caller, in tx: WriteTransaction
    ) throws -> Sighted? {
        let (actor, role) = (caller.actor, caller.actor.role)
        switch subject {
        case .referral(let id):
            let found = try ReferralStore(tx.db).find(id, in: AccessPolicy.referrals(visibleTo: actor), decided: false)
            return found.map { Sighted(.referral, role, $0.id) }
        case .match(let id):
            let today = AmsterdamTime.day(of: tx.now)
            let found = try MatchStore(tx.db).find(
                id, in: AccessPolicy.matches(visibleTo: actor), for: role, on: today)
            return found.map { Sighted(groups: $0.groups, sight: .match($0.stage), referral: $0.referral) }
        case .supportRequest(let id):
            let found = try SupportStore(tx.db).find(
                id, in: AccessPolicy.supportRequests(visibleTo: actor), groups: .status)
            return found.map { Sighted(.supportRequest($0.state.stage), role, $0.referral) }
        case .tenancy(let id):
            let found = try TenancyStore(tx.db).find(id, in: AccessPolicy.tenancies(visibleTo: actor))
            return found.map { Sighted(.tenancy, role, $0.referral) }
        case .dwelling(let id):
            let found = try DwellingStore(tx.db).find(id, in: AccessPolicy.dwellings(visibleTo: actor))
            return found.map { _ in Sighted(groups: .address) }
        case .signal(let id):
            let found = try SignalStore(tx.db).find(id, for: actor)
            return found.map { Sighted(.signal($0.stage(for: actor)), role, $0.referral) }
        case .handover(let id):
            let found = try HandoverStore(tx.db).find(id, in: AccessPolicy.handovers(visibleTo: actor))
            return found.map { Sighted(.handover($0.state.stage), role, $0.content.referral) }
        case .task(let id):
            let found = try TaskStore(tx.db).find(id, in: AccessPolicy.tasks(visibleTo: actor))
            return found.map { Sighted(groups: .status, referral: $0.referral) }
        case .emergency(let id):
            // Whoever may judge one may read that judgement.
            guard actor.role == .coordinator, let access = try RestrictionStore(tx.db).access(id) else { return nil }
            return Sighted(groups: .status, referral: access.referral)
        case .consultation(let id):
            let found = try ConsultationStore(tx.db).find(id, in: AccessPolicy.consultations(visibleTo: actor))
            return found.map { _ in Sighted(groups: []) }
        case .matchRun(let id):
            // What an answer shows of a run are counts, and with its offers the ids of whom it proposed something to.
            let store = MatchRunStore(tx.db)
            guard AccessPolicy.decide(actor, .readMatchRuns) == .allow, try store.find(id) != nil else { return nil }
            let hidden = try store.hidden(of: id, from: AccessPolicy.referrals(visibleTo: actor))
            return Sighted(groups: hidden.isEmpty ? .status : [])
        }
    }
}

/// What somebody sees of something.
private struct Sighted {
    var groups: FieldGroups
    var sight = Sight.referral
    /// Whom it is about; nil when it is about nobody.
    var referral: ReferralID?

    init(groups: FieldGroups, sight: Sight = .referral, referral: ReferralID? = nil) {
        self.groups = groups
        self.sight = sight
        self.referral = referral
    }

    /// What a role sees of it by the table.
    init(_ sight: Sight, _ role: Role, _ referral: ReferralID?) {
        self.init(groups: AccessPolicy.groups(role, sight), sight: sight, referral: referral)
    }
}

extension ExistingResource {
    fileprivate var words: (kind: String, id: String) {
        switch self {
        case .referral(let id): ("referral", id.description)
        case .dwelling(let id): ("dwelling", id.description)
        case .match(let id): ("match", id.description)
        case .supportRequest(let id): ("support_request", id.description)
        case .tenancy(let id): ("tenancy", id.description)
        case .task(let id): ("task", id.description)
        case .signal(let id): ("signal", id.description)
        case .handover(let id): ("handover", id.description)
        case .emergency(let id): ("emergency", id.description)
        case .consultation(let id): ("consultation", id.description)
        case .matchRun(let id): ("match_run", id.description)
        }
    }

    fileprivate init?(kind: String, id: String) {
        let resource: ExistingResource? =
            switch kind {
            case "referral": ReferralID(id).map { .referral($0) }
            case "dwelling": DwellingID(id).map { .dwelling($0) }
            case "match": MatchID(id).map { .match($0) }
            case "support_request": SupportRequestID(id).map { .supportRequest($0) }
            case "tenancy": TenancyID(id).map { .tenancy($0) }
            case "task": TaskID(id).map { .task($0) }
            case "signal": SignalID(id).map { .signal($0) }
            case "handover": HandoverID(id).map { .handover($0) }
            case "emergency": EmergencyID(id).map { .emergency($0) }
            case "consultation": ConsultationID(id).map { .consultation($0) }
            case "match_run": MatchRunID(id).map { .matchRun($0) }
            default: nil
            }
        guard let resource else { return nil }
        self = resource
    }

    /// Its name among all objects, as the ledger has it.
    fileprivate var object: Identifier<Any> {
        switch self {
        case .referral(let id): id.retyped()
        case .dwelling(let id): id.retyped()
        case .match(let id): id.retyped()
        case .supportRequest(let id): id.retyped()
        case .tenancy(let id): id.retyped()
        case .task(let id): id.retyped()
        case .signal(let id): id.retyped()
        case .handover(let id): id.retyped()
        case .emergency(let id): id.retyped()
        case .consultation(let id): id.retyped()
        case .matchRun(let id): id.retyped()
        }
    }
}
