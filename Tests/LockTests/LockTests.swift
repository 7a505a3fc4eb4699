// The lock under several threads: no change is lost, who waits is told, and a wait with an end has one.

import Dispatch
import Lock
import Testing

@Suite struct LockTests {
    @Test func noChangeIsLost() {
        let count = Lock(0)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<10_000 { count.withLock { $0 += 1 } }
        }
        #expect(count.withLock { $0 } == 80_000)
    }

    @Test func whatBodyThrowsComesOutAndTheLockIsFree() {
        struct Thrown: Error {}
        let lock = Lock("before")
        #expect(throws: Thrown.self) {
            try lock.withLock { text in
                text = "after"
                throw Thrown()
            }
        }
        #expect(lock.withLock { $0 } == "after")
    }

    @Test func eachWaitingThreadGetsItsOwn() {
        let waiting = Lock<[Int]>([])
        let taken = Lock<[Int]>([])
        let takers = DispatchGroup()
        for _ in 0..<4 {
            DispatchQueue.global().async(group: takers) {
                while let number = waiting.wait(for: { $0.popLast() }), number >= 0 {
                    taken.withLock { $0.append(number) }
                }
            }
        }
        for number in 0..<1_000 {
            waiting.withLock { $0.insert(number, at: 0) }
            waiting.wakeOne()
        }
        waiting.withLock { $0.insert(contentsOf: [-1, -1, -1, -1], at: 0) }
        waiting.wakeAll()
        takers.wait()
        #expect(taken.withLock { $0 }.sorted() == Array(0..<1_000))
    }

    @Test func aWaitEnds() {
        let lock = Lock(1)
        #expect(lock.wait(atMostMilliseconds: 20) { $0 == 2 ? $0 : nil } == nil)
        #expect(lock.wait(atMostMilliseconds: 0) { $0 == 1 ? "at once" : nil } == "at once")
        #expect(lock.withLock { $0 } == 1)
    }
}
