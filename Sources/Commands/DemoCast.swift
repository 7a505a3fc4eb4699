// The parties of the demo region and who speaks for them while its stories are told. The tokens they speak with have
// secrets that nobody was ever told, and end when the region is loaded.

internal import Domain
internal import Storage
internal import UseCases

struct DemoCast: Sendable {
    let municipalities: [Municipality]
    /// The one whose policymaker gets a token.
    let policyMunicipality: Municipality
    let municipalityOrganisations: [OrganisationID]
    let careProviders: [OrganisationID]
    let corporations: [OrganisationID]
    let facility: OrganisationID
    let intakePoint: OrganisationID

    /// Care providers first, in their order; then municipalities.
    let referrers: [Caller]
    let supporters: [Caller]
    let allocators: [Caller]
    let panel: Caller
    let intaker: Caller
    let coordinator: Caller

    /// Stores the organisations and the loader's tokens.
    init(in tx: WriteTransaction, environment: Environment) throws {
        let organisations = OrganisationStore(tx.db)
        // What the entries of ledger and timeline name as their request.
        let trace = tx.localTrace("demo-load")
        func add(_ kind: OrganisationKind, _ name: String, _ place: Municipality? = nil) throws -> OrganisationID {
            let id = tx.newIdentifier(of: OrganisationTag.self)
            try organisations.insert(Organisation(id: id, kind: kind, name: name, municipality: place), at: tx.now)
            return id
        }
        func caller(_ organisation: OrganisationID, _ role: Role) throws -> Caller {
            let (token, _) = try AccessTokens.issue(
                to: organisation, role: role, label: Self.loaderLabel, expiresAt: nil, environment: environment, in: tx)
            return Caller(actor: Actor(token: token, organisation: organisation, role: role), trace: trace)
        }
        let places = DemoTexts.municipalities.map { (Municipality(code: $0.0) ?? .unknown, $0.1) }
        municipalities = places.map(\.0)
        policyMunicipality = Municipality(code: "GM0153") ?? .unknown
        municipalityOrganisations = try places.map { try add(.municipality, "Gemeente \($0.1)", $0.0) }
        careProviders = try DemoTexts.careProviders.map { try add(.careProvider, $0) }
        corporations = try DemoTexts.corporations.map { try add(.housingCorporation, $0) }
        facility = try add(.selfManagedFacility, DemoTexts.facility, policyMunicipality)
        intakePoint = try add(.intakePoint, DemoTexts.intakePoint)

        referrers = try (careProviders + municipalityOrganisations).map { try caller($0, .referrer) }
        supporters = try careProviders.map { try caller($0, .supporter) }
        allocators = try corporations.map { try caller($0, .allocator) }
        panel = try caller(facility, .panel)
        intaker = try caller(intakePoint, .intaker)
        coordinator = try caller(intakePoint, .coordinator)
    }

    /// How the loader's own tokens can be told from others.
    private static let loaderLabel = "demo loader"

    /// Ends the loader's own tokens and issues one a role, for whoever tries the demo.
    ///
    /// - Returns: The names and values of `demo-tokens.env`, in order; the tokens first.
    func handOver(
        candidate: ReferralID, environment: Environment, in tx: WriteTransaction
    ) throws -> [(name: String, value: String)] {
        let store = TokenStore(tx.db)
        for token in try store.list() where token.label == Self.loaderLabel {
            _ = try store.revoke(token.id, at: tx.now)
        }
        let policy = municipalities.firstIndex(of: policyMunicipality) ?? 0
        let holders: [(role: Role, organisation: OrganisationID)] = [
            (.referrer, careProviders[0]), (.supporter, careProviders[1]),
            (.policymaker, municipalityOrganisations[policy]), (.intaker, intakePoint), (.coordinator, intakePoint),
            (.allocator, corporations[0]), (.panel, facility), (.candidate, intakePoint), (.auditor, intakePoint),
            (.admin, intakePoint),
        ]
        let tokens = try holders.map { holder in
            let (_, secret) = try AccessTokens.issue(
                to: holder.organisation, role: holder.role, referral: holder.role == .candidate ? candidate : nil,
                label: "demo", expiresAt: nil, environment: environment, in: tx)
            return (name: holder.role.rawValue.uppercased() + "_TOKEN", value: secret)
        }
        let parties = holders.filter { $0.organisation != intakePoint }.map {
            (name: $0.role.rawValue.uppercased() + "_ORGANISATION", value: $0.organisation.description)
        }
        return tokens + parties + [
            (name: "INTAKE_POINT", value: intakePoint.description),
            (name: "CANDIDATE_REFERRAL", value: candidate.description),
        ]
    }
}
