// A database of the real schema, filled by chance from a seed, with a model of the same in memory: who posted what, who
// lives where, who supports whom, which dwelling was offered to whom. Knows the stores, not the use cases: what is in
// it need not be reasonable, only possible.

import Domain
import Foundation
import SQLite
import Storage
import Testing

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

    mutating func pick<Items: RandomAccessCollection>(_ items: Items) throws -> Items.Element {
        try #require(items.randomElement(using: &self))
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

/// An empty database of the real schema, with its organisations; removed with this value.
final class Region {
    /// A day on which what is looked at is looked at.
    static let day = CivilDate(dayNumber: 20_780)

    static let organisations: [(OrganisationKind, String?)] = [
        (.intakePoint, nil), (.careProvider, nil), (.careProvider, nil), (.careProvider, nil),
        (.municipality, "GM0153"), (.municipality, "GM0141"), (.municipality, "GM0164"), (.housingCorporation, nil),
        (.housingCorporation, nil), (.selfManagedFacility, nil),
    ]
    static let municipalities = ["GM0153", "GM0141", "GM0164", "GM0168"].compactMap { Municipality(code: $0) }

    let folder: String
    let db: Connection
    var dice: Dice
    var now = Instant(milliseconds: 1_780_300_800_000)
    private var identifiers = IdentifierSource()

    init(seed: UInt64 = 1) throws {
        folder = NSTemporaryDirectory() + "thuispunt-stores-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        dice = Dice(state: seed)
        let start = now
        try Migrator().up(at: folder + "/region.db", now: { start })
        db = try Connection(path: folder + "/region.db", settings: ConnectionSettings(access: .readWrite))
        try db.set("synchronous", to: 0)
        for (index, (kind, code)) in Self.organisations.enumerated() {
            let organisation = Organisation(
                id: Self.organisation(index), kind: kind, name: "O\(index)",
                municipality: code.flatMap { Municipality(code: $0) })
            try OrganisationStore(db).insert(organisation, at: now)
            let token = TokenRecord(
                id: TokenID(high: 0, low: UInt64(index)), organisation: organisation.id, role: .auditor, referral: nil,
                label: "t", createdAt: now, expiresAt: nil)
            try TokenStore(db).insert(token, hash: [UInt8](repeating: UInt8(index), count: 32))
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    static func organisation(_ index: Int) -> OrganisationID { OrganisationID(high: 1, low: UInt64(index)) }
    static let providers = [1, 2, 3].map(organisation)
    static let landlords = [7, 8, 9].map(organisation)
    static let posters = [1, 2, 3, 4, 5, 6].map(organisation)

    func actor(_ index: Int = 0, _ role: Role = .intaker) -> Actor {
        Actor(token: TokenID(high: 0, low: UInt64(index)), organisation: Self.organisation(index), role: role)
    }

    func newID<Subject>(of subject: Subject.Type = Subject.self) -> Identifier<Subject> {
        identifiers.next(at: now, randomBits: dice.next())
    }

    /// Another connection, as somebody with the file in hand would have.
    func connect() throws -> Connection {
        try Connection(path: folder + "/region.db", settings: ConnectionSettings(access: .readWrite))
    }

    // MARK: Rows by chance

    func draft() throws -> ReferralDraft {
        let bsns = ["999990019", "111222333", "999900006", "999996770"].compactMap { CitizenServiceNumber($0) }
        var draft = ReferralDraft(
            opening: dice.chance(50) ? .declined : .answered(missedSignals: "a", neededTwoYearsAgo: "b"),
            route: try dice.pick(ReferralRoute.allCases), municipality: try dice.pick(Self.municipalities),
            identity: Identity(
                givenName: try dice.pick(["Sanne", "Sane", "Piet"]), infix: dice.chance(50) ? "de" : nil,
                familyName: try dice.pick(["Jansen", "Vries", "Berg"]),
                birthDate: CivilDate(dayNumber: Int32.random(in: 0...40, using: &dice))),
            contact: Contact(), bsn: dice.chance(50) ? try dice.pick(bsns) : nil,
            screening: Screening(
                legalResidence: dice.chance(50), acuteDanger: dice.chance(50), lasting24hSupervision: dice.chance(50),
                ownStrengthSuffices: dice.chance(50), homelessTonight: dice.chance(50)))
        draft.household.pets = dice.chance(50)
        return draft
    }

    func addReferral(_ draft: ReferralDraft? = nil, owner: OrganisationID? = nil) throws -> ReferralID {
        let id = newID(of: ReferralTag.self)
        _ = try ReferralStore(db).insert(
            try draft ?? self.draft(), id: id, owner: try owner ?? dice.pick(Self.posters), under: .standard, at: now)
        for kind in [ClockKind.completeness, .personalPlan, .investigation] {
            let start = AmsterdamTime.day(of: now).adding(days: -Int.random(in: 0...60, using: &dice))
            let clock = Clock(
                kind, id: newID(of: ClockTag.self), startedOn: start, term: kind.defaultTerm, regionVersion: 0)
            try ClockStore(db).insert([clock], of: id)
        }
        return id
    }

    /// Puts a referral in the queue, as of a day by chance.
    func admit(_ id: ReferralID) throws {
        var standing = try #require(try ReferralStore(db).find(id, in: .everything))
        standing.state = .waiting
        standing.version += 1
        standing.waitingSince = Instant(milliseconds: Int64.random(in: 1...5, using: &dice) * 86_400_000)
        standing.promiseDueOn = CivilDate(dayNumber: 200)
        standing.urgency = try dice.pick(UrgencyClass.allCases)
        standing.form = .shared
        #expect(try ReferralStore(db).update(standing, at: now))
    }

    func dwellingDraft() throws -> DwellingDraft {
        DwellingDraft(
            form: try dice.pick(HousingForm.allCases), municipality: try dice.pick(Self.municipalities),
            neighbourhood: "Centrum",
            address: Address(street: "Straat", houseNumber: "1", postcode: "7511 AB", city: "Stad"), rooms: 2,
            rent: 50_000, householdMaximum: 2, petsAllowed: dice.chance(50),
            availableFrom: CivilDate(dayNumber: 20_000))
    }

    func addDwelling(landlord: OrganisationID? = nil) throws -> DwellingID {
        let id = newID(of: DwellingTag.self)
        try DwellingStore(db).insert(
            try dwellingDraft(), id: id, landlord: try landlord ?? dice.pick(Self.landlords), at: now)
        return id
    }

    func addRequest(_ referral: ReferralID, provider: OrganisationID, as state: SupportState) throws -> SupportRequestID
    {
        let standing = try #require(try ReferralStore(db).find(referral, in: .everything))
        var request = SupportRequest(
            id: newID(), referral: referral, municipality: standing.municipality,
            provider: OrganisationName(id: provider, name: ""), state: .asked, needs: [.money], hoursPerWeek: 3,
            wantedFrom: nil, note: nil, askedAt: now, answerDueOn: CivilDate(dayNumber: 20_700), version: 1)
        try SupportStore(db).insert(request)
        guard state != .asked else { return request.id }
        request.state = state
        request.version = 2
        request.answeredAt = now
        if state == .accepted {
            request.startsOn = CivilDate(dayNumber: 20_700)
            request.contactName = "Kim"
            request.contactPhone = "112"
        }
        if state == .declined { request.declineReason = .other }
        #expect(try SupportStore(db).update(request))
        return request.id
    }

    /// A match that went through the given standings; offered as soon as one of them says so.
    func addMatch(
        _ referral: ReferralID, _ dwelling: DwellingID, landlord: OrganisationID, through path: [MatchStanding] = []
    ) throws -> MatchID {
        let id = newID(of: MatchTag.self)
        let store = MatchStore(db)
        try store.insert(
            MatchDraft(
                referral: referral, dwelling: dwelling, landlord: landlord, reason: "r", failingLimits: [],
                wishVersion: 0, referralVersion: 1, dwellingVersion: 1), id: id, at: now)
        for standing in path {
            if standing.state == .offered {
                try store.markOffered(id, answerDueOn: CivilDate(dayNumber: 20_700), at: now)
            }
            let row = try #require(try store.row(id, in: .everything))
            #expect(try store.update(row, to: standing, at: now))
        }
        return id
    }
}

/// Every item of a list, page after page.
func allPages<Item, Key: Sendable>(
    of limit: Int, _ list: (PageRequest<Key>) throws -> Page<Item, Key>
) throws -> [Item] {
    var items: [Item] = []
    var request = PageRequest<Key>(limit: limit)
    for _ in 0..<10_000 {
        let page = try list(request)
        #expect(page.items.count == limit || page.next == nil)
        items += page.items
        guard let next = page.next else { return items }
        request.after = next
    }
    Issue.record("the list does not end")
    return items
}
