// A small region in a file of its own: its organisations, an actor for every role, a clock that is set by hand and
// seeded chance. It knows how to ask things of it, and nothing of what ought to come of that.

import Domain
import Foundation
import Storage
import Synchronization
import Testing
import UseCases

/// A clock that is set by hand, and chance that repeats.
final class Machine: Sendable {
    let milliseconds: Atomic<Int64>
    private let seed = Atomic<UInt64>(20_261_122)

    init(at start: Instant) { milliseconds = Atomic(start.milliseconds) }

    var now: Instant { Instant(milliseconds: milliseconds.load(ordering: .relaxed)) }

    var environment: Environment {
        Environment(
            now: { [self] in now },
            randomBits: { [self] in
                // splitmix64 (Steele, Lea, Flood 2014).
                var bits = seed.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
                bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
                bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
                return bits ^ (bits >> 31)
            })
    }
}

/// A region's database with its parties, removed with this value.
final class Region: Sendable {
    /// Monday 1 June 2026, ten in the morning in Amsterdam.
    static let start = Instant(milliseconds: 1_780_300_800_000)

    let intakePoint = OrganisationID(high: 0, low: 1)
    let provider = OrganisationID(high: 0, low: 2)
    let otherProvider = OrganisationID(high: 0, low: 3)
    let enschede = OrganisationID(high: 0, low: 4)
    let corporation = OrganisationID(high: 0, low: 6)
    let otherCorporation = OrganisationID(high: 0, low: 7)
    let facility = OrganisationID(high: 0, low: 8)
    private static let organisations: [(UInt64, OrganisationKind, String, String?)] = [
        (1, .intakePoint, "Centrale Toegang", nil), (2, .careProvider, "Zorg Een", nil),
        (3, .careProvider, "Zorg Twee", nil), (4, .municipality, "Enschede", "GM0153"),
        (5, .municipality, "Almelo", "GM0141"), (6, .housingCorporation, "Wonen Een", nil),
        (7, .housingCorporation, "Wonen Twee", nil), (8, .selfManagedFacility, "Ons Dak", nil),
    ]

    let intaker = Region.actor(1, .intaker)
    let coordinator = Region.actor(1, .coordinator)
    let referrer = Region.actor(2, .referrer)
    let otherReferrer = Region.actor(3, .referrer)
    let supporter = Region.actor(2, .supporter)
    let otherSupporter = Region.actor(3, .supporter)
    let policymaker = Region.actor(4, .policymaker)
    let elsewhere = Region.actor(5, .policymaker)
    let allocator = Region.actor(6, .allocator)
    let otherAllocator = Region.actor(7, .allocator)
    let panel = Region.actor(8, .panel)
    let auditor = Region.actor(1, .auditor)
    let admin = Region.actor(1, .admin)

    /// One actor for every role but the candidate, who needs a referral first.
    var staff: [Actor] {
        [intaker, coordinator, referrer, supporter, policymaker, allocator, panel, auditor, admin]
    }

    private static func actor(_ organisation: UInt64, _ role: Role) -> Actor {
        let place = UInt64(Role.allCases.firstIndex(of: role) ?? 0)
        let code = organisations.first { $0.0 == organisation }?.3
        return Actor(
            token: TokenID(high: organisation, low: place), organisation: OrganisationID(high: 0, low: organisation),
            role: role, municipality: code.flatMap { Municipality(code: $0) })
    }

    let database: Database
    let machine: Machine
    private let folder: String

    init() async throws {
        folder = NSTemporaryDirectory() + "thuispunt-usecases-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        machine = Machine(at: Self.start)
        let path = folder + "/region.db"
        try Migrator().up(at: path, now: machine.environment.now)
        database = try Database(path: path, lanes: 1, environment: machine.environment)
        let all = staff + [otherReferrer, otherSupporter, elsewhere, otherAllocator]
        try await database.write { tx in
            for (id, kind, name, code) in Self.organisations {
                let organisation = Organisation(
                    id: OrganisationID(high: 0, low: id), kind: kind, name: name,
                    municipality: code.flatMap { Municipality(code: $0) })
                try OrganisationStore(tx.db).insert(organisation, at: tx.now)
            }
            for actor in all { try Self.insert(actor, in: tx) }
        }
    }

    deinit {
        database.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func insert(_ actor: Actor, in tx: WriteTransaction) throws {
        let record = TokenRecord(
            id: actor.token, organisation: actor.organisation, role: actor.role, referral: actor.referral,
            label: "test", createdAt: tx.now, expiresAt: nil)
        try TokenStore(tx.db).insert(record, hash: AccessTokens.hash("\(actor.token)"))
    }

    /// The candidate of a referral, with a token of their own.
    func candidate(of referral: ReferralID) async throws -> Actor {
        let actor = Actor(
            token: TokenID(high: referral.high, low: referral.low), organisation: intakePoint, role: .candidate,
            referral: referral)
        try await database.write { tx in
            if try TokenStore(tx.db).find(actor.token) == nil { try Self.insert(actor, in: tx) }
        }
        return actor
    }

    /// Lets time go by.
    func wait(days: Int64 = 0, seconds: Int64 = 0) {
        machine.milliseconds.add((days * 86_400 + seconds) * 1000, ordering: .relaxed)
    }

    var today: CivilDate { AmsterdamTime.day(of: machine.now) }

    /// Runs a change as an actor.
    @discardableResult
    func run<Value: Sendable>(
        _ actor: Actor, _ body: @escaping @Sendable (Caller, WriteTransaction) throws -> Value
    ) async throws -> Value {
        let caller = Caller(actor: actor, trace: RequestTrace(requestID: "r-1", address: "127.0.0.1"))
        return try await database.write { tx in try body(caller, tx) }
    }

    /// Runs a read as an actor.
    func look<Value>(_ actor: Actor, _ body: (Caller, ReadTransaction) throws -> Value) throws -> Value {
        let caller = Caller(actor: actor, trace: RequestTrace(requestID: "r-2", address: "127.0.0.1"))
        return try database.read(lane: 0) { tx in try body(caller, tx) }
    }

    // MARK: What is there now

    func standing(_ id: ReferralID) throws -> ReferralStanding {
        try #require(try database.read(lane: 0) { try ReferralStore($0.db).find(id, in: .everything) })
    }

    func match(_ id: MatchID) throws -> MatchView {
        try #require(
            try database.read(lane: 0) {
                try MatchStore($0.db).find(id, in: .everything, for: .coordinator, on: AmsterdamTime.day(of: $0.now))
            })
    }

    func dwelling(_ id: DwellingID) throws -> Dwelling {
        try #require(try database.read(lane: 0) { try DwellingStore($0.db).find(id, in: .everything) })
    }

    func request(_ id: SupportRequestID) throws -> SupportRequest {
        try #require(
            try database.read(lane: 0) { try SupportStore($0.db).find(id, in: .about(.everything), groups: .decision) })
    }

    func events(_ id: ReferralID) throws -> [Event] {
        let page = PageRequest<EventID>(limit: 1000)
        return try #require(
            try database.read(lane: 0) { tx in
                try EventStore(tx.db).list(of: id, in: .everything, timeline: .everything, groups: .status, page: page)
            }
        ).items
    }

    /// The ledger's entries about a referral, oldest first.
    func ledger(_ id: ReferralID) throws -> [DisclosureLine] {
        try database.read(lane: 0) { tx in
            try LedgerStore(tx.db).list(about: id, page: PageRequest(limit: 1000)).items.reversed()
        }
    }

    func ledgerCount() throws -> Int64 { try database.read(lane: 0) { try LedgerStore($0.db).count() } }
}
