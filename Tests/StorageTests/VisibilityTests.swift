// What SQL lets somebody see is what the policy says they may: for every role, every organisation and many rows by
// chance, the ids of all pages of each list, and each single look.

import Domain
import SQLite
import Storage
import Testing

/// The same region in memory, as the policy looks at it.
private struct Model {
    var referrals: [ReferralFacts] = []
    var matches: [(id: MatchID, facts: MatchFacts)] = []
    var dwellings: [(id: DwellingID, landlord: OrganisationID)] = []
    var requests: [(id: SupportRequestID, provider: OrganisationID, place: Int)] = []
    var tenancies: [(id: TenancyID, landlord: OrganisationID, place: Int)] = []
    var waiting: Set<ReferralID> = []

    static let declined = MatchStanding(state: .declined, landlord: .declined)
    static let offered = MatchStanding(state: .offered)
    static let accepted = MatchStanding(state: .accepted, landlord: .accepted, candidate: .accepted)
    static let fulfilled = MatchStanding(state: .fulfilled, landlord: .accepted, candidate: .accepted)
    /// Ways a match can have gone.
    static let paths: [[MatchStanding]] = [
        [], [MatchStanding(state: .withdrawn)], [offered], [offered, declined], [offered, accepted, fulfilled],
        [offered, MatchStanding(state: .withdrawn)],
    ]

    init(in region: Region) throws {
        let tokens = Region.organisations.indices.map { TokenID(high: 0, low: UInt64($0)) }
        for (index, token) in tokens.enumerated() where try TokenStore(region.db).find(token) == nil {
            let record = TokenRecord(
                id: token, organisation: Region.organisation(index), role: .referrer, referral: nil, label: "t",
                createdAt: region.now, expiresAt: nil)
            try TokenStore(region.db).insert(record, hash: [UInt8](repeating: 100 + UInt8(index), count: 32))
        }
        for _ in 0..<40 {
            let id = try region.addReferral()
            if region.dice.chance(40) {
                try region.admit(id)
                waiting.insert(id)
            }
            let standing = try #require(try ReferralStore(region.db).find(id, in: .everything))
            var facts = ReferralFacts(id: id, owner: standing.owner, municipality: standing.municipality)
            if region.dice.chance(25) {
                let named = tokens.filter { _ in region.dice.chance(40) }
                try RestrictionStore(region.db).restrict(id, to: named, reason: "Threats", at: region.now)
                facts.namedPeople = Set(named)
            }
            var accepted: SupportRequestID?
            for provider in Region.providers where region.dice.chance(60) {
                let states: [SupportState] = accepted == nil ? SupportState.allCases : [.asked, .declined]
                let state = try region.dice.pick(states)
                let request = try region.addRequest(id, provider: provider, as: state)
                requests.append((request, provider, referrals.count))
                if state == .accepted {
                    accepted = request
                    facts.supporters = [provider]
                }
            }
            referrals.append(facts)
            for _ in 0..<Int.random(in: 0...2, using: &region.dice) {
                try addMatch(facts, accepted, region)
            }
        }
    }

    private mutating func addMatch(
        _ facts: ReferralFacts, _ support: SupportRequestID?, _ region: Region
    ) throws {
        let landlord = try region.dice.pick(Region.landlords)
        let dwelling = try region.addDwelling(landlord: landlord)
        dwellings.append((dwelling, landlord))
        let path = try region.dice.pick(Self.paths)
        let match = try region.addMatch(facts.id, dwelling, landlord: landlord, through: path)
        let isProposal = !path.contains { $0.state == .offered }
        matches.append((match, MatchFacts(landlord: landlord, referral: facts, isProposal: isProposal)))
        guard path.last == Self.fulfilled, let support else { return }
        let tenancy = Tenancy(
            id: region.newID(), match: match, referral: facts.id, dwelling: dwelling,
            landlord: OrganisationName(id: landlord, name: ""),
            supportProvider: OrganisationName(id: landlord, name: ""),
            kind: .regular, startsOn: CivilDate(dayNumber: 20_700), convertOn: nil, registeredAt: region.now, version: 1
        )
        try TenancyStore(region.db).insert(tenancy, support: support)
        tenancies.append((tenancy.id, landlord, referrals.count - 1))
    }
}

