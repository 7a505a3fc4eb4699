// How much one caller may ask for: tokens pay for what they ask by its cost, and addresses for tokens that are none. It
// says what the limits are and what their answers look like; the buckets themselves are RateTable's.

internal import Domain
internal import HTTPWire

/// The limits with their defaults and the reason for each.
package struct RateSettings: Sendable, Equatable {
    /// Units a token may spend at once: a script that fetches a thousand dossiers after a weekend is not held up.
    package var tokenBurst = 1_000
    /// Units that come back to a token every second: a corporation that polls every second, with a hundred staff.
    package var tokenPerSecond = 100
    /// Wrong tokens of one address (IPv6: of one /64) at once: a colleague who pastes the wrong line, all morning.
    package var signInBurst = 10
    /// Seconds until an address may be wrong once more: ten a minute, of 2^256.
    package var signInSeconds = 6

    /// The defaults.
    package init() {}
}

/// What asking costs, in units of a token's limit. Each route has one, in the route table.
package enum RouteCost: Int, Sendable, CaseIterable {
    /// One resource, or the news that nothing has changed.
    case read = 1
    /// A list, a search, a change: up to a hundred resources, or a place in the writer's queue.
    case work = 5
    /// A whole file: dossiers, exports, reports.
    case bulk = 50
}

/// The buckets of all tokens and addresses of a service.
final class RateLimits: Sendable {
    /// Whose bucket stands for a token: the first half of its hash, which is as good as random.
    typealias TokenKey = RateTable.Key

    private let tokens: RateTable
    private let signIns: RateTable
    /// What every answer to a token says of the limit (draft-ietf-httpapi-ratelimit-headers-10, section 3).
    let policyField: (name: String, value: String)

    init(_ settings: RateSettings) {
        tokens = RateTable(RateRule(burst: settings.tokenBurst, perSecond: settings.tokenPerSecond))
        signIns = RateTable(RateRule(burst: settings.signInBurst, secondsPerUnit: settings.signInSeconds))
        policyField = ("RateLimit-Policy", "\"default\";q=\(tokens.rule.burst);w=\(tokens.rule.windowSeconds)")
    }

    /// The key of a token by its hash, which is a SHA-256.
    static func key(of hash: [UInt8]) -> TokenKey {
        hash.withUnsafeBytes {
            TokenKey(
                high: $0.loadUnaligned(as: UInt64.self), low: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
    }

    // MARK: Tokens that hold

    /// Lets a token that holds pay.
    func charge(_ cost: RouteCost, to token: TokenKey, atMicroseconds now: Int64) -> RateRule.Outcome {
        tokens.take(cost.rawValue, of: token, atMicroseconds: now)
    }

    /// What is left of a token's limit.
    static func field(_ outcome: RateRule.Outcome) -> RateLimitField {
        RateLimitField(remaining: outcome.remaining, seconds: outcome.secondsToFull)
    }

    // MARK: Tokens that do not

    /// Whether a token that nobody remembers may be looked up: its address has not been wrong too often, or the token
    /// held not long ago. So one script with an old token does not lock out a whole office.
    ///
    /// - Throws: `Problem` 429.
    func admit(_ token: TokenKey, from address: String, atMicroseconds now: Int64) throws(Problem) {
        guard !tokens.knows(token), let key = Self.key(ofAddress: address) else { return }
        let outcome = signIns.look(1, of: key, atMicroseconds: now)
        guard outcome.isGranted else { throw tooManySignIns(outcome) }
    }

    /// Counts a token that does not hold against its address.
    ///
    /// - Returns: What the refusal says of the address's limit.
    /// - Throws: `Problem` 429 when the address has been wrong too often.
    func noteFailure(
        of token: TokenKey, from address: String, atMicroseconds now: Int64
    ) throws(Problem) -> [(name: String, value: String)] {
        guard let key = Self.key(ofAddress: address) else { return [] }
        let outcome = signIns.take(1, of: key, atMicroseconds: now)
        guard outcome.isGranted else { throw tooManySignIns(outcome) }
        return signInFields(outcome)
    }

    /// Forgets a token that has ended.
    func forget(_ token: TokenKey) { tokens.forget(token) }

    /// IPv4 addresses whole, IPv6 addresses by their /64, which is what one customer gets; nil on a Unix socket, where
    /// nobody has an address. What a proxy passes on and is none shares one key.
    private static func key(ofAddress text: String) -> RateTable.Key? {
        guard text != "unix" else { return nil }
        guard let address = NetworkAddress(text) else { return RateTable.Key(high: .max, low: .max) }
        return RateTable.Key(high: address.high, low: address.isIPv4 ? address.low : 0)
    }

    // MARK: Problems

    /// The refusal of a token that has spent its limit.
    static func spent(_ outcome: RateRule.Outcome) -> Problem {
        refusal("This token has asked for too much at once.", outcome)
    }

    private func tooManySignIns(_ outcome: RateRule.Outcome) -> Problem {
        var problem = Self.refusal("Too many tokens that do not hold came from this address.", outcome)
        problem.fields += signInFields(outcome)
        return problem
    }

    /// The fields of a limit that is an address's, under a name of its own; a token's come with every answer to it.
    private func signInFields(_ outcome: RateRule.Outcome) -> [(name: String, value: String)] {
        [
            ("RateLimit-Policy", "\"sign-in\";q=\(signIns.rule.burst);w=\(signIns.rule.windowSeconds)"),
            ("RateLimit", "\"sign-in\";r=\(outcome.remaining);t=\(outcome.secondsToFull)"),
        ]
    }

    // RFC 6585, section 4.
    private static func refusal(_ reason: String, _ outcome: RateRule.Outcome) -> Problem {
        let seconds = max(1, outcome.secondsToEnough)
        var problem = Problem(.tooManyRequests, "\(reason) Ask again in \(seconds) s.")
        problem.fields = [("Retry-After", String(seconds))]
        return problem
    }
}
