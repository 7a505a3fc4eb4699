// Chance and time for the demo region: a small seeded generator, so that a seed always tells the same story, and a clock
// that the loader moves from a year ago to today. Knows nothing of housing.

internal import Domain
internal import Lock
internal import Synchronization

/// A seeded stream of numbers: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014). Fast and well spread; not for secrets.
struct DemoDice: Sendable {
    private var state: UInt64

    /// The stream of one purpose: the same seed, index and purpose give the same numbers, whoever else rolls.
    init(seed: UInt64, index: Int = 0, purpose: UInt64) {
        state =
            seed &* 0xD134_2543_DE82_EF95 ^ UInt64(bitPattern: Int64(index)) &* 0x9E37_79B9_7F4A_7C15 ^ purpose << 56
        _ = bits()
    }

    mutating func bits() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// A number from 0 up to but not including `count`, which is small: the bias is beyond notice.
    mutating func below(_ count: Int) -> Int {
        precondition(count > 0, "something to choose from")
        return Int(bits() >> 1) % count
    }

    mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

    mutating func pick<Element>(_ list: [Element]) -> Element { list[below(list.count)] }

    /// True in `percent` of all rolls.
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    /// Different elements in the order of the list, `count` of them or as many as there are.
    mutating func some<Element>(_ count: Int, of list: [Element]) -> [Element] {
        var places = Array(list.indices)
        while places.count > max(0, count) { places.remove(at: below(places.count)) }
        return places.map { list[$0] }
    }
}

/// The moment of the story, and the dice behind its identifiers.
final class DemoClock: Sendable {
    private let milliseconds = Atomic<Int64>(0)
    private let dice: Lock<DemoDice>

    init(seed: UInt64) { dice = Lock(DemoDice(seed: seed, purpose: 0)) }

    func move(to moment: Instant) { milliseconds.store(moment.milliseconds, ordering: .releasing) }

    /// What the database asks for now and for randomness while the region is loaded.
    var environment: Environment {
        Environment(
            now: { Instant(milliseconds: self.milliseconds.load(ordering: .acquiring)) },
            randomBits: { self.dice.withLock { $0.bits() } })
    }
}
