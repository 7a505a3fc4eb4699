// Who asks, and the two things every use case does with that: ask the policy, and write down what was done. Knows no
// route and no table.

package import Domain
package import Storage

/// Who asks, and as part of which request.
package struct Caller: Sendable {
    package var actor: Actor
    package var trace: RequestTrace

    /// A caller.
    package init(actor: Actor, trace: RequestTrace) {
        self.actor = actor
        self.trace = trace
    }

    /// Refuses an action that the caller's role may never do.
    ///
    /// - Throws: `UseCaseFault.forbidden`.
    package func require(_ action: Action) throws {
        guard AccessPolicy.decide(actor, action) == .allow else {
            throw UseCaseFault.forbidden("The role \(actor.role.rawValue) may not do this.")
        }
    }
}

/// What was read, and what of it has to be in the ledger before it leaves the service.
package struct Reading<Value> {
    package var value: Value
    package var disclosures: [Disclosure]

    /// A reading; of nothing personal unless disclosures are given.
    package init(_ value: Value, disclosures: [Disclosure] = []) {
        self.value = value
        self.disclosures = disclosures
    }
}

extension Disclosure {
    /// A disclosure of those of the groups that are personal; nil when none is. What is not about another object is
    /// about the referral itself, of which the status is personal too.
    init?(
        _ action: String, of groups: FieldGroups, about referral: ReferralID, object: Identifier<Any>? = nil,
        as sight: Sight = .referral
    ) {
        let personal = groups.intersection(object == nil ? .personalInReferral : .personal)
        guard !personal.isEmpty else { return nil }
        self.init(
            referral: referral, object: object ?? referral.retyped(), action: action, groups: personal, sight: sight)
    }

    /// A search that found nobody: what it was by, and not what for.
    static func fruitless(by groups: FieldGroups, inEmergency: Bool = false) -> Disclosure {
        Disclosure(
            referral: .nobody, object: ReferralID.nobody.retyped(), action: "search",
            groups: groups.intersection(.personalInReferral), isEmergency: inEmergency)
    }

    /// A look along the ledger: an entry for each person in what was found, and one about nobody when there is none.
    package static func audit(of found: [LedgerLine]) -> [Disclosure] {
        let people = Set(found.map(\.referral)).sorted()
        return (people.isEmpty ? [.nobody] : people).map {
            Disclosure(
                referral: $0, object: $0.retyped(), action: LedgerAction.searchDisclosures, groups: .disclosures,
                sight: .disclosures)
        }
    }
}

/// A refusal that tells of a person.
package enum Refused {
    /// What a fault tells of a person, as the ledger is to have it before the caller hears it; nil when it tells nothing.
    package static func disclosure(of fault: UseCaseFault) -> Disclosure? {
        guard case .conflict(_, _, existing: .referral(let id)) = fault else { return nil }
        return Disclosure(
            referral: id, object: id.retyped(), action: "search_duplicates", groups: .duplicates, result: .refused)
    }
}

/// Writes the event and the ledger entry of one change, in the transaction of the change itself.
struct Journal {
    let caller: Caller
    let tx: WriteTransaction

    func record(
        _ kind: String, of referral: ReferralID, from: ReferralState? = nil, to: ReferralState? = nil,
        reason: String? = nil, groups: FieldGroups, object: Identifier<Any>? = nil, as sight: Sight = .referral,
        inEmergency: Bool = false, showing shown: Disclosure? = nil
    ) throws -> EventID {
        let id = tx.newIdentifier(of: EventTag.self)
        try EventStore(tx.db).insert(
            id, about: referral, kind: kind, from: from, to: to, by: caller.actor, reason: reason, at: tx.now)
        let entry = Disclosure(
            referral: referral, object: object ?? referral.retyped(), action: kind, groups: groups, sight: sight,
            isEmergency: inEmergency)
        try LedgerStore(tx.db).append(
            [entry] + (shown.map { [$0] } ?? []), by: caller.actor, trace: caller.trace, at: tx.now)
        return id
    }

    /// Records that the answer to a change shows what its reader may see.
    func disclose(_ disclosure: Disclosure?) throws {
        guard let disclosure else { return }
        try LedgerStore(tx.db).append([disclosure], by: caller.actor, trace: caller.trace, at: tx.now)
    }
}
