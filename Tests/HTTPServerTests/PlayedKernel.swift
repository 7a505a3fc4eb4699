// Kernels for tests: the real one with a part of it played. It knows calls and their order, nothing of HTTP.

import CLinux
import Glibc
import Lock
import Synchronization

@testable import HTTPServer

/// A generator with a seed, so that a failure can be played again (Marsaglia, "Xorshift RNGs", 2003).
struct Xorshift: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}

/// What is played at one call.
enum Fault: Sendable, Equatable, CustomStringConvertible {
    /// The call fails with this errno and does nothing.
    case error(Int32)
    /// The call moves one byte.
    case short

    var description: String {
        switch self {
        case .error(EAGAIN): "EAGAIN"
        case .error(EINTR): "EINTR"
        case .error(ECONNRESET): "ECONNRESET"
        case .error(EPIPE): "EPIPE"
        case .error(let code): "errno \(code)"
        case .short: "short"
        }
    }
}

/// Plays one fault at the n-th call from `arm` on; before and after, the real kernel. A call moves at most 64 KiB, so
/// that a large answer takes many.
final class Play: Sendable {
    private struct State {
        var fault: Fault?
        var callsBefore = 0
    }

    private static let bytesPerCall = 65_536
    private let state = Lock(State())

    /// Plays `fault` at call number `call`, counted from 1.
    func arm(_ fault: Fault, at call: Int) {
        state.withLock { $0 = State(fault: fault, callsBefore: call - 1) }
    }

    /// Whether nothing is left to be played.
    var isPlayed: Bool { state.withLock { $0.fault == nil } }

    /// Waits until the fault was played; false after five seconds.
    func waitUntilPlayed() -> Bool {
        for _ in 0..<5_000 where !isPlayed { usleep(1_000) }
        return isPlayed
    }

    /// The result of a call, which may move as many bytes as it is handed.
    func call(_ system: (Int) -> Int) -> Int {
        let fault = state.withLock { state -> Fault? in
            guard state.callsBefore == 0 else {
                state.callsBefore -= 1
                return nil
            }
            defer { state.fault = nil }
            return state.fault
        }
        switch fault {
        case .error(let code): return -Int(code)
        case .short: return system(1)
        case nil: return system(Self.bytesPerCall)
        }
    }
}

/// Sockets opened and closed: equal once a server has stopped.
final class Balance: Sendable {
    let accepted = Atomic<Int>(0)
    let closed = Atomic<Int>(0)
    var isEven: Bool { accepted.load(ordering: .relaxed) == closed.load(ordering: .relaxed) }
}

extension Kernel {
    /// The real kernel with faults in what it sends and receives.
    static func playing(sends: Play = Play(), receives: Play = Play()) -> Kernel {
        let system = Kernel.system
        var kernel = system
        kernel.send = { descriptor, bytes, count in
            sends.call { system.send(descriptor, bytes, min($0, count)) }
        }
        kernel.sendTwo = { descriptor, first, second in
            sends.call { most in
                system.sendTwo(
                    descriptor, UnsafeRawBufferPointer(rebasing: first.prefix(most)),
                    UnsafeRawBufferPointer(rebasing: second.prefix(max(0, most - first.count))))
            }
        }
        kernel.receive = { descriptor, memory, room in
            defer { makeEdge(descriptor) }
            return receives.call { system.receive(descriptor, memory, min($0, room)) }
        }
        // Answers of two runs can be compared byte by byte.
        kernel.unixSeconds = { 784_111_777 }
        return kernel
    }

    /// The same kernel, counting sockets.
    func counting(_ balance: Balance) -> Kernel {
        var kernel = self
        kernel.accept = { [accept] listener, address, length in
            let result = accept(listener, address, length)
            if result >= 0 { balance.accepted.add(1, ordering: .relaxed) }
            return result
        }
        kernel.close = { [close] descriptor in
            balance.closed.add(1, ordering: .relaxed)
            return close(descriptor)
        }
        return kernel
    }

    /// The real kernel, handing out what arrives in pieces of the size `next` says.
    static func cutting(_ next: @escaping @Sendable () -> Int) -> Kernel {
        var kernel = Kernel.playing()
        kernel.receive = { descriptor, memory, room in
            defer { makeEdge(descriptor) }
            return Kernel.system.receive(descriptor, memory, min(room, next()))
        }
        return kernel
    }

    /// A read that leaves bytes behind is not reported again by an edge-triggered epoll; setting SO_RCVLOWAT makes the
    /// kernel look again (tcp_set_rcvlowat in net/ipv4/tcp.c).
    private static func makeEdge(_ descriptor: Int32) {
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_RCVLOWAT, &one, socklen_t(MemoryLayout<Int32>.size))
    }
}
