// Purpose, ground and responsibility of a ledger entry: every role has them for every group it may see, the BSN and money
// name the articles of their own, and what the law does not list for somebody is never their ground.

import Domain
import Testing

@Suite struct AccountabilityTests {
    private static let groups = (0..<32).map { FieldGroups(rawValue: 1 << $0) }

    @Test(arguments: Role.allCases) func everyLookHasAGround(role: Role) {
        for group in Self.groups {
            for sight in Sight.allCases {
                let grounds = AccessPolicy.grounds(of: role, sight, on: group)
                #expect(!grounds.isEmpty && Set(grounds).count == grounds.count)
                #expect(grounds.contains(.citizenServiceNumber) == (group == .bsn && role != .candidate))
                #expect(grounds.contains(.ownRight) == (role == .candidate))
                #expect(!grounds.contains(.vitalInterests))
            }
        }
        let emergency = AccessPolicy.grounds(of: role, .referral, on: [.identity, .care], inEmergency: true)
        #expect(emergency == (role == .candidate ? [.ownRight] : [.vitalInterests]))
    }

    /// What the ledger says and what `GET /v1/me` says is one law, for every row of the policy's table.
    @Test func theGroundIsThatOfThePolicysTable() {
        let laws: [LegalGround: DisclosureGround] = [
            .publicTask: .municipalTask, .policy: .municipalTask, .provider: .providerTask, .ownRecord: .ownRecord,
            .access: .ownRight, .consent: .consent, .supervision: .accountability, .contract: .contract,
        ]
        #expect(Set(laws.keys) == Set(LegalGround.allCases))
        var cells = 0
        for grant in AccessPolicy.table {
            for role in grant.roles.roles {
                for sight in grant.sights {
                    let grounds = AccessPolicy.grounds(of: role, sight, on: grant.groups)
                    #expect(grounds.first == laws[grant.ground], "\(role) \(sight)")
                    cells += 1
                }
            }
        }
        #expect(cells > 60)
    }

    /// Housing corporations are not in the list of the Wmo, article 5.2.9(1): no look of theirs is ever at a BSN.
    @Test(arguments: [Role.allocator, .panel]) func whoLetsHasConsentUntilTheAgreement(role: Role) {
        for stage in MatchStage.allCases {
            let groups = AccessPolicy.groups(ofMatchFor: role, at: stage)
            let isAgreed = stage == .movedIn || stage == .ended
            #expect(
                AccessPolicy.grounds(of: role, .match(stage), on: groups) == [isAgreed ? .contract : .consent],
                "\(stage)")
        }
    }

    @Test func theGeneralGroundComesFirst() {
        func grounds(_ role: Role, _ sight: Sight, _ groups: FieldGroups) -> [DisclosureGround] {
            AccessPolicy.grounds(of: role, sight, on: groups)
        }
        #expect(grounds(.intaker, .referral, [.identity]) == [.municipalTask])
        #expect(grounds(.intaker, .referral, [.bsn, .finances]) == [.municipalTask, .citizenServiceNumber, .consent])
        #expect(grounds(.coordinator, .referral, [.finances]) == [.municipalTask, .consent])
        #expect(grounds(.supporter, .referral, [.bsn, .care, .finances]) == [.providerTask, .citizenServiceNumber])
        #expect(grounds(.referrer, .referral, [.identity, .finances]) == [.ownRecord])
        #expect(grounds(.intaker, .disclosures, [.disclosures]) == [.accountability])
        #expect(grounds(.admin, .disclosures, [.disclosures]) == [.accountability])
        #expect(grounds(.policymaker, .referral, [.status]) == [.municipalTask])
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
        ("print_dossier", .print), ("emergency", .emergency), ("break_glass", .emergency), ("", .change),
        ("_", .change),
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
