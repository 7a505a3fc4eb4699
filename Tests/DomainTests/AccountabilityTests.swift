// Purpose, ground and responsibility of a ledger entry: every role has them for every group it may see, the BSN and money
// name the articles of their own, and what the law does not list for somebody is never their ground.

import Domain
import Testing

@Suite struct AccountabilityTests {
    private static let groups = (0..<32).map { FieldGroups(rawValue: 1 << $0) }

    @Test(arguments: Role.allCases) func everyLookHasAGround(role: Role) {
        for group in Self.groups {
            for action in ["read", "list", "search", "wishes", "submit", "read_disclosures"] {
                let grounds = AccessPolicy.grounds(of: role, action, on: group)
                #expect(!grounds.isEmpty && Set(grounds).count == grounds.count)
                #expect(grounds.contains(.citizenServiceNumber) == (group == .bsn && role != .candidate))
                #expect(grounds.contains(.ownRight) == (role == .candidate))
                #expect(!grounds.contains(.vitalInterests))
            }
        }
        let emergency = AccessPolicy.grounds(of: role, "read", on: [.identity, .care], inEmergency: true)
        #expect(emergency == (role == .candidate ? [.ownRight] : [.vitalInterests]))
    }

    /// Housing corporations are not in the list of the Wmo, article 5.2.9(1): no look of theirs is ever at a BSN.
    @Test(arguments: [Role.allocator, .panel]) func whoLetsHasConsentAlone(role: Role) {
        for stage in MatchStage.allCases {
            let groups = AccessPolicy.groups(ofMatchFor: role, at: stage)
            #expect(AccessPolicy.grounds(of: role, "list", on: groups) == [.consent])
        }
    }

    @Test func theGeneralGroundComesFirst() {
        func grounds(_ role: Role, _ action: String, _ groups: FieldGroups) -> [DisclosureGround] {
            AccessPolicy.grounds(of: role, action, on: groups)
        }
        #expect(grounds(.intaker, "read", [.identity]) == [.municipalTask])
        #expect(grounds(.intaker, "read", [.bsn, .finances]) == [.municipalTask, .citizenServiceNumber, .consent])
        #expect(grounds(.coordinator, "read", [.finances]) == [.municipalTask, .consent])
        #expect(grounds(.supporter, "read", [.bsn, .care, .finances]) == [.providerTask, .citizenServiceNumber])
        #expect(grounds(.referrer, "submit", [.identity, .finances]) == [.consent])
        #expect(grounds(.intaker, LedgerAction.readDisclosures, [.disclosures]) == [.accountability])
        #expect(grounds(.admin, LedgerAction.searchDisclosures, [.disclosures]) == [.accountability])
        #expect(grounds(.policymaker, "list", [.status]) == [.municipalTask])
    }

    @Test func theOrganisationAnswersButForAPersonsOwnLook() {
        for role in Role.allCases {
            let actor = Actor(
                token: TokenID(high: 1, low: 1), organisation: OrganisationID(high: 2, low: 2), role: role)
            #expect(AccessPolicy.responsible(for: actor) == (role == .candidate ? nil : actor.organisation))
        }
    }

    @Test(arguments: [
        ("read", DisclosureDeed.read), ("read_again", .read), ("read_disclosures", .read), ("list", .list),
        ("search", .search), ("search_duplicates", .search), ("submit", .create), ("patch", .change),
        ("match_proposed", .change), ("wishes", .change), ("link", .link), ("unlink", .link), ("export", .export),
        ("print", .print), ("emergency", .emergency), ("break_glass", .emergency), ("", .change), ("_", .change),
    ])
    func everyActionIsAKindOfDeed(action: String, deed: DisclosureDeed) {
        #expect(DisclosureDeed(action: action) == deed)
    }

    @Test func aDayBeginsAtMidnightInAmsterdam() {
        for (day, moment) in [
            ("2026-11-22", "2026-11-21T23:00:00Z"), ("2026-07-01", "2026-06-30T22:00:00Z"),
            ("2026-03-29", "2026-03-28T23:00:00Z"), ("2026-03-30", "2026-03-29T22:00:00Z"),
            ("2026-10-25", "2026-10-24T22:00:00Z"), ("2026-10-26", "2026-10-25T23:00:00Z"),
        ] {
            #expect(CivilDate(iso: day).map(AmsterdamTime.start) == Instant(rfc3339: moment), "\(day)")
        }
        for number in Int32(20_000)..<21_000 {
            let day = CivilDate(dayNumber: number)
            let start = AmsterdamTime.start(of: day)
            #expect(AmsterdamTime.day(of: start) == day)
            #expect(AmsterdamTime.day(of: Instant(milliseconds: start.milliseconds - 1)) == day.adding(days: -1))
        }
    }
}
