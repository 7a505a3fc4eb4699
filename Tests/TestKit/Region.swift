// A small region to test in: organisations of the five kinds, some of them twice, and one token for every role. The
// second ones ("other") are there to be kept out.

package import Domain
internal import Lock
internal import Storage
internal import UseCases

/// Somebody with a token.
package enum Speaker: Hashable, Sendable {
    /// The one who takes part in the story.
    case role(Role)
    /// One in the same role for another organisation.
    case other(Role)
    /// The candidate of a referral, by its id; see `Region.admit(candidateOf:)`.
    case candidate(of: String)
    /// Somebody whom that candidate lets look along; see `Region.keep`.
    case delegate(of: String)

    /// A care provider's referrer.
    package static let referrer = Speaker.role(.referrer)
    /// A care provider's support worker.
    package static let supporter = Speaker.role(.supporter)
    /// A municipality's policymaker.
    package static let policymaker = Speaker.role(.policymaker)
    /// The intake point's intaker.
    package static let intaker = Speaker.role(.intaker)
    /// The intake point's coordinator.
    package static let coordinator = Speaker.role(.coordinator)
    /// A corporation's allocator.
    package static let allocator = Speaker.role(.allocator)
    /// A facility's resident panel.
    package static let panel = Speaker.role(.panel)
    /// The auditor.
    package static let auditor = Speaker.role(.auditor)
    /// The administrator.
    package static let admin = Speaker.role(.admin)

    /// The role spoken in.
    package var role: Role {
        switch self {
        case .role(let role), .other(let role): role
        case .candidate, .delegate: .candidate
        }
    }
}

