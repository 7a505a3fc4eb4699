// The routes that suspend a legal term and let it run again.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum ClockHandlers {
    static func pause(_ exchange: Exchange) async throws -> Answer {
        let (referral, clock) = (try exchange.id(of: ReferralTag.self), try exchange.id(1, of: ClockTag.self))
        let (ground, reason) = try exchange.form { form -> (PauseGround, String)? in
            let ground = form.choice("ground", as: PauseGround.self)
            let reason = form.string("reason", length: 1...2000)
            guard let ground, let reason else { return nil }
            return (ground, reason)
        }
        return try await changed(exchange, referral) {
            try PauseClock.pause(clock, of: referral, ground, reason: reason, by: $0, in: $1)
        }
    }

    static func resume(_ exchange: Exchange) async throws -> Answer {
        let (referral, clock) = (try exchange.id(of: ReferralTag.self), try exchange.id(1, of: ClockTag.self))
        _ = try exchange.form { _ in true }
        return try await changed(exchange, referral) { try PauseClock.resume(clock, of: referral, by: $0, in: $1) }
    }

    private static func changed(
        _ exchange: Exchange, _ referral: ReferralID,
        _ change: @escaping @Sendable (Caller, WriteTransaction) throws -> Clock
    ) async throws -> Answer {
        let (caller, today) = (exchange.caller, exchange.today)
        return try await exchange.write { tx in
            let clock = try change(caller, tx)
            let turns = try EventStore(tx.db).turns(of: referral)
            return .ok(showing: Showing(.status, of: referral)) {
                $0.object { ClockJSON.write(clock, turns: turns, on: today, to: &$0) }
            }
        }
    }
}
