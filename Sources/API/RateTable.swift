// Buckets by whose they are, for all loops at once and exact for them together. A full bucket is as good as none and
// need not be kept, so the table holds those who asked lately; it has a bound that no flood of addresses can move. It
// knows neither what the buckets are for nor what is answered when one is empty.

internal import Lock

/// The buckets of one rule.
final class RateTable: Sendable {
    /// Whose bucket it is: numbers that nobody can choose many of alike.
    struct Key: Hashable, Sendable {
        var high: UInt64
        var low: UInt64
    }

    /// Locks, so that two loops seldom want the same one; a power of two.
    private static let stripeCount = 64
    /// Buckets behind one lock: 65,536 in all, some 3 MiB at worst.
    static let bucketsPerStripe = 1_024
    /// Between two looks at every bucket of a stripe that is full up, in microseconds.
    private static let sweepMicroseconds: Int64 = 1_000_000

    private struct Stripe {
        var buckets: [Key: Int64] = [:]
        var sweptAt: Int64?
    }

    let rule: RateRule
    private let stripes: [Lock<Stripe>]

    init(_ rule: RateRule) {
        self.rule = rule
        stripes = (0..<Self.stripeCount).map { _ in Lock(Stripe()) }
    }

    /// Takes from somebody's bucket.
    func take(_ cost: Int, of key: Key, atMicroseconds now: Int64) -> RateRule.Outcome {
        stripe(of: key).withLock { stripe in
            // By its place, so that the key is hashed once.
            if let place = stripe.buckets.index(forKey: key) {
                let outcome = rule.take(cost, from: stripe.buckets.values[place], atMicroseconds: now)
                stripe.buckets.values[place] = outcome.fullAt
                return outcome
            }
            if stripe.buckets.count >= Self.bucketsPerStripe { makeRoom(&stripe, now) }
            let outcome = rule.take(cost, from: 0, atMicroseconds: now)
            stripe.buckets[key] = outcome.fullAt
            return outcome
        }
    }

    /// What `take` would say, without taking.
    func look(_ cost: Int, of key: Key, atMicroseconds now: Int64) -> RateRule.Outcome {
        stripe(of: key).withLock { rule.take(cost, from: $0.buckets[key] ?? 0, atMicroseconds: now) }
    }

    /// Whether somebody has a bucket here; a full one may be gone.
    func knows(_ key: Key) -> Bool { stripe(of: key).withLock { $0.buckets[key] != nil } }

    /// Forgets somebody.
    func forget(_ key: Key) { stripe(of: key).withLock { _ = $0.buckets.removeValue(forKey: key) } }

    /// How many buckets are kept.
    var count: Int { stripes.reduce(0) { $0 + $1.withLock { $0.buckets.count } } }

    /// Lets go of full buckets, and of any one when there are none: its owner then starts afresh, which is what a flood
    /// of so many owners has anyway, and costs nobody else anything.
    private func makeRoom(_ stripe: inout Stripe, _ now: Int64) {
        if stripe.sweptAt.map({ now < $0 || now - $0 >= Self.sweepMicroseconds }) ?? true {
            stripe.sweptAt = now
            stripe.buckets = stripe.buckets.filter { !rule.isFull($0.value, atMicroseconds: now) }
        }
        if stripe.buckets.count >= Self.bucketsPerStripe { stripe.buckets.remove(at: stripe.buckets.startIndex) }
    }

    private func stripe(of key: Key) -> Lock<Stripe> {
        // Fibonacci hashing: the high bits of a product with 2^64 over the golden ratio.
        stripes[Int(truncatingIfNeeded: ((key.high ^ key.low) &* 0x9E37_79B9_7F4A_7C15) >> 58)]
    }
}
