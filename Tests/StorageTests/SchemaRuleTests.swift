// What the schema and the stores refuse whatever anybody decides above them: second live matches, second accepted ones,
// stale versions, words that no list knows, and values out of range.

import Domain
import SQLite
import Storage
import Testing

@Suite struct SchemaRuleTests {
    let region: Region
    init() throws { region = try Region() }

    private var db: Connection { region.db }
    private let offered = MatchStanding(state: .offered)
    private let accepted = MatchStanding(state: .accepted, landlord: .accepted, candidate: .accepted)

    /// The code of the error that something throws; nil when it throws none.
    private func code(_ body: () throws -> Void) -> ResultCode? {
        do {
            try body()
            return nil
        } catch {
            return (error as? SQLiteError)?.code
        }
    }

    @Test func oneLiveMatchPerDwelling() throws {
        let dwelling = try region.addDwelling(landlord: Region.landlords[0])
        let first = try region.addMatch(try region.addReferral(), dwelling, landlord: Region.landlords[0])
        let other = try region.addReferral()
        for standing in [nil, offered, accepted] {
            if let standing {
                let row = try #require(try MatchStore(db).row(first, in: .everything))
                try MatchStore(db).markOffered(first, answerDueOn: CivilDate(dayNumber: 1), at: region.now)
                #expect(try MatchStore(db).update(row, to: standing, at: region.now))
            }
            let refused = code { _ = try region.addMatch(other, dwelling, landlord: Region.landlords[0]) }
            #expect(refused == .constraintUnique)
        }
        let row = try #require(try MatchStore(db).row(first, in: .everything))
        #expect(try MatchStore(db).update(row, to: MatchStanding(state: .fallenThrough), at: region.now))
        _ = try region.addMatch(other, dwelling, landlord: Region.landlords[0])
    }

    /// An applied version of the region's settings can be neither changed nor removed.
    @Test func versionsOfTheSettingsAreKept() throws {
        var settings = RegionSettings.standard
        #expect(throws: (any Error).self) { try RegionStore(db).insert(settings, at: region.now) }
        settings.name = "R"
        let town = Region.municipalities[0]
        settings.municipalities = [RegionMunicipality(code: town, name: "T", central: town)]
        #expect(try RegionStore(db).insert(settings, at: region.now) == 1)
        for sql in ["UPDATE region_version SET document = '{}'", "DELETE FROM region_version"] {
            #expect(code { try db.run(SQL(dynamic: sql)) } == .constraintTrigger)
        }
    }

    @Test func oneAcceptedMatchPerCandidate() throws {
        let referral = try region.addReferral()
        for expected in [nil, ResultCode.constraintUnique] {
            let dwelling = try region.addDwelling(landlord: Region.landlords[0])
            let refused = code {
                _ = try region.addMatch(
                    referral, dwelling, landlord: Region.landlords[0], through: [offered, accepted])
            }
            #expect(refused == expected)
        }
    }

    @Test func acceptedMeansBoth() throws {
        let dwelling = try region.addDwelling(landlord: Region.landlords[0])
        let half = MatchStanding(state: .accepted, landlord: .accepted)
        let referral = try region.addReferral()
        let refused = code {
            _ = try region.addMatch(referral, dwelling, landlord: Region.landlords[0], through: [offered, half])
        }
        #expect(refused == .constraintCheck)
        let unoffered = code {
            _ = try region.addMatch(
                referral, try region.addDwelling(landlord: Region.landlords[0]), landlord: Region.landlords[0],
                through: [MatchStanding(state: .declined)])
        }
        #expect(unoffered == .constraintCheck)
    }

