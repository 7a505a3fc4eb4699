// A played kernel for peers that no real client can be: one whose bytes never stop coming and who takes at once whatever
// is sent. It knows sockets and bytes, nothing of HTTP.

import Glibc
import Synchronization

@testable import HTTPServer

/// A kernel in which one connection's socket always has more to read, or takes whatever is written.
final class Flood: Sendable {
    /// The socket: -1 before it is accepted.
    private let socket = Atomic<Int32>(-1)
    private let isExpected = Atomic(false)
    private let isOver = Atomic(false)
    private let offset = Atomic<Int>(0)
    private let first: [UInt8]
    private let endless: [UInt8]

    /// `first` comes once, `endless` again and again.
    init(first: String = "", endless: String) {
        self.first = Array(first.utf8)
        self.endless = Array(endless.utf8)
    }

    /// Makes the next connection the flooded one.
    func expect() { isExpected.store(true, ordering: .relaxed) }

    /// How many bytes it has delivered.
    var delivered: Int { offset.load(ordering: .relaxed) }

    /// Ends it: the next read finds the peer gone.
    func end() { isOver.store(true, ordering: .relaxed) }

    private func byte(_ place: Int) -> UInt8 {
        place < first.count ? first[place] : endless[(place - first.count) % endless.count]
    }

    var kernel: Kernel {
        var kernel = Kernel.system
        kernel.accept = { listener, address, length in
            let result = Kernel.system.accept(listener, address, length)
            if result >= 0, self.isExpected.exchange(false, ordering: .relaxed) {
                self.socket.store(Int32(truncatingIfNeeded: result), ordering: .relaxed)
            }
            return result
        }
        kernel.receive = { descriptor, memory, room in
            guard descriptor == self.socket.load(ordering: .relaxed) else {
                return Kernel.system.receive(descriptor, memory, room)
            }
            guard !self.isOver.load(ordering: .relaxed) else { return 0 }
            let start = self.offset.add(room, ordering: .relaxed).oldValue
            for place in 0..<room {
                memory.storeBytes(of: self.byte(start + place), toByteOffset: place, as: UInt8.self)
            }
            return room
        }
        kernel.send = { descriptor, bytes, count in
            descriptor == self.socket.load(ordering: .relaxed)
                ? count : Kernel.system.send(descriptor, bytes, count)
        }
        kernel.sendTwo = { descriptor, one, two in
            descriptor == self.socket.load(ordering: .relaxed)
                ? one.count + two.count : Kernel.system.sendTwo(descriptor, one, two)
        }
        return kernel
    }
}