/// The organisations and tokens of a test's region.
package final class Region: Sendable {
    /// A kind of organisation and which of that kind.
    package struct Party: Hashable, Sendable {
        /// The kind.
        package var kind: OrganisationKind
        /// Whether it is the second one of its kind.
        package var isOther: Bool
    }

    private let storage: Storage.Database
    private let environment: Environment
    private let organisations: [Party: OrganisationID]
    private let secrets: Lock<[Speaker: String]>
    private let tokens: [Speaker: TokenID]

    /// Fills a database.
    package init(_ scratch: ScratchDatabase, environment: Environment) async throws {
        storage = scratch.database
        self.environment = environment
        let filled = try await storage.write { tx in
            let organisations = try Region.found(in: tx)
            var secrets: [Speaker: String] = [:]
            var tokens: [Speaker: TokenID] = [:]
            for speaker in Region.speakers {
                guard let party = Region.party(of: speaker), let id = organisations[party] else { continue }
                let issued = try AccessTokens.issue(
                    to: id, role: speaker.role, label: "Test \(speaker.role.rawValue)", expiresAt: nil,
                    environment: environment, in: tx)
                secrets[speaker] = issued.secret
                tokens[speaker] = issued.id
                try Region.noteUse(of: issued.id, in: tx)
            }
            return (organisations: organisations, secrets: secrets, tokens: tokens)
        }
        organisations = filled.organisations
        secrets = Lock(filled.secrets)
        tokens = filled.tokens
    }

    /// Everybody with a token from the start: each role but the candidate, and the others.
    package static let speakers: [Speaker] =
        Role.allCases.filter { $0 != .candidate }.map { .role($0) } + otherRoles.map { .other($0) }
    private static let otherRoles: [Role] = [.referrer, .supporter, .policymaker, .allocator, .panel]

    /// As if it had been used today, so that its use is not written down in the midst of what a test looks at.
    private static func noteUse(of id: TokenID, in tx: WriteTransaction) throws {
        try TokenStore(tx.db).noteUse(id, on: AmsterdamTime.day(of: tx.now))
    }

    private static func party(of speaker: Speaker) -> Party? {
        speaker.role.organisationKinds.first.map { kind in
            if case .other = speaker { Party(kind: kind, isOther: true) } else { Party(kind: kind, isOther: false) }
        }
    }

    private static func found(in tx: WriteTransaction) throws -> [Party: OrganisationID] {
        let rows: [(OrganisationKind, Bool, String, String?)] = [
            (.municipality, false, "Gemeente Enschede", "GM0153"), (.municipality, true, "Gemeente Hengelo", "GM0164"),
            (.housingCorporation, false, "Woonstichting De Brug", nil),
            (.housingCorporation, true, "Woonstichting De Poort", nil),
            (.careProvider, false, "Zorggroep Oost", nil), (.careProvider, true, "Zorggroep West", nil),
            (.intakePoint, false, "Centrale toegang Twente", nil),
            (.selfManagedFacility, false, "Opvang De Haven", nil), (.selfManagedFacility, true, "Opvang De Kade", nil),
        ]
        return try rows.reduce(into: [:]) { ids, row in
            let (kind, isOther, name, code) = row
            let id = tx.newIdentifier(of: OrganisationTag.self)
            let municipality = code.flatMap { Municipality(code: $0) }
            try OrganisationStore(tx.db).insert(
                Organisation(id: id, kind: kind, name: name, municipality: municipality), at: tx.now)
            ids[Party(kind: kind, isOther: isOther)] = id
        }
    }

    /// The id of an organisation.
    package func id(of kind: OrganisationKind, other isOther: Bool = false) -> String {
        organisations[Party(kind: kind, isOther: isOther)]?.description ?? "nobody"
    }

    /// The id of the organisation that somebody speaks for.
    package func organisation(of speaker: Speaker) -> String {
        Region.party(of: speaker).flatMap { organisations[$0] }?.description ?? "nobody"
    }

    /// The id of the token that a speaker has from the start.
    package func token(of speaker: Speaker) -> String { tokens[speaker]?.description ?? "none" }

    /// The secret somebody speaks with.
    package func secret(of speaker: Speaker) -> String { secrets.withLock { $0[speaker] } ?? "nothing" }

    /// Remembers the secret that somebody speaks with.
    package func keep(_ secret: String, of speaker: Speaker) { secrets.withLock { $0[speaker] = secret } }

    /// Issues the token of a referral's candidate, once.
    package func admit(candidateOf referral: String) async throws -> Speaker {
        let speaker = Speaker.candidate(of: referral)
        guard secrets.withLock({ $0[speaker] == nil }) else { return speaker }
        let secret = try await issue(role: .candidate, to: .intakePoint, referral: referral)
        keep(secret, of: speaker)
        return speaker
    }

    /// Issues a token and gives its secret.
    package func issue(
        role: Role, to kind: OrganisationKind, other isOther: Bool = false, referral: String? = nil,
        expiresAt: Instant? = nil
    ) async throws -> String {
        let issued = try await issueNamed(
            role: role, to: kind, other: isOther, referral: referral, expiresAt: expiresAt)
        try await storage.write { try Region.noteUse(of: issued.id, in: $0) }
        return issued.secret
    }

    /// Issues a token that has never been used.
    package func issueNamed(
        role: Role, to kind: OrganisationKind, other isOther: Bool = false, referral: String? = nil,
        expiresAt: Instant? = nil, addresses: AddressList? = nil
    ) async throws -> (id: TokenID, secret: String) {
        guard let organisation = organisations[Party(kind: kind, isOther: isOther)] else { throw UseCaseFault.notFound }
        let environment = environment
        return try await storage.write { tx in
            try AccessTokens.issue(
                to: organisation, role: role, referral: referral.flatMap { ReferralID($0) }, label: "Test extra",
                expiresAt: expiresAt, addresses: addresses, environment: environment, in: tx)
        }
    }

    /// Issues a token, revokes it, and gives its secret.
    package func issueRevoked(role: Role, to kind: OrganisationKind) async throws -> String {
        let issued = try await issueNamed(role: role, to: kind)
        _ = try await storage.write { try TokenStore($0.db).revoke(issued.id, at: $0.now) }
        return issued.secret
    }

    /// Closes an organisation's door.
    package func disable(_ kind: OrganisationKind, other isOther: Bool) async throws {
        guard let id = organisations[Party(kind: kind, isOther: isOther)] else { throw UseCaseFault.notFound }
        _ = try await storage.write { try OrganisationStore($0.db).disable(id, at: $0.now) }
    }
}