@Suite struct VisibilityTests {
    private func actors(_ role: Role, _ model: Model) throws -> [Actor] {
        if role == .candidate {
            let somebody = [0, 7, 39].map { ReferralID?.some(model.referrals[$0].id) }
            return (somebody + [ReferralID(high: 5, low: 5), nil]).map {
                Actor(
                    token: TokenID(high: 0, low: 0), organisation: Region.organisation(0), role: role, referral: $0)
            }
        }
        return Region.organisations.indices.map { index in
            Actor(
                token: TokenID(high: 0, low: UInt64(index)), organisation: Region.organisation(index), role: role,
                municipality: Region.organisations[index].1.flatMap { Municipality(code: $0) })
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>, Role.allCases)
    func listsAndLooksAreThePolicy(seed: UInt64, role: Role) throws {
        let region = try Region(seed: seed)
        let model = try Model(in: region)
        for actor in try actors(role, model) {
            try checkReferrals(actor, model, region.db)
            try checkMatches(actor, model, region.db)
            try checkDwellings(actor, model, region.db)
            try checkRequests(actor, model, region.db)
            try checkTenancies(actor, model, region.db)
        }
    }

    /// Whether the policy lets an actor do a thing; roles that may never do it see nothing either.
    private func allows(_ actor: Actor, _ action: Action, _ resource: Resource) -> Bool {
        AccessPolicy.decide(actor, action, on: resource) == .allow
    }

    private func checkReferrals(_ actor: Actor, _ model: Model, _ db: Connection) throws {
        let visibility = AccessPolicy.referrals(visibleTo: actor)
        let expected = model.referrals.filter { allows(actor, .readReferral, .referral($0)) }.map(\.id)
        let groups = AccessPolicy.groups(ofReferralFor: actor.role)
        for order in ReferralOrder.allCases {
            var filter = ReferralFilter()
            filter.order = order
            let listed = try allPages(of: 7) {
                try ReferralStore(db).list(filter, in: visibility, groups: groups, page: $0)
            }.map(\.standing.id)
            let wanted = order == .queue ? expected.filter(model.waiting.contains) : expected
            #expect(listed.count == Set(listed).count)
            #expect(Set(listed) == Set(wanted))
            if order == .oldestFirst { #expect(listed == listed.sorted()) }
            if order == .newestFirst { #expect(listed == listed.sorted(by: >)) }
        }
        for facts in model.referrals {
            let found = try ReferralStore(db).find(facts.id, in: visibility)
            let view = try ReferralStore(db).view(
                facts.id, in: visibility, groups: groups, at: Instant(milliseconds: 0))
            let events = try EventStore(db).list(
                of: facts.id, in: visibility, timeline: .everything, groups: .status, page: PageRequest(limit: 1))
            #expect((found != nil) == expected.contains(facts.id))
            #expect((view != nil) == (found != nil) && (events != nil) == (found != nil))
        }
        var search = ReferralStore.Search()
        search.familyName = "Berg"
        let found = try ReferralStore(db).search(search, in: visibility, groups: groups, limit: 100)
        #expect(Set(found.map(\.standing.id)).isSubset(of: expected))
        if visibility == .everything { #expect(!found.isEmpty) }
    }

    private func checkMatches(_ actor: Actor, _ model: Model, _ db: Connection) throws {
        let visibility = AccessPolicy.matches(visibleTo: actor)
        let expected = Set(model.matches.filter { allows(actor, .readMatch, .match($0.facts)) }.map(\.id))
        let listed = try allPages(of: 7) {
            try MatchStore(db).list(states: [], in: visibility, for: actor.role, on: Region.day, page: $0)
        }.map(\.id)
        #expect(listed == expected.sorted(by: >))
        for (id, _) in model.matches {
            #expect(
                (try MatchStore(db).find(id, in: visibility, for: actor.role, on: Region.day) != nil)
                    == expected.contains(id))
            #expect((try MatchStore(db).row(id, in: visibility) != nil) == expected.contains(id))
        }
    }

    private func checkDwellings(_ actor: Actor, _ model: Model, _ db: Connection) throws {
        let visibility = AccessPolicy.dwellings(visibleTo: actor)
        let visible = model.dwellings.filter { allows(actor, .readDwelling, .dwelling(landlord: $0.landlord)) }
        let listed = try allPages(of: 7) { try DwellingStore(db).list(DwellingFilter(), in: visibility, page: $0) }
        #expect(listed.map(\.id) == visible.map(\.id).sorted(by: >))
        for (id, _) in model.dwellings {
            #expect((try DwellingStore(db).find(id, in: visibility) != nil) == visible.contains { $0.id == id })
        }
    }

    private func checkRequests(_ actor: Actor, _ model: Model, _ db: Connection) throws {
        let visibility = AccessPolicy.supportRequests(visibleTo: actor)
        let visible = model.requests.filter {
            let resource = Resource.supportRequest(provider: $0.provider, referral: model.referrals[$0.place])
            return allows(actor, .readSupportRequest, resource)
        }
        let listed = try allPages(of: 7) {
            try SupportStore(db).list(states: [], in: visibility, groups: .decision, page: $0)
        }
        #expect(listed.map(\.id) == visible.map(\.id).sorted(by: >))
        for (id, _, _) in model.requests {
            #expect(
                (try SupportStore(db).find(id, in: visibility, groups: .decision) != nil)
                    == visible.contains { $0.id == id })
        }
    }

    private func checkTenancies(_ actor: Actor, _ model: Model, _ db: Connection) throws {
        let visibility = AccessPolicy.tenancies(visibleTo: actor)
        let visible = model.tenancies.filter {
            allows(actor, .readTenancy, .tenancy(landlord: $0.landlord, referral: model.referrals[$0.place]))
        }
        let listed = try allPages(of: 2) { try TenancyStore(db).list(in: visibility, page: $0) }
        #expect(listed.map(\.id) == visible.map(\.id).sorted(by: >))
        for (id, _, _) in model.tenancies {
            #expect((try TenancyStore(db).find(id, in: visibility) != nil) == visible.contains { $0.id == id })
        }
    }
}
