// Supply: a landlord offers a dwelling, changes it, or takes it back while nobody is matched to it.

package import Domain
package import Storage

/// What a PATCH of a dwelling changes.
package struct DwellingChanges: Sendable {
    /// The offered fields after the change.
    package var content: @Sendable (DwellingDraft) -> DwellingDraft
    package var state: DwellingState?
    /// Whether a nuisance file is open, where that is said.
    package var nuisanceFile: Bool?

    /// Changes to the offer, and to the state where one is asked for.
    package init(
        state: DwellingState? = nil, nuisanceFile: Bool? = nil,
        content: @escaping @Sendable (DwellingDraft) -> DwellingDraft
    ) {
        self.state = state
        self.nuisanceFile = nuisanceFile
        self.content = content
    }
}

/// Offers and changes dwellings.
package enum OfferDwelling {
    /// Adds a dwelling. A corporation offers its own; the coordinator names whose.
    ///
    /// - Throws: `UseCaseFault`.
    package static func run(
        _ draft: DwellingDraft, of landlord: OrganisationID?, by caller: Caller, in tx: WriteTransaction
    ) throws -> Dwelling {
        try caller.require(.createDwelling)
        let owner = try owner(landlord, caller, tx)
        try requireOurs(draft.municipality, tx)
        let store = DwellingStore(tx.db)
        try requireUnused(draft.externalReference, of: owner, except: nil, store)
        let id = tx.newIdentifier(of: DwellingTag.self)
        try store.insert(draft, id: id, landlord: owner, at: tx.now)
        try OfferingStore(tx.db).begin(id, on: AmsterdamTime.day(of: tx.now))
        guard let dwelling = try store.find(id, in: .everything) else { throw UseCaseFault.notFound }
        return dwelling
    }

    private static func owner(
        _ landlord: OrganisationID?, _ caller: Caller, _ tx: WriteTransaction
    ) throws -> OrganisationID {
        if caller.actor.role == .allocator {
            guard landlord == nil || landlord == caller.actor.organisation else {
                throw UseCaseFault.invalid(
                    pointer: "/organisation", code: "unknown", text: "A corporation offers its own dwellings.")
            }
            return caller.actor.organisation
        }
        guard let landlord else {
            throw UseCaseFault.invalid(pointer: "/organisation", code: "required", text: "Name whose dwelling it is.")
        }
        let found = try OrganisationStore(tx.db).find(landlord)
        guard let found, found.disabledAt == nil,
            [.housingCorporation, .selfManagedFacility].contains(found.kind)
        else {
            throw UseCaseFault.invalid(
                pointer: "/organisation", code: "unknown", text: "There is no such corporation or facility.")
        }
        return landlord
    }

    /// Changes a dwelling.
    ///
    /// It can be withdrawn when nobody is matched to it, and is free again when it was withdrawn or its tenancy ended.
    ///
    /// - Throws: `UseCaseFault`.
    package static func change(
        _ id: DwellingID, _ changes: DwellingChanges, if precondition: Precondition, by caller: Caller,
        in tx: WriteTransaction
    ) throws -> Dwelling {
        try caller.require(.changeDwelling)
        let store = DwellingStore(tx.db)
        let visibility = AccessPolicy.dwellings(visibleTo: caller.actor)
        guard var dwelling = try store.find(id, in: visibility) else { throw UseCaseFault.notFound }
        try precondition.check(dwelling.version)
        let changed = changes.content(dwelling.content)
        // What an offer rests on stays as it was offered: both sides answer to it, and whoever could turn the rent could
        // find out an income by whether it fits.
        guard dwelling.state == .free || dwelling.state == .withdrawn || changed.terms == dwelling.content.terms else {
            throw UseCaseFault.conflict(
                .dwellingNotFree, "A dwelling that is \(dwelling.state.rawValue) keeps the terms it was offered on.")
        }
        dwelling.content = changed
        if let state = changes.state, state != dwelling.state {
            guard try canBecome(state, dwelling, tx) else {
                throw UseCaseFault.conflict(
                    .dwellingNotFree, "A dwelling that is \(dwelling.state.rawValue) can't become \(state.rawValue).")
            }
            try count(state, dwelling, tx)
            dwelling.state = state
        }
        try requireOurs(dwelling.content.municipality, tx)
        let isNews = changes.nuisanceFile == true && !dwelling.hasNuisanceFile
        dwelling.hasNuisanceFile = changes.nuisanceFile ?? dwelling.hasNuisanceFile
        try requireUnused(dwelling.content.externalReference, of: dwelling.landlord.id, except: id, store)
        dwelling.version += 1
        guard try store.update(dwelling) else { throw UseCaseFault.preconditionFailed }
        // What is offered already is for people to decide on: the offer goes on until they do.
        if isNews, let match = try MatchStore(tx.db).live(about: id) {
            try ReferralSteps(caller: caller, tx: tx)
                .raise(.nuisanceOnOffer, about: match.referral, object: match.id.retyped())
        }
        return dwelling
    }

    // What is offered again counts again; what is taken back before anybody lived there did not come after all.
    private static func count(_ state: DwellingState, _ dwelling: Dwelling, _ tx: WriteTransaction) throws {
        let today = AmsterdamTime.day(of: tx.now)
        if state == .free { try OfferingStore(tx.db).begin(dwelling.id, on: today) }
        if state == .withdrawn, dwelling.state == .free { try OfferingStore(tx.db).takeBack(dwelling.id, on: today) }
    }

    private static func canBecome(_ state: DwellingState, _ dwelling: Dwelling, _ tx: WriteTransaction) throws -> Bool {
        switch (dwelling.state, state) {
        case (.free, .withdrawn), (.withdrawn, .free): true
        case (.let, .free), (.let, .withdrawn): try !TenancyStore(tx.db).isLet(dwelling.id)
        default: false
        }
    }

    private static func requireOurs(_ municipality: Municipality, _ tx: WriteTransaction) throws {
        guard try !RegionStore(tx.db).current().settings.isOutside(municipality) else {
            throw UseCaseFault.invalid(
                pointer: "/municipality", code: "unknown", text: "Must be a municipality of the region.")
        }
    }

    private static func requireUnused(
        _ reference: String?, of landlord: OrganisationID, except id: DwellingID?, _ store: DwellingStore
    ) throws {
        guard let reference, let known = try store.find(externalReference: reference, of: landlord), known != id else {
            return
        }
        throw UseCaseFault.conflict(
            .duplicateExternalReference, "Another dwelling carries this reference already.", existing: .dwelling(known))
    }
}
