// A coarse timer wheel: which connections to look at when. It knows numbers and moments, no sockets and no clock, and a
// deadline that moves later does not concern it: the owner looks at whom it takes out and files them again
// (Varghese and Lauck, "Hashed and Hierarchical Timing Wheels", 1987, scheme 6, with late re-filing).

/// Small numbers (here descriptors), each in the slot that comes round at or after its deadline.
///
/// One turn and no hierarchy: a deadline beyond it waits in the last slot of the turn and is filed again then, which
/// for the usual 75 s of an idle connection happens once.
struct TimerWheel {
    /// How coarse deadlines are: a peer that has waited for seconds does not notice a tenth more.
    static let slotMilliseconds: Int64 = 100
    /// Slots in one turn of 51.2 s: the deadlines of heads, bodies and answers (20 s) fit without a second look.
    static let slotCount = 512

    /// A filed number's neighbours in its slot.
    private struct Link {
        var slot = none
        var previous = none
        var next = none
    }

    private static let none: Int32 = -1

    private var heads = [Int32](repeating: none, count: slotCount)
    private var links: [Link] = []
    /// The last slot that has come round, counted since the clock's zero.
    private var current: Int64

    /// An empty wheel at this moment.
    init(nowMilliseconds: Int64) {
        current = nowMilliseconds / Self.slotMilliseconds
    }

    /// Files `id`, or moves it when it is filed; returns the moment when its slot comes round: not before the deadline,
    /// unless that lies beyond one turn.
    mutating func file(_ id: Int32, deadlineMilliseconds: Int64) -> Int64 {
        remove(id)
        let (quotient, rest) = deadlineMilliseconds.quotientAndRemainder(dividingBy: Self.slotMilliseconds)
        let due = min(max(quotient + (rest > 0 ? 1 : 0), current + 1), current + Int64(Self.slotCount))
        let slot = Self.slot(due)
        while links.count <= id { links.append(Link()) }
        let next = heads[slot]
        links[Int(id)] = Link(slot: Int32(slot), previous: Self.none, next: next)
        if next != Self.none { links[Int(next)].previous = id }
        heads[slot] = id
        return due * Self.slotMilliseconds
    }

    /// Takes `id` out; nothing happens when it is not filed.
    mutating func remove(_ id: Int32) {
        guard id < links.count, links[Int(id)].slot != Self.none else { return }
        let link = links[Int(id)]
        if link.previous == Self.none {
            heads[Int(link.slot)] = link.next
        } else {
            links[Int(link.previous)].next = link.next
        }
        if link.next != Self.none { links[Int(link.next)].previous = link.previous }
        links[Int(id)] = Link()
    }

    /// Moves on to `nowMilliseconds` and takes out, into `ids`, everything in the slots that have come round; a clock
    /// that jumps ahead by more than a turn takes out everything, one that goes back nothing.
    mutating func advance(to nowMilliseconds: Int64, taking ids: inout [Int32]) {
        let target = nowMilliseconds / Self.slotMilliseconds
        guard target > current else { return }
        for step in 1...min(target - current, Int64(Self.slotCount)) {
            let slot = Self.slot(current + step)
            var id = heads[slot]
            heads[slot] = Self.none
            while id != Self.none {
                ids.append(id)
                let next = links[Int(id)].next
                links[Int(id)] = Link()
                id = next
            }
        }
        current = target
    }

    private static func slot(_ number: Int64) -> Int {
        Int(truncatingIfNeeded: number) & (slotCount - 1)
    }
}
