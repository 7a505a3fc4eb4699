// The timer wheel by itself: nothing comes out before its deadline, nothing later than the next slot or one turn, and
// whatever was taken out or removed is gone.

import Testing

@testable import HTTPServer

@Suite struct TimerWheelTests {
    static let slot = TimerWheel.slotMilliseconds
    static let turn = slot * Int64(TimerWheel.slotCount)

    /// A wheel whose clock starts inside a slot.
    var wheel = TimerWheel(nowMilliseconds: 1_000_030)

    private static func taken(_ wheel: inout TimerWheel, at now: Int64) -> [Int32] {
        var ids: [Int32] = []
        wheel.advance(to: now, taking: &ids)
        return ids.sorted()
    }

    /// Deadlines, and the moments their slots come round.
    static let moments: [(deadline: Int64, expected: Int64)] = [
        (1_000_030, 1_000_100), (1_000_031, 1_000_100), (1_000_099, 1_000_100), (1_000_100, 1_000_100),
        (1_000_101, 1_000_200), (1_020_030, 1_020_100), (0, 1_000_100), (.min, 1_000_100),
        (999_999 + turn, 1_000_000 + turn), (1_000_000 + turn, 1_000_000 + turn),
        (1_000_001 + turn, 1_000_000 + turn), (.max, 1_000_000 + turn),
    ]

    @Test(arguments: moments)
    mutating func comesRoundAtTheNextSlot(_ deadline: Int64, _ expected: Int64) {
        #expect(wheel.file(3, deadlineMilliseconds: deadline) == expected)
        #expect(Self.taken(&wheel, at: expected - 1).isEmpty)
        #expect(Self.taken(&wheel, at: expected) == [3])
        #expect(Self.taken(&wheel, at: expected + 2 * Self.turn).isEmpty, "once taken out it is gone")
    }

    @Test(arguments: [(1_009_000, 1_005_000), (1_005_000, 1_009_000), (1_005_000, 1_005_000)] as [(Int64, Int64)])
    mutating func movesWhatIsFiled(_ first: Int64, _ second: Int64) {
        _ = wheel.file(0, deadlineMilliseconds: first)
        #expect(wheel.file(0, deadlineMilliseconds: second) == second)
        #expect(Self.taken(&wheel, at: second - 1).isEmpty)
        #expect(Self.taken(&wheel, at: second) == [0])
        #expect(Self.taken(&wheel, at: 1_000_000 + Self.turn).isEmpty)
    }

    @Test mutating func holdsManyInOneSlotAndLosesTheRightOnes() {
        for id in Int32(0)..<1_000 { _ = wheel.file(id, deadlineMilliseconds: 1_002_000 + Int64(id % 90) - 89) }
        // The first and the last of the slot, neighbours, and some from the middle.
        let removed: Set<Int32> = [0, 999, 500, 501, 502, 17]
        for id in removed { wheel.remove(id) }
        wheel.remove(17)
        wheel.remove(5_000)
        #expect(Self.taken(&wheel, at: 1_001_999).isEmpty)
        #expect(Self.taken(&wheel, at: 1_002_000) == (0..<1_000).filter { !removed.contains($0) })
    }

    @Test mutating func anEmptiedSlotCanBeUsedAgain() {
        _ = wheel.file(1, deadlineMilliseconds: 1_000_500)
        wheel.remove(1)
        _ = wheel.file(2, deadlineMilliseconds: 1_000_500)
        #expect(Self.taken(&wheel, at: 1_000_500) == [2])
        _ = wheel.file(1, deadlineMilliseconds: 1_000_500 + Self.turn)
        #expect(Self.taken(&wheel, at: 1_000_499 + Self.turn).isEmpty)
        #expect(Self.taken(&wheel, at: 1_000_500 + Self.turn) == [1])
    }

    /// As the loop does it: looked at once a turn, filed again, taken at last in the right slot.
    @Test mutating func reachesFarDeadlinesTurnByTurn() {
        let deadline = 1_000_030 + 3 * Self.turn + 250
        var looks = 0
        var now = wheel.file(7, deadlineMilliseconds: deadline)
        while now < deadline {
            #expect(Self.taken(&wheel, at: now) == [7])
            looks += 1
            now = wheel.file(7, deadlineMilliseconds: deadline)
        }
        #expect(looks == 3)
        #expect(now == 1_000_300 + 3 * Self.turn)
        #expect(Self.taken(&wheel, at: now) == [7])
    }

    @Test(arguments: [turn - slot, turn, turn + 1, 10 * turn, 1 << 60] as [Int64])
    mutating func takesEverythingWhenTheClockJumpsAhead(_ jump: Int64) {
        for id in Int32(0)..<400 { _ = wheel.file(id, deadlineMilliseconds: 1_000_030 + Int64(id) * 100) }
        #expect(Self.taken(&wheel, at: 1_000_030 + jump) == Array(0..<400))
        let next = wheel.file(9, deadlineMilliseconds: 1_000_030 + jump + 1_000)
        #expect(Self.taken(&wheel, at: next - 1).isEmpty)
        #expect(Self.taken(&wheel, at: next) == [9])
    }

    @Test mutating func staysWhereItIsWhenTheClockGoesBack() {
        _ = wheel.file(4, deadlineMilliseconds: 1_000_100)
        #expect(Self.taken(&wheel, at: 500_000).isEmpty)
        #expect(Self.taken(&wheel, at: 1_000_099).isEmpty)
        #expect(Self.taken(&wheel, at: 1_000_100) == [4])
        #expect(wheel.file(4, deadlineMilliseconds: 600_000) == 1_000_200)
    }

    /// Random moves against a dictionary.
    @Test(arguments: [1, 2, 3] as [UInt64])
    mutating func agreesWithAPlainTable(_ seed: UInt64) {
        var chance = Xorshift(state: seed &* 0x9e37_79b9_7f4a_7c15)
        var table: [Int32: Int64] = [:]
        var now: Int64 = 1_000_030
        for _ in 0..<20_000 {
            let id = Int32.random(in: 0..<200, using: &chance)
            switch Int.random(in: 0..<10, using: &chance) {
            case 0..<5:
                let deadline = now + Int64.random(in: -1_000...Self.turn * 2, using: &chance)
                table[id] = wheel.file(id, deadlineMilliseconds: deadline)
            case 5..<7:
                wheel.remove(id)
                table[id] = nil
            default:
                now += Int64.random(in: 0..<(id == 0 ? 2 * Self.turn : 3 * Self.slot), using: &chance)
                let expected = table.filter { $0.value <= now }.keys.sorted()
                #expect(Self.taken(&wheel, at: now) == expected)
                for id in expected { table[id] = nil }
            }
        }
    }
}
