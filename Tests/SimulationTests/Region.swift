// The region of the simulation: a real file, its organisations, and one actor for each part to play. Chance and time come
// from a seed. Knows no rule.

import Domain
import Foundation
import Lock
import Storage
import Synchronization
import UseCases

/// Chance from a seed: splitmix64 (Steele, Lea, Flood 2014).
struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

/// A clock that the simulation moves.
final class Clock: Sendable {
    private let milliseconds = Atomic<Int64>(1_780_300_800_000)
    var now: Instant { Instant(milliseconds: milliseconds.load(ordering: .relaxed)) }
    var today: CivilDate { AmsterdamTime.day(of: now) }

    func advance(hours: Int64) { milliseconds.add(hours * 3_600_000, ordering: .relaxed) }
}

/// A database with its parties, removed with this value.
final class Region: Sendable {
    static let intakePoint = OrganisationID(high: 0, low: 1)
    static let providers = [OrganisationID(high: 0, low: 2), OrganisationID(high: 0, low: 3)]
    static let landlords = [OrganisationID(high: 0, low: 4), OrganisationID(high: 0, low: 5)]
    static let staff = [
        actor(1, .intaker), actor(1, .coordinator), actor(2, .referrer), actor(3, .referrer), actor(2, .supporter),
        actor(3, .supporter), actor(4, .allocator), actor(5, .allocator),
    ]

    private static func actor(_ organisation: UInt64, _ role: Role) -> Actor {
        let place = UInt64(Role.allCases.firstIndex(of: role) ?? 0)
        return Actor(
            token: TokenID(high: organisation, low: place), organisation: OrganisationID(high: 0, low: organisation),
            role: role)
    }

    static func candidate(of id: ReferralID) -> Actor {
        Actor(token: id.retyped(), organisation: intakePoint, role: .candidate, referral: id)
    }

    let clock = Clock()
    let database: Database
    private let folder: String

    init(seed: UInt64) async throws {
        folder = NSTemporaryDirectory() + "thuispunt-simulation-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let dice = Lock(Dice(state: seed))
        let environment = Environment(
            now: { [clock] in clock.now }, randomBits: { dice.withLock { $0.next() } })
        try Migrator().up(at: folder + "/region.db", now: environment.now)
        database = try Database(path: folder + "/region.db", lanes: 1, environment: environment)
        try await database.write { tx in
            let kinds: [OrganisationKind] = [
                .intakePoint, .careProvider, .careProvider, .housingCorporation, .housingCorporation,
            ]
            for (index, kind) in kinds.enumerated() {
                let id = OrganisationID(high: 0, low: UInt64(index + 1))
                let organisation = Organisation(id: id, kind: kind, name: "O\(index)", municipality: nil)
                try OrganisationStore(tx.db).insert(organisation, at: tx.now)
            }
            for actor in Self.staff { try Self.admit(actor, in: tx) }
        }
    }

    deinit {
        database.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Gives an actor a token.
    static func admit(_ actor: Actor, in tx: WriteTransaction) throws {
        let record = TokenRecord(
            id: actor.token, organisation: actor.organisation, role: actor.role, referral: actor.referral, label: "s",
            createdAt: tx.now, expiresAt: nil)
        try TokenStore(tx.db).insert(record, hash: AccessTokens.hash("\(actor.token)"))
    }
}
