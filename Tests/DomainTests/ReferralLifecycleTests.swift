// The referral's life against a literal matrix: every state, every move, every role. The words here are written out
// from the domain's own description and not taken from the code they check.

import Domain
import Testing

@Suite struct ReferralLifecycleTests {
    /// Every move that can be made, with where it leads; what is not listed can't be made.
    static let matrix: [ReferralState: [ReferralMove: ReferralState]] = [
        .submitted: [
            .askInformation: .awaitingInformation, .startIntake: .intake, .redirect: .redirected,
            .withdraw: .withdrawn,
        ],
        // `giveInformation` leads back to where the question was asked; see `informationLeadsBack`.
        .awaitingInformation: [.redirect: .redirected, .withdraw: .withdrawn],
        .intake: [
            .askInformation: .awaitingInformation, .completeReport: .reported, .redirect: .redirected,
            .withdraw: .withdrawn,
        ],
        .reported: [
            .askInformation: .awaitingInformation, .admit: .waiting, .redirect: .redirected, .reject: .rejected,
            .withdraw: .withdrawn,
        ],
        .waiting: [.offer: .matched, .hold: .onHold, .withdraw: .withdrawn],
        .matched: [.offer: .matched, .returnToQueue: .waiting, .accept: .accepted, .withdraw: .withdrawn],
        .accepted: [.fallThrough: .waiting, .moveIn: .housed, .withdraw: .withdrawn],
        .housed: [.loseHome: .waiting, .close: .closed, .withdraw: .withdrawn],
        .onHold: [.resume: .waiting, .withdraw: .withdrawn],
        .closed: [:], .redirected: [:], .rejected: [:], .withdrawn: [:],
    ]

    /// Who may make each move.
    static let roles: [ReferralMove: Set<Role>] = [
        .askInformation: [.intaker, .coordinator],
        .giveInformation: [.referrer, .candidate, .intaker, .coordinator],
        .startIntake: [.intaker, .coordinator],
        .completeReport: [.intaker, .coordinator],
        .admit: [.intaker, .coordinator],
        .redirect: [.intaker, .coordinator],
        .reject: [.intaker, .coordinator],
        .offer: [.coordinator],
        // Also whoever may withdraw the consent that a match rests on.
        .returnToQueue: [.allocator, .panel, .candidate, .supporter, .referrer, .intaker, .coordinator],
        .accept: [.allocator, .panel, .candidate, .supporter, .coordinator],
        .fallThrough: [.allocator, .panel, .candidate, .supporter, .referrer, .intaker, .coordinator],
        .moveIn: [.allocator, .panel, .coordinator],
        .loseHome: [.supporter, .intaker, .coordinator],
        .close: [.supporter, .intaker, .coordinator],
        .hold: [.candidate, .intaker, .coordinator],
        .resume: [.candidate, .intaker, .coordinator],
        .withdraw: [.candidate, .referrer, .intaker, .coordinator],
    ]

    /// The moves that are asked for by name; the others follow from matches and tenancies.
    static let named: Set<ReferralMove> = [
        .askInformation, .giveInformation, .startIntake, .completeReport, .admit, .redirect, .reject, .loseHome,
        .close, .hold, .resume, .withdraw,
    ]

    @Test func theMatrixIsWhole() {
        #expect(ReferralState.allCases.count == 13)
        #expect(ReferralMove.allCases.count == 17)
        #expect(Set(Self.matrix.keys) == Set(ReferralState.allCases))
        #expect(Set(Self.roles.keys) == Set(ReferralMove.allCases))
    }

    @Test(arguments: ReferralState.allCases, ReferralMove.allCases)
    func statesByMoves(state: ReferralState, move: ReferralMove) {
        #expect(ReferralLifecycle.state(after: move, from: state) == Self.matrix[state]?[move])
    }

    @Test(arguments: [ReferralState.submitted, .intake, .reported])
    func informationLeadsBack(asked: ReferralState) {
        #expect(ReferralLifecycle.state(after: .askInformation, from: asked) == .awaitingInformation)
        #expect(
            ReferralLifecycle.state(after: .giveInformation, from: .awaitingInformation, resuming: asked) == asked)
    }

    @Test(arguments: ReferralMove.allCases)
    func movesByRoles(move: ReferralMove) {
        #expect(Set(move.roles.roles) == Self.roles[move])
        #expect((move.madeBy == .transition) == Self.named.contains(move))
    }

    @Test(arguments: ReferralState.allCases, Role.allCases)
    func whatARoleMayAskFor(state: ReferralState, role: Role) {
        let resuming: ReferralState? = state == .awaitingInformation ? .intake : nil
        var expected = Self.matrix[state] ?? [:]
        if state == .awaitingInformation { expected[.giveInformation] = .intake }
        let moves = expected.keys.filter { Self.named.contains($0) && Self.roles[$0]?.contains(role) == true }
        #expect(Set(ReferralLifecycle.moves(from: state, by: role, resuming: resuming)) == Set(moves))
    }

    @Test func openAndEnded() {
        let ends: Set<ReferralState> = [.closed, .redirected, .rejected, .withdrawn]
        for state in ReferralState.allCases {
            #expect(state.isOpen == !ends.contains(state))
            #expect((Self.matrix[state]?[.withdraw] == .withdrawn) == state.isOpen)
        }
    }

    @Test func spellings() {
        #expect(
            ReferralState.allCases.map(\.rawValue) == [
                "submitted", "awaiting_information", "intake", "reported", "waiting", "matched", "accepted", "housed",
                "on_hold", "closed", "redirected", "rejected", "withdrawn",
            ])
        #expect(
            ReferralMove.allCases.map(\.rawValue) == [
                "ask_information", "give_information", "start_intake", "complete_report", "admit", "redirect",
                "reject", "offer", "return_to_queue", "accept", "fall_through", "move_in", "lose_home", "close",
                "hold", "resume", "withdraw",
            ])
    }
}
