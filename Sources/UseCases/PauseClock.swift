// A legal term is suspended on a ground that no move of the referral brings with it (Awb, article 4:15), and goes on again: by
// the intake point, with a reason that the person reads.

package import Domain
package import Storage

/// Suspends terms.
package enum PauseClock {
    /// The grounds that somebody gives by hand; the others follow from a move.
    package static let grounds: [PauseGround] = [.agreedInWriting, .candidatesDelay, .forceMajeure]

    /// Lets a clock stand still from today.
    ///
    /// - Throws: `UseCaseFault`; `.conflict` when it may not on this ground, stands still already, or its last day has passed.
    package static func pause(
        _ id: ClockID, of referral: ReferralID, _ ground: PauseGround, reason: String, by caller: Caller,
        in tx: WriteTransaction
    ) throws -> Clock {
        guard grounds.contains(ground) else {
            throw UseCaseFault.invalid(
                pointer: "/ground", code: "follows", text: "This ground follows from a move of the referral.")
        }
        return try change(id, of: referral, "clock_paused", reason, caller, tx) { clock, today in
            guard !clock.isBreached(on: today) else {
                throw UseCaseFault.conflict(.other, "Its last day has passed; what is late stays late.")
            }
            guard clock.pause(ground, on: today) else {
                throw UseCaseFault.conflict(.other, "It has ended, stands still already, or may not on this ground.")
            }
        }
    }

    /// Lets a clock that was paused by hand run again from today.
    ///
    /// - Throws: `UseCaseFault`; `.conflict` when it does not stand still on such a ground.
    package static func resume(
        _ id: ClockID, of referral: ReferralID, by caller: Caller, in tx: WriteTransaction
    ) throws -> Clock {
        try change(id, of: referral, "clock_resumed", nil, caller, tx) { clock, today in
            guard let open = clock.pause, grounds.contains(open.ground), clock.resume(open.ground, on: today) else {
                throw UseCaseFault.conflict(.other, "It does not stand still on a ground that was given by hand.")
            }
        }
    }

    private static func change(
        _ id: ClockID, of referral: ReferralID, _ kind: String, _ reason: String?, _ caller: Caller,
        _ tx: WriteTransaction, _ apply: (inout Clock, CivilDate) throws -> Void
    ) throws -> Clock {
        try caller.require(.pauseClock)
        let steps = ReferralSteps(caller: caller, tx: tx)
        let standing = try steps.find(referral)
        let store = ClockStore(tx.db)
        guard var clock = try store.list(of: referral).first(where: { $0.id == id }) else {
            throw UseCaseFault.notFound
        }
        try apply(&clock, steps.today)
        try store.update(clock, of: referral, on: steps.today)
        _ = try steps.touch(standing)
        _ = try steps.journal.record(kind, of: referral, reason: reason, groups: .status, object: id.retyped())
        return clock
    }
}