    @Test func oneProviderSupports() throws {
        let referral = try region.addReferral()
        _ = try region.addRequest(referral, provider: Region.providers[0], as: .accepted)
        #expect(
            code { _ = try region.addRequest(referral, provider: Region.providers[1], as: .accepted) }
                == .constraintUnique)
        #expect(
            code { _ = try region.addRequest(referral, provider: Region.providers[1], as: .asked) }
                == .constraintUnique)
        _ = try region.addRequest(referral, provider: Region.providers[2], as: .declined)
        _ = try region.addRequest(referral, provider: Region.providers[2], as: .declined)
    }

    @Test func aReferencePerOrganisation() throws {
        var draft = try region.draft()
        draft.externalReference = "A"
        _ = try region.addReferral(draft, owner: Region.posters[0])
        #expect(code { _ = try region.addReferral(draft, owner: Region.posters[0]) } == .constraintUnique)
        let other = try region.addReferral(draft, owner: Region.posters[1])
        #expect(try ReferralStore(db).find(externalReference: "A", of: Region.posters[1]) == other)
        draft.externalReference = nil
        _ = try region.addReferral(draft, owner: Region.posters[0])
        _ = try region.addReferral(draft, owner: Region.posters[0])
    }

    @Test func staleVersionsChangeNothing() throws {
        let id = try region.addReferral()
        let before = try #require(try ReferralStore(db).find(id, in: .everything))
        for version in [0, 1, 3, 99] {
            var standing = before
            standing.route = .prevention
            standing.version = version
            #expect(try !ReferralStore(db).update(standing, at: region.now))
        }
        #expect(try ReferralStore(db).find(id, in: .everything) == before)
        let home = try region.addDwelling(landlord: Region.landlords[0])
        var dwelling = try #require(try DwellingStore(db).find(home, in: .everything))
        #expect(try !DwellingStore(db).update(dwelling))
        dwelling.version = 3
        #expect(try !DwellingStore(db).update(dwelling))
        let match = try region.addMatch(id, home, landlord: Region.landlords[0])
        let row = try #require(try MatchStore(db).row(match, in: .everything))
        #expect(try MatchStore(db).update(row, to: MatchStanding(state: .withdrawn), at: region.now))
        #expect(try !MatchStore(db).update(row, to: MatchStanding(state: .withdrawn), at: region.now))
        let request = try region.addRequest(id, provider: Region.providers[0], as: .declined)
        var stale = try #require(try SupportStore(db).find(request, in: .about(.everything), groups: .decision))
        #expect(try !SupportStore(db).update(stale))
        stale.version = 2
        #expect(try !SupportStore(db).update(stale))
    }

    @Test(arguments: [
        ("UPDATE referral SET status = 'lost'", ResultCode.constraintCheck),
        ("UPDATE referral SET status = 'waiting'", .constraintCheck),
        ("UPDATE referral SET status = 'on_hold'", .constraintCheck),
        ("UPDATE referral SET status = 'awaiting_information'", .constraintCheck),
        ("UPDATE referral SET resume_status = 'intake'", .constraintCheck),
        ("UPDATE referral SET route = 'street'", .constraintCheck),
        ("UPDATE referral SET municipality = 'Enschede'", .constraintCheck),
        ("UPDATE referral SET version = 0", .constraintCheck),
        ("UPDATE referral SET household_adults = 0", .constraintCheck),
        ("UPDATE referral SET received_at = 'today'", .constraintDataType),
        ("UPDATE referral SET organisation_id = x'00'", .constraintForeignKey),
        ("UPDATE person SET bsn = '12345678'", .constraintCheck),
        ("UPDATE person SET bsn = '12345678a'", .constraintCheck),
        ("UPDATE person SET given_name = ''", .constraintCheck),
        ("UPDATE situation SET health = ''", .constraintCheck),
        ("UPDATE situation SET opening_declined = 0, missed_signals = NULL", .constraintCheck),
        ("UPDATE situation SET income_per_month = -1", .constraintCheck),
        ("UPDATE dwelling SET postcode = '7511AB'", .constraintCheck),
        ("UPDATE dwelling SET rent = -1", .constraintCheck),
        ("UPDATE dwelling SET status = 'gone'", .constraintCheck),
        ("UPDATE support_request SET status = 'accepted'", .constraintCheck),
        ("UPDATE support_request SET status = 'declined'", .constraintCheck),
        ("UPDATE support_request SET hours_per_week = 169", .constraintCheck),
        ("UPDATE event SET reason = 'other'", .constraintTrigger),
        ("UPDATE access_token SET role = 'candidate'", .constraintCheck),
        ("UPDATE organisation SET municipality = NULL", .constraintCheck),
        ("DELETE FROM organisation", .constraintForeignKey),
        ("DELETE FROM referral", .constraintForeignKey),
    ])
    func whatNoProgramCanPutIn(sql: String, expected: ResultCode) throws {
        let id = try region.addReferral()
        _ = try region.addDwelling(landlord: Region.landlords[0])
        _ = try region.addRequest(id, provider: Region.providers[0], as: .asked)
        try EventStore(db).insert(
            region.newID(), about: id, kind: "submit", from: nil, to: .submitted, by: region.actor(), reason: nil,
            at: region.now)
        #expect(code { try db.run(SQL(dynamic: sql)) } == expected)
        #expect(try db.integrityCheck().isEmpty && db.foreignKeyCheck().isEmpty)
    }

    /// Every closed list of the domain fits the schema's own.
    @Test func everyWordFits() throws {
        for role in Role.allCases where role != .candidate {
            let token = TokenRecord(
                id: region.newID(), organisation: Region.organisation(0), role: role, referral: nil, label: "l",
                createdAt: region.now, expiresAt: nil)
            try TokenStore(db).insert(token, hash: region.newID(of: Int.self).description.utf8.prefix(32).map { $0 })
        }
        for kind in OrganisationKind.allCases {
            let organisation = Organisation(
                id: region.newID(), kind: kind, name: "New", municipality: Region.municipalities[0])
            try OrganisationStore(db).insert(organisation, at: region.now)
        }
        var draft = try region.draft()
        for route in ReferralRoute.allCases {
            draft.route = route
            _ = try region.addReferral(draft)
        }
        let referral = try region.addReferral()
        for purpose in ConsentPurpose.allCases {
            let consent = Consent(
                id: region.newID(), purpose: purpose, recipient: nil, givenAt: region.now, endsOn: nil,
                withdrawnAt: nil)
            try ConversationStore(db).insert([consent], about: referral, by: .intaker)
        }
        for state in SupportState.allCases where state != .asked {
            let provider = Region.organisation(state == .accepted ? 1 : 2)
            _ = try region.addRequest(referral, provider: provider, as: state)
        }
        for state in MatchState.allCases {
            let dwelling = try region.addDwelling(landlord: Region.landlords[0])
            let standing = MatchStanding(state: state, landlord: .accepted, candidate: .accepted)
            _ = try region.addMatch(
                try region.addReferral(), dwelling, landlord: Region.landlords[0], through: [offered, standing])
        }
        for reason in DeclineReason.allCases {
            let dwelling = try region.addDwelling(landlord: Region.landlords[0])
            let match = try region.addMatch(referral, dwelling, landlord: Region.landlords[0])
            try MatchStore(db).insert(
                response: region.newID(), to: match, answer: "decline", party: reason.parties.first, onBehalf: false,
                by: .allocator, reason: reason, note: nil, at: region.now)
        }
    }
}
